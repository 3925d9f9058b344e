"""Supported recall: the share of supported claims that are found supported. What a cautious judge pays for its precision.

|found and gold supported| / |gold supported|, over all claims; as "macro" the mean over the data sets that have supported
claims. It is the coverage of supported claims in El-Yaniv & Wiener, Foundations of Noise-free Selective Classification, JMLR
2010; beside it stands supported_precision.py.
Example: set A, 4 of 5 supported claims found; set B, 1 of 2: 5/7, macro 0.65.
"""

from __future__ import annotations

from typing import Any

from assistant.metrics import Metric
from assistant.metrics._sets import SUPPORTED, claim_numbers, confusions_by_set
from assistant.metrics._tally import mean_where, ratio


def recall(values: Any, weights: Any) -> Any:
    supported = confusions_by_set(values, weights).sum(axis=-3)[..., SUPPORTED, :]
    return ratio(supported[..., SUPPORTED], supported.sum(axis=-1))


def macro_recall(values: Any, weights: Any) -> Any:
    supported = confusions_by_set(values, weights)[..., SUPPORTED, :]
    n = supported.sum(axis=-1)
    return mean_where(ratio(supported[..., SUPPORTED], n), n > 0)


def make() -> tuple[Metric, ...]:
    return (
        Metric("supported_recall", "verdict", claim_numbers, statistic=recall),
        Metric("supported_recall_macro", "verdict", claim_numbers, statistic=macro_recall),
    )
