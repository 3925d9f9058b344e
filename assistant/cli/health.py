"""The command that looks after the installation: doctor."""

from __future__ import annotations

from typing import Annotated

import typer

from assistant.cli._common import JsonOption, out, print_json
from assistant.doctor import State, examine
from assistant.settings import load_settings

_STYLES = {State.OK: "green", State.NOTE: "yellow", State.FAULT: "bold red"}


def doctor(
    offline: Annotated[bool, typer.Option("--offline", help="Call no model over the network.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Say what is missing, and the command that mends it. A chat model is asked a few words."""
    findings = examine(load_settings(), offline=offline)
    if as_json:
        print_json(
            [{"part": f.part, "state": str(f.state), "detail": f.detail, "remedy": f.remedy or None} for f in findings]
        )
    else:
        width = max(len(finding.part) for finding in findings) + 1
        for finding in findings:
            out().print(f"{finding.state:<6}", style=_STYLES[finding.state], end="")
            out().print(f"{finding.part:<{width}}{finding.detail}", markup=False, highlight=False)
            if finding.remedy:
                out().print(f"{'':{6 + width}}{finding.remedy}", markup=False, highlight=False)
    worst = max((finding.exit_code for finding in findings), default=0)
    if worst:
        raise typer.Exit(worst)
