"""What a reader is told of an answer that a model wrote: each statement's state, doubt, what was asked and what it cost.

Run as a script, this file serves a page whose answers are made by hand, slowly.
"""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any

import pytest
from chromium import DESK, PHONE, barriers, needs_chromium
from fact_checks import PENTAGON, article, make_check, span_of
from test_page import FakeAssistant, facts_of, free_port, served
from test_ui_markup import XSS, assert_only_ours, read

from assistant.bill import bill_words, call_json, price_words, sum_words
from assistant.cli import answers as ask_command
from assistant.cli import checks as check_command
from assistant.exports import load_exporter
from assistant.exports.json import check_document
from assistant.ledger import ledger_of
from assistant.render import STATE_WORDS, answer_json
from assistant.types import (
    Answer,
    AnswerEvent,
    CheckedStatement,
    Citation,
    CitedEvent,
    DeltaEvent,
    Difference,
    FactCheck,
    Filters,
    Kind,
    Label,
    Match,
    ModelCall,
    Opinion,
    StageEvent,
    StatementState,
    StreamEvent,
    Turn,
    Usage,
    Zone,
)
from assistant.ui import answer_markup, reader_markup
from assistant.ui.conversing import Conversation, converse
from assistant.ui.parts import as_they_come
from assistant.ui.states import labels_of, within

if TYPE_CHECKING:
    from playwright.sync_api import Page

MODEL = "openai:gpt-5-mini"
WIRE = article()
NUMBERS = "Delegates of 30 nations are expected there this week."
STATEMENTS = (
    ("The next stop is the Pentagon.", StatementState.VERIFIED, "Word for word in its source.", 1),
    ("The chiefs of defence travel there.", StatementState.CITED, "Nothing in its source speaks against it.", 2),
    ("Delegates of 30 or more nations come.", StatementState.PARTLY, "“or more” is not in the cited words.", 2),
    ("Delegates of 40 nations come.", StatementState.CONTRADICTED, "The source says 30, not 40.", 3),
    ("A treaty will be signed.", StatementState.NOT_IN_SOURCES, "Nothing that was found supports it.", 0),
)
DOUBT = "The question asks for a day, and no statement names one."


# ── values made by hand ───────────────────────────────────────────────────────────────────────────────────────────────
def call(**changes: Any) -> ModelCall:
    made = ModelCall("answer", MODEL, "api.example", "answer@2", "json_schema", Usage(1200, 203), 2.9, 0.4)
    return replace(made, **changes)


def make_answer(question: str = "Who goes to the Pentagon?", **changes: Any) -> Answer:
    """An answer of five statements, one a state, as a model writes it."""
    quotes = {1: "The next stop is the Pentagon.", 2: "Defence chiefs head for the Pentagon", 3: NUMBERS}
    text, citations, statements, findings = "", [], [], []
    for words, state, why, marker in STATEMENTS:
        text += " " if text else ""
        start, end = len(text), len(text) + len(words)
        text += f"{words} [{marker}]" if marker else words
        statements.append(CheckedStatement(start, end, state, why, marker == 2, int(marker > 0)))
        if marker:
            zone, span = Zone.BODY, span_of(WIRE, quotes[marker])
            citations.append(Citation(marker, span, quotes[marker], facts_of(WIRE), zone, start, end, Match.VERIFIED))
        if state is StatementState.CONTRADICTED:
            findings.append(Difference(Kind.NUMBER, "40", "30", start, end, note=why))
    made = Answer(
        question, text, tuple(citations), findings=tuple(findings), statements=tuple(statements), doubt=DOUBT,
        calls=(call(),), usage=Usage(1200, 203), cost_usd=0.0012, timings={"total": 3.4},
    )  # fmt: skip
    return replace(made, **changes)


def with_opinion(why: str = "Both name thirty nations.", model: str = MODEL) -> FactCheck:
    check, _ = make_check()
    view = Opinion(Label.NOT_ENOUGH, why, model, (span_of(WIRE, NUMBERS),))
    claims = (replace(check.claims[0], opinion=view), *check.claims[1:])
    return replace(check, claims=claims, calls=(call(step="opinion"),), cost_usd=None)


