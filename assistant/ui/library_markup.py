"""The library to HTML: its articles, what an ingest did. Pure functions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

from assistant.types import ArticleRow, IngestReport
from assistant.ui import markup


def library_line(articles: int, passages: int, embedded: int, embeddable: int) -> str:
    """One line on what is searched, and on what share of it by meaning. Comments, for one, are never embedded."""
    if not articles:
        return '<p class="library">No articles yet. Add some under <b>Library</b>.</p>'
    many = "" if articles == 1 else "s"
    text = f'<span class="counts">{_number(articles)} article{many}, {_number(passages)} passages.</span>'
    if embedded < embeddable:
        share = 100 * embedded // embeddable
        text += f' <span class="busy">{share} % of passages embedded; answers use word search meanwhile.</span>'
    return f'<p class="library">{text}</p>'


def _number(n: int) -> str:
    return f"{n:,}".replace(",", "\u202f")


def articles_table(rows: Sequence[ArticleRow], *, embedding: bool, limit: int = 300) -> str:
    """The library as a table of at most `limit` rows; how many more there are is said below it.

    `embedding`: vectors are still being made, so that a passage without one is a passage that waits for one.
    """
    if not rows:
        return '<p class="empty-table">No article here. Add files or an address above, or change the search.</p>'
    titles = {row.facts.id: row.facts.title or "untitled" for row in rows}
    head = "".join(
        f'<th scope="col">{name}</th>' for name in ("Title", "Publisher", "Date", "Status", "Passages", "Embedded")
    )
    body = "".join(_article_row(row, titles, embedding) for row in rows[:limit])
    more = f'<p class="note">{_number(len(rows) - limit)} more. Search to find them.</p>' if len(rows) > limit else ""
    return f'<div class="scroll"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>{more}'


def _article_row(row: ArticleRow, titles: Mapping[str, str], embedding: bool) -> str:
    facts = row.facts
    notes = []
    if row.duplicate_of:
        notes.append(f"copy of “{titles.get(row.duplicate_of, row.duplicate_of[:8])}”")
    if row.versions > 1:
        notes.append(f"version {row.versions}")
    if not row.current:
        notes.append("replaced")
    waiting = embedding and row.embedded < row.passages
    note = f"<br><small>{escape(', '.join(notes))}</small>" if notes else ""
    cells = (
        (
            "Title",
            f'<span dir="auto"{markup.lang_html(facts.language)}>{escape(facts.title or "Untitled article")}</span>{note}',
        ),
        ("Publisher", escape(facts.publisher or "unknown")),
        ("Date", markup.time_html(facts.published) if facts.published else "unknown"),
        ("Status", markup.status_label(facts.status) or "current"),
        ("Passages", f"{row.passages}"),
        ("Embedded", f"{row.embedded} of {row.passages}" if waiting else "yes"),
    )
    return "<tr>" + "".join(f'<td data-name="{name}">{html}</td>' for name, html in cells) + "</tr>"


def report_html(report: IngestReport, names: Mapping[str, str] | None = None) -> str:
    """What an ingest did. `names` maps article ids to titles, and the paths of uploaded files to their own names."""
    names = names or {}
    parts = []
    for label, ids in (
        ("Added", report.added),
        ("Already here", report.unchanged),
        ("New version of", report.replaced),
        ("Other facts of", report.updated),
    ):
        items = "".join(f'<li dir="auto">{escape(names.get(i, i[:8]))}</li>' for i in ids[:50])
        items += f"<li>and {len(ids) - 50} more</li>" if len(ids) > 50 else ""
        parts.append(f"<h4>{label}: {len(ids)}</h4><ul>{items}</ul>" if ids else "")
    if report.failed:
        items = "".join(
            f'<li><b dir="auto">{escape(names.get(f.source, f.source))}</b>: {escape(f.reason)}</li>'
            for f in report.failed[:50]
        )
        items += f"<li>and {len(report.failed) - 50} more</li>" if len(report.failed) > 50 else ""
        parts.append(f'<div class="error" role="alert"><h4>Not added: {len(report.failed)}</h4><ul>{items}</ul></div>')
    return f'<div class="report" role="status">{"".join(parts) or "<p>Nothing was given.</p>"}</div>'
