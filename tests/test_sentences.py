"""Where sentences begin and end, and that no character is lost between them."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.sentences import split_sentences, trim

PIECES = st.lists(
    st.sampled_from(
        [
            "The council met. ",
            "Mr. Holt of the U.S. said: “No.” ",
            "It cost 1.5 million… ",
            "Why?! ",
            "(See p. 4.) ",
            "\n",
            "\n\n",
            "\u00a0",
            " \t ",
            "\u200b",
            "cafe\u0301. ",
            "👨\u200d👩\u200d👧 went. ",
            "שלום. ",
            "第一句。第二句。",
            "\u202eabc. ",
            "\ud800",
            "•",
            ".",
            '"',
            "a line of more than forty characters that is wrapped here\nand goes on. ",
        ]
    ),
    max_size=12,
).map("".join)


def sentences(text: str, language: str | None = None) -> list[str]:
    return [text[start:end] for start, end in split_sentences(text, language)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "The bridge is closed. It will open.", ["The bridge is closed.", "It will open."], id="full-stops"
        ),
        pytest.param("Is it closed? It is! Good…", ["Is it closed?", "It is!", "Good…"], id="other-marks"),
        pytest.param("Dr. Holt paid 3.5 million.", ["Dr. Holt paid 3.5 million."], id="abbreviation-and-decimal"),
        pytest.param("Port closed\n\nIt opens on Monday.", ["Port closed", "It opens on Monday."], id="paragraphs"),
        pytest.param("Port closed\nby storm", ["Port closed", "by storm"], id="short-lines-end-sentences"),
        pytest.param(
            "The council of Port Haldane voted on Monday\nto close the bridge.",
            ["The council of Port Haldane voted on Monday\nto close the bridge."],
            id="a-wrapped-line-goes-on",
        ),
        pytest.param(
            "The council of Port Haldane voted on Monday\nThe bridge is closed.",
            ["The council of Port Haldane voted on Monday", "The bridge is closed."],
            id="a-capital-starts-anew",
        ),
        pytest.param(
            "The council of Port Haldane voted on Monday\n\nto close the bridge.",
            ["The council of Port Haldane voted on Monday", "to close the bridge."],
            id="a-blank-line-always-ends-a-sentence",
        ),
        pytest.param(
            "The council of Port Haldane voted on Monday\n \t\nto close the bridge.",
            ["The council of Port Haldane voted on Monday", "to close the bridge."],
            id="so-does-a-line-of-spaces",
        ),
        pytest.param("Ada Holt, R-S.C., left. He stayed.", ["Ada Holt, R-S.C., left.", "He stayed."], id="initials"),
        pytest.param("第一句。第二句。", ["第一句。", "第二句。"], id="no-spaces-between-sentences"),
        pytest.param("It broke \ud800 here. It held.", ["It broke \ud800 here.", "It held."], id="lone-surrogate"),
        pytest.param(" \n\n ", [], id="blank"),
        pytest.param("", [], id="empty"),
    ],
)
def test_sentences_are_what_a_reader_would_call_them(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected


def test_the_language_decides_what_is_an_abbreviation() -> None:
    assert sentences("Er kam am 3. Mai an. Sie blieb.", "de") == ["Er kam am 3. Mai an.", "Sie blieb."]


def test_an_unknown_language_is_split_all_the_same() -> None:
    assert sentences("One is here. Two is there.", "xx") == ["One is here.", "Two is there."]


@given(PIECES)
def test_sentences_hold_every_visible_character_once_and_in_order(text: str) -> None:
    assert "".join("".join(sentences(text)).split()) == "".join(text.split())


@given(PIECES)
def test_sentences_do_not_overlap_and_have_no_white_space_at_their_edges(text: str) -> None:
    spans = split_sentences(text)
    assert all(one[1] <= two[0] for one, two in pairwise(spans))
    assert all(trim(text, *span) == span for span in spans)


@given(PIECES)
def test_no_sentence_crosses_a_blank_line(text: str) -> None:
    assert not [sentence for sentence in sentences(text) if "\n\n" in sentence]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("a" + " " * 2_000_000 + "b.", id="spaces"),
        pytest.param("a" + " \t" * 100_000 + "\nb.", id="spaces-before-a-line-break"),
        pytest.param("a" + "\n" * 200_000 + "b.", id="line-breaks"),
        pytest.param("word " * 40_000, id="no-full-stop"),
        pytest.param("." * 200_000, id="full-stops"),
        pytest.param("U.S. " * 40_000, id="initials"),
    ],
)
def test_a_huge_run_of_one_thing_is_split(text: str) -> None:
    """A pattern that looks back over such a run at each of its characters takes hours."""
    assert "".join(sentences(text)).split() == text.split() or len(sentences(text)) > 1
