"""Articles embedded, from the file to vectors on disk and in the index: article characters per CPU second.

Both sides read the same JSONL file, split it their way, embed with the same weights and fill a Chroma on disk; the
assistant stores text, words and vectors in its library besides. Counted are characters of articles, not of passages, so
that more overlap is no merit.
"""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks import quickstart
from benchmarks.material import take_chars, write_jsonl
from benchmarks.measuring import Figure, Goal, in_child, side_by_side, stopwatch
from benchmarks.plan import Plan

CHARS, CHARS_QUICK = 200_000, 50_000


def measure(plan: Plan) -> list[Figure]:
    articles = take_chars(plan.texts(), CHARS_QUICK if plan.quick else CHARS)
    path = write_jsonl(articles, plan.folder("embedding") / "articles.jsonl")
    ours, theirs = side_by_side(
        plan.repeats, lambda: in_child(ingest, path), (lambda: in_child(from_documents, path)) if plan.peer else None
    )
    chars = sum(len(article.text) for article in articles)
    return [
        Figure(
            "embedding",
            chars / ours["cpu_s"],
            "characters / CPU s",
            Goal(">=", 1.4, of="ratio"),
            chars / theirs["cpu_s"] if theirs else None,
            quickstart.NAME,
            more_is_better=True,
            details={"articles": len(articles), "characters": chars, "ours": ours, "peer": theirs},
        )
    ]


def ingest(path: Path) -> dict[str, float]:
    from assistant.api import Assistant

    with TemporaryDirectory(dir=path.parent) as home, Assistant(home) as assistant:
        assistant.embedder.embed_question("What is loaded once?")
        with stopwatch() as watch:
            report = assistant.ingest(path)
    return {**asdict(watch), "passages": report.embedded}


def from_documents(path: Path) -> dict[str, float]:
    embeddings = quickstart.QuickStartMiniLM()
    embeddings.embed_query("What is loaded once?")
    with TemporaryDirectory(dir=path.parent) as folder, stopwatch() as watch:
        chunks = quickstart.split(path)
        quickstart.from_documents(chunks, embeddings, Path(folder))
    return {**asdict(watch), "passages": len(chunks)}
