"""What a publisher says of an article today to what its words may decide: current, corrected, retracted, satire.

A correction gives the value that counts and, often, the statement that it takes back: that one is repeated, not asserted, as
a falsehood is by a fact-check. A retraction notice is the paper's own word against its article. Whether an article is satire
is told by `Article.status` alone.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from itertools import pairwise

from assistant.checks.values import bears_out, missing_values
from assistant.checks.wording import is_negation
from assistant.chunking import APART, Sentence, article_sentences
from assistant.sentences import split_sentences
from assistant.terms import terms
from assistant.types import Article, ArticleFacts, Kind, Section, Span, Status, Zone
from assistant.values import Value, find_values


@dataclass(frozen=True, slots=True)
class StatusLabel:
    """What an article's status lets its words do."""

    decides: bool
    note: str
    """One sentence for the reader, empty for a current article."""


@dataclass(frozen=True, slots=True)
class Correction:
    """A value that a correction replaces."""

    wrong: str
    """As the correction repeats it; empty where it only says what is right."""
    right: str
    """The value that counts, or the sentence that states it."""
    span: Span
    """The sentences of the correction that say so."""


_LABELS = {
    Status.CURRENT: StatusLabel(True, ""),
    Status.CORRECTED: StatusLabel(True, "The paper has corrected this article; what the correction says counts."),
    Status.RETRACTED: StatusLabel(
        False, "The paper has retracted this article: what it says is not vouched for any more."
    ),
    Status.SATIRE: StatusLabel(False, "Satire: nothing in it is meant as fact."),
}
_NOTICE = StatusLabel(True, "The paper's own retraction notice: it speaks against what the article says.")


def status_label(article: Article | ArticleFacts | Status, zone: Zone | None = None) -> StatusLabel:
    """The label of a status; of words in the correction zone of a retracted article, that of the notice."""
    status = article if isinstance(article, Status) else article.status
    if status is Status.RETRACTED and zone is Zone.CORRECTION:
        return _NOTICE
    return _LABELS[status]


# --- Retractions ------------------------------------------------------------------------------------------------------

_RETRACTS = re.compile(
    r"\b(?:retract(?:s|ed|ion|ing)?|withdr(?:aws?|awn|ew|awing)|zurückgezogen|zieht\b[^.\n]{0,80}\bzurück|retira(?:do|mos|da)?"
    r"|rétract\w*|retirée?)\b",
    re.IGNORECASE,
)
_OWN_TEXT = re.compile(
    r"\b(?:this|the) (?:article|story|report|piece|post|column)\b|\b(?:we|the [A-Z]\w+) (?:retract|withdraw)s?\b"
    r"|^\W*retract\w*\b"
    r"|\b(?:diesen? Artikel|dieser Artikel|este artículo|esta noticia|cet article)\b",
    re.IGNORECASE,
)
_LEAD = 3000  # characters at the top, and at the end, in which a notice stands


def retraction_notice(article: Article) -> Span | None:
    """The paper's notice in a retracted article; None for other articles and where the text carries no notice."""
    if article.status is not Status.RETRACTED:
        return None
    for section in article.sections:
        if section.zone is Zone.CORRECTION and _RETRACTS.search(article.quote(section.span)):
            return section.span
    size = len(article.text)
    near = [(start, end) for start, end in _lines(article.text) if end <= _LEAD or start >= size - _LEAD]
    for start, end in near:
        line = article.text[start:end]
        if _RETRACTS.search(line) and _OWN_TEXT.search(line):
            return Span(article.id, start, end)
    return None


def retraction_reason(article: Article) -> str | None:
    """The sentence of the notice that says what is wrong with the article, else the one that retracts it."""
    notice = retraction_notice(article)
    if notice is None:
        return None
    text = article.quote(notice)
    sentences = [text[start:end] for start, end in split_sentences(text, article.language)]
    reasons = [sentence for sentence in sentences if _REASON.search(sentence) and not _APOLOGY.search(sentence)]
    return next(iter(reasons or sentences), None)


_REASON = re.compile(
    r"\bnot (?:authentic|genuine|true|accurate|real|correct|met|able)\b|\b(?:false|fabricated|forged|invented|faked?|incorrect"
    r"|inaccurate|wrong|error|errors|misidentified|plagiari\w+|because|standards|unreliable|not stand up|could not)\b",
    re.IGNORECASE,
)
_APOLOGY = re.compile(r"\b(?:apologi[sz]e|sorry|regret)\b", re.IGNORECASE)


