"""What a publisher says of an article today to what its words may decide: current, corrected, retracted, satire.

A correction gives the value that counts and, often, the one it replaces; a retraction notice is the paper's own word
against its article. Whether an article is satire is told by `Article.status` alone.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from assistant.sentences import split_sentences
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
