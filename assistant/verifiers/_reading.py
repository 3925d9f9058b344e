"""A text to its words that carry meaning: what kind each is, the clause it stands in, and which denials cover it.

Numbers compare by what they are worth, verbs by their base form, a verb of several words ("put back") by one that means the
same. What a question asks and what follows "if" is not asserted.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property, lru_cache
from sys import maxsize

from assistant.quantities import NUMBER_MARK, comparable_words, is_number, value_of
from assistant.quantities import Word as Token
from assistant.terms import STOP_WORDS, all_stems, stem
from assistant.verifiers._outcomes import Denial, Scope, base_forms, denials, phrases

Span = tuple[int, int]
REACH = 12  # words that a denial can cover on one side
_DEGREES = "yet may shall altogether entirely completely totally fully really actually largely mainly"
_FUNCTION_WORDS = (frozenset(map(stem, STOP_WORDS)) | frozenset(all_stems(_DEGREES))) | {"#1"}
_LIGHT = frozenset(
    all_stems(
        "make made do get hold put appear seem become bring brought have be need know think believe want expect feel"
    )
)
_DATES = frozenset(
    all_stems(
        "January February March April June July August September October November December Jan Feb Mar Apr Jun Jul Aug Sep "
        "Sept Oct Nov Dec Monday Tuesday Wednesday Thursday Friday Saturday Sunday"
    )
)
_ORDINALS = {
    word: n
    for n, word in enumerate(
        "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth".split(), start=1
    )
}
_MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]{0,6}\.?"
_MONTH_BEFORE = re.compile(rf"\b{_MONTH}\s$")
_MONTH_BEHIND = re.compile(rf"(?:st|nd|rd|th)?\s(?:of\s)?{_MONTH}(?=\s|$|[,.;])")
_ORDINAL_END = re.compile(r"(?:st|nd|rd|th)\b")
_CLOCK = re.compile(r":\d\d|\s?[ap]\.?m\b", re.IGNORECASE)
_CODE = re.compile(r"[A-Za-z][-–]?$|\b[Nn]o\.\s?$|[#:/.]$")  # COVID-19, G20, No. 3
_COUNTED = re.compile(r"[\s-](?:people|homes|households|jobs|cases|deaths|years|miles|votes|troops|soldiers|workers)\b")
_SENTENCE_END = ".!?:\n"
_CLAUSE_EDGE = re.compile(
    r"[;:()\n]|[—–]|\s-\s|,(?=\s)|[.!?]+(?=\s|$)|[\"“”]"
    r"|\b(?:but|although|though|while|whereas|because|unless|except|which|who|whom"
    r"|and (?:he|she|it|they|will|would|has|have|is|are|was|were|had|the))\b",
    re.IGNORECASE,
)
_CONDITION = re.compile(r"\b(?:if|unless|whether|in case|would have|could have|might have)\b[^,.;!?]*", re.IGNORECASE)
_SENTENCE = re.compile(r"[^.!?]*[.!?]?")


class WordKind(StrEnum):
    """What a word is, by its look."""

    NUMBER = "number"
    ORDINAL = "ordinal"
    YEAR = "year"
    DATE = "date"  # a month, a weekday, a day of a month, a time of day
    NAME = "name"
    WORD = "word"


NUMERIC = frozenset((WordKind.NUMBER, WordKind.ORDINAL, WordKind.YEAR, WordKind.DATE))
_WEIGHTS = {WordKind.NUMBER: 2.0, WordKind.ORDINAL: 1.5, WordKind.YEAR: 2.0, WordKind.NAME: 1.5}


@dataclass(frozen=True, slots=True)
class Word:
    """A word that carries meaning: `text[start:end]`."""

    term: str
    kind: WordKind
    start: int
    end: int
    clause: int
    """Number of the clause it stands in, from 0."""
    asserted: bool = True
    """False in questions and behind "if"."""
    irregular: bool = False
    """Whether it is the past of an irregular verb."""
    denied: tuple[int, ...] = ()
    """Which of the text's denials cover it."""

    @property
    def weight(self) -> float:
        """How much it counts when two texts are compared."""
        return _WEIGHTS.get(self.kind, 1.0)

    @property
    def positive(self) -> bool:
        return len(self.denied) % 2 == 0

    @property
    def light(self) -> bool:
        """Whether it says little by itself, as in "bring charges", or only how: "not specifically calling"."""
        return self.term in _LIGHT or self.term.endswith("ly")


