"""Accounts of one matter that differ, one of them the claim's: each becomes evidence, one for the claim and one against it.

Two speakers in one article ("the city says 4,200, the county 6,800"), or two articles that give another number, day or
actor. The claim need not be in either's words: a dispute is told whether or not a verifier would call the claim supported.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import product

from assistant.checks.attribution import foreseen
from assistant.checks.conflict import Side, conflict_between, has_deed, two_sides
from assistant.checks.status import withdrawn_statements
from assistant.checks.values import bears_out
from assistant.chunking import article_sentences
from assistant.evidence import Candidate
from assistant.terms import terms, terms_in
from assistant.types import Article, Difference, Evidence, Judgement, Kind, Premise, Span, Stance
from assistant.values import Value, find_values, same_unit
from assistant.verifiers.light import nearly_says
from assistant.weighing import weigh

ON_THE_MATTER = 0.15  # how likely a sentence must support or refute the claim for its accounts to count
TOLD = 0.7  # how likely a speaker's figure settles the claim, for or against
SAME_MATTER = 0.4  # share of the claim's other words that a sentence with another figure must have
CLEAR = 0.9  # from this likelihood on only another actor disputes it: figures beside a clear sentence are mostly others
COMPARED = 6  # sentences, the nearest to the claim, that are set beside those of other articles


def two_accounts(
    claim: str, candidate: Candidate, judgement: Judgement, day: date | None = None
) -> tuple[Evidence, ...]:
    """A sentence, or two, in which one speaker gives the claim's figure and another one a different figure.

    One is evidence for the claim and the other against it, each as its speaker's; nothing where the sentence is about
    something else than the claim, gives the claim's figure nowhere, or corrects one figure by another.
    """
    if max(judgement.supports, judgement.refutes) < ON_THE_MATTER:
        return ()
    article, span = candidate.article, candidate.span
    if any(notice.notice.overlaps(span) for notice in withdrawn_statements(article)):
        return ()
    sides = two_sides(article.text[span.start : _end_of_next(candidate)])
    if sides is None:
        return ()
    wanted = [value for value in find_values(claim, day) if value.kind is Kind.NUMBER]
    agreeing = [any(bears_out(found, value) for found in find_values(side.value) for value in wanted) for side in sides]
    if agreeing[0] == agreeing[1]:
        return ()
    own, other = sides if agreeing[0] else sides[::-1]
    whole = weigh(claim, candidate, judgement, day)
    return (
        _account(whole, article, span.start, own, Stance.SUPPORTS, ()),
        _account(whole, article, span.start, other, Stance.REFUTES, _figures(wanted, claim, other, span)),
    )


def _end_of_next(candidate: Candidate) -> int:
    """Where the sentence after the candidate ends, if it is in the same paragraph; else where the candidate does."""
    text, end = candidate.article.text, candidate.span.end
    at = text.find(candidate.premise.after, end) if candidate.premise.after else -1
    return at + len(candidate.premise.after) if at >= 0 and "\n" not in text[end:at] else end


def _account(
    whole: Evidence, article: Article, start: int, side: Side, stance: Stance, differences: tuple[Difference, ...]
) -> Evidence:
    """The evidence of one speaker: the sentence in which the figure stands."""
    at = start + side.start
    sentence = next(s for s in article_sentences(article) if s.start <= at < s.end)
    return replace(
        whole,
        span=Span(article.id, sentence.start, sentence.end),
        text=article.text[sentence.start : sentence.end],
        score=max(whole.score, TOLD),
        attribution=f"according to {side.speaker}",
        stance=stance,
        differences=differences,
    )


def _figures(wanted: Sequence[Value], claim: str, other: Side, span: Span) -> tuple[Difference, ...]:
    value = wanted[0]
    return (
        Difference(
            Kind.NUMBER,
            value.text,
            other.value,
            value.start,
            value.end,
            span.start + other.start,
            span.start + other.end,
            span.article_id,
            f"The claim says {value.text}, {other.speaker} says {other.value}.",
        ),
    )


# --- Two articles -----------------------------------------------------------------------------------------------------


def between_articles(
    claim: str, evidence: Sequence[Evidence], articles: Mapping[str, Article], day: date | None = None
) -> list[Evidence]:
    """The evidence, where two articles give different accounts, with their stances. `articles`: those it is from, by id.

    Where one account is the claim's, that one supports and the other refutes. Where neither is, and one refutes the claim,
    so does the other: what becomes of two sources that contradict each other as well as the claim is the policy's to say.
    """
    deciding = [one for one in evidence if one.decides]
    nearest = sorted((one for one in deciding if one.score >= ON_THE_MATTER), key=lambda one: -one.score)[:COMPARED]
    values = find_values(claim, day)
    told: dict[Evidence, Evidence] = {}
    for own, other in product(nearest, deciding):
        if other.stance is Stance.SUPPORTS or own.article == other.article:
            continue
        for difference in _told_apart(own, other, claim, values):
            if own.stance is not Stance.REFUTES and _is_of(difference, values):
                if not _both_accounts(claim, own, other, difference, articles):
                    continue
                told.setdefault(own, _with_stance(own, Stance.SUPPORTS, ()))
                told.setdefault(other, _with_stance(other, Stance.REFUTES, (_against(difference, claim, values),)))
            elif own.stance is Stance.REFUTES and difference.kind is Kind.NUMBER and _of_one_unit(difference, values):
                told.setdefault(other, _with_stance(other, Stance.REFUTES, (_against(difference, claim, values),)))
    return [told.get(one, one) for one in evidence]


def _told_apart(own: Evidence, other: Evidence, claim: str, values: Sequence[Value]) -> list[Difference]:
    found = conflict_between(own, other, claim)
    if found is None:
        return []
    same = own.score < CLEAR and _shared(claim, values, other) >= SAME_MATTER
    return [difference for difference in found.differences if same or difference.kind is Kind.NAME]


def _both_accounts(
    claim: str, own: Evidence, other: Evidence, difference: Difference, articles: Mapping[str, Article]
) -> bool:
    """Whether each of the two sentences tells what the claim tells, once the second one has the first one's value."""
    start, end = difference.source_start - other.span.start, difference.source_end - other.span.start
    put_right = f"{other.text[:start]}{difference.in_claim}{other.text[end:]}"
    return all(
        _is_account(claim, text, articles[one.span.article_id]) for text, one in ((own.text, own), (put_right, other))
    )


