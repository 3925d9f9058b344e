"""Made-up articles and an embedder that costs nothing, for tests in which neither the words nor the vectors matter."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from langchain_core.embeddings import Embeddings


class HashingEmbeddings(Embeddings):
    """Bags of words, hashed into 32 dimensions: texts that share words are near each other. `embedded` counts texts."""

    def __init__(self) -> None:
        self.embedded = 0

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        self.embedded += len(texts)
        return [self.embed_query(text) for text in texts]

    def embed_query(self, text: str) -> list[float]:
        row = np.zeros(32)
        for word in text.lower().split():
            row[hashlib.md5(word.encode("utf-8", "replace"), usedforsecurity=False).digest()[0] % 32] += 1
        return list(row + 0.01)


def sentences(n: int, about: str = "harbour") -> str:
    """n sentences that differ from each other, long enough together to be compared with other articles."""
    return " ".join(f"Sentence {i} of this report is about the {about} and its {i * 7} boats." for i in range(n))


def write_articles(folder: Path, texts: Sequence[str]) -> Path:
    """A JSONL file of articles with ids a0, a1, ... and addresses named after the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "articles.jsonl"
    lines = [
        json.dumps({"id": f"a{i}", "url": f"https://{folder.name}.example/{i}", "title": f"Report {i}", "text": text})
        for i, text in enumerate(texts)
    ]
    path.write_text("\n".join(lines), encoding="utf-8")
    return path
