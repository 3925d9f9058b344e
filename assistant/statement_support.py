"""The statements of an answer to what stands behind each: its cited words, and whether they say it.

Verbatim words need no judge. Else each cited sentence is compared with the statement, whole and clause by clause: values that
differ, words that it lacks, where the two deny each other, what the gates found, and what the verifier makes of it.
`attribute` finds the sentences that a statement without a citation may rest on; it takes only what carries all of it.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import combinations, pairwise

from assistant.checks.independence import independent_groups
from assistant.checks.values import bears_out, missing_in_all
from assistant.checks.wording import is_negation
from assistant.chunking import Sentence, article_sentences
from assistant.claims import split_claims
from assistant.clauses import SAYING, finite_verb, tokenize
from assistant.terms import all_stems
from assistant.types import (
    Answer,
    Article,
    CheckedStatement,
    Citation,
    ClaimKind,
    Difference,
    Judgement,
    Kind,
    Premise,
    Span,
    Stance,
    StatementState,
    Zone,
)
from assistant.values import Value, find_values, same_amount, same_name, same_unit, same_value
from assistant.verifiers import Verifier
from assistant.verifiers._alignment import Alignment, Pair, align
from assistant.verifiers._contradiction import contradictions
from assistant.verifiers._outcomes import denials, likes, opposites
from assistant.verifiers._reading import NUMERIC, WordKind, read, terms_of

CITED_FROM = 0.6  # share of a statement, by weight, that its cited words and what stands beside them must hold
ABOUT_FROM = 0.25  # share that the cited sentences themselves must hold to be about the same thing
BESIDE = 0.6  # what a word counts that stands only beside the cited sentence: before it, after it, in the title
SAME_THING = 0.6  # share of the rest of a statement from which a cited sentence gives another value of the same thing
DENIED = 0.75  # share of a statement from which a cited sentence of the other polarity says the opposite
CARRIES, CARRIES_TOGETHER = (
    0.75,
    0.85,
)  # share of a statement that one shown sentence, or two, must hold to be its source
ADDS = 0.15  # share that the second one must add
TRIED = 5  # shown sentences, the best, that are looked at closely
NEARLY = 0.6  # share of a statement that a cited sentence must hold for their words to be compared in order
SLOT, SAME_AROUND = 6, 4  # words at most that may differ, and words beside them that must be the same
PASSED = 1  # so many words that are the same between two differences make them no two
SAME_BEGINNING, FAMILY = 4, 0.65  # words of one family share at least these letters, and this much of the longer one
NAMED = 3  # words shown of those that are missing

State = tuple[StatementState, str]


def attribute(text: str, shown: Sequence[Span], articles: Mapping[str, Article]) -> tuple[Span, ...]:
    """The shown sentences (at most 2) on which a statement without a citation may rest, best first; empty when none carries it.

    Every number and date of the statement must stand in them, every name in them or beside them, and nothing in them may
    say otherwise. A word counts by how few of the shown sentences have it.
    """
    if _is_frame(text):
        return ()
    shelf = _Shelf(articles)
    sources = [source for span in dict.fromkeys(shown) for source in shelf.sources(span)]
    wanted = _Wanted(text, _rarity(sources))
    ranked = sorted(sources, key=lambda source: -wanted.share([source], BESIDE))[:TRIED]
    for chosen in _choices(wanted, ranked):
        if not _lacks_value(text, chosen) and not _opposed_note(text, chosen) and not _turned(text, chosen):
            return tuple(dict.fromkeys(source.span for source in chosen))
    return ()


def check_statements(
    answer: Answer,
    ranges: Sequence[tuple[int, int]],
    articles: Mapping[str, Article],
    verifier: Verifier,
    attributed: Collection[tuple[int, int]] = (),
) -> tuple[CheckedStatement, ...]:
    """The state of each statement `answer.text[start:end]`, in order.

    `answer.citations` (answer_start and answer_end equal a range) and `answer.findings` are filled already. The verifier is
    asked only about words that are not verbatim and that nothing else speaks against. A sentence that cites nothing and
    states nothing ("Here is what the articles say.") is PARTLY, with 0 sources: neither trusted nor unsupported. Raises
    ModelFailed when the verifier's model fails.
    """
    shelf = _Shelf(articles)
    checked = []
    for start, end in ranges:
        statement = _statement(answer, start, end, shelf)
        state, why = _state(statement, verifier)
        sources = _independent(statement.citations, articles)
        checked.append(CheckedStatement(start, end, state, why, (start, end) in attributed, sources))
    return tuple(checked)


def _independent(citations: Sequence[Citation], articles: Mapping[str, Article]) -> int:
    quotes: dict[str, list[str]] = {}
    for citation in citations:
        quotes.setdefault(citation.span.article_id, []).append(citation.quote)
    if len(quotes) < 2:
        return len(quotes)
    return max(independent_groups([articles[one] for one in quotes], ["\n".join(texts) for texts in quotes.values()]))


# --- What a statement rests on ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Source:
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
class _Shelf:
    """The articles' sentences, each article read once."""

    articles: Mapping[str, Article]
    _sentences: dict[str, list[Sentence]] = field(default_factory=dict)

    def sources(self, span: Span, advises: bool = False) -> list[_Source]:
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


