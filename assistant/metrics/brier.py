"""Brier score: the mean squared distance of confidence from the outcome.

(confidence - right)^2, right being 1 or 0, over the judgements of _confidence.py; abstentions have no outcome and are
excluded. Brier, Verification of Forecasts Expressed in Terms of Probability, 1950, in the form for one event, half of
Brier's sum over both classes. It pays to be calibrated and to be sure: always saying 0.5 gives 0.25.
Example: 0.8 and right, 0.6 and wrong: (0.04 + 0.36) / 2 = 0.2.
"""

from __future__ import annotations

from functools import partial

from assistant.metrics import Metric, Outcome
from assistant.metrics._confidence import KINDS


def _score(outcome: Outcome, kind: str) -> float | None:
    judged = KINDS[kind](outcome)
    return None if judged is None or judged.abstained else (judged.confidence - judged.right) ** 2


def make() -> tuple[Metric, ...]:
    return tuple(
        Metric(f"brier_{kind}", "calibration", partial(_score, kind=kind), higher_is_better=False, unit="score")
        for kind in KINDS
    )
