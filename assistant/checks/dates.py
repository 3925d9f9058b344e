"""Dates of a text in days of the calendar, and which of two articles on one point came later and says so.

"Last Tuesday" in an article of 20 August 2025 is 19 August 2025; in an article without a date it stays unresolved and says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from assistant.terms import terms
from assistant.types import Evidence, Kind, Zone
from assistant.values import Value, find_values, same_amount, same_unit, speaks_of_future

GROWN_AFTER_DAYS = 14  # so much later, a higher count of the same is its growth and no contradiction


@dataclass(frozen=True, slots=True)
class ResolvedDate:
    """A date as written, `text[start:end]`, and the days it means."""

    start: int
    end: int
    words: str
    day: date | None
    """The first day; None when the words and the article do not say which."""
    until: date | None
    """The last day, the same for a single one."""
    shown: str
    """For a reader: "last Tuesday = 19 August 2025"."""


def resolved_dates(text: str, day: date | None) -> tuple[ResolvedDate, ...]:
    """The dates of an article published on `day`, in reading order; times of day are none."""
    return tuple(
        ResolvedDate(value.start, value.end, value.text, value.day, value.until, _shown(value, day))
        for value in _dates(text, day)
    )


def overtakes(newer: Evidence, older: Evidence) -> str | None:
    """Why the later article replaces the earlier one on a point that both speak of; None when they just contradict.

    It replaces it when it names the earlier figure as a former one, says that something was revised or is no longer so, or
    has, more than two weeks later, a higher count of what can only grow. Undated articles replace nothing.
    """
    later, earlier = _published(newer), _published(older)
    if later is None or earlier is None or later <= earlier or not _same_subject(newer.text, older.text):
        return None
    return (
        _names_as_former(newer, older, later)
        or _says_revised(newer, older, later)
        or _has_grown(newer, older, later, earlier)
    )


def future(text: str, day: date | None) -> bool:
    """Whether the text speaks of a day after `day`: by a later date, or by its verbs."""
    later = day is not None and any(value.day and value.day > day for value in _dates(text, day))
    return later or speaks_of_future(text)


def _dates(text: str, day: date | None) -> Iterator[Value]:
    return (value for value in find_values(text, day) if value.kind is Kind.DATE and value.precision != "time")


def _shown(value: Value, day: date | None) -> str:
    words = " ".join(value.text.split())
    if value.day is None:
        reason = "the article has no date" if day is None else "counts from a day that the words do not name"
        return f"{words}: {reason}"
    meant = show_days(value.day, value.until or value.day, value.precision)
    return meant if meant.casefold() == words.casefold() else f"{words} = {meant}"


def show_days(day: date, until: date, precision: str = "day") -> str:
    """Days for a reader: "19 August 2025", "18 to 24 August 2025", "August 2025", "2025"."""
    if precision == "month":
        return f"{day:%B %Y}"
    if precision == "year" and day.year == until.year:
        return str(day.year)
    if precision in ("year", "decade"):
        return f"{day.year} to {until.year}"
    last = f"{until.day} {until:%B %Y}"
    if day == until:
        return last
    first = str(day.day) if (day.year, day.month) == (until.year, until.month) else f"{day.day} {day:%B}"
    return f"{first if day.year == until.year else f'{first} {day.year}'} to {last}"


# --- Which article came later -----------------------------------------------------------------------------------------

_FORMER = re.compile(
    r"\b(?:earlier|previous(?:ly)?|first (?:reported|feared|thought|said|put|given)|initial(?:ly)?|original(?:ly)?"
    r"|former(?:ly)?|(?:up|down|raised|revised|cut|reduced|lowered|increased|rose|risen|fell|grew|grown|dropped) from"
    r"|compared with|had (?:said|reported|estimated|put|been)|feared|wrongly|mistakenly|instead of|rather than"
    r"|was (?:thought|believed|put)"
    r"|no longer|once)\b",
    re.IGNORECASE,
)
_REVISED = re.compile(
    r"\b(?:revis(?:ed?|es|ing|ion)|correct(?:ed|s|ion)|updat(?:ed|es)|no longer|ha(?:s|ve) since|up from|down from|now"
    r"|(?:cuts?|raise[ds]|reduce[ds]|lower(?:ed|s)|increased|rose|risen|rises|climb(?:ed|s)|grew|grown|jumped)"
    r" (?:\w+ ){0,6}?to"
    r"|earlier (?:estimate|report|figure|count|statement)s?|first reported|initially (?:reported|said|thought))\b",
    re.IGNORECASE,
)
_GROWING = frozenset(
    "death dead fatal victim case infect injuri casualti arrest complaint refuge signatur toll kill".split()
)
_REACH = 60  # characters on each side of a figure in which it is called a former one


def _published(evidence: Evidence) -> date | None:
    return evidence.article.published if evidence.article else None


def _same_subject(one: str, other: str) -> bool:
    return len(set(terms(one)) & set(terms(other))) >= 2


def _names_as_former(newer: Evidence, older: Evidence, later: date) -> str | None:
    """The newer text calls a figure of the older one a former one, and has another that the older one lacks."""
    known, here = _numbers(older.text), _numbers(newer.text)
    repeated = [value for value in here if any(_same_figure(value, other) for other in known)]
    if len(repeated) == len(here):
        return None
    for value in repeated:
        beside = _FORMER.search(newer.text, max(0, value.start - _REACH), value.end + _REACH // 2)
        if beside:
            return (
                f"The article of {_long(later)} gives {value.text!r} as the earlier figure ({beside.group().lower()})."
            )
    return None


def _same_figure(one: Value, other: Value) -> bool:
    return same_amount(one, other) and same_unit(one, other)


def _says_revised(newer: Evidence, older: Evidence, later: date) -> str | None:
    said = _REVISED.search(newer.text)
    if newer.zone is Zone.CORRECTION:
        return f"The article of {_long(later)} corrects it."
    if not said:
        return None
    changed = _changed(newer.text, older.text)
    without_figures = said.group().lower() == "no longer"
    return f"The article of {_long(later)} says {said.group().lower()!r}." if changed or without_figures else None


def _changed(newer: str, older: str) -> list[tuple[Value, Value]]:
    """Pairs of figures that count the same and differ; a figure that both texts have has not changed."""
    ours, theirs = _numbers(newer), _numbers(older)
    only_newer = [one for one in ours if not any(_same_figure(one, other) for other in theirs)]
    only_older = [other for other in theirs if not any(_same_figure(one, other) for one in ours)]
    return [(one, other) for one in only_newer for other in only_older if same_unit(one, other) and _alike(one, other)]


def _numbers(text: str) -> Sequence[Value]:
    return [value for value in find_values(text) if value.kind is Kind.NUMBER]


def _alike(one: Value, other: Value) -> bool:
    return one.noun == other.noun and bool(one.noun or one.unit)


def _has_grown(newer: Evidence, older: Evidence, later: date, earlier: date) -> str | None:
    if (later - earlier).days <= GROWN_AFTER_DAYS:
        return None
    for one, other in _changed(newer.text, older.text):
        if one.noun in _GROWING and (one.number or one.low or 0) > (other.number or other.low or 0):
            return f"{other.text} on {_long(earlier)}, {one.text} on {_long(later)}: the count has grown."
    return None


def _long(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
