"""Two sentences and a claim to the people whom each names for one and the same deed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.checks._compared import base_of, content_of, share_names
from assistant.clauses import ADVERBS, AUXILIARIES, BE, DETERMINERS, PREPOSITIONS, SAYING, Token, is_finite, tokenize
from assistant.coreference import ROLES
from assistant.terms import stem
from assistant.types import Kind

_MANY = """meet visit join attend support vote live work call sign take make have get see use play go come give put hold run
    show become begin continue remain help want need try ask tell keep leave stand lie"""
_SHARED_BY_MANY = frozenset(map(stem, _MANY.split()))  # others may have done it too
_NO_DEED = AUXILIARIES | (SAYING - {"wrote", "writes", "found", "finds"}) | DETERMINERS | PREPOSITIONS | ADVERBS


@dataclass(frozen=True, slots=True)
class Stretch:
    """Words of a sentence that stand against words of another: `sentence[start:end]`."""

    kind: Kind
    text: str
    start: int
    end: int


def other_actors(one: str, other: str, claim: str) -> Iterator[tuple[Stretch, Stretch]]:
    """Who did what the claim speaks of, where the two sentences name different people for it."""
    asked = predicates_of(claim) - _SHARED_BY_MANY
    here, there = _doers(one, asked), _doers(other, asked)
    for predicate in sorted(here.keys() & there.keys()):
        doer, rival = here[predicate], there[predicate]
        apart = not share_names(doer.text, other) and not share_names(rival.text, one)
        if apart and _other_people(doer.text, rival.text) and _about_one_thing(one, other, claim, predicate):
            yield doer, rival


def _about_one_thing(one: str, other: str, claim: str, predicate: str) -> bool:
    about = content_of(claim) - {predicate}
    return bool(about & content_of(one)) and bool(about & content_of(other))


def predicates_of(text: str) -> set[str]:
    """Stems of the verbs: finite ones that are no auxiliaries, and participles behind auxiliaries."""
    tokens = tokenize(text)
    return {base_of(token.low) for at, token in enumerate(tokens) if _is_verb(tokens, at, text)}


def _is_verb(tokens: Sequence[Token], at: int, text: str) -> bool:
    low = tokens[at].low
    if not at or low in _NO_DEED:
        return False
    before = [token.low for token in tokens[max(0, at - 3) : at] if token.low not in ADVERBS]
    participle = (
        bool(before) and before[-1] in AUXILIARIES and low.endswith(("ed", "en", "wn", "ght", "lt", "nt", "ld", "ot"))
    )
    passive = (
        at + 1 < len(tokens) and tokens[at + 1].low == "by" and low.endswith(("ed", "en", "wn", "ght", "ilt", "ot"))
    )
    return participle or passive or is_finite(tokens, at, text)


def _doers(text: str, asked: set[str]) -> dict[str, Stretch]:
    """The actor of each predicate that is asked for: "by" whom in the passive, else the words before the verb."""
    tokens = tokenize(text)
    found: dict[str, Stretch] = {}
    for at, token in enumerate(tokens):
        predicate = base_of(token.low)
        if predicate not in asked or not _is_verb(tokens, at, text):
            continue
        passive = _is_passive(tokens, at)
        by = next((place for place in range(at + 1, min(at + 4, len(tokens))) if tokens[place].low == "by"), None)
        ends = phrase_after(tokens, by + 1, text) if by and (passive or by == at + 1) else None
        if not passive and by != at + 1:
            ends = phrase_before(tokens, at, text)
        if ends and ends[0] < ends[1] and predicate not in found:
            found[predicate] = Stretch(Kind.NAME, text[ends[0] : ends[1]], *ends)
    return found


def _is_passive(tokens: Sequence[Token], at: int) -> bool:
    before = [token.low for token in tokens[max(0, at - 3) : at] if token.low not in ADVERBS]
    return bool(before) and before[-1] in BE


def phrase_after(tokens: Sequence[Token], begin: int, text: str) -> tuple[int, int] | None:
    """ "the second officer, Tomas Brandl": a noun phrase and the name that follows it."""
    end = begin
    while end < len(tokens) and end - begin < 8 and not _ends_phrase(tokens, begin, end, text):
        end += 1
    return (tokens[begin].start, tokens[end - 1].end) if end > begin else None


def _ends_phrase(tokens: Sequence[Token], begin: int, at: int, text: str) -> bool:
    if at == begin:
        return False
    between = text[tokens[at - 1].end : tokens[at].start]
    apposed = between.strip() == "," and tokens[at].capital and not any(token.capital for token in tokens[begin:at])
    stops = tokens[at].low in PREPOSITIONS | AUXILIARIES | SAYING | {"and", "who", "which", "that"}
    return stops or (bool(between.strip(" ·“”\"'’")) and not apposed) or (is_finite(tokens, at, text))


def phrase_before(tokens: Sequence[Token], verb: int, text: str) -> tuple[int, int] | None:
    end = verb
    while end and (tokens[end - 1].low in ADVERBS | AUXILIARIES or tokens[end - 1].low == "who"):
        end -= 1
    begin = end
    while begin and end - begin < 8 and _goes_back(tokens, begin, end, text):
        begin -= 1
    is_object = begin > 0 and tokens[begin - 1].low in PREPOSITIONS
    return (tokens[begin].start, tokens[end - 1].end) if begin < end and not is_object else None


def _goes_back(tokens: Sequence[Token], begin: int, end: int, text: str) -> bool:
    """Whether the word before tokens[begin] belongs to the phrase: "the captain, Ingrid Solheim," is one."""
    before = tokens[begin - 1]
    if begin < end:
        between = text[before.end : tokens[begin].start].strip(" ·“”\"'’")
        if between and not (between == "," and before.low in ROLES and tokens[begin].capital):
            return False
    return before.low not in PREPOSITIONS | AUXILIARIES | SAYING | {"that", "and", "but", "while", "who", "which"}


def _other_people(one: str, other: str) -> bool:
    """Whether two phrases name different people: by name where both have one, else by what they are."""
    shared = share_names(one, other)
    roles = [{token.low for token in tokenize(text)} & ROLES for text in (one, other)]
    if shared is not None:
        return not shared
    return bool(roles[0]) and bool(roles[1]) and not roles[0] & roles[1]
