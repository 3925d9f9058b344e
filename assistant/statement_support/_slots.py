"""A statement that is nearly a cited sentence to the places where the two differ between words that they share.

Similarity proves nothing there: one word more or another one may turn the sentence round.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import combinations, pairwise

from assistant.checks.values import bears_out
from assistant.checks.wording import is_negation
from assistant.clauses import SAYING, tokenize
from assistant.statement_support._frames import unframed
from assistant.statement_support._shares import Wanted, has_family, parts_of
from assistant.statement_support._sources import Source
from assistant.terms import all_stems
from assistant.types import Kind
from assistant.values import Value, find_values, same_amount, same_name, same_unit, same_value
from assistant.verifiers._outcomes import denials, opposites
from assistant.verifiers._reading import read, terms_of

NEARLY = 0.6  # share of a statement that a cited sentence must hold for their words to be compared in order
SLOT, SAME_AROUND = 6, 4  # words at most that may differ, and words beside them that must be the same
PASSED = 1  # so many words that are the same between two differences make them no two


@dataclass(frozen=True, slots=True)
class _Slot:
    """A place where a statement and a cited sentence differ between words that they share."""

    ours: str
    theirs: str
    denials: tuple[int, int]
    """How many words of each side deny."""
    values: tuple[tuple[Value, ...], tuple[Value, ...]]
    """Those that touch it, of either side."""

    @property
    def denies_otherwise(self) -> bool:
        return self.denials[0] % 2 != self.denials[1] % 2

    @property
    def alike(self) -> bool:
        """Whether neither side has a word of its own beside what denies: "signed" and "did not sign"."""
        ours, theirs = read(self.ours).terms, read(self.theirs).terms
        return not _without_kin(ours, theirs) and not _without_kin(theirs, ours)

    @property
    def exchanged(self) -> bool:
        """Whether a word that carries meaning stands in another one's place: a synonym, or an opposite nobody listed."""
        ours, theirs = _content(self.ours), _content(self.theirs)
        if _says(self.ours) and _says(self.theirs):
            return False
        return bool(theirs and _without_kin(ours, theirs))

    @property
    def one_word(self) -> tuple[str, str] | None:
        """The word that carries meaning and the one in whose place it stands, where just these two were exchanged."""
        ours, theirs = _content(self.ours), _content(self.theirs)
        if not self.exchanged or not len(ours - theirs) == len(theirs - ours) == 1:
            return None
        return _shown(self.ours, ours - theirs), _shown(self.theirs, theirs - ours)

    @property
    def opposite(self) -> bool:
        """Whether the one side holds the opposite of a word of the other."""
        ours, theirs = terms_of(self.ours) | _plain_terms(self.ours), terms_of(self.theirs) | _plain_terms(self.theirs)
        return any(not _opposites_of(term).isdisjoint(theirs) for term in ours - theirs)

    @property
    def named_anew(self) -> bool:
        """Whether a name stands in another one's place, or two have changed places, other than in a list."""
        ours, theirs = ([value.key for value in side if value.kind is Kind.NAME] for side in self.values)
        changed = ours != theirs and sorted(ours) == sorted(theirs) and not _is_list(self.ours, self.values[0])
        return bool(self.pairs(Kind.NAME)) or changed

    def swaps_with(self, other: _Slot) -> bool:
        return (_keys(self.ours), _keys(self.theirs)) == (_keys(other.theirs), _keys(other.ours))

    @property
    def turned_round(self) -> tuple[str, str] | None:
        """The first and the last capital of the same words in another order, other than in a list."""
        ours, theirs = ([match[0] for match in _TOKEN.finditer(side)] for side in (self.ours, self.theirs))
        ours_named, theirs_named = ([word for word in side if word[0].isupper()] for side in (ours, theirs))
        joined = {word for word in ours if not word[0].isupper()} <= {"and", "or", "the", "und", "oder", "y", "o"}
        if joined or sorted(ours) != sorted(theirs) or len(ours_named) < 2 or ours_named == theirs_named:
            return None
        return ours_named[0], ours_named[-1]

    @property
    def measured_anew(self) -> bool:
        """Whether another number or day of the same kind stands there."""
        numbers = any(_other_amount(ours, theirs) for ours, theirs in self.pairs(Kind.NUMBER))
        days = any(_other_day(ours, theirs) for ours, theirs in self.pairs(Kind.DATE))
        return numbers or days or _other_digits(self.ours, self.theirs)

    def pairs(self, kind: Kind) -> list[tuple[Value, Value]]:
        """The first value of this kind of either side that the other side lacks; nothing where one side has none."""
        ours, theirs = ([value for value in side if value.kind is kind] for side in self.values)
        here = [value for value in ours if not any(_equal(value, other) for other in theirs)]
        there = [value for value in theirs if not any(_equal(value, other) for other in ours)]
        return [(here[0], there[0])] if here and there else []


