"""The plain-library way: what LangChain's quick starts do, with the same model weights and the same articles.

RecursiveCharacterTextSplitter 1000/200, `Chroma.from_documents`, `similarity_search`; for words alone bm25s over the
same chunks. MiniLM embeds batches of 32 in the order given, padded to the longest, ONNX Runtime with its own defaults.
"""

from __future__ import annotations

import json
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from langchain_core.embeddings import Embeddings

from assistant.embedders import minilm

if TYPE_CHECKING:
    from langchain_core.documents import Document
    from langchain_core.vectorstores import VectorStore

BATCH = 32
NAME = "LangChain quick start"
_PACKAGES = ("langchain_chroma", "langchain_text_splitters")


def require_packages() -> None:
    """Raises SystemExit with the command that installs what is missing."""
    missing = [name.replace("_", "-") for name in _PACKAGES if find_spec(name) is None]
    if missing:
        requirements = Path(__file__).with_name("requirements.txt")
        print(
            f"The LangChain quick start needs {' and '.join(missing)}.\n"
            f"Run: {sys.executable} -m pip install -r {requirements}\n"
            "Or measure without the comparison: --no-peer",
            file=sys.stderr,
        )
        raise SystemExit(2)


class QuickStartMiniLM(Embeddings):
    """The assistant's weights and vocabulary, run as a quick start runs them."""

    def __init__(self) -> None:
        import onnxruntime
        from tokenizers.implementations.bert_wordpiece import BertWordPieceTokenizer

        self._tokenizer = BertWordPieceTokenizer(str(minilm.VOCABULARY), lowercase=True)
        self._tokenizer.enable_truncation(minilm.MAX_PIECES)
        self._tokenizer.enable_padding()
        self._session = onnxruntime.InferenceSession(minilm.model_file(), providers=["CPUExecutionProvider"])

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        rows: list[list[float]] = []
        for start in range(0, len(texts), BATCH):
            rows += self._embed(texts[start : start + BATCH])
        return rows

    def embed_query(self, text: str) -> list[float]:
        return self._embed([text])[0]

    def _embed(self, texts: list[str]) -> list[list[float]]:
        import numpy as np

        encoded = self._tokenizer.encode_batch(texts)
        ids = np.array([encoding.ids for encoding in encoded], dtype=np.int64)
        mask = np.array([encoding.attention_mask for encoding in encoded], dtype=np.int64)
        inputs = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        (hidden,) = self._session.run(None, inputs)
        weights = mask[:, :, None].astype(np.float32)
        pooled = (hidden * weights).sum(axis=1) / weights.sum(axis=1)
        rows: list[list[float]] = (pooled / np.linalg.norm(pooled, axis=1, keepdims=True)).tolist()
        return rows


def split(articles: Path) -> list[Document]:
    """The chunks of a JSONL file of articles."""
    from langchain_core.documents import Document
    from langchain_text_splitters import (  # type: ignore[import-not-found,unused-ignore]
        RecursiveCharacterTextSplitter,
    )

    records = [json.loads(line) for line in articles.read_text(encoding="utf-8").splitlines()]
    documents = [Document(record["text"], metadata={"source": record["id"]}) for record in records]
    splitter = RecursiveCharacterTextSplitter(chunk_size=1000, chunk_overlap=200)
    chunks: list[Document] = splitter.split_documents(documents)
    return chunks


def index_words(chunks: list[Document]) -> Any:
    """A BM25 index over the chunks, in memory."""
    import bm25s  # type: ignore[import-untyped,unused-ignore]
    import snowballstemmer  # type: ignore[import-untyped,unused-ignore]

    stem = snowballstemmer.stemmer("english").stemWords
    index = bm25s.BM25()
    tokens = bm25s.tokenize([chunk.page_content for chunk in chunks], stopwords="en", stemmer=stem, show_progress=False)
    index.index(tokens, show_progress=False)
    return index


def from_documents(chunks: list[Document], embeddings: Embeddings, folder: Path) -> VectorStore:
    """The chunks in a Chroma on disk."""
    from langchain_chroma import Chroma  # type: ignore[import-not-found,unused-ignore]

    store: VectorStore = Chroma.from_documents(chunks, embeddings, persist_directory=str(folder))
    return store


def open_store(embeddings: Embeddings, folder: Path) -> VectorStore:
    from langchain_chroma import Chroma  # type: ignore[import-not-found,unused-ignore]

    store: VectorStore = Chroma(embedding_function=embeddings, persist_directory=str(folder))
    return store


def main() -> None:
    """`python -m benchmarks.quickstart FOLDER QUESTION`: one question in a new process."""
    folder, question = sys.argv[1:]
    for document in open_store(QuickStartMiniLM(), Path(folder)).similarity_search(question, k=4):
        print(document.page_content)


if __name__ == "__main__":
    main()
