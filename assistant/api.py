"""`Assistant`: articles in, cited answers out. Web page, command line and evaluation all go through it.

Reading needs no lock, so any number of processes may ask; the first call that writes makes this process the one that
writes. Blocking calls have async twins that run in a thread.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import AsyncIterator, Callable, Collection, Generator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from assistant.embedders import Embedder, load_embedder
from assistant.errors import AssistantError, BadQuestion, EmptyLibrary, LibraryDamaged
from assistant.index import Index
from assistant.library import Counts, Library
from assistant.settings import Settings, load_settings
from assistant.text import canonical_text
from assistant.types import (
    Answer,
    AnswerEvent,
    Article,
    ArticleRow,
    CheckedStatement,
    Choice,
    Citation,
    FactCheck,
    Filters,
    Hit,
    IngestProgress,
    IngestReport,
    QuoteCheck,
    StreamEvent,
    Turn,
    Zone,
)

if TYPE_CHECKING:
    from langchain_core.retrievers import BaseRetriever

    from assistant.cases import EvalCase
    from assistant.chain import Chain, Request
    from assistant.chat_models import ChatModel
    from assistant.checking import Checker
    from assistant.feedback import Rating
    from assistant.ledger import Drift
    from assistant.watch import Change, Watched, WatchList

MAX_QUESTION_CHARS = 4000
MAX_TEXT_CHARS = 60_000  # some 10,000 words
CHOICE_HITS = 8  # passages by which each given answer is judged; what decides was measured with so many
ANYTHING = Filters()

log = logging.getLogger(__name__)

Progress = Callable[[IngestProgress], None]


class Assistant:
    """A fact-check assistant over one library folder.

    >>> from assistant import Assistant
    >>> with Assistant("var") as assistant:                                   # doctest: +SKIP
    ...     assistant.ingest("corpus")
    ...     print(assistant.ask("How many countries met at the Pentagon?").text)
    """

    def __init__(self, home: str | Path | None = None, *, settings: Settings | None = None, **overrides: Any) -> None:
        """`overrides` are settings by name (`answerer="chat"`); without `settings`, those in force here."""
        self.settings = settings or load_settings(home=home, **overrides)
        self.library = Library(self.settings.home)
        self.index = Index(self.settings.store, self.settings.home)
        self._embedding = threading.Lock()
        self._opening = threading.Lock()
        self._stop = threading.Event()
        self._worker: threading.Thread | None = None
        self._starting = threading.Lock()
        self._wanted = self._working = False

    def __enter__(self) -> Assistant:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Stop embedding after the batch in hand, close the index, let other processes write."""
        self._stop.set()
        if self._worker:
            self._worker.join()
        self.index.close()
        self.library.close()

    @cached_property
    def embedder(self) -> Embedder:
        return load_embedder(self.settings)

    @cached_property
    def chain(self) -> Chain:
        from assistant.chain import Chain
        from assistant.retrievers import SearchContext

        return Chain(SearchContext(self.library, self.index, self.embedder, self.settings))

    @cached_property
    def checker(self) -> Checker:
        from assistant import __version__
        from assistant.checking import Checker
        from assistant.registry import find

        name, chain = self.settings.verifier, self.chain
        verifier = find("verifiers", name)(self.settings)
        return Checker(chain.context, chain.retrieve, verifier, name, __version__, self._claims_model())

    def _claims_model(self) -> ChatModel | None:
        """The chat model that `check` asks for claims and a view; None when it is to ask none."""
        from assistant.chat_models import ChatModel

        return ChatModel(self.settings) if self.settings.llm_claims else None

    @cached_property
    def watch_list(self) -> WatchList:
        from assistant.watch import WatchList

        return WatchList(self.settings.home)

    # -- articles in

    def ingest(
        self,
        *sources: str | Path,
        embed: bool = True,
        progress: Progress | None = None,
        allow_private: bool = True,
    ) -> IngestReport:
        """Store the articles of files, folders and URLs, then embed what has no vector yet.

        Without sources only the second. The text can be searched as soon as it is stored. `allow_private=False` refuses
        URLs that lead to this machine or its network. Raises LibraryBusy; a source that fails is in the report.
        """
        from dataclasses import replace

        from assistant.ingest import ingest_texts

        report = ingest_texts(self.library, sources, self.settings.passage, progress, allow_private=allow_private)
        return replace(report, embedded=self.embed_pending(progress)) if embed else report

    def embed_pending(self, progress: Progress | None = None, stop: threading.Event | None = None) -> int:
        """Embed every passage that has no vector yet; returns how many. Waits for an embedding that is under way."""
        from assistant.ingest import embed_pending

        with self._embedding:
            self.open_index()
            return embed_pending(self.library, self.index, self.embedder, progress, stop)

    def start_embedding(self) -> None:
        """Embed in a background thread until nothing is left; while one runs, it is told to look once more."""
        self.open_index()
        with self._starting:
            self._wanted = True
            if self._working:
                return
            self._working = True
            self._stop.clear()
            self._worker = threading.Thread(target=self._embed_in_background, name="embed", daemon=True)
            self._worker.start()

    def _embed_in_background(self) -> None:
        while True:
            with self._starting:
                if not self._wanted or self._stop.is_set():
                    self._working = False
                    return
                self._wanted = False
            try:
                self.embed_pending(stop=self._stop)
            except AssistantError as error:
                log.error("Embedding stopped, word search goes on: %s", error)

    def open_index(self) -> None:
        """Open the vector index and make it hold what the library holds; a torn one is made again. Raises LibraryBusy."""
        with self._opening:
            if self.index.is_ready:
                return
            self.library.hold()
            self.library.require_embedder(self.embedder.fingerprint)
            try:
                self._open_and_sync()
            except LibraryDamaged:
                if not self.index.embedded:
                    raise
                self.index.reset()
                self._open_and_sync()

    def _open_and_sync(self) -> None:
        self.index.open(self.embedder.fingerprint)
        self.index.sync(self.library.vector_ids(), self.library.vectors_of, thorough=self.index.was_left_open)

    def remove(self, *article_ids: str) -> int:
        """Forget articles with all their versions; returns how many. Raises UnknownArticle before removing any."""
        ids = list(dict.fromkeys(self.library.find_id(name) for name in article_ids))
        for article_id in ids:
            self.library.remove(article_id)
        if self.index.is_open:
            self.index.sync(self.library.vector_ids(), self.library.vectors_of)
        return len(ids)

    def rebuild(self, *, embed: bool = False, progress: Progress | None = None) -> Counts:
        """Make the word index and the vector index again from the library; `embed` makes the vectors again too."""
        if not self.library.exists:
            raise self._empty()
        self.library.hold()
        self.library.rebuild_words()
        if embed:
            self.library.drop_vectors()
        self.index.reset()
        self.embed_pending(progress)
        return self.library.counts()

    # -- answers out

    def ask(self, question: str, *, history: Sequence[Turn] = (), filters: Filters = ANYTHING) -> Answer:
        """Raises BadQuestion, EmptyLibrary. An answer that the articles do not hold comes back as `abstained`."""
        for event in self.stream(question, history=history, filters=filters):
            if isinstance(event, AnswerEvent):
                return event.answer
        raise AssertionError("the chain ended without an answer")

    def stream(
        self,
        question: str,
        *,
        history: Sequence[Turn] = (),
        filters: Filters = ANYTHING,
        stop: threading.Event | None = None,
    ) -> Generator[StreamEvent, None, None]:
        """The same as events: stages, pieces of text, and the AnswerEvent last.

        Closing the generator cancels a model's call. While `next` waits for the model, another thread can set `stop`, which
        belongs to this question alone: closing sets it, too.
        """
        from assistant.chain import Request

        request = Request(self._checked(question), tuple(history), filters, stop=stop or threading.Event())
        return self._run(request)

    def _run(self, request: Request) -> Generator[StreamEvent, None, None]:
        self._open_remote_index()
        yield from self.chain.stream(request)

    def warm_up(self) -> None:
        """Load what the first question would wait for, so that it comes as fast as the next. No chat model is asked."""
        rows = self.articles()
        if rows:
            self._open_remote_index()
            self.chain.warm_up(rows[0].facts.title or rows[0].facts.id)

    def choose(self, question: str, choices: Sequence[str], *, filters: Filters = ANYTHING) -> Choice:
        """Which of several given answers the articles support; `index` is None when they support none.

        Needs no language model: `assistant.choosing` says how. Raises BadQuestion, EmptyLibrary.
        """
        from assistant.choosing import choose

        checked = self._checked(question)
        self._open_remote_index()
        return choose(
            checked,
            choices,
            lambda text: self.chain.retrieve(text, filters, CHOICE_HITS),
            self.library.articles,
            self.library.weight,
        )

    def follow_ups(self, answer: Answer, *, filters: Filters = ANYTHING) -> tuple[str, ...]:
        """Questions that may come after an answer, best first: only such as the library answers. No model is asked."""
        from assistant.follow_ups import follow_ups

        articles = self.articles_of(answer)
        return follow_ups(answer, articles, lambda question: self.chain.extract(question, filters))

    async def aask(self, question: str, *, history: Sequence[Turn] = (), filters: Filters = ANYTHING) -> Answer:
        return await asyncio.to_thread(self.ask, question, history=history, filters=filters)

    async def achoose(self, question: str, choices: Sequence[str], *, filters: Filters = ANYTHING) -> Choice:
        return await asyncio.to_thread(self.choose, question, choices, filters=filters)

    async def astream(
        self, question: str, *, history: Sequence[Turn] = (), filters: Filters = ANYTHING
    ) -> AsyncIterator[StreamEvent]:
        """As `stream`; a reader who leaves, or a task that is cancelled, cancels a model's call."""
        stop, loop = threading.Event(), asyncio.get_running_loop()
        events = self.stream(question, history=history, filters=filters, stop=stop)

        def following() -> StreamEvent | None:
            return next(events, None)

        pool = ThreadPoolExecutor(1)  # one thread: the stream is closed behind the `next` that may be running
        try:
            while (event := await loop.run_in_executor(pool, copy_context().run, following)) is not None:
                yield event
        finally:
            stop.set()
            pool.submit(events.close)
            pool.shutdown(wait=False)

    # -- claims and quotations

    def check(
        self, text: str, *, filters: Filters = ANYTHING, progress: Callable[[int, int], None] | None = None
    ) -> FactCheck:
        """A verdict on every claim of a sentence or a draft, with the evidence for and against.

        `progress` is called with (claims done, claims in all) after each; what it raises ends the check.

        The offsets of the claims count in `FactCheck.statement`, the text in canonical form. Raises BadQuestion for a text that
        is empty or too long, EmptyLibrary, and ModelFailed when the verifier's model fails. With the setting `llm_claims` a
        chat model words claims and searches and has a view of each claim; when it fails, the rules do, and the note says so.
        """
        checked = self._checked_text(text)
        self._open_remote_index()
        return self.checker.check(checked, filters, progress)

    def quote(self, words: str, *, by: str | None = None, article: str | None = None) -> QuoteCheck:
        """Whether these words stand in the articles, in `article` if given, and whether `by` says them.

        Raises WrongUse for a quotation without words, EmptyLibrary, UnknownArticle.
        """
        from assistant.checks.quotations import normalise_quote

        wanted = normalise_quote(words)
        if not self.library.exists or not self.counts().articles:
            raise self._empty()
        return self.checker.quote(wanted, by, self.library.find_id(article) if article else None)

    async def acheck(self, text: str, *, filters: Filters = ANYTHING) -> FactCheck:
        return await asyncio.to_thread(self.check, text, filters=filters)

    async def aquote(self, words: str, *, by: str | None = None, article: str | None = None) -> QuoteCheck:
        return await asyncio.to_thread(self.quote, words, by=by, article=article)

    def articles_of(self, result: FactCheck | QuoteCheck | Answer) -> dict[str, Article]:
        """The articles that a result's evidence or citations come from, by id."""
        if isinstance(result, FactCheck):
            spans = [one.span for claim in result.claims for one in (*claim.evidence, *claim.rejected)]
        elif isinstance(result, QuoteCheck):
            spans = [place.span for place in result.places]
        else:
            spans = [citation.span for citation in (*result.citations, *result.rejected)]
        return self.library.articles({span.article_id for span in spans})

    # -- records

    def save(
        self,
        path: str | Path,
        result: FactCheck | QuoteCheck | Answer,
        *,
        filters: Filters = ANYTHING,
        force: bool = False,
        **asked_with: Any,
    ) -> None:
        """Keep a result as a ledger that `verify` replays; `filters` are those it was asked with.

        Raises WrongUse when the file is there and `force` is not set, or when it can't be written.
        """
        from assistant.ledger import save_ledger

        recorded = {"settings": self.settings, "filters": filters, **asked_with}
        save_ledger(path, result, self.articles_of(result), force=force, **recorded)

    def verify(self, path: str | Path, *, replay: bool = True) -> list[Drift]:
        """What has changed since a ledger was saved: articles, quotations and, replayed, verdicts. Raises WrongUse."""
        from assistant.ledger import load_ledger, recheck_with, verify_ledger

        return verify_ledger(load_ledger(path), self.library, recheck=recheck_with(self) if replay else None)

    # -- feedback

    def give_feedback(
        self,
        answer: Answer,
        about: Citation | CheckedStatement,
        rating: Rating | str,
        *,
        filters: Filters = ANYTHING,
        history: Sequence[Turn] = (),
        comment: str = "",
    ) -> EvalCase:
        """Keep a reader's judgement as a case of `feedback.jsonl` in the library's folder, for `assistant evaluate`.

        `about` is one of the answer's citations or statements, `rating` "good", "wrong_span" or "not_supported"; `filters` and
        `history` are those of the question, of which the day and the earlier questions become part of the case. A later
        judgement of the same takes the former's place. Raises WrongUse for words that the library does not hold.
        """
        from assistant.feedback import FeedbackFile, feedback_on, rating_of

        told = feedback_on(
            self.library, answer, about, rating_of(rating), filters=filters, history=history, comment=comment
        )
        return FeedbackFile(self.settings.home).add(told)

    # -- watched claims

    def watch(self, text: str) -> tuple[Watched, FactCheck]:
        """Save a claim, to be judged again when articles arrive (`review_watched`)."""
        return self.watch_list.add(text, self.check)

    def unwatch(self, name: str) -> Watched:
        """Forget a saved claim, by its id or a beginning of it. Raises WrongUse."""
        return self.watch_list.remove(name)

    def watched(self) -> tuple[Watched, ...]:
        return self.watch_list.claims()

    def review_watched(self) -> list[Change]:
        """Judge every saved claim again; those whose verdict has changed, each with the evidence that changed it."""
        return self.watch_list.review(self.check) if self.watched() else []

    def retrieve(self, question: str, *, filters: Filters = ANYTHING, k: int | None = None) -> list[Hit]:
        """The best passages after reranking, near-duplicates collapsed; at most 50."""
        checked = self._checked(question)
        self._open_remote_index()
        return self.chain.retrieve(checked, filters, k or self.settings.top_k)

    def as_retriever(self, **options: Any) -> BaseRetriever:
        """`retrieve` as a LangChain retriever; options: `filters`, `k`."""
        from assistant.langchain_retriever import LibraryRetriever

        return LibraryRetriever(assistant=self, **options)

    def _checked(self, question: str) -> str:
        hint = "Ask in a sentence, for example: Who warned about the troops?"
        return self._not_too_long(question, "question", MAX_QUESTION_CHARS, hint, "Ask one thing at a time.")

    def _checked_text(self, text: str) -> str:
        hint = "Give a claim in a sentence, or a draft."
        return self._not_too_long(text, "text", MAX_TEXT_CHARS, hint, "Check it in parts.")

    def _not_too_long(self, text: str, what: str, most: int, if_empty: str, if_long: str) -> str:
        """The text in canonical form. Raises BadQuestion, EmptyLibrary."""
        text = canonical_text(text)
        if not any(char.isalnum() for char in text):
            raise BadQuestion(f"The {what} is empty.", if_empty)
        if len(text) > most:
            raise BadQuestion(f"The {what} has {len(text):,} characters; {most:,} is the most.", if_long)
        if not self.library.exists or not self.counts().articles:
            raise self._empty()
        return text

    def _open_remote_index(self) -> None:
        """Search a Chroma server without the lock, when it holds what the library holds; only a writer mends it."""
        if self.index.embedded or self.index.is_open or self.library.embedder() is None:
            return
        self.library.require_embedder(self.embedder.fingerprint)
        self.index.open(self.embedder.fingerprint)
        self.index.is_ready = self.index.count() == self.counts().embedded

    def _empty(self) -> EmptyLibrary:
        return EmptyLibrary(f"No articles in {self.settings.home}.", "Run: assistant ingest PATH|URL")

    # -- looking around

    def article(self, article_id: str) -> Article:
        """By id, by a unique prefix of it (6 digits or more) or by source id. Raises UnknownArticle."""
        return self.library.article(self.library.find_id(article_id))

    def articles(self, *, include_replaced: bool = False) -> list[ArticleRow]:
        """Newest first, undated last."""
        return self.library.article_rows(include_replaced=include_replaced)

    def versions(self, article_id: str) -> list[Article]:
        """The article in force, then its earlier versions, the latest first, by the full id of any; empty when it is gone."""
        return self.library.versions(article_id)

    def zones(self, article_ids: Collection[str]) -> dict[str, dict[Zone, int]]:
        """How many stretches of each zone these articles have, by full id, in the order of the text."""
        return self.library.zones(article_ids)

    def publishers(self) -> list[str]:
        return self.library.publishers()

    def counts(self) -> Counts:
        return self.library.counts()
