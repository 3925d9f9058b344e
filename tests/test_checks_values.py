"""What a statement says that its source does not."""

from __future__ import annotations

from datetime import date

import pytest
from growth import growth
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.checks.values import missing_in_all, missing_values
from assistant.types import Kind

WEDNESDAY = date(2025, 8, 20)
BRIEFED = "On Tuesday, Prime Minister Keir Starmer briefed more than 30 world leaders about the White House meeting."
SPILL = (
    "The report cuts the estimate of the fuel spill to 12 tonnes, less than a third of the 40 tonnes feared in March."
)
ABOARD = "It confirms that 231 passengers and 19 crew were on board the Lady Morwenna and that 27 people were hurt."
STRIKE = (
    "The 39-day strike at Voltmark ended on 14 March 2025 with a rise of 4.5 percent and $1.2 million for the fund."
)


@pytest.mark.parametrize(
    ("statement", "source"),
    [
        ("More than thirty leaders were briefed.", BRIEFED),
        ("Starmer briefed leaders on 19 August 2025.", BRIEFED),
        ("Starmer briefed leaders in August 2025.", BRIEFED),
        ("Starmer briefed leaders this week.", BRIEFED),
        ("More than 20 world leaders were briefed.", BRIEFED),
        ("At least 30 world leaders were briefed.", BRIEFED),
        ("There were 231 passengers on the ferry Lady Morwenna.", ABOARD),
        ("More than 200 passengers were on board.", ABOARD),
        ("About 230 passengers were on board.", ABOARD),
        ("Between 200 and 300 passengers were on board.", ABOARD),
        ("Twelve tonnes leaked.", SPILL),
        ("The strike lasted 39 days.", STRIKE),
        ("Workers get 4.5 per cent.", STRIKE),
        ("The fund gets 1,200,000 dollars.", STRIKE),
        ("The strike ended in March 2025.", STRIKE),
        ("The strike ended on 14 March.", STRIKE),
        ("The British navy helped.", "The UK's navy helped."),
        ("The EU agreed.", "The European Union agreed."),
        ("The WHO agreed.", "The World Health Organization agreed."),
        ("Tony Radakin spoke.", "Radakin spoke."),
        ("Zelensky spoke.", "Volodymyr Zelenskyy spoke."),
        ("Half the members left.", "Fifty percent of the members left."),
        ("Brandl is 45 years old.", "Tomas Brandl, 45, was on watch."),
        ("A Boeing 737 landed.", "The Boeing 737 landed."),
        ("Hundreds of people came.", "Some 4,000 people came."),
        ("They won by 1,018 votes to 304.", "The vote was 1,018 to 304."),
        ("About 1,450 of the 1,900 employees left.", "On Monday 1,450 of its 1,900 employees left."),
        ("The two officers are free.", "No charge is planned against either officer."),
        ("It was more than two weeks earlier.", "It was more than two weeks ago."),
        ("The thieves came before 6 a.m.", "The thieves came before six o'clock in the morning."),
        ("All were ashore by 1:15 a.m.", "All were ashore by a quarter past one."),
        ("Nothing in particular is said here.", ""),
    ],
)
def test_what_the_source_says_or_says_more_narrowly_is_there(statement: str, source: str) -> None:
    assert missing_values(statement, source, WEDNESDAY, WEDNESDAY) == ()


@pytest.mark.parametrize(
    ("statement", "source", "missing"),
    [
        ("They won by 1,081 votes to 304.", "The vote was 1,018 to 304.", "1,081 votes to 304"),
        ("The two ships are free.", "No charge is planned against either officer.", "two"),
        ("It was two weeks later.", "It was two weeks ago.", "two weeks later"),
        ("The thieves came before 6 p.m.", "The thieves came before six o'clock in the morning.", "6 p.m."),
        ("About 1,900 employees left.", "On Monday 1,450 employees left.", "About 1,900"),
    ],
)
def test_what_is_only_said_alike_is_missing(statement: str, source: str, missing: str) -> None:
    assert [one.in_claim for one in missing_values(statement, source, WEDNESDAY, WEDNESDAY)] == [missing]


