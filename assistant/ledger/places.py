"""A text to fingerprints of its blocks, and back from them to the place where another text departs from it.

32 bits of sha256 for each 64 characters: an eighth of the text's size, and nobody reads the text from them. One character that
was exchanged, added or dropped is found exactly, by trying which one gives the recorded fingerprint; other changes to the
block.
"""

from __future__ import annotations

import hashlib
import string
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

BLOCK = 64  # characters
DIGITS = 8  # hex digits of sha256 a block
_AROUND = 30  # characters of context on each side


@dataclass(frozen=True, slots=True)
class Change:
    """The first place at which a text is not the recorded one: characters [start, end) of the text as it is."""

    start: int
    end: int
    was: str | None
    """What stood there, empty where nothing did; None when it can't be told."""

    @property
    def exact(self) -> bool:
        return self.was is not None


def sha256_of(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def block_digests(text: str) -> str:
    """DIGITS hex digits a block, one after the other."""
    return "".join(_digest(text[at : at + BLOCK]) for at in range(0, len(text), BLOCK))


def first_change(digests: str, characters: int, text: str) -> Change:
    """Where `text`, which is known to differ, departs from the text of that many characters and those digests."""
    recorded = [digests[at : at + DIGITS] for at in range(0, len(digests), DIGITS)]
    found = [_digest(text[at : at + BLOCK]) for at in range(0, len(text), BLOCK)]
    same = next((i for i, pair in enumerate(zip(recorded, found, strict=False)) if pair[0] != pair[1]), None)
    block = min(len(recorded), len(found)) if same is None else same
    start = block * BLOCK
    length = min(BLOCK, characters - start)
    window = text[start : start + length + 1]
    if (
        block >= len(recorded) or _digest(window[:length]) == recorded[block]
    ):  # all that was recorded is there, and more
        return Change(start + max(0, length), len(text), "")
    for was, edit in _one_edit_away(window, length):
        if _digest(was) == recorded[block]:
            at = first_difference(was, window)
            return Change(start + at, start + at + (edit != "dropped"), "" if edit == "added" else was[at])
    return Change(min(start, len(text)), min(start + BLOCK, len(text)), None)


def first_difference(one: str, other: str) -> int:
    """The first offset at which two texts differ; the length of the shorter one if it begins the other."""
    return next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def context(text: str, start: int, end: int) -> str:
    """The characters around a place, on one line, with an ellipsis where the text goes on."""
    low, high = max(0, start - _AROUND), min(len(text), max(end, start) + _AROUND)
    line = " ".join(text[low:high].split())
    return f"{'…' if low else ''}{line}{'…' if high < len(text) else ''}"


def _digest(block: str) -> str:
    return sha256_of(block)[:DIGITS]


def _one_edit_away(window: str, length: int) -> Iterator[tuple[str, str]]:
    """Blocks of `length` characters that become the beginning of `window` by one edit, and which edit."""
    alphabet = sorted({*window, *string.printable[:95], *"“”‘’–—…äöüßéè"})
    if len(window) >= length:
        for p, char in product(range(length), alphabet):
            yield window[:p] + char + window[p + 1 : length], "exchanged"
    if len(window) > length:
        for p in range(length + 1):
            yield window[:p] + window[p + 1 :], "added"
    if len(window) >= length - 1:
        for p, char in product(range(length), alphabet):
            yield window[:p] + char + window[p : length - 1], "dropped"