# ── statements ────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_every_state_has_its_words() -> None:
    assert set(STATE_WORDS) == set(StatementState)
    assert len(set(STATE_WORDS.values())) == len(StatementState)


@pytest.mark.parametrize(("words", "state", "why", "_marker"), STATEMENTS, ids=[one[1] for one in STATEMENTS])
def test_a_statement_carries_its_state_as_class_reason_and_words(
    words: str, state: StatementState, why: str, _marker: int
) -> None:
    answer = make_answer()
    html = answer_markup.answer_html(answer, 1)
    [stated] = [
        found for _, found in read(html).tags if found.get("class") == f"stated state-{state}".replace("_", "-")
    ]
    [one] = [one for one in answer.statements if one.state is state]
    labels = [label.words for label in labels_of(one, within(answer.findings, one.start, one.end))]
    assert f">{words}</span>" in html
    assert (stated["data-tip"] or "").casefold().startswith(f"{', '.join(labels)}. {why}".casefold())
    for label in labels:
        assert label in read(html).text


def test_the_text_of_an_answer_is_whole_and_its_markers_are_links() -> None:
    seen = read(answer_markup.answer_html(replace(make_answer(), statements=()), 1))
    stated = read(answer_markup.answer_html(make_answer(), 1))
    for words, *_ in STATEMENTS:
        assert words in stated.text
    links = [[attributes["href"] for tag, attributes in one.tags if tag == "a"] for one in (seen, stated)]
    assert links[0] == links[1] == ["#src-1-1", "#src-1-2", "#src-1-2", "#src-1-3"]
    assert "[1]." not in stated.text


def test_why_a_source_says_otherwise_is_told_once_and_not_on_hover_alone() -> None:
    html = answer_markup.answer_html(make_answer(), 1)
    assert html.count("<li>The source says 30, not 40.</li>") == 1
    assert html.count("<li>“or more” is not in the cited words.</li>") == 1


def test_a_source_that_the_model_did_not_name_is_said_to_be_found() -> None:
    tags = read(answer_markup.answer_html(make_answer(), 1)).tags
    tips = [found["data-tip"] or "" for _, found in tags if "data-rests" in found]
    assert sum("one was found for it" in tip for tip in tips) == 2


def test_a_quotation_that_does_not_stand_for_itself_says_so_too() -> None:
    first = replace(make_answer().statements[0], state=StatementState.PARTLY, why="A reader wrote it.")
    quoted = answer_markup.answer_html(make_answer(statements=(first,)), 1).split("</figure>")[0]
    assert ">partly in its source</button></p>" in quoted
    assert "<li>A reader wrote it.</li>" in quoted


def test_a_place_that_two_statements_rest_on_is_marked_once() -> None:
    seen = read(reader_markup.pane_html(make_answer(), {WIRE.id: WIRE}, 1))
    assert sorted(one for one in seen.ids if one.startswith("src")) == ["src-1-1", "src-1-2", "src-1-3"]


def test_doubt_stands_before_the_answer() -> None:
    text = read(answer_markup.answer_html(make_answer(), 1)).text
    assert text.index(f"Doubtful: {DOUBT}") < text.index(STATEMENTS[0][0])
    assert "Doubtful" not in read(answer_markup.answer_html(make_answer(doubt=""), 1)).text


