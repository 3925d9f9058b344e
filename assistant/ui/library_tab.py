"""The tab of the library: which articles there are, one of them opened, and what can be done with them.

Gradio's layout and events only; what they show is made by library_markup.py and preview_markup.py. What the buttons of that
markup ask for comes as commands from a browser: each is looked at before anything is done.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Generator, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

import gradio as gr

from assistant.errors import UnknownArticle
from assistant.library import Counts
from assistant.types import IngestProgress, Status
from assistant.ui import check_tab, library_markup, preview_markup
from assistant.ui.library_adding import add_articles, put_address, put_sample
from assistant.ui.library_intake import Intake
from assistant.ui.library_listing import PAGE, Listing, matching, sort_by
from assistant.ui.parts import (
    LONG,
    QUIET,
    as_they_come,
    command_channel,
    errors_told,
    html_block,
    publisher_choices,
    publisher_field,
)
from assistant.ui.preview_markup import Preview

if TYPE_CHECKING:
    from assistant.api import Assistant

LOOK_S = 1.0  # how often a rebuild is looked at
# One after the other: a list that was asked for before may not come after the one that was asked for last.
IN_ORDER: dict[str, Any] = {**QUIET, "concurrency_limit": 1, "concurrency_id": "library-table"}
STATUSES = [("Any status", ""), *((status.capitalize(), str(status)) for status in Status)]


@dataclass(frozen=True, slots=True)
class LibraryTab:
    """What `wire` connects."""

    files: gr.File
    url: gr.Textbox
    add: gr.Button
    report: gr.HTML
    verdicts: gr.HTML
    fields: list[gr.Textbox | gr.Dropdown | gr.Checkbox]
    """Words, publisher, status, copies, older versions: in the order of `Listing`."""
    table: gr.HTML
    upkeep: gr.HTML
    rebuilt: gr.HTML
    preview: gr.HTML
    channels: dict[str, gr.HTML]
    """The components that hear the commands of buttons, by id."""
    listing: gr.State
    opened: gr.State
    """The id of the article in the preview, "" for none."""
    intake: gr.State
    """What is to be added."""


# ── layout ────────────────────────────────────────────────────────────────────────────────────────────────────────────
def layout() -> LibraryTab:
    """The parts in the order in which they are read and reached by key."""
    with gr.Column(elem_id="library"):
        with gr.Row(elem_id="add"):
            # No file_types: Gradio's page would drop what has another ending without a word in the report.
            files = gr.File(label=f"Add files: {library_markup.FORMATS}", file_count="multiple", elem_id="files")
            with gr.Row(elem_id="add-url"):
                url = gr.Textbox(
                    label="Add a web address",
                    info="of an article or a feed",
                    placeholder="https://",
                    max_lines=1,
                    scale=1,
                    min_width=160,
                    elem_id="url",
                )
                add = gr.Button("Add", scale=0, min_width=84, elem_id="add-button")
        report = html_block("", "report")
        verdicts = html_block("", "changed-verdicts")
        fields = _filter_fields()
        table = html_block(library_markup.LOADING, "table")
        upkeep = html_block("", "upkeep")
        rebuilt = html_block("", "rebuilt")
        preview = html_block("", "preview")
        channels = {name: command_channel(name) for name in library_markup.CHANNELS}
    states = (gr.State(Listing()), gr.State(""), gr.State(Intake()))
    return LibraryTab(files, url, add, report, verdicts, fields, table, upkeep, rebuilt, preview, channels, *states)


def _filter_fields() -> list[gr.Textbox | gr.Dropdown | gr.Checkbox]:
    with gr.Row(elem_id="narrow"):
        words = gr.Textbox(
            label="Search the articles",
            placeholder="Title, publisher, author, date",
            max_lines=1,
            min_width=220,
            elem_id="search",
        )
        publisher = publisher_field("library-publisher")
        status = gr.Dropdown(STATUSES, value="", label="Status", min_width=130, elem_id="library-status")
        with gr.Column(elem_id="narrow-shown", min_width=180):
            copies = gr.Checkbox(value=True, label="Show copies", container=False, elem_id="show-copies")
            older = gr.Checkbox(value=False, label="Show older versions", container=False, elem_id="show-older")
    return [words, publisher, status, copies, older]


# ── what is shown ─────────────────────────────────────────────────────────────────────────────────────────────────────
def table(assistant: Assistant, listing: Listing) -> str:
    """The table as it stands now, or why there is none."""
    shown = ""
    with errors_told("Listing the articles") as errors:
        everything, counts = assistant.articles(include_replaced=True), assistant.counts()
        rows = matching(everything, listing)
        shown = library_markup.articles_table(
            rows,
            listing,
            titles={row.facts.id: row.facts.title or "an untitled article" for row in everything},
            zones=assistant.zones([row.facts.id for row in rows[: listing.most]]),
            of=len(everything) if listing.older else counts.articles,
            embedding=counts.embedded < counts.embeddable,
        )
    return shown or "".join(errors)


def preview(assistant: Assistant, article_id: str) -> str:
    """The article whole, with what surrounds it; that it is gone, when it is."""
    shown = ""
    with errors_told("Opening an article") as errors:
        found = find_preview(assistant, article_id)
        shown = preview_markup.preview_html(found) if found else preview_markup.gone_html()
    return shown or "".join(errors)


def find_preview(assistant: Assistant, article_id: str) -> Preview | None:
    """The article of this full id with its versions and copies, None when it is not in the library."""
    versions = assistant.versions(article_id)
    rows = {row.facts.id: row for row in assistant.articles(include_replaced=True)}
    article = next((one for one in versions if one.id == article_id), None)
    if article is None or versions[0].id not in rows:
        return None
    row = rows[versions[0].id]
    copies = [one for one in rows.values() if one.duplicate_of == row.facts.id and one.current]
    return Preview(article, versions, row, rows.get(row.duplicate_of or ""), copies)


def remove(assistant: Assistant, article_id: str) -> str:
    """Remove the article with all its versions: the preview that says so, or why it could not be done."""
    shown = preview_markup.gone_html()
    with errors_told("Removing an article") as errors, suppress(UnknownArticle):  # another window may have been quicker
        if versions := assistant.versions(article_id):
            assistant.remove(versions[0].id)
            shown = preview_markup.removed_html(versions[0].title, len(versions))
    return "".join(errors) + preview(assistant, article_id) if errors else shown


def rebuild(assistant: Assistant) -> Iterator[str]:
    """Make the indexes again: a view a second, then what came of it. It goes on when nobody looks any more."""
    at: list[IngestProgress] = []

    def work() -> Generator[Counts, None, None]:
        yield assistant.rebuild(progress=at.append)

    with errors_told("A rebuild") as errors:
        started, before = time.monotonic(), assistant.counts()
        yield library_markup.rebuilding_html(before, 0, 0)
        for counts in as_they_come(work(), threading.Event(), LOOK_S):
            seconds = time.monotonic() - started
            if counts is None:
                yield library_markup.rebuilding_html(before, int(seconds), at[-1].done if at else 0)
            else:
                yield library_markup.rebuilt_html(counts, seconds)
    yield from errors


def obey(listing: Listing, command: dict[str, str]) -> Listing:
    """The listing that a button of the table asks for; what makes no sense changes nothing."""
    if command.get("do") == "sort":
        return sort_by(listing, command.get("by"))
    if command.get("do") == "more":
        return replace(listing, most=listing.most + PAGE)
    return Listing(by=listing.by, descending=listing.descending) if command.get("do") == "all" else listing


def read_command(event: gr.EventData) -> dict[str, str]:
    """What a button sent, as far as it is text."""
    sent = event._data
    return {name: value for name, value in sent.items() if isinstance(value, str)} if isinstance(sent, dict) else {}


# ── events ────────────────────────────────────────────────────────────────────────────────────────────────────────────
def wire(
    assistant: Assistant,
    tab: LibraryTab,
    publisher: gr.Dropdown | gr.Textbox,
    line: gr.HTML,
    timer: gr.Timer,
    page: gr.Blocks,
) -> None:
    """Connect the tab's parts, and what of the library the page shows elsewhere: `publisher` filters what may answer."""
    refresh = _wire_library(assistant, tab, publisher, line, timer, page)
    _wire_listing(assistant, tab)
    _wire_articles(assistant, tab, refresh)
    _wire_adding(assistant, tab, refresh)
    _wire_rebuild(assistant, tab, refresh)


