"""What a reader is told when there is no answer: why, what came nearest, what to do."""

from __future__ import annotations

from datetime import date

import pytest
from test_page import HARBOUR, HOSTILE
from test_ui_markup import XSS, assert_only_ours, read

from assistant.types import Answer, Article, Filters
from assistant.ui.abstention_markup import abstention_html, filter_words

NO = Answer("Who?", "The articles do not answer this.", abstained="Nothing fits.", confidence=0.12)


def told(answer: Answer = NO, filters: Filters | None = None, *near: Article) -> str:
    return read(abstention_html(answer, filters or Filters(), near)).text


def test_it_says_that_there_is_no_answer_and_the_reason() -> None:
    assert told().startswith("The articles do not answer this.Nothing fits.")


def test_what_came_nearest_is_named_with_its_publisher_and_is_no_link() -> None:
    html = abstention_html(NO, Filters(), [HARBOUR])
    assert "Harbour opens, Harbour Courier, 14 March 2026" in read(html).text
    assert "a" not in [tag for tag, _ in read(html).tags]


def test_how_likely_the_best_sentences_answer_is_said_where_there_are_any() -> None:
    assert "12%" in told(NO, None, HARBOUR)
    assert "12%" not in told()


def test_a_follow_up_says_how_it_was_searched() -> None:
    followed = Answer("And her?", "No.", abstained="No.", search_question="And Ruth Ollerton?")
    assert "It was searched as: And Ruth Ollerton?" in told(followed)
    assert "searched as" not in told()


@pytest.mark.parametrize(
    ("filters", "near", "step"),
    [
        pytest.param(Filters(publisher="Courier"), (HARBOUR,), "widen the filters", id="filters"),
        pytest.param(Filters(), (HARBOUR,), "words that an article would use", id="something near"),
        pytest.param(Filters(), (), "Add articles", id="nothing near"),
    ],
)
def test_the_next_step_fits_what_stood_in_the_way(filters: Filters, near: tuple[Article, ...], step: str) -> None:
    assert step in told(NO, filters, *near)


@pytest.mark.parametrize("payload", XSS)
def test_what_stands_near_and_what_was_asked_stay_text(payload: str) -> None:
    answer = Answer(payload, payload, abstained=payload, search_question=payload * 2)
    html = abstention_html(answer, Filters(publisher=payload), [HOSTILE])
    assert_only_ours(html)
    assert payload in read(html).text


def test_filters_are_told_in_words() -> None:
    filters = Filters("Harbour Courier", date(2025, 8, 1), date(2025, 8, 31), date(2025, 9, 1))
    words = "As of 1 September 2025, only Harbour Courier, since 1 August 2025, until 31 August 2025"
    assert filter_words(filters) == words
    assert filter_words(Filters()) == ""