def _lines(text: str) -> list[tuple[int, int]]:
    found, at = [], 0
    for line in text.split("\n"):
        if line.strip():
            found.append((at + len(line) - len(line.lstrip()), at + len(line.rstrip())))
        at += len(line) + 1
    return found


# --- Corrections ------------------------------------------------------------------------------------------------------

_LONGEST = 4000  # characters of a correction that are read
_EARLIER = re.compile(
    r"\b(?:earlier|previous|original|prior|first) (?:version|report|article|story)\b|\b(?:misstated|incorrectly|mistakenly"
    r"|erroneously|wrongly|overstated|understated|misspelled|misidentified|wrong|incorrect|initially"
    r"|originally(?! (?:published|ran|appeared|aired|posted)))\b"
    r"|\bin einer früheren (?:version|fassung)\b|\bversión anterior\b|\bversion (?:précédente|antérieure)\b",
    re.IGNORECASE,
)
_NOT = re.compile(r",? rather than |,? instead of |, (?:and )?not |, nicht |, y no |, et non (?:pas )?", re.IGNORECASE)
_SHOULD = re.compile(r"\bshould (?:have (?:said|read|been|stated)|read|say|be)\b", re.IGNORECASE)
_TURN = re.compile(
    r"(?:;|[.!?](?=\s)|,(?= (?:but|when|while|whereas)\b)| [–—-] |, (?=in fact\b)|\bwhen in fact\b|\bin fact,)",
    re.IGNORECASE,
)


def corrected_values(article: Article) -> tuple[Correction, ...]:
    """What the article's corrections replace, in reading order: (wrong, right) of each sentence that gives a value.

    "An earlier version said $36 million; it is $3.6 million", "nine weeks, not seven". Where the correction says what was
    wrong without repeating it, `wrong` is empty and `right` is the sentence that follows.
    """
    found: list[Correction] = []
    for section in article.sections:
        if section.zone is Zone.CORRECTION:
            found += [item for start, end in _correction_lines(article, section) for item in _read(article, start, end)]
    return tuple(found)


def still_carried(article: Article, correction: Correction) -> Span | None:
    """Where the body still has the value that the correction replaces; None where it is gone or was never given."""
    if not correction.wrong:
        return None
    blocks = [section.span for section in article.sections if section.zone in (Zone.BODY, Zone.HEADLINE)]
    pattern = re.compile(rf"(?<![\w.,]){re.escape(correction.wrong)}(?![\w]|[.,]\d)")
    for block in blocks:
        if match := pattern.search(article.text, block.start, block.end):
            return Span(article.id, match.start(), match.end())
    return None


def _correction_lines(article: Article, section: Section) -> list[tuple[int, int]]:
    text = article.quote(section.span)[: 4 * _LONGEST]
    return [(section.span.start + start, section.span.start + end) for start, end in _lines(text)]


def _read(article: Article, start: int, end: int) -> list[Correction]:
    text = article.text[start : min(end, start + _LONGEST)]
    span = Span(article.id, start, start + len(text))
    label = re.match(r"[^:.!?]{0,80}:\s+", text)
    body = text[label.end() :] if label else text
    pair = _said_then_is(body, article) or _right_not_wrong(body, article)
    if pair:
        return [Correction(pair[0], pair[1], span)]
    right = _only_right(body, article)
    return [Correction("", right, span)] if right else []


def _said_then_is(text: str, article: Article) -> tuple[str, str] | None:
    """ "An earlier version said WRONG; it is RIGHT": the first values of one kind that differ."""
    earlier = _EARLIER.search(text)
    if not earlier:
        return None
    repeats = not _ONLY_NAMED.search(text[earlier.start() :][:200])
    for turn in [*_TURN.finditer(text, earlier.end()), *_SHOULD.finditer(text, earlier.end())]:
        before = [v for v in _values(text[: turn.start()], article) if v.start >= earlier.end()]
        after = _values(text[turn.end() :], article)
        for wrong in before:
            repeated = repeats or text[: wrong.start].endswith(" as ")
            right = next(
                (v for v in after if _alike(wrong, v) and _same_place(text, wrong, text[turn.end() :], v)), None
            )
            if repeated and right and right.text.casefold() != wrong.text.casefold():
                return wrong.text, right.text
    return None


