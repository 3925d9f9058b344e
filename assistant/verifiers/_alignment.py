"""A claim and a premise to words paired with each other: the same word, one of the same side of an outcome, or its opposite.

Neighbouring sentences only say whether the claim's other words are known there, "they" being the strikers of the sentence
before; nothing is paired with them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property, lru_cache
from itertools import islice, pairwise

from assistant.quantities import is_number
from assistant.types import Premise
from assistant.verifiers._outcomes import Denial, likes, opposites
from assistant.verifiers._reading import NUMERIC, Reading, Word, WordKind, read, terms_of

LONGEST = 3000  # characters that are read of a claim and of a premise
BRIEF = 4  # words of a premise that may share just one with the claim: "Nothing else was taken."
NEAR = 3  # words of the premise within which two of the claim's neighbours still are neighbours
_DEMONYM = 4  # letters that "British" and "Britain" share
_SHORTEST_NEGATED = 3  # letters: "able" has an opposite with "un", "it" has none
IN_A_CLAUSE = 0.01  # what two denials have in common that only stand in clauses of the same words
_AND = re.compile(r"(?:\b(?:and|or|but)|,)\s+(?:\w+\s+){0,2}$", re.IGNORECASE)
_AND_CHARS = 80  # as far back as that can begin
MOST_DENIALS = 8  # of one text that are compared with those of the other
_PRONOUN = re.compile(r"\W{0,3}(?:he|she|it|they|his|her|its|their|this|these)\b", re.IGNORECASE)


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
    """In the claim's order; each word at most once."""
    around: frozenset[str]
    """Terms of the sentence before and of the title."""

    @cached_property
    def by_claim(self) -> dict[int, Pair]:
        return {pair.ours: pair for pair in self.pairs}

    @cached_property
    def by_premise(self) -> dict[int, Pair]:
        return {pair.theirs: pair for pair in self.pairs}

    def held(self, but: Iterable[int] = ()) -> float:
        """The share of the claim's weight, its words `but` aside, that the premise holds; 0..1."""
        return self._share(set(but), lambda i: i in self.by_claim)

    def held_around(self, but: Iterable[int] = ()) -> float:
        """The same, where the sentence before and the title help."""
        return self._share(set(but), self.is_known)

    def _share(self, but: set[int], known: Callable[[int], bool]) -> float:
        weights = {i: word.weight for i, word in enumerate(self.claim.words) if i not in but}
        return sum(weight for i, weight in weights.items() if known(i)) / (sum(weights.values()) or 1.0)

    @cached_property
    def held_of_premise(self) -> float:
        """The share of the premise's words that are paired; 0..1."""
        return len(self.pairs) / len(self.premise.words)

    @cached_property
    def order(self) -> float:
        """The share of neighbouring pairs that stand in the same order in both; 0..1."""
        steps = list(pairwise(pair.theirs for pair in self.pairs))
        return sum(a < b for a, b in steps) / len(steps) if steps else 1.0

    @cached_property
    def begins_with_pronoun(self) -> bool:
        return _PRONOUN.match(self.premise.text) is not None

    def subject_known(self, but: Iterable[int] = ()) -> bool:
        """Whether the premise or its neighbours have the claim's first word, or the premise begins with a pronoun.

        A claim of the form "Who did it? She." has no subject to be known.
        """
        if self.begins_with_pronoun or "?" in self.claim.text:
            return True
        first = next((i for i in range(len(self.claim.words)) if i not in set(but)), None)
        return first is not None and self.is_known(first)

    def names(self, but: Iterable[int] = ()) -> list[int]:
        """The claim's names, its words `but` aside."""
        return [i for i, word in enumerate(self.claim.words) if word.kind is WordKind.NAME and i not in set(but)]

    def is_known(self, ours: int) -> bool:
        """Whether the premise or its neighbours have this word of the claim."""
        return ours in self.by_claim or self.claim.words[ours].term in self.around

    def unpaired_numbers(self, but: Iterable[int] = ()) -> list[int]:
        """The claim's numbers and dates that the premise lacks, its words `but` aside."""
        words = enumerate(self.claim.words)
        return [i for i, word in words if word.kind in NUMERIC and i not in self.by_claim and i not in set(but)]

    def neighbours(self, pair: Pair) -> int:
        """On how many sides the claim's next word is paired with one that is near in the premise, in the same order; 0..2."""
        found = 0
        for step in (-1, 1):
            beside = self.by_claim.get(pair.ours + step)
            found += beside is not None and 0 < (beside.theirs - pair.theirs) * step <= NEAR
        return found

    def differ(self, pair: Pair) -> bool:
        """Whether the two sides say the opposite of each other about a pair: one denies it, or an opposite stands there.

        A denial that both sides have, in whatever words, sets nothing apart: "will not open" and "there will be no".
        """
        ours, theirs = self.claim.words[pair.ours].denied, self.premise.words[pair.theirs].denied
        alike = _is_denied(ours, self._counted[0]) == _is_denied(theirs, self._counted[1])
        if alike or pair.opposite:
            return alike == pair.opposite
        shared = self.shared_denials
        return not (set(ours) <= shared.keys() and set(theirs) <= set(shared.values()))

    @cached_property
    def _counted(self) -> tuple[frozenset[int], frozenset[int]]:
        """The denials of claim and premise that deny by themselves."""
        return _counting(self.claim), _counting(self.premise)

    @cached_property
    def shared_denials(self) -> Mapping[int, int]:
        """Denials of the claim to those of the premise that deny the same: they cover a pair, or deny in clauses alike."""
        scores = {
            (one, other): score
            for one in _apart(self.claim)
            for other in _apart(self.premise)
            if (score := self._in_common(one, other))
        }
        shared: dict[int, int] = {}
        for one, other in sorted(scores, key=lambda both: -scores[both]):
            if one not in shared and other not in shared.values():
                shared[one] = other
        return shared

    def _in_common(self, one: int, other: int) -> float:
        """How much of what they deny a denial of the claim and one of the premise have in common, 0..1.

        Plain ones that cover no pair in common may still deny the same: "no comments will open", "comments will not open".
        """
        words = [(self.claim.words[pair.ours], self.premise.words[pair.theirs]) for pair in self.pairs]
        covered = [(one in ours.denied, other in theirs.denied) for ours, theirs in words]
        if any(map(all, covered)):
            return sum(map(all, covered)) / sum(map(any, covered))
        if self.claim.denials[one].outcome or self.premise.denials[other].outcome:
            return 0.0
        here, there = (_clauses(side, n) for side, n in ((self.claim, one), (self.premise, other)))
        beside = sum(ours.clause in here and theirs.clause in there for ours, theirs in words)
        return IN_A_CLAUSE * (beside > 1)

    def share_of_denied(self, denial: int) -> float:
        """The share of the words under a denial of the claim that the premise has; 0..1."""
        covered = [i for i, word in enumerate(self.claim.words) if denial in word.denied]
        return sum(i in self.by_claim for i in covered) / len(covered) if covered else 0.0


