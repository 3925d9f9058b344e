"""Retrieved passages to what a chat model is shown of them: fenced blocks of numbered sentences, within a token budget.

Sentences are numbered "passage.sentence" and stand whole or not at all. What an article could forge (ids, fences, headers)
is taken out of it, one character for one, so that offsets stay.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from assistant.prompts import fence
from assistant.sentences import split_sentences
from assistant.tokens import count_tokens, encoding_of
from assistant.types import Article, Hit, Span, Status, Zone

NOT_EVIDENCE = {
    Status.SATIRE: "satire",
    Status.RETRACTED: "retracted by its publisher",
    Zone.COMMENT: "a reader's comment",
    Zone.BOILERPLATE: "not part of the article",
}
_REMARKS = {Status.CORRECTED: "corrected by its publisher", Zone.CORRECTION: "a correction", Zone.CAPTION: "a caption"}

# Square brackets in an article could pass for ids. One character for one: offsets stay.
_UNBRACKETED = str.maketrans("[]【】［］", "()()()")


@dataclass(frozen=True, slots=True, order=True)
class SentenceId:
    """The name of a shown sentence: "3.2" is passage 3, sentence 2. Sentence 0: the model named none."""

    passage: int
    sentence: int

    def __str__(self) -> str:
        return f"{self.passage}.{self.sentence}" if self.sentence else str(self.passage)


@dataclass(frozen=True, slots=True)
class Packed:
    """What a model is shown."""

    text: str
    sentences: Mapping[SentenceId, Span]
    """Every shown sentence, in order; as the article has it, not as it is shown."""
    hits: tuple[Hit, ...]
    """The passages of which something is shown; their numbers are theirs in `sentences`, from 1."""
    n_tokens: int
    """Of `text`."""
    exact: bool
    """Whether the model's own vocabulary counted; o200k_base stands in for an unknown one."""
    left_out: int = 0
    """Sentences for which there was no room."""


def pack(hits: Sequence[Hit], articles: Mapping[str, Article], max_tokens: int, model: str = "") -> Packed:
    """The sentences of the hits, best passage first, while they fit into `max_tokens`.

    A sentence that an earlier passage showed is not shown again. `model` is named as in the settings.
    """
    encoding, exact = encoding_of(model)
    blocks: list[str] = []
    sentences: dict[SentenceId, Span] = {}
    shown: list[Hit] = []
    room, left_out = max_tokens, 0
    for hit in hits:
        article, number = articles[hit.passage.span.article_id], len(shown) + 1
        fresh = [span for span in _sentences(hit, article) if span not in sentences.values()]
        header = _header(number, hit, article)
        lines, tokens = [header], count_tokens(fence(header), encoding)
        for span in fresh:
            line = f"[{number}.{len(lines)}] {one_line(article.quote(span))}"
            size = count_tokens(line, encoding) + 1
            if tokens + size > room:
                left_out += 1
                continue
            sentences[SentenceId(number, len(lines))] = span
            lines.append(line)
            tokens += size
        if len(lines) > 1:
            blocks.append(fence("\n".join(lines)))
            shown.append(hit)
            room -= tokens + 1
    text = "\n\n".join(blocks)
    return Packed(text, sentences, tuple(shown), count_tokens(text, encoding), exact, left_out)


def unbracketed(text: str) -> str:
    """`text` with round brackets for square ones, character for character."""
    return text.translate(_UNBRACKETED)


def one_line(text: str) -> str:
    """Without line breaks nothing in an article can start a line of its own, as headers and ids do."""
    return " ".join(unbracketed(text).split())


def _sentences(hit: Hit, article: Article) -> Iterator[Span]:
    passage = hit.passage
    for start, end in split_sentences(passage.text, article.language):
        yield Span(article.id, passage.span.start + start, passage.span.start + end)


def _header(number: int, hit: Hit, article: Article) -> str:
    keys = (article.status, hit.passage.zone)
    warnings = [f"NOT EVIDENCE: {NOT_EVIDENCE[key]}" for key in keys if key in NOT_EVIDENCE]
    remarks = [_REMARKS[key] for key in keys if key in _REMARKS]
    published = article.published.isoformat() if article.published else "on an unknown day"
    parts = [
        f"Passage {number}",
        one_line(article.title or "no title"),
        one_line(article.publisher or "publisher unknown"),
        f"published {published}",
    ]
    return " | ".join(parts + warnings + remarks)
