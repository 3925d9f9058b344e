"""A checked answer to what is wrong with it: whether its model should mend it, what it is told, which of two is better.

What stays wrong is marked by the statements' states; an answer of which nothing has a source is no answer.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from assistant.attribution import WRONG, cited_spans
from assistant.types import Answer, Kind, Span, StatementState

UNSUPPORTED = "The articles in the library do not answer this; what the model wrote, no article supports."

_CARRIED = (StatementState.VERIFIED, StatementState.CITED)
_VALUES = (Kind.NUMBER, Kind.DATE, Kind.UNIT, Kind.NAME, Kind.NEGATION, Kind.OPPOSITE)
_WEIGHTS = {StatementState.CONTRADICTED: 4, StatementState.NOT_IN_SOURCES: 3, StatementState.PARTLY: 1}


def supported(answer: Answer) -> list[tuple[str, tuple[Span, ...]]]:
    """(text, cited spans) of the statements that their sources carry: what is borne out only in part answers nothing."""
    return [
        (answer.text[one.start : one.end], cited_spans(answer, one))
        for one in answer.statements
        if one.sources and one.state in _CARRIED
    ]


def needs_repair(answer: Answer) -> bool:
    """Whether something is wrong that a reader could take for true: what is only worded freely or told by nobody is not."""
    if answer.rejected or any(one.state in WRONG for one in answer.statements):
        return True
    partly = [one for one in answer.statements if one.state is StatementState.PARTLY]
    values = [finding for finding in answer.findings if finding.kind in _VALUES]
    return any(one.start <= finding.start < one.end for one in partly for finding in values)


def problems(answer: Answer, ranges: Sequence[tuple[int, int]]) -> Iterator[str]:
    """What is wrong with an answer, a line each, for the model that wrote it."""
    numbers = {place: number for number, place in enumerate(ranges, start=1)}
    for one in answer.statements:
        if one.state in _WEIGHTS:
            yield f"Sentence {numbers[one.start, one.end]}: {one.why or _IN_WORDS[one.state]}"
    for citation in answer.rejected:
        number = numbers.get((citation.answer_start, citation.answer_end))
        yield f"Sentence {number}: “{citation.quote}” {_REFUSED}"


_REFUSED = "is quoted or cited, but does not stand so in the articles."
_IN_WORDS = {
    StatementState.CONTRADICTED: "Its source says otherwise.",
    StatementState.NOT_IN_SOURCES: "No numbered sentence supports it.",
    StatementState.PARTLY: "Its source supports only a part of it.",
}


def badness(answer: Answer) -> float:
    """How much an answer says beyond its sources, a statement; an abstention lies between a good and a bad answer."""
    if answer.abstained:
        return 1.0
    points = sum(_WEIGHTS.get(one.state, 0) for one in answer.statements) + 2 * len(answer.rejected)
    return points / max(1, len(answer.statements))


def settled(answer: Answer) -> Answer:
    """What stays unsupported is marked; an answer of which no statement has a source is none."""
    if answer.abstained or any(
        one.sources and one.state is not StatementState.NOT_IN_SOURCES for one in answer.statements
    ):
        return answer
    return replace(
        answer, text=UNSUPPORTED, abstained=UNSUPPORTED, citations=(), findings=(), statements=(), doubt="", note=""
    )
