"""What the verdict metrics share: a claim's gold and predicted label as numbers, and their confusion matrix."""

from __future__ import annotations

from typing import Any

from assistant.metrics import Outcome
from assistant.metrics._tally import tally
from assistant.types import Label

LABELS = tuple(Label)


def label_pair(outcome: Outcome) -> tuple[float, float] | None:
    """(gold, predicted) as places in LABELS; None without a gold label or a judgement."""
    if outcome.gold_label is None or outcome.support is None:
        return None
    return float(LABELS.index(outcome.gold_label)), float(LABELS.index(outcome.support.label))


def confusion(values: Any, weights: Any) -> Any:
    """Label pairs (..., n, 2) to counts (..., gold, predicted)."""
    codes = (len(LABELS) * values[..., 0] + values[..., 1]).astype(int)
    counts = tally(codes, weights, len(LABELS) ** 2)
    return counts.reshape(*counts.shape[:-1], len(LABELS), len(LABELS))
