"""What the commands share: the options that most of them take, and how they print."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from assistant.errors import WrongUse
from assistant.types import Filters, IngestProgress

if TYPE_CHECKING:
    from rich.console import Console

JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
AsOfOption = Annotated[
    str | None,
    typer.Option("--as-of", metavar="DATE", help="The day of the question, YYYY-MM-DD: hides later articles."),
]
PublisherOption = Annotated[str | None, typer.Option(help="Only articles of this publisher.")]
SinceOption = Annotated[str | None, typer.Option(metavar="DATE", help="Only articles published on this day or later.")]
UntilOption = Annotated[
    str | None, typer.Option(metavar="DATE", help="Only articles published on this day or earlier.")
]

SaveOption = Annotated[
    Path | None,
    typer.Option("--save", metavar="FILE", help="Keep the result as a ledger; `assistant verify FILE` replays it."),
]


@cache
def console() -> Console:
    """Standard error, where everything goes that is no result. Piped text is not wrapped."""
    from rich.console import Console

    return Console(stderr=True, soft_wrap=not sys.stderr.isatty())


@cache
def out() -> Console:
    """Standard output. Piped text is not wrapped."""
    from rich.console import Console

    return Console(soft_wrap=not sys.stdout.isatty())


def print_json(document: Any) -> None:
    print(json.dumps(document, ensure_ascii=False, indent=2))


def filters(publisher: str | None, since: str | None, until: str | None, as_of: str | None) -> Filters:
    """Raises WrongUse for a date that is none, and for an empty range."""
    chosen = Filters(publisher, day("--since", since), day("--until", until), day("--as-of", as_of))
    if chosen.since and chosen.until and chosen.since > chosen.until:
        raise WrongUse(f"--since {chosen.since} is later than --until {chosen.until}.", "Swap them.")
    return chosen


def day(option: str, text: str | None) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise WrongUse(f"{option} {text!r} is no date.", "Write it as YYYY-MM-DD, for example 2025-08-19.") from None


@contextmanager
def progress_bars(quiet: bool) -> Iterator[Callable[[IngestProgress], None] | None]:
    """Two bars, texts and embedding, each from its first news on; None when nothing is to be shown."""
    if quiet:
        yield None
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn

    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[left]}"),
    )
    with Progress(*columns, console=console(), transient=True) as bars:
        tasks: dict[str, Any] = {}

        def show(at: IngestProgress) -> None:
            task = tasks.get(at.stage)
            if task is None:
                name = {"text": "Storing texts", "embed": "Embedding passages (searchable by words meanwhile)"}[
                    at.stage
                ]
                task = tasks[at.stage] = bars.add_task(name, total=at.total, left="")
            bars.update(task, completed=at.done, total=at.total, left=_remaining(at.remaining_s))

        yield show


def _remaining(seconds: float | None) -> str:
    if seconds is None:
        return ""
    minutes, rest = divmod(round(seconds), 60)
    return f"about {minutes} min left" if minutes else f"about {rest} s left"
