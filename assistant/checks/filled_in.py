"""A name or date that cited words lack to whether it fills in what they leave out, or stands where they have another one.

"The White House" for "it", "Captain Solheim" for "the captain", "19 January" for "on Monday" fill in; they may come from
beside the cited sentence. "Solheim steered" for "Brandl steered" is an exchange: the cited sentence has a name that the
statement lacks, in the same part. What part a name plays is read from the preposition that governs it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from assistant.checks.attribution import attributions
from assistant.checks.speakers import is_title
from assistant.checks.values import bears_out
from assistant.clauses import DETERMINERS, PREPOSITIONS
from assistant.terms import STOP_WORDS, stem, terms
from assistant.types import Difference, Kind
from assistant.values import Value, find_values, is_country, name_key, same_name
from assistant.values.days import WEEKDAYS

Dated = tuple[str, date | None]
"""A text and the day it was published."""


def fills_in(
    missing: Difference, statement: str, cited: Sequence[Dated], beside: Sequence[Dated], titles: Sequence[str] = ()
) -> bool:
    """Whether a name or date that no cited text has stands in a text beside them and takes no other one's place.

    A name in one of the `titles` is what all of an article is about; another one has to stand beside words of the statement.
    """
    if missing.kind is Kind.NAME:
        if _speaks(statement, missing.in_claim):
            return False  # who speaks, the cited words and their speaker say
        known = _is_in_title(missing, statement, titles) or _is_named(missing, statement, beside)
        return known and not _is_exchanged(missing, statement, cited)
    if missing.kind is Kind.DATE:
        return _is_dated(missing, statement, beside) and not _is_exchanged_date(statement, cited)
    return False


# --- Names ------------------------------------------------------------------------------------------------------------


def _is_named(missing: Difference, statement: str, beside: Sequence[Dated]) -> bool:
    """Whether a text beside the cited words has the name, and next to it a word that the statement has next to it."""
    around = _around(statement, missing.start, missing.end, _NEAR)
    key = name_key(missing.in_claim)
    return any(
        same_name(value.key, key) and around & _around(text, value.start, value.end, _NEAR_BESIDE)
        for text, _ in beside
        for value in find_values(text)
        if value.kind is Kind.NAME
    )


def _is_in_title(missing: Difference, statement: str, titles: Sequence[str]) -> bool:
    key = name_key(missing.in_claim)
    in_title = any(f" {key} " in f" {name_key(title)} " for title in titles)
    return in_title and _part(statement, missing.start, missing.end) in _PLAIN_PARTS


def _around(text: str, start: int, end: int, reach: int) -> frozenset[str]:
    """Stems of so many words that carry meaning on each side."""
    before, behind = _content(text[:start])[-reach:], _content(text[end:])[:reach]
    return frozenset(map(stem, (*before, *behind)))


def _content(text: str) -> list[str]:
    return [word for word in _WORD.findall(text) if word.casefold() not in STOP_WORDS]


_WORD = re.compile(r"[^\W\d_]{2,}")
_NEAR, _NEAR_BESIDE = 2, 3  # words on each side: a statement is denser than what it sums up


def has_moved(missing: Difference, statement: str, cited: Sequence[Dated]) -> bool:
    """Whether the name stands where the cited words have a name that the statement has elsewhere."""
    names = [value for value in find_values(statement) if value.kind is Kind.NAME]
    elsewhere = [value.key for value in names if value.start != missing.start]
    return _is_exchanged(missing, statement, cited, elsewhere)


def _is_exchanged(
    missing: Difference, statement: str, cited: Sequence[Dated], only: Sequence[str] | None = None
) -> bool:
    """Whether a cited text has in that part a name that the statement lacks, or has in another part or other company.

    Of the names of the cited texts, those of `only` count.
    """
    names = [value for value in find_values(statement) if value.kind is Kind.NAME]
    ours = next((value for value in names if value.start == missing.start), None)
    theirs = [(text, value) for text, _ in cited for value in find_values(text) if value.kind is Kind.NAME]
    if only is not None:
        theirs = [(text, value) for text, value in theirs if any(same_name(value.key, key) for key in only)]
    return ours is None or any(_is_for(ours, statement, name, text, names) for text, name in theirs)


def _is_for(ours: Value, statement: str, theirs: Value, text: str, names: Sequence[Value]) -> bool:
    """Whether our name stands in the statement where the other one stands in the cited text."""
    kept = [value for value in names if same_name(value.key, theirs.key)]
    if not kept and is_country(theirs.text) and is_country(ours.text):
        return True
    part = _part(text, theirs.start, theirs.end)
    if part != _part(statement, ours.start, ours.end):
        return False
    if not kept:
        return not _speaks(text, theirs.text)
    in_part = [value for value in kept if _part(statement, value.start, value.end) == part]
    company = [_company(statement, one, text, theirs) for one in (ours, *in_part)]
    return not in_part or company[0] > max(company[1:])


def _company(text: str, value: Value, other_text: str, other: Value) -> int:
    """How many words two names have in common in front of them and behind them."""
    before = _around(text[: value.start], value.start, value.end, _NEAR) & _around(
        other_text[: other.start], other.start, other.end, _NEAR
    )
    behind = _around(text[value.end :], 0, 0, _NEAR) & _around(other_text[other.end :], 0, 0, _NEAR)
    return len(before) + len(behind)


def _speaks(text: str, name: str) -> bool:
    """Whether the text attributes something to the name."""
    return any(set(name.split()) <= set(re.findall(r"[\w'’-]+", cue.words)) for cue in attributions(text))


_PARTS = {
    **dict.fromkeys("by as than like".split(), ""),  # who steered is who it was steered by
    **dict.fromkeys("in at on near inside outside within around off".split(), "in"),
    **dict.fromkeys("to for into onto towards toward".split(), "to"),
    **dict.fromkeys("from of".split(), "of"),
}
_PLAIN_PARTS = frozenset(
    {"", "in", "of", "(", "from"}
)  # "with" or "against" somebody is more than a place or a subject
_TOKEN = re.compile(r"[\w'’.-]*\w|[^\w\s]")
_REACH = 80  # characters before a name in which its preposition stands
_NOUNS = 2  # words between a preposition and a name: "to the retired locksmith Ewan Sillars"
_ORDINALS = frozenset("first second third deputy former acting late new then".split())


def _part(text: str, start: int, end: int) -> str:
    """The preposition that governs a name, those of place as "in"; empty for who acts and whom it is done to."""
    if re.match(r"['’]s?\b", text[end : end + 2]):
        return "of"
    nouns = 0
    for match in reversed(list(_TOKEN.finditer(text[max(0, start - _REACH) : start]))):
        word, low = match.group(), match.group().casefold()
        if word == "(":
            return word
        if low in PREPOSITIONS:
            return _PARTS.get(low, low)
        if low in DETERMINERS or low in _ORDINALS or is_title(word) or word[0].isupper():
            continue
        nouns += 1
        if not word.isalpha() or nouns > _NOUNS:
            return ""
    return ""


# --- Dates ------------------------------------------------------------------------------------------------------------


def _is_dated(missing: Difference, statement: str, beside: Sequence[Dated]) -> bool:
    """Whether a text beside the cited words that speaks of the same has the date."""
    wanted = set(terms(statement))
    return any(
        any(bears_out(found, value) for found in _dates(text, day))
        for text, day in beside
        if len(wanted & set(terms(text))) >= _OF_ONE_THING
        for value in _dates(statement, day)
        if (value.start, value.end) == (missing.start, missing.end) and _may_be_filled_in(value)
    )


_OF_ONE_THING = 3  # terms that a statement and a text beside its cited words must share for a date to be of both


def _may_be_filled_in(value: Value) -> bool:
    """No bare year, which may be a figure, and no day with the wrong weekday."""
    weekday = next((WEEKDAYS[word] for word in _WORD.findall(value.text.casefold()) if word in WEEKDAYS), None)
    return value.precision != "year" and (weekday is None or value.day is None or value.day.weekday() == weekday)


def _is_exchanged_date(statement: str, cited: Sequence[Dated]) -> bool:
    """Whether a cited text has a date of its own that the statement does not say."""
    return any(
        not any(bears_out(ours, theirs) or bears_out(theirs, ours) for ours in _dates(statement, day))
        for text, day in cited
        for theirs in _dates(text, day)
    )


def _dates(text: str, day: date | None) -> list[Value]:
    return [value for value in find_values(text, day) if value.kind is Kind.DATE and value.precision != "time"]
