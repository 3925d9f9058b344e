"""A report document to HTML that needs nothing else: figures and charts written here, cases drawn by report.js.

The page's policy allows its own script and style by their hashes and nothing besides, no request and no innerHTML. All
that comes from the document is escaped; the cases travel as JSON, see case_data.py.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

from assistant.evaluation.case_data import case_data, script_json
from assistant.evaluation.html_report._cases import cases_section
from assistant.evaluation.html_report._charts import charts_sections
from assistant.evaluation.html_report._comparison import comparison_section
from assistant.evaluation.html_report._figures import figures_section
from assistant.evaluation.html_report._heading import heading, set_names
from assistant.evaluation.html_report._markup import Run, safe
from assistant.evaluation.html_report._parts import parts_section
from assistant.evaluation.html_report._settings import settings_section
from assistant.evaluation.reading import Document, require_report, whole

HERE = Path(__file__).resolve().parent


def html_page(document: Document) -> str:
    """The whole page. Raises WrongUse for what is no report document."""
    require_report(document)
    style, script = ((HERE / name).read_text("utf-8") for name in ("report.css", "report.js"))
    script += "showReport(document.body, location.hash);\n"
    runs: Sequence[Run] = document["runs"]
    data = case_data(document)
    return whole(
        f'<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_policy(script, style)}">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<meta name="referrer" content="no-referrer">\n<meta name="color-scheme" content="light dark">\n'
        f"<title>Evaluation: {safe(', '.join(set_names(runs)))}, {safe(document.get('made'))}</title>\n"
        f"<style>{style}</style>\n</head>\n<body>\n{heading(document)}<main>{_sections(document, data)}</main>\n"
        f'<script type="application/json" id="data">{script_json(data)}</script>\n<script>{script}</script>\n</body>\n</html>\n'
    )


def html_part(document: Document, most_cases: int) -> str:
    """The report as a part of another page, which brings report.css under `.report` and calls `showReport` of report.js.

    Of each run at most `most_cases` can be opened, failures first. Raises WrongUse for what is no report document.
    """
    require_report(document)
    data = case_data(document, most_cases)
    sections = f'<div class="sections">{_sections(document, data)}</div>'
    carried = f'<pre id="data" hidden>{script_json(data)}</pre>'
    return whole(f'<div class="report">{heading(document, "h2")}{sections}{carried}</div>')


def _sections(document: Document, data: Mapping[str, Any]) -> str:
    runs: Sequence[Run] = document["runs"]
    comparison = comparison_section(document, [run["rows"] for run in data["runs"]])
    sections = (figures_section(runs), charts_sections(runs), comparison, parts_section(runs))
    return "".join((*sections, cases_section(runs), settings_section(document)))


def _policy(script: str, style: str) -> str:
    """`trusted-types 'none'`: not even the page's own script could write markup."""
    script_hash, style_hash = (b64encode(sha256(text.encode()).digest()).decode() for text in (script, style))
    return (
        f"default-src 'none'; script-src 'sha256-{script_hash}'; style-src 'sha256-{style_hash}'; "
        "base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
    )