def _wire_library(
    assistant: Assistant,
    tab: LibraryTab,
    publisher: gr.Dropdown | gr.Textbox,
    line: gr.HTML,
    timer: gr.Timer,
    page: gr.Blocks,
) -> dict[str, Any]:
    """What shows the library as it is now, everywhere on the page, at the load of the page first."""

    def status() -> tuple[Any, ...]:
        shown, more = "", False
        with errors_told("Counting the articles"):
            counts = assistant.counts()
            shown = library_markup.library_line(counts.articles, counts.passages, counts.embedded, counts.embeddable)
            more = counts.embedded < counts.embeddable
        return shown, gr.Timer(active=more)

    def everything(listing: Listing, chosen: str | None, asked: str | None) -> tuple[Any, ...]:
        rest: list[Any] = [gr.skip()] * 3
        with errors_told("Looking at the library"):  # the table says what is wrong
            upkeep = library_markup.upkeep_html(assistant.counts())
            publishers = assistant.publishers()
            rest = [upkeep, _publishers(publishers, chosen), _publishers(publishers, asked)]
        return (*status(), table(assistant, listing), *rest)

    outputs = [line, timer, tab.table, tab.upkeep, tab.fields[1], publisher]
    refresh: dict[str, Any] = {
        "fn": everything,
        "inputs": [tab.listing, tab.fields[1], publisher],
        "outputs": outputs,
        **IN_ORDER,
    }
    page.load(**refresh)
    timer.tick(status, None, [line, timer], **QUIET)
    return refresh


