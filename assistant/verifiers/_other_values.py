"""Numbers and dates: where the premise has another value of the same thing.

Two values differ only when both cannot be true: "more than 30" goes with 31, "about 4,200" with 4,187. A value that the premise
calls former or wrong ("less than a third of the 40 tonnes feared in March") refutes a claim that states it as current.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from assistant.types import Kind, Premise
from assistant.values import Value, find_values, same_amount, same_unit
from assistant.verifiers._alignment import LONGEST, NEAR, Alignment
from assistant.verifiers._findings import Finding
from assistant.verifiers._reading import Reading, WordKind

_NO_UNIT = frozenset(("", "ordinal"))
_COUNTED_WORDS = 2  # behind a number: "30 European countries"
_APPROXIMATE = 0.15  # "about 30" goes with 26 to 34
_BIG = 1e6  # from here on one digit is a rounded figure: "2 million"
_LATER = timedelta(days=7)  # a claim about so much later is not about what the premise saw
_WEEK = timedelta(days=7)
_WRITTEN_OUT = re.compile(r"\d")
_AGE = re.compile(r"years?[ -]old|aged", re.IGNORECASE)
_REPLACED = re.compile(
    r"\b(?:(?:up|down|rising|falling|raised|cut|reduced|increased|revised|dropped|fell|rose|grew|lowered)\s+from"
    r"|not|instead of|rather than|previously|initially|originally|formerly)\s+\W?$",
    re.IGNORECASE,
)
_OLDER = re.compile(r"\b(?:than|of|from)\s+(?:the|an?)\s+(?:\w+\s+)?\W?$", re.IGNORECASE)
_THOUGHT = re.compile(
    r"\W{0,3}(?:\w+\s+){0,2}(?:feared|expected|estimated|reported|announced|thought|earlier|previously|initially|before)\b",
    re.IGNORECASE,
)
_REACHES = re.compile(
    r"\b(?:reach(?:ed|es)?|hit|st(?:an|oo)ds? at|(?:rose|fell|climbed|grew|jumped|risen|fallen) to|total(?:ed|led|s)?"
    r"|(?:is|are|was|were) (?:now )?(?:at )?)\s*$",
    re.IGNORECASE,
)


def other_values(aligned: Alignment, premise: Premise, day: date | None) -> Iterator[Finding]:
    """`day` is when the claim is made, `premise.day` when its source was published: relative dates count from them."""
    ours = [value for value in find_values(aligned.claim.text, day) if value.kind is not Kind.NAME]
    theirs = find_values(aligned.premise.text, premise.day) if ours else ()
    if not theirs or _another_occasion(ours, theirs, premise.day):
        return
    for value in ours:
        same = [their for their in theirs if _comparable(aligned, value, their)]
        if not same or not _is_asserted(aligned.claim, value):
            continue
        yield from _replaced(aligned, value, same)
        around = (v for text in (premise.before, premise.title) for v in find_values(text[:LONGEST], premise.day))
        if not any(_is_held(value, their, their in same) for their in (*theirs, *around)):
            yield from _differing(aligned, value, same, ours)


def _another_occasion(ours: Sequence[Value], theirs: Sequence[Value], source_day: date | None) -> bool:
    """Whether the claim names a time and the premise another one, so that their numbers may both be right."""
    if not any(value.kind is Kind.NUMBER for value in ours):
        return False
    times = [[v for v in values if v.kind is Kind.DATE and v.day and v.until] for values in (ours, theirs)]
    if times[0] and times[1]:
        return not any(_agree(a, b) for a in times[0] for b in times[1])
    return bool(times[0]) and source_day is not None and all(v.day > source_day + _LATER for v in times[0] if v.day)


def _is_asserted(reading: Reading, value: Value) -> bool:
    words = reading.within(value.start, value.end)
    return bool(words) and all(reading.words[i].asserted for i in words)


def _comparable(aligned: Alignment, ours: Value, theirs: Value) -> bool:
    """Whether the two measure the same: days both, or as much of one unit, or of what both count."""
    if ours.kind is not theirs.kind or not _is_asserted(aligned.premise, theirs):
        return False
    if ours.kind is Kind.DATE:
        return bool(ours.day and ours.until and theirs.day and theirs.until)
    if not same_unit(ours, theirs) or (ours.bound == "score") != (theirs.bound == "score"):
        return False
    if _is_age(aligned.claim.text, ours) != _is_age(aligned.premise.text, theirs):
        return False
    return ours.unit not in _NO_UNIT or bool(_counted(aligned.claim, ours) & _counted(aligned.premise, theirs))


def _is_age(text: str, value: Value) -> bool:
    return value.unit == "year" and _AGE.search(text, max(0, value.start - 6), value.end + 12) is not None


def _counted(reading: Reading, value: Value) -> set[str]:
    """What a number counts: the words behind it, or the ones before "reached"."""
    inside = reading.within(value.start, value.end)
    if not inside:
        return set()
    clause = reading.words[inside.start].clause
    beside = reading.words[inside.start : inside.stop + _COUNTED_WORDS]
    if inside.stop == len(reading.words) or reading.words[inside.stop].clause != clause:
        before = _REACHES.search(reading.text, max(0, value.start - 24), value.start)
        beside += reading.words[max(0, inside.start - _COUNTED_WORDS) : inside.start] if before else ()
    return {w.term for w in beside if w.clause == clause and w.kind is WordKind.WORD}


def _is_held(ours: Value, theirs: Value, comparable: bool) -> bool:
    """Whether the source has the claim's value as well: the very number wherever it stands, or one that it agrees with."""
    if ours.kind is not theirs.kind:
        return False
    if ours.kind is Kind.NUMBER and same_amount(ours, theirs):
        return True
    measured = ours.kind is Kind.DATE or (same_unit(ours, theirs) and ours.unit not in _NO_UNIT)
    return (comparable or measured) and _agree(ours, theirs)


