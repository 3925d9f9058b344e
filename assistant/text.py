"""Strings to strings: the canonical form of an article's text, and the folded form that quotations are compared in.

Offsets everywhere in this project are Python code points of the canonical text. Nothing here knows articles.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

NORMALISER = "canonical-1"  # part of every article's fingerprint: raise it when canonical_text changes what it returns

_LINE_ENDS = re.compile("\r\n?|\u2028|\u2029|\x85")
_SURROGATES = re.compile("[\ud800-\udfff]")
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufeff]")

_QUOTES_AND_DASHES = str.maketrans(
    {
        **dict.fromkeys("‘’‚‛′＇", "'"),
        **dict.fromkeys("“”„‟″«»＂", '"'),
        **dict.fromkeys("‐‑‒–—―−﹘﹣－", "-"),
    }
)
_INVISIBLE = frozenset("\u00ad\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff")


def canonical_text(raw: str) -> str:
    """The one text an article keeps for ever: line ends are \\n, controls are gone, lone surrogates are U+FFFD.

    Nothing else changes: no Unicode normalisation, no trimming inside lines, so that a quotation from it is the
    publisher's own characters. Idempotent.
    """
    text = _LINE_ENDS.sub("\n", raw)
    text = _SURROGATES.sub("\ufffd", text)
    return _CONTROLS.sub("", text).strip()


@dataclass(frozen=True, slots=True)
class Folded:
    """A folded text and, for each of its characters, the half-open range of the original that it stands for."""

    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def original_range(self, start: int, end: int) -> tuple[int, int]:
        """The original's range for the folded range [start, end), end > start."""
        return self.starts[start], self.ends[end - 1]


def fold(text: str) -> Folded:
    """Fold away what typesetting changes and meaning does not: quote marks, dashes, spaces, NFKC forms, invisibles.

    Case, digits, accents, letters and words stay as they are. Runs of white space become one space. NFKC is taken one
    grapheme (a base with its combining marks) at a time, so that each folded character maps back to whole originals.
    """
    out: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    i, n = 0, len(text)
    while i < n:
        j = i + 1
        if text[i] in _INVISIBLE:
            i = j
            continue
        while j < n and (unicodedata.combining(text[j]) or text[j] in _INVISIBLE):
            j += 1
        for char in _fold_cluster(text[i:j]):
            if char == " " and out and out[-1] == " ":
                ends[-1] = j
                continue
            out.append(char)
            starts.append(i)
            ends.append(j)
        i = j
    return Folded("".join(out), tuple(starts), tuple(ends))


@lru_cache(maxsize=8192)
def _fold_cluster(cluster: str) -> str:
    # Quote marks and dashes go first: NFKC would tear the double prime into two single ones.
    visible = "".join(c for c in cluster if c not in _INVISIBLE).translate(_QUOTES_AND_DASHES)
    folded = unicodedata.normalize("NFKC", visible).translate(_QUOTES_AND_DASHES)
    return "".join(" " if c.isspace() else c for c in folded)


def nearest(name: str, known: list[str]) -> str | None:
    """The known name most like `name`, or None when nothing is close."""
    from difflib import get_close_matches

    return next(iter(get_close_matches(name, known, n=1, cutoff=0.5)), None)
