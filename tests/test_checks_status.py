"""What a retraction, a correction and satire let an article decide."""

from __future__ import annotations

import pytest
from growth import growth
from hypothesis import given
from hypothesis import strategies as st

from assistant.articles import make_article
from assistant.checks.debunks import debunked_claims, is_debunked
from assistant.checks.status import (
    Standing,
    corrected_values,
    put_right,
    retraction_notice,
    retraction_reason,
    standing,
    status_label,
    still_carried,
    withdrawn_statements,
)
from assistant.types import Article, Section, Span, Status, Zone

STORY = (
    "The council of Port Haldane voted on Monday to repair the harbour bridge.\n\n"
    "The work will cost $36 million and take nine weeks, the mayor said, and ferries will run instead."
)


def article(note: str = "", status: Status | None = None, story: str = STORY) -> Article:
    return make_article(f"{story}\n\n{note}", language="en", status=status)


# --- Status -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "zone", "decides", "word"),
    [
        (Status.CURRENT, None, True, ""),
        (Status.CORRECTED, None, True, "corrected"),
        (Status.RETRACTED, None, False, "retracted"),
        (Status.RETRACTED, Zone.BODY, False, "retracted"),
        (Status.RETRACTED, Zone.CORRECTION, True, "notice"),
        (Status.SATIRE, None, False, "Satire"),
        (Status.SATIRE, Zone.CORRECTION, False, "Satire"),
    ],
)
def test_a_status_says_whether_the_words_decide(status: Status, zone: Zone | None, decides: bool, word: str) -> None:
    label = status_label(status, zone)
    assert label.decides is decides
    assert word in label.note


def test_an_article_is_labelled_by_its_status() -> None:
    assert not status_label(article(status=Status.RETRACTED)).decides
    assert status_label(article()).note == ""


# --- Retractions ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("notice", "reason"),
    [
        (
            "Editor’s notice: The Ledger retracts this article. The letter it rests on is not authentic. We apologize.",
            "The letter it rests on is not authentic.",
        ),
        (
            "Retraction: This article has been retracted because the photograph was fabricated.",
            "Retraction: This article has been retracted because the photograph was fabricated.",
        ),
        ("This story has been withdrawn.", "This story has been withdrawn."),
    ],
)
def test_the_notice_of_a_retracted_article_is_found_and_says_why(notice: str, reason: str) -> None:
    whole = make_article(f"Memo points to firm\n\n{notice}\n\n{STORY}", language="en", status=Status.RETRACTED)
    span = retraction_notice(whole)
    assert span is not None
    assert whole.quote(span) == notice
    assert retraction_reason(whole) == reason


def test_a_retracted_article_without_a_notice_has_none() -> None:
    whole = article(status=Status.RETRACTED)
    assert retraction_notice(whole) is None
    assert retraction_reason(whole) is None


def test_an_article_that_is_not_retracted_has_no_notice() -> None:
    assert retraction_notice(article("Retraction: the firm retracted its own report.", status=Status.CURRENT)) is None


# --- Corrections ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("note", "wrong", "right"),
    [
        (
            "Correction: an earlier version of this article said the work would cost $36 million; it is $3.6 million.",
            "$36 million",
            "$3.6 million",
        ),
        (
            "Correction: An earlier version of this article gave the cost as $36 million. It is $3.6 million.",
            "$36 million",
            "$3.6 million",
        ),
        (
            "Correction: A previous version misstated the cost as $36 million. In fact, it is $3.6 million.",
            "$36 million",
            "$3.6 million",
        ),
        (
            "This story has been corrected to show that Wayne Symes plays for Nashville, not Philadelphia.",
            "Philadelphia",
            "Nashville",
        ),
        ("Correction: The work will take 9 weeks, not 7 weeks.", "7 weeks", "9 weeks"),
        (
            "Correction: An earlier version of this story said the firm was in Ohio; it is in Iowa.",
            "Ohio",
            "Iowa",
        ),
        (
            "Correction: An earlier version of this story misstated the year of the flood. It took place in 2021.",
            "",
            "It took place in 2021.",
        ),
        ("Correction: An earlier version of this story misspelled the name of Warren Brandt.", None, None),
        ("Correction: A previous version misstated the cost. We regret the error.", None, None),
    ],
    ids=lambda value: str(value)[:50],
)
def test_a_correction_gives_the_wrong_and_the_right_value(note: str, wrong: str | None, right: str | None) -> None:
    found = [(item.wrong, item.right) for item in corrected_values(article(note))]
    assert found == ([] if right is None else [(wrong, right)])


