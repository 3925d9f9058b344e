"""Checked texts made by hand: offsets are found in the articles, so that every span is exact."""

from __future__ import annotations

from datetime import date
from typing import Any

from assistant.articles import make_article
from assistant.library import facts_of
from assistant.types import (
    Article,
    CheckedClaim,
    Claim,
    ClaimKind,
    Conflict,
    Difference,
    Evidence,
    FactCheck,
    Kind,
    Label,
    QuoteCheck,
    QuotePlace,
    QuoteStatus,
    Span,
    Stance,
    Status,
    Verdict,
    Zone,
)

PENTAGON = (
    "Defence chiefs head for the Pentagon\n\n"
    "The next stop is the Pentagon. Delegates of 30 nations are expected there this week. "
    "Officials cautioned that the list was not final.\n\n"
    "Nobody signed a document on Monday."
)
LEDGER = "The hall was full.\n\nDefense officials from forty countries were due to gather, the organisers said."
DRAFT = "Delegates of 40 nations were expected at the Pentagon. A peace treaty was signed. What comes next?"
CUT = "Officials cautioned that the list was not final."


def article(text: str = PENTAGON, **facts: Any) -> Article:
    told: dict[str, Any] = {
        "title": "Defence chiefs head for the Pentagon",
        "url": "https://wire.example/pentagon",
        "publisher": "The Wire",
        "published": date(2025, 8, 20),
        "language": "en",
        "status": Status.CURRENT,
    }
    return make_article(text, **(told | facts))


def span_of(source: Article, words: str) -> Span:
    at = source.text.index(words)
    return Span(source.id, at, at + len(words))


def evidence(stored: Article, words: str, stance: Stance = Stance.REFUTES, **more: Any) -> Evidence:
    """The words as they stand in the article."""
    values: dict[str, Any] = {"zone": Zone.BODY, "score": 0.9, "article": facts_of(stored), "source": 1}
    return Evidence(span_of(stored, words), words, stance=stance, **(values | more))


def difference(
    text: str, in_claim: str, source: Article, in_source: str, kind: Kind = Kind.NUMBER, note: str = ""
) -> Difference:
    start, there = text.index(in_claim), span_of(source, in_source)
    return Difference(kind, in_claim, in_source, start, start + len(in_claim), there.start, there.end, source.id, note)


def claim(text: str, words: str, kind: ClaimKind = ClaimKind.FACT, resolved: str = "") -> Claim:
    start = text.index(words)
    return Claim(words, start, start + len(words), kind, resolved or words)


def verdict(label: Label, why: str = "According to The Wire.", sources: int = 1) -> Verdict:
    return Verdict(label, 0.87, why, sources, "light")


def make_check() -> tuple[FactCheck, dict[str, Article]]:
    """Three claims of a draft: a conflicting number, one without evidence, a question; a comment and a retracted article."""
    wire = article()
    ledger = article(
        LEDGER,
        title="At the hall",
        url="https://ledger.example/hall",
        publisher="Northfield Ledger",
        status=Status.RETRACTED,
    )
    numbers = "Delegates of 30 nations are expected there this week."
    hall = "Defense officials from forty countries were due to gather, the organisers said."
    against = evidence(wire, numbers, beside=span_of(wire, CUT), notes=("this week = 18 to 24 August 2025",))
    in_favour = evidence(
        ledger, hall, Stance.SUPPORTS, zone=Zone.COMMENT, decides=False, source=2, attribution="the organisers"
    )
    between = span_of(wire, "30"), span_of(ledger, "forty")
    checked = (
        CheckedClaim(
            claim(DRAFT, "Delegates of 40 nations were expected at the Pentagon."),
            verdict(Label.CONFLICTING, sources=2),
            evidence=(against, in_favour),
            differences=(difference(DRAFT, "40", wire, "30", note="The claim says 40, the source says 30."),),
            rejected=(
                evidence(wire, "The next stop is the Pentagon.", Stance.NEUTRAL, notes=("Says nothing of it.",)),
            ),
        ),
        CheckedClaim(
            claim(DRAFT, "A peace treaty was signed.", resolved="A peace treaty was signed in Washington."),
            verdict(Label.NOT_ENOUGH, "No article settles it.", 0),
            missing=("No article says whether a treaty was signed.",),
        ),
        CheckedClaim(claim(DRAFT, "What comes next?", ClaimKind.QUESTION), None),
    )
    conflict = Conflict(
        0,
        against,
        in_favour,
        (
            Difference(
                Kind.NUMBER,
                "30",
                "forty",
                between[0].start,
                between[0].end,
                between[1].start,
                between[1].end,
                ledger.id,
            ),
        ),
        "Two sources give two numbers.",
    )
    check = FactCheck(
        DRAFT,
        checked,
        verdict(Label.CONFLICTING, "Two sources disagree.", 2),
        (conflict,),
        ("No article says whether a treaty was signed.",),
        {"retrieve": 0.1, "total": 0.2},
        {"version": "0.1.0", "verifier": "light", "as_of": "2025-08-21", "library": {"articles": 2}},
        "The text was cut.",
    )
    return check, {wire.id: wire, ledger.id: ledger}


def one_claim(
    quote: str, source: Article, statement: str = "It is so.", label: Label = Label.REFUTED, why: str = "Because."
) -> FactCheck:
    """A statement of one claim with one quotation as its evidence."""
    one = CheckedClaim(Claim(statement, 0, len(statement)), verdict(label, why), (evidence(source, quote),))
    return FactCheck(statement, (one,), verdict(label, why))


def make_quote() -> tuple[QuoteCheck, dict[str, Article]]:
    wire = article()
    words = "Delegates of 30 nations are expected there"
    place = QuotePlace(
        span_of(wire, words), words, facts_of(wire), Zone.QUOTATION, speaker="An official", beside=span_of(wire, CUT)
    )
    quote = "Delegates of 31 nations are expected there"
    return (
        QuoteCheck(
            quote,
            "The minister",
            QuoteStatus.ALTERED,
            "A word differs.",
            (place,),
            (difference(quote, "31", wire, "30"),),
        ),
        {wire.id: wire},
    )
