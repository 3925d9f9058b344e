"""Gold citation: whether an answer rests on the gold evidence.

Of an answerable case that was answered: 1 if a shown citation overlaps a gold span (without gold spans: comes from a
gold article), else 0. Abstentions and cases without gold are excluded. Close to the evidence recall of Thorne et al.,
FEVER, NAACL 2018, for one evidence set. Example: cited characters 40-90 of a gold article, gold span 80-120: 1.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from assistant.metrics import Metric, Outcome
from assistant.types import Span


def gold_citation(cited: Sequence[Span], gold_spans: Sequence[Span], gold_articles: Collection[str]) -> float:
    if gold_spans:
        return float(any(span.overlaps(gold) for span in cited for gold in gold_spans))
    return float(any(span.article_id in gold_articles for span in cited))


def _score(outcome: Outcome) -> float | None:
    answer = outcome.answer
    if answer is None or answer.abstained is not None or not outcome.answerable:
        return None
    if not outcome.gold_spans and not outcome.gold_articles:
        return None
    return gold_citation(
        [citation.span for citation in answer.citations],
        outcome.gold_spans,
        outcome.gold_articles,
    )


def make() -> tuple[Metric, ...]:
    return (Metric("gold_citation", "citation", _score),)
