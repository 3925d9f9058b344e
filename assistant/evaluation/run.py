"""Cases and a system to a report: every case asked as of its date, scored, with intervals on the figures.

One worker by default, so that latencies are those of one reader; several pay where a model server answers. A case that fails
or takes too long is a row with its error. With a journal a run that was cut short goes on where it stopped.
"""

from __future__ import annotations

import hashlib
import platform
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from assistant import registry
from assistant.cases import EvalCase
from assistant.errors import EmptyLibrary, WrongUse
from assistant.evaluation.figures import all_metrics, charts, figures, figures_of_parts
from assistant.evaluation.gold import Gold
from assistant.evaluation.journal import Journal, run_key
from assistant.evaluation.one_case import CaseRunner, Evaluated, Returned
from assistant.evaluation.result import EvalResult, make_result
from assistant.evaluation.workers import run_all
from assistant.metrics import Chart, Metric, Outcome
from assistant.metrics._estimate import Estimate, weighted_mean
from assistant.resources import PACKAGE, data_dir
from assistant.types import ArticleRow, Failure

_PACKAGES = ("assistant", "chromadb", "langchain-core", "numpy", "onnxruntime", "openai", "tokenizers")
_SAME_RESULT = ("home", "threads", "server", "evaluation")  # settings that no result depends on


@dataclass(frozen=True, slots=True)
class EvalProgress:
    """Where a running evaluation stands."""

    done: int
    total: int
    errors: int
    case_id: str
    """The case that just ended."""
    figures: Mapping[str, float] = field(default_factory=dict)
    """The means so far of the metrics that are means."""


@dataclass(frozen=True)
class EvalReport:
    """One run: a system's figures over question sets and all that they were made from."""

    name: str
    results: tuple[EvalResult, ...]
    """In the order of the sets."""
    failures: tuple[Failure, ...]
    """Lines of the question sets that were no cases."""
    missing_gold: tuple[str, ...]
    """Gold articles that the library does not hold, by source id: searches for them count as misses."""
    k: int
    """Passages retrieved a question."""
    workers: int
    resumed: int
    """Cases that an earlier, unfinished run had done."""
    seconds: float
    settings: Mapping[str, Any]
    """As JSON values, secrets blotted out."""
    versions: Mapping[str, str]
    library: Mapping[str, int]
    """Articles, passages, and passages with a vector, when the run began."""
    fingerprint: str
    """Of the library's articles: two runs with the same one asked the same articles."""

    @cached_property
    def all_metrics(self) -> list[Metric]:
        """Those that look no deeper than k hits."""
        return all_metrics(self.k)

    @cached_property
    def metrics(self) -> Mapping[str, Estimate]:
        """Every figure but the latencies."""
        return figures([metric for metric in self.all_metrics if metric.group != "latency"], self.results)

    @cached_property
    def latency(self) -> Mapping[str, Estimate]:
        """Percentiles in seconds."""
        return figures([metric for metric in self.all_metrics if metric.group == "latency"], self.results)

    @property
    def figures(self) -> Mapping[str, Estimate]:
        """All of them, latencies last."""
        return {**self.metrics, **self.latency}

    @cached_property
    def by(self) -> Mapping[str, Mapping[str, Estimate]]:
        """Figures over the cases of a tag or set, see `figures_of_parts`."""
        return figures_of_parts(self.all_metrics, self.results)

    @cached_property
    def charts(self) -> tuple[Chart, ...]:
        return charts(self.all_metrics, self.results)

    @property
    def sets(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(result.dataset for result in self.results))

    @property
    def errors(self) -> int:
        """Cases that failed."""
        return sum(result.error is not None for result in self.results)

    @property
    def excluded(self) -> int:
        """Cases without error that have nothing to compare."""
        return sum(result.error is None and result.right is None for result in self.results)


