"""A claim in a model's words to what is wrong with it: whether it says what its place in the text says, and nothing else.

A model may put a name where the text points to one, and repeat a subject that two claims share. The text's own words stay,
in their order: both are aligned (difflib; Ratcliff & Metzener, 1988), and every other change is a fault. Rules for English;
words of other languages may not change at all.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from assistant.claims._kinds import kind_of
from assistant.clauses import AUXILIARIES, DETERMINERS, PREPOSITIONS, finite_verb, tokenize
from assistant.quantities import comparable_words
from assistant.text import fold
from assistant.types import Claim, ClaimKind, Kind
from assistant.values import Value, find_values, same_value

LONGEST = 400  # characters that a claim may have more than its place in the text


class Fault(StrEnum):
    """Why a model's claims of a sentence are not taken, as readers are told."""

    LEFT_OUT = "the model gave no claim"
    NUMBER = "the model changed a number"
    DATE = "the model changed a date"
    NAME = "the model changed a name"
    UNNAMED = "the model did not name whom the text means"
    NEGATION = "the model added or dropped a “not”"
    WORDS = "the model changed the words"
    LOST = "the model lost a part"
    PLACE = "the model’s claims could not be told apart in the text"
    JOINED = "the model joined two claims"
    KIND = "a part is no statement of fact"


_FAULT_OF = {Kind.NUMBER: Fault.NUMBER, Kind.DATE: Fault.DATE, Kind.NAME: Fault.NAME}


@dataclass(frozen=True, slots=True)
class Said:
    """A claim of a sentence: where it stands in the text, and the model's words for it."""

    start: int
    end: int
    words: str


@dataclass(frozen=True, slots=True)
class Place:
    """A sentence of a text, `text[start:end]`, with its rule-made claims."""

    text: str
    start: int
    end: int
    by_rule: tuple[Claim, ...]
    before: tuple[Value, ...]
    """The values of the text before it."""
    said_before: str
    """The words of the text before it, as `phrase` has them."""
    language: str | None = None

    @property
    def sentence(self) -> str:
        return self.text[self.start : self.end]

    @property
    def english(self) -> bool:
        return self.language in (None, "en")


def fault_of(place: Place, claims: Sequence[Said]) -> Fault | None:
    """What is wrong with the claims of a sentence, taken together; None when they can stand for it.

    `claims` are in the order of the text, their ranges apart from each other.
    """
    if len(claims) < len(place.by_rule):
        return Fault.JOINED
    apart = _apart(place, claims)
    faults = (fault for claim in claims for fault in _faults(place, claim, apart))
    return next(faults, None) or _lost(claims, apart)


def _faults(place: Place, claim: Said, apart: frozenset[str]) -> Iterator[Fault]:
    here = place.text[claim.start : claim.end]
    kinds = {kind_of(words, False, place.english) for words in (here, claim.words)}
    if kinds != {ClaimKind.FACT}:
        yield Fault.KIND
    if len(claim.words) > len(here) + LONGEST or _marks(here) != _marks(claim.words):
        yield Fault.WORDS
    yield from _values(place, here, claim)
    if _negations(here) != _negations(claim.words):
        yield Fault.NEGATION
    yield from _edits(place, here, claim, apart)
    if not all(_is_said(name, claim.words, place) for name in _named_by_rule(place, claim)):
        yield Fault.UNNAMED


# --- Values -----------------------------------------------------------------------------------------------------------


def _values(place: Place, here: str, claim: Said) -> Iterator[Fault]:
    """Values that nobody has said yet, and those that got lost."""
    own, said = _values_of(here, place), _values_of(claim.words, place)
    known = (*own, *_values_of(place.sentence, place), *place.before)
    for value in said:
        if not any(same_value(value, other) for other in known) and not _in_words(value, place):
            yield _FAULT_OF[value.kind]
    for value in own:
        if not _is_said(value, claim.words, place):
            yield _FAULT_OF[value.kind]


def _is_said(value: Value, words: str, place: Place) -> bool:
    """Whether the words have this value."""
    if any(same_value(value, other) for other in _values_of(words, place)):
        return True
    return value.kind is Kind.NAME and _named(value.text, words)


def _values_of(text: str, place: Place) -> tuple[Value, ...]:
    return find_values(text, None, place.language)


def _in_words(value: Value, place: Place) -> bool:
    """A name that is none where it stands first: whether names are seen depends on their place."""
    return value.kind is Kind.NAME and _has_said(place, _terms(value.text))


def _named(name: str, text: str) -> bool:
    """Whether the words of a name stand in the text in a row."""
    wanted, terms = _terms(name), _terms(text)
    return any(terms[at : at + len(wanted)] == wanted for at in range(len(terms)))


def _named_by_rule(place: Place, claim: Said) -> Iterator[Value]:
    """The names that the rules put in for pronouns: they are sure of these."""
    for one in place.by_rule:
        if one.start < claim.end and claim.start < one.end:
            for value in _values_of(one.resolved, place):
                if value.kind is Kind.NAME and not _named(value.text, place.sentence):
                    yield value


# --- Words ------------------------------------------------------------------------------------------------------------

