"""From a library to a served page: what `assistant serve` and app.py do, with every check ahead of the slow import."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.resources import data_dir
from assistant.ui.address import require_free_port, require_whole_login

if TYPE_CHECKING:
    from assistant.api import Assistant


def run(assistant: Assistant, *, host: str | None = None, port: int | None = None, open_browser: bool = False) -> None:
    """Serve the page until Ctrl-C, at the address of the settings unless told otherwise.

    An empty library gets the sample articles first. Raises PortInUse, WrongUse, and what `Assistant.ingest` raises.
    """
    server = assistant.settings.server
    host, port, password = host or server.host, port or server.port, server.password.get_secret_value()
    require_whole_login(server.user, password)
    require_free_port(host, port)
    if not assistant.counts().articles:
        report = assistant.ingest(data_dir("corpus"), embed=False)
        print(f"The library was empty: {len(report.added)} sample articles added.", flush=True)
    from assistant.ui.page import serve  # importing Gradio takes seconds: only now

    serve(assistant, host=host, port=port, user=server.user, password=password, open_browser=open_browser)