def test_the_correction_is_quoted_where_it_stands() -> None:
    note = "Correction: The work will take 9 weeks, not 7 weeks."
    whole = article(note)
    assert [whole.quote(item.span) for item in corrected_values(whole)] == [note]


def test_a_body_that_still_has_the_wrong_value_is_pointed_at() -> None:
    note = "Correction: an earlier version of this article said the work would cost $36 million; it is $3.6 million."
    whole = article(note)
    (item,) = corrected_values(whole)
    place = still_carried(whole, item)
    assert place is not None
    assert whole.quote(place) == "$36 million"


def test_a_body_that_was_put_right_is_not_pointed_at() -> None:
    note = "Correction: an earlier version of this article said the work would cost $36 million; it is $3.6 million."
    whole = article(note, story=STORY.replace("$36 million", "$3.6 million"))
    (item,) = corrected_values(whole)
    assert still_carried(whole, item) is None


def test_an_article_without_a_correction_corrects_nothing() -> None:
    assert corrected_values(article("The mayor said the cost was $3.6 million, not $36 million.")) == ()


# --- Statements taken back --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("note", "wrong", "right", "in_full"),
    [
        pytest.param(
            "Correction: an earlier version of this article said the work would cost $36 million; it is $3.6 million.",
            "the work would cost $36 million",
            "it is $3.6 million",
            "the work would cost $3.6 million",
            id="said, is",
        ),
        pytest.param(
            "Correction: The work will take nine weeks, not seven, as an earlier version said.",
            "seven",
            "The work will take nine weeks",
            "The work will take nine weeks",
            id="is, not",
        ),
        pytest.param(
            "Correction: This article incorrectly gave the cost as $36 million, rather than $3.6 million.",
            "the cost as $36 million",
            "$3.6 million",
            "the cost as $3.6 million",
            id="said, rather than",
        ),
        pytest.param(
            "Correction: An earlier version of this article wrongly said that the mayor had resigned. We regret the error.",
            "the mayor had resigned",
            "",
            "",
            id="nothing in its place",
        ),
        pytest.param(
            "Correction: An earlier version of this story said Ray Hume coached there. https://paper.example/2018/11/24/hume",
            "Ray Hume coached there",
            "",
            "",
            id="an address is no statement",
        ),
    ],
)
def test_a_correction_is_taken_apart(note: str, wrong: str, right: str, in_full: str) -> None:
    whole = article(note)
    (item,) = withdrawn_statements(whole)
    assert whole.quote(item.wrong) == wrong
    assert (whole.quote(item.right) if item.right else "") == right
    assert put_right(item, whole) == in_full
    assert item.refutes


@pytest.mark.parametrize(
    "note",
    [
        "Correction: A previous version of this story misstated who was appointed to the council in 2018.",
        "Correction: A previous version of this story incorrectly stated how long Mabel Frias worked there.",
        "Correction: An earlier version misidentified Robert Wu, the actor who will appear as Tam on the show.",
        "Correction: An earlier version of this story reported the estimated number of children who had the vaccine.",
        "Correction: An earlier version of this story misstated the cost as of 31 March.",
        "Correction: An earlier version of this story should have said the mayor has two sons.",
        "The mayor said an earlier version of the bill would cost $36 million; it is $3.6 million by the last count.",
        "It was the council, not the mayor, that rejected the plan.",
    ],
    ids=lambda note: note[:70],
)
def test_what_only_names_an_error_takes_no_statement_back(note: str) -> None:
    assert withdrawn_statements(article(note)) == ()


