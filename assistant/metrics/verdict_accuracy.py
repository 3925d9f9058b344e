"""Verdict accuracy: the share of claims whose label is the gold one.

1 if the verifier's label (supported, refuted, conflicting, not enough evidence) is the gold label, else 0. Label
accuracy as in Thorne et al., FEVER, NAACL 2018. It follows the commonest label: read it beside the macro F1.
Example: gold supported, supported, refuted; found supported, not enough evidence, refuted: 2/3.
"""

from __future__ import annotations

from assistant.metrics import Metric, Outcome
from assistant.metrics._verdicts import label_pair


def _score(outcome: Outcome) -> float | None:
    pair = label_pair(outcome)
    return None if pair is None else float(pair[0] == pair[1])


def make() -> tuple[Metric, ...]:
    return (Metric("verdict_accuracy", "verdict", _score),)