_FREE = frozenset("a an the and but also too however that".split())
"""Words that may come and go."""
_LINKS = _FREE | frozenset("while whereas yet then who which as or".split())
"""Words between two claims that belong to neither."""
_POINTERS = frozenset(
    """he him his she her hers it its they them their theirs this that these those there here himself herself itself
    themselves""".split()
)
_DEFINITE = frozenset("the this these his her its their".split())
_DESCRIBED = 3  # words of a description: "the battery plant"
_NEGATIONS = frozenset("not no never none nobody nothing nowhere neither nor cannot without hardly barely".split())


@dataclass(frozen=True, slots=True)
class _Word:
    term: str
    low: str
    start: int
    end: int
    capital: bool


def _words(text: str) -> list[_Word]:
    low = text.replace("’", "'").casefold()
    return [
        _Word(word.term, low[word.start : word.end], word.start, word.end, text[word.start].isupper())
        for word in comparable_words(text)
    ]


def _terms(text: str) -> list[str]:
    return [word.term for word in comparable_words(text)]


def phrase(terms: Iterable[str]) -> str:
    """Terms in a row without the words that may come and go, so that one phrase is found in another by `in`."""
    return f" {' '.join(term for term in terms if term not in _FREE)} "


def _negations(text: str) -> Counter[str]:
    lows = (word.low for word in _words(text))
    return Counter(low for low in lows if low in _NEGATIONS or low.endswith("n't"))


def _marks(text: str) -> Counter[str]:
    """Signs that change who says something, or whether it is said at all."""
    return Counter(sign for sign in fold(text).text if sign in '"?()[]{}<>|')


def _edits(place: Place, here: str, claim: Said, apart: frozenset[str]) -> Iterator[Fault]:
    """Words gone or come otherwise than by naming what the text points to, or by a shared subject."""
    ours, theirs = _words(here), _words(claim.words)
    matcher = SequenceMatcher(None, [w.term for w in ours], [w.term for w in theirs], autojunk=False)
    for kind, low, high, first, last in matcher.get_opcodes():
        gone = [word for word in ours[low:high] if word.low not in _FREE]
        come = [word for word in theirs[first:last] if word.low not in _FREE]
        if kind == "equal" or not (gone or come):
            continue
        if not gone and _is_shared(place, claim, come, low, apart):
            continue
        if _is_pointer(gone):
            taken = _is_name(place, claim, come) or _is_noun(theirs[first:last])
        else:
            taken = _is_name(place, claim, come) and _takes_name(ours, low, high)
        if not (taken and place.english and _stands(place, come)):
            yield Fault.WORDS


def _stands(place: Place, come: Sequence[_Word]) -> bool:
    """Whether the words, a preposition before them aside, stand in a row in the sentence or before it."""
    words = list(come)
    while words and words[0].low in PREPOSITIONS:
        del words[0]
    return bool(words) and _has_said(place, [word.term for word in words])


def _has_said(place: Place, terms: Sequence[str]) -> bool:
    wanted = phrase(terms)
    return wanted in place.said_before or wanted in phrase(_terms(place.sentence))


def _is_name(place: Place, claim: Said, come: Sequence[_Word]) -> bool:
    """Whether there is a name in these words that the text has told before."""
    words = claim.words[come[0].start : come[-1].end] if come else ""
    return any(value.kind is Kind.NAME and _named(value.text, words) for value in place.before)


def _is_pointer(gone: Sequence[_Word]) -> bool:
    """Whether these words only point to what was named: "they", "there"."""
    return bool(gone) and all(word.low.removesuffix("'s") in _POINTERS for word in gone)


def _is_noun(come: Sequence[_Word]) -> bool:
    """Whether these may be a noun with its article, or a plural."""
    told = [word for word in come if word.low not in AUXILIARIES]
    return any(word.low in DETERMINERS or word.low.endswith("s") for word in told)


def _takes_name(ours: Sequence[_Word], low: int, high: int) -> bool:
    """Whether a name may stand here: for "the company", or within "the ferry", which is no name yet itself."""
    opened = [at for at in range(max(0, low - 2), low + (high > low)) if ours[at].low in _DEFINITE]
    if not opened or high - opened[-1] > _DESCRIBED:
        return False
    return not any(word.capital for word in ours[opened[-1] + 1 : high + 1])


def _is_shared(place: Place, claim: Said, come: Sequence[_Word], low: int, apart: frozenset[str]) -> bool:
    """Whether the words stand outside of all claims, or are the subject that a claim behind another one begins with."""
    rest = [word for word in come if word.term not in apart]
    if not rest or low or claim.start == place.start or not place.english:
        return not rest
    tokens = tokenize(place.sentence)
    verb = finite_verb(tokens, place.sentence)
    if verb is None:
        return False
    wanted, subject = phrase(word.term for word in rest), place.sentence[: tokens[verb].start]
    pointing = any(token.low in _POINTERS | _DEFINITE for token in tokens[:verb])
    return wanted in phrase(_terms(subject)) or (pointing and _stands(place, rest))


def _apart(place: Place, claims: Sequence[Said]) -> frozenset[str]:
    """The terms of the sentence that stand in no claim: a day or a speaker that all of them share."""
    if len(claims) == 1:
        return frozenset()
    return frozenset(
        word.term
        for word in _words(place.sentence)
        if word.low not in _LINKS and not any(one.start <= place.start + word.start < one.end for one in claims)
    )


def _lost(claims: Sequence[Said], apart: frozenset[str]) -> Fault | None:
    """Words that stand in no claim's place have to be in some claim."""
    kept = {term for claim in claims for term in _terms(claim.words)}
    return None if apart <= kept else Fault.LOST