@pytest.mark.parametrize("payload", XSS)
def test_what_a_model_writes_stays_text(payload: str) -> None:
    statement = CheckedStatement(0, len(payload), StatementState.PARTLY, payload)
    told = Answer("Q", payload, statements=(statement,), doubt=payload, calls=(call(model=payload),), cost_usd=None)
    places = [CitedEvent(at, 1) for at in (0, len(payload) // 2, len(payload) + 9)]
    pending = answer_markup.pending_html("Q", (), payload, places)
    for html in (answer_markup.answer_html(told, 1), pending, answer_markup.stopped_html(payload)):
        assert_only_ours(html)
    assert read(answer_markup.answer_html(told, 1)).text.count(payload) == 4
    assert payload in read(pending).text.replace("[·]", "")


# ── while an answer is coming ─────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("cited", "shown"),
    [
        pytest.param([], "One. Two.", id="none"),
        pytest.param([CitedEvent(4, 1)], "One.[·] Two.", id="one"),
        pytest.param([CitedEvent(4, 2), CitedEvent(9, 1)], "One.[·][·] Two.[·]", id="two and one"),
        pytest.param([CitedEvent(4, 1), CitedEvent(4, 1)], "One.[·][·] Two.", id="twice at one place"),
        pytest.param([CitedEvent(99, 1)], "One. Two.[·]", id="beyond the text"),
    ],
)
def test_a_citation_that_nobody_has_looked_up_is_a_mark_and_no_link(cited: list[CitedEvent], shown: str) -> None:
    seen = read(answer_markup.pending_html("Q", (), "One. Two.", cited))
    assert seen.text.endswith(shown)
    assert "a" not in [tag for tag, _ in seen.tags]
    titles = [attributes["title"] for _, attributes in seen.tags if attributes.get("class") == "cite pending"]
    assert titles == ["not yet looked up"] * shown.count("[·]")


class Telling(FakeAssistant):
    """Streams the answer that is made by hand, and says when its stream was closed before its end."""

    def __init__(self, pause_s: float = 0.0, told: Callable[[str], Any] = lambda _: None) -> None:
        super().__init__({WIRE.id: WIRE}, 1)
        self.pause_s = pause_s
        self.told = told

    def stream(
        self, question: str, *, history: Sequence[Turn] = (), filters: Filters | None = None, stop: object = None
    ) -> Iterator[StreamEvent]:
        answer = make_answer(question)
        try:
            yield StageEvent("retrieve", "3 passages from 1 article", 0.01)
            at = 0
            for words, _, _, marker in STATEMENTS:
                yield DeltaEvent(f" {words}" if at else words)
                at += len(words) + bool(at)
                time.sleep(self.pause_s)
                if marker:
                    yield CitedEvent(at, 1)
            time.sleep(self.pause_s)
            yield AnswerEvent(answer)
        except GeneratorExit:
            self.told("closed")
            raise


def test_a_stopped_conversation_closes_the_stream_of_the_assistant() -> None:
    told: SimpleQueue[str] = SimpleQueue()
    fake: Any = Telling(pause_s=0.3, told=told.put)
    views = converse(fake, "Who?", Filters(), Conversation())
    assert [next(views).asked, next(views).asked] == ["Who?", None]
    assert told.empty()
    views.close()  # type: ignore[attr-defined]
    assert told.get(timeout=10) == "closed"


def test_a_stream_that_brings_nothing_keeps_nobody_waiting_and_loses_nothing() -> None:
    def slow() -> Generator[int, None, None]:
        yield 1
        time.sleep(0.3)
        yield 2
        raise RuntimeError("at the end")

    came = as_they_come(slow(), threading.Event(), look_s=0.05)
    assert next(came) == 1
    assert next(came) is None
    with pytest.raises(RuntimeError, match="at the end"):
        assert [one for one in came if one] == [2]


def test_the_finished_answer_replaces_the_marks_of_the_streamed_one() -> None:
    fake: Any = Telling(pause_s=0.07)
    *streamed, last = converse(fake, "Who?", Filters(), Conversation())
    assert any("not yet looked up" in (view.live or "") for view in streamed)
    assert last.live == ""
    assert last.turns is not None
    assert "not yet looked up" not in last.turns
    assert 'href="#src-1-3"' in last.turns


def test_an_article_without_a_date_that_answers_as_of_a_day_is_told() -> None:
    dated = make_answer()
    citations = tuple(replace(one, article=replace(one.article, published=None)) for one in dated.citations)
    undated, day = replace(dated, citations=citations), Filters(as_of=date(2025, 8, 20))
    words = "it may be later than 20 August 2025"
    told = [words in answer_markup.answer_html(*one) for one in ((undated, 1, day), (undated, 1), (dated, 1, day))]
    assert told == [True, False, False]


# ── calls and their price ─────────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("calls", "cost", "words"),
    [
        pytest.param((), 0.0, "", id="no model"),
        pytest.param((call(),), 0.0012, f"{MODEL} · 1,403 tokens · about $0.0012 · 3.4\u00a0s", id="one call"),
        pytest.param((call(), call()), 0.0123, f"{MODEL} · 2,806 tokens · about $0.01 · 3.4\u00a0s", id="two calls"),
        pytest.param((call(),), None, f"{MODEL} · 1,403 tokens · price unknown · 3.4\u00a0s", id="unknown price"),
        pytest.param(
            (call(cached=True),), 0.0, f"{MODEL} · from kept replies, nothing paid · 3.4\u00a0s", id="a kept reply"
        ),
        pytest.param(
            (call(), call(cached=True)),
            0.0012,
            f"{MODEL} · 1,403 tokens · about $0.0012 · 3.4\u00a0s",
            id="one kept of two",
        ),
        pytest.param(
            (call(usage=Usage(90, 10, exact=False)), call(model="b")),
            None,
            f"{MODEL}, b · about 1,503 tokens · price unknown · 3.4\u00a0s",
            id="estimated, two models",
        ),
    ],
)
def test_a_bill_names_model_tokens_price_and_seconds(calls: tuple[ModelCall, ...], cost: float, words: str) -> None:
    assert bill_words(calls, cost, 3.4) == words


