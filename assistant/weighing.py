"""A candidate sentence and what the verifier makes of it, to labelled evidence: the gates of `checks/` at work.

A gate never makes a sentence support a claim. It bars what may not decide (comments, captions, satire, retracted
articles), turns a falsehood that the article quotes in order to deny it, takes the support from a plan that the claim
tells as done, and notes what a reader must know: who says it, what is hedged, which day "Tuesday" was, what stands beside.
The exception is a correction, which states two things: what it takes back refutes, what it puts in its place supports.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import date

from assistant.checks.attribution import attribution_of, foreseen, lost, second_hand
from assistant.checks.cut import limits
from assistant.checks.dates import resolved_dates
from assistant.checks.debunks import correction_note, is_debunked
from assistant.checks.status import (
    Standing,
    Withdrawn,
    known_beside,
    put_right,
    put_wrong,
    standing,
    status_label,
    tells_of_error,
    value_said,
    withdrawn_statements,
)
from assistant.checks.values import missing_values
from assistant.checks.wording import is_negation
from assistant.checks.zones import zone_label
from assistant.clauses import SAYING
from assistant.evidence import Candidate, Reader
from assistant.library import facts_of
from assistant.terms import stem, terms
from assistant.types import (
    Article,
    Claim,
    Difference,
    Evidence,
    Judgement,
    Kind,
    Premise,
    QuoteCheck,
    QuoteStatus,
    Span,
    Stance,
)
from assistant.verifiers.light import Light

_NEXT_WORD = re.compile(r" ([^\W\d_]+)")

SAME_FALSEHOOD = 0.5  # share of terms in common from which a claim says what a falsehood says
DENIED = 0.85  # how likely a falsehood that the article quotes and denies refutes the claim that says the same
SAID_TO = 1  # words a claim may have beside a quotation, its speaker and the verb: "told reporters"
CORRECTED = 0.85  # how likely what a correction puts in place supports the claim that says it
SAME_STEM = 4  # letters that two forms of a word have in common at least
QUOTED = 0.95  # how likely the words of a claim's quotation, found or found altered, settle it


def weigh(claim: str, candidate: Candidate, judgement: Judgement, day: date | None = None) -> Evidence:
    """The sentence as evidence. Offsets of differences become those of the article's text; `source` is not yet told."""
    article, span = candidate.article, candidate.span
    one = Evidence(
        span,
        candidate.premise.text,
        candidate.sentence.zone,
        max(judgement.supports, judgement.refutes),
        attribution_of(article, span),
        judgement.stance,
        facts_of(article),
        differences=tuple(
            _placed(_with_noun(difference, claim, candidate.premise.text), span) for difference in judgement.differences
        ),
    )
    notice = next((item for item in withdrawn_statements(article) if item.notice.overlaps(span)), None)
    if notice:
        one = _by_correction(one, notice, article, claim)
    else:
        one = _with_lost(one, claim, article.language)
        one = _unless_foreseen(one, claim, article.language)
        one = _turned_if_debunked(one, candidate, claim)
        one = _unless_taken_back(one, article, claim)
    return _with_notes(_barred(one, candidate), candidate)


def _with_noun(difference: Difference, claim: str, text: str) -> Difference:
    """A number with the word behind it, where that is the same in claim and source: "45 countries", "30 countries"."""
    ours, theirs = _NEXT_WORD.match(claim, difference.end), _NEXT_WORD.match(text, difference.source_end)
    if difference.kind is not Kind.NUMBER or not ours or not theirs or stem(ours[1]) != stem(theirs[1]):
        return difference
    return replace(
        difference,
        in_claim=claim[difference.start : ours.end()],
        end=ours.end(),
        in_source=text[difference.source_start : theirs.end()],
        source_end=theirs.end(),
    )


def _placed(difference: Difference, span: Span) -> Difference:
    return replace(
        difference,
        source_start=span.start + difference.source_start,
        source_end=span.start + difference.source_end,
        article_id=span.article_id,
    )


def _with_lost(one: Evidence, claim: str, language: str | None) -> Evidence:
    """Support that a hedge or a speaker qualifies; a plan that the claim tells as done is no support."""
    if one.stance is not Stance.SUPPORTS:
        return one
    dropped = tuple(_placed(difference, one.span) for difference in lost(claim, one.text, language))
    told_as_done = any(difference.kind is Kind.HEDGE and difference.in_claim for difference in dropped)
    stance = Stance.NEUTRAL if told_as_done else one.stance
    return replace(one, stance=stance, differences=one.differences + dropped)


