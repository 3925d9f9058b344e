"""Cosine between the question's and the passages' vectors: by Chroma, or exactly where Chroma can't serve.

Exact scoring takes over when another process holds the index, when nothing opened it (a one-shot command would spend
longer on importing Chroma than on scoring 100,000 passages: 27 ms), when it fails, or when filters leave too few of
Chroma's nearest.
"""

from __future__ import annotations

from collections.abc import Sequence, Set
from typing import TYPE_CHECKING

from assistant.errors import LibraryDamaged
from assistant.retrievers import Query, Scored, SearchContext, as_hits
from assistant.types import Hit

if TYPE_CHECKING:
    import numpy as np

OVERFETCH = 4


def make(context: SearchContext) -> Dense:
    return Dense(context)


class Dense:
    def __init__(self, context: SearchContext) -> None:
        self._library = context.library
        self._index = context.index
        self._embedder = context.embedder

    def retrieve(self, query: Query, limit: int) -> list[Hit]:
        vector = self.vector_of(query)
        best = [] if vector is None else self.nearest(vector, query, limit)
        return as_hits(self._library, best, {"dense": dict(best)})

    def vector_of(self, query: Query) -> np.ndarray | None:
        """(d,) float32 of length 1; None while nothing is embedded. Raises EmbedderMismatch."""
        if self._library.embedder() is None:
            return None
        self._library.require_embedder(self._embedder.fingerprint)
        vector = self._embedder.embed_question(query.question)
        self._library.require_dimensions(len(vector))
        return vector

    def nearest(self, vector: np.ndarray, query: Query, limit: int) -> Scored:
        """The passages with the highest cosine, as ids."""
        allowed = self._library.allowed_passages(query.filters)
        if self._index.is_ready:
            wanted = limit if allowed is None else OVERFETCH * limit
            try:
                found = self._index.search(vector, wanted)
            except LibraryDamaged:  # the library has every vector too
                return self._nearest_exactly(vector, limit, allowed)
            kept = [(key, score) for key, score in found if allowed is None or key in allowed][:limit]
            if len(kept) == limit or len(found) < wanted:
                return kept
        return self._nearest_exactly(vector, limit, allowed)

    def cosines(self, vector: np.ndarray, ids: Sequence[int]) -> dict[int, float]:
        """By passage; those without a vector are left out."""
        found, rows = self._library.vectors_of(ids)
        return dict(zip(found, (rows @ vector).tolist(), strict=True)) if found else {}

    def _nearest_exactly(self, vector: np.ndarray, limit: int, allowed: Set[int] | None) -> Scored:
        import numpy as np

        ids, rows = self._library.vectors()
        if not len(ids):
            return []
        scores = np.einsum("ij,j->i", rows, vector)  # one thread, where BLAS spins on all: an eighth of the CPU seconds
        if allowed is not None:
            scores[~np.isin(ids, np.fromiter(allowed, dtype=np.int64, count=len(allowed)))] = -2.0
        best = np.argsort(-scores, kind="stable")[:limit]
        return [(int(ids[i]), float(scores[i])) for i in best if scores[i] > -2.0]