@pytest.mark.parametrize(
    ("statement", "language", "missing"),
    [
        ("48.000 Euro kamen zusammen.", "de", []),
        ("48,000 euros came in, the club said on Monday for the year.", "de", []),
        ("48.500 Euro kamen zusammen.", "de", ["48.500 Euro"]),
    ],
)
def test_figures_are_read_as_the_language_of_the_sources_writes_them(
    statement: str, language: str, missing: list[str]
) -> None:
    found = missing_in_all(statement, ["Montag: 48.000 Euro."], language=language)
    assert [one.in_claim for one in found] == missing


@pytest.mark.parametrize(
    ("statement", "source", "kind", "in_claim", "in_source"),
    [
        ("He briefed 30 world leaders.", BRIEFED, Kind.BOUND, "30", "more than 30"),
        ("He briefed fewer than 30 world leaders.", BRIEFED, Kind.BOUND, "fewer than 30", "more than 30"),
        ("He briefed 50 world leaders.", BRIEFED, Kind.NUMBER, "50", "more than 30"),
        ("Starmer spoke on Monday.", BRIEFED, Kind.DATE, "Monday", "Tuesday"),
        ("Starmer spoke on 21 August 2025.", BRIEFED, Kind.DATE, "21 August 2025", "Tuesday"),
        ("Rishi Starmer briefed leaders.", BRIEFED, Kind.NAME, "Rishi Starmer", "Keir Starmer"),
        ("Meloni briefed world leaders.", BRIEFED, Kind.NAME, "Meloni", "Keir Starmer"),
        ("Forty litres leaked.", SPILL, Kind.UNIT, "Forty litres", "40 tonnes"),
        ("Fifteen tonnes leaked.", SPILL, Kind.NUMBER, "Fifteen tonnes", "12 tonnes"),
        ("There were 213 passengers.", ABOARD, Kind.NUMBER, "213", "231"),
        ("Exactly 91 people were hurt.", ABOARD, Kind.NUMBER, "91", "27"),
        ("More than 231 passengers were on board.", ABOARD, Kind.BOUND, "More than 231", "231"),
        ("Nearly 27 people were hurt.", ABOARD, Kind.BOUND, "Nearly 27", "27"),
        ("The strike lasted 39 weeks.", STRIKE, Kind.UNIT, "39 weeks", "39-day"),
        ("The strike lasted 40 days.", STRIKE, Kind.NUMBER, "40 days", "39-day"),
        ("The rise is 4.5 percentage points.", STRIKE, Kind.UNIT, "4.5 percentage points", "4.5 percent"),
        ("The fund gets €1.2 million.", STRIKE, Kind.UNIT, "€1.2 million", "$1.2 million"),
        ("The fund gets $1.2 billion.", STRIKE, Kind.NUMBER, "$1.2 billion", "$1.2 million"),
        ("It ended on 15 March 2025.", STRIKE, Kind.DATE, "15 March 2025", "14 March 2025"),
        ("It ended in April 2025.", STRIKE, Kind.DATE, "April 2025", "14 March 2025"),
        ("It ended on 14 March 2024.", STRIKE, Kind.DATE, "14 March 2024", "14 March 2025"),
        ("The strike at Tamber ended.", STRIKE, Kind.NAME, "Tamber", "Voltmark"),
        ("Melania Trump called.", "Donald Trump spoke to reporters.", Kind.NAME, "Melania Trump", "Donald Trump"),
        ("London Bridge fell.", "The bridge in London fell.", Kind.NAME, "London Bridge", "London"),
        ("The third vote failed.", "Three votes failed.", Kind.UNIT, "third", "Three"),
        ("It fell by 10 percent.", "It fell to about 10 percent.", Kind.BOUND, "10 percent", "about 10 percent"),
        ("Ten boats sank.", "Between 10 and 20 boats sank.", Kind.NUMBER, "Ten", "Between 10 and 20"),
        ("It sailed at 7 p.m. exactly.", "It sailed at 19:10.", Kind.DATE, "7 p.m.", "19:10"),
        ("A Boeing 747 landed.", "The Boeing 737 landed.", Kind.NAME, "Boeing 747", "Boeing 737"),
        ("They won 3-2.", "They won 2-1.", Kind.NUMBER, "3-2", "2-1"),
    ],
)
def test_what_the_source_lacks_comes_with_its_kind_and_the_nearest_there(
    statement: str, source: str, kind: Kind, in_claim: str, in_source: str
) -> None:
    (difference,) = missing_values(statement, source, WEDNESDAY, WEDNESDAY)
    assert (difference.kind, difference.in_claim, difference.in_source) == (kind, in_claim, in_source)
    assert statement[difference.start : difference.end] == in_claim
    assert source[difference.source_start : difference.source_end] == in_source