@pytest.mark.parametrize(
    ("usd", "words"),
    [
        (None, "price unknown"),
        (0.0, "nothing paid"),
        (0.00002, "less than $0.0001"),
        (0.004, "about $0.004"),
        (0.00123, "about $0.0012"),
        (0.126, "about $0.13"),
        (1234.5, "about $1,234.50"),
    ],
)
def test_a_price_is_said_no_finer_than_it_is_known(usd: float | None, words: str) -> None:
    assert price_words(usd) == words


@pytest.mark.parametrize(
    ("costs", "words"),
    [
        pytest.param([0.001, 0.003], "2 answers, 2,806 tokens, about $0.004", id="known"),
        pytest.param([0.001, None, 0.003], "3 answers, 4,209 tokens, at least $0.004", id="one unknown"),
        pytest.param([None, None], "2 answers, 2,806 tokens, price unknown", id="all unknown"),
    ],
)
def test_a_conversation_is_the_sum_of_its_answers(costs: list[float | None], words: str) -> None:
    assert sum_words([((call(),), cost) for cost in costs]) == words


def test_what_one_answer_or_no_model_cost_is_not_summed_up() -> None:
    assert answer_markup.conversation_bill_html([((call(),), 0.1)]) == ""
    assert answer_markup.conversation_bill_html([((), 0.0), ((), 0.0)]) == ""
    html = answer_markup.conversation_bill_html([((call(),), 0.1), ((), 0.0)])
    assert read(html).text == "This conversation: 2 answers, 1,403 tokens, about $0.10"


def test_a_turn_ends_with_its_bill_and_an_extractive_one_has_none() -> None:
    assert read(answer_markup.answer_html(make_answer(), 1)).text.endswith("1,403 tokens · about $0.0012 · 3.4\u00a0s")
    assert 'class="bill"' not in answer_markup.answer_html(make_answer(calls=(), cost_usd=0.0), 1)


# ── JSON, terminal, ledger ────────────────────────────────────────────────────────────────────────────────────────────
def test_the_json_of_an_answer_tells_statements_doubt_and_calls() -> None:
    document = json.loads(json.dumps(answer_json(make_answer(cost_usd=None))))
    first = document["statements"][0]
    assert document["text"][first["start"] : first["end"]] == STATEMENTS[0][0]
    assert [one["state"] for one in document["statements"]] == [str(one[1]) for one in STATEMENTS]
    assert set(first) == {"start", "end", "state", "why", "attributed", "sources"}
    assert document["doubt"] == DOUBT
    assert document["usage"] == {"input_tokens": 1200, "output_tokens": 203, "exact": True}
    assert document["calls"] == [call_json(call())]
    assert document["cost_usd"] is None
    assert answer_json(make_answer(doubt=""))["doubt"] is None


