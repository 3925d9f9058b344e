"""Checked texts, quotations and watched claims to HTML strings for the page.

Pure functions. A checked text is shown as exports/html.py writes it, without that page's own heading. All that comes from a
text or an article is escaped.
"""

from __future__ import annotations

import html
from collections import Counter
from collections.abc import Mapping, Sequence

from assistant.exports.html import Mark, body_html, marked
from assistant.types import (
    Article,
    ArticleFacts,
    Difference,
    Evidence,
    FactCheck,
    Label,
    QuoteCheck,
    QuotePlace,
    QuoteStatus,
    Zone,
)
from assistant.ui import markup
from assistant.watch import Change, Watched

Articles = Mapping[str, Article]

EMPTY_RESULT = (
    '<div class="empty"><h2>The verdict stands here</h2><p>Each claim of the text gets a verdict, with the words of the '
    "articles for it and against it. What they don’t settle is said to be open.</p></div>"
)
_QUOTE_WORDS = {
    QuoteStatus.EXACT: ("supported", "Real: word for word"),
    QuoteStatus.CUT: ("conflicting", "Cut off from what limits it"),
    QuoteStatus.ALTERED: ("refuted", "Altered"),
    QuoteStatus.MISATTRIBUTED: ("refuted", "Somebody else’s words"),
    QuoteStatus.ABSENT: ("not-enough-evidence", "Not in the articles"),
}
_ZONE_WORDS = {
    Zone.HEADLINE: "headline",
    Zone.CAPTION: "picture caption",
    Zone.CORRECTION: "the publisher's correction",
    Zone.COMMENT: "a reader's comment",
    Zone.BOILERPLATE: "not part of the article",
}


# ── a checked text ────────────────────────────────────────────────────────────────────────────────────────────────────
def checking_html(seconds: int, claims: tuple[int, int] | None = None) -> str:
    """What is shown while a text is checked; `claims` are those judged and all of them, when there are several."""
    judged = f"{claims[0]} of {claims[1]} claims" if claims and claims[1] > 1 else ""
    waited = " · ".join(filter(None, (judged, f"{seconds} s" if seconds else "")))
    shown = f' <span class="soft" aria-hidden="true">{waited}</span>' if waited else ""
    return f'<p class="progress" role="status">Looking for evidence for and against …{shown}</p>'


def verdict_html(check: FactCheck) -> str:
    """The verdict on the whole text, why, how sure that is, and how many claims have which verdict."""
    verdict = check.verdict
    note = f'<p class="note">{_e(check.note)}</p>' if check.note else ""
    return (
        f'<div class="verdict" role="status"><h2 tabindex="-1" id="verdict-title" class="{_kind(verdict.label)}">'
        f'<span class="said">Verdict on the text: </span><span class="word">{label_word(verdict.label)}</span></h2>'
        f'<p class="lead">{_e(verdict.why)} <span class="soft">Confidence {verdict.confidence:.2f}'
        f"{_sources(verdict.independent_sources)}.</span></p>{_counts(check)}{note}</div>"
    )


def checked_html(check: FactCheck, articles: Articles) -> str:
    """The text with its marks, a card for each claim, conflicts side by side, what is missing and where it comes from.

    Links to publishers open beside the page, so that the verdict stays.
    """
    return body_html(check, articles).replace(
        ' rel="noopener noreferrer"', ' target="_blank" rel="noopener noreferrer"'
    )


def label_word(label: Label) -> str:
    """ "Not enough evidence"."""
    return label.replace("_", " ").capitalize()


def _counts(check: FactCheck) -> str:
    labels = Counter(one.verdict.label if one.verdict else None for one in check.claims)
    items = [
        f'<li><b>{labels[label]}</b> <span class="sample {_kind(label)}">{label_word(label).lower()}</span></li>'
        for label in Label
        if labels[label]
    ]
    items += (
        [f'<li><b>{labels[None]}</b> <span class="sample unchecked">not checked</span></li>'] if labels[None] else []
    )
    if not items:
        return ""
    claims = f"<li>{len(check.claims)} claim{'' if len(check.claims) == 1 else 's'}:</li>"
    return f'<ul class="legend counts" aria-label="Claims">{claims}{"".join(items)}</ul>'


def _sources(n: int) -> str:
    return f", {n} independent source{'' if n == 1 else 's'}" if n else ""


# ── a quotation ───────────────────────────────────────────────────────────────────────────────────────────────────────
def quote_html(check: QuoteCheck, articles: Articles) -> str:
    """What became of a quotation, its words beside those of the source, and every place where they stand."""
    kind, word = _QUOTE_WORDS[check.status]
    places = "".join(f"<li>{_place(place, articles)}</li>" for place in check.places)
    where = f'<h4>Where the words stand</h4><ol class="places">{places}</ol>' if places else ""
    return (
        f'<div class="quote-result" role="status"><p class="{kind}"><span class="word">{word}</span></p>'
        f'<p dir="auto">{_e(check.why)}</p>{_word_diff(check, articles)}{where}</div>'
    )


