"""A figure that cited words do not have to whether it follows from two that they have: a difference of times or years, a ratio.

"42 minutes" follows from 18:40 and 19:22, "more than twice" from 11 and 5. Plain arithmetic; nothing is rounded.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import permutations
from math import isclose

from assistant.types import Difference, Kind
from assistant.values import Value, find_values

_MINUTES = {"minute": 1.0, "hour": 60.0}
_DAY = 24 * 60
_MOST = 12  # figures that are combined; a text with more is a list


def follows(missing: Difference, statement: str, cited: Sequence[str]) -> bool:
    """Whether two values of the cited texts give the figure of the statement that is missing in them."""
    wanted = next((value for value in find_values(statement) if value.start == missing.start), None)
    if wanted is None or wanted.kind is not Kind.NUMBER or wanted.number is None:
        return False
    there = [value for text in cited for value in find_values(text)][:_MOST]
    return any(_says(given, wanted) for given in _derived(there, wanted.unit))


def _derived(there: Sequence[Value], unit: str) -> Iterator[float]:
    for one, other in permutations(there, 2):
        if (
            unit in _MINUTES
            and one.precision == other.precision == "time"
            and one.number is not None is not other.number
        ):
            yield (other.number - one.number) % _DAY / _MINUTES[unit]
        if unit == "year" and one.precision == other.precision == "year" and one.day and other.day:
            yield float(other.day.year - one.day.year)
        if unit == "times" and one.kind is other.kind is Kind.NUMBER and one.number and other.number:
            yield one.number / other.number


def _says(given: float, wanted: Value) -> bool:
    number = wanted.number or 0.0
    if wanted.bound in ("", "about"):
        return isclose(given, number, rel_tol=0.1 if wanted.bound else 1e-9)
    return {"more": number < given < number + 1, "at least": number <= given < number + 1}.get(wanted.bound, False)
