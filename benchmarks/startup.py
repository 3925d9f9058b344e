"""What starting costs in CPU seconds: `import assistant`, `assistant ask` in a new process, app.py to its first page.

The library is the sample corpus, embedded. Beside it: importing what the quick start imports, its store opened and
searched in a new process, and a bare Gradio chat. The first page is GET /; once it is there, the server is killed.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

from assistant.resources import checkout, data_dir
from benchmarks import quickstart
from benchmarks.material import take, write_jsonl
from benchmarks.measuring import Figure, Goal, cpu_of_command, in_child, side_by_side
from benchmarks.plan import Plan
from benchmarks.serving import BARE_CHAT, environment, free_port, wait_for_page

QUESTION = "How many countries will be represented at the Pentagon?"
_PEER_IMPORTS = "import langchain_chroma, langchain_text_splitters"

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
        app, bare = str(root / "app.py"), partial(_page, folder, "-c", BARE_CHAT)
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
    return cpu_of_command([sys.executable, *arguments], environment(folder / "home"))


def _page(folder: Path, *arguments: str, home: str | None = "home") -> float:
    """To the first page, with a fresh copy of the library: the server is killed, which may tear its index."""
    port, copy = free_port(), folder / "page"
    shutil.rmtree(copy, ignore_errors=True)
    if home:
        shutil.copytree(folder / home, copy)
    environ = environment(copy) | {"ASSISTANT_SERVER_PORT": str(port)}
    return cpu_of_command([sys.executable, *arguments, str(port)], environ, until=partial(wait_for_page, port))
