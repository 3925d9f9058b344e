"""Inputs to a library that can be searched: the text at once, the vectors after it.

The first stage stores each article with its passages and words in one transaction, and reports failures without stopping.
The second embeds what has no vector yet, the beginnings of articles first; it can be interrupted anywhere and goes on
where it stopped.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from assistant.chunking import split_article
from assistant.duplicates import minhash
from assistant.embedders import Embedder
from assistant.index import Index
from assistant.library import Library
from assistant.settings import PassageSettings
from assistant.sources import load, read_sources
from assistant.types import Article, Failure, IngestProgress, IngestReport, Passage

Progress = Callable[[IngestProgress], None]

LOOK_AHEAD = 16  # batches that are put in order at a time, which takes 50 ms at 30,000 passages
EMBED_BATCH = 64  # passages a transaction: about 2 CPU seconds, the most that an interruption loses


def ingest_texts(
    library: Library,
    sources: Iterable[str | Path],
    passage_settings: PassageSettings,
    progress: Progress | None = None,
    *,
    allow_private: bool = True,
) -> IngestReport:
    """Store every article of the sources. `allow_private`: whether URLs may lead to this machine or its network."""
    started = time.perf_counter()
    outcomes: dict[str, list[str]] = {"added": [], "unchanged": [], "replaced": [], "updated": []}
    failed: list[Failure] = []
    n_passages = 0
    library.hold()
    for done, (source, article) in enumerate(_articles(sources, allow_private), start=1):
        if isinstance(article, Failure):
            failed.append(article)
        else:
            outcome, passages = _store(library, article, passage_settings)
            outcomes[outcome].append(article.id)
            n_passages += passages
        if progress:
            progress(IngestProgress("text", done, None, source))
    return IngestReport(
        added=tuple(outcomes["added"]),
        unchanged=tuple(outcomes["unchanged"]),
        updated=tuple(outcomes["updated"]),
        replaced=tuple(outcomes["replaced"]),
        failed=tuple(failed),
        passages=n_passages,
        seconds=time.perf_counter() - started,
    )


def _articles(sources: Iterable[str | Path], allow_private: bool) -> Iterator[tuple[str, Article | Failure]]:
    for raw in read_sources(sources, allow_private=allow_private):
        if isinstance(raw, Failure):
            yield raw.source, raw
        else:
            for article in load(raw):
                yield raw.source, article


def _store(library: Library, article: Article, settings: PassageSettings) -> tuple[str, int]:
    """What storing it meant for the library, and how many passages came in."""
    if library.is_current(article):
        return "updated" if library.update_facts(article) else "unchanged", 0
    passages = split_article(article, settings)
    outcome = library.add(article, passages, minhash(article.text)).outcome
    return outcome, 0 if outcome == "unchanged" else len(passages)


def embed_pending(
    library: Library,
    index: Index,
    embedder: Embedder,
    progress: Progress | None = None,
    stop: threading.Event | None = None,
) -> int:
    """Give every passage without a vector one, in the library first and then in the index; returns how many."""
    library.hold()
    library.require_embedder(embedder.fingerprint)
    counts = library.counts()
    done, total, started = 0, counts.embeddable - counts.embedded, time.perf_counter()
    for passages in _pending(library):
        if stop and stop.is_set():
            break
        ids = [passage.id for passage in passages]
        vectors = embedder.embed_passages([passage.text for passage in passages])
        library.add_vectors(embedder.fingerprint, ids, vectors)
        if index.is_open:
            index.upsert(ids, vectors)
        done += len(passages)
        total = max(total, done)
        if progress:
            remaining = (time.perf_counter() - started) / done * (total - done)
            progress(IngestProgress("embed", done, total, remaining_s=remaining))
    return done


def _pending(library: Library) -> Iterator[list[Passage]]:
    """What needs a vector in batches, until nothing does; now and then it is looked up what has come first meanwhile."""
    while passages := library.unembedded(LOOK_AHEAD * EMBED_BATCH):
        for start in range(0, len(passages), EMBED_BATCH):
            yield passages[start : start + EMBED_BATCH]
