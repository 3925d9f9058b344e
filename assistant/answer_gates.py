"""An answer and its cited articles to what the gates find between its statements and the words they cite.

Each statement is held against all its shown citations together: values that none of them has, attributions and hedges
that it dropped, words beside a citation that limit it, and citations from places that decide nothing. Findings are marked
for the reader; they hide nothing and change no text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from assistant.checks.attribution import attributions, hedges, lost
from assistant.checks.cut import Limit, LimitKind, limits
from assistant.checks.derived import follows
from assistant.checks.filled_in import fills_in, has_moved
from assistant.checks.speakers import speech_at
from assistant.checks.status import retraction_notice, status_label
from assistant.checks.values import missing_in_all
from assistant.checks.wording import is_negation
from assistant.checks.zones import Debunked, is_debunked, zone_label
from assistant.chunking import article_sentences, zone_at
from assistant.coreference import resolve
from assistant.terms import terms
from assistant.types import Answer, Article, Citation, Difference, Kind, Span, Status, Zone
from assistant.values import find_values

BEFORE, AFTER = 3, 1  # sentences before a cited one, and behind it, that may name whom it speaks of
LEAD = 2  # sentences that begin an article and say whom all of it is about
ASSERTED = 0.6  # share of a statement's terms that a sentence without a speaker must have to say it too
DENIES_WITHIN = 8  # words in which a sentence that begins with "but" has its "not", if it is its verb that is denied
SHARED = 2  # terms that a statement and a correction must share to be about one thing


@dataclass(frozen=True, slots=True)
class _Cited:
    """A citation of a statement, and the article that it leads to."""

    article: Article
    span: Span
    sentence: Span
    """The sentences that the span stands in, whole."""

    @property
    def quote(self) -> str:
        return self.article.quote(self.span)


@dataclass(frozen=True, slots=True)
class _Statement:
    """A stretch of an answer and everything it rests on."""

    text: str
    start: int
    cited: tuple[_Cited, ...]
    shown: tuple[Span, ...]
    """What the whole answer cites: words there are before the reader's eyes."""

    def shows(self, span: Span) -> bool:
        return any(other.overlaps(span) for other in self.shown)


def findings(answer: Answer, articles: Mapping[str, Article]) -> tuple[Difference, ...]:
    """What differs between the answer's statements and their shown citations, in the order of the text.

    `start` and `end` are offsets of `answer.text`, the source's fields offsets of `Article.text`; where the source has
    nothing comparable, its range is empty and stands at the citation. Citations of articles not given are left out.
    """
    found = [
        _placed(difference, statement)
        for statement in _statements(answer, articles)
        for difference in (*_values(statement), *_dropped(statement), *_cut(statement), *_places(statement))
    ]
    return tuple(sorted(dict.fromkeys(found), key=lambda difference: (difference.start, difference.end)))


def _placed(difference: Difference, statement: _Statement) -> Difference:
    return replace(difference, start=statement.start + difference.start, end=statement.start + difference.end)


def _statements(answer: Answer, articles: Mapping[str, Article]) -> Iterator[_Statement]:
    by_place: dict[tuple[int, int], list[Citation]] = {}
    for citation in answer.citations:
        if citation.shown and citation.span.article_id in articles:
            by_place.setdefault((citation.answer_start, citation.answer_end), []).append(citation)
    shown = tuple(citation.span for citation in answer.citations if citation.shown)
    for (start, end), citations in by_place.items():
        cited = (_cited(articles[span.article_id], span) for span in dict.fromkeys(one.span for one in citations))
        yield _Statement(answer.text[start:end], start, tuple(cited), shown)


def _cited(article: Article, span: Span) -> _Cited:
    touched = [one for one in article_sentences(article) if one.start < span.end and span.start < one.end]
    start = min((one.start for one in touched), default=span.start)
    end = max((one.end for one in touched), default=span.end)
    return _Cited(article, span, Span(article.id, min(start, span.start), max(end, span.end)))


def _whole(statement: _Statement, kind: Kind, source: Span, article: Article, note: str) -> Difference:
    """A finding about all of a statement."""
    text = statement.text
    return Difference(kind, text, article.quote(source), 0, len(text), source.start, source.end, article.id, note)


# --- Values that no cited words have ----------------------------------------------------------------------------------


