"""What a chat answer costs beside the bare `openai` client, which sends the very messages that the chain sent.

Same server, model, messages and parameters, streamed, in turns; the server's CPU is not counted, since it is a process of
its own. The stub (`chat_stub`) replies at once, so that what is left is the assistant's; llama.cpp with SmolLM2 shows it
beside a model's time. Then many people at once, through one Assistant.
"""

from __future__ import annotations

import os
import shutil
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

from assistant.resources import checkout
from benchmarks.asking import build, load_questions
from benchmarks.chat_stub import serve_stub
from benchmarks.measuring import Figure, Goal, in_child, percentile
from benchmarks.plan import Plan

WARM_UP = 5  # questions
RUNS, RUNS_QUICK = 50, 15  # on the stub
RUNS_MODEL, RUNS_MODEL_QUICK = 20, 3  # on llama.cpp, some seconds each
PEOPLE, QUESTIONS_EACH = 20, 4
OVERHEAD = Goal("<", 150)
NO_ERROR = Goal("<", 1)
BARE = "openai client, the same messages"
# A model of 135 million parameters reads some 100 tokens a second on a busy core, and what it writes it can't repair.
SMALL = {"llm_prompt_tokens": 350, "llm_max_tokens": 300, "llm_timeout_s": 300.0, "llm_repairs": 0}

Question = tuple[str, date]
Request = Mapping[str, Any]
"""The arguments of `client.chat.completions.create`."""


@dataclass(frozen=True, slots=True)
class Took:
    """Milliseconds of one answer."""

    cpu_ms: float
    """Of this process, all threads."""
    wall_ms: float
    first_ms: float
    """To the first piece of the answer's text; to the end when there was none."""


def measure(plan: Plan) -> list[Figure]:
    folder = plan.folder("chat_overhead")
    passages = in_child(build, plan, folder)
    questions = load_questions(plan)
    with serve_stub() as url:
        runs = RUNS_QUICK if plan.quick else RUNS
        beside = in_child(compare, folder, url, "openai:stub", questions, runs, {})
        figures = _figures(f"chat answer among {passages:,}, stub", beside)
        figures += _crowd_figures(in_child(ask_at_once, folder, url, questions))
    if serve_model := _real_server():
        with serve_model() as server:
            runs = RUNS_MODEL_QUICK if plan.quick else RUNS_MODEL
            beside = in_child(compare, folder, server.url, "openai:smollm2", questions, runs, SMALL)
        figures += _figures(f"chat answer among {passages:,}, SmolLM2", beside)
    shutil.rmtree(folder)
    return figures


def _real_server() -> Callable[..., Any] | None:
    """`serve_model` of the tests; None when they or its packages are not there."""
    root = checkout()
    if root is None or not (root / "tests" / "local_model.py").is_file():
        return None
    with patch.object(sys, "path", [*sys.path, str(root / "tests")]):
        from local_model import model_file, serve_model  # type: ignore[import-not-found,unused-ignore]
    return serve_model if model_file() else None


# --- One after another ------------------------------------------------------------------------------------------------


def compare(
    folder: Path, url: str, llm: str, questions: Sequence[Question], runs: int, settings: Mapping[str, Any]
) -> dict[str, Any]:
    """Medians of both sides, of answers that took one condensing call and one answering call."""
    with _assistant(folder, url, llm, settings) as assistant, noted_requests() as sent, stages_in_cpu_time():
        client, left_out = _bare_client(url), 0
        pairs: list[tuple[Took, list[Took], Mapping[str, float]]] = []
        for question, _ in questions:
            sent.clear()
            took, answer = _ask(assistant, question)
            bare = [_ask_bare(client, _read_anew(request)) for request in sent]
            if [call.step for call in answer.calls if not call.failed and not call.cached] == ["condense", "answer"]:
                pairs.append((took, bare, answer.timings))
            else:
                left_out += 1
            if len(pairs) == WARM_UP + runs:
                break
    return _summary(pairs[WARM_UP:]) | {"left_out": left_out}


