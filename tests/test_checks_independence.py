"""How many independent sources stand behind a set of articles: copies of one report count once."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from growth import growth
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.checks.independence import independent_groups
from assistant.loaders import RawDocument
from assistant.sources import load, read_sources
from assistant.types import Article

CORPUS = Path(__file__).parent.parent / "corpus"
LEAD = "The council of Port Haldane voted on Monday to close the harbour bridge for nine weeks."
STORY = f"""{LEAD}

Engineers had found cracks in four of its piers last autumn, and the mayor said that the town could not wait for another
winter. Ferries will run every ten minutes until the bridge is open again.

The work will cost two million crowns, half of it paid by the state, and the union of the harbour workers welcomed the
decision. Its chairman had asked for such a closure since the summer before last.

Shopkeepers on the north bank fear for their trade in the spring. Eleven of them have signed a letter to the council, in
which they ask for a shuttle bus, longer opening hours of the car park and a remission of the market fees.

The bridge was built in 1931 and last repaired in 1988. About nine thousand vehicles cross it on a working day."""
OTHER_REPORT = """\
Port Haldane is to lose its bridge until June. By seven votes to four the town council decided to shut the crossing
after an engineers' report on its piers, and will put on a ferry instead.

Nobody had expected the vote to be that clear. The mayor, who crosses the bridge on a bicycle each morning, told this
paper that he had slept badly since he read the report. Traders on the far bank, who have threatened to sue, will be
heard next week, and a bus is being considered for schoolchildren and for patients of the hospital.

