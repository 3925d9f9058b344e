"""BM25 over title and words of the passages, in the library's own index: works the moment a text is stored."""

from __future__ import annotations

from assistant.retrievers import Query, Scored, SearchContext, as_hits
from assistant.terms import STOP_WORDS, words
from assistant.types import Hit


def make(context: SearchContext) -> Lexical:
    return Lexical(context)


class Lexical:
    def __init__(self, context: SearchContext) -> None:
        self._library = context.library

    def retrieve(self, query: Query, limit: int) -> list[Hit]:
        best = self.best(query, limit)
        return as_hits(self._library, best, {"lexical": dict(best)})

    def best(self, query: Query, limit: int) -> Scored:
        """The passages with the highest BM25, as ids."""
        # SQLite stems by itself, so it gets the words as written.
        asked = [word for word in dict.fromkeys(words(query.question)) if word.casefold() not in STOP_WORDS]
        allowed = self._library.allowed_passages(query.filters)
        return self._library.search_words(asked, limit, allowed)
