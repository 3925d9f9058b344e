"""A claim and a premise to the places where the two, aligned, say different things.

Aligned means the same subject and the same predicate. Only then does another number, name, polarity or outcome refute; everything
else is merely another sentence. docs/decisions/contradiction.md has the measurements behind the constants.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher

from assistant.terms import stem
from assistant.types import Difference, Kind, Premise
from assistant.values import Value, find_values, is_country, same_amount, same_unit
from assistant.verifiers._alignment import NEAR, Alignment, Pair, Reading, WordKind, align
from assistant.verifiers._outcomes import Scope, opposites
Span = tuple[int, int]

@dataclass(frozen=True, slots=True)
class _Rule:
    """How well claim and premise must be aligned for a difference to count, and how often it then refutes."""

    likely: float
    held: float = 0.0
    """Share of the claim, the difference aside, that the premise holds."""
    around: float = 0.0
    """The same, with the sentence before and the title."""
    order: float = 0.0
    """Share of the paired words that follow each other as in the claim."""
    subject: bool = False
    """Whether the claim's first word must be known there."""


COVERED = 0.75  # share of what the claim denies that the premise must have
RULES = {
    "amount": _Rule(0.8, held=0.5, around=0.6, order=0.5, subject=True),
    "count": _Rule(0.75, held=0.5, subject=True),
    "former": _Rule(0.75, around=0.3),
    "date": _Rule(0.7, held=0.4),
    "name": _Rule(0.75, held=0.4),
    "denied": _Rule(0.75, held=0.3, around=0.6),
    "asserted": _Rule(0.75, held=0.5, subject=True),
    "outcome": _Rule(0.7, held=0.3, around=0.6, subject=True),
    "exclusive": _Rule(0.7, around=0.5),
}


@dataclass(frozen=True, slots=True)
class Contradiction:
    """One aligned difference; offsets count in the claim and in `Premise.text`."""

    difference: Difference
    likely: float
    """How often such a difference refutes, 0..1, measured."""
    rule: str = ""
    """Which rule found it: a key of RULES."""


def contradictions(claim: str, premise: Premise, day: date | None = None) -> list[Contradiction]:
    """What the premise says otherwise than the claim, likeliest first. `day` is when the claim is made."""
    aligned = align(claim, premise)
    if aligned is None:
        return []
    findings = [*_values(aligned, day, premise.day)]
    for rule in (_names, _denied, _asserted, _opposites, _exclusives):
        findings += rule(aligned)
    found = [_contradiction(aligned, finding) for finding in findings if _aligned_enough(aligned, finding)]
    return sorted(found, key=lambda one: -one.likely)


@dataclass(frozen=True, slots=True)
class _Finding:
    """A difference, before it is known whether the rest of the two is alike."""

    rule: str
    kind: Kind
    ours: Span
    theirs: Span
    note: str
    aside: range = range(0)
    """The claim's words that differ, and so count for nothing when the rest is compared."""


def _aligned_enough(aligned: Alignment, finding: _Finding) -> bool:
    rule = RULES[finding.rule]
    return (
        aligned.held(finding.aside) >= rule.held
        and aligned.held_around(finding.aside) >= rule.around
        and aligned.order >= rule.order
        and (not rule.subject or aligned.subject_known(finding.aside))
    )


def _contradiction(aligned: Alignment, finding: _Finding) -> Contradiction:
    (start, end), (source_start, source_end) = finding.ours, finding.theirs
    in_claim, in_source = aligned.claim.text[start:end], aligned.premise.text[source_start:source_end]
    note = finding.note.format(claim=in_claim, source=in_source)
    difference = Difference(finding.kind, in_claim, in_source, start, end, source_start, source_end, note=note)
    return Contradiction(difference, RULES[finding.rule].likely, finding.rule)


# --- Another number or date ---------------------------------------------------------------------------------------------