def _values(statement: _Statement) -> Iterator[Difference]:
    """Relative dates of the statement may count from the day of any cited article, or from none.

    What stands beside the cited words may fill in a name or a date that they leave out.
    """
    days = dict.fromkeys((None, *(one.article.published for one in statement.cited)))
    missing = [_missing(statement, day) for day in days]
    everywhere = set.intersection(*({(one.start, one.end) for one in each} for each in missing))
    copied = _copied(statement)
    for difference in missing[0]:
        place = (difference.start, difference.end)
        if place not in everywhere or any(start <= place[0] and place[1] <= end for start, end in copied):
            continue
        if not _is_known(statement, difference):
            yield _in_article(difference, statement.cited)


def _missing(statement: _Statement, day: date | None) -> tuple[Difference, ...]:
    quotes = [one.quote for one in statement.cited]
    days = [one.article.published for one in statement.cited]
    return missing_in_all(statement.text, quotes, day, days, _language(statement.cited))


def _language(cited: Sequence[_Cited]) -> str | None:
    """The language of the cited articles where they have one; else each text is read by its own words."""
    languages = {one.article.language for one in cited}
    return languages.pop() if len(languages) == 1 else None


def _copied(statement: _Statement) -> list[tuple[int, int]]:
    """Where the statement has the words of a citation as they are."""
    places = ((statement.text.find(one.quote), len(one.quote)) for one in statement.cited)
    return [(start, start + length) for start, length in places if start >= 0]


def _is_known(statement: _Statement, missing: Difference) -> bool:
    """Whether the article says by other means what a value says: beside the cited words, or by figures of theirs."""
    if missing.kind is Kind.NAME and _is_named(statement, missing):
        return True
    if missing.kind is Kind.DATE and _is_day_of_report(statement, missing):
        return True
    if missing.kind in (Kind.NUMBER, Kind.UNIT, Kind.BOUND):
        return follows(missing, statement.text, [one.quote for one in statement.cited])
    cited = [(one.article.quote(one.sentence), one.article.published) for one in statement.cited]
    beside = [(text, one.article.published) for one in statement.cited for text in _beside(one, missing.kind)]
    titles = [one.article.title for one in statement.cited if one.article.title]
    return fills_in(missing, statement.text, cited, beside, titles)


def _beside(cited: _Cited, kind: Kind) -> Iterator[str]:
    """Title, lead and the sentences around the cited one; for a date none behind it."""
    article, sentences = cited.article, article_sentences(cited.article)
    at = [i for i, one in enumerate(sentences) if one.start < cited.span.end and cited.span.start < one.end]
    near = sentences[max(0, at[0] - BEFORE) : at[0]] if at else []
    near += sentences[at[-1] + 1 : at[-1] + 1 + AFTER] if at and kind is Kind.NAME else []
    lead = [one for one in sentences if one.zone is Zone.BODY][:LEAD]
    told = [one for one in (*lead, *near) if one.zone in (Zone.BODY, Zone.QUOTATION)]
    yield from filter(None, (article.title, *(article.text[one.start : one.end] for one in told)))


def _is_day_of_report(statement: _Statement, missing: Difference) -> bool:
    """Whether the date is said to be that of the report, by its publisher's name, and is: "the Ledger reported in May"."""
    told = statement.text[: missing.start]
    return any(
        one.article.publisher
        and one.article.published
        and _REPORTED.search(told)
        and not missing_in_all(one.article.publisher, [told])
        and not missing_in_all(missing.in_claim, [f"{one.article.published:%d %B %Y}"])
        for one in statement.cited
    )


_REPORTED = re.compile(r"\b(?:report(?:s|ed)?|publish(?:es|ed)|wrote|writes|article|story)\b", re.IGNORECASE)


def _is_named(statement: _Statement, missing: Difference) -> bool:
    """Whether the name is the paper's, its author's, the speaker's, or the one that a pronoun of the cited words stands for."""
    if _has(missing, statement.text, [source for one in statement.cited for source in _told_by(one)]):
        return True
    meant = _has(missing, statement.text, [source for one in statement.cited for source in _meant_by(one)])
    return meant and not has_moved(missing, statement.text, [(one.quote, None) for one in statement.cited])


def _has(missing: Difference, statement: str, sources: Sequence[str]) -> bool:
    still = missing_in_all(statement, sources)
    return all((other.start, other.end) != (missing.start, missing.end) for other in still)


def _told_by(cited: _Cited) -> Iterator[str]:
    speech = speech_at(cited.article, cited.span)
    yield from filter(None, (cited.article.publisher, cited.article.author, speech and speech.speaker))
    yield cited.article.quote(cited.sentence)


def _meant_by(cited: _Cited) -> Iterator[str]:
    """The cited words with their pronouns named, and whom a pronoun most likely takes up."""
    earlier = article_sentences(cited.article, Span(cited.article.id, 0, cited.span.start))[-BEFORE:]
    before = [cited.article.text[one.start : one.end] for one in earlier]
    yield resolve(cited.quote, before)
    if _PERSON.search(cited.quote):
        yield next((name for text in reversed(before) if (name := _first_name(text))), "")


