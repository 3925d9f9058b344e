"""The answerers' shelf: a question and retrieved passages to a Draft. One file, one way to answer.

An answerer module has `def make(settings: Settings) -> Answerer`. `draft` yields pieces of the answer's text as they
come (none is fine), where the text has been cited, and then, last, exactly one Draft. A Draft is not believed: the chain
looks up every ClaimedQuote in the stored articles afterwards. An answerer that fails raises ModelFailed; the chain then
answers extractively with a note. One that writes with a model is a `Writer`: it is told what is wrong with its draft.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol, runtime_checkable

from assistant.chat_models import Budget, ChatModel
from assistant.packing import Packed
from assistant.types import Article, CitedEvent, Draft, Hit, Turn


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
    packed: Packed | None = None
    """What of the hits a model is shown; None for answerers that ask none."""
    budget: Budget | None = None
    """What the model's calls may take."""


class Answerer(Protocol):
    def draft(self, task: AnswerTask) -> Iterator[str | CitedEvent | Draft]: ...


@runtime_checkable
class Writer(Protocol):
    """An answerer that writes with a model. Its task is packed and has a budget."""

    model: ChatModel

    def draft(self, task: AnswerTask) -> Iterator[str | CitedEvent | Draft]: ...

    def repair(self, task: AnswerTask, draft: Draft, problems: Sequence[str]) -> Draft:
        """The answer written again, given what is wrong with it, a sentence each. Raises ModelFailed."""
        ...
