"""What a verdict leaves open: the parts of a claim that no evidence bears out, and what would settle them.

One sentence a part, for the reader who wants to go on asking.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from assistant.checks.values import missing_in_all
from assistant.quantities import comparable_terms, comparable_words
from assistant.types import Evidence, Kind, Label, Stance, Verdict

MAX_PARTS = 4
SETTLES = {
    Kind.NUMBER: "a source that gives this figure",
    Kind.UNIT: "a source that gives the figure in this unit",
    Kind.BOUND: "a source that gives the exact figure",
    Kind.DATE: "a source that gives the day",
    Kind.NAME: "a source that names them in this matter",
}


def unmet_parts(claim: str, verdict: Verdict, evidence: Sequence[Evidence], day: date | None = None) -> tuple[str, ...]:
    """What is not settled about the claim; nothing for one that several sources support or any refute."""
    deciding = [one for one in evidence if one.decides]
    if verdict.label is Label.CONFLICTING:
        return (
            "The sources contradict each other; what both go back to, or a later report that says which is right, "
            "would settle it.",
        )
    if verdict.label is Label.SUPPORTED:
        return (
            ()
            if verdict.independent_sources > 1
            else ("There is one source; a second, independent one would confirm it.",)
        )
    if verdict.label is Label.REFUTED:
        return ()
    return tuple(_parts(claim, deciding, day))[:MAX_PARTS]


def _parts(claim: str, evidence: Sequence[Evidence], day: date | None) -> Iterator[str]:
    if not evidence:
        yield "No article in the library is about this; one that is would be the next step."
        return
    texts = [f"{one.text} {one.article.title if one.article and one.article.title else ''}" for one in evidence]
    days = [one.article.published if one.article else None for one in evidence]
    lacking = missing_in_all(claim, texts, day, days)
    for difference in lacking:
        yield f"No source has “{difference.in_claim}”; {SETTLES.get(difference.kind, 'a source that says it')} would settle it."
    valued = {word.term for one in lacking for word in comparable_words(one.in_claim)}
    there = {word.term for text in texts for word in comparable_words(text)}
    unsaid = [word for word in _shown(claim) if word[0] not in there and word[0] not in valued]
    if unsaid:
        words = ", ".join(f"“{shown}”" for _, shown in unsaid[:MAX_PARTS])
        yield f"The nearest sentences do not say {words}; a report that does would settle it."
    elif not lacking:
        nearest = next((one for one in evidence if one.stance is Stance.NEUTRAL), None)
        about = "say all of its words, but not together" if nearest is None else "speak of it without saying it"
        yield f"The nearest sentences {about}; a report that says it in one sentence would settle it."


def _shown(claim: str) -> list[tuple[str, str]]:
    """(term, as written) of the claim's words that carry meaning."""
    meant = set(comparable_terms(claim))
    return [(word.term, claim[word.start : word.end]) for word in comparable_words(claim) if word.term in meant]