def test_the_json_of_a_call_names_every_field_and_no_failure_is_null() -> None:
    assert call_json(call(seed=7)) == {
        "step": "answer",
        "model": MODEL,
        "server": "api.example",
        "prompt": "answer@2",
        "form": "json_schema",
        "usage": {"input_tokens": 1200, "output_tokens": 203, "exact": True},
        "seconds": 2.9,
        "first_token_s": 0.4,
        "cached": False,
        "failed": None,
        "temperature": None,
        "seed": 7,
    }
    assert call_json(call(failed="It timed out."))["failed"] == "It timed out."


def test_the_terminal_says_doubt_first_and_the_bill_last(capsys: pytest.CaptureFixture[str]) -> None:
    ask_command._print_answer(make_answer())
    lines = " ".join(capsys.readouterr().out.split()).replace("3.4 s", "3.4\u00a0s")
    told = [
        f"Doubtful: {DOUBT}",
        STATEMENTS[0][0],
        "Cited, wording not verified: “The chiefs of defence travel there.” Nothing in its source",
        "Partly in its source: “Delegates of 30 or more nations come.” “or more” is not in the cited words.",
        "Contradicted by its source: “Delegates of 40 nations come.” The source says 30, not 40.",
        "Not in the sources: “A treaty will be signed.” Nothing that was found supports it.",
        "[1] The Wire · 2025-08-20",
        f"{MODEL} · 1,403 tokens · about $0.0012 · 3.4\u00a0s",
    ]
    at = [lines.find(words) for words in told]
    assert -1 not in at
    assert at == sorted(at)
    assert lines.endswith(told[-1])
    assert "Marked:" not in lines
    assert "Verified" not in lines


def test_a_ledger_keeps_statements_doubt_and_calls() -> None:
    kept = ledger_of(make_answer(), {WIRE.id: WIRE})
    [verdict] = kept["verdicts"]
    assert verdict["doubt"] == DOUBT
    assert [one["state"] for one in verdict["statements"]] == [str(one[1]) for one in STATEMENTS]
    assert (kept["calls"], kept["cost_usd"]) == ([call_json(call())], 0.0012)


# ── a model's view of a claim ─────────────────────────────────────────────────────────────────────────────────────────
VIEW = f"The model's view ({MODEL}, not counted): not enough evidence - Both name thirty nations."


def test_the_json_of_a_check_has_the_models_view_with_its_spans() -> None:
    document = json.loads(json.dumps(check_document(with_opinion())))
    view = document["claims"][0]["opinion"]
    [span] = view.pop("evidence")
    assert view == {"label": "not_enough_evidence", "why": "Both name thirty nations.", "model": MODEL}
    assert PENTAGON[span["start"] : span["end"]] == NUMBERS
    assert document["claims"][1]["opinion"] is None
    assert [one["step"] for one in document["calls"]] == ["opinion"]
    assert document["cost_usd"] is None


@pytest.mark.parametrize("name", ["html", "markdown"])
def test_an_export_shows_the_models_view_as_not_counted_and_what_it_cost(name: str) -> None:
    page = load_exporter(name).export(with_opinion(), {})
    text = read(page).text if name == "html" else page.replace("\\", "")
    assert text.count(VIEW) == 1
    assert "1,403 tokens · price unknown" in text
    assert "The model's view" not in load_exporter(name).export(make_check()[0], {})


def test_the_csv_has_the_models_view_in_columns_of_its_own() -> None:
    head, first, *_ = load_exporter("csv").export(with_opinion(), {}).splitlines()
    assert head.endswith(",opinion,opinion_why,opinion_model")
    assert first.endswith(f",not_enough_evidence,Both name thirty nations.,{MODEL}")


