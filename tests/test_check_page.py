"""The tab of checking in a real Chromium: a claim to its card, a quotation to its words, a watched claim to what changed it.

The checks are made by hand, so that what is shown is known. This file, run as a script, serves the page over them.
"""

from __future__ import annotations

import csv
import html
import json
import logging
import re
import sys
import time
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from chromium import LOOKS, Look, barriers, needs_chromium, settle
from test_page import HARBOUR, HOSTILE, FakeAssistant, facts_of, free_port, in_view, make_article, served, served_app

from assistant.errors import AssistantError, BadQuestion, EmptyLibrary, WrongUse
from assistant.types import (
    Article,
    CheckedClaim,
    Claim,
    ClaimKind,
    Conflict,
    Difference,
    Evidence,
    FactCheck,
    Filters,
    Kind,
    Label,
    QuoteCheck,
    QuotePlace,
    QuoteStatus,
    Span,
    Stance,
    Verdict,
    Zone,
)
from assistant.ui import check_markup, check_reader_markup, check_run, check_tab, quote_markup
from assistant.watch import Change, Watched

if TYPE_CHECKING:
    from playwright.sync_api import Page

WELLS = make_article(
    "Wells closed\n\nThe city told 4,200 households on Monday. It had warned them, but only in writing.",
    title="Wells closed",
    publisher="Lake Observer",
    url="https://lake.example/wells",
    published=date(2026, 2, 2),
)
COUNTY = make_article(
    "The county counts 6,800 households.",
    title="County count",
    publisher="Northfield Ledger",
    published=date(2026, 2, 4),
)
DRAFT = "The city told 6,800 households. <img src=x onerror=ran=21> ${window.ran=22} is <b>here</b>. Shame on them!"


# ── checks made by hand ───────────────────────────────────────────────────────────────────────────────────────────────
def span_of(article: Article, words: str) -> Span:
    start = article.text.index(words)
    return Span(article.id, start, start + len(words))


def evidence(article: Article, words: str, stance: Stance, **others: Any) -> Evidence:
    return Evidence(span_of(article, words), words, Zone.BODY, 0.9, stance=stance, article=facts_of(article), **others)


def judged(text: str, words: str, label: Label, *found: Evidence, **others: Any) -> CheckedClaim:
    start = text.index(words)
    verdict = Verdict(label, 0.9, f"Why <i>{label}</i>.", independent_sources=1)
    return CheckedClaim(Claim(words, start, start + len(words), resolved=words), verdict, found, **others)


def draft_check(text: str) -> FactCheck:
    """A refuted claim with a difference, a hostile one that hostile words support, an opinion, a conflict."""
    at, number = text.index("6,800"), span_of(WELLS, "4,200")
    differs = Difference(Kind.NUMBER, "6,800", "4,200", at, at + 5, number.start, number.end, WELLS.id)
    beside = span_of(WELLS, "It had warned them, but only in writing.")
    against = evidence(
        WELLS,
        "The city told 4,200 households on Monday.",
        Stance.REFUTES,
        beside=beside,
        notes=("Monday is 2026-02-02.",),
        source=1,
    )
    for_it = evidence(COUNTY, COUNTY.text, Stance.SUPPORTS, attribution="the county", source=2)
    hostile = evidence(HOSTILE, HOSTILE.text, Stance.SUPPORTS, source=1)
    claims = (
        judged(text, "The city told 6,800 households.", Label.REFUTED, against, for_it, differences=(differs,)),
        judged(text, "<img src=x onerror=ran=21> ${window.ran=22} is <b>here</b>.", Label.SUPPORTED, hostile),
        CheckedClaim(Claim("Shame on them!", text.index("Shame"), len(text), ClaimKind.OPINION), None),
    )
    conflict = Conflict(0, against, for_it, note="Two counts.")
    verdict = Verdict(Label.REFUTED, 0.9, "Of 2 claims: 1 refuted.")
    return FactCheck(text, claims, verdict, (conflict,), ("A count by the state is missing.",))


def plain_check(text: str) -> FactCheck:
    """Supported as soon as the county's article is there: the watched claim's change."""
    return FactCheck(text, (judged(text, text, Label.NOT_ENOUGH),), Verdict(Label.NOT_ENOUGH, 0.6, "Nothing fits."))


