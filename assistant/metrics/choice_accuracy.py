"""Choice accuracy: how often the right one of several given answers is chosen.

1 if the choice is a right one, else 0. Where "none of the above" is right, choosing none is; elsewhere it is wrong,
also where none was not offered. Kasai et al., RealTime QA, NeurIPS 2023. Over all cases, and apart over those that the
articles answer and those that they don't: on the latter a system that knows only the articles can do no better than
guess. `choice_accuracy_not_removed` is over the cases that offer "none of the above" and have a right choice beside it:
what watching for it costs.
Example: right {2} and chosen 2, right {0} and chosen none, right choice removed and chosen none: 2/3.
"""

from __future__ import annotations

from collections.abc import Collection

from assistant.metrics import Metric, Outcome


def is_right(index: int | None, right: Collection[int], removed: bool | None) -> bool:
    """`index` None is none of them; `removed` says whether that is right."""
    return index is None if removed else index in right


def judge_choice(outcome: Outcome) -> bool | None:
    """Whether the choice is right; None when none was made or nothing is known of the right one."""
    if outcome.choice is None or not (outcome.right_choices or outcome.right_choice_removed):
        return None
    return is_right(outcome.choice.index, outcome.right_choices, outcome.right_choice_removed)


def _score(outcome: Outcome) -> float | None:
    right = judge_choice(outcome)
    return None if right is None else float(right)


def _answerable(outcome: Outcome) -> float | None:
    return _score(outcome) if outcome.answerable else None


def _unanswerable(outcome: Outcome) -> float | None:
    return None if outcome.answerable else _score(outcome)


def _not_removed(outcome: Outcome) -> float | None:
    return _score(outcome) if outcome.right_choice_removed is False else None


def make() -> tuple[Metric, ...]:
    return (
        Metric("choice_accuracy", "choice", _score),
        Metric("choice_accuracy_answerable", "choice", _answerable),
        Metric("choice_accuracy_unanswerable", "choice", _unanswerable),
        Metric("choice_accuracy_not_removed", "choice", _not_removed),
    )