def evaluate(
    system: Evaluated,
    cases: Sequence[EvalCase],
    *,
    name: str = "as set",
    k: int = 10,
    ask: bool = True,
    verifier: str | None = None,
    workers: int = 1,
    case_limit_s: float | None = None,
    journal: Path | None = None,
    progress: Callable[[EvalProgress], None] | None = None,
    failures: Sequence[Failure] = (),
    stop: threading.Event | None = None,
) -> EvalReport:
    """Run every case and score it. `failures` are the sets' bad lines, carried into the report.

    `ask=False` searches only, and only retrieval is scored. `verifier` is a name on the shelf, the settings' one if None.
    `journal` is a folder for finished cases: a later call with the same cases, settings and library takes them from there.
    Once `stop` is set no case is begun any more, and the report is of those that were done; it may have none.
    Raises WrongUse for no cases or senseless numbers, EmptyLibrary, UnknownName.
    """
    _check(cases, failures, k, workers, case_limit_s)
    started = time.perf_counter()
    rows = system.articles(include_replaced=True)
    if not rows and not all(case.evidence for case in cases):
        raise EmptyLibrary("No articles to answer from.", "Run: assistant ingest corpus")
    gold, settings = Gold(rows), system.settings
    verifier = verifier or settings.verifier
    judge = registry.find("verifiers", verifier)(settings)
    conditions = _conditions(system, rows) | {"k": k, "ask": ask, "verifier": verifier}
    kept = Journal(journal, run_key(cases, conditions))
    metrics, facts = all_metrics(k), {row.facts.id: row.facts for row in rows}
    runner = CaseRunner(system, gold, k, judge, ask=ask)

    def result_of(case: EvalCase, returned: Returned) -> EvalResult:
        return make_result(case, returned, metrics, settings.top_k, facts)

    def too_late(case: EvalCase) -> EvalResult:
        return result_of(case, Returned(Outcome(case.answerable), error=f"took longer than {case_limit_s:g} s"))

    finished = kept.read()
    left = [case for case in cases if (case.dataset, case.id) not in finished]
    running = run_all(
        lambda case: result_of(case, runner(case)),
        left,
        workers=workers,
        limit_s=case_limit_s,
        too_late=too_late,
        stop=stop,
    )
    resumed = len(finished)
    try:
        for result in _told(running, metrics, list(finished.values()), len(cases), progress):
            kept.write(result)
            finished[result.dataset, result.id] = result
    finally:
        kept.close()
    done = [case for case in cases if (case.dataset, case.id) in finished]
    report = EvalReport(
        name=name,
        results=tuple(finished[case.dataset, case.id] for case in done),
        failures=tuple(failures),
        missing_gold=gold.missing(done),
        k=k,
        workers=workers,
        resumed=resumed,
        seconds=time.perf_counter() - started,
        settings=settings.model_dump(mode="json") | {"verifier": verifier},
        versions=conditions["versions"],
        library=_library_counts(rows),
        fingerprint=conditions["library"],
    )
    if len(done) == len(cases):
        kept.drop()
    return report


def _check(
    cases: Sequence[EvalCase], failures: Sequence[Failure], k: int, workers: int, case_limit_s: float | None
) -> None:
    if not cases:
        raise WrongUse(
            f"No question to evaluate, {len(failures)} bad lines.", "Give a question set: docs/question-sets.md."
        )
    if k < 1:
        raise WrongUse(f"k = {k}: at least one passage must be retrieved.", "Leave k at 10.")
    if len({(case.dataset, case.id) for case in cases}) < len(cases):
        raise WrongUse("Two cases have the same id.", "Give each its own, or each set its own `dataset`.")
    if workers < 1:
        raise WrongUse(f"workers = {workers}: at least one must work.", "Leave it at 1.")
    if case_limit_s is not None and case_limit_s <= 0:
        raise WrongUse(f"case_limit_s = {case_limit_s}: no case can end in that time.", "Give seconds, or None.")


def _told(
    running: Iterator[tuple[EvalCase, EvalResult]],
    metrics: Sequence[Metric],
    finished: Sequence[EvalResult],
    total: int,
    progress: Callable[[EvalProgress], None] | None,
) -> Iterator[EvalResult]:
    """The results as they come, each told to `progress`."""
    means = _RunningMeans(metrics)
    for result in finished:
        means.add(result)
    done, errors = len(finished), 0
    for _, result in running:
        done, errors = done + 1, errors + (result.error is not None)
        means.add(result)
        yield result
        if progress:
            progress(EvalProgress(done, total, errors, result.id, means.figures))


class _RunningMeans:
    """Weighted means of the metrics that are means of one number a case."""

    def __init__(self, metrics: Sequence[Metric]) -> None:
        self._names = {metric.name for metric in metrics if metric.statistic is weighted_mean}
        self._sums: dict[str, tuple[float, float]] = {}

    def add(self, result: EvalResult) -> None:
        for name in self._names & result.scores.keys():
            score, weight = result.scores[name], result.weights.get(name, 1.0)
            total, weights = self._sums.get(name, (0.0, 0.0))
            if not isinstance(score, tuple):
                self._sums[name] = (total + weight * score, weights + weight)

    @property
    def figures(self) -> dict[str, float]:
        return {name: total / weights for name, (total, weights) in self._sums.items()}


# -- what the figures were made with


def _conditions(system: Evaluated, rows: Sequence[ArticleRow]) -> dict[str, Any]:
    settings = system.settings.model_dump(mode="json")
    return {
        "system": type(system).__qualname__,
        "settings": {key: value for key, value in settings.items() if key not in _SAME_RESULT},
        "versions": _versions(),
        "library": _fingerprint(rows),
    }


def _versions() -> dict[str, str]:
    versions = {"python": platform.python_version(), "assistant code": _code_digest()}
    for package in _PACKAGES:
        try:
            versions[package] = version(package)
        except PackageNotFoundError:
            continue
    return versions


@cache
def _code_digest() -> str:
    """12 hex digits of this package's own code and prompts: figures of two versions in the making are told apart."""
    folders = [PACKAGE, data_dir("prompts")]
    files = sorted(path for folder in folders for path in folder.rglob("*") if path.suffix in (".py", ".md", ".npz"))
    return hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()[:12]


def _fingerprint(rows: Sequence[ArticleRow]) -> str:
    """The same for the same current articles with the same passages and number of vectors."""
    lines = sorted(f"{row.facts.id} {row.passages} {row.embedded}" for row in rows if row.current)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:32]


def _library_counts(rows: Sequence[ArticleRow]) -> dict[str, int]:
    current = [row for row in rows if row.current]
    return {
        "articles": len(current),
        "passages": sum(row.passages for row in current),
        "embedded": sum(row.embedded for row in current),
    }