@dataclass(frozen=True, eq=False)
class Reading:
    """A text as it is compared."""

    text: str
    words: tuple[Word, ...]
    denials: tuple[Denial, ...]

    @cached_property
    def terms(self) -> frozenset[str]:
        return frozenset(word.term for word in self.words)

    @cached_property
    def starts(self) -> list[int]:
        return [word.start for word in self.words]

    def with_names(self, other: Reading) -> Reading:
        """The same reading, where a sentence's first word is a name if it is one in the other text."""
        names = {word.term for word in other.words if word.kind is WordKind.NAME}
        first = [
            i for i, w in enumerate(self.words) if w.term in names and w.kind is WordKind.WORD and self._is_capital(w)
        ]
        if not first:
            return self
        words = list(self.words)
        for i in first:
            words[i] = replace(words[i], kind=WordKind.NAME)
        return Reading(self.text, tuple(words), self.denials)

    def _is_capital(self, word: Word) -> bool:
        return self.text[word.start].isupper()

    def within(self, start: int, end: int) -> range:
        """The words that begin in `text[start:end]`."""
        return range(bisect_left(self.starts, start), bisect_left(self.starts, end))

    def span(self, words: range) -> Span:
        """Where these words stand in the text."""
        return self.words[words.start].start, self.words[words.stop - 1].end

    def between(self, one: int, other: int) -> list[str]:
        """The function words between two neighbouring words, in small letters."""
        return self.text[self.words[one].end : self.words[other].start].casefold().split()

    def heads(self, denial: int) -> list[int]:
        """What it denies first: the verb, or the noun behind "no". To the left the nearest three words, else one."""
        at = self.denials[denial]
        here = bisect_left(self.starts, at.start)
        near = range(max(0, here - REACH), min(len(self.words), here + REACH))
        covered = [i for i in near if denial in self.words[i].denied and not self.words[i].light]
        right = [i for i in covered if i >= here][:1]
        left = [i for i in covered if i < here][::-1]
        if at.scope is Scope.LEFT:
            return left[:3]
        return right if right or at.scope is Scope.RIGHT else left[:1]

    def name_around(self, at: int) -> range:
        """The words of the whole name that word `at` is part of."""
        start = end = at
        while start > 0 and self._joined(start - 1, start):
            start -= 1
        while end + 1 < len(self.words) and self._joined(end, end + 1):
            end += 1
        return range(start, end + 1)

    def _joined(self, one: int, other: int) -> bool:
        first, second = self.words[one], self.words[other]
        between = self.text[first.end : second.start]
        return first.kind is second.kind is WordKind.NAME and len(between) < 4 and not between.strip(" .’'s")


@lru_cache(maxsize=8192)
def terms_of(text: str) -> frozenset[str]:
    """The terms of the words that carry meaning, as `read` gives them: a quick look whether reading is worth while."""
    terms = {token.term for token in comparable_words(text)} - _FUNCTION_WORDS
    return frozenset(base_forms().get(term, term) for term in terms)


@lru_cache(maxsize=4096)
def read(text: str) -> Reading:
    found, folded = denials(text), phrases(text)
    swallowed = _Stretches([(d.start, d.end) for d in found] + [(start, end) for start, end, _ in folded])
    unasserted = _Stretches(_unasserted(text))
    edges = [match.start() for match in _CLAUSE_EDGE.finditer(text)]
    tokens = [t for t in comparable_words(text) if not swallowed.hold(t.start) and not _is_filler(t, text)]
    tokens = sorted(tokens + [Token(term, start, end) for start, end, term in folded], key=lambda token: token.start)
    words = []
    for token in tokens:
        term, kind = _term_and_kind(token, text)
        clause, asserted = bisect_left(edges, token.start), not unasserted.hold(token.start)
        words.append(Word(term, kind, token.start, token.end, clause, asserted, token.term in base_forms()))
    return Reading(text, _with_denials(words, found, edges), tuple(found))