def _publishers(publishers: list[str], chosen: str | None) -> Any:
    """The choices as they are now; a chosen publisher that is gone is unchosen, since Gradio refuses it from then on."""
    choices = publisher_choices(publishers)
    return gr.update(choices=choices) if not chosen or chosen in publishers else gr.update(choices=choices, value="")


def _wire_listing(assistant: Assistant, tab: LibraryTab) -> None:
    def narrow(
        words: str | None, publisher: str | None, status: str | None, copies: bool, older: bool, listing: Listing
    ) -> tuple[Any, ...]:
        wanted = (words or "", publisher or "", status or "", copies, older)
        listing = Listing(*wanted, by=listing.by, descending=listing.descending)
        return table(assistant, listing), listing

    def command(listing: Listing, event: gr.EventData) -> tuple[Any, ...]:
        wanted = obey(listing, read_command(event))
        fields = (wanted.words, wanted.publisher, wanted.status, wanted.copies, wanted.older)
        return table(assistant, wanted), wanted, *fields

    shown = [tab.table, tab.listing]
    narrowed: dict[str, Any] = {"fn": narrow, "inputs": [*tab.fields, tab.listing], "outputs": shown, **IN_ORDER}
    words, *others = tab.fields  # a Textbox hears of pasted words as a change only
    gr.on([words.change, *(field.input for field in others)], **narrowed, trigger_mode="always_last")
    channel = tab.channels[library_markup.LIST_COMMANDS]
    channel.click(command, tab.listing, [*shown, *tab.fields], **IN_ORDER, trigger_mode="multiple")


