"""A statement and sentences to how much of it they hold, word by word, by weight.

A word counts as there where one of its family ("elect", "election") or of the same side of an outcome ("abolish", "scrap") is.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import lru_cache

from assistant.claims import split_claims
from assistant.statement_support._sources import Source
from assistant.terms import all_stems
from assistant.verifiers._outcomes import likes
from assistant.verifiers._reading import NUMERIC, read, terms_of

BESIDE = 0.6  # what a word counts that stands only beside the cited sentence: before it, after it, in the title
SAME_BEGINNING, FAMILY = 4, 0.65  # words of one family share at least these letters, and this much of the longer one


class Wanted:
    """The words of a statement that carry meaning, as they are looked for in sentences."""

    def __init__(self, text: str, rarity: Mapping[str, float] | None = None) -> None:
        words = [word for word in read(text).words if word.term not in _REPORTING]
        self._shown = {word.term: text[word.start : word.end] for word in words}
        self._figures = frozenset(word.term for word in words if word.kind in NUMERIC)
        self._weights = {word.term: word.weight * (rarity or {}).get(word.term, 1.0) for word in words}
        if rarity is not None:
            most = max(rarity.values(), default=1.0)
            self._weights = {word.term: word.weight * rarity.get(word.term, most) for word in words}

    def share(
        self,
        sources: Sequence[Source],
        beside: float = 0.0,
        but: Collection[str] = (),
        given: Collection[str] = (),
    ) -> float:
        """The share of the weight, the terms `but` aside, that the sentences hold, 0..1; `beside` them a word counts less.

        What is `given` counts as held.
        """
        weights = {term: weight for term, weight in self._weights.items() if term not in but}
        there, near = _all_terms(source.text for source in sources), frozenset[str]()
        if beside:
            near = frozenset().union(*(source.around for source in sources))
        held = sum(
            weight * (1.0 if term in given or self._is_in(term, there) else beside if term in near else 0.0)
            for term, weight in weights.items()
        )
        return held / (sum(weights.values()) or 1.0)

    def missing(self, sources: Sequence[Source], given: Collection[str] = ()) -> list[str]:
        """The words, as written, that stand neither in the sentences nor beside them and are not given."""
        there = _all_terms(source.text for source in sources).union(*(source.around for source in sources))
        return [shown for term, shown in self._shown.items() if term not in given and not self._is_in(term, there)]

    def _is_in(self, term: str, there: frozenset[str]) -> bool:
        return term in there or (term not in self._figures and has_family(term, there))


_REPORTING = frozenset(
    all_stems(
        "article report state note add describe mention explain accord tell complain remark comment stress emphasise"
    )
)


def _all_terms(texts: Iterator[str]) -> frozenset[str]:
    return frozenset().union(*map(terms_of, texts))


def has_family(term: str, there: Collection[str]) -> bool:
    """Whether a word of the same side ("abolish" and "scrap") or of the same beginning ("elect", "election") is there."""
    if not likes().get(term, frozenset()).isdisjoint(there):
        return True
    beginning = term[:SAME_BEGINNING]
    return len(term) >= SAME_BEGINNING and any(
        other.startswith(beginning) and _common(term, other) >= FAMILY * max(len(term), len(other)) for other in there
    )


def _common(one: str, other: str) -> int:
    """Letters that two words begin with alike."""
    return next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


@lru_cache(maxsize=1024)
def parts_of(text: str) -> tuple[str, ...]:
    """The clauses that say something by themselves, their subjects filled in."""
    return tuple(claim.resolved for claim in split_claims(text))
