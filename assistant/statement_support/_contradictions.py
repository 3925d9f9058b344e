"""A statement and its cited sentences to where they say otherwise: another value, a denial, an opposite."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.checks.values import missing_in_all
from assistant.statement_support._shares import BESIDE, Wanted, parts_of
from assistant.statement_support._slots import turned
from assistant.statement_support._sources import Source, Statement
from assistant.types import Kind, Span
from assistant.values import Value, find_values, same_unit
from assistant.verifiers._alignment import Alignment, Pair, align
from assistant.verifiers._contradiction import contradictions
from assistant.verifiers._reading import WordKind, terms_of

SAME_THING = 0.6  # share of the rest of a statement from which a cited sentence gives another value of the same thing
DENIED = 0.75  # share of a statement from which a cited sentence of the other polarity says the opposite


_OF_VALUES = ("amount", "count", "date", "name")  # rules that compare values: another cited sentence may have the value


def contradiction(statement: Statement, sources: Sequence[Source]) -> str:
    """Why the cited words say otherwise; empty when they do not."""
    text = statement.text
    return (
        _another_value(statement, sources)
        or _ruled_out(statement, sources)
        or _denied(text, sources)
        or turned(text, sources)
    )


def _another_value(statement: Statement, sources: Sequence[Source]) -> str:
    """A number that differs in a cited sentence which counts the same and has the rest of the statement."""
    wanted = Wanted(statement.text)
    for one in statement.findings:
        at = Span(one.article_id, one.source_start, one.source_end)
        source = next((source for source in sources if source.span.overlaps(at)), None)
        if source is None or one.kind is not Kind.NUMBER or not missing_in_all(one.in_source, (statement.text,)):
            continue
        ours = _number_at(statement.text, one.start - statement.offset)
        theirs = _number_at(source.text, at.start - source.span.start)
        rest = wanted.share([source], BESIDE, terms_of(one.in_claim))
        if ours and theirs and _counts_the_same(ours, theirs) and rest >= SAME_THING:
            return one.note
    return ""


def _number_at(text: str, place: int) -> Value | None:
    found = (value for value in find_values(text) if value.kind is Kind.NUMBER)
    return next((value for value in found if value.start <= place < value.end), None)


def _counts_the_same(ours: Value, theirs: Value) -> bool:
    if "many" in (ours.bound, theirs.bound) or not same_unit(ours, theirs):
        return False
    return bool(ours.unit) or (bool(ours.noun) and ours.noun == theirs.noun)


def _ruled_out(statement: Statement, sources: Sequence[Source]) -> str:
    """What a rule of the verifiers finds, unless another cited sentence has the value or holds as much without it."""
    missing = {one.in_claim for one in statement.findings}
    for text in dict.fromkeys((statement.text, *parts_of(statement.text))):
        found = [(source, contradictions(text, source.premise, source.article.published)) for source in sources]
        clear = [source for source, against in found if not against]
        for source, against in found:
            for one in against:
                by_value = one.rule in _OF_VALUES
                if by_value and one.difference.in_claim not in missing:
                    continue
                if not by_value and _has_words(text, one.difference.in_source):
                    continue
                if by_value or not _bears_as_much(text, clear, source):
                    return _of_sentence(one.difference.note)
    return ""


def _has_words(text: str, words: str) -> bool:
    """Whether a text has the words that are said to speak against it: "not everyone"."""
    return len(words.split()) > 1 and words.casefold() in text.casefold()


def _bears_as_much(text: str, others: Sequence[Source], source: Source) -> bool:
    wanted = Wanted(text)
    return any(wanted.share([other]) >= wanted.share([source]) for other in others)


def _of_sentence(note: str) -> str:
    return re.sub(r"^The claim\b", "The sentence", note).replace("the claim", "the sentence")


def _denied(text: str, sources: Sequence[Source]) -> str:
    opposed = _opposed(text, sources)
    sure = opposed and _is_head(*opposed) and opposed[0].held() >= DENIED
    return opposed_note(text, sources) if sure else ""


def opposed_note(text: str, sources: Sequence[Source]) -> str:
    opposed = _opposed(text, sources)
    if opposed is None:
        return ""
    aligned, pair = opposed
    ours, theirs = aligned.claim.words[pair.ours], aligned.premise.words[pair.theirs]
    said, cited = aligned.claim.text[ours.start : ours.end], aligned.premise.text[theirs.start : theirs.end]
    if pair.opposite:
        return f"The sentence says “{said}”, the cited words say “{cited}”."
    who = "the sentence" if not ours.positive else "the cited words"
    return f"Only {who} denies “{said}”." if who == "the sentence" else f"Only {who} deny “{said}”."


def _opposed(text: str, sources: Sequence[Source]) -> tuple[Alignment, Pair] | None:
    """Where a statement and the cited sentence nearest to it deny each other: "was signed" and "was not signed"."""
    for part in dict.fromkeys((text, *parts_of(text))):
        wanted = Wanted(part)
        nearest = max(sources, key=lambda source: wanted.share([source]))
        aligned = align(part, nearest.premise)
        if aligned and (pair := _flipped(aligned)):
            return aligned, pair
    return None


def _flipped(aligned: Alignment) -> Pair | None:
    """A word that one side denies: the head of a denial, or any where most of what is paired is denied by one side."""
    flips = [pair for pair in aligned.pairs if _flips(aligned, pair)]
    words = [pair for pair in aligned.pairs if aligned.claim.words[pair.ours].kind is WordKind.WORD]
    head = next((pair for pair in flips if _is_head(aligned, pair)), None)
    return head or (flips[0] if 2 * len(flips) > len(words) > 2 else None)


def _flips(aligned: Alignment, pair: Pair) -> bool:
    """Whether one side asserts a word, or its opposite, that the other one denies; a mere kin of it needs a neighbour."""
    ours, theirs = aligned.claim.words[pair.ours], aligned.premise.words[pair.theirs]
    if not (ours.asserted and theirs.asserted and ours.kind is theirs.kind is WordKind.WORD):
        return False
    return aligned.differ(pair) and (pair.same or aligned.neighbours(pair) > 0)


def _is_head(aligned: Alignment, pair: Pair) -> bool:
    """Whether a denial of either side denies this word first; an opposite needs a word beside it that is paired too."""
    sides = (aligned.claim, pair.ours), (aligned.premise, pair.theirs)
    heads = any(at in reading.heads(n) for reading, at in sides for n in range(len(reading.denials)))
    return heads or (pair.opposite and aligned.neighbours(pair) > 0)
