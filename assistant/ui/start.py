"""From a library to a served page: what `assistant serve` and app.py do, with every check ahead of the slow import."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.resources import data_dir
from assistant.ui.address import require_servable

if TYPE_CHECKING:
    from assistant.api import Assistant


def run(
    assistant: Assistant,
    *,
    host: str | None = None,
    port: int | None = None,
    mcp: bool | None = None,
    open_browser: bool = False,
) -> None:
    """Serve the page until Ctrl-C, as the settings have it unless told otherwise.

    An empty library gets the sample articles first. Raises PortInUse, WrongUse, and what `Assistant.ingest` raises.
    """
    told = {"host": host, "port": port, "mcp": mcp}
    server = assistant.settings.server.model_copy(
        update={key: value for key, value in told.items() if value is not None}
    )
    require_servable(server)
    if not assistant.counts().articles:
        report = assistant.ingest(data_dir("corpus"), embed=False)
        print(f"The library was empty: {len(report.added)} sample articles added.", flush=True)
    from assistant.ui.page import serve  # importing Gradio takes seconds: only now

    serve(assistant, open_browser=open_browser, **dict(server))