def _same_place(text: str, wrong: Value, following: str, right: Value) -> bool:
    """Whether two names stand behind the same word ("in Ohio", "in Iowa"), so that one can be meant to replace the other."""
    if wrong.kind is not Kind.NAME:
        return True
    before, after = text[: wrong.start].split()[-1:], following[: right.start].split()[-1:]
    return before == ["as"] or (before == after and bool(before))


_ONLY_NAMED = re.compile(  # says what was wrong without repeating it
    r"\b(?:misstated|misspelled|mischaracteri[sz]ed|misquoted|misreported|overstated|understated"
    r"|(?:wrong|incorrect) (?:\w+ ){1,3}?(?:for|of)|gave (?:the|an?|an an) (?:wrong|incorrect)|had the (?:wrong|incorrect)"
    r"|(?:stated|said|reported|listed|gave) the (?:next|wrong|name|title|year|date|day|time|number|reason|cause|location|amount"
    r"|age|role|position|order|size|length)"
    r"|(?:stated|said|reported|identified|gave) (?:where|when|who|whom|how|why|what|which|whether))\b",
    re.IGNORECASE,
)


def _right_not_wrong(text: str, article: Article) -> tuple[str, str] | None:
    """ "RIGHT, not WRONG": the last value before the "not" and the first one after it."""
    turn = _NOT.search(text)
    if not turn:
        return None
    before, after = _values(text[: turn.start()], article), _values(text[turn.end() :], article)
    near = [value for value in after if value.start < 30]
    for wrong in near:
        right = next((value for value in reversed(before) if _alike(value, wrong)), None)
        if right and right.text.casefold() != wrong.text.casefold():
            return wrong.text, right.text
    return None


def _only_right(text: str, article: Article) -> str | None:
    """The sentence behind the one that says what was misstated, where it states something."""
    sentences = [text[start:end] for start, end in split_sentences(text, article.language)]
    for sentence, following in pairwise(sentences):
        if _EARLIER.search(sentence) and not _EARLIER.search(following) and not _HOUSEKEEPING.search(following):
            return following
    return None


_HOUSEKEEPING = re.compile(
    r"\b(?:has (?:also )?been (?:corrected|updated|removed|amended)|we (?:regret|apologi[sz]e)"
    r"|apologi[sz]es?|regrets?|is incorrect)\b",
    re.IGNORECASE,
)


def _values(text: str, article: Article) -> list[Value]:
    return list(find_values(text, article.published, article.language))


def _alike(a: Value, b: Value) -> bool:
    """Whether one can stand for the other: both names, both dates, both numbers of one unit."""
    if a.kind is not b.kind:
        return False
    return a.kind is not Kind.NUMBER or a.unit == b.unit or not (a.unit and b.unit)


# --- Statements taken back --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """A statement that the paper takes back in a correction."""

    wrong: Span
    """The statement as the correction repeats it, often a part of a sentence: "the plant would cost $36 million"."""
    right: Span | None
    """What the correction says in its place: "it is $3.6 million"."""
    words: Span
    """The words that take it back: "an earlier version of this article said"."""
    notice: Span
    """The sentences of the correction that say so, one or two."""
    values: tuple[Span, Span] | None
    """The value that is taken back and the one that counts, where the two statements differ by a value."""
    refutes: bool
    """Whether the paper says that it is wrong; not so where a former version is only told."""


class Standing(StrEnum):
    """What a correction makes of a claim."""

    WITHDRAWN = "withdrawn"  # the claim says what is taken back
    CORRECTED = "corrected"  # it says what the correction puts in its place
    APART = "apart"  # it says neither


