"""Which parts of a page may decide a claim, and which of its words it repeats only to refute them."""

from __future__ import annotations

import pytest
from growth import growth
from hypothesis import given
from hypothesis import strategies as st

from assistant.articles import make_article
from assistant.checks.zones import Debunked, debunked_claims, is_debunked, zone_label
from assistant.types import Article, Section, Span, Zone

LEAD = "The harbour bridge at Port Haldane will be closed for repairs that take nine weeks, and the ferries will run late.\n\n"


def found_in(text: str) -> list[tuple[str, str, bool]]:
    """(the falsehood, the verdict, whether the article itself refutes it)."""
    whole = make_article(LEAD + text, language="en")
    return [(whole.quote(item.claim), item.verdict, item.refutes) for item in debunked_claims(whole)]


def claim_in(text: str) -> Debunked:
    (item,) = debunked_claims(make_article(LEAD + text, language="en"))
    return item


# --- Zones ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("zone", "may_decide", "adds"),
    [
        (Zone.BODY, True, True),
        (Zone.HEADLINE, True, True),
        (Zone.CORRECTION, True, True),
        (Zone.QUOTATION, True, True),
        (Zone.CAPTION, False, True),
        (Zone.BYLINE, False, False),
        (Zone.BOILERPLATE, False, False),
        (Zone.COMMENT, False, False),
    ],
)
def test_a_zone_says_whether_its_words_may_decide(zone: Zone, may_decide: bool, adds: bool) -> None:
    text = "The bridge is closed."
    block = Zone.BODY if zone is Zone.QUOTATION else zone
    sections = tuple(Section(Span("a", 0, len(text)), kind) for kind in dict.fromkeys((block, zone)))
    label = zone_label(Article("a", text, sections=sections), Span("a", 0, len(text)))
    assert (label.zone, label.may_decide, label.adds) == (zone, may_decide, adds)
    assert bool(label.note) is (zone is not Zone.BODY)


def test_words_that_run_into_a_comment_are_a_comment() -> None:
    sections = (Section(Span("a", 0, 20), Zone.BODY), Section(Span("a", 21, 40), Zone.COMMENT))
    whole = Article("a", "The bridge is shut. It is a conspiracy, folks", sections=sections)
    assert not zone_label(whole, Span("a", 0, 30)).may_decide


def test_a_quotation_decides_only_that_somebody_said_it() -> None:
    whole = make_article(LEAD + "“Nobody will be left on the island,” said Mina Holt, the mayor.")
    start = whole.text.index("Nobody")
    label = zone_label(whole, Span(whole.id, start, start + 34))
    assert label.zone is Zone.QUOTATION
    assert "Mina Holt" in label.note


