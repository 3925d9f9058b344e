"""Two runs over the same cases: which figures differ by more than chance would have it, and which cases changed.

The tests are paired, case by case: McNemar's exact test for metrics of 0 and 1, a paired bootstrap otherwise, see
`metrics/_compare.py`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assistant.errors import WrongUse
from assistant.evaluation.figures import all_metrics
from assistant.evaluation.result import EvalResult
from assistant.evaluation.run import EvalReport
from assistant.metrics import Metric, Score
from assistant.metrics._compare import Comparison, compare

SAME = 1e-6  # sums of floats in another order differ by less, and nobody wants to read of them


@dataclass(frozen=True, slots=True)
class ChangedCase:
    """A case whose score differs between the runs."""

    id: str
    dataset: str
    metric: str
    baseline: float
    run: float


@dataclass(frozen=True, slots=True)
class RunComparison:
    """A run beside the baseline."""

    baseline: str
    run: str
    n: int
    """Cases that both have."""
    metrics: Mapping[str, Comparison]
    changed: tuple[ChangedCase, ...]


def compare_runs(baseline: EvalReport, run: EvalReport) -> RunComparison:
    """By the metrics that both runs have. Raises WrongUse when they share no case."""
    pairs = _pairs(baseline.results, run.results)
    if not pairs:
        raise WrongUse(
            f"{baseline.name!r} and {run.name!r} share no case.", "Compare runs over the same question sets."
        )
    metrics = [metric for metric in all_metrics(min(baseline.k, run.k)) if metric.group != "latency"]
    compared = {metric.name: _compare(metric, pairs) for metric in metrics}
    return RunComparison(
        baseline.name,
        run.name,
        len(pairs),
        {name: found for name, found in compared.items() if found},
        tuple(change for metric in metrics for change in _changes(metric.name, pairs)),
    )


def _pairs(one: Sequence[EvalResult], other: Sequence[EvalResult]) -> list[tuple[EvalResult, EvalResult]]:
    by_id = {(result.dataset, result.id): result for result in other}
    return [(result, by_id[result.dataset, result.id]) for result in one if (result.dataset, result.id) in by_id]


def _compare(metric: Metric, pairs: Sequence[tuple[EvalResult, EvalResult]]) -> Comparison | None:
    ones, others = [one for one, _ in pairs], [other for _, other in pairs]
    if not any(metric.name in result.scores for result in (*ones, *others)):
        return None
    return compare(
        [one.scores.get(metric.name) for one in ones],
        [other.scores.get(metric.name) for other in others],
        [one.weights.get(metric.name, 1.0) for one in ones],
        [other.weights.get(metric.name, 1.0) for other in others],
        statistic=metric.statistic,
        higher_is_better=metric.higher_is_better,
    )


def _changes(name: str, pairs: Sequence[tuple[EvalResult, EvalResult]]) -> list[ChangedCase]:
    changes = []
    for one, other in pairs:
        before, after = _number(one.scores.get(name)), _number(other.scores.get(name))
        if before is not None and after is not None and abs(before - after) > SAME:
            changes.append(ChangedCase(one.id, one.dataset, name, before, after))
    return changes


def _number(score: Score | None) -> float | None:
    return None if isinstance(score, tuple) else score
