"""A question to its extractive answer among 20,000 passages, the question's embedding included: wall milliseconds.

The passages are articles' own words; their vectors are random unit rows, stored through the library's public API, since
what a search costs does not depend on what vectors say. Measured with exact scoring and with Chroma open, over all
articles and over those of a day's past, beside the quick start's `similarity_search` on as many vectors.
"""

from __future__ import annotations

import shutil
import time
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks import quickstart
from benchmarks.material import take, write_jsonl
from benchmarks.measuring import Figure, Goal, in_child, percentile
from benchmarks.plan import Plan
from benchmarks.stand_in import RandomFirst, fill_with_random_vectors

if TYPE_CHECKING:
    from assistant.types import Answer

PASSAGES, PASSAGES_QUICK = 20_000, 2_000
QUESTIONS, QUESTIONS_QUICK = 100, 20
ARTICLES_A_FILE = 200
WARM_UP = 3
PEER = "similarity_search alone, no answer"
P50, P95 = Goal("<", 150), Goal("<", 300)

Timings = dict[str, float]
"""p50_ms, p95_ms of wall time and cpu_p50_ms."""


def measure(plan: Plan) -> list[Figure]:
    folder = plan.folder("asking")
    passages = in_child(build, plan, folder)
    questions = load_questions(plan)
    peer = in_child(search_peer, folder, passages, questions) if plan.peer else {}
    figures = []
    for name, with_index, dated in (
        ("exact scoring", False, False),
        ("exact, as of a day", False, True),
        ("Chroma open", True, False),
        ("Chroma, as of a day", True, True),
    ):
        timings = in_child(ask, folder, questions, with_index, dated)
        figures += _figures(f"answer among {passages:,}, {name}", timings, peer)
    shutil.rmtree(folder)
    return figures


def _figures(name: str, timings: Timings, peer: Timings) -> list[Figure]:
    details = {"ours": timings, "peer": peer}
    return [
        Figure(f"{name}, {key[:3]}", timings[key], "ms", goal, peer.get(key), PEER, details=details)
        for key, goal in (("p50_ms", P50), ("p95_ms", P95))
    ]


def build(plan: Plan, folder: Path) -> int:
    """A library with enough passages and a vector each in `folder`/home, and its index; returns how many."""
    from assistant.api import Assistant

    wanted, articles = PASSAGES_QUICK if plan.quick else PASSAGES, plan.texts()
    with Assistant(folder / "home") as assistant:
        number = 0
        while assistant.counts().passages < wanted:
            number += 1
            path = write_jsonl(take(articles, ARTICLES_A_FILE), folder / f"articles-{number}.jsonl")
            assistant.ingest(path, embed=False)
        fill_with_random_vectors(assistant.library, assistant.embedder)
        assistant.open_index()
        return assistant.counts().passages


def load_questions(plan: Plan) -> list[tuple[str, date]]:
    """Questions with the day they are asked on."""
    from assistant.evaluation import load_cases

    cases = load_cases(plan.question_file()).cases
    asked = [(case.question, case.date or date.today()) for case in cases]
    return asked[: QUESTIONS_QUICK if plan.quick else QUESTIONS]


def ask(folder: Path, questions: Sequence[tuple[str, date]], with_index: bool, dated: bool) -> Timings:
    """`dated`: only articles of the question's day and before, most of a year cut off so that the filter bites."""
    from assistant.api import Assistant
    from assistant.types import Filters

    with Assistant(folder / "home") as assistant:
        if with_index:
            assistant.open_index()

        answers: list[Answer] = []

        def answer(question: str, day: date) -> None:
            filters = Filters(as_of=day - timedelta(days=300)) if dated else Filters()
            answers.append(assistant.ask(question, filters=filters))

        return _time_each(answer, questions) | _mean_of_steps(answers[WARM_UP:])


def _mean_of_steps(answers: Sequence[Answer]) -> Timings:
    """Milliseconds of each step, as the answers themselves report them, and how many were answers at all."""
    totals: Counter[str] = Counter()
    for answer in answers:
        totals.update({f"{step}_ms": 1000 * seconds for step, seconds in answer.timings.items()})
    means = {step: total / len(answers) for step, total in totals.items()}
    return means | {"answered": float(sum(not answer.abstained for answer in answers))}


def search_peer(folder: Path, passages: int, questions: Sequence[tuple[str, date]]) -> Timings:
    chunks = []
    for path in sorted(folder.glob("articles-*.jsonl")):
        chunks += quickstart.split(path)
    texts = chunks[:passages]
    embeddings = RandomFirst(quickstart.QuickStartMiniLM(), len(texts))
    store = quickstart.from_documents(texts, embeddings, folder / "peer")
    return _time_each(lambda question, _: store.similarity_search(question, k=4), questions)


def _time_each(answer: Callable[[str, date], object], questions: Sequence[tuple[str, date]]) -> Timings:
    for asked in questions[:WARM_UP]:
        answer(*asked)
    wall, cpu = [], []
    for asked in questions:
        started, used = time.perf_counter(), time.process_time()
        answer(*asked)
        wall.append(1000 * (time.perf_counter() - started))
        cpu.append(1000 * (time.process_time() - used))
    return {"p50_ms": percentile(wall, 0.5), "p95_ms": percentile(wall, 0.95), "cpu_p50_ms": percentile(cpu, 0.5)}
