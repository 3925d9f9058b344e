"""`python app.py`: the page over your library, with the sample articles when it is empty, on http://127.0.0.1:7860."""

from __future__ import annotations

import sys

from assistant.api import Assistant
from assistant.errors import AssistantError
from assistant.resources import data_dir
from assistant.settings import load_settings
from assistant.ui.address import require_free_port, require_whole_login


def main() -> int:
    try:
        settings = load_settings()
        server = settings.server
        password = server.password.get_secret_value()
        require_whole_login(server.user, password)
        require_free_port(server.host, server.port)
        with Assistant(settings=settings) as assistant:
            if not assistant.counts().articles:
                report = assistant.ingest(data_dir("corpus"), embed=False)
                print(f"The library was empty: {len(report.added)} sample articles added.", flush=True)
            assistant.start_embedding()
            from assistant.ui.page import serve  # after the checks above: importing Gradio takes seconds

            serve(assistant, host=server.host, port=server.port, user=server.user, password=password)
    except AssistantError as error:
        print(error, file=sys.stderr)
        return int(error.exit_code)
    return 0


if __name__ == "__main__":
    sys.exit(main())
