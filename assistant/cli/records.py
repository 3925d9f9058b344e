"""The command that replays a ledger: does everything still stand as it was recorded?"""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from assistant.api import Assistant
from assistant.cli._common import JsonOption, out, print_json
from assistant.errors import ExitCode
from assistant.ledger import Drift, load_ledger, recheck_with, settings_of, verify_ledger


def verify(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A ledger, as `check --save FILE` writes it.")],
    replay: Annotated[
        bool, typer.Option(help="Check the text again too; --no-replay looks at articles and quotations alone.")
    ] = True,
    as_json: JsonOption = False,
) -> None:
    """Say what has changed since a check was saved: articles, quotations, verdicts. Exit code 1 when anything has."""
    ledger = load_ledger(file)
    with Assistant(**(settings_of(ledger) if replay else {})) as assistant:
        drifts = verify_ledger(ledger, assistant.library, recheck=recheck_with(assistant) if replay else None)
    if as_json:
        print_json(_document(file, ledger, drifts, replay))
    else:
        _print(ledger, drifts, replay)
    if drifts:
        raise typer.Exit(ExitCode.INCOMPLETE)


def _document(file: Path, ledger: dict[str, Any], drifts: list[Drift], replayed: bool) -> dict[str, Any]:
    return {
        "ledger": str(file),
        **{key: ledger[key] for key in ("kind", "created", "version", "text")},
        "articles": len(ledger["articles"]),
        "spans": len(ledger["spans"]),
        "replayed": replayed,
        "drift": [asdict(drift) for drift in drifts],
    }


def _print(ledger: dict[str, Any], drifts: list[Drift], replayed: bool) -> None:
    what = f"{_count(len(ledger['articles']), 'article')} and {_count(len(ledger['spans']), 'stretch', 'stretches')}"
    if not drifts:
        again = ", and the same comes out again" if replayed else ""
        _say(f"Nothing has changed since {ledger['created']}: {what} of text are as recorded{again}.")
        return
    _say(f"{_count(len(drifts), 'change')} since {ledger['created']}, in {what} of text:")
    for drift in drifts:
        _say(f"- {drift.what}")
        if drift.context:
            _say(f"    {drift.context}")


def _count(n: int, one: str, many: str = "") -> str:
    return f"{n} {one if n == 1 else many or one + 's'}"


def _say(line: str) -> None:
    out().print(line, markup=False, highlight=False)
