"""A question's words to what it asks for: the kind of the answer, the nouns that are counted, the names it has.

The kind follows from the word that asks and, behind "what" and "which", from the noun, as in the question taxonomies of the
TREC answering systems (Li & Roth, COLING 2002).
"""

from __future__ import annotations

import re
from itertools import dropwhile, islice, takewhile

from assistant.answerers._kinds import Kind
from assistant.terms import STOP_WORDS, stem, words


def answer_kind(question: str) -> Kind | None:
    """What a sentence should hold to answer such a question; None when that is no kind of value."""
    clause = _asking_clause(question)
    asked = _asking_word(clause)
    if asked is None:
        return Kind.NAME if _NAMED.search(clause) else None
    word, rest = asked.group().casefold(), clause[asked.end() :]
    if word in ("how", "wie"):
        return _kind_of_how(rest, clause)
    if word == "qué" and clause[: asked.start()].casefold().endswith("por "):
        return Kind.REASON
    if word in _COUNTING:
        return Kind.MONEY if _MONEY_MATTERS.search(clause) else Kind.NUMBER
    return _BY_WORD.get(word) or _kind_of_noun(rest, clause)


def counted_nouns(question: str) -> frozenset[str]:
    """Stems of what is counted: {"crimin", "charg"} in "How many criminal charges did he face?"."""
    match = _COUNTED.search(question)
    behind = words(match[1].casefold()) if match else []
    return frozenset(stem(word) for word in takewhile(lambda word: word not in STOP_WORDS, behind))


def names_in(question: str) -> dict[str, str]:
    """Names and numbers of a question, as {stem: word}: capitalised behind the first word, or with a digit."""
    found = words(question)
    named = [
        word for i, word in enumerate(found) if word[0].isupper() and (i > 0 or (found[1:2] and found[1][0].isupper()))
    ]
    named += [word for word in found if any(char.isdigit() for char in word)]
    return {stem(word): word for word in named if word.casefold() not in STOP_WORDS}


# --- What asks --------------------------------------------------------------------------------------------------------


def _asking_clause(question: str) -> str:
    """The last sentence that asks; quiz questions put the story before it."""
    clauses = _CLAUSE.split(question)
    return next((clause for clause in reversed(clauses) if _ASKING.search(clause)), clauses[-1])


def _asking_word(clause: str) -> re.Match[str] | None:
    """The word that asks: the first one, but "who" or "when" inside a sentence only if there is no better."""
    found = list(_ASKING.finditer(clause))
    sure = [match for match in found if match.start() < 3 or not _RELATIVE.fullmatch(match.group())]
    return sure[0] if sure else found[-1] if found else None


def _kind_of_how(rest: str, clause: str) -> Kind | None:
    measure, *following = [*words(rest.casefold())[:4], ""]
    if measure in ("much", "viel") and _MONEY_MATTERS.search(clause):
        return Kind.MONEY
    if "share" in following:
        return Kind.PERCENT
    return _BY_MEASURE.get(measure)


def _kind_of_noun(rest: str, clause: str) -> Kind | None:
    """The kind that the noun behind "what" or "which" stands for."""
    phrase = dropwhile(_FILLERS.__contains__, words(_KIND_OF.sub("", rest).casefold()))
    for word in islice(takewhile(lambda word: word not in _ENDS_NOUN, phrase), 6):
        if kind := _BY_NOUN.get(stem(word)):
            return kind
    if _NAMED.search(clause):
        return Kind.NAME
    return Kind.MONEY if _PAID.search(rest) and "which" not in clause.casefold() else None


# --- The words --------------------------------------------------------------------------------------------------------

