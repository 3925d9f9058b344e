"""AVeriTeC to cases: real claims with questions and answers from the web as their evidence, in one JSON array.

`claim`, `label`, `claim_date` (D-M-YYYY), `claim_types`, `questions` [{`question`, `answers` [{`answer`, `answer_type`,
`boolean_explanation`}]}]. A claim has no id: its place from 0 is one, as in the shared task's files. An answer of the type
Unanswerable says that nothing was found and is no evidence. Schlichtkrull, Guo & Vlachos, AVeriTeC, NeurIPS 2023.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from assistant.cases import EvalCase
from assistant.converters._fields import BadRow, Fields, case_id, label, optional_text, text, texts
from assistant.converters._rows import Row, RowConverter
from assistant.types import Label

_DAY_FIRST = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})")


def make() -> RowConverter:
    return RowConverter(recognises, _case)


def recognises(row: Fields) -> bool:
    return "claim" in row and (isinstance(row.get("questions"), list) or {"label", "claim_date"} <= row.keys())


def _case(row: Row) -> EvalCase:
    verdict = label(row.value)
    return EvalCase(
        id=case_id(row.value, str(row.number - 1), "claim_id"),
        claim=text(row.value, "claim"),
        answerable=verdict is not Label.NOT_ENOUGH,
        date=_claim_date(row.value),
        label=verdict,
        evidence=tuple(_evidence(row.value)),
        tags=texts(row.value, "claim_types"),
    )


def _claim_date(row: Fields) -> date | None:
    found = row.get("claim_date")
    if found is None or found == "":
        return None
    parts = _DAY_FIRST.fullmatch(str(found).strip())
    try:
        return date(int(parts[3]), int(parts[2]), int(parts[1])) if parts else date.fromisoformat(str(found))
    except ValueError:
        raise BadRow(f"`claim_date` is {found!r}, not D-M-YYYY") from None


def _evidence(row: Fields) -> Iterator[str]:
    """An answer behind its question, with the reason for a yes or no."""
    for asked in _objects(row, "questions"):
        for answer in _objects(asked, "answers"):
            if answer.get("answer_type") == "Unanswerable":
                continue
            said = (optional_text(asked, "question"), text(answer, "answer"), _explanation(answer))
            yield " ".join(part.strip() for part in said if part)


def _explanation(answer: Fields) -> str:
    return optional_text(answer, "boolean_explanation") if answer.get("answer_type") == "Boolean" else ""


def _objects(row: Fields, key: str) -> list[Fields]:
    found = row.get(key) or []
    items = [found] if isinstance(found, dict) else found
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise BadRow(f"`{key}` is not a list of objects")
    return items
