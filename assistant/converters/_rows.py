"""Files to rows: JSON a line, a JSON array, one JSON document. What can't be read at all raises WrongUse.

A row that is broken becomes a Failure with its place, and the others go on. Nothing here knows what a row means.
"""

from __future__ import annotations

import codecs
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from assistant.cases import EvalCase
from assistant.converters._fields import BadRow
from assistant.errors import WrongUse
from assistant.types import Failure

_SNIFFED_BYTES = 1 << 20  # a first row that is longer is recognised by nobody
_SNIFFED_LINES = 20


@dataclass(frozen=True, slots=True)
class Row:
    """One entry of a question set."""

    number: int
    """1-based: the line in a file of lines, otherwise the entry's place in order."""
    place: str
    """Where it stands, for a person: "12" (the line), "[11]" or "data[0].paragraphs[2].qas[1]" (the JSON path)."""
    value: Mapping[str, Any]


def read_cases(
    path: Path, rows: Iterable[Row | Failure], read: Callable[[Row], EvalCase]
) -> Iterator[EvalCase | Failure]:
    """A case or a Failure a row. An id that came before gets its row's number, "q7#12": sets repeat rows and count them."""
    taken: set[str] = set()
    for row in rows:
        if isinstance(row, Failure):
            yield row
            continue
        try:
            case = read(row)
        except BadRow as error:
            yield Failure(f"{path.name}:{row.place}", str(error))
            continue
        yield replace(case, id=f"{case.id}#{row.number}") if case.id in taken else case
        taken.add(case.id)


# -- lines


def json_lines(path: Path) -> Iterator[Row | Failure]:
    """The objects of a JSONL file, lines that are none as Failures. Blank lines, CRLF and a byte order mark are fine."""
    for number, line in _lines(path):
        try:
            yield Row(number, str(number), _parse_object(line))
        except BadRow as error:
            yield Failure(f"{path.name}:{number}", str(error))


def _lines(path: Path) -> Iterator[tuple[int, bytes]]:
    try:
        with path.open("rb") as file:
            for number, line in enumerate(file, 1):
                text = line.removeprefix(codecs.BOM_UTF8) if number == 1 else line
                if text.strip():
                    yield number, text
    except OSError as error:
        raise unreadable(path, error) from None


def _parse_object(line: bytes) -> Mapping[str, Any]:
    try:
        row = json.loads(line.decode("utf-8"))
    except UnicodeDecodeError:
        raise BadRow("is not UTF-8") from None
    except (ValueError, RecursionError) as error:
        raise BadRow(f"is no JSON: {error}") from None
    return _object(row)


def _object(value: Any) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise BadRow(f"is a JSON {type(value).__name__}, not an object")
    return value


# -- documents


def json_rows(path: Path) -> Iterator[Row | Failure]:
    """The objects of a JSON array, or of a JSONL file."""
    if not _begins(path).startswith(b"["):
        yield from json_lines(path)
        return
    for index, item in enumerate(json_document(path)):
        try:
            yield Row(index + 1, f"[{index}]", _object(item))
        except BadRow as error:
            yield Failure(f"{path.name}:[{index}]", str(error))


def json_document(path: Path) -> Any:
    """The whole file as one JSON value."""
    try:
        return json.loads(read_bytes(path).decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise WrongUse(
            f"The question set {path} is not UTF-8 at byte {error.start}.", "Save it as UTF-8 and try again."
        ) from None
    except (ValueError, RecursionError) as error:
        raise WrongUse(f"The question set {path} is no JSON: {error}.", "Mend that place in the file.") from None


def read_bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise unreadable(path, error) from None


def unreadable(path: Path, error: OSError) -> WrongUse:
    hint = "Name a file in it." if path.is_dir() else "Give a file that holds a question set."
    return WrongUse(f"The question set {path} can't be read: {error.strerror or error}.", hint)


# -- what it looks like


def first_row(path: Path) -> Mapping[str, Any] | None:
    """The first object of a JSONL file or a JSON array; None where the first megabyte shows none. Raises nothing."""
    text = head(path).decode("utf-8", "replace").lstrip("\ufeff \t\r\n")
    if text.startswith("["):
        first = _first_value(text[1:].lstrip())
        if first is not None:
            return first
    # Indented lines belong to one long document, whose inner objects are no rows.
    return next((row for line in text.split("\n")[:_SNIFFED_LINES] if (row := _first_value(line))), None)


def head(path: Path, size: int = _SNIFFED_BYTES) -> bytes:
    """The first bytes of a file; none where there is no file that can be read."""
    try:
        with path.open("rb") as file:
            return file.read(size)
    except OSError:
        return b""


def _begins(path: Path) -> bytes:
    return head(path, 4096).removeprefix(codecs.BOM_UTF8).lstrip()


def _first_value(text: str) -> Mapping[str, Any] | None:
    if not text.startswith("{"):
        return None
    try:
        value, _ = json.JSONDecoder().raw_decode(text)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


@dataclass(frozen=True, slots=True)
class RowConverter:
    """A Converter of sets that are one JSON object a case, told by the first one, about articles from elsewhere."""

    recognises: Callable[[Mapping[str, Any]], bool]
    case: Callable[[Row], EvalCase]

    def accepts(self, path: Path) -> bool:
        row = first_row(path)
        return row is not None and self.recognises(row)

    def cases(self, path: Path) -> Iterator[EvalCase | Failure]:
        return read_cases(path, json_rows(path), self.case)

    def articles(self, path: Path) -> Iterator[Mapping[str, Any]]:
        return iter(())
