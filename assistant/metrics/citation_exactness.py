"""Citation exactness: the share of shown citations whose quote is, to the character, what the article has at that span.

|citations with article.text[start:end] == quote| / |citations|, over all shown citations of the set; n counts the cases
that show any. A citation of an article that the library lacks is not exact. This project's first promise, so anything
below 1 is a bug. Of the kind of Menick et al., Teaching Language Models to Support Answers with Verified Quotes, 2022,
whose quotes are checked as strings.
Example: two cases with 3 and 1 citations, one of the four off by a character: 3/4.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from assistant.metrics import Metric, Outcome
from assistant.types import Citation


def is_exact(citation: Citation, texts: Mapping[str, str]) -> bool:
    """`texts` holds the stored articles' texts by id."""
    span = citation.span
    text = texts.get(span.article_id, "")
    in_text = 0 <= span.start < span.end <= len(text)  # Python's slices forgive offsets outside of it
    return in_text and text[span.start : span.end] == citation.quote


def citation_exactness(citations: Sequence[Citation], texts: Mapping[str, str]) -> float | None:
    if not citations:
        return None
    return sum(is_exact(citation, texts) for citation in citations) / len(citations)


def _score(outcome: Outcome) -> float | None:
    return citation_exactness(outcome.answer.citations, outcome.texts) if outcome.answer else None


def _weight(outcome: Outcome) -> float:
    return float(len(outcome.answer.citations)) if outcome.answer else 0.0


def make() -> tuple[Metric, ...]:
    return (Metric("citation_exactness", "citation", _score, weight=_weight),)