_LABEL = re.compile(r"\W*[^\W\d_][^:.!?]{0,80}:\s+")
_OWN_FORMER = re.compile(  # outside a correction's own paragraph: a former version of the very article
    r"\b(?:earlier|previous|original|prior|first|initial) (?:version|edition)s? of (?:this|the|our) (?:article|story|report"
    r"|piece|post"
    r"|column|headline|page)\b"
    r"|\bthis (?:article|story|report|piece|post) (?:had )?(?:originally|initially|previously|earlier|incorrectly|mistakenly"
    r"|erroneously|wrongly)\b"
    r"|\bin einer (?:früheren|ersten|ursprünglichen|vorherigen) (?:version|fassung)(?: (?:dieses|des|unseres)"
    r" (?:artikels|textes|berichts|beitrags))? (?=hie(?:ß|ss)|stand|wurde|haben|hatten|war)"
    r"|\bas (?:this (?:newspaper|paper|site|outlet)|we) (?=(?:earlier|previously|originally|initially|incorrectly|mistakenly"
    r"|erroneously|wrongly)\b)"
    r"|\bversi[oó]n (?:anterior|previa|inicial) (?:de (?:este|esta|la|nuestr[oa]) (?:artículo|noticia|nota|texto"
    r"|información|crónica)"
    r"|(?=decía|indicaba|afirmaba|señalaba))"
    r"|\bversion (?:précédente|antérieure|initiale) (?:de (?:cet|ce) (?:article|texte)|(?=indiquait|disait|affirmait))",
    re.IGNORECASE,
)
_FORMER = re.compile(  # in a correction's paragraph
    rf"{_EARLIER.pattern}|{_OWN_FORMER.pattern}"
    r"|\b(?:the|this|our|an?) (?:article|story|report|headline|piece|caption)"
    r" (?=(?:had )?(?:said|stated|gave|put|reported|listed))"
    r"|\bwe (?=(?:said|stated|gave|put|reported|wrote|called)\b)"
    r"|\b(?:fälschlich(?:erweise)?|irrtümlich(?:erweise)?|zunächst|ursprünglich)\b"
    r"|\b(?:erróneamente|equivocadamente|incorrectamente|por error)\b|\b(?:par erreur|à tort)\b",
    re.IGNORECASE,
)
_ERROR = re.compile(
    r"\b(?:correct(?:ed|ion)|clarification|misstated|incorrect\w*|mistaken(?:ly)?|erroneous(?:ly)?|wrong(?:ly)?"
    r"|error|false(?:ly)?"
    r"|inaccura\w+|overstated|understated|misidentified|misreported|korrektur|berichtigung|korrigiert|fälschlich\w*|irrtümlich\w*|falsch\w*"
    r"|correcci[oó]n|rectificaci[oó]n|fe de errat\w+|erróne\w+|equivocad\w+|por error|correctif|rectificatif|erratum"
    r"|erreur|à tort)\b",
    re.IGNORECASE,
)
_SAID = re.compile(
    r"\b(?:(?P<says>said|says|claim(?:ed|s)|indicated|suggested|wrote|implied|was headlined|hie(?:ß|ss)(?: es)?"
    r"|schrieben(?: wir)?|hatten wir (?:geschrieben|berichtet)|berichtet(?:en)?(?: wir)?|decía|indicaba|afirmaba|señalaba"
    r"|informaba|sostenía"
    r"|se (?:dijo|afirmó|indicó|informó)|indiquait|disait|affirmait|était écrit)"
    r"|(?P<tells>stat(?:ed|es)|(?:mis)?report(?:ed|s)|read|noted|showed|mentioned|stand|cifraba|mentionnait|évoquait)"
    r"|(?P<names>g(?:ave|ives)|put|list(?:ed|s)|(?:mis)?identif(?:ied|ies)|misstat(?:ed|es)|describ(?:ed|es)|nam(?:ed|es)"
    r"|(?:mis)?quoted|(?:mis)?attributed|referred to|called|overstated|understated|misspelled|daba|donnait))\b"
    r"(?P<that>,? ?(?:that|dass|que)\b|,? ?qu['’])?[:,]?\s*",
    re.IGNORECASE,
)
_FINITE = re.compile(
    r"(?:(?!\b(?:who|which|that|whose)\b).)*\b(?:was|were|is|are|would|will|had|has|have|could|did|does)\b",
    re.IGNORECASE,
)
_NAMED_AS = re.compile(
    r"(?:(?!\b(?:who|which|that|whose)\b).)*\b(?:as (?!(?:of|it|well)\b)|at (?:\w+ )?[$€£\d])", re.IGNORECASE
)
_ASKS = re.compile(r"(?:on |about )?(?:who|whom|whose|which|what|where|when|why|how|whether)\b", re.IGNORECASE)
_IN_FACT = (
    r"(?:in fact|in reality|actually|the (?:correct|right|actual|true|proper) \w+ (?:is|was|are|were)|tatsächlich"
    r"|in wirklichkeit"
    r"|richtig (?:ist|sind|war|waren)|korrekt (?:ist|sind)|en realidad|lo correcto es|la cifra correcta es|en réalité|en fait)"
)
_NOT_BUT = re.compile(
    r",? (?:rather than|instead of|anstatt|statt|en lugar de|en vez de|au lieu de) |, (?:and )?not |, nicht |, y no |, no "
    r"|, et non (?:pas )?",
    re.IGNORECASE,
)
_CONTRASTS = (  # what stands behind the statement, strongest first
    re.compile(rf";\s*| [–—-] |,? (?:but |when |while |whereas |although )?(?={_IN_FACT}\b)|,? when ", re.IGNORECASE),
    _NOT_BUT,
    re.compile(
        r",\s*(?:but |although |though )?(?=(?:it|he|she|they|that|there|this|es|er|sie|son|il|elle)"
        r" (?:is|was|are|were|has|have|had|did|does|will|ist|sind|war|est)\b)",
        re.IGNORECASE,
    ),
)
_WEAK = re.compile(  # only with another value behind it
    r",? (?:but|while|whereas|although|though|however|aber|sondern|pero|sino|mais) ", re.IGNORECASE
)
_AS_TOLD = re.compile(
    r"[,\s]*\b(?:as|wie|como|comme) (?:it |was |were |had |is |been |we |es |se |la |une? |una |the |an? |in |einer |l['’]"
    r"|this |article |story |newspaper |paper )*"
    r"(?:earlier|previous(?:ly)?|prior|original(?:ly)?|initial(?:ly)?|first|stated|reported|said|wrongly|incorrectly|mistakenly|erroneously"
    r"|zunächst|früheren|ursprünglich|fälschlich\w*|zuerst|versi[oó]n|version|inicialmente|indiqu\w+|écrit|initialement|publi\w+|dijo|decía)\b[^.;]*",
    re.IGNORECASE,
)
_CORRECTED_TO = re.compile(
    r".{0,160}?\b(?:(?:corrected|updated|amended|changed|clarified|revised|edited) to (?:say|show|state|reflect|correct|clarify"
    r"|note"
    r"|make clear|indicate|read)|should (?:have )?(?:said?|read|stated?|been|be))(?: (?:that|the fact that))?\s+",
    re.IGNORECASE,
)


