"""Small pieces of HTML that every part of the page is made of: dates, labels, links, errors.

Pure functions. Every string that comes from an article, a model or a person is escaped in this module or one of those that
end in `_markup`, and nowhere else.
"""

from __future__ import annotations

from datetime import date
from html import escape
from urllib.parse import urlsplit

from assistant.types import Article, ArticleFacts, Status, Zone

_STATUS_WORDS = {
    Status.CORRECTED: "Corrected by its publisher",
    Status.RETRACTED: "Retracted by its publisher",
    Status.SATIRE: "Satire, not reporting",
}
ZONE_WORDS = {
    Zone.HEADLINE: "headline",
    Zone.BYLINE: "byline",
    Zone.QUOTATION: "quoted speech",
    Zone.CAPTION: "picture caption",
    Zone.CORRECTION: "the publisher's correction",
    Zone.COMMENT: "a reader's comment, not reporting",
    Zone.BOILERPLATE: "not part of the article",
}


def publisher_and_date(facts: ArticleFacts | Article) -> str:
    """ "Lake County Observer, 20 January 2026"; what is not known is said to be unknown. Not escaped."""
    return f"{facts.publisher or 'publisher unknown'}, {day(facts.published)}"


def day(value: date | None) -> str:
    return f"{value.day} {value:%B %Y}" if value else "date unknown"


def status_label(status: Status) -> str:
    """Nothing for a current article: only what changes a reader's trust is worth a label."""
    words = _STATUS_WORDS.get(status)
    return f'<strong class="status status-{status}">{escape(words)}</strong>' if words else ""


def web_link(url: str | None, text: str) -> str:
    """A link to the publisher, or nothing unless the address is http(s): `javascript:` must never become a link."""
    try:
        safe = bool(url) and urlsplit(url or "").scheme in ("http", "https")
    except ValueError:
        safe = False
    href = escape(url or "")
    return f'<a class="out" href="{href}" target="_blank" rel="noopener noreferrer">{escape(text)}</a>' if safe else ""


def source_id(turn: int, marker: int) -> str:
    return f"src-{turn}-{marker}"


def question_html(question: str, asked_with: str = "") -> str:
    """`asked_with` says which articles might answer, where not all might."""
    only = f'<p class="asked-with">{escape(asked_with)}</p>' if asked_with else ""
    words = f'<p class="asked" dir="auto">{lines(question)}</p>'
    return f'<div class="question"><h3 class="said">You asked</h3>{words}{only}</div>'


def error_html(question: str, message: str, hint: str = "") -> str:
    step = f'<p class="hint">{escape(hint)}</p>' if hint else ""
    asked = question_html(question) if question else ""
    return f'<div class="turn failed">{asked}<div class="error" role="alert"><p>{escape(message)}</p>{step}</div></div>'


def lines(text: str) -> str:
    return breaks(escape(text))


def breaks(html: str) -> str:
    return html.strip().replace("\n", "<br>")


def attribute(text: str) -> str:
    return escape(text).replace("\n", "&#10;")


def time_html(value: date | None) -> str:
    return f'<time datetime="{value.isoformat()}">{day(value)}</time>' if value else day(value)


def lang_html(language: str | None) -> str:
    return f' lang="{escape(language)}"' if language else ""
