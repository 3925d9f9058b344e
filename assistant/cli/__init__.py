"""The command line: `assistant ingest | ask | check | quote | watch | verify | articles | ... | evaluate | serve | doctor`.

Results go to standard output, `--json` makes them one JSON document; progress, notes and errors go to standard error.
Exit codes: 0 done, 1 nothing to do or some inputs failed, 2 wrong use, 3 library held by another process, 4 library or
index damaged, 5 a condition of `evaluate --fail-if` holds.
"""

from __future__ import annotations

import io
import json
import os
import sys
from typing import Annotated

import typer

from assistant.cli import answers, checks, evaluation, health, library, records
from assistant.cli._common import console
from assistant.errors import AssistantError, ExitCode

app = typer.Typer(
    name="assistant",
    help="Answers from news articles, each beside the exact words it rests on.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for _command in (
    library.ingest,
    answers.ask,
    checks.check,
    checks.quote,
    checks.watch,
    records.verify,
    library.articles,
    library.show,
    library.remove,
    library.rebuild,
    evaluation.evaluate,
    answers.serve,
    health.doctor,
):
    app.command()(_command)


def _print_version(wanted: bool) -> None:
    if wanted:
        from assistant import __version__

        typer.echo(__version__)
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and stop.")
    ] = False,
) -> None:
    pass


def main() -> None:
    """Run the command line; an AssistantError becomes its message, its hint and its exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # what the terminal can't show is escaped, not a crash
            stream.reconfigure(errors="backslashreplace")
    try:
        app()
    except AssistantError as error:
        _report(error)
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        console().print("Interrupted. What was reported as stored is kept.")
        sys.exit(ExitCode.INCOMPLETE)
    except BrokenPipeError:  # the reader of our output (head, less) has gone
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(ExitCode.INCOMPLETE)


def _report(error: AssistantError) -> None:
    if "--json" in sys.argv[1:]:
        problem = {"type": type(error).__name__, "message": error.message, "hint": error.hint}
        print(json.dumps({"error": problem}, ensure_ascii=False))
    console().print(error.message, style="bold red", markup=False, highlight=False)
    if error.hint:
        console().print(error.hint, markup=False, highlight=False)
