"""Which numbers, dates and names a text has, and what they are worth."""

from __future__ import annotations

from datetime import date

import pytest
from growth import growth
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.types import Kind
from assistant.values import Value, find_values, same_value, speaks_of_future

WEDNESDAY = date(2025, 8, 20)


def said(value: Value) -> str:
    """A value in one line: "more 30 x leader", "2025-08-19", "radakin"."""
    if value.kind is Kind.NAME:
        return value.key
    if value.kind is Kind.DATE:
        return dated(value)
    amount = f"{value.low:g}..{value.high:g}" if value.high is not None else f"{value.low or value.number:g}"
    bound = "" if value.bound == "between" else value.bound
    return " ".join(filter(None, (bound, amount, value.unit, value.noun and f"x {value.noun}")))


def dated(value: Value) -> str:
    if value.precision == "time":
        hours, minutes = divmod(int(value.number or 0), 60)
        return f"{hours:02}:{minutes:02}"
    if value.day is None:
        return f"? {value.key}"
    return str(value.day) if value.day == value.until else f"{value.day}..{value.until}"


def found(text: str, kind: Kind, day: date | None = WEDNESDAY, language: str | None = None) -> list[str]:
    return [said(value) for value in find_values(text, day, language) if value.kind is kind]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The talks brought 30 countries together.", ["30 x countri"]),
        ("Thirty countries took part.", ["30 x countri"]),
        ("He spoke to more than 30 world leaders.", ["more 30 x leader"]),
        ("At least 1,500 people died.", ["at least 1500 x peopl"]),
        ("No fewer than twelve ships sank.", ["at least 12 x ship"]),
        ("Fewer than 40 households are affected.", ["less 40 x household"]),
        ("No more than five members may sit.", ["at most 5 x member"]),
        ("Up to 200 soldiers will go.", ["up to 200 x soldier"]),
        ("Nearly 90 passengers waited.", ["nearly 90 x passeng"]),
        ("Some 400 firefighters came.", ["about 400 x firefight"]),
        ("Thirty or more boats were lost.", ["at least 30 x boat"]),
        ("About 50 or so boats remain.", ["about 50 x boat"]),
        ("Over 30 boats were lost.", ["more 30 x boat"]),
        ("It lasted 39 days.", ["39 day"]),
        ("A 20-truck convoy came.", ["20 x truck"]),
        ("The 39-day strike is over.", ["39 day"]),
        ("A 45-year-old man was held.", ["45 year"]),
        ("The driver, aged 45, was held.", ["45 year"]),
        ("Tomas Brandl, 45, was on watch.", ["45 year"]),
        ("There were 231 passengers and 19 crew.", ["231 x passeng", "19 x crew"]),
        ("Two hundred and thirty-one passengers were aboard.", ["231 x passeng"]),
        ("Half a million people fled.", ["500000 x peopl"]),
        ("A dozen eggs and half a dozen rolls.", ["12 x egg", "6 x roll"]),
        ("Two-thirds of voters agreed.", ["0.666667 share x voter"]),
        ("One in five children is poor.", ["0.2 share x children"]),
        ("Half of the members left.", ["0.5 share x member"]),
        ("It costs $1.2m.", ["1.2e+06 usd"]),
        ("It costs 1.2 million dollars.", ["1.2e+06 usd"]),
        ("It costs US$1,200,000.", ["1.2e+06 usd"]),
        ("It costs £2.5bn.", ["2.5e+09 gbp"]),
        ("It costs €30.", ["30 eur"]),
        ("It costs 30 euros.", ["30 eur"]),
        ("About 1 200 000 people live there.", ["about 1.2e+06 x peopl"]),
        ("Turnout was 51.4%.", ["51.4 percent"]),
        ("Turnout was 51.4 per cent.", ["51.4 percent"]),
        ("Rates rose two percentage points.", ["2 percentage point"]),
        ("Between 10 and 20 boats sank.", ["10..20 x boat"]),
        ("It takes 10-20 minutes.", ["10..20 minute"]),
        ("It will cost 10-20 million euros.", ["1e+07..2e+07 eur"]),
        ("It rose from 10 to 20.", ["10", "20"]),
        ("United won 3-2.", ["score 3..2"]),
        ("Twelve tonnes of diesel leaked.", ["12 tonne"]),
        ("The road is 5 km long.", ["5 km"]),
        ("The road is five kilometres long.", ["5 km"]),
        ("It was -5°C at night.", ["-5 celsius"]),
        ("It was 30 degrees Celsius.", ["30 celsius"]),
        ("A 7.1-magnitude quake struck.", ["7.1 x magnitud"]),
        ("Her third term began.", ["3 ordinal x term"]),
        ("It was the 21st meeting.", ["21 ordinal x meet"]),
        ("The twenty-first meeting was short.", ["21 ordinal x meet"]),
        ("For the first time they met.", ["1 ordinal x time"]),
        ("Prices are twice as high.", ["2 times"]),
        ("Dozens of houses burned.", ["many 24 x hous"]),
        ("Tens of thousands of people marched.", ["many 20000 x peopl"]),
        ("No one was hurt, and one of them said so.", []),
        ("One person died.", ["1 x person"]),
        ("Call 24/7, flights B2B, phone 800-273-8255.", []),
        ("It grew by 1½ metres.", ["1.5 m"]),
    ],
    ids=lambda given: given if isinstance(given, str) else "",
)
def test_numbers_carry_amount_unit_bound_and_noun(text: str, expected: list[str]) -> None:
    assert found(text, Kind.NUMBER) == expected


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("Der Schaden liegt bei 1,2 Millionen Euro.", "de", ["1.2e+06 eur"]),
        ("Mehr als dreißig Länder kamen.", "de", ["more 30 x lander"]),
        ("Llegaron 1.200 personas.", "es", ["1200 x persona"]),
        ("Le prix est de 3,5 pour cent.", "fr", ["3.5 percent"]),
        ("Der Preis und die Steuer: 1.200.000 Euro.", None, ["1.2e+06 eur"]),
        ("The price is 1.200 dollars.", None, ["1.2 usd"]),
    ],
)
def test_a_continental_comma_is_read_where_the_language_is_known_or_plain(
    text: str, language: str | None, expected: list[str]
) -> None:
    assert found(text, Kind.NUMBER, language=language) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It happened on 14 March 2025.", ["2025-03-14"]),
        ("It happened on March 14, 2025.", ["2025-03-14"]),
        ("It happened on Friday, 14 March 2025.", ["2025-03-14"]),
        ("It happened on the 14th of March 2025.", ["2025-03-14"]),
        ("Published 2025-03-14.", ["2025-03-14"]),
        ("Am 14. März 2025 geschah es.", ["2025-03-14"]),
        ("El 14 de marzo de 2025 ocurrió.", ["2025-03-14"]),
        ("Le 14 mars 2025, il est arrivé.", ["2025-03-14"]),
        ("On 14.3.2025 it rained.", ["2025-03-14"]),
        ("On 14/03/2025 it rained.", ["2025-03-14"]),
        ("On 03/04/2025 it rained.", ["? 03/04/2025"]),
        ("From 12 to 14 March 2025 they met.", ["2025-03-12..2025-03-14"]),
        ("In March 2025 it rained.", ["2025-03-01..2025-03-31"]),
        ("It rained in March.", ["2025-03-01..2025-03-31"]),
        ("It rained in October last year.", ["2024-10-01..2024-10-31"]),
        ("It rained on 3 March this year.", ["2025-03-03"]),
        ("It rained in 2023.", ["2023-01-01..2023-12-31"]),
        ("The 2022 election was close.", ["2022-01-01..2022-12-31"]),
        ("In the 1990s it was fine.", ["1990-01-01..1999-12-31"]),
        ("It ran in 2019-20.", ["2019-01-01..2020-12-31"]),
        ("In the third quarter of 2022 it grew.", ["2022-07-01..2022-09-30"]),
        ("He called yesterday.", ["2025-08-19"]),
        ("He called on Tuesday.", ["2025-08-19"]),
        ("He called last Tuesday.", ["2025-08-19"]),
        ("He called last Wednesday.", ["2025-08-13"]),
        ("He will call on Friday.", ["2025-08-22"]),
        ("He called on Friday.", ["2025-08-15"]),
        ("See you next Tuesday.", ["2025-08-26"]),
        ("They meet later this week.", ["2025-08-18..2025-08-24"]),
        ("They met last week.", ["2025-08-11..2025-08-17"]),
        ("They meet next month.", ["2025-09-01..2025-09-30"]),
        ("They met earlier this year.", ["2025-01-01..2025-12-31"]),
        ("They met two weeks ago.", ["2025-08-03..2025-08-09"]),
        ("They met three days ago.", ["2025-08-17"]),
        ("They met two years ago.", ["2023-01-01..2023-12-31"]),
        ("It struck two days later.", ["? +2 day"]),
        ("It sailed at 19:10.", ["19:10"]),
        ("It sailed at 7:10 p.m. sharp.", ["19:10"]),
        ("It sailed at noon.", ["12:00"]),
        ("It sailed at six o'clock on Sunday morning.", ["06:00", "2025-08-17"]),
        ("It sailed by a quarter past one in the morning.", ["01:15"]),
        ("It sailed at half past nine in the evening.", ["21:30"]),
        ("It sailed at a quarter to one in the afternoon.", ["12:45"]),
        ("It opens a year later than planned.", []),
        ("It may rain and we march on.", []),
        ("May resigned to USA TODAY.", []),
        ("It stays until September.", ["2025-09-01..2025-09-30"]),
        ("Republican 2024 contenders met.", ["2024-01-01..2024-12-31"]),
        ("There are 2025 people and $2000.", []),
    ],
    ids=lambda given: given if isinstance(given, str) else "",
)
def test_dates_are_days_of_the_calendar_relative_ones_counted_from_the_article(text: str, expected: list[str]) -> None:
    assert found(text, Kind.DATE) == expected


