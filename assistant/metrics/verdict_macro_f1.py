"""Verdict macro F1: how well each label is told, every label counting alike.

F1_l = 2 tp / (2 tp + fp + fn) for each label l that occurs in gold; the figure is their plain mean ("averaged F1" of
Opitz & Burst, Macro F1 and Macro F1, 2019). A label that only the verifier gives counts as the other labels' misses,
without an F1 of its own. The chart is the confusion matrix, rows gold, columns found.
Example: gold s, s, r, found s, r, r: F1_s = 2/3, F1_r = 2/3: 0.6667.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from assistant.metrics import Chart, Metric
from assistant.metrics._tally import mean_where, ratio
from assistant.metrics._verdicts import LABELS, confusion, label_pair


def macro_f1(values: Any, weights: Any) -> Any:
    """`values` are label pairs (..., n, 2)."""
    counts = confusion(values, weights)
    right = counts.diagonal(axis1=-2, axis2=-1)
    gold, found = counts.sum(axis=-1), counts.sum(axis=-2)
    return mean_where(ratio(2 * right, gold + found), gold > 0)


def confusion_chart(values: Sequence[Any]) -> Chart | None:
    """Counts by gold and found label, of the labels that occur; None without a case."""
    import numpy as np

    if not values:
        return None
    counts = confusion(np.asarray(values, dtype=float), np.ones(len(values)))
    seen = np.flatnonzero(counts.sum(axis=0) + counts.sum(axis=1))
    return Chart(
        "confusion",
        "Verdicts by gold label",
        "matrix",
        "found",
        "gold",
        tuple(tuple(float(n) for n in row) for row in counts[np.ix_(seen, seen)]),
        tuple(LABELS[i].value for i in seen),
    )


def make() -> tuple[Metric, ...]:
    return (Metric("verdict_macro_f1", "verdict", label_pair, statistic=macro_f1, chart=confusion_chart),)
