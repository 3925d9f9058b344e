"""The main figures over parts of the cases: a set, a tag."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from assistant.evaluation import charts
from assistant.evaluation.html_report._markup import Figure, Run, safe, section
from assistant.evaluation.reading import Unit, interval, number, unit_of

MOST_PARTS = 8  # columns of the breakdown

_MAIN = (
    "hit@1 hit@4 hit@10 answer_contains choice_accuracy verdict_accuracy false_abstention correct_abstention "
    "citation_exactness gold_citation mrr@10"
).split()


def parts_section(runs: Sequence[Run]) -> str:
    tables = "".join(_part_table(run, at, len(runs)) for at, run in enumerate(runs) if run.get("by"))
    note = (
        "<p>The same figures over parts of the cases; only parts of five cases and more. Below each figure its n.</p>"
    )
    return section("parts", "Parts", note + tables) if tables else ""


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
    heads = "".join(f'<th scope="col" class="num">{safe(name)}</th>' for name in names)
    table = (
        f'<div class="wide"><table class="parts"><thead><tr><th scope="col">Part</th>{heads}</tr></thead>'
        f"<tbody>{rows}</tbody></table></div>"
    )
    if runs == 1:
        return table
    opened = " open" if at == 0 else ""
    return f"<details{opened}><summary>{charts.key(at)} {safe(run['name'])}</summary>{table}</details>"


def _part_name(part: str) -> str:
    kind, _, name = part.partition(":")
    return f'<th scope="row">{safe(name or part)}<small>{safe(kind)}</small></th>'


def _part_cell(figure: Figure | None, unit: Unit, name: str) -> str:
    if figure is None or figure.get("mean") is None:
        return f'<td class="num none" data-label="{safe(name)}"><abbr title="not applicable">–</abbr></td>'
    limits = interval(figure, unit)
    title = f' title="{limits}"' if limits else ""
    return f'<td class="num" data-label="{safe(name)}"{title}>{number(figure["mean"], unit)}<small>{figure["n"]}</small></td>'
