"""Answers and articles to HTML strings: conversation with numbered links, reader with marks, library.

Pure functions. Every string that comes from an article, a model or a person is escaped here and nowhere else. The
reader's article text is written so that removing the tags and unescaping gives `Article.text` back.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from html import escape
from itertools import groupby, pairwise
from urllib.parse import urlsplit

from assistant.bill import Priced, bill_words, sum_words
from assistant.render import STATE_WORDS, finding_words, state_reason
from assistant.types import (
    Answer,
    Article,
    ArticleFacts,
    ArticleRow,
    CheckedStatement,
    Citation,
    CitedEvent,
    Difference,
    IngestReport,
    Match,
    Section,
    StatementState,
    Status,
    Zone,
)

_STATUS_WORDS = {
    Status.CORRECTED: "Corrected by its publisher",
    Status.RETRACTED: "Retracted by its publisher",
    Status.SATIRE: "Satire, not reporting",
}
_ZONE_WORDS = {
    Zone.HEADLINE: "headline",
    Zone.BYLINE: "byline",
    Zone.QUOTATION: "quoted speech",
    Zone.CAPTION: "picture caption",
    Zone.CORRECTION: "the publisher's correction",
    Zone.COMMENT: "a reader's comment, not reporting",
    Zone.BOILERPLATE: "not part of the article",
}
_MARKERS = re.compile(r"(?:[ \u00a0]?\[\d+\])+")
_LEAD = re.compile(r"(?:\w[^:.!?“”\"]{0,50}: )?")  # what an answer may put in front of words that it quotes
_NEWLINES = re.compile(r"\n+")
_NOT_LOOKED_UP = (
    '<span class="cite pending" role="img" aria-label="source not yet looked up" title="not yet looked up">[·]</span>'
)


# ── small pieces ──────────────────────────────────────────────────────────────────────────────────────────────────────
def publisher_and_date(facts: ArticleFacts | Article) -> str:
    """ "Lake County Observer, 20 January 2026"; what is not known is said to be unknown. Not escaped."""
    return f"{facts.publisher or 'publisher unknown'}, {day(facts.published)}"


def day(value: date | None) -> str:
    return f"{value.day} {value:%B %Y}" if value else "date unknown"


def status_label(status: Status) -> str:
    """Nothing for a current article: only what changes a reader's trust is worth a label."""
    words = _STATUS_WORDS.get(status)
    return f'<strong class="status status-{status}">{escape(words)}</strong>' if words else ""


def web_link(url: str | None, text: str) -> str:
    """A link to the publisher, or nothing unless the address is http(s): `javascript:` must never become a link."""
    try:
        safe = bool(url) and urlsplit(url or "").scheme in ("http", "https")
    except ValueError:
        safe = False
    href = escape(url or "")
    return f'<a class="out" href="{href}" target="_blank" rel="noopener noreferrer">{escape(text)}</a>' if safe else ""


def source_id(turn: int, marker: int) -> str:
    return f"src-{turn}-{marker}"


# ── the conversation ──────────────────────────────────────────────────────────────────────────────────────────────────
def question_html(question: str) -> str:
    return f'<div class="question"><h3 class="said">You asked</h3><p dir="auto">{_lines(question)}</p></div>'


def pending_html(question: str, stages: Sequence[str], text: str, cited: Sequence[CitedEvent] = ()) -> str:
    """The turn that is being answered: what was done so far and the text so far, still without its sources.

    Where the model has `cited` something there is a grey mark without a number: nobody has looked it up.
    """
    notes = "".join(f"<li>{escape(stage)}</li>" for stage in stages) or "<li>Searching the articles</li>"
    body = f'<div class="draft" dir="auto">{_breaks(_with_places(text, cited))}</div>' if text else ""
    asked = question_html(question)
    return f'<div class="turn pending" aria-busy="true">{asked}<ul class="stages">{notes}</ul>{body}</div>'


def _with_places(text: str, cited: Sequence[CitedEvent]) -> str:
    ends = [0, *(min(one.at, len(text)) for one in cited), len(text)]
    marks = [_NOT_LOOKED_UP * one.count for one in cited]
    return "".join(
        f"{escape(text[start:end])}{mark}" for (start, end), mark in zip(pairwise(ends), [*marks, ""], strict=True)
    )


def stopped_html(question: str) -> str:
    """The turn that a person has stopped. What had come of the answer was never checked, so that nothing of it stays."""
    return f'<div class="turn stopped">{question_html(question)}<p class="note" role="status">Stopped.</p></div>'


def error_html(question: str, message: str, hint: str = "") -> str:
    step = f'<p class="hint">{escape(hint)}</p>' if hint else ""
    asked = question_html(question) if question else ""
    return f'<div class="turn failed">{asked}<div class="error" role="alert"><p>{escape(message)}</p>{step}</div></div>'


