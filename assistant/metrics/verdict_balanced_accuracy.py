"""Verdict balanced accuracy: the share of claims labelled right, every gold label counting alike.

recall_l = |found l and gold l| / |gold l|; the figure is the mean over the labels that occur in gold. Always answering
one of L labels gives 1 / L. Brodersen et al., The Balanced Accuracy and Its Posterior Distribution, ICPR 2010.
Example: gold s, s, s, r, found s, s, r, r: (2/3 + 1) / 2 = 0.8333.
"""

from __future__ import annotations

from typing import Any

from assistant.metrics import Metric
from assistant.metrics._tally import mean_where, ratio
from assistant.metrics._verdicts import confusion, label_pair


def balanced_accuracy(values: Any, weights: Any) -> Any:
    """`values` are label pairs (..., n, 2)."""
    counts = confusion(values, weights)
    gold = counts.sum(axis=-1)
    return mean_where(ratio(counts.diagonal(axis1=-2, axis2=-1), gold), gold > 0)


def make() -> tuple[Metric, ...]:
    return (Metric("verdict_balanced_accuracy", "verdict", label_pair, statistic=balanced_accuracy),)
