"""The tab of asking: a conversation at the left, the cited articles whole at the right.

Gradio's layout and events only; what they show is made by answer_markup.py and reader_markup.py. Errors that a person can mend
are shown in the conversation, bugs go to the log with their traceback.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import gradio as gr

from assistant.bill import Priced
from assistant.errors import UnknownArticle, WrongUse
from assistant.types import Answer, AnswerEvent, Article, ArticleRow, CitedEvent, DeltaEvent, Filters, StageEvent, Turn
from assistant.ui import answer_markup, markup, reader_markup
from assistant.ui.parts import (
    LONG,
    QUIET,
    as_they_come,
    date_field,
    errors_told,
    html_block,
    publisher_field,
    read_filters,
    sample_rows,
)

if TYPE_CHECKING:
    from assistant.api import Assistant

STREAM_S = 0.06  # the shortest time between two updates of a streamed answer
WELCOME = (
    '<div class="welcome"><h2>What do you want to check?</h2><p>Every answer is made of sentences from the articles in '
    "this library, each with its source beside it. Where the articles don’t say, you are told so.</p></div>"
)


@dataclass(frozen=True, slots=True)
class Exchange:
    """One finished turn of a conversation: what follow-ups need, what is shown, and what it cost."""

    turn: int
    asked: Turn
    chat: str
    pane: str
    priced: Priced = ((), 0.0)


Conversation = tuple[Exchange, ...]


# ── answering ─────────────────────────────────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True, slots=True)
class View:
    """What a moment of the conversation changes in the page; None leaves a part as it is."""

    turns: str | None = None
    live: str | None = None
    reader: str | None = None
    question: str | None = None
    conversation: Conversation | None = None
    asked: str | None = None
    welcome: bool | None = None

    def updates(self) -> tuple[Any, ...]:
        """In the order of the components that `_wire_questions` names."""
        parts = (self.turns, self.live, self.reader, self.question, self.conversation, self.asked)
        shown = gr.skip() if self.welcome is None else gr.update(visible=self.welcome)
        return (*(gr.skip() if part is None else part for part in parts), shown)


def converse(assistant: Assistant, question: str, filters: Filters, conversation: Conversation) -> Iterator[View]:
    """Answer one question, a view a step. An error becomes the last view; the question is then given back to mend.

    Closing it closes the assistant's stream at its next event, which ends the model's call.
    """
    yield View(live=answer_markup.pending_html(question, (), ""), question="", asked=question, welcome=False)
    with errors_told("A question", _short(question)) as errors:
        yield from _answering(assistant, question, filters, conversation)
    for error in errors:
        yield View(live=error, question=question)


def _short(question: str) -> str:
    return question if len(question) <= 200 else f"{question[:200]}…"


def _answering(assistant: Assistant, question: str, filters: Filters, conversation: Conversation) -> Iterator[View]:
    stages: list[str] = []
    cited: list[CitedEvent] = []
    text, shown, shown_at = "", "", 0.0
    history = [exchange.asked for exchange in conversation]
    stop = threading.Event()
    for event in as_they_come(assistant.stream(question, history=history, filters=filters, stop=stop), stop):
        if isinstance(event, AnswerEvent):
            yield _finished(assistant, event.answer, conversation)
            return
        if isinstance(event, StageEvent):
            stages.append(event.detail)
        elif isinstance(event, DeltaEvent):
            text += event.text
        elif event:
            cited.append(event)
        if event is None or isinstance(event, StageEvent) or time.monotonic() - shown_at >= STREAM_S:
            live = answer_markup.pending_html(question, stages, text, cited)
            yield View(live=None if live == shown else live)
            shown, shown_at = live, time.monotonic()


def _finished(assistant: Assistant, answer: Answer, conversation: Conversation) -> View:
    turn = conversation[-1].turn + 1 if conversation else 1
    pane = reader_markup.pane_html(answer, _cited_articles(assistant, answer), turn)
    chat, priced = answer_markup.answer_html(answer, turn), (answer.calls, answer.cost_usd)
    conversation = (*conversation, Exchange(turn, Turn(answer.question, answer.text), chat, pane, priced))
    return View(
        turns=_turns(conversation),
        live="",
        reader=reader_markup.reader_html([(e.turn, e.pane) for e in conversation]),
        conversation=conversation,
    )


def _turns(conversation: Conversation) -> str:
    log = f'<div role="log" aria-label="Conversation">{"".join(e.chat for e in conversation)}</div>'
    return log + answer_markup.conversation_bill_html([e.priced for e in conversation])


def _cited_articles(assistant: Assistant, answer: Answer) -> dict[str, Article]:
    articles = {}
    for article_id in {citation.span.article_id for citation in answer.citations}:
        try:
            articles[article_id] = assistant.article(article_id)
        except UnknownArticle:
            continue  # removed since; the pane says so
    return articles


def example_questions(rows: Sequence[ArticleRow], n: int = 4) -> list[str]:
    """Questions of the sample corpus that teach what the page can do: n - 1 that this library answers, one it can't."""
    here = {source for row in rows for source in row.source_ids}
    cases = [case for case in sample_rows("questions") if 25 <= len(case.get("question", "")) <= 75]
    answerable = [c["question"] for c in cases if c.get("gold_article_ids") and here.issuperset(c["gold_article_ids"])]
    unanswerable = [c["question"] for c in cases if c.get("answerable") is False]
    spread = answerable[:: max(1, len(answerable) // (n - 1))][: n - 1]  # the file goes story by story
    return [*spread, *unanswerable[:1]] if spread else []


# ── layout and events ─────────────────────────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True, slots=True)
class AskTab:
    turns: gr.HTML
    live: gr.HTML
    reader: gr.HTML
    question: gr.Textbox
    ask: gr.Button
    stop: gr.Button
    clear: gr.Button
    welcome: gr.Column
    examples: list[gr.Button]
    filters: list[gr.Dropdown | gr.Textbox]
    conversation: gr.State
    asked: gr.State
    """The question that is being answered."""


def layout(examples: Sequence[str]) -> AskTab:
    with gr.Row(elem_id="desk"):
        with gr.Column(elem_id="chat"):
            with gr.Column(elem_id="talk"):
                with gr.Column(elem_id="welcome") as welcome:
                    html_block(WELCOME)
                    buttons = [gr.Button(q, elem_classes="example", size="sm") for q in examples]
                turns = html_block(_turns(()), "turns")
                live = html_block("", "live")
            with gr.Column(elem_id="composer"):
                with gr.Accordion("Filters: publisher, dates", open=False, elem_id="filters"), gr.Row():
                    filters = _filter_fields()
                with gr.Row(elem_id="ask-row"):
                    question = gr.Textbox(
                        label="Your question",
                        placeholder="Ask or follow up",
                        lines=1,
                        max_lines=5,
                        scale=1,
                        elem_id="question",
                    )
                    ask = gr.Button("Ask", variant="primary", elem_id="ask-button", scale=0, min_width=72)
                    stop = gr.Button("Stop", elem_id="stop-button", scale=0, min_width=72)
                    clear = gr.Button("Clear", elem_id="clear-button", scale=0, min_width=72)
        reader = html_block(reader_markup.EMPTY_READER, "reader")
    return AskTab(
        turns, live, reader, question, ask, stop, clear, welcome, buttons, filters, gr.State(()), gr.State("")
    )


def _filter_fields() -> list[gr.Dropdown | gr.Textbox]:
    dates = (("From", "only articles since"), ("To", "only articles until"), ("As of", "as if asked on this day"))
    return [publisher_field("publisher"), *(date_field(label, info) for label, info in dates)]


def wire(assistant: Assistant, chat: AskTab) -> None:
    outputs = [chat.turns, chat.live, chat.reader, chat.question, chat.conversation, chat.asked, chat.welcome]

    def ask(
        question: str, publisher: str | None, since: str, until: str, as_of: str, conversation: Conversation
    ) -> Iterator[tuple[Any, ...]]:
        try:
            filters = read_filters(publisher, since, until, as_of)
        except WrongUse as error:
            yield View(live=markup.error_html("", error.message, error.hint)).updates()
            return
        for view in converse(assistant, question or "", filters, conversation):
            yield view.updates()

    def stopped(question: str) -> tuple[Any, ...]:
        return View(live=answer_markup.stopped_html(question), question=question).updates()

    def clear() -> tuple[Any, ...]:
        return View(_turns(()), "", reader_markup.EMPTY_READER, "", (), "", True).updates()

    rest = [*chat.filters, chat.conversation]
    asking: dict[str, Any] = {"fn": ask, "outputs": outputs, **LONG}
    coming = [gr.on([chat.ask.click, chat.question.submit], inputs=[chat.question, *rest], **asking)]
    coming += [button.click(inputs=[button, *rest], **asking) for button in chat.examples]
    chat.stop.click(None, cancels=coming).then(stopped, chat.asked, outputs, **QUIET, queue=False)
    chat.clear.click(None, cancels=coming).then(clear, None, outputs, **QUIET, queue=False)
