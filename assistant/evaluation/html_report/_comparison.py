"""Runs against their baseline: differences with intervals and p, and the cases that changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from assistant.evaluation import charts
from assistant.evaluation.html_report._markup import (
    Figure,
    Run,
    drawn_table,
    head,
    metric_name,
    number_cell,
    plural,
    safe,
    section,
    tidy,
)
from assistant.evaluation.reading import Document, Unit, p_value, points, unit_of


def comparison_section(document: Document, opening: Sequence[Sequence[int]]) -> str:
    """`opening`: of each run the places of the cases that can be opened; the names of others are no links."""
    comparisons = document.get("comparisons") or ()
    if not comparisons:
        return ""
    runs: Sequence[Run] = document["runs"]
    tables = "".join(_comparison(comparison, runs, opening) for comparison in comparisons)
    return section(
        "comparison",
        "Comparison",
        "<p>Case by case over the cases that both runs have. A difference is the run less its baseline. Where the line "
        "crosses the middle, chance explains the difference well enough; of twenty figures without any difference, one "
        f"has p below 0.05.</p>{tables}",
    )


def _comparison(comparison: Figure, runs: Sequence[Run], opening: Sequence[Sequence[int]]) -> str:
    at = next((at for at, run in enumerate(runs) if run["name"] == comparison["run"]), 0)
    metrics: Mapping[str, Figure] = comparison["metrics"]
    units = {name: unit_of(name, _known(name, runs)) for name in metrics}
    ends = [abs(one[end]) for name, one in metrics.items() for end in ("low", "high") if one.get(end) is not None]
    most = max([*ends, *(abs(one["difference"] or 0) for one in metrics.values())], default=0) or 1.0
    axis = charts.spread(-most, most, lambda value: f"{100 * value:+.0f}".replace("-", "−") if value else "0")
    rows = "".join(_difference_row(name, one, units[name], at, axis, runs) for name, one in metrics.items())
    heads = head("Difference", "Interval", "p", "n", "Better", "Worse", number=True)
    title = f"{safe(comparison['run'])} against {safe(comparison['baseline'])}"
    caption = f"<h3>{charts.key(at)} {title}</h3><p>{plural(comparison['n'], 'case')} in both</p>"
    return drawn_table("Metric", axis, heads, rows, caption) + _changed(comparison, at, runs, opening[at])


def _known(name: str, runs: Sequence[Run]) -> Figure:
    return next((run["metrics"][name] for run in runs if name in run["metrics"]), {})


def _difference_row(name: str, one: Figure, unit: Unit, at: int, axis: charts.Axis, runs: Sequence[Run]) -> str:
    figure = _known(name, runs)
    difference, limits = points(one, unit)
    low, high = one.get("low"), one.get("high")
    mark = [charts.Whisker(at, one["difference"], low, high)] if one["difference"] is not None else []
    clear = low is not None and high is not None and (low > 0 or high < 0)
    chart = charts.whiskers(mark, axis, f"{name}: {difference} ({limits})") if mark else ""
    return (
        f'<tr><th scope="row">{metric_name(name, figure)}</th><td class="chart">{chart}</td>'
        f'<td class="num" data-label="Difference">{f"<b>{difference}</b>" if clear else difference}</td>'
        f'<td class="num" data-label="Interval">{limits or "none"}</td>'
        f'<td class="num" data-label="p">{p_value(one.get("p"))}<small>{safe(one.get("test"))}</small></td>'
        f"{number_cell(one['n'], 'n')}{number_cell(one['better'], 'Better')}{number_cell(one['worse'], 'Worse')}</tr>"
    )


def _changed(comparison: Figure, at: int, runs: Sequence[Run], opening: Sequence[int]) -> str:
    changed = comparison.get("changed") or ()
    if not changed:
        return "<p>No case changed.</p>"
    cases = runs[at]["cases"]
    places = {(cases[row]["set"], cases[row]["id"]): row for row in opening}
    metrics: dict[str, list[Figure]] = {}
    for row in changed:
        metrics.setdefault(row["metric"], []).append(row)
    parts = "".join(_changed_metric(name, rows, at, places, runs) for name, rows in metrics.items())
    return f'<div class="changed"><h4>Changed cases</h4>{parts}</div>'


def _changed_metric(
    name: str, rows: Sequence[Figure], at: int, places: Mapping[tuple[str, str], int], runs: Sequence[Run]
) -> str:
    up = _known(name, runs).get("higher_is_better", True)
    items = []
    for row in rows:
        place = places.get((row["set"], row["id"]))
        text = safe(row["id"])
        link = text if place is None else f'<a href="#case-{at}-{place}">{text}</a>'
        before, after = tidy(row["baseline"]), tidy(row["run"])
        way = (
            "" if up is None or not _comparable(row) else "better" if (row["run"] > row["baseline"]) == up else "worse"
        )
        items.append(f'<li class="{way}">{link} <span>{before} → {after}{f", {way}" if way else ""}</span></li>')
    return f"<details><summary>{safe(name)}: {plural(len(rows), 'case')}</summary><ul>{''.join(items)}</ul></details>"


def _comparable(row: Figure) -> bool:
    return isinstance(row["run"], int | float) and isinstance(row["baseline"], int | float)
