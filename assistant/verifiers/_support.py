"""A claim and a sentence of evidence to how strongly the sentence supports it, and what it lacks.

strength = share of the claim's weight that is held + ORDER * share of its neighbours still together + COSINE * similarity
- what missing values and another polarity take off; a logistic function makes it a likelihood. A claim of the form "question?
answer." is held by its answer; its question says what the sentence must be about. The constants were chosen by hand
(docs/decisions/light-verifier.md).
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache
from itertools import pairwise

from assistant.quantities import comparable_words, is_number, value_of
from assistant.terms import STOP_WORDS, all_stems, stem
from assistant.types import Premise

ORDER, COSINE = 0.4, 1.3
BESIDE = 0.7  # what a word counts that stands only beside the sentence: before it, after it, in the title
ASKED = 0.8  # the same where the sentence answers the question before it
TOGETHER = 4  # two neighbours of the claim keep their order when they stand at most this far apart
NO_NUMBER, NO_NAME, OTHER_POLARITY = 0.1, 0.1, 0.1  # what takes off; up to two numbers and two names
EVEN, STEP = 1.75, 0.35  # the strength at which support is as likely as not; what makes the odds e times better
ANSWER_EVEN, ANSWER_STEP = 1.45, 0.25  # the same for a claim of the form "question? answer."
ANSWER = 0.8  # what the answer weighs in such a claim
MOST_IF_LACKING = 0.6  # no likelier when a value is missing or the polarity is another
MOST_WITHOUT_ANSWER = 0.4  # no likelier when the answer is not whole
SAME_BEGINNING, FAMILY = 4, 0.65  # words of one family share at least these letters, and this much of the longer one


class Kind(StrEnum):
    """What a word is, by its look."""

    NUMBER = "number"
    YEAR = "year"
    DATE = "date"
    NAME = "name"
    NEGATION = "negation"
    WORD = "word"


WEIGHTS = {Kind.NUMBER: 2.0, Kind.YEAR: 2.0, Kind.NAME: 1.5, Kind.NEGATION: 0.0}  # against 1 for other words
VALUES = (Kind.NUMBER, Kind.YEAR, Kind.DATE, Kind.NAME)
_FIGURES = (Kind.NUMBER, Kind.YEAR)
_MONTHS = "January February March April May June July August September October November December".split()
_DATES = frozenset(all_stems(" ".join(_MONTHS) + " Monday Tuesday Wednesday Thursday Friday Saturday Sunday"))
_NEGATIONS = frozenset(
    all_stems(
        "not no never none nobody nothing neither nor without cannot can't couldn't didn't doesn't don't hasn't haven't isn't "
        "wasn't weren't won't wouldn't aren't hadn't shouldn't deny denies denied false untrue"
    )
)
_FUNCTION_WORDS = frozenset(map(stem, STOP_WORDS)) - _NEGATIONS
_YES = re.compile(r"\W*(?:yes|true|correct|yeah)\b", re.IGNORECASE)
_NO = re.compile(r"\W*(?:no|false|incorrect|nope)\b(?=\W*(?:$|[.,;:!\n]))", re.IGNORECASE)
_UNANSWERED = re.compile(r"\W*no answer\b", re.IGNORECASE)
_ASKS = re.compile(r".*\?\W*|\W*(?:did|does|is|are|was|were|has|have|had) .*", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Word:
    """A word that carries meaning, or a negation."""

    term: str
    kind: Kind
    shown: str
    """As written."""


Words = tuple[Word, ...]


@dataclass(frozen=True, slots=True)
class Sought:
    """A claim as it is looked for in sentences."""

    weights: Mapping[str, float]
    """What each term weighs, 1 in all; empty for a claim without words."""
    core: Words
    """What must be held: every word, or the answer's."""
    negations: int
    answers: bool = False
    """Whether the claim is of the form "question? answer."."""