def _source(article: Article, sentences: Sequence[Sentence], at: int, cited: Span, about: str) -> _Source:
    one = sentences[at]
    beside = [
        _text(article, sentences[i]) if 0 <= i < len(sentences) and sentences[i].zone is one.zone else ""
        for i in (at - 1, at + 1)
    ]
    whole = cited.start <= one.start and one.end <= cited.end
    return _Source(
        article, Span(article.id, one.start, one.end), whole, _text(article, one), beside[0], beside[1], about
    )


def _with_orders(source: _Source) -> _Source:
    text = source.article.quote(source.span)
    return source if _orders_a_program(text) else replace(source, text=text)


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


def _orders_a_program(text: str) -> bool:
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
class _Statement:
    """A statement of an answer with all that it cites."""

    text: str
    citations: tuple[Citation, ...]
    """Those that are shown and whose article is here."""
    sources: tuple[_Source, ...]
    findings: tuple[Difference, ...]
    """What the gates found in it; offsets count in `text`."""
    offset: int


def _statement(answer: Answer, start: int, end: int, shelf: _Shelf) -> _Statement:
    citations = tuple(
        one
        for one in answer.citations
        if one.shown and (one.answer_start, one.answer_end) == (start, end) and one.span.article_id in shelf.articles
    )
    text = answer.text[start:end]
    sources = [source for one in citations for source in shelf.sources(one.span, _advises(text))]
    findings = tuple(one for one in answer.findings if start <= one.start and one.end <= end and one.start < end)
    return _Statement(text, citations, tuple(dict.fromkeys(sources)), findings, start)


# --- The state --------------------------------------------------------------------------------------------------------


def _state(statement: _Statement, verifier: Verifier) -> State:
    if not statement.sources:
        return _uncited(statement.text)
    if label := _verbatim(statement):
        return _of_verbatim(statement, label)
    reporting = [source for source in statement.sources if source.reports]
    if not reporting:
        return StatementState.NOT_IN_SOURCES, "The cited words are a question or an order; they report nothing."
    if why := _contradiction(statement, reporting):
        return StatementState.CONTRADICTED, why
    return _support(statement, reporting, verifier)


def _uncited(text: str) -> State:
    if _is_frame(text):
        return StatementState.PARTLY, "This sentence states nothing that a source could bear out."
    return StatementState.NOT_IN_SOURCES, "No sentence that was found bears this out."


def _support(statement: _Statement, sources: Sequence[_Source], verifier: Verifier) -> State:
    """What is left where nothing contradicts: the verifier speaks only where nothing else is amiss."""
    wanted = _Wanted(statement.text)
    about = wanted.share(sources) >= ABOUT_FROM
    objection = (
        _first_note(statement.findings)
        or _misquoted(statement.text, sources)
        or _opposed_note(statement.text, sources)
        or _replaced_note(statement.text, sources)
    )
    if objection:
        return (StatementState.PARTLY, objection) if about else _NOT_ABOUT
    text = _unframed(statement.text, sources)
    judged = _judged(text, sources, verifier)
    if not _exchanged(text, sources) and _supported(text, judged, sources, verifier):
        return StatementState.VERIFIED, ""
    if not about:
        return _NOT_ABOUT
    if refuting := next((one for one in judged if one.stance is Stance.REFUTES and not one.differences), None):
        return StatementState.PARTLY, refuting.why or "The verifier finds that the cited words say otherwise."
    if wanted.share(sources, BESIDE) < CITED_FROM:
        return StatementState.PARTLY, f"The cited words do not have {_listed(wanted.missing(sources))}."
    return StatementState.CITED, "The cited words are about this; that they say all of it is not verified."


_NOT_ABOUT = (StatementState.NOT_IN_SOURCES, "The cited words hardly have anything of this sentence.")
_FIRST_OF_ALL = (Kind.NUMBER, Kind.DATE, Kind.UNIT, Kind.BOUND, Kind.NAME, Kind.ZONE, Kind.STATUS, Kind.HEDGE)


