"""The README's promises about itself: its Python runs, its settings and files exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from assistant.settings import variables

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")


def test_the_python_examples_run_and_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    first, second, _client = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    assert len([line for line in first.splitlines() if line.strip()]) <= 9
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("ASSISTANT_HOME", str(tmp_path))
    names: dict[str, object] = {}
    exec(compile(first, "README.md", "exec"), names)
    assert "4,200 households" in capsys.readouterr().out
    exec(compile(second, "README.md", "exec"), names)
    verdict, status = capsys.readouterr().out.splitlines()
    assert verdict.startswith("refuted ")
    assert status == "exact"


def test_every_setting_is_in_the_example_of_the_environment() -> None:
    listed = set(re.findall(r"^# (ASSISTANT_\w+)=", (ROOT / ".env.example").read_text("utf-8"), re.MULTILINE))
    assert listed == {*variables(), "ASSISTANT_CONFIG"}


@pytest.mark.parametrize("target", sorted(set(re.findall(r"\]\(([\w./-]+)\)", README))))
def test_every_linked_file_exists(target: str) -> None:
    assert (ROOT / target).exists()
