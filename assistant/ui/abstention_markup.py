"""An answer that is none to HTML: that the articles don't say, why, what came nearest, and what a reader can do.

Pure functions.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from assistant.types import Answer, Article, Filters
from assistant.ui import markup


def abstention_html(answer: Answer, asked_with: Filters, near: Sequence[Article]) -> str:
    """`near` are the articles that came nearest, best first: named as that, never as sources."""
    text = answer.text or answer.abstained or ""
    reason = answer.abstained if answer.abstained and answer.abstained not in text else ""
    why = f'<p class="hint">{escape(reason)}</p>' if reason else ""
    return (
        f'<div class="abstained"><p dir="auto">{markup.lines(text)}</p>{why}{_why_not(answer, asked_with, near)}</div>'
    )


def _why_not(answer: Answer, asked_with: Filters, near: Sequence[Article]) -> str:
    items = [_searched(answer), _how_likely(answer, near), _nearest(near), _next_step(asked_with, near)]
    told = "".join(f"<li>{item}</li>" for item in items if item)
    return f'<details class="why-not"><summary>Why is there no answer?</summary><ul>{told}</ul></details>'


def _searched(answer: Answer) -> str:
    """A follow-up is searched with what it leaves unsaid: that can go wrong, so it is shown."""
    if answer.search_question in ("", answer.question):
        return ""
    return f'It was searched as: <q dir="auto">{escape(answer.search_question)}</q>'


def _how_likely(answer: Answer, near: Sequence[Article]) -> str:
    if answer.confidence is None or not near:
        return ""
    return f"The best sentences that were found answer the question with a likelihood of {answer.confidence:.0%}: too little."


def _nearest(near: Sequence[Article]) -> str:
    titles = "".join(
        f"<li><bdi>{escape(one.title or 'Untitled article')}</bdi>, "
        f"<bdi>{escape(markup.publisher_and_date(one))}</bdi> {markup.status_label(one.status)}</li>"
        for one in near
    )
    return f"These articles came nearest and do not say it:<ul>{titles}</ul>" if titles else ""


def _next_step(asked_with: Filters, near: Sequence[Article]) -> str:
    if narrowed := filter_words(asked_with):
        return f"Not every article could answer. {escape(narrowed)}: widen the filters and ask again."
    if near:
        return "Ask in the words that an article would use, or add articles under Library."
    return "Add articles about it under Library."


def filter_words(filters: Filters) -> str:
    """ "As of 20 August 2025, only Harbour Courier"; empty where nothing was set. Not escaped."""
    told = (
        ("as of", filters.as_of and markup.day(filters.as_of)),
        ("only", filters.publisher),
        ("since", filters.since and markup.day(filters.since)),
        ("until", filters.until and markup.day(filters.until)),
    )
    words = ", ".join(f"{name} {value}" for name, value in told if value)
    return words[:1].upper() + words[1:]
