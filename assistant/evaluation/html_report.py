"""A report document to one HTML page that needs nothing else: figures and charts written here, cases drawn by report.js.

The page's policy allows its own script and style by their hashes and nothing besides, no request and no innerHTML. All
that comes from the document is escaped; the cases travel as JSON, see case_data.py.
"""

from __future__ import annotations

import json
import re
from base64 import b64encode
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from hashlib import sha256
from html import escape
from pathlib import Path
from typing import Any

from assistant.evaluation import charts
from assistant.evaluation.case_data import case_data, script_json
from assistant.evaluation.reading import (
    GROUP_TITLES,
    STAGES,
    Document,
    Unit,
    groups_of,
    interval,
    lost_counts,
    meaning_of,
    number,
    outcomes,
    p_value,
    points,
    require_report,
    shared_caveats,
    stage_name,
    stage_times,
    unapplied,
    unit_of,
    whole,
)

HERE = Path(__file__).resolve().parent
SHOWN = 3  # errors, bad lines or missing articles that are named before the rest is folded away
EVEN = 3  # runs that fit side by side
MOST_PARTS = 8  # columns of the breakdown
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")

Run = Mapping[str, Any]
Figure = Mapping[str, Any]

# What the sentence at the top says, in this order, where the run has the figure.
_IN_WORDS = (
    ("hit@4", "A right passage was among the first four for {share} of {n} cases with gold{interval}."),
    ("answer_contains", "The answer held an accepted answer in {share} of {n} cases{interval}."),
    ("choice_accuracy", "The right choice was taken in {share} of {n}{interval}."),
    ("verdict_accuracy", "The verdict was right on {share} of {n} claims{interval}."),
    ("false_abstention", "It abstained wrongly on {share} of {n} answerable questions{interval},"),
    ("correct_abstention", "and rightly on {share} of {n} that the articles do not answer{interval}."),
)


def html_page(document: Document) -> str:
    """The whole page. Raises WrongUse for what is no report document."""
    require_report(document)
    style, script = ((HERE / name).read_text("utf-8") for name in ("report.css", "report.js"))
    runs: Sequence[Run] = document["runs"]
    body = "".join(
        (
            _heading(document),
            _figures(runs),
            _charts(runs),
            _comparisons(document),
            _parts(runs),
            _cases(runs),
            _settings(document),
        )
    )
    data = script_json(case_data(document))
    return whole(
        f'<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_policy(script, style)}">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<meta name="referrer" content="no-referrer">\n<meta name="color-scheme" content="light dark">\n'
        f"<title>Evaluation: {_e(', '.join(_sets(runs)))}, {_e(document.get('made'))}</title>\n"
        f"<style>{style}</style>\n</head>\n<body>\n{body}\n"
        f'<script type="application/json" id="data">{data}</script>\n<script>{script}</script>\n</body>\n</html>\n'
    )


def _policy(script: str, style: str) -> str:
    """`trusted-types 'none'`: not even the page's own script could write markup."""
    script_hash, style_hash = (b64encode(sha256(text.encode()).digest()).decode() for text in (script, style))
    return (
        f"default-src 'none'; script-src 'sha256-{script_hash}'; style-src 'sha256-{style_hash}'; "
        "base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
    )


# -- heading


def _heading(document: Document) -> str:
    runs: Sequence[Run] = document["runs"]
    n = len(runs[0]["cases"])
    systems = (
        f"<li>{charts.key(at)} {_e(run['name'])}{' (the baseline)' if at == 0 and len(runs) > 1 else ''}</li>"
        for at, run in enumerate(runs)
    )
    return (
        f'<header class="top"><p class="kicker">Evaluation report · {_day(document.get("made"))}</p>'
        f"<h1>{_e(' and '.join(_sets(runs)))}</h1>"
        f'<p class="lead">{_summary(runs[0])}</p>'
        f'<p class="runs-label">{n} cases, {_plural(len(runs), "run")}:</p><ul class="runs">{"".join(systems)}</ul>'
        f"{_warnings(runs)}</header>{_contents(document)}<main>"
    )


def _day(text: Any) -> str:
    """ "23 November 2026"; as it is when it is no date."""
    try:
        day = date.fromisoformat(str(text))
    except ValueError:
        return _e(text)
    return f'<time datetime="{day}">{day.day} {day:%B %Y}</time>'


