"""A stretch of an article to whether it may decide a claim, by the part of the page it stands in.

The falsehoods that an article repeats in order to refute them are found by debunks.py.
"""

from __future__ import annotations

from dataclasses import dataclass

from assistant.checks.attribution import attribution_of
from assistant.checks.debunks import Debunked, debunked_claims, is_debunked
from assistant.chunking import zone_at
from assistant.types import Article, Span, Zone

__all__ = ["Debunked", "ZoneLabel", "debunked_claims", "is_debunked", "zone_label"]


@dataclass(frozen=True, slots=True)
class ZoneLabel:
    """What a zone lets its words do."""

    zone: Zone
    may_decide: bool
    """Whether the words may decide a claim by themselves."""
    adds: bool
    """Whether they may add to what other sentences decide."""
    note: str
    """One sentence for the reader, empty for the body."""


_NOTES = {
    Zone.HEADLINE: "A headline, which is shorter than what it heads: where the body differs, the body counts.",
    Zone.BYLINE: "The line that names author and date, no reporting.",
    Zone.CAPTION: "A caption: not enough by itself.",
    Zone.CORRECTION: "The paper's own correction.",
    Zone.COMMENT: "A reader's comment: opinion, never evidence.",
    Zone.BOILERPLATE: "A menu, a box or a link to another story, no reporting.",
}
_NEVER = (Zone.COMMENT, Zone.BOILERPLATE, Zone.BYLINE)


def zone_label(article: Article, span: Span) -> ZoneLabel:
    """The label of the words at `span`. A span that touches a comment or a menu is labelled as that."""
    zone = _lowest_zone(article, span)
    if zone is Zone.QUOTATION:
        speaker = attribution_of(article, span)
        said = f"Somebody's words ({speaker})" if speaker else "Somebody's words"
        return ZoneLabel(zone, True, True, f"{said}: they decide only that this was said.")
    adds = zone not in _NEVER
    return ZoneLabel(zone, adds and zone is not Zone.CAPTION, adds, _NOTES.get(zone, ""))


def _lowest_zone(article: Article, span: Span) -> Zone:
    touched = {section.zone for section in article.sections if section.span.overlaps(span)}
    lowest = next((zone for zone in (Zone.COMMENT, Zone.BOILERPLATE) if zone in touched), None)
    return lowest or zone_at(article, span.start, span.end)
