"""The values that travel from an article to a cited answer. All are frozen; a stage returns new ones.

Offsets are Python code points, half-open, of `Article.text`. Dates are calendar days without a time zone, as news pages
print them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any


class Zone(StrEnum):
    """What part of the page a stretch of text is. Only reporting zones are evidence by themselves."""

    HEADLINE = "headline"
    BYLINE = "byline"
    BODY = "body"
    QUOTATION = "quotation"  # lies inside a body section: somebody's words, not the paper's own assertion
    CAPTION = "caption"
    CORRECTION = "correction"
    COMMENT = "comment"  # a reader's: opinion, never evidence
    BOILERPLATE = "boilerplate"  # menus, newsletter boxes, related stories


class Status(StrEnum):
    """How the publisher stands to the article today."""

    CURRENT = "current"
    CORRECTED = "corrected"
    RETRACTED = "retracted"
    SATIRE = "satire"


class Match(StrEnum):
    """How a quotation was found in the stored article."""

    VERIFIED = "verified"  # the quote is the article's own characters
    NORMALISED = "normalised"  # the same words in other typography; the citation carries the article's characters
    ALTERED = "altered"  # close to a sentence of the article, but not its words
    MISPLACED = "misplaced"  # not in the article it was said to come from, but in another one
    ABSENT = "absent"  # nowhere in the articles


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A stretch of one article: `article.text[start:end]`."""

    article_id: str
    start: int
    end: int

    def overlaps(self, other: Span) -> bool:
        return self.article_id == other.article_id and self.start < other.end and other.start < self.end


@dataclass(frozen=True, slots=True)
class Section:
    """A zone of an article. Sections cover the non-blank text in order; quotations nest inside body sections."""

    span: Span
    zone: Zone


@dataclass(frozen=True, slots=True)
class Article:
    """A news article as it was when it was loaded. `text` never changes afterwards."""

    id: str
    """sha256 of `text` in UTF-8, 64 hex digits."""
    text: str
    title: str | None = None
    url: str | None = None
    publisher: str | None = None
    author: str | None = None
    published: date | None = None
    retrieved: datetime | None = None
    language: str | None = None
    """ISO 639-1, or None when it can't be told."""
    sections: tuple[Section, ...] = ()
    status: Status = Status.CURRENT
    source_id: str | None = None
    """The id that the input gave (JSONL `id`, front matter `id`); gold ids of question sets name it."""
    pages: tuple[int, ...] = ()
    """For a PDF: the offset at which each page starts, page 1 first."""
    fingerprint: str = ""
    """The versions of the code that made text and sections."""

    def quote(self, span: Span) -> str:
        return self.text[span.start : span.end]

    def page_of(self, offset: int) -> int | None:
        """The 1-based PDF page that holds `offset`, None for an article without pages."""
        return sum(start <= offset for start in self.pages) or None


@dataclass(frozen=True, slots=True)
class Passage:
    """Consecutive whole sentences of one article: the unit that is embedded and retrieved."""

    span: Span
    text: str
    title: str | None
    zone: Zone
    n_tokens: int
    """o200k_base tokens, added up over the sentences."""
    id: int = 0
    """The library's row; 0 before it is stored."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that a retriever returned, best first."""

    passage: Passage
    rank: int
    """1-based."""
    score: float
    """Orders the hits of one retrieval; comparable to nothing else."""
    parts: Mapping[str, float] = field(default_factory=dict)
    """What each voice said: `lexical` (BM25), `dense` (cosine), `rerank` (0..1), `recency`."""


def ranked(hits: Iterable[Hit]) -> list[Hit]:
    """The hits by falling score, ranks from 1; ties keep their order."""
    ordered = sorted(hits, key=lambda hit: -hit.score)
    return [replace(hit, rank=rank) for rank, hit in enumerate(ordered, start=1)]


@dataclass(frozen=True, slots=True)
class ArticleFacts:
    """What a reader is told of an article beside its text. None means unknown and is shown as unknown."""

    id: str
    title: str | None
    publisher: str | None
    author: str | None
    published: date | None
    url: str | None
    language: str | None
    status: Status
    source_id: str | None


class Stance(StrEnum):
    """What a sentence does for a claim."""

    SUPPORTS = "supports"
    REFUTES = "refutes"
    NEUTRAL = "neutral"


