"""From articles in a file to passages that can be searched by their words: passages per CPU second, without embedding.

Beside it: the quick start's splitter and a bm25s index over its chunks, which stays in memory, knows no zones, dates or
near-duplicates, and is made anew when an article comes. What a process loads once (vocabularies, the language detector)
is not counted on either side.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks import quickstart
from benchmarks.material import take_chars, write_jsonl
from benchmarks.measuring import Figure, Goal, in_child, side_by_side, stopwatch
from benchmarks.plan import Plan

CHARS, CHARS_QUICK = 5_000_000, 500_000


def measure(plan: Plan) -> list[Figure]:
    folder = plan.folder("text")
    articles = take_chars(plan.texts(), CHARS_QUICK if plan.quick else CHARS)
    path = write_jsonl(articles, folder / "articles.jsonl")
    ours, theirs = side_by_side(
        plan.repeats, lambda: in_child(ingest, path), (lambda: in_child(split_and_index, path)) if plan.peer else None
    )
    chars = sum(len(article.text) for article in articles)
    details = {"articles": len(articles), "characters": chars, "ours": ours, "peer": theirs}
    return [
        Figure(
            "text searchable",
            ours["passages"] / ours["cpu_s"],
            "passages / CPU s",
            Goal(">=", 500),
            theirs["passages"] / theirs["cpu_s"] if theirs else None,
            "LangChain splitter + bm25s in memory",
            more_is_better=True,
            details=details,
        )
    ]


def ingest(path: Path) -> dict[str, float]:
    """What `ingest_texts` takes for the file, in a fresh library."""
    from assistant.ingest import ingest_texts
    from assistant.library import Library
    from assistant.settings import PassageSettings

    with TemporaryDirectory(dir=path.parent) as home:
        library = Library(Path(home))
        ingest_texts(library, [_first_line(path, Path(home))], PassageSettings())
        with stopwatch() as watch:
            report = ingest_texts(library, [path], PassageSettings())
        library.close()
    return {**asdict(watch), "passages": report.passages, "failed": len(report.failed)}


def split_and_index(path: Path) -> dict[str, float]:
    with TemporaryDirectory(dir=path.parent) as folder:
        quickstart.index_words(quickstart.split(_first_line(path, Path(folder))))
    with stopwatch() as watch:
        chunks = quickstart.split(path)
        quickstart.index_words(chunks)
    return {**asdict(watch), "passages": len(chunks)}


def _first_line(path: Path, folder: Path) -> Path:
    """A file with the first article under another id, to load what is loaded once."""
    with path.open(encoding="utf-8") as file:
        record = json.loads(file.readline())
    warm_up = folder / "warm-up.jsonl"
    record |= {"id": "warm-up", "text": record["text"] + "\n\nThe end."}
    warm_up.write_text(json.dumps(record) + "\n", encoding="utf-8")
    return warm_up
