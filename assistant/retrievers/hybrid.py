"""Words and vectors together: BM25 and cosine, fused by reciprocal rank.

Words count twice: on news quizzes BM25 finds more than MiniLM (docs/evaluation.md); the vectors are for questions in other
words than the article's. While vectors are missing, the words answer alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from assistant.retrievers import Query, SearchContext
from assistant.retrievers.dense import Dense
from assistant.retrievers.lexical import Lexical
from assistant.types import Hit, ranked

DEPTH = 100  # hits that each voice brings to the fusion
RRF_K = 60
LEXICAL_WEIGHT, DENSE_WEIGHT = 2.0, 1.0


def make(context: SearchContext) -> Hybrid:
    return Hybrid(context)


class Hybrid:
    def __init__(self, context: SearchContext) -> None:
        self._lexical = Lexical(context)
        self._dense = Dense(context)

    def retrieve(self, query: Query, limit: int) -> list[Hit]:
        rankings = [self._lexical.retrieve(query, max(limit, DEPTH)), self._dense.retrieve(query, max(limit, DEPTH))]
        return fuse(rankings, (LEXICAL_WEIGHT, DENSE_WEIGHT))[:limit]


def fuse(rankings: Sequence[Sequence[Hit]], weights: Sequence[float], k: int = RRF_K) -> list[Hit]:
    """Merge rankings by weighted reciprocal rank, best first.

    score(p) = sum over rankings of weight / (k + rank), rank 1-based; ties keep the first ranking's order.
    Cormack, Clarke & Buettcher, SIGIR 2009. Order means something, size does not.
    """
    merged: dict[int, Hit] = {}
    for ranking, weight in zip(rankings, weights, strict=True):
        for hit in ranking:
            share = weight / (k + hit.rank)
            known = merged.get(hit.passage.id)
            merged[hit.passage.id] = (
                replace(known, score=known.score + share, parts={**known.parts, **hit.parts})
                if known
                else replace(hit, score=share)
            )
    return ranked(list(merged.values()))