def _read_anew(request: Request) -> Request:
    """The request with llama.cpp's own `cache_prompt` off: it has read this very prompt a moment ago."""
    return {**request, "extra_body": {**request.get("extra_body", {}), "cache_prompt": False}}


def _summary(pairs: Sequence[tuple[Took, list[Took], Mapping[str, float]]]) -> dict[str, Any]:
    over = [took.cpu_ms - _together(bare).cpu_ms for took, bare, _ in pairs]
    return {
        "answers": len(pairs),
        "ours": _medians([took for took, _, _ in pairs]),
        "bare": _medians([_together(bare) for _, bare, _ in pairs]),
        "over_cpu_ms": {"p50": statistics.median(over), "p95": percentile(over, 0.95)},
        "cpu_ms_by_stage": _mean_ms([timings for _, _, timings in pairs]),
        "bare_cpu_ms_by_call": [statistics.fmean(bare[at].cpu_ms for _, bare, _ in pairs) for at in (0, 1)],
    }


def _ask(assistant: Any, question: str) -> tuple[Took, Any]:
    from assistant.types import AnswerEvent, DeltaEvent

    started, used, first, answer = time.perf_counter(), time.process_time(), None, None
    for event in assistant.stream(question):
        if isinstance(event, DeltaEvent) and first is None:
            first = time.perf_counter()
        elif isinstance(event, AnswerEvent):
            answer = event.answer
    return _took(started, used, first), answer


def _ask_bare(client: Any, request: Request) -> Took:
    started, used, first = time.perf_counter(), time.process_time(), None
    parts = []
    for chunk in client.chat.completions.create(**request):
        if chunk.choices and (text := chunk.choices[0].delta.content):
            first = first or time.perf_counter()
            parts.append(text)
    assert "".join(parts), "the bare client got no text"
    return _took(started, used, first)


def _took(started: float, used: float, first: float | None) -> Took:
    ended, cpu = time.perf_counter(), time.process_time() - used
    return Took(1000 * cpu, 1000 * (ended - started), 1000 * ((first or ended) - started))


def _together(calls: Sequence[Took]) -> Took:
    """One after another; the first piece is that of the last call."""
    before = sum(call.wall_ms for call in calls[:-1])
    return Took(sum(call.cpu_ms for call in calls), sum(call.wall_ms for call in calls), before + calls[-1].first_ms)


@contextmanager
def stages_in_cpu_time() -> Iterator[None]:
    """In this block `Answer.timings` are CPU seconds of this process, not wall seconds."""
    from assistant import chain

    with patch.object(chain, "time", SimpleNamespace(**{**vars(time), "perf_counter": time.process_time})):
        yield


def _mean_ms(timings: Sequence[Mapping[str, float]]) -> dict[str, float]:
    steps = dict.fromkeys(step for one in timings for step in one)
    return {step: round(1000 * statistics.fmean(one.get(step, 0.0) for one in timings), 1) for step in steps}


# --- Many at once -----------------------------------------------------------------------------------------------------


def ask_at_once(folder: Path, url: str, questions: Sequence[Question]) -> dict[str, Any]:
    """PEOPLE threads, each with questions of its own one after another; then the bare client with what was sent."""
    asked = [question for question, _ in questions]
    with _assistant(folder, url, "openai:crowd", {}) as assistant, noted_requests() as sent:
        for question in asked[-WARM_UP:]:
            _ask(assistant, question)
        sent.clear()
        started, used = time.perf_counter(), time.process_time()
        answers = _all_at_once(lambda question: _ask(assistant, question), asked)
        wall_s, cpu_s = time.perf_counter() - started, time.process_time() - used
        client = _bare_client(url)
        requests = [request for request in sent if "numbered sentences" in request["messages"][-1]["content"]]
        bare = _all_at_once(lambda request: _ask_bare(client, request), requests)
    errors = [one for one in (*answers, *bare) if isinstance(one, Exception)]
    failed = [a for a in answers if not isinstance(a, Exception) and any(call.failed for call in a[1].calls)]
    written = [a[0] for a in answers if not isinstance(a, Exception) and not a[1].abstained]
    return {
        "people": PEOPLE,
        "answers": len(answers),
        "errors": len(errors) + len(failed),
        "what": sorted({repr(error)[:200] for error in errors}),
        "first_p50_ms": percentile([one.first_ms for one in written], 0.5),
        "first_p95_ms": percentile([one.first_ms for one in written], 0.95),
        "wall_p95_ms": percentile([one.wall_ms for one in written], 0.95),
        "cpu_ms_an_answer": 1000 * cpu_s / len(answers),
        "answers_a_second": len(answers) / wall_s,
        "bare_first_p50_ms": percentile([one.first_ms for one in bare if isinstance(one, Took)], 0.5),
        "bare_first_p95_ms": percentile([one.first_ms for one in bare if isinstance(one, Took)], 0.95),
    }


