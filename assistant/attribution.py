"""Statements of a model without a source, or on the wrong one, to the shown sentences that carry them, found by code.

What `statement_support.attribute` finds is claimed in the draft like any quotation, so that it goes through the same gates.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

from assistant.composing import Composed
from assistant.statement_support import attribute
from assistant.types import Answer, Article, CheckedStatement, ClaimedQuote, Draft, Span, StatementState

WRONG = (StatementState.CONTRADICTED, StatementState.NOT_IN_SOURCES)


def missing_sources(
    draft: Draft, composed: Composed, articles: Mapping[str, Article]
) -> dict[int, tuple[ClaimedQuote, ...]]:
    """By statement without a shown citation: what code finds for it among the shown sentences."""
    cited = {(citation.answer_start, citation.answer_end) for citation in composed.citations}
    found = {}
    for at, (statement, place) in enumerate(zip(draft.statements, composed.ranges, strict=True)):
        if place not in cited and (spans := attribute(statement.text, draft.shown, articles)):
            found[at] = _quotes(spans, articles)
    return found


def better_sources(
    draft: Draft, answer: Answer, articles: Mapping[str, Article]
) -> dict[int, tuple[ClaimedQuote, ...]]:
    """By statement that its own citations contradict or do not bear out: what code finds among the shown sentences."""
    shown, found = draft.shown, {}
    for at, one in enumerate(answer.statements if shown else ()):
        if one.state in WRONG and not one.attributed:
            spans = attribute(answer.text[one.start : one.end], shown, articles)
            if spans and not set(spans) <= set(cited_spans(answer, one)):
                found[at] = _quotes(spans, articles)
    return found


def without_citations(draft: Draft, answer: Answer, at: Collection[int]) -> Draft:
    """The draft whose statements at these places keep only the quotations that were refused, which stay reported."""
    refused = {(one.span.article_id, one.quote) for one in answer.rejected}
    statements = list(draft.statements)
    for i in at:
        kept = tuple(quote for quote in statements[i].quotes if (quote.article_id, quote.quote) in refused)
        statements[i] = replace(statements[i], quotes=kept)
    return replace(draft, statements=tuple(statements))


def _quotes(spans: Iterable[Span], articles: Mapping[str, Article]) -> tuple[ClaimedQuote, ...]:
    return tuple(ClaimedQuote(articles[one.article_id].quote(one), one.article_id, one.start) for one in spans)


def with_quotes(draft: Draft, found: Mapping[int, tuple[ClaimedQuote, ...]]) -> Draft:
    statements = (replace(one, quotes=(*one.quotes, *found.get(at, ()))) for at, one in enumerate(draft.statements))
    return replace(draft, statements=tuple(statements))


def cited_spans(answer: Answer, statement: CheckedStatement) -> tuple[Span, ...]:
    """The places in articles that a statement of the answer cites."""
    place = (statement.start, statement.end)
    return tuple(one.span for one in answer.citations if (one.answer_start, one.answer_end) == place)