def _sets(runs: Sequence[Run]) -> list[str]:
    return list(dict.fromkeys(str(name) for run in runs for name in run.get("sets") or ())) or ["Evaluation"]


def _summary(run: Run) -> str:
    """The main figures in words, then what came of the cases."""
    said = []
    for name, template in _IN_WORDS:
        figure = run["metrics"].get(name)
        if figure and figure.get("mean") is not None:
            limits = interval(figure, "share")
            share, shown = f"<b>{number(figure['mean'])}</b>", f" ({limits})" if limits else ""
            said.append(template.format(share=share, n=figure["n"], interval=shown))
    right, wrong, open_ = outcomes(run)
    rest = f", {open_} had nothing to compare" if open_ else ""
    said.append(f"In all, <b>{right}</b> cases came out right and <b>{wrong}</b> wrong{rest}.")
    lost = lost_counts(run)
    if lost:
        stage = max(lost, key=lambda name: lost[name])
        said.append(f"Most often they were lost at “{_e(stage)}”: {lost[stage]}.")
    return _sentence_case(" ".join(said))


def _sentence_case(text: str) -> str:
    """Closes a sentence that its second half is missing from."""
    text = re.sub(r",( [A-Z])", r".\1", text)
    return re.sub(r"(^|[.] )and rightly", r"\1It abstained rightly", text)


def _warnings(runs: Sequence[Run]) -> str:
    items = "".join(f"<li><p>{_e(said)}</p>{_names(names)}</li>" for said, names in shared_caveats(runs))
    return f'<ul class="warnings" aria-label="What to know first">{items}</ul>' if items else ""


def _names(names: Sequence[str]) -> str:
    if not names:
        return ""
    shown = "".join(f"<li>{_e(name)}</li>" for name in names[:SHOWN])
    rest = "".join(f"<li>{_e(name)}</li>" for name in names[SHOWN:])
    more = f"<details><summary>{len(names) - SHOWN} more</summary><ul>{rest}</ul></details>" if rest else ""
    return f"<ul>{shown}</ul>{more}"


def _contents(document: Document) -> str:
    links = [("figures", "Figures"), ("charts", "Charts"), ("lost", "Where cases were lost")]
    links += [("comparison", "Comparison")] if document.get("comparisons") else []
    links += [("parts", "Parts")] if any(run.get("by") for run in document["runs"]) else []
    links += [("cases", "Cases"), ("settings", "Settings")]
    items = "".join(f'<li><a href="#{anchor}">{text}</a></li>' for anchor, text in links)
    return f'<nav aria-label="Contents"><ul>{items}</ul></nav>'


# -- figures


def _figures(runs: Sequence[Run]) -> str:
    metrics = [run["metrics"] for run in runs]
    tables = "".join(_group(group, names, runs) for group, names in groups_of(metrics))
    idle = ", ".join(map(_e, unapplied(metrics)))
    unsaid = f'<p class="idle">Applies to no case here, and has no figure: {idle}.</p>' if idle else ""
    bootstrap = runs[0].get("bootstrap") or {}
    return _section(
        "figures",
        "Figures",
        f"<p>The mark is the figure, the line its {_percent(bootstrap)} interval: {_e(bootstrap.get('method'))} bootstrap "
        f"over cases, {_e(bootstrap.get('resamples'))} resamples. <i>n</i> is the number of cases that a figure is made "
        f"from; a figure applies to no other case, and a case that it does not apply to is not a zero.</p>{tables}{unsaid}",
    )


def _group(group: str, names: Sequence[str], runs: Sequence[Run]) -> str:
    title = GROUP_TITLES.get(group, group or "Other figures")
    first = {name: next(run["metrics"][name] for run in runs if name in run["metrics"]) for name in names}
    units = {name: unit_of(name, figure) for name, figure in first.items()}
    axis = charts.SHARES if all(unit == "share" for unit in units.values()) else charts.UNITS
    drawn = any(unit in ("share", "score") for unit in units.values())
    heads = _run_heads(runs) if len(runs) > 1 else _head("Figure", "Interval", "n", "Not applicable", number=True)
    rows = "".join(_figure_row(name, first[name], units[name], runs, axis, drawn) for name in names)
    caption = f"<h3>{_e(title)}</h3>"
    return _drawn_table("Metric", axis if drawn else None, heads, rows, caption, even=len(runs) <= EVEN)


