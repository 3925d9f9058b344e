"""The converters' shelf: a question set in its publishers' format to cases. One file, one format.

A converter module has `def make() -> Converter`. Files and folders are asked in the shelf's order (by name, but `own` last: it
takes any JSONL) whether they accept a path; `assistant evaluate --format NAME` decides it by hand. A row that is no case
becomes a Failure that names its file and line, and the others go on; a file that can't be read at all raises WrongUse.

What most formats need is at hand: `json_lines` and `json_rows` give rows, `read_cases` makes cases of them and Failures of
those that raise BadRow, and `text`, `texts`, `day`, `label`, `case_id` read a row's fields and raise it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Protocol

from assistant.cases import EvalCase
from assistant.converters._fields import BadRow, case_id, day, label, text, texts
from assistant.converters._rows import Row, first_row, json_document, json_lines, json_rows, read_cases
from assistant.types import Failure


class Converter(Protocol):
    def accepts(self, path: Path) -> bool:
        """Whether this looks like the format; reads no more than it must, raises nothing."""
        ...

    def cases(self, path: Path) -> Iterator[EvalCase | Failure]:
        """In file order."""
        ...

    def articles(self, path: Path) -> Iterator[Mapping[str, Any]]:
        """The texts that the set brings along, as rows of the JSONL loader (`id`, `title`, `text`, ...), each once.

        None at all when its questions are about articles that come from elsewhere. A row without text is reported by the
        loader, under its id.
        """
        ...


__all__ = [
    "BadRow",
    "Converter",
    "Row",
    "case_id",
    "day",
    "first_row",
    "json_document",
    "json_lines",
    "json_rows",
    "label",
    "read_cases",
    "text",
    "texts",
]
