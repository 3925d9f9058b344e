"""Plain text to one Article. The text stays as it is; a first line that can only be a headline is the title."""

from __future__ import annotations

from collections.abc import Iterator

from assistant.articles import make_article
from assistant.decoding import decode
from assistant.loaders import RawDocument
from assistant.text import canonical_text
from assistant.types import Article
from assistant.zones import headline_of

SUFFIXES = (".txt", ".text")
MEDIA_TYPES = ("text/plain",)


class TextLoader:
    def load(self, raw: RawDocument) -> Iterator[Article]:
        text = canonical_text(decode(raw.data, raw.charset))
        yield make_article(text, title=headline_of(text), url=raw.url)


def make() -> TextLoader:
    return TextLoader()
