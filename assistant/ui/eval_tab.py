"""The tab of evaluation: a question set over this library, the report of a run, an earlier run beside it.

Gradio's layout and events only; runs are made by eval_runs.py, what they show by eval_markup.py and the report's own modules.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import gradio as gr

from assistant.errors import EmptyLibrary, WrongUse
from assistant.resources import PACKAGE
from assistant.ui import eval_markup, eval_runs
from assistant.ui.eval_runs import UPLOAD, Document, Runs, Waiting
from assistant.ui.parts import QUIET, errors_told, html_block

if TYPE_CHECKING:
    from assistant.api import Assistant
    from assistant.evaluation import EvalProgress, EvalReport

HERE = Path(__file__).resolve().parent
REPORT = PACKAGE / "evaluation" / "html_report"
FILES = (("json", "JSON"), ("html", "HTML"), ("csv", "CSV"))  # in the order in which `write_report` names them
FILE_TYPES = [".jsonl", ".json", ".csv", ".tsv"]
FEW = 20  # cases: enough to see whether a set fits this library
HOW_MANY = ((f"First {FEW}", FEW), ("First 100", 100), ("All", eval_runs.MOST_CASES))
MOST_SHOWN = 300  # cases that the page lists: a browser holds more, but nobody waits for them
NOTHING = ("Nothing", "")
NONE_YET = ("None yet", "")
RUNNING: dict[str, Any] = {**QUIET, "concurrency_limit": 20, "concurrency_id": "evaluate", "trigger_mode": "once"}


def style() -> str:
    """The tab's CSS: that of the report, nested under the report, and its own."""
    report, own = (REPORT / "report.css").read_text("utf-8"), (HERE / "eval.css").read_text("utf-8")
    return f"#eval-report .report {{\n{report}\n}}\n{own}"


def script() -> str:
    return (REPORT / "report.js").read_text("utf-8") + (HERE / "eval.js").read_text("utf-8")


# ── layout ────────────────────────────────────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True, slots=True)
class EvalTab:
    """What `wire` connects."""

    chosen: gr.Dropdown
    upload: gr.File
    facts: gr.HTML
    most: gr.Radio
    run: gr.Button
    stop: gr.Button
    kept: gr.Dropdown
    against: gr.Dropdown
    progress: gr.HTML
    tools: gr.Row
    files: list[gr.DownloadButton]
    compared: gr.HTML
    report: gr.HTML


def layout() -> EvalTab:
    with gr.Column(elem_id="evaluation"):
        with gr.Row(elem_id="eval-forms"):
            with gr.Column(elem_id="eval-form"):
                html_block('<h2 class="part">Run a question set</h2>')
                chosen = gr.Dropdown([], label="Question set", elem_id="eval-set")
                upload = gr.File(
                    label="A set of your own: JSONL, JSON or CSV, in any published format",
                    file_types=FILE_TYPES,
                    visible=False,
                    elem_id="eval-upload",
                )
                facts = html_block("", "eval-facts")
                most = gr.Radio(HOW_MANY, value=FEW, label="How many", elem_id="eval-most")
                with gr.Row(elem_id="eval-run-row"):
                    run = gr.Button("Run", variant="primary", elem_id="eval-run", scale=0, min_width=110)
                    stop = gr.Button("Stop", elem_id="eval-stop", scale=0, min_width=90, interactive=False)
            with gr.Column(elem_id="eval-kept"):
                html_block('<h2 class="part">Earlier runs</h2>')
                kept = gr.Dropdown([], label="Open a run", elem_id="eval-open")
                against = gr.Dropdown([NOTHING], value="", label="Compare it with", elem_id="eval-against")
        progress = html_block("", "eval-progress")
        with gr.Row(elem_id="eval-tools", visible=False) as tools:
            html_block('<span class="soft">Save the report as</span>')
            files = [gr.DownloadButton(label, size="sm", elem_id=f"eval-save-{name}") for name, label in FILES]
        compared = html_block("", "eval-compared")
        report = html_block(eval_markup.EMPTY_REPORT, "eval-report")
    return EvalTab(
        chosen, upload, facts, most, run, stop, kept, against, progress, tools, files, compared, report
    )  # fmt: skip


