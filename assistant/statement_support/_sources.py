"""A statement and its citations to what it rests on: the cited sentences, whole, with what stands beside them.

Orders and questions report nothing. What tells somebody, or a program, to do something is blanked where it stands.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from assistant.chunking import Sentence, article_sentences
from assistant.claims import split_claims
from assistant.types import Answer, Article, Citation, ClaimKind, Difference, Kind, Premise, Span, Zone
from assistant.verifiers._reading import terms_of


@dataclass(frozen=True, slots=True)
class Source:
    """A sentence that a citation touches. Orders in it and beside it are blanks: they report nothing."""

    article: Article
    span: Span
    whole: bool
    """Whether the citation holds all of it."""
    text: str
    before: str
    after: str
    about: str
    """Title and lead, publisher and author."""

    @property
    def premise(self) -> Premise:
        return Premise(self.text, self.before, self.after, self.about, self.article.published)

    @property
    def reports(self) -> bool:
        return any(map(str.isalnum, self.text)) and not self.text.rstrip("\"'”’) ").endswith("?")

    @property
    def around(self) -> frozenset[str]:
        return terms_of(self.before) | terms_of(self.after) | terms_of(self.about)


@dataclass(frozen=True, slots=True)
class Shelf:
    """The articles' sentences, each article read once."""

    articles: Mapping[str, Article]
    _sentences: dict[str, list[Sentence]] = field(default_factory=dict)

    def sources(self, span: Span, advises: bool = False) -> list[Source]:
        """The sentences that the span touches; none of an article that is not here. `advises`: for a text that tells people
        what to do, which orders to people bear out."""
        article = self.articles.get(span.article_id)
        if article is None:
            return []
        sentences = self._sentences.setdefault(article.id, article_sentences(article))
        touched = [at for at, one in enumerate(sentences) if one.start < span.end and span.start < one.end]
        lead = next((_text(article, one) for one in sentences if one.zone is Zone.BODY), "")
        about = "\n".join(filter(None, (article.title, lead, article.publisher, article.author)))
        found = [_source(article, sentences, at, span, about) for at in touched]
        return [_with_orders(one) for one in found] if advises else found


def _source(article: Article, sentences: Sequence[Sentence], at: int, cited: Span, about: str) -> Source:
    one = sentences[at]
    beside = [
        _text(article, sentences[i]) if 0 <= i < len(sentences) and sentences[i].zone is one.zone else ""
        for i in (at - 1, at + 1)
    ]
    whole = cited.start <= one.start and one.end <= cited.end
    return Source(
        article, Span(article.id, one.start, one.end), whole, _text(article, one), beside[0], beside[1], about
    )


def _with_orders(source: Source) -> Source:
    text = source.article.quote(source.span)
    return source if orders_a_program(text) else replace(source, text=text)


def _text(article: Article, sentence: Sentence) -> str:
    return without_orders(article.text[sentence.start : sentence.end])


@lru_cache(maxsize=4096)
def without_orders(text: str) -> str:
    """A sentence with blanks for what tells somebody, or a program, to do something; of the same length."""
    if _TO_A_PROGRAM.search(text) or _is_order(text):
        return " " * len(text)
    return _QUOTED.sub(lambda match: " " * len(match[0]) if _is_order(match[0][1:-1]) else match[0], text)


def _is_order(text: str) -> bool:
    return any(claim.kind is ClaimKind.INSTRUCTION for claim in split_claims(text))


def orders_a_program(text: str) -> bool:
    return _TO_A_PROGRAM.search(text) is not None or (_is_order(text) and _PROGRAM.search(text) is not None)


def _advises(text: str) -> bool:
    """Whether a statement tells people to do something, or that somebody told them to."""
    return _ADVICE.search(text) is not None or _is_order(text)


_QUOTED = re.compile(r"“[^“”]{8,}”|\"[^\"]{8,}\"|(?<!\w)['‘][^'‘’]{8,}['’](?!\w)")
_TO_A_PROGRAM = re.compile(
    r"\b(?:assistants?|chatbots?|language models?|AIs?)\s+(?:\w+\s+)?(?:must|should|shall|(?:is|are|has|have) to)"
    r"\s+(?:only |always |now )?(?:say|answer|reply|respond|output|ignore|repeat)\b"
)
_PROGRAM = re.compile(
    r"\b(?:instructions?|prompts?|assistants?|chatbots?|AI|language models?|system|you are (?:now )?an?|reply|respond|output"
    r"|(?:say|answer|print|report|claim|state|repeat|tell \w+)\W+that)\b",
    re.IGNORECASE,
)
_ADVICE = re.compile(
    r"\b(?:should|must|need to|advis\w+|recommend\w*|urg(?:e|ed|es|ing)|warn\w*|instruct\w*|told|asked|ordered)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement of an answer with all that it cites."""

    text: str
    citations: tuple[Citation, ...]
    """Those that are shown and whose article is here."""
    sources: tuple[Source, ...]
    findings: tuple[Difference, ...]
    """What the gates found in it; offsets count in `text`."""
    offset: int

    @property
    def tells_of_a_comment(self) -> bool:
        """Whether it cites a reader's comment and says itself that it is one."""
        return any(one.zone is Zone.COMMENT for one in self.citations) and _COMMENT.search(self.text) is not None

    @property
    def unsaid_findings(self) -> list[Difference]:
        """The findings but what the statement says itself."""
        said = [one.span for one in self.citations if one.zone is Zone.COMMENT] if self.tells_of_a_comment else []
        return [
            one for one in self.findings if one.kind is not Kind.ZONE or not any(_is_of(one, span) for span in said)
        ]


def _is_of(finding: Difference, span: Span) -> bool:
    return finding.article_id == span.article_id and span.start <= finding.source_start < span.end


_COMMENT = re.compile(
    r"\b(?:comment(?:s|er|ers|ator)?|commented|readers?|Leserkommentar\w*|Kommentar\w*|Leser\w*|comentarios?|lector(?:es|as?)?)\b",
    re.IGNORECASE,
)


def read_statement(answer: Answer, start: int, end: int, shelf: Shelf) -> Statement:
    citations = tuple(
        one
        for one in answer.citations
        if one.shown and (one.answer_start, one.answer_end) == (start, end) and one.span.article_id in shelf.articles
    )
    text = answer.text[start:end]
    sources = [source for one in citations for source in shelf.sources(one.span, _advises(text))]
    findings = tuple(one for one in answer.findings if start <= one.start and one.end <= end and one.start < end)
    return Statement(text, citations, tuple(dict.fromkeys(sources)), findings, start)
