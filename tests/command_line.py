"""Commands run in the test's own process through `main()`, as the console script calls it, over one small library."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from assistant import Assistant
from assistant.cli import main

FERRY = "The ferry Aurelia ran aground off Port Haldane on Sunday. All 212 passengers were brought ashore by noon."
COUNCIL = "The council of Alderbrook voted on Monday to buy water filters for four hundred households."


@dataclass(frozen=True)
class Outcome:
    """What one command left behind."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Run = Callable[..., Outcome]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """run("ask", "Who?", "--json") is `assistant ask Who? --json`."""

    def command(*words: str | Path) -> Outcome:
        monkeypatch.setattr(sys, "argv", ["assistant", *map(str, words)])
        capsys.readouterr()
        try:
            main()
            code = 0
        except SystemExit as stop:
            code = int(stop.code or 0)
        return Outcome(code, *capsys.readouterr())

    return command


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("stored")
    articles = folder / "articles.jsonl"
    lines = [
        {"id": "ferry", "title": "Ferry aground", "publisher": "The Wire", "published": "2025-08-18", "text": FERRY},
        {"id": "council", "title": "Filters", "publisher": "The Paper", "published": "2025-08-25", "text": COUNCIL},
        {"id": "undated", "url": "https://blog.example/1", "text": "Nobody knows when the lighthouse was painted red."},
    ]
    articles.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    with Assistant(folder / "home") as assistant:
        assistant.ingest(articles, embed=False)
    return folder / "home"


@pytest.fixture
def home(stored: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the library, and the one that commands use."""
    home = Path(shutil.copytree(stored, tmp_path / "home"))
    monkeypatch.setenv("ASSISTANT_HOME", str(home))
    return home


@pytest.fixture
def nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """No library yet."""
    monkeypatch.setenv("ASSISTANT_HOME", str(tmp_path / "none"))
    return tmp_path / "none"
