"""Text to its dates and times of day; relative ones are resolved against the day of publication."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

from assistant.types import Kind
from assistant.values.value import Value
from assistant.values.words import CONTINENTAL

MONTHS = {
    form: month
    for month, forms in enumerate(
        (
            "january jan januar jänner enero janvier",
            "february feb februar febrero février",
            "march mar märz marzo mars",
            "april apr abril avril",
            "may mai mayo",
            "june jun juni junio juin",
            "july jul juli julio juillet",
            "august aug agosto août",
            "september sept sep septiembre septembre",
            "october oct oktober octubre octobre",
            "november nov noviembre novembre",
            "december dec dezember diciembre décembre",
        ),
        start=1,
    )
    for form in forms.split()
}
WEEKDAYS = {
    form: weekday
    for weekday, forms in enumerate(
        (
            "monday mon montag lunes lundi",
            "tuesday tue tues dienstag martes mardi",
            "wednesday wed mittwoch miércoles mercredi",
            "thursday thu thur thurs donnerstag jueves jeudi",
            "friday fri freitag viernes vendredi",
            "saturday sat samstag sábado samedi",
            "sunday sun sonntag domingo dimanche",
        )
    )
    for form in forms.split()
}
_SEASONS = {"spring": 3, "summer": 6, "autumn": 9, "fall": 9, "winter": 12}  # the first month, in the north
_FEW = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
        "ten": 10, "eleven": 11, "twelve": 12}  # fmt: skip
_QUARTERS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "1": 1, "2": 2, "3": 3, "4": 4}


def _any(words: Iterable[str]) -> str:
    return "|".join(sorted(words, key=len, reverse=True))


_SP = r"[\s\u00a0\u202f]{1,3}"
_MON = rf"(?P<month>{_any(MONTHS)})\b\.?"
_ENGLISH_MON = r"(?P<month>January|February|March|April|May|June|July|August|September|October|November|December)"
_WDAY = rf"(?:(?:{_any(WEEKDAYS)})\b\.?,?{_SP}(?:the{_SP})?)?"
_YEAR = r"(?P<year>(?:1[5-9]|20)\d\d)(?![\d%]|[.,]\d)"
_DAY = r"(?P<d>3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th|er|º|ª)?(?!\d)"
_OF = rf"(?:{_SP}(?:of|de|del){_SP}(?:the{_SP})?|\.?[ -]?\s?)"
_PREPOSITION = (
    r"\b(?P<prep>in|since|by|until|till|from|of|for|during|through|to|between|and|before|after|"
    r"around|early|late|mid|last|next|this|im|seit|en|desde)"
)
_THAT_YEAR = rf"(?:,?{_SP}(?:of{_SP})?(?P<that>last|this|next){_SP}year\b)"
_COUNTED = rf"{_SP}(?:people|men|women|children|km|miles|tonnes|euros|dollars)\b|(?<=0){_SP}[a-z]{{3,15}}s\b"
_COUNT = rf"(?P<n>\d{{1,3}}|{_any(_FEW)})"
_HOURS = {word: hour for word, hour in _FEW.items() if word not in ("a", "an")}
_PAST = {"quarter": 15, "half": 30, "five": 5, "ten": 10, "twenty": 20, "twenty-five": 25}
_HOUR = rf"(?P<h>1[0-2]|[1-9]|{_any(_HOURS)})"
_HALF = (  # seen, not taken: the weekday in it is a date of its own
    rf"(?:(?=,?{_SP}(?:(?:in|on|at|the|next|that|this){_SP}){{0,3}}(?:(?:{_any(WEEKDAYS)}){_SP})?"
    r"(?P<half>morning|afternoon|evening|night)\b))?"
)


class _Days(NamedTuple):
    day: date | None
    until: date | None
    precision: str
    minutes: int | None = None
    key: str = ""
    either: int | None = None
    """The later one of two times that the words may mean."""


_Read = Callable[[re.Match[str], date | None, bool], _Days | None]


def dates(text: str, day: date | None, language: str | None) -> Iterator[Value]:
    """Dates, the most explicit forms first; what one form has read, no later one reads again."""
    if day and not _FIRST_YEAR < day.year < _LAST_YEAR:
        day = None
    taken = bytearray(len(text) + 1)
    for pattern, read in _forms(language in CONTINENTAL):
        for match in pattern.finditer(text):
            start, end = match.span("date") if "date" in pattern.groupindex else match.span()
            if any(taken[start:end]):
                continue
            days = read(match, day, day is not None and _future_around(text, start, end))
            if days is None:
                continue
            end -= text[end - 1] == "." and days.precision != "time"  # the sentence's own full stop
            taken[start:end] = b"\x01" * (end - start)
            written = text[start:end]
            yield Value(
                Kind.DATE, written, start, end, _float(days.minutes), high=_float(days.either), day=days.day,
                until=days.until, precision=days.precision, key=days.key or _as_written(days, written),
            )  # fmt: skip


def _float(minutes: int | None) -> float | None:
    return None if minutes is None else float(minutes)


def _as_written(days: _Days, written: str) -> str:
    return "" if days.day else " ".join(written.casefold().split())


_FUTURE = re.compile(
    r"\b(?:will|may|might|won't|won’t|shall|(?:is|are) (?:due|set|to|expected|scheduled|planned|likely|going to)"
    r"|plans? to|intends? to|upcoming|wird|werden|será|sera)\b|(?:'|’)ll\b"
)
_UNTIL = ("by ", "until ", "till ", "through ", "starting ", "beginning ")
_SENTENCE_END = re.compile(r"[.!?](?=\s)|\n")
_FIRST_YEAR, _LAST_YEAR = 1000, 9000  # counting from days outside would leave the calendar
_AHEAD_DAYS = 90  # a date without a year that lies further ahead is last year's
_REACH = 120  # characters on each side in which a sentence says that it speaks of the future


def speaks_of_future(text: str) -> bool:
    """Whether verbs or adjectives of the text say that something is still to come."""
    return bool(_FUTURE.search(text))


def _future_around(text: str, start: int, end: int) -> bool:
    before = _SENTENCE_END.split(text[max(0, start - _REACH) : start])[-1]
    behind = _SENTENCE_END.split(text[end : end + _REACH])[0]
    return speaks_of_future(f"{before} {behind}") or before.lower().endswith(_UNTIL)


@lru_cache(maxsize=2)
def _forms(foreign: bool) -> tuple[tuple[re.Pattern[str], _Read], ...]:
    forms: list[tuple[str, _Read]] = [
        (r"(?<![\d-])(?P<year>\d{4})(?P<sep>[-/])(?P<m>\d\d)(?P=sep)(?P<d>\d\d)(?![\d-])", _figures),
        (r"(?<![\d.])(?P<d>\d{1,2})\.(?P<m>\d{1,2})\.(?P<year>\d{4})(?![\d])", _figures),
        (r"(?<![\d/])(?P<d>\d{1,2})/(?P<m>\d{1,2})/(?P<year>\d{4})(?![\d/])", _slashes),
        (rf"{_WDAY}(?<![\d.,:])\b{_DAY}(?:\s?[-–]\s?|{_SP}(?:to|and|bis|al|au|y|et|und){_SP})(?P<d2>3[01]|[12]\d|[1-9])(?:st|nd|rd|th)?"
         rf"{_OF}{_MON}(?:,?{_OF}{_YEAR})?", _day_month),
        (rf"{_WDAY}(?<![\d.,:])\b{_DAY}{_OF}{_MON}(?:(?:,?{_OF}{_YEAR})|{_THAT_YEAR})?", _day_month),
        (rf"{_WDAY}\b{_MON}{_SP}(?:the{_SP})?{_DAY}(?![%,.]\d|{_SP}(?:per|million|people))"
         rf"(?:(?:\s?[-–]\s?|{_SP}(?:to|and){_SP})(?P<d2>3[01]|[12]\d|[1-9])\b(?:st|nd|rd|th)?(?!{_SP}(?:people|[a-z]+s\b)))?"
         rf"(?:,?{_SP}{_YEAR}|{_THAT_YEAR})?", _day_month),
        (rf"\b{_MON},?(?:{_SP}(?:of|de|del))?{_SP}{_YEAR}", _month),
        (rf"\b{_ENGLISH_MON}{_THAT_YEAR}", _month),
        (rf"{_PREPOSITION}[ -](?P<date>{_ENGLISH_MON})\b(?![ ]\d)", _month),
        (rf"\b(?P<which>last|next|this)[ ]{_ENGLISH_MON}\b", _month),
        (rf"\b(?P<season>spring|summer|autumn|fall|winter){_SP}(?:of{_SP})?{_YEAR}", _season),
        (rf"\b(?P<which>last|next|this){_SP}(?P<season>spring|summer|autumn|fall|winter)\b", _season),
        (rf"\b(?:the{_SP})?(?P<q>first|second|third|fourth){_SP}quarter{_SP}(?:of{_SP})?{_YEAR}", _quarter),
        (rf"\bQ(?P<q>[1-4]){_SP}{_YEAR}", _quarter),
        (r"\b(?:the[ ])?(?:early |late |mid-)?(?P<decade>(?:1[5-9]|20)\d0)['’]?s\b", _decade),
        (r"(?<![\d.,/-])(?P<year>(?:19|20)\d\d)\s?[-–/]\s?(?P<y2>(?:19|20)?\d\d)(?![\d%]|[.,-]\d)", _years),
        (rf"\bfrom{_SP}(?P<date>(?P<year>(?:19|20)\d\d){_SP}to{_SP}(?P<y2>(?:19|20)\d\d))\b", _years),
        (rf"\b{_COUNT}{_SP}(?P<unit>days?|weeks?|fortnights?|months?|years?|decades?){_SP}"
         rf"(?:(?P<dir>ago|earlier|later)\b(?!{_SP}than\b)|(?P<before>before)\b(?!{_SP}[\w“\"„«‘']))", _ago),
        (rf"\b(?:in|within){_SP}(?P<date>{_COUNT}{_SP}(?P<unit>days?|weeks?|months?|years?))['’]?{_SP}time\b", _ahead),
        (rf"\b(?:early |late |mid-|earlier{_SP}|later{_SP})?(?P<which>this|last|next|past|coming|previous|following){_SP}"
         r"(?P<unit>week|weekend|month|year|decade|century|quarter)\b", _period),
        (rf"\b(?:(?P<which>last|next|this|coming|past|previous|following|every|each){_SP})?"
         rf"(?P<wd>{_any(WEEKDAYS)})\b(?P<s>s\b)?", _weekday),
        (rf"\b(?:the{_SP}day{_SP}(?P<skip>before|after){_SP})?(?P<rel>yesterday|today|tonight|tomorrow|overnight|last{_SP}night"
         rf"|this{_SP}(?:morning|afternoon|evening)|the{_SP}(?:previous|following|next){_SP}day)\b", _near),
        (r"(?<![\d.,:])\b(?P<h>[01]?\d|2[0-3])(?:[:.](?P<min>[0-5]\d))?[ \u00a0]?(?P<ap>[ap])\.?m\b\.?", _clock),
        (r"(?<![\d.,:/-])\b(?P<h>[01]?\d|2[0-3]):(?P<min>[0-5]\d)(?![\d:])", _clock),
        (r"\b(?P<word>noon|midday|midnight)\b", _clock),
        (rf"\b(?:(?P<past>{_any(_PAST)})(?:{_SP}minutes)?{_SP}past|(?P<to>quarter){_SP}to){_SP}{_HOUR}\b"
         rf"(?:{_SP}o['’]clock\b)?{_HALF}", _spoken_clock),
        (rf"\b{_HOUR}{_SP}o['’]clock\b{_HALF}", _spoken_clock),
        (rf"(?:{_PREPOSITION}|\b(?:the|a|im|summer|winter|mid-)\b)[\s-]{{1,3}}(?P<date>{_YEAR})\b(?!-)", _year),
        (rf"(?<![\d.,/$£€#:-])\b(?P<date>{_YEAR})\b(?!-)(?!{_COUNTED})",
         _year),
    ]  # fmt: skip
    if foreign:
        forms.append((r"\b(?P<rel>gestern|heute|morgen|ayer|hoy|hier|aujourd['’]hui|demain)\b", _near))
    return tuple((re.compile(pattern, re.IGNORECASE), read) for pattern, read in forms)


def _one(day: date) -> _Days:
    return _Days(day, day, "day")


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _figures(match: re.Match[str], today: date | None, future: bool) -> _Days | None:
    found = _date(int(match["year"]), int(match["m"]), int(match["d"]))
    return _one(found) if found else None


def _slashes(match: re.Match[str], today: date | None, future: bool) -> _Days | None:
    """3/4/2025 is March or April: only unambiguous ones are resolved."""
    year, first, second = int(match["year"]), int(match["d"]), int(match["m"])
    possible = {found for m, d in ((first, second), (second, first)) if (found := _date(year, m, d))}
    return _one(possible.pop()) if len(possible) == 1 else _Days(None, None, "day") if possible else None


_SMALL_LETTERS_ARE_WORDS = frozenset({"may", "march", "mar", "mars", "mon", "sun", "sat", "wed", "jan", "fri", "mai"})


def _day_month(match: re.Match[str], today: date | None, future: bool) -> _Days | None:
    if match["month"] in _SMALL_LETTERS_ARE_WORDS - {"mars", "mai"}:
        return None
    month = MONTHS[match["month"].lower()]
    first, last = int(match["d"]), int(match.groupdict().get("d2") or match["d"])
    if year := _written_year(match, today):
        start = _date(year, month, first)
    elif today:
        start = _nearest([_date(today.year + i, month, first) for i in (-1, 0, 1)], today, future)
    else:
        known = _date(2024, month, first) is not None  # a leap year
        return _Days(None, None, "day", key=f"--{month:02}-{first:02}" if first == last else "") if known else None
    end = start and _date(start.year, month, last)
    return _Days(start, end, "day") if start and end and start <= end else None


def _written_year(match: re.Match[str], today: date | None) -> int | None:
    """The year of "14 March 2025" and, counted from `today`, of "14 March last year"."""
    groups = match.groupdict()
    if groups.get("year"):
        return int(groups["year"])
    that = (groups.get("that") or "").lower()
    return today.year + {"last": -1, "this": 0, "next": 1}[that] if that and today else None


def _nearest(days: Iterable[date | None], today: date, future: bool) -> date | None:
    """The next day when the sentence speaks of the future, else the nearest that is not far ahead."""
    known = [day for day in days if day and (future or (day - today).days <= _AHEAD_DAYS)]
    coming = [day for day in known if day >= today]
    return min(coming if future and coming else known, key=lambda day: abs((day - today).days), default=None)


def _month(match: re.Match[str], today: date | None, future: bool) -> _Days | None:
    groups, written = match.groupdict(), match["month"]
    if written[0].islower() and (written in _SMALL_LETTERS_ARE_WORDS or not groups.get("year")):
        return None
    month, which = MONTHS[written.lower()], (groups.get("which") or groups.get("prep") or "").lower()
    if year := _written_year(match, today):
        return _whole_month(year, month)
    if today is None:
        return _Days(None, None, "month", key=f"--{month:02}")
    starts = [date(today.year + i, month, 1) for i in (-1, 0, 1)]
    here = today.replace(day=1)
    if which == "last":
        return _whole_month(max(s for s in starts if s < here).year, month)
    if which == "next":
        return _whole_month(min(s for s in starts if s > here).year, month)
    if which == "this":
        return _whole_month(today.year, month)
    found = _nearest(starts, here, future)
    return _whole_month(found.year, month) if found else None


def _whole_month(year: int, month: int) -> _Days:
    return _Days(date(year, month, 1), date(year, month, monthrange(year, month)[1]), "month")


def _season(match: re.Match[str], today: date | None, future: bool) -> _Days | None:
    groups, month = match.groupdict(), _SEASONS[match["season"].lower()]
    if groups.get("year"):
        return _whole_season(int(match["year"]), month)
    if today is None:
        return _Days(None, None, "season")
    seasons = [_whole_season(today.year + i, month) for i in (-2, -1, 0, 1)]
    which = match["which"].lower()
    if which == "last":
        return [s for s in seasons if s.until and s.until < today][-1]
    if which == "next":
        return next(s for s in seasons if s.day and s.day > today)
    return next(s for s in seasons if s.until and s.until >= today)


def _whole_season(year: int, month: int) -> _Days:
    last = _plus_months(date(year, month, 1), 2)
    return _Days(date(year, month, 1), _whole_month(last.year, last.month).until, "season")


def _quarter(match: re.Match[str], today: date | None, future: bool) -> _Days:
    year, month = int(match["year"]), 3 * _QUARTERS[match["q"].lower()] - 2
    return _Days(date(year, month, 1), _whole_month(year, month + 2).until, "quarter")


def _decade(match: re.Match[str], today: date | None, future: bool) -> _Days:
    year = int(match["decade"])
    return _Days(date(year, 1, 1), date(year + 9, 12, 31), "decade")


def _year(match: re.Match[str], today: date | None, future: bool) -> _Days:
    return _Days(date(int(match["year"]), 1, 1), date(int(match["year"]), 12, 31), "year")


def _years(match: re.Match[str], today: date | None, future: bool) -> _Days | None:
    first = int(match["year"])
    last = int(match["y2"]) + (first // 100 * 100 if len(match["y2"]) == 2 else 0)
    return _Days(date(first, 1, 1), date(last, 12, 31), "year") if first < last else None


def _ago(match: re.Match[str], today: date | None, future: bool) -> _Days:
    unit = match["unit"].lower().rstrip("s")
    precision = {"fortnight": "week"}.get(unit, unit)
    back = (match["dir"] or match["before"]).lower() != "later"
    key = f"{'-' if back else '+'}{_few(match['n'])} {unit}"
    if today is None or (match["dir"] or "").lower() != "ago":
        return _Days(None, None, precision, key=key)
    return _moved(today, -_few(match["n"]), unit)._replace(key=key)


def _ahead(match: re.Match[str], today: date | None, future: bool) -> _Days:
    unit = match["unit"].lower().rstrip("s")
    return _moved(today, _few(match["n"]), unit) if today else _Days(None, None, unit)


def _few(written: str) -> int:
    return _FEW.get(written.lower()) or int(written)


def _moved(today: date, by: int, unit: str) -> _Days:
    """The day, week, month or year that lies `by` units off: "two weeks ago" is a week, "three years ago" a year."""
    try:
        if unit == "day":
            return _one(today + timedelta(days=by))
        if unit in ("week", "fortnight"):
            middle = today + timedelta(weeks=by * (2 if unit == "fortnight" else 1))
            return _Days(middle - timedelta(days=3), middle + timedelta(days=3), "week")
        if unit == "month":
            there = _plus_months(today, by)
            return _whole_month(there.year, there.month)
        year = today.year + by * (10 if unit == "decade" else 1)
        return _Days(date(year, 1, 1), date(year, 12, 31), "year")
    except (ValueError, OverflowError):
        return _Days(None, None, unit)


def _plus_months(day: date, months: int) -> date:
    index = day.year * 12 + day.month - 1 + months
    return date(index // 12, index % 12 + 1, 1)


def _period(match: re.Match[str], today: date | None, future: bool) -> _Days:
    unit, which = match["unit"].lower(), match["which"].lower()
    if today is None or unit in ("decade", "century", "quarter") or which in ("previous", "following"):
        return _Days(None, None, unit)
    by = {"last": -1, "past": -1, "next": 1, "coming": 1}.get(which, 0)
    if unit == "year":
        return _moved(today, by, "year")
    if unit == "month":
        return _moved(today, by, "month")
    monday = today - timedelta(days=today.weekday())
    if unit == "week":
        return _within(monday, 7 * by, 0, 6, "week")
    just_over = by == 0 and today.weekday() < 2 and not future
    return _within(monday, 7 * (by - just_over), 5, 6, "weekend")


def _within(monday: date, shift: int, first: int, last: int, precision: str) -> _Days:
    return _Days(monday + timedelta(days=shift + first), monday + timedelta(days=shift + last), precision)


_SHORT_WEEKDAYS = frozenset("mon tue tues wed thu thur thurs fri sat sun".split())


def _weekday(match: re.Match[str], today: date | None, future: bool) -> _Days | None:
    written, which = match["wd"], (match["which"] or "").lower()
    if written[0].islower() and not match["which"] and (written in _SMALL_LETTERS_ARE_WORDS or len(written) < 5):
        return None
    if len(written) <= 5 and not which and written.lower() in _SHORT_WEEKDAYS:
        return None
    if match["s"] or which in ("every", "each", "previous", "following"):
        return _Days(None, None, "day")
    if today is None:
        return _Days(None, None, "day", key=f"-w-{WEEKDAYS[written.lower()]}")
    back = (today.weekday() - WEEKDAYS[written.lower()]) % 7
    if which == "this":
        return _one(today + timedelta(days=WEEKDAYS[written.lower()] - today.weekday()))
    if which in ("next", "coming"):
        return _one(today + timedelta(days=7 - back))
    if which in ("last", "past"):
        return _one(today - timedelta(days=back or 7))
    return _one(today + timedelta(days=-back % 7)) if future else _one(today - timedelta(days=back))


_NEAR = {"yesterday": -1, "last night": -1, "overnight": -1, "tomorrow": 1, "gestern": -1, "ayer": -1, "hier": -1,
         "morgen": 1, "demain": 1}  # fmt: skip


def _near(match: re.Match[str], today: date | None, future: bool) -> _Days | None:
    words = " ".join(match["rel"].lower().split())
    if match["rel"].isupper():  # USA TODAY
        return None
    if today is None or words.startswith("the "):
        return _Days(None, None, "day")
    skip = {"before": -1, "after": 1}.get((match.groupdict().get("skip") or "").lower(), 0)
    return _one(today + timedelta(days=_NEAR.get(words, 0) + skip))


def _clock(match: re.Match[str], today: date | None, future: bool) -> _Days | None:
    groups = match.groupdict()
    if word := groups.get("word"):
        return _Days(None, None, "time", 0 if word.lower() == "midnight" else 720)
    hour, half = int(match["h"]), (groups.get("ap") or "").lower()
    if half and not 1 <= hour <= 12:
        return None
    hour = hour % 12 + (12 if half == "p" else 0) if half else hour
    return _Days(None, None, "time", hour * 60 + int(groups.get("min") or 0))


_NOON = 12
_BEFORE_DAWN = 5  # until this hour "at night" is behind midnight


def _spoken_clock(match: re.Match[str], today: date | None, future: bool) -> _Days:
    """ "Half past nine", "six o'clock on Sunday morning"; without its half of the day it may be either."""
    groups = match.groupdict()
    hour = _HOURS.get(match["h"].lower()) or int(match["h"])
    minutes = hour % 12 * 60 + (-15 if groups.get("to") else _PAST.get((groups.get("past") or "").lower(), 0))
    half = (match["half"] or "").lower()
    late = half in ("afternoon", "evening") or (half == "night" and _BEFORE_DAWN < hour < _NOON)
    if not half:
        return _Days(None, None, "time", minutes % 1440, either=(minutes + 720) % 1440)
    return _Days(None, None, "time", (minutes + 720 * late) % 1440)
