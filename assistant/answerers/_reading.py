"""A chat model's reply, read as it streams, whichever form it took: clean prose on one side, the ids it names on the other.

A JSON object gives sentences with their ids apart, text has them as markers; what a reply is shows in its first characters,
not in what was asked for. How the stream was cut into pieces changes nothing in the end.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import jiter

from assistant.answerers._markers import MarkedProse, Marker, parse_ids
from assistant.chat_models import read_json
from assistant.errors import ModelFailed
from assistant.sentences import split_sentences
from assistant.types import CitedEvent

_THINKING, _THOUGHT = "<think>", "</think>"
_UNDECIDED_CHARS = 80  # a reply that has no brace within so many is prose


class ReplyReader:
    """Feed it the pieces of a reply; each call yields what has become certain: text, and that text has been cited."""

    def __init__(self) -> None:
        self.prose = MarkedProse()
        self.partly = False
        """Whether the model said that it answers only a part of the question."""
        self._raw: list[str] = []
        self._head = ""  # what came before it was clear what the reply is
        self._json: _JsonSentences | None = None
        self._is_prose = False
        self._marks = 0

    @property
    def markers(self) -> list[Marker]:
        return self.prose.markers

    @property
    def declined(self) -> bool:
        return self.prose.declined

    def feed(self, piece: str) -> Iterator[str | CitedEvent]:
        self._raw.append(piece)
        if self._json is None and not self._is_prose:
            self._head += piece
            piece = self._decide()
        if self._json is not None:
            yield from self._json.feed(piece)
            self.partly = self._json.partly
        elif self._is_prose:
            yield from self._feed_prose(piece)

    def finish(self) -> Iterator[str | CitedEvent]:
        """Call it once at the end of the reply."""
        if self._json is None and not self._is_prose:
            self._is_prose = True
            yield from self._feed_prose(_without_thinking(self._head))
        if self._json is not None:
            yield from self._json.finish()
            self.partly = self._json.partly
        elif whole := self._json_behind_prose():
            self.prose = MarkedProse()
            self._json = _JsonSentences(self.prose)
            yield from self._json.take(whole, done=True)
            self.partly = self._json.partly
        else:
            yield from _text(self.prose.finish())
            self.partly = self.prose.declined and bool(self.prose.text)

    def _decide(self) -> str:
        """What is to be read now that the reply's kind is known; nothing while it is not."""
        head = self._head.lstrip()
        if _THINKING.startswith(head[: len(_THINKING)]) and _THOUGHT not in head:
            return ""
        head = _without_thinking(head)
        if "{" in head[:_UNDECIDED_CHARS]:
            self._json = _JsonSentences(self.prose)
            return head[head.index("{") :]
        if len(head) >= _UNDECIDED_CHARS or "[" in head:
            self._is_prose = True
            return head
        return ""

    def _feed_prose(self, piece: str) -> Iterator[str | CitedEvent]:
        yield from _text(self.prose.feed(piece))
        for marker in self.prose.markers[self._marks :]:
            yield CitedEvent(marker.at, len(marker.ids))
        self._marks = len(self.prose.markers)

    def _json_behind_prose(self) -> dict[str, Any] | None:
        """The object of a reply that greeted first."""
        raw = "".join(self._raw)
        if '"sentences"' not in raw:
            return None
        try:
            return read_json(raw)
        except ModelFailed:
            return None


class _JsonSentences:
    """`{"found": ..., "sentences": [{"text": ..., "ids": [...]}]}`, as far as it has come, into the prose."""

    def __init__(self, prose: MarkedProse) -> None:
        self.partly = False
        self._prose = prose
        self._raw = bytearray()
        self._item = 0
        self._read = 0  # characters of that item's text
        self._begins = 0  # where that item's sentences begin in the prose

    def feed(self, piece: str) -> Iterator[str | CitedEvent]:
        self._raw += piece.encode("utf-8", "replace")
        try:
            value = jiter.from_json(bytes(self._raw), partial_mode="trailing-strings")
        except ValueError:  # text behind the object, or no JSON: known at the end
            return
        yield from self.take(value, done=False)

    def finish(self) -> Iterator[str | CitedEvent]:
        yield from self.take(read_json(self._raw.decode("utf-8")), done=True)

    def take(self, value: Any, *, done: bool) -> Iterator[str | CitedEvent]:
        """Read on in the object; items before the last one are complete, at the end that one is, too."""
        if not isinstance(value, dict):
            return
        found, listed = value.get("found"), value.get("sentences")
        items = listed if isinstance(listed, list) else []
        if found == "nothing":
            self._prose.declined = True
            return
        self.partly = found == "part"
        for at, item in enumerate(items):
            if at >= self._item and isinstance(item, dict):
                yield from self._read_item(item)
            if at >= self._item and (done or at + 1 < len(items)):
                yield from self._end_item(item)
                self._item, self._read = at + 1, 0

    def _read_item(self, item: dict[str, Any]) -> Iterator[str]:
        text = item.get("text")
        if isinstance(text, str) and len(text) > self._read:
            if not self._read and self._prose.text:
                yield from _text(self._prose.feed(" "))
            yield from _text(self._prose.feed(text[self._read :]))
            self._read = len(text)

    def _end_item(self, item: Any) -> Iterator[str | CitedEvent]:
        """Every sentence of the item rests on all its ids."""
        yield from _text(self._prose.finish())
        ids = item.get("ids") if isinstance(item, dict) else None
        named = tuple(i for one in (ids if isinstance(ids, list) else []) for i in parse_ids(str(one)[:40]))
        text, begins = self._prose.text, self._begins
        self._begins = len(text)
        if named and begins < len(text):
            ends = [begins + end for _, end in split_sentences(text[begins:])]
            self._prose.markers += [Marker(end, named) for end in ends]
            yield CitedEvent(len(text), len(named))


def _without_thinking(text: str) -> str:
    text = text.lstrip()
    return text.partition(_THOUGHT)[2].lstrip() if text.startswith(_THINKING) else text


def _text(piece: str) -> Iterator[str]:
    if piece:
        yield piece
