"""Answer contains: whether the answer's prose holds an accepted answer as whole words, case and typography aside.

1 or 0. The "accuracy by inclusion" of Mallen et al., When Not to Trust Language Models, ACL 2023, with word
boundaries. Longer answers have it easier: compare at equal length. Example: "The bid was $19 million. [1]" holds "$19
million": 1.
"""

from __future__ import annotations

from collections.abc import Sequence

from assistant.metrics import Metric, Outcome
from assistant.metrics._answer import judge
from assistant.metrics._text import holds


def answer_contains(text: str, accepted: Sequence[str]) -> float:
    return float(holds(text, accepted))


def _score(outcome: Outcome) -> float | None:
    return judge(outcome, answer_contains)


def make() -> tuple[Metric, ...]:
    return (Metric("answer_contains", "answer", _score),)
