"""Words and vectors together: BM25 and cosine, fused by reciprocal rank.

Words count twice: on news quizzes BM25 finds more than MiniLM (docs/evaluation.md); the vectors are for questions in other
words than the article's. Every hit that has a vector carries its cosine, also one that only its words brought. While vectors
are missing, the words answer alone.
"""

from __future__ import annotations

from collections.abc import Sequence

from assistant.retrievers import Query, Scored, SearchContext, as_hits
from assistant.retrievers.dense import Dense
from assistant.retrievers.lexical import Lexical
from assistant.types import Hit

DEPTH = 100  # hits that each voice brings to the fusion
RRF_K = 60
LEXICAL_WEIGHT, DENSE_WEIGHT = 2.0, 1.0


def make(context: SearchContext) -> Hybrid:
    return Hybrid(context)


class Hybrid:
    """At most 2 * DEPTH hits: what the two voices bring."""

    def __init__(self, context: SearchContext) -> None:
        self._library = context.library
        self._lexical = Lexical(context)
        self._dense = Dense(context)

    def retrieve(self, query: Query, limit: int) -> list[Hit]:
        by_words = self._lexical.best(query, DEPTH)
        vector = self._dense.vector_of(query)
        nearest = [] if vector is None else self._dense.nearest(vector, query, DEPTH)
        fused = fuse([by_words, nearest], (LEXICAL_WEIGHT, DENSE_WEIGHT))[:limit]
        cosines = dict(nearest)
        if vector is not None:
            cosines |= self._dense.cosines(vector, [key for key, _ in fused if key not in cosines])
        return as_hits(self._library, fused, {"lexical": dict(by_words), "dense": cosines})


def fuse(rankings: Sequence[Scored], weights: Sequence[float], k: int = RRF_K) -> Scored:
    """Merge rankings by weighted reciprocal rank, best first.

    score(p) = sum over rankings of weight / (k + rank), rank 1-based; ties keep the first ranking's order.
    Cormack, Clarke & Buettcher, SIGIR 2009. Order means something, size does not.
    """
    merged: dict[int, float] = {}
    for ranking, weight in zip(rankings, weights, strict=True):
        for rank, (key, _) in enumerate(ranking, start=1):
            merged[key] = merged.get(key, 0.0) + weight / (k + rank)
    return sorted(merged.items(), key=lambda pair: -pair[1])