class Kind(StrEnum):
    """What differs between a claim, an answer or a quotation and the words of a source."""

    NUMBER = "number"
    DATE = "date"
    UNIT = "unit"
    BOUND = "bound"  # "more than 30" is not "30"
    NAME = "name"
    NEGATION = "negation"
    OPPOSITE = "opposite"  # another outcome: lifted and imposed, "decided against", "without"
    WORDS = "words"  # words of a quotation added, dropped or exchanged
    SPEAKER = "speaker"  # somebody else said it
    CUT = "cut"  # what stands beside the words limits or reverses them
    ATTRIBUTION = "attribution"  # the source says who says so, the claim does not
    HEDGE = "hedge"  # the source says reportedly, is considering, may; the claim states it as a fact
    ZONE = "zone"  # stands in a comment, a caption or a quoted falsehood
    STATUS = "status"  # stands in a retracted, corrected or satirical article


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that differs between a text and a source, with both places.

    Gates and verifiers, which know no article, count `source_start` and `source_end` in the evidence they were given and
    leave `article_id` empty; in a FactCheck they are offsets of `Article.text`.
    """

    kind: Kind
    in_claim: str
    """The words of the claim, answer or quotation; empty when it lacks something that the source has."""
    in_source: str
    """The nearest words of the source; empty when it has nothing comparable."""
    start: int
    end: int
    """Where `in_claim` stands in the text that was checked; an empty range at the place of what is missing."""
    source_start: int = 0
    source_end: int = 0
    article_id: str = ""
    note: str = ""
    """One sentence for the reader."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """A sentence of an article beside an answer or a claim."""

    span: Span
    text: str
    zone: Zone
    score: float
    """0..1. For an answer the share of the question that this sentence covers; for a claim how likely it supports or
    refutes it, whichever is likelier."""
    attribution: str | None = None
    """Who says it, when the article does not say it itself ("according to ...")."""
    stance: Stance = Stance.NEUTRAL
    article: ArticleFacts | None = None
    decides: bool = True
    """False for what is shown with a label and never counted: comments, satire, retracted articles, quoted falsehoods."""
    notes: tuple[str, ...] = ()
    """Labels for the reader: why it does not decide, a hedge, a second-hand source, a resolved date."""
    source: int = 0
    """Number of the independent source, from 1: near-duplicates share it. 0 where sources were not counted."""
    beside: Span | None = None
    """Words before or after the span that limit or reverse it, to be shown with it."""
    differences: tuple[Difference, ...] = ()


@dataclass(frozen=True, slots=True)
class Citation:
    """A numbered reference from a stretch of the answer to a stretch of an article, as code found it."""

    marker: int
    """The number in square brackets; 1-based."""
    span: Span
    quote: str
    """`article.text[span.start:span.end]` for verified and normalised; what the model claimed otherwise."""
    article: ArticleFacts
    zone: Zone
    answer_start: int
    answer_end: int
    """Code points of `Answer.text` that rest on this citation, markers excluded."""
    status: Match
    note: str = ""
    """For a reader: what differs, or where the words really stand."""

    @property
    def shown(self) -> bool:
        """Whether code found the quote, so that it may be shown as a citation."""
        return self.status in (Match.VERIFIED, Match.NORMALISED)


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens of chat models; zeros for the extractive answerer."""

    input_tokens: int = 0
    output_tokens: int = 0
    exact: bool = True
    """False where a server counted nothing, so that tiktoken's estimate stands here."""

    @property
    def tokens(self) -> int:
        return self.input_tokens + self.output_tokens

    def __add__(self, other: Usage) -> Usage:
        return Usage(
            self.input_tokens + other.input_tokens,
            self.output_tokens + other.output_tokens,
            self.exact and other.exact,
        )


