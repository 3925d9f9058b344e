"""Citation F1: citation recall and citation precision in one number.

F1 = 2PR / (P + R) of the set's citation precision P and citation recall R, each the mean over the answers it applies
to; 0 if both are 0, not defined when no answer cites. Zhang et al., LongCite, 2024, over the recall and precision of
Gao et al., ALCE, EMNLP 2023.
Example: recalls 1 and 0.5, precision 0.6 for the first and none for the second, which cites nothing: R = 0.75, P = 0.6,
F1 = 0.6667.
"""

from __future__ import annotations

from typing import Any

from assistant.metrics import Metric, Outcome
from assistant.metrics._tally import ratio
from assistant.metrics.citation_precision import citation_precision
from assistant.metrics.citation_recall import citation_recall, judged_statements


def f1(values: Any, weights: Any) -> Any:
    """`values` (..., n, 3): recall, precision (0 for an answer that cites nothing), and 1 for one that cites."""
    import numpy as np

    recall, precision, cites = values[..., 0], values[..., 1], values[..., 2]
    r = ratio((recall * weights).sum(axis=-1), weights.sum(axis=-1))
    p = ratio((precision * weights).sum(axis=-1), (cites * weights).sum(axis=-1))
    return np.where(r + p == 0, 0.0, ratio(2 * r * p, r + p))


def _score(outcome: Outcome) -> tuple[float, float, float] | None:
    statements = judged_statements(outcome)
    recall, precision = citation_recall(statements), citation_precision(statements)
    return None if recall is None else (recall, precision or 0.0, float(precision is not None))


def make() -> tuple[Metric, ...]:
    return (Metric("citation_f1", "citation", _score, statistic=f1),)
