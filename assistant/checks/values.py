"""The values of a statement that its sources do not have: numbers, units, bounds, dates and names.

Text against text. A value is there when a source says the same or something narrower: "35 leaders" bears out "more than 30
leaders", "19 August 2025" bears out "in August 2025". The gate says what is missing; what that means is decided elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date
from functools import lru_cache
from math import inf, isclose

from assistant.terms import STOP_WORDS, stem
from assistant.types import Difference, Kind
from assistant.values import (
    Value,
    find_values,
    language_beside,
    name_key,
    same_amount,
    same_name,
    same_unit,
    same_value,
)

PAIR = 2  # what "both" and "either" speak of
APPROXIMATE = 0.1  # "about 30" is borne out by 27 to 33

_Placed = tuple[Value, int]  # a value of a source and where that source begins among the joined ones


def missing_values(
    statement: str, source: str, day: date | None = None, source_day: date | None = None
) -> tuple[Difference, ...]:
    """Every value of the statement that the source does not have, in the statement's order.

    `day` and `source_day` are the days the two were published: relative dates count from them.
    """
    return missing_in_all(statement, (source,), day, (source_day,))


def missing_in_all(
    statement: str,
    sources: Sequence[str],
    day: date | None = None,
    source_days: Sequence[date | None] = (),
    language: str | None = None,
) -> tuple[Difference, ...]:
    """Every value of the statement that none of the sources has.

    `source_start` and `source_end` count in the sources joined by line breaks. `language` is the sources'; without it every
    text is read by its own words.
    """
    days = [*source_days, *[None] * len(sources)]
    there: list[_Placed] = []
    begins = 0
    for source, source_day in zip(sources, days, strict=False):
        there += [(value, begins) for value in find_values(source, source_day, language_beside(source, language))]
        begins += len(source) + 1
    joined = "\n".join(sources)
    return tuple(
        _difference(value, statement, there, joined)
        for value in find_values(statement, day, language_beside(statement, language))
        if not _is_there(value, [found for found, _ in there], joined)
    )


def bears_out(source: Value, wanted: Value) -> bool:
    """Whether a source that says the one says the other too: the same value, or a narrower one of the same thing."""
    if source.kind is not wanted.kind:
        return False
    if same_value(source, wanted):
        return True
    if wanted.kind is Kind.DATE:
        return _date_within(source, wanted)
    if wanted.kind is Kind.NAME:
        return False
    return _units_agree(source, wanted) and _amount_within(source, wanted)


def _is_there(wanted: Value, there: Sequence[Value], joined: str) -> bool:
    if wanted.kind is Kind.NAME:
        return _name_is_there(wanted, there, joined)
    if any(bears_out(found, wanted) for found in there):
        return True
    names = (found.key.split() for found in there if found.kind is Kind.NAME)
    bare = wanted.kind is Kind.NUMBER and not wanted.unit and not wanted.bound
    if bare and wanted.number == PAIR and any(stem(match["noun"]) == wanted.noun for match in _BOTH.finditer(joined)):
        return True
    return bare and any(f"{wanted.number:.12g}" in words for words in names)


_BOTH = re.compile(
    r"\b(?:both|either|neither)(?: of)?(?: the| its| his| her| their)? (?P<noun>[^\W\d_]+)", re.IGNORECASE
)


# --- Numbers ----------------------------------------------------------------------------------------------------------


def _units_agree(source: Value, wanted: Value) -> bool:
    """Whether the units are the same, or one text leaves its unit out and counts nothing else: "aged 45" and "45"."""
    if same_unit(source, wanted) or {source.unit, wanted.unit} == {"share", "percent"}:
        return True
    bare = source if not source.unit else wanted
    return not bare.unit and not bare.noun and "ordinal" not in (source.unit, wanted.unit)


def _amount_within(source: Value, wanted: Value) -> bool:
    low, high = _reach(source)
    least, most = _reach(wanted)
    if wanted.bound == source.bound and isclose(low, least) and isclose(high, most):
        return True
    if not wanted.bound or not _counts_the_same(source, wanted):
        return False
    strictly = {
        "more": low > least or source.bound == "more",
        "less": high < most or source.bound == "less",
        "nearly": high < most or source.bound in ("nearly", "less"),
    }
    inside = least <= low and high <= most
    return inside and strictly.get(wanted.bound, True)


def _counts_the_same(source: Value, wanted: Value) -> bool:
    if wanted.bound == "about" and not source.bound and same_amount(source, wanted):
        return True
    same_noun = bool(wanted.noun) and source.noun == wanted.noun
    return same_noun or (bool(wanted.unit) and wanted.unit == source.unit and wanted.noun == source.noun)


def _reach(value: Value) -> tuple[float, float]:
    """The lowest and the highest amount that the words allow; shares as percent."""
    scale = 100.0 if value.unit == "share" else 1.0
    if value.bound in ("between", "score"):
        return (value.low or 0.0) * scale, (value.high or 0.0) * scale
    number = (value.low or 0.0) if value.number is None else value.number
    low, high = {
        "more": (number, inf),
        "at least": (number, inf),
        "many": (number, inf),
        "less": (-inf, number),
        "at most": (-inf, number),
        "up to": (-inf, number),
        "nearly": (number - abs(number) * APPROXIMATE, number),
        "about": (number - abs(number) * APPROXIMATE, number + abs(number) * APPROXIMATE),
    }.get(value.bound, (number, number))
    return low * scale, high * scale


# --- Dates ------------------------------------------------------------------------------------------------------------


def _date_within(source: Value, wanted: Value) -> bool:
    """Whether the source's days lie within the wanted ones; without a year or a day to count from, as far as written."""
    if "time" in (source.precision, wanted.precision):
        return False
    if source.day and source.until and wanted.day and wanted.until:
        return wanted.day <= source.day and source.until <= wanted.until
    return bool(set(_partial(source)) & set(_partial(wanted)))


