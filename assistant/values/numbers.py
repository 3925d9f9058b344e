"""Words of a text to its numbers, with unit, bound, range and what they count."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from typing import NamedTuple

from assistant.terms import STOP_WORDS, stem
from assistant.types import Kind
from assistant.values.units import (
    BOUNDS,
    BOUNDS_BEHIND,
    CURRENCIES,
    DENOMINATORS,
    FOREIGN_COUNTS,
    FOREIGN_SCALES,
    GLUED_SCALES,
    LONGEST_BOUND,
    LONGEST_UNIT,
    MANY,
    METRES_BEFORE,
    NO_COUNT_BEFORE_ONE,
    NOT_NOUNS,
    ORDINALS,
    PLURALS,
    SCALES,
    SMALL,
    TENS,
    UNITS,
    VOTED,
)
from assistant.values.value import Value
from assistant.values.words import DASHES, FRACTIONS, Token


class Amount(NamedTuple):
    number: float | None
    next: int
    """The token behind it."""
    low: float | None = None
    unit: str = ""
    bound: str = ""
    scale: float = 1.0


def numbers(text: str, tokens: list[Token], free: set[int], language: str | None) -> Iterator[Value]:
    reader = _Reader(text, tokens, free, _count_words(language))
    at = 0
    while at < len(tokens):
        found = reader.value_at(at) if at in free else None
        if found:
            yield found[0]
            at = max(found[1], at + 1)
        else:
            at += 1


@lru_cache(maxsize=8)
def _count_words(language: str | None) -> dict[str, float]:
    """Number words below a hundred and foreign words of any size."""
    return SMALL | TENS | FOREIGN_COUNTS.get(language or "", {})


_BOUND_ENDS = frozenset(words[-1] for words in BOUNDS)
_BEHIND_STARTS = frozenset(words[0] for words in BOUNDS_BEHIND)
_UNIT_STARTS = frozenset(words[0] for words in UNITS)


_LONGEST_SPELLED = 12  # words


class _Reader:
    """Reads one number at a place of a token list."""

    def __init__(self, text: str, tokens: list[Token], free: set[int], counts: dict[str, float]) -> None:
        self.text, self.tokens, self.free, self.counts = text, tokens, free, counts
        self.done = 0  # the token behind the last value: bounds reach back no further

    def lower(self, at: int) -> str:
        return self.tokens[at].lower if at in self.free else ""

    def glued(self, at: int) -> bool:
        """Whether nothing stands between this token and the one before."""
        return 0 < at < len(self.tokens) and self.tokens[at - 1].end == self.tokens[at].start

    def value_at(self, at: int) -> tuple[Value, int] | None:
        currency, first = self.currency(at)
        amount = self.amount(first)
        if amount is None or self.is_part_of_word(first, amount):
            return None
        second = self.range_end(at, amount)
        unit, end = ("", amount.next) if amount.unit else self.unit(second.next if second else amount.next)
        unit = currency or unit or (second.unit if second else "") or amount.unit
        if self.is_bare_one(first, amount, unit):
            return None
        value = self.value(at, end, amount, second, unit)
        self.done = value[1]
        return value

    def value(self, at: int, end: int, amount: Amount, second: Amount | None, unit: str) -> tuple[Value, int]:
        between = second is not None and at > 0 and self.lower(at - 1) == "between"
        start, bound = (at - 1, "") if between else self.bound_before(at)
        end, after = self.bound_after(end)
        bound = amount.bound or after or bound
        number, low, high = amount.number, amount.low, None
        if second:
            number, low, high, bound = None, *_range(amount, second)
        if start == at and self.negative(at):
            start, number = at - 1, -number if number is not None else None
        first, last = self.tokens[start], self.tokens[end - 1]
        found = Value(
            Kind.NUMBER, self.text[first.start : last.end], first.start, last.end, number, unit, bound, low, high,
            noun=self.noun(end, number) if unit in ("", "ordinal", "share", "percent", "times") else "",
        )  # fmt: skip
        return self.with_age(found), end

    def currency(self, at: int) -> tuple[str, int]:
        """(currency, the token behind it) where money is written in front of the figure."""
        pair = self.lower(at) + self.lower(at + 1) if self.glued(at + 1) else ""
        if pair in CURRENCIES and len(pair) > 1:
            return CURRENCIES[pair], at + 2
        if self.lower(at) in CURRENCIES and at + 1 < len(self.tokens) and self.tokens[at + 1].kind == "n":
            return CURRENCIES[self.lower(at)], at + 1
        return "", at

    def amount(self, at: int) -> Amount | None:
        """The figure or number words that begin here, scales included."""
        if at not in self.free:
            return None
        token = self.tokens[at]
        if token.kind == "n":
            return self.figure(at) if token.number >= 0 else None
        if token.number:
            return Amount(token.number, at + 1)
        return self.fraction(at) or self.ordinal(at) or self.many(at) or self.spelled(at)

    def figure(self, at: int) -> Amount | None:
        token, number, end = self.tokens[at], self.tokens[at].number, at + 1
        if end < len(self.tokens) and self.tokens[end].text in FRACTIONS:
            number, end = number + FRACTIONS[self.tokens[end].text], end + 1
        suffix = self.lower(end)
        if self.glued(end) and suffix in ("st", "nd", "rd", "th") and token.text.isdecimal():
            return Amount(number, end + 1, unit="ordinal")
        if self.glued(end) and suffix == "m" and self.lower(end + 1) in METRES_BEFORE:
            return Amount(number, end + 1, unit="m")
        if self.glued(end) and suffix in GLUED_SCALES:
            return Amount(number * GLUED_SCALES[suffix], end + 1, scale=GLUED_SCALES[suffix])
        scaled, end = self.scaled(number, end)
        return self.out_of(Amount(scaled, end, scale=scaled / number if number else 1.0))

    def scaled(self, number: float, end: int) -> tuple[float, int]:
        """Apply "and a half", "hundred", "million" and the like."""
        if [self.lower(end + i) for i in range(3)] == ["and", "a", "half"]:
            number, end = number + 0.5, end + 3
        while True:
            at = end + 1 if self.lower(end) in DASHES and self.glued(end) and self.glued(end + 1) else end
            scale = SCALES.get(self.lower(at)) or FOREIGN_SCALES.get(self.lower(at))
            if not scale:
                return number, end
            number, end = number * scale, at + 1
            if self.lower(end) == "." and self.tokens[at].lower in ("mio", "mrd"):
                end += 1

    def spelled(self, at: int) -> Amount | None:
        """Number words: "two hundred and thirty-one", "a dozen", "half a million"."""
        total = current = 0.0
        end, seen = at, False
        if self.lower(at) in ("a", "an") and self.lower(at + 1) in SCALES:
            current, end, seen = 1.0, at + 1, True
        for _ in range(_LONGEST_SPELLED):
            joined = self.next_number_word(end, may_add=seen and bool(total or current) and current % 100 == 0)
            word = self.lower(joined)
            value, scale = self.counts.get(word), SCALES.get(word) or FOREIGN_SCALES.get(word)
            if value is not None and _fits(value, current, seen):
                current, seen = current + value, True
            elif seen and scale and scale <= 100:
                current *= scale
            elif seen and scale:
                total, current = total + current * scale, 0.0
            else:
                break
            end = joined + 1
        if not seen:
            return None
        number = total + current
        if [self.lower(end + i) for i in range(3)] == ["and", "a", "half"]:
            number, end = self.scaled(number, end)
        return self.out_of(self.with_denominator(Amount(number, end)))

    def next_number_word(self, end: int, may_add: bool) -> int:
        """The token that may go on a spelled number: behind a hyphen, and behind "and" after hundreds."""
        word = self.lower(end)
        hyphen = word in DASHES and self.glued(end) and self.glued(end + 1)
        added = may_add and word == "and" and self.lower(end + 1) in self.counts
        return end + (hyphen or added)

    def with_denominator(self, amount: Amount) -> Amount:
        """Two-thirds, three quarters (of a million); "twenty-first" is no fraction."""
        at = amount.next
        at += self.lower(at) in DASHES and self.glued(at)
        word, number = self.lower(at), amount.number or 0.0
        if word in ORDINALS and number in TENS.values() and ORDINALS[word] < 10 and at > amount.next:
            return Amount(number + ORDINALS[word], at + 1, unit="ordinal")
        singular = word.removesuffix("s")
        if singular in DENOMINATORS and (word != singular or number == 1) and word != "seconds" and number < 20:
            return self.share(number / DENOMINATORS[singular], at + 1)
        return amount

    def fraction(self, at: int) -> Amount | None:
        """Words like "half a million", "half of", "a third of", "a quarter of a million"."""
        article = self.lower(at) in ("a", "an")
        denominator = DENOMINATORS.get(self.lower(at + article))
        end = at + article + 1
        if denominator is None or (at and self.lower(at - 1) in (*ORDINALS, "-", "other", "latter")):
            return None
        if denominator == 2 and not article and (self.lower(end) == "dozen" or self.lower(end) in SCALES):
            return Amount(SCALES[self.lower(end)] / 2, end + 1)
        if (
            denominator == 2
            and not article
            and self.lower(end) in ("the", "of", "its", "their", "his", "her", "all", "a", "an")
        ):
            return self.share(0.5, end)
        return self.share(1 / denominator, end) if article and self.lower(end) == "of" else None

    def share(self, number: float, end: int) -> Amount:
        """A part of something, or of a round number."""
        at = end + (self.lower(end) == "of")
        if self.lower(at) in ("a", "an") and self.lower(at + 1) in SCALES:
            number, end = self.scaled(number, at + 1)
            return Amount(number, end)
        return Amount(number, end, unit="share")

    def ordinal(self, at: int) -> Amount | None:
        word = self.lower(at)
        if word in ("twice", "thrice"):
            return Amount(2.0 if word == "twice" else 3.0, at + 1, unit="times")
        if word not in ORDINALS or (at and self.lower(at - 1) in ("at", "a", "-") and word in ("first", "second")):
            return None
        determined = at and self.lower(at - 1) in ("the", "its", "his", "her", "their", "our", "s", "my")
        possessive = at and self.lower(at - 1).endswith("'s")
        noun = self.noun(at + 1, 1)
        if (
            word == "first"
            and not determined
            and not possessive
            and (self.lower(at + 1),) not in UNITS
            and noun != "time"
        ):
            return None
        return Amount(float(ORDINALS[word]), at + 1, unit="ordinal")

    def many(self, at: int) -> Amount | None:
        """At least two of something: "dozens", "tens of thousands"."""
        low = MANY.get(self.lower(at))
        if low is None:
            return None
        end = at + 1
        if self.lower(end) == "of" and self.lower(end + 1) in MANY:
            low, end = low / 2 * MANY[self.lower(end + 1)], end + 2
        elif self.lower(end) != "of" and self.lower(at) in ("scores", "tens"):
            return None
        return Amount(None, end, low=low, bound="many")

    def out_of(self, amount: Amount) -> Amount:
        """Read the rest of "one in five" and "nine out of ten"."""
        at = amount.next
        at += 2 if [self.lower(at), self.lower(at + 1)] == ["out", "of"] else 1 if self.lower(at) == "in" else 0
        if at == amount.next or amount.number is None or at not in self.free:
            return amount
        token = self.tokens[at]
        whole = token.number if token.kind == "n" else self.counts.get(token.lower, 0.0)
        if (
            not amount.number < whole <= 1000
            or self.unit(at + 1)[0]
            or (token.kind != "n" and self.lower(at + 1) in SCALES)
        ):
            return amount
        return Amount(amount.number / whole, at + 1, unit="share")

    def range_end(self, at: int, first: Amount) -> Amount | None:
        """The second number of "10-20", "10 to 20", "between 10 and 20" and of a score."""
        if first.unit or first.number is None:
            return None
        unit, behind = self.unit(first.next)
        voted = self.lower(behind) in VOTED and self.lower(behind + 1) in ("to", "against")
        behind += voted
        word = self.lower(behind)
        before = self.lower(at - 1) if at else ""
        dash = word in DASHES and (self.glued(behind) == self.glued(behind + 1))
        joined = dash or (word == "to" and before != "from") or voted or (word == "and" and before == "between")
        if not joined or (dash and word == "—"):
            return None
        _, start = self.currency(behind + 1)
        second = self.amount(start)
        if second is None or second.number is None or second.unit:
            return None
        changed = word == "to" and bool(unit) and unit != self.unit(second.next)[0]  # "fell 3 per cent to 102p"
        return None if changed else second

    def unit(self, at: int) -> tuple[str, int]:
        """(unit, the token behind it) at a place behind a number; ("", at) when there is none."""
        start = at + (self.lower(at) in DASHES and self.glued(at) and self.glued(at + 1))
        for length in range(LONGEST_UNIT if self.lower(start) in _UNIT_STARTS else 0, 0, -1):
            if unit := UNITS.get(tuple(self.lower(start + i) for i in range(length))):
                return unit, self.behind_old(start + length) if unit == "year" else start + length
        if self.lower(start) == "p" and self.glued(start):
            return "cent", start + 1
        return ("m", start + 1) if self.lower(start) == "m" and not self.glued(start) else ("", at)

    def behind_old(self, at: int) -> int:
        """The token behind the "-old" of "45-year-old"."""
        at_old = at + (self.lower(at) in DASHES)
        return at_old + 1 if self.lower(at_old) == "old" else at

    def bound_before(self, at: int) -> tuple[int, str]:
        """(first token of the bound, bound) in front of a number."""
        for length in range(LONGEST_BOUND if self.lower(at - 1) in _BOUND_ENDS else 0, 0, -1):
            start = at - length
            if start >= self.done and (bound := BOUNDS.get(tuple(self.lower(i) for i in range(start, at)))):
                if bound == "more" and start > self.done and self.lower(start - 1) == "no":
                    return start - 1, "at most"
                return start, bound
        return at, ""

    def bound_after(self, end: int) -> tuple[int, str]:
        for length in (2, 1) if self.lower(end) in _BEHIND_STARTS else ():
            if bound := BOUNDS_BEHIND.get(tuple(self.lower(end + i) for i in range(length))):
                return end + length, bound
        return end, ""

    def negative(self, at: int) -> bool:
        before = self.lower(at - 1) if at > self.done else ""
        if before == "minus":
            return True
        return before in ("-", "−") and self.glued(at) and not self.glued(at - 1)

    def noun(self, at: int, number: float | None) -> str:
        """Stem of the head noun behind a number: the first plural of up to four words, or the first word."""
        at += self.lower(at) in DASHES and self.glued(at) and self.glued(at + 1)
        while self.lower(at) in ("of", "the", "its", "their", "all", "those", "these", "more", "other", "new"):
            at += 1
        words: list[str] = []
        for index in range(at, min(at + 4, len(self.tokens))):
            token = self.tokens[index]
            if token.kind != "w" or token.lower in NOT_NOUNS or index not in self.free:
                break
            words.append(token.lower)
            if number != 1 and (token.lower in PLURALS or _is_plural(token.lower)):
                return stem(token.lower)
        return stem(words[0]) if words else ""

    def with_age(self, value: Value) -> Value:
        """Years for "aged 45" and for the "45" of "Tomas Brandl, 45, said"."""
        before = self.text[max(0, value.start - 6) : value.start].lower()
        apposed = before.endswith(", ") and self.text[value.end : value.end + 1] in (",", ".", ")")
        named = apposed and re.search(r"[A-Z][^\W\d_]+, $", self.text[max(0, value.start - 30) : value.start])
        if (
            value.unit == ""
            and value.number
            and value.number <= 115
            and ("aged " in before or before.endswith("age ") or named)
        ):
            return replace(value, unit="year", noun="")
        return value

    def is_part_of_word(self, at: int, amount: Amount) -> bool:
        """Whether the figure is stuck to letters or in a chain of figures: B2, Covid-19, 4x4, 24/7, 800-273-8255."""
        if self.tokens[at].kind != "n":
            return False
        return self.is_stuck_in_front(at) or self.is_stuck_behind(amount.next) or self.in_chain(at)

    def is_stuck_in_front(self, at: int) -> bool:
        if not self.glued(at):
            return False
        before = self.tokens[at - 1]
        if before.text not in DASHES or at < 2 or not self.glued(at - 1):
            return before.kind == "w" or before.text in "#_/.:,"
        word = self.tokens[at - 2]
        return word.kind == "w" and (word.lower,) not in BOUNDS

    def is_stuck_behind(self, end: int) -> bool:
        if not self.glued(end):
            return False
        behind = self.tokens[end]
        return (behind.kind == "w" and not self.unit(end)[0]) or (behind.text == "/" and self.glued(end + 1))

    def in_chain(self, at: int) -> bool:
        """Whether the figure is one of three or more that hyphens join."""
        first = last = at
        while last - first < 4 and self.hyphened(first - 1):
            first -= 2
        while last - first < 4 and self.hyphened(last + 1):
            last += 2
        return last - first >= 4

    def hyphened(self, at: int) -> bool:
        """Whether the token joins two figures, or a figure and letters, without spaces."""
        inside = 0 < at < len(self.tokens) - 1 and self.tokens[at].text in DASHES
        return inside and self.glued(at) and self.glued(at + 1) and self.tokens[at - 1].kind == "n"

    def is_bare_one(self, at: int, amount: Amount, unit: str) -> bool:
        """Whether "one" counts nothing: it does in front of a noun, not in "no one", "one of the", "the one that"."""
        if amount.number != 1 or amount.unit or self.tokens[at].kind == "n":
            return False
        if at and self.lower(at - 1) in NO_COUNT_BEFORE_ONE:
            return True
        return self.lower(at + 1) in STOP_WORDS or (not unit and not self.noun(amount.next, 1))


def _is_plural(word: str) -> bool:
    return word.endswith("s") and not word.endswith(("ss", "us", "is", "gas"))


def _fits(value: float, current: float, seen: bool) -> bool:
    """Whether a number word goes on a number: units behind tens, anything below a hundred behind hundreds."""
    if not seen or current == 0:
        return True
    return (value < 10 and current % 100 >= 20 and current % 10 == 0) or (value < 100 and current % 100 == 0)


def _range(first: Amount, second: Amount) -> tuple[float, float, str]:
    """(low, high, bound); the scale of "10-20 million" belongs to both."""
    low, high = first.number or 0.0, second.number or 0.0
    if first.scale == 1 and second.scale > 1 and low < high / second.scale:
        low *= second.scale
    return low, high, "between" if low < high else "score"
