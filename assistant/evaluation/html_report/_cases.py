"""The frame of the list of cases, which report.js fills: the options that the cases have."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from assistant.evaluation.html_report._markup import Run, safe, section
from assistant.evaluation.reading import lost_counts


def cases_section(runs: Sequence[Run]) -> str:
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
    return section(
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
    items = "".join(f'<option value="{safe(value)}">{safe(text)}</option>' for value, text in options)
    field = f"filter-{name}"
    return f'<p><label for="{field}">{label}</label><select id="{field}" name="{name}">{items}</select></p>'
