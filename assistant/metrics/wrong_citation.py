"""Wrong citation: whether an answer cites words that somebody has marked as the wrong ones.

Of a case with wrong spans that was asked: 1 if a shown citation overlaps one of them, else 0, abstentions included. Cases
without wrong spans are excluded. The figure is the share of known mistakes that are made again, the counterpart of
gold_citation; as with the judged non-relevant documents of Buckley & Voorhees, Retrieval Evaluation with Incomplete
Information, SIGIR 2004, what nobody has judged counts neither way. Example: cited characters 40-90, wrong span 80-120: 1.
"""

from __future__ import annotations

from collections.abc import Sequence

from assistant.metrics import Metric, Outcome
from assistant.types import Answer, Span


def wrong_citation(answer: Answer, wrong_spans: Sequence[Span]) -> bool:
    return any(citation.span.overlaps(wrong) for citation in answer.citations for wrong in wrong_spans)


def _score(outcome: Outcome) -> float | None:
    if outcome.answer is None or not outcome.wrong_spans:
        return None
    return float(wrong_citation(outcome.answer, outcome.wrong_spans))


def make() -> tuple[Metric, ...]:
    return (Metric("wrong_citation", "citation", _score, higher_is_better=False),)
