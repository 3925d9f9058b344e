"""What a chat model's ids and quotation marks refer to among the sentences that it was shown.

An id becomes the very sentence that was shown under it; an id that never was, and quoted words that stand nowhere, become
claims that the citation gate can't find, so that it reports them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from assistant.answerers._markers import Marker
from assistant.packing import Packed, SentenceId, unbracketed
from assistant.sentences import split_sentences
from assistant.text import Folded, fold
from assistant.types import Article, ClaimedQuote, Hit, Statement

_CLOSED_BY = {"“": "”", "„": "“”", "”": "”", "«": "»", "»": "«", "‹": "›", "「": "」", "『": "』", '"': '"'}
_IN_QUOTES = re.compile("|".join(rf"{o}([^{o}{c}\n]+)(?:[{c}]|\n|\Z)" for o, c in _CLOSED_BY.items()))
# Single marks are apostrophes as well: they quote from the start of a word to the end of another one.
_IN_SINGLE_QUOTES = re.compile(r"(?<!\w)['‘](?=\S)((?:[^'‘’\n]|(?<=\w)['’](?=\w))+)['’](?!\w)")
_EDGES = " ,.;:!?…-'\""
_QUOTATION_WORDS = 3  # a shorter quotation that stands in a passage may be a mere term: it needs no citation of its own


@dataclass(frozen=True, slots=True)
class _ShownPassage:
    text: str
    folded: Folded
    article_id: str
    start: int


@dataclass(frozen=True)
class Shown:
    """What the model was shown, to look up what it says of it."""

    packed: Packed
    articles: Mapping[str, Article]

    @cached_property
    def _passages(self) -> list[_ShownPassage]:
        return [_shown_passage(hit) for hit in self.packed.hits]

    def statements(self, prose: str, markers: Sequence[Marker]) -> tuple[Statement, ...]:
        """The sentences of `prose`, each with everything it claims to rest on."""
        quotations = list(_quotations(prose))
        statements = []
        for start, end in split_sentences(prose):
            ids = [i for marker in markers if start < marker.at <= end or marker.at == start == 0 for i in marker.ids]
            claims = [self._resolve(i) for i in dict.fromkeys(ids)]
            for quoted in (words for at, until, words in quotations if at < end and start < until):
                claims += self._check_quotation(quoted, tuple(claims))
            statements.append(Statement(prose[start:end], tuple(dict.fromkeys(claims))))
        return tuple(statements)

    def cites(self, markers: Sequence[Marker]) -> bool:
        """Whether any marker names a sentence that was shown."""
        return any(i in self.packed.sentences for marker in markers for i in marker.ids)

    def _resolve(self, i: SentenceId) -> ClaimedQuote:
        if i in self.packed.sentences:
            span = self.packed.sentences[i]
            return ClaimedQuote(self.articles[span.article_id].quote(span), span.article_id, span.start)
        siblings = [s for shown, s in self.packed.sentences.items() if shown.passage == i.passage]
        guess = siblings[0].article_id if siblings else self._passages[0].article_id
        return ClaimedQuote(f"sentence {i}, which was never shown", guess)

    def _check_quotation(self, quoted: str, cited: Sequence[ClaimedQuote]) -> list[ClaimedQuote]:
        """The claim that words in quotation marks add to the sentences cited beside them."""
        words = _core(quoted)
        if not words or any(_find(words, fold(unbracketed(claim.quote))) for claim in cited):
            return []
        for passage in self._passages:
            if found := _find(words, passage.folded):
                start, end = found
                claim = ClaimedQuote(passage.text[start:end], passage.article_id, passage.start + start)
                return [claim] if len(words.split()) >= _QUOTATION_WORDS else []
        return [ClaimedQuote(quoted, cited[0].article_id if cited else self._passages[0].article_id)]


def _shown_passage(hit: Hit) -> _ShownPassage:
    span, text = hit.passage.span, hit.passage.text
    return _ShownPassage(text, fold(unbracketed(text)), span.article_id, span.start)


def _quotations(prose: str) -> Iterator[tuple[int, int, str]]:
    """(start, end, words) of what stands in quotation marks. A mark that is never closed quotes the rest of its line."""
    for match in _IN_QUOTES.finditer(prose):
        group = match.lastindex or 0
        yield *match.span(group), match[group]
    for match in _IN_SINGLE_QUOTES.finditer(prose):
        if " " in match[1]:
            yield *match.span(1), match[1]


def _core(quoted: str) -> str:
    """The quoted words, folded, without the punctuation that a quoting sentence adds at their edges."""
    return fold(unbracketed(quoted)).text.strip(_EDGES)


def _find(words: str, folded: Folded) -> tuple[int, int] | None:
    """Where the whole words stand, as offsets of the text that was folded."""
    match = re.search(rf"(?<!\w){re.escape(words)}(?!\w)", folded.text)
    return folded.original_range(*match.span()) if match else None