def altered_quote(words: str, by: str | None) -> QuoteCheck:
    place = span_of(WELLS, "It had warned them")
    there = span_of(WELLS, "warned")
    at = words.index("told")
    differs = Difference(Kind.WORDS, "told", "warned", at, at + 4, there.start, there.end, WELLS.id)
    rest = span_of(WELLS, ", but only in writing.")
    where = QuotePlace(place, "It had warned them", facts_of(WELLS), Zone.BODY, "the city", rest)
    return QuoteCheck(words, by, QuoteStatus.ALTERED, f"Close to words of <b>{by}</b>.", (where,), (differs,))


@dataclass
class FakeChecker(FakeAssistant):
    """Checks with `draft_check` and `plain_check`; "slowly" takes 2.5 s, "for ever" that, "boom" is a bug."""

    saved: dict[str, Watched] = field(default_factory=dict)

    def check(
        self, text: str, *, filters: Filters | None = None, progress: Callable[[int, int], None] = lambda *_: None
    ) -> FactCheck:
        if not text.strip():
            raise BadQuestion("The text is empty.", "Give a claim in a sentence, or a draft.")
        if len(text) > 60_000:
            raise BadQuestion(f"The text has {len(text):,} characters; 60,000 is the most.", "Check it in parts.")
        if "nothing here" in text:
            raise EmptyLibrary("No articles in /srv/secret/var.")
        if "boom" in text:
            raise RuntimeError("secret detail")
        claims = 100_000 if "for ever" in text else 25 if "slowly" in text else 0
        for done in range(claims):
            time.sleep(0.1)
            progress(done + 1, claims)
        if text == DRAFT:
            return draft_check(text)
        checked = plain_check(text)
        return FactCheck(text, checked.claims, checked.verdict, note=str(filters))

    def articles_of(self, check: FactCheck) -> dict[str, Article]:
        return {one.id: one for one in (WELLS, COUNTY, HOSTILE)}

    def quote(self, words: str, *, by: str | None = None, article: str | None = None) -> QuoteCheck:
        if not words.strip():
            raise WrongUse("The quotation has no words.", "Give the words that somebody is said to have said.")
        time.sleep(1 if "slowly" in words else 0)
        return altered_quote(words, by)

    def article(self, article_id: str) -> Article:
        return WELLS if article_id == WELLS.id else super().article(article_id)

    def watch(self, text: str) -> tuple[Watched, FactCheck]:
        found = Watched("abcd1234", text, Label.NOT_ENOUGH, "Nothing fits.", datetime(2026, 2, 2, tzinfo=UTC))
        self.saved[found.id] = found
        return found, plain_check(text)

    def watched(self) -> tuple[Watched, ...]:
        return tuple(self.saved.values())

    def unwatch(self, name: str) -> Watched:
        return self.saved.pop(name)

    def review_watched(self) -> list[Change]:
        found = evidence(COUNTY, COUNTY.text, Stance.SUPPORTS)
        changes = []
        for before in self.saved.values():
            after = Watched(before.id, before.text, Label.SUPPORTED, "One source.", before.checked, (found.span,))
            changes.append(Change(before, after, (found,)))
        return changes


def serve_fake(port: int) -> None:
    from assistant.ui.page import serve

    assistant: Any = FakeChecker({article.id: article for article in (HARBOUR, HOSTILE)})
    assistant.embedded = 2
    serve(assistant, host="127.0.0.1", port=port)


