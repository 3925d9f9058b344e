"""A text to a FactCheck: claims, evidence for and against, gates, verdicts, and what is missing.

The steps are the modules below this one; here they are only put in order. A claim is judged by the same evidence whatever
stands before or after it in the text, but that a pronoun may be resolved from there. A chat model, where one is chosen, may
word claims and searches and has a view of its own; verdicts are the verifier's.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import product
from typing import Protocol

from assistant.articles import detect_language
from assistant.chat_models import Budget, ChatModel
from assistant.checks.conflict import conflict_between
from assistant.checks.dates import overtakes
from assistant.checks.independence import independent_groups
from assistant.checks.quotations import candidates as quotation_candidates
from assistant.checks.quotations import check_quotation
from assistant.claims import split_claims
from assistant.claims.by_model import Split, split_by_model
from assistant.disputes import between_articles, two_accounts
from assistant.errors import ModelFailed
from assistant.evidence import Candidate, Reader, gather
from assistant.languages import language_name
from assistant.library import Library
from assistant.opinions import ask_views
from assistant.policy import decide, of_text
from assistant.prices import cost_of
from assistant.retrievers import SearchContext
from assistant.types import (
    CheckedClaim,
    Claim,
    Conflict,
    Difference,
    Evidence,
    FactCheck,
    Filters,
    Hit,
    Judgement,
    ModelCall,
    QuoteCheck,
    Stance,
    Zone,
)
from assistant.unmet import unmet_parts
from assistant.verifiers import Verifier
from assistant.weighing import from_quotation, weigh
from assistant.zones import find_zones

NEAREST = 3  # sentences without a stance that are shown with a claim
SHOWN = 8  # sentences of evidence a claim
REJECTED = 12  # candidates that are listed as looked at
WEIGHED = 24  # candidates without a stance that the gates look at
MAX_CLAIMS = 400
BY_RULE = "The claims that it had not made were made by rule, and it was asked for no view."
NO_VIEW = "The verdicts do not rest on it."
QUOTED_WORDS = 4  # from so many words on, a quotation inside a claim is looked up by itself


Progress = Callable[[int, int], None]


class Search(Protocol):
    def __call__(self, question: str, filters: Filters, k: int) -> list[Hit]:
        """The k best passages."""
        ...


@dataclass(slots=True)
class Checker:
    """Checks texts against one library with one verifier."""

    context: SearchContext
    search: Search
    verifier: Verifier
    verifier_name: str
    version: str
    """Of the program; goes into the provenance."""
    model: ChatModel | None = None
    """Splits texts, words searches and has a view of each claim; None leaves claims to the rules."""

    @property
    def library(self) -> Library:
        return self.context.library

    def check(self, text: str, filters: Filters, progress: Progress | None = None) -> FactCheck:
        """`text` is canonical; `progress` is told (claims done, claims in all). Raises what a model or the library does."""
        run = _Run(self, filters)
        with run.timed("claims"):
            language = detect_language(text)
            split = run.split(text, language)
        claims, checked = split.claims, []
        for claim in claims[:MAX_CLAIMS]:
            checked.append(run.checked(claim, split.queries.get(claim, ())))
            if progress:
                progress(len(checked), min(len(claims), MAX_CLAIMS))
        checked = run.with_opinions(checked)
        conflicts = tuple(
            conflict for i, one in enumerate(checked) for conflict in _conflicts(i, one.claim.resolved, one.evidence)
        )
        return FactCheck(
            statement=text,
            claims=tuple(checked),
            verdict=of_text(checked, self.verifier_name),
            conflicts=conflicts,
            missing=tuple(dict.fromkeys(missing for one in checked for missing in one.missing)),
            timings=run.timings | {"total": sum(run.timings.values())},
            provenance={
                "version": self.version,
                "verifier": self.verifier_name,
                **self.context.conditions(),
                "as_of": filters.as_of and filters.as_of.isoformat(),
                **run.asked.provenance,
            },
            note=" ".join(filter(None, (self._note(language, claims, checked), *run.asked.notes))),
            calls=tuple(run.asked.calls),
            cost_usd=cost_of(run.asked.calls) if run.asked.calls else 0.0,
        )

    def quote(self, quote: str, by: str | None = None, article_id: str | None = None) -> QuoteCheck:
        """Whether the words stand in the library, by whom and where."""
        named = [self.library.article(article_id)] if article_id else []
        return check_quotation(quote, [*named, *quotation_candidates(self.library, quote, by)], by, article_id)

    def _note(self, language: str | None, claims: Sequence[Claim], checked: Sequence[CheckedClaim]) -> str:
        notes = []
        if len(claims) > MAX_CLAIMS:
            notes.append(f"The text has {len(claims)} claims; the first {MAX_CLAIMS} were judged.")
        if not any(one.claim.checkable for one in checked):
            notes.append("The text makes no claim that articles could support or refute.")
        known = self.library.languages()
        if language and known and language not in known:
            held = ", ".join(map(language_name, known))
            notes.append(f"The text seems to be in {language_name(language)}; the articles are in {held}.")
        return " ".join(notes)


@dataclass(slots=True)
class _Asked:
    """What the chat model did for one text."""

    calls: list[ModelCall] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    failed: bool = False
    """After the first fault nothing is asked any more."""
    provenance: dict[str, str] = field(default_factory=dict)

    def add(self, budget: Budget, failure: ModelFailed | None, instead: str, note: str) -> None:
        self.calls += budget.calls
        self.failed = self.failed or failure is not None
        self.notes += filter(None, (note, f"{failure.message} {instead}" if failure else ""))


@dataclass(slots=True)
class _Run:
    """One text on its way."""

    checker: Checker
    filters: Filters
    timings: dict[str, float] = field(default_factory=dict)
    asked: _Asked = field(default_factory=_Asked)
    reader: Reader = field(init=False)

    def __post_init__(self) -> None:
        self.reader = Reader(self.checker.library.articles)

    @property
    def day(self) -> date | None:
        return self.filters.as_of

    @contextmanager
    def timed(self, stage: str) -> Iterator[None]:
        started = time.perf_counter()
        yield
        self.timings[stage] = self.timings.get(stage, 0.0) + time.perf_counter() - started

    def split(self, text: str, language: str | None) -> Split:
        model, settings = self.checker.model, self.checker.context.settings
        if model is None:
            return Split(split_claims(text, language), {})
        budget = Budget(settings)
        split = split_by_model(text, language, model, budget, settings)
        self.asked.add(budget, split.failure, BY_RULE, split.note)
        if split.prompt:
            self.asked.provenance |= {"llm": model.name, "claims_prompt": split.prompt}
        return split

    def with_opinions(self, checked: list[CheckedClaim]) -> list[CheckedClaim]:
        """The claims with the model's view of each, as far as it has one; verdicts stay as they are."""
        model, settings = self.checker.model, self.checker.context.settings
        if model is None or self.asked.failed:
            return checked
        budget = Budget(settings)
        with self.timed("opinions"):
            views = ask_views(checked, self.day, model, budget, settings)
        self.asked.add(budget, views.failure, NO_VIEW, views.note)
        if views.prompt:
            self.asked.provenance |= {"llm": model.name, "opinion_prompt": views.prompt}
        return [replace(one, opinion=views.opinions.get(i)) for i, one in enumerate(checked)]

    def checked(self, claim: Claim, further: Sequence[str] = ()) -> CheckedClaim:
        if not claim.checkable:
            return CheckedClaim(claim, None)
        library = self.checker.library
        with self.timed("retrieve"):
            found = gather(claim.resolved, self._search, self.reader, library.weight, self.day, further)
        with self.timed("verify"):
            judgements = self.checker.verifier.judge(claim.resolved, [one.premise for one in found], self.day)
        with self.timed("gates"):
            pairs = _nearest(found, judgements)
            evidence = [one for pair in pairs for one in self._weighed(claim.resolved, *pair)]
            evidence = [*self._quotations(claim), *evidence]
            articles = self.reader.get(list(dict.fromkeys(one.span.article_id for one in evidence)))
            evidence = self._numbered(between_articles(claim.resolved, evidence, articles, self.day))
        decision = decide(evidence, self.checker.verifier_name, overtakes)
        kept, rejected = _select(decision.evidence)
        return CheckedClaim(
            claim,
            decision.verdict,
            kept,
            tuple(_in_text(claim, one) for evidence in kept for one in evidence.differences if one.in_claim),
            unmet_parts(claim.resolved, decision.verdict, kept, self.day),
            rejected,
        )

    def _weighed(self, claim: str, candidate: Candidate, judgement: Judgement) -> tuple[Evidence, ...]:
        accounts = two_accounts(claim, candidate, judgement, self.day)
        return accounts or (weigh(claim, candidate, judgement, self.day),)

    def _search(self, query: str, k: int) -> list[Hit]:
        return self.checker.search(query, self.filters, k)

    def _quotations(self, claim: Claim) -> Iterator[Evidence]:
        """What became of the words in quotation marks, as evidence: an altered quotation speaks against the claim."""
        for start, end, zone in find_zones(claim.text):
            words = claim.text[start:end]
            if zone is Zone.QUOTATION and len(words.split()) >= QUOTED_WORDS:
                yield from from_quotation(claim, start, self.checker.quote(words), self.reader)

    def _numbered(self, evidence: Sequence[Evidence]) -> list[Evidence]:
        """The evidence, what has a stance with the number of its independent source."""
        told = [one for one in evidence if one.stance is not Stance.NEUTRAL]
        articles = self.reader.get(list(dict.fromkeys(one.span.article_id for one in told)))
        quotes = [" ".join(one.text for one in told if one.span.article_id == key) for key in articles]
        numbers = dict(zip(articles, independent_groups(list(articles.values()), quotes), strict=True))
        return [replace(one, source=numbers[one.span.article_id]) if one in told else one for one in evidence]


