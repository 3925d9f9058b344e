"""What the sections of the report are made of: escaped text, tables with a column of drawings, names of metrics and runs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any

from assistant.evaluation import charts
from assistant.evaluation.reading import meaning_of

Run = Mapping[str, Any]
Figure = Mapping[str, Any]

EVEN = 3  # runs that fit side by side

_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def section(anchor: str, title: str, body: str) -> str:
    return (
        f'<section id="{anchor}" aria-labelledby="{anchor}-title"><h2 id="{anchor}-title">{title}</h2>{body}</section>'
    )


def drawn_table(
    first: str, axis: charts.Axis | None, heads: str, rows: str, caption: str = "", *, even: bool = False
) -> str:
    """Names, drawings, numbers. Even tables stand column under column; where there are many runs each takes its room."""
    chart = "" if axis is None else f'<td class="chart">{charts.ticks(axis)}</td>'
    return (
        f'<div class="wide"><table class="figures{" even" if even else ""}">'
        f"{f'<caption>{caption}</caption>' if caption else ''}"
        f'<thead><tr><th scope="col">{first}</th>{chart}{heads}</tr></thead><tbody>{rows}</tbody></table></div>'
    )


def head(*names: str, number: bool = False) -> str:
    kind = ' class="num"' if number else ""
    return "".join(f'<th scope="col"{kind}>{safe(name)}</th>' for name in names)


def run_heads(runs: Sequence[Run]) -> str:
    return "".join(
        f'<th scope="col" class="num run">{charts.key(at)} {safe(run["name"])}</th>' for at, run in enumerate(runs)
    )


def legend(shown: Iterable[int], runs: Sequence[Run]) -> str:
    """The runs' shapes and names; nothing where there is one run."""
    items = "".join(f"<li>{charts.key(at)} {safe(runs[at]['name'])}</li>" for at in shown)
    return f'<ul class="runs">{items}</ul>' if len(runs) > 1 else ""


def metric_name(name: str, figure: Figure) -> str:
    better = {False: "lower is better", None: "neither high nor low is better"}.get(
        figure.get("higher_is_better", True), ""
    )
    notes = "; ".join(filter(None, (meaning_of(name), better)))
    return f'<span class="metric">{safe(name)}</span>{f"<small>{safe(notes)}</small>" if notes else ""}'


def number_cell(value: int | None, label: str) -> str:
    return f'<td class="num" data-label="{label}">{"–" if value is None else f"{value:,}"}</td>'


def safe(value: Any) -> str:
    """Escaped for text and for quoted attributes."""
    return escape(_CONTROLS.sub("\ufffd", "" if value is None else str(value)))


def tidy(value: Any) -> str:
    """A number with at most three decimals, or several of them."""
    if isinstance(value, list | tuple):
        return ", ".join(map(tidy, value))
    return f"{value:.3f}".rstrip("0").rstrip(".") if isinstance(value, float) else safe(value)


def words(label: str) -> str:
    return label.replace("_", " ")


def percent(bootstrap: Figure) -> str:
    return f"{100 * (bootstrap.get('confidence') or 0.95):.0f}\u00a0%"


def plural(n: int, noun: str) -> str:
    return f"{n:,} {noun}{'' if n == 1 else 's'}"
