"""One case to its Outcome: asked, searched for, chosen or judged, whatever it calls for.

Whatever system is evaluated has `ask` and `retrieve`; one that chooses among given answers has `choose` as well, one that
checks claims `check`. A claim that comes with its evidence is judged by the verifier alone.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol, cast, runtime_checkable

from assistant.cases import EvalCase, says_none
from assistant.condensing import condense
from assistant.errors import UnknownArticle
from assistant.evaluation.gold import Gold
from assistant.metrics import CitedStatement, Outcome
from assistant.metrics.hit_at_k import first_hit, has_gold
from assistant.prices import cost_of
from assistant.sentences import split_sentences
from assistant.settings import Settings
from assistant.types import (
    Answer,
    Article,
    ArticleRow,
    Choice,
    Citation,
    FactCheck,
    Filters,
    Hit,
    Label,
    Support,
    Turn,
    Verdict,
)
from assistant.verifiers import Verifier
from assistant.verifiers._texts import judge_texts

DEEPEST = 50  # how far down the ranking a lost passage is looked for: as far as the reranker sees


class Evaluated(Protocol):
    """What evaluation needs of an assistant; `assistant.api.Assistant` has it, a rival system can."""

    @property
    def settings(self) -> Settings: ...
    def ask(self, question: str, *, filters: Filters = ...) -> Answer: ...
    def retrieve(self, question: str, *, filters: Filters = ..., k: int | None = ...) -> list[Hit]: ...
    def articles(self, *, include_replaced: bool = ...) -> list[ArticleRow]: ...
    def article(self, article_id: str) -> Article: ...


class Conversing(Protocol):
    """A system that takes a question as the next one of a conversation."""

    def ask(self, question: str, *, history: Sequence[Turn], filters: Filters = ...) -> Answer: ...


@runtime_checkable
class Choosing(Protocol):
    """A system that says which of several given answers the articles support; one may say "none of the above"."""

    def choose(self, question: str, choices: Sequence[str], *, filters: Filters = ...) -> Choice: ...


@runtime_checkable
class Checking(Protocol):
    """A system that looks for the evidence on a claim by itself, and judges it."""

    def check(self, text: str, *, filters: Filters = ...) -> FactCheck: ...


@dataclass(frozen=True, slots=True)
class Returned:
    """What one case brought, as far as it went."""

    outcome: Outcome
    deep_rank: int | None = None
    """The rank of the first strict hit among DEEPEST, None when there is none or nothing to find."""
    in_library: bool = True
    """Whether the library holds an article of the case's gold; True for a case without gold."""
    error: str | None = None


class CaseRunner:
    """Runs cases against one system. Safe to call from several threads if the system is."""

    def __init__(self, system: Evaluated, gold: Gold, k: int, verifier: Verifier | None, *, ask: bool = True) -> None:
        self._system = system
        self._gold = gold
        self._k = k
        self._verifier = verifier
        self._ask = ask

    def __call__(self, case: EvalCase) -> Returned:
        """An error ends the case, and what came before it is kept."""
        outcome = _known(case)
        try:
            outcome = self._with_gold(outcome, case)
            # Asking comes first: searching for the same question afterwards may find its vector in a cache, and the time
            # from question to answer is the one that is promised.
            if self._ask and _is_to_be_asked(case):
                outcome = self._with_answer(outcome, case)
            outcome = self._with_hits(outcome, case)
            if self._ask and case.choices and isinstance(self._system, Choosing):
                outcome = replace(outcome, choice=self._choose(self._system, case))
            if case.claim:
                outcome = self._with_verdict(outcome, case)
            return Returned(outcome, self._deep_rank(outcome, case), self._gold.holds(case))
        except Exception as error:  # noqa: BLE001 - whatever it is, the other cases are still worth having
            return Returned(outcome, error=f"{type(error).__name__}: {error}")

    def _with_gold(self, outcome: Outcome, case: EvalCase) -> Outcome:
        return replace(
            outcome,
            gold_articles=self._gold.articles(case),
            gold_spans=tuple(self._gold.spans(case, self._system)),
            wrong_spans=tuple(self._gold.wrong_spans(case, self._system)),
            grades=self._gold.grades(case),
        )

    def _with_answer(self, outcome: Outcome, case: EvalCase) -> Outcome:
        history = self._conversation(case)
        started = time.perf_counter()
        answer = self._answer(case.question, history, case)
        seconds = time.perf_counter() - started
        return replace(
            outcome,
            answer=answer,
            ask_s=seconds,
            texts=self._cited_texts(answer),
            statements=judge_statements(answer, self._verifier) if self._verifier else None,
            price=self._price(answer),
        )

    def _conversation(self, case: EvalCase) -> tuple[Turn, ...]:
        """The earlier questions with what the system answers to each."""
        history: tuple[Turn, ...] = ()
        for question in case.earlier:
            history += (Turn(question, self._answer(question, history, case).text),)
        return history

    def _answer(self, question: str, history: tuple[Turn, ...], case: EvalCase) -> Answer:
        filters = Filters(as_of=case.date)
        if not history:
            return self._system.ask(question, filters=filters)
        return cast(Conversing, self._system).ask(question, history=history, filters=filters)

    def _price(self, answer: Answer) -> float | None:
        """What its calls cost when they are sent, kept replies as well; None without calls or a known price."""
        sent = [replace(call, cached=False) for call in answer.calls]
        return cost_of(sent) if sent else None

    def _cited_texts(self, answer: Answer) -> dict[str, str]:
        texts: dict[str, str] = {}
        for article_id in {citation.span.article_id for citation in answer.citations}:
            try:
                texts[article_id] = self._system.article(article_id).text
            except UnknownArticle:
                continue  # a citation without its article is scored as not exact
        return texts

    def _with_hits(self, outcome: Outcome, case: EvalCase) -> Outcome:
        if case.evidence:
            return outcome
        started = time.perf_counter()
        hits = self._system.retrieve(searched(outcome, case), filters=Filters(as_of=case.date), k=self._k)
        return replace(outcome, hits=tuple(hits[: self._k]), retrieve_s=time.perf_counter() - started)

    def _deep_rank(self, outcome: Outcome, case: EvalCase) -> int | None:
        if not has_gold(outcome) or first_hit(outcome) is not None:
            return first_hit(outcome)
        hits = self._system.retrieve(searched(outcome, case), filters=Filters(as_of=case.date), k=max(DEEPEST, self._k))
        return first_hit(replace(outcome, hits=tuple(hits)))

    def _choose(self, system: Choosing, case: EvalCase) -> Choice:
        """`index` None stands for a choice that says "none of the above"; without one, the best must be taken."""
        chosen = system.choose(case.question, case.choices, filters=Filters(as_of=case.date))
        none = none_choices(case)
        if chosen.index is None and not none:
            best = max(range(len(case.choices)), key=chosen.scores.__getitem__)
            return replace(chosen, index=best, confidence=1.0 - chosen.confidence)
        return replace(chosen, index=None) if chosen.index in none else chosen

    def _with_verdict(self, outcome: Outcome, case: EvalCase) -> Outcome:
        """By the given evidence; else by the system's own check, or by the verifier and what was found."""
        if not case.evidence and self._ask and isinstance(self._system, Checking):
            checked = self._system.check(case.claim, filters=Filters(as_of=case.date))
            return replace(outcome, support=support_of(checked.verdict))
        if self._verifier is None:
            return outcome
        hits = outcome.hits or ()
        found = [hit.passage.text for hit in hits[: self._system.settings.top_k]]
        judged = judge_texts(self._verifier, case.claim, case.evidence or found, case.date)
        place = judged.best.text if case.evidence and judged.best else None
        return replace(outcome, support=judged.support, evidence=place)


