"""None of the above: whether it is chosen where, and only where, the right choice is not among those given.

recall = |chosen and right| / |right|, precision = |chosen and right| / |chosen|, over the cases that offer it; n counts
the cases in the denominator. The none-of-the-above setting of Kasai et al., RealTime QA, NeurIPS 2023, where a quiz
question's right choice is taken out and "none of the above" put in.
Example: of 4 cases without the right choice 3 chose none, as did 1 of 10 with it: nota_recall = 3/4, nota_precision =
3/4.
"""

from __future__ import annotations

from assistant.metrics import Metric, Outcome


def recall(outcome: Outcome) -> float | None:
    """Of a case whose right choice was removed: whether none was chosen."""
    if outcome.choice is None or not outcome.right_choice_removed:
        return None
    return float(outcome.choice.index is None)


def precision(outcome: Outcome) -> float | None:
    """Of a case where none was chosen and could be: whether it was right."""
    removed = outcome.right_choice_removed
    if outcome.choice is None or outcome.choice.index is not None or removed is None:
        return None
    return float(removed)


def make() -> tuple[Metric, ...]:
    return (Metric("nota_recall", "choice", recall), Metric("nota_precision", "choice", precision))