def _drawn_table(
    first: str, axis: charts.Axis | None, heads: str, rows: str, caption: str = "", *, even: bool = False
) -> str:
    """Names, drawings, numbers. Even tables stand column under column; where there are many runs each takes its room."""
    chart = "" if axis is None else f'<td class="chart">{charts.ticks(axis)}</td>'
    return (
        f'<div class="wide"><table class="figures{" even" if even else ""}">'
        f"{f'<caption>{caption}</caption>' if caption else ''}"
        f'<thead><tr><th scope="col">{first}</th>{chart}{heads}</tr></thead><tbody>{rows}</tbody></table></div>'
    )


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
    return f'<tr><th scope="row">{_metric_name(name, figure)}</th>{chart}{cells}</tr>'


def _metric_name(name: str, figure: Figure) -> str:
    better = {False: "lower is better", None: "neither high nor low is better"}.get(
        figure.get("higher_is_better", True), ""
    )
    notes = "; ".join(filter(None, (meaning_of(name), better)))
    return f'<span class="metric">{_e(name)}</span>{f"<small>{_e(notes)}</small>" if notes else ""}'


def _said(figure: Figure, unit: Unit) -> str:
    limits = interval(figure, unit)
    return f"{number(figure.get('mean'), unit)}{f' ({limits})' if limits else ''}"


def _single(figure: Figure | None, unit: Unit) -> str:
    if figure is None or figure.get("mean") is None:
        rest = _number(figure.get("excluded", 0), "Not applicable") if figure else "<td></td>"
        return f'<td class="num none" colspan="3">not applicable to any case</td>{rest}'
    return (
        f'<td class="num main" data-label="Figure">{number(figure["mean"], unit)}</td>'
        f'<td class="num" data-label="Interval">{interval(figure, unit) or "none"}</td>'
        f"{_number(figure['n'], 'n')}{_number(figure.get('excluded', 0), 'Not applicable')}"
    )


def _stacked(figure: Figure | None, unit: Unit, run: str) -> str:
    label = f' data-label="{_e(run)}"'
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


def _number(value: int | None, label: str) -> str:
    return f'<td class="num" data-label="{label}">{"–" if value is None else f"{value:,}"}</td>'


def _run_heads(runs: Sequence[Run]) -> str:
    return "".join(
        f'<th scope="col" class="num run">{charts.key(at)} {_e(run["name"])}</th>' for at, run in enumerate(runs)
    )


# -- charts


def _charts(runs: Sequence[Run]) -> str:
    kinds = {chart["name"]: chart["kind"] for run in runs for chart in run.get("charts") or ()}
    drawn = "".join(_chart(name, runs) for name in sorted(kinds, key=lambda name: kinds[name]))  # curves, then tables
    grid = f'<div class="chart-grid">{drawn}</div>' if drawn else "<p>There were too few cases for a curve.</p>"
    return _section("charts", "Charts", grid + _times(runs)) + _section("lost", "Where cases were lost", _lost(runs))


def _chart(name: str, runs: Sequence[Run]) -> str:
    found = [(at, chart) for at, run in enumerate(runs) for chart in run.get("charts") or () if chart["name"] == name]
    if found[0][1]["kind"] == "matrix":
        return "".join(_matrix(chart, at, runs) for at, chart in found)
    return _curve(name, found, runs)


_CURVE_NOTES = {
    "reliability": "On the diagonal, confidence says how often the assistant is right; below it, it is too sure. "
    "The bars count cases.",
    "risk_coverage": "From left to right less sure answers join. A curve that rises late means that confidence puts the "
    "wrong ones last.",
}


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
        f'<figure class="chart-box"><h3>{_e(first["title"])}</h3>{f"<p>{note}</p>" if note else ""}{drawing}'
        f"{_legend([at for at, _ in found], runs)}{_curve_table(found, runs)}</figure>"
    )


def _legend(shown: Iterable[int], runs: Sequence[Run]) -> str:
    """The runs' shapes and names; nothing where there is one run."""
    items = "".join(f"<li>{charts.key(at)} {_e(runs[at]['name'])}</li>" for at in shown)
    return f'<ul class="runs">{items}</ul>' if len(runs) > 1 else ""


