"""Scores to one figure with its uncertainty: the percentile bootstrap over cases.

B resamples of the n scores, drawn with replacement by a seeded generator; the interval runs from the 2.5th to the
97.5th percentile of the B figures (Efron & Tibshirani, An Introduction to the Bootstrap, 1993, chapter 13). When all
n scores are equal the interval has no width: with small n read "n of n", not certainty.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from assistant.metrics._tally import ratio

RESAMPLES = 2000
CONFIDENCE = 0.95
SEED = 20240229
_CELLS = 2_000_000  # numbers in memory at a time

Statistic = Callable[[Any, Any], Any]
"""(values (..., n), weights (..., n)) -> figures (...), numpy arrays; scores of d numbers come as (..., n, d).

A weight of 0 leaves its case out. A resample for which the figure is not defined (no case of a class) gives nan and is
left out of the interval."""


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
    return ratio((values * weights).sum(axis=-1), weights.sum(axis=-1))


def resamples(n: int, cells: int) -> Iterator[Any]:
    """RESAMPLES draws of n cases with replacement, as index arrays (block, n); `cells` numbers stand behind one draw."""
    import numpy as np

    generator, left = np.random.default_rng(SEED), RESAMPLES
    while left:
        block = min(left, max(1, _CELLS // cells))
        yield generator.integers(0, n, size=(block, n))
        left -= block


def interval(figures: Any) -> tuple[float, float] | tuple[None, None]:
    """The middle 95 % of the resamples' figures; (None, None) when not one is defined."""
    import numpy as np

    defined = figures[~np.isnan(figures)]
    if not len(defined):
        return None, None
    tail = 100 * (1 - CONFIDENCE) / 2
    low, high = np.percentile(defined, [tail, 100 - tail])
    return float(low), float(high)


def estimate(
    values: Sequence[float | tuple[float, ...]],
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
    figure = float(statistic(data, shares))
    if math.isnan(figure):
        return Estimate(None, None, None, 0, excluded + n, group)
    if n == 1:
        return Estimate(figure, None, None, n, excluded, group)
    low, high = interval(np.concatenate([statistic(data[rows], shares[rows]) for rows in resamples(n, data.size)]))
    return Estimate(figure, low, high, n, excluded, group)
