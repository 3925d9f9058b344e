"""The library to HTML: its articles as a table, what an ingest or a rebuild does, what stands there while there is nothing.

Pure functions. A button with `data-channel` sends its other data, as a command, to the component of that id (library.js).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

from assistant.library import Counts
from assistant.types import ArticleRow, Failure, IngestReport, Zone
from assistant.ui import markup
from assistant.ui.library_listing import PAGE, Listing

CHANNELS = tuple(f"{name}-commands" for name in ("list", "article", "look", "add", "rebuild"))
LIST_COMMANDS, ARTICLE_COMMANDS, LOOK_COMMANDS, ADD_COMMANDS, REBUILD_COMMANDS = CHANNELS
"""The ids of the components that hear what the buttons say."""
FORMATS = "Text, Markdown, HTML, PDF, JSONL, RSS and Atom"
NAMED, FAILURES_NAMED = 10, 50  # articles of one outcome that a report names: the table has the others, but no failure

MOST_LINKS = 50  # articles of a feed that one press fetches

_COLUMNS = {"title": "Title", "publisher": "Publisher", "date": "Date", "zones": "Zones", "passages": "Passages"}
_SORTED = ("title", "publisher", "date", "passages")
_ZONES = {
    Zone.HEADLINE: ("headline", "headlines"),
    Zone.BYLINE: ("byline", "bylines"),
    Zone.QUOTATION: ("quotation", "quotations"),
    Zone.CAPTION: ("caption", "captions"),
    Zone.CORRECTION: ("correction", "corrections"),
    Zone.COMMENT: ("comment", "comments"),
    Zone.BOILERPLATE: ("not article", "not article"),
}

LOADING = (
    '<div class="ghosts" role="status"><p class="soft">Loading the articles …</p>'
    f"{'<div class=ghost aria-hidden=true></div>' * 6}</div>"
)
EMPTY = (
    '<div class="empty-library"><h2>No articles yet</h2>'
    "<p>The library is all that the assistant knows: it answers and checks with the words of these articles.</p>"
    f"<ol><li><b>Drop files above.</b> {FORMATS}; a file may hold many articles.</li>"
    "<li><b>Or paste a web address</b>, of an article or of a feed.</li>"
    "<li><b>Or look around first</b> with sample articles that were written for this program.</li></ol>"
    f'<button type="button" class="plain" data-channel="{ADD_COMMANDS}" data-do="sample">Add the sample articles</button></div>'
)


# ── above the tabs ────────────────────────────────────────────────────────────────────────────────────────────────────
def library_line(articles: int, passages: int, embedded: int, embeddable: int) -> str:
    """One line on what is searched, and on what share of it by meaning. Comments, for one, are never embedded."""
    if not articles:
        return '<p class="library">No articles yet. Add some under <b>Library</b>.</p>'
    text = f'<span class="counts">{_count(articles, "article")}, {_count(passages, "passage")}.</span>'
    if embedded < embeddable:
        share = 100 * embedded // embeddable
        text += f' <span class="busy">{share} % of passages embedded; answers use word search meanwhile.</span>'
    return f'<p class="library">{text}</p>'


def _number(n: int) -> str:
    return f"{n:,}".replace(",", "\u202f")


def _count(n: int, noun: str) -> str:
    return f"{_number(n)} {noun}{'' if n == 1 else 's'}"


# ── the table ─────────────────────────────────────────────────────────────────────────────────────────────────────────
def articles_table(
    rows: Sequence[ArticleRow],
    listing: Listing,
    *,
    titles: Mapping[str, str],
    zones: Mapping[str, Mapping[Zone, int]],
    of: int,
    embedding: bool,
) -> str:
    """The first `listing.most` of the matching rows, with buttons to sort and to show more; `of` counts all articles.

    `titles` names the articles that a row may be a copy of. `embedding`: vectors are still being made, so that a passage
    without one waits for one.
    """
    if not rows:
        return _nothing_found(of)
    head = "".join(_column_head(name, label, listing) for name, label in _COLUMNS.items())
    shown = rows[: listing.most]
    body = "".join(_article_row(row, titles, zones.get(row.facts.id, {}), embedding) for row in shown)
    found = _count(len(rows), "article") if len(rows) == of else f"{_number(len(rows))} of {_count(of, 'article')}"
    return (
        f'<p class="soft found" role="status">{found}</p>'
        '<table role="table" aria-label="Articles">'
        f'<thead role="rowgroup"><tr role="row">{head}</tr></thead><tbody role="rowgroup">{body}</tbody></table>'
        f"{_more_button(len(rows) - len(shown))}"
    )


def _column_head(name: str, label: str, listing: Listing) -> str:
    if name not in _SORTED:
        return f'<th scope="col" role="columnheader" class="unsorted">{label}</th>'
    order = ("descending" if listing.descending else "ascending") if listing.by == name else ""
    state = f' aria-sort="{order}"' if order else ""
    arrow = {"descending": "↓", "ascending": "↑"}.get(order, "")
    button = (
        f'<button type="button" data-channel="{LIST_COMMANDS}" data-do="sort" data-by="{name}">{label}'
        f'<span class="arrow" aria-hidden="true">{arrow}</span></button>'
    )
    return f'<th scope="col" role="columnheader"{state}>{button}</th>'


def _article_row(row: ArticleRow, titles: Mapping[str, str], zones: Mapping[Zone, int], embedding: bool) -> str:
    facts = row.facts
    cells = (
        ("Title", open_button(facts.id, facts.title, facts.language) + _notes(row, titles)),
        ("Publisher", f'<span dir="auto">{escape(facts.publisher or "unknown")}</span>'),
        ("Date", markup.time_html(facts.published) if facts.published else "unknown"),
        ("Zones", f"<small>{zone_words(zones)}</small>"),
        ("Passages", _passages(row, embedding)),
    )
    html = "".join(f'<td role="cell" data-name="{name}">{cell}</td>' for name, cell in cells)
    return f'<tr role="row"{"" if row.current else " class=older"}>{html}</tr>'


def open_button(article_id: str, title: str | None, language: str | None = None) -> str:
    """The article's title, as a button that opens the preview."""
    return (
        f'<button type="button" class="open" data-channel="{ARTICLE_COMMANDS}" data-do="open" data-id="{escape(article_id)}" '
        f'dir="auto"{markup.lang_html(language)}>{escape(title or "Untitled article")}</button>'
    )


