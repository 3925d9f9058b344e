"""Chat models that fail or lack something, through a whole question: what the reader gets instead, when, and what leaks.

A server that fails (tests/fake_server.py: FAILING, VARIANTS) costs the model's wording, never the answer: the articles' own
sentences come in its place, in time, with a note. One that lacks something (LACKING) is asked without it from then on.
"""

from __future__ import annotations

import io
import json
import logging
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from fake_server import ANSWERING, FAILING, LACKED, LACKING, VARIANTS, FakeServer, closed_port

from assistant import Assistant
from assistant.chat_models import Ask, Budget, ChatModel
from assistant.chat_models.faults import retry_after_s
from assistant.errors import ModelFailed
from assistant.exports import load_exporter
from assistant.render import answer_json
from assistant.resources import data_dir
from assistant.settings import Settings
from assistant.types import Answer, AnswerEvent, DeltaEvent, StatementState, Turn

KEY = "sk-test-51f0c0ffee9a77e2"
LIMIT_S = 3.0  # a third of it is for `condense`, which has to succeed on a busy machine, too
SLACK_S = 1.5  # for a busy machine
QUESTION = "Who came to the White House on behalf of NATO?"
FOLLOW_UP = "And who came for the European Commission?"
CLAIM = "Mark Rutte came to the White House for NATO."
# For the answer only: those that cost the whole time limit, and a reply that ended well but says nothing, after which a
# follow-up is completed by rule and the model asked all the same.
ANSWER_ONLY = ("hang", "trickle", "slow", "null_content")
FAULTS = [
    pytest.param(mode, step, id=f"{mode} at {step}")
    for step in ("answer", "condense")
    for mode in FAILING | VARIANTS
    if step == "answer" or mode not in ANSWER_ONLY
]
failing = pytest.mark.parametrize(("mode", "step"), FAULTS)


@dataclass(frozen=True)
class Outcome:
    """What one question left behind."""

    answer: Answer
    streamed: str
    seconds: float
    log: str
    printed: str
    sent: int


class _Memory(logging.Handler):
    """Every record in words, with its traceback."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


@contextmanager
def all_logs() -> Iterator[_Memory]:
    root, memory = logging.getLogger(), _Memory()
    level = root.level
    root.setLevel(logging.DEBUG)
    root.addHandler(memory)
    try:
        yield memory
    finally:
        root.removeHandler(memory)
        root.setLevel(level)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample corpus, searched by words alone."""
    # Seconds of importing, which no time limit is meant for.
    import langchain.chat_models  # noqa: F401
    import langchain_openai  # noqa: F401

    home = tmp_path_factory.mktemp("faults")
    with Assistant(home) as assistant:
        assistant.ingest(data_dir("corpus"), embed=False)
    return home


@pytest.fixture(scope="module")
def extractive(home: Path) -> Answer:
    with Assistant(home) as assistant:
        return assistant.ask(QUESTION)


@pytest.fixture(scope="module", autouse=True)
def _key() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OPENAI_API_KEY", KEY)
        yield


@contextmanager
def chatting(home: Path, url: str, **overrides: Any) -> Iterator[Assistant]:
    """An assistant whose model is at this address."""
    chosen: dict[str, Any] = {"answerer": "chat", "llm": "openai:fake-1", "llm_timeout_s": LIMIT_S}
    chosen |= {"llm_max_tokens": 300, "llm_cache": False} | overrides
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OPENAI_BASE_URL", url)
        with Assistant(home, **chosen) as assistant:
            yield assistant


@pytest.fixture(scope="module")
def ended(home: Path, extractive: Answer) -> Callable[[str, str], Outcome]:
    """The outcome of a question that meets a fault at a step; each is asked once."""
    known: dict[tuple[str, str], Outcome] = {}
    with FakeServer() as server:
        _outcome(home, server)  # what is made for the first call of all is no model's time

    def end(mode: str, step: str) -> Outcome:
        if (mode, step) not in known:
            with FakeServer(mode, only=step) as server:
                known[mode, step] = _outcome(home, server)
        return known[mode, step]

    return end


def _outcome(home: Path, server: FakeServer) -> Outcome:
    printed = io.StringIO()
    with chatting(home, server.url) as assistant, all_logs() as logged:
        assistant.chain  # noqa: B018 - made before the clock runs
        started = time.monotonic()
        with redirect_stdout(printed), redirect_stderr(printed):
            events = list(assistant.stream(QUESTION))
        seconds = time.monotonic() - started
    assert isinstance(events[-1], AnswerEvent)
    streamed = "".join(event.text for event in events if isinstance(event, DeltaEvent))
    return Outcome(
        events[-1].answer, streamed, seconds, "\n".join(logged.lines), printed.getvalue(), len(server.requests)
    )


# --- A model that fails


