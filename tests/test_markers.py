"""A model's marked-up prose: what is shown, which sentences it names, and that the cuts of the stream change nothing."""

from __future__ import annotations

import pytest
from fake_server import pieces
from hypothesis import given
from hypothesis import strategies as st

from assistant.answerers._markers import MarkedProse, parse_ids


def read(parts: list[str]) -> tuple[str, list[tuple[int, list[str]]], bool, str]:
    """(text, [(at, ids)], declined, what was shown piece by piece)."""
    prose = MarkedProse()
    shown = "".join([*map(prose.feed, parts), prose.finish()])
    return prose.text, [(m.at, [str(i) for i in m.ids]) for m in prose.markers], prose.declined, shown


@pytest.mark.parametrize(
    ("raw", "text", "markers"),
    [
        pytest.param("It rained [1.2].", "It rained.", [(9, ["1.2"])], id="before-the-full-stop"),
        pytest.param("It rained. [1.2] It froze.", "It rained. It froze.", [(10, ["1.2"])], id="behind-the-full-stop"),
        pytest.param("It rained.[1.2]It froze.", "It rained. It froze.", [(10, ["1.2"])], id="without-spaces"),
        pytest.param("It rained [1.2][3.1].", "It rained.", [(9, ["1.2"]), (9, ["3.1"])], id="two-brackets"),
        pytest.param("It rained [1.2, 3.1; 2.4].", "It rained.", [(9, ["1.2", "3.1", "2.4"])], id="list"),
        pytest.param("It rained [1.2-1.4].", "It rained.", [(9, ["1.2", "1.3", "1.4"])], id="range"),
        pytest.param("It rained [1.2–4].", "It rained.", [(9, ["1.2", "1.3", "1.4"])], id="short-range"),
        pytest.param("It rained [1.2-9.1].", "It rained.", [(9, ["1.2", "9.1"])], id="range-over-passages-is-its-ends"),
        pytest.param("It rained [[1.2]].", "It rained.", [(9, ["1.2"])], id="double-brackets"),
        pytest.param("It rained 【1.2】.", "It rained.", [(9, ["1.2"])], id="lenticular-brackets"),
        pytest.param("It rained [sentence 1.2 and 1.3].", "It rained.", [(9, ["1.2", "1.3"])], id="with-words"),
        pytest.param("It rained [3].", "It rained.", [(9, ["3"])], id="passage-alone"),
        pytest.param("It rained [999].", "It rained.", [(9, ["999"])], id="no-such-passage"),
        pytest.param("It rained [1.", "It rained", [(9, ["1"])], id="cut-short"),
        pytest.param("[1.2] It rained.", "It rained.", [(0, ["1.2"])], id="in-front"),
        pytest.param("It rained.\n\n[1.2]\n\nIt froze.", "It rained.\nIt froze.", [(10, ["1.2"])], id="own-line"),
        pytest.param("He said [sic] so.", "He said (sic) so.", [], id="brackets-of-prose"),
        pytest.param("A [long aside", "A (long aside", [], id="bracket-that-never-closes"),
        pytest.param("In 3.2 of 10 cases", "In 3.2 of 10 cases", [], id="numbers-without-brackets"),
        pytest.param("  \n It rained.  ", "It rained.", [], id="space-around"),
        pytest.param("One.\n\n  Two.", "One.\n\n  Two.", [], id="paragraphs-stay"),
    ],
)
def test_markers_leave_the_text_and_keep_their_place(raw: str, text: str, markers: list[tuple[int, list[str]]]) -> None:
    assert read([raw])[:2] == (text, markers)


@pytest.mark.parametrize("raw", ["[no answer]", "No answer.", " [No Answer].", "[no_answer]", "**no answer**"])
def test_the_agreed_words_decline(raw: str) -> None:
    assert read([raw])[2]


def test_what_follows_the_agreed_words_is_left_out() -> None:
    text, _, declined, shown = read(["It rained [1.1]. [no answer] But I know that Oslo won [1.2]."])

    assert (text, shown, declined) == ("It rained.", "It rained.", True)


def test_no_answer_in_prose_does_not_decline() -> None:
    assert not read(["The minister gave no answer [1.1]."])[2]


def test_half_a_marker_is_never_shown() -> None:
    prose = MarkedProse()

    shown = [prose.feed(char) for char in "It rained [1.2]. It froze [no answer]"]

    assert "".join(shown) == "It rained. It froze"
    assert not any(set(piece) & set("[]12") for piece in shown)


MARKED_UP = st.lists(
    st.sampled_from(
        [
            "It rained",
            " ",
            ".",
            "\n",
            "[1.2]",
            "[",
            "]",
            "[[1.3]]",
            "[no answer]",
            "[sic]",
            "1.",
            "2",
            "【3.1】",
            "“so”",
            ",",
        ]
    )
    | st.text(max_size=4),
    max_size=30,
).map("".join)


@given(MARKED_UP, st.lists(st.integers(0, 120), max_size=12))
def test_any_cutting_of_the_stream_gives_the_same_result(raw: str, cuts: list[int]) -> None:
    whole = read([raw])

    assert read(pieces(raw, [min(cut, len(raw)) for cut in cuts])) == whole
    assert read(list(raw)) == whole


@given(MARKED_UP)
def test_what_is_shown_piece_by_piece_is_the_text(raw: str) -> None:
    text, _, _, shown = read(list(raw))

    assert shown == text


@given(MARKED_UP)
def test_a_marker_stands_right_behind_something_that_is_no_space(raw: str) -> None:
    text, markers, _, _ = read([raw])

    assert all(at == 0 or not text[at - 1].isspace() for at, _ in markers)


@given(MARKED_UP)
def test_no_id_in_brackets_stays_in_the_text(raw: str) -> None:
    text, _, _, _ = read([raw.replace("[", " [").replace("]", "] ")])

    assert "[1.2]" not in text
    assert "【3.1】" not in text


def test_a_range_of_thousands_is_its_two_ends() -> None:
    assert [str(i) for i in parse_ids("1.1-1.9000")] == ["1.1", "1.9000"]
