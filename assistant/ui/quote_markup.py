"""What became of a quotation, to HTML for the page. Pure functions; all that comes from a person or an article is escaped."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

from assistant.exports.html import Mark, marked
from assistant.types import Article, Difference, QuoteCheck, QuotePlace, QuoteStatus, Zone
from assistant.ui import markup
from assistant.ui.check_markup import source_line

Articles = Mapping[str, Article]

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


def quote_html(check: QuoteCheck, articles: Articles) -> str:
    """A quotation, what became of it, its words beside those of the source, and every place where they stand."""
    kind, word = _QUOTE_WORDS[check.status]
    places = "".join(f"<li>{_place(place, articles)}</li>" for place in check.places)
    where = f'<h4>Where the words stand</h4><ol class="places">{places}</ol>' if places else ""
    return (
        f'<div class="quote-result" role="status">{_asked(check)}<p class="{kind}"><span class="word">{word}</span></p>'
        f'<p dir="auto">{escape(check.why)}</p>{_word_diff(check, articles)}{where}</div>'
    )


def _asked(check: QuoteCheck) -> str:
    by = f'<figcaption class="soft">Said by <bdi>{escape(check.by)}</bdi>?</figcaption>' if check.by else ""
    return f'<figure class="asked"><blockquote dir="auto">{escape(check.quote)}</blockquote>{by}</figure>'


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
    ours = f"quoted as <q><bdi>{escape(one.in_claim)}</bdi></q>" if one.in_claim else "left out of the quotation"
    theirs = f"the article has <q><bdi>{escape(one.in_source)}</bdi></q>" if one.in_source else "not in the article"
    said = f"{ours}, {theirs}" if one.in_claim or one.in_source else ""
    note = f'<span class="soft">{escape(one.note)}</span>' if one.note else ""
    return f"<li><b>{escape(one.kind.capitalize())}</b>: {'. '.join(filter(None, (said, note)))}</li>"


def _place(place: QuotePlace, articles: Articles) -> str:
    article = articles.get(place.article.id)
    labels = [_ZONE_WORDS.get(place.zone, ""), f"says it: {place.speaker}" if place.speaker else ""]
    badges = "".join(f'<span class="badge">{escape(label)}</span> ' for label in labels if label)
    return (
        f"<blockquote>{_with_beside(place, article)}</blockquote>"
        f'<p class="soft">{source_line(place.article)} {badges}{markup.status_label(place.article.status)}</p>'
    )


def _with_beside(place: QuotePlace, article: Article | None) -> str:
    """The words in a mark, with those beside them that limit or reverse them."""
    span, beside = place.span, place.beside
    if article is None or article.quote(span) != place.quote or beside is None or beside.article_id != article.id:
        return f'<mark class="quote">{escape(place.quote)}</mark>'
    limits = Mark(beside.start, beside.end, '<span class="beside" title="Limits or reverses the quotation">', "</span>")
    words = Mark(span.start, span.end, '<mark class="quote">', "</mark>")
    start, end = min(span.start, beside.start), max(span.end, beside.end)
    return marked(article.text, _without(limits, words), start=start, end=end)


def _without(limits: Mark, words: Mark) -> list[Mark]:
    """`words`, and what of `limits` lies before and after them."""
    before = Mark(limits.start, min(limits.end, words.start), limits.before, limits.after)
    after = Mark(max(limits.start, words.end), limits.end, limits.before, limits.after)
    return [words, *(one for one in (before, after) if one.start < one.end)]
