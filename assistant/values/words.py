"""Text to words, figures and marks with their places; a figure is read as English or continental print writes it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

from assistant.values.value import Value

DASHES = frozenset("-–—‑−")


class Token(NamedTuple):
    text: str
    lower: str
    start: int
    end: int
    kind: str
    """n: digits; w: word; s: any other character."""
    number: float


CONTINENTAL = frozenset({"de", "es", "fr", "it", "nl", "pt"})
_GERMAN = frozenset(
    """
    der das dem den ein eine einen einem einer eines und von vom ist nicht mit nach auf für im zu zum zur sich bei aus auch
    wie als oder haben wird werden wurde wurden sind über dieser diese dieses diesem diesen kein keine nur noch vor bis er sie
    wir seine seiner ihre ihrer dass weil außerdem
    """.split()
)
_NOT_ENGLISH = _GERMAN | frozenset(
    """
    die el los las del que una unos por con para su sus fue como más pero según este esta
    les des une est dans pour sur aux cette il elle qui ne pas avec ses été sont
    """.split()
)
_ENGLISH = frozenset("the of and to in was is for that on".split())
_WORDS = r"(?P<w>(?:[^\W\d_]\.){2,}|[^\W\d_]+(?:['’][^\W\d_]+)*)|(?P<s>\S)"
_DIGITS = (
    r"\d{1,3}(?:,\d{3})+(?!\d)(?:\.\d+)?|\d{1,3}(?:, 000)+(?!\d)|\d{1,3}(?:[ \u00a0\u202f]\d{3})+(?!\d)(?:\.\d+)?"
    r"|\d{1,3}(?:\.\d{3}){2,}(?!\d)|\d+(?:\.\d+)?"
)
_DIGITS_CONTINENTAL = r"\d{1,3}(?:[.\u00a0\u202f' ]\d{3})+(?!\d)(?:,\d+)?|\d+(?:,\d+)?"
_TOKEN = re.compile(rf"(?P<n>{_DIGITS})|{_WORDS}")
_TOKEN_CONTINENTAL = re.compile(rf"(?P<n>{_DIGITS_CONTINENTAL})|{_WORDS}")
FRACTIONS = {"½": 1 / 2, "¼": 1 / 4, "¾": 3 / 4, "⅓": 1 / 3, "⅔": 2 / 3, "⅕": 1 / 5, "⅛": 1 / 8}
_BEGINNING = 2000  # characters by which the language is told
_LONGEST_FIGURE = 18  # digits; longer ones are identifiers


def tokens_of(text: str, language: str | None) -> list[Token]:
    continental = language in CONTINENTAL or (language is None and _plainly_continental(text))
    pattern = _TOKEN_CONTINENTAL if continental else _TOKEN
    return [_token(match, continental) for match in pattern.finditer(text)]


def _token(match: re.Match[str], continental: bool) -> Token:
    kind, written = match.lastgroup or "s", match.group()
    number = _figure(written, continental) if kind == "n" else FRACTIONS.get(written, 0.0)
    lower = written.lower() if kind == "w" else written
    return Token(written, lower.replace("’", "'"), *match.span(), kind, number)


def _figure(written: str, continental: bool) -> float:
    if continental:
        written = re.sub(r"[.\u00a0\u202f' ]", "", written).replace(",", ".")
    elif written.count(".") > 1:
        written = written.replace(".", "")
    digits = re.sub(r"[,\u00a0\u202f ]", "", written)
    return float(digits) if len(digits) <= _LONGEST_FIGURE and digits.replace(".", "").isdecimal() else -1.0


def language_beside(text: str, language: str | None) -> str | None:
    """The language in which to read the figures of a text that speaks of a text in `language`; None for English ones."""
    return language if language in CONTINENTAL and not _plainly_english(text) else None


def _plainly_english(text: str) -> bool:
    words = _commonest(text)
    return len(words & _ENGLISH) >= 2 and len(words & _ENGLISH) > len(words & _NOT_ENGLISH)


def is_german(text: str, language: str | None) -> bool:
    return language == "de" if language else _plainly_continental(text) and _commonest(text) & _GERMAN != frozenset()


def _plainly_continental(text: str) -> bool:
    words = _commonest(text)
    return len(words & _NOT_ENGLISH) >= 2 and len(words & _NOT_ENGLISH) > len(words & _ENGLISH)


@lru_cache(maxsize=64)
def _commonest(text: str) -> frozenset[str]:
    """The function words that tell languages apart, as the beginning of the text has them."""
    words = re.findall(r"[^\W\d_]+", text[:_BEGINNING].lower())
    return frozenset(words) & (_NOT_ENGLISH | _ENGLISH)


def free_tokens(tokens: Sequence[Token], taken: Iterable[Value]) -> set[int]:
    """Indices of the tokens that lie in none of the values."""
    spans = sorted((value.start, value.end) for value in taken)
    free, at = set(range(len(tokens))), 0
    for index, token in enumerate(tokens):
        while at < len(spans) and spans[at][1] <= token.start:
            at += 1
        if at < len(spans) and token.end > spans[at][0]:
            free.discard(index)
    return free
