"""The gate: a claimed quotation to a Citation that says where, and whether, the stored articles hold its words.

A quote is verified when its very characters stand in the article, normalised when only typography differs, and shown to a
reader in these two cases alone. Otherwise it is misplaced (it stands in another article), altered (an article has nearly
these words) or absent. Nothing fuzzy is ever shown as exact: similarity only words the refusal.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache

from assistant.chunking import article_sentences
from assistant.text import Folded, fold
from assistant.types import Article, ClaimedQuote, Match, Span

ALTERED_FROM = 0.6  # share of words in common, in order, from which a quote counts as a changed sentence

_NEGATIONS = frozenset("not never no nor neither without cannot nicht kein keine nie ohne pas jamais sans sin nunca".split())
_WORD = re.compile(r"\w+")

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

    An occurrence is whole words: "3" is not found in "30", nor "could" in "couldn't", nor "to go" behind "not".
    """
    quote = quote.strip()
    if not _WORD.search(quote):
        return None
    exact = [(start, start + len(quote)) for start in _starts(article.text, quote)]
    exact = [span for span in exact if is_whole(article.text, *span)]
    if exact:
        return Match.VERIFIED, _nearest(exact, near)
    folded, wanted = folded_text(article.text), fold(quote).text.strip()
    same = [folded.original_range(start, start + len(wanted)) for start in _starts(folded.text, wanted)] if wanted else []
    same = [span for span in same if is_whole(article.text, *span)]
    return (Match.NORMALISED, _nearest(same, near)) if same else None


def is_whole(text: str, start: int, end: int) -> bool:
    """Whether text[start:end] cuts no word, number, unit or negation in two.

    A token goes on over a hyphen or an apostrophe between letters, over a point or comma between digits, and takes a
    leading sign or currency and a trailing per cent with it.
    """
    if _joined(text, start) or _joined(text, end):
        return False
    if text[start].isdigit() and start and text[start - 1] in "$€£¥+-−–.":
        return start >= 2 and text[start - 1] in ".–" and not text[start - 2].isdigit()
    if text[end - 1].isdigit() and re.match(r"\s?[%‰°]", text[end : end + 2]):
        return False
    return not _negated(text, start)


def _joined(text: str, at: int) -> bool:
    """Whether the characters on both sides of `at` belong to one token."""
    if not 0 < at < len(text):
        return False
    before, after = text[at - 1], text[at]
    if _is_word(before) and _is_word(after):
        return True
    if before in _JOINERS and at >= 2:
        return _joins(text[at - 2], before, after)
    if after in _JOINERS and at + 1 < len(text):
        return _joins(before, after, text[at + 1])
    return False


_JOINERS = "-‐‑'’.,:/\u200b\u200c\u200d\u2060\u00ad"


def _joins(before: str, joiner: str, after: str) -> bool:
    if joiner in ".,:/":
        return before.isdigit() and after.isdigit()
    return _is_word(before) and _is_word(after)


def _is_word(char: str) -> bool:
    import unicodedata

    return char.isalnum() or char == "_" or bool(unicodedata.combining(char))


def _negated(text: str, start: int) -> bool:
    """Whether the word right before `start`, in the same sentence, is a negation that the quote leaves behind."""
    before = re.search(r"([\w'’]+)\s+[\"“‘„«]?$", text[max(0, start - 24) : start])
    if not before:
        return False
    word = before.group(1).casefold().replace("’", "'")
    return word in _NEGATIONS or word.endswith("n't")


def _starts(text: str, wanted: str) -> list[int]:
    starts, at = [], text.find(wanted)
    while at >= 0:
        starts.append(at)
        at = text.find(wanted, at + 1)
    return starts


def _nearest(spans: list[tuple[int, int]], near: int) -> tuple[int, int]:
    return min(spans, key=lambda span: abs(span[0] - near))


@lru_cache(maxsize=64)
def folded_text(text: str) -> Folded:
    return fold(text)


def _find_elsewhere(claimed: ClaimedQuote, articles: Mapping[str, Article], elsewhere: Elsewhere) -> Found | None:
    seen = {claimed.article_id}
    for other in (*articles.values(), *elsewhere(claimed.quote)):
        if other.id in seen:
            continue
        seen.add(other.id)
        found = find_quote(other, claimed.quote)
        if found:
            where = " · ".join(filter(None, (other.title, other.publisher))) or other.id[:12]
            return Found(Span(other.id, *found[1]), claimed.quote, Match.MISPLACED, f"These words stand in another article: {where}.")
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
    wanted = _WORD.findall(quote.casefold())
    sentences = article_sentences(article)
    windows = [(s.start, s.end) for s in sentences]
    windows += [(a.start, b.end) for a, b in zip(sentences, sentences[1:], strict=False)]
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
