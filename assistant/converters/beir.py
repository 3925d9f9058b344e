"""A BEIR folder to cases and articles: corpus.jsonl, queries.jsonl, qrels/*.tsv.

The judgements are those of qrels/test.tsv, else dev.tsv, else train.tsv, else the only file there; the path of one of these
files instead of the folder chooses it. A query without judgements in it is not part of the set. Grades are as published, those
below 0 are 0. Thakur et al., BEIR, NeurIPS 2021, https://github.com/beir-cellar/beir.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from assistant.cases import EvalCase
from assistant.converters._case import best_first
from assistant.converters._fields import BadRow, case_id, text
from assistant.converters._rows import Row, json_lines, read_bytes, read_cases
from assistant.errors import WrongUse
from assistant.types import Failure

_SPLITS = ("test", "dev", "train")
Judgements = dict[str, dict[str, int]]
"""Grades by query, then by article."""


def make() -> Beir:
    return Beir()


class Beir:
    def accepts(self, path: Path) -> bool:
        root = _root(path)
        return (root / "corpus.jsonl").is_file() and (root / "queries.jsonl").is_file()

    def cases(self, path: Path) -> Iterator[EvalCase | Failure]:
        root = _root(path)
        qrels = path if path.suffix == ".tsv" else _qrels_file(root)
        grades: Judgements = {}
        yield from _read_qrels(qrels, grades)
        asked: set[str] = set()
        for case in read_cases(root / "queries.jsonl", json_lines(root / "queries.jsonl"), _query):
            if isinstance(case, Failure):
                yield case
            elif case.id in grades:
                asked.add(case.id)
                yield _judged(case, grades[case.id], root.name)
        for name in grades.keys() - asked:
            yield Failure(f"{qrels.name}:{name}", "is judged, but queries.jsonl has no such query")

    def articles(self, path: Path) -> Iterator[Mapping[str, Any]]:
        """A line that is none comes as a row without text: whoever stores them reports it."""
        seen: set[str] = set()
        for row in json_lines(_root(path) / "corpus.jsonl"):
            fields = {"_id": row.source} if isinstance(row, Failure) else row.value
            name = str(fields.get("_id"))
            if name not in seen:
                seen.add(name)
                yield {"id": name, "title": fields.get("title"), "text": fields.get("text")}


def _root(path: Path) -> Path:
    return path.parent.parent if path.suffix == ".tsv" and path.parent.name == "qrels" else path


def _qrels_file(root: Path) -> Path:
    found = {file.stem: file for file in sorted((root / "qrels").glob("*.tsv"))}
    split = next((name for name in _SPLITS if name in found), None)
    if split is None and len(found) == 1:
        split = next(iter(found))
    if split is None:
        raise WrongUse(
            f"{root} has no qrels/test.tsv, dev.tsv or train.tsv.",
            "Name one of its files: " + ", ".join(map(str, found.values())) if found else "Add the judgements there.",
        )
    return found[split]


def _read_qrels(path: Path, grades: Judgements) -> Iterator[Failure]:
    """Fills `grades`; lines that are no judgement come back. The first line may be the header."""
    for number, line in enumerate(read_bytes(path).decode("utf-8-sig", "replace").split("\n"), 1):
        if not line.strip() or (number == 1 and not line.strip()[-1].isdigit()):
            continue
        try:
            query, article, score = line.strip().split("\t")
            grades.setdefault(query, {})[article] = max(0, int(float(score)))
        except (ValueError, OverflowError):
            yield Failure(f"{path.name}:{number}", "is no `query-id`, `corpus-id`, `score` with tabs between")


def _query(row: Row) -> EvalCase:
    if row.value.get("_id") is None:
        raise BadRow("has no `_id`")
    return EvalCase(id=case_id(row.value, "", "_id"), question=text(row.value, "text"))


def _judged(case: EvalCase, grades: dict[str, int], dataset: str) -> EvalCase:
    gold = tuple(best_first(grades))
    return EvalCase(
        id=case.id,
        question=case.question,
        answerable=bool(gold),
        gold_article_ids=gold,
        grades=grades,
        dataset=dataset,
    )
