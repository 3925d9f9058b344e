"""The rerankers' shelf: a closer look at the first hits. One file, one way to look.

A reranker module has `def make(settings: Settings) -> Reranker`. It returns the same hits, ordered anew, ranks from 1,
with its own verdict in `parts["rerank"]`, 0..1. `weight` gives a term's inverse document frequency in the library.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from assistant.types import Hit

TermWeight = Callable[[str], float]
"""How much a term says: about 0 for one that every passage holds, more the rarer it is."""


class Reranker(Protocol):
    def rerank(self, question: str, hits: Sequence[Hit], weight: TermWeight) -> list[Hit]: ...