@lru_cache(maxsize=256)
def withdrawn_statements(article: Article) -> tuple[Withdrawn, ...]:
    """What the article's corrections take back, in reading order: also a correction in the middle of the text.

    "An earlier version said WRONG; it is RIGHT", "misstated the cost as WRONG. It is RIGHT", "it is RIGHT, not WRONG".
    """
    corrects = any(section.zone is Zone.CORRECTION for section in article.sections)
    if not corrects and not _OWN_FORMER.search(article.text):
        return ()
    sentences = [s for s in article_sentences(article) if s.zone not in (*APART, Zone.BYLINE, Zone.CAPTION)]
    found: list[Withdrawn] = []
    for i, sentence in enumerate(sentences):
        text = article.text[sentence.start : min(sentence.end, sentence.start + _LONGEST)]
        if _may_take_back(sentence, text):
            around = _Around(article, sentences, i)
            one = _told_as_said(around, text) or _told_as_not(around, text)
            found += [one] if one else []
    return tuple(found)


def standing(claim: str, one: Withdrawn, article: Article) -> Standing:
    """Which of a correction's two statements a claim makes; a claim that tells both, or of the error itself, stands apart."""
    if tells_of_error(claim) or not _is_on(claim, one, article):
        return Standing.APART
    return _by_value(claim, one, article) if one.values else _by_words(claim, one, article)


def tells_of_error(claim: str) -> bool:
    """Whether a claim is about what a paper wrote before, and so true where the correction says that."""
    return _FORMER.search(claim) is not None


def put_right(one: Withdrawn, article: Article) -> str:
    """What counts, in full: "the plant would cost $3.6 million" also where the correction says "it is $3.6 million"."""
    return _in_full(one.right, one.wrong, one.values and (one.values[1], one.values[0]), article)


def put_wrong(one: Withdrawn, article: Article) -> str:
    """What is taken back, in full: "the work will take seven weeks" also where the correction says "nine, not seven"."""
    return _in_full(one.wrong, one.right, one.values, article)


