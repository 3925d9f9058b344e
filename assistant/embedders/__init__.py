"""The embedders' shelf: texts to vectors, behind LangChain's `Embeddings`. One file, one model that runs here.

An embedder module has `def make(settings: Settings) -> Embeddings` and `FINGERPRINT: str`, which names the model's
files: vectors of two fingerprints are never compared. One with files of its own has `def check_files() -> None`, which raises
ModelFilesMissing unless they are the ones it was measured with. A name with a colon is no file of the shelf but LangChain's:
`openai:text-embedding-3-small` goes to `langchain.embeddings.init_embeddings`, its limits and faults are in `_served`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING

from assistant.registry import find
from assistant.settings import Settings

if TYPE_CHECKING:
    import numpy as np
    from langchain_core.embeddings import Embeddings


@dataclass(frozen=True)
class Embedder:
    """An `Embeddings` with the fingerprint that its vectors are kept under."""

    embeddings: Embeddings
    fingerprint: str

    def embed_passages(self, texts: Sequence[str]) -> np.ndarray:
        """(n, d) float32, rows of length 1."""
        return _unit_rows(self.embeddings.embed_documents(list(texts)))

    def embed_question(self, question: str) -> np.ndarray:
        """(d,) float32 of length 1."""
        return _unit_rows([self.embeddings.embed_query(question)])[0]  # type: ignore[no-any-return]


def load_embedder(settings: Settings) -> Embedder:
    """The embedder that the settings name. Model files are read, servers called at the first text, not here."""
    name = settings.embedder
    if ":" not in name:
        return Embedder(find("embedders", name)(settings), fingerprint(name))
    from assistant.embedders._served import Served

    return Embedder(Served(settings), fingerprint(name))


def fingerprint(name: str) -> str:
    """What the vectors of this embedder are kept under."""
    return name if ":" in name else str(import_module(find("embedders", name).__module__).FINGERPRINT)


def check_files(name: str) -> None:
    """Raises ModelFilesMissing when a file of this embedder is missing or altered, UnknownName."""
    module = import_module(find("embedders", name).__module__)
    getattr(module, "check_files", lambda: None)()


def _unit_rows(vectors: Sequence[Sequence[float]]) -> np.ndarray:
    import numpy as np

    rows = np.asarray(vectors, dtype=np.float32)
    return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-12)  # type: ignore[no-any-return]
