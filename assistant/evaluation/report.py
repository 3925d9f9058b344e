"""Runs and comparisons to one JSON document and back; docs/report-format.md describes every key.

The document is the report: page, table and CSV are made from it, and a later run can be compared with it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from assistant.errors import WrongUse
from assistant.evaluation.compare import RunComparison
from assistant.evaluation.figures import Figures
from assistant.evaluation.result import result_from_json
from assistant.evaluation.run import EvalReport
from assistant.metrics import Chart, Metric
from assistant.metrics._estimate import CONFIDENCE, RESAMPLES, SEED, Estimate
from assistant.types import Failure

FORMAT = 2

Json = dict[str, Any]


def to_document(reports: Sequence[EvalReport], comparisons: Sequence[RunComparison] = ()) -> Json:
    """The first report is the baseline of the comparisons."""
    return {
        "report": FORMAT,
        "made": date.today().isoformat(),
        "runs": [_run(report) for report in reports],
        "comparisons": [_comparison(comparison) for comparison in comparisons],
    }


def write_text(text: str, path: str | Path, encoding: str = "utf-8") -> None:
    """Line ends as they are in the text. Raises WrongUse when the file can't be written."""
    try:
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        Path(path).write_text(text, encoding=encoding, errors="backslashreplace", newline="")
    except OSError as error:
        raise WrongUse(
            f"The report {path} can't be written: {error.strerror or error}.", "Name another file."
        ) from None


def write_json(document: Mapping[str, Any], path: str | Path) -> None:
    """Raises WrongUse when the file can't be written."""
    write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n", path)


def read_document(path: str | Path) -> Json:
    """Raises WrongUse for what is no report of this format."""
    try:
        document = json.loads(Path(path).read_text(encoding="utf-8"))
    except OSError as error:
        raise WrongUse(f"The report {path} can't be read: {error.strerror or error}.", "Name a JSON report.") from None
    except ValueError as error:
        raise WrongUse(f"{path} is no report: {error}.", "Name a JSON report that assistant evaluate wrote.") from None
    if not isinstance(document, dict) or document.get("report") != FORMAT:
        raise WrongUse(f"{path} is no report of format {FORMAT}.", "Run the evaluation again to make one.")
    return document


def reports_of(document: Mapping[str, Any]) -> list[EvalReport]:
    """The document's runs, at least one. Raises WrongUse when it was not written in this format."""
    try:
        runs = [_read_run(run) for run in document["runs"]]
    except (KeyError, TypeError) as error:
        raise WrongUse(f"The report lacks {error}.", "Run the evaluation again to make one.") from None
    if not runs:
        raise WrongUse("The report has no run.", "Run the evaluation again to make one.")
    return runs


def _run(report: EvalReport) -> Json:
    metrics = {metric.name: metric for metric in report.all_metrics}
    return {
        "name": report.name,
        "sets": list(report.sets),
        "settings": dict(report.settings),
        "versions": dict(report.versions),
        "k": report.k,
        "workers": report.workers,
        "library": dict(report.library),
        "fingerprint": report.fingerprint,
        "bootstrap": {"method": "percentile", "resamples": RESAMPLES, "confidence": CONFIDENCE, "seed": SEED},
        "metrics": _figures(report.metrics, metrics),
        "latency": _figures(report.latency, metrics),
        "by": {part: _figures(figures, metrics) for part, figures in report.by.items()},
        "charts": [_chart(chart) for chart in report.charts],
        "missing_gold": list(report.missing_gold),
        "failures": [{"source": failure.source, "reason": failure.reason} for failure in report.failures],
        "errors": report.errors,
        "excluded": report.excluded,
        "resumed": report.resumed,
        "seconds": round(report.seconds, 3),
        "cases": [result.to_json() for result in report.results],
    }


def _read_run(run: Mapping[str, Any]) -> EvalReport:
    return EvalReport(
        name=run["name"],
        results=tuple(result_from_json(case) for case in run["cases"]),
        failures=tuple(Failure(failure["source"], failure["reason"]) for failure in run["failures"]),
        missing_gold=tuple(run["missing_gold"]),
        k=run["k"],
        workers=run["workers"],
        resumed=run["resumed"],
        seconds=run["seconds"],
        settings=run["settings"],
        versions=run["versions"],
        library=run["library"],
        fingerprint=run["fingerprint"],
    )


def _figures(figures: Figures, metrics: Mapping[str, Metric]) -> Json:
    return {
        name: _figure(figure) | {"higher_is_better": metrics[name].higher_is_better, "unit": metrics[name].unit}
        for name, figure in figures.items()
    }


def _figure(estimate: Estimate) -> Json:
    return {
        "group": estimate.group,
        "mean": _rounded(estimate.mean),
        "low": _rounded(estimate.low),
        "high": _rounded(estimate.high),
        "n": estimate.n,
        "excluded": estimate.excluded,
    }


def _chart(chart: Chart) -> Json:
    return {
        "name": chart.name,
        "title": chart.title,
        "kind": chart.kind,
        "x_label": chart.x_label,
        "y_label": chart.y_label,
        "points": [[_rounded(number) for number in point] for point in chart.points],
        "labels": list(chart.labels),
    }


def _comparison(comparison: RunComparison) -> Json:
    return {
        "baseline": comparison.baseline,
        "run": comparison.run,
        "n": comparison.n,
        "metrics": {
            name: {
                "n": found.n,
                "difference": _rounded(found.difference),
                "low": _rounded(found.low),
                "high": _rounded(found.high),
                "p": _rounded(found.p),
                "test": found.test,
                "better": found.better,
                "worse": found.worse,
            }
            for name, found in comparison.metrics.items()
        },
        "changed": [
            {"id": case.id, "set": case.dataset, "metric": case.metric, "baseline": case.baseline, "run": case.run}
            for case in comparison.changed
        ],
    }


def _rounded(number: float | None) -> float | None:
    return None if number is None else round(float(number), 6)
