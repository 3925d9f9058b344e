"""One system in a process of its own: index the articles, search every question twice, say what it took.

The first pass hides articles later than the question, the second hides nothing; only the first is timed. The process
refuses every connection that leaves this machine.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Any

from benchmarks.measuring import in_child, peak_mb, percentile, stopwatch
from benchmarks.peers.systems import SYSTEMS, Piece, Place, System

# Frameworks that report usage, and libraries that would ask a hub: told so before they are imported.
QUIET = {
    "HAYSTACK_TELEMETRY_ENABLED": "False",
    "ANONYMIZED_TELEMETRY": "False",
    "LANGSMITH_TRACING": "false",
    "HF_HUB_OFFLINE": "1",
}
WARM_UP = ("Who opened the bridge in the capital?", "What did the minister say?", "How many people came to the match?")

Asked = tuple[str, date | None]
"""A question and the day it is asked on."""


@dataclass(frozen=True, slots=True)
class Measured:
    """What one system found and took. Index seconds are those of a run that computes every vector itself."""

    dated: tuple[tuple[Piece, ...], ...]
    """A question's pieces, in the order asked."""
    undated: tuple[tuple[Piece, ...], ...]
    chunks: int
    index_cpu_s: float
    index_wall_s: float
    query_p50_ms: float
    query_p95_ms: float
    query_cpu_p50_ms: float
    peak_mb: float
    embedded: int
    """Texts embedded in this run."""
    remembered: int
    """Texts whose vectors, with their seconds, come from an earlier run."""
    versions: dict[str, str]


def measure(
    name: str, articles: Path, plain: Path, folder: Path, memory: Path | None, asked: Sequence[Asked]
) -> Measured:
    """`Measured` from a fresh process. Raises what the system raises, or that its process died."""
    os.environ.update(QUIET)
    return in_child(_measure, name, articles, plain, folder, memory, asked)


def _measure(
    name: str, articles: Path, plain: Path, folder: Path, memory: Path | None, asked: Sequence[Asked]
) -> Measured:
    sys.addaudithook(_stay_on_this_machine)
    from benchmarks.peers.embedding import CachedMiniLM, VectorMemory

    entry = next(entry for entry in SYSTEMS if entry.name == name)
    embeddings = CachedMiniLM(VectorMemory(memory))
    if entry.embeds:
        embeddings.warm_up()
    system = entry.make(Place(articles, plain, folder, embeddings))
    with stopwatch() as index:
        chunks = system.index()
    dated, times = _search_all(system, asked)
    undated, _ = _search_all(system, [(question, None) for question, _ in asked])
    peak = peak_mb()
    embeddings.memory.close()
    return Measured(
        dated=dated,
        undated=undated,
        chunks=chunks,
        index_cpu_s=index.cpu_s + embeddings.remembered.cpu_s,
        index_wall_s=index.wall_s + embeddings.remembered.wall_s,
        **times,
        peak_mb=peak,
        embedded=embeddings.n_embedded,
        remembered=embeddings.n_remembered,
        versions={package: version(package) for package in entry.packages},
    )


def _search_all(system: System, asked: Sequence[Asked]) -> tuple[tuple[tuple[Piece, ...], ...], dict[str, float]]:
    for question in WARM_UP:
        system.search(question, asked[0][1])
    found: list[tuple[Piece, ...]] = []
    wall: list[float] = []
    cpu: list[float] = []
    for question, as_of in asked:
        began, cpu_began = time.perf_counter(), time.process_time()
        pieces = system.search(question, as_of)
        wall.append(1000 * (time.perf_counter() - began))
        cpu.append(1000 * (time.process_time() - cpu_began))
        found.append(tuple(pieces))
    return tuple(found), {
        "query_p50_ms": percentile(wall, 0.5),
        "query_p95_ms": percentile(wall, 0.95),
        "query_cpu_p50_ms": percentile(cpu, 0.5),
    }


def _stay_on_this_machine(event: str, arguments: tuple[Any, ...]) -> None:
    """Raises OSError when a framework looks for another machine."""
    if event == "socket.getaddrinfo":
        host = arguments[0]
    elif event == "socket.connect" and isinstance(arguments[1], tuple):
        host = arguments[1][0]
    else:
        return
    if not str(host).startswith(("127.", "::1", "localhost")):
        raise OSError(f"The comparison runs without a network; somebody asked for {host}.")
