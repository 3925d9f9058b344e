"""A sentence, or two, of one article to the two speakers in it who give different figures for the same thing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.checks._actors import phrase_after, phrase_before, predicates_of
from assistant.checks._compared import agree, clauses_of, content_of, countable, other_fate, speaks_of_same_figure
from assistant.clauses import AUXILIARIES, DETERMINERS, PREPOSITIONS, SAYING, Token, tokenize
from assistant.sentences import split_sentences
from assistant.values import Value, same_unit

_LONGEST = 3000  # characters
_ACCORDING = re.compile(r"\baccording to\s+", re.IGNORECASE)
_SPEAKS = frozenset(  # not "reported": each county reports its own cases
    """said says say put puts estimated estimates estimate claimed claims claim counted counts argued argues insisted insists
    maintained maintains believed believes spoke speaks gave gives denied denies thought thinks""".split()
)
_NOBODY = frozenset("he she it they we i you who which that this these those there what others some many most".split())
_LONGEST_SPEAKER = 6  # words


@dataclass(frozen=True, slots=True)
class Side:
    """What one of two speakers says in a text: `text[start:end]` is the value."""

    speaker: str
    value: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Said:
    side: Side
    value: Value
    clause: str
    gapped: bool
    """Nothing but the speaker stands before the number: "the county 6,800"."""


def two_sides(text: str) -> tuple[Side, Side] | None:
    """Two speakers of one article who give different numbers for the same thing, in the order of the text.

    `text` is a sentence, or two that follow each other: "The city says 4,200, the county 6,800."
    """
    said = list(_attributed(text[:_LONGEST]))
    for at, one in enumerate(said):
        for other in said[at + 1 :]:
            if not one.gapped and _disagree(one, other):
                return one.side, other.side
    return None


def _disagree(one: _Said, other: _Said) -> bool:
    """Whether two people give different numbers, and what the second number is of shows that it is the first one's."""
    if content_of(one.side.speaker) & content_of(other.side.speaker) or one.side.speaker == other.side.speaker:
        return False
    if not same_unit(one.value, other.value) or agree(one.value, other.value) or other_fate(one.clause, other.clause):
        return False
    if one.value.noun and other.value.noun and one.value.noun != other.value.noun:
        return False
    content = content_of(other.clause)
    things = (content & content_of(one.clause)) - predicates_of(one.clause) - predicates_of(other.clause)
    counted = bool(one.value.noun) and one.value.noun == other.value.noun and len(things) > 1
    return other.gapped or speaks_of_same_figure(other.clause) or counted or (bool(one.value.unit) and len(things) > 1)


def _attributed(text: str) -> Iterator[_Said]:
    """Numbers with who gives them."""
    for begin, end in split_sentences(text):
        spoken, carried = False, ""
        for start, clause in clauses_of(text, begin, end):
            speaker, since = _speaker_of(clause, text[begin:start])
            speaker, carried = speaker or carried, speaker if _ACCORDING.match(clause) else ""
            for value in countable(clause):
                gapped = _gapped_speaker(clause, value) if spoken and not speaker else ""
                who = gapped or (speaker if value.start >= since else "")
                if who:
                    side = Side(who, value.text, start + value.start, start + value.end)
                    yield _Said(side, value, clause, bool(gapped))
            spoken = spoken or bool(speaker)


def _speaker_of(clause: str, before: str) -> tuple[str, int]:
    """Who speaks in the clause, and from where: the words before a verb of saying, or behind "according to".

    Behind an apposition the verb comes first, and its subject is what the sentence begins with.
    """
    if match := _ACCORDING.search(clause):
        rest = clause[match.end() :]
        return _valid(rest, phrase_after(tokenize(rest), 0, rest)), 0
    tokens = tokenize(clause)
    at = next((at for at, token in enumerate(tokens[:12]) if token.low in _SPEAKS), None)
    if at is None:
        return "", 0
    if at == 0:
        return _valid(before, (0, before.index(","))) if "," in before else "", tokens[0].end
    return _valid(clause, phrase_before(tokens, at, clause)), tokens[at].end


def _valid(text: str, ends: tuple[int, int] | None) -> str:
    """The phrase, where it can be a speaker: a few words, no number, no pronoun, no verb."""
    phrase = text[ends[0] : ends[1]].strip() if ends else ""
    words = tokenize(phrase)
    known = not any(word.low in _NOBODY | SAYING | AUXILIARIES or word.text[0].isdigit() for word in words)
    return phrase if known and _names_somebody(words) else ""


def _names_somebody(words: Sequence[Token]) -> bool:
    if not 0 < len(words) <= _LONGEST_SPEAKER or words[-1].low in DETERMINERS | PREPOSITIONS:
        return False
    return (
        words[0].low in {"the", "its", "a", "an", "his", "her", "their"}
        or words[0].capital
        or words[-1].low.endswith("s")
    )


def _gapped_speaker(clause: str, value: Value) -> str:
    before = tokenize(clause[: value.start])
    if not before or clause[before[-1].end : value.start].strip() or any(word.low in PREPOSITIONS for word in before):
        return ""
    return _valid(clause, (before[0].start, before[-1].end)) if before[0].start == 0 else ""
