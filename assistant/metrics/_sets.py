"""What the figures share to which every data set counts alike: a claim as numbers, and shares a set.

A big set would else decide the figure: of the claims that public benchmarks collect, half come from one source. "Balanced"
goes further: within a set, supported claims weigh as much as all others together, so that the share of supported ones in a
set, which says nothing of the verifier, says nothing here either.
"""

from __future__ import annotations

import zlib
from typing import Any

from assistant.metrics import Outcome
from assistant.metrics._tally import tally
from assistant.metrics._verdicts import LABELS, label_pair
from assistant.types import Label

SUPPORTED, REFUTED = LABELS.index(Label.SUPPORTED), LABELS.index(Label.REFUTED)


def claim_numbers(outcome: Outcome) -> tuple[float, float, float, float] | None:
    """(set, gold, predicted, score): the set as a number, labels as places in LABELS, the likelihood of support."""
    pair = label_pair(outcome)
    if pair is None or outcome.support is None:
        return None
    return float(zlib.crc32(outcome.dataset.encode())), *pair, outcome.support.supported


def confusions_by_set(values: Any, weights: Any) -> Any:
    """`claim_numbers` (..., n, 4) to counts (..., set, gold, predicted)."""
    n = len(LABELS)
    sets, codes = set_codes(values)
    labels = (n * values[..., 1] + values[..., 2]).astype(int)
    counts = tally(n * n * codes + labels, weights, sets * n * n)
    return counts.reshape(*counts.shape[:-1], sets, n, n)


def set_codes(values: Any) -> tuple[int, Any]:
    """(number of sets, the set of every claim from 0)."""
    import numpy as np

    names = np.unique(values[..., 0])
    return len(names), np.searchsorted(names, values[..., 0])