def answer_html(answer: Answer, turn: int) -> str:
    """One finished turn. `turn` goes into the ids, so that the links of every turn keep their own marks."""
    doubt = f'<p class="doubt" dir="auto"><b>Doubtful:</b> {escape(answer.doubt)}</p>' if answer.doubt else ""
    body = _abstention(answer) if answer.abstained else _answer_body(answer, turn)
    note = f'<p class="note">{escape(answer.note)}</p>' if answer.note else ""
    bill = bill_words(answer.calls, answer.cost_usd, answer.timings.get("total"))
    below = _rejected(answer) + note + (f'<p class="bill">{escape(bill)}</p>' if bill else "")
    return f'<div class="turn" id="turn-{turn}">{question_html(answer.question)}{doubt}{body}{below}</div>'


def conversation_bill_html(answers: Sequence[Priced]) -> str:
    """What several answers together have cost; nothing where that is one answer's own line, or no model was asked."""
    if len(answers) < 2 or not any(calls for calls, _ in answers):
        return ""
    return f'<p class="bill">This conversation: {escape(sum_words(answers))}</p>'


def citation_link(citation: Citation, turn: int) -> str:
    """ "[2]", with title, publisher, date, quote and how the quote was found on hover."""
    facts = citation.article
    title = "\n".join(
        (
            facts.title or "untitled",
            publisher_and_date(facts),
            f"“{citation.quote}”",
            found_words(citation),
        )
    )
    target = source_id(turn, citation.marker)
    return (
        f'<a class="cite cite-{citation.status}" href="#{target}" title="{_attribute(title)}" '
        f'aria-label="Source {citation.marker}: {escape(publisher_and_date(facts))}">[{citation.marker}]</a>'
    )


def found_words(citation: Citation) -> str:
    """How code found the quote, in words for a reader. Not escaped."""
    if citation.status is Match.VERIFIED:
        return "Verified: word for word in the article."
    return f"Verified apart from typography: {citation.note or 'quotes, dashes or spaces differ.'}"


def _abstention(answer: Answer) -> str:
    text = answer.text or answer.abstained or ""
    reason = answer.abstained if answer.abstained and answer.abstained not in text else ""
    why = f'<p class="hint">{escape(reason)}</p>' if reason else ""
    return f'<div class="abstained"><p dir="auto">{_lines(text)}</p>{why}</div>'


def _rejected(answer: Answer) -> str:
    if not answer.rejected:
        return ""
    quotes = "".join(
        f'<li><q dir="auto">{escape(c.quote)}</q>{f" <span>{escape(c.note)}</span>" if c.note else ""}</li>'
        for c in answer.rejected
    )
    return f'<div class="rejected"><p>Could not be found in the articles:</p><ul>{quotes}</ul></div>'


@dataclass(frozen=True, slots=True)
class _Piece:
    """A stretch of an answer and the links after it. `source` is set when it is that citation's quote verbatim,
    behind nothing but a `lead` such as "From a retracted article: "."""

    text: str
    links: str = ""
    source: Citation | None = None
    lead: str = ""
    findings: tuple[Difference, ...] = ()
    statement: CheckedStatement | None = None


def _answer_body(answer: Answer, turn: int) -> str:
    def key(piece: _Piece) -> tuple[str, Zone] | None:
        return (piece.source.article.id, piece.source.zone) if piece.source else None

    blocks = []
    for _, run in groupby(_pieces(answer, turn), key):
        pieces = list(run)
        source = pieces[0].source
        blocks.append(_quotation(pieces, source) if source else _prose(pieces))
    return f'<div class="answer">{"".join(blocks)}</div>'


def _pieces(answer: Answer, turn: int) -> list[_Piece]:
    """Cut an answer at its statements and citations; only brackets that stand where a citation ends become links."""
    groups: dict[tuple[int, int], list[Citation]] = {(one.end, one.start): [] for one in answer.statements}
    for citation in answer.citations:
        groups.setdefault((citation.answer_end, citation.answer_start), []).append(citation)
    pieces: list[_Piece] = []
    at = 0
    for (end, start), citations in sorted(groups.items()):
        gap, words = answer.text[at:start], answer.text[max(start, at) : end]
        stated = next((one for one in answer.statements if one.start <= start and end <= one.end), None)
        if gap.strip():
            pieces.append(_Piece(gap))
            gap = ""
        links = "".join(citation_link(c, turn) for c in citations)
        found = tuple(one for one in answer.findings if start <= one.start and one.end <= end)
        verbatim = next((c for c in citations if _LEAD.fullmatch(words.removesuffix(c.quote))), None)
        if verbatim:
            lead = words.removesuffix(verbatim.quote).strip()
            pieces.append(_Piece(verbatim.quote, links, verbatim, lead, found, stated))
        elif gap + words:
            pieces.append(_Piece(gap + words, links, findings=found, statement=stated))
        markers = _MARKERS.match(answer.text, end)
        at = max(at, markers.end() if markers else end)
    tail = answer.text[at:]
    return [*pieces, _Piece(tail)] if tail.strip() else pieces