def _is_denied(denials: Sequence[int], counting: Set[int]) -> bool:
    """Whether these denials of a word come to one: "neither here nor there" denies once, "did not rule out" not at all."""
    return sum(n == denials[0] or n in counting for n in denials) % 2 == 1


def _counting(side: Reading) -> frozenset[int]:
    """The denials that do not take an earlier one up."""
    return frozenset(n for n, one in enumerate(side.denials) if one.outcome or not _goes_on(side.text, one))


def _goes_on(text: str, denial: Denial) -> bool:
    """Whether a negation takes an earlier one up: "no date and no place", "did not sign and will not do so"."""
    return _is_nor(text, denial) or _AND.search(text, max(0, denial.start - _AND_CHARS), denial.start) is not None


def _is_nor(text: str, denial: Denial) -> bool:
    return text[denial.start : denial.end].casefold() == "nor"


def _apart(side: Reading) -> list[int]:
    """The first denials, but no "nor", which belongs to the one before it. A sentence hardly has more."""
    apart = (n for n, denial in enumerate(side.denials) if n == 0 or not _is_nor(side.text, denial))
    return list(islice(apart, MOST_DENIALS))


def _clauses(side: Reading, denial: int) -> set[int]:
    return {word.clause for word in side.words if denial in word.denied}


