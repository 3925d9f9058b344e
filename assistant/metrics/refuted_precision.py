"""Refuted precision and recall: how far "refuted" can be trusted, and how often it is said.

precision = |found and gold refuted| / |found refuted| over the claims of data sets that have refuted claims at all (where a
summary is either consistent or not, nothing can be called refuted rightly); as "macro" the mean over those sets with at least
5 found. recall = |found and gold refuted| / |gold refuted|. Precision and recall of a class: van Rijsbergen, Information
Retrieval, 1979, chapter 7; refuted claims as a class of their own: Thorne et al., FEVER, NAACL 2018.
Example: 4 found refuted, of which 3 are, of 10 refuted claims: precision 0.75, recall 0.3.
"""

from __future__ import annotations

from typing import Any

from assistant.metrics import Metric
from assistant.metrics._sets import REFUTED, claim_numbers, confusions_by_set
from assistant.metrics._tally import mean_where, ratio

FEWEST = 5  # claims that a set must have been found refuted in, to have a precision of its own


def precision(values: Any, weights: Any) -> Any:
    found, has_any = _found(values, weights)
    found = found * has_any[..., None]
    return ratio(found[..., REFUTED].sum(axis=-1), found.sum(axis=(-1, -2)))


def macro_precision(values: Any, weights: Any) -> Any:
    found, has_any = _found(values, weights)
    n = found.sum(axis=-1)
    return mean_where(ratio(found[..., REFUTED], n), (n >= FEWEST) & has_any)


def recall(values: Any, weights: Any) -> Any:
    refuted = confusions_by_set(values, weights).sum(axis=-3)[..., REFUTED, :]
    return ratio(refuted[..., REFUTED], refuted.sum(axis=-1))


def _found(values: Any, weights: Any) -> tuple[Any, Any]:
    """Claims found refuted by set and gold label (..., set, gold), and whether the set has refuted claims."""
    counts = confusions_by_set(values, weights)
    return counts[..., REFUTED], counts[..., REFUTED, :].sum(axis=-1) > 0


def make() -> tuple[Metric, ...]:
    return (
        Metric("refuted_precision", "verdict", claim_numbers, statistic=precision),
        Metric("refuted_precision_macro", "verdict", claim_numbers, statistic=macro_precision),
        Metric("refuted_recall", "verdict", claim_numbers, statistic=recall),
    )
