"""A claim and a premise to words paired with each other: the same word, one of the same side of an outcome, or its opposite.

Only words that carry meaning are paired. Each remembers which denials cover it, so that a double negation cancels. Neighbouring
sentences only say whether the claim's other words are known there; nothing is paired with them.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property, lru_cache
from itertools import pairwise
from sys import maxsize

from assistant.quantities import NUMBER_MARK, comparable_words, is_number, value_of
from assistant.quantities import Word as Token
from assistant.terms import STOP_WORDS, all_stems, stem
from assistant.types import Premise
from assistant.verifiers._outcomes import Denial, Scope, base_forms, denials, likes, opposites, phrases

REACH = 12  # words that a denial can cover on one side
NEAR = 3  # words between which two neighbours still count as neighbours
_DEMONYM = 4  # letters that "British" and "Britain" share
_FUNCTION_WORDS = (frozenset(map(stem, STOP_WORDS)) | frozenset(all_stems("yet may shall"))) - {"before", "after"} | {"#1"}
_LIGHT = frozenset(all_stems("make made do get hold put appear seem become bring brought have be"))
_DATES = frozenset(
    all_stems(
        "January February March April June July August September October November December Jan Feb Mar Apr Jun Jul Aug Sep Sept "
        "Oct Nov Dec Monday Tuesday Wednesday Thursday Friday Saturday Sunday"
    )
)
_ORDINALS = {
    word: n
    for n, word in enumerate("first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth".split(), start=1)
}
_MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]{0,6}\.?"
_MONTH_BEFORE = re.compile(rf"\b{_MONTH}\s$")
_MONTH_BEHIND = re.compile(rf"(?:st|nd|rd|th)?\s(?:of\s)?{_MONTH}(?=\s|$|[,.;])")
_ORDINAL_END = re.compile(r"(?:st|nd|rd|th)\b")
_CLOCK = re.compile(r":\d\d|\s?[ap]\.?m\b", re.IGNORECASE)
_COUNTED = re.compile(r"[\s-](?:people|homes|households|jobs|cases|deaths|years|miles|votes|troops|soldiers|workers)\b")
_CODE = re.compile(r"[A-Za-z][-–]?$|\b[Nn]o\.\s?$|[#:/.]$")
_CLAUSE_EDGE = re.compile(
    r"[;:()\n]|[—–]|\s-\s|,(?=\s)|[.!?]+(?=\s|$)|[\"“”]"
    r"|\b(?:but|although|though|while|whereas|because|unless|except|which|who|whom"
    r"|and (?:he|she|it|they|will|would|has|have|is|are|was|were|had|the))\b",
    re.IGNORECASE,
)
_PRONOUN = re.compile(r"\W*(?:he|she|it|they|his|her|its|their|this|these)\b", re.IGNORECASE)
_UNASSERTED = re.compile(r"\b(?:if|unless|whether|in case|would have|could have|might have)\b[^,.;!?]*|[^.!?]*\?", re.IGNORECASE)


class WordKind(StrEnum):
    """What a word is, by its look."""

    NUMBER = "number"
    ORDINAL = "ordinal"
    YEAR = "year"
    DATE = "date"  # a month, a weekday, a day of a month, a time of day
    NAME = "name"
    WORD = "word"


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
    asserted: bool
    """False in questions and behind "if"."""
    irregular: bool = False
    """Whether it is the past of an irregular verb."""
    denied: tuple[int, ...] = ()
    """Which of the text's denials cover it."""

    @property
    def weight(self) -> float:
        return _WEIGHTS.get(self.kind, 1.0)

    @property
    def value(self) -> float:
        return value_of(self.term)

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
    def all_terms(self) -> frozenset[str]:
        return frozenset(token.term for token in comparable_words(self.text))

    def heads(self, denial: int) -> list[int]:
        """What it denies first: the verb, or the noun behind "no"; at most two words, the nearer first."""
        at = self.denials[denial]
        covered = [i for i, w in enumerate(self.words) if denial in w.denied and not w.light]
        right = [i for i in covered if self.words[i].start >= at.end][:2]
        if at.scope is Scope.RIGHT:
            return right
        left = [i for i in covered if self.words[i].end <= at.start][::-1]
        return left[:3] if at.scope is Scope.LEFT else right or left[:1]

    def within(self, start: int, end: int) -> range:
        """The words that begin in `text[start:end]`."""
        return range(bisect_left(self.starts, start), bisect_left(self.starts, end))

    @cached_property
    def starts(self) -> list[int]:
        return [word.start for word in self.words]

    def name_around(self, at: int) -> tuple[int, int]:
        """The whole name that word `at` is part of, as a range of words."""
        start = end = at
        while start > 0 and self._joined(start - 1, start):
            start -= 1
        while end + 1 < len(self.words) and self._joined(end, end + 1):
            end += 1
        return start, end + 1

    def _joined(self, one: int, other: int) -> bool:
        first, second = self.words[one], self.words[other]
        between = self.text[first.end : second.start]
        return first.kind is second.kind is WordKind.NAME and between.strip(" .’'s") == "" and len(between) < 4