def _notes(row: ArticleRow, titles: Mapping[str, str]) -> str:
    """What tells this article from one that simply stands there: status, versions, what it copies."""
    notes = [label] if (label := markup.status_label(row.facts.status)) else []
    if not row.current:
        notes.append('<span class="tag">Older version</span>')
    if row.versions > 1:
        notes.append(f'<span class="tag">{row.versions} versions</span>')
    if row.duplicate_of:
        title = escape(titles.get(row.duplicate_of, row.duplicate_of[:8]))
        notes.append(f'<span class="tag" dir="auto">Copy of “{title}”</span>')
    return f'<div class="tags">{" ".join(notes)}</div>' if notes else ""


def _passages(row: ArticleRow, embedding: bool) -> str:
    if not row.current:
        return '<span title="A version that was replaced is kept for its citations and searched no more">none</span>'
    waiting = embedding and row.embedded < row.passages
    unit = f'<span class="unit"> passage{"" if row.passages == 1 else "s"}</span>'
    return f"{row.passages}{unit}" + (f" <small>{row.embedded} embedded</small>" if waiting else "")


def zone_words(zones: Mapping[Zone, int]) -> str:
    """What there is beside the reporting itself: "headline, 4 quotations, 2 comments"."""
    told = [(n, *_ZONES[zone]) for zone, n in zones.items() if zone in _ZONES]
    return ", ".join(one if n == 1 or one == many else f"{n} {many}" for n, one, many in told) or "body only"


