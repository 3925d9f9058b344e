"""Values to JSON-ready dictionaries: the shapes that others script against (README, "Contracts").

Offsets are code points of the article's text; unknown metadata is null.
"""

from __future__ import annotations

from typing import Any

from assistant.bill import call_json
from assistant.library import Counts, facts_of
from assistant.types import (
    Answer,
    Article,
    ArticleFacts,
    ArticleRow,
    CheckedStatement,
    Citation,
    Difference,
    Hit,
    IngestReport,
    StatementState,
    Usage,
)

Json = dict[str, Any]

STATE_WORDS = {
    StatementState.VERIFIED: "verified",
    StatementState.CITED: "cited, wording not verified",
    StatementState.PARTLY: "partly in its source",
    StatementState.CONTRADICTED: "contradicted by its source",
    StatementState.NOT_IN_SOURCES: "not in the sources",
}
"""What a reader is told of a statement, on the page and on the terminal."""
ATTRIBUTED = "The model named no source; this one was found for it."


def answer_json(answer: Answer) -> Json:
    return {
        "question": answer.question,
        "text": answer.text,
        "abstained": answer.abstained,
        "confidence": None if answer.confidence is None else round(answer.confidence, 4),
        "citations": [citation_json(citation) for citation in answer.citations],
        "rejected": [citation_json(citation) for citation in answer.rejected],
        "findings": [finding_json(finding) for finding in answer.findings],
        "statements": [statement_json(statement) for statement in answer.statements],
        "doubt": answer.doubt or None,
        "note": answer.note or None,
        "search_question": answer.search_question,
        "hits": [hit_json(hit) for hit in answer.hits],
        "usage": usage_json(answer.usage),
        "calls": [call_json(call) for call in answer.calls],
        "cost_usd": answer.cost_usd,
        "timings": {stage: round(seconds, 4) for stage, seconds in answer.timings.items()},
        "provenance": dict(answer.provenance),
    }


def citation_json(citation: Citation) -> Json:
    return {
        "marker": citation.marker,
        "quote": citation.quote,
        **facts_json(citation.article),
        "zone": str(citation.zone),
        "start": citation.span.start,
        "end": citation.span.end,
        "answer_start": citation.answer_start,
        "answer_end": citation.answer_end,
        "status": str(citation.status),
        "note": citation.note or None,
    }


def statement_json(statement: CheckedStatement) -> Json:
    """`start` and `end` are code points of the answer's text, markers excluded."""
    return {
        "start": statement.start,
        "end": statement.end,
        "state": str(statement.state),
        "why": statement.why or None,
        "attributed": statement.attributed,
        "sources": statement.sources,
    }


def state_reason(statement: CheckedStatement) -> str:
    """Why a statement has its state, and whether code found its source; empty where there is nothing to say."""
    return " ".join(filter(None, (statement.why, ATTRIBUTED if statement.attributed else "")))


def usage_json(usage: Usage) -> Json:
    return {"input_tokens": usage.input_tokens, "output_tokens": usage.output_tokens, "exact": usage.exact}


def finding_json(finding: Difference) -> Json:
    """`start` and `end` are code points of the answer's text, the source's of the article's."""
    return {
        "kind": str(finding.kind),
        "in_claim": finding.in_claim,
        "in_source": finding.in_source,
        "start": finding.start,
        "end": finding.end,
        "article_id": finding.article_id or None,
        "source_start": finding.source_start,
        "source_end": finding.source_end,
        "note": finding.note or None,
    }


def finding_words(finding: Difference) -> tuple[str, str]:
    """(what was found, words of the article to show with it); the words are empty where the answer or the note has them."""
    words = " ".join(finding.in_source.split())
    said = words in finding.note or words in " ".join(finding.in_claim.split())
    return finding.note, "" if said else words


def hit_json(hit: Hit) -> Json:
    span = hit.passage.span
    return {
        "rank": hit.rank,
        "article_id": span.article_id,
        "start": span.start,
        "end": span.end,
        "zone": str(hit.passage.zone),
        "score": round(hit.score, 6),
        "parts": {voice: round(score, 6) for voice, score in hit.parts.items()},
    }


def facts_json(facts: ArticleFacts) -> Json:
    return {
        "article_id": facts.id,
        "source_id": facts.source_id,
        "title": facts.title,
        "publisher": facts.publisher,
        "author": facts.author,
        "published": facts.published and facts.published.isoformat(),
        "url": facts.url,
        "language": facts.language,
        "article_status": str(facts.status),
    }


def article_json(article: Article) -> Json:
    facts = facts_json(facts_of(article))
    status = facts.pop("article_status")
    return {
        **facts,
        "retrieved": article.retrieved and article.retrieved.isoformat(),
        "status": status,
        "fingerprint": article.fingerprint,
        "pages": list(article.pages),
        "sections": [
            {"zone": str(section.zone), "start": section.span.start, "end": section.span.end}
            for section in article.sections
        ],
        "text": article.text,
    }


def row_json(row: ArticleRow) -> Json:
    facts = facts_json(row.facts)
    return {
        **{
            key: facts[key] for key in ("article_id", "source_id", "title", "publisher", "published", "url", "language")
        },
        "status": facts["article_status"],
        "source_ids": list(row.source_ids),
        "versions": row.versions,
        "passages": row.passages,
        "embedded": row.embedded,
        "duplicate_of": row.duplicate_of,
        "current": row.current,
    }


def report_json(report: IngestReport) -> Json:
    return {
        "added": list(report.added),
        "unchanged": list(report.unchanged),
        "replaced": list(report.replaced),
        "updated": list(report.updated),
        "failed": [{"source": failure.source, "reason": failure.reason} for failure in report.failed],
        "passages": report.passages,
        "embedded": report.embedded,
        "seconds": round(report.seconds, 3),
    }


def counts_json(counts: Counts) -> Json:
    return {
        "articles": counts.articles,
        "passages": counts.passages,
        "embedded": counts.embedded,
        "embeddable": counts.embeddable,
    }