_FORMER = re.compile(
    r"(?:\b(?:up|down|rising|falling|raised|cut|reduced|increased|revised|dropped|fell|rose|grew|lowered)\s+from"
    r"|\b(?:not|instead of|rather than|previously|initially|originally|formerly))\s+\W?$",
    re.I,
)
_FEARED = re.compile(r"\b(?:than|of|from)\s+(?:the|an?)\s+(?:\w+\s+)?\W?$", re.I)
_FORMERLY = re.compile(r"\W{0,3}(?:\w+\s+){0,2}(?:feared|expected|estimated|reported|announced|thought|earlier|previously|initially|before)\b", re.I)
_REACHES = re.compile(r"\b(?:reach\w*|hit|st(?:an|oo)ds? at|(?:rose|fell|climbed|grew|jumped|risen|fallen) to|total\w*|number(?:ed|s)?|(?:is|are|was|were) (?:now )?(?:at )?)\s*$", re.I)
_COUNTED_WORDS = 2
_APPROXIMATE = 0.15
_NO_UNIT = frozenset(("", "ordinal"))


def _values(aligned: Alignment, day: date | None, source_day: date | None) -> Iterator[_Finding]:
    theirs = find_values(aligned.premise.text, source_day)
    around = [value for text in aligned.neighbours_texts for value in find_values(text, source_day)]
    for value in find_values(aligned.claim.text, day):
        if value.kind is Kind.NAME or not _asserted_at(aligned.claim, value):
            continue
        same = [their for their in theirs if _comparable(aligned, value, their)]
        yield from _replaced(aligned, value, same)
        if not any(_agree(value, their) for their in [*same, *(v for v in around if v.kind is value.kind and same_unit(value, v))]):
            yield from _differing(aligned, value, same)


def _asserted_at(reading: Reading, value: Value) -> bool:
    words = reading.within(value.start, value.end)
    return bool(words) and all(reading.words[i].asserted for i in words)


def _comparable(aligned: Alignment, ours: Value, theirs: Value) -> bool:
    if ours.kind is not theirs.kind or not _asserted_at(aligned.premise, theirs):
        return False
    if ours.kind is Kind.DATE:
        return bool(ours.day and theirs.day and ours.until and theirs.until)
    if not same_unit(ours, theirs):
        return False
    return ours.unit not in _NO_UNIT or bool(_counted(aligned.claim, ours) & _counted(aligned.premise, theirs))


def _counted(reading: Reading, value: Value) -> set[str]:
    """What a number counts: the words behind it, or the one before "reached"."""
    inside = reading.within(value.start, value.end)
    if not inside:
        return set()
    clause = reading.words[inside[0]].clause
    behind = [w for w in reading.words[inside[-1] + 1 : inside[-1] + 1 + _COUNTED_WORDS] if w.clause == clause]
    found = {w.term for w in behind if w.kind in (WordKind.WORD, WordKind.NAME)} | {w.term for w in reading.words[inside[0] : inside[-1] + 1] if w.kind is WordKind.WORD}
    before = _REACHES.search(reading.text[max(0, value.start - 24) : value.start])
    if before and not behind:
        found |= {w.term for w in reading.words[: inside[0]][-2:] if w.clause == clause and w.kind is WordKind.WORD}
    return found


def _agree(ours: Value, theirs: Value) -> bool:
    """Whether both can be true: one bears the other out, or is the other in round figures."""
    if ours.kind is Kind.DATE:
        if not (ours.day and ours.until and theirs.day and theirs.until):
            return True
        return ours.day <= theirs.until and theirs.day <= ours.until
    if ours.number is not None and theirs.number is not None and (_rounds(ours.number, theirs.number) or _rounds(theirs.number, ours.number)):
        return True
    (low, high), (least, most) = _reach(ours), _reach(theirs)
    return low <= most and least <= high


def _reach(value: Value) -> tuple[float, float]:
    """The lowest and the highest amount that the words allow."""
    if value.number is None:
        return value.low or 0.0, math.inf if value.high is None else value.high
    number, slack = value.number, abs(value.number) * _APPROXIMATE
    if value.bound in ("more", "at least", "many"):
        return number, math.inf
    if value.bound in ("less", "at most", "up to"):
        return -math.inf, number
    return (number - slack, number + slack) if value.bound in ("about", "nearly") else (number, number)


def _rounds(rounded: float, exact: float) -> bool:
    digits = len(f"{rounded:.12g}".replace(".", "").strip("0")) or 1
    return (digits > 1 or rounded >= 1e6 or rounded == exact) and float(f"{exact:.{digits}g}") == rounded


