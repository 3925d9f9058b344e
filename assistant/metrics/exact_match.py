"""Exact match: whether the answer's prose is an accepted answer, both in SQuAD's normal form.

1 or 0, the best over the accepted answers. Rajpurkar et al., SQuAD, EMNLP 2016. A whole sentence is never an exact
match of a name: for extractive answers it is near 0 by design. Example: "The Last Supper." is an exact match of
"“Last Supper”": 1.
"""

from __future__ import annotations

from collections.abc import Sequence

from assistant.metrics import Metric, Outcome
from assistant.metrics._answer import judge
from assistant.metrics._text import normalise


def exact_match(text: str, accepted: Sequence[str]) -> float:
    return float(normalise(text) in {normalise(answer) for answer in accepted})


def _score(outcome: Outcome) -> float | None:
    return judge(outcome, exact_match)


def make() -> tuple[Metric, ...]:
    return (Metric("exact_match", "answer", _score),)
