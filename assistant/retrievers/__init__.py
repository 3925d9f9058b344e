"""The retrievers' shelf: a question to ranked passages. One file, one way to search.

A retriever module has `def make(context: SearchContext) -> Retriever`. A retriever returns at most `limit` hits, best
first, ranks from 1, from articles that pass the query's filters; fewer when the library holds no more.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from assistant.index import Index
from assistant.library import Library
from assistant.settings import Settings
from assistant.types import Filters, Hit, Passage

if TYPE_CHECKING:
    from assistant.embedders import Embedder


@dataclass(frozen=True, slots=True)
class Query:
    """What is searched: a question that is complete in itself, and who may answer it."""

    question: str
    filters: Filters = field(default_factory=Filters)


@dataclass(frozen=True, slots=True)
class SearchContext:
    """What retrievers search in."""

    library: Library
    index: Index
    embedder: Embedder
    settings: Settings


class Retriever(Protocol):
    def retrieve(self, query: Query, limit: int) -> list[Hit]: ...


def as_hits(library: Library, scored: Sequence[tuple[int, float]], voice: str) -> list[Hit]:
    """Ranked (passage id, score) pairs as hits; passages that were removed meanwhile are left out."""
    passages: dict[int, Passage] = library.passages([key for key, _ in scored])
    found = [(passages[key], score) for key, score in scored if key in passages]
    return [Hit(passage, rank, score, {voice: score}) for rank, (passage, score) in enumerate(found, start=1)]
