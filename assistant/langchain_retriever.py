"""The assistant's retrieval as a LangChain retriever, for anybody's chain: hits become Documents that keep their span."""

from __future__ import annotations

from typing import Any

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict

from assistant.types import Filters, Hit


class LibraryRetriever(BaseRetriever):
    """Documents with `article_id, start, end, zone, title, rank, score` as metadata, best first."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    assistant: Any
    """The Assistant that searches."""
    filters: Filters = Filters()
    k: int | None = None

    def _get_relevant_documents(self, query: str, *, run_manager: CallbackManagerForRetrieverRun) -> list[Document]:
        return [as_document(hit) for hit in self.assistant.retrieve(query, filters=self.filters, k=self.k)]


def as_document(hit: Hit) -> Document:
    """`page_content` is the passage, `metadata` says where it stands."""
    passage = hit.passage
    metadata = {
        "article_id": passage.span.article_id,
        "start": passage.span.start,
        "end": passage.span.end,
        "zone": str(passage.zone),
        "title": passage.title,
        "rank": hit.rank,
        "score": hit.score,
    }
    return Document(id=str(passage.id), page_content=passage.text, metadata=metadata)
