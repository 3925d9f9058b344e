"""A conversation to a document that somebody keeps or sends: each question, its answer with the state of every sentence, the
numbered sources with their exact words and places, what was refused, and how it was made.

Like the exports of a check: whatever the texts hold, the document keeps its structure.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from assistant.errors import UnknownName
from assistant.transcripts import html, json, markdown
from assistant.transcripts._words import Exchange
from assistant.types import Article

Write = Callable[[Sequence[Exchange], Mapping[str, Article], datetime], str]


@dataclass(frozen=True, slots=True)
class Format:
    """How a document is made, and how a file of it is called. It is written in UTF-8."""

    write: Write
    suffix: str
    """With the dot."""
    media_type: str


FORMATS = {
    "markdown": Format(markdown.write, ".md", "text/markdown"),
    "html": Format(html.write, ".html", "text/html"),
    "json": Format(json.write, ".json", "application/json"),
}
_NONE: Mapping[str, Article] = {}


def write_transcript(
    conversation: Sequence[Exchange],
    format: str,
    articles: Mapping[str, Article] = _NONE,
    *,
    made: datetime | None = None,
) -> str:
    """The conversation as a document in one of FORMATS. `articles` holds cited ones by id: they tell the page of a PDF.

    `made` is when, this moment if not given. Raises UnknownName.
    """
    if format not in FORMATS:
        raise UnknownName(f"There is no transcript in {format!r}.", f"Formats: {', '.join(FORMATS)}.")
    return FORMATS[format].write(conversation, articles, made or datetime.now(UTC))


__all__ = ["FORMATS", "Exchange", "Format", "write_transcript"]