def _prose(pieces: Sequence[_Piece]) -> str:
    html = "".join(
        _stated(p, escape(p.text)) + (f'<span class="cites">{p.links}</span>' if p.links else "") + _state(p.statement)
        for p in pieces
    )
    return f'<p dir="auto">{_breaks(html)}</p>{_marked(pieces)}'


def _stated(piece: _Piece, html: str) -> str:
    """The words of a statement in an element that tells its state; white space before them stays outside."""
    one = piece.statement
    if one is None:
        return html
    words = html.lstrip()
    title = f"{STATE_WORDS[one.state].capitalize()}. {state_reason(one)}".rstrip()
    space = html[: len(html) - len(words)]
    return f'{space}<span class="{_state_class(one)}" title="{_attribute(title)}">{words}</span>'


def _state(one: CheckedStatement | None) -> str:
    """The state in words behind a statement that is not verified: an underline alone says nothing to some readers."""
    if one is None or one.state is StatementState.VERIFIED:
        return ""
    return f' <span class="state-word {_state_class(one)}">{STATE_WORDS[one.state]}</span>'


def _state_class(one: CheckedStatement) -> str:
    return f"state-{one.state}".replace("_", "-")


def _marked(pieces: Sequence[_Piece]) -> str:
    """What was found in these pieces, each said once, with the words of the article that the answer lacks."""
    notes = {one.note for piece in pieces for one in piece.findings}
    found = dict.fromkeys(
        told
        for piece in pieces
        for told in (*map(finding_words, piece.findings), *((why, "") for why in _objections(piece) - notes))
    )
    items = "".join(f"<li>{escape(note)}{_lacking(words)}</li>" for note, words in found)
    return f'<div class="marked"><p>Marked:</p><ul>{items}</ul></div>' if items else ""


def _objections(piece: _Piece) -> set[str]:
    """Why a statement differs from its source: worth more than a title, which no finger reaches."""
    one = piece.statement
    return {one.why} - {""} if one and one.state in (StatementState.PARTLY, StatementState.CONTRADICTED) else set()


def _lacking(words: str) -> str:
    return f' <q dir="auto">{escape(words)}</q>' if words else ""


def _quotation(pieces: Sequence[_Piece], source: Citation) -> str:
    facts = source.article
    leads = ["", *(piece.lead for piece in pieces)]  # said once where it goes on
    words = "".join(_quoted(piece, lead=piece.lead != before) for piece, before in zip(pieces, leads, strict=False))
    zone = _ZONE_WORDS.get(source.zone)
    kind = f' <span class="zone-note">{escape(zone)}</span>' if zone else ""
    caption = f"{escape(facts.publisher or 'publisher unknown')} · {_time(facts.published)}{kind}"
    return (
        f'<figure class="quotation zone-{source.zone}"><blockquote{_lang(facts.language)}>{words}</blockquote>'
        f"<figcaption>{caption} {status_label(facts.status)}</figcaption>{_marked(pieces)}</figure>"
    )


def _quoted(piece: _Piece, lead: bool) -> str:
    said = f'<span class="lead">{escape(piece.lead)}</span> ' if lead and piece.lead else ""
    words = f'{_stated(piece, _lines(piece.text))}<span class="cites">{piece.links}</span>'
    return f'<p dir="auto">{said}{words}{_state(piece.statement)}</p>'


def _lines(text: str) -> str:
    return _breaks(escape(text))


def _breaks(html: str) -> str:
    return html.strip().replace("\n", "<br>")


def _attribute(text: str) -> str:
    return escape(text).replace("\n", "&#10;")


def _time(value: date | None) -> str:
    return f'<time datetime="{value.isoformat()}">{day(value)}</time>' if value else day(value)


def _lang(language: str | None) -> str:
    return f' lang="{escape(language)}"' if language else ""


# ── the reader ────────────────────────────────────────────────────────────────────────────────────────────────────────
EMPTY_READER = (
    '<div class="empty"><h2>The sources stand here</h2><p>Ask a question. Each article that the answer quotes '
    "opens on this side, whole, with the quoted words marked. A click on <b>[1]</b> leads to them.</p></div>"
)


READER_BAR = '<div class="reader-bar"><button type="button" data-back>← Back to the answer</button></div>'