@dataclass(frozen=True, slots=True)
class Pair:
    """Words of claim and premise that stand for each other; indexes into the readings."""

    ours: int
    theirs: int
    same: bool = True
    """The same word, or the same name in another form; False for one of the same side, or an opposite."""
    opposite: bool = False


@dataclass(frozen=True, eq=False)
class Alignment:
    """A claim beside a premise."""

    claim: Reading
    premise: Reading
    pairs: tuple[Pair, ...]
    around: frozenset[str]
    """Terms of the sentence before and of the title."""
    neighbours_texts: tuple[str, ...] = ()
    """The sentence before and the title."""

    @cached_property
    def by_claim(self) -> dict[int, Pair]:
        return {pair.ours: pair for pair in self.pairs}

    @cached_property
    def by_premise(self) -> dict[int, Pair]:
        return {pair.theirs: pair for pair in self.pairs}

    def held(self, but: Iterable[int] = ()) -> float:
        """The share of the claim's weight, without its words `but`, that the premise holds; 0..1."""
        return self._share(set(but), lambda i: i in self.by_claim)

    def held_around(self, but: Iterable[int] = ()) -> float:
        """The same, where the sentence before and the title help."""
        return self._share(set(but), lambda i: i in self.by_claim or self.claim.words[i].term in self.around)

    def _share(self, but: set[int], known: Callable[[int], bool]) -> float:
        rest = [i for i in range(len(self.claim.words)) if i not in but]
        total = sum(self.claim.words[i].weight for i in rest)
        return sum(self.claim.words[i].weight for i in rest if known(i)) / total if total else 0.0

    def unknown(self, *kinds: WordKind, but: Iterable[int] = ()) -> int:
        """How many of the claim's words of these kinds neither the premise nor its neighbours have."""
        return sum(
            word.kind in kinds and i not in self.by_claim and word.term not in self.around
            for i, word in enumerate(self.claim.words)
            if i not in set(but)
        )

    def neighbours(self, ours: int, theirs: int) -> int:
        """On how many sides the claim's next word is paired with one that is near in the premise, in the same order; 0..2."""
        found = 0
        for step in (-1, 1):
            pair = self.by_claim.get(ours + step)
            found += pair is not None and 0 < (pair.theirs - theirs) * step <= NEAR
        return found

    def subject_known(self, but: Iterable[int] = ()) -> bool:
        """Whether the premise or its neighbours have the claim's first word, or the premise begins with a pronoun.

        A claim of the form "Who did it? She." has no subject to be known.
        """
        if _PRONOUN.match(self.premise.text) or "?" in self.claim.text:
            return True
        first = next((i for i in range(len(self.claim.words)) if i not in set(but)), None)
        return first is not None and (first in self.by_claim or self.claim.words[first].term in self.around)

    def share_of_denied(self, denial: int) -> float:
        """The share of the words under a denial of the claim that the premise has; 0..1."""
        covered = [i for i, word in enumerate(self.claim.words) if denial in word.denied]
        return sum(i in self.by_claim for i in covered) / len(covered) if covered else 0.0

    @cached_property
    def spread(self) -> float:
        """Words of the premise between its first and last paired word, for each paired one; 1 is next to each other."""
        places = [pair.theirs for pair in self.pairs]
        return (max(places) - min(places) + 1) / len(places) if places else float("inf")

    @cached_property
    def order(self) -> float:
        """The share of neighbouring pairs that stand in the same order in both; 0..1."""
        steps = list(pairwise(pair.theirs for pair in self.pairs))
        return sum(a < b for a, b in steps) / len(steps) if steps else 1.0


def align(claim: str, premise: Premise) -> Alignment | None:
    """None where they share no word that carries meaning, or just one and the premise's neighbours none."""
    ours, theirs = read(claim), read(premise.text)
    shared = ours.terms & theirs.terms
    if not shared:
        return None
    around = read(premise.before).terms | read(premise.title).terms
    if len(shared) < 2 and not ours.terms & around:
        return None
    return Alignment(ours, theirs, _pairs(ours, theirs), around, (premise.before, premise.title))