def _differing(aligned: Alignment, ours: Value, same: Sequence[Value]) -> Iterator[_Finding]:
    for their in same:
        if any(_agree(value, their) for value in find_values(aligned.claim.text) if value.kind is their.kind and same_unit(value, their)):
            continue
        inside = aligned.claim.within(ours.start, ours.end)
        if ours.kind is Kind.DATE and not _follows_same_word(aligned, inside, aligned.premise.within(their.start, their.end)):
            continue
        rule = "date" if ours.kind is Kind.DATE else "count" if ours.unit in _NO_UNIT else "amount"
        yield _Finding(rule, ours.kind, (ours.start, ours.end), (their.start, their.end), "The claim says {claim}, the source says {source}.", inside)
        return


def _follows_same_word(aligned: Alignment, ours: range, theirs: range) -> bool:
    """Whether both dates stand behind the same word: "closed in 2013" and "closing permanently in 2011"."""
    pair = aligned.by_claim.get(ours.start - 1)
    return pair is not None and 0 < theirs.start - pair.theirs <= NEAR


def _replaced(aligned: Alignment, ours: Value, same: Sequence[Value]) -> Iterator[_Finding]:
    """The claim states as current what the premise calls a former or a wrong value."""
    if ours.kind is Kind.DATE or _is_former(aligned.claim.text, ours):
        return
    equal = next((their for their in same if same_amount(ours, their) and _is_former(aligned.premise.text, their)), None)
    if equal is None:
        return
    current = next((their for their in same if not same_amount(ours, their) and not _is_former(aligned.premise.text, their)), None)
    if current:
        yield _Finding("former", Kind.NUMBER, (ours.start, ours.end), (current.start, current.end), "The source says {source} and calls {claim} an earlier or a wrong figure.", aligned.claim.within(ours.start, ours.end),
        )


def _is_former(text: str, value: Value) -> bool:
    before, behind = text[max(0, value.start - 40) : value.start], text[value.end : value.end + 40]
    return bool(_FORMER.search(before) or _FEARED.search(before) and _FORMERLY.match(behind))


# --- Another name -------------------------------------------------------------------------------------------------------

_TITLES = frozenset(map(stem, "Mr Mrs Ms Dr Prof Professor Sir Lord Lady President Captain Judge Rep Sen Senator General Gov Governor".split()))
_KINDS = frozenset(map(stem, "airline airlines university day league bank party street island county city award cup open museum church".split()))
_AUXILIARY = frozenset("has have had is was were are will would be been being also now then herself himself itself themselves to".split())
_LIKENESS = 0.7  # two names that alike are one in two spellings


def _names(aligned: Alignment) -> Iterator[_Finding]:
    """Somebody else did it: before the same verb, or behind the same word and "by"."""
    claim, premise = aligned.claim, aligned.premise
    for pair in aligned.pairs:
        if not pair.same or claim.words[pair.ours].kind is not WordKind.WORD:
            continue
        for names in (_subjects(aligned, pair), _agents(aligned, pair)):
            if names and _other_name(aligned, *names):
                ours, theirs = names
                yield _Finding("name", Kind.NAME, _stretch(claim, ours), _stretch(premise, theirs), "The claim names {claim}, the source names {source}.", range(*ours),
                )


def _subjects(aligned: Alignment, pair: Pair) -> tuple[Span, Span] | None:
    ours, theirs = _before(aligned.claim, pair.ours), _before(aligned.premise, pair.theirs)
    if not ours or not theirs or ours[0] > 0 or _passive(aligned.claim, pair.ours) != _passive(aligned.premise, pair.theirs):
        return None
    return ours, theirs


def _before(reading: Reading, at: int) -> Span | None:
    """The name of which the word is the verb, a range of words."""
    if at == 0 or reading.words[at - 1].kind is not WordKind.NAME or reading.words[at - 1].clause != reading.words[at].clause:
        return None
    word = reading.words[at]
    between = reading.text[reading.words[at - 1].end : word.start].casefold().split()
    verb = reading.text[word.start : word.end].endswith(("ed", "s", "ing")) or word.irregular or bool(between)
    return reading.name_around(at - 1) if verb and set(between) <= _AUXILIARY else None


