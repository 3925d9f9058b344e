"""One question, from the words a person typed to an answer whose citations code has verified.

condense -> retrieve -> rerank -> pack -> answer -> resolve -> gates -> verify -> repair, each a LangChain runnable with its
name, so that any tracer sees them. A step takes the state of the question on; what people see meanwhile (stages, pieces of
text) passes through the steps behind it. Whatever a chat model fails at, the articles' own sentences answer instead.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Any

from langchain_core.runnables import Runnable, RunnableGenerator

from assistant.answer_gates import findings
from assistant.answerability import doubt, worth_asking
from assistant.answerers import Answerer, AnswerTask, Writer
from assistant.attribution import better_sources, missing_sources, with_quotes, without_citations
from assistant.chat_models import Budget, PromptTooLong, total_usage
from assistant.composing import Resolver, compose
from assistant.condensing import condense_by_model, condensed_by_rule
from assistant.errors import ModelFailed
from assistant.library import Library
from assistant.packing import Packed, pack
from assistant.prices import cost_of
from assistant.recency import prefer_recent
from assistant.registry import find
from assistant.repairs import badness, needs_repair, problems, settled, supported
from assistant.rerankers import Reranker
from assistant.retrievers import Query, Retriever, SearchContext
from assistant.statement_support import check_statements
from assistant.terms import terms, terms_in, words
from assistant.types import (
    Answer,
    AnswerEvent,
    Article,
    DeltaEvent,
    Draft,
    Filters,
    Hit,
    StageEvent,
    StreamEvent,
    Turn,
)
from assistant.verifiers import Verifier

FIRST_STAGE = 200  # hits that the retriever is asked for
CANDIDATES = 50  # of them, weighed by recency, the reranker looks at so many
SAME_WORDS = 0.85  # share of the shorter passage's words from which two articles' passages are one
LEAST_PROMPT_TOKENS = 200  # of passages: with less there is hardly a sentence to answer from
ON_TOPIC = 0.2  # share, by weight, of the terms of the question before that a passage must have to answer a follow-up
CONDENSING = 1 / 3  # of the time for a question that its condensing may take
NOTHING_FOUND = "No article in the library is about this."
NOTHING_PASSES = "No article passes the filters."
NOTHING_NEAR = "The articles in the library do not answer this."
INSTEAD = "These are the articles' own sentences instead."


@dataclass(frozen=True, slots=True)
class Request:
    """A question on its way through the chain."""

    question: str
    history: tuple[Turn, ...] = ()
    filters: Filters = field(default_factory=Filters)
    search_question: str = ""
    asked: str = ""
    """By which hits are ranked and sentences chosen; the search question where it is empty."""
    queries: tuple[str, ...] = ()
    """The search question in other words."""
    hits: tuple[Hit, ...] = ()
    articles: Mapping[str, Article] = field(default_factory=dict)
    """Those of the hits, and whatever the citations lead to."""
    packed: Packed | None = None
    budget: Budget | None = None
    """None where no model is asked."""
    stop: threading.Event = field(default_factory=threading.Event)
    """Set by another thread, or when the reader has left, it ends the model's part."""
    failure: ModelFailed | None = None
    """Why the model is asked no more."""
    draft: Draft | None = None
    answer: Answer | None = None
    ranges: tuple[tuple[int, int], ...] = ()
    """Of the answer's statements."""
    attributed: frozenset[tuple[int, int]] = frozenset()
    """Those of them whose citations code found."""
    timings: Mapping[str, float] = field(default_factory=dict)

    @property
    def drafted(self) -> Draft:
        assert self.draft is not None, "a step before the answer asked for it"
        return self.draft

    @property
    def answered(self) -> Answer:
        assert self.answer is not None, "a step before the citations were looked up asked for them"
        return self.answer


