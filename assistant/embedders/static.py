"""One vector a word piece, looked up and added: 256 dimensions, thousands of passages a second, no model to run.

text = sum over its word pieces of sqrt(count) * weight * vector. The vectors are distilled from all-MiniLM-L6-v2
(sentence-transformers, Apache-2.0) by benchmarks/distil_static.py; the weight is the logarithm of the piece's rank in
BERT's vocabulary, which is about sorted by frequency. Method after model2vec (Tulkens & van Dongen, 2024).
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

from langchain_core.embeddings import Embeddings

from assistant.embedders.minilm import VOCABULARY, VOCABULARY_SHA256, check_file, load_tokenizer
from assistant.settings import Settings

if TYPE_CHECKING:
    import numpy as np

TABLE = Path(__file__).with_name("static-pieces.npy")
"""(30522, 256) int8: the vector of each word piece in BERT's order, each of any length."""
TABLE_SHA256 = "98bd0dbe9b921aca3fedfa8c02ff3f4f018320b8ef71ce7f5882d20afdf9ef62"
FINGERPRINT = f"static-{TABLE_SHA256[:8]}"

UNKNOWN = 100  # [UNK], which stands in for a text without word pieces
FIRST_WORD = 1996  # "the"; the ids before it are the model's marks and single characters
MAX_KEPT = 200_000  # stretches between blanks whose word pieces are remembered: about 40 MB


def make(settings: Settings) -> Static:
    return Static()


def check_files() -> None:
    """Raises ModelFilesMissing unless the files are here and unaltered."""
    check_file(VOCABULARY, VOCABULARY_SHA256)
    check_file(TABLE, TABLE_SHA256)


class Static(Embeddings):
    """LangChain `Embeddings` over a table. Thread-safe; files are checked and read at the first text."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._tokenizer: Any = None
        self._table: Any = None
        self._factors: Any = None
        self._kept: dict[str, list[int]] = {}

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return self.encode(texts).tolist()  # type: ignore[no-any-return]

    def embed_query(self, text: str) -> list[float]:
        return self.encode([text])[0].tolist()  # type: ignore[no-any-return]

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """(len(texts), 256) float32, rows of length 1, in the order of `texts`."""
        import numpy as np

        found = self.pieces(texts)
        vectors = np.zeros((len(texts), self._table.shape[1]), dtype=np.float32)
        for row, pieces in enumerate(found):
            ids, counts = np.unique(np.array(pieces or [UNKNOWN]), return_counts=True)
            vectors[row] = np.einsum(
                "i,ij->j", np.sqrt(counts) * self._factors[ids], self._table[ids].astype(np.float32)
            )
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)  # type: ignore[no-any-return]

    def pieces(self, texts: Sequence[str]) -> list[list[int]]:
        """Ids of each text's word pieces. No piece spans a blank, so each stretch between blanks is cut up only once."""
        self._load()
        stretches = [text.split() for text in texts]
        if len(self._kept) > MAX_KEPT:
            self._kept = {}
        kept = self._kept  # its own even if another thread starts afresh meanwhile
        unseen = list({stretch for found in stretches for stretch in found} - kept.keys())
        encodings = self._tokenizer.encode_batch(unseen, add_special_tokens=False)
        kept.update((stretch, encoding.ids) for stretch, encoding in zip(unseen, encodings, strict=True))
        return [[piece for stretch in found for piece in kept[stretch]] for found in stretches]

    def _load(self) -> None:
        import numpy as np

        with self._lock:
            if self._table is None:
                check_file(TABLE, TABLE_SHA256)
                self._tokenizer = load_tokenizer()
                table = np.load(TABLE)
                rank = np.maximum(np.arange(len(table)) - FIRST_WORD, 0) + 1
                length = np.sqrt(np.einsum("ij,ij->i", table, table, dtype=np.float32))
                self._factors = (np.log1p(rank) / np.maximum(length, 1)).astype(np.float32)
                self._table = table