def _more_button(hidden: int) -> str:
    if not hidden:
        return ""
    label = f"Show {min(hidden, PAGE)} more of {_number(hidden)}" if hidden > PAGE else f"Show the last {hidden}"
    return f'<button type="button" class="plain more" data-channel="{LIST_COMMANDS}" data-do="more">{label}</button>'


def _nothing_found(of: int) -> str:
    if not of:
        return EMPTY
    show_all = f'data-channel="{LIST_COMMANDS}" data-do="all"'
    return (
        f'<div class="empty-table" role="status"><p>None of {_count(of, "article")} fits these words and filters.</p>'
        f'<button type="button" class="plain" {show_all}>Show all articles</button></div>'
    )


# ── adding ────────────────────────────────────────────────────────────────────────────────────────────────────────────
def reading_html(name: str, done: int, of: int, articles: int) -> str:
    """What is read just now, after `done` sources; `articles` have come out of it already."""
    at = f" ({done + 1} of {of})" if of > 1 else ""
    so_far = f", {_count(articles, 'article')} so far" if articles else ""
    bar = f'value="{done}" max="{of}"' if of > 1 else ""
    return (
        f'<div class="reading"><p role="status">Reading <b dir="auto">{escape(name)}</b>{at}{so_far} …</p>'
        f'<progress {bar} aria-label="Reading"></progress></div>'
    )


def report_html(
    report: IngestReport,
    rows: Mapping[str, ArticleRow],
    *,
    origins: Mapping[str, str] | None = None,
    links: int = 0,
) -> str:
    """What an ingest did, each article by its title, openable.

    `origins` names the file or address that an article came from, where that is worth saying. `links`: how many articles
    can be fetched that a feed only summed up, MOST_LINKS of them at once.
    """
    origins = origins or {}
    outcomes = (
        ("Added", report.added, ""),
        ("New version of", report.replaced, "the earlier text is kept for what cites it"),
        ("Other facts of", report.updated, "same text, another title, date or status"),
        ("Already here", report.unchanged, "the same text; nothing changed"),
    )
    parts = [
        _outcome(label, why, [_reported(i, rows, origins.get(i)) for i in ids[:NAMED]], len(ids))
        for label, ids, why in outcomes
    ]
    below = ""
    if report.failed:
        items = _outcome("Not added", "", [_failure(one) for one in report.failed[:FAILURES_NAMED]], len(report.failed))
        below = f'<div class="error" role="alert">{items}{_fetch_button(links)}</div>'
    elif links:  # left over from an earlier report
        below = f"<p>{_fetch_button(links)}</p>"
    done = "".join(parts) or ("" if below else "<p>Nothing was given.</p>")
    return f'<div class="report" role="status">{done}</div>{below}'


def _fetch_button(links: int) -> str:
    """The articles that failed because a feed only summed them up, and those that were left at an earlier press."""
    words = f"Fetch the {_count(links, 'linked article')}"
    if links > MOST_LINKS:
        words = f"Fetch {MOST_LINKS} of the {_number(links)} linked articles"
    elif links == 1:
        words = "Fetch the linked article"
    return (
        f'<button type="button" class="plain" data-channel="{ADD_COMMANDS}" data-do="links">{words}</button>'
        if links
        else ""
    )


def _outcome(label: str, why: str, items: Sequence[str], count: int) -> str:
    if not count:
        return ""
    rest = f"<li>and {_number(count - len(items))} more</li>" if count > len(items) else ""
    note = f' <small class="soft">{why}</small>' if why else ""
    return f"<h4>{label}: {_number(count)}{note}</h4><ul>{''.join(f'<li>{item}</li>' for item in items)}{rest}</ul>"


