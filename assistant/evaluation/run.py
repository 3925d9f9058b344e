"""Cases to a report: ask and search each question as of its date, score what came back, put intervals on the figures.

Cases run one after the other, so that latencies are those of one reader. A case that fails is a row with its error.
"""

from __future__ import annotations

import platform
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from importlib.metadata import PackageNotFoundError, version
from typing import Any, Protocol

from assistant import registry
from assistant.citations import folded_text
from assistant.errors import EmptyLibrary, UnknownArticle, WrongUse
from assistant.evaluation.cases import EvalCase, GoldSpan
from assistant.metrics import Metric, Outcome
from assistant.metrics._estimate import Estimate, estimate
from assistant.metrics.hit_at_k import first_hit
from assistant.settings import Settings
from assistant.text import fold
from assistant.types import Answer, Article, ArticleRow, Failure, Filters, Hit, Span

_PACKAGES = (
    "assistant",
    "chromadb",
    "langchain-core",
    "numpy",
    "onnxruntime",
    "tokenizers",
)


class Evaluated(Protocol):
    """What evaluation needs of an assistant; `assistant.api.Assistant` has it, a rival system can."""

    @property
    def settings(self) -> Settings: ...
    def ask(self, question: str, *, filters: Filters = ...) -> Answer: ...
    def retrieve(self, question: str, *, filters: Filters = ..., k: int | None = ...) -> list[Hit]: ...
    def articles(self, *, include_replaced: bool = ...) -> list[ArticleRow]: ...
    def article(self, article_id: str) -> Article: ...


@dataclass(frozen=True, slots=True)
class EvalProgress:
    """Where a running evaluation stands."""

    done: int
    total: int
    errors: int
    case_id: str
    """The case that just ended."""


@dataclass(frozen=True, slots=True)
class EvalResult:
    """One case, what came back and its scores."""

    case: EvalCase
    outcome: Outcome
    """What was measured before an error stays in it."""
    scores: Mapping[str, float] = field(default_factory=dict)
    """By metric, latency apart; one that does not apply has no entry."""
    error: str | None = None

    @property
    def hit_rank(self) -> int | None:
        """The rank of the first strict hit, None for none."""
        return first_hit(self.outcome)

    @property
    def gold_ranks(self) -> tuple[int, ...]:
        """The ranks of the hits that come from a gold article."""
        hits = self.outcome.hits or ()
        return tuple(hit.rank for hit in hits if hit.passage.span.article_id in self.outcome.gold_articles)


@dataclass(frozen=True, slots=True)
class EvalReport:
    """A question set's figures and all that they were made from."""

    metrics: Mapping[str, Estimate]
    """Shares, 0..1, grouped."""
    latency: Mapping[str, Estimate]
    """Percentiles in seconds."""
    results: tuple[EvalResult, ...]
    failures: tuple[Failure, ...]
    """Lines of the question set that were no cases."""
    missing_gold: tuple[str, ...]
    """Gold articles that the library does not hold, by source id: searches for them count as misses."""
    k: int
    """Passages retrieved a question."""
    seconds: float
    settings: Mapping[str, Any]
    """As JSON values, secrets blotted out."""
    versions: Mapping[str, str]
    library: Mapping[str, int]
    """Articles, passages, and passages with a vector, when the run began."""

    @property
    def errors(self) -> int:
        """Cases that failed."""
        return sum(result.error is not None for result in self.results)

    @property
    def excluded(self) -> int:
        """Cases without error that neither a retrieval nor an answer metric applies to: nothing to compare with.

        Those are mostly the unanswerable ones, which the abstention metrics score.
        """
        compared = {name for name, figure in self.metrics.items() if figure.group in ("retrieval", "answer")}
        return sum(result.error is None and not compared & result.scores.keys() for result in self.results)