@failing
def test_a_fault_ends_in_the_articles_own_sentences_and_a_note(
    ended: Callable[[str, str], Outcome], extractive: Answer, mode: str, step: str
) -> None:
    answer = ended(mode, step).answer

    assert answer.text == extractive.text
    assert answer.citations
    assert all(citation.shown for citation in answer.citations)
    assert "These are the articles' own sentences instead." in answer.note


@failing
def test_the_call_that_failed_is_on_record(ended: Callable[[str, str], Outcome], mode: str, step: str) -> None:
    last = ended(mode, step).answer.calls[-1]

    assert last.step == step
    assert last.failed
    assert last.failed in ended(mode, step).answer.note


@failing
def test_a_fault_is_over_within_the_time_limit(ended: Callable[[str, str], Outcome], mode: str, step: str) -> None:
    assert ended(mode, step).seconds < LIMIT_S + SLACK_S


@failing
def test_the_key_is_nowhere_in_what_a_fault_leaves_behind(
    ended: Callable[[str, str], Outcome], mode: str, step: str
) -> None:
    outcome = ended(mode, step)

    assert KEY not in outcome.log
    assert KEY not in outcome.printed
    assert KEY not in repr(outcome.answer)
    assert KEY not in json.dumps(answer_json(outcome.answer))


@failing
def test_a_fault_prints_nothing_and_logs_no_traceback(
    ended: Callable[[str, str], Outcome], mode: str, step: str
) -> None:
    outcome = ended(mode, step)

    assert outcome.printed == ""
    assert "Traceback" not in outcome.log


def test_nobody_listening_ends_the_same_way(home: Path, extractive: Answer) -> None:
    with chatting(home, closed_port()) as assistant:
        answer = assistant.ask(QUESTION)

    assert answer.text == extractive.text
    assert "Nothing answers at 127.0.0.1" in answer.note
    assert answer.calls[-1].failed


def test_a_follow_up_is_answered_too_when_its_condensing_fails(home: Path) -> None:
    with FakeServer("500", only="condense") as server, chatting(home, server.url) as assistant:
        answer = assistant.ask(FOLLOW_UP, history=[Turn(QUESTION, "Mark Rutte came for NATO.")])

    assert answer.note
    assert "von der Leyen" in answer.text


def test_the_next_question_after_a_fault_gets_its_model(home: Path) -> None:
    with FakeServer("500") as server, chatting(home, server.url) as assistant:
        failed = assistant.ask(QUESTION)
        server.behave = ANSWERING["ok"]
        answer = assistant.ask(QUESTION)

    assert failed.calls[-1].failed
    assert not answer.calls[-1].failed


def test_a_fault_in_the_repair_alone_leaves_what_was_earned(home: Path) -> None:
    """A first reply has a number that no source has; the server fails when it is asked to mend it."""
    first = json.dumps({"found": "all", "sentences": [{"text": "In 1987, 4711 people came.", "ids": ["1.1"]}]})

    with FakeServer("401", reply=first, only="repair") as server, chatting(home, server.url) as assistant:
        answer = assistant.ask(QUESTION)

    trusted = (StatementState.VERIFIED, StatementState.CITED)
    assert server.steps[-1] == "repair"
    assert answer.calls[-1].failed
    assert "4711" not in answer.text or all(one.state not in trusted for one in answer.statements)


# --- The key


@pytest.mark.parametrize("mode", ["401", "403", "404", "429", "stream_error", "html_502", "context_length", "redirect"])
def test_the_key_is_in_no_error_and_nothing_it_hangs_on_to(
    home: Path, monkeypatch: pytest.MonkeyPatch, mode: str
) -> None:
    settings = Settings(home=home, llm="openai:fake-1", llm_timeout_s=LIMIT_S, llm_cache=False)
    ask = Ask("answer", lambda binding: ("answer@1", "[1.1] It rained."))
    with FakeServer(mode) as server:
        monkeypatch.setenv("OPENAI_BASE_URL", server.url)
        with pytest.raises(ModelFailed) as caught:
            ChatModel(settings).complete(ask, Budget(settings))

    error = caught.value
    assert any(call.headers["authorization"] == f"Bearer {KEY}" for call in server.calls)
    assert error.__cause__ is None
    assert error.__context__ is None
    assert KEY not in f"{error}{error!r}{error.__dict__}{''.join(traceback.format_exception(error))}"


@pytest.mark.parametrize("mode", ["401", "stream_error", "html_502"])
def test_the_key_is_in_no_ledger_and_no_export(home: Path, tmp_path: Path, mode: str) -> None:
    with FakeServer(mode) as server, chatting(home, server.url, llm_claims=True) as assistant:
        answer, check = assistant.ask(QUESTION), assistant.check(CLAIM)
        assistant.save(tmp_path / "answer.json", answer)
        assistant.save(tmp_path / "check.json", check)
        articles = assistant.articles_of(check)
    for name in ("html", "markdown", "json", "csv"):
        (tmp_path / name).write_text(load_exporter(name).export(check, articles), encoding="utf-8")

    written = {path.name: path.read_text(encoding="utf-8") for path in tmp_path.iterdir()}
    assert len(written) == 6
    assert len(server.requests) >= 2
    assert [name for name, text in written.items() if KEY in text] == []


