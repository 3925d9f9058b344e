"""Answer findings: the share of answers in which the gates marked something, over all and by what they marked.

|answers with a finding of the group| / |answers that cite|. The groups: `values` (numbers, dates, units, bounds and names
that no cited words have), `voice` (an attribution or a hedge that was dropped), `cut` (words beside a citation that limit
or reverse it), `place` (cited from a comment, a caption, a quoted falsehood, a retracted, corrected or satirical article).
Findings are shown to readers, so that this is how often a reader sees one; whether each is right is not looked at.
Values missing in the source are the hallucinations of Maynez et al., On Faithfulness and Factuality, 2020 ("extrinsic").
Example: of four answers one has two other numbers, one a cut citation: answer_findings 2/4, answer_findings_values 1/4.
"""

from __future__ import annotations

from collections.abc import Collection
from functools import partial

from assistant.metrics import Metric, Outcome
from assistant.types import Kind

GROUPS_OF_KINDS = {
    "values": (Kind.NUMBER, Kind.DATE, Kind.UNIT, Kind.BOUND, Kind.NAME),
    "voice": (Kind.ATTRIBUTION, Kind.HEDGE),
    "cut": (Kind.CUT,),
    "place": (Kind.ZONE, Kind.STATUS),
}


def _score(outcome: Outcome, kinds: Collection[Kind]) -> float | None:
    if outcome.answer is None or not outcome.answer.citations:
        return None
    return float(any(finding.kind in kinds for finding in outcome.answer.findings))


def make() -> tuple[Metric, ...]:
    groups = {"answer_findings": tuple(Kind)}
    groups |= {f"answer_findings_{name}": kinds for name, kinds in GROUPS_OF_KINDS.items()}
    return tuple(
        Metric(name, "citation", partial(_score, kinds=kinds), higher_is_better=False) for name, kinds in groups.items()
    )
