"""Mean average precision: how clean the ranking is down to each relevant article.

AP@k = (1 / R) * sum over the relevant articles at ranks i <= k of (relevant articles at ranks 1..i) / i, R all that are
relevant; MAP is its mean over cases. Manning, Raghavan & Schütze, Introduction to Information Retrieval, 2008, chapter
8.4; cut at k as trec_eval's map_cut does. Relevant is a grade above 0, or gold without a grade. Ranks are those of
articles, as in ndcg.py: each counts once, at its best passage.
Example: gold {a, b, c}, articles in order a, x, b: AP@10 = (1/1 + 2/3) / 3 = 0.5556.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from assistant.metrics import Metric, Outcome
from assistant.metrics._articles import ranked_articles, relevant_articles

CUT = 10


def average_precision(ranked: Sequence[str], relevant: Collection[str], k: int) -> float | None:
    """`ranked` holds each article once, best first; None when nothing is relevant."""
    if not relevant:
        return None
    ranks = [rank for rank, article_id in enumerate(ranked[:k], 1) if article_id in relevant]
    return sum(found / rank for found, rank in enumerate(ranks, 1)) / len(relevant)


def _score(outcome: Outcome) -> float | None:
    if not outcome.answerable or outcome.hits is None:
        return None
    return average_precision(ranked_articles(outcome.hits), relevant_articles(outcome), CUT)


def make() -> tuple[Metric, ...]:
    return (Metric(f"map@{CUT}", "retrieval", _score, depth=CUT, unit="score"),)
