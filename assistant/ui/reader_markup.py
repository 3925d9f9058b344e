"""Cited articles to HTML: each whole, in its zones, the cited words marked.

Pure functions. The text is written so that removing the tags and unescaping gives `Article.text` back.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from itertools import pairwise

from assistant.types import Answer, Article, CheckedStatement, Citation, Section, Span, Zone
from assistant.ui import markup
from assistant.ui.answer_markup import found_words
from assistant.ui.states import SUPPORT_WORDS, Support, worst

NOTHING_KNOWN: Mapping[int, Support] = {}
_NEWLINES = re.compile(r"\n+")

EMPTY_READER = (
    '<div class="empty"><h2>The sources stand here</h2><p>Ask a question. Each article that the answer quotes '
    "opens on this side, whole, with the quoted words marked. A click on <b>[1]</b> leads to them.</p></div>"
)


READER_BAR = (
    '<div class="reader-bar" role="toolbar" aria-label="Citations">'
    '<button type="button" data-back>← Back to the answer</button>'
    '<span class="steps"><button type="button" data-step="-1" aria-label="Previous citation" data-tip="Previous citation: '
    'key ←">‹</button> <span data-at role="status">Citations</span> '
    '<button type="button" data-step="1" aria-label="Next citation" data-tip="Next citation: key →">›</button></span>'
    '<span class="judge" role="group" aria-label="Your judgement of this citation" hidden>'
    '<button type="button" data-judge="good" data-tip="These words answer the question.">Good</button>'
    '<button type="button" data-judge="wrong_span" data-tip="These words are not the ones to cite.">Wrong span</button>'
    '<button type="button" data-judge="not_supported" data-tip="The words don’t bear out what the answer says.">'
    "Not supported</button></span></div>"
)
"""Steps from citation to citation and takes a reader's judgement of the present one; reader.js fills it."""


def pane_html(answer: Answer, articles: Mapping[str, Article], turn: int) -> str:
    """The sources of one turn: a list of the cited articles, then each article whole, all but the first hidden.

    `articles` holds the cited articles by id; one that has left the library meanwhile is named, and its quotes shown.
    """
    cited: dict[str, list[Citation]] = {}
    for citation in {one.marker: one for one in answer.citations}.values():  # several statements may rest on one place
        cited.setdefault(citation.span.article_id, []).append(citation)
    not_found = _not_found(answer)
    whose = f'<p class="whose">Of an earlier question: <q dir="auto">{escape(answer.question)}</q></p>'
    if not cited:
        return f"{whose}{not_found}" if not_found else ""
    support = _support(answer)
    entries, bodies = [], []
    for n, (article_id, citations) in enumerate(cited.items(), start=1):
        element = f"art-{turn}-{n}"
        entries.append(_source_entry(citations, element, current=n == 1))
        article = articles.get(article_id)
        body = article_html(article, citations, turn, support) if article else _missing_article(citations, turn)
        bodies.append(f'<article id="{element}"{"" if n == 1 else " hidden"}>{body}</article>')
    count = f"{len(cited)} cited article{'s' if len(cited) > 1 else ''}"
    return (
        f'{whose}<nav class="sources" aria-label="{count}"><h2>{count}</h2><ol>{"".join(entries)}</ol>{not_found}</nav>'
        f"{''.join(bodies)}"
    )


def _support(answer: Answer) -> dict[int, Support]:
    """By marker: how far the cited words carry what rests on them, the worst where several statements do."""
    resting: dict[int, list[CheckedStatement]] = {}
    for citation in answer.citations:
        resting.setdefault(citation.marker, []).extend(
            one for one in answer.statements if one.start <= citation.answer_start and citation.answer_end <= one.end
        )
    return {marker: found for marker, statements in resting.items() if (found := worst(statements))}


