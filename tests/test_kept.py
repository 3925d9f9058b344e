"""Conversations that browsers keep: what comes back is shown as it was, and nothing in it is believed."""

from __future__ import annotations

import json
from copy import deepcopy
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from fact_checks import article, span_of
from hypothesis import given, settings
from hypothesis import strategies as st
from test_answer_states import WIRE, make_answer
from test_page import FakeAssistant, facts_of

from assistant import Assistant
from assistant.errors import WrongUse
from assistant.resources import data_dir
from assistant.types import Answer, Citation, Filters, Match, Span, StatementState, Status, Zone
from assistant.ui import answer_markup, reader_markup
from assistant.ui.conversing import exchange_of, shown_articles
from assistant.ui.kept import GONE, MOVED, KeptTurn, keep_turn, read_conversation
from assistant.ui.kept_document import FORMAT, MAX_CHARS, MAX_TEXT, MAX_TURNS

FILTERS = Filters("The Wire", date(2025, 8, 1), date(2025, 8, 31), date(2025, 9, 1))
REFUSED = Citation(
    0,
    span_of(WIRE, "Nobody signed"),
    "Somebody signed",
    facts_of(WIRE),
    Zone.BODY,
    0,
    5,
    Match.ALTERED,
    "Another word.",
)
TYPED = replace(make_answer().citations[0], status=Match.NORMALISED, note="Dashes differ.")


def library(*articles: Any) -> Any:
    return FakeAssistant({one.id: one for one in articles}, 1)


def through_a_browser(turns: Any) -> Any:
    """JavaScript writes 3.0 as 3, and no more than JSON survives."""
    return json.loads(json.dumps(turns).replace(".0,", ","))


def reopened(answer: Answer, assistant: Any, turn: int = 1) -> KeptTurn:
    [kept] = read_conversation(through_a_browser([keep_turn(turn, answer, FILTERS)]), assistant)
    return kept


def shown(answer: Answer, assistant: Any, turn: int) -> tuple[str, str]:
    exchange = exchange_of(turn, answer, FILTERS, shown_articles(assistant, answer), None)
    return exchange.chat, exchange.pane


def document(**changes: Any) -> list[dict[str, Any]]:
    turns: list[dict[str, Any]] = through_a_browser([keep_turn(1, make_answer(), FILTERS) | changes])
    return turns


# ── there and back ────────────────────────────────────────────────────────────────────────────────────────────────────
def test_answers_of_the_sample_corpus_look_as_they_did(sample_assistant: Assistant) -> None:
    lines = (data_dir("corpus") / "questions" / "questions.jsonl").read_text("utf-8").splitlines()
    answers = [sample_assistant.ask(json.loads(line)["question"]) for line in lines[::4]]
    kept = [keep_turn(turn, answer, FILTERS) for turn, answer in enumerate(answers, 1)]
    conversation = read_conversation(through_a_browser(kept), sample_assistant)
    assert sum(len(one.answer.citations) for one in conversation) > 20
    assert any(one.answer.abstained for one in conversation)
    for answer, one in zip(answers, conversation, strict=True):
        assert shown(one.answer, sample_assistant, one.turn) == shown(answer, sample_assistant, one.turn)


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(make_answer(), id="every state, a finding, doubt and a price"),
        pytest.param(make_answer(rejected=(REFUSED,), note="The model failed."), id="a refused quotation and a note"),
        pytest.param(make_answer(citations=(TYPED, *make_answer().citations[1:])), id="other typography"),
        pytest.param(Answer("Who?", "They don't say.", abstained="Nothing was found."), id="an abstention"),
        pytest.param(make_answer(cost_usd=None, timings={}, doubt=""), id="a price that is not known"),
        pytest.param(Answer("", ""), id="nothing at all"),
    ],
)
def test_every_kind_of_answer_looks_as_it_did(answer: Answer) -> None:
    here = library(WIRE)
    assert shown(reopened(answer, here, 7).answer, here, 7) == shown(answer, here, 7)


def test_what_was_asked_with_comes_back() -> None:
    asked = datetime(2026, 3, 14, 9, 30, tzinfo=UTC)
    kept = keep_turn(4, make_answer(provenance={"answerer": "chat", "top_k": 6}), FILTERS, asked=asked)
    [one] = read_conversation(through_a_browser([kept]), library(WIRE))
    assert (one.turn, one.filters, one.asked) == (4, FILTERS, asked)
    assert one.answer.provenance == {"answerer": "chat", "top_k": 6}


def test_what_is_kept_holds_no_passage_and_no_server() -> None:
    told = json.dumps(keep_turn(1, make_answer(), Filters()))
    assert "hits" not in told
    assert "api.example" not in told
    assert len(told) < 5_000


