"""Polarity and outcome: where one of the two denies what the other asserts, or says the opposite.

A denial counts when its head, the verb or the noun behind "no", is paired with a word that the other side asserts. A double
negation cancels, and a denial that both sides have sets nothing apart. Where one side has a negative word that the other
lacks, nobody can tell what it all adds up to: no finding.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.terms import all_stems
from assistant.types import Kind
from assistant.verifiers._alignment import NEAR, Alignment, Pair
from assistant.verifiers._findings import Finding
from assistant.verifiers._outcomes import Denial, Scope
from assistant.verifiers._reading import Reading, Word, WordKind

MOSTLY = 0.33  # share of the premise that must be about the claim where no neighbour of the denied word is
COVERED = 0.8  # share of what the claim denies that the premise must have
_BESIDE = 30  # characters from "several" to the word it belongs to
_REVERSES = frozenset(
    all_stems(
        "lose loss stop prevent ban avoid contrary fail failure lack unlike refuse reject drop quit wrong false mistake "
        "hoax except few little deny dispute doubt block bar exclude absent missing remove impossible unlikely myth claim "
        "suggestion end decrease reduce reduction decline rate"
    )
)
_ANYBODY = re.compile(r"\b(?:you|we|one)\s+$", re.IGNORECASE)
_ANYBODY_AT_ALL = re.compile(r"\b(?:you|we|one)\b", re.IGNORECASE)
_SEVERAL = re.compile(
    r"(?<!how )\b(?:several|many|multiple|numerous|dozens of|hundreds of|thousands of)\b", re.IGNORECASE
)
_NOTHING_ELSE = re.compile(
    r"\b(?:nothing else|no one else|nobody else|no other|only (?:one|a single)|just (?:one|a single))\b", re.IGNORECASE
)
_ALL = re.compile(r"\b(?:all|every|everyone|everybody|always|each)\b", re.IGNORECASE)
_NOT_ALL = re.compile(r"\bnot (?:all|every|everyone|everybody|always)\b", re.IGNORECASE)


def denied(aligned: Alignment) -> Iterator[Finding]:
    """The premise denies what the claim asserts."""
    if _unpaired_reversal(aligned.claim, aligned.by_claim):
        return
    for n, denial in enumerate(aligned.premise.denials):
        pairs = [aligned.by_premise[j] for j in aligned.premise.heads(n) if j in aligned.by_premise]
        pair = next((pair for pair in pairs if _flips(aligned, pair)), None)
        if pair is None or _is_of_another(aligned, denial, pair):
            continue
        rule = _rule_of(aligned, denial, pair) if _mostly_flipped(aligned, n) else None
        if rule:
            ours = aligned.claim.span(range(pair.ours, pair.ours + 1))
            note = "The claim asserts what the source denies with “{source}”."
            yield Finding(rule, _kind(denial), ours, (denial.start, denial.end), note)


def _is_of_another(aligned: Alignment, denial: Denial, pair: Pair) -> bool:
    """Whether the premise denies it of somebody else than the claim begins with, or of everybody: "you can't win in April"."""
    if _ANYBODY.search(aligned.premise.text, max(0, denial.start - _BESIDE), denial.start):
        return not _ANYBODY_AT_ALL.search(aligned.claim.text)
    words = aligned.premise.words
    verb = words[pair.theirs]
    return 0 not in aligned.by_claim and any(
        word.kind is WordKind.NAME and word.clause == verb.clause and j not in aligned.by_premise
        for j, word in enumerate(words[: pair.theirs])
    )


def _rule_of(aligned: Alignment, denial: Denial, pair: Pair) -> str | None:
    """Which rule's demands the denial must meet, None when it is about something else than the claim."""
    if aligned.begins_with_pronoun and aligned.held_of_premise == 1.0 and len(aligned.pairs) > 1:
        return "brief"
    if denial.outcome:
        return "dropped" if denial.scope is Scope.LEFT or aligned.subject_known() else None
    return "denied" if aligned.neighbours(pair) or aligned.held_of_premise >= MOSTLY else None