def test_a_former_version_that_nobody_calls_wrong_refutes_nothing() -> None:
    whole = article("Reporters noted that this story originally said the bridge was closed for good.")
    assert [item.refutes for item in withdrawn_statements(whole)] == [False]


NOTE = "Correction: an earlier version of this article said the work would cost $36 million; it is $3.6 million."


@pytest.mark.parametrize(
    ("claim", "expected"),
    [
        ("The work will cost $36 million.", Standing.WITHDRAWN),
        ("The work will cost 36 million dollars.", Standing.WITHDRAWN),
        ("The work will cost $3.6 million.", Standing.CORRECTED),
        ("The work will not cost $36 million.", Standing.CORRECTED),
        ("The work will cost $3.6 million, not $36 million.", Standing.CORRECTED),
        ("The work will cost $5 million.", Standing.APART),
        ("The paper corrected the cost of the work from $36 million to $3.6 million.", Standing.APART),
        ("The state will lend $36 million.", Standing.APART),
        ("An earlier version said the work would cost $36 million.", Standing.APART),
    ],
)
def test_a_claim_makes_one_of_a_corrections_statements_or_stands_apart(claim: str, expected: Standing) -> None:
    whole = article(NOTE)
    (item,) = withdrawn_statements(whole)
    assert standing(claim, item, whole) is expected


@pytest.mark.parametrize(
    ("statement", "found"),
    [("The work will cost $36 million.", True), ("The work will cost $3.6 million.", False), ("", True)],
)
def test_what_is_taken_back_is_a_falsehood_of_the_page_and_what_counts_is_not(statement: str, found: bool) -> None:
    whole = article(NOTE)
    (item,) = debunked_claims(whole)
    span = Span(whole.id, whole.text.index(NOTE), whole.text.index(NOTE) + len(NOTE))
    assert is_debunked(whole, span, statement) == (item if found else None)
    assert "$3.6 million, not $36 million" in item.note


# --- Any text ---------------------------------------------------------------------------------------------------------

_PIECES = st.sampled_from(
    [
        "Correction:",
        "an earlier version said",
        "$36",
        "not",
        ",",
        ";",
        ".",
        "it is",
        "retracts this article",
        "\n",
        "May 3",
        "🙂",
    ]
)


@given(st.one_of(st.text(max_size=200), st.lists(_PIECES, max_size=40).map(" ".join)))
def test_no_text_makes_it_raise(text: str) -> None:
    sections = (Section(Span("a", 0, len(text)), Zone.CORRECTION),)
    whole = Article("a", text, sections=sections, status=Status.RETRACTED)
    for item in corrected_values(whole):
        assert item.wrong in text
        still_carried(whole, item)
    for one in withdrawn_statements(whole):
        assert whole.quote(one.wrong)
        assert one.right is None or whole.quote(one.right)
        standing(text, one, whole)
        put_right(one, whole)
    span = retraction_notice(whole)
    assert span is None or 0 <= span.start <= span.end <= len(text)
    retraction_reason(whole)


@pytest.mark.parametrize("piece", ["a", "earlier version ", "earlier version said ", ", not ", "retract ", "; ", "36 "])
def test_four_times_the_notice_takes_little_more_than_four_times_the_time(piece: str) -> None:
    def read(text: str) -> None:
        notice = Section(Span("a", 0, len(text)), Zone.CORRECTION)
        whole = Article("a", text, sections=(notice,), status=Status.RETRACTED)
        corrected_values(whole)
        withdrawn_statements(whole)
        retraction_reason(whole)

    assert growth(read, piece) < 8
