"""Answers compared with text: SQuAD's normal form made safe for Unicode, and whether a text holds an answer.

Source of the normal form: Rajpurkar et al., SQuAD, EMNLP 2016 (evaluate-v1.1.py): lower case, no punctuation, no
English articles, single spaces.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

_ARTICLES = frozenset({"a", "an", "the"})
_POINT = re.compile(r"(?<=\d)\.(?=\d)")
_KEPT_POINT = "\ue000"  # stands for a decimal point while punctuation goes: 5.9 is not 59
_QUOTES = str.maketrans(
    dict.fromkeys("‘’‚‛′＇", "'") | dict.fromkeys("“”„‟″«»＂", '"') | dict.fromkeys("‐‑‒–—―−﹘﹣－", "-")
)
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


class _Punctuation(dict[int, int | None]):
    """For str.translate: drops punctuation, symbols and format characters of every script."""

    def __missing__(self, code: int) -> int | None:
        category = unicodedata.category(chr(code))
        self[code] = None if category[0] in "PS" or category == "Cf" else code
        return self[code]


_PUNCTUATION = _Punctuation()


def normalise(text: str) -> str:
    """SQuAD's normal form; on ASCII the original's result, except that a text of articles alone keeps them."""
    folded = unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold())
    words = folded.translate(_PUNCTUATION).split()
    return " ".join([word for word in words if word not in _ARTICLES] or words)


def holds(text: str, accepted: Iterable[str]) -> bool:
    """Whether an accepted answer stands in the text as whole words, case and typography aside.

    Either as it is written ("Colombia" in "Colombia’s") or in normal form ("The Last Supper" in "his last supper").
    "34" is neither in "134" nor in "34,000" or "3.34". Scripts written without spaces have no word boundaries to heed.
    """
    plain, words = _fold(text), f" {_words(text)} "
    return any(_stands_in(plain, answer) or _words_stand_in(words, answer) for answer in accepted)


def _stands_in(plain: str, answer: str) -> bool:
    pattern = _whole(_fold(answer).strip("'\" .,;:!?"))
    return pattern is not None and pattern.search(plain) is not None


def _words_stand_in(words: str, answer: str) -> bool:
    form = _words(answer)
    return bool(form) and f" {form} " in words


def _words(text: str) -> str:
    return normalise(_POINT.sub(_KEPT_POINT, text))


def _fold(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).casefold().translate(_QUOTES).split())


@lru_cache(maxsize=4096)
def _whole(answer: str) -> re.Pattern[str] | None:
    if not answer:
        return None
    before = r"(?<!\w)(?<!\d[.,])" if _has_boundary(answer[0]) else ""
    after = r"(?!\w)(?![.,]\d)" if _has_boundary(answer[-1]) else ""
    return re.compile(before + re.escape(answer) + after)


def _has_boundary(char: str) -> bool:
    return char.isalnum() and not _UNSPACED.match(char)
