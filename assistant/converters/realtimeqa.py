"""RealTimeQA to cases: the weekly files of the public repository, and what the realtimeqa converter makes of them.

Published (past/YYYY/YYYYMMDD_qa.jsonl, ..._qa_nota.jsonl): `question_id`, `question_date`, `question_sentence`, `choices`,
`answer` (positions as strings). The pages that its search found stand beside it, in YYYYMMDD_gcs.jsonl; which of them hold
the answer is not published. Converted: `choices`, `answer`, `answer_index`, `gold_article_ids`, `answerable`; with "None of
the above" as a choice `right_choice_removed`, `answerable_base`. Kasai et al., RealTime QA, NeurIPS 2023.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from assistant.cases import EvalCase
from assistant.converters._case import read_case
from assistant.converters._fields import BadRow, Fields, case_id, day, none_offered, text, texts
from assistant.converters._rows import Row, first_row, json_lines, read_cases
from assistant.types import Failure

_CONVERTED = frozenset({"gold_coverage", "answerable_base", "gold_recent", "searched_article_ids"})
_WEEKLY_FILE = re.compile(r"(.+)_qa(?:_nota)?\.jsonl")
_NO_STRING = re.compile(r"(?:true|false|yes|no|(?:all|both) of (?:the|these)\b.*)", re.IGNORECASE)


def make() -> RealTimeQA:
    return RealTimeQA()


def recognises(row: Fields) -> bool:
    return {"question_id", "question_sentence"} <= row.keys() or ("question" in row and bool(_CONVERTED & row.keys()))


class RealTimeQA:
    def accepts(self, path: Path) -> bool:
        row = first_row(path)
        return row is not None and recognises(row)

    def cases(self, path: Path) -> Iterator[EvalCase | Failure]:
        rows = list(json_lines(path))
        base = _base([row.value for row in rows if isinstance(row, Row)])
        return read_cases(path, rows, lambda row: _published(row, base) if _is_published(row) else _converted(row))

    def articles(self, path: Path) -> Iterator[Mapping[str, Any]]:
        weekly = _WEEKLY_FILE.fullmatch(path.name)
        searched = path.with_name(f"{weekly[1]}_gcs.jsonl") if weekly else None
        if searched is None or not searched.is_file():
            return
        seen: set[str] = set()
        for page in _pages(searched):
            if page["id"] not in seen:
                seen.add(page["id"])
                yield page


def _is_published(row: Row) -> bool:
    return "question_sentence" in row.value


def _converted(row: Row) -> EvalCase:
    return read_case(Row(row.number, row.place, {"answerable": row.value.get("answerable_base"), **row.value}))


# -- as published


def _published(row: Row, base: int) -> EvalCase:
    choices = texts(row.value, "choices", blanks=True)
    right = _right_choices(row.value, choices, base)
    none = none_offered(choices)
    # With "none of the above" offered it is a case of choosing; its open form is the row of the week's other file.
    answers = tuple(choices[index] for index in right) if none is None else ()
    return EvalCase(
        id=case_id(row.value, f"line-{row.number}", "question_id"),
        question=text(row.value, "question_sentence"),
        date=day(row.value, "question_date"),
        answers=answers,
        string_answer=not any(_NO_STRING.fullmatch(answer.strip()) for answer in answers),
        choices=choices,
        right_choices=right,
        right_choice_removed=None if none is None else none in right,
        tags=texts(row.value, "question_source"),
    )


def _right_choices(row: Fields, choices: Sequence[str], base: int) -> tuple[int, ...]:
    found = _positions(row)
    if not found:
        raise BadRow("has no `answer`: nothing to score")
    right = tuple(position - base for position in found)
    if not all(0 <= index < len(choices) for index in right):
        raise BadRow(f"`answer` is {row.get('answer')!r}, but there are {len(choices)} choices, counted from {base}")
    return right


def _base(rows: Sequence[Fields]) -> int:
    """What the file counts choices from: 1 where a position is the number of choices and none is 0; 0 by the README."""
    found = [pair for row in rows for pair in _positions_of(row)]
    return int(any(position == n for position, n in found) and all(position > 0 for position, _ in found))


def _positions_of(row: Fields) -> list[tuple[int, int]]:
    """Each position with the number of choices; none of a row that is bad anyway."""
    try:
        return [(position, len(texts(row, "choices", blanks=True))) for position in _positions(row)]
    except BadRow:
        return []


def _positions(row: Fields) -> list[int]:
    found = row.get("answer")
    items = found if isinstance(found, list) else [] if found is None else [found]
    if not all(re.fullmatch("[0-9]{1,4}", str(item)) for item in items):
        raise BadRow(f"`answer` is {found!r}, not a list of positions")
    return [int(item) for item in items]


def _pages(path: Path) -> Iterator[dict[str, Any]]:
    """The pages of all searches, repeats included."""
    for row in json_lines(path):
        results = [] if isinstance(row, Failure) else row.value.get("search_result")
        for page in results if isinstance(results, list) else []:
            if isinstance(page, dict) and isinstance(page.get("text"), str) and page["text"].strip():
                yield _page(page)


def _page(page: Fields) -> dict[str, Any]:
    name = str(page.get("url") or page["text"])
    return {
        "id": "a" + hashlib.sha256(name.encode("utf-8", "replace")).hexdigest()[:12],
        "url": page.get("url"),
        "title": page.get("title"),
        "authors": page.get("authors"),
        "published": page.get("publish_date"),
        "text": page["text"],
    }