def _is_account(claim: str, text: str, article: Article) -> bool:
    """Whether a sentence reports what the claim reports; it may name it otherwise: "the ferry"."""
    nearly = nearly_says(claim, Premise(text, title=article.title or ""), article.text)
    return nearly and has_deed(claim, text) and foreseen(claim, text, article.language) is None


def _of_one_unit(difference: Difference, values: Sequence[Value]) -> bool:
    """Whether the claim has another figure, of the same unit, in place of both sides' figures."""
    here, there = find_values(difference.in_claim), find_values(difference.in_source)
    figures = [value for value in values if value.kind is Kind.NUMBER]
    return bool(here and there) and any(
        same_unit(value, here[0]) and same_unit(value, there[0]) and not _has([value], (*here, *there))
        for value in figures
    )


def _shared(claim: str, values: Sequence[Value], one: Evidence) -> float:
    """The share of the claim's terms, but for its figures and dates, that the sentence has; 0..1."""
    figures = {term for value in values if value.kind is not Kind.NAME for term in terms(value.text)}
    wanted = set(terms(claim)) - figures
    return len(terms_in(one.text, wanted)) / len(wanted) if len(wanted) > 1 else 0.0


def _is_of(difference: Difference, values: Sequence[Value]) -> bool:
    """Whether the claim has the first side's value, and not the second one's."""
    first, second = find_values(difference.in_claim), find_values(difference.in_source)
    return _has(values, first) is not None and _has(values, second) is None


def _has(values: Sequence[Value], found: Sequence[Value]) -> Value | None:
    return next((value for value in values if any(bears_out(one, value) for one in found)), None)


def _against(difference: Difference, claim: str, values: Sequence[Value]) -> Difference:
    """The difference of two articles as one of the claim and the second article."""
    value = _has(values, find_values(difference.in_claim)) or next((v for v in values if v.kind is Kind.NUMBER), None)
    start, end = (value.start, value.end) if value else (0, len(claim))
    return replace(difference, in_claim=claim[start:end], start=start, end=end)


def _with_stance(one: Evidence, stance: Stance, differences: tuple[Difference, ...]) -> Evidence:
    if one.stance is stance:
        return one
    return replace(one, stance=stance, score=max(one.score, TOLD), differences=one.differences + differences)
