"""Words of a text to the names in it: capitalised sequences, titles and ordinary words left out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from assistant.terms import STOP_WORDS
from assistant.tokens import load_encoding
from assistant.types import Kind
from assistant.values.days import MONTHS, WEEKDAYS
from assistant.values.same import is_country, name_key
from assistant.values.units import CURRENCIES, PLURALS, SMALL, TENS, UNITS
from assistant.values.value import Value
from assistant.values.words import DASHES, Token

_TITLES = frozenset(
    """
    admiral ambassador archbishop baron baroness bishop brigadier captain cardinal chairman chairwoman chancellor chief
    colonel commander commissioner congressman congresswoman corporal councillor councilman countess dame director doctor dr
    duchess duke
    emperor general governor judge king lady lieutenant lord madam major marshal mayor minister miss mr mrs ms officer president
    prince princess professor prof queen rabbi representative reverend secretary senator sergeant sheikh sheriff sir speaker
    sultan gen col lt sgt sen rep gov capt rev adm maj pres herr frau señor señora monsieur madame
    """.split()
)
_BEFORE_TITLES = frozenset(
    "air vice deputy former acting ex prime foreign first chief attorney lieutenant rear police defence defense finance"
    " interior home health education justice trade transport energy environment agriculture labour labor economy culture"
    " press".split()
)
_NO_TITLE_BEFORE = frozenset(
    "motors electric mills assembly hospital island islands edward castle court news league election general's".split()
)
_ABBREVIATED = frozenset("mr mrs ms dr gen col lt sgt sen rep gov capt rev prof adm maj pres st jr sr mt ft".split())
_PARTICLES = frozenset(
    "de del della der den di da do dos das du la le las los van von zu bin ibn al el ben ter ten".split()
)
_NOT_NAMES = (
    STOP_WORDS
    | frozenset(MONTHS)
    | frozenset(WEEKDAYS)
    | frozenset(SMALL)
    | frozenset(
        "however meanwhile moreover today tomorrow yesterday yes although though despite since unlike like another every many"
        " later earlier hundreds thousands dozens among amid across along until unless whether perhaps instead among still"
        " der die das ein eine und im am el los las un una en le les des".split()
    )
) - {"us", "may", "march"}
_LONGEST_NAME = 10  # words
_LONGEST_HEADLINE = 20  # words


def names(text: str, tokens: list[Token], free: set[int], numbered: set[int], german: bool = False) -> list[Value]:
    """The names among the free tokens; in German, where every noun has a capital, only long ones, countries, acronyms."""
    finder = _Names(text, tokens, free, numbered, german)
    return [value for run in finder.runs() for value in finder.values(run)]


class _Names:
    """Reads capitalised sequences; what stands at the start of a sentence has to show that it is a name."""

    def __init__(self, text: str, tokens: list[Token], free: set[int], numbered: set[int], german: bool) -> None:
        self.text, self.tokens, self.free, self.numbered, self.german = text, tokens, free, numbered, german
        self.starts = [self.starts_sentence(at) for at in range(len(tokens))]
        self.title_case = title_case_lines(text, tokens)  # capitals say nothing in such a line
        self.lower = {token.text for token in tokens if token.text.islower()}
        self.inside = {
            token.text
            for at, token in enumerate(tokens)
            if token.text[0].isupper() and not self.starts[at] and at not in self.title_case
        }

    def starts_sentence(self, at: int) -> bool:
        if at == 0:
            return True
        before = self.tokens[at - 1]
        if "\n" in self.text[before.end : self.tokens[at].start]:
            return True
        if before.text == "." and at > 1:
            previous = self.tokens[at - 2]
            initial = len(previous.text) == 1 and previous.text.isupper()
            return not (initial or previous.lower in _ABBREVIATED)
        return before.text in '.!?:;"“”„«»‘()[]•*—–'

    def capital(self, at: int) -> bool:
        token = self.tokens[at] if at in self.free else None
        return token is not None and token.kind == "w" and (token.text[0].isupper() or token.text[1:2].isupper())

    def runs(self) -> Iterator[list[int]]:
        """Token indices of capitalised sequences, particles and numbers inside."""
        at = 0
        while at < len(self.tokens):
            if not self.capital(at):
                at += 1
                continue
            run = [at]
            while len(run) < _LONGEST_NAME and (more := self.more(run[-1], len(run) == 1)):
                run += more
            yield run
            at = run[-1] + 1

    def more(self, at: int, first: bool) -> list[int]:
        """The indices that go on a name behind the token `at`; `first` is whether that is all of the name so far."""
        if (
            self.tokens[at].lower.endswith(("'s", "s'"))
            and self.tokens[at].kind == "w"
            and "'" in self.tokens[at].lower
        ):
            return []
        for length in (1, 2, 3):
            joints, last = range(at + 1, at + length), at + length
            if (
                last >= len(self.tokens)
                or last not in self.free
                or "\n" in self.text[self.tokens[at].end : self.tokens[last].start]
            ):
                return []
            if (self.capital(last) or last in self.numbered) and self.joins(at, joints, last, first):
                return [*joints, last]
        return []

    def joins(self, at: int, joints: range, last: int, first: bool) -> bool:
        words = [self.tokens[i].lower for i in joints]
        glued = all(self.tokens[i].end == self.tokens[i + 1].start for i in range(at, last))
        if not words:
            return self.tokens[last].text[0].isupper() or glued or self.tokens[last].kind == "n"
        if words == ["."]:
            token = self.tokens[at]
            return token.lower in _ABBREVIATED or (len(token.text) == 1 and token.text.isupper())
        if words in (["-"], ["‑"], ["&"], ["'"], ["’"]):
            return words == ["&"] or glued
        if self.tokens[last].kind == "n":
            return False
        if words in (["of"], ["of", "the"], ["for"]):
            return not is_country(self.tokens[at].text) and (first or is_dictionary_word(self.tokens[at].lower))
        return all(word in _PARTICLES for word in words) or words in (["al", "-"], ["el", "-"])

    def values(self, run: list[int]) -> Iterator[Value]:
        """The names of a sequence, titles and leading ordinary words left out."""
        titled = self.titles(run)
        parts: list[list[int]] = [[]]
        for index in run:
            if index in titled or (index in self.title_case and self.capital(index) and self.is_no_name(index, run)):
                parts.append([])
            else:
                parts[-1].append(index)
        for part in parts:
            if trimmed := self.trimmed(part):
                yield self.value(trimmed)

    def titles(self, run: list[int]) -> set[int]:
        found: set[int] = set()
        for place in range(len(run) - 1, -1, -1):
            index, word = run[place], self.tokens[run[place]].lower
            behind = run[place + 1] if place + 1 < len(run) else -1
            next_word = self.tokens[behind].lower if behind >= 0 else ""
            if word in _TITLES and next_word not in _NO_TITLE_BEFORE:
                found |= {index}
                if next_word == "of" and place + 2 < len(run) and self.tokens[run[place + 2]].lower == "state":
                    found |= {behind, run[place + 2]}
            elif word in _BEFORE_TITLES and behind in found:
                found.add(index)
        if len(found) < len(run):
            found |= {i for i in run if self.tokens[i].text == "." and i - 1 in found}
        return found

    def trimmed(self, part: list[int]) -> list[int]:
        """The part without joints and ordinary words at its edges; empty when no name is left."""
        while part and (
            self.tokens[part[0]].kind != "w" or not self.capital(part[0]) or self.is_no_name(part[0], part)
        ):
            part = part[1:]
        while part and not (self.capital(part[-1]) or self.tokens[part[-1]].kind == "n"):
            part = part[:-1]
        return part

    def is_no_name(self, at: int, part: list[int]) -> bool:
        token = self.tokens[at]
        if at in self.numbered:
            return False
        word = token.lower.removesuffix("'s")
        acronym = token.text.isupper() and len(token.text) > 1 and (at not in self.title_case or len(token.text) <= 4)
        if word in _NOT_NAMES and not (acronym and at not in self.title_case):
            return True
        if len(token.text) == 1 and len(part) == 1:
            return True
        if word == "us":
            return not acronym
        if is_country(token.text) or acronym:
            return False
        if self.german and len(part) == 1:
            return True
        if not (self.starts[at] or at in self.title_case):
            return False
        if len(part) > 1 and at not in self.title_case:
            return word.endswith("ly") and is_ordinary_word(word)
        if word in self.lower or token.text in self.inside:
            return word in self.lower
        return is_ordinary_word(word)

    def value(self, part: list[int]) -> Value:
        start, end = self.tokens[part[0]].start, self.tokens[part[-1]].end
        if start >= 3 and re.fullmatch(r"\b(?:al|el)-", self.text[start - 3 : start], re.IGNORECASE):
            start -= 3
        written = re.sub(r"['’]s?$", "", self.text[start:end])
        return Value(Kind.NAME, written, start, start + len(written), key=name_key(written))


def title_case_lines(text: str, tokens: list[Token]) -> set[int]:
    """Indices of the words of short lines without a full stop that are written With Capitals Nearly Throughout."""
    lines: list[list[int]] = [[]]
    for at, token in enumerate(tokens):
        if at and "\n" in text[tokens[at - 1].end : token.start]:
            lines.append([])
        lines[-1].append(at)
    return {at for line in lines if _is_title_case([tokens[at] for at in line]) for at in line}


def _is_title_case(line: list[Token]) -> bool:
    long = [token.text for token in line if token.kind == "w" and len(token.text) > 3]
    headline = len(line) <= _LONGEST_HEADLINE and line and line[-1].text not in ".!?"
    return bool(headline) and len(long) >= 4 and sum(word[0].isupper() for word in long) >= 0.8 * len(long)


@lru_cache(maxsize=8192)
def is_ordinary_word(word: str) -> bool:
    """Whether a word is written small more often than with a capital, as the vocabulary of o200k_base has it.

    Its byte pairs are numbered by frequency: " officials" comes before " Officials", " Putin" is a token and " putin" none.
    """
    encoding = load_encoding()
    if encoding is None:
        return word.endswith(("s", "ed", "ing", "ly", "ion"))
    small, capital = (encoding.encode_ordinary(f" {form}"[:40]) for form in (word.lower(), word.capitalize()))
    if len(small) == 1:
        return len(capital) > 1 or small[0] < capital[0]
    return len(capital) > 1 and word.endswith(("ers", "ors", "ists", "ing", "ly", "ions", "ments"))


def is_dictionary_word(word: str) -> bool:
    """Whether the vocabulary has the word in small letters, as it has "university" and not "macron"."""
    encoding = load_encoding()
    return encoding is None or len(encoding.encode_ordinary(f" {word}"[:40])) == 1


def numbers_in_names(text: str, tokens: list[Token], free: set[int]) -> set[int]:
    """Indices of numbers that belong to a name: Boeing 737, Covid-19, G7, Three Mile Island, World War Two."""
    found: set[int] = set()
    for at in sorted(free - title_case_lines(text, tokens)):
        token = tokens[at]
        before = tokens[at - 1] if at - 1 in free else None
        if token.kind == "n":
            if before and _numbered_name(tokens, at, before):
                found.add(at)
        elif token.text[0].isupper() and (token.lower in SMALL or token.lower in TENS) and _named_count(tokens, at):
            found.add(at)
    return found


_COUNTED_ON = frozenset("to in of were was are have had has died more percent per out million thousand billion".split())


def _numbered_name(tokens: list[Token], at: int, before: Token) -> bool:
    token, glued = tokens[at], before.end == tokens[at].start
    if before.text in DASHES and glued and at > 1:
        named = tokens[at - 2]
        return named.kind == "w" and named.end == before.start and named.text[0].isupper()
    if before.kind != "w" or not (before.text[0].isupper() or before.text[1:2].isupper()):
        return False
    if glued:
        return before.lower not in CURRENCIES
    behind = tokens[at + 1] if at + 1 < len(tokens) else None
    if (
        not token.text.isdecimal()
        or before.lower in _NOT_NAMES
        or before.lower in CURRENCIES
        or is_country(before.text)
    ):
        return False
    if behind is None or behind.kind == "s":
        return behind is None or behind.text in ".,;?!'’\"”)"
    counted = (
        behind.lower in _COUNTED_ON or (behind.lower,) in UNITS or behind.lower in PLURALS or behind.lower.endswith("s")
    )
    return not counted and (behind.start > token.end) and not (before.text.isupper() and len(before.text) == 1)


def _named_count(tokens: list[Token], at: int) -> bool:
    """Whether a capitalised number word is part of a name: between capitals, or in front of one inside a sentence."""
    before = tokens[at - 1] if at else None
    behind = tokens[at + 1] if at + 1 < len(tokens) else None
    starts = before is None or before.text in '.!?:"“(' or before.end < tokens[at].start - 1
    if before and before.kind == "w" and before.text[0].isupper() and before.lower not in _NOT_NAMES:
        return True
    capital = behind is not None and behind.kind == "w" and behind.text[0].isupper() and not is_country(behind.text)
    if not starts or not capital or behind is None:
        return capital
    last = at + 1
    while last + 1 < len(tokens) and tokens[last + 1].kind == "w" and tokens[last + 1].text[0].isupper():
        last += 1
    counted = (
        last + 1 < len(tokens)
        and tokens[last + 1].lower.endswith("s")
        and tokens[last + 1].lower not in ("was", "is", "has")
    )
    return not counted and is_ordinary_word(behind.lower)
