"""A library of its own for evaluations: the user's library and vector server stay as they are.

It is kept in a folder named after the articles and how they are cut and embedded, since embedding is nearly all of what an
evaluation costs: a second run over the same articles starts at once, and one that was cut short goes on.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.errors import EmptyLibrary
from assistant.settings import Settings, StoreSettings
from assistant.types import Failure, IngestProgress, IngestReport

if TYPE_CHECKING:
    from assistant.api import Assistant


@contextmanager
def scratch_library(
    *sources: str | Path,
    settings: Settings,
    embed: bool = True,
    progress: Callable[[IngestProgress], None] | None = None,
) -> Iterator[tuple[Assistant, IngestReport]]:
    """An assistant under these settings that knows only these articles, and what ingesting them did.

    It lies under `evaluations/libraries` in the settings' home; what is there is used again when the sources have not
    changed. `embed=False` leaves it to search by words. Raises EmptyLibrary, with the first reason, when none of the
    sources gives an article, and LibraryBusy when another evaluation fills the same library.
    """
    from assistant.api import Assistant

    home = libraries_folder(settings) / _name(sources, settings, embed=embed)
    own = settings.model_copy(update={"home": home, "store": StoreSettings()})
    report = _earlier(home)
    if report is None:
        with Assistant(settings=own) as assistant:
            report = assistant.ingest(*sources, embed=embed, progress=progress)
        _remember(home, report)
    # Opened anew, so that the run that embeds and the runs after it score alike: exactly, not by Chroma's graph.
    with Assistant(settings=own) as assistant:
        if not assistant.counts().articles:
            why = f": {report.failed[0].source}: {report.failed[0].reason}" if report.failed else "."
            raise EmptyLibrary(
                f"No article in {', '.join(map(str, sources))}{why}", "Give a file or folder of articles."
            )
        yield assistant, report


def evaluations_folder(settings: Settings) -> Path:
    """Where evaluations keep reports, journals, replies and scratch libraries."""
    return settings.home / "evaluations"


def libraries_folder(settings: Settings) -> Path:
    return evaluations_folder(settings) / "libraries"


def write_articles(rows: Iterator[Mapping[str, Any]], folder: Path) -> Path | None:
    """The texts that a question set brings along, as a JSONL file named after its content; None when it brings none."""
    lines = [json.dumps(row, ensure_ascii=False, default=str) + "\n" for row in rows]
    if not lines:
        return None
    text = "".join(lines).encode("utf-8", "backslashreplace")
    path = folder / f"{hashlib.sha256(text).hexdigest()[:32]}.jsonl"
    if not path.is_file():
        folder.mkdir(parents=True, exist_ok=True)
        partial = path.with_suffix(".partial")
        partial.write_bytes(text)
        partial.replace(path)
    return path


_COMPLETE = "complete.json"


def _earlier(home: Path) -> IngestReport | None:
    """What an earlier run said of the inputs when it had stored and embedded them all, None if it did not come to that."""
    try:
        failed = json.loads((home / _COMPLETE).read_text(encoding="utf-8"))
        return IngestReport(failed=tuple(Failure(source, reason) for source, reason in failed))
    except (OSError, ValueError, TypeError):
        return None


def _remember(home: Path, report: IngestReport) -> None:
    failed = [[failure.source, failure.reason] for failure in report.failed]
    home.mkdir(parents=True, exist_ok=True)
    (home / _COMPLETE).write_text(json.dumps(failed), encoding="utf-8")


def _name(sources: Sequence[str | Path], settings: Settings, *, embed: bool) -> str:
    """Changes when a file does (by name, size and time of change) and when passages or vectors would be others."""
    parts = [settings.embedder if embed else "words", settings.passage.model_dump_json()]
    return hashlib.sha256("\n".join([*parts, *map(_state, sources)]).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _state(source: str | Path) -> str:
    path = Path(source)
    files = sorted(path.rglob("*")) if path.is_dir() else [path]
    states = [
        f"{file} {found.st_size} {found.st_mtime_ns}" for file in files if file.is_file() and (found := file.stat())
    ]
    return "\n".join([str(path.absolute()) if path.exists() else str(source), *states])
