"""The page while something is under way: what else is asked, opened, judged or typed meanwhile is neither lost nor mixed up."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest
import test_page
from chromium import Look, needs_chromium, settle, watch_events
from test_page import ask, free_port, served

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = needs_chromium

CAFE, MEMO = "Which café opened?", "Who signed the memo?"
SLOW = "Which harbour opened slowly?"


@pytest.fixture(scope="module")
def harbour(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The page over the fake assistant of test_page.py, which takes its time for "slowly" and keeps no judgement."""
    port = free_port()
    with served([str(test_page.__file__), str(port)], port, tmp_path_factory.mktemp("harbour")) as url:
        yield url


def questions(page: Page) -> list[str]:
    return page.locator("#turns .asked").all_inner_texts()


def kept(page: Page) -> list[list[str]]:
    """The questions of every conversation that the browser keeps, the newest conversation first."""
    script = """() => JSON.parse(localStorage.getItem('assistant.conversations') ?? '[]').map(({id}) =>
                      JSON.parse(localStorage.getItem(`assistant.conversation.${id}`)).turns.map(turn => turn.question))"""
    return list(page.evaluate(script))


def begin(page: Page, question: str) -> None:
    """Ask as a suggestion or "Ask again" does, and wait until the answer is coming."""
    page.evaluate(f"assistant.send('asking-channel', {json.dumps({'do': 'ask', 'question': question})})")
    page.locator("#live .turn.pending .draft").wait_for()


def composer(page: Page) -> Any:
    return page.locator("#question textarea")


def load_again(page: Page) -> None:
    page.reload()
    page.locator("#turns .turn").wait_for()
    settle(page)


def test_a_question_that_was_being_answered_is_in_its_field_after_a_reload(harbour: str, browser: Browser) -> None:
    page = browser.new_page()  # not `look`: Gradio complains of the answer that is broken off
    watch_events(page)
    page.goto(harbour)
    ask(page, CAFE)
    begin(page, SLOW)
    load_again(page)
    assert (questions(page), composer(page).input_value()) == ([CAFE], SLOW)
    page.context.close()


def test_what_was_being_written_outlives_a_reload_and_what_was_answered_does_not(harbour: str, look: Look) -> None:
    page = look(harbour)
    ask(page, CAFE)
    settle(page)
    composer(page).fill("Who signed\nthe")
    load_again(page)
    assert composer(page).input_value() == "Who signed\nthe"
    composer(page).fill("")
    load_again(page)
    assert composer(page).input_value() == ""


def test_a_second_question_waits_in_its_field_until_the_first_is_answered(harbour: str, look: Look) -> None:
    page = look(harbour)
    begin(page, SLOW)
    composer(page).fill(CAFE)
    composer(page).press("Enter")
    page.locator("#said", has_text="This question is being answered").wait_for()
    page.locator("#turns .turn").wait_for()
    settle(page)
    assert questions(page) == [SLOW]
    assert composer(page).input_value() == CAFE
    composer(page).press("Enter")
    page.locator("#turn-2").wait_for()
    assert kept(page) == [[SLOW, CAFE]]


def test_asking_again_leaves_what_is_typed(harbour: str, look: Look) -> None:
    page = look(harbour)
    ask(page, CAFE)
    composer(page).fill("Half a ques")
    page.get_by_role("button", name="Ask again").click()
    page.locator("#turn-2").wait_for()
    assert composer(page).input_value() == "Half a ques"


@pytest.mark.parametrize(("typed", "left"), [("", SLOW), ("Half a ques", "Half a ques")])
def test_a_stopped_question_comes_back_into_its_field_unless_another_is_there(
    harbour: str, look: Look, typed: str, left: str
) -> None:
    page = look(harbour)
    begin(page, SLOW)
    composer(page).fill(typed)
    page.get_by_role("button", name="Stop").click()
    page.locator("#live .stopped").wait_for()
    settle(page)
    assert composer(page).input_value() == left


def test_a_question_that_is_being_edited_outlives_an_answer(harbour: str, look: Look) -> None:
    page = look(harbour)
    ask(page, CAFE)
    page.get_by_role("button", name="Edit").click()
    page.get_by_label("Your question, in other words").fill("Which café closed?")
    ask(page, MEMO)
    field = page.get_by_label("Your question, in other words")
    assert field.input_value() == "Which café closed?"
    field.press("Enter")
    page.locator("#turn-3").wait_for()
    assert questions(page) == ["Which café closed?"]


def test_a_conversation_that_is_opened_meanwhile_ends_the_answer_and_mixes_nothing(harbour: str, look: Look) -> None:
    page = look(harbour)
    ask(page, CAFE)
    page.get_by_role("button", name="New").click()
    page.locator("#welcome").wait_for()
    ask(page, MEMO)
    begin(page, SLOW)
    page.get_by_role("button", name="History").click()
    page.get_by_role("dialog").get_by_text(CAFE).click()
    page.locator("#turns .asked", has_text=CAFE).wait_for()
    settle(page)
    assert questions(page) == [CAFE]
    assert page.locator("#live .turn").count() == 0
    assert kept(page) == [[MEMO], [CAFE]]
    ask(page, "Which Monday?")
    assert kept(page) == [[CAFE, "Which Monday?"], [MEMO]]
    page.get_by_role("button", name="History").click()
    assert "Last: Which Monday?" in page.get_by_role("dialog").inner_text()


def test_a_judgement_that_fails_says_so_and_the_conversation_goes_on_as_the_same(harbour: str, look: Look) -> None:
    page = look(harbour)
    ask(page, CAFE)
    page.locator("#turns a.cite").first.click()
    good = page.locator(".judge").get_by_role("button", name="Good")
    good.click()
    page.locator("#said", has_text="Something went wrong").wait_for()
    assert good.get_attribute("aria-pressed") is None
    assert page.locator(".talk-bar .save").is_visible()
    ask(page, MEMO)
    settle(page)
    assert kept(page) == [[CAFE, MEMO]]


def test_suggestions_of_a_conversation_that_is_gone_are_not_shown(harbour: str, look: Look) -> None:
    page = look(harbour)
    ask(page, CAFE)
    page.locator(".follow-up").wait_for()
    page.get_by_role("button", name="New").click()
    page.locator("#welcome").wait_for()
    page.evaluate(  # as they would come if they were made slowly
        """asked => { document.querySelector('#follow-ups .prose, #follow-ups div, #follow-ups').innerHTML =
                        `<nav data-asked="${asked}"><ul><li><button class="follow-up">Late?</button></li></ul></nav>`; }""",
        CAFE,
    )
    assert not page.get_by_text("Late?").is_visible()
