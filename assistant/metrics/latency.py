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
    """Along the last axis; `weights` are not looked at."""
    import numpy as np

    return np.percentile(values, q, axis=-1)


def _ask(outcome: Outcome) -> float | None:
    return outcome.ask_s


def _retrieve(outcome: Outcome) -> float | None:
    return outcome.retrieve_s


def make() -> tuple[Metric, ...]:
    return tuple(
        Metric(f"{stage}_p{q}_s", "latency", seconds, statistic=partial(percentile, q=q))
        for stage, seconds in (("ask", _ask), ("retrieve", _retrieve))
        for q in CUTS
    )
