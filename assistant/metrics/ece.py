"""Expected calibration error: how far confidence and being right lie apart.

Judgements (see _confidence.py) fall into M = 10 bins of equal width by confidence, bin m holding ((m - 1) / 10, m / 10]
and 0 going to the first; ECE = sum over bins of |B_m| / n * |share right in B_m - mean confidence in B_m|. Guo et al.,
On Calibration of Modern Neural Networks, ICML 2017. Bins that hold equally many cases ("adaptive") are not used: they
move with the data, and two runs would not be binned alike. Few cases in a bin make the figure too high, and the
resamples of the bootstrap more so: with small n the interval can lie above the figure. The chart is the reliability
curve, a point a bin that is not empty.
Example: confidences 0.85 and 0.95, the first right, the second wrong, and 0.25 twice, one of them right: 1/4 * 0.15 +
1/4 * 0.95 + 2/4 * 0.25 = 0.4.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from assistant.metrics import Chart, Metric, Outcome
from assistant.metrics._confidence import KINDS
from assistant.metrics._tally import ratio, tally

BINS = 10


def ece(values: Any, weights: Any) -> Any:
    """`values` (..., n, 2): confidence, and 1 for right or 0 for wrong."""
    import numpy as np

    size, confidence, right = _bins(values, weights)
    return ratio(np.abs(right - confidence).sum(axis=-1), size.sum(axis=-1))


def _bins(values: Any, weights: Any) -> tuple[Any, Any, Any]:
    """The cases, the sum of confidences and the sum of rights in every bin, each (..., BINS)."""
    import numpy as np

    confidence, right = values[..., 0], values[..., 1]
    bins = np.digitize(confidence, np.arange(1, BINS) / BINS, right=True)
    size = tally(bins, weights, BINS)
    return size, tally(bins, weights * confidence, BINS), tally(bins, weights * right, BINS)


def reliability(values: Sequence[Any], kind: str) -> Chart | None:
    """(mean confidence, share right, cases) of every bin that holds any; None for fewer cases than bins."""
    import numpy as np

    if len(values) < BINS:
        return None
    bins = _bins(np.asarray(values, dtype=float), np.ones(len(values)))
    points = tuple((float(c / n), float(r / n), float(n)) for n, c, r in zip(*bins, strict=True) if n)
    return Chart(f"reliability_{kind}", f"Reliability of {kind}s", "curve", "mean confidence", "share right", points)


def _score(outcome: Outcome, kind: str) -> tuple[float, float] | None:
    judged = KINDS[kind](outcome)
    return None if judged is None or judged.abstained else (judged.confidence, float(judged.right))


def make() -> tuple[Metric, ...]:
    return tuple(
        Metric(
            f"ece_{kind}",
            "calibration",
            partial(_score, kind=kind),
            statistic=ece,
            higher_is_better=False,
            unit="score",
            chart=partial(reliability, kind=kind),
        )
        for kind in KINDS
    )