def _in_full(own: Span | None, other: Span | None, values: tuple[Span, Span] | None, article: Article) -> str:
    """The own statement, or the longer other one with the own value (the first) in place of its own (the second)."""
    said = article.quote(own) if own else ""
    if other is None or values is None:
        return said
    mine, theirs = values
    if len(said) - (mine.end - mine.start) >= (other.end - other.start) - (theirs.end - theirs.start):
        return said
    return article.text[other.start : theirs.start] + article.quote(mine) + article.text[theirs.end : other.end]


@dataclass(frozen=True, slots=True)
class _Around:
    """A sentence of a correction, and those beside it."""

    article: Article
    sentences: list[Sentence]
    at: int

    @property
    def start(self) -> int:
        return self.sentences[self.at].start

    def beside(self, step: int) -> Sentence | None:
        """The sentence before (-1) or after it (1) if that is of the same paragraph and tells no former version."""
        here, at = self.sentences[self.at], self.at + step
        if not 0 <= at < len(self.sentences) or self.sentences[at].zone is not here.zone:
            return None
        other = self.sentences[at]
        first, second = sorted((here, other), key=lambda one: one.start)
        text = self.article.text[other.start : min(other.end, other.start + _LONGEST)]
        apart = "\n" in self.article.text[first.end : second.start]
        return None if apart or _FORMER.search(text) or _HOUSEKEEPING.search(text) else other

    def made(
        self, wrong: tuple[int, int], right: tuple[int, int] | None, words: tuple[int, int], beside: Sentence | None
    ) -> Withdrawn | None:
        """Offsets count in the article. None where nothing is repeated."""
        text, key = self.article.text, self.article.id
        low, high = _bare(text, *wrong)
        place = _bare(text, *_asserted(text, *right)) if right else (0, 0)
        counts = Span(key, *place) if place[0] < place[1] else None
        if low >= high:
            return None
        here = self.sentences[self.at]
        start, end = min(here.start, (beside or here).start), max(here.end, (beside or here).end)
        says = here.zone is Zone.CORRECTION or bool(_ERROR.search(text[start:end]))
        taken = Span(key, low, high)
        return Withdrawn(
            taken, counts, Span(key, *_bare(text, *words)), Span(key, start, end),
            _exchanged(taken, counts, self.article) if counts else None, counts is not None or says,
        )  # fmt: skip


def _may_take_back(sentence: Sentence, text: str) -> bool:
    if sentence.zone is Zone.CORRECTION:
        return True
    return bool(_OWN_FORMER.search(text))


def _told_as_said(around: _Around, text: str) -> Withdrawn | None:
    """ "An earlier version said WRONG", and RIGHT behind a contrast, in the next sentence, or before."""
    former = _FORMER.search(text)
    said = _SAID.search(text, former.start()) if former else None
    turned = _NOT_BUT.search(text)
    if said and _SHOULD.search(text, 0, said.end()):
        return None
    if not former or not said or (turned and turned.start() < former.start()) or not text[said.end() :].strip(_EDGES):
        return None
    contrast = _contrast(around, text, said.end())
    end = contrast[0] if contrast else len(text)
    if not _repeats(text[former.start() : said.end() + 40], said, text[said.end() : end]):
        return None
    words, wrong = (former.start(), said.end()), (said.end(), end)
    at = around.start
    right: tuple[int, int] | None
    beside: Sentence | None = None
    if contrast:
        right = (at + contrast[1], at + _without_denial(text, contrast[1]))
    else:
        right, beside = _elsewhere(around, text, former.start(), wrong)
    return around.made((at + wrong[0], at + wrong[1]), right, (at + words[0], at + words[1]), beside)


def _repeats(opening: str, said: re.Match[str], told: str) -> bool:
    """Whether words behind "said" are a statement, not the name of what was wrong: "misstated the cost", "said who paid"."""
    if _ASKS.match(told):
        return False
    if said["names"] or _ONLY_NAMED.search(opening):
        return bool(_NAMED_AS.match(told))
    return bool(said["says"] or said["that"] or _NAMED_AS.match(told) or _FINITE.match(told))


def _contrast(around: _Around, text: str, start: int) -> tuple[int, int] | None:
    """(where the statement ends, where what counts begins): the first contrast with another value, else the strongest."""
    found = [
        (match, pattern is _WEAK)
        for pattern in (*_CONTRASTS, _WEAK)
        for match in pattern.finditer(text, start + 1)
        if text[match.end() :].strip(_EDGES)
    ]
    for match, _ in found:
        before, after = text[start : match.start()], text[match.end() : _without_denial(text, match.end())]
        if _pair(before, after, around.article):
            return match.span()
    return next((match.span() for match, weak in found if not weak), None)


