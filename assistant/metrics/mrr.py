"""Mean reciprocal rank: how early the first strict hit comes.

RR@k = 1 / rank of the first strict hit (see hit_at_k), 0 when it is not among the first k.
Voorhees, The TREC-8 Question Answering Track Report, 1999.
Example: first strict hits at ranks 1, 4 and none of 10: MRR@10 = (1 + 1/4 + 0) / 3 = 0.4167.
"""

from __future__ import annotations

from assistant.metrics import Metric, Outcome
from assistant.metrics.hit_at_k import first_hit, has_gold

CUT = 10


def reciprocal_rank(rank: int | None, k: int) -> float:
    """`rank` is the first hit's, 1-based, None for none."""
    return 1 / rank if rank is not None and rank <= k else 0.0


def _score(outcome: Outcome) -> float | None:
    return reciprocal_rank(first_hit(outcome), CUT) if has_gold(outcome) else None


def make() -> tuple[Metric, ...]:
    return (Metric(f"mrr@{CUT}", "retrieval", _score, depth=CUT, unit="score"),)
