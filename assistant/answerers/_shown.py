"""What a chat model is shown of the passages, and what its ids and quotation marks then refer to.

Sentences are numbered "passage.sentence". An id becomes the very sentence that was shown under it; an id that never was,
and quoted words that stand nowhere, become claims that the citation gate can't find, so that it reports them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from assistant.answerers import AnswerTask
from assistant.answerers._markers import Marker, SentenceId
from assistant.prompts import fence
from assistant.sentences import split_sentences
from assistant.text import Folded, fold
from assistant.types import Article, ClaimedQuote, Hit, Statement, Status, Zone

NOT_EVIDENCE = {
    Status.SATIRE: "satire",
    Status.RETRACTED: "retracted by its publisher",
    Zone.COMMENT: "a reader's comment",
    Zone.BOILERPLATE: "not part of the article",
}
_REMARKS = {Status.CORRECTED: "corrected by its publisher", Zone.CORRECTION: "a correction", Zone.CAPTION: "a caption"}

# Square brackets in an article could pass for ids. One character for one: offsets stay.
_UNBRACKETED = str.maketrans("[]【】［］", "()()()")
_CLOSED_BY = {"“": "”", "„": "“”", "”": "”", "«": "»", "»": "«", "‹": "›", "「": "」", "『": "』", '"': '"'}
_IN_QUOTES = re.compile("|".join(rf"{o}([^{o}{c}\n]+)(?:[{c}]|\n|\Z)" for o, c in _CLOSED_BY.items()))
# Single marks are apostrophes as well: they quote from the start of a word to the end of another one.
_IN_SINGLE_QUOTES = re.compile(r"(?<!\w)['‘](?=\S)((?:[^'‘’\n]|(?<=\w)['’](?=\w))+)['’](?!\w)")
_EDGES = " ,.;:!?…-'\""
_QUOTATION_WORDS = 3  # a shorter quotation that stands in a passage may be a mere term: it needs no citation of its own


@dataclass(frozen=True, slots=True)
class ShownSentence:
    """A sentence as the article has it, and where."""

    text: str
    article_id: str
    start: int

    def claim(self) -> ClaimedQuote:
        return ClaimedQuote(self.text, self.article_id, self.start)


@dataclass(frozen=True, slots=True)
class _ShownPassage:
    text: str
    folded: Folded
    article_id: str
    start: int


@dataclass(frozen=True, slots=True)
class Shown:
    """The passages as the model sees them."""

    text: str
    sentences: Mapping[SentenceId, ShownSentence]
    passages: Sequence[_ShownPassage]

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
        return any(i in self.sentences for marker in markers for i in marker.ids)

    def _resolve(self, i: SentenceId) -> ClaimedQuote:
        if i in self.sentences:
            return self.sentences[i].claim()
        siblings = [s for shown, s in self.sentences.items() if shown.passage == i.passage]
        guess = siblings[0].article_id if siblings else self.passages[0].article_id
        return ClaimedQuote(f"sentence {i}, which was never shown", guess)

    def _check_quotation(self, quoted: str, cited: Sequence[ClaimedQuote]) -> list[ClaimedQuote]:
        """The claim that words in quotation marks add to the sentences cited beside them."""
        words = _core(quoted)
        if not words or any(_find(words, fold(claim.quote.translate(_UNBRACKETED))) for claim in cited):
            return []
        for passage in self.passages:
            if found := _find(words, passage.folded):
                start, end = found
                claim = ClaimedQuote(passage.text[start:end], passage.article_id, passage.start + start)
                return [claim] if len(words.split()) >= _QUOTATION_WORDS else []
        return [ClaimedQuote(quoted, cited[0].article_id if cited else self.passages[0].article_id)]


def show(task: AnswerTask) -> Shown:
    """Number the sentences of the hits. A sentence that an earlier passage showed is not shown again."""
    blocks: list[str] = []
    sentences: dict[SentenceId, ShownSentence] = {}
    seen: set[tuple[str, int]] = set()
    for number, hit in enumerate(task.hits, start=1):
        article = task.articles[hit.passage.span.article_id]
        fresh = [s for s in _sentences(hit, article) if (s.article_id, s.start) not in seen]
        seen |= {(s.article_id, s.start) for s in fresh}
        lines = [_header(number, hit, article)]
        for k, sentence in enumerate(fresh, start=1):
            sentences[SentenceId(number, k)] = sentence
            lines.append(f"[{number}.{k}] {_one_line(sentence.text)}")
        if fresh:
            blocks.append(fence("\n".join(lines)))
    return Shown("\n\n".join(blocks), sentences, [_shown_passage(hit) for hit in task.hits])


def _sentences(hit: Hit, article: Article) -> Iterator[ShownSentence]:
    passage = hit.passage
    for start, end in split_sentences(passage.text, article.language):
        yield ShownSentence(passage.text[start:end], article.id, passage.span.start + start)


def _shown_passage(hit: Hit) -> _ShownPassage:
    span, text = hit.passage.span, hit.passage.text
    return _ShownPassage(text, fold(text.translate(_UNBRACKETED)), span.article_id, span.start)


def _header(number: int, hit: Hit, article: Article) -> str:
    keys = (article.status, hit.passage.zone)
    warnings = [f"NOT EVIDENCE: {NOT_EVIDENCE[key]}" for key in keys if key in NOT_EVIDENCE]
    remarks = [_REMARKS[key] for key in keys if key in _REMARKS]
    published = article.published.isoformat() if article.published else "on an unknown day"
    parts = [
        f"Passage {number}",
        _one_line(article.title or "no title"),
        _one_line(article.publisher or "publisher unknown"),
        f"published {published}",
    ]
    return " | ".join(parts + warnings + remarks)


def _one_line(text: str) -> str:
    """Without line breaks nothing in an article can start a line of its own, as headers and ids do."""
    return " ".join(text.translate(_UNBRACKETED).split())


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
    return fold(quoted.translate(_UNBRACKETED)).text.strip(_EDGES)


def _find(words: str, folded: Folded) -> tuple[int, int] | None:
    """Where the whole words stand, as offsets of the text that was folded."""
    match = re.search(rf"(?<!\w){re.escape(words)}(?!\w)", folded.text)
    return folded.original_range(*match.span()) if match else None