def _word_diff(check: QuoteCheck, articles: Articles) -> str:
    """The quotation above the source's words: what only it has is struck through, what only the source has underlined."""
    if not check.differences or not check.places:
        return ""
    ours = [Mark(one.start, one.end, "<del>", "</del>") for one in check.differences if one.start < one.end]
    place = check.places[0]
    theirs = [
        Mark(one.source_start - place.span.start, one.source_end - place.span.start, "<ins>", "</ins>")
        for one in check.differences
        if place.span.start <= one.source_start < one.source_end <= place.span.end
    ]
    return (
        f'<dl class="diff"><dt>As quoted</dt><dd dir="auto">{marked(check.quote, ours)}</dd>'
        f'<dt>In the article</dt><dd dir="auto">{marked(place.quote, theirs)}</dd></dl>'
        f'<ul class="differences" aria-label="What differs">{"".join(map(_difference, check.differences))}</ul>'
    )


def _difference(one: Difference) -> str:
    ours = f"quoted as <q><bdi>{_e(one.in_claim)}</bdi></q>" if one.in_claim else "left out of the quotation"
    theirs = f"the article has <q><bdi>{_e(one.in_source)}</bdi></q>" if one.in_source else "not in the article"
    said = f"{ours}, {theirs}" if one.in_claim or one.in_source else ""
    note = f'<span class="soft">{_e(one.note)}</span>' if one.note else ""
    return f"<li><b>{_e(one.kind.capitalize())}</b>: {'. '.join(filter(None, (said, note)))}</li>"


def _place(place: QuotePlace, articles: Articles) -> str:
    article = articles.get(place.article.id)
    labels = [_ZONE_WORDS.get(place.zone, ""), f"says it: {place.speaker}" if place.speaker else ""]
    badges = "".join(f'<span class="badge">{_e(label)}</span> ' for label in labels if label)
    return (
        f"<blockquote>{_with_beside(place, article)}</blockquote>"
        f'<p class="soft">{source_line(place.article)} {badges}{markup.status_label(place.article.status)}</p>'
    )


def _with_beside(place: QuotePlace, article: Article | None) -> str:
    """The words in a mark, with those beside them that limit or reverse them."""
    span, beside = place.span, place.beside
    if article is None or article.quote(span) != place.quote or beside is None or beside.article_id != article.id:
        return f'<mark class="quote">{_e(place.quote)}</mark>'
    limits = Mark(beside.start, beside.end, '<span class="beside" title="Limits or reverses the quotation">', "</span>")
    words = Mark(span.start, span.end, '<mark class="quote">', "</mark>")
    start, end = min(span.start, beside.start), max(span.end, beside.end)
    return marked(article.text, _without(limits, words), start=start, end=end)


def _without(limits: Mark, words: Mark) -> list[Mark]:
    """`words`, and what of `limits` lies before and after them."""
    before = Mark(limits.start, min(limits.end, words.start), limits.before, limits.after)
    after = Mark(max(limits.start, words.end), limits.end, limits.before, limits.after)
    return [words, *(one for one in (before, after) if one.start < one.end)]


# ── watched claims ────────────────────────────────────────────────────────────────────────────────────────────────────
def watched_html(claims: Sequence[Watched]) -> str:
    """The saved claims with their last verdicts, the last saved one first."""
    if not claims:
        return '<p class="soft">None yet. A watched claim is judged again when articles are added.</p>'
    items = "".join(
        f'<li><p dir="auto">{_e(short(one.text))}</p><p class="soft"><span class="word {_kind(one.label)}">'
        f"{label_word(one.label)}</span> {markup.day(one.checked.date())}</p></li>"
        for one in reversed(claims)
    )
    return f'<ul class="watched">{items}</ul>'


def changes_html(changes: Sequence[Change], judged: int) -> str:
    """The watched claims whose verdict has changed, each with the words that changed it."""
    many = f"{judged} watched claim{'' if judged == 1 else 's'}"
    if not changes:
        return f'<p class="soft" role="status">Judged {many} again: no verdict has changed.</p>'
    return f'<div role="status"><h3>Of {many}, {len(changes)} changed</h3>{"".join(map(_change, changes))}</div>'


def _change(change: Change) -> str:
    before, after = change.before.label, change.after.label
    behind = "".join(map(_behind, change.evidence)) or (
        '<p class="soft">What the former verdict rested on is no longer there.</p>'
    )
    return (
        f'<article class="card {_kind(after)}"><p dir="auto"><b>{_e(short(change.after.text))}</b></p>'
        f'<p><span class="word {_kind(before)}">{label_word(before)}</span> → '
        f'<span class="word {_kind(after)}">{label_word(after)}</span></p>'
        f'<p class="why">{_e(change.after.why)}</p>{behind}</article>'
    )


def _behind(evidence: Evidence) -> str:
    source = source_line(evidence.article) if evidence.article else "publisher unknown"
    return (
        f'<figure class="evidence {evidence.stance}"><figcaption><span class="stance">{evidence.stance.capitalize()}'
        f'</span> {source}</figcaption><blockquote><mark class="quote">{_e(evidence.text)}</mark></blockquote></figure>'
    )


# ── small pieces ──────────────────────────────────────────────────────────────────────────────────────────────────────
def source_line(facts: ArticleFacts) -> str:
    """ "Lake County Observer, 20 January 2026, Wells closed", the title a link to the publisher where there is one."""
    title = facts.title or "untitled"
    link = markup.web_link(facts.url, title)
    return f"<bdi>{_e(markup.publisher_and_date(facts))}</bdi>, <bdi>{link or _e(title)}</bdi>"


def short(text: str, most: int = 160) -> str:
    text = " ".join(text.split())
    return text if len(text) <= most else f"{text[: most - 1]}…"


def _kind(label: Label) -> str:
    return label.replace("_", "-")


def _e(value: object) -> str:
    return html.escape(str(value))
