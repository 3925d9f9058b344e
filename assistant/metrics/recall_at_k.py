"""Recall at k: the share of the gold articles that the first k passages come from.

recall@k = |gold ∩ articles of hits 1..k| / |gold|. Manning, Raghavan & Schütze, Introduction to Information
Retrieval, 2008, chapter 8. Example: gold {a, b}; the first five passages come from b, c, b, d, d: recall@5 = 1/2.
Where gold articles are alternatives (a news question that twelve pages answer) it can't reach 1: read hit@k there.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import partial

from assistant.metrics import Metric, Outcome

CUTS = (5, 10)


def recall_at_k(ranked: Sequence[str], gold: Collection[str], k: int) -> float | None:
    """`ranked` holds one article id a hit, best first, repeats allowed; None without gold."""
    return len(set(ranked[:k]) & set(gold)) / len(set(gold)) if gold else None


def _score(outcome: Outcome, k: int) -> float | None:
    if not outcome.answerable or outcome.hits is None:
        return None
    return recall_at_k([hit.passage.span.article_id for hit in outcome.hits], outcome.gold_articles, k)


def make() -> tuple[Metric, ...]:
    return tuple(Metric(f"recall@{k}", "retrieval", partial(_score, k=k), depth=k) for k in CUTS)
