"""A conversation to the words that a reader of its transcript sees, the same in every format. Nothing here is escaped yet."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from assistant.bill import bill_words
from assistant.exports._words import flat_facts, status_word, zone_word
from assistant.render import STATE_WORDS, finding_words, state_reason
from assistant.types import Answer, Article, CheckedStatement, Citation, Filters, Match

DRAFT = "Written by a program from the articles at hand: it says what they say. A person has to judge it."

_ANYTHING = Filters()
_MARKERS = re.compile(r"(?:[ \u00a0]?\[\d+\])+")


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question with its answer, and what it was asked with."""

    answer: Answer
    filters: Filters = _ANYTHING
    asked: datetime | None = None
    """When; None where nobody knows."""


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of an answer, the numbers of what it rests on, and its state."""

    text: str
    markers: tuple[int, ...] = ()
    statement: CheckedStatement | None = None

    @property
    def state(self) -> str:
        """ "Contradicted by its source. It says 30, not 40."; empty for words that state nothing."""
        if self.statement is None:
            return ""
        return f"{STATE_WORDS[self.statement.state].capitalize()}. {state_reason(self.statement)}".rstrip()


def parts_of(answer: Answer) -> list[Part]:
    """The whole text, cut at statements and citations, in order; brackets with the numbers of citations are left out."""
    if answer.abstained is not None:
        return [Part(answer.text or answer.abstained)]
    markers: dict[tuple[int, int], list[int]] = {(one.start, one.end): [] for one in answer.statements}
    stated = {(one.start, one.end): one for one in answer.statements}
    for citation in answer.citations:
        markers.setdefault((citation.answer_start, citation.answer_end), []).append(citation.marker)
    parts, at = [], 0
    for start, end in sorted(markers):
        parts += [
            Part(answer.text[at:start]),
            Part(answer.text[max(at, start) : end], *_of(start, end, markers, stated)),
        ]
        behind = _MARKERS.match(answer.text, end)
        at = max(at, behind.end() if behind else end)
    return [part for part in (*parts, Part(answer.text[at:])) if part.text.strip()]


def _of(
    start: int,
    end: int,
    markers: Mapping[tuple[int, int], Sequence[int]],
    stated: Mapping[tuple[int, int], CheckedStatement],
) -> tuple[tuple[int, ...], CheckedStatement | None]:
    return tuple(dict.fromkeys(markers[start, end])), stated.get((start, end))


def sources_of(answer: Answer) -> list[Citation]:
    """What stands behind each number, once, in order; nothing for an abstention."""
    return [] if answer.abstained is not None else list({one.marker: one for one in answer.citations}.values())


def source_labels(citation: Citation) -> list[str]:
    """What a reader has to know of the place: a caption, a comment, a retracted article."""
    return [label for label in (zone_word(citation.zone), status_word(citation.article)) if label]


def found_words(citation: Citation) -> str:
    if citation.status is Match.VERIFIED:
        return "word for word"
    return f"apart from typography: {citation.note or 'quotation marks, dashes or spaces differ.'}"


def place_words(citation: Citation, articles: Mapping[str, Article]) -> str:
    """ "characters 61 to 287, page 3": of the article's text, the first one is 0 and the end the first one outside."""
    article = articles.get(citation.span.article_id)
    page = article.page_of(citation.span.start) if article else None
    return f"characters {citation.span.start} to {citation.span.end}{f', page {page}' if page else ''}"


def marked_words(answer: Answer) -> list[tuple[str, str]]:
    """What was found to differ beside what the states say: (what, words of the article to show with it), each once."""
    said = {(statement.why, "") for statement in answer.statements}
    return [found for found in dict.fromkeys(map(finding_words, answer.findings)) if found not in said]


def made_facts(exchange: Exchange) -> Iterator[tuple[str, str]]:
    """When, with which filters and settings, and at what price an answer was made."""
    answer = exchange.answer
    if exchange.asked:
        yield "asked", instant(exchange.asked)
    yield from filter_facts(exchange.filters)
    yield from ((name, value) for name, value in flat_facts(answer.provenance) if name != "as of")
    if bill := bill_words(answer.calls, answer.cost_usd):
        yield "models asked", bill
    if (seconds := answer.timings.get("total")) is not None:
        yield "seconds", f"{seconds:.2f}"


def filter_facts(filters: Filters) -> Iterator[tuple[str, str]]:
    told = (
        ("articles of", filters.publisher),
        ("articles since", filters.since),
        ("articles until", filters.until),
        ("as of", filters.as_of),
    )
    return ((name, str(value)) for name, value in told if value)


def heading(conversation: Sequence[Exchange], made: datetime) -> str:
    """ "2 questions, saved 2026-03-14 09:30 UTC"."""
    n = len(conversation)
    return f"{n} question{'' if n == 1 else 's'}, saved {instant(made)}"


def instant(when: datetime) -> str:
    return f"{when.astimezone(UTC):%Y-%m-%d %H:%M} UTC" if when.tzinfo else f"{when:%Y-%m-%d %H:%M}"
