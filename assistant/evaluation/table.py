"""A report document to tables for a terminal: figures a run, runs side by side, comparisons, where cases were lost.

Names and reasons come from files that others wrote: they are shown as text, never as markup or control characters.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from assistant.evaluation.reading import (
    Document,
    groups_of,
    interval,
    lost_counts,
    number,
    outcomes,
    p_value,
    points,
    printable,
    require_report,
    shared_caveats,
    stage_name,
    stage_times,
    unapplied,
    unit_of,
)

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

_SHOWN = 5  # errors, bad lines or missing articles that the terminal names

Run = Mapping[str, Any]
Figure = Mapping[str, Any]


def print_document(document: Document, console: Console | None = None) -> None:
    """The tables, then what a reader of them must know. Raises WrongUse for what is no report document."""
    from rich.console import Console

    require_report(document)
    console = console or Console()
    runs: Sequence[Run] = document["runs"]
    console.print(one_run(runs[0]) if len(runs) == 1 else side_by_side(runs))
    for comparison in document.get("comparisons") or ():
        console.print(compared(comparison, runs))
    if any(stage_times(run) for run in runs):
        console.print(times(runs))
    if any(lost_counts(run) for run in runs):
        console.print(lost(runs))
    idle = unapplied(run["metrics"] for run in runs)
    if idle:
        console.print(_text(f"Applies to no case here: {', '.join(idle)}."))
    _print_caveats(runs, console)


def one_run(run: Run) -> Table:
    """Every figure with its interval, n and the cases that it does not apply to; a line between groups."""
    table = _table(_title(run), "metric", caption=_caption(run))
    for column in ("figure", _interval_name(run), "n", "n/a"):
        table.add_column(column, justify="right", no_wrap=True)
    for name, figure, ends_group in _rows([run]):
        unit = unit_of(name, figure)
        cells = (number(figure.get("mean"), unit), interval(figure, unit), str(figure["n"]), str(figure["excluded"]))
        table.add_row(_text(name), *map(_text, cells), end_section=ends_group)
    return table


def side_by_side(runs: Sequence[Run]) -> Table:
    """A column a run: the figure and under it its interval. n is that of the first run that has the figure."""
    table = _table(f"{len(runs[0]['cases'])} cases, {len(runs)} runs", "metric", caption=_caption(runs[0]))
    table.add_column("n", justify="right", no_wrap=True)
    for run in runs:
        table.add_column(_text(run["name"]), justify="right", overflow="fold")
    for name, first, ends_group in _rows(runs):
        cells = [_pair(run["metrics"].get(name), name) for run in runs]
        table.add_row(_text(name), _text(first["n"]), *cells, end_section=ends_group)
    return table


def compared(comparison: Figure, runs: Sequence[Run]) -> Table:
    """Differences of a run from its baseline."""
    table = _table(
        f"{comparison['run']} against {comparison['baseline']}, {comparison['n']} cases in both",
        "metric",
        caption="A difference is the run less its baseline; one whose interval leaves out 0 is bold.",
    )
    for column in ("n", "difference", _interval_name(runs[0]), "p", "better", "worse"):
        table.add_column(column, justify="right", no_wrap=True)
    for name, one in comparison["metrics"].items():
        known: Figure = next((run["metrics"][name] for run in runs if name in run["metrics"]), {})
        difference, limits = points(one, unit_of(name, known))
        row = (one["n"], difference, limits, p_value(one.get("p")), _count(one["better"]), _count(one["worse"]))
        table.add_row(_text(name), *map(_text, row), style="bold" if _is_clear(one) else None)
    return table


def _count(n: int | None) -> str:
    """A score of several numbers has no better or worse."""
    return "–" if n is None else str(n)


def times(runs: Sequence[Run]) -> Table:
    """Seconds a stage, p50 and p95, a column a run."""
    found = [stage_times(run) for run in runs]
    table = _table("Time a case: p50, p95", "stage")
    for run in runs:
        table.add_column(_text(run["name"] if len(runs) > 1 else "seconds"), justify="right", overflow="fold")
    for stage in dict.fromkeys(stage for one in found for stage in one):
        pairs = (one.get(stage) or ({}, {}) for one in found)
        cells = (", ".join(number(figure.get("mean"), "seconds") for figure in pair) for pair in pairs)
        table.add_row(_text(stage_name(stage)), *map(_text, cells))
    return table


def lost(runs: Sequence[Run]) -> Table:
    """How many cases each stage lost, a column a run."""
    counts = [lost_counts(run) for run in runs]
    table = _table("Where cases were lost", "stage")
    for run in runs:
        table.add_column(_text(run["name"] if len(runs) > 1 else "cases"), justify="right", overflow="fold")
    for stage in dict.fromkeys(stage for count in counts for stage in count):
        table.add_row(_text(stage), *(_text(count.get(stage, 0)) for count in counts))
    return table


def _print_caveats(runs: Sequence[Run], console: Console) -> None:
    for said, names in shared_caveats(runs):
        rest = [f"... and {len(names) - _SHOWN} more"] if len(names) > _SHOWN else []
        console.print(_text("\n  ".join(map(printable, [said, *names[:_SHOWN], *rest]))))


def _table(title: str, first: str, caption: str = "") -> Table:
    from rich.table import Table

    table = Table(title=_text(title), caption=_text(caption) if caption else None, caption_justify="left")
    table.add_column(first, overflow="fold")
    return table


def _rows(runs: Sequence[Run]) -> list[tuple[str, Figure, bool]]:
    """Metrics by group, the first run's figure that there is, and whether the group ends with it."""
    figures: list[Mapping[str, Figure]] = [run["metrics"] for run in runs]
    return [
        (name, next(one[name] for one in figures if name in one), name == names[-1])
        for _, names in groups_of(figures)
        for name in names
    ]


def _pair(figure: Figure | None, name: str) -> Text:
    if figure is None:
        return _text("")
    unit = unit_of(name, figure)
    return _text("\n".join(filter(None, (number(figure.get("mean"), unit), interval(figure, unit)))))


def _is_clear(one: Figure) -> bool:
    low, high = one.get("low"), one.get("high")
    return low is not None and high is not None and (low > 0 or high < 0)


def _title(run: Run) -> str:
    right, wrong, open_ = outcomes(run)
    rest = f", {open_} not judged" if open_ else ""
    return f"{', '.join(run.get('sets') or ())}: {len(run['cases'])} cases, {right} right, {wrong} wrong{rest}"


def _caption(run: Run) -> str:
    library, bootstrap = run.get("library") or {}, run.get("bootstrap") or {}
    return (
        f"{number(run.get('seconds'), 'seconds')}; {', '.join(f'{count} {name}' for name, count in library.items())}. "
        f"Intervals: {bootstrap.get('method')} bootstrap over cases, {bootstrap.get('resamples')} resamples."
    )


def _interval_name(run: Run) -> str:
    return f"{100 * ((run.get('bootstrap') or {}).get('confidence') or 0.95):.0f} % interval"


def _text(value: Any) -> Text:
    from rich.text import Text

    return Text("\n".join(printable(line) for line in str(value).split("\n")))
