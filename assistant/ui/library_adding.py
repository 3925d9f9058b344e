"""Files, web addresses and feeds into the library, a source at a time, so that the one in hand can be named."""

from __future__ import annotations

import threading
from collections.abc import Generator, Iterator, Sequence
from dataclasses import fields, replace
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.errors import WrongUse
from assistant.resources import data_dir
from assistant.types import ArticleRow, Failure, IngestProgress, IngestReport
from assistant.ui import library_markup
from assistant.ui.address import require_web_address
from assistant.ui.library_intake import Intake
from assistant.ui.parts import as_they_come, errors_told

if TYPE_CHECKING:
    from assistant.api import Assistant

LOOK_S = 0.3  # how often the progress of a source is looked at
NOT_READ = "It was not read. Add it again."


# ── what can be put in ────────────────────────────────────────────────────────────────────────────────────────────────
def put_address(intake: Intake, address: str) -> None:
    """What somebody typed: only web addresses, never a path of this machine."""
    with errors_told("An address") as errors:
        intake.put(require_web_address(address))
    intake.put(errors=errors)


def put_sample(intake: Intake) -> None:
    intake.put(str(data_dir("corpus")))


# ── one run ───────────────────────────────────────────────────────────────────────────────────────────────────────────
def add_articles(assistant: Assistant, intake: Intake) -> Iterator[str]:
    """Ingest what waits, a view a step, the report last; nothing where another run does so. Vectors follow in the background.

    A source that fails is in the report; what ends the whole comes as an error below what was done until then.
    """
    if not intake.begin():
        return
    reports: list[IngestReport] = []
    told: list[str] = []
    ended = False
    try:
        while not ended:
            with errors_told("Adding articles") as errors:
                yield from _reading(assistant, intake, reports)
            while errors and len(reports) < len(
                intake.sources
            ):  # the one that ended the whole, and what waited behind it
                intake.take()
                reports.append(IngestReport(failed=(Failure(intake.sources[len(reports)], NOT_READ),)))
            told = list(dict.fromkeys([*told, *errors, *intake.take_errors()]))
            yield _report(assistant, intake, reports) + "".join(told)
            ended = intake.end()  # only now: the next run writes over a report that was shown
    finally:
        if not ended:
            intake.stop()


def _reading(assistant: Assistant, intake: Intake, reports: list[IngestReport]) -> Iterator[str]:
    at: list[IngestProgress] = []
    shown = ""

    def read() -> Generator[IngestReport, None, None]:
        source = None
        try:
            while source := intake.take():
                at.clear()
                yield assistant.ingest(source, embed=False, progress=at.append, allow_private=False)
        finally:  # here, so that it is done for a reader who has left, too
            if source or reports:
                assistant.start_embedding()

    for report in chain([None], as_they_come(read(), threading.Event(), LOOK_S)):
        if report:
            reports.append(report)
        if len(reports) == len(intake.sources):
            continue
        in_hand = _shown_name(intake.sources[len(reports)])
        html = library_markup.reading_html(in_hand, len(reports), len(intake.sources), 0 if report else len(at))
        if html != shown:
            yield html
        shown = html


def _report(assistant: Assistant, intake: Intake, reports: Sequence[IngestReport]) -> str:
    """What the run did so far; the intake is told, too."""
    sources = intake.sources[: len(reports)]
    came = tuple(
        source for source, one in zip(sources, reports, strict=True) if one.added or one.replaced or one.updated
    )
    if not reports:
        intake.tell((), came)
        return ""
    done = _without_server_paths(_joined(reports), sources)
    links = tuple(dict.fromkeys((*intake.rest, *links_of(done, sources))))
    intake.tell(links, came)
    rows: dict[str, ArticleRow] = {}
    with errors_told("Listing what was added") as errors:
        rows = {row.facts.id: row for row in assistant.articles(include_replaced=True)}
    origins = _origins(reports, sources) if len(sources) > 1 else {}
    return library_markup.report_html(done, rows, origins=origins, links=len(links)) + "".join(errors)


def _joined(reports: Sequence[IngestReport]) -> IngestReport:
    """One report of all: tuples and numbers added up."""
    return IngestReport(
        **{
            one.name: sum((getattr(report, one.name) for report in reports[1:]), getattr(reports[0], one.name))
            for one in fields(IngestReport)
        }
    )


def _origins(reports: Sequence[IngestReport], sources: Sequence[str]) -> dict[str, str]:
    """What to call the source of each article, by its id."""
    return {
        article_id: _shown_name(source)
        for source, report in zip(sources, reports, strict=True)
        for article_id in (*report.added, *report.replaced, *report.updated, *report.unchanged)
    }


def links_of(report: IngestReport, sources: Sequence[str]) -> tuple[str, ...]:
    """The web addresses that failed without having been asked for: entries of a feed that come as a summary."""
    found = dict.fromkeys(failure.source for failure in report.failed if failure.source not in sources)
    return tuple(link for link in found if _is_web_address(link))


def _is_web_address(text: str) -> bool:
    try:
        return require_web_address(text) == text
    except WrongUse:
        return False


def _shown_name(source: str) -> str:
    return source if "://" in source else Path(source).name


def _without_server_paths(report: IngestReport, sources: Sequence[str]) -> IngestReport:
    """An uploaded file goes by its own name: where the server keeps it is nobody's business."""

    def clean(text: str) -> str:
        for source in sources:
            text = text.replace(source, _shown_name(source))
        return text

    failed = tuple(replace(one, source=clean(one.source), reason=clean(one.reason)) for one in report.failed)
    return replace(report, failed=failed)
