"""Commands about the articles: ingest, articles, show, remove, rebuild."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import typer

from assistant.api import Assistant
from assistant.cli._common import JsonOption, console, out, print_json, progress_bars
from assistant.cli.checks import change_json, print_changes
from assistant.errors import ExitCode, WrongUse
from assistant.render import article_json, counts_json, report_json, row_json
from assistant.resources import data_dir
from assistant.types import Article, ArticleRow, IngestReport


def ingest(
    sources: Annotated[
        list[str] | None, typer.Argument(help="Files, folders, URLs, feeds. None: finish embedding.")
    ] = None,
    sample: Annotated[
        bool, typer.Option("--sample", help="Add the sample corpus that comes with the program.")
    ] = False,
    embed: Annotated[
        bool, typer.Option(help="Embed now; --no-embed leaves it to a later ingest or to the page.")
    ] = True,
    as_json: JsonOption = False,
) -> None:
    """Add articles: text, Markdown, HTML, PDF, JSONL, RSS and Atom."""
    wanted = [*(sources or []), *([str(data_dir("corpus"))] if sample else [])]
    with Assistant() as assistant:
        if not wanted and not assistant.counts().articles:
            raise WrongUse("Nothing to ingest.", "Name a file, a folder or a URL, or use --sample.")
        with progress_bars(quiet=as_json) as progress:
            report = assistant.ingest(*wanted, embed=embed, progress=progress)
        arrived = report.added or report.replaced or report.updated
        changes = assistant.review_watched() if arrived else []
    if as_json:
        print_json({**report_json(report), "verdicts_changed": [change_json(change) for change in changes]})
    else:
        _print_report(report)
        print_changes(changes)
    nothing_done = not (report.added or report.replaced or report.updated or report.embedded)
    if report.failed or nothing_done:
        raise typer.Exit(ExitCode.INCOMPLETE)


def articles(
    everything: Annotated[bool, typer.Option("--all", help="Earlier versions too.")] = False,
    as_json: JsonOption = False,
) -> None:
    """List the articles, newest first."""
    with Assistant() as assistant:
        rows = assistant.articles(include_replaced=everything)
        if as_json:
            print_json([row_json(row) for row in rows])
        elif rows:
            _print_rows(rows)
        else:
            console().print(f"No articles in {assistant.settings.home}. Run: assistant ingest PATH|URL", markup=False)
    if not rows:
        raise typer.Exit(ExitCode.INCOMPLETE)


def show(
    article: Annotated[str, typer.Argument(help="An article id, the start of one, or a source id.")],
    as_json: JsonOption = False,
) -> None:
    """Print one article as it is stored, with its zones."""
    with Assistant() as assistant:
        found = assistant.article(article)
    if as_json:
        print_json(article_json(found))
    else:
        _print_article(found)


def remove(
    article_ids: Annotated[list[str], typer.Argument(metavar="ARTICLE...", help="Article ids or source ids.")],
    as_json: JsonOption = False,
) -> None:
    """Forget articles, with all their versions."""
    with Assistant() as assistant:
        removed = assistant.remove(*article_ids)
    if as_json:
        print_json({"removed": removed})
    else:
        out().print(f"Removed {_count(removed, 'article')}.")


def rebuild(
    embed: Annotated[
        bool, typer.Option("--embed", help="Make the vectors again too, with the embedder of the settings.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Make every index again from the library."""
    with Assistant() as assistant, progress_bars(quiet=as_json) as progress:
        counts = assistant.rebuild(embed=embed, progress=progress)
    if as_json:
        print_json(counts_json(counts))
    else:
        out().print(
            f"Rebuilt: {_count(counts.articles, 'article')}, {_count(counts.passages, 'passage')}, {counts.embedded} embedded."
        )


def _print_report(report: IngestReport) -> None:
    out().print(
        f"{len(report.added)} added, {len(report.unchanged)} unchanged, {len(report.replaced)} replaced, "
        + (f"{len(report.updated)} with other facts, " if report.updated else "")
        + f"{len(report.failed)} failed; {_count(report.passages, 'passage')} stored, {report.embedded} embedded."
    )
    for failure in report.failed:
        out().print(f"  {failure.source}: {failure.reason}", markup=False, highlight=False)


def _print_rows(rows: Sequence[ArticleRow]) -> None:
    from rich.table import Table
    from rich.text import Text

    table = Table("id", "published", "publisher", "title", "status", "embedded")
    for row in rows:
        notes = [str(row.facts.status)] if row.facts.status != "current" else []
        notes += [] if row.current else ["replaced"]
        notes += [f"copy of {row.duplicate_of[:8]}"] if row.duplicate_of else []
        notes += [f"{row.versions} versions"] if row.versions > 1 else []
        table.add_row(
            row.facts.id[:8],
            str(row.facts.published or "unknown"),
            Text(row.facts.publisher or "unknown"),
            Text(row.facts.title or "untitled"),
            ", ".join(notes),
            f"{row.embedded}/{row.passages}",
        )
    out().print(table)


def _print_article(article: Article) -> None:
    facts = {
        "title": article.title,
        "publisher": article.publisher,
        "author": article.author,
        "published": article.published,
        "language": article.language,
        "url": article.url,
        "status": article.status,
        "id": article.id,
    }
    for name, value in facts.items():
        out().print(f"{name:>10}  {value or 'unknown'}", markup=False, highlight=False)
    for section in article.sections:
        if section.zone != "quotation":
            out().print(f"\n[{section.zone} {section.span.start}-{section.span.end}]", markup=False, style="dim")
            out().print(article.quote(section.span), markup=False, highlight=False)


def _count(n: int, noun: str) -> str:
    return f"{n} {noun}{'' if n == 1 else 's'}"
