"""A checked text to schema.org's ClaimReview as JSON-LD: one object for one claim, a `@graph` for more. Always a draft.

docs/claim-review.md says why only two of the four labels get a number. Claims without a verdict are left out.
https://schema.org/ClaimReview
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

from assistant.exports import Exporter
from assistant.exports._words import one_line, printable, web_address
from assistant.types import Article, ArticleFacts, CheckedClaim, FactCheck, Label, Verdict

SUFFIX = ".jsonld"
MEDIA_TYPE = "application/ld+json"

BEST, WORST = 5, 1
RATINGS = {Label.SUPPORTED: BEST, Label.REFUTED: WORST}
"""Conflicting and too little evidence have none: a number between would read as "half true"."""
NAMES = {
    Label.SUPPORTED: "Supported by the articles",
    Label.REFUTED: "Refuted by the articles",
    Label.CONFLICTING: "Conflicting evidence",
    Label.NOT_ENOUGH: "Not enough evidence",
}
DESCRIPTION = (
    "Machine draft: a program compared the claim with the articles at hand. Nobody has reviewed it; it is not a verdict of a "
    "person or a newsroom."
)

Json = dict[str, Any]


def make() -> Exporter:
    return Exporter(export, SUFFIX, MEDIA_TYPE)


def export(
    check: FactCheck,
    articles: Mapping[str, Article],
    *,
    author: str | None = None,
    day: date | None = None,
    url: str | None = None,
    appearance: str | None = None,
) -> str:
    """The JSON-LD text; safe inside a <script> element too. See `claim_reviews` for the arguments."""
    reviews = claim_reviews(check, author=author, day=day, url=url, appearance=appearance)
    context = {"@context": "https://schema.org"}
    document = context | (reviews[0] if len(reviews) == 1 else {"@graph": reviews})
    text = printable(json.dumps(document, ensure_ascii=False, indent=2))
    for char in "<>&\u2028\u2029":
        text = text.replace(char, f"\\u{ord(char):04x}")
    return text + "\n"


def claim_reviews(
    check: FactCheck,
    *,
    author: str | None = None,
    day: date | None = None,
    url: str | None = None,
    appearance: str | None = None,
) -> list[Json]:
    """One ClaimReview for each claim with a verdict.

    `author` is the organisation that publishes the review, `day` the day it does (today in UTC if not given), `url` the page
    it stands on, `appearance` the page that the claim comes from. What is not known is left out.
    """
    published = (day or datetime.now(UTC).date()).isoformat()
    known: Json = {"datePublished": published}
    known |= {"author": {"@type": "Organization", "name": one_line(author)}} if author else {}
    known |= {"url": url} if url else {}
    return [_review(one, one.verdict, known, appearance) for one in check.claims if one.verdict]


def _review(checked: CheckedClaim, verdict: Verdict, known: Json, appearance: str | None) -> Json:
    claim = checked.claim
    item: Json = {"@type": "Claim", "text": claim.text}
    item |= {"appearance": {"@type": "CreativeWork", "url": appearance}} if appearance else {}
    used = {one.span.article_id: one.article for one in checked.evidence if one.decides and one.article}
    review = {
        "@type": "ClaimReview",
        "creativeWorkStatus": "Draft",
        "description": DESCRIPTION,
        "claimReviewed": claim.resolved or claim.text,
        "reviewRating": _rating(verdict),
        "itemReviewed": item,
        **known,
    }
    return review | ({"citation": _citations(list(used.values()))} if used else {})


def _rating(verdict: Verdict) -> Json:
    rating: Json = {"@type": "Rating", "alternateName": NAMES[verdict.label], "ratingExplanation": verdict.why}
    if verdict.label in RATINGS:
        rating |= {"ratingValue": RATINGS[verdict.label], "bestRating": BEST, "worstRating": WORST}
    return rating


def _citations(articles: Sequence[ArticleFacts | None]) -> list[Json]:
    return [_article(article) for article in articles if article]


def _article(article: ArticleFacts) -> Json:
    told: Json = {
        "headline": article.title,
        "publisher": {"@type": "Organization", "name": article.publisher} if article.publisher else None,
        "datePublished": article.published and article.published.isoformat(),
        "url": web_address(article.url),
        "identifier": f"sha256:{article.id}",
    }
    return {"@type": "NewsArticle", **{key: value for key, value in told.items() if value}}
