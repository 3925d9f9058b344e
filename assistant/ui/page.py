"""The page: a conversation beside the cited articles, the checking of claims on a second tab, the library on a third.

Only this module, check_tab.py and parts.py know Gradio's components and events; what they show is made by markup.py and
check_markup.py. Errors that a person can mend are shown in the page, bugs go to the log with their traceback.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import gradio as gr
from starlette.middleware import Middleware

from assistant.bill import Priced
from assistant.errors import UnknownArticle, WrongUse
from assistant.types import (
    Answer,
    AnswerEvent,
    Article,
    ArticleRow,
    CitedEvent,
    DeltaEvent,
    Filters,
    IngestProgress,
    IngestReport,
    StageEvent,
    Turn,
)
from assistant.ui import check_tab, markup
from assistant.ui.address import (
    LOOPBACK,
    page_url,
    port_in_use,
    require_free_port,
    require_web_address,
    require_whole_login,
)
from assistant.ui.csp import SecurityHeaders
from assistant.ui.parts import (
    AT_ONCE,
    LONG,
    QUIET,
    as_they_come,
    date_field,
    errors_told,
    html_block,
    publisher_choices,
    publisher_field,
    read_filters,
    sample_rows,
)

if TYPE_CHECKING:
    from assistant.api import Assistant

HERE = Path(__file__).resolve().parent
MAX_FILE_SIZE = "20mb"
REFRESH_S = 4.0  # how often the share of embedded passages is looked up while it changes
STREAM_S = 0.06  # the shortest time between two updates of a streamed answer
FILE_TYPES = [".txt", ".md", ".html", ".htm", ".pdf", ".jsonl", ".xml", ".rss", ".atom"]
SYSTEM_FONTS = ("system-ui", "-apple-system", "Segoe UI", "Roboto", "Helvetica Neue", "Arial", "sans-serif")
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
    yield View(live=markup.pending_html(question, (), ""), question="", asked=question, welcome=False)
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
            live = markup.pending_html(question, stages, text, cited)
            yield View(live=None if live == shown else live)
            shown, shown_at = live, time.monotonic()


def _finished(assistant: Assistant, answer: Answer, conversation: Conversation) -> View:
    turn = conversation[-1].turn + 1 if conversation else 1
    pane = markup.pane_html(answer, _cited_articles(assistant, answer), turn)
    chat, priced = markup.answer_html(answer, turn), (answer.calls, answer.cost_usd)
    conversation = (*conversation, Exchange(turn, Turn(answer.question, answer.text), chat, pane, priced))
    return View(
        turns=_turns(conversation),
        live="",
        reader=markup.reader_html([(e.turn, e.pane) for e in conversation]),
        conversation=conversation,
    )


def _turns(conversation: Conversation) -> str:
    log = f'<div role="log" aria-label="Conversation">{"".join(e.chat for e in conversation)}</div>'
    return log + markup.conversation_bill_html([e.priced for e in conversation])


def _cited_articles(assistant: Assistant, answer: Answer) -> dict[str, Article]:
    articles = {}
    for article_id in {citation.span.article_id for citation in answer.citations}:
        try:
            articles[article_id] = assistant.article(article_id)
        except UnknownArticle:
            continue  # removed since; the pane says so
    return articles


# ── the library ───────────────────────────────────────────────────────────────────────────────────────────────────────
def add_articles(assistant: Assistant, sources: Sequence[str]) -> Iterator[tuple[str, bool]]:
    """Ingest and yield what to show meanwhile, the report last, each with whether the library changed.

    Vectors follow in the background.
    """
    progress: list[IngestProgress] = []
    with ThreadPoolExecutor(1) as pool:
        job = pool.submit(
            lambda: assistant.ingest(*sources, embed=False, progress=progress.append, allow_private=False)
        )
        while not job.done():
            yield _progress_html(progress[-1] if progress else None, len(sources)), False
            time.sleep(0.15)
    shown, changed = "", False
    with errors_told("Adding articles") as errors:
        report = _without_server_paths(job.result(), sources)
        shown = markup.report_html(report, _titles(assistant, report))
        changed = bool(report.added or report.replaced or report.updated)
        assistant.start_embedding()
        yield shown, changed
    for error in errors:
        yield shown + error, changed


def _progress_html(at: IngestProgress | None, inputs: int) -> str:
    done = f"{at.done} of {at.total or inputs} read" if at else f"Reading {inputs} input{'s' if inputs > 1 else ''}"
    return f'<p class="report" role="status">{done} …</p>'


def _without_server_paths(report: IngestReport, sources: Sequence[str]) -> IngestReport:
    """An uploaded file goes by its own name: where the server keeps it is nobody's business."""

    def clean(text: str) -> str:
        for source in sources:
            text = text.replace(source, Path(source).name) if "://" not in source else text
        return text

    failed = tuple(replace(f, source=clean(f.source), reason=clean(f.reason)) for f in report.failed)
    return replace(report, failed=failed)