def asserted(aligned: Alignment) -> Iterator[Finding]:
    """The claim denies what the premise asserts."""
    sides = (aligned.claim, aligned.by_claim), (aligned.premise, aligned.by_premise)
    if any(_unpaired_reversal(*side) for side in sides):
        return
    for n, denial in enumerate(aligned.claim.denials):
        pair = next((aligned.by_claim[i] for i in aligned.claim.heads(n) if i in aligned.by_claim), None)
        if pair and _flips(aligned, pair) and aligned.neighbours(pair) and aligned.share_of_denied(n) >= COVERED:
            clause = aligned.premise.words[pair.theirs].clause
            if not any(word.denied for word in aligned.premise.words if word.clause == clause):
                theirs = aligned.premise.span(range(pair.theirs, pair.theirs + 1))
                note = "The claim says “{claim}”, the source asserts it."
                yield Finding("asserted", _kind(denial), (denial.start, denial.end), theirs, note)


def opposed(aligned: Alignment) -> Iterator[Finding]:
    """One word of the claim has its opposite in the premise, and nothing beside it turns that round."""
    pairs = [pair for pair in aligned.pairs if pair.opposite]
    if len(pairs) != 1 or not _of_one_thing(aligned, pairs[0]) or _is_turned(aligned, pairs[0]):
        return
    aside = range(pairs[0].ours, pairs[0].ours + 1)
    ours, theirs = aligned.claim.words[pairs[0].ours], aligned.premise.words[pairs[0].theirs]
    if ours.asserted and theirs.asserted and ours.positive == theirs.positive:
        note = "The claim says “{claim}”, the source says “{source}”."
        yield Finding("outcome", Kind.OPPOSITE, (ours.start, ours.end), (theirs.start, theirs.end), note, aside)


def _of_one_thing(aligned: Alignment, pair: Pair) -> bool:
    """Whether a paired word that is no name stands near: what ended, and what was kept."""
    words = aligned.claim.words
    near = (other for other in aligned.pairs if other != pair and abs(other.theirs - pair.theirs) <= NEAR)
    return any(words[other.ours].kind in (WordKind.WORD, WordKind.ORDINAL) for other in near)


def _is_turned(aligned: Alignment, pair: Pair) -> bool:
    """Whether a word beside it reverses it: "increasing rates of loss"."""
    words = aligned.premise.words
    beside = range(max(0, pair.theirs - 2), min(len(words), pair.theirs + 3))
    unpaired = (words[j] for j in beside if j not in aligned.by_premise)
    return any(word.term in _REVERSES and word.clause == words[pair.theirs].clause for word in unpaired)


def limited(aligned: Alignment) -> Iterator[Finding]:
    """The claim says several or all, the premise nothing else or not all."""
    for ours, theirs in ((_SEVERAL, _NOTHING_ELSE), (_ALL, _NOT_ALL)):
        in_claim, in_source = ours.search(aligned.claim.text), theirs.search(aligned.premise.text)
        if in_claim and in_source and _belong_to_a_pair(aligned, in_claim.end(), in_source.end()):
            note = "The claim says “{claim}”, the source says “{source}”."
            yield Finding("limited", Kind.OPPOSITE, in_claim.span(), in_source.span(), note)


def _kind(denial: Denial) -> Kind:
    return Kind.OPPOSITE if denial.outcome else Kind.NEGATION


def _flips(aligned: Alignment, pair: Pair) -> bool:
    """Whether claim and premise assert the one and the other."""
    ours, theirs = aligned.claim.words[pair.ours], aligned.premise.words[pair.theirs]
    return _can_be_denied(ours) and _can_be_denied(theirs) and aligned.differ(pair)


def _can_be_denied(word: Word) -> bool:
    return word.asserted and word.kind is WordKind.WORD


def _mostly_flipped(aligned: Alignment, denial: int) -> bool:
    """Whether the claim asserts most of what this denial of the premise covers."""
    pairs = [pair for pair in aligned.pairs if denial in aligned.premise.words[pair.theirs].denied]
    return 2 * sum(map(aligned.differ, pairs)) > len(pairs)


def _unpaired_reversal(reading: Reading, paired: dict[int, Pair]) -> bool:
    return any(word.term in _REVERSES and i not in paired for i, word in enumerate(reading.words))


def _belong_to_a_pair(aligned: Alignment, ours: int, theirs: int) -> bool:
    """Whether a word next to the one place is paired with one next to the other."""
    words = aligned.claim.words, aligned.premise.words
    return any(
        abs(words[0][pair.ours].start - ours) <= _BESIDE and abs(words[1][pair.theirs].start - theirs) <= _BESIDE
        for pair in aligned.pairs
    )
