"""Judges a claim by the words it shares with the best one or two sentences of evidence: the baseline of the shelf.

Supported: nearly all of the claim's words stand there, in its order, with every number and name and the same polarity.
Refuted: claim and sentence, aligned word by word, differ in one number, date or name, or in a negation. Anything else is not
enough evidence. Overlap sees no paraphrase and draws no conclusion, so it speaks seldom; docs/evaluation.md has the figures.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import pairwise

from assistant.quantities import comparable_words, is_number, value_of
from assistant.sentences import split_sentences
from assistant.settings import Settings
from assistant.terms import STOP_WORDS, all_stems, stem
from assistant.types import Label, Support

ORDER = 0.3  # what the claim's own order of words adds to the share of them that is held
TOGETHER = 4  # two neighbours of the claim keep their order when they stand at most this far apart
NO_NUMBER, NO_NAME, OTHER_POLARITY = 0.15, 0.1, 0.1  # what takes off; up to two numbers and two names
EVEN, STEP = 0.8, 0.3  # the strength at which support is as likely as not; what makes the odds e times better
SUPPORTED_FROM = 0.8
DIFFERING = (
    0.7  # how often an aligned difference refutes: measured 0.56 over all sets, 0.81 over those with refuted claims
)
VALUE_ALIGNED, NEGATION_ALIGNED = 0.6, 0.65  # share of the claim that stands in the sentence beside the difference
ALIGNED_WORDS = 3
COMPACT = 1.7  # words in the aligned stretch of the sentence for each aligned one
LONGEST_VALUE = 3  # words
ROUNDING = 0.05  # two numbers that close are one, rounded
SAME_SPELLING = 0.7  # likeness from which two names are one in two spellings


class _Kind(StrEnum):
    """What a word is, by its look."""

    NUMBER = "number"
    YEAR = "year"
    DATE = "date"
    NAME = "name"
    NEGATION = "negation"
    WORD = "word"


_WEIGHTS = {_Kind.NUMBER: 2.0, _Kind.YEAR: 2.0, _Kind.NAME: 1.5, _Kind.NEGATION: 0.0}  # against 1 for other words
_VALUES = (_Kind.NUMBER, _Kind.YEAR, _Kind.DATE, _Kind.NAME)
_DATES = frozenset(
    all_stems(
        "January February March April June July August September October November December "
        "Monday Tuesday Wednesday Thursday Friday Saturday Sunday"
    )
)
_NEGATIONS = frozenset(
    all_stems(
        "not no never none nobody nothing neither nor without cannot can't couldn't didn't doesn't don't hasn't haven't isn't "
        "wasn't weren't won't wouldn't aren't hadn't shouldn't deny denies denied false untrue"
    )
)
_FUNCTION_WORDS = frozenset(map(stem, STOP_WORDS)) - _NEGATIONS


def make(settings: Settings) -> Overlap:
    return Overlap()


class Overlap:
    def verify(self, claim: str, evidence: Sequence[str]) -> Support:
        asked = _read(claim)
        texts = [list(_assertions(text)) for text in evidence]
        one = _best(asked, (sentence for text in texts for sentence in text))
        if not one:
            return Support(Label.NOT_ENOUGH, 0.0, 0.0, "No sentence of the evidence has a word of the claim.")
        two = _best(asked, (first + second for text in texts for first, second in pairwise(text)))
        window = max(one, two, key=lambda words: _held(asked, words))
        supported = 1 / (1 + math.exp((EVEN - _strength(asked, one, window)) / STEP))
        difference = _other_value(asked, one) or _other_polarity(asked, one)
        if difference:
            return Support(Label.REFUTED, min(supported, 1 - DIFFERING), DIFFERING, difference)
        missing = _missing(asked, window)
        if supported >= SUPPORTED_FROM and not missing:
            return Support(Label.SUPPORTED, supported, 0.0, "The evidence says it in nearly the same words.")
        return Support(Label.NOT_ENOUGH, supported, 0.0, _shortfall(asked, window, missing))


@dataclass(frozen=True, slots=True)
class _Word:
    """A word that carries meaning, or a negation."""

    term: str
    kind: _Kind
    shown: str
    """As written."""


_Words = tuple[_Word, ...]


def _read(text: str) -> _Words:
    """The words in order, without function words."""
    return tuple(
        _Word(word.term, _kind(word.term, text[word.start : word.end], first=i == 0), text[word.start : word.end])
        for i, word in enumerate(comparable_words(text))
        if word.term not in _FUNCTION_WORDS
    )


def _kind(term: str, shown: str, *, first: bool) -> _Kind:
    if is_number(term):
        return _Kind.YEAR if len(shown) == 4 and 1500 <= value_of(term) <= 2100 else _Kind.NUMBER
    if term in _NEGATIONS:
        return _Kind.NEGATION
    if term in _DATES:
        return _Kind.DATE
    return _Kind.NAME if shown[0].isupper() and not first else _Kind.WORD


def _assertions(text: str) -> Iterator[_Words]:
    """The sentences but for questions, which assert nothing."""
    for start, end in split_sentences(text):
        if not text[start:end].endswith("?"):
            yield _read(text[start:end])


# --- How much of the claim is there -----------------------------------------------------------------------------------


def _best(claim: _Words, windows: Iterable[_Words]) -> _Words:
    """The window that holds most of the claim; empty when none holds anything."""
    return max(windows, key=lambda words: _held(claim, words), default=())


def _held(claim: _Words, words: _Words) -> float:
    """The share of the claim's weight that the words hold, 0..1."""
    there = {word.term for word in words}
    weights = {word.term: _WEIGHTS.get(word.kind, 1.0) for word in claim}
    total = sum(weights.values())
    return sum(weight for term, weight in weights.items() if term in there) / total if total else 0.0