# ── events ────────────────────────────────────────────────────────────────────────────────────────────────────────────
def wire(assistant: Assistant, tab: EvalTab, opened: gr.Tab) -> None:
    """Connect the tab's parts. Sets and runs are looked up when the tab is `opened`."""
    runs = Runs()
    described = [tab.upload, tab.facts, tab.most, tab.run]
    shown = [tab.compared, tab.tools, *tab.files, tab.report]
    source = [tab.chosen, tab.upload]

    def describe(chosen: str | None, upload: str | None) -> tuple[Any, ...]:
        return _described(assistant, chosen or "", upload)

    def refresh(chosen: str | None, upload: str | None, kept: str | None, against: str | None) -> tuple[Any, ...]:
        at_hand = eval_runs.sets_at_hand(assistant.settings.home)
        names = [*at_hand, UPLOAD]
        chosen = chosen if chosen in names else names[0]
        choices = [*((name, name) for name in at_hand), ("A file of your own …", UPLOAD)]
        lists = _kept_lists(assistant, kept, against)
        return (gr.update(choices=choices, value=chosen), *_described(assistant, chosen, upload), *lists)

    def run(
        chosen: str | None, upload: str | None, most: int | None, against: str | None, request: gr.Request
    ) -> Iterator[tuple[Any, ...]]:
        reader = request.session_hash or ""
        yield from _run(assistant, runs, reader, (chosen or "", upload), _most(most), against)

    def stop(request: gr.Request) -> None:
        runs.stop(request.session_hash or "")

    def show(kept: str | None, against: str | None) -> Iterator[tuple[Any, ...]]:
        for view in _shown(assistant, kept, against):
            yield ("", *view)

    lists = [tab.kept, tab.against]
    opened.select(refresh, [*source, *lists], [tab.chosen, *described, *lists], **QUIET)
    tab.chosen.input(describe, source, described, **QUIET)
    gr.on([tab.upload.upload, tab.upload.clear], describe, source, described, **QUIET)
    tab.run.click(run, [*source, tab.most, tab.against], [tab.progress, tab.run, tab.stop, *lists, *shown], **RUNNING)
    tab.stop.click(stop, None, None, **QUIET, queue=False)
    gr.on([tab.kept.input, tab.against.input], show, lists, [tab.progress, *shown], **RUNNING)


def _described(assistant: Assistant, chosen: str, upload: str | None) -> tuple[Any, ...]:
    """The upload's field, what the set holds, whether to ask how many, and whether it can be run."""
    visible, home = gr.update(visible=chosen == UPLOAD), assistant.settings.home
    if chosen == UPLOAD and not upload:
        return visible, "", gr.update(visible=False), gr.update(interactive=False)
    said, cases, runnable = "", 0, False
    model = assistant.settings.llm if assistant.settings.answerer == "chat" else None
    with errors_told("Reading a question set") as errors, eval_runs.opened_set(home, chosen, upload) as found:
        facts = eval_runs.facts_of(found, assistant)
        said, cases = eval_markup.set_html(facts, model or ""), facts.cases
        runnable = bool(cases and facts.articles)
    return visible, said + "".join(errors), gr.update(visible=cases > FEW), gr.update(interactive=runnable)


def _most(most: Any) -> int:
    return min(max(int(most), 1), eval_runs.MOST_CASES) if isinstance(most, int | float) else FEW


def _kept_lists(assistant: Assistant, kept: str | None, against: str | None) -> tuple[Any, Any]:
    """The two lists of runs, with what is chosen where it is still there."""
    from assistant.evaluation import evaluations_folder

    choices = eval_runs.names_of(eval_runs.kept_runs(evaluations_folder(assistant.settings)))
    names = {name for _, name in choices}
    return (
        gr.update(choices=choices or [NONE_YET], value=kept if kept in names else None if choices else ""),
        gr.update(choices=[NOTHING, *choices], value=against if against in names else ""),
    )


# ── a run ─────────────────────────────────────────────────────────────────────────────────────────────────────────────
IDLE = (gr.update(interactive=True), gr.update(interactive=False))  # the buttons Run and Stop
BUSY = (gr.update(interactive=False), gr.update(interactive=True))
SAME = (gr.skip(),) * (len(FILES) + 3)  # what `_view` renews


