"""The gate: a claimed quotation to a Citation that says where, and whether, the stored articles hold its words.

A quote is verified when its very characters stand in the article, normalised when only typography differs, and shown to
a reader in these two cases alone. Otherwise it is misplaced (it stands in another article), altered (an article has
nearly these words) or absent. Nothing fuzzy is ever shown as exact: similarity only words the refusal.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import pairwise

from assistant.chunking import APART, article_sentences, blocks
from assistant.text import Folded, fold
from assistant.types import Article, ClaimedQuote, Match, Span

ALTERED_FROM = 0.6  # share of words in common, in order, from which a quote counts as a changed sentence

_WORD = re.compile(r"\w+")
_COMPARED_WORDS = 400  # of a longer quote, the beginning says which sentence was meant

Elsewhere = Callable[[str], Iterable[Article]]
"""Articles that may hold some words, for quotes that are not where they were said to be."""


@dataclass(frozen=True, slots=True)
class Found:
    """What the gate found for one claimed quote."""

    span: Span
    quote: str
    """The article's characters at `span` when verified or normalised, else the claimed words."""
    status: Match
    note: str = ""


def resolve_quote(claimed: ClaimedQuote, articles: Mapping[str, Article], elsewhere: Elsewhere = lambda _: ()) -> Found:
    """Find the claimed words; of several occurrences in the article, the one nearest to `claimed.near`."""
    article = articles.get(claimed.article_id)
    found = find_quote(article, claimed.quote, claimed.near) if article else None
    if article and found:
        status, (start, end) = found
        note = "Same words; quotation marks, dashes or spaces differ." if status is Match.NORMALISED else ""
        return Found(Span(article.id, start, end), article.text[start:end], status, note)
    return _find_elsewhere(claimed, articles, elsewhere) or _explain_refusal(claimed, article)


def find_quote(article: Article, quote: str, near: int = 0) -> tuple[Match, tuple[int, int]] | None:
    """(verified or normalised, (start, end)) of the occurrence nearest to `near`; None when there is none.

    An occurrence is whole (see `is_whole`), and no part of it is a reader's comment or boilerplate unless all is.
    """
    quote = quote.strip()
    if not _WORD.search(quote):
        return None
    exact = ((start, start + len(quote)) for start in _starts(article.text, quote))
    if span := _nearest_whole(article, exact, near):
        return Match.VERIFIED, span
    span = _nearest_whole(article, _same_when_folded(article.text, quote), near)
    return (Match.NORMALISED, span) if span else None


def _nearest_whole(article: Article, spans: Iterable[tuple[int, int]], near: int) -> tuple[int, int] | None:
    ordered = sorted(spans, key=lambda span: abs(span[0] - near))
    return next((span for span in ordered if is_whole(article.text, *span) and _in_one_part(article, *span)), None)


def _starts(text: str, wanted: str) -> Iterator[int]:
    at = text.find(wanted)
    while at >= 0:
        yield at
        at = text.find(wanted, at + 1)


def _same_when_folded(text: str, quote: str) -> Iterator[tuple[int, int]]:
    folded, wanted = folded_text(text), fold(quote).text.strip()
    for at in _starts(folded.text, wanted):
        start, end = folded.original_range(at, at + len(wanted))
        # Half a ligature or ellipsis comes back as all of it, which is more than was quoted.
        if folded.begins_grapheme(at) and folded.begins_grapheme(at + len(wanted)) and not _merges(text[start:end]):
            yield start, end


def _merges(found: str) -> bool:
    """Whether one space in place of this text's blank lines would make one sentence of a heading and what follows."""
    return bool(re.search(r"[\w,;-]\s*\n\s*\n", found))


def _in_one_part(article: Article, start: int, end: int) -> bool:
    span = Span(article.id, start, end)
    return len({block.zone in APART and block.zone for block in blocks(article) if block.span.overlaps(span)}) <= 1


@lru_cache(maxsize=64)
def folded_text(text: str) -> Folded:
    return fold(text)


# --- Whole words, whole amounts, and the "not" in front ---------------------------------------------------------------

_SIDE = 120  # characters on each side of a cut that are looked at
_LINE_BREAK = re.compile(r"\s*\n\s*")
_LONG_DASH = re.compile("—|―|--+")  # parts two thoughts, where a hyphen joins two words

