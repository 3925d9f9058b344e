"""The assistant with its default settings, or with its word search alone."""

from __future__ import annotations

from datetime import date

from assistant.api import Assistant
from assistant.embedders import Embedder
from assistant.embedders.minilm8 import FINGERPRINT
from assistant.types import Filters
from benchmarks.peers.systems import K, Piece, Place


class Ours:
    def __init__(self, place: Place, retriever: str) -> None:
        self._articles = place.articles
        self._embed = retriever != "lexical"
        self._assistant = Assistant(place.folder / "home", retriever=retriever)
        self._assistant.embedder = Embedder(place.embeddings, FINGERPRINT)

    def index(self) -> int:
        return self._assistant.ingest(self._articles, embed=self._embed).passages

    def search(self, question: str, as_of: date | None) -> list[Piece]:
        hits = self._assistant.retrieve(question, filters=Filters(as_of=as_of), k=K)
        return [Piece(hit.passage.span.article_id, hit.passage.text) for hit in hits]


def make(place: Place, variant: str) -> Ours:
    return Ours(place, variant)