def _passive(reading: Reading, at: int) -> bool:
    word = reading.words[at]
    behind = reading.text[word.end : word.end + 24]
    return bool(re.search(r"\b(?:was|were|is|are|been|being|be)\s(?:\w+ly\s)?$", reading.text[max(0, word.start - 24) : word.start])) or bool(
        re.match(r"\s(?:\w+\s)?by\b", behind)
    )


def _agents(aligned: Alignment, pair: Pair) -> tuple[Span, Span] | None:
    ours, theirs = _behind_by(aligned.claim, pair.ours), _behind_by(aligned.premise, pair.theirs)
    return (ours, theirs) if ours and theirs else None


def _behind_by(reading: Reading, at: int) -> Span | None:
    if at + 1 >= len(reading.words) or reading.words[at + 1].kind is not WordKind.NAME:
        return None
    between = reading.text[reading.words[at].end : reading.words[at + 1].start].casefold().split()
    return reading.name_around(at + 1) if between in (["by"], ["by", "the"]) else None


def _other_name(aligned: Alignment, ours: Span, theirs: Span) -> bool:
    one, other = _name(aligned.claim, ours), _name(aligned.premise, theirs)
    if is_country(" ".join(one)) or is_country(" ".join(other)):
        return False
    if not one or not other or _known(aligned, ours, one) or set(other) & aligned.claim.all_terms - set(one):
        return False
    if set(one) & set(other) and not (one[-1] in _KINDS or len(one) == len(other) == 2 and one[0] == other[0]):
        return False
    return SequenceMatcher(None, " ".join(one), " ".join(other)).ratio() < _LIKENESS


def _name(reading: Reading, span: Span) -> list[str]:
    return [word.term for word in reading.words[slice(*span)] if word.term not in _TITLES]


def _known(aligned: Alignment, ours: Span, name: list[str]) -> bool:
    """Whether the premise or its neighbours have the claim's name, the kind of thing it is aside."""
    own = set(name) - _KINDS if len(name) > 1 else set(name)
    last = name[-1]
    return last not in _KINDS and (last in aligned.premise.terms or last in aligned.around) or own <= aligned.premise.terms | aligned.around


def _stretch(reading: Reading, span: Span) -> Span:
    return reading.words[span[0]].start, reading.words[span[1] - 1].end


# --- Another polarity ---------------------------------------------------------------------------------------------------

# Words that deny by themselves. Where one side has one that the other lacks, nobody can tell what a negation adds up to.
_NEGATIVE = frozenset(
    map(
        stem,
        "lose loss stop prevent ban avoid contrary fail failure lack unlike refuse reject drop quit wrong false mistake hoax except few little "
        "deny dispute doubt block bar exclude without absent missing remove impossible unlikely myth claim suggestion".split(),
    )
)


def _denied(aligned: Alignment) -> Iterator[_Finding]:
    """The premise denies what the claim asserts."""
    premise = aligned.premise
    for n, denial in enumerate(premise.denials):
        heads = premise.heads(n)
        for j in heads if denial.scope is Scope.LEFT else heads[:1]:
            pair = aligned.by_premise.get(j)
            if pair and _flips(aligned, pair) and _mostly_flipped(aligned, n) and not _unpaired_negative(aligned, premise_too=False):
                yield _Finding("denied", Kind.OPPOSITE if denial.outcome else Kind.NEGATION,
                    _word(aligned.claim, pair.ours),
                    (denial.start, denial.end),
                    "The source denies it: “{source}”.",
                )
                break


def _asserted(aligned: Alignment) -> Iterator[_Finding]:
    """The claim denies what the premise asserts."""
    claim, premise = aligned.claim, aligned.premise
    for n, denial in enumerate(claim.denials):
        heads = claim.heads(n)[:1]
        pair = aligned.by_claim.get(heads[0]) if heads else None
        if pair is None or not _flips(aligned, pair) or _unpaired_negative(aligned, premise_too=True):
            continue
        clause = premise.words[pair.theirs].clause
        if any(word.denied and word.clause == clause for word in premise.words):
            continue
        if not aligned.neighbours(pair.ours, pair.theirs) or aligned.share_of_denied(n) < COVERED:
            continue
        yield _Finding("asserted", Kind.OPPOSITE if denial.outcome else Kind.NEGATION,
            (denial.start, denial.end),
            _word(premise, pair.theirs),
            "The claim says “{claim}”, the source asserts it.",
        )