def _titles(assistant: Assistant, report: IngestReport) -> dict[str, str]:
    titles = {}
    for article_id in [*report.added[:50], *report.unchanged[:50], *report.replaced[:50], *report.updated[:50]]:
        try:
            titles[article_id] = assistant.article(article_id).title or "Untitled article"
        except UnknownArticle:
            continue
    return titles


def matching(rows: Sequence[ArticleRow], words: str) -> list[ArticleRow]:
    """The articles whose title, publisher, date or status holds every word, in their order."""

    def text(row: ArticleRow) -> str:
        facts = row.facts
        return f"{facts.title} {facts.publisher} {facts.published} {facts.status} {' '.join(row.source_ids)}".casefold()

    return [row for row in rows if all(word in text(row) for word in words.casefold().split())]


def example_questions(rows: Sequence[ArticleRow], n: int = 4) -> list[str]:
    """Questions of the sample corpus that teach what the page can do: n - 1 that this library answers, one it can't."""
    here = {source for row in rows for source in row.source_ids}
    cases = [case for case in sample_rows("questions") if 25 <= len(case.get("question", "")) <= 75]
    answerable = [c["question"] for c in cases if c.get("gold_article_ids") and here.issuperset(c["gold_article_ids"])]
    unanswerable = [c["question"] for c in cases if c.get("answerable") is False]
    spread = answerable[:: max(1, len(answerable) // (n - 1))][: n - 1]  # the file goes story by story
    return [*spread, *unanswerable[:1]] if spread else []


# ── the page ──────────────────────────────────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True, slots=True)
class _Chat:
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


@dataclass(frozen=True, slots=True)
class _Library:
    table: gr.HTML
    search: gr.Textbox
    files: gr.File
    url: gr.Textbox
    add: gr.Button
    report: gr.HTML
    verdicts: gr.HTML


def build_page(assistant: Assistant) -> gr.Blocks:
    """The page over this assistant, not yet served. Looks, script and headers come with `serve`."""
    rows = assistant.articles()
    page: gr.Blocks
    with gr.Blocks(title="assistant: answers beside their sources", analytics_enabled=False, fill_width=True) as page:
        page.delete_cache = (3600, 3600)  # uploaded files
        with gr.Row(elem_id="top"):
            html_block("<h1>assistant</h1>", "brand")
            line = html_block("", "library-line")
        with gr.Tabs(elem_id="tabs"):
            with gr.Tab("Ask", id="ask"):
                chat = _chat_layout(example_questions(rows))
            with gr.Tab("Check", id="check") as tab:
                check = check_tab.layout(check_tab.example_claims(rows))
            with gr.Tab("Articles", id="articles"):
                library = _library_layout()
        timer = gr.Timer(REFRESH_S, active=False)
        _wire_questions(assistant, chat)
        check_tab.wire(assistant, check, tab)
        _wire_library(assistant, library, chat.filters[0], line, timer, page)
    return page


def _chat_layout(examples: Sequence[str]) -> _Chat:
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
        reader = html_block(markup.EMPTY_READER, "reader")
    return _Chat(turns, live, reader, question, ask, stop, clear, welcome, buttons, filters, gr.State(()), gr.State(""))


def _filter_fields() -> list[gr.Dropdown | gr.Textbox]:
    dates = (("From", "only articles since"), ("To", "only articles until"), ("As of", "as if asked on this day"))
    return [publisher_field("publisher"), *(date_field(label, info) for label, info in dates)]


def _library_layout() -> _Library:
    with gr.Column(elem_id="library"):
        with gr.Row(elem_id="add"):
            files = gr.File(
                label="Add files: text, Markdown, HTML, PDF, JSONL, RSS or Atom",
                file_count="multiple",
                file_types=FILE_TYPES,
                elem_id="files",
            )
            with gr.Column(elem_id="add-url"):
                url = gr.Textbox(label="Add a web address", placeholder="https://", max_lines=1, elem_id="url")
                add = gr.Button("Add", elem_id="add-button")
        report = html_block("", "report")
        verdicts = html_block("", "changed-verdicts")
        search = gr.Textbox(
            label="Search the articles", placeholder="Title, publisher or date", max_lines=1, elem_id="search"
        )
        table = html_block("", "table")
    return _Library(table, search, files, url, add, report, verdicts)


def _wire_questions(assistant: Assistant, chat: _Chat) -> None:
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
        return View(live=markup.stopped_html(question), question=question).updates()

    def clear() -> tuple[Any, ...]:
        return View(_turns(()), "", markup.EMPTY_READER, "", (), "", True).updates()

    rest = [*chat.filters, chat.conversation]
    asking: dict[str, Any] = {"fn": ask, "outputs": outputs, **LONG}
    coming = [gr.on([chat.ask.click, chat.question.submit], inputs=[chat.question, *rest], **asking)]
    coming += [button.click(inputs=[button, *rest], **asking) for button in chat.examples]
    chat.stop.click(None, cancels=coming).then(stopped, chat.asked, outputs, **QUIET, queue=False)
    chat.clear.click(None, cancels=coming).then(clear, None, outputs, **QUIET, queue=False)


def _wire_library(
    assistant: Assistant,
    library: _Library,
    publisher: gr.Dropdown | gr.Textbox,
    line: gr.HTML,
    timer: gr.Timer,
    page: gr.Blocks,
) -> None:
    def status() -> tuple[Any, ...]:
        counts = assistant.counts()
        line = markup.library_line(counts.articles, counts.passages, counts.embedded, counts.embeddable)
        return line, gr.Timer(active=counts.embedded < counts.embeddable)

    def table(words: str) -> str:
        counts = assistant.counts()
        rows = matching(assistant.articles(), words or "")
        return markup.articles_table(rows, embedding=counts.embedded < counts.embeddable)

    def everything(words: str) -> tuple[Any, ...]:
        return (*status(), table(words), gr.update(choices=publisher_choices(assistant.publishers())))

    def upload(paths: list[str] | None) -> Iterator[tuple[Any, ...]]:
        for html, changed in add_articles(assistant, paths or []):
            yield html, gr.skip(), changed
        yield gr.skip(), None, gr.skip()

    def fetch(url: str) -> Iterator[tuple[Any, ...]]:
        try:
            source = require_web_address(url or "")
        except WrongUse as error:
            yield markup.error_html("", error.message, error.hint), gr.skip(), False
            return
        for html, changed in add_articles(assistant, [source]):
            yield html, gr.skip(), changed
        yield gr.skip(), "", gr.skip()

    def review(changed: bool) -> Iterator[str]:
        yield from check_tab.review(assistant) if changed else [""]

    adding: dict[str, Any] = {**QUIET, "concurrency_limit": 4, "concurrency_id": "add", "trigger_mode": "once"}
    arrived = gr.State(False)
    outputs = [line, timer, library.table, publisher]
    whole: dict[str, Any] = {"fn": everything, "inputs": library.search, "outputs": outputs, **QUIET}
    again: dict[str, Any] = {"fn": review, "inputs": arrived, "outputs": library.verdicts, **LONG}
    page.load(**whole)
    timer.tick(status, None, [line, timer], **QUIET)
    library.search.change(table, library.search, library.table, **QUIET, trigger_mode="always_last")
    file = library.files.upload(upload, library.files, [library.report, library.files, arrived], **adding)
    address = gr.on(
        [library.add.click, library.url.submit], fetch, library.url, [library.report, library.url, arrived], **adding
    )
    for added in (file, address):
        added.then(**whole).then(**again)


# ── serving ───────────────────────────────────────────────────────────────────────────────────────────────────────────
def head_html() -> tuple[str, str]:
    """The page's `<head>` additions and the script in them, whose hash the Content-Security-Policy has to name."""
    script = (HERE / "page.js").read_text("utf-8")
    style = f"{(HERE / 'page.css').read_text('utf-8')}{check_tab.style()}"
    return f"<style>{style}</style><script>{script}</script>", script


def launch_page(
    page: gr.Blocks, *, host: str, port: int, user: str = "", password: str = "", open_browser: bool = False
) -> None:
    """Start serving in a background thread. Raises PortInUse, and WrongUse for half a login."""
    require_whole_login(user, password)
    require_free_port(host, port)
    head, script = head_html()
    try:
        page.launch(
            server_name=host,
            server_port=port,
            auth=(user, password) if user else None,
            inbrowser=open_browser,
            theme=gr.themes.Base(font=SYSTEM_FONTS, font_mono=("ui-monospace", "monospace")),
            head=head,
            app_kwargs={"middleware": [Middleware(SecurityHeaders, scripts=[script])]},
            max_file_size=MAX_FILE_SIZE,
            max_threads=AT_ONCE + 20,
            footer_links=[],
            state_session_capacity=1000,
            prevent_thread_lock=True,
            quiet=True,
            share=False,
            ssr_mode=False,
            mcp_server=False,
            run_history=False,
            enable_monitoring=False,
            pwa=False,
        )
    except OSError as error:
        if "empty port" in str(error):  # somebody took it since require_free_port
            raise port_in_use(host, port) from None
        raise


def serve(
    assistant: Assistant, *, host: str, port: int, user: str = "", password: str = "", open_browser: bool = False
) -> None:
    """Serve the page until Ctrl-C and print its address. Raises PortInUse, WrongUse, and what `start_embedding` raises.

    Embedding starts once the page is up: on a small machine the two would keep each other waiting.
    """
    page = build_page(assistant)
    launch_page(page, host=host, port=port, user=user, password=password, open_browser=open_browser)
    print(f"The page is at {page_url(host, port)} (Ctrl-C ends it).", flush=True)
    if host not in LOOPBACK and not user:
        print(
            "Anyone who reaches this machine can use it: set ASSISTANT_SERVER_USER and ASSISTANT_SERVER_PASSWORD.",
            flush=True,
        )
    assistant.start_embedding()
    page.block_thread()