def _without_denial(text: str, start: int) -> int:
    """Where the statement that begins there ends: before "not $36 million"."""
    turn = _NOT_BUT.search(text, start)
    return turn.start() if turn else len(text)


def _elsewhere(
    around: _Around, text: str, former: int, wrong: tuple[int, int]
) -> tuple[tuple[int, int] | None, Sentence | None]:
    """What counts, where the sentence says it before the former version, or a sentence beside it does."""
    label = _LABEL.match(text)
    start, said = label.end() if label and label.end() <= former else 0, text[wrong[0] : wrong[1]]
    if _pair(said, text[start:former], around.article):
        return (around.start + start, around.start + former), None
    whole = around.article.text
    after = around.beside(1)
    if after:
        told = _CORRECTED_TO.match(whole, after.start, after.end)
        start = told.end() if told else after.start
        return (start, start + _without_denial(whole[start : after.end], 0)), after
    before = around.beside(-1)
    if before and _pair(said, whole[before.start : before.end], around.article):
        label = _LABEL.match(whole[before.start : before.end])
        return (before.start + (label.end() if label else 0), before.end), before
    return None, None


def _told_as_not(around: _Around, text: str) -> Withdrawn | None:
    """ "It is RIGHT, not WRONG", in a correction or with "as an earlier version said"."""
    turn = _NOT_BUT.search(text)
    if not turn:
        return None
    told = _AS_TOLD.search(text, turn.end() - 1)
    if around.sentences[around.at].zone is not Zone.CORRECTION and not told:
        return None
    end = told.start() if told and text[turn.end() : told.start()].strip(_EDGES) else len(text)
    start = told.end() if told and end == len(text) else turn.end()
    if told and end == len(text):  # "not, as an earlier version said, $36 million"
        start = turn.end() + text[turn.end() :].rfind(",") + 1
    openings = (_LABEL.match(text), _CORRECTED_TO.match(text))
    opens = max((match.end() for match in openings if match and match.end() <= turn.start()), default=0)
    at = around.start
    words = told.span() if told else turn.span()
    return around.made((at + start, at + end), (at + opens, at + turn.start()), (at + words[0], at + words[1]), None)


_ADDRESS = re.compile(r"https?://")
_EDGES = " \t\n\"“”„«»'‘’,;:.!-–—()"


def _bare(text: str, start: int, end: int) -> tuple[int, int]:
    """Without quotation marks and stops at the edges, and without the address that a page of corrections adds."""
    if address := _ADDRESS.search(text, start, end):
        end = address.start()
    while start < end and text[start] in _EDGES:
        start += 1
    while start < end and text[end - 1] in _EDGES:
        end -= 1
    return start, end


def _asserted(text: str, start: int, end: int) -> tuple[int, int]:
    """Without the "in fact" that it opens with."""
    opening = _OPENING.match(text, start, end)
    return (opening.end() if opening else start), end


_OPENING = re.compile(rf"\s*{_IN_FACT}\b,?\s*", re.IGNORECASE)


def _exchanged(wrong: Span, right: Span, article: Article) -> tuple[Span, Span] | None:
    found = _pair(article.quote(wrong), article.quote(right), article)
    if not found:
        return None
    return (
        Span(article.id, wrong.start + found[0].start, wrong.start + found[0].end),
        Span(article.id, right.start + found[1].start, right.start + found[1].end),
    )


def _pair(wrong: str, right: str, article: Article) -> tuple[Value, Value] | None:
    """The first value of the one text that the other lacks, and the one of its kind in its place there."""
    ours, theirs = _values(wrong, article), _values(right, article)
    only_wrong = [v for v in ours if not any(bears_out(other, v) for other in theirs)]
    only_right = [v for v in theirs if not any(bears_out(other, v) for other in ours)]
    for one in sorted(only_wrong, key=lambda v: v.kind is Kind.NAME):
        alike = [other for other in only_right if _alike(one, other) and _in_place(wrong, one, right, other)]
        if alike:
            return one, alike[-1] if one.kind is Kind.NAME else alike[0]
    return None


def _in_place(wrong: str, one: Value, right: str, other: Value) -> bool:
    """Of names: whether one is the whole of its statement, or the same word, or none, stands before both."""
    if one.kind is not Kind.NAME:
        return True
    alone = wrong.strip(_EDGES) == one.text or right.strip(_EDGES) == other.text
    return alone or _same_place(wrong, one, right, other) or (one.start == 0 and other.start == 0)


