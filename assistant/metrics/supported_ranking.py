"""Supported ranking: how well the likelihood of support, whatever the labels, tells supported claims from others.

Over the data sets that have both sides, each counting alike: `supported_auc`, the mean area under the ROC curve (how often a
supported claim is likelier than another of its set; Hanley & McNeil, Radiology 1982), and `supported_score_balanced_accuracy`,
the mean of (share of supported claims from the threshold on + share of others below it) / 2 at the one threshold for all sets
that is best on these claims, as LLM-AggreFact is scored (Tang, Laban & Durrett, MiniCheck, EMNLP 2024). That threshold is
chosen on the very claims it is scored on: with few claims the figure is too high. Likelihoods are read in steps of 0.005.
Example: one set, supported at 0.9 and 0.4, others at 0.6 and 0.1: area 3/4, balanced accuracy 3/4.
"""

from __future__ import annotations

from typing import Any

from assistant.metrics import Metric
from assistant.metrics._sets import SUPPORTED, claim_numbers, set_codes
from assistant.metrics._tally import mean_where, ratio, tally

STEPS = 200


def area(values: Any, weights: Any) -> Any:
    """`claim_numbers` (..., n, 4); likelihoods that fall into one step count half."""
    others, supported = _histograms(values, weights)
    below = others.cumsum(axis=-1) - others / 2
    pairs = supported.sum(axis=-1) * others.sum(axis=-1)
    return mean_where(ratio((supported * below).sum(axis=-1), pairs), pairs > 0)


def best_balanced_accuracy(values: Any, weights: Any) -> Any:
    import numpy as np

    others, supported = _histograms(values, weights)
    n_others, n_supported = others.sum(axis=-1, keepdims=True), supported.sum(axis=-1, keepdims=True)
    below = ratio(others.cumsum(axis=-1) - others, n_others)
    above = ratio(n_supported - supported.cumsum(axis=-1) + supported, n_supported)
    both = (n_others > 0) & (n_supported > 0)
    per_threshold = np.moveaxis((below + above) / 2, -2, -1)
    means = mean_where(np.nan_to_num(per_threshold), np.moveaxis(np.broadcast_to(both, below.shape), -2, -1))
    return means.max(axis=-1)


def _histograms(values: Any, weights: Any) -> tuple[Any, Any]:
    """Claims that are not supported, and that are, by set and step of the likelihood: two arrays (..., set, STEPS)."""
    import numpy as np

    sets, codes = set_codes(values)
    side = (values[..., 1] == SUPPORTED).astype(int)
    step = np.clip((values[..., 3] * STEPS).astype(int), 0, STEPS - 1)
    counts = tally((2 * codes + side) * STEPS + step, weights, 2 * sets * STEPS)
    shaped = counts.reshape(*counts.shape[:-1], sets, 2, STEPS)
    return shaped[..., 0, :], shaped[..., 1, :]


def make() -> tuple[Metric, ...]:
    return (
        Metric("supported_auc", "verdict", claim_numbers, statistic=area),
        Metric("supported_score_balanced_accuracy", "verdict", claim_numbers, statistic=best_balanced_accuracy),
    )
