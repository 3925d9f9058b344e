"""Rows to three tables in Markdown (quality, paired tests, cost) and to JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from itertools import islice
from typing import Any

from assistant.metrics._estimate import Estimate
from benchmarks.peers.child import Measured
from benchmarks.peers.scoring import CONTEXT, Paired

FIGURES = ("hit@1", "hit@4", "hit@10", "hit in context")


@dataclass(frozen=True, slots=True)
class Row:
    """One system."""

    name: str
    dated: Mapping[str, Estimate] = field(default_factory=dict)
    """Shares of FIGURES where later articles are hidden."""
    undated: Mapping[str, Estimate] = field(default_factory=dict)
    """The same with all articles."""
    chars: float = 0.0
    """Mean characters of a retrieved chunk."""
    paired: Paired | None = None
    """The first system beside this one, hit@4, later articles hidden; None for the first itself."""
    paired_in_context: Paired | None = None
    """The same for hits in context."""
    paired_undated: Paired | None = None
    """The same for hit@4 with all articles."""
    measured: Measured | None = None
    error: str = ""
    """Why there are no figures."""


def tables(rows: Sequence[Row], heading: str) -> str:
    parts = [
        heading,
        quality(rows),
        pairs(rows),
        costs(rows),
        *(f"{row.name} failed: {row.error}" for row in rows if row.error),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def quality(rows: Sequence[Row]) -> str:
    """Percent and 95 % interval."""
    context = f"in {CONTEXT:,} characters"
    header = [
        "percent",
        "hit@1",
        "hit@4",
        "hit@10",
        context,
        "characters a chunk",
        "hit@4, any date",
        f"{context}, any date",
    ]
    return _markdown(header, [_quality(row, len(header)) for row in rows])


def _quality(row: Row, width: int) -> list[str]:
    if row.error:
        return [row.name, "failed", *[""] * (width - 2)]
    shares = [_share(row.dated[name]) for name in FIGURES]
    undated = [_share(row.undated[name]) for name in ("hit@4", "hit in context")]
    return [row.name, *shares, f"{row.chars:,.0f}", *undated]


def pairs(rows: Sequence[Row]) -> str:
    """How often one of two systems alone hits, and McNemar's p."""
    compared = {row.name: [row.paired, row.paired_in_context, row.paired_undated] for row in rows if row.paired}
    if not compared:
        return ""
    titles = ("hit@4", f"in {CONTEXT:,} characters", "hit@4, any date")
    header = [f"{rows[0].name} beside", *(column for title in titles for column in (f"{title}, alone", "p"))]
    lines = [[name, *(cell for one in of for cell in _pair(one))] for name, of in compared.items()]
    return _markdown(header, lines)


def _pair(paired: Paired | None) -> tuple[str, str]:
    return (f"{paired.only_first} : {paired.only_second}", f"{paired.p:.2g}") if paired else ("", "")


def costs(rows: Sequence[Row]) -> str:
    header = ["", "chunks", "index, CPU s", "index, s", "query p50, ms", "p95, ms", "p50, CPU ms", "peak memory, MB"]
    return _markdown(header, [_cost(row.name, row.measured) for row in rows if row.measured])


def _cost(name: str, measured: Measured) -> list[str]:
    seconds = [f"{measured.index_cpu_s:,.1f}", f"{measured.index_wall_s:,.1f}"]
    queries = [measured.query_p50_ms, measured.query_p95_ms, measured.query_cpu_p50_ms]
    return [name, f"{measured.chunks:,}", *seconds, *map(_number, queries), f"{measured.peak_mb:,.0f}"]


def to_json(rows: Sequence[Row], facts: Mapping[str, Any]) -> dict[str, Any]:
    return {**facts, "systems": [_row_json(row) for row in rows]}


def _row_json(row: Row) -> dict[str, Any]:
    if row.error or not row.measured:
        return {"name": row.name, "error": row.error}
    measured = asdict(row.measured)
    del measured["dated"], measured["undated"]  # the articles' texts
    return {
        "name": row.name,
        "dated": {name: asdict(estimate) for name, estimate in row.dated.items()},
        "any_date": {name: asdict(estimate) for name, estimate in row.undated.items()},
        "mean_chars": row.chars,
        "paired_hit@4": row.paired and asdict(row.paired),
        "paired_in_context": row.paired_in_context and asdict(row.paired_in_context),
        "paired_hit@4_any_date": row.paired_undated and asdict(row.paired_undated),
        **measured,
    }


def _share(figure: Estimate) -> str:
    if figure.mean is None:
        return "n/a"
    interval = "" if figure.low is None or figure.high is None else f" ({100 * figure.low:.0f}-{100 * figure.high:.0f})"
    return f"{100 * figure.mean:.0f}{interval}"


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def _markdown(header: Sequence[str], lines: Sequence[Sequence[str]]) -> str:
    """Aligned, so that it reads in a terminal as well."""
    widths = [max(3, *map(len, column)) for column in zip(header, *lines, strict=True)]
    rule = ["-" * widths[0], *(f"{'-' * (width - 1)}:" for width in islice(widths, 1, None))]
    return "\n".join(_line(cells, widths) for cells in (header, rule, *lines))


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    first, *rest = (
        f"{cell:<{width}}" if i == 0 else f"{cell:>{width}}"
        for i, (cell, width) in enumerate(zip(cells, widths, strict=True))
    )
    return f"| {' | '.join((first, *rest))} |"
