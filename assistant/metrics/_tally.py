"""Counts and quotients along the last axis, for statistics that are worked out on many resamples at a time."""

from __future__ import annotations

from math import prod
from typing import Any


def tally(codes: Any, weights: Any, n_codes: int) -> Any:
    """The weight that each code has in all: codes (..., n) of 0 .. n_codes - 1 and weights (..., n) -> (..., n_codes)."""
    import numpy as np

    lead = codes.shape[:-1]
    rows = prod(lead)
    apart = codes.reshape(rows, -1) + n_codes * np.arange(rows)[:, None]
    sums = np.bincount(apart.ravel(), weights=weights.reshape(-1), minlength=rows * n_codes)
    return sums.reshape(*lead, n_codes)


def ratio(above: Any, below: Any) -> Any:
    """above / below, nan where `below` is 0."""
    import numpy as np

    above, below = np.broadcast_arrays(np.asarray(above, dtype=float), np.asarray(below, dtype=float))
    return np.divide(above, below, out=np.full(above.shape, np.nan), where=below != 0)


def mean_where(values: Any, chosen: Any) -> Any:
    """The mean of the chosen values along the last axis, nan where none is chosen."""
    import numpy as np

    return ratio(np.where(chosen, values, 0).sum(axis=-1), chosen.sum(axis=-1))
