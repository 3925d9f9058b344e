"""A result and the articles it rests on to a ledger, a JSON-ready dictionary that docs/claim-review.md describes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as version_of
from typing import Any

from assistant.bill import call_json
from assistant.ledger.places import BLOCK, block_digests, sha256_of
from assistant.settings import Settings
from assistant.types import (
    Answer,
    Article,
    Citation,
    Evidence,
    FactCheck,
    Filters,
    Hit,
    QuoteCheck,
    QuotePlace,
    Span,
    Turn,
    Verdict,
)

FORMAT = 1
REPLAYED = (
    *("answerer", "verifier", "retriever", "reranker", "top_k", "llm", "llm_temperature", "llm_seed", "llm_max_tokens"),
    *("llm_prompt_tokens", "llm_form", "llm_queries", "llm_repairs", "llm_claims"),
)
"""Settings that a replay takes from the ledger. No address, key or folder is among them: a ledger may come from anybody."""
FACTS = ("title", "publisher", "author", "published", "url", "status")

Ledger = dict[str, Any]
Result = FactCheck | Answer | QuoteCheck
_ANYTHING = Filters()


def ledger_of(
    result: Result,
    articles: Mapping[str, Article],
    version: str | None = None,
    *,
    settings: Settings | None = None,
    filters: Filters = _ANYTHING,
    history: Sequence[Turn] = (),
    article: str | None = None,
    created: datetime | None = None,
) -> Ledger:
    """The ledger of one result. `articles` holds the articles of all its spans, by id; what is missing there is not recorded.

    `settings`, `filters`, `history` and, for a quotation, `article` are what it was asked with. What the provenance tells of
    them is taken from there. `version` is this program's if not given, `created` this moment.
    """
    provenance = dict(getattr(result, "provenance", {}))
    rows = list(spans_of(result, articles))
    kind, text = _kind_and_text(result)
    document = {
        "ledger": FORMAT,
        "kind": kind,
        "created": (created or datetime.now(UTC)).astimezone(UTC).isoformat(timespec="seconds"),
        "version": version or provenance.get("version") or _installed_version(),
        "text": text,
        "by": getattr(result, "by", None),
        "article": article,
        "history": [{"question": turn.question, "answer": turn.answer} for turn in history],
        "filters": _filters(filters, provenance),
        "settings": _settings(settings, provenance),
        "verdicts": verdicts_of(result),
        "articles": [
            _article(articles[key]) for key in dict.fromkeys(row["article_id"] for row in rows) if key in articles
        ],
        "spans": rows,
        "calls": [call_json(call) for call in getattr(result, "calls", ())],
        "cost_usd": getattr(result, "cost_usd", 0.0),
        "provenance": provenance,
    }
    document = json.loads(json.dumps(document, default=str))
    return {**document, "sha256": content_digest(document)}


def content_digest(ledger: Mapping[str, Any]) -> str:
    """sha256 over the ledger without its `sha256`, as JSON with sorted keys, no spaces and ASCII only."""
    content = {key: value for key, value in ledger.items() if key != "sha256"}
    return hashlib.sha256(json.dumps(content, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def settings_of(ledger: Mapping[str, Any]) -> dict[str, Any]:
    """What a replay has to set, as `Assistant(**settings_of(ledger))`."""
    return {key: value for key, value in ledger["settings"].items() if key in REPLAYED and value is not None}


def verdicts_of(result: Result) -> list[dict[str, Any]]:
    """What was said: of the whole first (`claim` is None), then of each claim."""
    if isinstance(result, QuoteCheck):
        return [{"claim": None, "label": str(result.status), "why": result.why}]
    if isinstance(result, Answer):
        return [_answered(result)]
    return [
        {"claim": None, **_verdict(result.verdict), "missing": list(result.missing), "note": result.note},
        *(
            {
                "claim": number,
                "text": checked.claim.text,
                "start": checked.claim.start,
                "end": checked.claim.end,
                "kind": str(checked.claim.kind),
                **_verdict(checked.verdict),
                "missing": list(checked.missing),
                "differences": [[str(one.kind), one.in_claim, one.in_source] for one in checked.differences],
                "opinion": checked.opinion and asdict(checked.opinion),
            }
            for number, checked in enumerate(result.claims)
        ),
    ]


def _answered(answer: Answer) -> dict[str, Any]:
    return {
        "claim": None,
        "label": "answered" if answer.abstained is None else "abstained",
        "text": answer.text,
        "confidence": answer.confidence,
        "doubt": answer.doubt,
        "statements": [asdict(statement) for statement in answer.statements],
    }


def spans_of(result: Result, articles: Mapping[str, Article]) -> Iterator[dict[str, Any]]:
    """Every stretch of an article that the result names, with its role; `claim` is the index of the claim."""
    if isinstance(result, QuoteCheck):
        for place in result.places:
            yield _place(place)
            yield from _beside(place.beside, None, articles)
    elif isinstance(result, Answer):
        yield from (_citation(one, "citation") for one in result.citations)
        yield from (_citation(one, "refused") for one in result.rejected)
        yield from map(_passage, result.hits)
    else:
        yield from _check_spans(result, articles)


def _check_spans(check: FactCheck, articles: Mapping[str, Article]) -> Iterator[dict[str, Any]]:
    for number, checked in enumerate(check.claims):
        for one in checked.evidence:
            yield _evidence(one, "evidence", number)
            yield from _beside(one.beside, number, articles)
        yield from (_evidence(one, "rejected", number) for one in checked.rejected)
    for conflict in check.conflicts:
        yield from (_evidence(one, "conflict", conflict.claim) for one in (conflict.first, conflict.second))


def _row(role: str, span: Span, quote: str, claim: int | None = None, **more: Any) -> dict[str, Any]:
    place = {"article_id": span.article_id, "start": span.start, "end": span.end}
    return {"role": role, "claim": claim, **place, "quote": quote, **more}


def _evidence(evidence: Evidence, role: str, claim: int) -> dict[str, Any]:
    return _row(
        role,
        evidence.span,
        evidence.text,
        claim,
        zone=str(evidence.zone),
        stance=str(evidence.stance),
        score=evidence.score,
        decides=evidence.decides,
        source=evidence.source,
        attribution=evidence.attribution,
        reasons=list(evidence.notes),
    )


def _beside(span: Span | None, claim: int | None, articles: Mapping[str, Article]) -> Iterator[dict[str, Any]]:
    if span is not None and span.article_id in articles:
        yield _row("beside", span, articles[span.article_id].quote(span), claim)


def _citation(citation: Citation, role: str) -> dict[str, Any]:
    reasons = [str(citation.status), *filter(None, [citation.note])]
    return _row(role, citation.span, citation.quote, zone=str(citation.zone), marker=citation.marker, reasons=reasons)


def _passage(hit: Hit) -> dict[str, Any]:
    return _row(
        "passage", hit.passage.span, hit.passage.text, zone=str(hit.passage.zone), rank=hit.rank, score=hit.score
    )


def _place(place: QuotePlace) -> dict[str, Any]:
    return _row("place", place.span, place.quote, zone=str(place.zone), speaker=place.speaker)


def _article(article: Article) -> dict[str, Any]:
    return {
        "id": article.id,
        "sha256": sha256_of(article.text),
        "characters": len(article.text),
        "block": BLOCK,
        "blocks": block_digests(article.text),
        **article_facts(article),
    }


def article_facts(article: Article) -> dict[str, str | None]:
    """What is recorded of an article beside its text."""
    return {name: None if (value := getattr(article, name)) is None else str(value) for name in FACTS}


def _verdict(verdict: Verdict | None) -> dict[str, Any]:
    if verdict is None:
        return {"label": None}
    return {
        "label": str(verdict.label),
        "confidence": verdict.confidence,
        "why": verdict.why,
        "independent_sources": verdict.independent_sources,
        "verifier": verdict.verifier,
    }


def _filters(filters: Filters, provenance: Mapping[str, Any]) -> dict[str, str | None]:
    told = {name: getattr(filters, name) for name in ("publisher", "since", "until", "as_of")}
    told["as_of"] = told["as_of"] or provenance.get("as_of")
    return {name: None if value is None else str(value) for name, value in told.items()}


def _settings(settings: Settings | None, provenance: Mapping[str, Any]) -> dict[str, Any]:
    if settings is None:
        return {name: provenance[name] for name in REPLAYED if provenance.get(name) is not None}
    return {"embedder": settings.embedder, **{name: getattr(settings, name) for name in REPLAYED}}


def _installed_version() -> str:
    try:
        return version_of("assistant")
    except PackageNotFoundError:  # run from a checkout that was never installed
        return "0"


def _kind_and_text(result: Result) -> tuple[str, str]:
    if isinstance(result, FactCheck):
        return "check", result.statement
    return ("answer", result.question) if isinstance(result, Answer) else ("quote", result.quote)
