"""The labels of a statement: which of them it gets for what code found, and that each is explained."""

from __future__ import annotations

import pytest

from assistant.types import Answer, CheckedStatement, Difference, Kind, StatementState
from assistant.ui.states import SINGLE_SOURCE, VERIFIED, Support, labels_of, legend_of, support_of, within, worst


def statement(state: StatementState, sources: int = 2, start: int = 0, end: int = 10) -> CheckedStatement:
    return CheckedStatement(start, end, state, sources=sources)


def found(kind: Kind, start: int = 0, end: int = 10) -> Difference:
    return Difference(kind, "", "", start, end)


def words(state: StatementState, *kinds: Kind, sources: int = 2) -> list[str]:
    return [label.words for label in labels_of(statement(state, sources), map(found, kinds))]


@pytest.mark.parametrize(
    ("kind", "label"),
    [
        (Kind.NUMBER, "number missing"),
        (Kind.UNIT, "number missing"),
        (Kind.BOUND, "number missing"),
        (Kind.DATE, "date missing"),
        (Kind.NAME, "name missing"),
        (Kind.ATTRIBUTION, "attribution lost"),
        (Kind.SPEAKER, "attribution lost"),
        (Kind.CUT, "cut quotation"),
        (Kind.HEDGE, "hedge lost"),
        (Kind.STATUS, "doubtful source"),
        (Kind.ZONE, "not reporting"),
    ],
)
def test_a_partly_supported_statement_says_what_is_amiss(kind: Kind, label: str) -> None:
    assert words(StatementState.PARTLY, kind) == [label]


@pytest.mark.parametrize("kind", list(Kind))
def test_every_kind_of_finding_has_a_label_with_a_meaning(kind: Kind) -> None:
    [label] = labels_of(statement(StatementState.PARTLY), [found(kind)])
    assert label.words
    assert label.meaning.endswith(".")


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (StatementState.VERIFIED, ["verified"]),
        (StatementState.CITED, ["cited, wording not verified"]),
        (StatementState.PARTLY, ["partly in its source"]),
        (StatementState.CONTRADICTED, ["contradicted by its source"]),
        (StatementState.NOT_IN_SOURCES, ["not in the sources"]),
    ],
)
def test_a_statement_without_findings_says_its_state(state: StatementState, expected: list[str]) -> None:
    assert words(state) == expected


def test_the_state_comes_before_the_findings_that_a_contradicted_statement_has() -> None:
    assert words(StatementState.CONTRADICTED, Kind.NUMBER) == ["contradicted by its source", "number missing"]


def test_two_findings_of_one_label_are_said_once() -> None:
    assert words(StatementState.PARTLY, Kind.NUMBER, Kind.BOUND) == ["number missing"]


@pytest.mark.parametrize(("sources", "single"), [(0, False), (1, True), (2, False)])
def test_a_single_source_is_said(sources: int, single: bool) -> None:
    assert (SINGLE_SOURCE.words in words(StatementState.VERIFIED, sources=sources)) is single


def test_a_source_that_contradicts_is_not_said_to_stand_behind_it() -> None:
    assert SINGLE_SOURCE.words not in words(StatementState.CONTRADICTED, sources=1)


@pytest.mark.parametrize("state", list(StatementState))
def test_every_state_is_drawn_in_its_own_way(state: StatementState) -> None:
    assert support_of(statement(state)) == state.replace("_", "-")


def test_a_span_is_drawn_by_the_statement_that_it_carries_least() -> None:
    assert worst([]) is None
    states = (StatementState.VERIFIED, StatementState.CONTRADICTED, StatementState.PARTLY)
    assert worst([statement(state) for state in states]) is Support.CONTRADICTED


def test_findings_belong_to_the_statement_whose_words_they_are_about() -> None:
    one, other = found(Kind.CUT, 0, 4), found(Kind.CUT, 12, 20)
    assert within([one, other], 0, 10) == (one,)
    assert within([one, other], 10, 20) == (other,)


def test_a_legend_explains_what_the_answer_has_and_nothing_else_best_first() -> None:
    statements = (
        statement(StatementState.PARTLY, 1),
        statement(StatementState.VERIFIED, 1, 11, 20),
        statement(StatementState.NOT_IN_SOURCES, 0, 21, 30),
    )
    answer = Answer("Q", "x" * 30, statements=statements, findings=(found(Kind.CUT),))
    assert [label.words for label in legend_of(answer)] == [
        VERIFIED.words,
        SINGLE_SOURCE.words,
        "cut quotation",
        "not in the sources",
    ]
