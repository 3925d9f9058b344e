"""A soft preference for articles from about the day a question is asked.

Readers ask about the news of the day. The preference is soft and always on: it falls off as a power of an article's age, so
that a day counts among this week's articles and nothing among those of years ago (docs/decisions/retrieval.md).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from assistant.types import ArticleFacts, Hit, ranked

FRESH_DAYS = 7.0  # the age at which the decline sets in
DECLINE = 0.4
UNDATED_DAYS = 365.0  # the age that an article without a date is taken to have


def recency(published: date | None, as_of: date) -> float:
    """(1 + age / 7 days) ** -0.4: 1 on the day itself, 0.76 after a week, 0.51 after a month, 0.2 after a year."""
    age_days = UNDATED_DAYS if published is None else max(0.0, float((as_of - published).days))
    return float((1 + age_days / FRESH_DAYS) ** -DECLINE)


def prefer_recent(hits: Sequence[Hit], facts: Mapping[str, ArticleFacts], as_of: date) -> list[Hit]:
    """Multiply each hit's score by its article's recency, best first; the factor stays in `parts["recency"]`."""

    def weighed(hit: Hit) -> Hit:
        article = facts.get(hit.passage.span.article_id)
        factor = recency(article.published if article else None, as_of)
        return replace(hit, score=hit.score * factor, parts={**hit.parts, "recency": factor})

    return ranked(map(weighed, hits))