@lru_cache(maxsize=4096)
def read(text: str) -> Reading:
    """The words that carry meaning, in order, with their clauses and the denials that cover them."""
    found, folded = denials(text), phrases(text)
    swallowed = _Stretches([(d.start, d.end) for d in found] + [(start, end) for start, end, _ in folded])
    unasserted = _Stretches([match.span() for match in _UNASSERTED.finditer(text)])
    edges = [match.start() for match in _CLAUSE_EDGE.finditer(text)]
    tokens = [t for t in comparable_words(text) if not swallowed.hold(t.start) and not _is_filler(t, text)]
    tokens = sorted(tokens + [Token(term, start, end) for start, end, term in folded], key=lambda token: token.start)
    words = [
        Word(*_term_and_kind(t, text), t.start, t.end, bisect_left(edges, t.start), not unasserted.hold(t.start), t.term in base_forms())
        for t in tokens
    ]
    return Reading(text, _with_denials(words, found, edges), tuple(found))


class _Stretches:
    """Stretches of a text that do not overlap, to be asked which place they hold."""

    def __init__(self, spans: Iterable[tuple[int, int]]) -> None:
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
    term = base_forms().get(token.term, token.term)
    return term, WordKind.NAME if shown[0].isupper() and _is_name(token, text) else WordKind.WORD


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
    if before and before[-1] not in ".!?:\n" or not before and token.start > 4:
        return True
    shown, behind = text[token.start : token.end], text[token.end : token.end + 2]
    return len(behind) == 2 and behind[0] == " " and behind[1].isupper() or len(shown) > 1 and shown.isupper()


def _with_denials(words: Sequence[Word], found: Sequence[Denial], edges: Sequence[int]) -> tuple[Word, ...]:
    denied: dict[int, list[int]] = {}
    starts = [word.start for word in words]
    for n, denial in enumerate(found):
        for i in _covered(words, starts, denial, bisect_left(edges, denial.start)):
            denied.setdefault(i, []).append(n)
    return tuple(replace(word, denied=tuple(denied[i])) if i in denied else word for i, word in enumerate(words))


def _covered(words: Sequence[Word], starts: Sequence[int], denial: Denial, clause: int) -> list[int]:
    at = bisect_left(starts, denial.start)
    right = [i for i in range(at, min(at + REACH, len(words))) if words[i].clause == clause]
    left = [i for i in range(max(0, at - REACH), at) if words[i].clause == clause]
    if denial.scope is Scope.RIGHT:
        return right
    return left if denial.scope is Scope.LEFT else left + right


# --- Pairs ------------------------------------------------------------------------------------------------------------


def _pairs(ours: Reading, theirs: Reading) -> tuple[Pair, ...]:
    """Each of the claim's words with at most one of the premise's, in the claim's order."""
    places: dict[str, list[int]] = {}
    for j, word in enumerate(theirs.words):
        places.setdefault(word.term, []).append(j)
    pairs: dict[int, Pair] = {}
    taken: set[int] = set()
    last = -1
    for i, word in enumerate(ours.words):
        free = [j for j in places.get(word.term, ()) if j not in taken and _comparable(word, theirs.words[j])]
        if free:
            last = min(free, key=lambda j: abs(j - last - 1))
            pairs[i] = Pair(i, last)
            taken.add(last)
    for pair in _kindred(ours, theirs, pairs, taken):
        pairs[pair.ours] = pair
        taken.add(pair.theirs)
    return tuple(pairs[i] for i in sorted(pairs))


def _comparable(one: Word, other: Word) -> bool:
    """A third is no three: numbers pair with their own kind."""
    return not is_number(one.term) or one.kind is other.kind


def _kindred(ours: Reading, theirs: Reading, pairs: Mapping[int, Pair], taken: set[int]) -> Iterator[Pair]:
    """Among the words left over: names of one root, opposites, and words of the same side."""
    free = {j: word for j, word in enumerate(theirs.words) if j not in taken}
    for i, word in enumerate(ours.words):
        if i in pairs:
            continue
        pair = _demonym(i, word, free) if word.kind is WordKind.NAME else _related(i, word, free)
        if pair:
            del free[pair.theirs]
            yield pair


def _demonym(i: int, word: Word, free: Mapping[int, Word]) -> Pair | None:
    root = word.term[:_DEMONYM]
    alike = (j for j, w in free.items() if w.kind is WordKind.NAME and len(root) == _DEMONYM and w.term.startswith(root))
    j = next(alike, None)
    return None if j is None else Pair(i, j)


def _related(i: int, word: Word, free: Mapping[int, Word]) -> Pair | None:
    for table, opposite in ((opposites(), True), (likes(), False)):
        others = table.get(word.term)
        j = next((j for j, w in free.items() if w.term in others), None) if others else None
        if j is not None:
            return Pair(i, j, same=False, opposite=opposite)
    return None