def _curve_table(found: Sequence[tuple[int, Figure]], runs: Sequence[Run]) -> str:
    first = found[0][1]
    rows = [
        (f"<td>{_e(runs[at]['name'])}</td>" if len(found) > 1 else "")
        + "".join(f'<td class="num">{_tidy(value)}</td>' for value in point)
        + ("<td></td>" if len(point) < 3 else "")
        for at, chart in found
        for point in chart["points"]
    ]
    run = '<th scope="col">Run</th>' if len(found) > 1 else ""
    return (
        f'<details class="numbers"><summary>Numbers</summary><div class="wide"><table><thead><tr>{run}'
        f"{_head(first['x_label'], first['y_label'], 'n', number=True)}</tr></thead>"
        f"<tbody>{''.join(f'<tr>{row}</tr>' for row in rows)}</tbody></table></div></details>"
    )


def _matrix(chart: Figure, at: int, runs: Sequence[Run]) -> str:
    rows, labels = chart["points"], [str(label) for label in chart["labels"]]
    heads = "".join(f'<th scope="col" class="num">{_e(_words(label))}</th>' for label in labels)
    lines = []
    for label, row in zip(labels, rows, strict=False):
        total = sum(row)
        cells = "".join(
            _matrix_cell(value, total, same=column == label) for column, value in zip(labels, row, strict=False)
        )
        lines.append(f'<tr><th scope="row">{_e(_words(label))}</th>{cells}<td class="num">{_tidy(total)}</td></tr>')
    run = f"<p>{charts.key(at)} {_e(runs[at]['name'])}</p>" if len(runs) > 1 else ""
    return (
        f'<figure class="chart-box"><h3>{_e(chart["title"])}</h3>{run}'
        f"<p>Rows: {_e(chart['y_label'])}. Columns: {_e(chart['x_label'])}. Outlined where the two agree.</p>"
        f'<div class="wide"><table class="matrix"><thead><tr><td></td>{heads}<th scope="col" class="num">All</th></tr></thead>'
        f"<tbody>{''.join(lines)}</tbody></table></div></figure>"
    )


def _matrix_cell(value: float, total: float, *, same: bool) -> str:
    shade = round(9 * value / total) if total else 0
    return f'<td class="num s{shade}{" same" if same else ""}">{_tidy(value)}</td>'