def _partial(value: Value) -> tuple[str, ...]:
    """What is known of a day without its year: "--08-19", its weekday when that is written, "-2 week" of two weeks ago."""
    if value.key.startswith("-") or value.day is None:
        return (value.key,) if value.key.startswith("-") else ()
    if value.precision == "month":
        return (f"--{value.day:%m}",)
    if value.precision != "day" or value.day != value.until:
        return ()
    return (f"--{value.day:%m-%d}", f"-w-{value.day.weekday()}")


# --- Names ------------------------------------------------------------------------------------------------------------


def _name_is_there(wanted: Value, there: Sequence[Value], joined: str) -> bool:
    names = [found for found in there if found.kind is Kind.NAME]
    same = [found for found in names if same_name(found.key, wanted.key)]
    if same:
        return any(found.key == wanted.key for found in same) or not _somebody_else(wanted, same, names)
    return f" {wanted.key} " in _folded(joined)


def _somebody_else(wanted: Value, same: Iterable[Value], names: Iterable[Value]) -> bool:
    """Whether only the surname matches and the source gives it to another person: Melania Trump, not Donald Trump."""
    surname = wanted.key.split()[-1]
    if len(wanted.key.split()) < 2 or any(found.key != surname for found in same):
        return False
    return any(found.key.endswith(f" {surname}") for found in names)


@lru_cache(maxsize=256)
def _folded(text: str) -> str:
    words = " ".join(name_key(word) for word in re.findall(r"[^\W_]+", text))
    return f" {words} "


# --- What the source has instead --------------------------------------------------------------------------------------


def _difference(wanted: Value, statement: str, there: Sequence[_Placed], joined: str) -> Difference:
    kind, nearest = _nearest(wanted, statement, there, joined)
    found, begins = nearest or (None, 0)
    return Difference(
        kind,
        wanted.text,
        found.text if found else "",
        wanted.start,
        wanted.end,
        begins + found.start if found else 0,
        begins + found.end if found else 0,
        note=_note(kind, wanted, found),
    )


def _nearest(wanted: Value, statement: str, there: Sequence[_Placed], joined: str) -> tuple[Kind, _Placed | None]:
    """What kind of difference it is, and the value of the sources that comes nearest."""
    around = _around(statement, wanted.start, wanted.end)
    same_kind = [placed for placed in there if placed[0].kind is wanted.kind]
    if wanted.kind is Kind.NUMBER:
        same_figure = [(found, begins) for found, begins in same_kind if same_amount(found, wanted)]
        if same_figure:
            best = max(same_figure, key=lambda placed: same_unit(placed[0], wanted))
            return (Kind.BOUND if _units_agree(best[0], wanted) else Kind.UNIT), best
    scored = [(_likeness(wanted, placed, around, joined), placed) for placed in same_kind]
    best_score, nearest = max(scored, key=lambda pair: pair[0], default=(0.0, None))
    return wanted.kind, nearest if best_score >= 1 else None


def _likeness(wanted: Value, placed: _Placed, around: frozenset[str], joined: str) -> float:
    """1 or more for a value that stands in the other's place: the same thing counted, a day close by, a shared name."""
    found, begins = placed
    context = 0.5 * len(around & _around(joined, begins + found.start, begins + found.end))
    if wanted.kind is Kind.NUMBER:
        if not same_unit(found, wanted):
            return 0.0
        alike = bool(wanted.unit) or (wanted.bound == found.bound == "score")
        return context + alike + 2 * (bool(wanted.noun) and wanted.noun == found.noun)
    if wanted.kind is Kind.DATE:
        return _days_likeness(wanted, found) + context
    shared = set(wanted.key.split()) & set(found.key.split()) - STOP_WORDS
    return context + 2 * len(shared)


def _days_likeness(wanted: Value, found: Value) -> float:
    if wanted.precision != found.precision:
        return 0.5
    if wanted.day is None or found.day is None:
        return 1.0
    return 1.0 + 1 / (1 + abs((wanted.day - found.day).days))


_REACH = 60  # characters on each side whose words tell what a value is about


def _around(text: str, start: int, end: int) -> frozenset[str]:
    beside = text[max(0, start - _REACH) : start] + " " + text[end : end + _REACH]
    words = re.findall(r"[^\W\d_]{3,}", beside.lower())
    return frozenset(stem(word) for word in words if word not in STOP_WORDS)


def _note(kind: Kind, wanted: Value, found: Value | None) -> str:
    if found is not None:
        return f"The source says {_shown(found)}, not {_shown(wanted)}."
    what = {Kind.DATE: "date", Kind.NAME: "name"}.get(kind, "figure")
    return f"The source has no {what} like {_shown(wanted)}."


def _shown(value: Value) -> str:
    """The words, and the day that they mean where they do not say it."""
    if (
        value.kind is not Kind.DATE
        or value.day is None
        or value.precision != "day"
        or str(value.day.year) in value.text
    ):
        return _plain(value)
    return f"{value.text} ({value.day.day} {value.day:%B %Y})"


def _plain(value: Value) -> str:
    first, rest = value.text[:1], value.text[1:]
    return " ".join(((first.lower() if value.kind is Kind.NUMBER else first) + rest).split())
