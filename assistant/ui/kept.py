"""One turn of a conversation to JSON and back, for browsers that keep their own conversations: the server keeps none.

What comes back is anybody's. It is checked whole, and every quotation is looked up in the library again: what a reader sees as
a citation stands there today, whatever the document says. The prose, its states and its price are as the document has them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING

from assistant.chunking import zone_at
from assistant.errors import UnknownArticle
from assistant.library import facts_of
from assistant.render import Json, finding_json, statement_json, usage_json
from assistant.types import (
    Answer,
    Article,
    ArticleFacts,
    CheckedStatement,
    Citation,
    Filters,
    Hit,
    Match,
    ModelCall,
    Passage,
    Span,
    StatementState,
    Status,
    Usage,
    Zone,
)
from assistant.ui.kept_document import FORMAT, CitationDocument, PlaceDocument, TurnDocument, checked_turns

if TYPE_CHECKING:
    from assistant.api import Assistant

GONE = "The article is no longer in the library."
MOVED = "These words are no longer at their place in the article."
NEAREST = 3  # articles that came near a question which they do not answer
UNCITED = "No quotation stands behind it."


@dataclass(frozen=True, slots=True)
class KeptTurn:
    """One turn as it was kept, its citations looked up again."""

    turn: int
    answer: Answer
    filters: Filters
    asked: datetime | None = None
    """When; None where it was not kept."""


def keep_turn(turn: int, answer: Answer, filters: Filters, *, asked: datetime | None = None) -> Json:
    """What the page shows of a turn and an export tells of it: no passages, no text of an article but the quotations."""
    return {
        "format": FORMAT,
        "turn": turn,
        "asked": asked and asked.isoformat(),
        "question": answer.question,
        "text": answer.text,
        "abstained": answer.abstained,
        "search_question": answer.search_question,
        "confidence": answer.confidence,
        "nearest": [_place_json(hit.passage.span) for hit in nearest_hits(answer)],
        "doubt": answer.doubt,
        "note": answer.note,
        "citations": [_citation_json(one) for one in answer.citations],
        "rejected": [_citation_json(one) for one in answer.rejected],
        "statements": [statement_json(one) for one in answer.statements],
        "findings": [finding_json(one) for one in answer.findings],
        "calls": [_call_json(one) for one in answer.calls],
        "cost_usd": answer.cost_usd,
        "seconds": answer.timings.get("total"),
        "filters": {
            "publisher": filters.publisher,
            "since": filters.since and filters.since.isoformat(),
            "until": filters.until and filters.until.isoformat(),
            "as_of": filters.as_of and filters.as_of.isoformat(),
        },
        "provenance": dict(answer.provenance),
    }


def read_conversation(document: object, assistant: Assistant) -> tuple[KeptTurn, ...]:
    """A list of what `keep_turn` made, oldest first, to turns whose citations stand in the library today.

    A quotation that is gone moves to `rejected` and says why; a statement that lost all its quotations is not in the sources.
    Raises WrongUse, with a sentence for a person, for what is no such list.
    """
    turns = checked_turns(document)
    shelf = _Shelf(assistant)
    return tuple(KeptTurn(one.turn, _looked_up(one, shelf), Filters(**dict(one.filters)), one.asked) for one in turns)


def nearest_hits(answer: Answer) -> tuple[Hit, ...]:
    """What was found and did not answer, the best passage of each article; nothing for an answer."""
    if answer.abstained is None:
        return ()
    best: dict[str, Hit] = {}
    for hit in answer.hits:
        best.setdefault(hit.passage.span.article_id, hit)
    return tuple(best.values())[:NEAREST]


def _place_json(span: Span) -> Json:
    return {"article_id": span.article_id, "start": span.start, "end": span.end}


def _citation_json(citation: Citation) -> Json:
    return {
        **_place_json(citation.span),
        "quote": citation.quote,
        "marker": citation.marker,
        "answer_start": citation.answer_start,
        "answer_end": citation.answer_end,
        "status": str(citation.status),
        "note": citation.note,
    }


def _call_json(call: ModelCall) -> Json:
    """What a bill is made of. Where the model's server stands is nobody's business."""
    return {
        "step": call.step,
        "model": call.model,
        "usage": usage_json(call.usage),
        "seconds": call.seconds,
        "cached": call.cached,
    }


# --- Looked up again --------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Shelf:
    """The articles of a conversation, each read once."""

    assistant: Assistant
    known: dict[str, Article | None] = field(default_factory=dict)

    def get(self, article_id: str) -> Article | None:
        if article_id not in self.known:
            self.known[article_id] = self._read(article_id)
        return self.known[article_id]

    def _read(self, article_id: str) -> Article | None:
        try:
            article = self.assistant.article(article_id)
        except UnknownArticle:
            return None
        return article if article.id == article_id else None  # another one may have this as its source id


def _looked_up(kept: TurnDocument, shelf: _Shelf) -> Answer:
    found = [_found(one, shelf) for one in kept.citations]
    refused = [_refused(one, shelf) for one in kept.rejected]
    lost = tuple(one for one in found if not one.shown)
    shown = tuple(one for one in found if one.shown)
    calls = tuple(one.call() for one in kept.calls)
    return Answer(
        kept.question,
        kept.text,
        citations=shown,
        rejected=(*refused, *lost),
        abstained=kept.abstained,
        search_question=kept.search_question,
        confidence=kept.confidence,
        hits=tuple(hit for rank, one in enumerate(kept.nearest, 1) if (hit := _near(one, rank, shelf))),
        findings=tuple(one.difference() for one in kept.findings),
        statements=tuple(_judged(one.statement(), shown, lost) for one in kept.statements),
        doubt=kept.doubt,
        note=kept.note,
        usage=sum((one.usage for one in calls if not one.cached), Usage()),
        calls=calls,
        cost_usd=kept.cost_usd,
        timings={} if kept.seconds is None else {"total": kept.seconds},
        provenance=kept.provenance,
    )


def _near(kept: PlaceDocument, rank: int, shelf: _Shelf) -> Hit | None:
    """The passage as it stands in the article today; None where there is nothing."""
    article = shelf.get(kept.article_id)
    if article is None or not kept.start < kept.end <= len(article.text):
        return None
    span = Span(article.id, kept.start, kept.end)
    return Hit(Passage(span, article.quote(span), article.title, zone_at(article, span.start, span.end), 0), rank, 0.0)


def _found(kept: CitationDocument, shelf: _Shelf) -> Citation:
    """The citation as the stored article has it; absent where the article or the words are gone."""
    article = shelf.get(kept.article_id)
    if article is None or article.text[kept.start : kept.end] != kept.quote:
        return replace(_refused(kept, shelf), marker=0, status=Match.ABSENT, note=MOVED if article else GONE)
    return _citation(kept, Span(article.id, kept.start, kept.end), article)


def _refused(kept: CitationDocument, shelf: _Shelf) -> Citation:
    """A quotation that is not shown as a source: its place counts only where the article has one."""
    article = shelf.get(kept.article_id)
    if article is None or kept.end > len(article.text):
        return _citation(kept, Span(kept.article_id, 0, 0), article)
    return _citation(kept, Span(kept.article_id, kept.start, kept.end), article)


def _citation(kept: CitationDocument, span: Span, article: Article | None) -> Citation:
    facts = facts_of(article) if article else _unknown(kept.article_id)
    zone = zone_at(article, span.start, span.end) if article else Zone.BODY
    return Citation(
        kept.marker, span, kept.quote, facts, zone, kept.answer_start, kept.answer_end, kept.status, kept.note
    )


def _unknown(article_id: str) -> ArticleFacts:
    return ArticleFacts(article_id, None, None, None, None, None, None, Status.CURRENT, None)


def _judged(statement: CheckedStatement, shown: Sequence[Citation], lost: Sequence[Citation]) -> CheckedStatement:
    """The statement, its state lowered as far as what it rests on is gone. No state gets better."""
    left, gone = _of(statement, shown), _of(statement, lost)
    sources = min(statement.sources, len({one.span.article_id for one in left}))
    if statement.state is StatementState.NOT_IN_SOURCES or (left and not gone):
        return replace(statement, sources=sources)
    why = gone[0].note if gone else UNCITED
    if not left:
        return replace(statement, state=StatementState.NOT_IN_SOURCES, why=why, sources=0)
    verified = statement.state is StatementState.VERIFIED
    lowered = replace(statement, state=StatementState.CITED, why=f"Part of what it rests on is gone. {why}")
    return replace(lowered if verified else statement, sources=sources)


def _of(statement: CheckedStatement, citations: Sequence[Citation]) -> list[Citation]:
    return [one for one in citations if statement.start <= one.answer_start and one.answer_end <= statement.end]