def test_claim_review_says_nothing_that_is_not_counted() -> None:
    review = load_exporter("claimreview").export(with_opinion(), {})
    assert MODEL not in review
    assert "Both name thirty nations." not in review


def test_the_terminal_shows_the_models_view_under_the_evidence(capsys: pytest.CaptureFixture[str]) -> None:
    check_command.print_check(with_opinion())
    lines = " ".join(capsys.readouterr().out.split())
    assert lines.index(NUMBERS) < lines.index(VIEW)
    assert lines.endswith(f"{MODEL} · 1,403 tokens · price unknown")


def test_a_ledger_keeps_the_models_view() -> None:
    check = with_opinion()
    rows = ledger_of(check, make_check()[1])["verdicts"]
    assert rows[1]["opinion"]["label"] == "not_enough_evidence"
    assert rows[2]["opinion"] is None


# ── in a browser ──────────────────────────────────────────────────────────────────────────────────────────────────────
@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("states")


@pytest.fixture(scope="module")
def states(home: Path) -> Iterator[str]:
    port = free_port()
    with served([str(Path(__file__)), str(port)], port, home) as url:
        yield url


def ask(page: Page, question: str) -> None:
    page.fill("#question textarea", question)
    page.press("#question textarea", "Enter")
    page.locator("#live .cite.pending").first.wait_for()


def closings(home: Path, wanted: int) -> int:
    """How many streams were closed before their end; `wanted` of them are waited for."""
    log, until = home / "closed", time.monotonic() + 20
    while time.monotonic() < until:
        time.sleep(0.2)
        if log.exists() and len(log.read_text().split()) >= wanted:
            break
    return len(log.read_text().split()) if log.exists() else 0


def serve_fake(port: int) -> None:
    from assistant.ui.page import serve

    def told(word: str) -> None:
        with (Path(os.environ["ASSISTANT_HOME"]) / "closed").open("a") as log:
            log.write(f"{word}\n")

    fake: Any = Telling(float(os.environ.get("PAUSE_S", "0.6")), told)
    serve(fake, host="127.0.0.1", port=port)


@needs_chromium
def test_stop_clear_and_leaving_end_an_answer_that_is_coming(
    states: str, home: Path, look: Callable[..., Page]
) -> None:
    page = look(states, PHONE)
    stop, ask_button = page.locator("#stop-button"), page.locator("#ask-button")
    assert not stop.is_visible()
    ask(page, "Who goes?")
    assert stop.is_visible()
    assert not ask_button.is_visible()
    stop.click()
    page.locator("#live .stopped").wait_for()
    assert closings(home, 1) == 1
    assert ask_button.is_visible()
    assert page.input_value("#question textarea") == "Who goes?"
    assert page.locator("#turns .turn").count() == 0
    assert page.locator("#live .stopped").count() == 1
    ask(page, "Who goes again?")
    page.get_by_role("button", name="New").click()
    page.locator("#welcome").wait_for()
    assert closings(home, 2) == 2
    assert page.locator("#turns .turn").count() == 0
    ask(page, "And who comes?")
    page.close()
    assert closings(home, 3) == 3


@needs_chromium
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_state_is_an_underline_and_a_word_that_can_be_read(
    states: str, look: Callable[..., Page], scheme: str
) -> None:
    page = look(states, DESK, scheme)
    ask(page, "Who goes?")
    assert barriers(page) == []
    page.locator("#turns .turn .bill").wait_for()
    styles = [
        page.locator(f".answer .stated.state-{one[1].replace('_', '-')}").evaluate(
            "e => getComputedStyle(e).textDecorationLine + getComputedStyle(e).textDecorationStyle"
        )
        for one in STATEMENTS
    ]
    assert styles[0] == "nonesolid"
    assert len(set(styles)) == len(styles)
    assert barriers(page) == []


if __name__ == "__main__":
    serve_fake(int(sys.argv[1]))