def _nearest(found: Sequence[Candidate], judgements: Sequence[Judgement]) -> list[tuple[Candidate, Judgement]]:
    """The candidates on the matter, likeliest first: whatever has a stance, and as many others as can be shown."""
    pairs = sorted(zip(found, judgements, strict=True), key=lambda pair: -max(pair[1].supports, pair[1].refutes))
    told = [pair for pair in pairs if pair[1].stance is not Stance.NEUTRAL]
    return told + [pair for pair in pairs if pair[1].stance is Stance.NEUTRAL][:WEIGHED]


def _select(evidence: Sequence[Evidence]) -> tuple[tuple[Evidence, ...], tuple[Evidence, ...]]:
    """(shown, looked at): whatever has a stance, and the nearest of the others."""
    told = _once([one for one in evidence if one.stance is not Stance.NEUTRAL])[: SHOWN - 1]
    neutral = [one for one in evidence if one.stance is Stance.NEUTRAL]
    shown = (*told, *neutral[: max(1, NEAREST - len(told))])
    rest = [one for one in evidence if one not in shown][:REJECTED]
    return shown, tuple(replace(one, notes=(*one.notes, _why_left_out(one))) for one in rest)


def _why_left_out(one: Evidence) -> str:
    if one.stance is Stance.NEUTRAL:
        return "Neither supports nor refutes the claim."
    return "Says the same as evidence that is shown."


