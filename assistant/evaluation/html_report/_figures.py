"""Every figure with its interval, group by group; runs side by side."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.evaluation import charts
from assistant.evaluation.html_report._markup import (
    EVEN,
    Figure,
    Run,
    drawn_table,
    head,
    metric_name,
    number_cell,
    percent,
    run_heads,
    safe,
    section,
)
from assistant.evaluation.reading import GROUP_TITLES, Unit, groups_of, interval, number, unapplied, unit_of


def figures_section(runs: Sequence[Run]) -> str:
    metrics = [run["metrics"] for run in runs]
    tables = "".join(_group(group, names, runs) for group, names in groups_of(metrics))
    idle = ", ".join(map(safe, unapplied(metrics)))
    unsaid = f'<p class="idle">Applies to no case here, and has no figure: {idle}.</p>' if idle else ""
    bootstrap = runs[0].get("bootstrap") or {}
    return section(
        "figures",
        "Figures",
        f"<p>The mark is the figure, the line its {percent(bootstrap)} interval: {safe(bootstrap.get('method'))} bootstrap "
        f"over cases, {safe(bootstrap.get('resamples'))} resamples. <i>n</i> is the number of cases that a figure is made "
        f"from; a figure applies to no other case, and a case that it does not apply to is not a zero.</p>{tables}{unsaid}",
    )


def _group(group: str, names: Sequence[str], runs: Sequence[Run]) -> str:
    title = GROUP_TITLES.get(group, group or "Other figures")
    first = {name: next(run["metrics"][name] for run in runs if name in run["metrics"]) for name in names}
    units = {name: unit_of(name, figure) for name, figure in first.items()}
    axis = charts.SHARES if all(unit == "share" for unit in units.values()) else charts.UNITS
    drawn = any(unit in ("share", "score") for unit in units.values())
    heads = run_heads(runs) if len(runs) > 1 else head("Figure", "Interval", "n", "Not applicable", number=True)
    rows = "".join(_figure_row(name, first[name], units[name], runs, axis, drawn) for name in names)
    caption = f"<h3>{safe(title)}</h3>"
    return drawn_table("Metric", axis if drawn else None, heads, rows, caption, even=len(runs) <= EVEN)


def _figure_row(name: str, figure: Figure, unit: Unit, runs: Sequence[Run], axis: charts.Axis, drawn: bool) -> str:
    figures = [run["metrics"].get(name) for run in runs]
    marks = [
        charts.Whisker(at, one["mean"], one.get("low"), one.get("high"))
        for at, one in enumerate(figures)
        if one and one.get("mean") is not None and unit in ("share", "score") and 0 <= one["mean"] <= 1
    ]
    said = "; ".join(
        f"{run['name']} {_said(one, unit)}" for run, one in zip(runs, figures, strict=True) if one is not None
    )
    chart = (
        f'<td class="chart">{charts.whiskers(marks, axis, f"{name}: {said}") if marks else ""}</td>' if drawn else ""
    )
    cells = (
        _single(figures[0], unit)
        if len(runs) == 1
        else "".join(_stacked(one, unit, run["name"]) for run, one in zip(runs, figures, strict=True))
    )
    return f'<tr><th scope="row">{metric_name(name, figure)}</th>{chart}{cells}</tr>'


def _said(figure: Figure, unit: Unit) -> str:
    limits = interval(figure, unit)
    return f"{number(figure.get('mean'), unit)}{f' ({limits})' if limits else ''}"


def _single(figure: Figure | None, unit: Unit) -> str:
    if figure is None or figure.get("mean") is None:
        rest = number_cell(figure.get("excluded", 0), "Not applicable") if figure else "<td></td>"
        return f'<td class="num none" colspan="3">not applicable to any case</td>{rest}'
    return (
        f'<td class="num main" data-label="Figure">{number(figure["mean"], unit)}</td>'
        f'<td class="num" data-label="Interval">{interval(figure, unit) or "none"}</td>'
        f"{number_cell(figure['n'], 'n')}{number_cell(figure.get('excluded', 0), 'Not applicable')}"
    )


def _stacked(figure: Figure | None, unit: Unit, run: str) -> str:
    label = f' data-label="{safe(run)}"'
    if figure is None:
        return f'<td class="num none"{label}>not measured</td>'
    if figure.get("mean") is None:
        return (
            f'<td class="num none"{label}>not applicable<small>{figure.get("excluded", 0)} not applicable</small></td>'
        )
    return (
        f'<td class="num"{label}><b>{number(figure["mean"], unit)}</b><small>{interval(figure, unit) or "no interval"}</small>'
        f"<small>n {figure['n']} · {figure.get('excluded', 0)} not applicable</small></td>"
    )
