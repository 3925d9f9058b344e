"""The conversation in a real Chromium over the sample articles: citations that survive, states, follow-ups, keys, history.

One page is served for all of them; every test has a browser of its own, so that nobody finds another's conversations.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from chromium import DESK, LOOKS, PHONE, Look, barriers, needs_chromium, settle
from test_page import ask, in_view, served_app

from assistant import Assistant
from assistant.evaluation import load_cases
from assistant.resources import data_dir

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = needs_chromium

HOUSEHOLDS = "How many households in Alderbrook got contaminated water?"
PLANT = "How much will the water filter plant in Alderbrook cost?"  # of an article that was corrected
NOWHERE = "What is the capital of Mongolia?"
HARBOUR_NEWS = "افتتح ميناء الصيد الجديد في مدينة القنيطرة يوم الاثنين بحضور ثلاثين صيادا.\n\nكلف الميناء مليوني درهم."
ASKED_IN_ARABIC = "متى افتتح ميناء الصيد الجديد في مدينة القنيطرة؟"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("conversations")
    (arabic := home / "harbour.txt").write_text(HARBOUR_NEWS, "utf-8")
    with Assistant(home, embedder="static") as assistant:
        assistant.ingest(data_dir("corpus"), arabic)
    return home


@pytest.fixture(scope="module")
def app(home: Path) -> Iterator[str]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ASSISTANT_EMBEDDER", "static")
        with served_app(home) as url:
            yield url


def quote_of(page: Page, source: str) -> str:
    """The marked words of a source, put together where the mark was split."""
    return "".join(page.locator(f'#reader [data-src="{source}"]').all_text_contents())


def kept(page: Page) -> list[dict[str, Any]]:
    """What the browser has kept: the list of conversations, newest first."""
    return json.loads(page.evaluate("localStorage.getItem('assistant.conversations') ?? '[]'"))


def questions(page: Page) -> list[str]:
    return page.locator("#turns .asked").all_inner_texts()


def reload(page: Page) -> None:
    settle(page)
    page.reload()
    page.locator("#turns .turn").first.wait_for()


# ── the reader beside the conversation ────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(("size", "scheme"), LOOKS)
def test_from_a_number_to_the_words_to_the_next_and_back_to_the_sentence(
    app: str, look: Look, size: tuple[int, int], scheme: str
) -> None:
    page = look(app, size, scheme)
    assert barriers(page) == []
    ask(page, PLANT)
    page.locator("#turns a.cite").first.click()
    page.wait_for_function("document.activeElement.id === 'src-1-1'")
    assert in_view(page, "#src-1-1")
    assert page.locator(".reader-bar [data-at]").inner_text() == "1 of 3"
    assert barriers(page) == []
    page.get_by_role("button", name="Next citation").click()
    page.wait_for_function("document.activeElement.id === 'src-1-2'")
    assert in_view(page, "#src-1-2")
    page.locator("#src-1-2").click()
    lit = page.locator("#turns .stated.lit")
    assert lit.all_inner_texts() == [quote_of(page, "src-1-2")]
    assert lit.is_visible()
    assert barriers(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_hovering_over_a_number_shows_title_publisher_date_and_words_without_a_request(app: str, look: Look) -> None:
    page = look(app)
    ask(page, HOUSEHOLDS)
    page.locator(".follow-up").first.wait_for()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.locator("#turns a.cite").first.hover()
    tip = page.locator("#tip")
    tip.wait_for()
    told = tip.inner_text()
    title = page.locator(".sources .title").first.inner_text()
    assert [part in told for part in (title, "2025", quote_of(page, "src-1-1"), "word for word")] == [True] * 4
    page.keyboard.press("Escape")
    assert tip.count() == 0
    assert asked == []


def test_words_are_drawn_by_what_they_do_for_the_answer_in_colour_line_and_word(app: str, look: Look) -> None:
    page = look(app)
    ask(page, PLANT)

    def drawn(source: str) -> list[str]:
        script = """e => [getComputedStyle(e).textDecorationStyle, getComputedStyle(e).backgroundColor,
                          getComputedStyle(e, '::before').content]"""
        return list(page.locator(f"#{source}").evaluate(script))

    corrected, plain = drawn("src-1-1"), drawn("src-1-2")
    assert "supports in part" in corrected[2]
    assert "supports" not in plain[2]
    assert all(a != b for a, b in zip(corrected, plain, strict=True))


def test_a_state_is_explained_to_mouse_finger_and_keyboard_and_in_a_legend(app: str, look: Look) -> None:
    page = look(app)
    ask(page, PLANT)
    label = page.locator("#turns button.state-word").first
    assert label.inner_text() == "doubtful source"
    label.click()
    assert "corrected, retracted or is satire" in page.locator("#tip").inner_text()
    page.get_by_text("What the marks mean").click()
    assert page.locator(".legend li").first.inner_text().startswith("verified")


def test_arabic_runs_from_right_to_left_in_answer_and_reader(app: str, look: Look) -> None:
    page = look(app)
    ask(page, ASKED_IN_ARABIC)
    page.locator("#turns a.cite").first.click()
    runs = "e => getComputedStyle(e.closest('[dir]')).direction"
    assert page.locator("#turns .stated").first.evaluate(runs) == "rtl"
    assert page.locator("#src-1-1").evaluate(runs) == "rtl"
    assert quote_of(page, "src-1-1") in HARBOUR_NEWS


# ── what survives ─────────────────────────────────────────────────────────────────────────────────────────────────────
def test_a_reload_brings_back_every_turn_with_its_citations(app: str, look: Look) -> None:
    page = look(app)
    ask(page, HOUSEHOLDS)
    ask(page, NOWHERE)
    before = page.locator("#turns [role=log]").inner_html(), page.locator("#reader").inner_text()
    reload(page)
    assert (page.locator("#turns [role=log]").inner_html(), page.locator("#reader").inner_text()) == before
    page.locator('#turns a.cite[href="#src-1-2"]').click()
    assert in_view(page, "#src-1-2")
    ask(page, PLANT)
    assert page.locator("#turns .turn").nth(2).get_attribute("id") == "turn-3"
    assert len(kept(page)) == 1


def test_asking_again_takes_the_answers_place_and_its_links_lead_to_its_own_words(app: str, look: Look) -> None:
    page = look(app)
    ask(page, HOUSEHOLDS)
    page.get_by_role("button", name="Ask again").click()
    page.locator("#turn-2").wait_for()
    assert questions(page) == [HOUSEHOLDS]
    page.locator("#turns a.cite").first.click()
    assert in_view(page, "#src-2-1")
    assert page.locator("#src-1-1").count() == 0
    assert len(kept(page)) == 1


def test_an_edited_question_takes_its_place_and_the_former_conversation_stays_in_the_history(
    app: str, look: Look
) -> None:
    page = look(app)
    ask(page, NOWHERE)
    ask(page, HOUSEHOLDS)
    page.get_by_role("button", name="Edit").first.click()
    page.get_by_label("Your question, in other words").fill(PLANT)
    page.keyboard.press("Enter")
    page.locator("#turn-3").wait_for()
    assert questions(page) == [PLANT]
    assert [one["title"] for one in kept(page)] == [PLANT, NOWHERE]
    page.get_by_role("button", name="History").click()
    page.get_by_role("dialog").get_by_text(NOWHERE).click()
    page.locator("#turn-1").wait_for()
    assert questions(page) == [NOWHERE, HOUSEHOLDS]
    reload(page)
    assert questions(page) == [NOWHERE, HOUSEHOLDS]


def test_an_edit_can_be_given_up(app: str, look: Look) -> None:
    page = look(app)
    ask(page, NOWHERE)
    page.get_by_role("button", name="Edit").click()
    page.keyboard.press("Escape")
    assert questions(page) == [NOWHERE]
    assert page.locator(".editing").count() == 0


def test_a_kept_quotation_that_was_altered_is_no_source_any_more(app: str, look: Look) -> None:
    page = look(app)
    ask(page, HOUSEHOLDS)
    page.evaluate(
        """() => { const key = Object.keys(localStorage).find(name => name.startsWith('assistant.conversation.'));
                   localStorage.setItem(key, localStorage.getItem(key).replaceAll('6,800', '9,900')); }"""
    )
    reload(page)
    assert "9,900" in page.locator("#turns .rejected").inner_text()
    assert "9,900" not in page.locator("#reader").inner_text()
    assert "not in the sources" in page.locator("#turns .answer").inner_text()
    assert "not found in the articles" in page.locator("#reader .not-found").inner_text()


def test_what_is_no_conversation_is_refused_with_a_sentence(app: str, look: Look) -> None:
    page = look(app)
    ask(page, NOWHERE)
    page.evaluate(
        """() => { const key = Object.keys(localStorage).find(name => name.startsWith('assistant.conversation.'));
                   const kept = JSON.parse(localStorage.getItem(key));
                   localStorage.setItem(key, JSON.stringify({...kept, turns: [{format: 99}]})); }"""
    )
    settle(page)
    page.reload()
    page.locator("#live .error").wait_for()
    assert "later version" in page.locator("#live .error").inner_text()


def test_conversations_are_listed_opened_and_deleted_with_a_way_back(app: str, look: Look) -> None:
    page = look(app)
    ask(page, HOUSEHOLDS)
    page.get_by_role("button", name="New").click()
    page.locator("#welcome").wait_for()
    ask(page, NOWHERE)
    assert [one["title"] for one in kept(page)] == [NOWHERE, HOUSEHOLDS]
    page.get_by_role("button", name="History").click()
    dialog = page.get_by_role("dialog", name="Conversations")
    assert dialog.locator(".title").all_inner_texts() == [NOWHERE, HOUSEHOLDS]
    assert barriers(page) == []
    dialog.get_by_role("button", name=f"Delete: {NOWHERE}").click()
    dialog.get_by_role("button", name="Undo").click()
    dialog.get_by_role("button", name=f"Delete: {HOUSEHOLDS}").click()
    page.keyboard.press("Escape")
    page.locator("#history").wait_for(state="detached")  # removed once its closing is heard of
    assert [one["title"] for one in kept(page)] == [NOWHERE]
    reload(page)
    assert questions(page) == [NOWHERE]


def test_two_windows_on_one_conversation_lose_nothing(app: str, look: Look) -> None:
    page = look(app)
    ask(page, HOUSEHOLDS)
    with page.context.expect_page() as opened:
        page.evaluate("window.open(location.href)")
    other = opened.value
    other.wait_for_selector("#question textarea")
    other.get_by_role("button", name="History").click()
    other.get_by_role("dialog").locator(".open").click()
    other.locator("#turns .turn").wait_for()
    ask(other, PLANT)
    ask(page, NOWHERE)
    asked = page.evaluate(
        """() => JSON.parse(localStorage.getItem('assistant.conversations')).map(({id}) =>
                 JSON.parse(localStorage.getItem(`assistant.conversation.${id}`)).turns.map(turn => turn.question))"""
    )
    assert asked == [[HOUSEHOLDS, NOWHERE], [HOUSEHOLDS, PLANT]]


# ── going on ──────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_a_suggested_question_is_one_that_the_articles_answer(app: str, look: Look) -> None:
    page = look(app)
    ask(page, HOUSEHOLDS)
    suggested = page.locator(".follow-up").first
    suggested.wait_for()
    question = suggested.inner_text()
    suggested.click()
    page.locator("#turns .turn").nth(1).wait_for()
    assert questions(page)[1] == question
    assert page.locator("#turn-2 a.cite").count() > 0


def test_the_keys_lead_to_the_question_between_citations_and_back(app: str, look: Look) -> None:
    page = look(app)
    ask(page, HOUSEHOLDS)
    page.locator("#reader .text:visible").click(position={"x": 5, "y": 300})
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.id") == "src-1-1"
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.id") == "src-1-2"
    page.keyboard.press("ArrowLeft")
    assert page.evaluate("document.activeElement.id") == "src-1-1"
    page.keyboard.press("Enter")
    assert page.locator("#turns .stated.lit").count() == 1
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.hash") == "#src-1-1"
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.tagName") == "TEXTAREA"
    page.keyboard.type("a/b")
    assert page.input_value("#question textarea") == "a/b"
    page.keyboard.press("Escape")
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.id") == "src-1-2"


def test_filters_that_are_folded_away_are_still_told_and_so_are_those_of_an_answer(app: str, look: Look) -> None:
    page = look(app)
    page.get_by_text("Filters and as-of date").click()
    page.get_by_label("As of").first.fill("2025-09-12")
    page.get_by_label("As of").first.press("Tab")
    page.locator("#filters button", has_text="Filters and as-of date: as of 2025-09-12").wait_for()
    ask(page, HOUSEHOLDS)
    assert page.locator("#turns .asked-with").inner_text() == "As of 12 September 2025"
    assert "134 days" not in page.locator("#reader").inner_text()


def test_an_answer_is_checked_against_all_articles_as_of_its_day(app: str, look: Look) -> None:
    page = look(app)
    page.get_by_text("Filters and as-of date").click()
    page.get_by_label("As of").first.fill("2025-09-12")
    ask(page, HOUSEHOLDS)
    said = "".join(page.locator("#turns .stated").first.all_inner_texts())
    page.get_by_role("button", name="Check the answer").click()
    page.locator("#verdict .verdict").wait_for()
    assert page.get_by_role("tab", name="Check").get_attribute("aria-selected") == "true"
    assert said in page.input_value("#claim textarea")
    assert page.input_value("#check-as-of input, #check-as-of textarea") == "2025-09-12"
    assert page.locator("#checked .card[id^=claim-]").count() > 0


def test_where_nothing_was_said_there_is_nothing_to_check(app: str, look: Look) -> None:
    page = look(app)
    ask(page, NOWHERE)
    assert page.get_by_role("button", name="Ask again").count() == 1
    assert page.get_by_role("button", name="Check the answer").count() == 0


# ── taking it along ───────────────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("name", ["Markdown", "HTML", "JSON"])
def test_a_conversation_is_saved_with_its_sources(app: str, look: Look, name: str) -> None:
    page = look(app)
    ask(page, PLANT)
    with page.expect_download() as saving:
        page.locator(".talk-bar").get_by_role("button", name=name).click()
    text = Path(saving.value.path()).read_text("utf-8")
    assert saving.value.suggested_filename.startswith("conversation-")
    assert PLANT in text
    assert "Lake County Observer" in text
    assert "clean water fund will pay" in quote_of(page, "src-1-2")
    assert "clean water fund will pay" in text


def test_judgements_in_quick_succession_are_all_kept_and_each_shows_at_its_own_citation(
    app: str, look: Look, home: Path
) -> None:
    page = look(app)
    ask(page, HOUSEHOLDS)
    page.locator("#turns a.cite").first.click()
    judge = page.locator(".judge").get_by_role("button")
    judge.filter(has_text="Good").click()
    page.get_by_role("button", name="Next citation").click()
    judge.filter(has_text="Wrong span").click()
    page.locator(".judge [aria-pressed]", has_text="Wrong span").wait_for()
    settle(page)
    assert [case.tags[1] for case in load_cases(home / "feedback.jsonl").cases[-2:]] == ["good", "wrong_span"]
    page.get_by_role("button", name="Previous citation").click()
    assert page.locator(".judge [aria-pressed]").all_inner_texts() == ["Good"]
    page.reload()
    page.locator("#turns a.cite").first.click()
    assert page.locator(".judge [aria-pressed]").count() == 0


@pytest.mark.parametrize(("size", "judgement"), [(DESK, "Good"), (PHONE, "Wrong span"), (DESK, "Not supported")])
def test_a_judgement_of_a_citation_becomes_a_case_that_evaluation_reads(
    app: str, look: Look, home: Path, size: tuple[int, int], judgement: str
) -> None:
    page = look(app, size)
    ask(page, HOUSEHOLDS)
    page.locator("#turns a.cite").first.click()
    page.locator(".judge").get_by_role("button", name=judgement, exact=True).click()
    page.locator("#said", has_text="Noted as case").wait_for()
    last = load_cases(home / "feedback.jsonl").cases[-1]
    assert last.tags == ("feedback", judgement.lower().replace(" ", "_"))
    told = [one.quote for one in (*last.gold_spans, *last.wrong_spans)] or list(last.evidence)
    assert told == [quote_of(page, "src-1-1")]