@pytest.mark.parametrize(
    ("statement", "source", "note"),
    [
        ("He briefed 30 world leaders.", BRIEFED, "The source says more than 30, not 30."),
        ("Forty litres leaked.", SPILL, "The source says 40 tonnes, not forty litres."),
        ("Starmer spoke on Monday.", BRIEFED, "The source says Tuesday (19 August 2025), not Monday (18 August 2025)."),
        ("He spoke to 30 leaders.", "He spoke.", "The source has no figure like 30."),
        ("He spoke to Meloni.", "He spoke.", "The source has no name like Meloni."),
        ("He spoke on 19 August 2025.", "He spoke.", "The source has no date like 19 August 2025."),
    ],
)
def test_the_note_is_a_sentence_for_the_reader(statement: str, source: str, note: str) -> None:
    (difference,) = missing_values(statement, source, WEDNESDAY, WEDNESDAY)
    assert difference.note == note


def test_a_value_that_one_of_several_sources_has_is_not_missing() -> None:
    statement = "The 231 passengers were told of 12 tonnes and of 99 boats."
    (difference,) = missing_in_all(statement, [ABOARD, SPILL])
    assert difference.in_claim == "99"


def test_places_count_in_the_sources_joined_by_line_breaks() -> None:
    (difference,) = missing_in_all("Fifteen tonnes leaked.", [ABOARD, SPILL])
    joined = f"{ABOARD}\n{SPILL}"
    assert joined[difference.source_start : difference.source_end] == difference.in_source == "12 tonnes"


def test_relative_dates_count_from_the_day_of_their_own_text() -> None:
    monday_before = date(2025, 8, 18)
    assert missing_values("It met on 12 August 2025.", "It met last Tuesday.", WEDNESDAY, monday_before) == ()
    assert len(missing_values("It met on 12 August 2025.", "It met last Tuesday.", WEDNESDAY, WEDNESDAY)) == 1


def test_without_sources_every_value_is_missing() -> None:
    assert [d.kind for d in missing_in_all("Holt paid $30 in 2023.", [])] == [Kind.NAME, Kind.NUMBER, Kind.DATE]


TEXTS = st.lists(
    st.one_of(
        st.text(max_size=6),
        st.sampled_from(
            "more than|30|$|km|%|on|Tuesday|19 August|2025|12:30|Holt|Tony Holt|third|half of|dozens|3-2|\n".split("|")
        ),
    ),
    max_size=10,
).map(" ".join)


@settings(max_examples=100, deadline=None)
@given(TEXTS, TEXTS, TEXTS, st.sampled_from([None, WEDNESDAY, date.min, date.max]))
def test_whatever_the_texts_differences_lie_in_them(statement: str, one: str, other: str, day: date | None) -> None:
    joined = f"{one}\n{other}"
    for difference in missing_in_all(statement, [one, other], day, [day]):
        assert statement[difference.start : difference.end] == difference.in_claim
        assert joined[difference.source_start : difference.source_end] == difference.in_source
        assert difference.note


@settings(max_examples=100, deadline=None)
@given(TEXTS, st.sampled_from([None, WEDNESDAY]))
def test_a_text_lacks_nothing_of_itself(text: str, day: date | None) -> None:
    assert missing_values(text, text, day, day) == ()


@pytest.mark.parametrize("unit", ["1 ", "A", "A ", "in 2025 ", "Holt and "])
def test_four_times_as_many_hostile_characters_take_no_more_than_eight_times_as_long(unit: str) -> None:
    assert growth(lambda text: missing_values("Tony Radakin met 45 leaders on 3 May.", text), unit) < 8
