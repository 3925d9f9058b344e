"""A sentence to the people, firms and places in it: names with their kind, and people called by what they are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from functools import lru_cache

from assistant.clauses import ADVERBS, AUXILIARIES, DETERMINERS, PREPOSITIONS, SAYING, Token, is_finite, tokenize
from assistant.coreference._words import (
    AGENCIES,
    CALENDAR,
    CITIES,
    COUNTRIES,
    FEMALE_NAMES,
    FEMALE_ROLES,
    FEMALE_TITLES,
    GROUP_WORDS,
    HUMAN_VERBS,
    MALE_NAMES,
    MALE_ROLES,
    MALE_TITLES,
    NAME_WORD,
    PEOPLE_AND_PLACES,
    PLACE_FIRST,
    PLACE_WORDS,
    REGIONS,
    ROLES,
    TITLES,
)
from assistant.terms import STOP_WORDS


class NameKind(Enum):
    PERSON = "person"
    GROUP = "group"  # a firm, an office, a party, an institution
    PLACE = "place"
    OTHER = "other"  # could be any of them


@dataclass(frozen=True, slots=True)
class Mention:
    """A name or "the captain" in a sentence, `sentence[start:end]`."""

    text: str
    start: int
    end: int
    kind: NameKind
    title: str = ""
    """What he or she is: "president", "captain"; lower case."""
    female: bool | None = None
    named: bool = True

    @property
    def last(self) -> str:
        return self.text.split()[-1].casefold()


def touch(text: str, tokens: Sequence[Token], at: int) -> bool:
    return text[tokens[at - 1].end : tokens[at].start] in {" ", " & "}


def is_name(token: Token) -> bool:
    return token.capital and token.low not in STOP_WORDS | DETERMINERS | PREPOSITIONS


@lru_cache(maxsize=512)
def mentions_in(text: str) -> tuple[Mention, ...]:
    """Names, and people called by what they are; an apposition is one with its name."""
    tokens = tokenize(text)
    names = list(_find_names(tokens, text))
    roles = [role for role in _find_roles(tokens, text) if not any(n.start <= role.start < n.end for n in names)]
    return tuple(sorted(_joined(names, roles, text), key=lambda mention: mention.start))


def _find_names(tokens: Sequence[Token], text: str) -> Iterator[Mention]:
    at = 0
    while at < len(tokens):
        end = at
        while (
            end < len(tokens)
            and is_name(tokens[end])
            and tokens[end].low not in CALENDAR
            and (end == at or touch(text, tokens, end))
        ):
            end += 1
            if tokens[end - 1].low.endswith("'s"):
                break
        if end > at:
            yield from _typed(tokens, at, end, text)
        at = max(end, at + 1)


def _typed(tokens: Sequence[Token], begin: int, end: int, text: str) -> Iterator[Mention]:
    """The name in tokens[begin:end] with its kind; titles before it are no part of it."""
    titles = [at for at in range(begin, end) if tokens[at].low.rstrip(".") in TITLES]
    start, title = (titles[-1] + 1, tokens[titles[-1]].low.rstrip(".")) if titles else (begin, "")
    if start == end:
        return
    words = tokens[start:end]
    name = text[words[0].start : words[-1].end]
    name = name[:-2] if name.endswith(("’s", "'s")) else name
    before = tokens[begin - 1].low if begin else ""
    role_before = before if before in ROLES and touch(text, tokens, begin) else ""
    kind = _kind_of(name.casefold().split(), title or role_before, before, _says(tokens, start, end))
    if kind is NameKind.PERSON and not title and _modifies(tokens, end, text):
        kind = NameKind.OTHER
    if kind is NameKind.OTHER and start == 0 and end == 1 and not title and not _known_single(tokens, text):
        return
    yield Mention(
        name, words[0].start, words[0].start + len(name), kind, title or role_before, _gender(words[0].low, title)
    )


def _modifies(tokens: Sequence[Token], end: int, text: str) -> bool:
    """Whether the name stands before a noun, as in "the Tom Brady era"."""
    return (
        end < len(tokens)
        and touch(text, tokens, end)
        and tokens[end].low not in STOP_WORDS | PREPOSITIONS | AUXILIARIES | HUMAN_VERBS
        and not tokens[end].low.endswith("ly")
        and not is_finite(tokens, end, text)
    )


def _known_single(tokens: Sequence[Token], text: str) -> bool:
    """Whether a capital at a sentence's beginning may be a name's: what follows is a verb, an apposition or what it has."""
    if len(tokens) < 2:
        return False
    apposed = "," in text[tokens[0].end : tokens[1].start] and (
        tokens[1].low in DETERMINERS | {"who", "which", "whose"} or tokens[1].low.isdigit()
    )
    after = 2 if len(tokens) > 2 and (tokens[1].low in ADVERBS or tokens[1].low.endswith("ly")) else 1
    return tokens[0].low.endswith("'s") or apposed or is_finite(tokens, after, text)


def _says(tokens: Sequence[Token], start: int, end: int) -> bool:
    follows = tokens[end].low if end < len(tokens) else ""
    before = tokens[start - 1].low if start else ""
    return follows in HUMAN_VERBS or before in SAYING or follows.isdigit()


def _kind_of(words: Sequence[str], title: str, before: str, says: bool) -> NameKind:
    plain = [word.strip(".") for word in words if word != "&"]
    if title:
        return NameKind.PERSON
    if len(plain) == 1 and plain[0] in PEOPLE_AND_PLACES:
        return NameKind.OTHER
    if (
        plain[-1] in COUNTRIES | CITIES | REGIONS
        or plain[-1] in PLACE_WORDS
        or (len(plain) > 1 and plain[0] in PLACE_FIRST)
    ):
        return NameKind.PLACE
    if any(word in GROUP_WORDS for word in plain) or plain[0] in AGENCIES or "&" in words or before == "the":
        return NameKind.GROUP
    if before in {"in", "at", "near"} and not says:
        return NameKind.PLACE
    if plain[0] in FEMALE_NAMES | MALE_NAMES and len(plain) > 1:
        return NameKind.PERSON
    if len(plain) in (2, 3) and all(NAME_WORD.match(word) for word in plain):
        return NameKind.PERSON if says or before not in {"from", "to", "of"} else NameKind.OTHER
    return NameKind.OTHER


def _gender(first: str, title: str) -> bool | None:
    if title in FEMALE_TITLES or first in FEMALE_NAMES or title in FEMALE_ROLES:
        return True
    return False if title in MALE_TITLES or first in MALE_NAMES or title in MALE_ROLES else None


def phrase_start(tokens: Sequence[Token], text: str, at: int, most: int) -> int:
    """Where the noun phrase begins whose noun is the token at `at`: at most so many words before it, no determiner."""
    begin = at
    while (
        begin
        and at - begin < most
        and tokens[begin - 1].low not in DETERMINERS | PREPOSITIONS
        and touch(text, tokens, begin)
    ):
        begin -= 1
    return begin


def _find_roles(tokens: Sequence[Token], text: str) -> Iterator[Mention]:
    for at, token in enumerate(tokens):
        if token.low not in ROLES or token.capital:
            continue
        begin = phrase_start(tokens, text, at, 3)
        female = True if token.low in FEMALE_ROLES else False if token.low in MALE_ROLES else None
        phrase = "the " + text[tokens[begin].start : token.end]
        start = tokens[begin - 1].start if begin and tokens[begin - 1].low in DETERMINERS else tokens[begin].start
        yield Mention(phrase, start, token.end, NameKind.PERSON, token.low, female, named=False)


def _joined(names: list[Mention], roles: list[Mention], text: str) -> Iterator[Mention]:
    """Names and roles, each person once: "the captain, Ingrid Solheim" and "Rosa Imbert, president of ..." are one."""
    taken: set[int] = set()
    for name in names:
        for role in roles:
            before = role.end <= name.start and text[role.end : name.start] in {", ", " "}
            if (before or text[name.end : role.start] == ", ") and name.kind in (NameKind.PERSON, NameKind.OTHER):
                taken.add(role.start)
                female = name.female if name.female is not None else role.female
                name = replace(name, kind=NameKind.PERSON, title=name.title or role.title, female=female)  # noqa: PLW2901
        yield name
    yield from (role for role in roles if role.start not in taken)
