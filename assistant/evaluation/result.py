"""What a case brought, as plain values: enough to make every figure, chart and page of a report again.

Results travel through files (a run that was cut short, a former report) and back without loss.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from assistant.cases import EvalCase
from assistant.evaluation.one_case import Returned
from assistant.metrics import Metric, Outcome, Score
from assistant.metrics._answer import prose
from assistant.metrics._text import holds
from assistant.metrics.choice_accuracy import judge_choice
from assistant.metrics.gold_citation import gold_citation
from assistant.metrics.hit_at_k import first_hit, has_gold, is_strict_hit
from assistant.metrics.wrong_citation import wrong_citation
from assistant.types import Answer, ArticleFacts, Citation, Hit, Match

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class EvalResult:
    """One case: its scores, and what a reader needs to see why."""

    id: str
    dataset: str
    scores: Mapping[str, Score] = field(default_factory=dict)
    """By metric; one that does not apply has no entry."""
    weights: Mapping[str, float] = field(default_factory=dict)
    """Of scores that do not count 1."""
    right: bool | None = None
    """Whether the outcome is what it should be; None when there is nothing to compare."""
    lost_at: str | None = None
    """The stage that lost the right outcome."""
    error: str | None = None
    details: Json = field(default_factory=dict)
    """Question, gold, answer, citations, hits, seconds: docs/report-format.md has the keys."""

    def to_json(self) -> Json:
        return {
            "id": self.id,
            "set": self.dataset,
            **self.details,
            "right": self.right,
            "lost_at": self.lost_at,
            "scores": {name: list(score) if isinstance(score, tuple) else score for name, score in self.scores.items()},
            "weights": dict(self.weights),
            "error": self.error,
        }


def result_from_json(row: Mapping[str, Any]) -> EvalResult:
    """Raises KeyError, TypeError for what is no result."""
    own = ("id", "set", "right", "lost_at", "scores", "weights", "error")
    return EvalResult(
        id=row["id"],
        dataset=row["set"],
        scores={name: tuple(score) if isinstance(score, list) else score for name, score in row["scores"].items()},
        weights=dict(row["weights"]),
        right=row["right"],
        lost_at=row["lost_at"],
        error=row["error"],
        details={key: value for key, value in row.items() if key not in own},
    )


def make_result(
    case: EvalCase, returned: Returned, metrics: Sequence[Metric], top_k: int, facts: Mapping[str, ArticleFacts]
) -> EvalResult:
    """`top_k` hits are what an answer is made from; `facts` tells of stored articles by id."""
    outcome = returned.outcome
    scored = [(metric, _exact(score)) for metric in metrics if (score := metric.score(outcome)) is not None]
    right = None if returned.error else is_right(outcome)
    return EvalResult(
        id=case.id,
        dataset=case.dataset,
        scores={metric.name: score for metric, score in scored},
        weights={metric.name: weight for metric, _ in scored if (weight := metric.weight(outcome)) != 1.0},
        right=right,
        lost_at=_lost_at(returned, right, top_k),
        error=returned.error,
        details=_details(case, outcome, facts),
    )


def is_right(outcome: Outcome) -> bool | None:
    """Whether the case came out as it should; None when nothing can be compared.

    A claim by its label, an unanswerable question by the abstention, an answerable one by an accepted answer or else by a
    citation of the gold; a choice by its index where nothing was asked in words, and a search alone by a strict hit. An
    answer that cites what it must not is wrong.
    """
    if outcome.gold_label is not None:
        return None if outcome.support is None else outcome.support.label == outcome.gold_label
    if outcome.answer is not None:
        return _is_right_answer(outcome, outcome.answer)
    if outcome.choice is not None:
        return judge_choice(outcome)
    return first_hit(outcome) is not None if has_gold(outcome) else None


def _is_right_answer(outcome: Outcome, answer: Answer) -> bool | None:
    if wrong_citation(answer, outcome.wrong_spans):
        return False
    if not outcome.says_what_is_right:
        return True
    if not outcome.answerable or answer.abstained is not None:
        return (answer.abstained is not None) is not outcome.answerable
    if outcome.accepted:
        return holds(prose(answer), outcome.accepted)
    if outcome.gold_spans or outcome.gold_articles:
        cited = [citation.span for citation in answer.citations]
        return bool(gold_citation(cited, outcome.gold_spans, outcome.gold_articles))
    return None


def _lost_at(returned: Returned, right: bool | None, top_k: int) -> str | None:
    """The first stage after which the right outcome could no longer come."""
    outcome = returned.outcome
    if returned.error:
        return "error"
    if right is not False:
        return None
    if outcome.answer is not None and not outcome.answerable:
        return "answered anyway"
    if outcome.answer is not None and wrong_citation(outcome.answer, outcome.wrong_spans):
        return "wrong citation"
    if has_gold(outcome):
        if not returned.in_library:
            return "not in the library"
        if returned.deep_rank is None:
            return "not retrieved"
        if returned.deep_rank > top_k:
            return "ranked out"
    return _lost_by_the_answer(outcome)


def _lost_by_the_answer(outcome: Outcome) -> str:
    if outcome.gold_label is not None:
        return "verdict"
    if outcome.answer is None:
        return "ranked out" if outcome.choice is None else "choice"
    if outcome.answer.abstained is not None:
        return "abstained"
    return "gate" if outcome.answer.rejected else "not picked"


# -- details


def _details(case: EvalCase, outcome: Outcome, facts: Mapping[str, ArticleFacts]) -> Json:
    answer = outcome.answer
    hits = outcome.hits or ()
    return {
        "question": case.question,
        "claim": case.claim,
        "date": case.date.isoformat() if case.date else None,
        "answerable": case.answerable,
        "tags": list(case.tags),
        "choices": list(case.choices),
        "gold": {
            "answers": list(case.answers),
            "article_ids": list(case.gold_article_ids),
            "spans": [{"article": span.article, "quote": span.quote} for span in case.gold_spans],
            "wrong_spans": [{"article": span.article, "quote": span.quote} for span in case.wrong_spans],
            "label": case.label and str(case.label),
            "choices": list(case.right_choices),
        },
        **_answer(answer),
        "hits": [_hit(hit, outcome, facts.get(hit.passage.span.article_id)) for hit in hits],
        "hit_rank": first_hit(outcome),
        "gold_ranks": [hit.rank for hit in hits if hit.passage.span.article_id in outcome.gold_articles],
        "choice": _choice(outcome),
        "verdict": _verdict(outcome),
        "seconds": _seconds(outcome),
    }


def _answer(answer: Answer | None) -> Json:
    if answer is None:
        return {"answer": None, "abstained": None, "confidence": None, "note": "", "citations": [], "rejected": []}
    return {
        "answer": answer.text,
        "abstained": answer.abstained,
        "confidence": _rounded(answer.confidence),
        "note": answer.note,
        "citations": [_citation(citation) for citation in answer.citations],
        "rejected": [_citation(citation) for citation in answer.rejected],
        "usage": {"input_tokens": answer.usage.input_tokens, "output_tokens": answer.usage.output_tokens},
    }


def _citation(citation: Citation) -> Json:
    shown = {} if citation.status is Match.VERIFIED else {"note": citation.note}
    return {
        "marker": citation.marker,
        "quote": citation.quote,
        **_article(citation.article),
        "article_id": citation.span.article_id,
        "start": citation.span.start,
        "end": citation.span.end,
        "answer_start": citation.answer_start,
        "answer_end": citation.answer_end,
        "status": str(citation.status),
        "zone": str(citation.zone),
        **shown,
    }


def _article(facts: ArticleFacts) -> Json:
    return {
        "source_id": facts.source_id,
        "title": facts.title,
        "publisher": facts.publisher,
        "published": facts.published.isoformat() if facts.published else None,
    }


def _hit(hit: Hit, outcome: Outcome, facts: ArticleFacts | None) -> Json:
    span = hit.passage.span
    return {
        "rank": hit.rank,
        "article_id": span.article_id,
        **(_article(facts) if facts else {"source_id": None, "title": hit.passage.title}),
        "start": span.start,
        "end": span.end,
        "text": hit.passage.text,
        "gold": _gold(hit, outcome),
        "score": _rounded(hit.score),
        "parts": {voice: _rounded(score) for voice, score in hit.parts.items()},
    }


def _gold(hit: Hit, outcome: Outcome) -> str | None:
    if is_strict_hit(hit.passage, outcome):
        return "span" if outcome.gold_spans else "strict"
    return "article" if hit.passage.span.article_id in outcome.gold_articles else None


def _choice(outcome: Outcome) -> Json | None:
    choice = outcome.choice
    return None if choice is None else {"index": choice.index, "confidence": _rounded(choice.confidence)}


def _verdict(outcome: Outcome) -> Json | None:
    support = outcome.support
    return (
        None
        if support is None
        else {
            "label": str(support.label),
            "supported": _rounded(support.supported),
            "refuted": _rounded(support.refuted),
            "why": support.why,
        }
    )


def _seconds(outcome: Outcome) -> Json:
    measured = {"ask": outcome.ask_s, "retrieve": outcome.retrieve_s}
    stages = outcome.answer.timings if outcome.answer else {}
    named = measured | {f"stage {stage}": seconds for stage, seconds in stages.items()}
    return {name: _rounded(seconds) for name, seconds in named.items() if seconds is not None}


def _exact(score: Score) -> Score:
    """The number that a file keeps, so that a figure made from stored scores is the same."""
    return tuple(round(float(part), 9) for part in score) if isinstance(score, tuple) else round(float(score), 9)


def _rounded(number: float | None) -> float | None:
    return None if number is None else round(number, 6)
