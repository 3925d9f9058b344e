"""What the answer metrics share: the prose to be compared, and the rule for abstentions."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from assistant.metrics import Outcome
from assistant.types import Answer

_MARKER = re.compile(r"\s?\[(\d+)\]")


def prose(answer: Answer) -> str:
    """The answer's text without the markers of its citations; other bracketed numbers are the author's and stay."""
    markers = {citation.marker for citation in answer.citations}
    return _MARKER.sub(lambda found: "" if int(found[1]) in markers else found[0], answer.text)


def judge(outcome: Outcome, compare: Callable[[str, Sequence[str]], float]) -> float | None:
    """`compare(prose, accepted)` for an answerable case with a string answer, else None.

    An abstention there scores 0, whatever words its sentence has: the reader was left without the answer.
    """
    if not outcome.answerable or not outcome.accepted or outcome.answer is None:
        return None
    return 0.0 if outcome.answer.abstained is not None else compare(prose(outcome.answer), outcome.accepted)
