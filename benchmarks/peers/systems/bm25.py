"""bm25s alone over the assistant's passages, without titles: what its ranking adds to plain BM25."""

from __future__ import annotations

from datetime import date

from assistant.api import Assistant
from assistant.types import Filters
from benchmarks.peers.systems import K, Piece, Place
from benchmarks.retrieval_baselines import Bm25


class Bm25OverPassages:
    def __init__(self, place: Place) -> None:
        self._articles = place.articles
        self._assistant = Assistant(place.folder / "home")
        self._bm25: Bm25 | None = None

    def index(self) -> int:
        self._assistant.ingest(self._articles, embed=False)
        self._bm25 = Bm25(self._assistant.library.all_passages())
        return len(self._bm25.passages)

    def search(self, question: str, as_of: date | None) -> list[Piece]:
        assert self._bm25 is not None
        allowed = self._assistant.library.allowed_passages(Filters(as_of=as_of)) if as_of else None
        hits = self._bm25.search(question, K, allowed)
        return [Piece(hit.passage.span.article_id, hit.passage.text) for hit in hits]


def make(place: Place, variant: str) -> Bm25OverPassages:
    return Bm25OverPassages(place)
