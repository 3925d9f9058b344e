"""Judgements in the order of confidence to the share that is wrong among the surest.

risk(i) = wrong among the i surest / i, coverage = i / n: El-Yaniv & Wiener, On the Foundations of Noise-free Selective
Classification, JMLR 2010. Judgements of equal confidence are in no order: risk is the mean over all orders of theirs,
which needs no luck and keeps resamples, full of equals, honest. Abstentions stand after everything that was said, and
count as wrong: had they been answered it could at worst be so. Abstaining thus never betters a risk at a coverage that
includes it, and at lower coverages it is free.
"""

from __future__ import annotations

from typing import Any

from assistant.metrics import Outcome
from assistant.metrics._confidence import KINDS


def ordered_score(outcome: Outcome, kind: str) -> tuple[float, float, float] | None:
    """(confidence, 1 for right, 1 for answered); an abstention is never right."""
    judged = KINDS[kind](outcome)
    return None if judged is None else (judged.confidence, float(judged.right), float(not judged.abstained))


def risks(values: Any, weights: Any) -> Any:
    """Scores (..., n, 3) to risk(1) .. risk(n); where m cases have a weight above 0, what follows risk(m) means nothing."""
    import numpy as np

    confidence, right, answered = (values[..., i] for i in range(3))
    key = np.where(weights > 0, confidence + 2 * answered, -1)
    order = np.argsort(-key, axis=-1)
    key, wrong = (np.take_along_axis(numbers, order, axis=-1) for numbers in (key, 1 - right))
    places = np.arange(1, key.shape[-1] + 1)
    return _expected_sums(key, wrong) / places


def _expected_sums(key: Any, wrong: Any) -> Any:
    """Running sums of `wrong` along sorted keys, a run of equal keys rising evenly."""
    import numpy as np

    n = key.shape[-1]
    changes = key[..., 1:] != key[..., :-1]
    edge = np.ones((*key.shape[:-1], 1), dtype=bool)
    places = np.arange(n)
    first = np.maximum.accumulate(np.where(np.concatenate([edge, changes], axis=-1), places, 0), axis=-1)
    ends = np.where(np.concatenate([changes, edge], axis=-1), places, n)
    last = np.minimum.accumulate(ends[..., ::-1], axis=-1)[..., ::-1]
    sums = np.concatenate([np.zeros((*key.shape[:-1], 1)), wrong.cumsum(axis=-1)], axis=-1)
    before, after = (np.take_along_axis(sums, at, axis=-1) for at in (first, last + 1))
    return before + (after - before) * (places - first + 1) / (last - first + 1)