@dataclass(frozen=True, slots=True)
class _NearCopy:
    """A statement, or a clause of it, beside the cited sentence that holds most of it."""

    text: str
    source: Source
    others: tuple[str, ...]
    """The other cited sentences."""
    slots: tuple[_Slot, ...]

    @property
    def denies_as_often(self) -> bool:
        ours, theirs = ((text, (0, len(text))) for text in (self.text, self.source.text))
        return _denials(*ours) == _denials(*theirs)

    def turns(self, slot: _Slot) -> bool:
        """Whether a slot has one "not" more or less than the source, which has it nowhere else."""
        return slot.denies_otherwise and slot.alike and not self.denies_as_often

    def denied_elsewhere(self, slot: _Slot) -> bool:
        """Whether what a slot denies is denied in another place of the source, in another cited sentence or beside them."""
        if slot.alike or self.denies_as_often:
            return not slot.alike
        beside = [one for one in (self.source.before, self.source.after) if terms_of(one) & terms_of(slot.ours)]
        return not slot.theirs and any(map(denials, (*self.others, *beside)))

    def names_anew(self, slot: _Slot) -> bool:
        """Whether another name or figure stands there, or another word with a capital that no beginning gives it."""
        ours, theirs = slot.one_word or ("", "")
        marked = self.source.article.language != "de" and not self.text.startswith(slot.ours)
        return slot.named_anew or any(
            (marked and test(ours[:1]) and test(theirs[:1])) for test in (str.isupper, str.isdigit)
        )

    @property
    def swapped(self) -> tuple[str, str] | None:
        """Two names, each of which stands where the source has the other one."""
        named = [slot for slot in self.slots if slot.ours[:1].isupper() and slot.theirs[:1].isupper()]
        pairs = ((one.ours, other.ours) for one, other in combinations(named, 2) if one.swaps_with(other))
        return next(pairs, None) or next(filter(None, (slot.turned_round for slot in self.slots)), None)


def _shown(text: str, terms: Collection[str]) -> str:
    """The word of a stretch that has one of these terms, as written; else the stretch."""
    return next((text[word.start : word.end] for word in read(text).words if word.term in terms), text)


def _content(text: str) -> frozenset[str]:
    """The terms of a text; "gave", no term for a search, is one beside "took"."""
    return terms_of(text) | (_GIVING & set(all_stems(text)))


def _without_kin(terms: Collection[str], others: Collection[str]) -> set[str]:
    """The terms that neither stand among the others nor have one of their family there."""
    return {term for term in terms if term not in others and not has_family(term, others)}


def _equal(ours: Value, theirs: Value) -> bool:
    return same_name(ours.key, theirs.key) if ours.kind is Kind.NAME else same_value(ours, theirs)


def _other_digits(ours: str, theirs: str) -> bool:
    """The same for figures that have no unit or an unknown one: "7/11", "$3/MMBtu", the parts of "6 1/2"."""
    figures = [_FIGURE.fullmatch(text) for text in (ours, theirs)]
    one, other = (figure and float(figure[1].replace(",", "")) for figure in figures)
    return one is not None and other is not None and one != other


def _is_list(text: str, names: Sequence[Value]) -> bool:
    for value in names:
        text = text.replace(value.text, "")
    return not re.sub(r"\b(?:and|or|the)\b|\W", "", text)


def _other_amount(ours: Value, theirs: Value) -> bool:
    if same_amount(ours, theirs) or not same_unit(ours, theirs):
        return False
    return ours.bound == theirs.bound or not bears_out(theirs, ours)


