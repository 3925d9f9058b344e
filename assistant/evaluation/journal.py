"""Finished cases on disk, one JSON line each, so that a run that was cut short goes on where it stopped.

A journal is named after all that decides the results (cases, settings, versions, library): another run never reads it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, TextIO

from assistant.cases import EvalCase
from assistant.errors import WrongUse
from assistant.evaluation.result import EvalResult, result_from_json


def run_key(cases: Sequence[EvalCase], conditions: Mapping[str, Any]) -> str:
    """32 hex digits for these cases under these conditions (JSON values)."""
    text = json.dumps([[repr(case) for case in cases], conditions], ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]


class Journal:
    """The results of one unfinished run. A `folder` of None keeps nothing."""

    def __init__(self, folder: Path | None, key: str) -> None:
        self.path = folder / f"{key}.jsonl" if folder else None
        self._file: TextIO | None = None

    def read(self) -> dict[tuple[str, str], EvalResult]:
        """What an earlier run finished, by set and case id; a line torn by a kill is passed over.

        Failed cases are not among them: they are worth another try.
        """
        if self.path is None or not self.path.is_file():
            return {}
        found = {}
        for line in self.path.read_text(encoding="utf-8", errors="replace").splitlines():
            try:
                result = result_from_json(json.loads(line))
            except (ValueError, KeyError, TypeError):
                continue
            if result.error is None:
                found[result.dataset, result.id] = result
        return found

    def write(self, result: EvalResult) -> None:
        """Raises WrongUse when the journal can't be kept."""
        if self.path is None:
            return
        try:
            if self._file is None:
                self.path.parent.mkdir(parents=True, exist_ok=True)
                # A torn last line stays behind on a line of its own.
                torn = self.path.is_file() and not self.path.read_bytes().endswith(b"\n")
                self._file = self.path.open("a", encoding="utf-8", errors="backslashreplace")
                self._file.write("\n" if torn else "")
            self._file.write(json.dumps(result.to_json(), ensure_ascii=False) + "\n")
            self._file.flush()
        except OSError as error:
            raise WrongUse(
                f"The journal {self.path} can't be written: {error.strerror or error}.",
                "Free space, or name another home.",
            ) from None

    def close(self) -> None:
        if self._file:
            self._file.close()
            self._file = None

    def drop(self) -> None:
        """The run is complete: there is nothing to go on with."""
        self.close()
        if self.path:
            self.path.unlink(missing_ok=True)