_NUMBER = (
    r"(?:\d|(?i:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|(?:thir|four|fif|six|seven|eigh|nine)"
    r"(?:teen|ty)|twenty|forty|half|hundreds?|thousands?|millions?|dozens?)\b)"
)
_SCALE = (
    r"(?:hundred|thousand|[mb]illion|trillion|dozen|percent(?:age)?|per[ ]cent|pct|bn|mn|Prozent|Millionen|Milliarden?"
    r"|Mio|Mrd|millones|mil|por[ ]ciento|milliards?|pour[ ]cent)\b"
)
_UNIT = (
    r"(?i:(?:[kcm]?m|km²|m²|ha|[km]?g|lbs?|oz|ft|mph|kph|kmh|[kmg]wh?|[kmgt]b|degrees?|kilomet(?:er|re)s?"
    r"|met(?:er|re)s?|miles?|feet|foot|inch(?:es)?|acres?|hectares?|tons?|tonnes?|kilograms?|kilos?|pounds?"
    r"|lit(?:er|re)s?|gallons?|(?:US[ ])?dollars?|euros?|crowns?|cents?|francs?|yen|years?|months?|weeks?|days?|hours?"
    r"|minutes?|seconds?|points?|[ap]\.?m|EUR|USD|GBP|CHF)\b|[%‰°$€£¥₹])"
)
_CURRENCY = r"(?:[$€£₤¥₹₽₩₪₺₴฿¢]|\b(?:EUR|USD|GBP|CHF|JPY|Rs\.?))"
_BOUND = (
    r"\b(?i:(?:more|less|fewer|greater|higher|lower|older|younger|longer|other)[ ]than|at[ ](?:least|most)"
    r"|as[ ](?:many|few|much)[ ]as|up[ ]to|nearly|almost|about|around|roughly|approximately|over|under|below|above"
    r"|barely|minus|plus)"
)
_NOT = (
    r"(?i:(?<![^\W_])(?:not|never|no|non|nor|none|nobody|nothing|nowhere|neither|cannot|without|hardly|barely|scarcely"
    r"|nicht|nie|niemals|niemand|nichts|kein(?:e[mnrs]?)?|ohne|ne|pas|jamais|aucune?|rien|sans|nunca|nadie|nada"
    r"|ning[uú]na?|sin)(?![^\W_])|n't\b)"
)

# What a cut (written as a line break, which folded text has none of) parts, though it belongs together.
_PARTED = re.compile(
    rf"""
      \w\n\w  |  \w[-'/&@*^×]\n\w  |  \w\n[-'/&@*^×]\w             # words, compounds: well-|known, could|n't, and/|or
    | \b\w\.\n\w  |  \b\w\n\.\w  |  \w\.\n[a-z]  |  \w\n\.[a-z]    # U.|S., 9 a|.m., courier.|example
    | \.\n\.  |  \w\n\+  |  [#@]\n\w                               # .|.., 30|+, @|name
    | \d[.,:]\n\d  |  \d\n[.,:]\d  |  (?<!\w)\.\n\d                # 1,|500, 12|:30, .|5
    | \d[ ]?-[ ]?\n\d  |  \d\n[ ]?-[ ]?\d                          # 10-|20
    | (?<!\d)\d{{1,3}}[ ]?\n[ ]?\d{{3}}(?!\d)                      # 1| 500
    | \d[ ]?\n[ ]?(?:\d+[/⁄]\d|[¼-¾⅐-⅞]|and[ ]a[ ]half)            # 5| ½
    | (?<!\w)-\n{_CURRENCY}?\d  |  [+~±≈<>≤≥=§][ ]?\n[ ]?\d        # -|5, -|$5, ~|5
    | {_CURRENCY}[ ]?\n[ ]?\d  |  \b[A-Z]{{1,3}}\n[$€£¥]           # $|30, US|$30
    | \w[ ]?\n[ ]?{_SCALE}  |  \d[ ]?\n[ ]?{_UNIT}                 # 30| million, 5| km
    | {_BOUND}[ ]?\n[ ]?{_CURRENCY}?[ ]?{_NUMBER}                  # more than |30
    """,
    re.VERBOSE,
)
_BETWEEN = r"(?:[^\w.!?;:,]|_)"  # spaces, quotation marks, brackets, dashes, the marks of emphasis
_NEGATED = re.compile(rf"{_NOT}(?!-\w)(?:(?<=not|ver|n't),[^,]{{1,40}},)?(?:{_BETWEEN}+[\w'-]+){{0,3}}{_BETWEEN}*\n")
_NEGATED_BEHIND = re.compile(r"\w\n (?:not|never|nicht|nie|niemals|pas|jamais)\b")


