"""Paths and URLs to documents, and documents to articles: what `ingest` is given to what a library stores.

A source that can't be read is a Failure with its reason, never an exception, so that the others go on.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from importlib import import_module
from pathlib import Path, PurePosixPath
from types import ModuleType
from urllib.parse import urlsplit

from assistant.errors import UnreadableArticle
from assistant.fetch import fetch, shown
from assistant.loaders import Loader, RawDocument
from assistant.registry import find, names
from assistant.types import Article, Failure

MAX_BYTES = 50_000_000
MAX_LINES_BYTES = 1_000_000_000  # a JSONL file holds many articles
_LINES = "jsonl"
_QUESTIONS = "questions"  # a folder of that name holds question sets
_SILENT_TYPES = frozenset(
    {None, "", "text/plain", "application/octet-stream", "binary/octet-stream", "application/xml", "text/xml"}
)


# --- Sources to documents ---------------------------------------------------------------------------------------------


def read_sources(sources: Iterable[str | Path], *, allow_private: bool = False) -> Iterator[RawDocument | Failure]:
    """Each file, the files of each folder, and each http(s) URL, read one at a time as they are asked for.

    A folder gives its files of known endings in order of path, subfolders included, but no hidden ones, no README.md
    and no `questions/`. `allow_private` lets URLs lead into private networks.
    """
    for source in sources:
        if is_url(str(source)):
            yield _read_url(str(source), allow_private)
        else:
            yield from map(_read_file, _files(Path(source).expanduser()))


def is_url(source: str) -> bool:
    return re.match(r"[a-z][a-z0-9+.-]+://", source, re.IGNORECASE) is not None


def _files(path: Path) -> Iterator[Path]:
    if not path.is_dir():
        yield path
        return
    found = False
    for folder, subfolders, files in os.walk(path):
        subfolders[:] = sorted(name for name in subfolders if not name.startswith(".") and name != _QUESTIONS)
        for name in sorted(files):
            if not name.startswith(".") and name.lower() != "readme.md" and _by_suffix(name):
                found = True
                yield Path(folder, name)
    if not found:
        yield path  # reading it says why nothing came of it


def _read_url(url: str, allow_private: bool) -> RawDocument | Failure:
    try:
        return fetch(url, allow_private=allow_private)
    except UnreadableArticle as error:
        return Failure(shown(url), str(error))


def _read_file(path: Path) -> RawDocument | Failure:
    source = str(path)
    try:
        if path.is_dir():
            return Failure(source, f"The folder holds no file that can be read; {_supported()}")
        if path.exists() and not path.is_file():
            return Failure(source, "It is neither a file nor a folder.")
        reason = _too_large(path.name, path.stat().st_size)
        return Failure(source, reason) if reason else RawDocument(source, path.read_bytes())
    except FileNotFoundError:
        return Failure(source, "There is no such file or folder.")
    except (OSError, ValueError) as error:
        return Failure(source, f"It can't be read: {getattr(error, 'strerror', None) or error}.")


def _too_large(name: str, size: int) -> str | None:
    limit = MAX_LINES_BYTES if _by_suffix(name) == _LINES else MAX_BYTES
    return f"It is {size / 1e6:.0f} MB; the limit is {limit // 1_000_000} MB." if size > limit else None


# --- Documents to articles --------------------------------------------------------------------------------------------


def load(raw: RawDocument) -> Iterator[Article | Failure]:
    """The articles of one document, by the loader for its media type, its ending or its first bytes."""
    try:
        reason = _too_large(raw.source, len(raw.data))
        if reason:
            raise UnreadableArticle(reason)
        if not raw.data or raw.data.isspace():
            raise UnreadableArticle("It is empty.")
        yield from _loader_for(raw).load(raw)
    except UnreadableArticle as error:
        yield Failure(raw.source, str(error))


def _loader_for(raw: RawDocument) -> Loader:
    name = loader_name(raw)
    if name is None:
        what = f" of type {raw.media_type}" if raw.media_type else ""
        raise UnreadableArticle(f"It is a file{what} that no loader knows; {_supported()}")
    loader: Loader = find("loaders", name)()
    return loader


def loader_name(raw: RawDocument) -> str | None:
    """The loader that fits, or None. Media types that servers give to anything count last."""
    ending = PurePosixPath(urlsplit(raw.url).path).name if raw.url else raw.source
    specific = _media_types().get(raw.media_type or "") if raw.media_type not in _SILENT_TYPES else None
    if raw.media_type not in _SILENT_TYPES and not specific:
        return None
    return specific or _by_suffix(ending) or _sniffed(raw.data[:2048]) or _media_types().get(raw.media_type or "")


def _by_suffix(name: str) -> str | None:
    return _suffixes().get(os.path.splitext(name)[1].lower())


def _sniffed(head: bytes) -> str | None:
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith(b"%pdf-"):
        return "pdf"
    if start.startswith((b"<rss", b"<feed")) or (
        start.startswith(b"<?xml") and re.search(rb"<(?:rss|feed|rdf:rdf)\b", start)
    ):
        return "feed"
    if start.startswith((b"<!doctype html", b"<html")) or (start.startswith(b"<?xml") and b"<html" in start):
        return "html"
    return _LINES if re.match(rb"\{[ \t]*\"[^\"\n]*\"[ \t]*:", start) else None


def _supported() -> str:
    return f"known endings: {', '.join(_suffixes())}."


@lru_cache
def _modules() -> Mapping[str, ModuleType]:
    return {name: import_module(find("loaders", name).__module__) for name in names("loaders")}


@lru_cache
def _suffixes() -> Mapping[str, str]:
    return {suffix: name for name, module in _modules().items() for suffix in module.SUFFIXES}


@lru_cache
def _media_types() -> Mapping[str, str]:
    return {media_type: name for name, module in _modules().items() for media_type in module.MEDIA_TYPES}
