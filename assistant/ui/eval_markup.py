"""An evaluation to HTML: what a set holds, where a run stands, what became of it. The report itself is html_report's.

Pure functions; every string that comes from a set, a file or an article is escaped here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from assistant.ui.eval_runs import SetFacts

NAMED = 5  # bad lines or missing articles that are named before the rest is folded away
MOST_NAMED = 200
RUNNING_FIGURES = (
    "hit@4",
    "answer_contains",
    "verdict_accuracy",
    "choice_accuracy",
    "false_abstention",
    "citation_exactness",
)

EMPTY_REPORT = (
    '<div class="empty"><h2>How good are the answers?</h2>'
    "<p>A question set asks this library what somebody already knows the answer to. The report says how often the right "
    "passage was found and the right answer given, with intervals, and shows every failure beside the stage that lost it.</p>"
    "<p>Run a set, or open an earlier run.</p></div>"
)
STARTING = '<p class="soft" role="status">Reading the set …</p>'
WAITING = (
    '<div class="run" role="status"><p><b>Waiting for a run of somebody else to end.</b></p>'
    '<p class="soft">The questions of this one come after it.</p></div>'
)


# ── before a run ──────────────────────────────────────────────────────────────────────────────────────────────────────
def set_html(facts: SetFacts, asks_model: str = "") -> str:
    """What a set holds, and what speaks against running it. `asks_model`: the chat model that each case would ask."""
    parts = [f"<p>{_contents(facts)}</p>", _failures(facts), _library(facts)]
    if asks_model:
        model = f'<b dir="auto">{escape(asks_model)}</b>'
        parts.append(f'<p class="note">Every case asks the chat model {model}, at the usual price of a question.</p>')
    return f'<div class="set">{"".join(parts)}</div>'


def _contents(facts: SetFacts) -> str:
    if not facts.cases:
        return "<b>No question in it can be read.</b> Each line must hold one: docs/question-sets.md shows the formats."
    kinds = ", ".join(plural(n, kind) for kind, n in facts.kinds.items())
    none = f", {facts.unanswerable} of them without an answer in the articles" if facts.unanswerable else ""
    return f"<b>{kinds}</b>{none}."


def _failures(facts: SetFacts) -> str:
    if not facts.failures:
        return ""
    are = "is" if len(facts.failures) == 1 else "are"
    said = f"{plural(len(facts.failures), 'line')} {are} no case and will be passed over:"
    return f'<div class="note"><p>{said}</p>{_names([f"{one.source}: {one.reason}" for one in facts.failures])}</div>'


def _library(facts: SetFacts) -> str:
    if not facts.articles:
        return '<p class="note"><b>This library is empty.</b> Add articles under Library, at the top of the page, first.</p>'
    if not facts.missing:
        return (
            f'<p class="soft">All {plural(facts.gold, "gold article")} are in this library.</p>'
            if facts.gold > 1
            else ""
        )
    if len(facts.missing) == facts.gold:
        head = "None of the articles that hold the answers is in this library: every search for them would count as a miss."
    else:
        gold = plural(facts.gold, "gold article")
        head = f"{len(facts.missing)} of {gold} missing from this library: searches for them count as misses."
    step = (
        "The set brings its articles along; <code>assistant evaluate</code> on the command line makes a library of them."
        if facts.brings_articles
        else "Add them under Library, at the top of the page, or run it as it is."
    )
    return f'<div class="note"><p><b>{head}</b> {step}</p>{_names(facts.missing)}</div>'


def _names(names: Sequence[str]) -> str:
    shown = "".join(f'<li dir="auto">{escape(name)}</li>' for name in names[:NAMED])
    rest = "".join(f'<li dir="auto">{escape(name)}</li>' for name in names[NAMED:MOST_NAMED])
    last = f"<li>and {len(names) - MOST_NAMED:,} more</li>" if len(names) > MOST_NAMED else ""
    folded = f"<details><summary>{len(names) - NAMED:,} more</summary><ul>{rest}{last}</ul></details>" if rest else ""
    return f"<ul>{shown}</ul>{folded}"


# ── during it ─────────────────────────────────────────────────────────────────────────────────────────────────────────
def progress_html(done: int, total: int, seconds: float, figures: Mapping[str, float], errors: int) -> str:
    """Where a run stands, with the figures so far; `figures` are shares by metric."""
    from assistant.evaluation.reading import meaning_of, number

    left = f"about {_time(seconds / done * (total - done))} left" if done >= 3 else "the first case loads the models"
    wrong = f' · <span class="bad">{plural(errors, "error")}</span>' if errors else ""
    items = "".join(
        f"<div><dt>{escape(meaning_of(name))}</dt><dd>{number(figures[name])}</dd></div>"
        for name in RUNNING_FIGURES
        if name in figures
    )
    return (
        f'<div class="run"><p><span role="status">The run is under way:</span> <b>{done} of {plural(total, "case")}</b> · '
        f"{_time(seconds)}, {left}{wrong}</p>"
        f'<progress max="{total}" value="{done}" aria-label="Cases that are done">{done} of {total}</progress>'
        f"{f'<dl>{items}</dl>' if items else ''}</div>"
    )


def stopped_html(done: int, total: int) -> str:
    shown = f"Below is the report of the {plural(done, 'case')} that were done." if done > 1 else ""
    return (
        f'<div class="run" role="status"><p><b>Stopped after {done} of {plural(total, "case")}.</b> {shown} '
        "The same run, started again, goes on from there.</p></div>"
    )


def done_html(seconds: float, resumed: int, wrong: int) -> str:
    """`wrong`: cases that came out wrong or failed."""
    taken = f", {resumed} of the cases taken over from the run that was stopped" if resumed else ""
    failures = f'<a href="#cases">See the {plural(wrong, "failure")}</a>' if wrong else "No case came out wrong."
    return (
        f'<div class="run"><p role="status"><b>Done in {_time(seconds)}</b>{taken}. The run is kept under Earlier runs. '
        f"{failures}</p></div>"
    )


# ── after it ──────────────────────────────────────────────────────────────────────────────────────────────────────────
def comparison_html(comparison: Mapping[str, Any], metrics: Mapping[str, Any]) -> str:
    """Which figures differ from the former run's by more than chance would have it; the whole table stands in the report."""
    from assistant.evaluation.reading import p_value, points, unit_of

    clear = [(name, one) for name, one in comparison["metrics"].items() if _is_clear(one)]
    items = []
    for name, one in clear:
        figure = metrics.get(name) or {}
        up = figure.get("higher_is_better", True)
        way = "" if up is None else "better" if (one["difference"] > 0) == up else "worse"
        difference, limits = points(one, unit_of(name, figure))
        items.append(
            f'<li class="{way}"><b>{escape(name)}</b> {f"{way}, " if way else ""}{difference} ({limits}), '
            f"p {escape(p_value(one.get('p')))}</li>"
        )
    said = (
        "These figures differ by more than chance explains:"
        if items
        else "No figure differs by more than chance explains."
    )
    listed = f"<ul>{''.join(items)}</ul>" if items else ""
    return (
        f'<div class="against"><p>Against <b dir="auto">{escape(str(comparison["baseline"]))}</b>, over '
        f"{plural(comparison['n'], 'shared case')}. {said}</p>{listed}"
        '<p><a href="#comparison">Every figure, and the cases that changed</a></p></div>'
    )


def _is_clear(one: Mapping[str, Any]) -> bool:
    low, high = one.get("low"), one.get("high")
    return low is not None and high is not None and (low > 0 or high < 0)


def cut_html(shown: int, total: int) -> str:
    """Said where a report has more cases than the page lists; nothing otherwise."""
    if total <= shown:
        return ""
    return (
        f'<p class="note">This run has {total:,} cases. {shown:,} of them, failures first, can be opened here; '
        "all of them are in the files.</p>"
    )


def _time(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 90 else f"{seconds / 60:.0f} min"


def plural(n: int, noun: str) -> str:
    return f"{n:,} {noun}{'' if n == 1 else 's'}"