Step = Callable[[Request], "Iterator[StreamEvent | Request] | Request"]


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
        self.prompt_tokens = settings.llm_prompt_tokens  # of passages; less once a server has refused so many

    @cached_property
    def verifier(self) -> Verifier:
        """Of statements: never a chat model, which would judge itself."""
        name = "light" if self.settings.verifier == "judge" else self.settings.verifier
        verifier: Verifier = find("verifiers", name)(self.settings)
        return verifier

    @cached_property
    def steps(self) -> Runnable[Request, StreamEvent | Request]:
        """All of them as one runnable: a question in, events and the finished question out."""
        return (
            _runnable("condense", self._condense)
            | _runnable("retrieve", self._retrieve)
            | _runnable("rerank", self._rerank)
            | _runnable("pack", self._pack)
            | _runnable("answer", self._answer)
            | _runnable("resolve", self._resolve)
            | _runnable("gates", self._gates)
            | _runnable("verify", self._verify)
            | _runnable("repair", self._repair)
        )

    def retrieve(self, question: str, filters: Filters, k: int) -> list[Hit]:
        """The k best hits after reranking, near-duplicates collapsed."""
        found = self._retrieve(Request(question, filters=filters, search_question=question))
        return list(self._ranked(found, k))

    def extract(self, question: str, filters: Filters) -> Draft:
        """What the extractive answerer makes of a question by itself; no model is asked."""
        return self._extracted(question, filters).drafted

    def warm_up(self, question: str) -> None:
        """Load what the first question would wait for: this one is answered, and its answer checked, without a model."""
        self._checked(self._extracted(question, Filters()))

    def _extracted(self, question: str, filters: Filters) -> Request:
        found = self._retrieve(Request(question, filters=filters, search_question=question))
        request = self._pack(replace(found, hits=self._ranked(found, self.settings.top_k)))
        drafts = [piece for piece in self.fallback.draft(self._task(request)) if isinstance(piece, Draft)]
        return replace(request, draft=drafts[-1])

    def stream(self, request: Request) -> Iterator[StreamEvent]:
        """Stage events, pieces of text, and the finished answer last."""
        started = time.perf_counter()
        asked = (
            replace(request, budget=Budget(self.settings, stop=request.stop))
            if isinstance(self.answerer, Writer)
            else request
        )
        events = self.steps.stream(asked)  # named, so that it outlives the loop that a reader leaves
        try:
            for event in events:
                if isinstance(event, Request):
                    timings = {**event.timings, "total": time.perf_counter() - started}
                    yield AnswerEvent(replace(self._finished(event), timings=timings))
                else:
                    yield event
        except GeneratorExit:
            request.stop.set()  # LangChain reads a stream that is closed to its end: let the model's come at once
            raise

    # -- to the passages

    def _condense(self, request: Request) -> Request:
        condensed = condensed_by_rule(request.question, request.history)
        failure = None
        if isinstance(self.answerer, Writer) and request.budget and self.settings.llm_queries:
            try:
                budget = request.budget.part(CONDENSING)
                condensed = condense_by_model(request.question, request.history, self.answerer.model, budget)
            except ModelFailed as error:
                failure = error
        return replace(
            request,
            search_question=condensed.question,
            asked=condensed.asked,
            queries=condensed.queries,
            failure=failure,
        )

    def _retrieve(self, request: Request) -> Request:
        query = Query(request.search_question, request.filters, request.queries)
        hits = self.retriever.retrieve(query, FIRST_STAGE)
        facts = self.library.facts({hit.passage.span.article_id for hit in hits})
        recent_first = prefer_recent(hits, facts, request.filters.as_of or date.today())
        return replace(request, hits=tuple(recent_first[:CANDIDATES]))

    def _rerank(self, request: Request) -> Iterator[StreamEvent | Request]:
        started = time.perf_counter()
        hits = self._ranked(request, self.settings.top_k)
        seconds = sum(request.timings.values()) + time.perf_counter() - started
        yield StageEvent("retrieve", _describe(hits), seconds)
        yield replace(request, hits=hits)

    def _ranked(self, request: Request, k: int) -> tuple[Hit, ...]:
        hits = _on_topic(request, self.library.weight) if request.asked else request.hits
        ordered = self.reranker.rerank(request.asked or request.search_question, hits, self.library.weight)
        return tuple(replace(hit, rank=rank) for rank, hit in enumerate(collapse(ordered, k), start=1))

    def _pack(self, request: Request) -> Request:
        articles = self.library.articles({hit.passage.span.article_id for hit in request.hits})
        hits = tuple(hit for hit in request.hits if hit.passage.span.article_id in articles)
        packed = None
        if request.budget and hits and request.failure is None:
            packed = pack(hits, articles, self.prompt_tokens, self.settings.llm)
        return replace(request, hits=hits, articles=articles, packed=packed)

    # -- to a draft

    def _answer(self, request: Request) -> Iterator[StreamEvent | Request]:
        if not request.hits:
            yield replace(request, draft=Draft((), abstained=self._why_nothing(request.filters)))
            return
        task = self._task(request)
        if request.budget and request.failure is None and not worth_asking(task):
            yield replace(request, draft=Draft((), abstained=NOTHING_NEAR))
            return
        try:
            if request.failure is not None:
                raise request.failure
            yield from self._written(request)
        except ModelFailed as error:
            for event in self._drafted(request, task, self.fallback):
                if isinstance(event, Request):
                    noted = replace(event.drafted, note=f"{error.message} {INSTEAD}")
                    yield replace(event, draft=noted, failure=error)

    def _written(self, request: Request) -> Iterator[StreamEvent | Request]:
        """The answerer's draft; a prompt that is too long for its model is made half as long."""
        while True:
            try:
                yield from self._drafted(request, self._task(request), self.answerer)
                return
            except PromptTooLong:
                if request.packed is None or self.prompt_tokens // 2 < LEAST_PROMPT_TOKENS:
                    raise
                self.prompt_tokens = min(self.prompt_tokens, request.packed.n_tokens) // 2
                packed = pack(request.hits, request.articles, self.prompt_tokens, self.settings.llm)
                request = replace(request, packed=packed)

    def _drafted(self, request: Request, task: AnswerTask, answerer: Answerer) -> Iterator[StreamEvent | Request]:
        if request.asked and not isinstance(answerer, Writer):
            task = replace(task, question=request.asked)
        for piece in answerer.draft(task):
            if isinstance(piece, Draft):
                yield replace(request, draft=piece)
            else:
                yield DeltaEvent(piece) if isinstance(piece, str) else piece

    def _task(self, request: Request) -> AnswerTask:
        return AnswerTask(
            request.search_question,
            request.hits,
            request.articles,
            request.history,
            request.filters.as_of,
            self.library.weight,
            request.packed,
            request.budget,
        )

    def _why_nothing(self, filters: Filters) -> str:
        passing = self.library.allowed_passages(filters)
        return NOTHING_FOUND if passing is None or passing else NOTHING_PASSES

    # -- to an answer that is checked

    def _resolve(self, request: Request) -> Request:
        """Every claimed quotation looked up; a statement of a model that has none left gets what code finds."""
        draft, resolver = request.drafted, Resolver(self.library, request.articles)
        composed = compose(draft, resolver)
        attributed: frozenset[tuple[int, int]] = frozenset()
        if draft.shown and (found := missing_sources(draft, composed, resolver.articles)):
            draft = with_quotes(draft, found)
            composed = compose(draft, resolver)
            attributed = frozenset(composed.ranges[at] for at in found)
        answer = Answer(
            question=request.question,
            text=composed.text,
            citations=composed.citations,
            rejected=composed.rejected,
            abstained=draft.abstained,
            hits=request.hits,
            search_question=request.search_question,
            confidence=draft.confidence,
            note=draft.note,
        )
        return replace(
            request, answer=answer, articles=resolver.articles, ranges=composed.ranges, attributed=attributed
        )

    def _gates(self, request: Request) -> Request:
        answer = request.answered
        return replace(request, answer=replace(answer, findings=findings(answer, request.articles)))

    def _verify(self, request: Request) -> Request:
        answer = request.answered
        if answer.abstained:
            return request
        checked = check_statements(answer, request.ranges, request.articles, self.verifier, request.attributed)
        answer = replace(answer, statements=checked)
        if request.drafted.shown:
            answer = replace(answer, doubt=doubt(self._task(request), supported(answer), caught=bool(answer.rejected)))
        return replace(request, answer=answer)

    def _repair(self, request: Request) -> Iterator[StreamEvent | Request]:
        """A model that wrote what its sources do not say is told so; the better of its answers stands."""
        request = self._recited(request)
        for _ in range(self.settings.llm_repairs):
            if not isinstance(self.answerer, Writer) or not needs_repair(request.answered) or not _has_time(request):
                break
            named = list(problems(request.answered, request.ranges))
            started = time.perf_counter()
            try:
                draft = self.answerer.repair(self._task(request), request.drafted, named)
            except ModelFailed:
                break  # the answer that is there stands, its problems marked
            again = self._recited(self._checked(replace(request, draft=draft)))
            yield StageEvent("repair", f"{_count(len(named), 'problem')} named", time.perf_counter() - started)
            if badness(again.answered) >= badness(request.answered):
                break
            request = again
        yield replace(request, answer=settled(request.answered))

    def _checked(self, request: Request) -> Request:
        return self._verify(self._gates(self._resolve(request)))

    def _recited(self, request: Request) -> Request:
        """Statements that their citations do not carry, on shown sentences that do: a model often mistakes an id."""
        found = better_sources(request.drafted, request.answered, request.articles)
        if not found:
            return request
        draft = with_quotes(without_citations(request.drafted, request.answered, found), found)
        again = self._checked(replace(request, draft=draft))
        if badness(again.answered) >= badness(request.answered):
            return request
        places = {again.ranges[at] for at in found}
        statements = (
            replace(one, attributed=one.attributed or (one.start, one.end) in places)
            for one in again.answered.statements
        )
        return replace(again, answer=replace(again.answered, statements=tuple(statements)))

    def _finished(self, request: Request) -> Answer:
        calls = tuple(request.budget.calls) if request.budget else ()
        return replace(
            request.answered,
            calls=calls,
            usage=total_usage(calls),
            cost_usd=cost_of(calls),
            provenance=self._provenance(request),
        )

    def _provenance(self, request: Request) -> dict[str, Any]:
        draft, settings = request.drafted, self.settings
        asked = {
            "answerer": settings.answerer,
            "model": draft.model,
            "prompt": draft.prompt,
            **self.context.conditions(),
            "top_k": settings.top_k,
            "as_of": request.filters.as_of and request.filters.as_of.isoformat(),
        }
        if request.budget is None:
            return asked
        packed = request.packed
        return asked | {
            "queries": list(request.queries),
            "prompts": list(dict.fromkeys(call.prompt for call in request.budget.calls)),
            "llm": settings.llm,
            "temperature": settings.llm_temperature,
            "seed": settings.llm_seed,
            "max_tokens": settings.llm_max_tokens,
            "verifier": "light" if settings.verifier == "judge" else settings.verifier,
            "packed": packed
            and {
                "sentences": len(packed.sentences),
                "tokens": packed.n_tokens,
                "exact": packed.exact,
                "left_out": packed.left_out,
            },
        }


