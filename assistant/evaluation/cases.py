"""A JSONL question set to cases. A line that is no case becomes a Failure with its number, the others go on.

Two shapes are read alike: this project's own (corpus/questions: `answers`, `gold_spans`, `tags`) and the realtimeqa
converter's (`answer`, `string_answer`, `gold_article_ids`). Other keys of a line are ignored.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from assistant.errors import WrongUse
from assistant.types import Failure


@dataclass(frozen=True, slots=True)
class GoldSpan:
    """A passage of an article that answers the question."""

    article: str
    """The article's source id."""
    quote: str
    """Its words; every occurrence in the article counts."""


@dataclass(frozen=True, slots=True)
class EvalCase:
    """A question with what is known of its right answer."""

    id: str
    question: str
    answerable: bool
    """Whether the articles hold the answer; where they don't, abstaining is right."""
    date: date | None = None
    """The day it is asked: later articles are hidden. None: all articles may answer."""
    answers: tuple[str, ...] = ()
    """Accepted answers, any of which is right."""
    string_answer: bool = True
    """False when no short string is the answer ("none of these"): answer metrics are not applied."""
    gold_article_ids: tuple[str, ...] = ()
    """Source ids."""
    gold_spans: tuple[GoldSpan, ...] = ()
    tags: tuple[str, ...] = ()

    @property
    def accepted(self) -> tuple[str, ...]:
        """The answers that text is compared with."""
        return self.answers if self.answerable and self.string_answer else ()


class BadLine(Exception):
    """A line that is no case; the message is the reason."""


def load_cases(path: str | Path) -> tuple[list[EvalCase], list[Failure]]:
    """The cases in file order, and the lines that are none. Raises WrongUse when the file can't be read.

    An id that came before gets its line's number, "q7#12": published sets hold questions twice and count both.
    """
    path = Path(path)
    try:
        lines = path.read_bytes().removeprefix(b"\xef\xbb\xbf").split(b"\n")
    except OSError as error:
        raise WrongUse(
            f"The question set {path} can't be read: {error.strerror or error}.",
            "Give a JSONL file, one question a line.",
        ) from None
    cases: list[EvalCase] = []
    taken: set[str] = set()
    failures: list[Failure] = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            case = _read_line(line, number)
            cases.append(replace(case, id=f"{case.id}#{number}") if case.id in taken else case)
            taken.add(case.id)
        except BadLine as error:
            failures.append(Failure(f"{path.name}:{number}", str(error)))
    return cases, failures


def _read_line(line: bytes, number: int) -> EvalCase:
    try:
        row = json.loads(line.decode("utf-8"))
    except UnicodeDecodeError:
        raise BadLine("is not UTF-8") from None
    except (json.JSONDecodeError, RecursionError) as error:
        raise BadLine(f"is no JSON: {error}") from None
    if not isinstance(row, dict):
        raise BadLine(f"is a JSON {type(row).__name__}, not an object")
    return _read_case(row, number)


def _read_case(row: Mapping[str, Any], number: int) -> EvalCase:
    spans = _spans(row)
    answers = _strings(row, "answers") or _strings(row, "answer")
    gold = _strings(row, "gold_article_ids") or tuple(dict.fromkeys(span.article for span in spans))
    return EvalCase(
        id=_id(row, number),
        question=_question(row),
        answerable=_answerable(row, bool(answers or gold)),
        date=_date(row),
        answers=answers,
        string_answer=_flag(row, "string_answer", True),
        gold_article_ids=gold,
        gold_spans=spans,
        tags=_strings(row, "tags"),
    )


def _id(row: Mapping[str, Any], number: int) -> str:
    name = row.get("id")
    if name is None:
        return f"line-{number}"
    if isinstance(name, str | int) and str(name).strip():
        return str(name)
    raise BadLine(f"`id` is {name!r}, not a name")


def _question(row: Mapping[str, Any]) -> str:
    question = row.get("question")
    if isinstance(question, str) and question.strip():
        return question
    if "question" in row:
        raise BadLine(f"`question` is {question!r}, not a text")
    other = next(
        (f": a line with `{key}` is not scored" for key in ("claim", "turns") if key in row),
        "",
    )
    raise BadLine(f"has no `question`{other}")


def _answerable(row: Mapping[str, Any], has_gold: bool) -> bool:
    if row.get("answerable") is None and not has_gold:
        raise BadLine("has neither answers nor gold nor `answerable`: nothing to score")
    return _flag(row, "answerable", has_gold)


def _flag(row: Mapping[str, Any], key: str, default: bool) -> bool:
    flag = row.get(key)
    if flag is None:
        return default
    if not isinstance(flag, bool):
        raise BadLine(f"`{key}` is {flag!r}, not true or false")
    return flag


def _date(row: Mapping[str, Any]) -> date | None:
    day = row.get("date")
    if day is None:
        return None
    try:
        return date.fromisoformat(day)
    except (TypeError, ValueError):
        raise BadLine(f"`date` is {day!r}, not YYYY-MM-DD") from None


def _strings(row: Mapping[str, Any], key: str) -> tuple[str, ...]:
    """A list of texts, or one text alone; () when the key is missing or null."""
    found = row.get(key)
    items = [found] if isinstance(found, str) else [] if found is None else found
    if not isinstance(items, list) or not all(isinstance(item, str) and item.strip() for item in items):
        raise BadLine(f"`{key}` is {found!r}, not a list of texts")
    return tuple(items)


def _spans(row: Mapping[str, Any]) -> tuple[GoldSpan, ...]:
    found = row.get("gold_spans") or []
    try:
        spans = tuple(GoldSpan(span["article"], span["quote"]) for span in found)
    except (TypeError, KeyError):
        raise BadLine('`gold_spans` is not a list of {"article", "quote"}') from None
    if not all(isinstance(text, str) and text.strip() for span in spans for text in (span.article, span.quote)):
        raise BadLine("`gold_spans` has an empty article or quote")
    return spans
