"""What part of a page each stretch of text is, and that no character is ever lost between the parts."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from growth import growth
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.text import canonical_text
from assistant.types import Zone
from assistant.zones import find_zones, headline_of

SHARED = Path(__file__).parents[2] / "shared"
STORY = (
    "The council of Port Haldane voted on Monday to close the harbour bridge for repairs.\n\n"
    "The work will take nine weeks, the mayor said, and cost the town two million crowns.\n\n"
    "Ferries will run every ten minutes until the bridge is open again in the spring."
)


def zoned(text: str, headline: str | None = None, author: str | None = None) -> list[tuple[str, str]]:
    """(zone, text) of every range."""
    return [(zone.value, text[start:end]) for start, end, zone in find_zones(text, headline, author)]


def zone_of(line: str, *, at_the_top: bool = False) -> str:
    """The zone of one line that stands above, or after, a story."""
    text = f"{line}\n\n{STORY}" if at_the_top else f"{STORY}\n\n{line}"
    start = text.index(line)
    return next(zone.value for a, b, zone in find_zones(text) if a <= start < b)


@pytest.mark.parametrize(
    ("line", "zone"),
    [
        ("Photo: The bridge at low tide, seen from the fish market.", "caption"),
        ("Caption: Workers unload timber.", "caption"),
        ("(Photo by Mina Holt / Getty Images)", "caption"),
        ("(Image credit: Mina Holt/AFP via Getty Images)", "caption"),
        ("Workers unload timber at the harbour bridge on Monday. Mina Holt/AP", "caption"),
        (
            (
                "Photos: The bridge. Hide Caption 1 of 3 Photos: The bridge A crane. Hide Caption 2 of 3 Photos: "
                "The bridge At night. Hide Caption 3 of 3"
            ),
            "caption",
        ),
        ("Photos from that day show the bridge under water.", "body"),
        ("She told reporters that the picture was taken in March.", "body"),
        ("Correction: An earlier version of this story gave the wrong cost.", "correction"),
        ("CORRECTION: The work will take nine weeks, not seven.", "correction"),
        ("Corrections & clarifications: A previous version misspelled the mayor's name.", "correction"),
        ("Correction, 28 February: The work will take nine weeks.", "correction"),
        ("Editor's note: An earlier version of this article misstated the cost.", "correction"),
        ("This story has been updated to correct the name of the bridge.", "correction"),
        ("Korrektur: In einer früheren Fassung stand ein falscher Betrag.", "correction"),
        ("Corrections officials have been testing inmates since Monday.", "body"),
        ("Editor's note: Mina Holt teaches bridge building at the University of Elmscote.", "body"),
        ("The correction of the market came early, analysts said.", "body"),
        ("Contributing: Ada Brandt, The Harbour Courier", "byline"),
        ("— Ada Brandt", "byline"),
        ("Ada Brandt contributed to this report.", "byline"),
        ("She contributed to this.", "body"),
        ("How relevant is this ad to you?", "boilerplate"),
        ("Advertisement", "boilerplate"),
        ("Story continues below.", "boilerplate"),
        ("Read more: What the bridge means for the fish market", "boilerplate"),
        ("More:Ten bridges to see before you die", "boilerplate"),
        ("BRIDGE TROUBLE:What to know about the repairs in Port Haldane", "boilerplate"),
        ("Sign up for our newsletter to get the day's top stories in your inbox.", "boilerplate"),
        ("Want the news each day? Sign up here.", "boilerplate"),
        ("Follow Ada Brandt on Twitter: @adabrandt", "boilerplate"),
        ("Contact the reporter at ada@courier.example.", "boilerplate"),
        ("Share this article", "boilerplate"),
        ("Facebook | Twitter | Email", "boilerplate"),
        ("© 2025 Harbour Courier. All rights reserved.", "boilerplate"),
        ("________", "boilerplate"),
        ("More than ninety people came to the harbour.", "body"),
        ("Twitter users noted that the blue bird was gone.", "body"),
        ("The next name to sign up was a golfer from Spain, who joined on Friday.", "body"),
        ("Share prices fell after the announcement.", "body"),
        ("WHAT MATTERS: The bridge is the only road to the hospital.", "body"),
        ("Read the sign twice, he said, before you cross.", "body"),
    ],
)
def test_a_line_is_what_it_says_it_is_and_body_in_doubt(line: str, zone: str) -> None:
    assert zone_of(line) == zone


@pytest.mark.parametrize(
    ("line", "zone"),
    [
        ("By Ada Brandt", "byline"),
        ("By Ada Brandt and Jon Vik, The Harbour Courier", "byline"),
        ("Von Ada Brandt", "byline"),
        ("Published 14 March 2025, 10:20 GMT", "byline"),
        ("March 14, 2025", "byline"),
        ("CNN —", "byline"),
        ("By Wednesday the harbour was empty.", "body"),
        ("Updated boosters offer some protection, a study says.", "body"),
    ],
)
def test_the_top_of_a_page_names_author_and_date(line: str, zone: str) -> None:
    assert zone_of(line, at_the_top=True) == zone


def test_a_byline_is_sought_at_the_top_only() -> None:
    assert zoned(STORY + "\n\n" + STORY + "\n\nBy Ada Brandt")[-1][0] == "body"


def test_a_name_over_its_agency_is_a_byline() -> None:
    assert zoned(f"Ada Brandt\n\nAssociated Press\n\n{STORY}")[0] == ("byline", "Ada Brandt\n\nAssociated Press")


@pytest.mark.parametrize(
    ("line", "headline"),
    [
        ("Bridge to close for nine weeks", "Bridge to close for nine weeks"),
        ("“Bridge” to close for nine weeks", '"Bridge" to close for nine weeks'),
        ("Bridge to close for nine weeks", "Bridge to close for nine weeks | Harbour Courier"),
        ("Bridge to close for nine weeks, mayor says", "Bridge to close for nine ..."),
    ],
    ids=["same", "other quote marks", "with the publisher", "cut short"],
)
def test_the_line_that_says_the_title_is_the_headline(line: str, headline: str) -> None:
    assert zoned(f"{line}\n\n{STORY}", headline)[0] == ("headline", line)


def test_a_title_that_is_not_in_the_text_makes_no_headline() -> None:
    assert [zone for zone, _ in zoned(STORY, "Something else altogether happened")] == ["body"]


@pytest.mark.parametrize(
    ("first", "found"),
    [
        ("Bridge to close for nine weeks", True),
        ("The council of Port Haldane voted on Monday to close the bridge.", False),
        ("Bridge", False),
        ("By Ada Brandt and others:", False),
    ],
)
def test_a_first_line_is_taken_for_a_headline_only_when_it_can_be_nothing_else(first: str, found: bool) -> None:
    assert headline_of(f"{first}\n\n{STORY}") == (first if found else None)


def test_related_stories_go_with_their_label() -> None:
    text = f"{STORY}\n\nRelated stories:\n\nFerry runs aground in fog\n\nStrike halts the battery plant"
    assert zoned(text)[-1] == ("boilerplate", text[text.index("Related") :])


# --- Reader comments


BLOG_FOOT = "2 Comments\nI agree with the mayor\nReplyDeleteThere has to be a bridge. Unity is strength.\nReplyDelete"


def test_the_comments_that_a_blog_glues_to_its_article_are_comments() -> None:
    assert zoned(f"{STORY}\n{BLOG_FOOT}") == [("body", STORY), ("comment", BLOG_FOOT)]


@pytest.mark.parametrize(
    "foot",
    [
        "3 comments\n\nGood riddance.\n\nReply\n\nAbout time too.\n\nReply",
        "2 thoughts on “Bridge to close”\n\nJane says:\n\nGood riddance.\n\nJon says:\n\nAbout time too.",
        "Comments (2)\n\nGood riddance.\n\nAbout time too.",
        "Comments\n\nGood riddance.\n\nReply",
        "2 Kommentare\n\nWurde auch Zeit.\n\nAntworten\n\nSchade.\n\nAntworten",
    ],
    ids=["reply lines", "says", "only a count that fits", "label and a reply", "German"],
)
def test_comments_are_known_by_their_count_and_markers(foot: str) -> None:
    assert zoned(f"{STORY}\n\n{foot}") == [("body", STORY), ("comment", foot)]


@pytest.mark.parametrize(
    "text",
    [
        (
            f"Comments under fire\n\n{STORY}\n\nComments\n\nComments were closed by many newspapers, it found.\n\n"
            "In four days, 2,316 comments arrived, and the moderators removed 612."
        ),
        f"{STORY}\n\nReaders left 40 comments in an hour. One said:\n\nClose the bridge for good.",
        f"12 Comments\n\n{STORY}\n\n{STORY}",
        "The Reverend says:\n\nLet us pray.\n\nThe Moderator says:\n\nLet us give thanks to the town.",
    ],
    ids=["a heading", "a sentence with a count", "the button at the top", "an order of service"],
)
def test_an_article_about_comments_loses_nothing(text: str) -> None:
    assert "comment" not in {zone for zone, _ in zoned(text)}


def test_an_article_that_goes_on_after_comments_is_body_again() -> None:
    rest = "\n\n".join([STORY] * 9)
    assert zoned(f"{STORY}\n{BLOG_FOOT}\n{rest}")[-1] == ("body", rest)


# --- Quotations


@pytest.mark.parametrize(
    ("sentence", "quoted"),
    [
        ("“We will open it in spring,” the mayor said.", "We will open it in spring,"),
        ('"We will open it in spring," the mayor said.', "We will open it in spring,"),
        ("„Wir öffnen sie im Frühling“, sagte sie.", "Wir öffnen sie im Frühling"),
        ("« Nous ouvrons au printemps », dit-elle.", "Nous ouvrons au printemps"),
        ('“We will open it in spring," reads a letter.', "We will open it in spring,"),
    ],
    ids=["curly", "straight", "German", "French", "mixed"],
)
def test_the_words_between_the_marks_are_a_quotation(sentence: str, quoted: str) -> None:
    assert zoned(sentence)[1:] == [("quotation", quoted)]


@pytest.mark.parametrize(
    "sentence",
    [
        "They called it “unacceptable.”",
        "She sang “Love You Like I Used To” and left.",
        'The board is 12" wide and 14" long, at the most.',
        "The mayor said “nothing at all",
    ],
    ids=["one word", "the name of a work", "inches", "never closed"],
)
def test_not_all_that_has_marks_is_a_quotation(sentence: str) -> None:
    assert [zone for zone, _ in zoned(sentence)] == ["body"]


def test_a_quotation_over_two_paragraphs_is_one_in_each() -> None:
    text = "“We will open it in spring. There is no doubt.\n\n“And the ferries will stop,” the mayor said."
    assert zoned(text)[1:] == [
        ("quotation", "We will open it in spring. There is no doubt."),
        ("quotation", "And the ferries will stop,"),
    ]


def test_a_hard_wrapped_paragraph_is_one() -> None:
    text = (
        "The mayor of the town said that “we will open it again in the\nspring of next year, come what may” on Monday."
    )
    assert zoned(text)[1:] == [("quotation", "we will open it again in the\nspring of next year, come what may")]


def test_quotations_are_sought_in_the_body_only() -> None:
    assert zoned('Photo: The sign says "closed until the spring" in red.') == [
        ("caption", 'Photo: The sign says "closed until the spring" in red.')
    ]


# --- Nothing is lost


HOSTILE = st.text(
    st.one_of(
        st.sampled_from("aB. \n\"“”„«»'"),
        st.sampled_from("😀👩‍👩‍👧é\u0301\u00a0\u200b\u200f\u202eשלום\u2028\r\ud800\ufeff\u0085\u3000"),
        st.characters(codec=None),
    ),
    max_size=300,
)
PIECES = st.lists(
    st.one_of(
        HOSTILE,
        st.sampled_from(
            ["2 Comments", "ReplyDelete", "Reply", "By Ada Brandt", "Photo: x", "Related stories:", "Read more:", STORY]
        ),
        st.sampled_from(["CORRECTION: y", "_____", "Ten Bridges To See", "“Words without an end", '"', "1 comment"]),
    ),
    max_size=12,
).map("\n".join)


def assert_covers(text: str, ranges: tuple[tuple[int, int, Zone], ...]) -> None:
    outer = [(start, end) for start, end, zone in ranges if zone is not Zone.QUOTATION]
    covered = [i for start, end in outer for i in range(start, end)]
    assert covered == sorted(set(covered)), "in order, without overlap"
    assert {i for i, char in enumerate(text) if not char.isspace()} <= set(covered), "all that is visible"
    for start, end, zone in ranges:
        assert 0 <= start < end <= len(text)
        assert text[start:end] == text[start:end].strip() != ""
        if zone is Zone.QUOTATION:
            assert any(a <= start and end <= b for a, b, other in ranges if other is Zone.BODY)


@settings(max_examples=300, deadline=None)
@given(PIECES)
def test_the_zones_cover_all_that_is_visible_in_order_and_in_bounds(raw: str) -> None:
    text = canonical_text(raw)
    assert_covers(text, find_zones(text, "Ten bridges to see", "Ada Brandt"))


@pytest.mark.parametrize(
    "piece",
    ['"', "“", "a ", "Reply\n", "1 comment\n", "By ", "[\n", ": "],
    ids=["straight marks", "open marks", "words", "replies", "counts", "by", "brackets", "colons"],
)
def test_four_times_a_hostile_text_takes_little_more_than_four_times_the_time(piece: str) -> None:
    assert growth(find_zones, piece) < 8


def real_articles() -> Iterator[dict[str, str]]:
    path = SHARED / "eval" / "news-small" / "articles.jsonl"
    if not path.is_file():
        pytest.skip(f"there are no real articles in {path.parent}")
    with path.open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def test_real_articles_are_covered_and_are_nearly_all_body() -> None:
    body = total = 0
    for record in real_articles():
        text = canonical_text(record["text"])
        ranges = find_zones(text, record["title"])
        assert_covers(text, ranges)
        body += sum(end - start for start, end, zone in ranges if zone is Zone.BODY)
        total += len(text)
    assert body / total > 0.96