def searched(outcome: Outcome, case: EvalCase) -> str:
    """What is searched for: of a follow-up the question complete in itself, as the system made it, or by rule."""
    if case.earlier and outcome.answer and outcome.answer.search_question:
        return outcome.answer.search_question
    return condense(case.text, [Turn(question, "") for question in case.earlier])


def support_of(verdict: Verdict) -> Support:
    """What the label leaves open falls to supported and refuted alike."""
    sure, left = verdict.confidence, 1.0 - verdict.confidence
    if verdict.label in (Label.SUPPORTED, Label.REFUTED):
        supported, refuted = (sure, 0.0) if verdict.label is Label.SUPPORTED else (0.0, sure)
        return Support(verdict.label, supported, refuted, verdict.why)
    return Support(verdict.label, left / 2, left / 2, verdict.why)


def none_choices(case: EvalCase) -> frozenset[int]:
    """The choices that say that none of the others is right."""
    return frozenset(i for i, choice in enumerate(case.choices) if says_none(choice))


def _known(case: EvalCase) -> Outcome:
    """What is known before anything is asked."""
    return Outcome(
        case.answerable,
        case.accepted,
        n_choices=len(case.choices),
        right_choices=frozenset(case.right_choices) - none_choices(case),
        right_choice_removed=case.right_choice_removed,
        gold_label=case.label,
        gold_evidence=frozenset(case.gold_evidence),
        dataset=case.dataset,
    )


def _is_to_be_asked(case: EvalCase) -> bool:
    """A case that only offers choices says nothing of what is right in words; its open form is another case, if anything."""
    only_choices = case.choices and not (case.answers or case.gold_article_ids or case.gold_spans or case.wrong_spans)
    return bool(case.question) and not only_choices


def judge_statements(answer: Answer, verifier: Verifier) -> tuple[CitedStatement, ...]:
    """Every statement of an answer with what its citations are worth, by ALCE's rule; none for an abstention.

    A statement is a stretch of the answer that citations point at, or a sentence that none points at.
    Gao et al., Enabling Large Language Models to Generate Text with Citations, EMNLP 2023.
    """
    if answer.abstained is not None:
        return ()
    cited: dict[tuple[int, int], list[Citation]] = {}
    for citation in answer.citations:
        cited.setdefault((citation.answer_start, citation.answer_end), []).append(citation)
    judged = [_judge(answer.text[start:end], group, verifier) for (start, end), group in cited.items()]
    return (*judged, *(CitedStatement(supported=False) for _ in _uncited_sentences(answer, list(cited))))


def _judge(statement: str, citations: Sequence[Citation], verifier: Verifier) -> CitedStatement:
    quotes = [citation.quote for citation in citations]

    def supports(evidence: Sequence[str]) -> bool:
        return judge_texts(verifier, statement, evidence).support.label is Label.SUPPORTED

    return CitedStatement(
        supports(quotes),
        tuple(supports([quote]) for quote in quotes),
        tuple(supports(quotes[:i] + quotes[i + 1 :]) for i in range(len(quotes))),
    )


def _uncited_sentences(answer: Answer, cited: Sequence[tuple[int, int]]) -> list[str]:
    markers = {f"[{citation.marker}]" for citation in answer.citations}
    uncited = [
        answer.text[start:end]
        for start, end in split_sentences(answer.text)
        if not any(start < cited_end and cited_start < end for cited_start, cited_end in cited)
    ]
    return [sentence for sentence in uncited if sentence.strip() not in markers and any(map(str.isalpha, sentence))]


__all__ = [
    "DEEPEST",
    "CaseRunner",
    "Checking",
    "Choosing",
    "Evaluated",
    "Returned",
    "judge_statements",
    "none_choices",
    "support_of",
]
