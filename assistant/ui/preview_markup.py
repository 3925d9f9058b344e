"""One article of the library to HTML: its facts, versions and copies, and the whole text with its zones told apart.

Pure functions. A zone is told by colour, by the line beside or under it, and in words.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape

from assistant.languages import language_name
from assistant.types import Article, ArticleRow, Zone
from assistant.ui import markup
from assistant.ui.library_markup import open_button, removal_dialog
from assistant.ui.reader_markup import text_html

_BAR = '<div class="sheet-bar"><button type="button" data-close>← Back to the library</button>{}</div>'
OPENING = (
    f'<div class="sheet opening">{_BAR.format("")}<div class="ghosts" role="status"><p class="soft">Opening the article …</p>'
    f"{'<div class=ghost aria-hidden=true></div>' * 4}</div></div>"
)
_ZONE_WORDS = {Zone.BODY: "the paper’s own reporting", **markup.ZONE_WORDS}


@dataclass(frozen=True, slots=True)
class Preview:
    """What is known of one article when it is opened."""

    article: Article
    versions: Sequence[Article]
    """The one in force first, then the latest first; `article` is one of them."""
    row: ArticleRow
    """Of the version in force."""
    original: ArticleRow | None = None
    """What it nearly repeats."""
    copies: Sequence[ArticleRow] = ()
    """What nearly repeats it."""


def preview_html(preview: Preview) -> str:
    """The sheet beside the table. Its heading takes the focus, `data-id` says what is open."""
    article = preview.article
    in_force = preview.versions[0]
    remove = '<button type="button" class="remove" data-dialog="removal-dialog">Remove …</button>'
    title = escape(article.title or "Untitled article")
    heading = f'<h2 tabindex="-1" dir="auto"{markup.lang_html(article.language)}>{title}</h2>'
    return (
        f'<section class="sheet" data-id="{escape(article.id)}" aria-label="The article">{_BAR.format(remove)}'
        f"<header>{markup.status_label(article.status)}{heading}{_byline(article)}</header>"
        f"{_warnings(preview)}{_about(preview)}{_legend(article)}"
        f'<div class="zoned">{text_html(article, (), 0)}</div>'
        f"{removal_dialog(in_force.id, in_force.title, len(preview.versions) - 1)}</section>"
    )


def gone_html() -> str:
    return _message(
        "This article is no longer in the library",
        "It was removed meanwhile, in another window or by a command. Answers that quote it keep the quoted words.",
        "alert",
    )


def removed_html(title: str | None, versions: int) -> str:
    what = f"with all its {versions} versions " if versions > 1 else ""
    return _message("Removed", f"“{title or 'Untitled article'}” has left the library {what}for good.", "status")


def _message(heading: str, text: str, role: str) -> str:
    return (
        f'<section class="sheet message" data-id="" aria-label="The article">{_BAR.format("")}'
        f'<div role="{role}"><h2 tabindex="-1">{escape(heading)}</h2><p dir="auto">{escape(text)}</p></div></section>'
    )


def _byline(article: Article) -> str:
    told = [
        f'<span dir="auto">{escape(article.publisher or "publisher unknown")}</span>',
        markup.time_html(article.published),
    ]
    told += [f'by <span dir="auto">{escape(article.author)}</span>'] if article.author else []
    told += [link] if (link := markup.web_link(article.url, "original")) else []
    return f'<p class="facts">{" · ".join(told)}</p>'


def _warnings(preview: Preview) -> str:
    """What changes how the text below is to be read."""
    told = []
    if preview.article.id != preview.versions[0].id:
        newest = open_button(preview.versions[0].id, "the version in force")
        told.append(
            f"A later version replaced this text. It is kept for what cites it and searched no more: open {newest}."
        )
    if preview.original:
        facts = preview.original.facts
        original = f"{open_button(facts.id, facts.title, facts.language)} ({escape(markup.publisher_and_date(facts))})"
        told.append(f"This text nearly repeats {original}. The two count as one source.")
    return "".join(f'<p class="notice">{one}</p>' for one in told)


def _about(preview: Preview) -> str:
    """Facts in pairs, then the versions and the copies as lists of what can be opened."""
    article, row = preview.article, preview.row
    embedded = f", {row.embedded} embedded" if row.embedded < row.passages else ""
    facts = (
        ("In the library since", _moment(article.retrieved)),
        ("Language", escape(language_name(article.language) if article.language else "unknown")),
        ("Passages", "none, replaced" if article.id != row.facts.id else f"{row.passages}{embedded}"),
        ("Id at its source", escape(", ".join(row.source_ids))),
        ("Id", f"<code>{escape(article.id[:12])}</code>"),
    )
    pairs = "".join(f"<div><dt>{name}</dt><dd>{value}</dd></div>" for name, value in facts if value)
    return f'<dl class="about">{pairs}</dl>{_versions(preview)}{_copies(preview.copies)}'


def _versions(preview: Preview) -> str:
    if len(preview.versions) == 1:
        return ""
    of = len(preview.versions)
    items = "".join(
        f"<li>{_version(one, of - n, 'replaced' if n else 'in force', shown=one.id == preview.article.id)}</li>"
        for n, one in enumerate(preview.versions)
    )
    return f'<section class="others"><h3>{of} versions</h3><ol>{items}</ol></section>'


def _version(version: Article, number: int, state: str, shown: bool) -> str:
    name = f"Version {number}"
    what = f"<b>{name}</b>, shown here" if shown else open_button(version.id, name)
    dates = f"published {markup.time_html(version.published)}, added {_moment(version.retrieved)}"
    return f'{what} <small class="soft">{state} · {dates}</small>'


def _copies(copies: Sequence[ArticleRow]) -> str:
    if not copies:
        return ""
    items = "".join(
        f"<li>{open_button(row.facts.id, row.facts.title, row.facts.language)} "
        f'<small class="soft">{escape(markup.publisher_and_date(row.facts))}</small></li>'
        for row in copies
    )
    heading = "1 copy of this text" if len(copies) == 1 else f"{len(copies)} copies of this text"
    return f'<section class="others"><h3>{heading}</h3><ul>{items}</ul></section>'


def _legend(article: Article) -> str:
    """The zones that this text has, each with its look, its words and how often."""
    counts = Counter(section.zone for section in article.sections)
    items = "".join(
        f'<li><span class="swatch swatch-{zone}" aria-hidden="true"></span>{escape(words)}'
        f"{f' <b>× {counts[zone]}</b>' if counts[zone] > 1 and zone is not Zone.BODY else ''}</li>"
        for zone, words in _ordered(counts)
    )
    return (
        f'<section class="legend" aria-label="Zones of this text"><h3>Zones</h3><ul>{items}</ul></section>'
        if items
        else ""
    )


def _ordered(counts: Iterable[Zone]) -> Iterable[tuple[Zone, str]]:
    return ((zone, _ZONE_WORDS[zone]) for zone in Zone if zone in set(counts))


def _moment(value: datetime | None) -> str:
    return f'<time datetime="{value.isoformat()}">{_moment_words(value)}</time>' if value else ""


def _moment_words(value: datetime | None) -> str:
    return (
        f"{markup.day(value.date())}, {value:%H:%M}{' UTC' if value.tzinfo else ''}" if value else "at an unknown time"
    )
