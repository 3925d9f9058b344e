"""A sentence to what it states: nothing ("Here is what they say."), or what follows its frame ("The article says that")."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.checks.wording import is_negation
from assistant.clauses import finite_verb, tokenize
from assistant.statement_support._sources import Source
from assistant.terms import all_stems
from assistant.types import Article

TOPIC = 10  # words at most that name what is told about


def is_frame(text: str) -> bool:
    """Whether a sentence states nothing: no word of its own, or only what the others are about."""
    text = without_answer(text)
    if any(map(str.isdigit, text)) or any(map(is_negation, text.split())):
        return False
    head, _, topic = _ABOUT.sub("\n", text, count=1).partition("\n")
    tokens = tokenize(topic)
    return (
        not (set(all_stems(head)) - _FRAME)
        and len(tokens) <= TOPIC
        and (not topic or finite_verb(tokens, topic) is None)
    )


def without_answer(text: str) -> str:
    """A statement without the "No:" that it begins with, which answers the question and denies nothing of what follows."""
    return text[found.end() :] if (found := _ANSWER.match(text)) else text


_ANSWER = re.compile(
    r"[\s*_]*(?:no|yes|not (?:yet|quite|exactly|really)|nein|ja|sí|non|oui)"
    r"(?:[*_]*[,.:;!][*_]*(?!\s?\d)|[*_]*\s+[–—-]|[*_\s]*$)[*_]*\s*",
    re.IGNORECASE,
)
_ABOUT = re.compile(r"\b(?:about|on|regarding|concerning)\b", re.IGNORECASE)
_FRAME = frozenset(
    all_stems(
        "a all an and are article articles answer answers as at available be below can cited course details do evidence "
        "facts far following follows for found from give given have here how I in information is it key known main matter "
        "need news of overall passages points provided question report reported reports result say says sentences short "
        "shown so source sources state sum summary tell that the their there these they this to told up was we were what "
        "which you your"
    )
)


def unframed(text: str, sources: Sequence[Source]) -> str:
    """A statement without "The article says that": what a source says needs no source for being a source."""
    found = _BEFORE.match(text)
    named = found and found["who"]
    if found is None or (named and not any(_is_publisher(named, source.article) for source in sources)):
        return text
    return text[found.end() :]


def _is_publisher(name: str, article: Article) -> bool:
    return any(name.casefold() == known.casefold() for known in (article.publisher, article.author) if known)


_PAPER = r"(?:the|an?|this|one) (?:articles?|reports?|sources?)"
_BEFORE = re.compile(
    rf"(?:(?:according to|as reported (?:by|in)) (?:{_PAPER}|(?:the )?(?P<who>[^,]{{2,60}})),\s+"
    rf"|{_PAPER} (?:also )?(?:says?|said|states?|stated|reports?|reported|adds?|notes?) (?:that )?"
    r"|it (?:is|was) (?:also )?(?:reported|stated|noted) that )",
    re.IGNORECASE,
)