def _not_found(answer: Answer) -> str:
    """Quotations without a place in the articles, beside those that have one."""
    many = len(answer.rejected)
    words = f"{many} quotation{'s' if many > 1 else ''} not found in the articles, and not shown as a source"
    return f'<p class="not-found">{words}</p>' if many else ""


def reader_html(panes: Sequence[tuple[int, str]]) -> str:
    """Every turn's pane, the newest with sources open. All stay in the page: a click on an old [n] needs no request.

    A pane of another turn than the last says whose it is (reader.css).
    """
    filled = [(turn, pane) for turn, pane in panes if pane]
    if not filled:
        return EMPTY_READER
    newest, last = filled[-1][0], panes[-1][0]
    return READER_BAR + "".join(
        f'<section class="pane{"" if turn == last else " earlier"}" data-turn="{turn}"'
        f"{'' if turn == newest else ' hidden'}>{pane}</section>"
        for turn, pane in filled
    )


def article_html(
    article: Article, citations: Iterable[Citation], turn: int, support: Mapping[int, Support] = NOTHING_KNOWN
) -> str:
    """Title, facts and the whole text with a mark for each citation, drawn by its `support` (by marker)."""
    return _heading_html(article) + text_html(article, citations, turn, support)


@dataclass(frozen=True, slots=True)
class MarkedSpan:
    """A stretch of an article that is marked for another reason than a citation."""

    span: Span
    id: str
    kind: str
    """The mark's CSS classes."""
    word: str
    """What is said of it beside its colour."""


def marked_article_html(article: Article, marks: Iterable[MarkedSpan]) -> str:
    """Like `article_html`, for other marks than those of citations."""
    ranges = [
        _Range(
            one.span.start,
            one.span.end,
            2,
            "mark",
            f' class="{one.kind}" data-src="{one.id}"',
            f' id="{one.id}" tabindex="-1" data-word="{escape(one.word)}"',
        )
        for one in marks
    ]
    return _heading_html(article) + _zoned_html(article, ranges)


def _heading_html(article: Article) -> str:
    facts = [escape(article.publisher or "publisher unknown"), markup.time_html(article.published)]
    facts += [f"by {escape(article.author)}"] if article.author else []
    facts += [link] if (link := markup.web_link(article.url, "original")) else []
    title = escape(article.title or "Untitled article")
    heading = "" if _headline(article) else f'<h2 dir="auto"{markup.lang_html(article.language)}>{title}</h2>'
    return f'<header>{markup.status_label(article.status)}<p class="facts">{" · ".join(facts)}</p>{heading}</header>'


def text_html(
    article: Article, citations: Iterable[Citation], turn: int, support: Mapping[int, Support] = NOTHING_KNOWN
) -> str:
    """The article's text in zones, cited spans in `<mark id="src-<turn>-<n>">`.

    A mark's textContent is its quote. Where two cited spans overlap without nesting, the later one is split: its first
    piece has the id, and all its pieces carry `data-src` with that id, so that together they give the quote.
    """
    return _zoned_html(article, [_mark_range(citation, turn, support.get(citation.marker)) for citation in citations])


def _zoned_html(article: Article, marks: Sequence[_Range]) -> str:
    headline = _headline(article)
    ranges = [_zone_range(section, is_title=section is headline) for section in article.sections]
    text = "".join(_nest(article.text, _laminar([*marks, *ranges])))
    return f'<div class="text" dir="auto"{markup.lang_html(article.language)}>{text}</div>'


@dataclass(frozen=True, slots=True)
class _Range:
    """An element around text[start:end]. `depth` decides which of two equal ranges is outside."""

    start: int
    end: int
    depth: int
    tag: str
    attributes: str
    first: str = field(default="")
    """Attributes of the first piece only: ids must not repeat."""


def _headline(article: Article) -> Section | None:
    """The headline that opens the text, when there is one: it is then the title, which isn't said twice."""
    first = article.sections[0] if article.sections else None
    return first if first and first.zone is Zone.HEADLINE and not article.text[: first.span.start].strip() else None