def align(claim: str, premise: Premise) -> Alignment | None:
    """None where they share no word that carries meaning, or just one and the premise says more than that.

    Of either text the first LONGEST characters are read.
    """
    claim, text = claim[:LONGEST], premise.text[:LONGEST]
    wanted, there = terms_of(claim), terms_of(text)
    shared = len(_family(claim) & there)
    if not shared or not wanted & there:
        return None
    around = terms_of(premise.before[:LONGEST]) | terms_of(premise.title[:LONGEST])
    if shared < 2 and (not wanted & around or len(there) > BRIEF):
        return None
    ours, theirs = read(claim), read(text)
    ours, theirs = ours.with_names(theirs), theirs.with_names(ours)
    return Alignment(ours, theirs, _pairs(ours, theirs), around) if ours.words and theirs.words else None


@lru_cache(maxsize=1024)
def _family(text: str) -> frozenset[str]:
    """The terms of a text with those on the same side and their opposites."""
    terms = terms_of(text)
    return terms.union(*(table.get(term, ()) for table in (likes(), opposites()) for term in terms))


def _pairs(ours: Reading, theirs: Reading) -> tuple[Pair, ...]:
    """Stretches of equal words first, the longest; then equal words wherever they stand; then related ones."""
    our_terms, their_terms = [word.term for word in ours.words], [word.term for word in theirs.words]
    blocks = SequenceMatcher(None, our_terms, their_terms, autojunk=False).get_matching_blocks()
    pairs = {b.a + n: Pair(b.a + n, b.b + n) for b in blocks if b.size > 1 for n in range(b.size)}
    pairs |= {pair.ours: pair for pair in _scattered(ours, theirs, pairs)}
    pairs |= {pair.ours: pair for pair in _kindred(ours, theirs, pairs)}
    return tuple(pairs[i] for i in sorted(pairs) if _comparable(ours.words[i], theirs.words[pairs[i].theirs]))


def _scattered(ours: Reading, theirs: Reading, pairs: Mapping[int, Pair]) -> Iterator[Pair]:
    """Of several equal words that one which is nearest to where the claim's word before it stands."""
    taken = {pair.theirs for pair in pairs.values()}
    places: dict[str, list[int]] = {}
    for j, word in enumerate(theirs.words):
        places.setdefault(word.term, []).append(j)
    last = -1
    for i, word in enumerate(ours.words):
        free = [j for j in places.get(word.term, ()) if j not in taken]
        if i in pairs:
            last = pairs[i].theirs
        elif free:
            last = min(free, key=lambda j: abs(j - last - 1))
            taken.add(last)
            yield Pair(i, last)


def _comparable(one: Word, other: Word) -> bool:
    """A third is no three: numbers pair with their own kind."""
    return not is_number(one.term) or one.kind is other.kind


def _kindred(ours: Reading, theirs: Reading, pairs: Mapping[int, Pair]) -> Iterator[Pair]:
    """Among the words left over: names of one root, opposites, and words of the same side."""
    taken = {pair.theirs for pair in pairs.values()}
    free = {j: word for j, word in enumerate(theirs.words) if j not in taken}
    for i, word in enumerate(ours.words):
        if i in pairs or not free:
            continue
        pair = _demonym(i, word, free) if word.kind is WordKind.NAME else _related(i, word, free)
        if pair:
            del free[pair.theirs]
            yield pair


def _demonym(i: int, word: Word, free: Mapping[int, Word]) -> Pair | None:
    root = word.term[:_DEMONYM]
    alike = (
        j for j, w in free.items() if w.kind is WordKind.NAME and len(root) == _DEMONYM and w.term.startswith(root)
    )
    j = next(alike, None)
    return None if j is None else Pair(i, j)


def _related(i: int, word: Word, free: Mapping[int, Word]) -> Pair | None:
    others = opposites().get(word.term, frozenset())
    j = next((j for j, w in free.items() if w.term in others or _negates(word.term, w.term)), None)
    if j is not None:
        return Pair(i, j, same=False, opposite=True)
    others = likes().get(word.term, frozenset())
    j = next((j for j, w in free.items() if w.term in others), None) if others else None
    return None if j is None else Pair(i, j, same=False)


def _negates(one: str, other: str) -> bool:
    """Whether the one is the other with "un" or "non" before it."""
    short, long = sorted((one, other), key=len)
    return len(short) > _SHORTEST_NEGATED and long in (f"un{short}", f"non{short}")
