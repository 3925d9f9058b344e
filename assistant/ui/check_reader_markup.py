"""The articles that a check used, whole, each sentence of evidence marked with what it does for which claim.

Pure functions. The articles come with the verdict, so that a quotation opens its article at once, without a request, and still
does when the article has left the library. A check reads a few dozen articles of some thousand characters: less than a picture.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from assistant.types import Article, Evidence, FactCheck, Span, Stance
from assistant.ui import markup
from assistant.ui.reader_markup import MarkedSpan, marked_article_html

Articles = Mapping[str, Article]

MOST_CHARS = (
    1_000_000  # of articles that come with a verdict; what a huge draft uses beyond them opens at its publisher
)
_DOES = {Stance.SUPPORTS: "supports", Stance.REFUTES: "refutes", Stance.NEUTRAL: "takes no side on"}
_BAR = (
    '<div class="source-bar"><button type="button" data-close-source>← Back to the verdict</button>'
    '<span data-of dir="auto"></span></div>'
)


@dataclass(frozen=True, slots=True)
class Place:
    """A sentence of evidence in the reader."""

    id: str
    roles: tuple[tuple[int, Stance], ...]
    """What it does for which claims, these counted from 1."""


Places = Mapping[Span, Place]


def places_of(check: FactCheck, articles: Articles) -> Places:
    """Every shown sentence of evidence whose article comes with the verdict, in order of first sight."""
    roles: dict[Span, list[tuple[int, Stance]]] = {}
    kept: dict[str, Article] = {}
    for claim, evidence in _shown(check):
        article = articles.get(evidence.span.article_id)
        if article is None or article.quote(evidence.span) != evidence.text:
            continue
        if article.id not in kept and len(article.text) + sum(len(one.text) for one in kept.values()) > MOST_CHARS:
            continue
        kept[article.id] = article
        roles.setdefault(evidence.span, []).append((claim, evidence.stance))
    return {
        span: Place(f"place-{number}", tuple(dict.fromkeys(does)))
        for number, (span, does) in enumerate(roles.items(), start=1)
    }


def _shown(check: FactCheck) -> Iterator[tuple[int, Evidence]]:
    for number, checked in enumerate(check.claims, start=1):
        yield from ((number, one) for one in checked.evidence)
    for conflict in check.conflicts:
        yield from ((conflict.claim + 1, one) for one in (conflict.first, conflict.second))


def reader_html(places: Places, articles: Articles) -> str:
    """Every article with a place in it, all hidden until one is opened."""
    marks: dict[str, list[MarkedSpan]] = {}
    for span, place in places.items():
        marks.setdefault(span.article_id, []).append(_mark(span, place))
    bodies = "".join(_article(articles[article_id], found) for article_id, found in marks.items())
    return f'{_BAR}<div class="pane">{bodies}</div>' if bodies else ""


def _article(article: Article, marks: Sequence[MarkedSpan]) -> str:
    title = markup.attribute(article.title or "Untitled article")
    return f'<article data-title="{title}" aria-label="{title}" hidden>{marked_article_html(article, marks)}</article>'


def _mark(span: Span, place: Place) -> MarkedSpan:
    stances = {stance for _, stance in place.roles if stance is not Stance.NEUTRAL}
    kind = stances.pop() if len(stances) == 1 else Stance.NEUTRAL if not stances else "both"
    return MarkedSpan(span, place.id, f"place {kind}", role_words(place))


def role_words(place: Place) -> str:
    """ "refutes claim 1, supports claim 3"."""
    return ", ".join(f"{_DOES[stance]} claim {claim}" for claim, stance in place.roles)