def _first_note(findings: Sequence[Difference]) -> str:
    """The note of the finding that weighs most."""
    if not findings:
        return ""
    first = min(
        findings, key=lambda one: _FIRST_OF_ALL.index(one.kind) if one.kind in _FIRST_OF_ALL else len(_FIRST_OF_ALL)
    )
    return first.note or "The cited words differ from this sentence."


def _misquoted(text: str, sources: Sequence[_Source]) -> str:
    """The note on a quotation whose words do not stand so in any cited article; parts between dots count by themselves."""
    there = [_fold(article_text) for article_text in {source.article.text for source in sources}]
    for match in _QUOTATION.finditer(text):
        parts = [_fold(part).strip(" ,.;:!?'") for part in _LEFT_OUT.split(match[1])]
        if any(part and not any(part in one for one in there) for part in parts):
            return f"The words “{match[1]}” do not stand so in the cited article."
    return ""


_QUOTATION = re.compile(r"[“\"]([^“”\"]*\w\W+\w+\W+\w[^“”\"]*)[”\"]")
_LEFT_OUT = re.compile(r"…|\.{3}|\[[^\]]*\]")


def _judged(text: str, sources: Sequence[_Source], verifier: Verifier) -> list[Judgement]:
    """Relative dates of the text count from the day of the article that it is held against."""
    by_day: dict[object, list[_Source]] = {}
    for source in sources:
        by_day.setdefault(source.article.published, []).append(source)
    return [
        judgement
        for group in by_day.values()
        for judgement in verifier.judge(text, [one.premise for one in group], group[0].article.published)
    ]


def _supported(text: str, judged: Sequence[Judgement], sources: Sequence[_Source], verifier: Verifier) -> bool:
    """Whether one cited sentence says all of it, or each clause is said by one."""
    if any(one.stance is Stance.SUPPORTS for one in judged):
        return True
    parts = _parts(text)
    return len(parts) > 1 and all(
        any(one.stance is Stance.SUPPORTS for one in _judged(part, sources, verifier)) for part in parts
    )


@lru_cache(maxsize=1024)
def _parts(text: str) -> tuple[str, ...]:
    """The clauses that say something by themselves, their subjects filled in."""
    return tuple(claim.resolved for claim in split_claims(text))


def _unframed(text: str, sources: Sequence[_Source]) -> str:
    """A statement without "The article says that": what a source says needs no source for being a source."""
    found = _BEFORE.match(text)
    named = found and found["who"]
    if found is None or (named and not any(_is_publisher(named, source.article) for source in sources)):
        return text
    return text[found.end() :]


def _is_publisher(name: str, article: Article) -> bool:
    return any(name.casefold() == known.casefold() for known in (article.publisher, article.author) if known)


_PAPER = r"(?:the|an?|this|one) (?:articles?|reports?|sources?)"
_BEFORE = re.compile(
    rf"(?:(?:according to|as reported (?:by|in)) (?:{_PAPER}|(?:the )?(?P<who>[^,]{{2,60}})),\s+"
    rf"|{_PAPER} (?:also )?(?:says?|said|states?|stated|reports?|reported|adds?|notes?) (?:that )?"
    r"|it (?:is|was) (?:also )?(?:reported|stated|noted) that )",
    re.IGNORECASE,
)


def _listed(words: Sequence[str]) -> str:
    quoted = [f"“{word}”" for word in words[:NAMED]]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} and {quoted[-1]}" if quoted else "all of this"


# --- Verbatim ---------------------------------------------------------------------------------------------------------


def _verbatim(statement: _Statement) -> re.Match[str] | None:
    """The label before the quotations, mostly an empty one, where the statement is nothing else but what it cites."""
    rest = _fold(statement.text)
    for quote in sorted({_fold(one.quote) for one in statement.citations}, key=len, reverse=True):
        rest = rest.replace(quote, "\n") if quote else rest
    return _LABEL.fullmatch(rest) if "\n" in rest else None


@lru_cache(maxsize=1024)
def _fold(text: str) -> str:
    """In small letters and with plain marks and spaces, the full stop cut: "The harbour, he said"."""
    return " ".join(text.translate(_PLAIN_MARKS).casefold().split()).strip(" .\"'")


_PLAIN_MARKS = str.maketrans("‘’“”‐‑–—", "''\"\"----")
_LABEL = re.compile(
    r"(?P<label>from an? (?P<status>[\w ]{1,30}) article: ?|an? (?P<comment>reader's comment)[\w, ]{0,30}: ?)?[\n\"'. ]*"
)


