"""Two runs over the same cases to the difference of a figure, with its interval and how likely chance makes as much.

Scores of 0 and 1 whose figure is their mean are compared by McNemar's exact test (McNemar, 1947): of the cases where
the runs differ, each is as likely to favour either. Everything else is compared by the paired bootstrap (Efron &
Tibshirani, An Introduction to the Bootstrap, 1993, chapter 15; Koehn, Statistical Significance Tests for Machine
Translation Evaluation, EMNLP 2004): both runs on the same resamples.
Example: 10 cases better, 2 worse: p = 2 * (1 + 12 + 66) / 2^12 = 0.0386.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from assistant.errors import WrongUse
from assistant.metrics._estimate import RESAMPLES, Statistic, interval, resamples, weighted_mean

Scores = Sequence[float | tuple[float, ...] | None]
"""One a case, in the same order for both runs; None where the metric does not apply to what the run did."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """What changes from `one` to `other`."""

    n: int
    """Cases with a score in either run."""
    difference: float | None
    """The figure of `other` minus that of `one`; None when one of them is not defined."""
    low: float | None
    high: float | None
    """95 % paired bootstrap interval of the difference; None for fewer than two cases."""
    p: float | None
    """Two-sided; never below 1 / (RESAMPLES + 1) by the bootstrap."""
    test: Literal["mcnemar", "bootstrap"]
    better: int | None
    worse: int | None
    """Cases that `other` scores better or worse; None for scores of several numbers, which have no order."""


@dataclass(frozen=True, slots=True)
class _Side:
    data: Any
    """(n,) or (n, d); 0 where there is no score."""
    weights: Any
    """0 where there is no score."""


def compare(
    one: Scores,
    other: Scores,
    weights: Sequence[float] | None = None,
    other_weights: Sequence[float] | None = None,
    *,
    statistic: Statistic = weighted_mean,
    higher_is_better: bool | None = True,
) -> Comparison:
    """`weights` are those of `one`, and of `other` too unless it has its own. Raises WrongUse when the cases don't pair."""
    if len(one) != len(other):
        raise WrongUse(f"{len(one)} and {len(other)} cases do not pair.", "Compare runs over the same question set.")
    kept = [i for i, pair in enumerate(zip(one, other, strict=True)) if pair != (None, None)]
    pairs = [(one[i], other[i]) for i in kept]
    sides = _side(pairs, 0, _at(weights, kept)), _side(pairs, 1, _at(other_weights or weights, kept))
    better, worse = _changes(pairs, higher_is_better is not False)
    exact = _plain_shares(sides, statistic)
    difference = _difference(sides, statistic) if pairs else None
    low = high = p = None
    if difference is not None and len(pairs) > 1:
        drawn = _resampled_differences(sides, statistic)
        (low, high), p = interval(drawn), bootstrap_p(drawn)
    if difference is not None and exact and better is not None and worse is not None:
        p = mcnemar(better, worse)
    return Comparison(len(pairs), difference, low, high, p, "mcnemar" if exact else "bootstrap", better, worse)


def mcnemar(better: int, worse: int) -> float:
    """Two-sided exact binomial p of a split at least as uneven, each side having probability 1/2."""
    n, term, tail = better + worse, 1, 0
    for i in range(min(better, worse) + 1):
        tail += term
        term = term * (n - i) // (i + 1)
    return min(1.0, 2 * tail / (1 << n))


def bootstrap_p(differences: Any) -> float | None:
    """Twice the share of resamples on the rarer side of 0, those at 0 being on both; None when no resample is defined."""
    import numpy as np

    # Rounded: sums in another order leave 1e-17 where there is no difference.
    defined = differences[~np.isnan(differences)].round(12)
    if not len(defined):
        return None
    rarer = min((defined <= 0).mean(), (defined >= 0).mean())
    return float(min(1.0, max(2 * rarer, 1 / (RESAMPLES + 1))))


def _at(weights: Sequence[float] | None, kept: Sequence[int]) -> list[float]:
    return [1.0 if weights is None else weights[i] for i in kept]


def _side(pairs: Sequence[tuple[Any, Any]], which: int, weights: Sequence[float]) -> _Side:
    import numpy as np

    known = [score for pair in pairs for score in pair if score is not None]
    blank: Any = [0.0] * len(known[0]) if known and isinstance(known[0], Sequence) else 0.0
    scores = [pair[which] for pair in pairs]
    data = [blank if score is None else score for score in scores]
    shares = [0.0 if score is None else weight for score, weight in zip(scores, weights, strict=True)]
    return _Side(np.asarray(data, dtype=float), np.asarray(shares, dtype=float))


def _changes(pairs: Sequence[tuple[Any, Any]], higher: bool) -> tuple[int, int] | tuple[None, None]:
    both = [pair for pair in pairs if None not in pair]
    if any(isinstance(score, Sequence) for pair in both for score in pair):
        return None, None
    up, down = sum(b > a for a, b in both), sum(b < a for a, b in both)
    return (up, down) if higher else (down, up)


def _plain_shares(sides: tuple[_Side, _Side], statistic: Statistic) -> bool:
    """Whether the figures are shares of the very same cases."""
    import numpy as np

    if statistic is not weighted_mean or any(side.data.ndim > 1 for side in sides):
        return False
    return all(bool(np.isin(side.data, (0, 1)).all() and (side.weights == 1).all()) for side in sides)


def _difference(sides: tuple[_Side, _Side], statistic: Statistic) -> float | None:
    one, other = (float(statistic(side.data, side.weights)) for side in sides)
    return None if math.isnan(other - one) else other - one


def _resampled_differences(sides: tuple[_Side, _Side], statistic: Statistic) -> Any:
    import numpy as np

    one, other = sides
    return np.concatenate(
        [
            statistic(other.data[rows], other.weights[rows]) - statistic(one.data[rows], one.weights[rows])
            for rows in resamples(len(one.data), one.data.size)
        ]
    )
