"""The tab of checking: a claim or a draft to its verdict, a quotation to its place, and the list of watched claims.

Gradio's layout and events only; a check is run by check_run.py, what is shown is made by the `_markup` modules.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import gradio as gr

from assistant.errors import UnknownArticle, WrongUse
from assistant.types import Article, ArticleRow
from assistant.ui import check_markup, quote_markup
from assistant.ui.check_run import EXPORTS, View, check
from assistant.ui.commands import Check, read_command
from assistant.ui.parts import (
    LONG,
    QUIET,
    date_field,
    errors_told,
    html_block,
    publisher_choices,
    publisher_field,
    sample_rows,
)

if TYPE_CHECKING:
    from assistant.api import Assistant
    from assistant.watch import Watched

HERE = Path(__file__).resolve().parent
TAB = "check"
EXAMPLES = ("c032", "c026", "c018")  # of the sample claims: one supported, one refuted, one contested
EMBEDDING_S = 30.0  # how long watched claims wait for the vectors of what was added
NEARBY = 10  # places of a quotation whose articles are read for the words beside it


@dataclass(frozen=True, slots=True)
class CheckTab:
    """What `wire` connects."""

    text: gr.Textbox
    check: gr.Button
    filters: list[gr.Dropdown | gr.Textbox]
    examples: list[gr.Button]
    verdict: gr.HTML
    stop: gr.Button
    tools: gr.Row
    files: list[gr.DownloadButton]
    watch: gr.Button
    details: gr.HTML
    reader: gr.HTML
    quotation: gr.Textbox
    speaker: gr.Textbox
    look_up: gr.Button
    found: gr.HTML
    watched: gr.HTML
    forgetting: gr.Row
    chosen: gr.Dropdown
    forget: gr.Button
    checked: gr.State
    """The text that the shown verdict is of."""


def style() -> str:
    """The tab's CSS: that of the HTML export, nested under the parts of the page that show the same markup, and its own."""
    from assistant.exports import html

    shown = Path(html.__file__).with_suffix(".css").read_text("utf-8")
    own = (HERE / "check.css").read_text("utf-8")
    return f":is(#verdict, #checked, #found, #watched, #changed-verdicts) {{\n{shown}\n}}\n{own}"


def example_claims(rows: Sequence[ArticleRow]) -> list[str]:
    """The sample claims that teach what a verdict can be, where this library holds the articles they are about."""
    here = {source for row in rows for source in row.source_ids}
    claims = {row.get("id"): row for row in sample_rows("claims")}
    known = [claims[name] for name in EXAMPLES if name in claims]
    return [row["claim"] for row in known if row["gold_article_ids"] and here.issuperset(row["gold_article_ids"])]


# ── layout ────────────────────────────────────────────────────────────────────────────────────────────────────────────
def layout(examples: Sequence[str]) -> CheckTab:
    """The parts in the order in which they are read and reached by key."""
    with gr.Row(elem_id="checker"):
        with gr.Column(elem_id="check-form"):
            text, check, filters, buttons = _text_form(examples)
        with gr.Column(elem_id="check-result"):
            verdict = html_block(check_markup.EMPTY_RESULT, "verdict")
            stop = gr.Button("Stop", size="sm", elem_id="check-stop")
            with gr.Row(elem_id="check-tools", visible=False) as tools:
                html_block('<span class="soft">Save as</span>')
                files = [gr.DownloadButton(label, size="sm", elem_id=f"save-{name}") for name, label in EXPORTS]
                watch = gr.Button("Watch this claim", size="sm", elem_id="watch-button")
            details = html_block("", "checked")
        reader = html_block("", "check-reader")
        with gr.Column(elem_id="quote-form"):
            html_block('<h2 class="part">Is this quotation real?</h2>')
            quotation = gr.Textbox(
                label="Quotation",
                placeholder="The words, with or without marks",
                lines=2,
                max_lines=6,
                elem_id="quotation",
            )
            with gr.Row(elem_id="quote-row"):
                speaker = gr.Textbox(label="Said by", placeholder="Anybody", max_lines=1, elem_id="speaker", scale=1)
                look_up = gr.Button("Look it up", elem_id="quote-button", scale=0, min_width=124)
            found = html_block("", "found")
        with gr.Column(elem_id="watching"):
            html_block('<h2 class="part">Watched claims</h2>')
            watched = html_block(check_markup.watched_html(()), "watched")
            with gr.Row(elem_id="forget-row", visible=False) as forgetting:
                chosen = gr.Dropdown([], label="Stop watching", elem_id="forget", scale=1)
                forget = gr.Button("Forget", elem_id="forget-button", scale=0, min_width=90)
    return CheckTab(
        text, check, filters, buttons, verdict, stop, tools, files, watch, details, reader, quotation, speaker, look_up,
        found, watched, forgetting, chosen, forget, gr.State(""),
    )  # fmt: skip


