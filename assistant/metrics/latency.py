"""Latency: the seconds that half (p50) and all but a twentieth (p95) of the cases take at most.

Percentiles with linear interpolation (Hyndman & Fan, Sample Quantiles, 1996, definition 7). Wall clock; the first
case also pays for loading models, failed cases are excluded. Example: 0.1, 0.2, 0.3, 0.4 s: p50 = 0.25, p95 = 0.385.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from assistant.metrics import Metric, Outcome

CUTS = (50, 95)


def percentile(values: Any, weights: Any, *, q: int) -> Any:
    """Along the last axis; of a weight only counts whether it is 0."""
    import numpy as np

    if (weights > 0).all():
        return np.percentile(values, q, axis=-1)
    # Cases that don't count go last, where a quantile of the others does not reach.
    ordered = np.nan_to_num(np.sort(np.where(weights > 0, values, np.inf), axis=-1), posinf=0)
    place = q / 100 * ((weights > 0).sum(axis=-1, keepdims=True) - 1)
    below, above = np.floor(place).astype(int), np.ceil(place).astype(int)
    low, high = (np.take_along_axis(ordered, np.maximum(at, 0), axis=-1) for at in (below, above))
    between = low + (place - below) * (high - low)
    return np.where(place < 0, np.nan, between)[..., 0]


def _ask(outcome: Outcome) -> float | None:
    return outcome.ask_s


def _retrieve(outcome: Outcome) -> float | None:
    return outcome.retrieve_s


def make() -> tuple[Metric, ...]:
    return tuple(
        Metric(
            f"{name}_p{q}_s",
            "latency",
            seconds,
            statistic=partial(percentile, q=q),
            higher_is_better=False,
            unit="seconds",
        )
        for name, seconds in (("ask", _ask), ("retrieve", _retrieve))
        for q in CUTS
    )