def _unasserted(text: str) -> Iterator[Span]:
    """Questions and conditions."""
    for sentence in _SENTENCE.finditer(text):
        if sentence.group().endswith("?"):
            yield sentence.span()
        else:
            yield from (match.span() for match in _CONDITION.finditer(text, *sentence.span()))


class _Stretches:
    """Stretches of a text that do not overlap, to be asked whether they hold a place."""

    def __init__(self, spans: Iterable[Span]) -> None:
        self._spans = sorted(spans)

    def hold(self, place: int) -> bool:
        before = bisect_right(self._spans, (place, maxsize))
        return before > 0 and place < self._spans[before - 1][1]


def _is_filler(token: Token, text: str) -> bool:
    """A function word, or the "th" of "20th"."""
    ending = token.start > 0 and text[token.start - 1].isdigit() and _ORDINAL_END.match(text, token.start)
    return token.term in _FUNCTION_WORDS or bool(ending)


def _term_and_kind(token: Token, text: str) -> tuple[str, WordKind]:
    shown = text[token.start : token.end]
    if is_number(token.term):
        return token.term, _number_kind(token, text)
    if shown.casefold() in _ORDINALS:
        return f"{NUMBER_MARK}{_ORDINALS[shown.casefold()]}", WordKind.ORDINAL
    if shown[0].isupper() and token.term in _DATES:
        return token.term, WordKind.DATE
    is_name = shown[0].isupper() and _is_name(token, text)
    return base_forms().get(token.term, token.term), WordKind.NAME if is_name else WordKind.WORD


def _number_kind(token: Token, text: str) -> WordKind:
    before, behind = text[max(0, token.start - 12) : token.start], text[token.end : token.end + 14]
    if _CODE.search(before):
        return WordKind.WORD
    day = value_of(token.term) <= 31 and (_MONTH_BEFORE.search(before) or _MONTH_BEHIND.match(behind))
    if day or _CLOCK.match(behind):
        return WordKind.DATE
    if _ORDINAL_END.match(behind):
        return WordKind.ORDINAL
    is_year = token.end - token.start == 4 and 1500 <= value_of(token.term) <= 2100 and not _COUNTED.match(behind)
    return WordKind.YEAR if is_year else WordKind.NUMBER


def _is_name(token: Token, text: str) -> bool:
    """Whether a capital is more than that of a sentence's first word."""
    before = text[max(0, token.start - 4) : token.start].rstrip(" \"“‘'(")
    if before and before[-1] not in _SENTENCE_END:
        return True
    shown, behind = text[token.start : token.end], text[token.end : token.end + 2]
    return (len(behind) == 2 and behind[0] == " " and behind[1].isupper()) or (len(shown) > 1 and shown.isupper())


def _with_denials(words: Sequence[Word], found: Sequence[Denial], edges: Sequence[int]) -> tuple[Word, ...]:
    denied: dict[int, list[int]] = {}
    starts = [word.start for word in words]
    for n, denial in enumerate(found):
        for i in _covered(words, starts, denial, edges):
            denied.setdefault(i, []).append(n)
    return tuple(replace(word, denied=tuple(denied[i])) if i in denied else word for i, word in enumerate(words))


def _covered(words: Sequence[Word], starts: Sequence[int], denial: Denial, edges: Sequence[int]) -> list[int]:
    at = bisect_left(starts, denial.start)
    before, behind = bisect_left(edges, denial.start), bisect_left(edges, denial.end)
    right = [i for i in range(at, min(at + REACH, len(words))) if words[i].clause == behind]
    left = [i for i in range(max(0, at - REACH), at) if words[i].clause == before]
    if denial.scope is Scope.RIGHT:
        return right
    return left if denial.scope is Scope.LEFT else left + right
