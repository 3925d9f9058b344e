"""A value of a text: what it is worth and where it stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from assistant.types import Kind


@dataclass(frozen=True, slots=True)
class Value:
    """Something of a text that is right or wrong: `text[start:end]` of the text it was found in."""

    kind: Kind
    """NUMBER, DATE or NAME."""
    text: str
    """As written, with its bound and unit: "more than 30 km"."""
    start: int
    end: int
    number: float | None = None
    """What it is worth; None for a range, a score, "dozens" and names. Of a time of day: minutes after midnight; where
    "six o'clock" may be either, those of the morning, and `high` has the others."""
    unit: str = ""
    """"percent", "usd", "km", "day", "share" (two-thirds), "ordinal" (third), "times" (twice); empty for a bare count."""
    bound: str = ""
    """Empty for exactly; "more", "at least", "less", "at most", "up to", "nearly", "about"; "between" for a range, "score" for
    3-2, "many" for dozens and thousands, whose `low` says how many there are at least."""
    low: float | None = None
    high: float | None = None
    noun: str = ""
    """Stem of what is counted: "countri" in "30 countries"."""
    day: date | None = None
    """The first day of a date; None when nothing says which day is meant."""
    until: date | None = None
    """Its last day, the same as `day` for a single one."""
    precision: str = ""
    """Of a date: "day", "week", "month", "season", "quarter", "year", "decade", "time" (of day)."""
    key: str = ""
    """Names and unresolved dates, as they compare: "tony radakin", "last tuesday"."""
