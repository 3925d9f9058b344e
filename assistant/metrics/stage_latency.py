"""Stage latency: the seconds that each stage of an answer takes, at half (p50) and all but a twentieth (p95) of the cases.

Percentiles as in latency.py (Hyndman & Fan, Sample Quantiles, 1996, definition 7), over the answers that went through
the stage. Percentiles of stages don't add up to the percentile of the whole.
Example: rerank took 0.1, 0.2, 0.3 and 0.4 s: stage_rerank_p50_s = 0.25, stage_rerank_p95_s = 0.385.
"""

from __future__ import annotations

from functools import partial

from assistant.metrics import Metric, Outcome
from assistant.metrics.latency import CUTS, percentile

STAGES = ("condense", "retrieve", "rerank", "pack", "answer", "resolve", "gates", "verify", "repair")


def _score(outcome: Outcome, stage: str) -> float | None:
    return outcome.answer.timings.get(stage) if outcome.answer else None


def make() -> tuple[Metric, ...]:
    return tuple(
        Metric(
            f"stage_{stage}_p{q}_s",
            "latency",
            partial(_score, stage=stage),
            statistic=partial(percentile, q=q),
            higher_is_better=False,
            unit="seconds",
        )
        for stage in STAGES
        for q in CUTS
    )