def _of_verbatim(statement: _Statement, label: re.Match[str]) -> State:
    """Words of the source, unless the gates found that they mislead there and no label says so."""
    if all(_orders_a_program(one.quote) for one in statement.citations):
        return StatementState.NOT_IN_SOURCES, "The cited words are an order; they report nothing."
    cut = [source for source in statement.sources if not source.whole]
    if cut and not any(source.reports for source in statement.sources):
        return StatementState.NOT_IN_SOURCES, "The cited words are part of a question or an order; they report nothing."
    if cut and (note := _opposed_note(statement.text, cut)):
        return StatementState.PARTLY, note
    said = {Kind.STATUS} if label["status"] else {Kind.ZONE} if label["comment"] else set()
    if note := _first_note([one for one in statement.findings if one.kind not in said]):
        return StatementState.PARTLY, note
    return StatementState.VERIFIED, ""


# --- Frames -----------------------------------------------------------------------------------------------------------


def _is_frame(text: str) -> bool:
    """Whether a sentence states nothing: no word of its own, or only what the others are about."""
    if any(map(str.isdigit, text)) or any(map(is_negation, text.split())):
        return False
    head, _, topic = _ABOUT.sub("\n", text, count=1).partition("\n")
    tokens = tokenize(topic)
    return not (set(all_stems(head)) - _FRAME) and (not topic or finite_verb(tokens, topic) is None)


_ABOUT = re.compile(r"\b(?:about|on|regarding|concerning)\b", re.IGNORECASE)
_FRAME = frozenset(
    all_stems(
        "a all an and are article articles answer answers as at available be below can cited course details do evidence "
        "facts far following follows for found from give given have here how I in information is it key known main matter "
        "need news of overall passages points provided question report reported reports result say says sentences short "
        "shown so source sources state sum summary tell that the their there these they this to told up was we were what "
        "which you your"
    )
)


# --- How much of a statement is there ---------------------------------------------------------------------------------


class _Wanted:
    """The words of a statement that carry meaning, as they are looked for in sentences."""

    def __init__(self, text: str, rarity: Mapping[str, float] | None = None) -> None:
        words = [word for word in read(text).words if word.term not in _REPORTING]
        self._shown = {word.term: text[word.start : word.end] for word in words}
        self._figures = frozenset(word.term for word in words if word.kind in NUMERIC)
        self._weights = {word.term: word.weight * (rarity or {}).get(word.term, 1.0) for word in words}
        if rarity is not None:
            most = max(rarity.values(), default=1.0)
            self._weights = {word.term: word.weight * rarity.get(word.term, most) for word in words}

    def share(self, sources: Sequence[_Source], beside: float = 0.0, but: Collection[str] = ()) -> float:
        """The share of the weight, the terms `but` aside, that the sentences hold, 0..1; `beside` them a word counts less."""
        weights = {term: weight for term, weight in self._weights.items() if term not in but}
        there, near = _all_terms(source.text for source in sources), frozenset[str]()
        if beside:
            near = frozenset().union(*(source.around for source in sources))
        held = sum(
            weight * (1.0 if self._is_in(term, there) else beside if term in near else 0.0)
            for term, weight in weights.items()
        )
        return held / (sum(weights.values()) or 1.0)

    def missing(self, sources: Sequence[_Source]) -> list[str]:
        """The words, as written, that stand neither in the sentences nor beside them."""
        there = _all_terms(source.text for source in sources).union(*(source.around for source in sources))
        return [shown for term, shown in self._shown.items() if not self._is_in(term, there)]

    def _is_in(self, term: str, there: frozenset[str]) -> bool:
        return term in there or (term not in self._figures and _has_family(term, there))


_REPORTING = frozenset(all_stems("article report state note add describe mention explain accord tell"))


def _all_terms(texts: Iterator[str]) -> frozenset[str]:
    return frozenset().union(*map(terms_of, texts))


def _has_family(term: str, there: Collection[str]) -> bool:
    """Whether a word of the same side ("abolish" and "scrap") or of the same beginning ("elect", "election") is there."""
    if not likes().get(term, frozenset()).isdisjoint(there):
        return True
    beginning = term[:SAME_BEGINNING]
    return len(term) >= SAME_BEGINNING and any(
        other.startswith(beginning) and _common(term, other) >= FAMILY * max(len(term), len(other)) for other in there
    )


def _common(one: str, other: str) -> int:
    """Letters that two words begin with alike."""
    return next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


# --- Contradictions ---------------------------------------------------------------------------------------------------

_OF_VALUES = ("amount", "count", "date", "name")  # rules that compare values: another cited sentence may have the value