_CLAUSE = re.compile(r"(?<=[.?!])\s+(?=[A-Z“\"‘])")
_ASKING = re.compile(
    r"\b(?:who|whom|whose|what|which|when|where|why|how|wer|wen|wem|welche[rsnm]?|wann|wo|warum|wieso|wie"
    r"|qui[eé]n(?:es)?|qu[eé]|cu[aá]l(?:es)?|cu[aá]ndo|d[oó]nde|cu[aá]nt[oa]s?"
    r"|qui|quand|où|pourquoi|combien|quel(?:le)?s?)\b",
    re.IGNORECASE,
)
_RELATIVE = re.compile(r"who|whom|when|where|why|wo|qui|que", re.IGNORECASE)  # inside a sentence these may not ask
_COUNTED = re.compile(
    r"\b(?:how (?:many|much)|number of|wie ?viele?|cu[aá]nt[oa]s?|combien(?: de)?)((?: [^\s?]+){1,4})", re.IGNORECASE
)
_COUNTING = frozenset("combien cuánto cuánta cuántos cuántas cuanto cuanta cuantos cuantas".split())
_MONEY_MATTERS = re.compile(
    r"\b(?:pa(?:y|ys|id)|costs?|earn\w*|spen[dt]\w*|worth|pric\w+|s[eo]ll?d?|bid\w*|rais\w+|donat\w+|money|cash|geld|dinero"
    r"|argent|compensation|profit|salary|fine[ds]?|insur\w+|asciende|offer\w*|fund\w*|dollars?|euros?|pounds?)\b",
    re.IGNORECASE,
)
_PAID = re.compile(r"\b(?:costs?|pay|paid|price)\b", re.IGNORECASE)
_NAMED = re.compile(r"\b(?:called|titled|named|name|nickname(?:d)?)\b", re.IGNORECASE)
_KIND_OF = re.compile(r"\b(?:kind|type|sort)s? of ", re.IGNORECASE)
_FILLERS = frozenset("is are was were s the a an its their his her this that these those new current".split())
_ENDS_NOUN = frozenset(
    "did does do is are was were has have had will would can could should of to for in at on from that who which with by "
    "named called been be might may must said than more".split()
)


def _table(*rows: tuple[Kind, str]) -> dict[str, Kind]:
    return {word: kind for kind, listed in rows for word in listed.split()}


_BY_WORD = _table(
    (Kind.NAME, "who whom whose wer wen wem quién quien quiénes quienes qui"),
    (Kind.PLACE, "where wo dónde donde où"),
    (Kind.DATE, "when wann cuándo cuando quand"),
    (Kind.REASON, "why warum wieso pourquoi"),
)
_BY_MEASURE = _table(
    (Kind.DURATION, "long lange"),
    (Kind.AGE, "old young alt"),
    (Kind.NUMBER, "much many tall far often fast heavy big large deep close hot high wide viel viele hoch"),
)
_NOUNS = _table(
    (Kind.PERCENT, "percentage percent proportion share"),
    (Kind.MONEY, "price cost salary fine sum amount budget profit pay wage fee"),
    (Kind.YEAR, "year"),
    (Kind.DATE, "day date month weekday"),
    (Kind.AGE, "age"),
    (Kind.DURATION, "length duration"),
    (Kind.NUMBER, "number magnitude temperature score speed rate level total size weight height mark"),
    (Kind.COUNTRY, "country nation neighbour"),
    (Kind.STATE, "state"),
    (
        Kind.PLACE,
        "city town village place region continent county island ocean sea lake river location venue area destination",
    ),
    (Kind.COLOUR, "color colour shade"),
    (Kind.REASON, "reason cause"),
    (Kind.NAME, "name title nickname person man woman actor actress singer star player celebrity president minister"),
    (Kind.NAME, "politician senator governor mayor candidate leader comedian comic rapper musician artist author"),
    (
        Kind.NAME,
        "billionaire mp member athlete coach royal judge journalist king queen prince princess official champion",
    ),
    (
        Kind.NAME,
        "footballer driver director designer scientist host republican democrat deputy figure character composer",
    ),
    (Kind.NAME, "company airline team school university college automaker carmaker brand chain network platform app"),
    (Kind.NAME, "organisation organization agency group party club bank store retailer supermarket newspaper magazine"),
    (
        Kind.NAME,
        "broadcaster firm giant franchise league carrier museum union movie film song album series show sitcom",
    ),
    (
        Kind.NAME,
        "book novel painting game musical drama cartoon opera strip podcast bill law act storm hurricane mission",
    ),
    (Kind.NAME, "holiday award landmark park band program programme sport"),
)
_BY_NOUN = {stem(noun): kind for noun, kind in _NOUNS.items()}
