"""Area under the risk-coverage curve: how wrong the surest judgements are, over all ways to draw the line.

AURC = (1 / n) * sum over i = 1..n of risk(i), risk(i) the share wrong among the i surest (see _risk.py: ties,
abstentions). Geifman & El-Yaniv, Selective Classification for Deep Neural Networks, NeurIPS 2017; the area by Geifman,
Uziel & El-Yaniv, ICLR 2019. 0 when nothing is wrong; a perfect order of a set with wrong share e still has about e + (1
- e) ln(1 - e). Not defined where all abstain. The chart is the curve as far as the assistant answered.
Example: confidences 0.9, 0.8, 0.7 right, wrong, right, and an abstention: risks 0, 1/2, 1/3, 2/4: AURC = 0.3333.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from assistant.metrics import Chart, Metric
from assistant.metrics._confidence import KINDS
from assistant.metrics._risk import ordered_score, risks
from assistant.metrics._tally import mean_where

FEWEST = 10  # answered cases from which a curve is drawn
_POINTS = 100


def aurc(values: Any, weights: Any) -> Any:
    """`values` (..., n, 3): confidence, right, answered."""
    import numpy as np

    counted = (weights > 0).sum(axis=-1, keepdims=True)
    answers = ((weights > 0) * values[..., 2]).sum(axis=-1)
    area = mean_where(risks(values, weights), np.arange(weights.shape[-1]) < counted)
    return np.where(answers > 0, area, np.nan)


def risk_coverage(values: Sequence[Any], kind: str) -> Chart | None:
    """(coverage, risk), at most 100 points; None for fewer than FEWEST answered cases."""
    import numpy as np

    scores = np.asarray(values, dtype=float).reshape(-1, 3)
    n, answered = len(scores), int(scores[:, 2].sum())
    if answered < FEWEST:
        return None
    risk = risks(scores, np.ones(n))
    places = np.unique(np.linspace(1, answered, min(answered, _POINTS)).round().astype(int))
    points = tuple((float(i / n), float(risk[i - 1])) for i in places)
    title = f"Risk and coverage of {kind}s"
    return Chart(f"risk_coverage_{kind}", title, "curve", "coverage", "share wrong", points)


def make() -> tuple[Metric, ...]:
    return tuple(
        Metric(
            f"aurc_{kind}",
            "calibration",
            partial(ordered_score, kind=kind),
            statistic=aurc,
            higher_is_better=False,
            unit="score",
            chart=partial(risk_coverage, kind=kind),
        )
        for kind in KINDS
    )