def _times(runs: Sequence[Run]) -> str:
    times = [stage_times(run) for run in runs]
    stages = dict.fromkeys(stage for time in times for stage in time)
    if not stages:
        return ""
    most = max(time[stage][1]["mean"] for time in times for stage in time)
    axis = charts.spread(0.0, most or 1.0, lambda value: number(value, "seconds") if value else "0")
    rows = "".join(_time_row(stage, times, axis, runs) for stage in stages)
    heads = _run_heads(runs) if len(runs) > 1 else _head("p50", "p95", number=True)
    return (
        "<h3>Time a case</h3><p>The mark is what half of the cases take at most, the line ends where all but a twentieth "
        "are done. Wall clock; the first case also loads the models.</p>"
        + _drawn_table("Stage", axis, heads, rows, even=len(runs) <= EVEN)
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
    return f'<tr><th scope="row">{_e(stage_name(stage))}</th><td class="chart">{chart}</td>{cells}</tr>'


def _time_cells(time: tuple[Figure, Figure] | None, run: str) -> str:
    """One cell where runs stand side by side, else one each for p50 and p95."""
    if time is None:
        return f'<td class="num none" data-label="{_e(run)}" colspan="{1 if run else 2}">not measured</td>'
    p50, p95 = (number(figure["mean"], "seconds") for figure in time)
    first, last = (interval(figure, "seconds") for figure in time)
    if run:
        limits = f"<small>{first}</small>" if first else ""
        return f'<td class="num" data-label="{_e(run)}"><b>{p50}</b>{limits}<small>p95 {p95}</small></td>'
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
        why = f"<small>{_e(STAGES[stage])}</small>" if stage in STAGES else ""
        rows.append(
            f'<tr><th scope="row"><a href="#cases" data-stage="{_e(stage)}">{_e(stage.capitalize())}</a>{why}</th>'
            f'<td class="bars">{bars}</td></tr>'
        )
    return (
        "<p>Each case that came out wrong is counted once, at the first stage that lost it. Follow a stage to its cases.</p>"
        f"{_legend(range(len(runs)), runs)}"
        f'<table class="lost"><thead><tr>{_head("Stage", "Cases")}</tr></thead><tbody>{"".join(rows)}</tbody></table>'
    )


def _bar(count: int, most: int, at: int, name: str) -> str:
    return f'<span class="bar-row">{charts.bar(count, most, at, f"{name}: {count}")}<span>{count}</span></span>'


# -- comparison


def _comparisons(document: Document) -> str:
    comparisons = document.get("comparisons") or ()
    if not comparisons:
        return ""
    runs: Sequence[Run] = document["runs"]
    tables = "".join(_comparison(comparison, runs) for comparison in comparisons)
    return _section(
        "comparison",
        "Comparison",
        "<p>Case by case over the cases that both runs have. A difference is the run less its baseline. Where the line "
        "crosses the middle, chance explains the difference well enough; of twenty figures without any difference, one "
        f"has p below 0.05.</p>{tables}",
    )


def _comparison(comparison: Figure, runs: Sequence[Run]) -> str:
    at = next((at for at, run in enumerate(runs) if run["name"] == comparison["run"]), 0)
    metrics: Mapping[str, Figure] = comparison["metrics"]
    units = {name: unit_of(name, _known(name, runs)) for name in metrics}
    ends = [abs(one[end]) for name, one in metrics.items() for end in ("low", "high") if one.get(end) is not None]
    most = max([*ends, *(abs(one["difference"] or 0) for one in metrics.values())], default=0) or 1.0
    axis = charts.spread(-most, most, lambda value: f"{100 * value:+.0f}".replace("-", "−") if value else "0")
    rows = "".join(_difference_row(name, one, units[name], at, axis, runs) for name, one in metrics.items())
    heads = _head("Difference", "Interval", "p", "n", "Better", "Worse", number=True)
    title = f"{_e(comparison['run'])} against {_e(comparison['baseline'])}"
    caption = f"<h3>{charts.key(at)} {title}</h3><p>{_plural(comparison['n'], 'case')} in both</p>"
    return _drawn_table("Metric", axis, heads, rows, caption) + _changed(comparison, at, runs)


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
        f'<tr><th scope="row">{_metric_name(name, figure)}</th><td class="chart">{chart}</td>'
        f'<td class="num" data-label="Difference">{f"<b>{difference}</b>" if clear else difference}</td>'
        f'<td class="num" data-label="Interval">{limits or "none"}</td>'
        f'<td class="num" data-label="p">{p_value(one.get("p"))}<small>{_e(one.get("test"))}</small></td>'
        f"{_number(one['n'], 'n')}{_number(one['better'], 'Better')}{_number(one['worse'], 'Worse')}</tr>"
    )


def _changed(comparison: Figure, at: int, runs: Sequence[Run]) -> str:
    changed = comparison.get("changed") or ()
    if not changed:
        return "<p>No case changed.</p>"
    places = {(case["set"], case["id"]): row for row, case in enumerate(runs[at]["cases"])}
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
        text = _e(row["id"])
        link = text if place is None else f'<a href="#case-{at}-{place}">{text}</a>'
        before, after = _tidy(row["baseline"]), _tidy(row["run"])
        way = (
            "" if up is None or not _comparable(row) else "better" if (row["run"] > row["baseline"]) == up else "worse"
        )
        items.append(f'<li class="{way}">{link} <span>{before} → {after}{f", {way}" if way else ""}</span></li>')
    return f"<details><summary>{_e(name)}: {_plural(len(rows), 'case')}</summary><ul>{''.join(items)}</ul></details>"


def _comparable(row: Figure) -> bool:
    return isinstance(row["run"], int | float) and isinstance(row["baseline"], int | float)


# -- parts


_MAIN = (
    "hit@1 hit@4 hit@10 answer_contains choice_accuracy verdict_accuracy false_abstention correct_abstention "
    "citation_exactness gold_citation mrr@10"
).split()


def _parts(runs: Sequence[Run]) -> str:
    tables = "".join(_part_table(run, at, len(runs)) for at, run in enumerate(runs) if run.get("by"))
    note = (
        "<p>The same figures over parts of the cases; only parts of five cases and more. Below each figure its n.</p>"
    )
    return _section("parts", "Parts", note + tables) if tables else ""


