"""The reader's panes: which is open, and which says that it is of an earlier question."""

from __future__ import annotations

from dataclasses import replace

import pytest
from test_ui_markup import ARTICLE, XSS, assert_only_ours, read, verbatim

from assistant.types import Answer
from assistant.ui.reader_markup import pane_html, reader_html

SOURCED = replace(verbatim(ARTICLE, (15, 44)), question="What opened?")
UNSOURCED = Answer("Who?", "The articles do not answer this.", abstained="Nothing fits.")


def panes(*answers: Answer) -> list[tuple[int, str]]:
    return [(turn, pane_html(one, {ARTICLE.id: ARTICLE}, turn)) for turn, one in enumerate(answers, start=1)]


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        pytest.param((SOURCED,), [("1", False)], id="the only one"),
        pytest.param((SOURCED, SOURCED), [("1", True), ("2", False)], id="the last one has sources"),
        pytest.param((SOURCED, UNSOURCED), [("1", True)], id="the last one has none"),
    ],
)
def test_a_pane_of_another_question_than_the_last_is_marked_as_that(
    answers: tuple[Answer, ...], expected: list[tuple[str, bool]]
) -> None:
    sections = [attributes for tag, attributes in read(reader_html(panes(*answers))).tags if tag == "section"]
    assert [(one["data-turn"], "earlier" in (one["class"] or "").split()) for one in sections] == expected


@pytest.mark.parametrize("question", ["What opened?", *XSS])
def test_a_pane_names_its_question(question: str) -> None:
    html = pane_html(replace(SOURCED, question=question), {ARTICLE.id: ARTICLE}, 1)
    assert_only_ours(html)
    assert read(html).text.startswith(f"Of an earlier question: {question}")