def _once(evidence: Sequence[Evidence]) -> list[Evidence]:
    """The evidence but for what repeats a sentence of its own article, as headings and boxes do."""
    first: dict[tuple[str, str, Stance], Evidence] = {}
    for one in evidence:
        first.setdefault((one.span.article_id, one.text, one.stance), one)
    return list(first.values())


def _in_text(claim: Claim, difference: Difference) -> Difference:
    """The difference with offsets in the checked text; where the claim was resolved, its words are sought again."""
    if claim.resolved == claim.text:
        return replace(difference, start=claim.start + difference.start, end=claim.start + difference.end)
    at = claim.text.find(difference.in_claim)
    if at < 0:
        return replace(difference, start=claim.start, end=claim.end)
    return replace(difference, start=claim.start + at, end=claim.start + at + len(difference.in_claim))


def _conflicts(index: int, claim: str, evidence: Sequence[Evidence]) -> Iterator[Conflict]:
    """A sentence for and one against, side by side: the best pair whose difference can be marked, else the best pair."""
    decide = [one for one in evidence if one.decides]
    pairs = list(
        product(
            (one for one in decide if one.stance is Stance.SUPPORTS),
            (one for one in decide if one.stance is Stance.REFUTES),
        )
    )
    marked = (found for pair in pairs if (found := conflict_between(*pair, claim)))
    if pairs:
        yield replace(next(marked, Conflict(0, *pairs[0])), claim=index)
