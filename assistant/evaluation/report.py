"""A report for the terminal and as JSON, whose keys other programs rely on.

{"metrics": {name: {"mean", "low", "high", "n", "excluded"}}, "excluded", "errors", "seconds",
 "latency": {"ask_p50_s", ...}, "missing_gold", "failures": [{"source", "reason"}], "k", "bootstrap",
 "settings", "versions", "library", "cases": [...]}
A metric that applies to no case has mean null and n 0; `excluded` beside `errors` counts cases.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.errors import WrongUse
from assistant.evaluation.run import EvalReport, EvalResult
from assistant.metrics._estimate import CONFIDENCE, RESAMPLES, SEED, Estimate
from assistant.types import Citation

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

_SHOWN = 5  # errors, bad lines or missing articles that the terminal names


def to_json(report: EvalReport) -> dict[str, Any]:
    return {
        "metrics": {name: _figure(estimate) for name, estimate in report.metrics.items()},
        "excluded": report.excluded,
        "errors": report.errors,
        "seconds": round(report.seconds, 3),
        "latency": {name: _rounded(estimate.mean) for name, estimate in report.latency.items()},
        "missing_gold": list(report.missing_gold),
        "failures": [{"source": failure.source, "reason": failure.reason} for failure in report.failures],
        "k": report.k,
        "bootstrap": {
            "method": "percentile",
            "resamples": RESAMPLES,
            "confidence": CONFIDENCE,
            "seed": SEED,
        },
        "settings": dict(report.settings),
        "versions": dict(report.versions),
        "library": dict(report.library),
        "cases": [_case(result) for result in report.results],
    }


def write_json(report: EvalReport, path: str | Path) -> None:
    """Raises WrongUse when the file can't be written."""
    text = json.dumps(to_json(report), ensure_ascii=False, indent=1) + "\n"
    try:
        Path(path).write_text(text, encoding="utf-8", errors="backslashreplace")
    except OSError as error:
        raise WrongUse(
            f"The report {path} can't be written: {error.strerror or error}.",
            "Name another file.",
        ) from None


def print_report(report: EvalReport, console: Console | None = None) -> None:
    """The table, then what a reader of it must know: errors, bad lines, gold that is not in the library."""
    from rich.console import Console
    from rich.text import Text

    console = console or Console()
    console.print(render_table(report))
    failed = [f"{result.case.id}: {result.error}" for result in report.results if result.error]
    bad_lines = [f"{failure.source}: {failure.reason}" for failure in report.failures]
    for heading, lines in (
        ("cases failed", failed),
        ("bad lines passed over", bad_lines),
        (
            "gold articles not in the library, searches for them count as misses",
            list(report.missing_gold),
        ),
    ):
        if lines:
            rest = [f"... and {len(lines) - _SHOWN} more"] if len(lines) > _SHOWN else []
            console.print(Text("\n  ".join([f"{len(lines)} {heading}:", *lines[:_SHOWN], *rest])))


def render_table(report: EvalReport) -> Table:
    """Every figure with its interval, n and what it excludes; a line between groups."""
    from rich.table import Table

    table = Table(
        title=f"{len(report.results)} questions",
        caption=_caption(report),
        caption_justify="left",
    )
    table.add_column("metric", no_wrap=True)
    for column in ("figure", "95 % interval", "n", "excluded"):
        table.add_column(column, justify="right", no_wrap=True)
    groups = [estimate.group for estimate in report.metrics.values()]
    ends = [here != after for here, after in zip(groups, [*groups[1:], ""], strict=True)]
    for (name, estimate), ends_group in zip(report.metrics.items(), ends, strict=True):
        table.add_row(name, *_cells(estimate, "{:.3f}"), end_section=ends_group)
    for name, estimate in report.latency.items():
        table.add_row(name, *_cells(estimate, "{:.3f} s"))
    return table


def _cells(estimate: Estimate, form: str) -> tuple[str, str, str, str]:
    figure = "n/a" if estimate.mean is None else form.format(estimate.mean)
    interval = "" if estimate.low is None else f"{estimate.low:.3f} - {estimate.high:.3f}"
    return figure, interval, str(estimate.n), str(estimate.excluded)


def _caption(report: EvalReport) -> str:
    library = report.library
    return (
        f"{report.excluded} cases with nothing to compare, {report.errors} errors, {report.seconds:.1f} s; "
        f"{library['articles']} articles, {library['passages']} passages, {library['embedded']} of them embedded. "
        f"Intervals: percentile bootstrap over cases, {RESAMPLES} resamples."
    )


def _figure(estimate: Estimate) -> dict[str, float | int | None]:
    return {
        "mean": _rounded(estimate.mean),
        "low": _rounded(estimate.low),
        "high": _rounded(estimate.high),
        "n": estimate.n,
        "excluded": estimate.excluded,
    }


def _case(result: EvalResult) -> dict[str, Any]:
    case, outcome = result.case, result.outcome
    answer = outcome.answer
    return {
        "id": case.id,
        "question": case.question,
        "date": case.date.isoformat() if case.date else None,
        "answerable": case.answerable,
        "tags": list(case.tags),
        "gold": {
            "answers": list(case.answers),
            "article_ids": list(case.gold_article_ids),
            "spans": [{"article": span.article, "quote": span.quote} for span in case.gold_spans],
        },
        "answer": answer.text if answer else None,
        "abstained": answer.abstained if answer else None,
        "citations": [_citation(citation) for citation in answer.citations] if answer else [],
        "rejected": len(answer.rejected) if answer else 0,
        "hit_rank": result.hit_rank,
        "gold_ranks": list(result.gold_ranks),
        "scores": {name: _rounded(score) for name, score in result.scores.items()},
        "ask_s": _rounded(outcome.ask_s),
        "retrieve_s": _rounded(outcome.retrieve_s),
        "timings": {stage: _rounded(seconds) for stage, seconds in answer.timings.items()} if answer else {},
        "error": result.error,
    }


def _citation(citation: Citation) -> dict[str, Any]:
    return {
        "marker": citation.marker,
        "quote": citation.quote,
        "article_id": citation.span.article_id,
        "source_id": citation.article.source_id,
        "start": citation.span.start,
        "end": citation.span.end,
        "status": citation.status,
    }


def _rounded(number: float | None) -> float | None:
    return None if number is None else round(number, 6)
