"""Scores to one figure with its uncertainty: the percentile bootstrap over cases.

B resamples of the n scores, drawn with replacement by a seeded generator; the interval runs from the 2.5th to the
97.5th percentile of the B figures (Efron & Tibshirani, An Introduction to the Bootstrap, 1993, chapter 13). When all
n scores are equal the interval has no width: with small n read "n of n", not certainty.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

RESAMPLES = 2000
CONFIDENCE = 0.95
SEED = 20240229
_CELLS = 2_000_000  # numbers in memory at a time

Statistic = Callable[[Any, Any], Any]
"""(values (..., n), weights (..., n)) -> figures (...), numpy arrays."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure over the cases a metric applies to."""

    mean: float | None
    """None when it applies to no case."""
    low: float | None
    high: float | None
    """The bootstrap interval; None for fewer than two cases, which say nothing of their spread."""
    n: int
    excluded: int
    """Cases that it does not apply to, or that failed."""
    group: str = ""
    """The metric's group."""


def weighted_mean(values: Any, weights: Any) -> Any:
    """sum(weight * value) / sum(weight) along the last axis."""
    return (values * weights).sum(axis=-1) / weights.sum(axis=-1)


def estimate(
    values: Sequence[float],
    weights: Sequence[float] | None = None,
    *,
    statistic: Statistic = weighted_mean,
    excluded: int = 0,
    group: str = "",
) -> Estimate:
    """The figure and its interval; the same input gives the same interval in every run."""
    import numpy as np

    n = len(values)
    if n == 0:
        return Estimate(None, None, None, 0, excluded, group)
    data = np.asarray(values, dtype=float)
    shares = np.ones(n) if weights is None else np.asarray(weights, dtype=float)
    low, high = _interval(data, shares, statistic) if n > 1 else (None, None)
    return Estimate(float(statistic(data, shares)), low, high, n, excluded, group)


def _interval(data: Any, weights: Any, statistic: Statistic) -> tuple[float, float]:
    import numpy as np

    generator = np.random.default_rng(SEED)
    n, figures, left = len(data), [], RESAMPLES
    while left:
        block = min(left, max(1, _CELLS // n))
        drawn = generator.integers(0, n, size=(block, n))
        figures.append(statistic(data[drawn], weights[drawn]))
        left -= block
    tail = 100 * (1 - CONFIDENCE) / 2
    low, high = np.percentile(np.concatenate(figures), [tail, 100 - tail])
    return float(low), float(high)
