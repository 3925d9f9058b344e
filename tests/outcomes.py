"""Outcomes for the metrics' tests: what came back for a case, in as few words as a test needs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from assistant import registry
from assistant.metrics import CitedStatement, Outcome
from assistant.metrics._estimate import estimate
from assistant.types import (
    Answer,
    ArticleFacts,
    Choice,
    Citation,
    Hit,
    Label,
    Match,
    Passage,
    Span,
    Status,
    Support,
    Usage,
    Zone,
)

SHELF = {metric.name: metric for name in registry.names("metrics") for metric in registry.find("metrics", name)()}
ABSTAINED = Answer("q", "The articles don't say, not even $19 million.", abstained="nothing found")
LETTERS = {"s": Label.SUPPORTED, "r": Label.REFUTED, "c": Label.CONFLICTING, "n": Label.NOT_ENOUGH}


def hits(*places: tuple[str, str]) -> tuple[Hit, ...]:
    """Hits at ranks 1, 2, ... from (article id, passage text)."""
    return tuple(
        Hit(Passage(Span(article_id, 0, len(text)), text, None, Zone.BODY, 1), rank, 1 / rank)
        for rank, (article_id, text) in enumerate(places, 1)
    )


def citation(
    article_id: str,
    start: int,
    end: int,
    quote: str,
    marker: int = 1,
    *,
    stands_for: tuple[int, int] = (0, 1),
    status: Match = Match.VERIFIED,
) -> Citation:
    facts = ArticleFacts(article_id, None, None, None, None, None, None, Status.CURRENT, None)
    return Citation(marker, Span(article_id, start, end), quote, facts, Zone.BODY, *stands_for, status)


def answered(text: str = "Yes.", *citations: Citation, **facts: Any) -> Answer:
    return Answer("q", text, citations=citations, **facts)


def abstained(confidence: float | None = None) -> Answer:
    return Answer("q", "The articles don't say.", abstained="nothing found", confidence=confidence)


def chosen(index: int | None, confidence: float = 0.5) -> Choice:
    return Choice(index, (0.0,), confidence)


def claim(gold: str, found: str, confidence: float = 0.5) -> Outcome:
    """Labels by their first letter; `confidence` is the verifier's in the label it gives."""
    label = LETTERS[found]
    supported = confidence if label is Label.SUPPORTED else 1 - confidence
    refuted = confidence if label is Label.REFUTED else 0.0
    return Outcome(True, gold_label=LETTERS[gold], support=Support(label, supported, refuted))


def figure(name: str, outcomes: Sequence[Outcome]) -> float | None:
    metric = SHELF[name]
    return estimate(*metric.values(list(outcomes)), statistic=metric.statistic).mean


def mean(name: str, *outcomes: Outcome) -> float | None:
    return figure(name, outcomes)


def bundle() -> list[Outcome]:
    """Outcomes of every kind: each metric applies to at least two of them."""
    found = hits(("x", "It was 34."), ("a", "He faced 34 counts."), ("a", "34 again"), ("b", "more"))
    exact, off = citation("a", 0, 2, "He", stands_for=(0, 5)), citation("a", 1, 3, "He", 2, stands_for=(6, 9))
    absent = citation("a", 0, 4, "Nope", 0, stands_for=(6, 9), status=Match.ABSENT)
    stages = {
        "condense": 0.01,
        "retrieve": 0.2,
        "rerank": 0.1,
        "pack": 0.0,
        "answer": 0.3,
        "resolve": 0.02,
        "gates": 0.01,
        "verify": 0.0,
        "repair": 0.0,
        "total": 0.64,
    }
    cost = {"usage": Usage(1200, 100), "provenance": {"model": "openai:gpt-5-mini"}}
    told = answered("34 counts [1]. So [2].", exact, off, rejected=(absent,), confidence=0.9, timings=stages, **cost)
    unsure = answered("Perhaps 35.", exact, confidence=0.3, timings=stages, **cost)
    judged = (CitedStatement(True, (True, False), (False, True)), CitedStatement(False, (False,), (False,)))
    asked = Outcome(
        True, ("34",), frozenset("a"), hits=found, texts={"a": "He faced 34 counts."}, ask_s=0.7, retrieve_s=0.2
    )
    silent = Outcome(False, hits=found, answer=abstained(0.2), ask_s=0.4, retrieve_s=0.1)
    offered = Outcome(True, n_choices=4, right_choices=frozenset({2}), right_choice_removed=False)
    removed = Outcome(False, n_choices=4, right_choice_removed=True)
    plain = Outcome(False, n_choices=4, right_choices=frozenset({0}))
    outcomes = [
        Outcome(
            True, ("34",), frozenset("a"), hits=found, answer=told, texts=asked.texts, statements=judged, price=0.01
        ),
        Outcome(True, ("34",), frozenset("a"), hits=found, answer=unsure, texts=asked.texts, statements=judged[:1]),
        Outcome(True, ("34",), frozenset("c"), grades={"b": 2}, hits=found, answer=abstained(0.4), price=0.02),
        asked,
        silent,
        Outcome(False, hits=found, answer=told),
        Outcome(True),
    ]
    outcomes += [Outcome(True, ("34",), frozenset("a"), hits=found, answer=told, ask_s=0.1, retrieve_s=0.1)] * 2
    outcomes += [
        Outcome(
            base.answerable,
            n_choices=base.n_choices,
            right_choices=base.right_choices,
            right_choice_removed=base.right_choice_removed,
            choice=chosen(index, confidence),
        )
        for base in (offered, removed, plain)
        for index, confidence in ((2, 0.8), (None, 0.35), (0, 0.1), (2, 0.8))
    ]
    wrong = (Span("a", 1, 9),)
    outcomes += [Outcome(True, wrong_spans=wrong, hits=found, answer=one) for one in (told, abstained(0.4))]
    pairs = (("s", "s"), ("s", "n"), ("r", "r"), ("r", "s"), ("c", "n"), ("n", "n"))
    outcomes += [claim(*pair, confidence) for pair in pairs for confidence in (0.55, 0.65, 0.75, 0.85, 0.95)]
    outcomes += [replace(claim("s", "s"), gold_evidence=frozenset({0, 2}), evidence=place) for place in (2, 1)]
    return outcomes
