"""A library of its own for one evaluation, gone afterwards: the user's library and vector server stay as they are."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from assistant.errors import EmptyLibrary
from assistant.settings import Settings, StoreSettings
from assistant.types import IngestProgress, IngestReport

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

    `embed=False` leaves it to search by words. Raises EmptyLibrary, with the first reason, when none of the sources
    gives an article.
    """
    from assistant.api import Assistant

    with TemporaryDirectory(prefix="assistant-evaluation-", ignore_cleanup_errors=True) as home:
        own = settings.model_copy(update={"home": Path(home), "store": StoreSettings()})
        with Assistant(settings=own) as assistant:
            report = assistant.ingest(*sources, embed=embed, progress=progress)
            if not report.added:
                why = f": {report.failed[0].source}: {report.failed[0].reason}" if report.failed else "."
                raise EmptyLibrary(
                    f"No article in {', '.join(map(str, sources))}{why}",
                    "Give a file or folder of articles.",
                )
            yield assistant, report
