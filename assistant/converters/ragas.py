"""RAGAS data sets to cases and articles: JSON, JSONL or CSV with its column names.

`user_input`, `reference`, `reference_contexts`, `retrieved_contexts`, `response`; before version 0.2 `question`,
`ground_truth` or `ground_truths`, `contexts`, `answer`. A reference is an accepted answer, a context an article, and a
reference context a gold span. `response` and the early `answer` are a system's output, not read.
Es et al., RAGAS, EACL 2024.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from assistant.cases import EvalCase, GoldSpan
from assistant.converters._fields import BadRow, Fields, case_id, first_filled, text, texts
from assistant.converters._rows import Row, first_row, json_rows, read_cases
from assistant.converters._table import header, list_cell, table_rows
from assistant.text import canonical_text
from assistant.types import Failure

_REFERENCES = ("reference", "ground_truth", "ground_truths")
_GOLD = "reference_contexts"
_CONTEXTS = (_GOLD, "retrieved_contexts", "contexts")
_ASIDE = frozenset({"reference", "response", "retrieved_contexts", _GOLD})
_EARLY = frozenset({"contexts", "ground_truth", "ground_truths"})


def make() -> Ragas:
    return Ragas()


def recognises(row: Fields) -> bool:
    if "user_input" in row:
        return bool(_ASIDE & row.keys())
    return "question" in row and bool(_EARLY & row.keys())


class Ragas:
    def accepts(self, path: Path) -> bool:
        row = first_row(path)
        return recognises(row if row is not None else dict.fromkeys(header(path)))

    def cases(self, path: Path) -> Iterator[EvalCase | Failure]:
        return read_cases(path, _rows(path), _case)

    def articles(self, path: Path) -> Iterator[Mapping[str, Any]]:
        seen: set[str] = set()
        for row in _rows(path):
            for context in [] if isinstance(row, Failure) else _contexts(row.value):
                name = _name(context)
                if name not in seen:
                    seen.add(name)
                    yield {"id": name, "text": context}


def _rows(path: Path) -> Iterator[Row | Failure]:
    if first_row(path) is not None:
        return json_rows(path)
    return (row if isinstance(row, Failure) else _typed(row) for row in table_rows(path))


def _typed(row: Row) -> Row:
    lists = {*_CONTEXTS, "ground_truths"}
    cells = {name: list_cell(cell, None) if name in lists else cell for name, cell in row.value.items()}
    return Row(row.number, row.place, cells)


def _case(row: Row) -> EvalCase:
    key = "user_input" if "user_input" in row.value else "question"
    if isinstance(row.value.get(key), list):
        raise BadRow(f"`{key}` is a conversation, which is not scored")
    question = text(row.value, key)
    answers = first_filled(row.value, *_REFERENCES)
    gold = tuple(dict.fromkeys(GoldSpan(_name(context), context) for context in _canonical(row.value, _GOLD)))
    if not answers and not gold:
        raise BadRow("has neither `reference` nor `reference_contexts`: nothing to score")
    return EvalCase(
        id=case_id(row.value, f"line-{row.number}"),
        question=question,
        answers=answers,
        gold_article_ids=tuple(dict.fromkeys(span.article for span in gold)),
        gold_spans=gold,
    )


def _contexts(row: Fields) -> list[str]:
    """The texts of the row's readable context columns."""
    found: list[str] = []
    for key in _CONTEXTS:
        try:
            found += _canonical(row, key)
        except BadRow:
            continue  # `cases` says it
    return found


def _canonical(row: Fields, key: str) -> list[str]:
    return [canonical_text(context) for context in texts(row, key, blanks=True) if context.strip()]


def _name(context: str) -> str:
    return "context-" + hashlib.sha256(context.encode("utf-8", "replace")).hexdigest()[:12]
