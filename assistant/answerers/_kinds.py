"""The kinds of thing that questions ask for, and the values of a kind in a sentence.

A kind is a pattern of surface form: a number, an amount of money, a date, a name, a country. That a sentence holds a value
of the kind which the question does not name itself is the oldest sign that it answers (Prager et al., SIGIR 2000).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from assistant.answerers._places import COUNTRIES, STATES
from assistant.terms import STOP_WORDS, stem, words


class Kind(StrEnum):
    """What is asked for."""

    NUMBER = "number"
    MONEY = "money"
    PERCENT = "percent"
    DURATION = "duration"
    AGE = "age"
    DATE = "date"
    YEAR = "year"
    COUNTRY = "country"
    STATE = "state"
    PLACE = "place"
    NAME = "name"  # of a person, an organisation, a work
    COLOUR = "colour"
    REASON = "reason"


@dataclass(frozen=True, slots=True)
class Value:
    """An expression of a kind: `sentence[start:end]`."""

    start: int
    end: int
    text: str
    """Case folded, without quotation marks."""


_COUNT = (
    "zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|"
    "eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|thousand|million|billion|dozen"
)
_SCALE = "hundred|thousand|million|billion|trillion|dozen"
_NUM = rf"(?:\d[\d.,]*(?<=\d)|\b(?:{_COUNT})(?:[- ](?:{_COUNT}))*\b)(?:[ -](?:{_SCALE})s?\b)?"
_COIN = r"(?:US )?(?:dollars?|euros?|pounds?|cents?|pence|francs?|yen|marks?|rupees?|yuan)\b"
_UNIT = "(?:second|minute|hour|day|night|week|weekend|month|year|decade)s?"
_MONTH = (
    r"(?:January|February|March|April|June|July|August|September|October|November|December"
    r"|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\.)"
)
_DAY = r"\d{1,2}(?:st|nd|rd|th)?\b"
_CAPITAL = r"(?:[A-ZÀ-ÞĀ-Ž][\w’'&.-]*\w|[A-Z](?!\w))"
_NAME = rf"{_CAPITAL}(?:(?: (?:of|the|de|van|von|and|for|al|bin|del|da|di|&)){{0,2}} {_CAPITAL})*"
_BEFORE_A_PLACE = "".join(
    rf"|(?<=\b{word} )" for word in "in at near to from on of outside into around across In At Near".split()
)[1:]

_PATTERNS = {
    Kind.NUMBER: _NUM,
    Kind.MONEY: rf"(?:[$£€¥]|\b(?:USD|EUR|GBP) ?){_NUM}|{_NUM} {_COIN}",
    Kind.PERCENT: rf"{_NUM} ?(?:%|per ?cent\b|percentage points?)|{_NUM} (?:in|out of) {_NUM}"
    r"|\b(?:half|(?:a |one |two[ -])?thirds?|(?:a |one |three[ -])?quarters?|(?:a |one )?fifth) of\b",
    Kind.DURATION: rf"(?:{_NUM}|\ban?)[ -]{_UNIT}\b",
    Kind.AGE: rf"{_NUM}[ -](?:months?|years?)\b|\b(?:aged?|under|over) {_NUM}|, \d{{1,3}}(?=[,.])|\(\d{{1,2}}\)",
    Kind.DATE: rf"\b(?:{_MONTH}|May) {_DAY}(?:,? \d{{4}})?|\b{_DAY}(?: of)? (?:{_MONTH}|May)(?:,? \d{{4}})?|\b{_MONTH}"
    r"|\b(?:1[5-9]|20)\d\d(?:s\b|\b)|\b(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b|\b(?:yes|to)day\b|\btomorrow\b"
    r"|\b(?:last|next|this) (?:week|weekend|month|year|spring|summer|autumn|fall|winter)\b"
    r"|\b(?:Christmas|Easter|[A-Z]\w+ Day)\b",
    Kind.YEAR: r"\b(?:1[0-9]|20)\d\d\b",
    Kind.COUNTRY: rf"\b(?:{COUNTRIES})(?!\w)",
    Kind.STATE: rf"\b(?:{STATES})\b",
    Kind.PLACE: rf"(?:{_BEFORE_A_PLACE})(?:(?:the|a|an) )?(?:[a-z]+ )?{_NAME}|\b(?:{COUNTRIES}|{STATES})(?!\w)",
    Kind.NAME: rf"“[^“”]{{2,60}}”|\"[^\"]{{2,60}}\"|‘[^‘’]{{2,60}}’|{_NAME}",
    Kind.COLOUR: r"(?i:\b(?:black|white|gr[ae]y|red|orange|yellow|green|blue|purple|pink|brown|gold|silver|violet)\b)",
    Kind.REASON: r"(?i:\b(?:because|due to|owing to|caus(?:e|ed|es|ing)|as a result|after|since|amid|over|following|in"
    r" response|protest\w*|citing|cited|reasons?|blam\w+|in order|so that|for \w+ing|prompt\w*|sparked|concerns?|fears?|weil"
    r"|porque|car)\b)",
}
_ANY_CASE = {Kind.NUMBER, Kind.MONEY, Kind.PERCENT, Kind.DURATION, Kind.AGE}
_COMPILED = {
    kind: re.compile(pattern, re.IGNORECASE if kind in _ANY_CASE else 0) for kind, pattern in _PATTERNS.items()
}
_NUMERIC = _ANY_CASE | {Kind.YEAR}
_NO_NAME = re.compile(
    rf"(?:(?:on|in|as of|by|this|last) )*(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|(?i:{_MONTH})|may"
    r"|cnn|ap|afp|reuters|est)"
)
_BARE_YEAR = re.compile(r"(?:1[5-9]|20)\d\d")


def values(kind: Kind, sentence: str, asked: frozenset[str]) -> list[Value]:
    """The values of the kind in the sentence, in order, without those that the question names itself.

    `asked` holds the stems of all the question's words.
    """
    found = (
        Value(match.start(), match.end(), match.group().strip(" “”\"'‘’").casefold())
        for match in _COMPILED[kind].finditer(sentence)
    )
    return [value for value in found if _is_new(kind, value, asked)]


def _is_new(kind: Kind, value: Value, asked: frozenset[str]) -> bool:
    if kind is Kind.REASON:
        return True
    if (kind is Kind.NUMBER and _BARE_YEAR.fullmatch(value.text)) or (
        kind is Kind.NAME and _NO_NAME.fullmatch(value.text)
    ):
        return False
    own = [word for word in words(value.text) if word not in STOP_WORDS or kind in _NUMERIC]
    return any(stem(word) not in asked for word in own)
