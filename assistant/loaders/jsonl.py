"""JSON Lines to one Article a line. The text is kept as it is; the title stays metadata.

Keys: id, url, title, publisher, published, author or authors, language, status, text; others are ignored.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from io import BytesIO
from typing import Any

from assistant.articles import make_article
from assistant.decoding import decode, refuse_binary
from assistant.errors import UnreadableArticle
from assistant.loaders import RawDocument
from assistant.types import Article, Failure

SUFFIXES = (".jsonl", ".ndjson")
MEDIA_TYPES = ("application/jsonl", "application/x-ndjson", "application/x-jsonlines", "application/json-lines")

_SIXTEEN_BIT = (b"\xff\xfe", b"\xfe\xff")


class JsonlLoader:
    def load(self, raw: RawDocument) -> Iterator[Article | Failure]:
        for number, line in enumerate(_lines(raw.data), start=1):
            if line.isspace():
                continue
            try:
                yield _article(_parse(line))
            except UnreadableArticle as error:
                yield Failure(f"{raw.source}:line {number}", str(error))


def make() -> JsonlLoader:
    return JsonlLoader()


def _lines(data: bytes) -> BytesIO:
    """The lines in UTF-8. Each is decoded by itself, so that a broken one spoils no other."""
    if data.startswith(_SIXTEEN_BIT):
        return BytesIO(decode(data).encode(errors="replace"))
    refuse_binary(data)
    return BytesIO(data)


def _parse(line: bytes) -> Mapping[str, Any]:
    try:
        record = json.loads(line.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise UnreadableArticle(f"It is not UTF-8 at byte {error.start}.") from None
    except json.JSONDecodeError as error:
        raise UnreadableArticle(f"It is no JSON at column {error.colno}: {error.msg}.") from None
    except (ValueError, RecursionError) as error:
        raise UnreadableArticle(f"It is no JSON that can be read: {error}.") from None
    if not isinstance(record, dict):
        raise UnreadableArticle("It is no JSON object with a key `text`.")
    return record


def _article(record: Mapping[str, Any]) -> Article:
    text = record.get("text")
    if not isinstance(text, str):
        raise UnreadableArticle("It has no key `text` with a string.")
    return make_article(
        text,
        title=_string(record.get("title")),
        url=_string(record.get("url")),
        publisher=_string(record.get("publisher")),
        author=_string(record.get("author")) or _string(record.get("authors")),
        published=_string(record.get("published")),
        language=_string(record.get("language")),
        status=_string(record.get("status")),
        source_id=_string(record.get("id")),
    )


def _string(value: Any) -> str | None:
    """A string, a number as a string, a list of either joined by commas; anything else is unknown."""
    if isinstance(value, str):
        return value.strip() or None
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    if isinstance(value, list):
        return ", ".join(filter(None, map(_string, value))) or None
    return None
