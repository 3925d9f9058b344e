"""Answers with the library's own sentences, verbatim: no model, no key, nothing that an article does not say.

The best sentence and, while there is room, others on the question. What speaks for the best one is also how sure the answer is:
below a threshold the answer is that the library does not say. docs/decisions/extractive-answer.md has the measurements.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

from assistant.answerers import AnswerTask
from assistant.answerers._sentences import Candidate, candidates
from assistant.settings import Settings
from assistant.terms import all_stems, words
from assistant.types import ClaimedQuote, Draft, Statement, Status, Zone

MAX_SENTENCES = 3
MAX_WORDS = 60
WORTH_READING = 0.6  # share of the best score from which another sentence is worth reading
ANSWERS_FROM = 0.3  # confidence
EVEN = 0.66  # evidence with which an answer is as likely right as wrong
STEP = 0.1  # evidence that makes the odds e times better
NOT_ANSWERED = "The articles in the library do not answer this."


def make(settings: Settings) -> Extractive:
    return Extractive()


class Extractive:
    def draft(self, task: AnswerTask) -> Iterator[Draft]:
        ordered = sorted(candidates(task), key=lambda candidate: -candidate.score)
        sure = confidence(max(candidate.evidence for candidate in ordered)) if ordered else 0.0
        if sure < ANSWERS_FROM:
            yield Draft((), abstained=NOT_ANSWERED, confidence=sure)
        else:
            statements = tuple(_statement(candidate) for candidate in _reading_order(_choose(ordered)))
            yield Draft(statements, confidence=sure)


def confidence(evidence: float) -> float:
    """How likely an answer is right whose best sentence has this evidence, 0..1: a logistic curve."""
    return 1 / (1 + math.exp((EVEN - evidence) / STEP))


def _choose(ordered: list[Candidate]) -> list[Candidate]:
    """The best sentence, and others on the question while there is room."""
    chosen = ordered[:1]
    room = MAX_WORDS - len(words(chosen[0].text))
    for candidate in ordered[1:]:
        length = len(words(candidate.text))
        if len(chosen) == MAX_SENTENCES or candidate.score < WORTH_READING * chosen[0].score:
            break
        if candidate.on_topic and length <= room and not any(_repeats(candidate, other) for other in chosen):
            chosen.append(candidate)
            room -= length
    return chosen


def _repeats(candidate: Candidate, other: Candidate) -> bool:
    one, two = set(all_stems(candidate.text)), set(all_stems(other.text))
    return len(one & two) >= 0.8 * min(len(one), len(two))


def _reading_order(chosen: list[Candidate]) -> list[Candidate]:
    """Articles by their best sentence, sentences within an article as they stand there."""
    order = {article_id: i for i, article_id in reversed(list(enumerate(c.article.id for c in chosen)))}
    return sorted(chosen, key=lambda c: (order[c.article.id], c.start))


def _statement(candidate: Candidate) -> Statement:
    quote = ClaimedQuote(candidate.text, candidate.article.id, candidate.start)
    return Statement(_label(candidate) + candidate.text, (quote,))


def _label(candidate: Candidate) -> str:
    if candidate.zone is Zone.COMMENT:
        return "A reader's comment, not reporting: "
    return {Status.RETRACTED: "From a retracted article: ", Status.SATIRE: "From a satirical article: "}.get(
        candidate.article.status, ""
    )