def evaluate(
    assistant: Evaluated,
    cases: Sequence[EvalCase],
    *,
    k: int = 10,
    ask: bool = True,
    progress: Callable[[EvalProgress], None] | None = None,
    failures: Sequence[Failure] = (),
) -> EvalReport:
    """Ask every case and score it. `failures` are the set's bad lines, carried into the report.

    `ask=False` searches only, and only retrieval is scored. Metrics that look deeper than k hits are left out.
    Raises WrongUse for no cases or k < 1, EmptyLibrary.
    """
    if not cases:
        raise WrongUse(
            f"No question to evaluate, {len(failures)} bad lines.",
            "Give a JSONL file, one question a line.",
        )
    if k < 1:
        raise WrongUse(f"k = {k}: at least one passage must be retrieved.", "Leave k at 10.")
    started = time.perf_counter()
    rows = assistant.articles(include_replaced=True)
    if not rows:
        raise EmptyLibrary("No articles to answer from.", "Run: assistant ingest corpus")
    metrics = [metric for metric in _metrics() if metric.depth <= k]
    run = _Run(assistant, _stored_ids(rows), k, ask)
    results: list[EvalResult] = []
    for case in cases:
        results.append(_scored(case, *_run_case(run, case), metrics))
        if progress:
            errors = sum(result.error is not None for result in results)
            progress(EvalProgress(len(results), len(cases), errors, case.id))
    return EvalReport(
        metrics={metric.name: _figure(metric, results) for metric in metrics if metric.group != "latency"},
        latency={metric.name: _figure(metric, results) for metric in metrics if metric.group == "latency"},
        results=tuple(results),
        failures=tuple(failures),
        missing_gold=_missing_gold(cases, run.stored),
        k=k,
        seconds=time.perf_counter() - started,
        settings=assistant.settings.model_dump(mode="json"),
        versions=_versions(),
        library=_library_counts(rows),
    )


def _metrics() -> list[Metric]:
    """Every metric on the shelf, a group after the other."""
    shelf = [metric for name in registry.names("metrics") for metric in registry.find("metrics", name)()]
    order = ("retrieval", "answer", "abstention", "citation", "latency")
    return sorted(shelf, key=lambda metric: order.index(metric.group))


def _scored(case: EvalCase, outcome: Outcome, error: str | None, metrics: Sequence[Metric]) -> EvalResult:
    shares = [metric for metric in metrics if metric.group != "latency"]
    scores = {metric.name: score for metric in shares if (score := metric.score(outcome)) is not None}
    return EvalResult(case, outcome, scores, error)


def _figure(metric: Metric, results: Sequence[EvalResult]) -> Estimate:
    values, weights = metric.values([result.outcome for result in results])
    return estimate(
        values,
        weights,
        statistic=metric.statistic,
        excluded=len(results) - len(values),
        group=metric.group,
    )


# -- one case


@dataclass(frozen=True, slots=True)
class _Run:
    """What all cases of a run share."""

    assistant: Evaluated
    stored: Mapping[str, frozenset[str]]
    k: int
    ask: bool


def _run_case(run: _Run, case: EvalCase) -> tuple[Outcome, str | None]:
    """What came back, as far as it went, and the error that ended it."""
    outcome = Outcome(case.answerable, case.accepted)
    try:
        outcome = _with_gold(outcome, run, case)
        # Asking comes first: searching for the same question afterwards may find its vector in a cache, and the time
        # from question to answer is the one that is promised.
        outcome = _with_answer(outcome, run.assistant, case) if run.ask else outcome
        outcome = _with_hits(outcome, run, case)
    except Exception as error:  # noqa: BLE001 - whatever it is, the other cases are still worth having
        return outcome, f"{type(error).__name__}: {error}"
    return outcome, None


def _with_gold(outcome: Outcome, run: _Run, case: EvalCase) -> Outcome:
    articles = {article_id for name in _gold_names(case) for article_id in run.stored.get(name, {name})}
    spans = [span for gold in case.gold_spans for span in _find_gold(run.assistant, gold, run.stored.get(gold.article))]
    return replace(outcome, gold_articles=frozenset(articles), gold_spans=tuple(spans))