def _first_name(text: str) -> str:
    """The first name of a sentence: mostly its subject, which a pronoun of the next one takes up."""
    return next((value.text for value in find_values(text) if value.kind is Kind.NAME), "")


_PERSON = re.compile(r"\b(?:he|his|him|she|hers?|they|their|them)\b", re.IGNORECASE)


def _in_article(difference: Difference, cited: Sequence[_Cited]) -> Difference:
    """The source's offsets, which count in the quotes joined by line breaks, as those of the article."""
    begins = 0
    for one in cited:
        if difference.in_source and begins <= difference.source_start < begins + len(one.quote):
            shift = one.span.start - begins
            start, end = difference.source_start + shift, difference.source_end + shift
            return replace(difference, source_start=start, source_end=end, article_id=one.article.id)
        begins += len(one.quote) + 1
    first = cited[0].span
    return replace(difference, source_start=first.start, source_end=first.start, article_id=first.article_id)


# --- Attributions and hedges that were dropped ------------------------------------------------------------------------


def _dropped(statement: _Statement) -> Iterator[Difference]:
    """What a statement leaves out of the cited sentence that comes nearest to it."""
    nearest = _nearest(statement)
    sentence = nearest.article.quote(nearest.sentence)
    if sentence not in statement.text:
        for difference in lost(statement.text, sentence, nearest.article.language):
            if difference.kind is Kind.ATTRIBUTION and _is_asserted(statement, nearest):
                continue
            yield replace(
                difference,
                source_start=nearest.sentence.start + difference.source_start,
                source_end=nearest.sentence.start + difference.source_end,
                article_id=nearest.article.id,
                note=_of_answer(difference.note),
            )
    for one in statement.cited:
        yield from _unsaid_speaker(statement, one)


def _is_asserted(statement: _Statement, cited: _Cited) -> bool:
    """Whether the article says it elsewhere on its own account, with all figures of the statement and most of its words."""
    wanted = set(terms(statement.text))
    for one in article_sentences(cited.article):
        text = cited.article.text[one.start : one.end]
        if one.zone is Zone.BODY and len(wanted & set(terms(text))) >= ASSERTED * len(wanted):
            plain = not (attributions(text, cited.article.language) or hedges(text, cited.article.language))
            if plain and "?" not in text and not missing_in_all(statement.text, [text]):
                return True
    return False


def _nearest(statement: _Statement) -> _Cited:
    """The citation that has most of the statement's words; of equals the one that attributes and hedges nothing."""
    wanted = set(terms(statement.text))

    def rank(one: _Cited) -> tuple[int, int]:
        sentence = one.article.quote(one.sentence)
        return -len(wanted & set(terms(sentence))), len(lost(statement.text, sentence, one.article.language))

    return min(statement.cited, key=rank)


def _of_answer(note: str) -> str:
    return re.sub(r"; the claim (states|tells)(?= it as )", r"; the answer \1", note)


def _unsaid_speaker(statement: _Statement, cited: _Cited) -> Iterator[Difference]:
    """Somebody's words whose speaker stands beside them in the article, and not in the answer."""
    speech = speech_at(cited.article, cited.span)
    if speech is None or not speech.quoted or zone_at(cited.article, cited.span.start, cited.span.end) is Zone.COMMENT:
        return
    if statement.shows(speech.cue) or cited.sentence.overlaps(speech.cue) or attributions(statement.text):
        return
    if not set(terms(speech.speaker)) & set(terms(statement.text)):
        source = _cited(cited.article, speech.cue).sentence
        note = f"In the article these are the words of {speech.speaker}; the answer does not say so."
        at = Difference(Kind.ATTRIBUTION, "", cited.article.quote(source), 0, 0, source.start, source.end)
        yield replace(at, article_id=cited.article.id, note=note)


# --- Words beside a citation that limit it ----------------------------------------------------------------------------


def _cut(statement: _Statement) -> Iterator[Difference]:
    for one in statement.cited:
        limit = limits(one.article, one.span)
        if limit and not statement.shows(limit.span) and _is_about(limit, statement, one):
            yield _whole(statement, Kind.CUT, limit.span, one.article, _cut_note(limit, one))


