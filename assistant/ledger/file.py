"""Ledgers to files and back: written in one step, read with a reason for whatever is no ledger."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from assistant.errors import WrongUse
from assistant.ledger.record import FORMAT, Ledger, Result, ledger_of
from assistant.types import Article


def save_ledger(
    path: str | Path, result: Result, articles: Mapping[str, Article], *, force: bool = False, **asked_with: Any
) -> Ledger:
    """Write the ledger of a result and return it; `asked_with` goes to `ledger_of`.

    Raises WrongUse when there is a file already and `force` is not set, or when the file can't be written.
    """
    path = Path(path)
    if path.exists() and not force:
        raise WrongUse(f"{path} is there already.", "Name another file, or replace it: --force")
    ledger = ledger_of(result, articles, **asked_with)
    try:
        _replace(path, json.dumps(ledger, indent=1) + "\n")
    except OSError as error:
        raise WrongUse(
            f"The ledger {path} can't be written: {error.strerror or error}.", "Name another file."
        ) from None
    return ledger


def load_ledger(path: str | Path) -> Ledger:
    """Raises WrongUse with the reason for a file that is missing, cut short, no ledger, or of a later format."""
    try:
        text = Path(path).read_text(encoding="utf-8")
    except OSError as error:
        raise WrongUse(f"The ledger {path} can't be read: {error.strerror or error}.", "Check the path.") from None
    except UnicodeDecodeError:
        raise WrongUse(f"{path} is no ledger: it is not text.", "Name a file that was saved as a ledger.") from None
    return _checked(path, _parsed(path, text))


def _replace(path: Path, text: str) -> None:
    """Written beside and moved into place: a killed process leaves no half of a ledger."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        part.write_text(text, encoding="ascii")
        os.replace(part, path)
    except OSError:
        part.unlink(missing_ok=True)
        raise


def _parsed(path: str | Path, text: str) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        at_end = error.pos >= len(text.rstrip()) - 1 or error.msg.startswith("Unterminated string")
        if at_end and text.lstrip().startswith("{"):
            raise WrongUse(f"The ledger {path} is cut short.", "Take it from a backup.") from None
        problem = str(error)
    except (ValueError, RecursionError) as error:  # a number of too many digits, or nested too deep
        problem = str(error)
    raise WrongUse(f"{path} is no ledger: it is not JSON ({problem}).", "Name a file that was saved as a ledger.")


def _checked(path: str | Path, document: Any) -> Ledger:
    version = document.get("ledger") if isinstance(document, dict) else None
    if not isinstance(version, int) or isinstance(version, bool):
        raise WrongUse(f"{path} is JSON, but no ledger.", "Name a file that was saved as a ledger.")
    if version != FORMAT:
        hint = "Update the program." if version > FORMAT else "Check the text again and save it anew."
        raise WrongUse(f"{path} is a ledger of format {version}; this version reads format {FORMAT}.", hint)
    try:
        _Ledger.model_validate(document)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise WrongUse(
            f"The ledger {path} is damaged: {where}: {first['msg'].lower()}.", "Take it from a backup."
        ) from None
    ledger: Ledger = document
    return ledger


# What a replay relies on. More keys are let through: their change shows in the digest.


def _day(text: str) -> str:
    return date.fromisoformat(text).isoformat()


Day = Annotated[str, AfterValidator(_day)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="allow", strict=True)


class _Span(_Part):
    role: str
    claim: int | None
    article_id: str
    start: int = Field(ge=0)
    end: int = Field(ge=0)
    quote: str


class _Article(_Part):
    id: str
    sha256: str
    characters: int = Field(ge=0)
    blocks: str
    title: str | None
    publisher: str | None
    author: str | None
    published: str | None
    url: str | None
    status: str | None


class _Verdict(_Part):
    claim: int | None
    label: str | None


class _Turn(_Part):
    question: str
    answer: str


class _Filters(_Part):
    publisher: str | None
    since: Day | None
    until: Day | None
    as_of: Day | None


class _Ledger(_Part):
    kind: Literal["check", "answer", "quote"]
    created: datetime = Field(strict=False)
    version: str
    text: str
    by: str | None
    article: str | None
    history: list[_Turn]
    filters: _Filters
    settings: dict[str, Any]
    verdicts: list[_Verdict] = Field(min_length=1)
    articles: list[_Article]
    spans: list[_Span]
    provenance: dict[str, Any]
    sha256: str
