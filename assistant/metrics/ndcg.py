"""Normalised discounted cumulative gain: how good the first articles are, the more so the earlier they come.

DCG@k = sum over ranks i = 1..k of g_i / log2(i + 1), g_i the grade of the article at rank i (gold without a grade: 1,
others: 0); nDCG@k = DCG@k / DCG@k of the best order there is. Järvelin & Kekäläinen, Cumulated Gain-based Evaluation of
IR Techniques, ACM TOIS 2002, with trec_eval's discount, which starts at rank 2, and its gain, which is the grade
itself. Ranks are those of articles: further passages of an article seen before are passed over, and all retrieved hits
are looked at until ten articles are full. Ten hits from six articles are a list of six: retrieve deeper to compare with
published figures.
Example: gold {a: 2, b: 1}, articles in order x, a, b: DCG = 2/log2(3) + 1/log2(4) = 1.7619, best 2 + 1/log2(3) =
2.6309: nDCG@10 = 0.6697.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import log2

from assistant.metrics import Metric, Outcome
from assistant.metrics._articles import ranked_articles, relevant_articles

CUT = 10


def ndcg_at_k(ranked: Sequence[str], grades: Mapping[str, int], k: int) -> float | None:
    """`ranked` holds each article once; `grades` are above 0, articles not named have 0. None without grades."""
    if not grades:
        return None
    best = _dcg(sorted(grades.values(), reverse=True)[:k])
    return _dcg([grades.get(article_id, 0) for article_id in ranked[:k]]) / best


def _dcg(gains: Sequence[int]) -> float:
    return sum(gain / log2(rank + 1) for rank, gain in enumerate(gains, 1))


def _score(outcome: Outcome) -> float | None:
    if not outcome.answerable or outcome.hits is None:
        return None
    return ndcg_at_k(ranked_articles(outcome.hits), relevant_articles(outcome), CUT)


def make() -> tuple[Metric, ...]:
    return (Metric(f"ndcg@{CUT}", "retrieval", _score, depth=CUT, unit="score"),)
