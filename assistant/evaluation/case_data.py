"""The cases of a report to what the page's script reads: each passage and each article once, safe inside a <script>.

{"stages": {stage: words}, "articles": [[article_id, source_id, title, publisher, published]],
 "passages": [[article, start, end, text]], "runs": [{"name", "rows": [place in the document's run], "cases": [CASE]}]}
A CASE is the document's, but its hits are [rank, passage, gold, score, parts] and its citations name articles by index.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from typing import Any

from assistant.evaluation.reading import STAGES, Document

_FACTS = ("article_id", "source_id", "title", "publisher", "published")
_UNSAFE = re.compile("[<>&\u2028\u2029\ud800-\udfff]")


def case_data(document: Document, most_cases: int | None = None) -> dict[str, Any]:
    """Of each run at most so many cases, failures before the others."""
    tables = _Tables()
    runs = []
    for run in document["runs"]:
        rows = sorted(sorted(range(len(run["cases"])), key=lambda row: not _failed(run["cases"][row]))[:most_cases])
        runs.append({"name": run["name"], "rows": rows, "cases": [tables.case(run["cases"][row]) for row in rows]})
    return {"stages": STAGES, "articles": tables.articles, "passages": tables.passages, "runs": runs}


def _failed(case: Mapping[str, Any]) -> bool:
    return bool(case.get("error")) or case.get("right") is False


def script_json(value: Any) -> str:
    """JSON that ends no <script> and that UTF-8 can hold; numbers that JSON lacks become null."""
    try:
        text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    except ValueError:
        text = json.dumps(_finite(value), ensure_ascii=False, separators=(",", ":"))
    return _UNSAFE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


class _Tables:
    """Articles and passages, numbered as they come."""

    def __init__(self) -> None:
        self.articles: list[list[Any]] = []
        self.passages: list[list[Any]] = []
        self._article_at: dict[tuple[Any, ...], int] = {}
        self._passage_at: dict[tuple[Any, ...], int] = {}

    def case(self, case: Mapping[str, Any]) -> dict[str, Any]:
        return {
            **case,
            "citations": [self._citation(citation) for citation in case.get("citations") or ()],
            "rejected": [self._citation(citation) for citation in case.get("rejected") or ()],
            "hits": [self._hit(hit) for hit in case.get("hits") or ()],
        }

    def _citation(self, citation: Mapping[str, Any]) -> dict[str, Any]:
        rest = {key: value for key, value in citation.items() if key not in _FACTS}
        return {**rest, "article": self._article(citation)}

    def _hit(self, hit: Mapping[str, Any]) -> list[Any]:
        article = self._article(hit)
        passage = (article, hit.get("start"), hit.get("end"), hit.get("text", ""))
        at = self._passage_at.setdefault(passage, len(self.passages))
        if at == len(self.passages):
            self.passages.append(list(passage))
        return [hit["rank"], at, hit.get("gold"), hit.get("score"), hit.get("parts") or {}]

    def _article(self, facts: Mapping[str, Any]) -> int:
        row = tuple(facts.get(key) for key in _FACTS)
        at = self._article_at.setdefault(row, len(self.articles))
        if at == len(self.articles):
            self.articles.append(list(row))
        return at


def _finite(value: Any) -> Any:
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {key: _finite(item) for key, item in value.items()}
    return [_finite(item) for item in value] if isinstance(value, list | tuple) else value
