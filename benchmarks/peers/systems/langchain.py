"""LangChain's quick start: RecursiveCharacterTextSplitter 1000/200, Chroma on disk, similarity_search.

Dates: Chroma's own metadata filter.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from benchmarks import quickstart
from benchmarks.peers.systems import K, Piece, Place, as_number, read_plain

if TYPE_CHECKING:
    from langchain_core.vectorstores import VectorStore


class LangChain:
    def __init__(self, place: Place) -> None:
        self._place = place
        self._store: VectorStore | None = None

    def index(self) -> int:
        days = {article.id: article.day for article in read_plain(self._place.plain)}
        chunks = quickstart.split(self._place.plain)
        for chunk in chunks:
            chunk.metadata["day"] = days[chunk.metadata["source"]]
        self._store = quickstart.from_documents(chunks, self._place.embeddings, self._place.folder)
        return len(chunks)

    def search(self, question: str, as_of: date | None) -> list[Piece]:
        assert self._store is not None
        dated: dict[str, Any] = {"filter": {"day": {"$lte": as_number(as_of)}}} if as_of else {}
        found = self._store.similarity_search(question, k=K, **dated)
        return [Piece(document.metadata["source"], document.page_content) for document in found]


def make(place: Place, variant: str) -> LangChain:
    return LangChain(place)