@dataclass(frozen=True, slots=True)
class ModelCall:
    """One call of a chat model: for the bill, the timings and the provenance."""

    step: str
    """What it was for: "condense", "answer", "repair", "claims", "queries", "opinion", "judge"."""
    model: str
    """As in the settings: "openai:gpt-5-mini"."""
    server: str
    """Its host, and port where one is named."""
    prompt: str
    """Names and versions of the prompts: "answer@2+reply_json@1"."""
    form: str
    """How the reply was bound: "json_schema", "json_object" or "text"."""
    usage: Usage
    seconds: float
    first_token_s: float | None = None
    """Seconds until the first text; None when there was none."""
    cached: bool = False
    """A kept reply: nothing was sent and nothing is paid."""
    failed: str = ""
    """What went wrong, in words; empty for a call that ended as it should."""
    temperature: float | None = None
    """None: the server's default."""
    seed: int | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """What an answerer wrote, not yet believed: prose with quotations that citations.py has still to find."""

    statements: tuple[Statement, ...]
    abstained: str | None = None
    """The reason in one sentence for the reader, None when there is an answer."""
    raw: str = ""
    model: str | None = None
    prompt: str | None = None
    """Name and version of the prompt, "answer@1"."""
    usage: Usage = Usage()
    finish_reason: str | None = None
    confidence: float | None = None
    """How likely the statements answer the question, 0..1, calibrated; of an abstention: how likely its best sentences
    would have. None when the answerer can't tell."""
    note: str = ""
    """Said to the reader under the answer, for example that the model failed and sentences were extracted instead."""
    shown: tuple[Span, ...] = ()
    """The sentences that the model was shown; empty for an answerer that asks no model."""


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence of a draft and the quotations it claims to rest on."""

    text: str
    quotes: tuple[ClaimedQuote, ...] = ()


@dataclass(frozen=True, slots=True)
class ClaimedQuote:
    """Words said to stand in an article."""

    quote: str
    article_id: str
    near: int = 0
    """An offset close to which the right occurrence is sought."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One earlier exchange of the conversation."""

    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class Filters:
    """Which articles may answer. `since` and `until` are inclusive; an undated article passes no date filter."""

    publisher: str | None = None
    since: date | None = None
    until: date | None = None
    as_of: date | None = None
    """The day the question is asked: later articles are hidden, recent ones preferred. Undated articles pass."""


class StatementState(StrEnum):
    """What stands behind a statement of an answer, as code found it."""

    VERIFIED = "verified"  # its cited words say it: verbatim, or supported by the verifier without a finding
    CITED = "cited"  # its cited words are about it and nothing in it speaks against them; the wording is not verified
    PARTLY = "partly"  # cited, but a number, name, hedge or speaker of it is not in the cited words: see the findings
    CONTRADICTED = "contradicted"  # its cited words say otherwise
    NOT_IN_SOURCES = "not_in_sources"  # nothing that was found supports it


@dataclass(frozen=True, slots=True)
class CheckedStatement:
    """A statement of an answer and how far its sources carry it."""

    start: int
    end: int
    """Code points of `Answer.text`, markers excluded."""
    state: StatementState
    why: str = ""
    """One sentence for the reader."""
    attributed: bool = False
    """Whether code found its citations among the shown sentences, because the model gave none or none that carry it."""
    sources: int = 0
    """Independent sources among its citations, copies counted once."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a person gets: text, the citations that code verified, and how it came about."""

    question: str
    text: str
    citations: tuple[Citation, ...] = ()
    rejected: tuple[Citation, ...] = ()
    """Citations that the gate refused: altered, misplaced or absent. Reported, never shown as sources."""
    abstained: str | None = None
    """The reason, None when there is an answer."""
    hits: tuple[Hit, ...] = ()
    search_question: str = ""
    """The question as it was searched: a follow-up with its history resolved."""
    confidence: float | None = None
    """The draft's: how likely the statements answer the question, 0..1; None when unknown."""
    findings: tuple[Difference, ...] = ()
    """What the gates found between statements and the words they cite; `start` and `end` are offsets of `text`."""
    statements: tuple[CheckedStatement, ...] = ()
    """Every statement of the text with its state, in order; empty for an abstention."""
    doubt: str = ""
    """Why it is doubtful that the statements, true as they may be, answer the question; empty when nothing speaks
    against it. To be shown before the text."""
    note: str = ""
    usage: Usage = Usage()
    """Of all calls that were sent."""
    calls: tuple[ModelCall, ...] = ()
    """The chat model's calls in order; empty when none was asked."""
    cost_usd: float | None = 0.0
    """What the calls cost at list prices, in US dollars; None when a price is not known."""
    timings: Mapping[str, float] = field(default_factory=dict)
    """Seconds a stage."""
    provenance: Mapping[str, Any] = field(default_factory=dict)
    """Answerer, model, prompt, embedder, retriever, library counts: enough to ask again."""


