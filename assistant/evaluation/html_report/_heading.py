"""The report's beginning: what was run over what, the main figures in words, what to know first, the contents."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from assistant.evaluation import charts
from assistant.evaluation.html_report._markup import Run, plural, safe
from assistant.evaluation.reading import Document, interval, lost_counts, number, outcomes, shared_caveats

SHOWN = 3  # errors, bad lines or missing articles that are named before the rest is folded away

_IN_WORDS = (
    ("hit@4", "A right passage was among the first four for {share} of {n} cases with gold{interval}."),
    ("answer_contains", "The answer held an accepted answer in {share} of {n} cases{interval}."),
    ("choice_accuracy", "The right choice was taken in {share} of {n}{interval}."),
    ("verdict_accuracy", "The verdict was right on {share} of {n} claims{interval}."),
    ("false_abstention", "It abstained wrongly on {share} of {n} answerable questions{interval},"),
    ("correct_abstention", "and rightly on {share} of {n} that the articles do not answer{interval}."),
)


def heading(document: Document, title: str = "h1") -> str:
    """`title` is the element of the title: a report inside another page stands below that page's own."""
    runs: Sequence[Run] = document["runs"]
    n = len(runs[0]["cases"])
    systems = (
        f"<li>{charts.key(at)} {safe(run['name'])}{' (the baseline)' if at == 0 and len(runs) > 1 else ''}</li>"
        for at, run in enumerate(runs)
    )
    return (
        f'<header class="top"><p class="kicker">Evaluation report · {_day(document.get("made"))}</p>'
        f"<{title}>{safe(' and '.join(set_names(runs)))}</{title}>"
        f'<p class="lead">{_summary(runs[0])}</p>'
        f'<p class="runs-label">{n} cases, {plural(len(runs), "run")}:</p><ul class="runs">{"".join(systems)}</ul>'
        f"{_warnings(runs)}</header>{_contents(document)}"
    )


def _day(text: Any) -> str:
    """ "23 November 2026"; as it is when it is no date."""
    try:
        day = date.fromisoformat(str(text))
    except ValueError:
        return safe(text)
    return f'<time datetime="{day}">{day.day} {day:%B %Y}</time>'


def set_names(runs: Sequence[Run]) -> list[str]:
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
        said.append(f"Most often they were lost at “{safe(stage)}”: {lost[stage]}.")
    return _sentence_case(" ".join(said))


def _sentence_case(text: str) -> str:
    """Closes a sentence that its second half is missing from."""
    text = re.sub(r",( [A-Z])", r".\1", text)
    return re.sub(r"(^|[.] )and rightly", r"\1It abstained rightly", text)


def _warnings(runs: Sequence[Run]) -> str:
    items = "".join(f"<li><p>{safe(said)}</p>{_names(names)}</li>" for said, names in shared_caveats(runs))
    return f'<ul class="warnings" aria-label="What to know first">{items}</ul>' if items else ""


def _names(names: Sequence[str]) -> str:
    if not names:
        return ""
    shown = "".join(f"<li>{safe(name)}</li>" for name in names[:SHOWN])
    rest = "".join(f"<li>{safe(name)}</li>" for name in names[SHOWN:])
    more = f"<details><summary>{len(names) - SHOWN} more</summary><ul>{rest}</ul></details>" if rest else ""
    return f"<ul>{shown}</ul>{more}"


def _contents(document: Document) -> str:
    links = [("figures", "Figures"), ("charts", "Charts"), ("lost", "Where cases were lost")]
    links += [("comparison", "Comparison")] if document.get("comparisons") else []
    links += [("parts", "Parts")] if any(run.get("by") for run in document["runs"]) else []
    links += [("cases", "Cases"), ("settings", "Settings")]
    items = "".join(f'<li><a href="#{anchor}">{text}</a></li>' for anchor, text in links)
    return f'<nav aria-label="Contents"><ul>{items}</ul></nav>'
