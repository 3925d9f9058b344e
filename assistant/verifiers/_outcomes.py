"""Words that deny, cancel or reverse what stands beside them, and words that are opposites.

A negation covers what stands to its right in its clause, a negative subject or object the whole clause (Huddleston & Pullum,
The Cambridge Grammar of the English Language, 2002, chapter 9). Verbs such as "fail to" or "rule out" deny their complement
(Karttunen, Implicative verbs, Language 47, 1971). Antonyms and irregular forms are WordNet's (tools/build_wordforms.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from itertools import product
from pathlib import Path

from assistant.terms import stem


class Scope(StrEnum):
    """Where the words that a denial covers stand."""

    RIGHT = "right"  # "did not sign", "failed to sign", "without charges"
    CLAUSE = "clause"  # "nobody signed", "found no weapons"
    LEFT = "left"  # "considered closing it and decided against it", "the memo is a hoax"


@dataclass(frozen=True, slots=True)
class Denial:
    """A word or phrase that denies: `text[start:end]`."""

    start: int
    end: int
    scope: Scope
    outcome: bool
    """Whether it is a verb or phrase of outcome; otherwise a plain negation."""


_COMPLEMENT = r"(?: (?:that|who|whom|which|whether))?"  # belongs to the verb: what follows is what it denies

# Tried in this order at each place. What only looks like a denial comes first and is none.
_PATTERNS = {
    "idiom": (
        r"not (?:only|just|merely|simply|least|to mention|necessarily|until|so much|one|all|every|everyone|everybody|always)",
        r"not (?:guilty|later|less|more|fewer|far|long)",
        r"no (?:doubt|way|wonder|matter|fewer|less|more|later|sooner|earlier)",
        r"(?:whether )?or not|if not|never mind|none other|without (?:a )?doubt|nothing (?:but|short of)|no\. ?\d",
        r"(?:can ?not|can['’]t|could not|couldn['’]t) (?:wait|help|but)",
    ),
    "backwards": (
        r"(?:decid|vot|rul|advis|argu)\w* against (?:it|that|this|them|doing so)",
        r"(?:is|was|are|were|been) (?:an? )?(?:hoax|false(?! (?:alarm|start|dawn|positive|negative))|fake|untrue"
        r"|fabricated|forgery|fabrication|myth|debunked|invented)",
        r"(?:is|was|are|were) not (?:true|authentic|genuine|real)",
    ),
    "refusing": tuple(
        rf"(?:{verb}){_COMPLEMENT}"
        for verb in (
            r"(?:fail|refus|declin|neglect)\w* to|unable to|(?:has|have|had|is|are) yet to",
            r"(?:stop|stopped|stops|stopping|fell|falls) short of|refrain(?:ed|s|ing)? from|far from",
            r"decid(?:e|ed|es|ing) (?:against|not to)|rul(?:e|ed|es|ing) out",
            r"(?:drop|dropped|drops|dropping|scrapped|shelved|abandon\w*|gave up) "
            r"(?:the|its|his|her|their|any) (?:idea|plan|bid|demand|proposal|call|effort|attempt)s? (?:of|to|for)",
            r"(?:cannot|can['’]t|could not|couldn['’]t) (?:establish|say|determine|confirm)",
            r"den(?:y|ied|ies|ying) (?:that|having|any|being|ever)|(?:cleared|acquitted) of",
            r"wrongly (?:accused|blamed|convicted)(?: of)?|lack(?:s|ed) (?:a|an|any|the)",
            r"(?:no|little|lack of|without) (?:\w+ )?"
            r"(?:evidence|proof|indication|sign|signs|suggestion|link|correlation|association)"
            r"(?: (?:of|for|linking|between|from|with|to))?",
        )
    ),
    "clause": (r"nobody|no[ -]one|none|nothing|neither|no(?=\s+\w)(?! longer)",),
    "right": (
        r"no longer|rather than|instead of|not|never|without|nor|cannot|hardly|barely|rarely|seldom|scarcely",
        r"[a-z]+n['’]t",
    ),
}
_SCOPES = {
    "backwards": Scope.LEFT,
    "refusing": Scope.RIGHT,
    "clause": Scope.CLAUSE,
    "right": Scope.RIGHT,
}
_OUTCOMES = frozenset(("backwards", "refusing"))
_DENIAL = re.compile(
    r"\b(?:" + "|".join(f"(?P<{name}>{'|'.join(patterns)})" for name, patterns in _PATTERNS.items()) + r")\b",
    re.IGNORECASE,
)

# Two sides of one outcome. A verb of several words is listed under the one word that PHRASES gives it.
_CLASSES = (
    (
        "keep stay remain retain maintain continue",
        "end quit abolish scrap axe shut close cease terminate abandon withdraw cancel leave",
    ),
    ("cancel scrap axe abandon", "postpone delay defer"),
    ("charge prosecute indict convict arrest jail", "clear acquit exonerate vindicate"),
    ("uphold", "overturn strike reverse"),
    ("impose introduce enforce", "lift repeal revoke overturn"),
    ("confirm admit acknowledge", "deny refute dispute"),
    ("accept approve agree endorse adopt support", "reject refuse oppose veto"),
    ("win", "lose"),
    (
        "rise increase grow soar climb surge jump upward",
        "fall decrease decline drop shrink plunge slump reduce cut downward lower",
    ),
    ("open reopen", "close shut closure"),
    ("begin start launch", "end finish stop halt"),
    ("authentic genuine true real", "fake hoax false fabricated forged bogus untrue"),
    ("allow permit legalise legalize", "ban forbid prohibit bar outlaw"),
    ("survive", "die"),
    ("arrive enter join", "leave depart quit exit"),
    ("hire appoint", "dismiss sack"),
    ("release", "detain jail imprison arrest"),
    ("improve", "worsen deteriorate"),
)
# The same thing to be had or not: "signed agreement" and "without a breakthrough".
_ALIKE = (
    "agreement deal accord breakthrough treaty pact settlement",
    "troop soldier",
    "country nation state",
    "kill die death dead",
)
_PHRASES = {
    r"(?:put|push|pushed|pushing|putting|puts) (?:back|off)|held over": "postpone",
    r"call(?:ed|s|ing)? off": "cancel",
    r"turn(?:ed|s|ing)? down|vot(?:ed|es|ing) down": "reject",
    r"step(?:ped|s|ping)? down": "quit",
    r"shut(?:s|ting)? down": "close",
    r"carr(?:y|ied|ies|ying) on": "continue",
}
PHRASE = re.compile(
    r"\b(?:" + "|".join(f"(?P<p{n}>{pattern})" for n, pattern in enumerate(_PHRASES)) + r")\b", re.IGNORECASE
)


# "The order not to drink the water" tells somebody something; it does not say that nobody drinks.
_DIRECTIVE = re.compile(
    r"\b(?:order|advice|advis|told|tell|ask|warn|urg|instruct|request|recommend|beg|promis|pledg|careful|prefer)\w*(?:\s+[\w’',]+){0,6}\s+$",
    re.I,
)
_TO = re.compile(r"\s+to\b")
_RELATIVE = re.compile(
    r"\b(?:which|who)(?:\s+\w+)?\s+$", re.I
)  # "a bridge which was not built": another clause's business


def denials(text: str) -> list[Denial]:
    """Every denial in reading order; what only looks like one ("not only", "no doubt") is none."""
    found = ((match, match.lastgroup or "") for match in _DENIAL.finditer(text))
    return [
        Denial(match.start(), match.end(), _SCOPES[name], name in _OUTCOMES)
        for match, name in found
        if name != "idiom" and not _denies_nothing(text, match)
    ]


def _denies_nothing(text: str, match: re.Match[str]) -> bool:
    before = text[max(0, match.start() - 60) : match.start()]
    directive = match.lastgroup == "right" and _TO.match(text, match.end()) and _DIRECTIVE.search(before)
    return bool(directive) or bool(_RELATIVE.search(before))


def phrases(text: str) -> list[tuple[int, int, str]]:
    """(start, end, stem) of verbs that are several words."""
    words = tuple(_PHRASES.values())
    return [(m.start(), m.end(), stem(words[int((m.lastgroup or "p0")[1:])])) for m in PHRASE.finditer(text)]


@cache
def opposites() -> dict[str, frozenset[str]]:
    """Stem to the stems of its opposites, both ways."""
    table: dict[str, set[str]] = {}
    for one, other in _opposed():
        if one != other:
            table.setdefault(one, set()).add(other)
            table.setdefault(other, set()).add(one)
    return {term: frozenset(others) for term, others in table.items()}


@cache
def likes() -> dict[str, frozenset[str]]:
    """Stem to the stems that stand on the same side: "abolish" to "scrap", "close" and the others."""
    table: dict[str, set[str]] = {}
    for side in (*_ALIKE, *(side for sides in _CLASSES for side in sides)):
        stems = {stem(word) for word in side.split()}
        for term in stems:
            table.setdefault(term, set()).update(stems - {term})
    return {term: frozenset(others) for term, others in table.items()}


@cache
def base_forms() -> dict[str, str]:
    """Stem of an irregular form to the stem of its base: "taken" to "take"."""
    return {stem(form): stem(base) for form, base in _rows("irregular.txt")}


def _opposed() -> Iterator[tuple[str, str]]:
    for one, other in _CLASSES:
        yield from product(map(stem, one.split()), map(stem, other.split()))
    for first, second in _rows("antonyms.txt"):
        yield stem(first), stem(second)


def _rows(name: str) -> Iterator[tuple[str, str]]:
    for line in Path(__file__).with_name(name).read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            one, other = line.split()
            yield one, other
