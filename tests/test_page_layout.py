"""Where the parts of the page stand in a real Chromium: in short windows, beside each other, and whose the sources are."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from chromium import DESK, Look, barriers, needs_chromium, settle
from test_page import ask, in_view, served_app

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = needs_chromium

HOUSEHOLDS = "How many households in Alderbrook got contaminated water?"
NOWHERE = "What is the capital of Mongolia?"
ARABIC = "أعلن الرئيس رسوما جديدة."


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    home = tmp_path_factory.mktemp("layout")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ASSISTANT_EMBEDDER", "static")
        with served_app(home) as url:
            yield url


def box(page: Page, selector: str) -> dict[str, float]:
    found = page.locator(selector).bounding_box()
    assert found
    return dict(found)


@pytest.mark.parametrize("size", [(844, 390), (700, 450)], ids=["phone on its side", "low window"])
def test_open_filters_leave_question_answer_and_button_in_reach(app: str, look: Look, size: tuple[int, int]) -> None:
    page = look(app, size)
    page.locator("#filters > button").click()
    last = page.locator("#filters input").last
    last.wait_for()
    settle(page)
    last.focus()
    assert in_view(page, "#ask-button")
    assert in_view(page, "#question textarea")
    field, asking = last.bounding_box(), box(page, "#ask-row")
    assert field
    assert field["y"] + field["height"] <= asking["y"]
    assert box(page, "#talk")["height"] >= 100
    page.locator("#composer").evaluate("composer => composer.scrollTo(0, 0)")
    over = """row => { const {left, top, width, height} = row.getBoundingClientRect();
        return [...Array(40).keys()].flatMap(i => [...Array(10).keys()].map(j =>
            document.elementFromPoint(left + (i + 0.5) * width / 40, top + (j + 0.5) * height / 10)))
            .filter(seen => !row.contains(seen)).length; }"""
    assert page.locator("#ask-row").evaluate(over) == 0
    settle(page)


def test_sources_of_an_earlier_question_say_whose_they_are(app: str, look: Look) -> None:
    page = look(app)
    ask(page, HOUSEHOLDS)
    whose = page.locator("#reader .whose")
    assert not whose.is_visible()
    ask(page, NOWHERE)
    assert page.locator("#turns .abstained").is_visible()
    assert whose.inner_text() == f"Of an earlier question: {HOUSEHOLDS}"
    page.locator("#reader").evaluate("reader => reader.scrollTo(0, 600)")
    assert in_view(page, "#reader .whose")
    assert barriers(page) == []
    settle(page)


def test_stop_stands_under_what_is_under_way(app: str, look: Look) -> None:
    page = look(app, (1920, 1080))
    page.get_by_role("tab", name="Check").click()
    page.locator("#check-result").wait_for()
    page.locator("#verdict").evaluate("""verdict => { verdict.innerHTML = '<p class="progress">Looking …</p>' }""")
    assert box(page, "#check-stop")["x"] == box(page, "#verdict .progress")["x"]
    settle(page)


def test_what_is_typed_from_right_to_left_stands_at_the_right(app: str, look: Look) -> None:
    page = look(app, DESK)
    page.get_by_role("tab", name="Check").click()
    for field in ("#claim textarea", "#quotation textarea"):
        page.fill(field, ARABIC)
        assert page.locator(field).evaluate("field => getComputedStyle(field).unicodeBidi") == "plaintext"
    settle(page)
