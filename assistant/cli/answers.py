"""Commands that answer: ask one question, serve the page."""

from __future__ import annotations

from typing import Annotated

import typer

from assistant.api import Assistant
from assistant.cli._common import (
    AsOfOption,
    JsonOption,
    PublisherOption,
    SaveOption,
    SinceOption,
    UntilOption,
    filters,
    out,
    print_json,
)
from assistant.render import answer_json, finding_words
from assistant.types import Answer, Citation


def ask(
    question: Annotated[str, typer.Argument(help="The question, in quotation marks.")],
    as_of: AsOfOption = None,
    publisher: PublisherOption = None,
    since: SinceOption = None,
    until: UntilOption = None,
    answerer: Annotated[str | None, typer.Option(help="extractive or chat; the settings' one if not given.")] = None,
    save: SaveOption = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite the file of --save.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Answer one question with the words of the articles."""
    chosen = filters(publisher, since, until, as_of)
    with Assistant(answerer=answerer) as assistant:
        answer = assistant.ask(question, filters=chosen)
        if save:
            assistant.save(save, answer, filters=chosen, force=force)
    if as_json:
        print_json(answer_json(answer))
    else:
        _print_answer(answer)


def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on; 127.0.0.1 if not set.")] = None,
    port: Annotated[int | None, typer.Option(min=1, max=65535)] = None,
    open_browser: Annotated[bool, typer.Option("--open", help="Open the page in a browser.")] = False,
) -> None:
    """Serve the page. An empty library gets the sample corpus first."""
    from assistant.ui.start import run

    with Assistant() as assistant:
        run(assistant, host=host, port=port, open_browser=open_browser)


def _print_answer(answer: Answer) -> None:
    out().print(answer.text, markup=False, highlight=False)
    if answer.note:
        out().print(f"Note: {answer.note}", markup=False, highlight=False)
    for note, words in dict.fromkeys(map(finding_words, answer.findings)):
        out().print(f"Marked: {note}{f' “{words}”' if words else ''}", markup=False, highlight=False)
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
