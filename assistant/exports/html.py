"""A checked text to one HTML page that needs nothing else: the text marked up, a card for each claim, conflicts side by side.

The page has no script, and its policy allows its own style by its hash and nothing besides: it makes no request. All that comes
from a text or an article is escaped; its direction marks turn nothing outside of it.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from html import escape
from pathlib import Path
from typing import Any

from assistant.exports import Exporter
from assistant.exports._words import (
    STANCES,
    VERDICTS,
    articles_used,
    certainty,
    claim_word,
    difference_sides,
    distinct,
    evidence_labels,
    further_note,
    further_words,
    is_checked,
    kind_word,
    made_facts,
    one_line,
    opinion_words,
    printable,
    source_parts,
    status_word,
    text_word,
    web_address,
)
from assistant.types import Article, ArticleFacts, CheckedClaim, Conflict, Difference, Evidence, FactCheck, Label, Span

SUFFIX = ".html"
MEDIA_TYPE = "text/html"

AROUND = 160  # characters of the article shown before and after a quotation, within its paragraph
TITLE = 80  # characters of the text in the page's title
_STYLE = Path(__file__).resolve().with_suffix(".css")
_DRAFT = "The draft of a program: it says what the articles at hand say. A person has to judge it."

Articles = Mapping[str, Article]


def _nothing(_: object) -> str:
    return ""


@dataclass(frozen=True, slots=True)
class Additions:
    """HTML that a page puts into the document it shows. An export has none of it."""

    above_claims: str = ""
    beside_verdict: Callable[[CheckedClaim], str] = _nothing
    """In the heading of a claim's card."""
    below_quote: Callable[[Evidence], str] = _nothing
    """Under the words of an evidence sentence."""


NO_ADDITIONS = Additions()


def make() -> Exporter:
    return Exporter(export, SUFFIX, MEDIA_TYPE)


def export(check: FactCheck, articles: Articles) -> str:
    body = f"{_heading(check)}<main>{body_html(check, articles)}</main>"
    return page_html("Fact check", check.statement, body)


def page_html(kind: str, subject: str, body: str, more_style: str = "") -> str:
    """A whole page without script that asks nobody for anything: its own style, by its hash, and nothing besides.

    `body` is HTML, `more_style` CSS that follows html.css; `subject` is text, of which the beginning goes into the title.
    """
    style = _STYLE.read_text("utf-8") + more_style
    title = one_line(subject)
    title = title if len(title) <= TITLE else f"{title[: TITLE - 1]}…"
    return (
        f'<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_policy(style)}">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<meta name="referrer" content="no-referrer">\n<meta name="color-scheme" content="light dark">\n'
        f"<title>{_e(kind)}: {_e(title)}</title>\n<style>{style}</style>\n</head>\n<body>\n{body}\n</body>\n</html>\n"
    )


def body_html(check: FactCheck, articles: Articles, added: Additions = NO_ADDITIONS) -> str:
    """The marked-up text and everything under it, without the page around it; html.css dresses it."""
    return "".join(
        (
            _draft(check),
            _section("claims", "Claims", "".join((added.above_claims, *_cards(check, articles, added)))),
            _conflicts(check, articles, added),
            _missing(check),
            _sources(check),
            _provenance(check),
        )
    )


def _policy(style: str) -> str:
    digest = b64encode(sha256(style.encode()).digest()).decode()
    return (
        f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'; "
        "require-trusted-types-for 'script'; trusted-types 'none'"
    )


# -- the text


def _heading(check: FactCheck) -> str:
    sure = f"{_e(certainty(check.verdict).capitalize())}. " if is_checked(check) else ""
    note = f'<p class="note">{_e(further)}</p>' if (further := further_words(check)) else ""
    return (
        f'<header class="top"><p class="kicker">Fact check</p>'
        f'<h1 class="{text_kind(check)}"><span class="word">{text_word(check)}</span></h1>'
        f'<p class="lead">{_e(check.verdict.why)}</p><p class="soft">{sure}{_DRAFT}</p>{note}</header>'
    )


