"""Refuted as supported: the share of claims found supported that are in truth refuted, the worst of all mistakes.

|found supported and gold refuted| / |found supported|. A cell of the confusion matrix (Thorne et al., FEVER, NAACL 2018) seen
from the reader of a verdict: of ten claims that are called supported, how many are false?
Example: 50 found supported, 47 are, 2 lack evidence, 1 is refuted: 0.02.
"""

from __future__ import annotations

from typing import Any

from assistant.metrics import Metric
from assistant.metrics._sets import REFUTED, SUPPORTED
from assistant.metrics._tally import ratio
from assistant.metrics._verdicts import confusion, label_pair


def refuted_as_supported(values: Any, weights: Any) -> Any:
    """`values` are label pairs (..., n, 2)."""
    found = confusion(values, weights)[..., SUPPORTED]
    return ratio(found[..., REFUTED], found.sum(axis=-1))


def make() -> tuple[Metric, ...]:
    return (
        Metric("refuted_as_supported", "verdict", label_pair, statistic=refuted_as_supported, higher_is_better=False),
    )