def _contradiction(statement: _Statement, sources: Sequence[_Source]) -> str:
    """Why the cited words say otherwise; empty when they do not."""
    text = statement.text
    return (
        _another_value(statement, sources)
        or _ruled_out(statement, sources)
        or _denied(text, sources)
        or _turned(text, sources)
    )


def _another_value(statement: _Statement, sources: Sequence[_Source]) -> str:
    """A number that differs in a cited sentence which counts the same and has the rest of the statement."""
    wanted = _Wanted(statement.text)
    for one in statement.findings:
        at = Span(one.article_id, one.source_start, one.source_end)
        source = next((source for source in sources if source.span.overlaps(at)), None)
        if source is None or one.kind is not Kind.NUMBER or not missing_in_all(one.in_source, (statement.text,)):
            continue
        ours = _number_at(statement.text, one.start - statement.offset)
        theirs = _number_at(source.text, at.start - source.span.start)
        rest = wanted.share([source], BESIDE, terms_of(one.in_claim))
        if ours and theirs and _counts_the_same(ours, theirs) and rest >= SAME_THING:
            return one.note
    return ""


def _number_at(text: str, place: int) -> Value | None:
    found = (value for value in find_values(text) if value.kind is Kind.NUMBER)
    return next((value for value in found if value.start <= place < value.end), None)


def _counts_the_same(ours: Value, theirs: Value) -> bool:
    if "many" in (ours.bound, theirs.bound) or not same_unit(ours, theirs):
        return False
    return bool(ours.unit) or (bool(ours.noun) and ours.noun == theirs.noun)


def _ruled_out(statement: _Statement, sources: Sequence[_Source]) -> str:
    """What a rule of the verifiers finds, unless another cited sentence has the value or holds as much without it."""
    missing = {one.in_claim for one in statement.findings}
    for text in dict.fromkeys((statement.text, *_parts(statement.text))):
        found = [(source, contradictions(text, source.premise, source.article.published)) for source in sources]
        clear = [source for source, against in found if not against]
        for source, against in found:
            for one in against:
                by_value = one.rule in _OF_VALUES
                if by_value and one.difference.in_claim not in missing:
                    continue
                if not by_value and _has_words(text, one.difference.in_source):
                    continue
                if by_value or not _bears_as_much(text, clear, source):
                    return _of_sentence(one.difference.note)
    return ""


def _has_words(text: str, words: str) -> bool:
    """Whether a text has the words that are said to speak against it: "not everyone"."""
    return len(words.split()) > 1 and words.casefold() in text.casefold()


def _bears_as_much(text: str, others: Sequence[_Source], source: _Source) -> bool:
    wanted = _Wanted(text)
    return any(wanted.share([other]) >= wanted.share([source]) for other in others)


def _of_sentence(note: str) -> str:
    return re.sub(r"^The claim\b", "The sentence", note).replace("the claim", "the sentence")


def _denied(text: str, sources: Sequence[_Source]) -> str:
    opposed = _opposed(text, sources)
    sure = opposed and _is_head(*opposed) and opposed[0].held() >= DENIED
    return _opposed_note(text, sources) if sure else ""


def _opposed_note(text: str, sources: Sequence[_Source]) -> str:
    opposed = _opposed(text, sources)
    if opposed is None:
        return ""
    aligned, pair = opposed
    ours, theirs = aligned.claim.words[pair.ours], aligned.premise.words[pair.theirs]
    said, cited = aligned.claim.text[ours.start : ours.end], aligned.premise.text[theirs.start : theirs.end]
    if pair.opposite:
        return f"The sentence says “{said}”, the cited words say “{cited}”."
    who = "the sentence" if not ours.positive else "the cited words"
    return f"Only {who} denies “{said}”." if who == "the sentence" else f"Only {who} deny “{said}”."


def _opposed(text: str, sources: Sequence[_Source]) -> tuple[Alignment, Pair] | None:
    """Where a statement and the cited sentence nearest to it deny each other: "was signed" and "was not signed"."""
    for part in dict.fromkeys((text, *_parts(text))):
        wanted = _Wanted(part)
        nearest = max(sources, key=lambda source: wanted.share([source]))
        aligned = align(part, nearest.premise)
        if aligned and (pair := _flipped(aligned)):
            return aligned, pair
    return None


def _flipped(aligned: Alignment) -> Pair | None:
    """A word that one side denies: the head of a denial, or any where most of what is paired is denied by one side."""
    flips = [pair for pair in aligned.pairs if _flips(aligned, pair)]
    words = [pair for pair in aligned.pairs if aligned.claim.words[pair.ours].kind is WordKind.WORD]
    head = next((pair for pair in flips if _is_head(aligned, pair)), None)
    return head or (flips[0] if 2 * len(flips) > len(words) > 2 else None)


