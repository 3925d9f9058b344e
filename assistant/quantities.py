"""Text to words that can be compared: stems, and numbers by what they are worth.

"$19 million", "19m" and "19,000,000" become one term, and so do "one" and "1", "5%" and "5 percent".
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from assistant.terms import STOP_WORDS, stem

NUMBER_MARK = "#"  # no stem starts with it

_COUNTS = {
    word: value
    for value, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
        "eighteen nineteen twenty".split()
    )
} | {"thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90, "hundred": 100}
_SCALES = {"thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12}
_SHORT_SCALES = {"k": 1e3, "m": 1e6, "mn": 1e6, "bn": 1e9, "b": 1e9, "tn": 1e12}
_WORD = re.compile(
    r"(?P<digits>\d(?:[\d,]*\d)?(?:, 000\b)*(?:\.\d+)?)"
    rf"(?:(?:[ -]?(?P<scale>{'|'.join(_SCALES)})|(?P<short>{'|'.join(_SHORT_SCALES)}))\b)?"
    r"|(?P<percent>%)|\w+(?:['’]\w+)?",
    re.IGNORECASE,
)
_SEPARATORS = re.compile("[, ]")
_POSSESSIVE = re.compile(r"['’]s?$")
_PERCENT = stem("percent")
_FUNCTION_WORDS = frozenset(map(stem, STOP_WORDS))


class Word(NamedTuple):
    """A word or number of a text, as it compares: `text[start:end]`."""

    term: str
    start: int
    end: int


@lru_cache(maxsize=8192)
def comparable_words(text: str) -> tuple[Word, ...]:
    """Every word in order, function words too. A number's term is NUMBER_MARK and its value, "#1.9e+07"."""
    found: list[Word] = []
    for match in _WORD.finditer(text):
        plain = _POSSESSIVE.sub("", match.group()).casefold()
        previous = found[-1] if found else None
        if plain in _SCALES and previous and is_number(previous.term):
            found[-1] = Word(_number(value_of(previous.term) * _SCALES[plain]), previous.start, match.end())
        elif term := _term(match, plain):
            found.append(Word(term, match.start(), match.end()))
    return tuple(found)


def comparable_terms(text: str) -> list[str]:
    """The terms that carry meaning, in order, each once; all of them when there are only function words."""
    terms = [word.term for word in comparable_words(text)]
    return list(dict.fromkeys([term for term in terms if term not in _FUNCTION_WORDS] or terms))


def is_number(term: str) -> bool:
    return term.startswith(NUMBER_MARK)


def value_of(term: str) -> float:
    """What a number's term is worth."""
    return float(term.removeprefix(NUMBER_MARK))


def plain(term: str) -> str:
    """The term as the library's word index knows it."""
    return term.removeprefix(NUMBER_MARK)


def _term(match: re.Match[str], plain: str) -> str:
    if match["digits"]:
        scale = _SCALES.get((match["scale"] or "").casefold()) or _SHORT_SCALES.get(
            (match["short"] or "").casefold(), 1
        )
        return _number(float(_SEPARATORS.sub("", match["digits"])) * scale)
    if match["percent"]:
        return _PERCENT
    return _number(_COUNTS[plain]) if plain in _COUNTS else stem(plain)


def _number(value: float) -> str:
    return f"{NUMBER_MARK}{value:.12g}"
