"""Curves, matrices, times a stage, and the stages at which cases were lost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from assistant.evaluation import charts
from assistant.evaluation.html_report._markup import (
    EVEN,
    Figure,
    Run,
    drawn_table,
    head,
    legend,
    run_heads,
    safe,
    section,
    tidy,
    words,
)
from assistant.evaluation.reading import STAGES, interval, lost_counts, number, stage_name, stage_times

_CURVE_NOTES = {
    "reliability": "On the diagonal, confidence says how often the assistant is right; below it, it is too sure. "
    "The bars count cases.",
    "risk_coverage": "From left to right less sure answers join. A curve that rises late means that confidence puts the "
    "wrong ones last.",
}


def charts_sections(runs: Sequence[Run]) -> str:
    kinds = {chart["name"]: chart["kind"] for run in runs for chart in run.get("charts") or ()}
    drawn = "".join(_chart(name, runs) for name in sorted(kinds, key=lambda name: kinds[name]))  # curves, then tables
    grid = f'<div class="chart-grid">{drawn}</div>' if drawn else "<p>There were too few cases for a curve.</p>"
    return section("charts", "Charts", grid + _times(runs)) + section("lost", "Where cases were lost", _lost(runs))


def _chart(name: str, runs: Sequence[Run]) -> str:
    found = [(at, chart) for at, run in enumerate(runs) for chart in run.get("charts") or () if chart["name"] == name]
    if found[0][1]["kind"] == "matrix":
        return "".join(_matrix(chart, at, runs) for at, chart in found)
    return _curve(name, found, runs)


def _curve(name: str, found: Sequence[tuple[int, Figure]], runs: Sequence[Run]) -> str:
    first = found[0][1]
    series = [charts.Series(at, chart["points"]) for at, chart in found if chart["points"]]
    if not series:
        return ""
    drawing = charts.curve(
        series,
        f"{first['title']}: {first['y_label']} against {first['x_label']}; the numbers follow",
        first["x_label"],
        first["y_label"],
        diagonal=name.startswith("reliability"),
    )
    note = next((note for start, note in _CURVE_NOTES.items() if name.startswith(start)), "")
    return (
        f'<figure class="chart-box"><h3>{safe(first["title"])}</h3>{f"<p>{note}</p>" if note else ""}{drawing}'
        f"{legend([at for at, _ in found], runs)}{_curve_table(found, runs)}</figure>"
    )


def _curve_table(found: Sequence[tuple[int, Figure]], runs: Sequence[Run]) -> str:
    first = found[0][1]
    rows = [
        (f"<td>{safe(runs[at]['name'])}</td>" if len(found) > 1 else "")
        + "".join(f'<td class="num">{tidy(value)}</td>' for value in point)
        + ("<td></td>" if len(point) < 3 else "")
        for at, chart in found
        for point in chart["points"]
    ]
    run = '<th scope="col">Run</th>' if len(found) > 1 else ""
    return (
        f'<details class="numbers"><summary>Numbers</summary><div class="wide"><table><thead><tr>{run}'
        f"{head(first['x_label'], first['y_label'], 'n', number=True)}</tr></thead>"
        f"<tbody>{''.join(f'<tr>{row}</tr>' for row in rows)}</tbody></table></div></details>"
    )


def _matrix(chart: Figure, at: int, runs: Sequence[Run]) -> str:
    rows, labels = chart["points"], [str(label) for label in chart["labels"]]
    heads = "".join(f'<th scope="col" class="num">{safe(words(label))}</th>' for label in labels)
    lines = []
    for label, row in zip(labels, rows, strict=False):
        total = sum(row)
        cells = "".join(
            _matrix_cell(value, total, same=column == label) for column, value in zip(labels, row, strict=False)
        )
        lines.append(f'<tr><th scope="row">{safe(words(label))}</th>{cells}<td class="num">{tidy(total)}</td></tr>')
    run = f"<p>{charts.key(at)} {safe(runs[at]['name'])}</p>" if len(runs) > 1 else ""
    return (
        f'<figure class="chart-box"><h3>{safe(chart["title"])}</h3>{run}'
        f"<p>Rows: {safe(chart['y_label'])}. Columns: {safe(chart['x_label'])}. Outlined where the two agree.</p>"
        f'<div class="wide"><table class="matrix"><thead><tr><td></td>{heads}<th scope="col" class="num">All</th></tr></thead>'
        f"<tbody>{''.join(lines)}</tbody></table></div></figure>"
    )


def _matrix_cell(value: float, total: float, *, same: bool) -> str:
    shade = round(9 * value / total) if total else 0
    return f'<td class="num s{shade}{" same" if same else ""}">{tidy(value)}</td>'


def _times(runs: Sequence[Run]) -> str:
    times = [stage_times(run) for run in runs]
    stages = dict.fromkeys(stage for time in times for stage in time)
    if not stages:
        return ""
    most = max(time[stage][1]["mean"] for time in times for stage in time)
    axis = charts.spread(0.0, most or 1.0, lambda value: number(value, "seconds") if value else "0")
    rows = "".join(_time_row(stage, times, axis, runs) for stage in stages)
    heads = run_heads(runs) if len(runs) > 1 else head("p50", "p95", number=True)
    return (
        "<h3>Time a case</h3><p>The mark is what half of the cases take at most, the line ends where all but a twentieth "
        "are done. Wall clock; the first case also loads the models.</p>"
        + drawn_table("Stage", axis, heads, rows, even=len(runs) <= EVEN)
    )


def _time_row(
    stage: str, times: Sequence[Mapping[str, tuple[Figure, Figure]]], axis: charts.Axis, runs: Sequence[Run]
) -> str:
    found = [(at, time[stage][0]["mean"], time[stage][1]["mean"]) for at, time in enumerate(times) if stage in time]
    said = "; ".join(f"{runs[at]['name']} {number(p50, 'seconds')}, {number(p95, 'seconds')}" for at, p50, p95 in found)
    chart = charts.span(found, axis, f"{stage_name(stage)}, half and 95 % of the cases: {said}")
    cells = "".join(
        _time_cells(time.get(stage), run["name"] if len(runs) > 1 else "")
        for run, time in zip(runs, times, strict=True)
    )
    return f'<tr><th scope="row">{safe(stage_name(stage))}</th><td class="chart">{chart}</td>{cells}</tr>'


def _time_cells(time: tuple[Figure, Figure] | None, run: str) -> str:
    """One cell where runs stand side by side, else one each for p50 and p95."""
    if time is None:
        return f'<td class="num none" data-label="{safe(run)}" colspan="{1 if run else 2}">not measured</td>'
    p50, p95 = (number(figure["mean"], "seconds") for figure in time)
    first, last = (interval(figure, "seconds") for figure in time)
    if run:
        limits = f"<small>{first}</small>" if first else ""
        return f'<td class="num" data-label="{safe(run)}"><b>{p50}</b>{limits}<small>p95 {p95}</small></td>'
    return (
        f'<td class="num" data-label="p50"><b>{p50}</b><small>{first}</small></td>'
        f'<td class="num" data-label="p95">{p95}<small>{last}</small></td>'
    )


def _lost(runs: Sequence[Run]) -> str:
    counts = [lost_counts(run) for run in runs]
    found = dict.fromkeys(stage for count in counts for stage in count)
    stages = [stage for stage in STAGES if stage in found] + [stage for stage in found if stage not in STAGES]
    if not stages:
        return "<p>No case was lost.</p>"
    most = max(count.get(stage, 0) for count in counts for stage in stages)
    rows = []
    for stage in stages:
        bars = "".join(
            _bar(count.get(stage, 0), most, at, run["name"])
            for at, (run, count) in enumerate(zip(runs, counts, strict=True))
        )
        why = f"<small>{safe(STAGES[stage])}</small>" if stage in STAGES else ""
        rows.append(
            f'<tr><th scope="row"><a href="#cases" data-stage="{safe(stage)}">{safe(stage.capitalize())}</a>{why}</th>'
            f'<td class="bars">{bars}</td></tr>'
        )
    return (
        "<p>Each case that came out wrong is counted once, at the first stage that lost it. Follow a stage to its cases.</p>"
        f"{legend(range(len(runs)), runs)}"
        f'<table class="lost"><thead><tr>{head("Stage", "Cases")}</tr></thead><tbody>{"".join(rows)}</tbody></table>'
    )


def _bar(count: int, most: int, at: int, name: str) -> str:
    return f'<span class="bar-row">{charts.bar(count, most, at, f"{name}: {count}")}<span>{count}</span></span>'