class Label(StrEnum):
    """What the evidence says of a claim: the four labels of AVeriTeC (Schlichtkrull et al., NeurIPS 2023)."""

    SUPPORTED = "supported"
    REFUTED = "refuted"
    CONFLICTING = "conflicting"
    NOT_ENOUGH = "not_enough_evidence"


@dataclass(frozen=True, slots=True)
class Support:
    """What a verifier makes of one claim and the evidence it was given."""

    label: Label
    supported: float
    """How likely the evidence supports the claim, 0..1, calibrated."""
    refuted: float
    """How likely it refutes the claim, 0..1."""
    why: str = ""
    """One sentence for the reader."""

    @property
    def confidence(self) -> float:
        """How likely the label is right, 0..1."""
        likely = {Label.SUPPORTED: self.supported, Label.REFUTED: self.refuted}
        return likely.get(self.label, max(0.0, 1.0 - self.supported - self.refuted))


@dataclass(frozen=True, slots=True)
class Premise:
    """A sentence of evidence as a verifier reads it."""

    text: str
    before: str = ""
    """The sentence before it in the article, which may say who "he" is."""
    after: str = ""
    title: str = ""
    day: date | None = None
    """When the article was published: "on Tuesday" counts from it."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a verifier makes of one claim and one premise."""

    stance: Stance
    supports: float
    """How likely the premise supports the claim, 0..1, calibrated."""
    refutes: float
    """How likely it refutes the claim, 0..1."""
    why: str = ""
    """One sentence for the reader."""
    differences: tuple[Difference, ...] = ()


class ClaimKind(StrEnum):
    """What a sentence of a checked text is. Only facts are judged."""

    FACT = "fact"
    OPINION = "opinion"
    QUESTION = "question"
    PREDICTION = "prediction"
    INSTRUCTION = "instruction"  # tells the reader, or the program, to do something
    FRAGMENT = "fragment"  # a heading, a greeting, too few words to say anything


@dataclass(frozen=True, slots=True)
class Claim:
    """A stretch of a checked text that says one thing."""

    text: str
    """`checked_text[start:end]`."""
    start: int
    end: int
    kind: ClaimKind = ClaimKind.FACT
    resolved: str = ""
    """The claim with pronouns and "the company" replaced where that is safe; `text` when nothing was."""

    @property
    def checkable(self) -> bool:
        return self.kind is ClaimKind.FACT


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the articles say of a claim, and how sure that is."""

    label: Label
    confidence: float
    """How likely the label is right, 0..1."""
    why: str
    """One sentence for the reader. A single source gets "according to"."""
    independent_sources: int = 0
    """Sources that stand behind the label, copies counted once."""
    verifier: str = ""
    """Which verifier spoke."""


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two sources that say different things of one claim. Neither is picked."""

    claim: int
    """Index into `FactCheck.claims`."""
    first: Evidence
    second: Evidence
    differences: tuple[Difference, ...] = ()
    """`in_claim`, `start` and `end` belong to the first one, the source's fields to the second; offsets of Article.text."""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Opinion:
    """What a chat model makes of a claim and its evidence: shown beside the verdict, never counted."""

    label: Label
    why: str
    """In the model's words, one sentence."""
    model: str
    evidence: tuple[Span, ...] = ()
    """The sentences that it rests on; each was shown to it."""


@dataclass(frozen=True, slots=True)
class CheckedClaim:
    """A claim with its verdict and everything that it rests on."""

    claim: Claim
    verdict: Verdict | None
    """None for a claim that is not checkable."""
    evidence: tuple[Evidence, ...] = ()
    """For and against, what decides first, then by score."""
    differences: tuple[Difference, ...] = ()
    """Between the claim and its evidence; `start` and `end` are offsets of the checked text."""
    missing: tuple[str, ...] = ()
    """What is not settled, and what would settle it; a sentence each."""
    rejected: tuple[Evidence, ...] = ()
    """Candidates that were looked at and not shown; `notes` say why."""
    opinion: Opinion | None = None
    """A chat model's, where one was asked."""


