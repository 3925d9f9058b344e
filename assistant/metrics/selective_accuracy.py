"""Selective accuracy: how often the surest four fifths of the judgements are right.

1 - risk(i) at i = ceil(0.8 n), the coverage at which at most a fifth is left unsaid; ties and abstentions as in
_risk.py, so that who abstains on more than a fifth answers for it. Geifman & El-Yaniv, Selective Classification for
Deep Neural Networks, NeurIPS 2017.
Example: of five cases the four surest are right, right, wrong, right: 3/4.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from assistant.metrics import Metric
from assistant.metrics._confidence import KINDS
from assistant.metrics._risk import ordered_score, risks

PERCENT = 80


def accuracy_at(values: Any, weights: Any, *, percent: int = PERCENT) -> Any:
    """`values` (..., n, 3): confidence, right, answered; nan where all abstain."""
    import numpy as np

    counted = (weights > 0).sum(axis=-1, keepdims=True)
    answers = ((weights > 0) * values[..., 2]).sum(axis=-1)
    covered = -(-counted * percent // 100)  # whole numbers: 0.8 * 15 is 12, and in floating point a little more
    risk = np.take_along_axis(risks(values, weights), np.maximum(covered - 1, 0), axis=-1)[..., 0]
    return np.where(answers > 0, 1 - risk, np.nan)


def make() -> tuple[Metric, ...]:
    return tuple(
        Metric(
            f"selective_accuracy_{kind}@0.8", "calibration", partial(ordered_score, kind=kind), statistic=accuracy_at
        )
        for kind in KINDS
    )
