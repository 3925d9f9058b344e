"""Commands that answer: ask one question, evaluate a set of them, serve the page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.api import Assistant
from assistant.cli._common import (
    AsOfOption,
    JsonOption,
    PublisherOption,
    SinceOption,
    UntilOption,
    console,
    filters,
    out,
    print_json,
    progress_bars,
)
from assistant.errors import ExitCode, WrongUse
from assistant.render import answer_json
from assistant.settings import Settings, load_settings
from assistant.types import Answer, Citation, Failure

if TYPE_CHECKING:
    from assistant.evaluation import EvalCase, EvalReport


def ask(
    question: Annotated[str, typer.Argument(help="The question, in quotation marks.")],
    as_of: AsOfOption = None,
    publisher: PublisherOption = None,
    since: SinceOption = None,
    until: UntilOption = None,
    answerer: Annotated[str | None, typer.Option(help="extractive or chat; the settings' one if not given.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Answer one question with the words of the articles."""
    chosen = filters(publisher, since, until, as_of)
    with Assistant(answerer=answerer) as assistant:
        answer = assistant.ask(question, filters=chosen)
    if as_json:
        print_json(answer_json(answer))
    else:
        _print_answer(answer)


def evaluate(
    question_set: Annotated[Path, typer.Argument(metavar="SET", help="Questions, one JSON object a line.")],
    articles: Annotated[
        list[str] | None, typer.Option(help="Build a scratch library from these instead of using the current one.")
    ] = None,
    k: Annotated[int, typer.Option(min=1, max=50, help="Passages retrieved a question.")] = 10,
    limit: Annotated[int | None, typer.Option(min=1, help="Only the first so many cases.")] = None,
    embed: Annotated[bool, typer.Option(help="Embed the scratch library; --no-embed searches by words alone.")] = True,
    retriever: Annotated[str | None, typer.Option(help="hybrid, lexical or dense.")] = None,
    answerer: Annotated[str | None, typer.Option(help="extractive or chat.")] = None,
    output: Annotated[
        Path | None, typer.Option(help="Where the JSON report goes; default: evaluations/ in the library's folder.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Ask every question of a set as of its date, and print how good the answers are."""
    from assistant.evaluation import load_cases, print_report, to_json, write_json

    cases, failures = load_cases(question_set)
    if not cases:
        reason = f": {failures[0].source}: {failures[0].reason}" if failures else "."
        raise WrongUse(
            f"{question_set} holds no question that can be read{reason}", "See corpus/README.md for the format."
        )
    settings = load_settings(retriever=retriever, answerer=answerer)
    target = output or _report_file(settings.home, question_set)
    with _library(articles or (), settings, embed=embed, quiet=as_json) as (assistant, unread):
        report = _run(assistant, cases[:limit], k, failures, quiet=as_json)
    write_json(report, target)
    if as_json:
        print_json(to_json(report))
    else:
        print_report(report)
        console().print(f"Written: {target}", markup=False, highlight=False)
    if failures or unread or report.errors:
        raise typer.Exit(ExitCode.INCOMPLETE)


def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on; 127.0.0.1 if not set.")] = None,
    port: Annotated[int | None, typer.Option(min=1, max=65535)] = None,
    open_browser: Annotated[bool, typer.Option("--open", help="Open the page in a browser.")] = False,
) -> None:
    """Serve the page. An empty library gets the sample corpus first."""
    from assistant.ui.start import run

    with Assistant() as assistant:
        run(assistant, host=host, port=port, open_browser=open_browser)


@contextmanager
def _library(
    sources: Sequence[str], settings: Settings, *, embed: bool, quiet: bool
) -> Iterator[tuple[Assistant, tuple[Failure, ...]]]:
    """A scratch library of these sources and what of them is no article; the settings' own library without any."""
    from assistant.evaluation import scratch_library

    if not sources:
        with Assistant(settings=settings) as assistant:
            yield assistant, ()
        return
    with ExitStack() as scratch:
        with progress_bars(quiet=quiet) as progress:
            library = scratch_library(*sources, settings=settings, embed=embed, progress=progress)
            assistant, report = scratch.enter_context(library)
        for failure in report.failed:
            console().print(
                f"Not an article: {failure.source}: {failure.reason}", style="yellow", markup=False, highlight=False
            )
        yield assistant, report.failed


def _run(
    assistant: Assistant, cases: Sequence[EvalCase], k: int, failures: Sequence[Failure], *, quiet: bool
) -> EvalReport:
    from assistant.evaluation import evaluate as run

    if quiet:
        return run(assistant, cases, k=k, failures=failures)
    from rich.progress import Progress

    with Progress(console=console(), transient=True) as bars:
        task = bars.add_task("Asking", total=len(cases))
        return run(assistant, cases, k=k, failures=failures, progress=lambda at: bars.update(task, completed=at.done))


def _report_file(home: Path, question_set: Path) -> Path:
    from datetime import datetime

    folder = home / "evaluations"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise WrongUse(f"{folder} can't be made: {error.strerror or error}.", "Name a file with --output.") from None
    return folder / f"{question_set.stem}-{datetime.now():%Y%m%d-%H%M%S}.json"


def _print_answer(answer: Answer) -> None:
    out().print(answer.text, markup=False, highlight=False)
    if answer.note:
        out().print(f"Note: {answer.note}", markup=False, highlight=False)
    seen: set[int] = set()
    for citation in answer.citations:
        if citation.marker not in seen:
            seen.add(citation.marker)
            _print_citation(citation)
    for citation in answer.rejected:
        out().print(
            f"Not shown as a source ({citation.status}): “{citation.quote}” {citation.note}",
            markup=False,
            highlight=False,
        )


def _print_citation(citation: Citation) -> None:
    article = citation.article
    source = " · ".join(
        (
            article.publisher or "publisher unknown",
            str(article.published or "date unknown"),
            article.title or "untitled",
        )
    )
    labels = [str(citation.zone)] + ([str(article.status)] if article.status != "current" else [])
    out().print(f"\n[{citation.marker}] {source}", markup=False, highlight=False)
    out().print(f"    “{citation.quote}”", markup=False, highlight=False)
    out().print(
        f"    {', '.join(labels)} · characters {citation.span.start}-{citation.span.end} of {article.id[:12]}",
        markup=False,
        highlight=False,
        style="dim",
    )
