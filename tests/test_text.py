"""The canonical text that an article keeps, and the folded text that quotations are compared in.

Folding has to forgive everything that typesetting changes, nothing that changes a word or a number, and to lead every
folded character back to the original's.
"""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from assistant.text import canonical_text, fold, nearest

# Characters that have broken text code before, in short random orders.
HOSTILE = st.text(
    st.sampled_from(
        "aB7 .-\n\t'\"\u00a0\u2009“”‘’«»…–—−‑\u00ad\u200b\u200d\u200e\u202e\ufe0f\ufeff"
        "e\u0301\u0323\u0308éﬁﬀ²½①７％\u1112\u1161\u11ab한שלע👨👩🏽🇺🇦\u0000\r\u2028\x85\x0c\ud800\u00a8\u20e3हि"
    ),
    max_size=40,
)


# --- Canonical text


@pytest.mark.parametrize(
    ("raw", "canonical"),
    [
        pytest.param("one\r\ntwo\rthree", "one\ntwo\nthree", id="CRLF-and-CR"),
        pytest.param("one\u2028two\u2029three\x85four", "one\ntwo\nthree\nfour", id="unicode-line-ends"),
        pytest.param("one\x0ctwo\x0bthree\x1cfour\x1ffive", "one\ntwo\nthree\nfour\nfive", id="form-feed-parts-words"),
        pytest.param("\ufeffone\ufeff two", "one two", id="byte-order-mark"),
        pytest.param("o\x00n\x08e\x7f", "one", id="NUL-and-controls"),
        pytest.param("a\ud800b\udfffc", "a\ufffdb\ufffdc", id="lone-surrogates"),
        pytest.param(" \n one \t\n", "one", id="outer-white-space"),
        pytest.param("a\tb  c\u00a0d", "a\tb  c\u00a0d", id="inner-white-space-stays"),
        pytest.param("cafe\u0301 ﬁ ² “x” …", "cafe\u0301 ﬁ ² “x” …", id="no-normalisation"),
        pytest.param("👨\u200d👩\u200d👧 \u200bש", "👨\u200d👩\u200d👧 \u200bש", id="invisibles-stay"),
        pytest.param("\x00 \ufeff", "", id="nothing-visible"),
    ],
)
def test_canonical_text_settles_line_ends_and_drops_controls_and_nothing_else(raw: str, canonical: str) -> None:
    assert canonical_text(raw) == canonical


@given(HOSTILE)
@example("\r\x00\n")
@example("\x00 a")
def test_canonical_text_is_idempotent(raw: str) -> None:
    assert canonical_text(canonical_text(raw)) == canonical_text(raw)


@given(st.text(max_size=40))
def test_canonical_text_can_always_be_stored_as_utf_8(raw: str) -> None:
    assert canonical_text(raw + "\ud800").encode().decode().endswith("\ufffd")


