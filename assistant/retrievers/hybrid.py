"""Words and vectors together: BM25 and cosine, fused by reciprocal rank, with a soft preference for recent articles.

Words count twice: on news questions BM25 finds more than MiniLM, and the two together more than either (see
docs/evaluation.md). While vectors are missing, the words answer alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from assistant.retrievers import Query, SearchContext
from assistant.retrievers.dense import Dense
from assistant.retrievers.lexical import Lexical
from assistant.types import ArticleFacts, Hit, ranked

DEPTH = 100  # hits that each voice brings to the fusion
RRF_K = 60
LEXICAL_WEIGHT, DENSE_WEIGHT = 2.0, 1.0
RECENT_DAYS = 14
RECENT_FACTOR = 1.3  # soft and always on: filtering to recent articles lost one right passage in six


def make(context: SearchContext) -> Hybrid:
    return Hybrid(context)


class Hybrid:
    def __init__(self, context: SearchContext) -> None:
        self._library = context.library
        self._lexical = Lexical(context)
        self._dense = Dense(context)

    def retrieve(self, query: Query, limit: int) -> list[Hit]:
        rankings = [self._lexical.retrieve(query, max(limit, DEPTH)), self._dense.retrieve(query, max(limit, DEPTH))]
        fused = fuse(rankings, (LEXICAL_WEIGHT, DENSE_WEIGHT))
        facts = self._library.facts({hit.passage.span.article_id for hit in fused})
        return prefer_recent(fused, facts, query.filters.as_of or date.today())[:limit]


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


def prefer_recent(hits: Sequence[Hit], facts: dict[str, ArticleFacts], as_of: date) -> list[Hit]:
    """Raise the score of hits whose article is at most RECENT_DAYS older than `as_of`."""

    def factor(hit: Hit) -> float:
        article = facts.get(hit.passage.span.article_id)
        published = article and article.published
        return RECENT_FACTOR if published and (as_of - published).days <= RECENT_DAYS else 1.0

    return ranked(
        [replace(hit, score=hit.score * factor(hit), parts={**hit.parts, "recency": factor(hit)}) for hit in hits]
    )