def test_what_came_near_comes_back_from_the_library_and_from_nowhere_else() -> None:
    place = {"article_id": WIRE.id, "start": 0, "end": 9}
    elsewhere = [{**place, "article_id": "0" * 64}, {**place, "end": len(WIRE.text) + 1}, {**place, "end": 0}]
    kept = keep_turn(1, Answer("Who?", "No.", abstained="No."), FILTERS) | {"nearest": [*elsewhere, place]}
    [one] = read_conversation(through_a_browser([kept]), library(WIRE))
    assert [hit.passage.text for hit in one.answer.hits] == [WIRE.text[:9]]


# ── the library has changed ───────────────────────────────────────────────────────────────────────────────────────────
def test_the_facts_of_a_source_are_those_of_the_library_today() -> None:
    retracted = replace(WIRE, publisher="The Wire, Ltd.", status=Status.RETRACTED)
    told = {one.article for one in reopened(make_answer(), library(retracted)).answer.citations}
    assert told == {facts_of(retracted)}


def test_a_quotation_of_a_removed_article_is_refused_and_says_why() -> None:
    answer = reopened(make_answer(), library()).answer
    assert answer.citations == ()
    assert [(one.quote, one.status, one.note) for one in answer.rejected] == [
        (one.quote, Match.ABSENT, GONE) for one in make_answer().citations
    ]
    assert {one.state for one in answer.statements} == {StatementState.NOT_IN_SOURCES}
    assert [one.why for one in answer.statements[:4]] == [GONE] * 4


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"start": 3, "end": 33}, id="moved"),
        pytest.param({"quote": "The next stop is the Kremlin.!"}, id="other words"),
        pytest.param({"start": 9_000, "end": 9_030}, id="outside of the article"),
    ],
)
def test_words_that_are_not_at_their_place_are_no_citation(changes: dict[str, Any]) -> None:
    forged = document()
    forged[0]["citations"][0] |= changes
    [one] = read_conversation(forged, library(WIRE))
    assert [citation.marker for citation in one.answer.citations] == [2, 2, 3]
    assert [citation.note for citation in one.answer.rejected] == [MOVED]
    assert (one.answer.statements[0].state, one.answer.statements[0].why) == (StatementState.NOT_IN_SOURCES, MOVED)
    assert one.answer.statements[1:] == make_answer().statements[1:]
    assert 'href="#src-1-1"' not in answer_markup.answer_html(one.answer, 1)


def test_a_statement_that_lost_part_of_its_sources_is_no_longer_verified() -> None:
    answer = make_answer()
    other = article("Elsewhere the Pentagon is next, too.")
    second = replace(
        answer.citations[0],
        marker=4,
        span=Span(other.id, 0, len(other.text)),
        quote=other.text,
        article=facts_of(other),
    )
    two = replace(
        answer,
        citations=(*answer.citations, second),
        statements=(replace(answer.statements[0], sources=2), *answer.statements[1:]),
    )
    assert reopened(two, library(WIRE, other)).answer.statements[0] == two.statements[0]
    lowered = reopened(two, library(WIRE)).answer.statements[0]
    assert (lowered.state, lowered.sources) == (StatementState.CITED, 1)
    assert GONE in lowered.why


def test_a_conversation_that_lost_its_sources_can_be_kept_again() -> None:
    lost = reopened(make_answer(rejected=(REFUSED,)), library()).answer
    assert reopened(lost, library()).answer == lost


# ── nothing is believed ───────────────────────────────────────────────────────────────────────────────────────────────
def test_a_statement_without_a_quotation_is_never_verified() -> None:
    [one] = read_conversation(document(citations=[]), library(WIRE))
    assert {statement.state for statement in one.answer.statements} == {StatementState.NOT_IN_SOURCES}


def test_the_document_can_t_name_a_source() -> None:
    forged = document()
    forged[0]["citations"][0] |= {"publisher": "Reuters", "title": "Forged", "zone": "headline"}
    [one] = read_conversation(forged, library(WIRE))
    assert (one.answer.citations[0].article, one.answer.citations[0].zone) == (facts_of(WIRE), Zone.BODY)


def test_an_article_is_found_by_its_id_only() -> None:
    class ByAnyName(FakeAssistant):
        def article(self, article_id: str) -> Any:
            return WIRE

    forged = document()
    for one in forged[0]["citations"]:
        one["article_id"] = "0" * 64
    [read] = read_conversation(forged, ByAnyName({}, 1))  # type: ignore[arg-type]
    assert read.answer.citations == ()


@pytest.mark.parametrize(
    "value", [None, {}, "[]", 3, [None], [{}], [[]], [{"format": "1"}], [{"format": True}]], ids=repr
)
def test_what_is_no_conversation_is_said_to_be_damaged(value: Any) -> None:
    with pytest.raises(WrongUse, match="damaged"):
        read_conversation(value, library(WIRE))


