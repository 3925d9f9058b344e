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
CHARS_A_PASSAGE = 800  # enough for both ways of splitting


def measure(plan: Plan) -> list[Figure]:
    passages = PASSAGES_QUICK if plan.quick else PASSAGES
    embedded = None if plan.full else REALLY_EMBEDDED
    folder = plan.folder("memory")
    path = write_jsonl(take_chars(plan.texts(), passages * CHARS_A_PASSAGE), folder / "articles.jsonl")
    ours = in_child(ingest, path, embedded)
    theirs = in_child(from_documents, path, embedded) if plan.peer else {}
    return [
        Figure(
            f"peak memory, {passages:,} passages",
            ours["peak_mb"],
            "MB",
            Goal("<", 1000),
            theirs.get("peak_mb"),
            quickstart.NAME,
            details={"ours": ours, "peer": theirs},
        )
    ]


def ingest(path: Path, embedded: int | None) -> dict[str, float]:
    from assistant.api import Assistant
    from assistant.embedders import Embedder
    from assistant.ingest import embed_pending

    with TemporaryDirectory(dir=path.parent) as home, Assistant(home) as assistant, stopwatch() as watch:
        assistant.ingest(path, embed=False)
        n = assistant.counts().embeddable
        assistant.open_index()
        mostly = RandomFirst(assistant.embedder.embeddings, _all_but(embedded, n))
        embed_pending(assistant.library, assistant.index, Embedder(mostly, assistant.embedder.fingerprint))
    return {**asdict(watch), "passages": n, "peak_mb": peak_mb()}


def from_documents(path: Path, embedded: int | None) -> dict[str, float]:
    with TemporaryDirectory(dir=path.parent) as folder, stopwatch() as watch:
        chunks = quickstart.split(path)
        quickstart.from_documents(
            chunks, RandomFirst(quickstart.QuickStartMiniLM(), _all_but(embedded, len(chunks))), Path(folder)
        )
    return {**asdict(watch), "passages": len(chunks), "peak_mb": peak_mb()}


def _all_but(embedded: int | None, n: int) -> int:
    """How many of n texts get a random row; None embeds all."""
    return 0 if embedded is None else max(0, n - embedded)