@pytest.mark.parametrize(
    "words", ["yesterday", "last Tuesday", "this week", "two weeks ago", "in June", "on 19 August"]
)
def test_without_a_day_of_publication_a_relative_date_stays_unresolved(words: str) -> None:
    (value,) = find_values(f"They met {words}.")
    assert (value.kind, value.day, value.until) == (Kind.DATE, None, None)
    assert value.key


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The chief of staff, Admiral Sir Tony Radakin, spoke.", ["tony radakin"]),
        ("European Commission President Ursula von der Leyen came.", ["european commission", "ursula von der leyen"]),
        ("French President Emmanuel Macron left.", ["france", "emmanuel macron"]),
        ("Putin said no.", ["putin"]),
        ("Officials said no.", []),
        ("However, Mr. Holt agreed.", ["holt"]),
        ("The Bank of England agreed.", ["bank of england"]),
        ("The U.S. and the United Kingdom agreed.", ["united states", "britain"]),
        ("British and Ukrainian troops met.", ["britain", "ukraine"]),
        (
            "The five were Emmanuel Macron of France and Keir Starmer of Britain.",
            ["emmanuel macron", "france", "keir starmer", "britain"],
        ),
        ("Ukraine's president met Zelenskyy.", ["ukraine", "zelensky"]),
        ("The Three Mile Island plant reopened.", ["three mile island"]),
        ("Three Mile Island reopened.", ["three mile island"]),
        ("The G7 met about a Boeing 737 and Covid-19.", ["g7", "boeing 737", "covid 19"]),
        ("After World War Two it changed.", ["world war two"]),
        ("In London 30 people met.", ["london"]),
        ("Two White House officials left.", ["white house"]),
        ("Johnson & Johnson and Bashar al-Assad lost.", ["johnson johnson", "bashar al assad"]),
        ("The Prime Minister left.", []),
        ("Senator J.D. Vance left.", ["jd vance"]),
        ("Scientists Say Three Planets Are Hiding Behind Saturn", ["saturn"]),
        ("Divers came. The divers left with Divers Alert.", ["divers alert"]),
        ("Am Montag kam Olaf Scholz mit der Polizei und das Auto fuhr.", ["olaf scholz"]),
    ],
    ids=lambda given: given if isinstance(given, str) else "",
)
def test_names_come_without_titles_and_without_ordinary_words(text: str, expected: list[str]) -> None:
    assert found(text, Kind.NAME) == expected


