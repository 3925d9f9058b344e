"""A chat model's marked-up prose, read as it streams: clean text on one side, the sentence ids it names on the other.

`[2.1]`, `[2.1, 3.4]` and `[2.1-2.3]` name sentences, `[no answer]` declines. A marker is held back until its bracket
closes, so that no half of one is ever shown. How the stream was cut into pieces changes nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.packing import SentenceId

_OPENERS, _CLOSERS = "[【［〔⟦", "]】］〕⟧"
# Brackets that are prose after all come out round: only code writes a number in square ones.
_ROUND = str.maketrans(_OPENERS + _CLOSERS, "(" * len(_OPENERS) + ")" * len(_CLOSERS))
_MAX_MARKER_CHARS = 80  # a bracket that is open for longer is prose
_LONGEST_RANGE = 12  # sentences; a passage hardly has more
_CLOSING_PUNCTUATION = frozenset(".,;:!?)…”’»")
_WORDS = r"(?:sources?|sentences?|passages?|articles?|citations?|refs?|docs?|ids?|see|and|s|p)(?![^\W\d_])"
_REFERENCE = re.compile(rf"(?:{_WORDS}|[\d.,;:&/#^\s–—-])*\d(?:{_WORDS}|[\d.,;:&/#^\s–—-])*", re.IGNORECASE)
_ID = re.compile(r"(\d+)(?:\s*\.\s*(\d+)(?:\s*[-–—]\s*(?:(\d+)\s*\.\s*)?(\d+))?)?")
_DECLINED = re.compile(r"\W*no[\s_-]*answer\W*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Marker:
    """Ids that the model put behind a stretch of its prose."""

    at: int
    """The length of the clean text before it: it speaks of the sentence that holds character `at - 1`."""
    ids: tuple[SentenceId, ...]


class MarkedProse:
    """Feed it the pieces of a reply; each call returns the clean text that has become certain."""

    def __init__(self) -> None:
        self.text = ""
        self.markers: list[Marker] = []
        self.declined = False
        """Whether the reply said `[no answer]`. What follows that is left out of `text`."""
        self._held = ""  # an open bracket and what came since
        self._gap = ""  # white space that is not shown before what follows it is known
        self._marked = False  # whether a marker stood in that gap
        self._closers_owed = 0

    def feed(self, piece: str) -> str:
        shown = len(self.text)
        for char in piece:
            self._read(char)
        return self.text[shown:]

    def finish(self) -> str:
        """Call it once at the end of the reply: a marker that was cut short still counts, prose in brackets appears."""
        shown = len(self.text)
        self._settle(self._held, self._held.lstrip(_OPENERS))
        if _DECLINED.fullmatch(self.text):
            self.declined = True
        return self.text[shown:]

    def _read(self, char: str) -> None:
        if char in _OPENERS and len(self._held) < 2 and not self._held.strip(_OPENERS):
            self._held += char  # the second one, too: some models write [[2.1]]
        elif self._held:
            self._read_bracket(char)
        elif char in _CLOSERS and self._closers_owed:
            self._closers_owed -= 1
        else:
            self._closers_owed = 0
            self._write(char)

    def _read_bracket(self, char: str) -> None:
        if char in _CLOSERS:
            self._settle(self._held + char, self._held.lstrip(_OPENERS))
        elif char in _OPENERS or char == "\n" or len(self._held) > _MAX_MARKER_CHARS:
            held, self._held = self._held, ""
            self._write(held)
            self._read(char)
        else:
            self._held += char

    def _settle(self, raw: str, inside: str) -> None:
        """Decide whether a bracket was a marker or prose."""
        opened, self._held = len(self._held) - len(self._held.lstrip(_OPENERS)), ""
        if _DECLINED.fullmatch(inside):
            self.declined = True
        elif _REFERENCE.fullmatch(inside):
            self._mark(parse_ids(inside), opened)
        else:
            self._write(raw)

    def _mark(self, ids: tuple[SentenceId, ...], opened: int) -> None:
        self._marked = True
        self._closers_owed = max(0, opened - 1)
        if not self.declined:
            self.markers.append(Marker(len(self.text), ids))

    def _write(self, text: str) -> None:
        for char in text.translate(_ROUND):
            if self.declined:
                return
            if char.isspace():
                self._gap += char
            else:
                self.text += self._space_before(char) + char
                self._gap, self._marked = "", False

    def _space_before(self, char: str) -> str:
        if not self.text:
            return ""
        if not self._marked:
            return self._gap
        if "\n" in self._gap:
            return "\n"
        return "" if char in _CLOSING_PUNCTUATION or not (self._gap or char.isalnum()) else " "


def parse_ids(inside: str) -> tuple[SentenceId, ...]:
    """The ids between the brackets of a marker, in its order, each once; ranges within a passage are spelt out."""
    ids: dict[SentenceId, None] = {}
    for passage, first, last_passage, last in _ID.findall(inside):
        start = int(first or 0)
        ids[SentenceId(int(passage), start)] = None
        if last and (last_passage or passage) == passage and start < int(last) < start + _LONGEST_RANGE:
            ids |= {SentenceId(int(passage), sentence): None for sentence in range(start + 1, int(last) + 1)}
        elif last:
            ids[SentenceId(int(last_passage or passage), int(last))] = None
    return tuple(ids)