def _agree(ours: Value, theirs: Value) -> bool:
    """Whether both can be true: days or amounts that overlap, or one is the other in round figures."""
    if ours.kind is Kind.DATE:
        if not (ours.day and ours.until and theirs.day and theirs.until):
            return True
        return ours.day <= theirs.until and theirs.day <= ours.until
    one, other = ours.number, theirs.number
    if one is not None and other is not None and (_rounds(one, other) or _rounds(other, one)):
        return True
    (low, high), (least, most) = _reach(ours), _reach(theirs)
    return low <= most and least <= high


def _reach(value: Value) -> tuple[float, float]:
    """The lowest and the highest amount that the words allow."""
    if value.number is None:
        return value.low or 0.0, math.inf if value.high is None else value.high
    slack = abs(value.number) * _APPROXIMATE if value.bound in ("about", "nearly") else 0.0
    low = -math.inf if value.bound in ("less", "at most", "up to") else value.number - slack
    return low, math.inf if value.bound in ("more", "at least", "many") else value.number + slack


def _rounds(rounded: float, exact: float) -> bool:
    """Whether the one is the other with fewer digits."""
    digits = len(f"{rounded:.12g}".replace(".", "").strip("0")) or 1
    return (digits > 1 or rounded >= _BIG or rounded == exact) and float(f"{exact:.{digits}g}") == rounded


def _differing(aligned: Alignment, ours: Value, same: Sequence[Value], claimed: Sequence[Value]) -> Iterator[Finding]:
    """The first value of the premise in the same place that the claim does not have as well."""
    inside = aligned.claim.within(ours.start, ours.end)
    for their in same:
        if any(value.kind is their.kind and same_unit(value, their) and _agree(value, their) for value in claimed):
            continue
        if any(pair.opposite for pair in aligned.pairs):  # 66% against and 17% for are no contradiction
            continue
        if ours.kind is Kind.DATE and not (_follow_one_word(aligned, inside, their) and _is_as_exact(ours, their)):
            continue
        if not _is_of_one_deed(aligned, inside):
            continue
        rule = "date" if ours.kind is Kind.DATE else "count" if ours.unit in _NO_UNIT else "amount"
        note = "The claim says {claim}, the source says {source}."
        yield Finding(rule, ours.kind, (ours.start, ours.end), (their.start, their.end), note, inside)
        return


def _is_of_one_deed(aligned: Alignment, ours: range) -> bool:
    """Whether the premise has the word that the claim's number belongs to, most often its verb: "laid off 11,000"."""
    words = aligned.claim.words
    before = (
        i
        for i in range(ours.start - 1, -1, -1)
        if words[i].kind is WordKind.WORD and not words[i].light and words[i].clause == words[ours.start].clause
    )
    at = next(before, None)
    return at is None or aligned.is_known(at)


def _follow_one_word(aligned: Alignment, ours: range, theirs: Value) -> bool:
    """Whether both dates stand behind the same word: "closed in 2013" and "closing permanently in 2011"."""
    pair = aligned.by_claim.get(ours.start - 1)
    return pair is not None and 0 < aligned.premise.within(theirs.start, theirs.end).start - pair.theirs <= NEAR


def _is_as_exact(ours: Value, theirs: Value) -> bool:
    """Whether the two are as exact as each other, and written out or days of one week: "this year" comes every year."""
    if ours.precision != theirs.precision or not ours.day or not theirs.day:
        return False
    written = all(_WRITTEN_OUT.search(value.text) for value in (ours, theirs))
    return written or (ours.precision == "day" and abs(ours.day - theirs.day) < _WEEK)


def _replaced(aligned: Alignment, ours: Value, same: Sequence[Value]) -> Iterator[Finding]:
    """The premise calls the claim's value former or wrong, and has another one."""
    if ours.kind is Kind.DATE or _is_former(aligned.claim.text, ours):
        return
    former = [their for their in same if _is_former(aligned.premise.text, their)]
    current = next((their for their in same if their not in former and not _agree(ours, their)), None)
    if current and any(same_amount(ours, their) for their in former):
        inside = aligned.claim.within(ours.start, ours.end)
        note = "The source says {source} and calls {claim} a former or a wrong figure."
        yield Finding("former", Kind.NUMBER, (ours.start, ours.end), (current.start, current.end), note, inside)


def _is_former(text: str, value: Value) -> bool:
    before = text[max(0, value.start - 40) : value.start]
    return bool(_REPLACED.search(before) or (_OLDER.search(before) and _THOUGHT.match(text, value.end)))
