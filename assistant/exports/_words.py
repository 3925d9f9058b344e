"""Values to the words that a reader of an export sees, the same in every format. Nothing here is escaped yet."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from assistant.bill import bill_words
from assistant.types import (
    ArticleFacts,
    CheckedClaim,
    Difference,
    Evidence,
    FactCheck,
    Kind,
    Label,
    Opinion,
    Stance,
    Status,
    Verdict,
    Zone,
)

VERDICTS = {
    Label.SUPPORTED: "Supported",
    Label.REFUTED: "Refuted",
    Label.CONFLICTING: "Conflicting",
    Label.NOT_ENOUGH: "Not enough evidence",
}
STANCES = {Stance.SUPPORTS: "Supports", Stance.REFUTES: "Refutes", Stance.NEUTRAL: "Takes no side"}
_ZONES = {
    Zone.HEADLINE: "headline",
    Zone.BYLINE: "byline",
    Zone.QUOTATION: "quoted words",
    Zone.CAPTION: "caption",
    Zone.CORRECTION: "correction",
    Zone.COMMENT: "reader's comment",
    Zone.BOILERPLATE: "page furniture",
}
_STATUSES = {Status.CORRECTED: "corrected article", Status.RETRACTED: "retracted article", Status.SATIRE: "satire"}
_KINDS = {Kind.OPPOSITE: "opposite outcome", Kind.CUT: "cut off", Kind.ZONE: "place", Kind.STATUS: "article's status"}

_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
_TURNS = re.compile("[\u202a-\u202e\u2066-\u2069]")
_SPACE = re.compile(r"\s+")
_ADDRESS = re.compile(r"https?://[^\s<>\"'`\\\x00-\x20\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]+", re.IGNORECASE)


def printable(text: object) -> str:
    """The text with a U+FFFD for each character that no document can hold: controls, lone surrogates. Same length."""
    return _UNPRINTABLE.sub("\ufffd", str(text))


def one_line(text: object) -> str:
    """For titles and names: one line, and nothing in it turns the direction of what follows."""
    return _SPACE.sub(" ", _TURNS.sub("", printable(text))).strip()


def web_address(url: str | None) -> str | None:
    """The URL if it may become a link: http or https with a host, and no character that could end a link."""
    try:
        return url if url and _ADDRESS.fullmatch(url) and urlsplit(url).hostname else None
    except ValueError:
        return None


def verdict_word(verdict: Verdict) -> str:
    return VERDICTS[verdict.label]


def text_word(check: FactCheck) -> str:
    """The verdict on the whole text; "Not checked" where nothing in it could be."""
    return verdict_word(check.verdict) if is_checked(check) else "Not checked"


def is_checked(check: FactCheck) -> bool:
    """Whether any claim of the text has a verdict; the label of a text without one is a stand-in."""
    return any(checked.verdict for checked in check.claims)


def further_words(check: FactCheck) -> str:
    """The check's note, without what the verdict's reason says already."""
    return check.note.replace(check.verdict.why, "").strip()


def claim_word(checked: CheckedClaim) -> str:
    """ "Refuted", or why there is no verdict: "Not checked: opinion"."""
    return verdict_word(checked.verdict) if checked.verdict else f"Not checked: {checked.claim.kind}"


def certainty(verdict: Verdict) -> str:
    """ "confidence 0.87, 2 independent sources"."""
    sources = verdict.independent_sources
    counted = f", {sources} independent source{'' if sources == 1 else 's'}" if sources else ""
    return f"confidence {verdict.confidence:.2f}{counted}"


def opinion_words(opinion: Opinion) -> str:
    """ "The model's view (openai:gpt-5-mini, not counted): supported - Both sources name 30 nations." """
    said = " - ".join(filter(None, (VERDICTS[opinion.label].lower(), one_line(opinion.why))))
    return f"The model's view ({one_line(opinion.model)}, not counted): {said}"


def made_facts(check: FactCheck) -> list[tuple[str, str]]:
    """How a check was made: its provenance, and what chat models did for it."""
    bill = bill_words(check.calls, check.cost_usd)
    return [*flat_facts(check.provenance), *([("models asked", one_line(bill))] if bill else [])]


def source_parts(article: ArticleFacts | None) -> tuple[str, str, str]:
    """(publisher, day, title), unknown where unknown."""
    if article is None:
        return "publisher unknown", "date unknown", "untitled"
    published = article.published.isoformat() if article.published else "date unknown"
    return (
        one_line(article.publisher or "publisher unknown"),
        published,
        one_line(article.title or "untitled"),
    )


def zone_word(zone: Zone) -> str:
    """ "caption"; empty for the body, which needs no label."""
    return _ZONES.get(zone, "")


def status_word(article: ArticleFacts | None) -> str:
    """ "retracted article"; empty for an article in force, and where there is none."""
    return _STATUSES.get(article.status, "") if article else ""


def evidence_labels(evidence: Evidence) -> list[str]:
    """What a reader has to know of the place: a caption, a comment, a retracted article, who says it."""
    labels = [label for label in (zone_word(evidence.zone), status_word(evidence.article)) if label]
    labels += [one_line(evidence.attribution)] if evidence.attribution else []
    labels += ["limited by the words beside it"] if evidence.beside else []
    labels += [f"source {evidence.source}"] if evidence.source else []
    return labels + ([] if evidence.decides else ["not counted"])


def kind_word(kind: Kind) -> str:
    word = _KINDS.get(kind, str(kind))
    return word[0].upper() + word[1:]


def difference_sides(
    difference: Difference, ours: str = "the claim", theirs: str = "the source"
) -> list[tuple[str, str]]:
    """(who, words) for each side that has words; a side that lacks them says so with empty words."""
    sides = [(ours, difference.in_claim), (theirs, difference.in_source)]
    return sides if any(words for _, words in sides) else []


def further_note(difference: Difference) -> str:
    """The difference's note, unless it only says again which words stand on which side."""
    sides = (difference.in_claim, difference.in_source)
    return "" if all(words and words in difference.note for words in sides) else difference.note


def distinct(differences: Iterable[Difference]) -> list[Difference]:
    """One of those that read the same: several sources may differ from a claim in one way."""
    return list({(one.kind, one.in_claim, one.in_source, one.note): one for one in differences}.values())


def articles_used(check: FactCheck) -> dict[str, ArticleFacts | None]:
    """Every article that shown evidence comes from, in order of first sight."""
    used: dict[str, ArticleFacts | None] = {}
    for evidence in shown_evidence(check):
        used.setdefault(evidence.span.article_id, evidence.article)
    return used


def shown_evidence(check: FactCheck) -> Iterator[Evidence]:
    for checked in check.claims:
        yield from checked.evidence
    for conflict in check.conflicts:
        yield from (conflict.first, conflict.second)


def flat_facts(provenance: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    """Nested values as ("library articles", "36") in their order; nothing for what is not known."""
    for key, value in provenance.items():
        name = f"{prefix}{key}".replace("_", " ")
        if isinstance(value, Mapping):
            yield from flat_facts(value, f"{name} ")
        elif isinstance(value, list | tuple):
            yield name, ", ".join(map(one_line, value))
        elif value is not None:
            yield name, one_line(value)
