"""CSV to rows of texts by lower-case column name, and cells to lists, flags and JSON.

UTF-8 with or without a byte order mark; comma, semicolon or tab, whichever parts the header most; quoted cells may hold
line breaks, and a row's number is that of its first line.
"""

from __future__ import annotations

import ast
import codecs
import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from assistant.converters._fields import BadRow
from assistant.converters._rows import Row, head, read_bytes
from assistant.errors import WrongUse
from assistant.types import Failure

_DELIMITERS = ",;\t"
_FLAGS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}


def header(path: Path) -> list[str]:
    """The column names, lower case; none for a file that begins as JSON, or that is no file. Raises nothing."""
    first = head(path, 1 << 16).removeprefix(codecs.BOM_UTF8).partition(b"\n")[0]
    line = first.decode("utf-8", "replace").strip()
    return [] if line.startswith(("{", "[")) else _columns(line)


def table_rows(path: Path) -> Iterator[Row | Failure]:
    """Each row's filled cells. A row with more cells than columns, or that is not UTF-8, is a Failure."""
    # Bytes that are no UTF-8 become lone surrogates, so that they spoil one row and not the file.
    text = read_bytes(path).decode("utf-8", "surrogateescape").removeprefix("\ufeff")
    columns = header(path)
    if len(set(columns)) < len(columns):
        repeated = next(name for name in columns if columns.count(name) > 1)
        raise WrongUse(f"{path} has the column {repeated!r} more than once.", "Rename or remove one of them.")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text.partition("\n")[0]))
    next(reader, None)
    while True:
        number = reader.line_num + 1
        try:
            cells = next(reader)
            if any(cell.strip() for cell in cells):
                yield Row(number, str(number), _named(columns, cells))
        except StopIteration:
            return
        except (csv.Error, BadRow) as error:
            yield Failure(f"{path.name}:{number}", str(error))


def _columns(line: str) -> list[str]:
    try:
        cells = next(csv.reader([line], delimiter=_delimiter(line)), [])
    except csv.Error:
        return []
    return [cell.strip().casefold() for cell in cells]


def _delimiter(line: str) -> str:
    return max(_DELIMITERS, key=line.count)


def _named(columns: list[str], cells: list[str]) -> dict[str, str]:
    if len(cells) > len(columns):
        raise BadRow(f"has {len(cells)} cells, but the header has {len(columns)}")
    row = {name: cell.strip() for name, cell in zip(columns, cells, strict=False) if cell.strip()}
    if any("\udc80" <= char <= "\udcff" for cell in row.values() for char in cell):
        raise BadRow("is not UTF-8")
    return row


# -- cells


def list_cell(cell: str, separator: str | None = "|") -> list[Any]:
    """A JSON list, a Python list as pandas writes it, texts between separators, or one text."""
    if cell.startswith("[") and cell.endswith("]"):
        for parse in (json.loads, ast.literal_eval):
            try:
                return list(parse(cell))
            except (ValueError, SyntaxError, RecursionError, MemoryError, TypeError):
                continue
    return [part.strip() for part in cell.split(separator)] if separator else [cell]


def flag_cell(cell: str) -> Any:
    """True or false; any other word as it is, for the reader of fields to refuse."""
    return _FLAGS.get(cell.casefold(), cell)


def json_cell(cell: str) -> Any:
    try:
        return json.loads(cell)
    except (ValueError, RecursionError):
        raise BadRow(f"{cell[:60]!r} is no JSON") from None