def _zone_range(section: Section, is_title: bool) -> _Range:
    words = markup.ZONE_WORDS.get(section.zone)
    label = f' data-label="{escape(words)}" title="{escape(words)}"' if words else ""
    first = ' role="heading" aria-level="2"' if is_title else ""
    attributes = f' class="zone zone-{section.zone}"{label}'
    return _Range(section.span.start, section.span.end, int(section.zone is Zone.QUOTATION), "span", attributes, first)


def _mark_range(citation: Citation, turn: int, support: Support | None) -> _Range:
    target = markup.source_id(turn, citation.marker)
    drawn = f"src state-{support}" if support else "src"
    said = "" if support in (None, Support.VERIFIED) else f' data-word="{SUPPORT_WORDS[support]}"'
    found = f' data-found="{markup.attribute(found_words(citation))}"'
    first = f' id="{target}" data-n="{citation.marker}"{said}{found} tabindex="0"'
    return _Range(citation.span.start, citation.span.end, 2, "mark", f' class="{drawn}" data-src="{target}"', first)


def _laminar(ranges: Sequence[_Range]) -> list[_Range]:
    """The ranges, cut so that any two are disjoint or nested. Earlier ones in the sequence are cut last."""
    kept: list[_Range] = []
    for new in ranges:
        cuts = {new.start, new.end}
        for old in kept:
            if old.start < new.start < old.end < new.end:
                cuts.add(old.end)
            if new.start < old.start < new.end < old.end:
                cuts.add(old.start)
        points = sorted(cuts)
        for i, (start, end) in enumerate(pairwise(points)):
            kept.append(_Range(start, end, new.depth, new.tag, new.attributes, "" if i else new.first))
    return kept


def _nest(text: str, ranges: Iterable[_Range]) -> Iterable[str]:
    open_ranges: list[_Range] = []
    at = 0
    for new in sorted(ranges, key=lambda r: (r.start, -r.end, r.depth)):
        while open_ranges and open_ranges[-1].end <= new.start:
            yield _escaped(text[at : open_ranges[-1].end])
            at = open_ranges[-1].end
            yield f"</{open_ranges.pop().tag}>"
        yield _escaped(text[at : new.start])
        at = new.start
        yield f"<{new.tag}{new.attributes}{new.first}>"
        open_ranges.append(new)
    while open_ranges:
        yield _escaped(text[at : open_ranges[-1].end])
        at = open_ranges[-1].end
        yield f"</{open_ranges.pop().tag}>"
    yield _escaped(text[at:])


def _escaped(text: str) -> str:
    # A run of line ends is an element of its own, so that paragraphs get one even distance, inside marks as well.
    return _NEWLINES.sub(lambda run: f'<span class="br">{run[0]}</span>', escape(text))


def _source_entry(citations: Sequence[Citation], element: str, current: bool) -> str:
    facts = citations[0].article
    numbers = "".join(f"<b>{c.marker}</b>" for c in citations)
    return (
        f'<li><a href="#{element}"{" aria-current=true" if current else ""}><span class="numbers">{numbers}</span>'
        f'<span class="entry"><span class="title" dir="auto">{escape(facts.title or "Untitled article")}</span>'
        f'<span class="facts">{escape(facts.publisher or "publisher unknown")} · {markup.time_html(facts.published)} '
        f"{markup.status_label(facts.status)}</span></span></a></li>"
    )


def _missing_article(citations: Sequence[Citation], turn: int) -> str:
    quotes = "".join(
        f'<blockquote><mark class="src" id="{markup.source_id(turn, c.marker)}" data-n="{c.marker}" tabindex="-1" '
        f'dir="auto">{escape(c.quote)}</mark></blockquote>'
        for c in citations
    )
    return f'<p class="note">This article is no longer in the library. It was quoted with these words:</p>{quotes}'