# --- Falsehoods that an article repeats -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "claim", "verdict"),
    [
        ('The claim: "The bridge fell into the sea."\n\nThe verdict: false.', "The bridge fell into the sea", "false"),
        (
            "The claim: The bridge fell into the sea\n\nIt stands.\n\nOur rating: False",
            "The bridge fell into the sea",
            "false",
        ),
        ("Myth 1: Fish sleep in the bridge.\n\nThey do not.", "Fish sleep in the bridge", "a myth"),
        (
            'A message advises people to "boil it for ten minutes and drink it". That is wrong, and it could do harm.',
            "boil it for ten minutes and drink it",
            "wrong",
        ),
        (
            "“The bridge is made of cheese,” a post claimed.\n\nFacts First: This is false. It is made of steel.",
            "The bridge is made of cheese",
            "false",
        ),
        ("It is not true that the bridge fell.", "the bridge fell", "not true"),
        ("It’s simply not true that the bridge fell.", "the bridge fell", "simply not true"),
        ("It is a myth that fish sleep in the bridge.", "fish sleep in the bridge", "myth"),
        ("Holt falsely claimed that the bridge fell.", "the bridge fell", "falsely"),
        ("Holt falsely claimed the bridge fell, a poll shows.", "the bridge fell", "falsely"),
        ("He repeated the false claim that the bridge fell.", "the bridge fell", "false"),
        ("She is known for a debunked theory that bridges sleep.", "bridges sleep", "debunked"),
        ("They spread the lie that the bridge fell.", "the bridge fell", "lie"),
        ("Contrary to posts that the bridge fell, it stands.", "the bridge fell", "contrary to"),
        ("The claim that the bridge fell is false.", "the bridge fell", "false"),
        ("We rate FALSE the claim that the bridge fell.", "the bridge fell", "false"),
        ("We rate the claim that the bridge fell as FALSE.", "the bridge fell", "false"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_a_falsehood_that_the_article_refutes_is_found(text: str, claim: str, verdict: str) -> None:
    assert (claim, verdict, True) in found_in(text)


@pytest.mark.parametrize(
    ("text", "claim"),
    [
        ("He claimed without evidence that the bridge fell.", "the bridge fell"),
        ("There is no evidence that the bridge fell.", "the bridge fell"),
        ("He repeated baseless claims of bridge fraud.", "bridge fraud"),
        ("The claim: The bridge fell\n\nOur rating: Missing context", "The bridge fell"),
        ("The claim: The bridge fell\n\nOur rating: Partly false", "The bridge fell"),
        ("“It is not true that the bridge fell,” said Mina Holt.", "the bridge fell"),
        ("The lawsuit says Holt falsely claimed that the bridge fell.", "the bridge fell"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_what_is_only_doubted_or_denied_by_somebody_supports_nothing_and_is_not_refuted(text: str, claim: str) -> None:
    assert (claim, False) in [(words, refutes) for words, _, refutes in found_in(text)]


@pytest.mark.parametrize(
    "text",
    [
        "The claim: Vaccines ended smallpox\n\nOur rating: True",
        "The claim: A virus was found in March\n\nOur ruling: More information needed",
        "The claim: The bridge fell into the sea",
        "“I was wrong about the bridge,” Mina Holt said. “That is not true for the ferry.”",
        "An earlier version of this story incorrectly stated the age of the bridge.",
        "He was falsely accused of theft.",
        "Unfounded reports that have circulated online are being looked into.",
        "The fake snow was made of paper.",
        "The test gave a false alarm on Monday.",
        "That is wrong number of the day.",
        "“It works,” she said. That's not true anymore.",
        "A debate about what is true and what is false took all day.",
    ],
    ids=lambda value: str(value)[:40],
)
def test_what_is_not_refuted_is_left_alone(text: str) -> None:
    assert found_in(text) == []


def test_on_a_page_that_rates_a_claim_false_the_words_of_posts_are_false_too() -> None:
    text = (
        "Fact check: The bridge stands\n\nThe claim: The bridge fell\n\n"
        '"You have all seen it fall," a March 3 post states.\n\nIt stands.\n\nOur rating: False'
    )
    whole = make_article(text, title="Fact check: The bridge stands", language="en")
    assert "You have all seen it fall" in [whole.quote(item.claim) for item in debunked_claims(whole)]


def test_both_places_are_given_and_the_note_says_what_the_article_does() -> None:
    text = "It is not true that the bridge fell."
    item = claim_in(text)
    whole = make_article(LEAD + text, language="en")
    assert (whole.quote(item.claim), whole.quote(item.words)) == ("the bridge fell", "not true")
    assert item.note == "The article repeats this to refute it: not true."


def test_somebody_s_denial_names_that_somebody() -> None:
    assert claim_in("“It is not true that the bridge fell,” said Mina Holt.").by == "Mina Holt said"


def test_what_the_paper_adds_to_somebody_s_words_is_the_paper_s_own() -> None:
    item = claim_in("Holt said he would pardon the rioters, who believed his false claim that the bridge fell.")
    assert (item.by, item.refutes) == (None, True)


def test_a_sentence_that_repeats_a_falsehood_is_known_by_its_span() -> None:
    text = LEAD + "Holt, who falsely claimed that the bridge fell, was fined on Monday."
    whole = make_article(text, language="en")
    sentence = Span(whole.id, text.index("Holt"), len(text))
    lead = Span(whole.id, 0, 50)
    assert is_debunked(whole, sentence) is not None
    assert is_debunked(whole, lead) is None


def test_the_rest_of_such_a_sentence_is_no_falsehood() -> None:
    text = LEAD + "Holt, who falsely claimed that the bridge fell, was fined on Monday."
    whole = make_article(text, language="en")
    sentence = Span(whole.id, text.index("Holt"), len(text))
    assert is_debunked(whole, sentence, "The bridge fell.") is not None
    assert is_debunked(whole, sentence, "Holt was fined on Monday.") is None


@pytest.mark.parametrize(
    ("language", "text", "claim"),
    [
        ("de", "Es stimmt nicht, dass die Brücke eingestürzt ist.", "die Brücke eingestürzt ist"),
        ("es", "No es cierto que el puente haya caído.", "el puente haya caído"),
        ("fr", "Il est faux que le pont soit tombé.", "le pont soit tombé"),
    ],
)
def test_other_languages_say_it_in_their_own_words(language: str, text: str, claim: str) -> None:
    whole = make_article(text + " " + text, language=language)
    assert claim in [whole.quote(item.claim) for item in debunked_claims(whole)]


# --- Any text ---------------------------------------------------------------------------------------------------------

_PIECES = st.sampled_from(
    [
        "The claim:",
        "Our rating:",
        "false",
        "\n\n",
        "falsely claimed that",
        '"',
        "“",
        "”",
        "it is not true that",
        "bridge",
        ".",
        "🙂",
    ]
)


@given(st.one_of(st.text(max_size=200), st.lists(_PIECES, max_size=40).map(" ".join)), st.integers(0, 200))
def test_no_text_makes_it_raise_and_every_span_lies_in_the_text(text: str, end: int) -> None:
    whole = Article("a", text, sections=(Section(Span("a", 0, len(text)), Zone.BODY),))
    for item in debunked_claims(whole):
        assert 0 <= item.claim.start < item.claim.end <= len(text)
        assert 0 <= item.words.start <= item.words.end <= len(text)
    is_debunked(whole, Span("a", 0, end), text)
    zone_label(whole, Span("a", 0, end))


@pytest.mark.parametrize(
    "piece",
    ["a", "false ", "the claim that ", "claim: ", '"a b c" ', "is false. ", "post says ", "rate the claim that "],
)
def test_four_times_the_text_takes_little_more_than_four_times_the_time(piece: str) -> None:
    def read(text: str) -> None:
        debunked_claims(Article("a", text, sections=(Section(Span("a", 0, len(text)), Zone.BODY),)))

    assert growth(read, piece) < 8