def _run(
    assistant: Assistant, runs: Runs, reader: str, source: tuple[str, str | None], most: int, against: str | None
) -> Iterator[tuple[Any, ...]]:
    """Where the run stands, then its report; the updates are of what `wire` names."""
    kept = (gr.skip(), gr.skip())
    yield (eval_markup.STARTING, *BUSY, *kept, *SAME)
    from assistant.evaluation import EvalReport

    with (
        errors_told("An evaluation") as errors,
        runs.one(reader) as stop,
        eval_runs.opened_set(assistant.settings.home, *source) as found,
    ):
        if not assistant.counts().articles:
            raise EmptyLibrary("No articles.")
        report, total, started = None, min(most, len(found.cases)), time.monotonic()
        for at in eval_runs.run_cases(assistant, found, total, runs, stop):
            if isinstance(at, Waiting):
                yield (eval_markup.WAITING, *BUSY, *kept, *SAME)
                started = time.monotonic()
            elif isinstance(at, EvalReport):
                report = at
            else:
                yield (_progress(at, total, time.monotonic() - started), *BUSY, *kept, *SAME)
        yield from _ended(assistant, report, total, found.name, against)
    for error in errors:
        yield (error, *IDLE, *kept, *SAME)


def _progress(at: EvalProgress | None, total: int, seconds: float) -> str:
    if at is None:
        return eval_markup.progress_html(0, total, seconds, {}, 0)
    return eval_markup.progress_html(at.done, total, seconds, at.figures, at.errors)


def _ended(
    assistant: Assistant, report: EvalReport | None, total: int, name: str, against: str | None
) -> Iterator[tuple[Any, ...]]:
    from assistant.evaluation import evaluations_folder, to_document

    done = len(report.results) if report else 0
    if report is None or not done:
        yield (eval_markup.stopped_html(0, total), *IDLE, gr.skip(), gr.skip(), *SAME)
        return
    whole, said = done == total, eval_markup.stopped_html(done, total)
    if whole:
        wrong = sum(result.right is False or result.error is not None for result in report.results)
        said = eval_markup.done_html(report.seconds, report.resumed, wrong)
    folder = evaluations_folder(assistant.settings)
    kept = eval_runs.keep(to_document([report]), folder, name if whole else f"{name}-stopped-at-{done}")
    for view in _shown(assistant, kept, against):
        yield (said, *IDLE, *_kept_lists(assistant, kept, against), *view)


# ── a report ──────────────────────────────────────────────────────────────────────────────────────────────────────────
def _shown(assistant: Assistant, kept: str | None, against: str | None) -> Iterator[tuple[Any, ...]]:
    """A kept run, beside the one it is compared with: what differs, the files, the report. The files last one step."""
    from assistant.evaluation import evaluations_folder

    folder = evaluations_folder(assistant.settings)
    with errors_told("Showing a report") as errors:
        document = eval_runs.read_kept(folder, kept)
        if document is None:
            yield ("", gr.update(visible=False), *(None for _ in FILES), eval_markup.EMPTY_REPORT)
            return
        said = ""
        if against and against != kept:
            with errors_told("Comparing runs") as refused:
                document = _with_former(document, folder, against)
                run = document["runs"][0]
                said = eval_markup.comparison_html(document["comparisons"][-1], run["metrics"])
            said += "".join(refused)
        with _view(document, kept or "") as view:
            yield (said, *view)
    for error in errors:
        yield (error, gr.update(visible=False), *(None for _ in FILES), "")


def _with_former(document: Document, folder: Path, against: str) -> Document:
    former = eval_runs.read_kept(folder, against)
    if former is None:
        raise WrongUse("There is no run to compare with.", "Choose one.")
    labels = {run.name: run.label for run in eval_runs.kept_runs(folder)}
    return eval_runs.compared(document, former, labels[against])


@contextmanager
def _view(document: Document, name: str) -> Iterator[tuple[Any, ...]]:
    """The row of the files, the files, and the report; Gradio copies the files into its cache."""
    from assistant.evaluation import html_part, write_report

    cases = max(len(run["cases"]) for run in document["runs"])
    with TemporaryDirectory(prefix="assistant-") as folder:
        written = write_report(document, Path(folder, eval_runs.safe_name(name)).with_suffix(".json"))
        html = eval_markup.cut_html(MOST_SHOWN, cases) + html_part(document, MOST_SHOWN)
        yield (gr.update(visible=True), *map(str, written), html)
