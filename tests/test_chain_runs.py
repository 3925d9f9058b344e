"""A question's way through the chain with a chat model: named steps, one time limit, a reader who may leave."""

from __future__ import annotations

import asyncio
import json
import re
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from fake_server import FAILING, FakeServer
from langchain_core.callbacks import BaseCallbackHandler

from assistant import Assistant
from assistant.chain import NOTHING_NEAR, Request
from assistant.chat_models import Budget
from assistant.repairs import UNSUPPORTED
from assistant.types import Answer, AnswerEvent, DeltaEvent, StageEvent, StatementState

LEADERS = "How many countries took part in the call on security guarantees for Ukraine?"
STEPS = ["condense", "retrieve", "rerank", "pack", "answer", "resolve", "gates", "verify", "repair"]

Chatting = Callable[..., Assistant]


@pytest.fixture
def server() -> Iterator[FakeServer]:
    with FakeServer() as server:
        yield server


@pytest.fixture
def chatting(sample_assistant: Assistant, server: FakeServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[Chatting]:
    """An assistant over the sample corpus whose chat model is the server."""
    monkeypatch.setenv("OPENAI_BASE_URL", server.url)
    opened: list[Assistant] = []

    def make(**settings: Any) -> Assistant:
        chosen = {"answerer": "chat", "llm": "openai:fake-1", "llm_timeout_s": 20, "llm_cache": False} | settings
        opened.append(Assistant(sample_assistant.settings.home, **chosen))
        return opened[-1]

    yield make
    for assistant in opened:
        assistant.close()


def say(server: FakeServer, *sentences: dict[str, object], found: str = "all") -> None:
    """Let every reply but that of `condense` be these sentences."""
    reply = json.dumps({"found": found, "sentences": sentences})
    searches = json.dumps({"question": LEADERS, "queries": []})
    server.behave = lambda h: h.complete(searches if '"queries"' in h.fake.prompt else reply)


class _Names(BaseCallbackHandler):
    def __init__(self) -> None:
        self.names: list[str] = []

    def on_chain_start(self, *_: Any, name: str = "", **__: Any) -> None:
        self.names.append(name)


def test_every_step_is_a_runnable_that_a_tracer_sees_by_name(chatting: Chatting) -> None:
    assistant, names = chatting(), _Names()
    request = Request(LEADERS, budget=Budget(assistant.settings))

    list(assistant.chain.steps.stream(request, config={"callbacks": [names]}))

    assert [name for name in names.names if name in STEPS] == STEPS


def test_every_step_has_its_time(chatting: Chatting) -> None:
    answer = chatting().ask(LEADERS)

    assert [stage for stage in answer.timings if stage in STEPS] == STEPS
    assert answer.timings["total"] >= max(seconds for stage, seconds in answer.timings.items() if stage != "total")


def test_the_provenance_says_all_that_decided_the_answer(chatting: Chatting) -> None:
    answer = chatting(llm_temperature=0.0, llm_seed=5).ask(LEADERS)

    told = answer.provenance
    assert told["prompts"] == ["condense@2", "answer@2+reply_json@1"]
    assert (told["model"], told["temperature"], told["seed"]) == ("openai:fake-1", 0.0, 5)
    assert told["packed"]["tokens"] > 100
    assert told["packed"]["exact"] is False
    assert [call.step for call in answer.calls] == ["condense", "answer"]
    assert answer.cost_usd is None  # nobody knows what fake-1 costs
    assert answer.usage.tokens == 2 * 366


def test_the_same_question_twice_is_answered_from_kept_replies(
    chatting: Chatting, server: FakeServer, tmp_path: Any
) -> None:
    assistant = chatting(llm_cache=True, llm_replies=tmp_path / "replies.db")
    first, second = assistant.ask(LEADERS), assistant.ask(LEADERS)

    assert len(server.requests) == 2
    assert all(call.cached for call in second.calls)
    assert second.usage.tokens == 0
    assert second.cost_usd == 0
    assert (first.text, first.citations, first.statements) == (second.text, second.citations, second.statements)


def test_without_queries_the_model_is_asked_once(chatting: Chatting, server: FakeServer) -> None:
    chatting(llm_queries=False).ask(LEADERS)

    assert len(server.requests) == 1


def never_ending(server: FakeServer) -> list[float]:
    """Lets the server write until its reader is gone; returns where it notes when that was."""
    gone: list[float] = []

    def endless(h: Any) -> None:
        h.start_events()
        try:
            while not h.fake.closing.wait(0.01):
                h.delta("and so on ")
        except OSError:
            gone.append(time.monotonic())

    server.behave = endless
    return gone


def test_a_reader_who_leaves_cancels_the_call(chatting: Chatting, server: FakeServer) -> None:
    gone = never_ending(server)
    events = chatting(llm_queries=False, llm_form="text").stream(LEADERS)
    while not isinstance(next(events), DeltaEvent):
        pass
    left = time.monotonic()

    events.close()

    while not gone and time.monotonic() < left + 5:  # of 20
        time.sleep(0.01)
    assert gone
    assert len(server.requests) == 1


async def test_an_asynchronous_reader_who_is_cancelled_cancels_the_call(chatting: Chatting, server: FakeServer) -> None:
    gone = never_ending(server)
    assistant, seen = chatting(llm_queries=False, llm_form="text"), asyncio.Event()

    async def read() -> None:
        async for event in assistant.astream(LEADERS):
            if isinstance(event, DeltaEvent):
                seen.set()

    reading = asyncio.create_task(read())
    await seen.wait()
    left = time.monotonic()

    reading.cancel()

    while not gone and time.monotonic() < left + 5:
        await asyncio.sleep(0.01)
    assert gone


def test_a_reader_in_another_thread_need_not_wait_for_a_silent_model(chatting: Chatting, server: FakeServer) -> None:
    stop = threading.Event()

    def hang(h: Any) -> None:
        stop.set()
        FAILING["hang"](h)

    server.behave = hang
    started = time.monotonic()

    answer = answered(list(chatting(llm_queries=False).stream(LEADERS, stop=stop)))

    assert time.monotonic() - started < 5  # of 20
    assert [call.failed for call in answer.calls] == ["The answer was stopped."]
    assert len(server.requests) == 1


def test_warming_up_asks_no_model_and_an_empty_library_nothing(
    chatting: Chatting, server: FakeServer, tmp_path: Path
) -> None:
    chatting().warm_up()
    with Assistant(tmp_path) as empty:
        empty.warm_up()

    assert server.requests == []


def test_a_prompt_that_is_too_long_is_made_shorter_until_the_model_takes_it(
    chatting: Chatting, server: FakeServer
) -> None:
    served = server.behave

    def short_of_context(h: Any) -> None:
        if len(h.fake.prompt) > 5000:
            h.refuse(400, "This model's maximum context length is 1200 tokens.")
        else:
            served(h)

    server.behave = short_of_context
    assistant = chatting(llm_queries=False)
    answer, again = assistant.ask(LEADERS), assistant.ask(LEADERS)

    assert answer.note == ""
    assert answer.citations
    assert [bool(call.failed) for call in answer.calls][-2:] == [True, False]
    assert answer.provenance["packed"]["left_out"] > 0
    assert len(again.calls) == 1  # what the server takes is remembered


def test_a_model_that_hangs_before_the_search_costs_a_third_of_the_time(chatting: Chatting, server: FakeServer) -> None:
    server.behave = FAILING["hang"]
    started = time.monotonic()

    answer = chatting(llm_timeout_s=15).ask(LEADERS)

    assert time.monotonic() - started < 12  # a third is 4.5 s; all of it would be 13.5 s
    assert answer.citations
    assert "in time" in answer.note
    assert len(server.requests) == 1


def test_a_question_that_nothing_is_near_to_asks_no_model_for_an_answer(chatting: Chatting, server: FakeServer) -> None:
    answer = chatting().ask("Which enzyme unwinds the double helix during replication?")

    assert answer.abstained in (NOTHING_NEAR, "No article in the library is about this.")
    assert not any(call.step == "answer" for call in answer.calls)


def test_what_a_model_knows_by_itself_is_no_answer(chatting: Chatting, server: FakeServer) -> None:
    say(server, {"text": "The capital of Australia is Canberra.", "ids": []})

    answer = chatting().ask(LEADERS)

    assert answer.abstained == answer.text == UNSUPPORTED
    assert (answer.citations, answer.statements) == ((), ())


def test_a_model_is_told_what_is_wrong_and_its_better_answer_stands(chatting: Chatting, server: FakeServer) -> None:
    bad = {"text": "The capital of Australia is Canberra.", "ids": ["1.1"]}
    replies = iter([[bad], None])

    def behave(h: Any) -> None:
        if '"queries"' in h.fake.prompt:
            h.complete(json.dumps({"question": LEADERS, "queries": []}))
            return
        sentences = next(replies) or [{"text": h.sentence, "ids": ["1.1"]}]
        h.complete(json.dumps({"found": "all", "sentences": sentences}))

    server.behave = behave
    events = list(chatting().stream(LEADERS))
    answer = answered(events)

    assert [call.step for call in answer.calls] == ["condense", "answer", "repair"]
    assert "Canberra" in server.prompt
    assert "Canberra" not in answer.text
    assert [one.state for one in answer.statements] == [StatementState.VERIFIED]
    assert [event.stage for event in events if isinstance(event, StageEvent)] == ["retrieve", "repair"]


def test_a_true_statement_under_a_wrong_id_gets_the_sentence_that_carries_it(
    chatting: Chatting, server: FakeServer
) -> None:
    def behave(h: Any) -> None:
        if '"queries"' in h.fake.prompt:
            h.complete(json.dumps({"question": LEADERS, "queries": []}))
            return
        told = re.findall(r"^\[(\d\.\d+)\] ([^“”\"]{60,})$", h.fake.prompt, re.MULTILINE)
        (wrong, _), (right, text) = told[0], told[-1]
        assert wrong != right
        h.complete(json.dumps({"found": "all", "sentences": [{"text": text, "ids": [wrong]}]}))

    server.behave = behave
    answer = chatting(llm_repairs=0).ask(LEADERS)

    assert {(one.state, one.attributed) for one in answer.statements} == {(StatementState.VERIFIED, True)}
    assert all(citation.quote in answer.text for citation in answer.citations)


def test_a_repair_that_makes_it_no_better_is_not_taken(chatting: Chatting, server: FakeServer) -> None:
    say(server, {"text": "The capital of Australia is Canberra.", "ids": ["1.1"]}, {"text": "Rome burns.", "ids": []})

    answer = chatting(llm_repairs=3).ask(LEADERS)

    assert [call.step for call in answer.calls] == ["condense", "answer", "repair"]
    assert answer.abstained


def test_no_repair_is_asked_for_when_there_is_no_time_left(chatting: Chatting, server: FakeServer) -> None:
    say(server, {"text": "The capital of Australia is Canberra.", "ids": ["1.1"]})
    quick = server.behave
    server.behave = lambda h: (time.sleep(0.0 if '"queries"' in h.fake.prompt else 1.0), quick(h))

    answer = chatting(llm_timeout_s=2).ask(LEADERS)

    assert [call.step for call in answer.calls] == ["condense", "answer"]


def answered(events: list[Any]) -> Answer:
    assert isinstance(events[-1], AnswerEvent)
    return events[-1].answer
