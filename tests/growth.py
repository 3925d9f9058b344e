"""How the time of a piece of work grows with its size: told without a clock's seconds, which differ from machine to machine."""

from __future__ import annotations

import time
from collections.abc import Callable
from math import inf
from typing import TypeVar

Prepared = TypeVar("Prepared")
LENGTH = 12_500  # characters of the shorter text
UNNOTICED_S = 0.02  # added to both times, so that what takes no time at all has no growth
TRIES, CLEARLY_LINEAR = 3, 6.0


def growth(work: Callable[[str], object], piece: str) -> float:
    """How many times as long four times the text takes, in CPU time: some 4 for linear work, 16 for quadratic."""
    return growth_by_number(lambda length: (piece * length)[:length], work, LENGTH)


def growth_by_number(prepare: Callable[[int], Prepared], work: Callable[[Prepared], object], number: int) -> float:
    """The same for four times `number` of anything. `prepare` makes them, in time that does not count.

    The least of up to TRIES: what else the machine does can only add to it.
    """
    least = inf
    for _ in range(TRIES):
        few, many = (_seconds(work, prepare(n)) for n in (number, 4 * number))
        least = min(least, (many + UNNOTICED_S) / (few + UNNOTICED_S))
        if least < CLEARLY_LINEAR:
            break
    return least


def _seconds(work: Callable[[Prepared], object], prepared: Prepared) -> float:
    started = time.process_time()
    work(prepared)
    return time.process_time() - started
