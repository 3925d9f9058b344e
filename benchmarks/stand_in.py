"""Seeded random unit rows in the place of embeddings, where a measurement is about what is done with vectors."""

from __future__ import annotations

from typing import TYPE_CHECKING

from langchain_core.embeddings import Embeddings

from assistant.embedders import Embedder
from assistant.library import Library

if TYPE_CHECKING:
    import numpy as np

DIMENSIONS = 384
_BATCH = 2000


class RandomFirst(Embeddings):
    """Random rows for the first `n_random` texts, the real embeddings for those after them and for questions."""

    def __init__(self, real: Embeddings, n_random: int, seed: int = 1) -> None:
        self._real = real
        self._left = n_random
        self._seed = seed

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        n_random = min(self._left, len(texts))
        self._left -= n_random
        self._seed += 1
        rows: list[list[float]] = random_rows(n_random, self._seed).tolist() if n_random else []
        return rows + (self._real.embed_documents(texts[n_random:]) if n_random < len(texts) else [])

    def embed_query(self, text: str) -> list[float]:
        return self._real.embed_query(text)


def random_rows(n: int, seed: int) -> np.ndarray:
    """(n, 384) float32, rows of length 1."""
    import numpy as np

    rows = np.random.default_rng(seed).standard_normal((n, DIMENSIONS), dtype=np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    return rows


def fill_with_random_vectors(library: Library, embedder: Embedder) -> None:
    """Give every passage that has no vector a random one, under the embedder's name."""
    seed = 0
    while passages := library.unembedded(_BATCH):
        seed += 1
        ids = [passage.id for passage in passages]
        library.add_vectors(embedder.fingerprint, ids, random_rows(len(ids), seed))
