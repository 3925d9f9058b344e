"""A report document to the three files that people open: JSON, HTML and CSV, side by side."""

from __future__ import annotations

from pathlib import Path

from assistant.evaluation.csv_report import cases_csv
from assistant.evaluation.html_report import html_page
from assistant.evaluation.reading import Document
from assistant.evaluation.report import write_json, write_text


def write_report(document: Document, target: Path) -> list[Path]:
    """The JSON at `target`, the others beside it. Raises WrongUse when a file can't be written."""
    page, table = target.with_suffix(".html"), target.with_suffix(".csv")
    write_json(document, target)
    write_text(html_page(document), page)
    write_text(cases_csv(document), table, encoding="utf-8-sig")  # spreadsheets want the mark
    return [target, page, table]
