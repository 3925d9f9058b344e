"""Text to sentence offsets. A sentence never crosses a paragraph, and offsets are exact by construction.

Boundaries inside a paragraph come from sentencex (Wikimedia; rules for some 240 languages). A line break ends a
sentence too, unless it is the soft wrap of a hard-wrapped text.
"""

from __future__ import annotations

import re
from itertools import pairwise

import sentencex

_LINE_BREAK = re.compile(r"\n\s*")
_WRAPPED_LINE_CHARS = 40  # shorter lines end because their author ended them: headlines, list items, bylines


def split_sentences(text: str, language: str | None = None) -> list[tuple[int, int]]:
    """(start, end) of every sentence in reading order, without surrounding white space.

    The spans cover every character of `text` that is not white space, each once.
    """
    sentences = [
        trim(text, start + at, start + until)
        for start, end in _paragraphs(text)
        for at, until in pairwise(_boundaries(text[start:end], language or "en"))
    ]
    return [(start, end) for start, end in sentences if start < end]


def _boundaries(paragraph: str, language: str) -> list[int]:
    """Where sentences start, and the paragraph's end. Only starts are asked for: so no gap can open between them."""
    encodable = paragraph.encode("utf-8", "replace").decode()  # a model's prose can hold lone surrogates
    starts = {boundary["start_index"] for boundary in sentencex.get_sentence_boundaries(language, encodable)}
    inside = {start for start in starts if 0 < start < len(paragraph) and not _in_initials(paragraph, start)}
    return sorted({0, len(paragraph)} | inside)


def _in_initials(text: str, at: int) -> bool:
    """Whether sentencex took a full stop between initials for a sentence's end, as in "Graham, R-S.C., said"."""
    return (
        text[at - 1] == "."
        and text[at].isalnum()
        and text[at - 2 : at - 1].isalpha()
        and not text[at - 3 : at - 2].isalnum()
    )


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
    line_start = max(paragraph_start, text.rfind("\n", paragraph_start, line_break.start()) + 1)
    return line_break.start() - line_start >= _WRAPPED_LINE_CHARS and text[line_break.end()].islower()


def trim(text: str, start: int, end: int) -> tuple[int, int]:
    """The range without the white space at its edges."""
    while start < end and text[start].isspace():
        start += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    return start, end
