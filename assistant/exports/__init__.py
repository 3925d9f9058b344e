"""The exports' shelf: a checked text to a document that somebody keeps, sends or publishes. One file, one format.

An export module has `SUFFIX` (".html"), `MEDIA_TYPE`, `def export(check, articles) -> str`, and `def make() -> Exporter`, by
which the registry finds it. `articles` holds the articles that the evidence comes from, by id; one that is not there costs the
words around its quotation, nothing else. Whatever the texts hold, the document keeps its structure: no text becomes markup.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from assistant.errors import WrongUse
from assistant.exports._words import further_words, is_checked, opinion_words, text_word
from assistant.registry import find, names
from assistant.types import Article, FactCheck

Export = Callable[[FactCheck, Mapping[str, Article]], str]


@dataclass(frozen=True, slots=True)
class Exporter:
    """A format: how its document is made, and how a file of it is called."""

    export: Export
    suffix: str
    """With the dot. No two exports share one."""
    media_type: str
    encoding: str = "utf-8"
    """What a file of it is written in; "utf-8-sig" where readers guess."""


def load_exporter(name: str) -> Exporter:
    """The export of that name. Raises UnknownName."""
    exporter: Exporter = find("exports", name)()
    return exporter


def exporter_of(path: str | Path) -> Exporter:
    """The export whose files end like this one. Raises WrongUse with the endings that are known."""
    known = {exporter.suffix: exporter for exporter in map(load_exporter, names("exports"))}
    suffix = Path(path).suffix.lower()
    if suffix not in known:
        raise WrongUse(f"{str(path)!r} ends like no export.", f"Known endings: {', '.join(sorted(known))}.")
    return known[suffix]


__all__ = [
    "Export",
    "Exporter",
    "exporter_of",
    "further_words",
    "is_checked",
    "load_exporter",
    "opinion_words",
    "text_word",
]
