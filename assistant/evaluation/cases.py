"""A question set's file or folder to cases: the converters' shelf says which format it is and reads it."""

from __future__ import annotations

import codecs
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from assistant import registry
from assistant.cases import EvalCase, GoldSpan
from assistant.converters import Converter
from assistant.decoding import refuse_binary
from assistant.errors import UnreadableArticle, WrongUse
from assistant.types import Failure

_PROBED_BYTES = 1 << 16
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


@dataclass(frozen=True, slots=True)
class CaseSet:
    """A question set as it was read."""

    name: str
    """The file's name without its ending, or the folder's; the dataset of cases whose format names none."""
    path: Path
    format: str
    """The converter that read it."""
    cases: tuple[EvalCase, ...]
    """In file order, ids unique."""
    failures: tuple[Failure, ...]
    """What is no case, and why."""
    articles: Callable[[], Iterator[Mapping[str, Any]]] | None = None
    """The texts that the set brings along, rows of the JSONL loader; None when its articles come from elsewhere."""


def load_cases(path: str | Path, format: str | None = None) -> CaseSet:
    """Read a set in the named format, or in the one that it looks like.

    Raises WrongUse for what can't be read or is in no known format, UnknownName for a format that is none.
    """
    path = Path(path)
    converter = _converter(format) if format else None
    _refuse_unreadable(path)
    if format is None or converter is None:
        format, converter = _recognise(path)
    cases: list[EvalCase] = []
    failures: list[Failure] = []
    for found in converter.cases(path):
        if isinstance(found, Failure):
            failures.append(found)
        else:
            cases.append(found)
    name = path.name if path.is_dir() else path.stem
    return CaseSet(
        name, path, format, tuple(_told_apart(_by_group(cases), name)), tuple(failures), _articles(converter, path)
    )


def _recognise(path: Path) -> tuple[str, Converter]:
    formats = _formats()
    for name in formats:
        converter = _converter(name)
        if converter.accepts(path):
            return name, converter
    what = "folder" if path.is_dir() else "file"
    raise WrongUse(
        f"The {what} {path} is no question set in a format that is read here.",
        f"Formats: {', '.join(sorted(formats))}; docs/question-sets.md shows each. Name one with --format.",
    )


def _converter(name: str) -> Converter:
    return registry.find("converters", name)()  # type: ignore[no-any-return]


def _formats() -> list[str]:
    """`own` has the last word: it takes any JSONL."""
    return sorted(registry.names("converters"), key=lambda name: (name == "own", name))


def _refuse_unreadable(path: Path) -> None:
    if path.is_dir():
        return
    try:
        with path.open("rb") as file:
            head = file.read(_PROBED_BYTES)
    except OSError as error:
        raise WrongUse(
            f"The question set {path} can't be read: {error.strerror or error}.",
            "Give a file that holds a question set.",
        ) from None
    if not head.removeprefix(codecs.BOM_UTF8).strip():
        raise WrongUse(f"The question set {path} is empty.", "Put one question a line into it.")
    if head.startswith(_UTF_16):
        raise WrongUse(f"The question set {path} is UTF-16.", "Save it as UTF-8.")
    if head.startswith(b"PAR1"):
        raise WrongUse(f"The question set {path} is a Parquet file.", "Export it as JSONL, one row a line.")
    try:
        refuse_binary(head)
    except UnreadableArticle as error:
        raise WrongUse(f"The question set {path} can't be read: {error}", "Export it as JSONL or CSV.") from None


def _by_group(cases: Iterable[EvalCase]) -> list[EvalCase]:
    """The cases, those of one group that make the same claim as one with the evidence of all, where the first stood."""
    found: dict[object, EvalCase] = {}
    for case in cases:
        key = (case.dataset, case.group, case.claim, case.label) if case.group and case.claim else object()
        known = found.get(key)
        found[key] = _joined(known, case) if known else case
    return list(found.values())


def _joined(one: EvalCase, other: EvalCase) -> EvalCase:
    """The first case with the evidence of both; places in the other's evidence move behind the first one's."""
    moved = tuple(place + len(one.evidence) for place in other.gold_evidence)
    return replace(one, evidence=one.evidence + other.evidence, gold_evidence=one.gold_evidence + moved)


def _told_apart(cases: Iterable[EvalCase], name: str) -> Iterator[EvalCase]:
    """Every case with its dataset; an id that a converter repeats gets the case's place in the set."""
    taken: set[str] = set()
    for number, case in enumerate(cases, 1):
        id = f"{case.id}#{number}" if case.id in taken else case.id
        taken.add(id)
        yield replace(case, id=id, dataset=case.dataset or name)


def _articles(converter: Converter, path: Path) -> Callable[[], Iterator[Mapping[str, Any]]] | None:
    brings_any = next(iter(converter.articles(path)), None) is not None
    return partial(converter.articles, path) if brings_any else None


__all__ = ["CaseSet", "EvalCase", "GoldSpan", "load_cases"]