def _reported(article_id: str, rows: Mapping[str, ArticleRow], origin: str | None) -> str:
    row = rows.get(article_id)
    if row is None:  # removed meanwhile
        return escape(article_id[:8])
    told = [f'from <span dir="auto">{escape(origin)}</span>'] if origin else []
    told.append(_count(row.passages, "passage"))
    if row.duplicate_of and (original := rows.get(row.duplicate_of)):
        title = escape(original.facts.title or "an untitled article")
        told.append(f'nearly repeats “<span dir="auto">{title}</span>”; the two count as one source')
    return (
        f'{open_button(article_id, row.facts.title, row.facts.language)} <small class="soft">{", ".join(told)}</small>'
    )


def _failure(failure: Failure) -> str:
    return f'<b dir="auto">{escape(failure.source)}</b>: {escape(failure.reason)}'


# ── rebuilding ────────────────────────────────────────────────────────────────────────────────────────────────────────
def upkeep_html(counts: Counts) -> str:
    """What a rebuild is and the button that asks for one; nothing for an empty library."""
    if not counts.articles:
        return ""
    passages = _count(counts.passages, "passage")
    data = f'data-channel="{REBUILD_COMMANDS}" data-do="rebuild"'
    return (
        '<section class="upkeep" aria-labelledby="upkeep-title"><h2 class="part" id="upkeep-title">Search indexes</h2>'
        "<p>Made from the stored articles, and made again from them when a search misses what is there.</p>"
        '<button type="button" class="plain" data-dialog="rebuild-dialog">Rebuild the indexes …</button>'
        '<dialog id="rebuild-dialog" aria-labelledby="rebuild-title"><h2 id="rebuild-title">Rebuild the indexes?</h2>'
        f"<p>The word index and the vector index of {passages} are made again from the library. Articles, their offsets and "
        "their vectors stay as they are; nothing is embedded again.</p><p>Meanwhile questions are answered by word search.</p>"
        f"{_dialog_buttons('Rebuild', data, 'sure')}</dialog></section>"
    )


def removal_dialog(article_id: str, title: str | None, earlier: int) -> str:
    """Asks before an article is removed with its `earlier` versions."""
    named = f'“<span dir="auto">{escape(title or "Untitled article")}</span>”'
    versions = f" with its {_count(earlier, 'earlier version')}" if earlier else ""
    data = f'data-channel="{ARTICLE_COMMANDS}" data-do="remove" data-id="{escape(article_id)}"'
    return (
        '<dialog id="removal-dialog" aria-labelledby="removal-title">'
        f'<h2 id="removal-title">Remove {named}?</h2>'
        f"<p>The article leaves the library{versions}. No new answer or check can rest on it; those that were given keep the "
        "words they quote.</p><p><b>This cannot be undone.</b> To have the article back, add it again.</p>"
        f"{_dialog_buttons('Remove for good', data, 'danger')}</dialog>"
    )


def _dialog_buttons(label: str, data: str, kind: str) -> str:
    return (
        '<div class="choices"><button type="button" class="plain" data-dismiss>Cancel</button>'
        f'<button type="button" class="{kind}" {data}>{label}</button></div>'
    )


def rebuilding_html(counts: Counts, seconds: int, embedded: int) -> str:
    made = f", {_count(embedded, 'vector')} that were missing made" if embedded else ""
    return (
        f'<div class="reading"><p role="status">Rebuilding the indexes of {_count(counts.passages, "passage")}{made} … '
        f'<span aria-hidden="true">{seconds} s</span></p><progress aria-label="Rebuilding"></progress></div>'
    )


def rebuilt_html(counts: Counts, seconds: float) -> str:
    return (
        f'<div class="report" role="status"><p>Rebuilt in {seconds:.1f} s: {_count(counts.articles, "article")}, '
        f"{_count(counts.passages, 'passage')}, {_number(counts.embedded)} of them embedded.</p></div>"
    )
