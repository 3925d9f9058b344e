"""One check, from a text to what each moment of it shows: the progress, the verdict with its files, or what went wrong.

Closing a running check ends it after the claim in hand.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from assistant.types import Article, FactCheck
from assistant.ui import check_markup, check_reader_markup
from assistant.ui.parts import as_they_come, errors_told, read_filters

if TYPE_CHECKING:
    from assistant.api import Assistant

EXPORTS = (("markdown", "Markdown"), ("html", "HTML"), ("csv", "CSV"), ("json", "JSON"), ("claimreview", "ClaimReview"))


@dataclass(frozen=True, slots=True)
class View:
    """What a moment of a check shows. `files` are the exports, in the order of EXPORTS."""

    verdict: str
    details: str = ""
    reader: str = ""
    checked: str = ""
    """The text that the verdict is of."""
    files: tuple[Path, ...] = ()


class Stopped(Exception):
    """Leaves a check that somebody has stopped, in a thread that nobody waits for."""


def check(assistant: Assistant, text: str, fields: Sequence[str]) -> Iterator[View | None]:
    """Check a text with the filters in these fields: a view for whatever changes, the verdict last, None in between.

    The files of the last view are there until the next step.
    """
    with errors_told("A check") as errors:
        filters = read_filters(*fields)
        stop = threading.Event()
        at: list[tuple[int, int]] = []

        def progress(done: int, of: int) -> None:
            at.append((done, of))
            if stop.is_set():
                raise Stopped

        def judging() -> Generator[FactCheck, None, None]:
            yield assistant.check(text or "", filters=filters, progress=progress)

        started, shown = time.monotonic(), check_markup.checking_html(0)
        yield View(shown)
        for done in as_they_come(judging(), stop):
            if done:
                yield from _checked(assistant, done)
                continue
            now = check_markup.checking_html(int(time.monotonic() - started), at[-1] if at else None)
            yield None if now == shown else View(now)
            shown = now
    yield from map(View, errors)


def _checked(assistant: Assistant, done: FactCheck) -> Iterator[View]:
    articles = assistant.articles_of(done)
    places = check_reader_markup.places_of(done, articles)
    with TemporaryDirectory(prefix="assistant-") as folder:
        yield View(
            check_markup.verdict_html(done),
            check_markup.checked_html(done, articles, places),
            check_reader_markup.reader_html(places, articles),
            done.statement,
            write_exports(done, articles, Path(folder)),
        )


def write_exports(check: FactCheck, articles: dict[str, Article], folder: Path) -> tuple[Path, ...]:
    """A file of each export in `folder`; Gradio copies them into its cache. Their names say nothing of the text."""
    from assistant.exports import load_exporter

    files = []
    for name, _ in EXPORTS:
        exporter = load_exporter(name)
        files.append(folder / f"fact-check{exporter.suffix}")
        files[-1].write_text(exporter.export(check, articles), exporter.encoding, newline="")
    return tuple(files)
