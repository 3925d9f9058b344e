"""A draft's statements to the answer's text, each followed by the numbers of those citations that the gate let through.

What the gate refused is kept apart, with the reason; nothing of it gets a number.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from assistant.chunking import zone_at
from assistant.citations import Found, resolve_quote
from assistant.library import Library, facts_of
from assistant.terms import words
from assistant.types import Article, Citation, ClaimedQuote, Draft, Span


class Resolver:
    """Claimed quotes to what the gate found, and to citations."""

    def __init__(self, library: Library, articles: Mapping[str, Article]) -> None:
        self._library = library
        self.articles = dict(articles)

    def __call__(self, claimed: ClaimedQuote) -> Found:
        if claimed.article_id not in self.articles:
            self.articles |= self._library.articles([claimed.article_id])
        return resolve_quote(claimed, self.articles, self._elsewhere)

    def citation(self, found: Found, marker: int, start: int, end: int) -> Citation | None:
        """None when the article is not in the library at all."""
        article = self.articles.get(found.span.article_id)
        if article is None:
            return None
        zone = zone_at(article, found.span.start, found.span.end)
        return Citation(marker, found.span, found.quote, facts_of(article), zone, start, end, found.status, found.note)

    def _elsewhere(self, quote: str) -> list[Article]:
        best = self._library.search_words(words(quote)[:32], limit=20)
        passages = self._library.passages([key for key, _ in best]).values()
        found = self._library.articles({passage.span.article_id for passage in passages})
        self.articles |= found
        return list(found.values())


@dataclass(frozen=True, slots=True)
class Composed:
    """A draft as a text with markers, and what became of its citations."""

    text: str
    citations: tuple[Citation, ...] = ()
    """Those that may be shown."""
    rejected: tuple[Citation, ...] = ()
    ranges: tuple[tuple[int, int], ...] = ()
    """(start, end) of each statement in `text`, without its markers."""


def compose(draft: Draft, resolver: Resolver) -> Composed:
    """Statements with [n] behind them for each citation that the gate lets through. Equal spans share a number."""
    if draft.abstained:
        return Composed(draft.abstained)
    text = ""
    shown: list[Citation] = []
    rejected: list[Citation] = []
    ranges: list[tuple[int, int]] = []
    markers: dict[Span, int] = {}
    for statement in draft.statements:
        text += " " if text else ""
        start, end = len(text), len(text) + len(statement.text)
        text += statement.text
        ranges.append((start, end))
        for found in dict.fromkeys(map(resolver, statement.quotes)):
            citation = resolver.citation(found, 0, start, end)
            if citation is None or not citation.shown:
                rejected += [citation] if citation else []
                continue
            marker = markers.setdefault(found.span, len(markers) + 1)
            shown.append(replace(citation, marker=marker))
            text += f" [{marker}]"
    return Composed(text, tuple(shown), tuple(rejected), tuple(ranges))
