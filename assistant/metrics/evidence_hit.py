"""Evidence hit@1: whether the given text that a verdict rests on is one of those that settle the claim.

1 if the text of the best sentence is among the gold ones, else 0; claims whose evidence settles nothing have no score. The
evidence retrieval of Kamoi et al., WiCE, EMNLP 2023, at one sentence.
Example: gold texts 3 and 4, the verdict rests on text 4: 1.
"""

from __future__ import annotations

from assistant.metrics import Metric, Outcome


def _score(outcome: Outcome) -> float | None:
    if not outcome.gold_evidence or outcome.support is None:
        return None
    return float(outcome.evidence in outcome.gold_evidence)


def make() -> tuple[Metric, ...]:
    return (Metric("evidence_hit@1", "verdict", _score),)
