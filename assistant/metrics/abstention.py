"""Abstention: whether the assistant stays silent where, and only where, the articles do not answer.

tp = abstained on an unanswerable case, fp = abstained on an answerable one, fn = answered an unanswerable one.
precision = tp / (tp + fp), recall = tp / (tp + fn), F1 = 2 tp / (2 tp + fp + fn); n counts the cases in the
denominator. After the no-answer scores of Rajpurkar, Jia & Liang, SQuAD 2.0, ACL 2018. `false_abstention` is the
share of answerable cases abstained on; `correct_abstention` the share of unanswerable ones, which is the recall under
the name readers look for. Example: tp 3, fp 1, fn 2: precision 0.75, recall 0.6, F1 = 6/9 = 0.6667.
"""

from __future__ import annotations

from assistant.metrics import Metric, Outcome


def _abstained(outcome: Outcome) -> bool | None:
    """None without an answer, and where nothing is known of the right one."""
    if outcome.answer is None or not outcome.says_what_is_right:
        return None
    return outcome.answer.abstained is not None


def precision(outcome: Outcome) -> float | None:
    """Of an abstention: whether it was right."""
    return float(not outcome.answerable) if _abstained(outcome) else None


def recall(outcome: Outcome) -> float | None:
    """Of an unanswerable case: whether the assistant abstained."""
    abstained = _abstained(outcome)
    return None if outcome.answerable or abstained is None else float(abstained)


def false_abstention(outcome: Outcome) -> float | None:
    """Of an answerable case: whether the assistant abstained."""
    abstained = _abstained(outcome)
    return float(abstained) if outcome.answerable and abstained is not None else None


def f1(outcome: Outcome) -> float | None:
    """1 for tp, 0 for fp and fn, None for an answerable case that was answered; with `f1_weight` the mean is F1."""
    abstained = _abstained(outcome)
    if abstained is None or (outcome.answerable and not abstained):
        return None
    return float(abstained and not outcome.answerable)


def f1_weight(outcome: Outcome) -> float:
    """2 for tp, 1 for fp and fn."""
    return 2.0 if f1(outcome) else 1.0


def make() -> tuple[Metric, ...]:
    return (
        Metric("abstention_precision", "abstention", precision),
        Metric("abstention_recall", "abstention", recall),
        Metric("abstention_f1", "abstention", f1, weight=f1_weight),
        Metric("false_abstention", "abstention", false_abstention, higher_is_better=False),
        Metric("correct_abstention", "abstention", recall),
    )
