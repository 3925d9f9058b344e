"""Two sources side by side: which number, date or actor differs, at exact places, and when nothing does."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from growth import growth
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.checks.conflict import conflict_between, two_sides
from assistant.types import ArticleFacts, Evidence, Kind, Span, Status, Zone

MARCH_18 = date(2025, 3, 18)


def evidence(
    text: str, publisher: str | None = "A Paper", published: date | None = None, article: str = "a", at: int = 0
) -> Evidence:
    facts = ArticleFacts(article, None, publisher, None, published, None, "en", Status.CURRENT, None)
    return Evidence(Span(article, at, at + len(text)), text, Zone.BODY, 0.5, article=facts)


def differing(
    one: str, other: str, claim: str, day: date | None = None, other_day: date | None = None
) -> list[tuple[str, str]]:
    """The words of both sides; checks on the way that places are exact and that swapping mirrors the result."""
    first = evidence(one, "First", day, "a", 100)
    second = evidence(other, "Second", other_day or day, "b", 7)
    found, mirrored = conflict_between(first, second, claim), conflict_between(second, first, claim)
    if found is None:
        assert mirrored is None
        return []
    assert mirrored is not None
    for difference in found.differences:
        assert one[difference.start - 100 : difference.end - 100] == difference.in_claim
        assert other[difference.source_start - 7 : difference.source_end - 7] == difference.in_source
        assert difference.article_id == "b"
    pairs = [(difference.in_claim, difference.in_source) for difference in found.differences]
    assert {(b, a) for a, b in pairs} == {(d.in_claim, d.in_source) for d in mirrored.differences}
    return pairs


ORDER = "Second officer Tomas Brandl ordered the turn that grounded the Lady Morwenna."


@pytest.mark.parametrize(
    ("one", "other", "claim", "expected"),
    [
        pytest.param(
            "The city of Alderbrook has told 4,200 households not to drink their tap water.",
            "Solvent-tainted water reached 6,800 households in Alderbrook, the county said.",
            "4,200 households in Alderbrook received tainted water.",
            [("4,200", "6,800")],
            id="counted-noun",
        ),
        pytest.param(
            "Aldane Energy, the parent company, put the loss of revenue at $64 million.",
            "The union says the true figure is nearer to $40 million.",
            "The strike cost Aldane Energy $64 million in revenue.",
            [("$64 million", "$40 million")],
            id="the-true-figure",
        ),
        pytest.param(
            "Inflation rose to 5% in May, the bank said.",
            "Inflation was 4% in May, according to the statistics office.",
            "Inflation rose to 5% in May.",
            [("5%", "4%")],
            id="unit",
        ),
        pytest.param(
            "The museum opened in 1931 on the north bank.",
            "The museum opened in 1935 on the north bank.",
            "The museum opened in 1931.",
            [("1931", "1935")],
            id="date-of-one-event",
        ),
        pytest.param(
            "The change of course that put the Lady Morwenna on the rocks was ordered by the second officer, Tomas Brandl.",
            "Captain Ingrid Solheim herself ordered the turn that drove a Skarra Line ferry on to a reef.",
            ORDER,
            [("the second officer, Tomas Brandl", "Captain Ingrid Solheim")],
            id="who-ordered-passive-and-active",
        ),
        pytest.param(
            "The turn was ordered by the second officer.",
            "The captain ordered the turn.",
            "The captain ordered the turn.",
            [("the second officer", "The captain")],
            id="who-ordered-by-role",
        ),
        pytest.param(
            "The novel was written by Anna Berg.",
            "Tom Holt wrote the novel in his youth.",
            "Anna Berg wrote the novel.",
            [("Anna Berg", "Tom Holt")],
            id="who-wrote-irregular-verb",
        ),
        pytest.param(
            "The ferry carried 231 passengers and 19 crew.",
            "There were 214 passengers on the ferry.",
            "The ferry carried 231 passengers.",
            [("231", "214")],
            id="the-number-of-the-same-noun-is-chosen",
        ),
    ],
)
def test_what_differs_is_marked_on_both_sides(
    one: str, other: str, claim: str, expected: list[tuple[str, str]]
) -> None:
    assert differing(one, other, claim) == expected


@pytest.mark.parametrize(
    ("one", "other", "claim"),
    [
        pytest.param(
            "Nine people were hurt in the accident.",
            "The number of people hurt in the accident was raised to 27 from nine.",
            "Nine people were hurt in the accident.",
            id="the-later-report-names-the-earlier-figure",
        ),
        pytest.param(
            "More than 30 people were hurt in the accident.",
            "The accident left 35 people hurt.",
            "35 people were hurt in the accident.",
            id="a-bound-that-holds",
        ),
        pytest.param(
            "The water reached 4,187 households.",
            "The water reached 4,200 households.",
            "The water reached 4,200 households.",
            id="round-figures",
        ),
        pytest.param(
            "About 40 households got the water.",
            "The water reached 42 households.",
            "42 households got the water.",
            id="about",
        ),
        pytest.param(
            "In the storm 12 people were killed.",
            "The storm destroyed three cars.",
            "12 people were killed in the storm.",
            id="other-nouns",
        ),
        pytest.param(
            "In the storm 12 people were killed.",
            "In the storm 40 people were injured.",
            "12 people were killed in the storm.",
            id="the-dead-and-the-hurt",
        ),
        pytest.param("Rates rose to 5%.", "Unemployment fell to 4%.", "Rates rose to 5%.", id="one-unit-of-two-things"),
        pytest.param(
            "The flood in Alderbrook reached 40 houses.",
            "The flood in Tarnfield reached 90 houses.",
            "The flood reached 40 houses.",
            id="two-places",
        ),
        pytest.param(
            "The bridge opened to cars on Friday.",
            "The bridge opened to cars, the mayor said on Monday.",
            "The bridge opened to cars on Friday.",
            id="the-day-of-saying-is-not-the-day-of-opening",
        ),
        pytest.param(
            "The museum opened in 1931 on the north bank.",
            "The museum closed in 1935 on the north bank.",
            "The museum opened in 1931.",
            id="two-events",
        ),
        pytest.param(
            "The museum opened in May 1931 on the north bank.",
            "The museum opened in 1931 on the north bank.",
            "The museum opened in 1931.",
            id="a-date-within-the-other",
        ),
        pytest.param("Trump met Putin.", "Macron met Putin.", "Trump met Putin.", id="others-may-have-met-him-too"),
        pytest.param(
            "The novel was written by Anna Berg.",
            "Berg wrote the novel in her youth.",
            "Anna Berg wrote the novel.",
            id="surname-and-full-name",
        ),
        pytest.param("Nobody was hurt.", "The sun shone.", "Nobody was hurt.", id="nothing-to-compare"),
    ],
)
def test_what_can_both_be_true_is_no_conflict(one: str, other: str, claim: str) -> None:
    assert differing(one, other, claim, MARCH_18) == []


def test_weekdays_are_compared_as_days() -> None:
    one, other = "The bridge opened to cars on Friday.", "The bridge opened to cars on Monday in rain."
    assert differing(one, other, one, MARCH_18) == [("Friday", "Monday")]
    assert differing(one, one, one, MARCH_18, date(2025, 3, 20)) == []


def test_articles_far_apart_speak_of_two_occasions() -> None:
    one, other = "The storm left 12 people dead in Buffalo.", "The storm left 40 people dead in Buffalo."
    assert differing(one, other, one, MARCH_18, date(2025, 3, 20)) == [("12", "40")]
    assert differing(one, other, one, MARCH_18, date(2029, 3, 20)) == []


def test_both_sides_are_named_and_nothing_is_averaged() -> None:
    first, second = (
        evidence("The water reached 40 houses.", "First"),
        evidence("The water reached 90 houses.", "Second", article="b"),
    )
    found = conflict_between(first, second, "The water reached 40 houses.")
    assert found
    assert (found.first, found.second) == (first, second)
    assert found.note == "First has “40”, Second has “90”."
    assert [difference.kind for difference in found.differences] == [Kind.NUMBER]


def test_whoever_an_article_attributes_a_figure_to_is_named_for_it() -> None:
    first = replace(evidence("The water reached 40 houses."), attribution="according to the city")
    second = replace(evidence("The water reached 90 houses.", article="b"), attribution="according to the county")
    found = conflict_between(first, second, "The water reached 40 houses.")
    assert found
    assert found.note == "The city has “40”, the county has “90”."


def test_a_sentence_is_in_no_conflict_with_itself() -> None:
    one = evidence("The water reached 40 houses.")
    assert conflict_between(one, one, "The water reached 40 houses.") is None


# --- Two speakers in one article --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "They disagree on how many households received the water: the city says 4,200, the county 6,800.",
            [("the city", "4,200"), ("the county", "6,800")],
            id="the-verb-is-said-once",
        ),
        pytest.param(
            "Aldane Energy, the parent company, put the loss of revenue at $64 million. "
            "The union says the true figure is nearer to $40 million.",
            [("Aldane Energy", "$64 million"), ("The union", "$40 million")],
            id="two-sentences",
        ),
        pytest.param(
            "Police said 200 people marched, while organisers put the number at 2,000.",
            [("Police", "200"), ("organisers", "2,000")],
            id="police-and-organisers",
        ),
        pytest.param(
            "According to the ministry, 12 people died; the Red Cross counted 31.",
            [("the ministry", "12"), ("the Red Cross", "31")],
            id="according-to",
        ),
        pytest.param("Police said 12 people were hurt and 3 were arrested.", [], id="one-speaker"),
        pytest.param("The mayor said 12 came. He later said 14.", [], id="who-he-is-is-unknown"),
        pytest.param("The union says pay rose by 4%. The company says prices rose by 2%.", [], id="two-measures"),
        pytest.param("Pima County reported 16 deaths, Navajo County reported one.", [], id="each-counts-its-own"),
        pytest.param("They owe the Guardians $55 million, the Twins $42 million.", [], id="nobody-says-it"),
        pytest.param("That includes 47% who say yes and 27% who say no.", [], id="shares-of-a-poll"),
        pytest.param("The city says 4,200, the county about 4,200.", [], id="they-agree"),
        pytest.param("The ship carried 231 passengers, and not 214.", [], id="no-speaker"),
        pytest.param("", [], id="empty"),
    ],
)
def test_two_attributed_figures_of_one_thing_are_two_sides(text: str, expected: list[tuple[str, str]]) -> None:
    sides = two_sides(text) or ()
    assert [(side.speaker, side.value) for side in sides] == expected
    assert all(text[side.start : side.end] == side.value for side in sides)


# --- For every text ---------------------------------------------------------------------------------------------------

SENTENCES = st.lists(
    st.sampled_from(
        "the|city|says|4,200|households|,|county|6,800|.|was|ordered|by|Captain Ingrid Solheim|Tomas Brandl|on Friday|in 1931"
        "|“|”|according to|;|$64 million|%|who|the turn|put the number at|\ud800|👩|第一".split("|")
    ),
    max_size=16,
).map(" ".join)


@settings(deadline=None)
@given(SENTENCES, SENTENCES, SENTENCES)
def test_any_sentences_can_be_set_side_by_side(one: str, other: str, claim: str) -> None:
    differing(one, other, claim, MARCH_18)
    differing(one, other, one)
    sides = two_sides(f"{one} {other}") or ()
    assert all(f"{one} {other}"[side.start : side.end] == side.value for side in sides)


@pytest.mark.parametrize("filler", ["a", "4 ", "the city says 4, ", "by ", "He ordered ", "“", ", ", "the figure "])
def test_four_times_the_text_takes_little_more_than_four_times_the_time(filler: str) -> None:
    def compare(text: str) -> None:
        conflict_between(evidence(text), evidence(text, article="b"), text[:500])
        two_sides(text)

    assert growth(compare, filler) < 8
