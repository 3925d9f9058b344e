"""A conversation to one HTML page that needs nothing else: no script, no request, good on paper.

The page around it and its policy are those of the export of a check. All that comes from a text or an article is escaped; its
direction marks turn nothing outside of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from html import escape
from pathlib import Path

from assistant.exports._words import printable, source_parts, web_address
from assistant.exports.html import page_html
from assistant.transcripts._words import (
    DRAFT,
    Exchange,
    Part,
    found_words,
    heading,
    made_facts,
    marked_words,
    parts_of,
    place_words,
    source_labels,
    sources_of,
)
from assistant.types import Answer, Article, Citation

_STYLE = Path(__file__).resolve().with_suffix(".css")


def write(conversation: Sequence[Exchange], articles: Mapping[str, Article], made: datetime) -> str:
    first = conversation[0].answer.question if conversation else "empty"
    told = f"{_e(heading(conversation, made))}. {DRAFT}"
    top = f'<header class="top"><h1>Conversation</h1><p class="soft">{told}</p></header>'
    turns = "".join(_exchange(number, one, articles) for number, one in enumerate(conversation, 1))
    return page_html("Conversation", first, f"{top}<main>{turns}</main>", _STYLE.read_text("utf-8"))


def _exchange(number: int, exchange: Exchange, articles: Mapping[str, Article]) -> str:
    answer = exchange.answer
    doubt = f'<p class="note"><b>Doubtful:</b> {_e(answer.doubt)}</p>' if answer.doubt else ""
    note = f'<p class="note">{_e(answer.note)}</p>' if answer.note else ""
    body = _abstention(answer) if answer.abstained is not None else _text(answer, number)
    return (
        f'<section class="exchange" id="q-{number}" aria-labelledby="q-{number}-title">'
        f'<p class="kicker">Question {number}</p><h2 id="q-{number}-title" class="asked" dir="auto">{_e(answer.question)}</h2>'
        f"{doubt}{body}{_marked(answer)}{note}{_sources(answer, number, articles)}{_rejected(answer)}"
        f"{_made(exchange)}</section>"
    )


def _abstention(answer: Answer) -> str:
    told = dict.fromkeys(filter(None, (answer.text, answer.abstained)))
    return f'<div class="abstained">{"".join(f"<p dir=auto>{_e(one)}</p>" for one in told)}</div>'


def _text(answer: Answer, number: int) -> str:
    return f'<ul class="statements">{"".join(_part(part, number) for part in parts_of(answer))}</ul>'


def _part(part: Part, number: int) -> str:
    state = f"state-{part.statement.state.replace('_', '-')}" if part.statement else "stateless"
    links = "".join(f' <a class="cite" href="#{_id(number, marker)}">[{marker}]</a>' for marker in part.markers)
    told = f'<p class="state">{_e(part.state)}</p>' if part.state else ""
    return f'<li class="{state}"><p class="said" dir="auto"><span>{_e(part.text.strip())}</span>{links}</p>{told}</li>'


def _marked(answer: Answer) -> str:
    items = "".join(
        f"<li>{_e(what)}{f' <q><bdi>{_e(words)}</bdi></q>' if words else ''}</li>"
        for what, words in marked_words(answer)
    )
    return f'<h3>Marked</h3><ul class="plain">{items}</ul>' if items else ""


def _sources(answer: Answer, number: int, articles: Mapping[str, Article]) -> str:
    items = "".join(_source(one, number, articles) for one in sources_of(answer))
    return f'<h3>Sources</h3><ol class="sources">{items}</ol>' if items else ""


def _source(citation: Citation, number: int, articles: Mapping[str, Article]) -> str:
    publisher, day, title = source_parts(citation.article)
    address = web_address(citation.article.url)
    shown = f"<cite><bdi>{_e(title)}</bdi></cite>"
    if address:
        shown = (
            f'<a href="{_e(address)}" rel="noopener noreferrer">{shown}</a> <span class="address">{_e(address)}</span>'
        )
    labels = "".join(f' <span class="badge">{_e(label)}</span>' for label in source_labels(citation))
    return (
        f'<li id="{_id(number, citation.marker)}"><p class="source"><b>[{citation.marker}]</b> <bdi>{_e(publisher)}</bdi>, '
        f'{_e(day)}, {shown}{labels}</p><blockquote dir="auto"><mark class="quote">{_e(citation.quote)}</mark></blockquote>'
        f'<p class="soft">Article <code>{_e(citation.span.article_id)}</code>, {_e(place_words(citation, articles))}, '
        f"{_e(found_words(citation))}</p></li>"
    )


def _rejected(answer: Answer) -> str:
    items = "".join(
        f'<li><q><bdi>{_e(one.quote)}</bdi></q> <span class="soft">{_e(one.note or "not found")}</span></li>'
        for one in answer.rejected
    )
    return f'<h3>Refused quotations</h3><ul class="plain">{items}</ul>' if items else ""


def _made(exchange: Exchange) -> str:
    items = "".join(f"<div><dt>{_e(name)}</dt><dd>{_e(value)}</dd></div>" for name, value in made_facts(exchange))
    return f"<h3>How it was made</h3><dl>{items}</dl>" if items else ""


def _id(number: int, marker: int) -> str:
    return f"src-{number}-{marker}"


def _e(value: object) -> str:
    return escape(printable(value))
