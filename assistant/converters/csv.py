"""A CSV table to cases: columns named as the keys of this project's JSONL, in any case and order; others are ignored.

Lists stand between "|" or as JSON; `gold_spans`, `wrong_spans` and `grades` are JSON; flags are true, yes, 1 or false, no, 0.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from assistant.cases import EvalCase
from assistant.converters import ragas
from assistant.converters._case import read_case
from assistant.converters._rows import Row, read_cases
from assistant.converters._table import flag_cell, header, json_cell, list_cell, table_rows
from assistant.errors import WrongUse
from assistant.types import Failure

_LISTS = ("answers", "answer", "gold_article_ids", "evidence", "tags", "right_choices", "answer_index")
_FLAGS = ("answerable", "string_answer", "right_choice_removed")
_JSON = ("gold_spans", "wrong_spans", "grades")


def make() -> Csv:
    return Csv()


class Csv:
    def accepts(self, path: Path) -> bool:
        columns = header(path)
        if not columns or ragas.recognises(dict.fromkeys(columns)):
            return False
        asks = bool({"question", "claim"} & set(columns))
        return path.suffix.lower() == ".csv" or (asks and len(columns) > 1)

    def cases(self, path: Path) -> Iterator[EvalCase | Failure]:
        columns = header(path)
        if not {"question", "claim"} & set(columns):
            raise WrongUse(
                f"{path} has the columns {', '.join(columns)[:200]}; none is `question` or `claim`.",
                "Name the columns in its first line, see docs/question-sets.md.",
            )
        return read_cases(path, table_rows(path), lambda row: read_case(_typed(row)))

    def articles(self, path: Path) -> Iterator[Mapping[str, Any]]:
        return iter(())


def _typed(row: Row) -> Row:
    return Row(row.number, row.place, {name: _value(name, cell) for name, cell in row.value.items()})


def _value(name: str, cell: str) -> Any:
    if name == "choices":
        return list_cell(cell)
    if name in _LISTS:
        return [item for item in list_cell(cell) if item != ""]
    if name in _FLAGS:
        return flag_cell(cell)
    return json_cell(cell) if name in _JSON else cell
