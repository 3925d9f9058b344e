"""A text to the claims in it that can be checked, each with its place, its kind, and the names its pronouns stand for.

A claim is a sentence, or the part of one that says a second thing. Only facts are checked: opinions, questions, forecasts,
orders and headings are named as what they are. Rules for English; in other languages a claim is a sentence. After the
distinction of check-worthy factual sentences in Hassan et al., "Toward Automated Fact-Checking", KDD 2017.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.claims._kinds import ENDS, kind_of
from assistant.clauses import Clause, hide_quoted, split_clauses
from assistant.coreference import resolve
from assistant.sentences import split_sentences, trim
from assistant.types import Claim, ClaimKind, Zone
from assistant.zones import find_zones

__all__ = ["MAX_CLAIMS", "SentenceClaims", "checkable_claims", "claims_by_sentence", "split_claims"]

MAX_CLAIMS = 200  # of one text; a caller cuts what is longer

_LONGEST_QUOTATION = 600  # characters; a longer one is checked sentence by sentence
_MARKUP = re.compile(r"(?:#{1,6}\s+|[-*+•–—]\s+|\(?\d{1,3}[.)]\s+|>\s?|[*_]{1,3}(?=\S))+")
_LIST_NUMBER = re.compile(r"\(?\d{1,3}[.)]")
_LINE = re.compile(r"[^\n]+")
_UNDERLINE = re.compile(r"(?:=+|-{2,})\s*$")
_HEADING_WORDS = 20


@dataclass(frozen=True, slots=True)
class _Sentence:
    start: int
    end: int
    paragraph: int
    fragment: bool
    """The line that it stands in is a heading, a byline or page furniture."""


@dataclass(frozen=True, slots=True)
class SentenceClaims:
    """A sentence of a text, `text[start:end]`, and the claims in it, in order."""

    start: int
    end: int
    claims: tuple[Claim, ...]


def split_claims(text: str, language: str | None = None) -> tuple[Claim, ...]:
    """The claims of a text in order; they do not overlap, and conjunctions between them belong to none.

    `language` is ISO 639-1, None for English. A text of 100 kB takes about a second.
    """
    return tuple(claim for sentence in claims_by_sentence(text, language) for claim in sentence.claims)


def claims_by_sentence(text: str, language: str | None = None) -> Iterator[SentenceClaims]:
    """The same claims with the sentences that they stand in."""
    english = language in (None, "en")
    memory = _Memory()
    for sentence in _find_sentences(text, language):
        words = text[sentence.start : sentence.end]
        clauses = split_clauses(words) if english and not sentence.fragment else [Clause(0, len(words))]
        claims: list[Claim] = []
        for clause in clauses:
            start, end = sentence.start + clause.start, sentence.start + clause.end
            said = text[start:end]
            kind = kind_of(said, sentence.fragment, english)
            resolved = memory.resolve(said, clause.subject, sentence.paragraph, kind) if english else said
            claims.append(Claim(said, start, end, kind, resolved))
        yield SentenceClaims(sentence.start, sentence.end, tuple(claims))


def checkable_claims(text: str, language: str | None = None) -> tuple[Claim, ...]:
    """Those claims of a text that are facts, in order."""
    return tuple(claim for claim in split_claims(text, language) if claim.checkable)


class _Memory:
    """What was said before, as pronouns see it: up to two sentences of the paragraph, or the whole paragraph before."""

    def __init__(self) -> None:
        self._paragraph = -1
        self._here: list[str] = []
        self._before: list[str] = []

    def resolve(self, said: str, subject: str, paragraph: int, kind: ClaimKind) -> str:
        if paragraph != self._paragraph:
            self._before, self._here, self._paragraph = self._here or self._before, [], paragraph
        whole = f"{subject} {said}" if subject else said
        if kind is ClaimKind.FRAGMENT:
            return said
        resolved = resolve(whole, self._here[-2:] or self._before[-_LONGEST_MEMORY:], near=bool(self._here))
        self._here.append(resolved)
        return resolved


_LONGEST_MEMORY = 8


# --- Sentences --------------------------------------------------------------------------------------------------------


def _find_sentences(text: str, language: str | None) -> Iterator[_Sentence]:
    """Sentences without mark-up at their edges; one that ends inside quotation marks goes on."""
    headings = _headings(text)
    furniture = [(start, end) for start, end, zone in find_zones(text) if zone in (Zone.BYLINE, Zone.BOILERPLATE)]
    furniture = furniture if "\n" in text else []
    paragraph = 0
    next_furniture, next_heading = 0, 0
    done = 0
    for start, end in _whole_quotations(text, split_sentences(text, language)):
        paragraph += "\n" in text[done:start]
        done = end
        while next_furniture < len(furniture) and furniture[next_furniture][1] <= start:
            next_furniture += 1
        while next_heading < len(headings) and headings[next_heading][1] <= start:
            next_heading += 1
        marked = [
            ranges[at] for ranges, at in ((furniture, next_furniture), (headings, next_heading)) if at < len(ranges)
        ]
        inner = _without_markup(text, start, end)
        if inner[0] < inner[1]:
            yield _Sentence(*inner, paragraph, any(begin <= start < until for begin, until in marked))


def _whole_quotations(text: str, spans: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """The spans, joined where a boundary lies in a quotation or before the words that belong to one ("?" he asked)."""
    hidden = _hide_line_by_line(text)
    start, end = -1, -1
    for begin, until in spans:
        if start >= 0 and "\n" not in text[end:begin] and until - start <= _LONGEST_QUOTATION:
            inside = hidden[begin - 1] != text[begin - 1] and hidden[begin] != text[begin]
            if inside or (text[begin].islower() and text[end - 1] in "\"”»“’'"):
                end = until
                continue
        if start >= 0:
            yield start, end
        start, end = begin, until
    if start >= 0:
        yield start, end


def _hide_line_by_line(text: str) -> str:
    """hide_quoted of every line by itself: an open mark reaches no further than its paragraph."""
    return "\n".join(hide_quoted(line) for line in text.split("\n"))


def _without_markup(text: str, start: int, end: int) -> tuple[int, int]:
    """The range without Markdown's marks around it; an empty one where nothing but marks is left."""
    if text[start:end].rstrip("*_").endswith("|") and text[start] == "|":
        return start, start
    at_line_start = not text[max(text.rfind("\n", 0, start) + 1, start - 8) : start].strip(" \t#>*_-+0123456789.()")
    if at_line_start and (match := _MARKUP.match(text, start, end)):
        start = match.end()
    while end > start and text[end - 1] in "*_":
        end -= 1
    start, end = trim(text, start, end)
    said = text[start:end]
    return (start, end) if any(map(str.isalnum, said)) and not _LIST_NUMBER.fullmatch(said) else (start, start)


def _headings(text: str) -> list[tuple[int, int]]:
    """Lines that head what follows: marked in Markdown, or short, without a full stop, over longer prose."""
    lines = [(match.start(), match.end(), match.group().strip()) for match in _LINE.finditer(text)]
    lines = [line for line in lines if line[2]]
    found = []
    for at, (start, end, line) in enumerate(lines):
        next_start, _, below = lines[at + 1] if at + 1 < len(lines) else (end, end, "")
        underlined = next_start == end + 1 and _UNDERLINE.fullmatch(below)
        if line.startswith("#") or underlined or _heads(line, below):
            found.append((start, end))
    return found


def _heads(line: str, below: str) -> bool:
    bare = line.strip("*_ ")
    return (
        len(line) <= 200
        and len(line.split()) <= _HEADING_WORDS
        and not ENDS.search(bare)
        and not _MARKUP.match(bare)
        and not below[:1].islower()
        and len(below) > 1.5 * len(line)
        and ENDS.search(below[-8:]) is not None
        and not _MARKUP.match(below)
    )
