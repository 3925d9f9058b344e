"""Results to figures: every metric with its interval, over all cases and over parts of them, and the charts.

Everything is made from stored scores, so that a report can be made again without asking anything again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from assistant import registry
from assistant.evaluation.result import EvalResult
from assistant.metrics import GROUPS, Chart, Metric, Score
from assistant.metrics._estimate import Estimate, estimate

FEWEST = 5  # cases that a part must have for figures of its own
_WHOLE_ONLY = ("calibration", "cost", "latency")  # groups that need many cases, or that say little of a part

Figures = Mapping[str, Estimate]


def all_metrics(depth: int) -> list[Metric]:
    """Every metric on the shelf that looks at no more than `depth` hits, a group after the other."""
    shelf = [metric for make in registry.find_all("metrics") for metric in make()]
    return sorted((metric for metric in shelf if metric.depth <= depth), key=lambda metric: GROUPS.index(metric.group))


def figures(metrics: Iterable[Metric], results: Sequence[EvalResult]) -> dict[str, Estimate]:
    return {metric.name: figure(metric, results) for metric in metrics}


def figure(metric: Metric, results: Sequence[EvalResult]) -> Estimate:
    scored = [result for result in results if metric.name in result.scores]
    return estimate(
        [result.scores[metric.name] for result in scored],
        [result.weights.get(metric.name, 1.0) for result in scored],
        statistic=metric.statistic,
        excluded=len(results) - len(scored),
        group=metric.group,
    )


def figures_of_parts(metrics: Sequence[Metric], results: Sequence[EvalResult]) -> dict[str, dict[str, Estimate]]:
    """By "tag:..." and, when there are several sets, "set:...": what applies to at least FEWEST cases of the part."""
    chosen = [metric for metric in metrics if metric.group not in _WHOLE_ONLY]
    found: dict[str, dict[str, Estimate]] = {}
    for name, part in _parts(results).items():
        some = {metric: figure for metric, figure in figures(chosen, part).items() if figure.n >= FEWEST}
        if some:
            found[name] = some
    return found


def charts(metrics: Iterable[Metric], results: Sequence[EvalResult]) -> tuple[Chart, ...]:
    drawn: list[Chart] = []
    for metric in metrics:
        scores: list[Score] = [result.scores[metric.name] for result in results if metric.name in result.scores]
        chart = metric.chart(scores) if metric.chart and scores else None
        drawn += [chart] if chart else []
    return tuple(drawn)


def _parts(results: Sequence[EvalResult]) -> dict[str, list[EvalResult]]:
    parts: dict[str, list[EvalResult]] = {}
    several = len({result.dataset for result in results}) > 1
    for result in results:
        names = [f"set:{result.dataset}"] if several else []
        for name in names + [f"tag:{tag}" for tag in dict.fromkeys(result.details.get("tags", ()))]:
            parts.setdefault(name, []).append(result)
    return {name: part for name, part in sorted(parts.items()) if len(part) >= FEWEST}
