"""What two sentences are compared by: the stems of their words and verbs, the figures in them, the clause around a figure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from assistant.checks.values import APPROXIMATE, bears_out
from assistant.clauses import AUXILIARIES, SAYING
from assistant.terms import STOP_WORDS, stem
from assistant.types import Kind
from assistant.values import Value, find_values, same_name, same_unit

_SAME_FIGURE = re.compile(  # "the true figure is nearer to 40", "put it at 40", "counted 40"
    r"\b(?:the|that|this|its|their)\s+(?:\w+\s+)?(?:figure|number|sum|total|toll|estimate|amount|tally)\b"
    r"|\b(?:put|puts|putting)\s+(?:it|them|this|that)\s+at\b|\b(?:counted|counts|estimates|estimated)\s+(?:\w+\s+)?\d",
    re.IGNORECASE,
)
_FATES = tuple(  # what became of those who are counted
    frozenset(map(stem, words.split()))
    for words in (
        "died die dead death killed kill dying perished drowned fatal",
        "hurt injured injury injuries wounded",
        "missing disappeared vanished",
        "arrested detained jailed charged convicted sentenced indicted",
        "rescued evacuated saved displaced homeless",
        "infected infection cases tested ill sick",
        "treated hospital hospitalised hospitalized",
        "recovered released freed",
    )
)
_IRREGULAR = {
    form: forms.split()[0]
    for forms in """write wrote written|build built|lead led|give gave given|take took taken|draw drew drawn|steal stole stolen
    drive drove driven|choose chose chosen|break broke broken|sell sold|buy bought|send sent|strike struck|find found
    beat beaten|throw threw thrown|fly flew flown|begin began begun|sing sang sung|speak spoke spoken|teach taught
    catch caught|fight fought|pay paid|hold held|leave left|lose lost|win won|shoot shot|hide hid hidden|lay laid|make made
    meet met|see saw seen|go went gone|come came|have had has|get got|put|run ran|show showed shown|become became|keep kept
    stand stood|lie lay lain|tell told|fall fell fallen|rise rose risen|sink sank sunk|shut|set|cut""".replace(
        "\n", "|"
    ).split("|")
    for form in forms.split()
}
_WORD = re.compile(r"[^\W\d_]\w+")
_CONTRAST = re.compile(r"[,;:]\s+(?:and |but |while |whereas )?|\s(?:and|but|while|whereas)\s|(?<=[.!?])\s+")
_NOT_COUNTED = frozenset({"ordinal", "times"})
_VAGUE = frozenset({"score", "many"})


def content_of(text: str) -> set[str]:
    """Stems of the words that carry meaning, numbers and auxiliaries left out."""
    words = (word.group().lower() for word in _WORD.finditer(text))
    return {base_of(word) for word in words if word not in STOP_WORDS | AUXILIARIES | SAYING}


def share_names(one: str, other: str) -> bool | None:
    """Whether both texts name the same person, place or firm; None where one of them names nothing."""
    here, there = ([value.key for value in find_values(text) if value.kind is Kind.NAME] for text in (one, other))
    return any(same_name(a, b) for a in here for b in there) if here and there else None


def base_of(verb: str) -> str:
    """The verb as it compares, whatever its tense."""
    return stem(_IRREGULAR.get(verb, verb))


def countable(text: str) -> list[Value]:
    """The numbers of a text that count or measure something, and say how much."""
    numbers = [value for value in find_values(text) if value.kind is Kind.NUMBER]
    return [value for value in numbers if value.unit not in _NOT_COUNTED and value.bound not in _VAGUE]


def speaks_of_same_figure(text: str) -> bool:
    """Whether the sentence gives another value for what the one before it measured."""
    return _SAME_FIGURE.search(text) is not None


def agree(a: Value, b: Value) -> bool:
    """Whether both can be true: one bears the other out, or is the other in round figures.

    What only one of them counts by name, they both count: "killing seven", "at least six people".
    """
    a, b = replace(a, noun=a.noun or b.noun), replace(b, noun=b.noun or a.noun)
    if bears_out(a, b) or bears_out(b, a):
        return True
    if a.number is None or b.number is None or a.kind is not Kind.NUMBER or not same_unit(a, b):
        return False
    loose = bool(a.bound or b.bound) and abs(a.number - b.number) <= APPROXIMATE * max(abs(a.number), abs(b.number))
    return loose or _rounds_to(a.number, b.number) or _rounds_to(b.number, a.number)


def _rounds_to(exact: float, rounded: float) -> bool:
    """Whether a figure of two digits or more, and zeros, is the other one rounded: 4,200 of 4,187."""
    digits = len(f"{rounded:.15g}".rstrip("0").replace(".", "").lstrip("-0"))
    finer = len(f"{exact:.15g}".rstrip("0").replace(".", "").lstrip("-0")) > digits
    return digits > 1 and finer and float(f"{exact:.{digits}g}") == rounded


def other_fate(one: str, other: str) -> bool:
    """Whether one clause counts the hurt and the other the dead."""
    fates = [{at for at, words in enumerate(_FATES) if words & content_of(clause)} for clause in (one, other)]
    return bool(fates[0]) and bool(fates[1]) and not fates[0] & fates[1]


def clause_at(text: str, at: int) -> str:
    return next((clause for start, clause in clauses_of(text, 0, len(text)) if start <= at < start + len(clause)), text)


def clauses_of(text: str, begin: int, end: int) -> Iterator[tuple[int, str]]:
    at = begin
    for match in _CONTRAST.finditer(text, begin, end):
        if match.start() > at:
            yield at, text[at : match.start()]
        at = match.end()
    if at < end:
        yield at, text[at:end]