def _draft(check: FactCheck) -> str:
    marks = [
        Mark(
            checked.claim.start,
            checked.claim.end,
            f'<mark class="{_state(checked)}" id="said-{number}"><a href="#claim-{number}">',
            f'</a></mark><sup class="{_state(checked)}"><a href="#claim-{number}">{number} {_e(claim_word(checked))}</a></sup>',
        )
        for number, checked in enumerate(check.claims, start=1)
    ]
    text = marked(check.statement, marks)
    return _section("text", "The text", f'<div class="draft" dir="auto">{text}</div>{_legend(check)}')


def _legend(check: FactCheck) -> str:
    seen = {checked.verdict.label for checked in check.claims if checked.verdict}
    items = "".join(
        f'<li><span class="sample {_kind(label)}">{word}</span></li>'
        for label, word in VERDICTS.items()
        if label in seen
    )
    unchecked = any(checked.verdict is None for checked in check.claims)
    items += '<li><span class="sample unchecked">Not checked</span></li>' if unchecked else ""
    return f'<ul class="legend" aria-label="What the marks mean">{items}</ul>' if items else ""


# -- claims


def _cards(check: FactCheck, articles: Articles, added: Additions) -> Iterator[str]:
    for number, checked in enumerate(check.claims, start=1):
        yield (
            f'<article class="card {_state(checked)}" id="claim-{number}" aria-labelledby="claim-{number}-title">'
            f'<h3 id="claim-{number}-title"><a href="#said-{number}" title="To its place in the text">Claim {number}</a> '
            f'<span class="word">{_e(claim_word(checked))}</span>{added.beside_verdict(checked)}</h3>'
            f"{_claim(checked)}{_judged(checked, articles, added)}</article>"
        )


def _claim(checked: CheckedClaim) -> str:
    claim = checked.claim
    inner = [_differs(one.start - claim.start, one.end - claim.start) for one in checked.differences]
    whole = Mark(0, len(claim.text), '<mark class="claim">', "</mark>")
    read = (
        f'<p class="soft">Read as: <bdi>{_e(claim.resolved)}</bdi></p>'
        if claim.resolved not in ("", claim.text)
        else ""
    )
    return f"<blockquote>{marked(claim.text, [whole], inner)}</blockquote>{read}"


def _judged(checked: CheckedClaim, articles: Articles, added: Additions) -> str:
    verdict = checked.verdict
    if verdict is None:
        return '<p class="soft">Only facts are checked.</p>'
    evidence = "".join(_evidence(one, articles, checked.differences, added) for one in checked.evidence)
    none = '<p class="soft">No sentence of the articles speaks of it.</p>'
    view = f'<p class="opinion soft">{_e(opinion_words(checked.opinion))}</p>' if checked.opinion else ""
    return (
        f'<p class="why">{_e(verdict.why)} <span class="soft">{_e(certainty(verdict))}</span></p>'
        f"{_differences(checked.differences)}<h4>Evidence</h4>{evidence or none}{view}"
        f"{_list('Not settled', map(_e, checked.missing))}{_rejected(checked.rejected)}"
    )


def _evidence(evidence: Evidence, articles: Articles, of_claim: Sequence[Difference], added: Additions) -> str:
    own = [one for one in evidence.differences if one not in of_claim]
    near = [one for one in (*of_claim, *own) if one.article_id == evidence.span.article_id]
    places = [(one.source_start, one.source_end) for one in near]
    counted = "" if evidence.decides else " aside"
    return (
        f'<figure class="evidence {evidence.stance}{counted}"><figcaption><span class="stance">'
        f"{STANCES[evidence.stance]}</span> {_source(evidence.article)}{_labels(evidence)}</figcaption>"
        f"{_words(evidence, articles, places)}{added.below_quote(evidence)}"
        f"{_differences(own)}{_list('', map(_e, evidence.notes))}</figure>"
    )


