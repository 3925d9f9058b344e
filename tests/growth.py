"""How the time of a piece of work grows with its text: told without a clock's seconds, which differ from machine to machine."""

from __future__ import annotations

import time
from collections.abc import Callable

LENGTH = 12_500  # characters of the shorter text
UNNOTICED_S = 0.02  # added to both times, so that what takes no time at all has no growth


def growth(work: Callable[[str], object], piece: str) -> float:
    """How many times as long four times the text takes, in CPU time: some 4 for linear work, 16 for quadratic."""
    short, long = (_seconds(work, (piece * length)[:length]) for length in (LENGTH, 4 * LENGTH))
    return (long + UNNOTICED_S) / (short + UNNOTICED_S)


def _seconds(work: Callable[[str], object], text: str) -> float:
    started = time.process_time()
    work(text)
    return time.process_time() - started
