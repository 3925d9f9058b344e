"""The loaders' shelf: the bytes of one document to Articles. One file, one format.

A loader module has

    SUFFIXES: tuple[str, ...]        file endings it takes, with the dot, lower case
    MEDIA_TYPES: tuple[str, ...]     Content-Types it takes
    def make() -> Loader

and a Loader turns one `RawDocument` into an iterator of `Article | Failure`. A format that holds many articles (JSONL,
feeds) yields a Failure for each entry that is none and goes on; a document that can't be read at all raises
UnreadableArticle, whose message is the reason in one sentence. Loaders do no I/O.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from assistant.types import Article, Failure


@dataclass(frozen=True, slots=True)
class RawDocument:
    """Bytes as they were read, and what the way they came by tells about them."""

    source: str
    """The path or URL, as reports show it."""
    data: bytes
    url: str | None = None
    """Where it was fetched from, after redirects."""
    media_type: str | None = None
    """From the Content-Type header, lower case, without parameters."""
    charset: str | None = None
    """From the Content-Type header."""


class Loader(Protocol):
    def load(self, raw: RawDocument) -> Iterator[Article | Failure]: ...