def _runnable(name: str, step: Step) -> Runnable[Any, Any]:
    """A step as a runnable: it takes the question on when it comes by, and lets everything else pass."""

    def transform(items: Iterator[StreamEvent | Request]) -> Iterator[StreamEvent | Request]:
        for item in items:
            if not isinstance(item, Request):
                yield item
                continue
            started = time.perf_counter()
            done = step(item)
            for result in [done] if isinstance(done, Request) else done:
                if isinstance(result, Request):
                    timings = {**result.timings, name: time.perf_counter() - started}
                    yield replace(result, timings=timings)
                else:
                    yield result

    return RunnableGenerator(transform, name=name)


def _has_time(request: Request) -> bool:
    """Whether another call as long as the last one fits into the time that is left."""
    if request.failure is not None or request.budget is None or not request.budget.calls:
        return False
    return request.budget.remaining_s > request.budget.calls[-1].seconds


# --- Hits -------------------------------------------------------------------------------------------------------------


def _on_topic(request: Request, weight: Callable[[str], float]) -> tuple[Hit, ...]:
    """The hits that have something of the question before a follow-up; all where none has."""
    own = set(terms(request.asked))
    weights = {term: weight(term) for term in terms(request.search_question) if term not in own}
    least = ON_TOPIC * sum(weights.values())

    def has_enough(hit: Hit) -> bool:
        there = terms_in(f"{hit.passage.title or ''} {hit.passage.text}", weights.keys())
        return sum(weights[term] for term in there) >= least

    return tuple(filter(has_enough, request.hits)) or request.hits


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


def _describe(hits: Sequence[Hit]) -> str:
    n_articles = len({hit.passage.span.article_id for hit in hits})
    return f"{_count(len(hits), 'passage')} from {_count(n_articles, 'article')}"


def _count(n: int, noun: str) -> str:
    return f"{n} {noun}{'' if n == 1 else 's'}"