def test_a_later_format_is_named() -> None:
    with pytest.raises(WrongUse, match="later version"):
        read_conversation([*document(), {"format": FORMAT + 1, "anything": "else"}], library(WIRE))


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"turn": 0}, id="no turn"),
        pytest.param({"turn": "1"}, id="a turn in words"),
        pytest.param({"text": "short"}, id="places outside of the text"),
        pytest.param({"text": "x" * (MAX_TEXT + 1)}, id="an endless text"),
        pytest.param({"cost_usd": -1}, id="a negative price"),
        pytest.param({"seconds": float("inf")}, id="endless seconds"),
        pytest.param({"question": None, "text": None}, id="no text"),
        pytest.param({"text": "\ud800" * 400}, id="half a character"),
        pytest.param({"filters": {}}, id="no filters"),
        pytest.param({"filters": {"publisher": None, "since": "soon", "until": None, "as_of": None}}, id="no day"),
        pytest.param(
            {"filters": {"publisher": None, "since": 20, "until": None, "as_of": None}}, id="a day in numbers"
        ),
        pytest.param({"asked": 5}, id="a time in numbers"),
        pytest.param({"provenance": {"x": "y" * 30_000}}, id="an endless provenance"),
    ],
)
def test_a_turn_that_can_t_be_is_damaged(changes: dict[str, Any]) -> None:
    with pytest.raises(WrongUse, match="damaged: .*") as told:
        read_conversation([keep_turn(1, make_answer(), FILTERS) | changes], library(WIRE))
    assert "turn 1" in told.value.message or "JSON" in told.value.message


@pytest.mark.parametrize(
    ("index", "changes"),
    [
        pytest.param(0, {"marker": 2}, id="one number for two places"),
        pytest.param(0, {"marker": 0}, id="no number"),
        pytest.param(0, {"status": "absent"}, id="refused"),
        pytest.param(0, {"status": "invented"}, id="an unknown status"),
        pytest.param(0, {"start": 5, "end": 5}, id="no words"),
        pytest.param(0, {"article_id": "../../etc/passwd"}, id="no id"),
        pytest.param(0, {"answer_start": -1}, id="before the text"),
    ],
)
def test_a_citation_that_can_t_be_is_damaged(index: int, changes: dict[str, Any]) -> None:
    forged = document()
    forged[0]["citations"][index] |= changes
    with pytest.raises(WrongUse, match="damaged: turn 1"):
        read_conversation(forged, library(WIRE))


def test_turns_out_of_order_and_too_many_are_refused() -> None:
    one = keep_turn(1, Answer("Q", "A"), Filters())
    with pytest.raises(WrongUse, match="not in order"):
        read_conversation([one, one], library())
    many = [one | {"turn": n} for n in range(1, MAX_TURNS + 2)]
    assert len(read_conversation(many[:-1], library())) == MAX_TURNS
    with pytest.raises(WrongUse, match=f"{MAX_TURNS} is the most"):
        read_conversation(many, library())
    long = [one | {"turn": n, "text": "x" * MAX_TEXT} for n in range(1, MAX_CHARS // MAX_TEXT + 2)]
    with pytest.raises(WrongUse, match="is the most"):
        read_conversation(long, library())


def test_a_document_without_end_is_refused() -> None:
    nested: list[Any] = []
    for _ in range(100_000):
        nested = [nested]
    with pytest.raises(WrongUse, match="damaged"):
        read_conversation([keep_turn(1, Answer("Q", "A"), Filters()) | {"provenance": {"x": nested}}], library())


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The path of every value inside of another one."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [found for key, one in inner for found in ((*path, key), *places(one, (*path, key)))]


@settings(deadline=None, max_examples=200)
@given(st.data())
def test_whatever_is_changed_in_a_document_no_citation_is_false(data: st.DataObject) -> None:
    forged = deepcopy(FORGEABLE)
    cited = places(forged[0]["citations"], (0, "citations"))
    *path, last = data.draw(st.sampled_from(cited) | st.sampled_from(places(forged)))
    place: Any = forged
    for key in path:
        place = place[key]
    place[last] = data.draw(st.integers(0, 150) | JSON)
    try:
        turns = read_conversation(forged, library(WIRE))
    except WrongUse:
        return
    for one in turns:
        assert all(WIRE.quote(citation.span) == citation.quote for citation in one.answer.citations)
        answer_markup.answer_html(one.answer, one.turn)
        reader_markup.pane_html(one.answer, {WIRE.id: WIRE}, one.turn)


FORGEABLE = document(rejected=[keep_turn(1, make_answer(rejected=(REFUSED,)), Filters())["rejected"][0]])
