"""Token F1: how many words the answer's prose and an accepted answer share, both in SQuAD's normal form.

P = shared / words of the prose, R = shared / words of the accepted answer, shared counted with repeats; F1 = 2PR / (P
+ R), the best over the accepted answers. Rajpurkar et al., SQuAD, EMNLP 2016. Words are what white space parts.
Example: "bid of 19 million dollars" against "$19 million": shared 2, P = 2/5, R = 2/2, F1 = 0.5714.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from assistant.metrics import Metric, Outcome
from assistant.metrics._answer import judge
from assistant.metrics._text import normalise


def f1(text: str, accepted: Sequence[str]) -> float:
    """0..1; `accepted` is not empty."""
    words = normalise(text).split()
    return max(_overlap(words, normalise(answer).split()) for answer in accepted)


def _overlap(words: list[str], gold: list[str]) -> float:
    shared = (Counter(words) & Counter(gold)).total()
    return 2 * shared / (len(words) + len(gold)) if shared else 0.0


def _score(outcome: Outcome) -> float | None:
    return judge(outcome, f1)


def make() -> tuple[Metric, ...]:
    return (Metric("f1", "answer", _score),)
