"""A checked text to its JSON document, which `assistant check --json` prints too; docs/claim-review.md names the keys.

Positions count Unicode code points and the end is the first one outside: those of a claim in `statement`, those of evidence in
the article's text. `null` means not known. Keys are only ever added.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from assistant.bill import call_json
from assistant.exports import Exporter
from assistant.exports._words import printable
from assistant.types import (
    Article,
    ArticleFacts,
    CheckedClaim,
    Conflict,
    Difference,
    Evidence,
    FactCheck,
    Opinion,
    QuoteCheck,
    QuotePlace,
    Span,
    Verdict,
)

SUFFIX = ".json"
MEDIA_TYPE = "application/json"

Json = dict[str, Any]
Articles = Mapping[str, Article]
_NONE: Articles = {}


def make() -> Exporter:
    return Exporter(export, SUFFIX, MEDIA_TYPE)


def export(check: FactCheck, articles: Articles) -> str:
    return to_text(check_document(check, articles))


def to_text(document: Mapping[str, Any]) -> str:
    """JSON that UTF-8 can hold, with a line end; what JSON has no type for is written as text."""
    return printable(json.dumps(document, ensure_ascii=False, indent=2, default=str)) + "\n"


def check_document(check: FactCheck, articles: Articles = _NONE) -> Json:
    """`articles` give the words of `beside`; without them it has its place alone."""
    return {
        "statement": check.statement,
        "verdict": _verdict(check.verdict),
        "claims": [_claim(checked, articles) for checked in check.claims],
        "conflicts": [_conflict(conflict, articles) for conflict in check.conflicts],
        "missing": list(check.missing),
        "provenance": dict(check.provenance),
        "timings": {stage: round(seconds, 4) for stage, seconds in check.timings.items()},
        "note": check.note or None,
        "calls": [call_json(call) for call in check.calls],
        "cost_usd": check.cost_usd,
    }


def quote_document(check: QuoteCheck, articles: Articles = _NONE) -> Json:
    """The JSON of a checked quotation: whether the words stand in an article, where, and what differs."""
    return {
        "quote": check.quote,
        "by": check.by,
        "status": str(check.status),
        "why": check.why,
        "differences": [_difference(difference) for difference in check.differences],
        "places": [_quote_place(place, articles) for place in check.places],
    }


def _verdict(verdict: Verdict) -> Json:
    return {
        "label": str(verdict.label),
        "confidence": round(verdict.confidence, 4),
        "why": verdict.why,
        "independent_sources": verdict.independent_sources,
        "verifier": verdict.verifier or None,
    }


def _claim(checked: CheckedClaim, articles: Articles) -> Json:
    claim = checked.claim
    return {
        "text": claim.text,
        "start": claim.start,
        "end": claim.end,
        "checkable": claim.checkable,
        "kind": str(claim.kind),
        "resolved": claim.resolved or claim.text,
        "verdict": _verdict(checked.verdict) if checked.verdict else None,
        "evidence": [_evidence(evidence, articles) for evidence in checked.evidence],
        "differences": [_difference(difference) for difference in checked.differences],
        "missing": list(checked.missing),
        "rejected": [_evidence(evidence, articles) for evidence in checked.rejected],
        "opinion": _opinion(checked.opinion) if checked.opinion else None,
    }


def _opinion(opinion: Opinion) -> Json:
    """A chat model's, which no verdict counts; the spans are those of evidence."""
    places = [{"article_id": one.article_id, "start": one.start, "end": one.end} for one in opinion.evidence]
    return {"label": str(opinion.label), "why": opinion.why, "model": opinion.model, "evidence": places}


def _evidence(evidence: Evidence, articles: Articles) -> Json:
    return {
        "quote": evidence.text,
        **_source(evidence.span, evidence.article),
        "zone": str(evidence.zone),
        "stance": str(evidence.stance),
        "start": evidence.span.start,
        "end": evidence.span.end,
        "attribution": evidence.attribution,
        "score": round(evidence.score, 4),
        "decides": evidence.decides,
        "notes": list(evidence.notes),
        "source": evidence.source or None,
        "beside": _beside(evidence.beside, articles),
        "differences": [_difference(difference) for difference in evidence.differences],
    }


def _source(span: Span, article: ArticleFacts | None) -> Json:
    return {
        "article_id": span.article_id,
        "source_id": article and article.source_id,
        "title": article and article.title,
        "publisher": article and article.publisher,
        "published": article.published.isoformat() if article and article.published else None,
        "url": article and article.url,
        "status": str(article.status) if article else None,
    }


def _beside(span: Span | None, articles: Articles) -> Json | None:
    if span is None:
        return None
    article = articles.get(span.article_id)
    return {"start": span.start, "end": span.end, "quote": article.quote(span) if article else None}


def _difference(difference: Difference) -> Json:
    return {
        "kind": str(difference.kind),
        "in_claim": difference.in_claim,
        "in_source": difference.in_source,
        "start": difference.start,
        "end": difference.end,
        "article_id": difference.article_id or None,
        "source_start": difference.source_start,
        "source_end": difference.source_end,
        "note": difference.note or None,
    }


def _conflict(conflict: Conflict, articles: Articles) -> Json:
    return {
        "claim": conflict.claim,
        "first": _evidence(conflict.first, articles),
        "second": _evidence(conflict.second, articles),
        "differences": [_difference(difference) for difference in conflict.differences],
        "note": conflict.note or None,
    }


def _quote_place(place: QuotePlace, articles: Articles) -> Json:
    return {
        "quote": place.quote,
        **_source(place.span, place.article),
        "zone": str(place.zone),
        "speaker": place.speaker,
        "start": place.span.start,
        "end": place.span.end,
        "beside": _beside(place.beside, articles),
    }