def pane_html(answer: Answer, articles: Mapping[str, Article], turn: int) -> str:
    """The sources of one turn: a list of the cited articles, then each article whole, all but the first hidden.

    `articles` holds the cited articles by id; one that has left the library meanwhile is named, and its quotes shown.
    """
    cited: dict[str, list[Citation]] = {}
    for citation in {one.marker: one for one in answer.citations}.values():  # several statements may rest on one place
        cited.setdefault(citation.span.article_id, []).append(citation)
    if not cited:
        return ""
    entries, bodies = [], []
    for n, (article_id, citations) in enumerate(cited.items(), start=1):
        element = f"art-{turn}-{n}"
        entries.append(_source_entry(citations, element, current=n == 1))
        article = articles.get(article_id)
        body = article_html(article, citations, turn) if article else _missing_article(citations, turn)
        bodies.append(f'<article id="{element}"{"" if n == 1 else " hidden"}>{body}</article>')
    count = f"{len(cited)} cited article{'s' if len(cited) > 1 else ''}"
    return (
        f'<nav class="sources" aria-label="{count}"><h2>{count}</h2><ol>{"".join(entries)}</ol></nav>{"".join(bodies)}'
    )


def reader_html(panes: Sequence[tuple[int, str]]) -> str:
    """Every turn's pane, the newest with sources open. All stay in the page: a click on an old [n] needs no request."""
    filled = [(turn, pane) for turn, pane in panes if pane]
    if not filled:
        return EMPTY_READER
    newest = filled[-1][0]
    return READER_BAR + "".join(
        f'<section class="pane" data-turn="{turn}"{"" if turn == newest else " hidden"}>{pane}</section>'
        for turn, pane in filled
    )


def article_html(article: Article, citations: Iterable[Citation], turn: int) -> str:
    """Title, facts and the whole text with a mark for each citation."""
    facts = [escape(article.publisher or "publisher unknown"), _time(article.published)]
    facts += [f"by {escape(article.author)}"] if article.author else []
    facts += [link] if (link := web_link(article.url, "original")) else []
    title = escape(article.title or "Untitled article")
    heading = "" if _headline(article) else f'<h2 dir="auto"{_lang(article.language)}>{title}</h2>'
    return (
        f'<header>{status_label(article.status)}<p class="facts">{" · ".join(facts)}</p>{heading}</header>'
        f"{text_html(article, citations, turn)}"
    )


def text_html(article: Article, citations: Iterable[Citation], turn: int) -> str:
    """The article's text in zones, cited spans in `<mark id="src-<turn>-<n>">`.

    A mark's textContent is its quote. Where two cited spans overlap without nesting, the later one is split: its first
    piece has the id, and all its pieces carry `data-src` with that id, so that together they give the quote.
    """
    headline = _headline(article)
    ranges = [_zone_range(section, is_title=section is headline) for section in article.sections]
    marks = [_mark_range(citation, turn) for citation in citations]
    text = "".join(_nest(article.text, _laminar([*marks, *ranges])))
    return f'<div class="text" dir="auto"{_lang(article.language)}>{text}</div>'


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
    words = _ZONE_WORDS.get(section.zone)
    label = f' data-label="{escape(words)}" title="{escape(words)}"' if words else ""
    first = ' role="heading" aria-level="2"' if is_title else ""
    attributes = f' class="zone zone-{section.zone}"{label}'
    return _Range(section.span.start, section.span.end, int(section.zone is Zone.QUOTATION), "span", attributes, first)


def _mark_range(citation: Citation, turn: int) -> _Range:
    target = source_id(turn, citation.marker)
    attributes = f' class="src" data-src="{target}"'
    first = f' id="{target}" data-n="{citation.marker}" tabindex="-1" title="{escape(found_words(citation))}"'
    return _Range(citation.span.start, citation.span.end, 2, "mark", attributes, first)


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
        f'<span class="facts">{escape(facts.publisher or "publisher unknown")} · {_time(facts.published)} '
        f"{status_label(facts.status)}</span></span></a></li>"
    )


def _missing_article(citations: Sequence[Citation], turn: int) -> str:
    quotes = "".join(
        f'<blockquote><mark class="src" id="{source_id(turn, c.marker)}" data-n="{c.marker}" tabindex="-1" '
        f'dir="auto">{escape(c.quote)}</mark></blockquote>'
        for c in citations
    )
    return f'<p class="note">This article is no longer in the library. It was quoted with these words:</p>{quotes}'


# ── the library ───────────────────────────────────────────────────────────────────────────────────────────────────────
def library_line(articles: int, passages: int, embedded: int, embeddable: int) -> str:
    """One line on what is searched, and on what share of it by meaning. Comments, for one, are never embedded."""
    if not articles:
        return '<p class="library">No articles yet. Add some under <b>Articles</b>.</p>'
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
        ("Title", f'<span dir="auto"{_lang(facts.language)}>{escape(facts.title or "Untitled article")}</span>{note}'),
        ("Publisher", escape(facts.publisher or "unknown")),
        ("Date", _time(facts.published) if facts.published else "unknown"),
        ("Status", status_label(facts.status) or "current"),
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