def _flips(aligned: Alignment, pair: Pair) -> bool:
    """Whether one side asserts a word, or its opposite, that the other one denies."""
    ours, theirs = aligned.claim.words[pair.ours], aligned.premise.words[pair.theirs]
    if not (ours.asserted and theirs.asserted and ours.kind is theirs.kind is WordKind.WORD):
        return False
    return (ours.positive == theirs.positive) == pair.opposite


def _is_head(aligned: Alignment, pair: Pair) -> bool:
    """Whether a denial of either side denies this word first; an opposite needs a word beside it that is paired too."""
    sides = (aligned.claim, pair.ours), (aligned.premise, pair.theirs)
    heads = any(at in reading.heads(n) for reading, at in sides for n in range(len(reading.denials)))
    return heads or (pair.opposite and aligned.neighbours(pair) > 0)


# --- Nearly the same words --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Slot:
    """A place where a statement and a cited sentence differ between words that they share."""

    ours: str
    theirs: str
    denials: tuple[int, int]
    """How many words of each side deny."""
    values: tuple[tuple[Value, ...], tuple[Value, ...]]
    """Those that touch it, of either side."""

    @property
    def denies_otherwise(self) -> bool:
        return self.denials[0] % 2 != self.denials[1] % 2

    @property
    def alike(self) -> bool:
        """Whether neither side has a word of its own beside what denies: "signed" and "did not sign"."""
        ours, theirs = read(self.ours).terms, read(self.theirs).terms
        return not _without_kin(ours, theirs) and not _without_kin(theirs, ours)

    @property
    def exchanged(self) -> bool:
        """Whether a word that carries meaning stands in another one's place: a synonym, or an opposite nobody listed."""
        ours, theirs = _content(self.ours), _content(self.theirs)
        if _says(self.ours) and _says(self.theirs):
            return False
        return bool(theirs and _without_kin(ours, theirs))

    @property
    def opposite(self) -> bool:
        """Whether the one side holds the opposite of a word of the other."""
        ours, theirs = terms_of(self.ours) | _plain_terms(self.ours), terms_of(self.theirs) | _plain_terms(self.theirs)
        return any(not _opposites_of(term).isdisjoint(theirs) for term in ours - theirs)

    @property
    def named_anew(self) -> bool:
        """Whether a name stands in another one's place, or two have changed places, other than in a list."""
        ours, theirs = ([value.key for value in side if value.kind is Kind.NAME] for side in self.values)
        changed = ours != theirs and sorted(ours) == sorted(theirs) and not _is_list(self.ours, self.values[0])
        return bool(self.pairs(Kind.NAME)) or changed

    @property
    def measured_anew(self) -> bool:
        """Whether another number or day of the same kind stands there."""
        numbers = any(_other_amount(ours, theirs) for ours, theirs in self.pairs(Kind.NUMBER))
        days = any(_other_day(ours, theirs) for ours, theirs in self.pairs(Kind.DATE))
        return numbers or days or _other_digits(self.ours, self.theirs)

    def pairs(self, kind: Kind) -> list[tuple[Value, Value]]:
        """The first value of this kind of either side that the other side lacks; nothing where one side has none."""
        ours, theirs = ([value for value in side if value.kind is kind] for side in self.values)
        here = [value for value in ours if not any(_equal(value, other) for other in theirs)]
        there = [value for value in theirs if not any(_equal(value, other) for other in ours)]
        return [(here[0], there[0])] if here and there else []


def _content(text: str) -> frozenset[str]:
    """The terms of a text; "gave", no term for a search, is one beside "took"."""
    return terms_of(text) | (_GIVING & set(all_stems(text)))


def _without_kin(terms: Collection[str], others: Collection[str]) -> set[str]:
    """The terms that neither stand among the others nor have one of their family there."""
    return {term for term in terms if term not in others and not _has_family(term, others)}


def _equal(ours: Value, theirs: Value) -> bool:
    return same_name(ours.key, theirs.key) if ours.kind is Kind.NAME else same_value(ours, theirs)


def _other_digits(ours: str, theirs: str) -> bool:
    """The same for figures that have no unit or an unknown one: "7/11", "$3/MMBtu", the parts of "6 1/2"."""
    figures = [_FIGURE.fullmatch(text) for text in (ours, theirs)]
    one, other = (figure and float(figure[1].replace(",", "")) for figure in figures)
    return one is not None and other is not None and one != other


