"""One question, from the words a person typed to an answer whose citations code has verified.

condense -> retrieve -> rerank are LangChain runnables, so that any tracer sees them by name; the answerer streams, and its
draft is then cited: every quotation is looked up in the stored articles before anybody sees it as a source, and what the
statements say beyond their citations is marked.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from langchain_core.runnables import Runnable, RunnableLambda

from assistant.answer_gates import findings
from assistant.answerers import Answerer, AnswerTask
from assistant.chunking import zone_at
from assistant.citations import Found, resolve_quote
from assistant.errors import ModelFailed
from assistant.library import Library, facts_of
from assistant.recency import prefer_recent
from assistant.registry import find
from assistant.rerankers import Reranker
from assistant.retrievers import Query, Retriever, SearchContext
from assistant.terms import STOP_WORDS, stem, terms, words
from assistant.types import (
    Answer,
    AnswerEvent,
    Article,
    Citation,
    ClaimedQuote,
    DeltaEvent,
    Draft,
    Filters,
    Hit,
    Span,
    StageEvent,
    StreamEvent,
    Turn,
)

FIRST_STAGE = 200  # hits that the retriever is asked for
CANDIDATES = 50  # of them, weighed by recency, the reranker looks at so many
SAME_WORDS = 0.85  # share of the shorter passage's words from which two articles' passages are one
NOTHING_FOUND = "No article in the library is about this."
NOTHING_PASSES = "No article passes the filters."


@dataclass(frozen=True, slots=True)
class Request:
    """A question on its way through the chain."""

    question: str
    history: tuple[Turn, ...] = ()
    filters: Filters = field(default_factory=Filters)
    search_question: str = ""
    hits: tuple[Hit, ...] = ()
    timings: Mapping[str, float] = field(default_factory=dict)


class Chain:
    """The steps of one answer over one library."""

    def __init__(self, context: SearchContext) -> None:
        settings = context.settings
        self.context = context
        self.library: Library = context.library
        self.settings = settings
        self.retriever: Retriever = find("retrievers", settings.retriever)(context)
        self.reranker: Reranker = find("rerankers", settings.reranker)(settings)
        self.answerer: Answerer = find("answerers", settings.answerer)(settings)
        self.fallback: Answerer = find("answerers", "extractive")(settings)

    def search(self) -> Runnable[Request, Request]:
        """The steps before the answer, as one runnable."""
        return (
            RunnableLambda(self._timed("condense", self._condense), name="condense")
            | RunnableLambda(self._timed("retrieve", self._retrieve), name="retrieve")
            | RunnableLambda(self._timed("rerank", self._rerank), name="rerank")
        )

    def retrieve(self, question: str, filters: Filters, k: int) -> list[Hit]:
        """The k best hits after reranking, near-duplicates collapsed."""
        found = self._rerank(self._retrieve(Request(question, filters=filters, search_question=question)), k)
        return list(found.hits)

    def stream(self, request: Request) -> Iterator[StreamEvent]:
        """Stage events, pieces of text, and the finished answer last."""
        found = self.search().invoke(request)
        yield StageEvent("retrieve", _describe(found.hits), sum(found.timings.values()))
        started = time.perf_counter()
        articles = self.library.articles({hit.passage.span.article_id for hit in found.hits})
        hits = tuple(hit for hit in found.hits if hit.passage.span.article_id in articles)
        draft = None
        if hits:
            task = AnswerTask(
                found.search_question, hits, articles, request.history, request.filters.as_of, self.library.weight
            )
            for piece in self._draft(task):
                if isinstance(piece, Draft):
                    draft = piece
                else:
                    yield DeltaEvent(piece)
        draft = draft or Draft((), abstained=self._why_nothing(request.filters))
        answered = time.perf_counter()
        answer = self._cite(replace(found, hits=hits), draft, articles)
        timings = {**found.timings, "answer": answered - started, **answer.timings}
        yield AnswerEvent(replace(answer, timings=timings | {"total": sum(timings.values())}))

    def _timed(self, name: str, step: Any) -> Any:
        def timed(request: Request) -> Request:
            started = time.perf_counter()
            result: Request = step(request)
            return replace(result, timings={**result.timings, name: time.perf_counter() - started})

        return timed

    def _condense(self, request: Request) -> Request:
        return replace(request, search_question=condense(request.question, request.history))

    def _retrieve(self, request: Request) -> Request:
        query = Query(request.search_question, request.filters)
        hits = self.retriever.retrieve(query, FIRST_STAGE)
        facts = self.library.facts({hit.passage.span.article_id for hit in hits})
        recent_first = prefer_recent(hits, facts, request.filters.as_of or date.today())
        return replace(request, hits=tuple(recent_first[:CANDIDATES]))

    def _rerank(self, request: Request, k: int | None = None) -> Request:
        ordered = self.reranker.rerank(request.search_question, request.hits, self.library.weight)
        kept = collapse(ordered, k or self.settings.top_k)
        return replace(request, hits=tuple(replace(hit, rank=rank) for rank, hit in enumerate(kept, start=1)))

    def _draft(self, task: AnswerTask) -> Iterator[str | Draft]:
        try:
            yield from self.answerer.draft(task)
        except ModelFailed as error:
            for piece in self.fallback.draft(task):
                if isinstance(piece, Draft):
                    note = f"{error.message} These are the articles' own sentences instead."
                    yield replace(piece, note=note)

    def _why_nothing(self, filters: Filters) -> str:
        passing = self.library.allowed_passages(filters)
        return NOTHING_FOUND if passing is None or passing else NOTHING_PASSES

    def _cite(self, found: Request, draft: Draft, articles: Mapping[str, Article]) -> Answer:
        """The answer with what the gates found, its timings those of "cite" and "check"."""
        started = time.perf_counter()
        resolver = _Resolver(self.library, articles)
        text, citations, rejected = compose(draft, resolver)
        answer = Answer(
            question=found.question,
            text=text,
            citations=citations,
            rejected=rejected,
            abstained=draft.abstained,
            hits=found.hits,
            search_question=found.search_question,
            confidence=draft.confidence,
            note=draft.note,
            usage=draft.usage,
            provenance=self._provenance(draft, found.filters),
        )
        cited = time.perf_counter()
        marked = findings(answer, resolver.articles)
        timings = {"cite": cited - started, "check": time.perf_counter() - cited}
        return replace(answer, findings=marked, timings=timings)

    def _provenance(self, draft: Draft, filters: Filters) -> dict[str, Any]:
        return {
            "answerer": self.settings.answerer,
            "model": draft.model,
            "prompt": draft.prompt,
            **self.context.conditions(),
            "top_k": self.settings.top_k,
            "as_of": filters.as_of and filters.as_of.isoformat(),
        }


def condense(question: str, history: Sequence[Turn]) -> str:
    """The question with what it leaves to the conversation: a follow-up gets the terms of the question before it.

    That one is resolved first, so a topic carries on over several follow-ups. A question stands alone when it names
    something of its own and points back to nothing.
    """
    if not history or not _points_back(question):
        return question
    known = set(terms(question))
    earlier = words(condense(history[-1].question, history[:-1]))
    missing = [word for word in earlier if word.casefold() not in STOP_WORDS and stem(word) not in known]
    return f"{question} ({' '.join(missing)})" if missing else question


_POINTERS = frozenset(
    """he him his she her hers it its they them their theirs this these those there then ones
    er sie ihn ihr ihm ella ello ellos ellas él ils elles""".split()
)
_OPENERS = frozenset("and but so also und aber y pero et mais".split())


def _points_back(question: str) -> bool:
    asked = [word.casefold() for word in words(question)]
    named = any(word[0].isupper() or word[0].isdigit() for word in words(question)[1:])
    return bool(asked) and (
        asked[0] in _OPENERS or bool(_POINTERS.intersection(asked)) or (len(terms(question)) <= 2 and not named)
    )


def collapse(hits: Sequence[Hit], limit: int) -> list[Hit]:
    """The first `limit` hits that repeat no better one from another article (syndicated copies, shared boxes)."""
    kept: list[tuple[Hit, frozenset[str]]] = []
    for hit in hits:
        if len(kept) == limit:
            break
        own = frozenset(words(hit.passage.text.casefold()))
        article = hit.passage.span.article_id
        copies = (
            other.passage.span.article_id != article
            and 0 < SAME_WORDS * min(len(own), len(theirs)) <= len(own & theirs)
            for other, theirs in kept
        )
        if not any(copies):
            kept.append((hit, own))
    return [hit for hit, _ in kept]


class _Resolver:
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


def compose(draft: Draft, resolver: _Resolver) -> tuple[str, tuple[Citation, ...], tuple[Citation, ...]]:
    """(answer text with [n] markers, shown citations, rejected ones). Equal spans share a number."""
    if draft.abstained:
        return draft.abstained, (), ()
    text = ""
    shown: list[Citation] = []
    rejected: list[Citation] = []
    markers: dict[Span, int] = {}
    for statement in draft.statements:
        text += " " if text else ""
        start, end = len(text), len(text) + len(statement.text)
        text += statement.text
        for found in dict.fromkeys(map(resolver, statement.quotes)):
            citation = resolver.citation(found, 0, start, end)
            if citation is None or not citation.shown:
                rejected += [citation] if citation else []
                continue
            marker = markers.setdefault(found.span, len(markers) + 1)
            shown.append(replace(citation, marker=marker))
            text += f" [{marker}]"
    return text, tuple(shown), tuple(rejected)


def _describe(hits: Sequence[Hit]) -> str:
    n_articles = len({hit.passage.span.article_id for hit in hits})
    return f"{_count(len(hits), 'passage')} from {_count(n_articles, 'article')}"


def _count(n: int, noun: str) -> str:
    return f"{n} {noun}{'' if n == 1 else 's'}"
