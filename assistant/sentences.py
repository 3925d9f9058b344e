"""Text to sentence offsets. A sentence never crosses a paragraph, and offsets are exact by construction.

Boundaries inside a paragraph come from sentencex (Wikimedia; rules for some 240 languages). A line break ends a sentence
too, unless it is the soft wrap of a hard-wrapped text.
"""

from __future__ import annotations

import re

import sentencex

_LINE_BREAK = re.compile(r"[ \t]*\n\s*")
_WRAPPED_LINE_CHARS = 40  # shorter lines end because their author ended them: headlines, list items, bylines


def split_sentences(text: str, language: str | None = None) -> list[tuple[int, int]]:
    """(start, end) of every sentence in reading order, without surrounding white space.

    The spans cover every character of `text` that is not white space, each once.
    """
    sentences: list[tuple[int, int]] = []
    for start, end in _paragraphs(text):
        for boundary in sentencex.get_sentence_boundaries(language or "en", text[start:end]):
            _append_trimmed(sentences, text, start + boundary["start_index"], start + boundary["end_index"])
    return sentences


def _paragraphs(text: str) -> list[tuple[int, int]]:
    """Stretches between hard line breaks."""
    spans: list[tuple[int, int]] = []
    start = 0
    for match in _LINE_BREAK.finditer(text):
        if not _is_soft_wrap(text, start, match):
            spans.append((start, match.start()))
            start = match.end()
    spans.append((start, len(text)))
    return [span for span in spans if span[0] < span[1]]


def _is_soft_wrap(text: str, paragraph_start: int, line_break: re.Match[str]) -> bool:
    """Whether a sentence goes on behind this line break: a long line, then a lower-case letter."""
    if line_break.group().count("\n") > 1 or line_break.end() >= len(text):
        return False
    line_start = max(paragraph_start, text.rfind("\n", 0, line_break.start()) + 1)
    return line_break.start() - line_start >= _WRAPPED_LINE_CHARS and text[line_break.end()].islower()


def _append_trimmed(sentences: list[tuple[int, int]], text: str, start: int, end: int) -> None:
    while start < end and text[start].isspace():
        start += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    if start < end:
        sentences.append((start, end))