def _strength(claim: _Words, one: _Words, window: _Words) -> float:
    missing = [word.kind for word in _missing(claim, window)]
    numbers = sum(kind is not _Kind.NAME for kind in missing)
    return (
        (_held(claim, one) + _held(claim, window)) / 2
        + ORDER * _in_order(claim, window)
        - NO_NUMBER * min(2, numbers)
        - NO_NAME * min(2, len(missing) - numbers)
        - OTHER_POLARITY * (_negations(claim) % 2 != _negations(one) % 2)
    )


def _in_order(claim: _Words, window: _Words) -> float:
    """The share of the claim's neighbouring words that follow each other closely in the window, 0..1."""
    terms = [word.term for word in window]
    pairs = {(one.term, other.term) for one, other in pairwise(claim)}
    kept = {(term, other) for i, term in enumerate(terms) for other in terms[i + 1 : i + 1 + TOGETHER]}
    return len(pairs & kept) / len(pairs) if pairs else 1.0


def _missing(claim: _Words, window: _Words) -> list[_Word]:
    """The claim's numbers, dates and names that the window lacks."""
    there = {word.term for word in window}
    return [word for word in claim if word.kind in _VALUES and word.term not in there]


def _negations(words: _Words) -> int:
    return sum(word.kind is _Kind.NEGATION for word in words)


# --- What differs where claim and sentence are aligned ----------------------------------------------------------------


def _other_value(claim: _Words, sentence: _Words) -> str:
    """Where the sentence, aligned with the claim, has another value of the same kind; empty when nowhere."""
    shared = {word.term for word in claim} & {word.term for word in sentence}
    n_held = sum(word.term in shared for word in claim)
    matcher = SequenceMatcher(None, [word.term for word in claim], [word.term for word in sentence], autojunk=False)
    for before, (tag, start, end, other_start, other_end) in pairwise(matcher.get_opcodes()):
        ours, theirs = claim[start:end], sentence[other_start:other_end]
        follows = end == len(claim) or (other_end < len(sentence) and claim[end].term == sentence[other_end].term)
        in_place = tag == "replace" and before[0] == "equal" and follows
        aligned = n_held >= max(ALIGNED_WORDS, VALUE_ALIGNED * (len(claim) - len(ours)))
        if in_place and aligned and _differ(ours, theirs, shared):
            return f"Where the claim has “{_shown(ours)}”, the evidence has “{_shown(theirs)}”."
    return ""


def _differ(ours: _Words, theirs: _Words, shared: Collection[str]) -> bool:
    """Whether these are two values of one kind, and neither stands elsewhere in the other text."""
    kinds = {word.kind for word in ours + theirs}
    if len(kinds) > 1 or not kinds.issubset(_VALUES) or max(len(ours), len(theirs)) > LONGEST_VALUE:
        return False
    if any(word.term in shared for word in ours + theirs):
        return False
    if kinds == {_Kind.NUMBER}:
        return not math.isclose(value_of(ours[0].term), value_of(theirs[0].term), rel_tol=ROUNDING)
    return kinds != {_Kind.NAME} or SequenceMatcher(None, _shown(ours), _shown(theirs)).ratio() < SAME_SPELLING


def _other_polarity(claim: _Words, sentence: _Words) -> str:
    """Whether one of them has a negation among the words that they share, and the other none; empty when not."""
    matcher = SequenceMatcher(None, [word.term for word in claim], [word.term for word in sentence], autojunk=False)
    *blocks, _ = matcher.get_matching_blocks()
    n_aligned = sum(block.size for block in blocks)
    if n_aligned < max(ALIGNED_WORDS, NEGATION_ALIGNED * len(claim)):
        return ""
    stretch = sentence[max(0, blocks[0].b - 1) : blocks[-1].b + blocks[-1].size]
    if len(stretch) > COMPACT * n_aligned + 2 or _negations(claim) + _negations(stretch) != 1:
        return ""
    return (
        "The evidence says it with a negation." if _negations(stretch) else "The evidence says it without the negation."
    )


def _shortfall(claim: _Words, window: _Words, missing: Sequence[_Word]) -> str:
    if missing:
        return f"The best sentences lack {', '.join(f'“{word.shown}”' for word in missing[:LONGEST_VALUE])}."
    return f"The best sentences hold {_held(claim, window):.0%} of the claim."


def _shown(words: _Words) -> str:
    return " ".join(word.shown for word in words)