def _other_day(ours: Value, theirs: Value) -> bool:
    return ours.precision == theirs.precision and not bears_out(theirs, ours)


def turned(text: str, sources: Sequence[Source]) -> str:
    """Why a statement that is nearly a cited sentence says otherwise: one "not" more, an opposite, another number."""
    for near in _near_copies(text, sources):
        for slot in near.slots:
            if slot.measured_anew:
                return f"The cited words say “{slot.theirs}”, not “{slot.ours}”."
        turns = [slot for slot in near.slots if near.turns(slot) != slot.opposite]
        if len(turns) % 2:
            return _turn_note(turns[0])
    return ""


def _turn_note(slot: _Slot) -> str:
    if slot.opposite:
        return f"The sentence says “{slot.ours}”, the cited words say “{slot.theirs}”."
    if slot.denials[0] > slot.denials[1]:
        return f"Only this sentence has “{slot.ours}” here, not the cited words."
    return f"Only the cited words have “{slot.theirs}” here, not this sentence."


def replaced_note(text: str, sources: Sequence[Source]) -> str:
    """Where a statement that is nearly a cited sentence has another name than that, or denies another thing."""
    for near in _near_copies(text, sources):
        if pair := near.swapped:
            return f"“{pair[0]}” and “{pair[1]}” have changed places."
        for slot in filter(lambda slot: slot.ours, near.slots):
            denies = slot.denies_otherwise and not near.denied_elsewhere(slot)
            if slot.theirs and (denies or near.names_anew(slot)):
                return f"The cited words have “{slot.theirs}” where this sentence has “{slot.ours}”."
            if denies:
                return f"Only this sentence has “{slot.ours}” here, not the cited words."
    return ""


def reworded_note(text: str, sources: Sequence[Source]) -> str:
    """Which word stands in another one's place where the statement is nearly a cited sentence, for the reader to judge."""
    pairs = (slot.one_word for near in _near_copies(text, sources) for slot in near.slots)
    ours, theirs = next(filter(None, pairs), ("", ""))
    return f"“{ours}” stands where the source has “{theirs}”." if ours else ""


def exchanged(text: str, sources: Sequence[Source]) -> bool:
    """Whether words were exchanged, or a name put where the cited sentence has none, so that similarity proves nothing."""
    slots = [slot for near in _near_copies(text, sources) for slot in near.slots]
    added = any(_has_name(slot.values[0]) and not slot.theirs and not _says(slot.ours) for slot in slots)
    return added or any(slot.exchanged for slot in slots)


def _has_name(values: Sequence[Value]) -> bool:
    return any(value.kind is Kind.NAME for value in values)


def _says(text: str) -> bool:
    return any(token.low in SAYING or token.low == "according" for token in tokenize(text))


def _near_copies(text: str, sources: Sequence[Source]) -> list[_NearCopy]:
    """The statement and each of its clauses, against the cited sentence nearest to it."""
    found = []
    text = unframed(text, sources)
    for part in dict.fromkeys((text, *parts_of(text))):
        wanted = Wanted(part)
        nearest = max(sources, key=lambda source: wanted.share([source]))
        if wanted.share([nearest]) >= NEARLY:
            others = tuple(source.text for source in sources if source != nearest)
            slots = _differing(part, nearest.text, nearest.article.published)
            found.append(_NearCopy(part, nearest, others, slots))
    return found


@lru_cache(maxsize=256)
def _differing(text: str, source: str, day: date | None) -> tuple[_Slot, ...]:
    ours, theirs = list(_TOKEN.finditer(text)), list(_TOKEN.finditer(source))
    matcher = SequenceMatcher(None, list(map(_key, ours)), list(map(_key, theirs)), autojunk=False)
    same = [block for block in matcher.get_matching_blocks() if block.size > PASSED]
    ends = [(0, 0, 0), *((block.a, block.b, block.size) for block in same), (len(ours), len(theirs), 0)]
    found = []
    for (a, c, before), (b, d, after) in pairwise(ends):
        here, there = (a + before, b), (c + before, d)
        size = max(here[1] - here[0], there[1] - there[0])
        at_end = a + before == 0 or b == len(ours)
        if 0 < size <= SLOT and before + after >= SAME_AROUND and (at_end or min(before, after) > 0):
            found.append(_slot(text, source, _stretch(ours, *here), _stretch(theirs, *there), day))
    return tuple(found)


