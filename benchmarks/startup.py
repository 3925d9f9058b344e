"""What starting costs in CPU seconds: `import assistant`, `assistant ask` in a new process, app.py to its first page.

The library is the sample corpus, embedded. Beside it: importing what the quick start imports, its store opened and
searched in a new process, and a bare Gradio chat. The first page is GET /; once it is there, the server is killed.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from functools import partial
from pathlib import Path

from assistant.resources import checkout, data_dir
from benchmarks import quickstart
from benchmarks.material import take, write_jsonl
from benchmarks.measuring import Figure, Goal, cpu_of_command, in_child, side_by_side
from benchmarks.plan import Plan

QUESTION = "How many countries will be represented at the Pentagon?"
PAGE_LIMIT_S = 180.0
_PEER_IMPORTS = "import langchain_chroma, langchain_text_splitters"
_PEER_PAGE = """
import sys, gradio
gradio.ChatInterface(lambda message, history: message).launch(server_port=int(sys.argv[1]))
"""

Start = Callable[[], float]


def measure(plan: Plan) -> list[Figure]:
    folder = plan.folder("startup")
    in_child(build, plan, folder)
    root = checkout()
    module, code = partial(_command, folder, "-m"), partial(_command, folder, "-c")
    figures: list[tuple[str, float, Start, Start]] = [
        ("import assistant", 0.3, partial(code, "import assistant"), partial(code, _PEER_IMPORTS)),
        (
            "assistant ask, new process",
            2.5,
            partial(module, "assistant.cli", "ask", QUESTION),
            partial(module, "benchmarks.quickstart", str(folder / "peer"), QUESTION),
        ),
    ]
    if root:
        app, bare = str(root / "app.py"), partial(_page, folder, "-c", _PEER_PAGE)
        figures.append(("app.py to first page", 10.0, partial(_page, folder, app), bare))
        figures.append(("app.py to first page, empty library", 10.0, partial(_page, folder, app, home=None), bare))
    return [_figure(plan, name, limit, ours, theirs) for name, limit, ours, theirs in figures]


def _figure(plan: Plan, name: str, limit: float, ours: Start, theirs: Start) -> Figure:
    own, other = side_by_side(
        plan.repeats, lambda: {"cpu_s": ours()}, (lambda: {"cpu_s": theirs()}) if plan.peer else None
    )
    return Figure(name, own["cpu_s"], "CPU s", Goal("<", limit), other.get("cpu_s"), "the same with plain libraries")


def build(plan: Plan, folder: Path) -> None:
    from assistant.api import Assistant

    with Assistant(folder / "home") as assistant:
        assistant.ingest(data_dir("corpus"))
    if plan.peer:
        path = write_jsonl(take(Plan(folder).texts(), 36), folder / "articles.jsonl")
        quickstart.from_documents(quickstart.split(path), quickstart.QuickStartMiniLM(), folder / "peer")


def _command(folder: Path, *arguments: str) -> float:
    return cpu_of_command([sys.executable, *arguments], _environment(folder / "home"))


def _page(folder: Path, *arguments: str, home: str | None = "home") -> float:
    """To the first page, with a fresh copy of the library: the server is killed, which may tear its index."""
    port, copy = _free_port(), folder / "page"
    shutil.rmtree(copy, ignore_errors=True)
    if home:
        shutil.copytree(folder / home, copy)
    environment = _environment(copy) | {"ASSISTANT_SERVER_PORT": str(port)}
    return cpu_of_command([sys.executable, *arguments, str(port)], environment, until=partial(_wait_for_page, port))


def _wait_for_page(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + PAGE_LIMIT_S
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=30) as page:
                page.read()
            return
        except (urllib.error.URLError, OSError):
            time.sleep(0.05)
    raise RuntimeError(f"{process.args!r} served no page within {PAGE_LIMIT_S:.0f} s.")


def _environment(home: Path) -> dict[str, str]:
    root = checkout()
    path = os.pathsep.join(filter(None, (str(root) if root else "", os.environ.get("PYTHONPATH", ""))))
    return dict(os.environ) | {"ASSISTANT_HOME": str(home), "PYTHONPATH": path}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