def _with_answer(outcome: Outcome, assistant: Evaluated, case: EvalCase) -> Outcome:
    started = time.perf_counter()
    answer = assistant.ask(case.question, filters=Filters(as_of=case.date))
    seconds = time.perf_counter() - started
    return replace(outcome, answer=answer, ask_s=seconds, texts=_cited_texts(assistant, answer))


def _with_hits(outcome: Outcome, run: _Run, case: EvalCase) -> Outcome:
    started = time.perf_counter()
    hits = run.assistant.retrieve(case.question, filters=Filters(as_of=case.date), k=run.k)
    return replace(outcome, hits=tuple(hits[: run.k]), retrieve_s=time.perf_counter() - started)


def _cited_texts(assistant: Evaluated, answer: Answer) -> dict[str, str]:
    texts: dict[str, str] = {}
    for article_id in {citation.span.article_id for citation in answer.citations}:
        try:
            texts[article_id] = assistant.article(article_id).text
        except UnknownArticle:
            continue  # a citation without its article is scored as not exact
    return texts


# -- gold in the library's terms


def _gold_names(case: EvalCase) -> list[str]:
    return [*case.gold_article_ids, *(gold.article for gold in case.gold_spans)]


def _missing_gold(cases: Sequence[EvalCase], stored: Mapping[str, frozenset[str]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for case in cases for name in _gold_names(case) if name not in stored))


def _stored_ids(rows: Sequence[ArticleRow]) -> dict[str, frozenset[str]]:
    """Ids of current articles by every name that gold may use: their own id and their source ids.

    A name of a replaced version stands for the version that now answers at its URL.
    """
    at_url = {row.facts.url: row.facts.id for row in rows if row.current and row.facts.url}
    stored: dict[str, set[str]] = {}
    for row in rows:
        current = row.facts.id if row.current else at_url.get(row.facts.url or "")
        for name in (row.facts.id, row.facts.source_id, *row.source_ids):
            if name and current:
                stored.setdefault(name, set()).add(current)
    return {name: frozenset(ids) for name, ids in stored.items()}


def _find_gold(assistant: Evaluated, gold: GoldSpan, article_ids: frozenset[str] | None) -> list[Span]:
    """Every place where the gold quote stands. Raises WrongUse when the article has no such words."""
    if not article_ids:
        return [Span(gold.article, 0, len(gold.quote))]  # an id that no hit has: a miss, as it should be
    spans = [
        span for article_id in sorted(article_ids) for span in find_quote(assistant.article(article_id), gold.quote)
    ]
    if not spans:
        raise WrongUse(
            f"The article {gold.article!r} does not hold the gold quote {gold.quote!r}.",
            "Mend the question set.",
        )
    return spans


def find_quote(article: Article, quote: str) -> list[Span]:
    """Every occurrence of the quote, in other typography only where it does not stand as written."""
    exact = _occurrences(article.text, quote)
    if exact:
        return [Span(article.id, start, end) for start, end in exact]
    folded, wanted = folded_text(article.text), fold(quote).text.strip()
    places = _occurrences(folded.text, wanted)
    return [Span(article.id, *folded.original_range(start, end)) for start, end in places]


def _occurrences(text: str, wanted: str) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    start = text.find(wanted) if wanted else -1
    while start >= 0:
        found.append((start, start + len(wanted)))
        start = text.find(wanted, start + len(wanted))
    return found


# -- what the figures were made with


def _versions() -> dict[str, str]:
    versions = {"python": platform.python_version()}
    for package in _PACKAGES:
        try:
            versions[package] = version(package)
        except PackageNotFoundError:
            continue
    return versions


def _library_counts(rows: Sequence[ArticleRow]) -> dict[str, int]:
    current = [row for row in rows if row.current]
    return {
        "articles": len(current),
        "passages": sum(row.passages for row in current),
        "embedded": sum(row.embedded for row in current),
    }
