"""Questions and sentences to the terms that lexical search and coverage are counted in.

A term is a word's Porter stem, without accents and case, as SQLite's FTS5 stems it; function words are no terms.
"""

from __future__ import annotations

import re
import threading
import unicodedata
from collections.abc import Set
from functools import cached_property, lru_cache
from typing import Any

_WORD = re.compile(r"\w+(?:['’]\w+)?")
_POSSESSIVE = re.compile(r"['’]s?$")

# English function words and the words that questions are made of; they say nothing about what is asked.
STOP_WORDS = frozenset(
    """
    a about after again all also am an and any are aren't as at be because been before being between both but by can
    can't could couldn't did didn't do does doesn't doing don't down during each either else ever every far few for from
    further get gets got had has have having he her here hers herself him himself his how i if in into is isn't it its
    itself just let many me might more most much must my no nor not now of off on once one only or other our out over own
    please same she should so some such than that the their them themselves then there these they this those through to
    too under until up upon us very via was wasn't we were what whatever when where whether which while who whom whose
    why will with within without won't would you your
    according tell say says said give gave name
    """.split()
)


def words(text: str) -> list[str]:
    """Words in order, as written, possessive endings cut."""
    return [_POSSESSIVE.sub("", word) for word in _WORD.findall(text)]


def terms(text: str) -> list[str]:
    """Stems of the words that carry meaning, in order, each once."""
    return list(
        dict.fromkeys(stem(word) for word in words(text) if word.casefold().replace("’", "'") not in STOP_WORDS)
    )


def all_stems(text: str) -> list[str]:
    """Stems of every word in order, function words included."""
    return [stem(word) for word in words(text)]


def terms_in(text: str, wanted: Set[str]) -> set[str]:
    """Those of the wanted stems that words of the text have: `wanted.intersection(all_stems(text))`, three times as fast.

    Only words that begin like a wanted stem are stemmed: Porter's rules change endings, so the first two letters of a stem
    of three or more are the word's own.
    """
    beginnings = tuple({term[:2] if len(term) > 2 else term[:1] for term in wanted})
    near = (word for word in _WORD.findall(text) if word.casefold().startswith(beginnings) or not word.isascii())
    return {found for word in near if (found := stem(_POSSESSIVE.sub("", word))) in wanted}


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    plain = "".join(c for c in unicodedata.normalize("NFKD", word.casefold()) if not unicodedata.combining(c))
    return str(_stemmers.porter.stemWord(plain))


class _Stemmers(threading.local):
    """One for each thread: a stemmer keeps the word that it works on in itself."""

    @cached_property
    def porter(self) -> Any:
        import snowballstemmer

        return snowballstemmer.stemmer("porter")


_stemmers = _Stemmers()
