"""The assistant's default embedder for every system, with a memory of vectors that an earlier run has paid for.

Every system's texts reach the model in blocks of BLOCK, as the assistant embeds its own, so that embedding costs the
same for all. A vector from the memory brings along its share of the seconds that its block took when it was computed:
index times are those of a run without the memory.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import repeat
from pathlib import Path
from typing import TYPE_CHECKING

from langchain_core.embeddings import Embeddings

from assistant.embedders.minilm8 import FINGERPRINT, make
from assistant.settings import load_settings
from benchmarks.measuring import Stopwatch, stopwatch

if TYPE_CHECKING:
    import numpy as np

BLOCK = 64
_WARM_UP = "The council of the northern town met on Monday to talk about the harbour and its ships. " * 30


@dataclass(frozen=True, slots=True)
class Paid:
    """A vector and what it took."""

    row: bytes
    cpu_s: float
    wall_s: float


class VectorMemory:
    """Vectors by text in an SQLite file; None as its path keeps nothing."""

    def __init__(self, path: Path | None) -> None:
        if path:
            path.parent.mkdir(parents=True, exist_ok=True)
        self._file = sqlite3.connect(path or ":memory:")
        self._file.execute("PRAGMA synchronous = OFF")
        self._file.execute(
            "CREATE TABLE IF NOT EXISTS vectors (key BLOB PRIMARY KEY, row BLOB, cpu_s REAL, wall_s REAL)"
        )
        self._keeps = path is not None

    def get(self, text: str) -> Paid | None:
        found = self._file.execute("SELECT row, cpu_s, wall_s FROM vectors WHERE key = ?", (_key(text),)).fetchone()
        return Paid(*found) if found else None

    def put(self, texts: Sequence[str], paid: Sequence[Paid]) -> None:
        if self._keeps:
            rows = [(_key(text), one.row, one.cpu_s, one.wall_s) for text, one in zip(texts, paid, strict=True)]
            self._file.executemany("INSERT OR REPLACE INTO vectors VALUES (?, ?, ?, ?)", rows)
            self._file.commit()  # a run that is cut short loses nothing it has paid for

    def close(self) -> None:
        self._file.close()


@dataclass
class CachedMiniLM(Embeddings):
    """LangChain `Embeddings`; questions are always embedded anew."""

    memory: VectorMemory
    model: Embeddings = field(default_factory=lambda: make(load_settings()))
    remembered: Stopwatch = field(default_factory=Stopwatch)
    """What the vectors from the memory took once."""
    n_remembered: int = 0
    n_embedded: int = 0

    def warm_up(self) -> None:
        """Load the model and its working memory, which no index time counts and every peak must."""
        self.model.embed_documents([_WARM_UP] * 4)

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        rows: list[list[float]] = []
        for start in range(0, len(texts), BLOCK):
            rows += self._embed_block(texts[start : start + BLOCK])
        return rows

    def embed_query(self, text: str) -> list[float]:
        return self.model.embed_query(text)

    def _embed_block(self, texts: list[str]) -> list[list[float]]:
        known = {text: paid for text in texts if (paid := self.memory.get(text))}
        unknown = [text for text in texts if text not in known]
        self.n_remembered += len(texts) - len(unknown)
        self.n_embedded += len(unknown)
        self.remembered.cpu_s += sum(known[text].cpu_s for text in texts if text in known)
        self.remembered.wall_s += sum(known[text].wall_s for text in texts if text in known)
        fresh = iter(self._embed_unknown(unknown)) if unknown else repeat([])
        return [_row(known[text].row) if text in known else next(fresh) for text in texts]

    def _embed_unknown(self, texts: list[str]) -> list[list[float]]:
        import numpy as np

        with stopwatch() as watch:
            rows = self.model.embed_documents(texts)
        total = sum(map(len, texts)) or 1
        paid = [
            Paid(
                np.asarray(row, np.float32).tobytes(), watch.cpu_s * len(text) / total, watch.wall_s * len(text) / total
            )
            for text, row in zip(texts, rows, strict=True)
        ]
        self.memory.put(texts, paid)
        return rows


def _key(text: str) -> bytes:
    return hashlib.sha256(f"{FINGERPRINT}\n{text}".encode("utf-8", "surrogatepass")).digest()


def _row(data: bytes) -> list[float]:
    import numpy as np

    row: np.ndarray = np.frombuffer(data, np.float32)
    return row.tolist()  # type: ignore[no-any-return]
