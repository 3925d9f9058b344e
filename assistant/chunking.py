"""Article to passages: whole sentences up to a token budget, overlapping by sentences.

Offsets are exact by construction: a passage is the stretch from its first sentence's start to its last one's end. A
passage never mixes reporting with readers' comments or boilerplate, so that neither can ride into evidence.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import groupby

from assistant.sentences import split_sentences, trim
from assistant.settings import PassageSettings
from assistant.text import extends
from assistant.tokens import count_tokens
from assistant.types import Article, Passage, Section, Span, Zone

APART = (Zone.COMMENT, Zone.BOILERPLATE)  # zones that share a passage with no other


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of an article and the zone it stands in."""

    start: int
    end: int
    zone: Zone


def split_article(
    article: Article,
    settings: PassageSettings | None = None,
    count: Callable[[str], int] = count_tokens,
) -> list[Passage]:
    """The article's passages in reading order; together they cover every non-blank character."""
    budget = settings or PassageSettings()
    passages: list[Passage] = []
    for _, run in groupby(article_sentences(article), key=lambda s: s.zone if s.zone in APART else Zone.BODY):
        pieces = [piece for sentence in run for piece in _cut_long(article.text, sentence, budget.tokens, count)]
        for first, last, tokens in _windows([n for _, n in pieces], budget):
            members = [sentence for sentence, _ in pieces[first : last + 1]]
            span = Span(article.id, members[0].start, members[-1].end)
            passages.append(Passage(span, article.quote(span), article.title, _main_zone(members), tokens))
    return passages


def article_sentences(article: Article, within: Span | None = None) -> list[Sentence]:
    """Every sentence of the article, or those that lie within a span, in reading order. None crosses sections."""
    part = within or Span(article.id, 0, len(article.text))
    sentences = [
        Sentence(section.span.start + start, section.span.start + end, section.zone)
        for section in blocks(article)
        if section.span.overlaps(part)
        for start, end in split_sentences(article.quote(section.span), article.language)
    ]
    return [sentence for sentence in sentences if part.start <= sentence.start and sentence.end <= part.end]


def blocks(article: Article) -> list[Section]:
    """The sections that tile the text: all but the quotations nested in them."""
    return [section for section in article.sections if section.zone is not Zone.QUOTATION]


def zone_at(article: Article, start: int, end: int) -> Zone:
    """The zone of a stretch: quotation when it lies almost wholly in quotation marks, else its block's."""
    quoted = sum(
        max(0, min(end, section.span.end) - max(start, section.span.start))
        for section in article.sections
        if section.zone is Zone.QUOTATION
    )
    if 0 < 0.9 * (end - start) <= quoted:
        return Zone.QUOTATION
    block = max(
        blocks(article),
        key=lambda section: min(end, section.span.end) - max(start, section.span.start),
        default=None,
    )
    return block.zone if block else Zone.BODY


def _cut_long(
    text: str, sentence: Sentence, budget: int, count: Callable[[str], int]
) -> Iterator[tuple[Sentence, int]]:
    """The sentence with its tokens, or, when it alone is over the budget, pieces of it, cut at spaces if it has any.

    A piece over the budget that is a single grapheme stays whole.
    """
    tokens = count(text[sentence.start : sentence.end])
    middle = _middle(text, sentence.start, sentence.end) if tokens > budget else None
    if middle is None:
        yield sentence, tokens
        return
    for start, end in trim(text, sentence.start, middle), trim(text, middle, sentence.end):
        yield from _cut_long(text, Sentence(start, end, sentence.zone), budget, count)


def _middle(text: str, start: int, end: int) -> int | None:
    """Where to cut in two: at the space nearest to the middle, else between graphemes; None for a single one."""
    half = (start + end) // 2
    near = (end - start) // 6  # a space farther off would leave one part nearly as long as the whole
    outward = [at for step in range(near + 1) for at in (half + step, half - step) if start < at < end]
    spaced = next((at for at in outward if text[at].isspace()), None)
    return spaced or min(
        (at for at in range(start + 1, end) if not extends(text[at]) and text[at - 1] != "\u200d"),
        key=lambda at: abs(at - half),
        default=None,
    )


def _windows(tokens: list[int], budget: PassageSettings) -> Iterator[tuple[int, int, int]]:
    """(first, last, tokens) of each passage over a run of sentences with these token counts."""
    first = 0
    while first < len(tokens):
        last, total = first, tokens[first]
        while last + 1 < len(tokens) and total + tokens[last + 1] <= budget.tokens:
            last += 1
            total += tokens[last]
        yield first, last, total
        if last + 1 == len(tokens):
            return
        following, repeated = last + 1, 0
        while following - 1 > first and repeated + tokens[following - 1] <= budget.overlap:
            following -= 1
            repeated += tokens[following]
        if following <= last and repeated + tokens[last + 1] > budget.tokens:
            following = last + 1  # the next sentence has no room beside the repeated ones
        first = following


def _main_zone(sentences: list[Sentence]) -> Zone:
    sizes: dict[Zone, int] = {}
    for sentence in sentences:
        sizes[sentence.zone] = sizes.get(sentence.zone, 0) + sentence.end - sentence.start
    return max(sizes, key=lambda zone: sizes[zone])