def _is_list(text: str, names: Sequence[Value]) -> bool:
    for value in names:
        text = text.replace(value.text, "")
    return not re.sub(r"\b(?:and|or|the)\b|\W", "", text)


def _other_amount(ours: Value, theirs: Value) -> bool:
    if same_amount(ours, theirs) or not same_unit(ours, theirs):
        return False
    return ours.bound == theirs.bound or not bears_out(theirs, ours)


def _other_day(ours: Value, theirs: Value) -> bool:
    return ours.precision == theirs.precision and not bears_out(theirs, ours)


def _turned(text: str, sources: Sequence[_Source]) -> str:
    """Why a statement that is nearly a cited sentence says otherwise: one "not" more, an opposite, another number."""
    for slots in _slots(text, sources):
        for slot in slots:
            if slot.measured_anew:
                return f"The cited words say “{slot.theirs}”, not “{slot.ours}”."
        turns = [slot for slot in slots if (slot.denies_otherwise and slot.alike) != slot.opposite]
        if len(turns) % 2:
            return _turn_note(turns[0])
    return ""


def _turn_note(slot: _Slot) -> str:
    if slot.opposite:
        return f"The sentence says “{slot.ours}”, the cited words say “{slot.theirs}”."
    if slot.denials[0] > slot.denials[1]:
        return f"Only this sentence has “{slot.ours}” here, not the cited words."
    return f"Only the cited words have “{slot.theirs}” here, not this sentence."


def _replaced_note(text: str, sources: Sequence[_Source]) -> str:
    """Where a statement that is nearly a cited sentence has another name or word than that, or denies another thing."""
    slots = [slot for slots in _slots(text, sources) for slot in slots]
    for slot in slots:
        if slot.ours and slot.theirs and (slot.named_anew or slot.denies_otherwise or _is_one_word(slot)):
            return f"The cited words have “{slot.theirs}” where this sentence has “{slot.ours}”."
        if slot.denies_otherwise and slot.ours:
            return f"Only this sentence has “{slot.ours}” here, not the cited words."
    return ""


def _is_one_word(slot: _Slot) -> bool:
    """Whether one word that carries meaning was exchanged for another one."""
    ours, theirs = _content(slot.ours), _content(slot.theirs)
    return slot.exchanged and len(ours - theirs) == len(theirs - ours) == 1


def _exchanged(text: str, sources: Sequence[_Source]) -> bool:
    """Whether words were exchanged, or a name put where the cited sentence has none, so that similarity proves nothing."""
    slots = [slot for slots in _slots(text, sources) for slot in slots]
    added = any(_has_name(slot.values[0]) and not slot.theirs and not _says(slot.ours) for slot in slots)
    return added or any(slot.exchanged for slot in slots)


def _has_name(values: Sequence[Value]) -> bool:
    return any(value.kind is Kind.NAME for value in values)


def _says(text: str) -> bool:
    return any(token.low in SAYING or token.low == "according" for token in tokenize(text))


def _slots(text: str, sources: Sequence[_Source]) -> list[tuple[_Slot, ...]]:
    """Of the statement and of each of its clauses, against the cited sentence nearest to it."""
    found = []
    text = _unframed(text, sources)
    for part in dict.fromkeys((text, *_parts(text))):
        wanted = _Wanted(part)
        nearest = max(sources, key=lambda source: wanted.share([source]))
        if wanted.share([nearest]) >= NEARLY:
            found.append(_differing(part, nearest.text, nearest.article.published))
    return found


@lru_cache(maxsize=256)
def _differing(text: str, source: str, day: date | None) -> tuple[_Slot, ...]:
    ours, theirs = list(_TOKEN.finditer(text)), list(_TOKEN.finditer(source))
    matcher = SequenceMatcher(None, list(map(_key, ours)), list(map(_key, theirs)), autojunk=False)
    same = [block for block in matcher.get_matching_blocks() if block.size > PASSED]
    ends = [(0, 0, 0), *((block.a, block.b, block.size) for block in same), (len(ours), len(theirs), 0)]
    found = []
    for (a, c, before), (b, d, after) in pairwise(ends):
        here, there = (a + before, b), (c + before, d)
        size = max(here[1] - here[0], there[1] - there[0])
        at_end = a + before == 0 or b == len(ours)
        if 0 < size <= SLOT and before + after >= SAME_AROUND and (at_end or min(before, after) > 0):
            found.append(_slot(text, source, _stretch(ours, *here), _stretch(theirs, *there), day))
    return tuple(found)