@dataclass(frozen=True, slots=True)
class FactCheck:
    """A checked text: a claim, a quotation in a sentence, or a whole draft."""

    statement: str
    """The text as it was given, in canonical form; the offsets of claims count in it."""
    claims: tuple[CheckedClaim, ...]
    verdict: Verdict
    """Of the whole text: the weakest link."""
    conflicts: tuple[Conflict, ...] = ()
    missing: tuple[str, ...] = ()
    timings: Mapping[str, float] = field(default_factory=dict)
    provenance: Mapping[str, Any] = field(default_factory=dict)
    note: str = ""
    """For the reader, for example that the text has no claim."""
    calls: tuple[ModelCall, ...] = ()
    """Of chat models, in order; those of the verifier `judge` excluded."""
    cost_usd: float | None = 0.0
    """What the calls cost at list prices, in US dollars; None when a price is not known."""


class QuoteStatus(StrEnum):
    """What became of a quotation."""

    EXACT = "exact"
    ALTERED = "altered"
    MISATTRIBUTED = "misattributed"  # the words stand there, but somebody else says them, or in another article
    ABSENT = "absent"
    CUT = "cut"  # exact, but the rest of the sentence or its neighbour limits or reverses it


@dataclass(frozen=True, slots=True)
class QuotePlace:
    """Where the words, or words close to them, stand."""

    span: Span
    quote: str
    """`article.text[span.start:span.end]`."""
    article: ArticleFacts
    zone: Zone
    speaker: str | None = None
    """Who says them, where the article tells."""
    beside: Span | None = None
    """Words next to them that limit or reverse them."""


@dataclass(frozen=True, slots=True)
class QuoteCheck:
    """Whether somebody's words stand in the library as they were quoted."""

    quote: str
    by: str | None
    status: QuoteStatus
    why: str
    places: tuple[QuotePlace, ...] = ()
    """Best first; empty when absent."""
    differences: tuple[Difference, ...] = ()
    """Against the first place; `start` and `end` count in `quote`, the source's fields in Article.text."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Which of several given answers the articles support."""

    index: int | None
    """0-based; None when the articles support none of them."""
    scores: tuple[float, ...]
    """One a given answer, in their order; comparable within one question."""
    confidence: float
    """How likely `index` is right, 0..1; for None: how likely none is."""
    evidence: tuple[Evidence, ...] = ()
    """The sentences that decided, best first."""


@dataclass(frozen=True, slots=True)
class StageEvent:
    """A stage of the answer has ended; `detail` is for the reader ("6 passages from 4 articles")."""

    stage: str
    detail: str
    seconds: float


@dataclass(frozen=True, slots=True)
class DeltaEvent:
    """More text of the answer, without markers; what it rests on comes with the AnswerEvent."""

    text: str


@dataclass(frozen=True, slots=True)
class CitedEvent:
    """The model has put citations behind the text streamed so far. Nobody has looked them up yet: show them greyed out."""

    at: int
    """Code points of text that the deltas before it make."""
    count: int
    """How many."""


@dataclass(frozen=True, slots=True)
class AnswerEvent:
    """The last event: the finished answer."""

    answer: Answer


StreamEvent = StageEvent | DeltaEvent | CitedEvent | AnswerEvent


@dataclass(frozen=True, slots=True)
class Failure:
    """An input that did not become an article, or a line that did not become a case."""

    source: str
    reason: str


@dataclass(frozen=True, slots=True)
class IngestReport:
    """What one `ingest` did. The tuples hold article ids, in input order."""

    added: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    replaced: tuple[str, ...] = ()
    """New versions of articles that were here under the same URL."""
    updated: tuple[str, ...] = ()
    """The same text from the same source, with other facts: a new status, date, title."""
    failed: tuple[Failure, ...] = ()
    passages: int = 0
    """Passages added to the library."""
    embedded: int = 0
    """Passages that got their vector in this run."""
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class IngestProgress:
    """Where a running ingest stands. `total` is None while the number of inputs is not known."""

    stage: str
    """Either "text" or "embed"."""
    done: int
    total: int | None
    source: str = ""
    remaining_s: float | None = None


@dataclass(frozen=True, slots=True)
class ArticleRow:
    """An article as lists show it."""

    facts: ArticleFacts
    source_ids: tuple[str, ...]
    """Every id that inputs gave to this very text."""
    versions: int
    """1 + the number of earlier versions at the same URL."""
    passages: int
    embedded: int
    """Passages of this article that have a vector."""
    duplicate_of: str | None
    """The article that this one nearly repeats (syndicated copy), by MinHash."""
    current: bool
    """False for a version that a later one replaced."""