def _words(evidence: Evidence, articles: Articles, places: Iterable[tuple[int, int]]) -> str:
    """The quotation in a <mark>, in its paragraph where the article is at hand."""
    article, span = articles.get(evidence.span.article_id), evidence.span
    inner = [_differs(start, end) for start, end in places]
    quote = Mark(span.start, span.end, '<mark class="quote">', "</mark>")
    if article is None or article.quote(span) != evidence.text:
        alone = [_moved(mark, -span.start) for mark in inner]
        return f"<blockquote>{marked(evidence.text, [_moved(quote, -span.start)], alone)}</blockquote>"
    beside = [one for one in [evidence.beside] if one and one.article_id == article.id]
    start, end = _window(article.text, span, beside)
    before = '<span class="soft">…</span>' if start and article.text[start - 1] != "\n" else ""
    after = '<span class="soft">…</span>' if end < len(article.text) and article.text[end] != "\n" else ""
    around = [
        Mark(low, high, '<span class="beside" title="Limits or reverses the quotation">', "</span>")
        for one in beside
        for low, high in ((one.start, min(one.end, span.start)), (max(one.start, span.end), one.end))
        if low < high
    ]
    text = marked(article.text, [quote, *around], inner, start, end)
    return f"<blockquote>{before}{text}{after}</blockquote>"


def _window(text: str, span: Span, beside: Sequence[Span]) -> tuple[int, int]:
    """The quotation with what stands beside it and up to AROUND characters of its paragraph on each side, whole words."""
    low = min([span.start, *(one.start for one in beside)])
    high = max([span.end, *(one.end for one in beside)])
    start = max(text.rfind("\n", 0, low) + 1, low - AROUND)
    line_end = text.find("\n", high)
    end = min(len(text) if line_end < 0 else line_end, high + AROUND)
    while 0 < start < low and not text[start - 1].isspace():
        start += 1
    while high < end < len(text) and not text[end].isspace():
        end -= 1
    return start, end


def _labels(evidence: Evidence) -> str:
    labels = "".join(f'<li class="badge">{_e(label)}</li>' for label in evidence_labels(evidence))
    return f' <ul class="badges">{labels}</ul>' if labels else ""


def _source(article: ArticleFacts | None) -> str:
    publisher, day, title = source_parts(article)
    address = web_address(article.url) if article else None
    shown = f"<cite><bdi>{_e(title)}</bdi></cite>"
    if address:
        shown = f'<a href="{_e(address)}" rel="noopener noreferrer">{shown}</a>'
    return f'<span class="source"><bdi>{_e(publisher)}</bdi>, {_e(day)}, {shown}</span>'


def _differences(differences: Sequence[Difference], ours: str = "the claim", theirs: str = "the source") -> str:
    items = "".join(f"<li>{_difference(one, ours, theirs)}</li>" for one in distinct(differences))
    return f'<ul class="differences" aria-label="What differs">{items}</ul>' if items else ""


def _difference(difference: Difference, ours: str, theirs: str) -> str:
    said = ", ".join(
        f"{who} has <q><bdi>{_e(words)}</bdi></q>" if words else f"{who} has nothing like it"
        for who, words in difference_sides(difference, ours, theirs)
    )
    further = further_note(difference)
    note = f'<span class="soft">{_e(further)}</span>' if further else ""
    return f"<b>{kind_word(difference.kind)}</b>: {'. '.join(filter(None, (said, note)))}"


def _rejected(rejected: Sequence[Evidence]) -> str:
    if not rejected:
        return ""
    items = "".join(
        f"<li>{_source(one.article)}<blockquote>{_e(one.text)}</blockquote>"
        f'<p class="soft">{_e("; ".join(one.notes) or "no reason given")}</p></li>'
        for one in rejected
    )
    return f"<details><summary>Looked at and not used: {len(rejected)}</summary><ul>{items}</ul></details>"


# -- the rest


def _conflicts(check: FactCheck, articles: Articles, added: Additions) -> str:
    return _section("conflicts", "Conflicts", "".join(_conflict(one, articles, added) for one in check.conflicts))


def _conflict(conflict: Conflict, articles: Articles, added: Additions) -> str:
    first = [(one.start, one.end) for one in conflict.differences]
    second = [(one.source_start, one.source_end) for one in conflict.differences]
    sides = "".join(
        f'<figure class="evidence {side.stance}"><figcaption><span class="stance">{STANCES[side.stance]}</span> '
        f"{_source(side.article)}{_labels(side)}</figcaption>{_words(side, articles, places)}"
        f"{added.below_quote(side)}</figure>"
        for side, places in ((conflict.first, first), (conflict.second, second))
    )
    number = conflict.claim + 1
    return (
        f'<article class="card conflicting"><h3><a href="#claim-{number}">Claim {number}</a>: two sources disagree</h3>'
        f'<p>{_e(conflict.note)}</p><div class="sides">{sides}</div>'
        f"{_differences(conflict.differences, 'the first', 'the second')}</article>"
    )