def _wire_articles(assistant: Assistant, tab: LibraryTab, refresh: dict[str, Any]) -> None:
    """Opening and removing, and looking whether another window has removed what is open here."""
    same = [gr.skip()] * len(refresh["outputs"])

    def command(
        listing: Listing, chosen: str | None, asked_of: str | None, event: gr.EventData
    ) -> Iterator[tuple[Any, ...]]:
        asked = read_command(event)
        article_id = asked.get("id", "")
        if asked.get("do") == "open":
            yield preview_markup.OPENING, gr.skip(), *same
            yield preview(assistant, article_id), article_id, *same
        elif asked.get("do") == "remove":
            yield remove(assistant, article_id), "", *refresh["fn"](listing, chosen, asked_of)

    def look(opened: str) -> tuple[Any, ...]:
        with errors_told("Looking for an article"):
            if opened and not assistant.versions(opened):
                return preview_markup.gone_html(), ""
        return gr.skip(), gr.skip()

    outputs = [tab.preview, tab.opened]
    channel, looking = tab.channels[library_markup.ARTICLE_COMMANDS], tab.channels[library_markup.LOOK_COMMANDS]
    channel.click(command, refresh["inputs"], [*outputs, *refresh["outputs"]], **QUIET, trigger_mode="multiple")
    looking.click(look, tab.opened, outputs, **QUIET).then(**refresh)


def _wire_adding(assistant: Assistant, tab: LibraryTab, refresh: dict[str, Any]) -> None:
    """Whatever is given is put into the intake at once. Then comes a run, which does nothing where another one reads it."""

    def upload(paths: list[str] | None, intake: Intake) -> None:
        intake.put(*(paths or []))  # the report names the files; Gradio's own list of them would only stand in its way

    def fetch(url: str | None, intake: Intake) -> None:
        put_address(intake, url or "")

    def command(intake: Intake, event: gr.EventData) -> None:
        if read_command(event).get("do") == "sample":
            put_sample(intake)
        else:
            intake.put_links()

    def run(intake: Intake) -> Iterator[Any]:
        yield gr.skip()  # of a generator without any value Gradio would make an empty report
        yield from add_articles(assistant, intake)

    def empty(url: str | None, intake: Intake) -> Any:
        return "" if url and url.strip() in intake.came else gr.skip()

    def review(intake: Intake) -> Iterator[Any]:
        arrived = intake.take_arrived()
        if arrived:
            yield from check_tab.review(assistant)
        else:
            yield gr.skip() if arrived is None else ""

    put: dict[str, Any] = {**QUIET, "concurrency_limit": None, "trigger_mode": "multiple"}
    reading: dict[str, Any] = {**QUIET, "concurrency_limit": 4, "concurrency_id": "add", "trigger_mode": "multiple"}
    each: dict[str, Any] = {"trigger_mode": "multiple"}
    channel = tab.channels[library_markup.ADD_COMMANDS]
    for given in (
        tab.files.upload(upload, [tab.files, tab.intake], tab.files, **put),
        gr.on([tab.add.click, tab.url.submit], fetch, [tab.url, tab.intake], None, **put),
        channel.click(command, tab.intake, None, **put),
    ):
        added = given.then(run, tab.intake, tab.report, **reading)
        added.then(empty, [tab.url, tab.intake], tab.url, **QUIET, **each, queue=False)
        added.then(**refresh, **each).then(review, tab.intake, tab.verdicts, **{**LONG, **each})


def _wire_rebuild(assistant: Assistant, tab: LibraryTab, refresh: dict[str, Any]) -> None:
    one: dict[str, Any] = {**QUIET, "concurrency_limit": 1, "concurrency_id": "rebuild", "trigger_mode": "once"}
    channel = tab.channels[library_markup.REBUILD_COMMANDS]
    channel.click(partial(rebuild, assistant), None, tab.rebuilt, **one).then(**refresh)
