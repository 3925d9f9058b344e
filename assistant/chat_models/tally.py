"""The tokens and dollars that chat models took today, in a file beside the library: what the caps of a day count.

One row a day and model; several processes may add. A tally that can't be written is logged: the answer is there already.
One that can't be read counts nothing.
"""

from __future__ import annotations

import logging
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from assistant.prices import cost_of
from assistant.types import ModelCall

log = logging.getLogger(__name__)

_TABLE = """CREATE TABLE IF NOT EXISTS usage (
    day TEXT, model TEXT, calls INTEGER, tokens INTEGER, usd REAL, unpriced INTEGER, PRIMARY KEY (day, model))"""
_ADD = """INSERT INTO usage VALUES (?, ?, 1, ?, ?, ?) ON CONFLICT (day, model) DO UPDATE SET
    calls = calls + 1, tokens = tokens + excluded.tokens, usd = usd + excluded.usd, unpriced = unpriced + excluded.unpriced"""


@dataclass(frozen=True, slots=True)
class Spent:
    """What one day took."""

    calls: int = 0
    tokens: int = 0
    usd: float = 0.0
    """At list prices, of the calls whose price is known."""
    unpriced: int = 0
    """Calls whose price is not known."""


class Tally:
    """The file `usage.db` in a library's folder."""

    def __init__(self, home: Path) -> None:
        self._path = home / "usage.db"

    def today(self) -> Spent:
        if not self._path.is_file():
            return Spent()
        try:
            with closing(sqlite3.connect(self._path, timeout=5)) as connection:
                row = connection.execute(
                    "SELECT sum(calls), sum(tokens), sum(usd), sum(unpriced) FROM usage WHERE day = ?", (_today(),)
                ).fetchone()
            return Spent(*(value or 0 for value in row))
        except sqlite3.Error as error:
            log.warning("The tally %s can't be read: %s.", self._path, error)
            return Spent()

    def add(self, call: ModelCall) -> None:
        cost = cost_of([call])
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with closing(sqlite3.connect(self._path, timeout=5)) as connection, connection:
                connection.execute(_TABLE)
                connection.execute(_ADD, (_today(), call.model, call.usage.tokens, cost or 0.0, cost is None))
        except (sqlite3.Error, OSError) as error:
            log.warning("The tally %s can't be written: %s.", self._path, error)


def _today() -> str:
    return date.today().isoformat()
