"""The cases of a report as a table for spreadsheets: RFC 4180, one row a case and run.

A cell that a spreadsheet would take for a formula gets an apostrophe in front (OWASP, CSV Injection). The text has no
byte-order mark; write it as "utf-8-sig" for spreadsheets that guess the encoding.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from typing import Any

from assistant.evaluation.reading import Document, require_report, whole

_FORMULA = tuple("=+-@\t\r\n＝＋－＠")


def cases_csv(document: Document) -> str:
    """Lists are joined with "; "; a score of several numbers, too. Raises WrongUse for what is no report."""
    require_report(document)
    pairs = [(run["name"], case) for run in document["runs"] for case in run["cases"]]
    scores, seconds = (_names(case.get(key) for _, case in pairs) for key in ("scores", "seconds"))
    rows = [_row(name, case, scores, seconds) for name, case in pairs]
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, list(rows[0]) if rows else ["run", "set", "id"])
    writer.writeheader()
    writer.writerows({key: _cell(value) for key, value in row.items()} for row in rows)
    return out.getvalue()


def _row(run: str, case: Mapping[str, Any], scores: list[str], seconds: list[str]) -> dict[str, Any]:
    gold, verdict, choice = case["gold"], case.get("verdict") or {}, case.get("choice") or {}
    row = {
        "run": run,
        **{key: case.get(key) for key in ("set", "id", "question", "claim", "date", "answerable", "tags", "choices")},
        "gold_answers": gold.get("answers"),
        "gold_articles": gold.get("article_ids"),
        "gold_quotes": [span["quote"] for span in gold.get("spans") or ()],
        "gold_label": gold.get("label"),
        "gold_choices": gold.get("choices"),
        **{key: case.get(key) for key in ("right", "lost_at", "answer", "abstained", "confidence", "note")},
        "verdict": verdict.get("label"),
        "verdict_supported": verdict.get("supported"),
        "verdict_refuted": verdict.get("refuted"),
        "choice": choice.get("index"),
        "choice_confidence": choice.get("confidence"),
        "citations": len(case.get("citations") or ()),
        "quotes": [citation["quote"] for citation in case.get("citations") or ()],
        "rejected": len(case.get("rejected") or ()),
        "hit_rank": case.get("hit_rank"),
        "gold_ranks": case.get("gold_ranks"),
    }
    row |= {f"score {name}": (case.get("scores") or {}).get(name) for name in scores}
    row |= {f"seconds {name}": (case.get("seconds") or {}).get(name) for name in seconds}
    row |= {key: (case.get("usage") or {}).get(key) for key in ("input_tokens", "output_tokens")}
    return {**row, "error": case.get("error")}


def _names(mappings: Iterable[Mapping[str, Any] | None]) -> list[str]:
    """Every key of the mappings, in order of first sight."""
    return list(dict.fromkeys(name for mapping in mappings for name in mapping or ()))


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return repr(value)
    text = "; ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
    return f"'{whole(text)}" if text.startswith(_FORMULA) else whole(text)
