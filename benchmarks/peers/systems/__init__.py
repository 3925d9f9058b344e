"""The systems that are compared, and what each must be able to do.

A module here has `make(place, variant) -> System`. It is imported in the system's own child process only, so that no
framework's imports weigh on another's memory. `SYSTEMS` is the table's order; the first is what the others are paired
with.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from benchmarks.peers.embedding import CachedMiniLM

K = 10
UNDATED = 0


@dataclass(frozen=True, slots=True)
class PlainArticle:
    """What a peer is given of an article."""

    id: str
    text: str
    day: int
    """Publication as 20220623, a number that every store can compare; UNDATED passes every filter."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of an article that a system found."""

    article_id: str
    text: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where a system finds its articles and keeps its files."""

    articles: Path
    """As the assistant ingests them."""
    plain: Path
    """The same as PlainArticles in JSONL."""
    folder: Path
    embeddings: CachedMiniLM


class System(Protocol):
    def index(self) -> int:
        """From articles to a search that is ready; returns how many chunks it holds."""
        ...

    def search(self, question: str, as_of: date | None) -> list[Piece]:
        """The K best, best first; with `as_of` nothing that was published later."""
        ...


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the table."""

    name: str
    module: str
    variant: str
    packages: tuple[str, ...]
    """Whose versions the report names."""
    embeds: bool = True

    def make(self, place: Place) -> System:
        system: System = import_module(f"benchmarks.peers.systems.{self.module}").make(place, self.variant)
        return system


_LLAMA, _HAYSTACK = ("llama-index-core",), ("haystack-ai",)
SYSTEMS = (
    Entry("assistant", "ours", "hybrid", ("assistant",)),
    Entry("assistant, words only", "ours", "lexical", ("assistant",), embeds=False),
    Entry("LangChain + Chroma, 1000/200 characters", "langchain", "", ("langchain-chroma", "langchain-text-splitters")),
    Entry("LlamaIndex, 1024/20 tokens", "llamaindex", "1024/20", _LLAMA),
    Entry("LlamaIndex, 1024/200 tokens", "llamaindex", "1024/200", _LLAMA),
    Entry("LlamaIndex, fitted to MiniLM", "llamaindex", "fitted", _LLAMA),
    Entry("LlamaIndex CitationQueryEngine", "llamaindex", "citation", _LLAMA),
    Entry("Haystack, BM25", "haystack", "bm25", _HAYSTACK, embeds=False),
    Entry("Haystack, embedding", "haystack", "embedding", _HAYSTACK),
    Entry("Haystack, both joined", "haystack", "joined", _HAYSTACK),
    Entry("bm25s over the assistant's passages", "bm25", "", ("bm25s",), embeds=False),
)


def read_plain(path: Path) -> Iterator[PlainArticle]:
    with path.open(encoding="utf-8") as file:
        for line in file:
            yield PlainArticle(**json.loads(line))


def as_number(day: date | None) -> int:
    return int(day.strftime("%Y%m%d")) if day else UNDATED
