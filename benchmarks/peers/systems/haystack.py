"""Haystack: DocumentSplitter as it comes (200 words), InMemoryDocumentStore, BM25 or embedding retriever.

"joined" runs both and merges them with DocumentJoiner's reciprocal rank fusion, as Haystack's page on hybrid retrieval
does. Dates: the document store's own filter.
"""

# Without `from __future__ import annotations`: Haystack reads the types of a component's `run` as objects.

from dataclasses import replace
from datetime import date
from typing import Any

from haystack import Document, Pipeline, component  # type: ignore[import-not-found,unused-ignore]
from haystack.components.joiners import DocumentJoiner  # type: ignore[import-not-found,unused-ignore]
from haystack.components.preprocessors import DocumentSplitter  # type: ignore[import-not-found,unused-ignore]
from haystack.components.retrievers.in_memory import (  # type: ignore[import-not-found,unused-ignore]
    InMemoryBM25Retriever,
    InMemoryEmbeddingRetriever,
)
from haystack.components.writers import DocumentWriter  # type: ignore[import-not-found,unused-ignore]
from haystack.document_stores.in_memory import (  # type: ignore[import-not-found,unused-ignore]
    InMemoryDocumentStore,
)

from benchmarks.peers.embedding import CachedMiniLM
from benchmarks.peers.systems import K, Piece, Place, as_number, read_plain


@component
class DocumentMiniLM:
    """The assistant's embedder as a document embedder."""

    def __init__(self, embeddings: CachedMiniLM) -> None:
        self._embeddings = embeddings

    @component.output_types(documents=list[Document])  # type: ignore[untyped-decorator,unused-ignore]
    def run(self, documents: list[Document]) -> dict[str, Any]:
        rows = self._embeddings.embed_documents([document.content for document in documents])
        return {"documents": [replace(document, embedding=row) for document, row in zip(documents, rows, strict=True)]}


@component
class TextMiniLM:
    """The assistant's embedder as a text embedder."""

    def __init__(self, embeddings: CachedMiniLM) -> None:
        self._embeddings = embeddings

    @component.output_types(embedding=list[float])  # type: ignore[untyped-decorator,unused-ignore]
    def run(self, text: str) -> dict[str, Any]:
        return {"embedding": self._embeddings.embed_query(text)}


class Haystack:
    def __init__(self, place: Place, words: bool, meaning: bool) -> None:
        self._place, self._words, self._meaning = place, words, meaning
        self._store = InMemoryDocumentStore()
        self._search = self._search_pipeline()

    def index(self) -> int:
        pipeline = Pipeline()
        pipeline.add_component("splitter", DocumentSplitter())
        pipeline.add_component("writer", DocumentWriter(self._store))
        if self._meaning:
            pipeline.add_component("embedder", DocumentMiniLM(self._place.embeddings))
            pipeline.connect("splitter", "embedder")
        pipeline.connect("embedder" if self._meaning else "splitter", "writer")
        articles = [
            Document(content=article.text, meta={"article": article.id, "day": article.day})
            for article in read_plain(self._place.plain)
        ]
        pipeline.run({"splitter": {"documents": articles}})
        count: int = self._store.count_documents()
        return count

    def _search_pipeline(self) -> Any:
        pipeline = Pipeline()
        if self._words:
            pipeline.add_component("words", InMemoryBM25Retriever(self._store, top_k=K))
        if self._meaning:
            pipeline.add_component("embedder", TextMiniLM(self._place.embeddings))
            pipeline.add_component("meaning", InMemoryEmbeddingRetriever(self._store, top_k=K))
            pipeline.connect("embedder.embedding", "meaning.query_embedding")
        if self._words and self._meaning:
            pipeline.add_component("joiner", DocumentJoiner(join_mode="reciprocal_rank_fusion", top_k=K))
            pipeline.connect("words", "joiner")
            pipeline.connect("meaning", "joiner")
        return pipeline

    def search(self, question: str, as_of: date | None) -> list[Piece]:
        dated = {"field": "meta.day", "operator": "<=", "value": as_number(as_of)} if as_of else None
        inputs: dict[str, dict[str, Any]] = {}
        if self._words:
            inputs["words"] = {"query": question, "filters": dated}
        if self._meaning:
            inputs |= {"embedder": {"text": question}, "meaning": {"filters": dated}}
        (output,) = self._search.run(inputs).values()
        return [Piece(document.meta["article"], document.content) for document in output["documents"]]


def make(place: Place, variant: str) -> Haystack:
    return Haystack(place, words=variant != "embedding", meaning=variant != "bm25")