def test_a_redirect_carries_the_key_to_no_other_host(home: Path) -> None:
    with FakeServer() as other, FakeServer("redirect") as server:
        server.elsewhere = f"http://localhost:{other.port}/v1"
        with chatting(home, server.url, llm_timeout_s=5.0) as assistant:
            answer = assistant.ask(QUESTION)

    assert answer.citations
    assert server.calls
    assert KEY not in "".join(f"{call.path}{call.headers}{call.body}" for call in other.calls)


# --- A server that lacks something


@pytest.mark.parametrize("mode", LACKING)
def test_a_server_that_lacks_something_still_writes_the_answer(home: Path, mode: str) -> None:
    with FakeServer(mode) as server, chatting(home, server.url, **_EVERYTHING) as assistant:
        answer = assistant.ask(QUESTION)

    assert answer.calls[-1].failed == ""
    assert answer.provenance["model"] == "openai:fake-1"
    assert [one.state for one in answer.statements] == [StatementState.VERIFIED]
    assert answer.citations
    assert all(citation.shown for citation in answer.citations)
    assert "instead" not in answer.note


@pytest.mark.parametrize("mode", LACKED)
def test_what_a_server_refused_is_not_sent_again(home: Path, mode: str) -> None:
    with FakeServer(mode) as server, chatting(home, server.url, **_EVERYTHING) as assistant:
        assistant.ask(QUESTION)
        first = len(server.requests)
        answer = assistant.ask(FOLLOW_UP)

    again = server.requests[first:]
    assert answer.calls[-1].failed == ""
    assert [request for request in again if LACKED[mode](request)] == []
    assert len(again) == len({*server.steps[first:]})


_EVERYTHING: dict[str, Any] = {"llm_temperature": 0.0, "llm_seed": 7, "llm_timeout_s": 10.0}


def test_tokens_that_a_server_does_not_count_are_estimated(home: Path) -> None:
    with FakeServer("no_usage") as server, chatting(home, server.url, **_EVERYTHING) as assistant:
        answer = assistant.ask(QUESTION)

    assert not answer.usage.exact
    assert answer.usage.input_tokens > 500
    assert 0 < answer.usage.output_tokens < 500


# --- Time


@pytest.mark.parametrize("mode", ["429", "429_http_date"])
def test_a_server_that_asks_for_an_hour_is_not_waited_for(home: Path, mode: str) -> None:
    with FakeServer(mode) as server, chatting(home, server.url, llm_timeout_s=30.0) as assistant:
        started = time.monotonic()
        answer = assistant.ask(QUESTION)

    assert time.monotonic() - started < SLACK_S
    assert len(server.requests) == 1
    assert answer.citations


class _Refused(Exception):
    """What clients raise for a status."""

    def __init__(self, status: int, **headers: str) -> None:
        super().__init__(status)
        self.status_code = status
        self.response = type("Response", (), {"headers": {name.replace("_", "-"): v for name, v in headers.items()}})


@pytest.mark.parametrize(
    ("error", "seconds"),
    [
        pytest.param(_Refused(429, retry_after="1.5"), 1.5, id="seconds"),
        pytest.param(_Refused(429, retry_after="3600"), 3600.0, id="an hour"),
        pytest.param(_Refused(429, retry_after="-5"), 0.0, id="in the past"),
        pytest.param(_Refused(429), 0.0, id="none named"),
        pytest.param(_Refused(503, retry_after="Wed, 21 Oct 2015 07:28:00 GMT"), float("inf"), id="a date"),
        pytest.param(_Refused(401, retry_after="1"), float("inf"), id="a refusal that stays"),
        pytest.param(TimeoutError(), float("inf"), id="out of time"),
        pytest.param(ConnectionResetError(), 0.0, id="broken off"),
    ],
)
def test_how_long_a_server_wants_to_be_left_alone(error: Exception, seconds: float) -> None:
    assert retry_after_s(error) == seconds


@pytest.mark.parametrize(
    ("limit_s", "for_calls_s"),
    [pytest.param(None, 28.5, id="the default of 30 seconds"), pytest.param(1.0, 0.9, id="one second")],
)
def test_a_part_of_the_time_limit_is_kept_for_the_extractive_answer(
    tmp_path: Path, limit_s: float | None, for_calls_s: float
) -> None:
    settings = Settings(home=tmp_path) if limit_s is None else Settings(home=tmp_path, llm_timeout_s=limit_s)

    assert for_calls_s - 0.2 < Budget(settings).remaining_s <= for_calls_s
