"""The tab of asking: a conversation at the left, the cited articles whole at the right.

Gradio's layout and events only; conversing.py has the steps of a question, the modules in `_markup` what is shown.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import gradio as gr

from assistant.errors import WrongUse
from assistant.types import ArticleRow
from assistant.ui import answer_markup, markup, reader_markup
from assistant.ui.commands import Ask, Judge, Open, Save, judged, read_command, saved
from assistant.ui.conversing import Conversation, View, cleared, converse, reopen, shown
from assistant.ui.parts import (
    AT_ONCE,
    LONG,
    QUIET,
    command_channel,
    date_field,
    errors_named,
    errors_told,
    html_block,
    message_box,
    message_html,
    publisher_field,
    read_filters,
    sample_rows,
)

if TYPE_CHECKING:
    from assistant.api import Assistant

NARROWING = "Filters and as-of date"
EXAMPLES = {
    "q041": "A number, and who says it when",
    "q045": "A source that was corrected",
    "q044": "A retracted article is called one",
    "q080": "The articles don’t say, and so says the answer",
}
"""Sample questions by id, and what each teaches."""
WELCOME = (
    '<div class="welcome"><h2>What do you want to check?</h2><p>Every answer is made of sentences from the articles in '
    "this library, each with its source beside it. Where the articles don’t say, you are told so.</p></div>"
)
BAR = (
    '<p class="talk-bar"><button type="button" data-history aria-haspopup="dialog">History</button>'
    '<span class="save" role="group" aria-label="Save this conversation with its sources">Save as '
    '<button type="button" data-save="markdown">Markdown</button> <button type="button" data-save="html">HTML</button> '
    '<button type="button" data-save="json">JSON</button></span></p>'
)
KEYS = (
    '<p class="keys"><kbd>/</kbd> question <kbd>←</kbd> <kbd>→</kbd> citations <kbd>Enter</kbd> what rests on the words '
    "<kbd>Esc</kbd> back</p>"
)


def example_questions(rows: Sequence[ArticleRow]) -> list[tuple[str, str]]:
    """(question, what it teaches) of the sample corpus, where this library holds the articles that they are about."""
    here = {source for row in rows for source in row.source_ids}
    cases = {case.get("id"): case for case in sample_rows("questions")}
    known = [(cases[name]["question"], hint) for name, hint in EXAMPLES.items() if name in cases]
    needed = {source for name in EXAMPLES for source in cases.get(name, {}).get("gold_article_ids", ())}
    return known if needed and here.issuperset(needed) else []


# ── layout ────────────────────────────────────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True, slots=True)
class AskTab:
    """What `wire` connects."""

    turns: gr.HTML
    live: gr.HTML
    follow_ups: gr.HTML
    reader: gr.HTML
    question: gr.Textbox
    ask: gr.Button
    stop: gr.Button
    clear: gr.Button
    welcome: gr.Column
    filters: list[gr.Dropdown | gr.Textbox]
    narrowing: gr.Accordion
    asking: gr.HTML
    commands: gr.HTML
    checking: gr.HTML
    """By which the tab of checking is given an answer: a tab that is not open hears nothing itself."""
    messages: gr.HTML
    conversation: gr.State
    asked: gr.State


def layout(examples: Sequence[tuple[str, str]]) -> AskTab:
    empty = shown(Conversation())
    with gr.Row(elem_id="desk"):
        with gr.Column(elem_id="chat"):
            html_block(BAR, "talk-bar")
            with gr.Column(elem_id="talk"):
                with gr.Column(elem_id="welcome") as welcome:
                    html_block(WELCOME + answer_markup.examples_html(examples) + KEYS)
                turns = html_block(empty.turns or "", "turns")
                live = html_block("", "live")
                follow_ups = html_block("", "follow-ups")
            with gr.Column(elem_id="composer"):
                with gr.Accordion(NARROWING, open=False, elem_id="filters") as narrowing, gr.Row():
                    filters = _filter_fields()
                question, ask, stop, clear = _question_row()
        reader = html_block(reader_markup.EMPTY_READER, "reader")
        asking, commands = command_channel("asking-channel"), command_channel("ask-channel")
        checking = command_channel("check-channel")
        messages = message_box("ask-messages")
    return AskTab(
        turns, live, follow_ups, reader, question, ask, stop, clear, welcome, filters, narrowing,
        asking, commands, checking, messages, gr.State(Conversation()), gr.State(""),
    )  # fmt: skip


def _question_row() -> tuple[gr.Textbox, gr.Button, gr.Button, gr.Button]:
    with gr.Row(elem_id="ask-row"):
        question = gr.Textbox(
            label="Your question", placeholder="Ask or follow up", lines=1, max_lines=5, scale=1, elem_id="question"
        )
        ask = gr.Button("Ask", variant="primary", elem_id="ask-button", scale=0, min_width=72)
        stop = gr.Button("Stop", elem_id="stop-button", scale=0, min_width=72)
        clear = gr.Button("New", elem_id="clear-button", scale=0, min_width=72)
    return question, ask, stop, clear


def _filter_fields() -> list[gr.Dropdown | gr.Textbox]:
    dates = (("From", "only articles since"), ("To", "only articles until"), ("As of", "as if asked then"))
    return [publisher_field("publisher"), *(date_field(label, info) for label, info in dates)]


# ── events ────────────────────────────────────────────────────────────────────────────────────────────────────────────
def wire(assistant: Assistant, tab: AskTab) -> None:
    outputs = [
        tab.turns, tab.live, tab.reader, tab.question, tab.conversation, tab.asked, tab.welcome, tab.messages,
        tab.follow_ups,
    ]  # fmt: skip
    rest = [*tab.filters, tab.conversation]

    def asked(data: gr.EventData, typed: str, *fields: Any) -> Iterator[tuple[Any, ...]]:
        by_script = data.target is tab.asking
        views = _asked(assistant, data._data if by_script else Ask(do="ask", question=typed or ""), *fields)
        for n, view in enumerate(views):
            yield updates(view if n or by_script else replace(view, question=""))  # it was taken out of its field

    def commanded(data: gr.EventData, *fields: Any) -> tuple[Any, ...]:
        return updates(_commanded(assistant, data._data, *fields))

    def suggested(talk: Conversation) -> str:
        return _suggested(assistant, talk)

    at_once: dict[str, Any] = {"outputs": outputs, **QUIET, "queue": False}
    # One event, so that Gradio takes no second question while one is answered, whichever way it comes.
    ways = [tab.ask.click, tab.question.submit, tab.asking.click]
    coming = gr.on(ways, asked, [tab.question, *rest], outputs, **LONG)
    coming.success(suggested, tab.conversation, tab.follow_ups, **QUIET, concurrency_limit=AT_ONCE)
    # As in check_tab.py: only once its event has failed does the page take another question.
    coming.failure(lambda question: updates(_stopped(question)), tab.asked, **at_once)
    tab.stop.click(None, cancels=coming)
    tab.clear.click(None, cancels=coming).then(lambda: updates(cleared()), None, **at_once)
    several: dict[str, Any] = {**QUIET, "concurrency_limit": AT_ONCE, "trigger_mode": "multiple"}
    tab.commands.click(commanded, rest, outputs, **several)
    told: dict[str, Any] = {"inputs": tab.filters, "outputs": tab.narrowing, **QUIET, "queue": False}
    for field in tab.filters:
        changes = [field.change] if isinstance(field, gr.Dropdown) else [field.blur, field.submit]
        gr.on(changes, lambda *fields: gr.update(label=narrowing(*fields)), **told)


def updates(view: View) -> tuple[Any, ...]:
    """A view in the order of the components that `wire` names; suggestions go with the answer that they followed."""
    parts = (view.turns, view.live, view.reader, view.question, view.conversation, view.asked)
    welcome = gr.skip() if view.welcome is None else gr.update(visible=view.welcome)
    message = gr.skip() if view.message is None else message_html(view.message)
    suggestions = gr.skip() if view.live is None else ""
    return (*(gr.skip() if part is None else part for part in parts), welcome, message, suggestions)


def _asked(
    assistant: Assistant, command: object, publisher: str | None, since: str, until: str, as_of: str, talk: Conversation
) -> Iterator[View]:
    """The views of one question; what is wrong with filters or command becomes the only one."""
    try:
        filters = read_filters(publisher, since, until, as_of)
        ask = command if isinstance(command, Ask) else read_command(command)
        if not isinstance(ask, Ask):
            raise WrongUse(f"This does not ask anything: {ask.do}.", "Reload the page.")
        former = talk.exchange(ask.again_from) if ask.again_from is not None else None
        question = ask.question if ask.question is not None else former.answer.question if former else ""
    except WrongUse as error:
        unanswered = {"unanswered": command.question} if isinstance(command, Ask) else None
        yield View(live=markup.error_html("", error.message, error.hint), message=unanswered)
        return
    yield from converse(assistant, question, filters, talk, ask.again_from)


def _commanded(
    assistant: Assistant, value: object, publisher: str | None, since: str, until: str, as_of: str, talk: Conversation
) -> View:
    """What a script asks for beside questions. What goes wrong is said, and changes nothing."""
    with errors_named("A command of the page") as errors:
        command = read_command(value)
        if isinstance(command, Open):
            return _opened(assistant, command)
        if isinstance(command, Judge):
            said = judged(assistant, command, talk)
            citation = markup.source_id(command.turn, command.marker)
            return View(message={"said": said, "judged": {citation: command.judgement}})
        if isinstance(command, Save):
            return View(message={"file": saved(assistant, command, talk)})
    return View(message={"said": " ".join(errors[0])}) if errors else View()


def _opened(assistant: Assistant, command: Open) -> View:
    """The conversation; one that can't be shown says so where the answers stand, and leaves what is there."""
    view = View()
    with errors_told("Opening a conversation") as errors:
        view = reopen(assistant, command.conversation, command.name)
    return View(live=errors[0]) if errors else view


def _stopped(question: str) -> View:
    """Nothing is asked any more where the conversation was cleared meanwhile."""
    if not question:
        return View()
    return View(live=answer_markup.stopped_html(question), message={"unanswered": question})


def _suggested(assistant: Assistant, talk: Conversation) -> str:
    """Questions that may come next; none where the last answer cites nothing."""
    if not talk.exchanges:
        return ""
    questions: tuple[str, ...] = ()
    last = talk.exchanges[-1]
    with errors_told("Suggesting questions"):
        questions = assistant.follow_ups(last.answer, filters=last.filters)
    return answer_markup.follow_ups_html(questions, last.answer.question)


def narrowing(publisher: str | None, since: str, until: str, as_of: str) -> str:
    """What the folded filters are set to: nobody may ask under a filter that is out of sight."""
    dates = (("from", since), ("to", until), ("as of", as_of))
    told = [f"only {publisher}"] if publisher else []
    told += [f"{name} {value.strip()}" for name, value in dates if value and value.strip()]
    return f"{NARROWING}: {', '.join(told)}" if told else NARROWING