def _part_table(run: Run, at: int, runs: int) -> str:
    by: Mapping[str, Mapping[str, Figure]] = run["by"]
    known = {name for figures in by.values() for name, figure in figures.items() if figure.get("mean") is not None}
    names = [name for name in [*_MAIN, *(name for name in run["metrics"] if name not in _MAIN)] if name in known]
    names = names[:MOST_PARTS]
    units = {name: unit_of(name, run["metrics"].get(name) or {}) for name in names}
    rows = "".join(
        f"<tr>{_part_name(part)}{''.join(_part_cell(figures.get(name), unit, name) for name, unit in units.items())}</tr>"
        for part, figures in by.items()
    )
    heads = "".join(f'<th scope="col" class="num">{_e(name)}</th>' for name in names)
    table = (
        f'<div class="wide"><table class="parts"><thead><tr><th scope="col">Part</th>{heads}</tr></thead>'
        f"<tbody>{rows}</tbody></table></div>"
    )
    if runs == 1:
        return table
    opened = " open" if at == 0 else ""
    return f"<details{opened}><summary>{charts.key(at)} {_e(run['name'])}</summary>{table}</details>"


def _part_name(part: str) -> str:
    kind, _, name = part.partition(":")
    return f'<th scope="row">{_e(name or part)}<small>{_e(kind)}</small></th>'


def _part_cell(figure: Figure | None, unit: Unit, name: str) -> str:
    if figure is None or figure.get("mean") is None:
        return f'<td class="num none" data-label="{_e(name)}"><abbr title="not applicable">–</abbr></td>'
    limits = interval(figure, unit)
    title = f' title="{limits}"' if limits else ""
    return f'<td class="num" data-label="{_e(name)}"{title}>{number(figure["mean"], unit)}<small>{figure["n"]}</small></td>'


# -- cases and settings


def _cases(runs: Sequence[Run]) -> str:
    """What report.js fills in: the options that the cases have, and the list."""
    cases = [case for run in runs for case in run["cases"]]
    stages = dict.fromkeys(stage for run in runs for stage in lost_counts(run))
    choices = (
        ("run", "Run", [*((str(at), run["name"]) for at, run in enumerate(runs)), ("", "all runs")], len(runs) > 1),
        (
            "outcome",
            "Outcome",
            [("", "all"), ("wrong", "wrong or failed"), ("right", "right"), ("none", "not judged")],
            True,
        ),
        ("stage", "Lost at", _options(stages), True),
        ("set", "Set", _options(dict.fromkeys(case["set"] for case in cases)), len({c["set"] for c in cases}) > 1),
        ("tag", "Tag", _options(dict.fromkeys(sorted({tag for c in cases for tag in c.get("tags") or ()}))), True),
    )
    selects = "".join(_select(*choice[:3]) for choice in choices if choice[3])
    return _section(
        "cases",
        "Cases",
        "<p>Failures come first. Open a case for its answer, its gold and the passages that were found.</p>"
        f'<form class="filters" role="search" aria-label="Filter the cases">{selects}'
        '<p class="find"><label for="filter-text">Text</label>'
        '<input type="search" id="filter-text" name="text" autocomplete="off" spellcheck="false"></p>'
        '<button type="button">Show all</button></form>'
        '<p id="shown" role="status" aria-live="polite"></p><ol id="list" class="cases"></ol>'
        '<button type="button" id="more" hidden>Show more</button>'
        "<noscript><p>The cases need JavaScript; the figures above do not.</p></noscript>",
    )


def _options(values: Iterable[str]) -> list[tuple[str, str]]:
    return [("", "all"), *((value, value) for value in values)]


def _select(name: str, label: str, options: Sequence[tuple[str, str]]) -> str:
    items = "".join(f'<option value="{_e(value)}">{_e(text)}</option>' for value, text in options)
    field = f"filter-{name}"
    return f'<p><label for="{field}">{label}</label><select id="{field}" name="{name}">{items}</select></p>'


