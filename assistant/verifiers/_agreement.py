"""A model's stance on a premise to the stance that code lets stand: what the words themselves rule out becomes neutral.

To a model of language "30 countries" and "40 countries" are nearly the same. So support needs every number, date and name of
the claim in the premise and no aligned difference; either stance needs a statement that shares a word with the claim. Code
never gives a stance of its own here: it only takes one back, and says why.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from assistant.quantities import comparable_terms
from assistant.types import Difference, Judgement, Kind, Premise, Stance
from assistant.values import Value, find_values, name_key, same_amount, same_unit, same_value
from assistant.verifiers._contradiction import contradictions

LIKELY = 0.5  # from here on an aligned difference is likelier to refute than not
TAKEN_BACK = 0.4  # the most that is left of a likelihood whose stance was taken back
_WHAT = {Kind.NUMBER: "figure", Kind.DATE: "date", Kind.NAME: "name"}
_MORE, _LESS = ("more", "at least"), ("less", "at most")


def checked(claim: str, premise: Premise, judgement: Judgement, day: date | None = None) -> Judgement:
    """The judgement, or a neutral one with the reason. What differs between the two texts is added to a refutation."""
    if judgement.stance is Stance.NEUTRAL:
        return judgement
    differing = [found for found in contradictions(claim, premise, day) if found.likely >= LIKELY]
    differences = tuple(found.difference for found in differing)
    if reason := next(_objections(claim, premise, judgement.stance, differences, day), ""):
        return taken_back(judgement, reason)
    return judgement if judgement.stance is Stance.SUPPORTS else replace(judgement, differences=differences)


def taken_back(judgement: Judgement, reason: str) -> Judgement:
    """A neutral judgement instead of this one."""
    return replace(
        judgement,
        stance=Stance.NEUTRAL,
        supports=min(judgement.supports, TAKEN_BACK),
        refutes=min(judgement.refutes, TAKEN_BACK),
        why=f"The model says that it {judgement.stance} the claim, but {reason}",
        differences=(),
    )


def _objections(
    claim: str, premise: Premise, stance: Stance, differences: Sequence[Difference], day: date | None
) -> Iterator[str]:
    if premise.text.rstrip().endswith("?"):
        yield "a question asserts nothing."
    around = " ".join((premise.before, premise.text, premise.after, premise.title))
    if not set(comparable_terms(claim)) & set(comparable_terms(around)):
        yield "the sentence shares no word with it."
    if stance is not Stance.SUPPORTS:
        return
    for difference in differences:
        yield f"the sentence has “{difference.in_source}” where the claim has “{difference.in_claim}”."
    for value in lacking(claim, premise, day):
        yield f"the sentence has no {_WHAT.get(value.kind, 'value')} like “{value.text}”."


def lacking(claim: str, premise: Premise, day: date | None = None) -> list[Value]:
    """What the claim names and no words bear out: numbers and dates of the premise or the sentence before it, names of
    anything around it, the title included."""
    figures = [value for text in (premise.text, premise.before) for value in find_values(text, premise.day)]
    beside = [value for text in (premise.after, premise.title) for value in find_values(text, premise.day)]
    said = [*figures, *(value for value in beside if value.kind is Kind.NAME)]
    around = f" {name_key(' '.join((premise.before, premise.text, premise.after, premise.title)))} "
    return [value for value in find_values(claim, day) if not _is_said(value, said, around)]


def _is_said(wanted: Value, said: Sequence[Value], around: str) -> bool:
    if wanted.kind is Kind.NAME and f" {wanted.key} " in around:
        return True
    same_kind = [value for value in said if value.kind is wanted.kind]
    return any(same_value(value, wanted) or _narrower(value, wanted) for value in same_kind)


def _narrower(source: Value, wanted: Value) -> bool:
    """Whether the source says more exactly what is wanted: 35 for "more than 30", 19 August for "in August"."""
    if wanted.kind is Kind.DATE:
        days = source.day and source.until and wanted.day and wanted.until
        return bool(days) and wanted.day <= source.day and source.until <= wanted.until  # type: ignore[operator]
    if source.number is None or wanted.number is None or not same_unit(source, wanted) or wanted.kind is Kind.NAME:
        return False
    if wanted.bound == "about":
        return same_amount(source, wanted)
    above = wanted.bound in _MORE and source.bound in ("", *_MORE) and source.number > wanted.number
    below = wanted.bound in _LESS and source.bound in ("", *_LESS) and source.number < wanted.number
    return above or below