The state pays half of the bill, which comes to two million crowns."""


def article(text: str, publisher: str | None = None, url: str | None = None, author: str | None = None) -> Article:
    return Article(id=str(hash(text)), text=text, publisher=publisher, url=url, author=author)


def corpus(name: str) -> Article:
    (raw,) = read_sources([CORPUS / f"{name}.md"])
    assert isinstance(raw, RawDocument)
    (loaded,) = load(raw)
    assert isinstance(loaded, Article)
    return loaded


def paragraphs(text: str) -> list[str]:
    return text.split("\n\n")


COPIES = {
    "same-text": STORY,
    "another-headline": f"Bridge shut for nine weeks\n\n{STORY}",
    "another-lead": "\n\n".join(
        ["A much used bridge is shut for two months from today, it emerged.", *paragraphs(STORY)[1:]]
    ),
    "last-third-cut": STORY[: len(STORY) * 2 // 3],
    "first-half-only": STORY[: len(STORY) // 2],
    "paragraphs-in-another-order": "\n\n".join([paragraphs(STORY)[0], *reversed(paragraphs(STORY)[1:])]),
    "typography": STORY.replace("'", "’").replace(", ", " – ").replace("\n", " "),
    "capitals": STORY.upper(),
    "inside-a-round-up": f"In other news, the fish market opens at five from Tuesday.\n\n{STORY}\n\nAnd it rained all day.",
    "agency-named": f"PORT HALDANE (Reuters) - {STORY}",
}


@pytest.mark.parametrize("copy", COPIES.values(), ids=COPIES.keys())
def test_a_copy_under_another_publisher_is_the_same_source(copy: str) -> None:
    assert independent_groups([article(STORY, "First Paper"), article(copy, "Second Paper")]) == [1, 1]


def test_five_copies_are_one_source_and_an_own_report_is_a_second() -> None:
    copies = [article(text, f"Paper {at}") for at, text in enumerate(list(COPIES.values())[:5])]
    assert independent_groups([*copies, article(OTHER_REPORT, "Own Paper")]) == [1, 1, 1, 1, 1, 2]


def test_two_reports_of_one_event_are_two_sources() -> None:
    assert independent_groups([article(STORY, "First Paper"), article(OTHER_REPORT, "Second Paper")]) == [1, 2]


def test_unknown_newsrooms_are_strangers_to_each_other() -> None:
    assert independent_groups([article(STORY), article(OTHER_REPORT)]) == [1, 2]


def test_one_newsroom_is_one_source() -> None:
    assert independent_groups([article(STORY, "The Courier"), article(OTHER_REPORT, "Courier")]) == [1, 1]


def test_a_newsroom_that_prints_an_agencys_story_is_another_source_for_its_own() -> None:
    """The copy belongs to the agency; it does not make the agency and the paper one."""
    wire, copy = (
        article(STORY, "The Meridian Wire"),
        article(f"Bridge shut\n\n{STORY}", "Ledger", author="The Meridian Wire"),
    )
    own = article(OTHER_REPORT, "Ledger")
    assert independent_groups([wire, copy, own]) == [1, 1, 2]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://paper.example/bridge", "http://www.paper.example/bridge/"),
        ("https://paper.example/bridge", "https://paper.example/bridge?utm_source=x#top"),
        ("https://paper.example/bridge", "https://amp.paper.example/bridge/amp"),
        ("https://paper.example/news?id=7", "https://paper.example/news?ref=a&id=7"),
    ],
)
def test_versions_at_one_address_are_one_source(one: str, other: str) -> None:
    assert independent_groups([article(STORY, url=one), article(OTHER_REPORT, url=other)]) == [1, 1]


def test_other_pages_of_a_site_without_a_name_are_not_one_address() -> None:
    pages = [article(STORY, url="https://x.example/n?id=7"), article(OTHER_REPORT, url="https://x.example/n?id=8")]
    assert independent_groups(pages) == [1, 2]


SENTENCE = "Engineers had found cracks in four of the bridge's piers last autumn, the council said."


@pytest.mark.parametrize(
    ("first", "second", "groups"),
    [
        pytest.param(SENTENCE, SENTENCE, [1, 1], id="the-same-sentence"),
        pytest.param(
            SENTENCE,
            SENTENCE.replace("'", "’").replace("Engineers", "The engineers"),
            [1, 1],
            id="nearly-the-same-sentence",
        ),
        pytest.param(
            SENTENCE,
            "Four piers were cracked, according to a report that the town hall has had since autumn.",
            [1, 2],
            id="own-words",
        ),
        pytest.param("The bridge is shut.", "The bridge is shut.", [1, 2], id="too-short-to-be-telling"),
        pytest.param(
            "The bridge will be shut, the Meridian Wire reported.",
            "Traffic is to stop on Monday, according to the Meridian Wire.",
            [1, 1],
            id="both-name-one-agency-as-source",
        ),
        pytest.param(
            "The bridge will be shut, Reuters reported.",
            "Traffic is to stop, AFP reported.",
            [1, 2],
            id="each-names-another-agency",
        ),
        pytest.param(
            "Two million will be spent on the piers.",
            "The work costs two million, the First Paper reported on Monday.",
            [1, 1],
            id="one-cites-the-other",
        ),
        pytest.param(
            "Two million will be spent on the piers.",
            "The work costs two million, and copies of the First Paper sold out.",
            [1, 2],
            id="one-mentions-the-other",
        ),
    ],
)
def test_the_evidence_sentences_tell_whose_words_they_are(first: str, second: str, groups: list[int]) -> None:
    papers = [article(STORY, "First Paper"), article(OTHER_REPORT, "Second Paper")]
    assert independent_groups(papers, [first, second]) == groups


def test_a_speech_that_both_quote_does_not_make_them_one() -> None:
    speech = (
        "“"
        + " ".join(f"We shall mend pier {at} of the bridge before the winter storms of year {at}." for at in range(30))
        + "”"
    )
    papers = [article(f"{LEAD}\n{speech}", "First Paper"), article(f"{OTHER_REPORT}\n{speech}", "Second Paper")]
    assert independent_groups(papers) == [1, 2]


def test_agency_bylines_join_only_what_is_the_same_in_substance() -> None:
    papers = [article(STORY, "First", author="AP"), article(OTHER_REPORT, "Second", author="Reuters")]
    assert independent_groups(papers) == [1, 2]


@pytest.mark.parametrize(
    ("names", "groups"),
    [
        pytest.param(["ferry-refloated-wire", "ferry-refloated-northfield"], [1, 1], id="wire-and-its-customer"),
        pytest.param(["ferry-mate-ordered-turn", "ferry-captain-had-con"], [1, 2], id="two-accounts-of-the-order"),
        pytest.param(["alderbrook-wells-closed", "alderbrook-households-disputed"], [1, 2], id="city-and-county"),
        pytest.param(
            ["ferry-refloated-wire", "ferry-inquiry-interim", "ferry-refloated-northfield"],
            [1, 2, 1],
            id="in-any-order",
        ),
    ],
)
def test_the_sample_articles(names: list[str], groups: list[int]) -> None:
    assert independent_groups([corpus(name) for name in names]) == groups


def test_no_articles_have_no_groups() -> None:
    assert independent_groups([]) == []


def test_missing_quotes_are_no_quotes() -> None:
    assert independent_groups([article(STORY, "A"), article(OTHER_REPORT, "B")], [SENTENCE]) == [1, 2]


def test_the_order_of_the_articles_changes_only_the_numbers() -> None:
    papers = [article(text, f"Paper {at}") for at, text in enumerate((STORY, OTHER_REPORT, COPIES["last-third-cut"]))]
    assert independent_groups(papers) == [1, 2, 1]
    assert independent_groups(papers[::-1]) == [1, 2, 1]


@settings(deadline=None)
@given(st.lists(st.tuples(st.text(max_size=60), st.text(max_size=20), st.text(max_size=40)), max_size=5))
def test_any_articles_get_numbers_from_one_without_gaps(rows: list[tuple[str, str, str]]) -> None:
    papers = [replace(article(text, publisher), url=url) for text, publisher, url in rows]
    groups = independent_groups(papers, [text for text, _, _ in rows])
    assert len(groups) == len(papers)
    assert sorted(set(groups)) == list(range(1, len(set(groups)) + 1))


@pytest.mark.parametrize("filler", ["a", "A’", "AP ", "(AP) ", "Reuters said ", ", ", "The ", "-"])
def test_four_times_the_text_takes_little_more_than_four_times_the_time(filler: str) -> None:
    def group(text: str) -> None:
        articles = [article(text, text, text, text), article(text + "b", text + "b", "x" + text, text)]
        independent_groups(articles, [text, text])

    assert growth(group, filler) < 8