def _missing(check: FactCheck) -> str:
    return _section("missing", "What is missing", _list("", map(_e, check.missing)))


def _sources(check: FactCheck) -> str:
    rows = (
        f"{_source(article)} <code>{_e(key[:12])}</code>{_status(article)}"
        for key, article in articles_used(check).items()
    )
    return _section("articles", "Articles", _list("", rows))


def _status(article: ArticleFacts | None) -> str:
    word = status_word(article)
    return f' <span class="badge">{word}</span>' if word else ""


def _provenance(check: FactCheck) -> str:
    facts = made_facts(check)
    facts += [("seconds", f"{check.timings['total']:.2f}")] if "total" in check.timings else []
    items = "".join(f"<div><dt>{_e(name)}</dt><dd>{_e(value)}</dd></div>" for name, value in facts)
    return _section("provenance", "How it was made", f"<dl>{items}</dl>" if items else "")


# -- markup


@dataclass(frozen=True, slots=True)
class Mark:
    """Markup around the characters [start, end) of a text; an empty range is a mark at a place."""

    start: int
    end: int
    before: str
    after: str


def marked(text: str, outer: Sequence[Mark], inner: Sequence[Mark] = (), start: int = 0, end: int | None = None) -> str:
    """The characters [start, end), escaped, inside the marks; `inner` ones are cut where an outer one starts or ends.

    Where two of one kind overlap, the later one is cut.
    """
    end = len(text) if end is None else end
    parts, at = [], start
    for mark in _apart(outer, start, end):
        parts += [_run(text, inner, at, mark.start), mark.before, _run(text, inner, mark.start, mark.end), mark.after]
        at = mark.end
    return "".join((*parts, _run(text, inner, at, end)))


def _run(text: str, inner: Sequence[Mark], start: int, end: int) -> str:
    parts, at = [], start
    for mark in _apart(inner, start, end):
        parts += [_e(text[at : mark.start]), mark.before, _e(text[mark.start : mark.end]), mark.after]
        at = mark.end
    return "".join((*parts, _e(text[at:end])))


def _apart(marks: Sequence[Mark], start: int, end: int) -> Iterator[Mark]:
    """The marks within [start, end), in order, cut so that none overlaps; a mark at a place belongs to what follows it."""
    at = start
    for mark in sorted(set(marks), key=lambda mark: (mark.start, -mark.end)):
        low, high = max(mark.start, at), min(mark.end, end)
        if low < high or (mark.start == mark.end and low == mark.start < end):
            yield replace(mark, start=low, end=high)
            at = high


def _differs(start: int, end: int) -> Mark:
    kind = "differs" if start < end else "differs gap"
    return Mark(start, max(start, end), f'<b class="{kind}">', "</b>")


def _moved(mark: Mark, by: int) -> Mark:
    return replace(mark, start=mark.start + by, end=mark.end + by)


def _state(checked: CheckedClaim) -> str:
    return _kind(checked.verdict.label) if checked.verdict else "unchecked"


def text_kind(check: FactCheck) -> str:
    """The CSS class of the verdict on the whole text."""
    return _kind(check.verdict.label) if is_checked(check) else "unchecked"


def _kind(label: Label) -> str:
    return label.replace("_", "-")


def _section(anchor: str, title: str, body: str) -> str:
    if not body:
        return ""
    return (
        f'<section id="{anchor}" aria-labelledby="{anchor}-title"><h2 id="{anchor}-title">{title}</h2>{body}</section>'
    )


def _list(title: str, items: Iterable[str]) -> str:
    rows = "".join(f"<li>{item}</li>" for item in items)
    heading = f"<h4>{title}</h4>" if title else ""
    return f'{heading}<ul class="plain">{rows}</ul>' if rows else ""


def _e(value: Any) -> str:
    """Escaped for text and for quoted attributes."""
    return escape(printable(value))