# ── serving and looking ───────────────────────────────────────────────────────────────────────────────────────────────
@pytest.fixture(scope="module")
def wells(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The page over the fake checker."""
    port = free_port()
    with served([str(Path(__file__)), str(port)], port, tmp_path_factory.mktemp("wells")) as url:
        yield url


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """`python app.py` with a fresh home: the sample corpus and the checks that ship."""
    with served_app(tmp_path_factory.mktemp("sample")) as url:
        yield url


@pytest.fixture
def ready() -> Callable[[Page], None]:
    def open_the_tab(page: Page) -> None:
        page.set_default_timeout(20_000)
        page.get_by_role("tab", name="Check").click()
        page.get_by_label("A claim or a draft").wait_for()

    return open_the_tab


def check(page: Page, text: str) -> None:
    page.get_by_label("A claim or a draft").fill(text)
    page.get_by_role("button", name="Check", exact=True).click()
    page.locator("#verdict .verdict").wait_for()
    page.locator("#checked .card").first.wait_for()
    settle(page)


def text_of(page: Page, selector: str) -> str:
    return str(page.locator(selector).first.evaluate("element => element.textContent"))


# ── a checked text ────────────────────────────────────────────────────────────────────────────────────────────────────
@needs_chromium
@pytest.mark.parametrize(("size", "scheme"), LOOKS)
def test_from_a_claim_to_its_card_to_the_article_and_back_without_a_request_or_a_barrier(
    wells: str, look: Look, size: tuple[int, int], scheme: str
) -> None:
    page = look(wells, size, scheme)
    page.get_by_label("Quotation").fill("It had told them")
    page.get_by_role("button", name="Look it up").click()
    page.locator("#found .quote-result").wait_for()
    check(page, DRAFT)
    page.get_by_role("button", name="Watch this claim").click()
    page.locator("#watched li").first.wait_for()
    page.get_by_text("What the marks mean").click()
    assert barriers(page) == []
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.locator("mark#said-1 a").click()
    assert page.evaluate("document.activeElement.id") == "claim-1"
    assert in_view(page, "#claim-1 h3")
    source = page.locator("#claim-1 .evidence.refutes").get_by_role("link", name="Read it in the article")
    source.click()
    mark = page.locator("#check-reader mark.place:visible")
    assert mark.evaluate("mark => mark.textContent") == "The city told 4,200 households on Monday."
    assert mark.get_attribute("data-word") == "refutes claim 1"
    assert in_view(page, "#check-reader article:not([hidden]) mark.place")
    assert page.evaluate("document.documentElement.scrollWidth") == size[0]
    assert barriers(page) == []
    page.get_by_role("button", name="Back to the verdict").click()
    mark.wait_for(state="hidden")
    assert source.evaluate("link => link === document.activeElement")
    page.locator("#claim-1 h3 a").click()
    assert page.evaluate("document.activeElement.id") == "said-1"
    assert in_view(page, "#said-1 a")
    assert asked == []


@needs_chromium
def test_every_mark_and_every_sentence_of_evidence_are_the_exact_words(wells: str, look: Look) -> None:
    page = look(wells)
    check(page, DRAFT)
    for n, claim in enumerate(
        ("The city told 6,800 households.", "<img src=x onerror=ran=21> ${window.ran=22} is <b>here</b>."), start=1
    ):
        assert text_of(page, f"mark#said-{n}") == claim
        assert text_of(page, f"#claim-{n} > blockquote") == claim
    places = "links => links.map(link => [...document.querySelectorAll(`[data-src='${link.hash.slice(1)}']`)]"
    places += ".map(piece => piece.textContent).join(''))"
    in_articles = page.locator("#claims .from a").evaluate_all(places)
    assert in_articles == page.locator("#claims mark.quote").all_text_contents()
    assert HOSTILE.text in in_articles


@needs_chromium
def test_a_mark_says_its_verdict_in_colour_underline_and_word(wells: str, look: Look) -> None:
    page = look(wells)
    check(page, DRAFT)
    script = "mark => [getComputedStyle(mark).backgroundColor, getComputedStyle(mark).textDecorationStyle]"
    looks = [page.locator(f"#said-{n}").evaluate(script) for n in (1, 2, 3)]
    assert [style for _, style in looks] == ["wavy", "solid", "dotted"]
    assert len({colour for colour, _ in looks}) == 3
    assert page.locator("#checked sup").all_inner_texts() == ["1 Refuted", "2 Supported", "3 Not checked: opinion"]


@needs_chromium
def test_the_verdict_on_the_text_comes_with_its_counts(wells: str, look: Look) -> None:
    page = look(wells)
    check(page, DRAFT)
    assert page.get_by_role("heading", name="Verdict on the text: Refuted").is_visible()
    counts = page.locator("#verdict .verdict-counts li").all_inner_texts()
    assert counts == ["3 claims:", "1 supported", "1 refuted", "1 not checked"]


@needs_chromium
def test_each_claim_is_listed_with_its_verdict_and_how_many_sentences_are_for_and_against(
    wells: str, look: Look
) -> None:
    page = look(wells)
    check(page, DRAFT)
    listed = page.get_by_role("list", name="Claims at a glance").get_by_role("link")
    assert [" ".join(text.split()) for text in listed.all_inner_texts()] == [
        "1 The city told 6,800 households. Refuted 1 supports, 1 refutes; 2 independent sources",
        "2 <img src=x onerror=ran=21> ${window.ran=22} is <b>here</b>. Supported 1 supports; 1 independent source",
        "3 Shame on them! Not checked",
    ]
    assert "1 supports, 1 refutes; 2 independent sources" in page.locator("#claim-1 h3").inner_text()
    listed.nth(1).click()
    assert page.evaluate("document.activeElement.id") == "claim-2"


@pytest.mark.parametrize(
    ("found", "told"),
    [
        pytest.param([], "", id="nothing found"),
        pytest.param([(Stance.NEUTRAL, 0, True)], "1 takes no side", id="nobody speaks of it"),
        pytest.param(
            [(Stance.SUPPORTS, 1, True), (Stance.SUPPORTS, 1, True)],
            "2 support; 1 independent source",
            id="a copy is no second source",
        ),
        pytest.param(
            [(Stance.REFUTES, 1, True), (Stance.SUPPORTS, 2, False)],
            "1 refutes, 1 not counted; 1 independent source",
            id="a comment is not counted",
        ),
    ],
)
def test_a_tally_counts_what_decides_and_who_is_behind_it(found: list[tuple[Stance, int, bool]], told: str) -> None:
    sentences = [evidence(WELLS, WELLS.text, stance, source=n, decides=counts) for stance, n, counts in found]
    assert check_markup.tally(judged("Wells closed.", "Wells closed.", Label.REFUTED, *sentences)) == told


@needs_chromium
def test_a_card_shows_the_exact_words_what_limits_them_and_what_differs(wells: str, look: Look) -> None:
    page = look(wells)
    check(page, DRAFT)
    card = page.locator("#claim-1")
    against = card.locator(".evidence.refutes")
    assert against.locator("mark.quote").inner_text() == "The city told 4,200 households on Monday."
    assert against.locator(".beside").inner_text() == "It had warned them, but only in writing."
    assert against.locator("mark.quote .differs").inner_text() == "4,200"
    assert card.locator("> blockquote .differs").inner_text() == "6,800"
    assert "Monday is 2026-02-02." in against.inner_text()
    assert "the county" in card.locator(".evidence.supports").inner_text()
    assert page.locator("#conflicts .sides figure").count() == 2
    assert "A count by the state is missing." in page.locator("#missing").inner_text()
    link = against.locator("a", has_text="Wells closed")
    assert (link.get_attribute("href"), link.get_attribute("target")) == ("https://lake.example/wells", "_blank")


@needs_chromium
def test_markup_in_a_claim_or_an_article_stays_text(wells: str, look: Look) -> None:
    page = look(wells)
    check(page, DRAFT)
    page.wait_for_timeout(500)
    assert page.evaluate("window.ran") is None
    assert page.locator("#check-result :is(img, script, svg[onload])").count() == 0
    assert text_of(page, "#claim-2 mark.quote") == HOSTILE.text


@needs_chromium
def test_no_id_is_given_twice(wells: str, look: Look) -> None:
    page = look(wells)
    check(page, DRAFT)
    ids = page.evaluate("[...document.querySelectorAll('[id]')].map(one => one.id).filter(Boolean)")
    assert sorted(ids) == sorted(set(ids))


@needs_chromium
def test_a_running_check_says_so_and_the_former_verdict_is_gone(wells: str, look: Look) -> None:
    page = look(wells)
    check(page, DRAFT)
    page.get_by_label("A claim or a draft").fill("Water flows slowly.")
    page.get_by_role("button", name="Check", exact=True).click()
    page.locator("#verdict .progress", has_text="Looking for evidence").wait_for()
    page.locator("#verdict .progress", has_text="1 s").wait_for()
    assert page.locator("#checked .card").count() == 0
    assert page.get_by_role("button", name="JSON").count() == 0
    page.locator("#claim-1", has_text="Water flows slowly.").wait_for()


@needs_chromium
def test_one_text_is_checked_at_a_time_whichever_way_it_comes(wells: str, look: Look) -> None:
    page = look(wells)
    page.get_by_role("tab", name="Ask").click()
    another = "assistant.send('check-channel', {do: 'check', text: 'Another text.', as_of: '2026-02-02'})"
    page.evaluate(another)
    page.locator("#claim-1", has_text="Another text.").wait_for()
    assert page.input_value("#claim textarea") == "Another text."
    assert "2026-02-02" in page.locator("#check-result").inner_text() + page.input_value(
        "#check-as-of :is(input, textarea)"
    )
    page.get_by_label("A claim or a draft").fill("Water flows slowly.")
    page.get_by_role("button", name="Check", exact=True).click()
    page.locator("#verdict .progress").wait_for()
    page.evaluate(another)
    page.locator("#claim-1", has_text="Water flows slowly.").wait_for()
    settle(page)
    assert page.input_value("#claim textarea") == "Water flows slowly."
    assert "Another" not in page.locator("#checked").inner_text()


@needs_chromium
def test_the_quotation_that_was_looked_up_last_is_the_one_that_is_found(wells: str, look: Look) -> None:
    page = look(wells)
    for words in ("It had slowly told them", "Nobody told them"):
        page.get_by_label("Quotation").fill(words)
        page.get_by_role("button", name="Look it up").click()
    page.locator("#found .quote-result", has_text="Nobody").wait_for()
    settle(page)
    assert "slowly" not in page.locator("#found").inner_text()


@needs_chromium
def test_a_check_that_is_stopped_says_so_and_makes_room_for_the_next(wells: str, look: Look) -> None:
    page = look(wells)
    stop = page.get_by_role("button", name="Stop")
    assert not stop.is_visible()
    page.get_by_label("A claim or a draft").fill("Water flows for ever.")
    page.get_by_role("button", name="Check", exact=True).click()
    page.locator("#verdict .progress", has_text="of 100000 claims").wait_for()
    stop.click()
    page.locator("#verdict .stopped").wait_for()
    assert not stop.is_visible()
    assert page.input_value("#claim textarea") == "Water flows for ever."
    check(page, DRAFT)
    assert page.get_by_role("heading", name="Verdict on the text: Refuted").is_visible()


def test_a_check_that_nobody_waits_for_ends_after_the_claim_in_hand() -> None:
    assistant: Any = FakeChecker({})
    reached: list[int] = []

    def endless(text: str, *, filters: Filters, progress: Callable[[int, int], None]) -> FactCheck:
        while True:
            reached.append(len(reached))
            progress(len(reached), 400)
            time.sleep(0.01)

    assistant.check = endless
    running = check_run.check(assistant, "Water flows.", ("", "", "", ""))
    assert isinstance(running, Generator)
    next(running)
    next(running)
    running.close()
    until, at = time.monotonic() + 10, 0
    while len(reached) != at and time.monotonic() < until:
        at = len(reached)
        time.sleep(0.2)
    assert 0 < len(reached) == at


@needs_chromium
def test_text_verdict_and_place_are_still_there_after_a_look_at_another_tab(wells: str, look: Look) -> None:
    page = look(wells)
    check(page, DRAFT)
    page.locator("mark#said-2 a").click()
    place = page.evaluate("document.getElementById('check-result').scrollTop")
    page.get_by_role("tab", name="Library").click()
    page.locator("#claim").wait_for(state="hidden")
    page.get_by_role("tab", name="Check").click()
    page.locator("#claim-2").wait_for()
    assert page.input_value("#claim textarea") == DRAFT
    assert page.evaluate("document.getElementById('check-result').scrollTop") == place > 0


@needs_chromium
def test_arrows_go_from_claim_to_claim_and_escape_leaves_the_article(wells: str, look: Look) -> None:
    page = look(wells)
    check(page, DRAFT)
    page.locator("#claim textarea").focus()
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.tagName") == "TEXTAREA"
    page.locator("#verdict-title").focus()
    reached = []
    for key in ("ArrowRight", "ArrowRight", "ArrowRight", "ArrowRight", "ArrowLeft"):
        page.keyboard.press(key)
        reached.append(page.evaluate("document.activeElement.id"))
    assert reached == ["claim-1", "claim-2", "claim-3", "claim-1", "claim-3"]
    page.locator("#claim-1 .from a").first.focus()
    page.keyboard.press("Enter")
    page.locator("#check-reader mark.place:focus").wait_for()
    page.keyboard.press("Escape")
    page.locator("#check-form").wait_for()
    assert page.locator("#claim-1 .from a").first.evaluate("link => link === document.activeElement")


@needs_chromium
def test_a_click_on_the_marked_words_leads_to_what_they_are_evidence_for(wells: str, look: Look) -> None:
    page = look(wells)
    check(page, DRAFT)
    page.locator("#conflicts .from a").last.click()
    page.locator("#check-reader mark.place:visible").click()
    assert page.evaluate("document.activeElement.closest('.card').id") == "claim-1"
    assert in_view(page, "#claim-1 .evidence.supports .from a")


@needs_chromium
def test_the_article_of_a_former_verdict_does_not_stay_open(wells: str, look: Look) -> None:
    page = look(wells)
    page.evaluate("window.stay = 1")
    check(page, DRAFT)
    page.locator("#claim-1 .from a").first.click()
    page.keyboard.press("Escape")
    page.locator("#claim-1 .from a").first.click()
    page.locator("#claim textarea").evaluate(
        "field => { field.value = 'Water is wet.'; field.dispatchEvent(new Event('input')); }"
    )
    page.locator("#check-button").evaluate("button => button.click()")
    page.locator("#check-form").wait_for()
    assert page.locator("#check-reader").is_hidden()


def test_a_sentence_that_two_claims_rest_on_has_one_place_that_names_both() -> None:
    text = "Wells closed. Wells open."
    claims = (
        judged(text, "Wells closed.", Label.SUPPORTED, evidence(WELLS, "Wells closed", Stance.SUPPORTS)),
        judged(text, "Wells open.", Label.REFUTED, evidence(WELLS, "Wells closed", Stance.REFUTES)),
    )
    found = FactCheck(text, claims, Verdict(Label.REFUTED, 0.9, "Why."))
    [(span, place)] = check_reader_markup.places_of(found, {WELLS.id: WELLS}).items()
    assert WELLS.quote(span) == "Wells closed"
    assert check_reader_markup.role_words(place) == "supports claim 1, refutes claim 2"


@pytest.mark.parametrize(
    "articles",
    [
        pytest.param({}, id="the article is not at hand"),
        pytest.param({WELLS.id: replace(WELLS, text="Other words.")}, id="its words are others"),
        pytest.param(
            {WELLS.id: replace(WELLS, text=WELLS.text + " " * check_reader_markup.MOST_CHARS)},
            id="it is too long to send",
        ),
    ],
)
def test_evidence_whose_article_does_not_come_with_the_verdict_has_no_link(articles: dict[str, Article]) -> None:
    text = "Wells closed."
    sentence = evidence(WELLS, "Wells closed", Stance.SUPPORTS)
    found = FactCheck(text, (judged(text, text, Label.SUPPORTED, sentence),), Verdict(Label.SUPPORTED, 0.9, "Why."))
    places = check_reader_markup.places_of(found, articles)
    assert places == {}
    assert "Read it in the article" not in check_markup.checked_html(found, articles, places)
    assert check_reader_markup.reader_html(places, articles) == ""


@needs_chromium
@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param("  ", "The text is empty.", id="empty"),
        pytest.param("x" * 100_000, "The text has 100,000 characters; 60,000 is the most.", id="100 kB"),
        pytest.param("nothing here", "The library is empty.", id="empty library"),
        pytest.param("boom", "Something went wrong inside the assistant", id="a bug"),
    ],
)
def test_what_went_wrong_is_said_where_the_verdict_would_be(wells: str, look: Look, text: str, said: str) -> None:
    page = look(wells)
    page.get_by_label("A claim or a draft").fill(text)
    page.get_by_role("button", name="Check", exact=True).click()
    page.locator("#verdict .error[role=alert]").wait_for()
    shown = page.locator("#check-result").inner_text()
    assert said in shown
    assert "secret" not in shown
    assert "Traceback" not in shown
    assert page.input_value("#claim textarea") == text


@needs_chromium
def test_dates_and_publisher_reach_the_check_and_a_bad_date_is_named(wells: str, look: Look) -> None:
    page = look(wells)
    tab = page.locator("#checker")
    tab.get_by_label("As of").fill("yesterday")
    page.get_by_label("A claim or a draft").fill("Water is wet.")
    page.get_by_role("button", name="Check", exact=True).click()
    page.locator("#verdict .error", has_text="“As of” is 'yesterday', which is no date.").wait_for()
    tab.get_by_label("As of").fill("2026-03-01")
    tab.get_by_text("Filters: publisher, dates").click()
    tab.get_by_label("From").fill("2026-01-01")
    tab.get_by_label("Publisher").click()
    page.get_by_role("option", name="Harbour Courier").click()
    check(page, "Water is wet.")
    expected = Filters(publisher="Harbour Courier", since=date(2026, 1, 1), as_of=date(2026, 3, 1))
    assert str(expected) in page.locator("#verdict .note").inner_text()


def test_a_text_that_holds_the_documents_own_tags_is_shown_whole() -> None:
    text = 'The <main>dam</main> broke </main> rel="noopener noreferrer" in March.'
    shown = re.sub(r"<[^>]*>", "", check_markup.checked_html(plain_check(text), {}, {}))
    assert html.unescape(shown).count(text) == 2  # in the text, and on the claim's card


# ── exports ───────────────────────────────────────────────────────────────────────────────────────────────────────────
def is_claim_review(text: str) -> bool:
    return "ClaimReview" in json.dumps(json.loads(text))


@needs_chromium
@pytest.mark.parametrize(
    ("label", "name", "is_valid"),
    [
        pytest.param("Markdown", "fact-check.md", lambda text: text.lstrip().startswith("#"), id="markdown"),
        pytest.param("HTML", "fact-check.html", lambda text: text.startswith("<!doctype html>"), id="html"),
        pytest.param(
            "CSV", "fact-check.csv", lambda text: len({len(r) for r in csv.reader(text.splitlines())}) == 1, id="csv"
        ),
        pytest.param("JSON", "fact-check.json", lambda text: isinstance(json.loads(text), dict), id="json"),
        pytest.param("ClaimReview", "fact-check.jsonld", is_claim_review, id="claimreview"),
    ],
)
def test_a_check_is_saved_as_a_file(
    wells: str, look: Look, tmp_path: Path, label: str, name: str, is_valid: Callable[[str], bool]
) -> None:
    page = look(wells)
    check(page, DRAFT)
    with page.expect_download() as download:
        page.get_by_role("button", name=label, exact=True).click()
    assert download.value.suggested_filename == name
    download.value.save_as(tmp_path / name)
    text = (tmp_path / name).read_text("utf-8-sig")
    assert is_valid(text)
    assert "6,800 households" in text
    assert str(Path.home()) not in text


def test_exports_are_named_alike_whatever_the_text_says(tmp_path: Path) -> None:
    files = check_run.write_exports(draft_check(DRAFT), {}, tmp_path)
    assert [file.name for file in files] == [
        "fact-check.md", "fact-check.html", "fact-check.csv", "fact-check.json", "fact-check.jsonld",
    ]  # fmt: skip


def test_no_export_is_left_behind() -> None:
    assistant: Any = FakeChecker({})
    views = list(check_run.check(assistant, DRAFT, ("", "", "", "")))
    assert views[-1]
    assert len(views[-1].files) == len(check_run.EXPORTS)
    assert not any(file.exists() for file in views[-1].files)


# ── a quotation ───────────────────────────────────────────────────────────────────────────────────────────────────────
@needs_chromium
def test_a_quotation_comes_back_with_its_words_beside_the_articles(wells: str, look: Look) -> None:
    page = look(wells)
    page.get_by_label("Quotation").fill("It had told them")
    page.get_by_label("Said by").fill("<img src=x onerror=ran=31>")
    page.get_by_role("button", name="Look it up").click()
    found = page.locator("#found .quote-result")
    found.wait_for()
    assert found.locator(".word").inner_text() == "Altered"
    assert found.locator("del").all_inner_texts() == ["told"]
    assert found.locator("ins").all_inner_texts() == ["warned"]
    assert found.locator("mark.quote").inner_text() == "It had warned them"
    assert found.locator(".beside").inner_text() == ", but only in writing."
    assert "<img src=x onerror=ran=31>" in found.inner_text()
    assert "Lake Observer, 2 February 2026" in found.locator(".places").inner_text()
    assert page.evaluate("window.ran") is None


@needs_chromium
def test_a_quotation_without_words_is_an_error(wells: str, look: Look) -> None:
    page = look(wells)
    page.get_by_role("button", name="Look it up").click()
    page.locator("#found .error", has_text="The quotation has no words.").wait_for()


@pytest.mark.parametrize("status", list(QuoteStatus))
def test_every_fate_of_a_quotation_has_words(status: QuoteStatus) -> None:
    shown = quote_markup.quote_html(QuoteCheck("these words", None, status, "Why."), {})
    assert re.search(r'<span class="word">[A-Z][^<]+</span>', shown)
    assert "Where the words stand" not in shown


# ── watched claims ────────────────────────────────────────────────────────────────────────────────────────────────────
@needs_chromium
def test_a_watched_claim_is_judged_again_when_an_article_arrives(wells: str, look: Look, tmp_path: Path) -> None:
    page = look(wells)
    claim = "6,800 households <b>were</b> told."
    check(page, claim)
    page.get_by_role("button", name="Watch this claim").click()
    page.locator("#watched li", has_text=claim).wait_for()
    assert page.get_by_role("button", name="Watched").is_disabled()
    page.get_by_role("tab", name="Library").click()
    (tmp_path / "county.txt").write_text("The county counts households.")
    page.set_input_files("#files input[type=file]", [tmp_path / "county.txt"])
    news = page.locator("#changed-verdicts .card")
    news.wait_for()
    assert claim in news.inner_text()
    assert news.locator(".word").all_inner_texts() == ["Not enough evidence", "Supported"]
    assert news.locator("mark.quote").inner_text() == COUNTY.text
    (tmp_path / "broken.txt").write_bytes(b"\xff\xfe\x00\x01\x80")
    page.set_input_files("#files input[type=file]", [tmp_path / "broken.txt"])
    news.wait_for(state="detached")
    page.get_by_role("tab", name="Check").click()
    page.get_by_role("button", name="Forget").click()
    page.locator("#watched", has_text="None yet.").wait_for()
    assert not page.get_by_role("button", name="Forget").is_visible()


def test_without_watched_claims_nothing_is_said_of_them() -> None:
    assistant: Any = FakeChecker({})
    assert list(check_tab.review(assistant)) == [""]


def test_verdicts_that_stay_are_said_to_stay() -> None:
    assert "no verdict has changed" in check_markup.changes_html([], 2)


def test_a_damaged_list_of_watched_claims_is_an_error_on_the_page(caplog: pytest.LogCaptureFixture) -> None:
    assistant: Any = FakeChecker({})

    def damaged() -> None:
        raise AssistantError("The saved claims can't be read.", "Mend the file.")

    assistant.watched = damaged
    with caplog.at_level(logging.ERROR):
        shown = "".join(check_tab.review(assistant))
    assert "The saved claims can&#x27;t be read." in shown
    assert not caplog.records


# ── for everybody ─────────────────────────────────────────────────────────────────────────────────────────────────────
@needs_chromium
def test_the_keyboard_reaches_everything_in_the_order_of_reading(wells: str, look: Look) -> None:
    page = look(wells)
    check(page, DRAFT)
    page.locator("#claim textarea").focus()
    names = ("check-as-of", "check-button", "check-filters", "save-markdown", "watch-button", "said-1", "claim-1", "quotation",
             "speaker", "quote-button")  # fmt: skip
    script = """names => {
        const reached = names.find(name => document.activeElement.closest("#" + name));
        return reached ?? "";
    }"""
    passed: list[str] = []
    for _ in range(60):
        page.keyboard.press("Tab")
        name = page.evaluate(script, list(names))
        if name and name not in passed:
            passed.append(name)
    assert passed == list(names)


def test_no_handler_of_the_tab_is_a_public_endpoint(wells: str) -> None:
    info = httpx.get(f"{wells}/gradio_api/info").json()
    assert set(info["named_endpoints"]) | set(info["unnamed_endpoints"]) <= {"/ask", "/check"}


# ── the real thing ────────────────────────────────────────────────────────────────────────────────────────────────────
@needs_chromium
def test_a_stranger_checks_an_example_of_the_sample_articles(sample: str, look: Look) -> None:
    page = look(sample)
    examples = page.locator("#check-examples button.example")
    assert examples.count() == len(check_tab.EXAMPLES)
    claim = examples.first.inner_text()
    examples.first.click()
    page.locator("#checked .card").wait_for(timeout=60_000)
    assert page.input_value("#claim textarea") == claim
    assert text_of(page, "mark#said-1") == claim
    assert page.locator("#claim-1 mark.quote").count()


def test_a_library_of_other_articles_gets_no_examples() -> None:
    assistant: Any = FakeChecker({WELLS.id: WELLS})
    assert check_tab.example_claims(assistant.articles()) == []


if __name__ == "__main__":
    serve_fake(int(sys.argv[1]))
