"""What the calibration metrics share: how sure the assistant was of a case, and whether it was right.

There are three kinds of judgement, and each has figures of its own: mixed in one bin, one kind's overconfidence would hide
another's doubt.

answer   an answer in words; right if it holds an accepted one. Answering what the articles don't answer is wrong. An
         answerable question without an accepted answer in words can't be judged.
choice   a choice among given answers; right as in choice_accuracy.py.
verdict  a label on a claim; right if it is the gold label. "Not enough evidence" is a label, no abstention.

An abstention, and choosing none where "none of the above" is not offered, says nothing that could be right: calibration leaves
it out. Where cases are put in the order of confidence it stands last, and as wrong; see `_risk.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from assistant.metrics import Outcome
from assistant.metrics._answer import prose
from assistant.metrics._text import holds
from assistant.metrics._verdicts import label_pair
from assistant.metrics.choice_accuracy import judge_choice


@dataclass(frozen=True, slots=True)
class Judgement:
    """Something the assistant said, or refused to say, with a confidence."""

    confidence: float
    """0..1"""
    right: bool
    """False for an abstention."""
    abstained: bool = False


def of_answer(outcome: Outcome) -> Judgement | None:
    """None when the answerer gives no confidence, or nothing can be compared."""
    answer = outcome.answer
    if answer is None or answer.confidence is None or (outcome.answerable and not outcome.accepted):
        return None
    abstained = answer.abstained is not None
    right = outcome.answerable and not abstained and holds(prose(answer), outcome.accepted)
    return Judgement(answer.confidence, right, abstained)


def of_choice(outcome: Outcome) -> Judgement | None:
    right = judge_choice(outcome)
    if outcome.choice is None or right is None:
        return None
    abstained = outcome.choice.index is None and outcome.right_choice_removed is None
    return Judgement(outcome.choice.confidence, right, abstained)


def of_verdict(outcome: Outcome) -> Judgement | None:
    pair = label_pair(outcome)
    if outcome.support is None or pair is None:
        return None
    return Judgement(outcome.support.confidence, pair[0] == pair[1])


KINDS: Mapping[str, Callable[[Outcome], Judgement | None]] = {
    "answer": of_answer,
    "choice": of_choice,
    "verdict": of_verdict,
}