def _key(match: re.Match[str]) -> str:
    return match[0].casefold().replace("’", "'")


def _keys(text: str) -> list[str]:
    return [_key(match) for match in _TOKEN.finditer(text)]


def _stretch(tokens: Sequence[re.Match[str]], start: int, end: int) -> tuple[int, int]:
    return (tokens[start].start(), tokens[end - 1].end()) if end > start else (0, 0)


def _slot(text: str, source: str, ours: tuple[int, int], theirs: tuple[int, int], day: date | None) -> _Slot:
    sides = ((text, ours), (source, theirs))
    values = tuple(tuple(value for value in find_values(whole, day) if _touch(value, at)) for whole, at in sides)
    said, cited = text[slice(*ours)], source[slice(*theirs)]
    counted = _denials(text, ours), _denials(source, theirs)
    return _Slot(said, cited, counted, (values[0], values[1]))


def _touch(value: Value, place: tuple[int, int]) -> bool:
    return value.start < place[1] and place[0] < value.end


def _denials(text: str, place: tuple[int, int]) -> int:
    """Words that deny in a stretch; "not only" denies nothing, "nor" belongs to the one before it."""
    here = (denial for denial in denials(text) if place[0] <= denial.start < place[1])
    found = [denial for denial in here if text[denial.start : denial.end].casefold() != "nor"]
    rest = [
        match
        for match in _TOKEN.finditer(text, *place)
        if is_negation(_key(match))
        and _key(match) != "nor"
        and not _ONLY.match(text, match.end())
        and not any(denial.start <= match.start() < denial.end for denial in found)
    ]
    return len(found) + len(rest)


def _plain_terms(text: str) -> frozenset[str]:
    return frozenset(all_stems(text))


def _opposites_of(term: str) -> frozenset[str]:
    return opposites().get(term, frozenset()) | _DIRECTIONS.get(term, frozenset())


_TOKEN = re.compile(r"\w+(?:[.,]\d+)*(?:['’]\w+)?|[$€£%]")
_GIVING = frozenset(all_stems("give gives gave given giving"))
_FIGURE = re.compile(r"[$€£]?(\d[\d,]*(?:\.\d+)?)[A-Za-z]{0,2}")
_ONLY = re.compile(r"\W+(?:only|just|merely|simply|necessarily)\b", re.IGNORECASE)
_OPPOSED = (
    "up down", "more less", "more fewer", "most least", "before after", "first last", "above below", "over under",
    "all some", "always sometimes", "higher lower", "larger smaller", "buy sell", "gain lose", "block allow",
    "condemn welcome", "praise criticise", "praise criticize", "extend shorten", "for against", "accuse clear",
    "uphold overturn", "strengthen weaken", "succeed fail",
    "survived died", "survive die", "give take", "gave took", "send receive", "sent received", "long short", "love hate",
    "reveal conceal", "reveal hide", "delay accelerate", "hasten delay", "ahead behind", "inside outside", "push pull",
    "lend borrow", "teach learn", "attack defend", "winner loser", "friend enemy", "ally enemy", "buyer seller", "asset debt",
    "early late", "old new", "near far", "wide narrow", "heavy light", "cheap expensive", "rich poor", "strong weak",
    "fast slow", "deep shallow", "married divorced", "hired fired", "employ dismiss", "recover deteriorate", "create destroy",
    "build demolish", "protect endanger", "export import", "exports imports", "supply demand", "profit loss", "surplus deficit",
    "majority minority", "maximum minimum", "summer winter", "morning evening", "north south", "east west",
    "northern southern", "eastern western", "left right", "top bottom", "male female", "men women", "man woman",
    "son daughter", "father mother", "brother sister", "husband wife", "boy girl",
)  # fmt: skip
_DIRECTIONS = {
    one: frozenset(other for pair in _OPPOSED for other in all_stems(pair) if one in all_stems(pair)) - {one}
    for one in all_stems(" ".join(_OPPOSED))
}