def _all_at_once(ask: Callable[[Any], Any], asked: Sequence[Any]) -> list[Any]:
    """What each gave or raised: PEOPLE threads, each with every PEOPLE-th of the first ones."""

    def one_person(number: int) -> list[Any]:
        return [_or_error(ask, one) for one in asked[number : PEOPLE * QUESTIONS_EACH : PEOPLE]]

    with ThreadPoolExecutor(PEOPLE) as pool:
        return [result for results in pool.map(one_person, range(PEOPLE)) for result in results]


def _or_error(ask: Callable[[Any], Any], asked: Any) -> Any:
    try:
        return ask(asked)
    except Exception as error:  # noqa: BLE001 - counted
        return error


# --- Both sides -------------------------------------------------------------------------------------------------------


@contextmanager
def _assistant(folder: Path, url: str, llm: str, settings: Mapping[str, Any]) -> Iterator[Any]:
    from assistant.api import Assistant

    os.environ |= {"OPENAI_BASE_URL": url, "OPENAI_API_KEY": "none"}
    with Assistant(folder / "home", answerer="chat", llm=llm, **settings) as assistant:
        assistant.open_index()
        yield assistant


def _bare_client(url: str) -> Any:
    from openai import OpenAI

    return OpenAI(base_url=url, api_key="none", max_retries=0)


@contextmanager
def noted_requests() -> Iterator[list[Request]]:
    """What LangChain hands to the `openai` client in this block, in order."""
    from openai.resources.chat.completions import AsyncCompletions

    sent: list[Request] = []
    create = AsyncCompletions.create

    async def note(self: Any, **request: Any) -> Any:
        sent.append(request)
        return await create(self, **request)

    with patch.object(AsyncCompletions, "create", note):
        yield sent


# --- Figures ----------------------------------------------------------------------------------------------------------


def _medians(runs: Sequence[Took]) -> dict[str, float]:
    return {key: statistics.median(asdict(run)[key] for run in runs) for key in ("cpu_ms", "wall_ms", "first_ms")}


def _figures(name: str, beside: Mapping[str, Any]) -> list[Figure]:
    ours, bare = beside["ours"], beside["bare"]
    over = Figure(
        f"{name}: CPU beyond the bare client's", beside["over_cpu_ms"]["p50"], "CPU ms", OVERHEAD, details=beside
    )
    return [over] + [
        Figure(f"{name}: {what}", ours[key], unit, None, bare[key], BARE)
        for key, what, unit in (
            ("cpu_ms", "CPU", "CPU ms"),
            ("wall_ms", "wall", "ms"),
            ("first_ms", "first token", "ms"),
        )
    ]


def _crowd_figures(crowd: Mapping[str, Any]) -> list[Figure]:
    name = f"{PEOPLE} people at once"
    return [
        Figure(f"{name}: errors", crowd["errors"], f"of {crowd['answers']} answers", NO_ERROR, details=crowd),
        Figure(f"{name}: first token, p50", crowd["first_p50_ms"], "ms", None, crowd["bare_first_p50_ms"], BARE),
        Figure(f"{name}: first token, p95", crowd["first_p95_ms"], "ms", None, crowd["bare_first_p95_ms"], BARE),
        Figure(f"{name}: CPU an answer", crowd["cpu_ms_an_answer"], "CPU ms"),
    ]
