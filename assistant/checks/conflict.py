"""Two sentences of different sources to what they say differently of one thing: a number, a date, who did it.

Nothing is averaged and nobody is picked. Compared is only what stands in the same place: numbers of one counted noun or unit,
dates of one predicate, the actors of one predicate. Swapping the sentences mirrors the result.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date

from assistant.checks._actors import Stretch, other_actors, predicates_of
from assistant.checks._compared import (
    agree,
    clause_at,
    content_of,
    countable,
    other_fate,
    share_names,
    speaks_of_same_figure,
)
from assistant.checks._sides import Side, two_sides
from assistant.clauses import SAYING, Token, finite_verb, tokenize
from assistant.types import Conflict, Difference, Evidence, Kind
from assistant.values import Value, find_values, same_unit

__all__ = ["Side", "conflict_between", "has_deed", "two_sides"]

_SAME_OCCASION_DAYS = 45  # between two articles that may speak of one event without a common name
_SAME_STORY_DAYS = 300  # with one; awards, storms and seasons come again
_LONGEST = 3000  # characters of a sentence
_SAYING_ENDS = re.compile(r" (?:said|says|told|tells|reported|reports|noted|added|announced)$")


def conflict_between(first: Evidence, second: Evidence, claim: str) -> Conflict | None:
    """What two sentences say differently of the claim's subject, None where nothing of theirs can be set side by side.

    `differences` mark both sides in Article.text; `claim` of the result is 0, for the caller to number. Values that bear each
    other out ("more than 30" and "35"), and an earlier figure that the other sentence names too, are no difference.
    """
    if first.span.overlaps(second.span):
        return None
    one, other = first.text[:_LONGEST], second.text[:_LONGEST]
    shared = share_names(one, other)
    days = _days_apart(first, second)
    if days > (_SAME_STORY_DAYS if shared else _SAME_OCCASION_DAYS):
        return None
    pairs = list(other_actors(one, other, claim))
    if shared is not False:
        pairs += [*_numbers(one, other, claim), *_dates(first, second)]
    if not pairs:
        return None
    pairs.sort(key=lambda pair: (pair[0].start, pair[1].start))
    differences = tuple(_difference(first, second, *pair) for pair in pairs)
    return Conflict(0, first, second, differences, _note(first, second, differences[0]))


def has_deed(claim: str, text: str) -> bool:
    """Whether a sentence has one of the claim's verbs, if it has any: a town of 30,000 people is no count of the killed."""
    deeds = predicates_of(claim)
    return not deeds or bool(deeds & content_of(text))


def _days_apart(first: Evidence, second: Evidence) -> int:
    days = _published(first), _published(second)
    return abs((days[0] - days[1]).days) if days[0] and days[1] else 0


def _difference(first: Evidence, second: Evidence, here: Stretch, there: Stretch) -> Difference:
    return Difference(
        here.kind,
        here.text,
        there.text,
        first.span.start + here.start,
        first.span.start + here.end,
        second.span.start + there.start,
        second.span.start + there.end,
        second.span.article_id,
    )


def _note(first: Evidence, second: Evidence, difference: Difference) -> str:
    names = [_said_by(first), _said_by(second)]
    if names[0] == names[1]:
        names = ["One source", "another"]
    return f"{names[0][:1].upper()}{names[0][1:]} has “{difference.in_claim}”, {names[1]} has “{difference.in_source}”."


def _said_by(evidence: Evidence) -> str:
    speaker = _SAYING_ENDS.sub("", (evidence.attribution or "").removeprefix("according to ")).strip()
    return speaker or (evidence.article.publisher if evidence.article else None) or "One source"


# --- Numbers and dates ------------------------------------------------------------------------------------------------


def _numbers(one: str, other: str, claim: str) -> Iterator[tuple[Stretch, Stretch]]:
    """Pairs of different numbers of the same thing, each number once."""
    here, there = countable(one), countable(other)
    candidates = [
        (not (a.noun and a.noun == b.noun), a.start + b.start, abs(a.start - b.start), a, b)
        for a in _only_here(here, there)
        for b in _only_here(there, here)
        if _same_thing(a, b, one, other, claim)
    ]
    taken: set[tuple[int, int]] = set()
    for *_, a, b in sorted(candidates, key=lambda candidate: candidate[:3]):
        if not {(0, a.start), (1, b.start)} & taken:
            taken |= {(0, a.start), (1, b.start)}
            yield _stretch(a), _stretch(b)


def _only_here(values: Sequence[Value], others: Sequence[Value]) -> list[Value]:
    """The values that the other sentence does not have as well."""
    return [value for value in values if not any(agree(value, other) for other in others)]


def _same_thing(a: Value, b: Value, one: str, other: str, claim: str) -> bool:
    """Whether two numbers count or measure one thing, of which the claim speaks."""
    if not same_unit(a, b) or other_fate(clause_at(one, a.start), clause_at(other, b.start)):
        return False
    shared = (content_of(one) & content_of(other) & content_of(claim)) - {a.noun, b.noun}
    if a.noun and b.noun:
        return a.noun == b.noun and a.noun in content_of(claim) and bool(shared)
    wanted = [value for value in countable(claim) if same_unit(value, a) and (agree(value, a) or agree(value, b))]
    figure = speaks_of_same_figure(one) or speaks_of_same_figure(other)
    if a.unit:
        return bool(wanted) and (figure or len(shared) > 1 or bool(_subject(one) & _subject(other)))
    noun, bare = (a.noun, other) if a.noun else (b.noun, one)
    said = figure or (noun in content_of(bare) and any(token.low in SAYING for token in tokenize(bare)))
    return bool(wanted) and bool(noun) and noun in content_of(claim) and said


def _subject(text: str) -> set[str]:
    """Stems of what stands before the finite verb."""
    tokens = tokenize(text)
    verb = finite_verb(tokens, text)
    return content_of(text[: tokens[verb].start]) if verb else set()


def _dates(first: Evidence, second: Evidence) -> Iterator[tuple[Stretch, Stretch]]:
    """The one date of each sentence, where they differ and both sentences say the same happened."""
    one, other = first.text[:_LONGEST], second.text[:_LONGEST]
    here, there = _event_dates(one, _published(first)), _event_dates(other, _published(second))
    same_event = predicates_of(one) & predicates_of(other) and len(content_of(one) & content_of(other)) >= 2
    if same_event and len(here) == 1 and len(there) == 1 and not agree(here[0], there[0]):
        yield _stretch(here[0]), _stretch(there[0])


def _published(evidence: Evidence) -> date | None:
    return evidence.article.published if evidence.article else None


def _event_dates(text: str, day: date | None) -> list[Value]:
    """Dates of what happened, not of who said so when."""
    tokens = tokenize(text)
    return [
        value
        for value in find_values(text, day)
        if value.kind is Kind.DATE and (value.day or value.precision == "time") and not _dates_a_saying(tokens, value)
    ]


def _dates_a_saying(tokens: Sequence[Token], value: Value) -> bool:
    before = [token for token in tokens if token.end <= value.start][-3:]
    return any(token.low in SAYING for token in before)


def _stretch(value: Value) -> Stretch:
    return Stretch(value.kind, value.text, value.start, value.end)
