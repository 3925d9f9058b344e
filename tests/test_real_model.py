"""Chat models over a real wire: llama.cpp with a model that is too small to answer well, and that is the point.

Whatever it says ends in a well-formed Draft or in a ModelFailed, and nothing but the articles' own words is shown as a source.
One server ends its replies with their first sentence; another lets them run on, as JSON needs it; the third embeds, too.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from command_line import Run
from local_model import CONTEXT_TOKENS, DIMENSIONS, FIRST_SENTENCE, INSTALL, LLM, LocalServer, model_file, serve_model

from assistant import Assistant
from assistant.answerers import AnswerTask
from assistant.answerers.chat import make
from assistant.chat_models import Ask, Binding, Budget, ChatModel, Reply, json_object, read_json
from assistant.embedders import load_embedder
from assistant.errors import ModelFailed
from assistant.settings import Settings
from assistant.types import Answer, AnswerEvent, Article, DeltaEvent, Draft, Hit, Passage, Span, Zone

TEXT = (
    "Leaders of 30 countries will meet at the Pentagon on Tuesday. "
    "The minister of defence called the plan “a serious step” and asked for patience."
)
SHOWN = ["1.1", "1.2"]  # ids of its sentences in a prompt
COUNTRIES = "How many countries will meet at the Pentagon?"
NORWAY = "Who will meet the minister of Norway at the Pentagon?"
ORDER = "Repeat the last sentence word for word with its id."


@pytest.fixture(scope="session")
def local_server() -> Iterator[LocalServer]:
    """Replies end with their first sentence, JSON is cut there. Skips with the command that installs it."""
    if model_file() is None:
        pytest.skip(f"No local model. Run: {INSTALL}")
    with serve_model(stops=FIRST_SENTENCE) as server:
        yield server


@pytest.fixture(scope="session")
def json_server() -> Iterator[LocalServer]:
    """Replies end where the model or their grammar ends them."""
    if model_file() is None:
        pytest.skip(f"No local model. Run: {INSTALL}")
    with serve_model() as server:
        yield server


@pytest.fixture(scope="session")
def embedding_server() -> Iterator[LocalServer]:
    """As json_server, and it embeds."""
    if model_file() is None:
        pytest.skip(f"No local model. Run: {INSTALL}")
    with serve_model(embeds=True) as server:
        yield server


MakeSettings = Callable[..., Settings]


@pytest.fixture
def local_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> MakeSettings:
    """local_settings(server, **overrides): settings that point at a real server, which needs no key."""
    monkeypatch.delenv("OPENAI_API_BASE", raising=False)
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)

    def settings(server: LocalServer, **overrides: object) -> Settings:
        monkeypatch.setenv("OPENAI_BASE_URL", server.url)
        values = {"home": tmp_path, "llm": LLM, "llm_timeout_s": 60.0, "llm_temperature": 0.0, "llm_max_tokens": 100}
        return Settings.model_validate(values | overrides)

    return settings


@pytest.fixture
def prose(local_server: LocalServer, local_settings: MakeSettings) -> MakeSettings:
    """Settings for replies in one sentence of text."""
    return lambda **overrides: local_settings(local_server, **({"llm_form": "text", "llm_queries": False} | overrides))


@pytest.fixture
def bound(json_server: LocalServer, local_settings: MakeSettings) -> MakeSettings:
    """Settings for replies that are bound by a schema."""
    return lambda **overrides: local_settings(json_server, **overrides)


def task(question: str = "Tell me about the meeting.", text: str = TEXT) -> AnswerTask:
    article = Article(hashlib.sha256(text.encode()).hexdigest(), text, title="Talks", published=date(2025, 8, 18))
    passage = Passage(Span(article.id, 0, len(text)), text, article.title, Zone.BODY, 40)
    return AnswerTask(question, (Hit(passage, 1, 1.0),), {article.id: article})


def say(settings: Settings, words: str, schema: dict[str, Any] | None = None) -> Reply:
    """The reply to these words."""
    return ChatModel(settings).complete(_ask(words, schema), Budget(settings))


def _ask(words: str, schema: dict[str, Any] | None = None) -> Ask:
    return Ask("test", lambda _: ("words@1", words), schema, pinned=True)


# --- A reply as it comes


def test_a_real_models_reply_arrives_in_pieces_with_its_tokens_counted(prose: MakeSettings) -> None:
    *deltas, draft = make(prose()).draft(task())

    assert isinstance(draft, Draft)
    assert len(deltas) > 5
    assert draft.usage.input_tokens > 100
    assert draft.usage.output_tokens > 5
    assert draft.usage.exact
    assert draft.finish_reason == "stop"


def test_a_real_call_is_timed_to_its_first_piece_and_to_its_last(prose: MakeSettings) -> None:
    settings = prose()
    budget = Budget(settings)
    *_, draft = make(settings).draft(replace(task(), budget=budget))

    [call] = budget.calls
    assert isinstance(draft, Draft)
    assert call.first_token_s is not None
    assert 0 < call.first_token_s < call.seconds
    assert call.usage == draft.usage
    assert (call.failed, call.form) == ("", "text")


def test_a_real_reply_that_is_cut_at_its_limit_is_no_answer(prose: MakeSettings) -> None:
    with pytest.raises(ModelFailed, match="cut off at its limit"):
        list(make(prose(llm_max_tokens=16)).draft(task()))


def test_a_prompt_beyond_the_real_models_context_is_refused_in_words(prose: MakeSettings) -> None:
    long = " ".join(f"Item {n} was discussed by the {n} members." for n in range(CONTEXT_TOKENS // 10))

    with pytest.raises(ModelFailed, match="too long for this model"):
        list(make(prose()).draft(task(text=long)))


def test_time_that_runs_out_at_the_real_server_ends_the_call(prose: MakeSettings) -> None:
    fresh = " ".join(f"Item {n} was discussed." for n in range(80))  # nothing of it is in the prompt cache
    started = time.monotonic()

    with pytest.raises(ModelFailed, match="in time"):
        list(make(prose(llm_timeout_s=0.3)).draft(task(text=fresh)))

    assert time.monotonic() - started < 2


def test_a_reader_who_leaves_ends_the_writing_on_the_server(bound: MakeSettings, json_server: LocalServer) -> None:
    settings = bound(llm_max_tokens=1500, llm_form="json")  # JSON that nothing ends: some 20 s of writing
    with closing(ChatModel(settings).stream(_ask("Describe the sea.", json_object({})), Budget(settings))) as pieces:
        next(pieces)
        assert json_server.busy

    assert within(3, lambda: not json_server.busy)


def within(seconds: float, holds: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if holds():
            return True
        time.sleep(0.05)
    return False


def test_a_reader_who_leaves_does_not_stop_the_next_one(prose: MakeSettings) -> None:
    answerer = make(prose())
    abandoned = answerer.draft(task())
    next(abandoned)
    abandoned.close()

    *_, draft = answerer.draft(task())

    assert isinstance(draft, Draft)


def test_a_pinned_reply_is_the_same_when_it_is_asked_for_again(bound: MakeSettings) -> None:
    settings = bound(llm_cache=False, llm_form="text", llm_max_tokens=300, llm_temperature=None)
    first, second = (say(settings, "Write one sentence about a harbour.") for _ in range(2))

    assert first.raw == second.raw
    assert first.raw


# --- The forms of a reply

ANSWER = json_object(
    {
        "found": {"type": "string", "enum": ["all", "part", "nothing"]},
        "text": {"type": "string", "maxLength": 60},
        "ids": {"type": "array", "items": {"type": "string", "enum": SHOWN}, "minItems": 1, "maxItems": 2},
    }
)
HARBOUR = "What is a harbour? Name [7.7] and [8.8]."


def test_a_schema_binds_what_a_real_model_says(bound: MakeSettings) -> None:
    reply = say(bound(), HARBOUR, ANSWER)
    value = json.loads(reply.raw)

    assert reply.binding is Binding.SCHEMA
    assert list(value) == ["found", "text", "ids"]
    assert set(value["ids"]) <= set(SHOWN)


def test_json_mode_makes_an_object_of_what_would_be_prose(bound: MakeSettings) -> None:
    settings = bound(llm_form="json")
    budget = Budget(settings)
    with closing(ChatModel(settings).stream(_ask("What colour is the sky?", ANSWER), budget)) as pieces:
        begins = "".join(next(pieces) for _ in range(5))

    assert begins.lstrip().startswith("{")
    assert budget.calls[-1].form == "json_object"
    assert not say(bound(llm_form="text"), "What colour is the sky?", ANSWER).raw.lstrip().startswith("{")


def test_a_form_of_text_leaves_the_model_unbound(bound: MakeSettings) -> None:
    reply = say(bound(llm_form="text"), "Reply with one word: yes.", ANSWER)

    assert reply.binding is Binding.TEXT
    with pytest.raises(ModelFailed):
        read_json(reply.raw)


def test_a_bound_reply_that_is_cut_at_its_limit_is_no_answer(bound: MakeSettings) -> None:
    with pytest.raises(ModelFailed, match="cut off at its limit"):
        say(bound(llm_max_tokens=16), HARBOUR, ANSWER)


def test_an_answer_in_json_names_only_ids_that_were_shown(bound: MakeSettings) -> None:
    asked = task(COUNTRIES)
    try:
        *_, draft = make(bound(llm_max_tokens=200)).draft(asked)
    except ModelFailed as failure:
        assert "limit" in failure.message  # noqa: PT017 - a string that such a model never closes
        return

    assert isinstance(draft, Draft)
    value = json.loads(draft.raw)
    assert {i for sentence in value["sentences"] for i in sentence["ids"]} <= set(SHOWN)
    assert {span.article_id for span in draft.shown} == set(asked.articles)


# --- Whatever it says


@pytest.mark.parametrize("question", ["Who won the election in Norway?", ORDER], ids=["Norway", "order"])
def test_whatever_a_small_model_says_is_a_well_formed_draft_or_a_failure(prose: MakeSettings, question: str) -> None:
    try:
        *deltas, draft = make(prose()).draft(task(question))
    except ModelFailed as failure:
        assert failure.hint  # noqa: PT017
        return

    assert isinstance(draft, Draft)
    assert bool(draft.statements) != bool(draft.abstained)
    streamed = "".join(delta for delta in deltas if isinstance(delta, str))
    assert all(statement.text in streamed and "[1." not in statement.text for statement in draft.statements)


@pytest.fixture
def talks(tmp_path: Path) -> Path:
    """A library with one article."""
    (tmp_path / "talks.txt").write_text(TEXT, encoding="utf-8")
    with Assistant(tmp_path / "home") as assistant:
        assistant.ingest(tmp_path / "talks.txt", embed=False)
    return tmp_path / "home"


@pytest.mark.parametrize(
    ("form", "question", "repairs"),
    [
        ("prose", COUNTRIES, 1),
        ("prose", "What did the minister call a serious step?", 0),
        ("prose", NORWAY, 0),
        ("bound", COUNTRIES, 0),
        ("bound", NORWAY, 0),
    ],
    ids=["countries", "minister", "Norway", "countries in JSON", "Norway in JSON"],
)
def test_whatever_a_small_model_says_only_the_articles_own_words_are_shown_as_sources(
    request: pytest.FixtureRequest, talks: Path, form: str, question: str, repairs: int
) -> None:
    settings = request.getfixturevalue(form)(home=talks, answerer="chat", llm_repairs=repairs)
    with Assistant(settings=settings) as assistant:
        *events, last = assistant.stream(question)
        assert isinstance(last, AnswerEvent)
        answer = last.answer

        assert answer.text
        assert answer.note or answer.abstained or any(isinstance(event, DeltaEvent) for event in events)
        assert_sourced(assistant, answer)


def assert_sourced(assistant: Assistant, answer: Answer) -> None:
    for citation in answer.citations:
        assert assistant.article(citation.span.article_id).quote(citation.span) == citation.quote
        assert citation.shown
    assert not any(citation.shown for citation in answer.rejected)


def test_a_question_that_is_asked_again_is_answered_from_kept_replies(
    prose: MakeSettings, local_server: LocalServer, talks: Path
) -> None:
    settings = prose(home=talks, answerer="chat", llm_repairs=0)
    with Assistant(settings=settings) as assistant:
        first = assistant.ask(COUNTRIES)
    tasks = local_server.tasks
    with Assistant(settings=settings) as assistant:
        again = assistant.ask(COUNTRIES)

    assert local_server.tasks == tasks
    assert not first.calls[-1].cached
    assert again.calls[-1].cached
    assert again.text == first.text
    assert again.usage.tokens == 0


# --- Embeddings


def test_a_server_that_does_not_embed_says_so_in_words(local_server: LocalServer, local_settings: MakeSettings) -> None:
    with pytest.raises(ModelFailed, match="127.0.0.1") as failure:
        load_embedder(local_settings(local_server, embedder=LLM)).embed_question("harbour")

    assert failure.value.hint


def test_a_real_server_embeds_passages_and_questions_alike(
    embedding_server: LocalServer, local_settings: MakeSettings
) -> None:
    embedder = load_embedder(local_settings(embedding_server, embedder=LLM))
    rows = embedder.embed_passages(["A ferry ran aground.", "Water is blue.", "A ferry ran aground."])

    assert rows.shape == (3, DIMENSIONS)
    assert np.allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)
    assert np.allclose(rows[0], rows[2], atol=1e-3)
    assert np.allclose(embedder.embed_question("A ferry ran aground."), rows[0], atol=1e-3)
    assert rows[0] @ rows[1] < 0.99


def test_articles_are_embedded_and_found_by_a_real_servers_vectors(
    embedding_server: LocalServer, local_settings: MakeSettings, tmp_path: Path
) -> None:
    (tmp_path / "talks.txt").write_text(TEXT, encoding="utf-8")
    settings = local_settings(embedding_server, home=tmp_path / "home", embedder=LLM, retriever="dense")
    with Assistant(settings=settings) as assistant:
        report = assistant.ingest(tmp_path / "talks.txt")
        hits = assistant.retrieve(COUNTRIES)

    assert report.embedded == 1
    assert [hit.passage.text for hit in hits] == [TEXT]


# --- As commands


@pytest.fixture
def at_server(monkeypatch: pytest.MonkeyPatch, json_server: LocalServer, talks: Path) -> None:
    """Commands use the article and the server."""
    variables = {"HOME": talks, "ANSWERER": "chat", "LLM": LLM, "LLM_MAX_TOKENS": 150, "LLM_REPAIRS": 0}
    variables |= {"LLM_TIMEOUT_S": 60}
    for name, value in variables.items():
        monkeypatch.setenv(f"ASSISTANT_{name}", str(value))
    monkeypatch.setenv("OPENAI_BASE_URL", json_server.url)


@pytest.mark.usefixtures("at_server")
def test_doctor_says_what_a_real_server_takes(
    run: Run, monkeypatch: pytest.MonkeyPatch, embedding_server: LocalServer
) -> None:
    monkeypatch.setenv("OPENAI_BASE_URL", embedding_server.url)
    monkeypatch.setenv("ASSISTANT_EMBEDDER", LLM)
    parts = {part["part"]: part["detail"] for part in run("doctor", "--json").json}

    assert f"{LLM} at 127.0.0.1:" in parts["chat"]
    assert "JSON schema kept to" in parts["chat form"]
    assert "pieces" in parts["streaming"]
    assert "counts the tokens" in parts["usage"]
    assert "takes all" in parts["parameters"]
    assert "price unknown" in parts["price"]
    assert parts["spent today"].startswith("1 call, ")
    assert f"{DIMENSIONS} dimensions" in parts["model"]


@pytest.mark.usefixtures("at_server")
def test_the_json_of_an_answer_tells_calls_timings_and_provenance() -> None:
    command = [sys.executable, "-m", "assistant.cli", "ask", COUNTRIES, "--json"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, env=dict(os.environ), check=False)
    answer = json.loads(done.stdout)

    assert done.returncode == 0, done.stderr
    assert {call["step"] for call in answer["calls"]} >= {"condense", "answer"}
    assert all(call["model"] == LLM and call["usage"]["exact"] for call in answer["calls"] if not call["failed"])
    tokens = sum(call["usage"]["input_tokens"] + call["usage"]["output_tokens"] for call in answer["calls"])
    assert answer["usage"]["input_tokens"] + answer["usage"]["output_tokens"] == tokens > 100
    assert answer["cost_usd"] is None  # no list price for a server of one's own
    assert {"condense", "retrieve", "rerank", "pack", "answer", "resolve", "total"} <= answer["timings"].keys()
    assert answer["provenance"]["llm"] == LLM
    assert "answer@2+reply_json@1" in answer["provenance"]["prompts"]
    assert all(citation["quote"] in TEXT for citation in answer["citations"])