def _settings(document: Document) -> str:
    runs: Sequence[Run] = document["runs"]
    flat = [_flat(run.get("settings") or {}) for run in runs]
    keys = list(dict.fromkeys(key for settings in flat for key in settings))
    differ = [key for key in keys if len({settings.get(key, "") for settings in flat}) > 1]
    facts = "".join(_facts(run, at, len(runs)) for at, run in enumerate(runs))
    parts = [f'<div class="facts">{facts}</div>', _repeat(runs[0])]
    if differ:
        parts.append(f"<h3>What the runs were set to differently</h3>{_settings_table(differ, flat, runs)}")
    parts.append(f"<details><summary>All {len(keys)} settings</summary>{_settings_table(keys, flat, runs)}</details>")
    return _section("settings", "Settings", "".join(parts)) + "</main>"


def _settings_table(keys: Sequence[str], flat: Sequence[Mapping[str, str]], runs: Sequence[Run]) -> str:
    if len({tuple(settings.items()) for settings in flat}) == 1:
        flat, heads = flat[:1], _head("Value")
    else:
        heads = "".join(f'<th scope="col">{charts.key(at)} {_e(run["name"])}</th>' for at, run in enumerate(runs))
    rows = "".join(
        f'<tr><th scope="row">{_e(key)}</th>{_cells(settings.get(key, "") for settings in flat)}</tr>' for key in keys
    )
    return (
        f'<div class="wide"><table class="settings"><thead><tr><th scope="col">Setting</th>{heads}</tr></thead>'
        f"<tbody>{rows}</tbody></table></div>"
    )


def _cells(values: Iterable[str]) -> str:
    return "".join(f"<td>{_e(value)}</td>" for value in values)


def _facts(run: Run, at: int, runs: int) -> str:
    library, bootstrap = run.get("library") or {}, run.get("bootstrap") or {}
    rows = {
        "Library": ", ".join(f"{count:,} {name}" for name, count in library.items()),
        "Its fingerprint": run.get("fingerprint"),
        "Passages a search": run.get("k"),
        "Workers": run.get("workers"),
        "Took": number(run.get("seconds"), "seconds"),
        "Resamples, seed": f"{bootstrap.get('resamples')}, {bootstrap.get('seed')}",
        "Versions": ", ".join(f"{name} {version}" for name, version in (run.get("versions") or {}).items()),
    }
    items = "".join(f"<div><dt>{name}</dt><dd>{_e(value)}</dd></div>" for name, value in rows.items() if value)
    name = f"<h3>{charts.key(at)} {_e(run['name'])}</h3>" if runs > 1 else ""
    return f"<div>{name}<dl>{items}</dl></div>"


def _repeat(run: Run) -> str:
    command = run.get("command") or "assistant evaluate " + " ".join(f"{name}.jsonl" for name in run.get("sets") or ())
    return (
        "<h3>To repeat it</h3><p>The fingerprint tells whether a library holds the same articles. With the settings below "
        f"in <code>assistant.toml</code> and the versions above, run:</p><pre><code>{_e(command)}</code></pre>"
    )


def _flat(settings: Mapping[str, Any], prefix: str = "") -> dict[str, str]:
    """Nested settings as "chat.model": value, values as JSON unless they are text."""
    flat: dict[str, str] = {}
    for key, value in settings.items():
        if isinstance(value, Mapping) and value:
            flat |= _flat(value, f"{prefix}{key}.")
        else:
            flat[f"{prefix}{key}"] = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return flat


# -- markup


def _section(anchor: str, title: str, body: str) -> str:
    return (
        f'<section id="{anchor}" aria-labelledby="{anchor}-title"><h2 id="{anchor}-title">{title}</h2>{body}</section>'
    )


def _head(*names: str, number: bool = False) -> str:
    kind = ' class="num"' if number else ""
    return "".join(f'<th scope="col"{kind}>{_e(name)}</th>' for name in names)


def _e(value: Any) -> str:
    """Escaped for text and for quoted attributes."""
    return escape(_CONTROLS.sub("\ufffd", "" if value is None else str(value)))


def _tidy(value: Any) -> str:
    """A number with at most three decimals, or several of them."""
    if isinstance(value, list | tuple):
        return ", ".join(map(_tidy, value))
    return f"{value:.3f}".rstrip("0").rstrip(".") if isinstance(value, float) else _e(value)


def _words(label: str) -> str:
    return label.replace("_", " ")


def _percent(bootstrap: Figure) -> str:
    return f"{100 * (bootstrap.get('confidence') or 0.95):.0f}\u00a0%"


def _plural(n: int, noun: str) -> str:
    return f"{n:,} {noun}{'' if n == 1 else 's'}"