def _unless_foreseen(one: Evidence, claim: str, language: str | None) -> Evidence:
    """What a sentence only plans, expects or thinks possible does not refute what the claim tells as done.

    A plan does refute that somebody refused.
    """
    plans = all(difference.kind not in (Kind.NEGATION, Kind.OPPOSITE) for difference in one.differences)
    ahead = foreseen(claim, one.text, language, plans=plans) if one.stance is Stance.REFUTES else None
    if ahead is None:
        return one
    words = _placed(ahead, one.span)
    if any(difference.source_start < words.source_start for difference in one.differences):
        return one  # "12 tonnes, not the 40 that were feared"
    return replace(one, stance=Stance.NEUTRAL, differences=(words,))


def _turned_if_debunked(one: Evidence, candidate: Candidate, claim: str) -> Evidence:
    """A falsehood that the article repeats to deny it refutes the claim that says the same, and supports nothing."""
    debunked = is_debunked(candidate.article, one.span)
    if debunked is None:
        return one
    falsehood = candidate.article.quote(debunked.claim)
    if _likeness(claim, falsehood) < SAME_FALSEHOOD:
        about_it = is_debunked(candidate.article, one.span, claim)
        return replace(one, stance=Stance.NEUTRAL, notes=(*one.notes, debunked.note)) if about_it else one
    refutes = debunked.refutes and _same_figures_and_polarity(claim, falsehood)
    return replace(
        one,
        stance=Stance.REFUTES if refutes else Stance.NEUTRAL,
        score=DENIED if refutes else one.score,
        attribution=None,
        beside=debunked.words,
        notes=(*one.notes, debunked.note),
        differences=(),
    )


def _by_correction(one: Evidence, notice: Withdrawn, article: Article, claim: str) -> Evidence:
    """What a correction says of the claim, whatever a verifier makes of its two statements read as one.

    Evidence that it settles is the whole notice, both sentences where there are two.
    """
    told = standing(claim, notice, article)
    if told is Standing.WITHDRAWN and not _contradicts(claim, put_wrong(notice, article), article):
        return _taken_back(one, notice, article, claim)
    if told is Standing.CORRECTED and _may_stand(claim, notice, article):
        whole = _whole(one, notice, article)
        return replace(whole, stance=Stance.SUPPORTS, score=max(CORRECTED, one.score), differences=())
    if one.stance is Stance.REFUTES and told is Standing.APART:
        return _against_what_counts(one, notice, article)
    if _rests_on(claim, notice, article):
        return replace(one, stance=Stance.NEUTRAL, notes=(*one.notes, correction_note(article, notice)))
    return _with_lost(one, claim, article.language)


def _taken_back(one: Evidence, notice: Withdrawn, article: Article, claim: str) -> Evidence:
    return replace(
        _whole(one, notice, article),
        stance=Stance.REFUTES if notice.refutes else Stance.NEUTRAL,
        score=DENIED if notice.refutes else one.score,
        beside=notice.right or notice.words,
        notes=(*one.notes, correction_note(article, notice)),
        differences=_value_taken_back(claim, notice, article),
    )


def _whole(one: Evidence, notice: Withdrawn, article: Article) -> Evidence:
    return replace(one, span=notice.notice, text=article.quote(notice.notice), attribution=None)


def _value_taken_back(claim: str, notice: Withdrawn, article: Article) -> tuple[Difference, ...]:
    """The claim's value beside the one that counts."""
    if notice.values is None:
        return ()
    wrong, right = notice.values
    value = value_said(claim, wrong, article)
    if value is None:
        return ()
    note = f"The claim says {value.text}, which the paper has corrected to {article.quote(right)}."
    return (
        Difference(
            value.kind, value.text, article.quote(right), value.start, value.end, right.start, right.end, article.id, note
        ),
    )  # fmt: skip


def _against_what_counts(one: Evidence, notice: Withdrawn, article: Article) -> Evidence:
    """A third value differs from the one that counts, not from the one taken back."""
    if notice.values is None:
        return one
    wrong, right = notice.values
    shown = (
        replace(item, in_source=article.quote(right), source_start=right.start, source_end=right.end, note="")
        if Span(article.id, item.source_start, item.source_end).overlaps(wrong) else item
        for item in one.differences
    )  # fmt: skip
    return replace(_whole(one, notice, article), differences=tuple(shown))


def _may_stand(claim: str, notice: Withdrawn, article: Article) -> bool:
    """Whether what counts says all of the claim, in the same roles, and not as a plan that the claim tells as done."""
    told = put_right(notice, article)
    known = known_beside(notice, article)
    unknown = [term for term in terms(claim) if term not in known and not _inflected(term, known, article.language)]
    as_done = (item for item in lost(claim, told, article.language) if item.kind is Kind.HEDGE and item.in_claim)
    return not unknown and not any(as_done) and not _contradicts(claim, told, article)