@pytest.mark.parametrize("text", ["Three Mile Island", "the G7", "a Boeing 737", "Covid-19", "World War Two", "COP26"])
def test_a_number_in_a_name_is_no_number(text: str) -> None:
    assert found(f"They spoke about {text}.", Kind.NUMBER) == []


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("$19 million", "19m dollars", True),
        ("thirty", "30", True),
        ("5 km", "five kilometres", True),
        ("30 pounds", "£30", True),
        ("19 August 2025", "August 19, 2025", True),
        ("7 p.m.", "19:00", True),
        ("the U.S.", "America", True),
        ("Tony Radakin", "Radakin", True),
        ("the World Health Organization", "the WHO", True),
        ("Joe R. Biden", "Joe Biden", True),
        ("Volodymyr Zelensky", "Volodymyr Zelenskiy", True),
        ("more than 30", "30", False),
        ("30 percent", "30 percentage points", False),
        ("$30", "€30", False),
        ("30 km", "30 miles", False),
        ("10-20", "10-30", False),
        ("August 2025", "19 August 2025", False),
        ("Tony Radakin", "Tony Blair", False),
        ("Britain", "Ukraine", False),
        ("third", "3", False),
    ],
)
def test_values_are_the_same_when_a_reader_would_say_so(one: str, other: str, same: bool) -> None:
    first, second = (find_values(f"It said {words} in all.", WEDNESDAY)[0] for words in (one, other))
    assert same_value(first, second) is same
    assert same_value(second, first) is same


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("They will meet.", True),
        ("They are due to meet.", True),
        ("They're late; it'll rain.", True),
        ("They met.", False),
        ("Will Smith met them due to rain.", False),
    ],
)
def test_verbs_tell_of_the_future(text: str, expected: bool) -> None:
    assert speaks_of_future(text) is expected


