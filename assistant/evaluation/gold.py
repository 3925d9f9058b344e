"""Gold of a question set in the library's terms: names to stored articles, quotes to spans."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from assistant.cases import EvalCase, GoldSpan
from assistant.citations import folded_text
from assistant.errors import WrongUse
from assistant.text import fold
from assistant.types import Article, ArticleRow, Span


class Articles(Protocol):
    def article(self, article_id: str) -> Article: ...


class Gold:
    """What the library's articles are called, so that a set's gold can be found among them."""

    def __init__(self, rows: Sequence[ArticleRow]) -> None:
        """`rows` with replaced versions: a name of one stands for the version that answers at its URL today."""
        self._stored = _stored_ids(rows)

    def articles(self, case: EvalCase) -> frozenset[str]:
        """Stored ids; a name that the library does not know stays as it is, for a search that is sure to miss it."""
        return frozenset(article_id for name in _names(case) for article_id in self._ids(name))

    def grades(self, case: EvalCase) -> dict[str, int]:
        return {article_id: grade for name, grade in case.grades.items() for article_id in self._ids(name)}

    def spans(self, case: EvalCase, articles: Articles) -> list[Span]:
        """Every place where a gold quote stands. Raises WrongUse when its article has no such words."""
        return [span for gold in case.gold_spans for span in self._find(gold, articles)]

    def wrong_spans(self, case: EvalCase, articles: Articles) -> list[Span]:
        """Every place where words stand that must not be cited. Raises WrongUse when their article has no such words."""
        return [span for wrong in case.wrong_spans for span in self._find(wrong, articles, "wrong span")]

    def holds(self, case: EvalCase) -> bool:
        """Whether the library has at least one article of the case's gold; True for a case without gold."""
        return not _names(case) or any(name in self._stored for name in _names(case))

    def missing(self, cases: Iterable[EvalCase]) -> tuple[str, ...]:
        """Names that no stored article has, in order."""
        return tuple(dict.fromkeys(name for case in cases for name in _names(case) if name not in self._stored))

    def _ids(self, name: str) -> frozenset[str]:
        return self._stored.get(name, frozenset({name}))

    def _find(self, gold: GoldSpan, articles: Articles, kind: str = "gold quote") -> list[Span]:
        if gold.article not in self._stored:
            return [Span(gold.article, 0, len(gold.quote))]  # an id that no hit has: a miss, as it should be
        stored = [articles.article(article_id) for article_id in sorted(self._stored[gold.article])]
        spans = [span for article in stored for span in find_quote(article, gold.quote)]
        if not spans:
            raise WrongUse(
                f"The article {gold.article!r} does not hold the {kind} {gold.quote!r}.", "Mend the question set."
            )
        return spans


def find_quote(article: Article, quote: str) -> list[Span]:
    """Every occurrence of the quote, in other typography only where it does not stand as written."""
    exact = _occurrences(article.text, quote)
    if exact:
        return [Span(article.id, start, end) for start, end in exact]
    folded, wanted = folded_text(article.text), fold(quote).text.strip()
    places = _occurrences(folded.text, wanted)
    return [Span(article.id, *folded.original_range(start, end)) for start, end in places]


def _names(case: EvalCase) -> list[str]:
    relevant = (name for name, grade in case.grades.items() if grade > 0)
    return [*case.gold_article_ids, *(gold.article for gold in case.gold_spans), *relevant]


def _stored_ids(rows: Sequence[ArticleRow]) -> Mapping[str, frozenset[str]]:
    """Ids of current articles by every name that gold may use: their own id and their source ids."""
    at_url = {row.facts.url: row.facts.id for row in rows if row.current and row.facts.url}
    stored: dict[str, set[str]] = {}
    for row in rows:
        current = row.facts.id if row.current else at_url.get(row.facts.url or "")
        for name in (row.facts.id, row.facts.source_id, *row.source_ids):
            if name and current:
                stored.setdefault(name, set()).add(current)
    return {name: frozenset(ids) for name, ids in stored.items()}


def _occurrences(text: str, wanted: str) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    start = text.find(wanted) if wanted else -1
    while start >= 0:
        found.append((start, start + len(wanted)))
        start = text.find(wanted, start + len(wanted))
    return found
