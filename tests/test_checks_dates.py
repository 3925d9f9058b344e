"""Relative dates as days of the calendar, and which of two articles came later and says so."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.checks.dates import future, overtakes, resolved_dates
from assistant.types import ArticleFacts, Evidence, Span, Status, Zone

WEDNESDAY = date(2025, 8, 20)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("They met last Tuesday.", "last Tuesday = 19 August 2025"),
        ("They met yesterday.", "yesterday = 19 August 2025"),
        ("They meet tomorrow.", "tomorrow = 21 August 2025"),
        ("They met on Monday.", "Monday = 18 August 2025"),
        ("They will meet on Monday.", "Monday = 25 August 2025"),
        ("They meet this week.", "this week = 18 to 24 August 2025"),
        ("They meet later this week.", "later this week = 18 to 24 August 2025"),
        ("They met last month.", "last month = July 2025"),
        ("They met earlier this year.", "earlier this year = 2025"),
        ("They met last summer.", "last summer = 1 June to 31 August 2024"),
        ("They met last winter.", "last winter = 1 December 2024 to 28 February 2025"),
        ("They met two weeks ago.", "two weeks ago = 3 to 9 August 2025"),
        ("They met four weeks ago.", "four weeks ago = 20 to 26 July 2025"),
        ("They met on 3 May.", "3 May = 3 May 2025"),
        ("They met on 3 December.", "3 December = 3 December 2024"),
        ("They met in the 1990s.", "the 1990s = 1990 to 1999"),
        ("They met on 3 May 2024.", "3 May 2024"),
        ("They met in May 2024.", "May 2024"),
        ("They met two days later.", "two days later: counts from a day that the words do not name"),
        ("They met the following day.", "the following day: counts from a day that the words do not name"),
    ],
)
def test_a_date_is_shown_with_the_days_it_means(text: str, shown: str) -> None:
    assert [resolved.shown for resolved in resolved_dates(text, WEDNESDAY)] == [shown]


@pytest.mark.parametrize("words", ["last Tuesday", "yesterday", "this week", "two weeks ago", "earlier this year"])
def test_in_an_undated_article_a_relative_date_stays_unresolved_and_says_so(words: str) -> None:
    (resolved,) = resolved_dates(f"They met {words}.", None)
    assert (resolved.day, resolved.until) == (None, None)
    assert resolved.shown == f"{words}: the article has no date"


def test_places_are_exact_and_times_of_day_are_no_dates() -> None:
    text = "At 19:10 on Friday, 14 March 2025, it sailed; it sank on Sunday."
    dates = resolved_dates(text, date(2025, 3, 17))
    assert [(text[d.start : d.end], d.day) for d in dates] == [
        ("Friday, 14 March 2025", date(2025, 3, 14)),
        ("Sunday", date(2025, 3, 16)),
    ]


def evidence(text: str, published: date | None, zone: Zone = Zone.BODY) -> Evidence:
    facts = ArticleFacts("a", None, None, None, published, None, None, Status.CURRENT, None)
    return Evidence(Span("a", 0, len(text)), text, zone, 1.0, article=facts)


FEARED = "Forty tonnes of diesel have leaked from the ferry, officials fear."
TWELVE_CASES = "Health officials have counted 12 cases of measles in Tamber."


@pytest.mark.parametrize(
    ("newer", "days", "older", "says"),
    [
        (
            "The ferry leaked 12 tonnes of diesel, not the 40 tonnes first reported.",
            90,
            FEARED,
            "'40 tonnes' as the earlier figure",
        ),
        (
            "The report cuts the spill of diesel from the ferry to 12 tonnes, less than the 40 tonnes feared.",
            90,
            FEARED,
            "earlier figure",
        ),
        ("The ferry's owner revised the spill of diesel to 12 tonnes.", 2, FEARED, "'revised'"),
        ("The ferry has now leaked 45 tonnes of diesel.", 1, FEARED, "'now'"),
        ("The leak of diesel from the ferry was corrected to 12 tonnes.", 1, FEARED, "'corrected'"),
        ("Diesel no longer leaks from the ferry.", 3, FEARED, "'no longer'"),
        ("The number of measles cases in Tamber has risen to 61 cases.", 3, TWELVE_CASES, "risen"),
        ("Cases of measles in Tamber are up from 12 to 61.", 3, TWELVE_CASES, "up from"),
        ("Tamber has 61 cases of measles.", 30, TWELVE_CASES, "the count has grown"),
    ],
)
def test_a_later_article_overtakes_when_its_words_or_the_growth_say_so(
    newer: str, days: int, older: str, says: str
) -> None:
    later = date.fromordinal(WEDNESDAY.toordinal() + days)
    reason = overtakes(evidence(newer, later), evidence(older, WEDNESDAY))
    assert reason is not None
    assert says in reason


@pytest.mark.parametrize(
    ("newer", "days", "older"),
    [
        ("The ferry leaked 12 tonnes of diesel.", 1, FEARED),
        ("The ferry leaked 12 tonnes of diesel.", 90, FEARED),
        ("Tamber has 61 cases of measles.", 5, TWELVE_CASES),
        ("Tamber has 9 cases of measles.", 30, TWELVE_CASES),
        ("The price of bread was revised to 12 crowns.", 30, FEARED),
        ("The ferry leaked 12 tonnes of diesel, not the 40 tonnes first reported.", 0, FEARED),
        ("The ferry leaked 12 tonnes of diesel, not the 40 tonnes first reported.", -3, FEARED),
    ],
)
def test_two_articles_that_just_contradict_overtake_neither(newer: str, days: int, older: str) -> None:
    later = date.fromordinal(WEDNESDAY.toordinal() + days)
    assert overtakes(evidence(newer, later), evidence(older, WEDNESDAY)) is None


def test_a_correction_overtakes_and_an_undated_article_never_does() -> None:
    older = evidence(FEARED, WEDNESDAY)
    words = "The ferry leaked 12 tonnes of diesel."
    assert overtakes(evidence(words, date(2025, 8, 21), Zone.CORRECTION), older) is not None
    assert overtakes(evidence(words, None, Zone.CORRECTION), older) is None
    assert overtakes(evidence(words, date(2025, 8, 21), Zone.CORRECTION), evidence(FEARED, None)) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("They will meet on Friday.", True),
        ("They meet tomorrow.", True),
        ("The law takes effect on 1 January 2026.", True),
        ("They are due to meet.", True),
        ("They meet next week.", True),
        ("They met on Monday.", False),
        ("They met in 2024.", False),
        ("They met this week.", False),
        ("The earth is round.", False),
    ],
)
def test_a_claim_about_a_day_to_come_is_told_apart(text: str, expected: bool) -> None:
    assert future(text, WEDNESDAY) is expected


def test_without_a_day_only_the_verbs_tell() -> None:
    assert future("They will meet.", None)
    assert not future("They met tomorrow.", None)


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=60), st.text(max_size=60), st.sampled_from([None, date.min, WEDNESDAY, date.max]))
def test_no_text_makes_these_checks_raise(one: str, other: str, day: date | None) -> None:
    future(one, day)
    overtakes(evidence(one, day), evidence(other, WEDNESDAY))
    for resolved in resolved_dates(f"{one} last week {other}", day):
        assert f"{one} last week {other}"[resolved.start : resolved.end] == resolved.words
