"""A statement to the words that it quotes: whether it is nothing else but them, and whether they stand so in the article."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from assistant.statement_support._sources import Source, Statement


def verbatim(statement: Statement) -> re.Match[str] | None:
    """The label before the quotations, mostly an empty one, where the statement is nothing else but what it cites."""
    rest = fold(statement.text)
    for quote in sorted({fold(one.quote) for one in statement.citations}, key=len, reverse=True):
        rest = rest.replace(quote, "\n") if quote else rest
    return _LABEL.fullmatch(rest) if "\n" in rest else None


@lru_cache(maxsize=1024)
def fold(text: str) -> str:
    """In small letters and with plain marks and spaces, the full stop cut: "The harbour, he said"."""
    return " ".join(text.translate(_PLAIN_MARKS).casefold().split()).strip(" .\"'")


_PLAIN_MARKS = str.maketrans("‘’“”‐‑–—", "''\"\"----")
_LABEL = re.compile(
    r"(?P<label>from an? (?P<status>[\w ]{1,30}) article: ?|an? (?P<comment>reader's comment)[\w, ]{0,30}: ?)?[\n\"'. ]*"
)


def misquoted(text: str, sources: Sequence[Source]) -> str:
    """The note on a quotation whose words do not stand so in any cited article; parts between dots count by themselves."""
    there = [fold(article_text) for article_text in {source.article.text for source in sources}]
    for match in _QUOTATION.finditer(text):
        parts = [fold(part).strip(" ,.;:!?'") for part in _LEFT_OUT.split(match[1])]
        if any(part and not any(part in one for one in there) for part in parts):
            return f"The words “{match[1]}” do not stand so in the cited article."
    return ""


_QUOTATION = re.compile(r"[“\"]([^“”\"]*\w\W+\w+\W+\w[^“”\"]*)[”\"]")
_LEFT_OUT = re.compile(r"…|\.{3}|\[[^\]]*\]")
