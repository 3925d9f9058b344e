"""A conversation: its finished turns, and what one more question makes of them, step by step, as views of the page.

Knows neither components nor events; ask_tab.py has these.
"""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from assistant.bill import Priced
from assistant.errors import UnknownArticle, WrongUse
from assistant.render import Json
from assistant.types import Answer, AnswerEvent, Article, CitedEvent, DeltaEvent, Filters, StageEvent, Turn
from assistant.ui import answer_markup, reader_markup
from assistant.ui.kept import keep_turn, nearest_hits, read_conversation
from assistant.ui.kept_document import MAX_TURNS
from assistant.ui.parts import as_they_come, errors_told

if TYPE_CHECKING:
    from assistant.api import Assistant

STREAM_S = 0.06  # the shortest time between two updates of a streamed answer


@dataclass(frozen=True, slots=True)
class Exchange:
    """One finished turn: what was asked and answered, and how it is shown."""

    turn: int
    answer: Answer
    """Its hits are gone, but for those that an abstention names as the nearest."""
    filters: Filters
    chat: str
    pane: str
    asked: datetime | None
    """When; None where nobody knows."""
    kept: Json
    """What a browser keeps of it."""

    @property
    def said(self) -> Turn:
        return Turn(self.answer.question, self.answer.text)

    @property
    def priced(self) -> Priced:
        return self.answer.calls, self.answer.cost_usd


@dataclass(frozen=True, slots=True)
class Conversation:
    """The finished turns in order. A turn's number is never used again, so that a link to a dropped turn leads nowhere."""

    exchanges: tuple[Exchange, ...] = ()
    last_turn: int = 0
    """The highest number that was used."""
    token: str = ""
    """Tells it from every other one that a window has shown; none before its first answer."""

    def before(self, turn: int) -> Conversation:
        """As it was when this turn was asked; all of it for a number that it does not have."""
        at = next((i for i, one in enumerate(self.exchanges) if one.turn == turn), len(self.exchanges))
        return replace(self, exchanges=self.exchanges[:at])

    def exchange(self, turn: int) -> Exchange | None:
        return next((one for one in self.exchanges if one.turn == turn), None)

    def with_answer(self, answer: Answer, filters: Filters, articles: Mapping[str, Article]) -> Conversation:
        new = exchange_of(self.last_turn + 1, answer, filters, articles, datetime.now(UTC))
        return Conversation((*self.exchanges, new), new.turn, self.token or new_token())


def new_token() -> str:
    return secrets.token_hex(8)


def exchange_of(
    turn: int, answer: Answer, filters: Filters, articles: Mapping[str, Article], asked: datetime | None
) -> Exchange:
    """`articles` holds those that the answer shows, by id; what is missing there has left the library."""
    near = nearest_hits(answer)
    pane = reader_markup.pane_html(answer, articles, turn)
    found = [articles[hit.passage.span.article_id] for hit in near if hit.passage.span.article_id in articles]
    chat = answer_markup.answer_html(answer, turn, filters, found)
    kept = keep_turn(turn, answer, filters, asked=asked)
    return Exchange(turn, replace(answer, hits=near), filters, chat, pane, asked, kept)


@dataclass(frozen=True, slots=True)
class View:
    """What a moment of the conversation changes in the page; None leaves a part as it is."""

    turns: str | None = None
    live: str | None = None
    reader: str | None = None
    question: str | None = None
    conversation: Conversation | None = None
    asked: str | None = None
    """The question that is being answered."""
    welcome: bool | None = None
    message: Mapping[str, Any] | None = None
    """For history.js."""


def shown(conversation: Conversation, **more: Any) -> View:
    """The whole conversation, nothing under way."""
    log = "".join(one.chat for one in conversation.exchanges)
    bill = answer_markup.conversation_bill_html([one.priced for one in conversation.exchanges])
    return View(
        turns=f'<div role="log" aria-label="Conversation">{log}</div>{bill}',
        live="",
        reader=reader_markup.reader_html([(one.turn, one.pane) for one in conversation.exchanges]),
        conversation=conversation,
        **more,
    )