def _is_about(limit: Limit, statement: _Statement, cited: _Cited) -> bool:
    """Whether words that limit are about the statement: of a neighbour with "but" or "however" one that also denies.

    Most such sentences only turn to something else. Those that limit have, in their first clause, "only" behind a pronoun or
    at the start, or a negation and a term of the statement.
    """
    text = cited.article.quote(limit.span)
    contrast = _CONTRAST.match(text) or _HOWEVER.match(text)
    if limit.kind is LimitKind.REVERSES or cited.sentence.overlaps(limit.span) or contrast is None:
        return True
    clause = re.split(r"[,;:.?!–—]\s", (contrast["before"] or "") + text[contrast.end() :], maxsplit=1)[0]
    words = clause.split()[:DENIES_WITHIN]
    if "only" in words and _OF_IT.match(clause):
        return True
    return any(map(is_negation, words)) and bool(set(terms(clause)) & set(terms(statement.text)))


_CONTRAST = re.compile(
    r"(?P<before>)\W*(?:but|however|yet|nevertheless|nonetheless|that said|even so|still|aber|allerdings|jedoch|doch|dennoch"
    r"|trotzdem|pero|sin embargo|no obstante|mais|cependant|toutefois|pourtant)\b[\s,]*",
    re.IGNORECASE,
)
_HOWEVER = re.compile(r"(?P<before>[^,;:.?!]{1,80}),\s*however\b,?", re.IGNORECASE)
_OF_IT = re.compile(r"(?:it|he|she|they|that|this|these|those|only|not)\b", re.IGNORECASE)


def _cut_note(limit: Limit, cited: _Cited) -> str:
    effect = "reverses" if limit.kind is LimitKind.REVERSES else "limits"
    if cited.sentence.overlaps(limit.span):
        return f"The rest of the sentence {effect} the cited words."
    where = "next sentence" if limit.span.start >= cited.span.end else "sentence before"
    return f"The {where} {effect} the cited words."


# --- Places that decide nothing ---------------------------------------------------------------------------------------


def _places(statement: _Statement) -> Iterator[Difference]:
    for one in statement.cited:
        zone = zone_label(one.article, one.span)
        if not zone.may_decide:
            yield _whole(statement, Kind.ZONE, one.span, one.article, zone.note)
        debunked = is_debunked(one.article, one.span, statement.text)
        if debunked and not _says_so(statement, debunked):
            yield _whole(statement, Kind.ZONE, debunked.words, one.article, debunked.note)
        yield from _status(statement, one)


def _says_so(statement: _Statement, debunked: Debunked) -> bool:
    """Whether the answer repeats that it is a falsehood: in the article's terms, or by citing the words that say so."""
    if debunked.verdict in statement.text.casefold() or set(terms(debunked.verdict)) & set(terms(statement.text)):
        return True
    return _DENIES.search(statement.text) is not None


_DENIES = re.compile(
    r"\b(?:false\w*|untrue|wrong\w*|incorrect\w*|myths?|hoax\w*|fakes?|fabricated|debunk\w*|baseless\w*|unfounded|misleading\w*"
    r"|lies?|den(?:y|ies|ied)|refut\w+|disput\w+|reject\w*|no evidence|without evidence|not|never|no)\b|n['’]t\b",
    re.IGNORECASE,
)


def _status(statement: _Statement, cited: _Cited) -> Iterator[Difference]:
    """A retracted or satirical article, or one whose correction is about what the statement says.

    Not where the cited words are the correction or the notice itself, or stand in the answer beside it.
    """
    article = cited.article
    note = status_label(article).note
    if not note or zone_at(article, cited.span.start, cited.span.end) is Zone.CORRECTION:
        return
    source = _correction_of(statement, article) if article.status is Status.CORRECTED else retraction_notice(article)
    if source and statement.shows(source):
        return
    if source or article.status is not Status.CORRECTED:
        yield _whole(statement, Kind.STATUS, source or _nothing_at(cited.span), article, note)


def _nothing_at(span: Span) -> Span:
    return Span(span.article_id, span.start, span.start)


def _correction_of(statement: _Statement, article: Article) -> Span | None:
    """The first sentence of the article's corrections that is about what the statement says."""
    wanted = set(terms(statement.text)) - _HOUSEKEEPING
    for one in article_sentences(article):
        if one.zone is Zone.CORRECTION and _is_corrected(wanted, article.text[one.start : one.end]):
            return Span(article.id, one.start, one.end)
    return None


def _is_corrected(wanted: set[str], correction: str) -> bool:
    """Whether the terms that a statement shares with a correction name somebody or something, or are one more."""
    shared = wanted & set(terms(correction))
    values = {term for value in find_values(correction) for term in terms(value.text)}
    return len(shared) > SHARED or (len(shared) == SHARED and bool(shared & values))


_HOUSEKEEPING = frozenset(
    terms("correction corrected article story version earlier original incorrectly misstated report")
)
