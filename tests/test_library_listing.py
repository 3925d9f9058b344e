"""Which articles the library's table shows for a date, as the page shows one or as it is stored."""

from __future__ import annotations

from datetime import date

import pytest

from assistant.types import ArticleFacts, ArticleRow, Status
from assistant.ui.library_listing import Listing, matching


def row_of(title: str, published: date | None, source: str) -> ArticleRow:
    facts = ArticleFacts(title, title, "The Wire", None, published, None, "en", Status.CURRENT, source)
    return ArticleRow(facts, (source,), 1, 1, 1, None, True)


ROWS = [
    row_of("School", date(2022, 5, 25), "uvalde"),
    row_of("Gun laws", date(2022, 5, 26), "wire-25"),
    row_of("Primaries", date(2022, 5, 5), "georgia"),
    row_of("Floods of May 2022", date(2023, 2, 25), "flood"),
    row_of("Undated", None, "memo-2022"),
]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        pytest.param("2022-05-25", ["School"], id="as it is stored"),
        pytest.param("25 May 2022", ["School"], id="as it is shown"),
        pytest.param("5 may 2022", ["Primaries"], id="the 5th is not the 25th"),
        pytest.param(" 25  MAY ", ["School"], id="without its year"),
        pytest.param(
            "May 2022", ["Floods of May 2022", "Gun laws", "School", "Primaries"], id="a month, of title or date"
        ),
        pytest.param("wire 26 May 2022", ["Gun laws"], id="beside another word"),
        pytest.param("25 February 2022", [], id="a day without an article"),
        pytest.param(
            "2022", ["Floods of May 2022", "Gun laws", "School", "Primaries", "Undated"], id="a word anywhere"
        ),
    ],
)
def test_a_date_is_found_as_it_is_shown_and_as_it_is_stored(words: str, expected: list[str]) -> None:
    assert [row.facts.title for row in matching(ROWS, Listing(words=words))] == expected
