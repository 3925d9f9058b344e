"""What readers say of citations and statements to cases of a question set: `assistant evaluate var/feedback.jsonl` runs them.

A good citation becomes gold, a wrong one a stretch that must not be cited again, a statement that its quotation does not bear
out a claim with not enough evidence. One case a line in `converters/own.py`'s format; the file is read and written whole under
a lock and replaced in one step, so that several processes may write and a killed one leaves the former file.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from hashlib import sha256
from pathlib import Path
from typing import Any

from filelock import FileLock

from assistant.cases import EvalCase, GoldSpan
from assistant.errors import UnknownArticle, WrongUse
from assistant.library import Library
from assistant.text import canonical_text
from assistant.types import Answer, CheckedStatement, Citation, Filters, Label, Turn

FILE = "feedback.jsonl"
# A page that anybody may open must not fill a disk.
MAX_COMMENT = 1_000  # characters
MAX_QUESTION = 4_000  # what `Assistant.ask` takes
MAX_STATEMENT = 20_000  # of a quotation, too
MAX_EARLIER = 6  # questions: as many turns as a model is told to understand the next question
MAX_CASES = 10_000
MAX_BYTES = 20_000_000  # of the file: it is read and written whole at each judgement

_ANYTHING = Filters()


class Rating(StrEnum):
    """What a reader makes of a citation, or of a statement and its citations."""

    GOOD = "good"
    WRONG_SPAN = "wrong_span"  # the words are not what answers the question
    NOT_SUPPORTED = "not_supported"  # the statement is not borne out by the words


@dataclass(frozen=True, slots=True)
class Feedback:
    """One reader's judgement, in a question set's terms."""

    rating: Rating
    question: str
    statement: str
    """The words of the answer that rest on what is quoted."""
    quoted: tuple[GoldSpan, ...]
    earlier: tuple[str, ...] = ()
    """What was asked last before in the same conversation."""
    date: date | None = None
    """The day it was asked as of."""
    comment: str = ""

    @property
    def case(self) -> EvalCase:
        """What evaluation makes of it."""
        tags = ("feedback", str(self.rating))
        if self.rating is Rating.NOT_SUPPORTED:
            quotes = tuple(one.quote for one in self.quoted)
            return EvalCase(
                self._id, claim=self.statement, answerable=False, date=self.date, label=Label.NOT_ENOUGH,
                evidence=quotes, tags=tags,
            )  # fmt: skip
        if self.rating is Rating.WRONG_SPAN:
            return EvalCase(self._id, self.question, self.earlier, date=self.date, wrong_spans=self.quoted, tags=tags)
        articles = tuple(dict.fromkeys(one.article for one in self.quoted))
        return EvalCase(
            self._id, self.question, self.earlier, date=self.date, gold_article_ids=articles, gold_spans=self.quoted,
            tags=tags,
        )  # fmt: skip

    @property
    def judged(self) -> dict[str, Any]:
        """What was judged, JSON-ready, whatever was said of it."""
        return {
            "question": self.question,
            "earlier": list(self.earlier),
            "date": self.date and self.date.isoformat(),
            "quoted": _spans(self.quoted),
            "statement": self.statement,
        }

    @property
    def _id(self) -> str:
        text = json.dumps([self.rating, self.judged], sort_keys=True)
        return f"{self.rating.replace('_', '-')}-{sha256(text.encode()).hexdigest()[:12]}"

    @property
    def row(self) -> dict[str, Any]:
        """The case as a line of the file; `judged`, `rating` and `comment` are for people and for the next judgement."""
        case = self.case
        told = {
            "id": case.id,
            "question": case.question,
            "claim": case.claim,
            "earlier": list(case.earlier),
            "date": case.date and case.date.isoformat(),
            "gold_article_ids": list(case.gold_article_ids),
            "gold_spans": _spans(case.gold_spans),
            "wrong_spans": _spans(case.wrong_spans),
            "label": case.label and str(case.label),
            "evidence": list(case.evidence),
            "tags": list(case.tags),
            "comment": self.comment,
        }
        filled = {key: value for key, value in told.items() if value}
        return filled | {"answerable": case.answerable, "rating": str(self.rating), "judged": self.judged}


def rating_of(name: str) -> Rating:
    """Raises WrongUse for a name that is none."""
    try:
        return Rating(name)
    except ValueError:
        raise WrongUse(f"There is no rating {name!r}.", f"Ratings: {', '.join(Rating)}.") from None


def feedback_on(
    library: Library,
    answer: Answer,
    about: Citation | CheckedStatement,
    rating: Rating,
    *,
    filters: Filters = _ANYTHING,
    history: Sequence[Turn] = (),
    comment: str = "",
) -> Feedback:
    """A judgement of one citation of an answer, or of one of its statements with all its citations.

    Raises WrongUse where there is nothing to judge, where the quoted words do not stand in the library, and for texts without
    end: a browser may send back another conversation than it was given.
    """
    if isinstance(about, Citation):
        start, end, citations = about.answer_start, about.answer_end, [about]
    else:
        start, end = about.start, about.end
        citations = [one for one in answer.citations if start <= one.answer_start and one.answer_end <= end]
    comment = _not_endless("comment", comment, MAX_COMMENT)
    statement = _not_endless("statement", answer.text[start:end], MAX_STATEMENT)
    question = _not_endless("question", answer.question, MAX_QUESTION)
    earlier = tuple(_not_endless("question before", turn.question, MAX_QUESTION) for turn in history[-MAX_EARLIER:])
    if not question or not statement:
        raise WrongUse("There are no words to judge.", "Name a citation or a statement of an answer.")
    if not citations:
        raise WrongUse("This statement rests on no quotation.", "Judge one that has a number behind it.")
    quoted = tuple(dict.fromkeys(_quoted(library, one) for one in citations))
    _not_endless("quotation", "".join(one.quote for one in quoted), MAX_STATEMENT)
    return Feedback(rating, question, statement, quoted, earlier, filters.as_of, comment)


def _not_endless(what: str, text: str, most: int) -> str:
    """The text in canonical form. Raises WrongUse."""
    text = canonical_text(text)
    if len(text) > most:
        raise WrongUse(f"The {what} has {len(text):,} characters; {most:,} is the most.", "Shorten it.")
    return text


class FeedbackFile:
    """The cases that readers of one library made."""

    def __init__(self, home: Path) -> None:
        self.path = home / FILE

    def add(self, feedback: Feedback) -> EvalCase:
        """Append its case; what was said before of the same words goes. Lines that are none of ours stay as they are.

        Raises WrongUse when it would have more than MAX_CASES cases or MAX_BYTES bytes.
        """
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(f"{self.path}.lock"):
            kept = [line for line in self._lines() if not _replaces(feedback, line)]
            if len(kept) >= MAX_CASES:
                raise self._full(f"{MAX_CASES:,} cases")
            lines = [*kept, json.dumps(feedback.row, ensure_ascii=False)]
            content = "".join(f"{line}\n" for line in lines).encode("utf-8", "surrogateescape")
            if len(content) > MAX_BYTES:
                raise self._full(f"{MAX_BYTES // 1_000_000:,} MB")
            self._write(content)
        return feedback.case

    def _full(self, most: str) -> WrongUse:
        return WrongUse(f"{self.path} has {most}, which is the most.", "Move it away and begin a new one.")

    def _lines(self) -> list[str]:
        try:
            text = self.path.read_bytes().decode("utf-8", "surrogateescape")
        except FileNotFoundError:
            return []
        return [line for line in text.split("\n") if line.strip()]

    def _write(self, content: bytes) -> None:
        draft = self.path.with_suffix(".new")
        draft.write_bytes(content)
        os.replace(draft, self.path)


def _replaces(feedback: Feedback, line: str) -> bool:
    """Whether the judgement is about the same as the one in this line of the file.

    What is wrong with a place is wrong with it for any statement; that one statement is not borne out says nothing of another.
    """
    try:
        row = json.loads(line)
        judged, rating = dict(row["judged"]), Rating(row["rating"])
    except (ValueError, TypeError, KeyError, RecursionError):
        return False
    mine = feedback.judged
    if Rating.NOT_SUPPORTED not in (rating, feedback.rating):
        judged["statement"] = mine["statement"]
    return judged == mine


def _quoted(library: Library, citation: Citation) -> GoldSpan:
    span = citation.span
    article = library.articles([span.article_id]).get(span.article_id)
    if article is None or not citation.quote.strip() or article.quote(span) != citation.quote:
        raise WrongUse("The quoted words are not in the library.", "Ask again, and judge the new answer.")
    return GoldSpan(_name(library, article.id, article.source_id), citation.quote)


def _name(library: Library, article_id: str, source_id: str | None) -> str:
    """The source id where it names this article and no other: it outlives a new version of the text."""
    try:
        unique = source_id is not None and library.find_id(source_id) == article_id
    except UnknownArticle:
        unique = False
    return source_id if unique and source_id else article_id


def _spans(spans: Sequence[GoldSpan]) -> list[dict[str, str]]:
    return [{"article": one.article, "quote": one.quote} for one in spans]
