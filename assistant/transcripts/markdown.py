"""A conversation to Markdown (CommonMark and GitHub's). Texts are escaped by the export of checks, and start no markup."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from assistant.exports._words import source_parts, web_address
from assistant.exports.markdown import bullets, escaped, quoted
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


def write(conversation: Sequence[Exchange], articles: Mapping[str, Article], made: datetime) -> str:
    blocks = ["# Conversation", f"{heading(conversation, made)}. {DRAFT}"]
    for number, exchange in enumerate(conversation, 1):
        blocks += _exchange(number, exchange, articles)
    return "\n\n".join(filter(None, blocks)) + "\n"


def _exchange(number: int, exchange: Exchange, articles: Mapping[str, Article]) -> Iterator[str]:
    answer = exchange.answer
    yield f"## Question {number}"
    yield from quoted(answer.question)
    yield "### Answer" if answer.abstained is None else "### No answer"
    if answer.doubt:
        yield f"**Doubtful**: {escaped(answer.doubt)}"
    yield from _text(answer)
    yield from _marked(answer)
    if answer.note:
        yield f"Note: {escaped(answer.note)}"
    yield from _sources(answer, articles)
    yield from _rejected(answer)
    facts = [f"{escaped(name)}: {escaped(value)}" for name, value in made_facts(exchange)]
    if facts:
        yield "### How it was made"
        yield bullets(facts)


def _text(answer: Answer) -> Iterator[str]:
    if answer.abstained is not None:
        told = dict.fromkeys((answer.text, answer.abstained))
        yield from (escaped(one) for one in told if one)
    else:
        yield bullets(map(_part, parts_of(answer)))


def _part(part: Part) -> str:
    numbers = "".join(f" \\[{marker}\\]" for marker in part.markers)
    return f"{escaped(part.text)}{numbers}{f' — *{escaped(part.state)}*' if part.state else ''}"


def _marked(answer: Answer) -> Iterator[str]:
    marked = [f"{escaped(what)}{f' “{escaped(words)}”' if words else ''}" for what, words in marked_words(answer)]
    if marked:
        yield "Marked:"
        yield bullets(marked)


def _sources(answer: Answer, articles: Mapping[str, Article]) -> Iterator[str]:
    for at, citation in enumerate(sources_of(answer)):
        if at == 0:
            yield "### Sources"
        yield f"**\\[{citation.marker}\\]** {'; '.join([_source(citation), *map(escaped, source_labels(citation))])}"
        yield from quoted(citation.quote)
        yield (
            f"Article {escaped(citation.span.article_id)}, {place_words(citation, articles)}, "
            f"{escaped(found_words(citation))}"
        )


def _source(citation: Citation) -> str:
    publisher, day, title = map(escaped, source_parts(citation.article))
    address = web_address(citation.article.url)
    return f"{publisher}, {day}, “{title}”{f' <{address}>' if address else ''}"


def _rejected(answer: Answer) -> Iterator[str]:
    if answer.rejected:
        yield "### Refused quotations"
        yield bullets(f"“{escaped(one.quote)}”: {escaped(one.note or 'not found')}" for one in answer.rejected)