def _key(match: re.Match[str]) -> str:
    return match[0].casefold().replace("’", "'")


def _stretch(tokens: Sequence[re.Match[str]], start: int, end: int) -> tuple[int, int]:
    return (tokens[start].start(), tokens[end - 1].end()) if end > start else (0, 0)


def _slot(text: str, source: str, ours: tuple[int, int], theirs: tuple[int, int], day: date | None) -> _Slot:
    sides = ((text, ours), (source, theirs))
    values = tuple(tuple(value for value in find_values(whole, day) if _touch(value, at)) for whole, at in sides)
    said, cited = text[slice(*ours)], source[slice(*theirs)]
    counted = _denials(text, ours), _denials(source, theirs)
    return _Slot(said, cited, counted, (values[0], values[1]))


def _touch(value: Value, place: tuple[int, int]) -> bool:
    return value.start < place[1] and place[0] < value.end


def _denials(text: str, place: tuple[int, int]) -> int:
    """Words that deny in a stretch; "not only" denies nothing."""
    found = [denial for denial in denials(text) if place[0] <= denial.start < place[1]]
    rest = [
        match
        for match in _TOKEN.finditer(text, *place)
        if is_negation(_key(match))
        and not _ONLY.match(text, match.end())
        and not any(denial.start <= match.start() < denial.end for denial in found)
    ]
    return len(found) + len(rest)


def _plain_terms(text: str) -> frozenset[str]:
    return frozenset(all_stems(text))


def _opposites_of(term: str) -> frozenset[str]:
    return opposites().get(term, frozenset()) | _DIRECTIONS.get(term, frozenset())


_TOKEN = re.compile(r"\w+(?:[.,]\d+)*(?:['’]\w+)?|[$€£%]")
_GIVING = frozenset(all_stems("give gives gave given giving"))
_FIGURE = re.compile(r"[$€£]?(\d[\d,]*(?:\.\d+)?)[A-Za-z]{0,2}")
_ONLY = re.compile(r"\W+(?:only|just|merely|simply|necessarily)\b", re.IGNORECASE)
_OPPOSED = (
    "up down", "more less", "more fewer", "most least", "before after", "first last", "above below", "over under",
    "all some", "always sometimes", "higher lower", "larger smaller", "buy sell", "gain lose", "block allow",
    "condemn welcome", "praise criticise", "praise criticize", "extend shorten", "for against", "accuse clear",
    "uphold overturn", "strengthen weaken", "succeed fail",
    "survived died", "survive die",
)  # fmt: skip
_DIRECTIONS = {
    one: frozenset(other for pair in _OPPOSED for other in all_stems(pair) if one in all_stems(pair)) - {one}
    for one in all_stems(" ".join(_OPPOSED))
}


# --- Which shown sentences carry a statement --------------------------------------------------------------------------


def _rarity(sources: Sequence[_Source]) -> dict[str, float]:
    """What a term weighs by how few of the sentences have it, from 1."""
    counts = Counter(term for source in sources for term in terms_of(source.text))
    return {term: 1.0 + math.log(len(sources) / count) for term, count in counts.items()}


def _choices(wanted: _Wanted, ranked: Sequence[_Source]) -> Iterator[tuple[_Source, ...]]:
    """The best sentence with one that adds to it, then single ones that carry the statement, then other pairs."""
    reporting = [source for source in ranked if source.reports]
    pairs = [
        (one, other)
        for one, other in combinations(reporting, 2)
        if (together := wanted.share([one, other], BESIDE)) >= CARRIES_TOGETHER
        and together >= wanted.share([one], BESIDE) + ADDS
    ]
    yield from (pair for pair in pairs if pair[0] is reporting[0])
    yield from ((source,) for source in reporting if wanted.share([source], BESIDE) >= CARRIES)
    yield from (pair for pair in pairs if pair[0] is not reporting[0])


def _lacks_value(text: str, sources: Sequence[_Source]) -> bool:
    """Whether no sentence has a number or date of the text, or neither they nor their neighbours a name."""
    texts, days = [source.text for source in sources], [source.article.published for source in sources]
    beside = [part for source in sources for part in (source.before, source.after, source.about)]
    per_day = [missing_in_all(text, texts, day, days) for day in dict.fromkeys((None, *days))]
    everywhere = set.intersection(*({(one.start, one.end) for one in missing} for missing in per_day))
    missing = [one for one in per_day[0] if (one.start, one.end) in everywhere]
    unnamed = {(one.start, one.end) for one in missing_in_all(text, [*texts, *beside])}
    return any(one.kind is not Kind.NAME or (one.start, one.end) in unnamed for one in missing)