def _flips(aligned: Alignment, pair: Pair) -> bool:
    ours, theirs = aligned.claim.words[pair.ours], aligned.premise.words[pair.theirs]
    if not ours.asserted or not theirs.asserted or ours.kind is not WordKind.WORD or theirs.kind is not WordKind.WORD:
        return False
    return (ours.positive == theirs.positive) == pair.opposite


def _mostly_flipped(aligned: Alignment, denial: int) -> bool:
    """Whether most of the claim's words that this denial of the premise covers are asserted there."""
    pairs = [pair for pair in aligned.pairs if denial in aligned.premise.words[pair.theirs].denied]
    same = [(aligned.claim.words[p.ours].positive == aligned.premise.words[p.theirs].positive) != p.opposite for p in pairs]
    return 2 * sum(same) < len(same)


def _unpaired_negative(aligned: Alignment, *, premise_too: bool) -> bool:
    ours = any(w.term in _NEGATIVE and i not in aligned.by_claim for i, w in enumerate(aligned.claim.words))
    return ours or premise_too and any(w.term in _NEGATIVE and j not in aligned.by_premise for j, w in enumerate(aligned.premise.words))


def _word(reading: Reading, at: int) -> Span:
    return reading.words[at].start, reading.words[at].end


# --- Another outcome ----------------------------------------------------------------------------------------------------


def _opposites(aligned: Alignment) -> Iterator[_Finding]:
    claim, premise = aligned.claim, aligned.premise
    opposed = [pair for pair in aligned.pairs if pair.opposite]
    if len(opposed) != 1:
        return
    pair = opposed[0]
    ours, theirs = claim.words[pair.ours], premise.words[pair.theirs]
    if ours.asserted and theirs.asserted and ours.positive == theirs.positive and not _turned(aligned, pair):
        yield _Finding("outcome", Kind.OPPOSITE, _word(claim, pair.ours), _word(premise, pair.theirs), "The claim says “{claim}”, the source says “{source}”.", range(pair.ours, pair.ours + 1),
        )


def _turned(aligned: Alignment, pair: Pair) -> bool:
    """Whether something else in the premise's clause reverses the word: "increasing rates of loss"."""
    word = aligned.premise.words[pair.theirs]
    return any(
        other.clause == word.clause and j != pair.theirs and j not in aligned.by_premise and (other.term in _NEGATIVE or other.term in opposites())
        for j, other in enumerate(aligned.premise.words)
        if abs(j - pair.theirs) <= 3
    )


# --- Only and all -------------------------------------------------------------------------------------------------------

_NOTHING_ELSE = re.compile(r"\b(?:nothing else|no one else|nobody else|no other|only (?:one|a single)|just (?:one|a single))\b", re.I)
_SEVERAL = re.compile(r"\b(?:several|many|multiple|numerous|dozens of|hundreds of|thousands of|a number of)\b", re.I)
_NOT_ALL = re.compile(r"\bnot (?:all|every|everyone|everybody|always)\b", re.I)
_ALL = re.compile(r"\b(?:all|every|everyone|everybody|always|entirely|completely|each)\b", re.I)


def _exclusives(aligned: Alignment) -> Iterator[_Finding]:
    for ours, theirs in ((_SEVERAL, _NOTHING_ELSE), (_ALL, _NOT_ALL)):
        in_claim, in_source = ours.search(aligned.claim.text), theirs.search(aligned.premise.text)
        if in_claim and in_source and _beside(aligned, in_claim.end(), in_source.end()):
            yield _Finding("exclusive", Kind.OPPOSITE, in_claim.span(), in_source.span(), "The claim says “{claim}”, the source says “{source}”."
            )


def _beside(aligned: Alignment, ours: int, theirs: int) -> bool:
    """Whether a word next to the one place is paired with one next to the other."""
    near = {i for i, w in enumerate(aligned.claim.words) if abs(w.start - ours) <= 30}
    return any(p.ours in near and abs(aligned.premise.words[p.theirs].start - theirs) <= 30 for p in aligned.pairs)