def _inflected(term: str, known: Collection[str], language: str | None) -> bool:
    """Whether a word stands there in another form, in languages that the stemmer does not know: "kostet", "koste"."""
    if language in (None, "en"):
        return False
    beginning = term[: max(SAME_STEM, len(term) // 2)]
    return len(beginning) >= SAME_STEM and any(other.startswith(beginning) for other in known)


def _contradicts(claim: str, statement: str, article: Article) -> bool:
    premise = Premise(statement, title=article.title or "", day=article.published)
    return Light().judge(claim, [premise])[0].stance is Stance.REFUTES


def _rests_on(claim: str, notice: Withdrawn, article: Article) -> bool:
    """Whether most of a claim's words are those of the correction's two statements: it may rest on the wrong one."""
    wanted = set(terms(claim))
    return not tells_of_error(claim) and 2 * len(wanted & set(terms(article.quote(notice.wrong)))) >= len(wanted)


def _unless_taken_back(one: Evidence, article: Article, claim: str) -> Evidence:
    """Words that support what the paper has taken back elsewhere on the page support nothing."""
    if one.stance is not Stance.SUPPORTS:
        return one
    for notice in withdrawn_statements(article):
        if notice.refutes and standing(claim, notice, article) is Standing.WITHDRAWN:
            notes = (*one.notes, correction_note(article, notice))
            return replace(one, stance=Stance.NEUTRAL, beside=notice.notice, notes=notes)
    return one


def _likeness(claim: str, falsehood: str) -> float:
    """Dice's coefficient of the two texts' terms, 0..1."""
    ours, theirs = set(terms(claim)), set(terms(falsehood))
    return 2 * len(ours & theirs) / (len(ours) + len(theirs)) if ours and theirs else 0.0


def _same_figures_and_polarity(claim: str, falsehood: str) -> bool:
    other_figures = any(difference.kind is not Kind.NAME for difference in missing_values(claim, falsehood))
    return not other_figures and _negations(claim) % 2 == _negations(falsehood) % 2


def _negations(text: str) -> int:
    return sum(map(is_negation, text.split()))


def _barred(one: Evidence, candidate: Candidate) -> Evidence:
    zone = zone_label(candidate.article, one.span)
    status = status_label(candidate.article, one.zone)
    notes = tuple(note for note in (zone.note, status.note) if note)
    return replace(one, zone=zone.zone, decides=zone.may_decide and status.decides, notes=one.notes + notes)


def _with_notes(one: Evidence, candidate: Candidate) -> Evidence:
    if one.stance is Stance.NEUTRAL:
        return one
    dates = [resolved.shown for resolved in resolved_dates(one.text, candidate.article.published)]
    behind = second_hand(one.text)
    notes = [*dates, *([f"Second-hand: {behind}"] if behind else [])]
    if candidate.article.published is None:
        notes.append("The article has no date.")
    limit = limits(candidate.article, one.span) if one.beside is None else None
    if limit:
        notes.append(limit.note)
    return replace(one, notes=(*one.notes, *notes), beside=limit.span if limit else one.beside)


# --- Quotations inside a claim ----------------------------------------------------------------------------------------


def from_quotation(claim: Claim, at: int, checked: QuoteCheck, reader: Reader) -> Iterator[Evidence]:
    """What became of words in quotation marks that stand at `at` in the claim's text.

    Altered words speak against the claim. Exact ones support it when it says no more than who said them, and that is who
    says them in the article; otherwise they are shown, and say nothing of the rest of the claim.
    """
    if not checked.places or checked.status is QuoteStatus.ABSENT:
        return
    place = checked.places[0]
    article = reader.get([place.span.article_id])[place.span.article_id]
    stance = Stance.REFUTES if checked.status is QuoteStatus.ALTERED else Stance.NEUTRAL
    if checked.status is QuoteStatus.EXACT and _says_only_who(claim.resolved, checked.quote, place.speaker):
        stance = Stance.SUPPORTS
    zone, status = zone_label(article, place.span), status_label(article, place.zone)
    yield Evidence(
        place.span,
        place.quote,
        place.zone,
        QUOTED,
        f"{place.speaker} said" if place.speaker else None,
        stance,
        place.article,
        decides=zone.may_decide and status.decides,
        notes=(checked.why, *(note for note in (zone.note, status.note) if note)),
        beside=place.beside,
        differences=tuple(replace(one, start=one.start + at, end=one.end + at) for one in checked.differences),
    )


def _says_only_who(claim: str, quote: str, speaker: str | None) -> bool:
    """Whether the claim is the quotation and its speaker: "We were wrong," said Ms Whitcomb."""
    if speaker is None:
        return False
    rest = set(terms(claim)) - set(terms(quote))
    said_by = rest & set(terms(speaker))
    verbs = {stem(word) for word in SAYING}
    return bool(said_by) and len(rest - said_by - verbs) <= SAID_TO
