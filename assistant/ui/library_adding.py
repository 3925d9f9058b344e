"""Files, web addresses and feeds into the library, a source at a time, so that the one in hand can be named."""

from __future__ import annotations

import threading
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.errors import WrongUse
from assistant.resources import data_dir
from assistant.types import IngestProgress, IngestReport
from assistant.ui import library_markup
from assistant.ui.address import require_web_address
from assistant.ui.parts import as_they_come, errors_told

if TYPE_CHECKING:
    from assistant.api import Assistant

LOOK_S = 0.3  # how often the progress of a source is looked at
MOST_LINKS = 50  # articles of a feed that one press fetches


@dataclass(frozen=True, slots=True)
class Adding:
    """What a moment of adding shows."""

    html: str
    changed: bool = False
    """Whether articles came in."""
    links: tuple[str, ...] = ()
    """Articles that a feed only summed up, to be fetched on demand."""


def add_articles(assistant: Assistant, sources: Sequence[str]) -> Iterator[Adding]:
    """Ingest the sources in their order, the report last. Vectors follow in the background.

    A source that fails is in the report; what ends the whole comes as an error below what was done until then.
    """
    reports: list[IngestReport] = []
    report, shown = "", False
    links: tuple[str, ...] = ()
    with errors_told("Adding articles") as errors:
        try:
            yield from _reading(assistant, sources, reports)
        finally:
            if reports:
                assistant.start_embedding()
    if reports:
        done = _without_server_paths(_joined(reports), sources)
        rows = {row.facts.id: row for row in assistant.articles(include_replaced=True)}
        links = links_of(done, sources)
        origins = _origins(reports, sources) if len(sources) > 1 else {}
        report = library_markup.report_html(done, rows, origins=origins, links=len(links))
        shown = bool(done.added or done.replaced or done.updated)
    yield Adding(report + "".join(errors), shown, links)


def add_address(assistant: Assistant, address: str) -> Iterator[Adding]:
    """The same for what somebody typed: only web addresses, never a path of this machine."""
    with errors_told("An address") as errors:
        yield from add_articles(assistant, [require_web_address(address)])
    yield from map(Adding, errors)


def add_sample(assistant: Assistant) -> Iterator[Adding]:
    yield from add_articles(assistant, [str(data_dir("corpus"))])


def _reading(assistant: Assistant, sources: Sequence[str], reports: list[IngestReport]) -> Iterator[Adding]:
    at: list[IngestProgress] = []
    shown = ""

    def read() -> Generator[IngestReport, None, None]:
        for source in sources:
            at.clear()
            yield assistant.ingest(source, embed=False, progress=at.append, allow_private=False)

    for report in chain([None], as_they_come(read(), threading.Event(), LOOK_S)):
        if report:
            reports.append(report)
        if len(reports) == len(sources):
            continue
        in_hand = _shown_name(sources[len(reports)])
        html = library_markup.reading_html(in_hand, len(reports), len(sources), 0 if report else len(at))
        if html != shown:
            yield Adding(html)
        shown = html


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
        for source, report in zip(sources, reports, strict=False)  # there are fewer reports where one ended the whole
        for article_id in (*report.added, *report.replaced, *report.updated, *report.unchanged)
    }


def links_of(report: IngestReport, sources: Sequence[str]) -> tuple[str, ...]:
    """The web addresses that failed without having been asked for: entries of a feed that come as a summary."""
    found = dict.fromkeys(failure.source for failure in report.failed if failure.source not in sources)
    return tuple(link for link in found if _is_web_address(link))[:MOST_LINKS]


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
