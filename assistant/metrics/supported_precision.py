"""Supported precision: the share of claims found supported that are.

|found and gold supported| / |found supported|, over all claims; as "macro" the mean over the data sets that have supported
claims and at least 5 found; as "balanced" r / (r + f), r the mean over the sets of the share of supported claims that are
found supported, f that of the other claims: the precision where half of the claims are supported and every set counts alike.
Kamoi et al., WiCE, EMNLP 2023, judge claims by precision and recall of "supported"; for prevalence see Saito & Rehmsmeier,
The Precision-Recall Plot, PLoS ONE 2015. The chart: the precision of all claims that are at least that likely supported, as
the lower end of its 95 % interval (Wilson, Probable Inference, JASA 1927), which small numbers do not flatter.
Example: set A, 4 of 5 supported found and 1 of 5 others; set B, 1 of 2 and 0 of 2: 5/6, macro 4/5, balanced .65 / .75 = .867.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from assistant.metrics import Chart, Metric
from assistant.metrics._sets import SUPPORTED, claim_numbers, confusions_by_set
from assistant.metrics._tally import mean_where, ratio

FEWEST = 5  # claims that a set must have been found supported in, to have a precision of its own
THRESHOLDS = 50
_Z = 1.96


def precision(values: Any, weights: Any) -> Any:
    found = confusions_by_set(values, weights).sum(axis=-3)[..., SUPPORTED]
    return ratio(found[..., SUPPORTED], found.sum(axis=-1))


def macro_precision(values: Any, weights: Any) -> Any:
    counts = confusions_by_set(values, weights)
    found = counts[..., SUPPORTED]
    n, has_any = found.sum(axis=-1), counts[..., SUPPORTED, :].sum(axis=-1) > 0
    return mean_where(ratio(found[..., SUPPORTED], n), (n >= FEWEST) & has_any)


def balanced_precision(values: Any, weights: Any) -> Any:
    import numpy as np

    counts = confusions_by_set(values, weights)
    gold, found = counts.sum(axis=-1), counts[..., SUPPORTED]
    supported, others = gold[..., SUPPORTED], gold.sum(axis=-1) - gold[..., SUPPORTED]
    right = mean_where(ratio(found[..., SUPPORTED], supported), supported > 0)
    wrong = mean_where(ratio(found.sum(axis=-1) - found[..., SUPPORTED], others), others > 0)
    return ratio(right, right + np.nan_to_num(wrong))


def lower_bound(right: float, n: float) -> float:
    """The lower end of Wilson's 95 % interval for `right` of `n`, 0 for none."""
    if not n:
        return 0.0
    share, slack = right / n, _Z * _Z / n
    spread = _Z * math.sqrt(share * (1 - share) / n + slack / (4 * n))
    return max(0.0, (share + slack / 2 - spread) / (1 + slack))


def precision_chart(values: Sequence[Any]) -> Chart | None:
    """(likelihood, lower bound of the precision from there on, claims); None without a claim that is likely supported."""
    judged = [(score, gold == SUPPORTED) for _, gold, _, score in values]
    points = []
    for threshold in (step / THRESHOLDS for step in range(THRESHOLDS // 2, THRESHOLDS)):
        above = [right for score, right in judged if score >= threshold]
        if above:
            points.append((threshold, lower_bound(sum(above), len(above)), float(len(above))))
    if not points:
        return None
    title = "Precision of supported, at least"
    return Chart(
        "supported_precision", title, "curve", "likelihood of support from", "precision, lower bound", tuple(points)
    )


def make() -> tuple[Metric, ...]:
    return (
        Metric("supported_precision", "verdict", claim_numbers, statistic=precision, chart=precision_chart),
        Metric("supported_precision_macro", "verdict", claim_numbers, statistic=macro_precision),
        Metric("supported_precision_balanced", "verdict", claim_numbers, statistic=balanced_precision),
    )