@dataclass(frozen=True, slots=True)
class Fit:
    """How a sentence fits a claim."""

    held: float
    """Share of the claim's weight, 0..1; what stands beside the sentence counts less."""
    order: float
    """Share of the claim's neighbouring words that are still together, 0..1."""
    missing: Words = ()
    """Numbers, dates and names of the claim that stand neither in the sentence nor beside it."""
    other_polarity: bool = False
    answers: bool = False
    incomplete: bool = False
    """Whether an answer lacks a word, or a statement its first one, which says what it is about."""

    def strength(self, cosine: float) -> float:
        names = sum(word.kind is Kind.NAME for word in self.missing)
        return (
            self.held
            + ORDER * self.order
            + COSINE * cosine
            - NO_NUMBER * min(2, len(self.missing) - names)
            - NO_NAME * min(2, names)
            - OTHER_POLARITY * self.other_polarity
        )

    def likely(self, cosine: float) -> float:
        """How likely the sentence supports the claim, 0..1."""
        even, step = (ANSWER_EVEN, ANSWER_STEP) if self.answers else (EVEN, STEP)
        likely = 1 / (1 + math.exp((even - self.strength(cosine)) / step))
        if self.answers and self.incomplete:
            return min(likely, MOST_WITHOUT_ANSWER)
        return min(likely, MOST_IF_LACKING) if self.lacks else likely

    @property
    def lacks(self) -> bool:
        """Whether something keeps the sentence from supporting, however alike the rest is."""
        return bool(self.missing) or self.other_polarity or self.incomplete


NOTHING = Fit(0.0, 0.0, incomplete=True)


@lru_cache(maxsize=512)
def sought(claim: str) -> Sought:
    """ "Is it so? Yes." is looked for as the question's own words, "No." as the same denied."""
    question, answer = _parted(claim)
    words = read(answer)
    if not question:
        return Sought(_shares(words), words, _negations(words))
    asked = read(question)
    if _YES.match(answer) or _NO.match(answer):
        return Sought(_shares(asked), asked, _negations(asked) + (_NO.match(answer) is not None))
    words = words or tuple(_word(word.term, word.shown, first=True) for word in _all_words(answer))
    told = _shares(words, ANSWER)
    rest = tuple(word for word in asked if word.term not in told)
    return Sought(told | _shares(rest, 1 - ANSWER), words, _negations(asked) + _negations(words), answers=True)


def fit(claim: Sought, premise: Premise) -> Fit:
    """A question asserts nothing, and neither does "No answer could be found"."""
    if not claim.weights or _ASKS.fullmatch(premise.text) or _UNANSWERED.match(premise.text):
        return NOTHING
    sentence, beside = read(premise.text), _beside(premise)
    answering = _ASKS.fullmatch(premise.before) is not None
    there, near = _terms(sentence), _terms(beside) | _published(premise.day, sentence)
    if answering and _YES.match(premise.text):
        there, sentence = there | _terms(read(premise.before)), read(premise.before) + sentence
    denied = 1 if answering and _NO.match(premise.text) else _negations(_up_to(claim, sentence))
    kinds = {word.term: word.kind for word in claim.core}
    held = {
        term: _held(term, kinds.get(term, Kind.WORD), there, near, ASKED if answering else BESIDE)
        for term in claim.weights
    }
    lacking = [word for word in claim.core if word.kind is not Kind.NEGATION and not held[word.term]]
    return Fit(
        sum(weight * held[term] for term, weight in claim.weights.items()),
        _in_order(claim.core, sentence),
        tuple(word for word in lacking if word.kind in VALUES),
        claim.negations % 2 != denied % 2,
        claim.answers,
        bool(lacking) and (claim.answers or lacking[0] is claim.core[0]),
    )


# --- Reading ----------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=8192)
def read(text: str) -> Words:
    """The words in order, without function words."""
    return tuple(word for word in _all_words(text) if word.term not in _FUNCTION_WORDS)


def _all_words(text: str) -> list[Word]:
    words = comparable_words(text)
    return [_word(word.term, text[word.start : word.end], first=i == 0) for i, word in enumerate(words)]


def _word(term: str, shown: str, *, first: bool) -> Word:
    return Word(term, _kind(term, shown, first=first), shown)


