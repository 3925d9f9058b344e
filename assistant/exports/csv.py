"""A checked text to a table for spreadsheets: RFC 4180, one row a claim and piece of evidence; a claim without any has one row.

A cell that a spreadsheet would take for a formula gets an apostrophe in front (OWASP, CSV Injection). Write the text as
"utf-8-sig", for spreadsheets that guess the encoding.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from typing import Any

from assistant.exports import Exporter
from assistant.exports._words import printable
from assistant.exports.json import check_document
from assistant.types import Article, FactCheck

SUFFIX = ".csv"
MEDIA_TYPE = "text/csv"

COLUMNS = (
    "claim claim_text claim_start claim_end kind resolved verdict confidence why independent_sources missing "
    "evidence stance quote decides score zone attribution notes source differences "
    "publisher title published status url article_id start end beside opinion opinion_why opinion_model"
).split()
_FORMULA = tuple("=+-@＝＋－＠")

Row = dict[str, Any]


def make() -> Exporter:
    return Exporter(export, SUFFIX, MEDIA_TYPE, encoding="utf-8-sig")


def export(check: FactCheck, articles: Mapping[str, Article]) -> str:
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, COLUMNS, restval="")
    writer.writeheader()
    for number, claim in enumerate(check_document(check, articles)["claims"], start=1):
        for row in _rows(number, claim):
            writer.writerow({key: _cell(value) for key, value in row.items()})
    return out.getvalue()


def _rows(number: int, claim: Mapping[str, Any]) -> Iterator[Row]:
    verdict, opinion = claim["verdict"] or {}, claim["opinion"] or {}
    about = {
        "claim": number,
        **{f"claim_{key}": claim[key] for key in ("text", "start", "end")},
        **{key: claim[key] for key in ("kind", "resolved", "missing")},
        "verdict": verdict.get("label"),
        **{key: verdict.get(key) for key in ("confidence", "why", "independent_sources")},
        "opinion": opinion.get("label"),
        **{f"opinion_{key}": opinion.get(key) for key in ("why", "model")},
    }
    for at, evidence in enumerate(claim["evidence"], start=1):
        yield about | _evidence(at, evidence, claim["differences"])
    if not claim["evidence"]:
        yield about | {"differences": [_said(difference) for difference in claim["differences"]]}


def _evidence(at: int, evidence: Mapping[str, Any], claim_differences: list[Row]) -> Row:
    place = (evidence["article_id"], evidence["start"], evidence["end"])
    differences = [*evidence["differences"], *(one for one in claim_differences if _lies_in(one, *place))]
    row = {key: evidence[key] for key in COLUMNS if key in evidence}
    return row | {
        "evidence": at,
        "beside": (evidence["beside"] or {}).get("quote"),
        "differences": list(dict.fromkeys(map(_said, differences))),
    }


def _lies_in(difference: Row, article_id: str, start: int, end: int) -> bool:
    inside: bool = start <= difference["source_start"] and difference["source_end"] <= end
    return inside and article_id == str(difference["article_id"])


def _said(difference: Row) -> str:
    return f"{difference['kind']}: “{difference['in_claim']}” / “{difference['in_source']}”"


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return repr(value)
    text = printable("; ".join(map(str, value)) if isinstance(value, list | tuple) else value)
    return f"'{text}" if text.startswith(("\t", "\n")) or text.lstrip().startswith(_FORMULA) else text