def _text_form(
    examples: Sequence[str],
) -> tuple[gr.Textbox, gr.Button, list[gr.Dropdown | gr.Textbox], list[gr.Button]]:
    html_block('<h2 class="said">Check a text</h2>')
    text = gr.Textbox(
        label="A claim or a draft",
        placeholder="Paste a sentence, or a text of several",
        lines=6,
        max_lines=12,
        elem_id="claim",
    )
    with gr.Row(elem_id="check-row"):
        as_of = date_field("As of", "as if checked on this day", "check-as-of")
        check = gr.Button("Check", variant="primary", elem_id="check-button", scale=0, min_width=110)
    with gr.Accordion("Filters: publisher, dates", open=False, elem_id="check-filters"), gr.Row():
        publisher = publisher_field("check-publisher")
        since = date_field("From", "only articles since", "check-from")
        until = date_field("To", "only articles until", "check-to")
    with gr.Column(elem_id="check-examples", visible=bool(examples)):
        html_block('<p class="soft">For example</p>')
        buttons = [gr.Button(claim, elem_classes="example", size="sm") for claim in examples]
    return text, check, [publisher, since, until, as_of], buttons


# ── events ────────────────────────────────────────────────────────────────────────────────────────────────────────────
def wire(assistant: Assistant, tab: CheckTab, opened: gr.Tab, tabs: gr.Tabs, given: gr.HTML) -> None:
    """Connect the tab's parts. What may have changed elsewhere is looked up when the tab is `opened`.

    `given` is the channel by which another tab asks for a check, which opens this one of `tabs`.
    """
    watched = [tab.watched, tab.forgetting, tab.chosen]

    def refresh() -> tuple[Any, ...]:
        choices = gr.update(choices=publisher_choices(assistant.publishers()))
        return (choices, *_watched(assistant))

    opened.select(refresh, None, [tab.filters[0], *watched], **QUIET)
    _wire_check(assistant, tab, tabs, given)
    looking: dict[str, Any] = {
        "fn": partial(quote, assistant),
        "outputs": tab.found,
        **LONG,
        "trigger_mode": "always_last",
    }
    gr.on([tab.look_up.click, tab.speaker.submit], inputs=[tab.quotation, tab.speaker], **looking)
    tab.watch.click(partial(_watch, assistant), tab.checked, [tab.watch, *watched], **LONG)
    tab.forget.click(partial(_forget, assistant), tab.chosen, watched, **QUIET)


def _wire_check(assistant: Assistant, tab: CheckTab, tabs: gr.Tabs, given: gr.HTML) -> None:
    form = [tab.text, *tab.filters, tabs]
    outputs = [tab.verdict, tab.details, tab.reader, tab.tools, tab.watch, tab.checked, *tab.files]

    def checking(data: gr.EventData, text: str, *fields: str) -> Iterator[tuple[Any, ...]]:
        filled: tuple[Any, ...] = tuple(gr.skip() for _ in form)
        if data.target is given:
            text, fields = _given(data._data)
            filled = (text, *fields, gr.Tabs(selected=TAB))
        elif data.target in tab.examples:
            text = data.target.value
            filled = (text, *filled[1:])
        for view in check(assistant, text, fields):
            yield (*filled, *(_updates(view) if view else (gr.skip() for _ in outputs)))
            filled = tuple(gr.skip() for _ in form)

    # One event, so that Gradio takes no second text while one is checked, whichever way it comes.
    ways = [tab.check.click, tab.text.submit, given.click, *(button.click for button in tab.examples)]
    running = gr.on(ways, checking, [tab.text, *tab.filters], [*form, *outputs], **LONG)
    tab.stop.click(None, cancels=running)
    # A check that was cancelled has failed, as Gradio's client sees it. Only then does it take the next click on Check:
    # what follows the click on Stop would come too early, and over a verdict that came in the same moment.
    running.failure(lambda: _updates(View(check_markup.stopped_html())), None, outputs, **QUIET, queue=False)


