"""The verdict on a text as the page tells it, and the beginning of a long text."""

from __future__ import annotations

from dataclasses import replace

import pytest
from fact_checks import make_check
from test_ui_markup import read

from assistant.policy import of_text
from assistant.types import CheckedClaim, FactCheck
from assistant.ui.check_markup import short, verdict_html


def check_of(*claims: CheckedClaim, note: str = "") -> FactCheck:
    return replace(make_check()[0], claims=claims, verdict=of_text(claims, "light"), note=note)


CONFLICTING, OPEN, QUESTION = make_check()[0].claims


def test_a_text_in_which_nothing_is_checked_has_no_verdict_and_says_why_once() -> None:
    why = check_of(QUESTION).verdict.why
    told = read(verdict_html(check_of(QUESTION, note=f"{why} The text was cut."))).text
    assert told.startswith(f"Verdict on the text: Not checked{why}What the marks mean")
    assert told.endswith("The text was cut.")
    assert told.count(why) == 1


def test_the_reason_and_the_counts_below_it_count_the_same_claims() -> None:
    told = read(verdict_html(check_of(CONFLICTING, OPEN, QUESTION))).text
    assert "Of 3 claims: 1 conflicting, 1 not enough evidence, 1 not checked." in told
    assert "3 claims:1 conflicting1 not enough evidence1 not checked" in told


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        pytest.param("Ten chars.", "Ten chars.", id="it fits"),
        pytest.param("Ten \n chars.", "Ten chars.", id="white space is one space"),
        pytest.param("The city told everybody.", "The city…", id="cut between words"),
        pytest.param("The  city's wells", "The city's…", id="a word that just fits"),
        pytest.param("Donaudampfschifffahrt", "Donaudampf…", id="one long word is cut"),
    ],
)
def test_a_long_text_is_cut_between_words_where_there_are_any(text: str, shown: str) -> None:
    assert short(text, 11) == shown