PIECES = st.lists(
    st.one_of(
        st.text(max_size=8),
        st.sampled_from(
            "more than|30|$|1,2|-|–|to|between|and|one|hundred|million|half|a|third|of|%|in|on|Tuesday|19|August|2025|12:30"
            "|p.m.|0|9999|3000|last|next|year|week|ago|Mr.|Holt|’s|al-|Three|Mile|\n|\n\n|é|½|٣|²|𝟚|١٢|ß|İ|ﬁ|\ud800|\u00a0|.".split(
                "|"
            )
        ),
    ),
    max_size=16,
)


@settings(max_examples=150, deadline=None)
@given(PIECES, st.sampled_from(["", " "]), st.sampled_from([None, date.min, date.max, WEDNESDAY, date(2024, 2, 29)]))
def test_whatever_the_text_values_are_its_own_characters_in_order(
    pieces: list[str], gap: str, day: date | None
) -> None:
    text = gap.join(pieces)
    for language in (None, "de", "xx"):
        last = 0
        for value in find_values(text, day, language):
            assert text[value.start : value.end] == value.text
            assert value.start < value.end
            assert value.start >= last
            assert value.day is None or value.until is None or value.day <= value.until
            last = value.end


@pytest.mark.parametrize(
    "unit",
    [
        "1",
        "1,",
        "1.",
        "1 ",
        "a",
        "A",
        "A ",
        "-",
        " ",
        "\n",
        "one ",
        "hundred ",
        "in ",
        "1-",
        "more than ",
        "of A ",
        "$",
        "Mr. ",
    ],
)
def test_four_times_as_many_hostile_characters_take_no_more_than_eight_times_as_long(unit: str) -> None:
    find_values("Holt", WEDNESDAY)  # loads the vocabulary
    assert growth(lambda text: find_values(text, WEDNESDAY), unit) < 8
