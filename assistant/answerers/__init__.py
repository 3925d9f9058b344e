"""The answerers' shelf: a question and retrieved passages to a Draft. One file, one way to answer.

An answerer module has `def make(settings: Settings) -> Answerer`. `draft` yields pieces of the answer's text as they
come (none is fine) and then, last, exactly one Draft. A Draft is not believed: the chain looks up every ClaimedQuote in
the stored articles afterwards. An answerer that fails raises ModelFailed; the chain then answers extractively with a note.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

from assistant.types import Article, Draft, Hit, Turn


@dataclass(frozen=True, slots=True)
class AnswerTask:
    """What an answerer works from."""

    question: str
    """Complete in itself: a follow-up has been resolved with its history already."""
    hits: tuple[Hit, ...]
    """Best first."""
    articles: Mapping[str, Article]
    """By id: every article that a hit comes from."""
    history: tuple[Turn, ...] = ()
    as_of: date | None = None
    weight: Callable[[str], float] = field(default=lambda term: 1.0)
    """Inverse document frequency of a term in the library, as for rerankers."""


class Answerer(Protocol):
    def draft(self, task: AnswerTask) -> Iterator[str | Draft]: ...