def cleared() -> View:
    return shown(Conversation(), question="", asked="", welcome=True, message={"cleared": True})


def converse(
    assistant: Assistant, question: str, filters: Filters, conversation: Conversation, again_from: int | None = None
) -> Iterator[View]:
    """Answer one question, a view a step. An error becomes the last view; the page then offers the question to mend.

    With `again_from` it takes the place of that turn and of all after it, once it is answered. Closing it closes the
    assistant's stream at its next event, which ends the model's call.
    """
    yield View(live=answer_markup.pending_html(question, (), ""), asked=question, welcome=False)
    with errors_told("A question", _short(question)) as errors:
        former = conversation if again_from is None else conversation.before(again_from)
        if len(former.exchanges) >= MAX_TURNS:
            raise WrongUse(
                f"This conversation has {MAX_TURNS} questions, which is the most.", "Begin a new one with New."
            )
        for view in _answering(assistant, question, filters, former):
            done = view if isinstance(view, View) else _finished(assistant, view, filters, former, conversation)
            yield done
    for error in errors:
        yield View(live=error, message={"unanswered": question})


def _short(question: str) -> str:
    return question if len(question) <= 200 else f"{question[:200]}…"


def _answering(
    assistant: Assistant, question: str, filters: Filters, conversation: Conversation
) -> Iterator[View | Answer]:
    stages: list[str] = []
    cited: list[CitedEvent] = []
    text, last, last_at = "", "", 0.0
    history = [exchange.said for exchange in conversation.exchanges]
    stop = threading.Event()
    for event in as_they_come(assistant.stream(question, history=history, filters=filters, stop=stop), stop):
        if isinstance(event, AnswerEvent):
            yield event.answer
            return
        if isinstance(event, StageEvent):
            stages.append(event.detail)
        elif isinstance(event, DeltaEvent):
            text += event.text
        elif event:
            cited.append(event)
        if event is None or isinstance(event, StageEvent) or time.monotonic() - last_at >= STREAM_S:
            live = answer_markup.pending_html(question, stages, text, cited)
            yield View(live=None if live == last else live)
            last, last_at = live, time.monotonic()


def _finished(
    assistant: Assistant, answer: Answer, filters: Filters, former: Conversation, replaced: Conversation
) -> View:
    conversation = former.with_answer(answer, filters, shown_articles(assistant, answer))
    message = {
        "token": conversation.token,
        "turns": [one.kept for one in conversation.exchanges],
        "dropped": len(replaced.exchanges) - len(former.exchanges),
    }
    return shown(conversation, message=message)


def shown_articles(assistant: Assistant, answer: Answer) -> dict[str, Article]:
    """Those that it cites, and those that came nearest to a question which they do not answer."""
    articles = {}
    spans = [one.span for one in answer.citations] + [hit.passage.span for hit in nearest_hits(answer)]
    for article_id in {span.article_id for span in spans}:
        try:
            articles[article_id] = assistant.article(article_id)
        except UnknownArticle:
            continue  # removed since; the pane says so
    return articles


def reopen(assistant: Assistant, document: object, name: str) -> View:
    """A conversation that a browser kept under a name. Nothing in it is believed: every citation is looked up again.

    Raises WrongUse for what is no conversation.
    """
    exchanges = tuple(
        exchange_of(kept.turn, kept.answer, kept.filters, shown_articles(assistant, kept.answer), kept.asked)
        for kept in read_conversation(document, assistant)
    )
    last = max((one.turn for one in exchanges), default=0)
    conversation = Conversation(exchanges, last, new_token())
    message = {"opened": name, "token": conversation.token}
    return shown(conversation, asked="", welcome=not exchanges, message=message)
