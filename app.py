"""`python app.py`: the page over your library, with the sample articles when it is empty, on http://127.0.0.1:7860."""

from __future__ import annotations

import sys

from assistant import Assistant, AssistantError
from assistant.ui.start import run


def main() -> int:
    try:
        with Assistant() as assistant:
            run(assistant)
    except AssistantError as error:
        print(error, file=sys.stderr)
        return int(error.exit_code)
    return 0


if __name__ == "__main__":
    sys.exit(main())
