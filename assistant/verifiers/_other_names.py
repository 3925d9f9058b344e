"""Who did it: where the premise has another name before the same verb, or behind the same verb and "by".

Places are left alone ("in London" goes with "in England"), and so are countries, of which several may do the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import SequenceMatcher

from assistant.terms import all_stems
from assistant.types import Kind
from assistant.values import is_country, name_key, same_name
from assistant.verifiers._alignment import Alignment, Pair
from assistant.verifiers._findings import Finding
from assistant.verifiers._reading import Reading, WordKind

_TITLES = frozenset(
    all_stems(
        "Mr Mrs Ms Dr Prof Professor Sir Lord Lady President Captain Judge Rep Sen Senator General Gov Governor Prince Princess"
    )
)
_KINDS = frozenset(
    all_stems(
        "airlines university day league bank party street island county city award cup open museum church company"
    )
)
_AUXILIARIES = frozenset(
    "has have had is was were are will be been being also now then herself himself itself themselves".split()
)
_SHORTENED = 3  # letters that are left of a name at least
_LIKENESS = 0.7  # from here on two names are two spellings of one
_PASSIVE = re.compile(r"\b(?:was|were|is|are|been|being|be)\s(?:\w+ly\s)?$")
_OBJECT = re.compile(r"\s(?:(?:the|an?|his|her|its|their)\b|[A-Z])")
_BY = re.compile(r"\s(?:\w+\s)?by\b")


def other_names(aligned: Alignment) -> Iterator[Finding]:
    for pair in aligned.pairs:
        if not pair.same or aligned.claim.words[pair.ours].kind is not WordKind.WORD:
            continue
        if not aligned.premise.words[pair.theirs].asserted or _of_another_time(aligned, pair):
            continue
        for names in (_subjects(aligned, pair), _agents(aligned, pair)):
            if names and _differ(aligned, *names):
                ours, theirs = names
                spans = aligned.claim.span(ours), aligned.premise.span(theirs)
                yield Finding("name", Kind.NAME, *spans, "The claim names {claim}, the source names {source}.", ours)


def swapped(aligned: Alignment) -> Iterator[Finding]:
    """The claim has subject and object the other way round: "Orrin beat Haldane", "Haldane beat Orrin"."""
    claim, premise = aligned.claim, aligned.premise
    for pair in aligned.pairs:
        ours, theirs = _both_sides(claim, pair.ours), _both_sides(premise, pair.theirs)
        if pair.same and ours and theirs and _is_passive(claim, pair.ours) == _is_passive(premise, pair.theirs):
            keys, other_keys = [_key(claim, name) for name in ours], [_key(premise, name) for name in theirs]
            turned = same_name(keys[0], other_keys[1]) and same_name(keys[1], other_keys[0])
            if turned and not same_name(*keys):
                spans = claim.span(ours[0]), premise.span(theirs[0])
                yield Finding("swapped", Kind.NAME, *spans, "The claim says it of {claim}, the source of {source}.")


def _both_sides(reading: Reading, at: int) -> tuple[range, range] | None:
    """The names before and behind a verb."""
    before = _before(reading, at)
    if not before or at + 1 >= len(reading.words) or reading.words[at + 1].kind is not WordKind.NAME:
        return None
    return before, reading.name_around(at + 1)


def _subjects(aligned: Alignment, pair: Pair) -> tuple[range, range] | None:
    ours, theirs = _before(aligned.claim, pair.ours), _before(aligned.premise, pair.theirs)
    if not ours or not theirs or not _opens(aligned.claim, ours):
        return None
    same_voice = _is_passive(aligned.claim, pair.ours) == _is_passive(aligned.premise, pair.theirs)
    return (ours, theirs) if same_voice else None


def _before(reading: Reading, at: int) -> range | None:
    """The name of which the word is the verb."""
    words = reading.words
    if at == 0 or words[at - 1].kind is not WordKind.NAME or words[at - 1].clause != words[at].clause:
        return None
    between = reading.between(at - 1, at)
    is_subject = set(between) <= _AUXILIARIES and (bool(between) or _looks_like_verb(reading, at))
    return reading.name_around(at - 1) if is_subject else None


def _looks_like_verb(reading: Reading, at: int) -> bool:
    word = reading.words[at]
    ending = reading.text[word.start : word.end].endswith(("ed", "s", "ing"))
    return word.irregular or ending or _OBJECT.match(reading.text, word.end) is not None


def _opens(reading: Reading, name: range) -> bool:
    """Whether the text begins with the name, or with what its bearer is: "Second officer Tomas Brandl"."""
    return not any(reading.between(i, i + 1) for i in range(name.start))


def _is_passive(reading: Reading, at: int) -> bool:
    word = reading.words[at]
    return bool(
        _PASSIVE.search(reading.text[max(0, word.start - 24) : word.start]) or _BY.match(reading.text, word.end)
    )


def _of_another_time(aligned: Alignment, pair: Pair) -> bool:
    """Whether the premise counts how often, or has a year that the claim has not: "won seven titles", "won it in 1986"."""
    words = aligned.premise.words
    counts = pair.theirs + 1 < len(words) and words[pair.theirs + 1].kind is WordKind.NUMBER
    years = {word.term for word in words if word.kind is WordKind.YEAR}
    return counts or not years <= aligned.claim.terms


def _agents(aligned: Alignment, pair: Pair) -> tuple[range, range] | None:
    ours, theirs = _behind_by(aligned.claim, pair.ours), _behind_by(aligned.premise, pair.theirs)
    return (ours, theirs) if ours and theirs else None


def _behind_by(reading: Reading, at: int) -> range | None:
    if at + 1 >= len(reading.words) or reading.words[at + 1].kind is not WordKind.NAME:
        return None
    return reading.name_around(at + 1) if reading.between(at, at + 1) in (["by"], ["by", "the"]) else None


def _differ(aligned: Alignment, ours: range, theirs: range) -> bool:
    one, other = _own_words(aligned.claim, ours), _own_words(aligned.premise, theirs)
    if not one or not other or is_country(" ".join(one)) or is_country(" ".join(other)):
        return False
    if _is_known(aligned, one) or set(other) & (aligned.claim.terms - set(one)):
        return False
    key, other_key = _key(aligned.claim, ours), _key(aligned.premise, theirs)
    if _is_short_for(key, other_key) or _is_short_for(other_key, key):
        return False
    if same_name(key, other_key) or SequenceMatcher(None, key, other_key).ratio() >= _LIKENESS:
        return False
    shared = set(one) & set(other)
    return not shared or one[-1] in _KINDS or (one[-1] not in shared and len(one) == len(other) == 2)


def _is_short_for(one: str, other: str) -> bool:
    """ "Fed" for "Federal Reserve"."""
    return len(one) >= _SHORTENED and other.startswith(one)


def _key(reading: Reading, name: range) -> str:
    start, end = reading.span(name)
    return name_key(reading.text[start:end])


def _own_words(reading: Reading, name: range) -> list[str]:
    return [reading.words[i].term for i in name if reading.words[i].term not in _TITLES]


def _is_known(aligned: Alignment, name: list[str]) -> bool:
    """Whether the premise or its neighbours have the claim's name as well."""
    there = aligned.premise.terms | aligned.around
    return (name[-1] not in _KINDS and name[-1] in there) or set(name) - _KINDS <= there