# --- Folding


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        pytest.param("‘a’ ‚b‛ ′c´ ‹d› ʻe ʼf", "'a' 'b' 'c' 'd' 'e 'f", id="single-quotes-and-apostrophes"),
        pytest.param("“a” „b‟ ″c «d»", '"a" "b" "c "d"', id="double-quotes"),
        pytest.param("a‐b‑c‒d–e—f―g−h", "a-b-c-d-e-f-g-h", id="dashes"),
        pytest.param("a--b —— c", "a-b - c", id="runs-of-dashes"),
        pytest.param("a  b\u00a0\u2009c\n\n\td", "a b c d", id="runs-of-white-space"),
        pytest.param("so\u00adft ze\u200bro \u200ewidth\u2060", "soft zero width", id="invisibles"),
        pytest.param("wait… 3․5", "wait... 3.5", id="ellipsis-and-dot-leader"),
        pytest.param("ﬁrst eﬀort", "first effort", id="ligatures"),
        pytest.param("cafe\u0301", "café", id="decomposed-accent"),
        pytest.param("e\u0323\u0301 = e\u0301\u0323", "ẹ́ = ẹ́", id="order-of-marks"),
        pytest.param("\u1112\u1161\u11ab글", "한글", id="decomposed-Korean"),
        pytest.param("７０％ 𝟏𝟐", "70% 12", id="full-width-and-mathematical-digits"),
        pytest.param("❤\ufe0f", "❤", id="emoji-presentation"),
        pytest.param("Ⅳ №", "IV No", id="letters-in-one-character"),
    ],
)
def test_folding_forgives_typography(text: str, folded: str) -> None:
    assert fold(text).text == folded


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("10²", "102", id="superscript"),
        pytest.param("CO₂", "CO2", id="subscript"),
        pytest.param("5½", "51⁄2", id="fraction"),
        pytest.param("½", "1/2", id="fraction-alone"),
        pytest.param("①", "1", id="circled-digit"),
        pytest.param("1⒈", "11.", id="digit-with-full-stop"),
        pytest.param("㎡", "m2", id="square-metre"),
        pytest.param("résumé", "resume", id="accents"),
        pytest.param("Polish", "polish", id="case"),
        pytest.param("re-sign", "resign", id="hyphen"),
        pytest.param("its", "it's", id="apostrophe"),
        pytest.param("nowhere", "now here", id="space"),
        pytest.param("6'", '6"', id="feet-and-inches"),
        pytest.param("-5", "5", id="sign"),
        pytest.param("....", "...", id="number-of-points"),
        pytest.param("a\u00a8b", "a \u0308b", id="spacing-accent"),
    ],
)
def test_folding_keeps_apart_what_means_something_else(one: str, other: str) -> None:
    assert fold(one).text != fold(other).text


@given(HOSTILE)
def test_every_folded_range_between_graphemes_leads_back_to_text_that_folds_to_it(text: str) -> None:
    folded = fold(text)
    cuts = [at for at in range(len(folded.text) + 1) if folded.begins_grapheme(at)]
    for start in cuts:
        for end in cuts:
            if start < end:
                first, last = folded.original_range(start, end)
                assert fold(text[first:last]).text == folded.text[start:end]


@given(HOSTILE)
def test_the_ranges_of_folded_characters_are_in_order_and_inside_the_text(text: str) -> None:
    folded = fold(text)
    assert list(folded.starts) == sorted(folded.starts)
    assert list(folded.ends) == sorted(folded.ends)
    assert all(0 <= start < end <= len(text) for start, end in zip(folded.starts, folded.ends, strict=True))


@given(HOSTILE)
def test_every_visible_character_is_in_the_range_of_a_folded_one(text: str) -> None:
    folded = fold(text)
    covered = {i for start, end in zip(folded.starts, folded.ends, strict=True) for i in range(start, end)}
    assert not [text[i] for i in range(len(text)) if i not in covered and fold(text[i]).text.strip()]


@given(st.text(st.characters(codec="ascii", exclude_characters="`-"), max_size=40))
def test_plain_words_fold_to_themselves(text: str) -> None:
    assert fold(text).text.split() == text.split()


def test_half_a_ligature_leads_back_to_all_of_it() -> None:
    folded = fold("o\ufb03ce")  # o, ffi, c, e
    assert folded.original_range(1, 2) == (1, 2)
    assert [folded.begins_grapheme(at) for at in range(1, 5)] == [True, False, False, True]


def test_thousands_of_marks_on_one_letter_are_folded_in_short_pieces() -> None:
    folded = fold("e" + "\u0301\u0323" * 5000)
    assert max(end - start for start, end in zip(folded.starts, folded.ends, strict=True)) <= 32


# --- Names


def test_an_unknown_name_finds_the_known_one_that_looks_like_it() -> None:
    assert nearest("minlim", ["minilm", "openai"]) == "minilm"


def test_a_name_like_no_other_finds_none() -> None:
    assert nearest("xyz", ["minilm", "openai"]) is None
