"""A claim and a premise to the places where the two, aligned, say different things.

Aligned means the same subject and the same predicate. Only then does another number, date, name, polarity or outcome refute;
everything else is merely another sentence. docs/decisions/contradiction.md has the measurements behind the constants.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import chain

from assistant.types import Difference, Kind, Premise
from assistant.values import find_values
from assistant.verifiers._alignment import Alignment, align
from assistant.verifiers._findings import Finding
from assistant.verifiers._other_names import other_names, swapped
from assistant.verifiers._other_outcomes import asserted, denied, limited, opposed
from assistant.verifiers._other_values import other_values


@dataclass(frozen=True, slots=True)
class Rule:
    """How well claim and premise must be aligned for a difference to count, and how often it then refutes."""

    likely: float
    held: float = 0.0
    """Share of the claim, the difference aside, that the premise holds."""
    around: float = 0.0
    """The same, with the sentence before and the title."""
    order: float = 0.0
    """Share of the paired words that follow each other as in the claim."""
    pairs: int = 2
    """Paired words beside the difference."""
    subject: bool = False
    """Whether the claim's first word must be known there."""
    names: bool = False
    """Whether all of the claim's other names must be known there."""
    numbers: bool = False
    """Whether the premise must have all of the claim's other numbers and dates."""
    anchored: bool = True
    """Whether one of the claim's names must be known there, or NAMELESS of it."""


_EVENTS = frozenset(("date", "name", "swapped", "denied", "dropped", "brief", "asserted"))
"""Rules by which a premise can't speak of what happened after it; those of numbers look at the times themselves."""
_LATER = timedelta(days=7)
NAMELESS = 0.65  # share that must be known of a claim none of whose names is: it could be about anything
RULES = {
    "amount": Rule(0.85, held=0.4, around=0.6, order=0.6, subject=True, numbers=True),  # $36 million, $3.6 million
    "count": Rule(0.75, held=0.5, order=0.6, subject=True, numbers=True),  # 45 countries, 30 countries
    "former": Rule(0.7, around=0.15, pairs=0, anchored=False),  # 12 tonnes, not the 40 tonnes feared
    "date": Rule(0.75, held=0.6, names=True),  # closed in 2013, closed in 2011
    "name": Rule(0.8, held=0.4, pairs=3, names=True),  # she ordered it, he ordered it
    "swapped": Rule(0.7, held=0.6),  # Orrin beat Haldane, Haldane beat Orrin
    "denied": Rule(0.75, held=0.3, around=0.5, names=True, numbers=True),  # signed, nobody signed
    "dropped": Rule(0.7, held=0.3, around=0.4, anchored=False),  # abolished, decided against it
    "brief": Rule(0.7, around=0.4),  # the same where the premise says nothing else
    "asserted": Rule(0.75, held=0.5, subject=True),  # nobody died, 27 people died
    "outcome": Rule(0.75, held=0.5, around=0.6, subject=True, names=True, numbers=True),  # ended, will keep
    "limited": Rule(0.7, around=0.5, pairs=1),  # several, nothing else
}


@dataclass(frozen=True, slots=True)
class Contradiction:
    """One aligned difference; offsets count in the claim and in `Premise.text`."""

    difference: Difference
    likely: float
    """How often such a difference refutes, 0..1, measured; 0.7 where it is too rare to be measured."""
    rule: str = ""
    """Which rule found it: a key of RULES."""


def contradictions(claim: str, premise: Premise, day: date | None = None) -> list[Contradiction]:
    """What the premise says otherwise than the claim, likeliest first. `day` is when the claim is made."""
    aligned = align(claim, premise)
    if aligned is None:
        return []
    rules = (other_names, swapped, denied, asserted, opposed, limited)
    findings = chain(other_values(aligned, premise, day), *(rule(aligned) for rule in rules))
    found = [
        _contradiction(aligned, finding)
        for finding in findings
        if _aligned_enough(aligned, finding) and not (finding.rule in _EVENTS and _is_before(claim, premise, day))
    ]
    return sorted(found, key=lambda one: -one.likely)


def _is_before(claim: str, premise: Premise, day: date | None) -> bool:
    """Whether all the times that the claim names came after the premise was published."""
    days = [value.day for value in find_values(claim, day) if value.kind is Kind.DATE and value.day]
    return bool(days) and premise.day is not None and min(days) > premise.day + _LATER


def _aligned_enough(aligned: Alignment, finding: Finding) -> bool:
    rule, aside = RULES[finding.rule], finding.aside
    around = aligned.held_around(aside)
    known = [aligned.is_known(name) for name in aligned.names(aside)]
    return (
        aligned.held(aside) >= rule.held
        and around >= rule.around
        and aligned.order >= rule.order
        and sum(pair.ours not in aside for pair in aligned.pairs) >= rule.pairs
        and (not rule.subject or aligned.subject_known(aside))
        and (not rule.names or all(known))
        and (not rule.numbers or not aligned.unpaired_numbers(aside))
        and (not rule.anchored or around >= NAMELESS or any(known))
    )


def _contradiction(aligned: Alignment, finding: Finding) -> Contradiction:
    (start, end), (source_start, source_end) = finding.ours, finding.theirs
    in_claim, in_source = aligned.claim.text[start:end], aligned.premise.text[source_start:source_end]
    note = finding.note.format(claim=in_claim, source=in_source)
    difference = Difference(finding.kind, in_claim, in_source, start, end, source_start, source_end, note=note)
    return Contradiction(difference, RULES[finding.rule].likely, finding.rule)
