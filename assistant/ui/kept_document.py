"""The JSON of a kept conversation, as strict as a document has to be that comes back from a browser.

Sizes are capped, places lie inside the text, numbers stand for one place each. Whether the quotations are true is for kept.py.
"""

from __future__ import annotations

import json
from datetime import date, datetime
from itertools import pairwise
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from assistant.errors import WrongUse
from assistant.types import CheckedStatement, Difference, Kind, Match, ModelCall, StatementState, Usage

FORMAT = 1
MAX_TURNS = 200
MAX_CHARS = 5_000_000  # of a whole conversation: browsers give a site about as much
MAX_TEXT = 200_000  # of an answer, a quotation
MAX_WORDS = 20_000  # of a question, a note, a reason
MAX_PARTS = 1_000  # citations, statements, findings of one turn


def checked_turns(document: object) -> list[TurnDocument]:
    if not isinstance(document, list):
        raise _damaged("it is no list of turns")
    if len(document) > MAX_TURNS:
        raise WrongUse(f"This conversation has {len(document)} turns; {MAX_TURNS} is the most.", "Begin a new one.")
    formats = [one.get("format") if isinstance(one, dict) else None for one in document]
    if any(type(one) is int and one > FORMAT for one in formats):
        raise WrongUse(
            "This conversation was kept by a later version of the program.", "Update the program, or begin a new one."
        )
    if any(type(one) is not int or one != FORMAT for one in formats):
        raise _damaged("it does not say what format it has")
    _refuse_endless(document)
    turns = [_turn(number, one) for number, one in enumerate(document, 1)]
    if any(later.turn <= earlier.turn for earlier, later in pairwise(turns)):
        raise _damaged("its turns are not in order")
    return turns


def _refuse_endless(document: object) -> None:
    try:
        n_chars = len(json.dumps(document, ensure_ascii=False, allow_nan=False))
    except (TypeError, ValueError, RecursionError):
        raise _damaged("it is no JSON") from None
    if n_chars > MAX_CHARS:
        raise WrongUse(f"This conversation has {n_chars:,} characters; {MAX_CHARS:,} is the most.", "Begin a new one.")


def _turn(number: int, value: object) -> TurnDocument:
    try:
        return TurnDocument.model_validate(value)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"])) or "as a whole"
        raise _damaged(f"turn {number}, {where}: {first['msg'].removeprefix('Value error, ')}") from None


def _damaged(reason: str) -> WrongUse:
    return WrongUse(f"This conversation is damaged: {reason}.", "Remove it, and ask again.")


def _instant(value: object) -> object:
    return datetime.fromisoformat(value) if isinstance(value, str) else value


def _day(value: object) -> object:
    return date.fromisoformat(value) if isinstance(value, str) else value


def _small(value: dict[str, Any]) -> dict[str, Any]:
    if len(json.dumps(value)) > MAX_WORDS:
        raise ValueError("too long")
    return value


def _or_empty(value: object) -> object:
    return "" if value is None else value


Text = Annotated[str, Field(max_length=MAX_TEXT)]
Words = Annotated[str, BeforeValidator(_or_empty), Field(max_length=MAX_WORDS)]
ArticleId = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
Offset = Annotated[int, Field(ge=0)]
Amount = Annotated[float, Field(ge=0, allow_inf_nan=False)]
Day = Annotated[date | None, BeforeValidator(_day)]


class _Part(BaseModel):
    model_config = ConfigDict(strict=True, frozen=True)


class CitationDocument(_Part):
    article_id: ArticleId
    start: Offset
    end: Offset
    quote: Text
    marker: Offset
    answer_start: Offset
    answer_end: Offset
    status: Match = Field(strict=False)
    note: Words

    @property
    def shown(self) -> bool:
        return self.status in (Match.VERIFIED, Match.NORMALISED)


class _Statement(_Part):
    start: Offset
    end: Offset
    state: StatementState = Field(strict=False)
    why: Words
    attributed: bool
    sources: Offset

    def statement(self) -> CheckedStatement:
        return CheckedStatement(self.start, self.end, self.state, self.why, self.attributed, self.sources)


class _Finding(_Part):
    kind: Kind = Field(strict=False)
    in_claim: Words
    in_source: Words
    start: Offset
    end: Offset
    article_id: Words
    source_start: Offset
    source_end: Offset
    note: Words

    def difference(self) -> Difference:
        return Difference(**dict(self))


class _Usage(_Part):
    input_tokens: Offset
    output_tokens: Offset
    exact: bool


class _Call(_Part):
    step: Words
    model: Words
    usage: _Usage
    seconds: Amount
    cached: bool

    def call(self) -> ModelCall:
        usage = Usage(**dict(self.usage))
        return ModelCall(self.step, self.model, "", "", "", usage, self.seconds, cached=self.cached)


class _Filters(_Part):
    publisher: Annotated[str, Field(max_length=MAX_WORDS)] | None
    since: Day
    until: Day
    as_of: Day


class PlaceDocument(_Part):
    """A passage that came near and did not answer."""

    article_id: ArticleId
    start: Offset
    end: Offset


class TurnDocument(_Part):
    turn: Annotated[int, Field(ge=1)]
    asked: Annotated[datetime | None, BeforeValidator(_instant)]
    question: Words
    text: Text
    abstained: Text | None
    search_question: Words
    confidence: Annotated[float, Field(ge=0, le=1)] | None
    nearest: list[PlaceDocument] = Field(max_length=MAX_PARTS)
    doubt: Words
    note: Words
    citations: list[CitationDocument] = Field(max_length=MAX_PARTS)
    rejected: list[CitationDocument] = Field(max_length=MAX_PARTS)
    statements: list[_Statement] = Field(max_length=MAX_PARTS)
    findings: list[_Finding] = Field(max_length=MAX_PARTS)
    calls: list[_Call] = Field(max_length=MAX_PARTS)
    cost_usd: Amount | None
    seconds: Amount | None
    filters: _Filters
    provenance: Annotated[dict[str, Any], AfterValidator(_small)]

    @model_validator(mode="after")
    def _consistent(self) -> TurnDocument:
        if not self._places_in_text():
            raise ValueError("a place lies outside of the text")
        if not all(one.shown and one.marker and one.start < one.end for one in self.citations):
            raise ValueError("a citation is none")
        if any(one.shown for one in self.rejected):
            raise ValueError("a refused quotation is a citation")
        places = {(one.marker, one.article_id, one.start, one.end, one.quote) for one in self.citations}
        if len(places) != len({one.marker for one in self.citations}):
            raise ValueError("a number stands for two places")
        return self

    def _places_in_text(self) -> bool:
        cited = [(one.answer_start, one.answer_end) for one in (*self.citations, *self.rejected)]
        stated = [(one.start, one.end) for one in self.statements]
        found = [(one.start, one.end) for one in self.findings]
        return all(start <= end <= len(self.text) for start, end in (*cited, *stated, *found))
