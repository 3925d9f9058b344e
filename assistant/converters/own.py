"""This project's own JSONL to cases: one question or claim a line. Any other JSONL is read as this, and told what it lacks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from assistant.cases import EvalCase
from assistant.converters import averitec, claims, ragas, realtimeqa
from assistant.converters._case import read_case
from assistant.converters._rows import first_row, json_lines, json_rows, read_cases
from assistant.types import Failure

SUFFIXES = (".jsonl", ".ndjson")

_OTHERS = (averitec, claims, ragas, realtimeqa)


def make() -> Own:
    return Own()


class Own:
    def accepts(self, path: Path) -> bool:
        row = first_row(path)
        if row is None:
            return path.suffix.lower() in SUFFIXES and path.is_file()
        if any(other.recognises(row) for other in _OTHERS):
            return False
        return path.suffix.lower() in SUFFIXES or bool(row.keys() & {"question", "claim", "turns"})

    def cases(self, path: Path) -> Iterator[EvalCase | Failure]:
        rows = json_lines(path) if path.suffix.lower() in SUFFIXES else json_rows(path)
        return read_cases(path, rows, read_case)

    def articles(self, path: Path) -> Iterator[Mapping[str, Any]]:
        return iter(())