# --- Which of the two a claim says ------------------------------------------------------------------------------------

_ON_IT = 0.6  # share of a claim's terms, values aside, that a correction and its article's title must have
_NEAR = 24  # characters before a value that may belong to it
_SAYS_IT = 0.5  # share of the words of one statement alone from which a claim makes it


def _is_on(claim: str, one: Withdrawn, article: Article) -> bool:
    """Whether a claim is about what is corrected: nearly its words, and no name that the article has not."""
    wanted = set(terms(claim)) - _terms_of_values(claim, article)
    held = wanted & known_beside(one, article)
    near = wanted & set(terms(_paragraph(one, article)))
    return bool(near) and len(held) >= _ON_IT * len(wanted) and not _names_another(claim, article)


def known_beside(one: Withdrawn, article: Article) -> set[str]:
    """The terms of the correction's paragraph and of the article's title: what "it" in a correction may be."""
    return {*terms(_paragraph(one, article)), *terms(article.title or "")}


def _paragraph(one: Withdrawn, article: Article) -> str:
    start = article.text.rfind("\n", 0, one.notice.start) + 1
    end = article.text.find("\n", one.notice.end)
    return article.text[
        max(start, one.notice.start - _LONGEST) : min(len(article.text) if end < 0 else end, one.notice.end + _LONGEST)
    ]


def _names_another(claim: str, article: Article) -> bool:
    """Whether a claim has a name that stands nowhere in the article."""
    missing = (item.in_claim for item in missing_values(claim, article.text) if item.kind is Kind.NAME)
    return any(name.casefold() not in article.text.casefold() for name in missing)


def _terms_of_values(text: str, article: Article) -> set[str]:
    found = find_values(text, None, article.language)
    return {term for value in found if value.kind is not Kind.NAME for term in terms(value.text)}


def _by_value(claim: str, one: Withdrawn, article: Article) -> Standing:
    assert one.values is not None
    has_wrong, has_right = (value_said(claim, span, article) is not None for span in one.values)
    if has_wrong and has_right and (turn := _NOT_BUT.search(claim)):
        has_wrong, has_right = (value_said(claim[: turn.start()], span, article) is not None for span in one.values)
        claim = claim[: turn.start()]
    if has_wrong == has_right:
        return Standing.APART
    if _denies(claim) != _denies(article.quote(one.wrong)):
        return Standing.CORRECTED if has_wrong and one.refutes else Standing.APART
    return Standing.WITHDRAWN if has_wrong else Standing.CORRECTED


def value_said(claim: str, place: Span, article: Article) -> Value | None:
    """The claim's value that a correction's value at `place` bears out."""
    low = max(0, place.start - _NEAR)
    low = article.text.find(" ", low, place.start) + 1 or low
    around = _values(article.text[low : place.end], article)  # "June" is a month behind "in"
    there = [value for value in around if low + value.end > place.start]
    said = find_values(claim, article.published, article.language)
    return next((value for value in said if any(bears_out(found, value) for found in there)), None)


def _by_words(claim: str, one: Withdrawn, article: Article) -> Standing:
    """By the words that only one statement has; where the claim denies what is withdrawn, or the reverse, by that."""
    said, wrong = set(terms(claim)), set(terms(article.quote(one.wrong)))
    right = set(terms(article.quote(one.right))) if one.right else set()
    only_wrong, only_right = wrong - right, right - wrong
    if _terms_of_values(claim, article) - wrong - right or not only_wrong:
        return Standing.APART
    has_wrong = len(said & only_wrong) / len(only_wrong)
    has_right = len(said & only_right) / len(only_right) if only_right else 0.0
    if has_right > has_wrong and has_right >= _SAYS_IT:
        return Standing.CORRECTED
    common = wrong & right
    whole = bool(common) and common <= said <= wrong
    if has_wrong <= has_right or not (whole or (common <= said and has_wrong > _SAYS_IT)):
        return Standing.APART
    if _denies(claim) == _denies(article.quote(one.wrong)):
        return Standing.WITHDRAWN
    return Standing.CORRECTED if one.right and not only_right else Standing.APART


def _denies(text: str) -> bool:
    return sum(map(is_negation, text.split())) % 2 == 1