def _kind(term: str, shown: str, *, first: bool) -> Kind:
    if is_number(term):
        return Kind.YEAR if len(shown) == 4 and 1500 <= value_of(term) <= 2100 else Kind.NUMBER
    if term in _NEGATIONS:
        return Kind.NEGATION
    if term in _DATES and shown != "march":
        return Kind.DATE
    return Kind.NAME if shown[0].isupper() and not first else Kind.WORD


def _parted(claim: str) -> tuple[str, str]:
    """(question, answer) of "question? answer.", else ("", claim)."""
    question, mark, answer = claim.strip().rpartition("?")
    quoted = answer[:1] in ('"', "”")  # He asked "Why?" and left.
    is_answer = any(map(str.isalnum, answer)) and answer[quoted:][:1].isspace()
    goes_on = quoted and answer[1:].lstrip()[:1].islower()
    return (question + mark, answer.strip('"” \n\t')) if is_answer and question and not goes_on else ("", claim)


def _shares(words: Iterable[Word], whole: float = 1.0) -> dict[str, float]:
    """What each term weighs, `whole` together."""
    weights = {word.term: WEIGHTS.get(word.kind, 1.0) for word in words}
    total = sum(weights.values())
    return {term: whole * weight / total for term, weight in weights.items()} if total else {}


def _terms(words: Iterable[Word]) -> frozenset[str]:
    return frozenset(word.term for word in words)


def _negations(words: Sequence[Word]) -> int:
    """How many: what is said twice ("pleads not guilty: He pleaded not guilty") is denied once."""
    denied = {
        words[i + 1].term if i + 1 < len(words) else "" for i, word in enumerate(words) if word.kind is Kind.NEGATION
    }
    return len(denied)


# --- How much of the claim is there -----------------------------------------------------------------------------------


def _beside(premise: Premise) -> Words:
    return read(premise.before) + read(premise.after) + read(premise.title)


def _published(day: date | None, sentence: Words) -> frozenset[str]:
    """Year and month of publication, which a report need not repeat; a sentence with a year of its own speaks of another."""
    if day is None or any(word.kind is Kind.YEAR for word in sentence):
        return frozenset()
    return frozenset(word.term for word in comparable_words(f"{day.year} {_MONTHS[day.month - 1]}"))


def _held(term: str, kind: Kind, there: frozenset[str], near: frozenset[str], beside: float) -> float:
    """1 where the term or a word of its family is there, `beside` where it is only near, else 0."""
    if term in there or (kind not in _FIGURES and _has_family(term, there)):
        return 1.0
    return beside if term in near else 0.0


def _up_to(claim: Sought, sentence: Words) -> Words:
    """The sentence up to the claim's last word: a negation that follows denies something else."""
    places = [i for i, word in enumerate(sentence) if word.term in claim.weights and word.kind is not Kind.NEGATION]
    return sentence[: places[-1] + 1] if places else ()


def _has_family(term: str, terms: Iterable[str]) -> bool:
    beginning = term[:SAME_BEGINNING]
    return len(term) >= SAME_BEGINNING and any(
        other.startswith(beginning) and _common(term, other) >= FAMILY * max(len(term), len(other)) for other in terms
    )


def _common(one: str, other: str) -> int:
    """Letters that two words begin with alike."""
    return next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def _in_order(claim: Words, sentence: Words) -> float:
    """The share of the claim's neighbouring words that follow each other closely in the sentence, 0..1."""
    places: dict[str, list[int]] = {}
    for i, word in enumerate(sentence):
        places.setdefault(word.term, []).append(i)
    pairs = {(one.term, other.term) for one, other in pairwise(claim)}
    if not pairs:
        return float(bool(claim) and claim[0].term in places)
    kept = sum(
        any(0 < later - sooner <= TOGETHER for sooner in places.get(one, ()) for later in places.get(other, ()))
        for one, other in pairs
    )
    return kept / len(pairs)


def shown(words: Sequence[Word]) -> str:
    return ", ".join(f"“{word.shown}”" for word in words)
