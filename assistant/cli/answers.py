"""Commands that answer: ask one question, serve the page."""

from __future__ import annotations

from textwrap import shorten
from typing import Annotated

import typer

from assistant.api import Assistant
from assistant.bill import bill_words
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
from assistant.render import STATE_WORDS, answer_json, finding_words, state_reason
from assistant.types import Answer, Citation, StatementState


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
    mcp: Annotated[
        bool | None,
        typer.Option("--mcp/--no-mcp", help="Serve ask and check as MCP tools too; refuses to combine with a login."),
    ] = None,
) -> None:
    """Serve the page. An empty library gets the sample corpus first."""
    from assistant.ui.start import run

    with Assistant() as assistant:
        run(assistant, host=host, port=port, mcp=mcp, open_browser=open_browser)


def _print_answer(answer: Answer) -> None:
    if answer.doubt:
        _say(f"Doubtful: {answer.doubt}")
    _say(answer.text)
    if answer.note:
        _say(f"Note: {answer.note}")
    _print_states(answer)
    seen: set[int] = set()
    for citation in answer.citations:
        if citation.marker not in seen:
            seen.add(citation.marker)
            _print_citation(citation)
    for citation in answer.rejected:
        _say(f"Not shown as a source ({citation.status}): “{citation.quote}” {citation.note}")
    if bill := bill_words(answer.calls, answer.cost_usd, answer.timings.get("total")):
        _say(bill, style="dim")


def _print_states(answer: Answer) -> None:
    """What is to be said of single statements: states other than verified, and findings that these have not named."""
    for one in answer.statements:
        if one.state is not StatementState.VERIFIED:
            words = shorten(answer.text[one.start : one.end], 80, placeholder="…")
            _say(f"{STATE_WORDS[one.state].capitalize()}: “{words}” {state_reason(one)}".rstrip())
    reasons = {one.why for one in answer.statements}
    for note, words in dict.fromkeys(map(finding_words, answer.findings)):
        if note not in reasons:
            _say(f"Marked: {note}{f' “{words}”' if words else ''}")


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
    _say(f"\n[{citation.marker}] {source}")
    _say(f"    “{citation.quote}”")
    place = f"characters {citation.span.start}-{citation.span.end} of {article.id[:12]}"
    _say(f"    {', '.join(labels)} · {place}", style="dim")


def _say(line: str, style: str | None = None) -> None:
    out().print(line, markup=False, highlight=False, style=style)
