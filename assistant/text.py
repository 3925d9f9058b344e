"""Strings to strings: the canonical form of an article's text, and the folded form that quotations are compared in.

Offsets everywhere in this project are Python code points of the canonical text. Nothing here knows articles.
"""

from __future__ import annotations

import re
import unicodedata
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

NORMALISER = "canonical-1"  # part of every article's fingerprint: raise it when canonical_text changes what it returns

_LINE_ENDS = re.compile("\r\n?|[\x0b\x0c\x1c-\x1f\x85\u2028\u2029]")
_SURROGATES = re.compile("[\ud800-\udfff]")
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1b\x7f\ufeff]")

_MARKS = str.maketrans(
    {
        **dict.fromkeys("‘’‚‛′‹›ʼʻ´`＇", "'"),
        **dict.fromkeys("“”„‟″«»＂", '"'),
        **dict.fromkeys("‐‑‒–—―−﹘﹣－", "-"),
    }
)
_INVISIBLE = frozenset(
    "\u00ad\u061c\u180e\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e"
    "\u2060\u2066\u2067\u2068\u2069\ufe0e\ufe0f\ufeff"
)
_PLAIN = re.compile(r"[!-,./0-_a-~]+(?![^\x00-\x7f])")  # folds to itself, and nothing behind it can change that
_LONGEST_CLUSTER = 32  # NFKC takes quadratic time over marks; UAX #15 allows 30 in its stream-safe format


def canonical_text(raw: str) -> str:
    """The one text an article keeps for ever: line ends are \\n, controls are gone, lone surrogates are U+FFFD.

    A form feed ends a line, as everything does that str.splitlines() splits at. Nothing else changes: no Unicode
    normalisation, no trimming inside lines, so that a quotation from it is the publisher's own characters. Idempotent.
    """
    text = _LINE_ENDS.sub("\n", raw)
    text = _SURROGATES.sub("\ufffd", text)
    return _CONTROLS.sub("", text).strip()


@dataclass(frozen=True, slots=True)
class Folded:
    """A folded text and, for each of its characters, the half-open range of the original that it stands for."""

    text: str
    starts: Sequence[int]
    ends: Sequence[int]

    def original_range(self, start: int, end: int) -> tuple[int, int]:
        """The original's range for the folded range [start, end), end > start.

        It is whole graphemes: a folded range that holds half of one (the f of a ligature) comes back as all of it.
        """
        return self.starts[start], self.ends[end - 1]

    def begins_grapheme(self, at: int) -> bool:
        """Whether a cut before the folded character `at` is a cut between graphemes of the original."""
        return not 0 < at < len(self.text) or self.starts[at] != self.starts[at - 1]


def fold(text: str) -> Folded:
    """Fold away what typesetting changes and meaning does not: quote marks, dashes, spaces, NFKC forms, invisibles.

    Case, accents, letters and words stay as they are. Runs of white space become one space, runs of dashes one hyphen.
    NFKC is taken one grapheme (a base with its marks) at a time, so that each folded character maps back to whole
    originals. A number keeps its value: full-width digits become digits, but ², ½ and ① stay as they are, or 10² would
    be 102 and 5½ be 51/2. So do the few characters that NFKC would put a space into.
    """
    out: list[str] = []
    starts, ends = array("I"), array("I")
    i, n = 0, len(text)
    while i < n:
        if plain := _PLAIN.match(text, i):
            j = plain.end()
            out.append(plain.group())
            starts.extend(range(i, j))
            ends.extend(range(i + 1, j + 1))
            i = j
            continue
        j = i + 1
        if text[i] in _INVISIBLE:
            i = j
            continue
        while j < n and j - i < _LONGEST_CLUSTER and extends(text[j]):
            j += 1
        folded = _fold_cluster(text[i:j])
        if folded in (" ", "-") and out and out[-1] == folded:
            ends[-1] = j
        else:
            out.extend(folded)
            starts.extend([i] * len(folded))
            ends.extend([j] * len(folded))
        i = j
    return Folded("".join(out), starts, ends)


def extends(char: str) -> bool:
    """Whether the character belongs to the one before it: a combining mark, a Korean vowel or final, an invisible."""
    return char > "\x7f" and (
        char in _INVISIBLE or unicodedata.category(char)[0] == "M" or "\u1160" <= char <= "\u11ff"
    )


@lru_cache(maxsize=8192)
def _fold_cluster(cluster: str) -> str:
    # Quote marks and dashes go first: NFKC would tear the double prime into two single ones.
    visible = "".join(c for c in cluster if c not in _INVISIBLE).translate(_MARKS)
    folded = unicodedata.normalize("NFKC", visible)
    base = visible[0]
    if not (base.isdecimal() or base.isspace()) and any(c.isdecimal() or c.isspace() for c in folded):
        folded = unicodedata.normalize("NFC", visible)
    return "".join(" " if c.isspace() else c for c in folded.translate(_MARKS))


def nearest(name: str, known: list[str]) -> str | None:
    """The known name most like `name`, or None when nothing is close."""
    from difflib import get_close_matches

    return next(iter(get_close_matches(name, known, n=1, cutoff=0.5)), None)
