"""Supported-or-not balanced accuracy: whether supported claims are told from all others.

(share of supported claims found supported + share of other claims not found supported) / 2. Refuted, conflicting and
not enough evidence are one side: the convention of LLM-AggreFact, Tang, Laban & Durrett, MiniCheck, EMNLP 2024. 0.5 is
chance; not defined where gold has only one side.
Example: 3 of 4 supported claims found supported, 5 of 10 others not: (0.75 + 0.5) / 2 = 0.625.
"""

from __future__ import annotations

from typing import Any

from assistant.metrics import Metric
from assistant.metrics._tally import ratio
from assistant.metrics._verdicts import LABELS, confusion, label_pair
from assistant.types import Label

_SUPPORTED = LABELS.index(Label.SUPPORTED)


def supported_balanced_accuracy(values: Any, weights: Any) -> Any:
    """`values` are label pairs (..., n, 2)."""
    counts = confusion(values, weights)
    gold = counts.sum(axis=-1)
    called = counts[..., _SUPPORTED]  # found supported, by gold label
    supported = ratio(called[..., _SUPPORTED], gold[..., _SUPPORTED])
    others = gold.sum(axis=-1) - gold[..., _SUPPORTED]
    passed = called.sum(axis=-1) - called[..., _SUPPORTED]
    return (supported + ratio(others - passed, others)) / 2


def make() -> tuple[Metric, ...]:
    return (Metric("supported_balanced_accuracy", "verdict", label_pair, statistic=supported_balanced_accuracy),)
