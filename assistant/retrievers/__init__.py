"""The retrievers' shelf: a question to ranked passages. One file, one way to search.

A retriever module has `def make(context: SearchContext) -> Retriever`. A retriever returns at most `limit` hits, best
first, ranks from 1, from articles that pass the query's filters; fewer when the library holds no more.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Protocol

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
    others: tuple[str, ...] = ()
    """The same in other words. `hybrid` searches for them, too; how near in meaning a hit is, the question says."""

    def rewritten(self) -> list[Query]:
        """A query each for the other words."""
        return [replace(self, question=other, others=()) for other in self.others]


@dataclass(frozen=True, slots=True)
class SearchContext:
    """What retrievers search in."""

    library: Library
    index: Index
    embedder: Embedder
    settings: Settings

    def conditions(self) -> dict[str, Any]:
        """How and in what is searched at this moment, for the provenance of a result."""
        counts = self.library.counts()
        return {
            "retriever": self.settings.retriever,
            "reranker": self.settings.reranker,
            "embedder": self.library.embedder(),
            "library": {"articles": counts.articles, "passages": counts.passages, "embedded": counts.embedded},
        }


class Retriever(Protocol):
    def retrieve(self, query: Query, limit: int) -> list[Hit]: ...


Scored = Sequence[tuple[int, float]]
"""(passage id, score), best first."""

RRF_K = 60
OTHER_WEIGHT = 0.5  # of the question in other words, against the question's own


def fuse(rankings: Sequence[Scored], weights: Sequence[float], k: int = RRF_K) -> Scored:
    """Merge rankings by weighted reciprocal rank, best first.

    score(p) = sum over rankings of weight / (k + rank), rank 1-based; ties keep the first ranking's order.
    Cormack, Clarke & Buettcher, SIGIR 2009. Order means something, size does not.
    """
    merged: dict[int, float] = {}
    for ranking, weight in zip(rankings, weights, strict=True):
        for rank, (key, _) in enumerate(ranking, start=1):
            merged[key] = merged.get(key, 0.0) + weight / (k + rank)
    return sorted(merged.items(), key=lambda pair: -pair[1])


def as_hits(library: Library, scored: Scored, voices: Mapping[str, Mapping[int, float]]) -> list[Hit]:
    """Ranked passage ids as hits, with what each voice said of them; passages removed meanwhile are left out."""
    passages: dict[int, Passage] = library.passages([key for key, _ in scored])
    found = [(key, score) for key, score in scored if key in passages]
    return [
        Hit(passages[key], rank, score, {voice: said[key] for voice, said in voices.items() if key in said})
        for rank, (key, score) in enumerate(found, start=1)
    ]