def is_whole(text: str, start: int, end: int) -> bool:
    """Whether text[start:end] begins and ends where its sense does.

    It parts no grapheme, word, number, amount or range in two, and leaves no unit ("5| km"), bound ("more than |30") or
    negation ("not yet |closed") behind. A negation reaches three words far, but not over a comma or a sentence's end.
    """
    if _in_token(text, start) or _in_token(text, end):
        return False
    first, last = _cut(text, start), _cut(text, end)
    parted = _PARTED.search(first) or _NEGATED.search(first) or _PARTED.search(last) or _NEGATED_BEHIND.search(last)
    return not parted


def _in_token(text: str, at: int) -> bool:
    """Whether a letter or digit stands on both sides, or a grapheme (a letter and its accent, a family of emoji)."""
    if not 0 < at < len(text):
        return False
    before, after = text[at - 1], text[at]
    return (
        (before.isalnum() and after.isalnum())
        or unicodedata.category(after)[0] == "M"
        or ("\u200d" in (before, after) and not after.isspace())
        or "\U0001f3fb" <= after <= "\U0001f3ff"
    )


def _cut(text: str, at: int) -> str:
    """What stands on both sides of `at`, folded, as far as the line goes, with a line break for the cut."""
    before, after = text[max(0, at - _SIDE) : at], text[at : at + _SIDE]
    for line_break in reversed(list(_LINE_BREAK.finditer(before))):
        if _ends_line(line_break.group(), before[line_break.end() :] + after):
            before = before[line_break.end() :]
            break
    for line_break in _LINE_BREAK.finditer(after):
        if _ends_line(line_break.group(), after[line_break.end() :]):
            after = after[: line_break.start()]
            break
    return f"{_plain(before)}\n{_plain(after)}"


def _ends_line(line_break: str, following: str) -> bool:
    """Whether a line break is more than a soft wrap: a blank line, or one before a capital."""
    first = next((char for char in following if char.isalnum()), "")
    return line_break.count("\n") > 1 or first.isupper()


def _plain(side: str) -> str:
    """Folded, with long dashes set apart and marks that did not compose (Indic vowels) counted as letters."""
    folded = fold(_LONG_DASH.sub(" - ", side)).text
    return "".join("_" if unicodedata.category(char)[0] == "M" else char for char in folded)


# --- Refusals ---------------------------------------------------------------------------------------------------------


def _find_elsewhere(claimed: ClaimedQuote, articles: Mapping[str, Article], elsewhere: Elsewhere) -> Found | None:
    seen = {claimed.article_id}
    for other in (*articles.values(), *elsewhere(claimed.quote)):
        if other.id in seen:
            continue
        seen.add(other.id)
        found = find_quote(other, claimed.quote)
        if found:
            where = " · ".join(filter(None, (other.title, other.publisher))) or other.id[:12]
            return Found(
                Span(other.id, *found[1]),
                claimed.quote,
                Match.MISPLACED,
                f"These words stand in another article: {where}.",
            )
    return None


def _explain_refusal(claimed: ClaimedQuote, article: Article | None) -> Found:
    nothing = Span(claimed.article_id, 0, 0)
    if article is None:
        return Found(nothing, claimed.quote, Match.ABSENT, "The article is not in the library.")
    start, end, ratio = nearest_sentences(article, claimed.quote)
    if ratio < ALTERED_FROM:
        return Found(nothing, claimed.quote, Match.ABSENT, "These words stand in no article of the library.")
    note = f"The article says: {article.text[start:end]}"
    return Found(Span(article.id, start, end), claimed.quote, Match.ALTERED, note)


def nearest_sentences(article: Article, quote: str) -> tuple[int, int, float]:
    """(start, end, share 0..1) of the one or two sentences that have most of the quote's words in its order."""
    wanted = _WORD.findall(quote.casefold())[:_COMPARED_WORDS]
    sentences = article_sentences(article)
    windows = [(s.start, s.end) for s in sentences]
    windows += [(a.start, b.end) for a, b in pairwise(sentences)]
    best = (0, 0, 0.0)
    bag = set(wanted)
    for start, end in windows:
        there = _WORD.findall(article.text[start:end].casefold())
        if wanted and len(bag.intersection(there)) >= ALTERED_FROM * len(bag) * 0.8:
            matcher = SequenceMatcher(None, wanted, there, autojunk=False)
            share = sum(block.size for block in matcher.get_matching_blocks()) / len(wanted)
            if share > best[2] or (share == best[2] and end - start < best[1] - best[0]):
                best = (start, end, share)
    return best