def _given(command: object) -> tuple[str, tuple[str, ...]]:
    """A text from another tab, with no filter but its day. Raises WrongUse for what no script sends."""
    read = read_command(command)
    if not isinstance(read, Check):
        raise WrongUse(f"This does not check anything: {read.do}.", "Reload the page.")
    return read.text, ("", "", "", read.as_of)


def _updates(view: View) -> tuple[Any, ...]:
    """In the order of the components that `_wire_check` names."""
    files = view.files or (None,) * len(EXPORTS)
    watch = gr.update(value="Watch this claim", interactive=True)
    return (view.verdict, view.details, view.reader, gr.update(visible=bool(view.files)), watch, view.checked, *files)


def quote(assistant: Assistant, words: str, by: str) -> Iterator[str]:
    """Look a quotation up: what is shown meanwhile, then what became of it."""
    yield '<p class="soft" role="status">Looking for the words …</p>'
    with errors_told("Looking a quotation up") as errors:
        found = assistant.quote(words or "", by=(by or "").strip() or None)
        near = {place.article.id for place in found.places[:NEARBY] if place.beside}
        yield quote_markup.quote_html(found, _articles(assistant, near))
    yield from errors


def _articles(assistant: Assistant, ids: set[str]) -> dict[str, Article]:
    found = {}
    for article_id in ids:
        try:
            found[article_id] = assistant.article(article_id)
        except UnknownArticle:
            continue  # removed since; its words are shown without those beside them
    return found


# ── watched claims ────────────────────────────────────────────────────────────────────────────────────────────────────
def _watched(assistant: Assistant) -> tuple[Any, ...]:
    """The list, whether something can be forgotten, and what."""
    claims: tuple[Watched, ...] = ()
    with errors_told("Reading the watched claims") as errors:
        claims = assistant.watched()
    choices = [(check_markup.short(one.text, 60), one.id) for one in reversed(claims)]
    chosen = gr.update(choices=choices, value=choices[0][1] if choices else None)
    shown = "".join(errors) or check_markup.watched_html(claims)
    return shown, gr.update(visible=bool(claims)), chosen


def _watch(assistant: Assistant, text: str) -> Iterator[tuple[Any, ...]]:
    """Save the checked text, which judges it over all articles, without the filters."""
    rest = (gr.skip(), gr.skip(), gr.skip())
    yield (gr.update(value="Saving …", interactive=False), *rest)
    with errors_told("Watching a claim") as errors:
        assistant.watch(text)
        yield (gr.update(value="Watched", interactive=False), *_watched(assistant))
    for error in errors:
        yield (gr.update(value="Watch this claim", interactive=True), error, gr.skip(), gr.skip())


def _forget(assistant: Assistant, name: str | None) -> tuple[Any, ...]:
    with errors_told("Forgetting a claim") as errors, suppress(WrongUse):  # forgotten in another window
        if name:
            assistant.unwatch(name)
    return (errors[0], gr.skip(), gr.skip()) if errors else _watched(assistant)


def review(assistant: Assistant) -> Iterator[str]:
    """Judge the watched claims again once what was added is embedded; what has changed comes last."""
    with errors_told("Judging watched claims again") as errors:
        claims = assistant.watched()
        if not claims:
            yield ""
            return
        yield f'<p class="soft" role="status">Judging {len(claims)} watched again …</p>'
        _wait_for_vectors(assistant)
        yield check_markup.changes_html(assistant.review_watched(), len(claims))
    yield from errors


def _wait_for_vectors(assistant: Assistant) -> None:
    """At most EMBEDDING_S: word search finds what is not embedded, so that a long wait gains little."""
    until = time.monotonic() + EMBEDDING_S
    while time.monotonic() < until:
        counts = assistant.counts()
        if counts.embedded >= counts.embeddable:
            return
        time.sleep(0.5)
