"""The most memory a process holds while 10,000 passages are ingested, embedded and indexed.

Batches are embedded one after another and forgotten, so all but the last 500 passages get random rows instead of an
embedding, on both sides; `--full` embeds them all, which takes some ten minutes a side.
"""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks import quickstart
from benchmarks.material import take_chars, write_jsonl
from benchmarks.measuring import Figure, Goal, in_child, peak_mb, stopwatch
from benchmarks.plan import Plan
from benchmarks.stand_in import RandomFirst

PASSAGES, PASSAGES_QUICK = 10_000, 1_000
REALLY_EMBEDDED = 500
CHARS_A_PASSAGE = 1100  # more than any corpus needs; what is too much is cut off by the line


def measure(plan: Plan) -> list[Figure]:
    passages = PASSAGES_QUICK if plan.quick else PASSAGES
    n_random = 0 if plan.full else passages - min(REALLY_EMBEDDED, passages // 4)
    folder = plan.folder("memory")
    path = write_jsonl(take_chars(plan.texts(), passages * CHARS_A_PASSAGE), folder / "articles.jsonl")
    ours = in_child(ingest, path, passages, n_random)
    theirs = in_child(from_documents, path, passages, n_random) if plan.peer else {}
    return [
        Figure(
            f"peak memory, {passages:,} passages",
            ours["peak_mb"],
            "MB",
            Goal("<", 1000),
            theirs.get("peak_mb"),
            quickstart.NAME,
            details={"random rows": n_random, "ours": ours, "peer": theirs},
        )
    ]


def ingest(path: Path, passages: int, n_random: int) -> dict[str, float]:
    from assistant.api import Assistant
    from assistant.embedders import Embedder
    from assistant.ingest import embed_pending

    with TemporaryDirectory(dir=path.parent) as home, Assistant(home) as assistant, stopwatch() as watch:
        assistant.ingest(path, embed=False)
        counts = assistant.counts()
        assistant.open_index()
        beyond = max(0, counts.passages - passages)  # passages more than asked for: embedded at random, if any are
        mostly = RandomFirst(assistant.embedder.embeddings, n_random + beyond if n_random else 0)
        embed_pending(assistant.library, assistant.index, Embedder(mostly, assistant.embedder.fingerprint))
    return {**asdict(watch), "passages": counts.passages, "peak_mb": peak_mb()}


def from_documents(path: Path, passages: int, n_random: int) -> dict[str, float]:
    with TemporaryDirectory(dir=path.parent) as folder, stopwatch() as watch:
        chunks = quickstart.split(path)[:passages]
        quickstart.from_documents(chunks, RandomFirst(quickstart.QuickStartMiniLM(), n_random), Path(folder))
    return {**asdict(watch), "passages": len(chunks), "peak_mb": peak_mb()}
