"""The tab of the library: which articles there are, and what can be done with them.

Gradio's layout and events only; what they show is made by library_markup.py.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import gradio as gr

from assistant.errors import UnknownArticle, WrongUse
from assistant.types import ArticleRow, IngestProgress, IngestReport
from assistant.ui import check_tab, library_markup, markup
from assistant.ui.address import require_web_address
from assistant.ui.parts import LONG, QUIET, errors_told, html_block, publisher_choices

if TYPE_CHECKING:
    from assistant.api import Assistant

FILE_TYPES = [".txt", ".md", ".html", ".htm", ".pdf", ".jsonl", ".xml", ".rss", ".atom"]


# ── adding articles ───────────────────────────────────────────────────────────────────────────────────────────────────
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
        shown = library_markup.report_html(report, _titles(assistant, report))
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


# ── layout and events ─────────────────────────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True, slots=True)
class LibraryTab:
    table: gr.HTML
    search: gr.Textbox
    files: gr.File
    url: gr.Textbox
    add: gr.Button
    report: gr.HTML
    verdicts: gr.HTML


def layout() -> LibraryTab:
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
    return LibraryTab(table, search, files, url, add, report, verdicts)


def wire(
    assistant: Assistant,
    library: LibraryTab,
    publisher: gr.Dropdown | gr.Textbox,
    line: gr.HTML,
    timer: gr.Timer,
    page: gr.Blocks,
) -> None:
    def status() -> tuple[Any, ...]:
        counts = assistant.counts()
        line = library_markup.library_line(counts.articles, counts.passages, counts.embedded, counts.embeddable)
        return line, gr.Timer(active=counts.embedded < counts.embeddable)

    def table(words: str) -> str:
        counts = assistant.counts()
        rows = matching(assistant.articles(), words or "")
        return library_markup.articles_table(rows, embedding=counts.embedded < counts.embeddable)

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
