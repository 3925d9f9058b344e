"""The report's page in a real Chromium, opened as a file: from the figures to a case and its marked words."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from chromium import DESK, PHONE, needs_chromium
from report_document import STAGES, Json, make_document, poisoned

from assistant.evaluation.html_report import html_page

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page


pytestmark = needs_chromium

Look = Callable[..., "Page"]


@pytest.fixture(scope="module")
def document() -> Json:
    return make_document()


@pytest.fixture(scope="module")
def report(document: Json, tmp_path_factory: pytest.TempPathFactory) -> str:
    return written(document, tmp_path_factory.mktemp("report"))


def written(document: Json, folder: Path) -> str:
    path = folder / "report.html"
    path.write_text(html_page(document), encoding="utf-8")
    return path.as_uri()


@pytest.fixture
def look(browser: Browser) -> Iterator[Look]:
    """Open a page; whatever it does, it may neither complain in the console nor ask for anything but itself."""
    contexts, complaints, requests = [], [], []

    def open_page(url: str, size: tuple[int, int] = DESK, scheme: Any = "light") -> Page:
        context = browser.new_context(viewport={"width": size[0], "height": size[1]}, color_scheme=scheme)
        contexts.append(context)
        context.on("request", lambda request: requests.append(request.url))
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(url)
        page.wait_for_selector("#list li")
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []
    assert {url.partition("#")[0] for url in requests} <= {url for url in requests if url.endswith("report.html")}


def place_of(document: Json, run: int, holds: Callable[[Json], bool]) -> tuple[str, Json]:
    """The address and the case of the first case of a run that the condition holds for."""
    cases = document["runs"][run]["cases"]
    at = next(at for at, case in enumerate(cases) if holds(case))
    return f"case-{run}-{at}", cases[at]


def open_case(page: Page, name: str) -> Any:
    page.evaluate("name => { location.hash = '#' + name; }", name)
    case = page.locator(f"#{name}")
    case.locator(".body").wait_for()
    return case


def field(page: Page, label: str) -> Any:
    return page.locator(".filters").get_by_label(label, exact=True)


def texts(locator: Any) -> list[str]:
    """As they stand in the document; inner_text would fold spaces and line ends."""
    return list(locator.evaluate_all("elements => elements.map(element => element.textContent)"))


def listed(page: Page) -> list[str]:
    return texts(page.locator("#list > li > details > summary .id"))


# -- the list


def test_failures_come_first_and_the_count_is_said(report: str, document: Json, look: Look) -> None:
    page = look(report)
    states = texts(page.locator("#list .state"))
    cases = document["runs"][0]["cases"]
    failed = sum(case["right"] is False or case["error"] is not None for case in cases)
    assert set(states[:failed]) == {"error", "wrong"}
    assert "wrong" not in states[failed:]
    assert len(states) == len(cases) == 100
    assert page.locator("#shown").inner_text() == f"100 of 100 cases, {failed} of them wrong or failed"


@pytest.mark.parametrize("stage", STAGES)
def test_the_stage_filter_shows_that_stage_alone(report: str, document: Json, look: Look, stage: str) -> None:
    page = look(report)
    field(page, "Lost at").select_option(stage)
    assert sorted(listed(page)) == sorted(
        case["id"] for case in document["runs"][0]["cases"] if case["lost_at"] == stage
    )


FILTERS: dict[str, tuple[str, str, Callable[[Json], bool]]] = {
    "wrong": ("Outcome", "wrong", lambda case: case["right"] is False or case["error"] is not None),
    "right": ("Outcome", "right", lambda case: case["right"] is True),
    "tag": ("Tag", "near-miss", lambda case: "near-miss" in case["tags"]),
    "set": ("Set", "claims", lambda case: case["set"] == "claims"),
}


@pytest.mark.parametrize("name", FILTERS)
def test_a_filter_shows_its_cases_and_show_all_brings_the_others_back(
    report: str, document: Json, look: Look, name: str
) -> None:
    label, option, holds = FILTERS[name]
    page = look(report)
    field(page, label).select_option(option)
    assert sorted(listed(page)) == sorted(case["id"] for case in document["runs"][0]["cases"] if holds(case))
    page.get_by_role("button", name="Show all").click()
    page.wait_for_function("document.querySelectorAll('#list > li').length === 100")


def test_filters_add_up_and_nothing_found_is_said(report: str, document: Json, look: Look) -> None:
    page = look(report)
    field(page, "Outcome").select_option("wrong")
    field(page, "Tag").select_option("who")
    expected = [
        case["id"]
        for case in document["runs"][0]["cases"]
        if "who" in case["tags"] and (case["right"] is False or case["error"])
    ]
    assert sorted(listed(page)) == sorted(expected)
    field(page, "Text").fill("no such words anywhere")
    assert listed(page) == []
    assert page.locator("#shown").inner_text() == "No case is like this."


def test_the_run_filter_shows_another_run_and_all_runs(report: str, document: Json, look: Look) -> None:
    page = look(report)
    field(page, "Run").select_option(label="retriever=lexical")
    assert page.locator("#list > li > details").first.get_attribute("id").startswith("case-1-")  # type: ignore[union-attr]
    field(page, "Run").select_option(label="all runs")
    assert page.locator("#list > li").count() == 100
    page.get_by_role("button", name="Show 100 more").click()
    assert page.locator("#list > li").count() == 200
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY"


@pytest.mark.parametrize("words", ["case 41?", "CASE 41?", "Q041", "case  41?"])
def test_text_search_is_by_words_whatever_their_case(report: str, look: Look, words: str) -> None:
    page = look(report)
    field(page, "Text").fill(words)
    assert listed(page) == ["q041"]


def test_a_stage_of_the_chart_leads_to_its_cases(report: str, document: Json, look: Look) -> None:
    page = look(report)
    field(page, "Tag").select_option("who")
    page.get_by_role("link", name="Not picked").click()
    expected = sum(case["lost_at"] == "not picked" for case in document["runs"][0]["cases"])
    page.wait_for_function("n => document.querySelectorAll('#list > li').length === n", arg=expected)
    assert field(page, "Lost at").input_value() == "not picked"


# -- a case


def test_the_keyboard_alone_opens_and_closes_a_case(report: str, look: Look) -> None:
    page = look(report)
    field(page, "Text").focus()
    for _ in range(5):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.tagName") == "SUMMARY":
            break
    page.keyboard.press("Enter")
    body = page.locator("#list > li").first.locator(".body")
    body.wait_for()
    assert body.is_visible()
    page.keyboard.press("Enter")
    body.wait_for(state="hidden")


def test_cases_are_drawn_when_they_are_opened_and_once(report: str, look: Look) -> None:
    page = look(report)
    assert page.locator(".body").count() == 0
    summary = page.locator("#list summary").first
    for _ in range(3):
        summary.click()
    page.locator(".body").wait_for()
    assert page.locator(".body").count() == 1


def test_the_marks_in_the_passages_are_the_gold_quotes(report: str, document: Json, look: Look) -> None:
    page = look(report)
    for at, case in enumerate(document["runs"][0]["cases"]):
        if case["hit_rank"] is None or at >= 24:
            continue
        opened = open_case(page, f"case-0-{at}")
        hit = opened.locator("li.hit.gold")
        assert hit.locator(".rank").first.inner_text() == str(case["hit_rank"])
        assert texts(hit.locator("mark.gold")) == [span["quote"].replace("\0", "\0") for span in case["gold"]["spans"]]
        assert texts(hit.locator(".text")) == [case["hits"][case["hit_rank"] - 1]["text"]]


def test_words_that_a_reader_has_called_wrong_are_shown_and_found(look: Look, tmp_path: Path) -> None:
    document = make_document(20, ("as set",), hostile=False)
    case = document["runs"][0]["cases"][3]
    case["gold"]["wrong_spans"] = [{"article": "council", "quote": "The <b>clock</b> was wrong."}]
    page = look(written(document, tmp_path))
    field(page, "Text").fill("clock was wrong")
    page.locator("#shown", has_text="1 of 20 cases").wait_for()
    shown = open_case(page, "case-0-3").locator("section, div").filter(has_text="Not to be cited").last
    assert "The <b>clock</b> was wrong." in shown.inner_text()


def test_accepted_answers_are_marked_inside_the_gold(report: str, document: Json, look: Look) -> None:
    name, case = place_of(
        document, 0, lambda case: case["right"] and case["gold"]["answers"] and int(case["id"][1:]) > 8
    )
    opened = open_case(look(report), name)
    marked = texts(opened.locator("li.hit.gold mark.gold mark.answer"))
    assert [text.casefold() for text in marked] == [case["gold"]["answers"][0].casefold()]


def test_a_quote_that_runs_over_the_passages_end_is_marked_as_far_as_it_goes(look: Look, tmp_path: Path) -> None:
    document = make_document(20, ("as set",), hostile=False)
    name, case = place_of(document, 0, lambda case: bool(case["hit_rank"]))
    hit = case["hits"][case["hit_rank"] - 1]
    cut = hit["text"].index(case["gold"]["spans"][0]["quote"]) + 20
    hit["text"] = hit["text"][:cut]
    opened = open_case(look(written(document, tmp_path)), name)
    assert texts(opened.locator("li.hit.gold mark.gold")) == [case["gold"]["spans"][0]["quote"][:20]]


def test_other_typography_is_marked_as_it_stands(look: Look, tmp_path: Path) -> None:
    document = make_document(20, ("as set",), hostile=False)
    name, case = place_of(document, 0, lambda case: bool(case["hit_rank"]))
    hit = case["hits"][case["hit_rank"] - 1]
    hit["text"] = "👩‍👩‍👧 It’s “open” – he\nsaid. More."
    case["gold"]["spans"][0]["quote"] = 'It\'s "open" - he said.'
    opened = open_case(look(written(document, tmp_path)), name)
    assert texts(opened.locator("li.hit.gold mark.gold")) == ["It’s “open” – he\nsaid."]


def test_the_answer_is_marked_where_its_citations_stand(report: str, document: Json, look: Look) -> None:
    page = look(report)
    name, case = place_of(document, 0, lambda case: bool(case["citations"]) and int(case["id"][1:]) > 8)
    opened = open_case(page, name)
    assert texts(opened.locator("mark.said")) == [citation["quote"] for citation in case["citations"]]
    assert texts(opened.locator("p.answer")) == [case["answer"]]
    source = opened.locator(".citations .source").first.inner_text()
    citation = case["citations"][0]
    for fact in (citation["title"], citation["publisher"], citation["published"] or "date unknown"):
        assert fact in source


def test_what_was_cited_is_underlined_in_the_passage(report: str, document: Json, look: Look) -> None:
    name, case = place_of(
        document, 0, lambda case: case["right"] and bool(case["citations"]) and int(case["id"][1:]) > 8
    )
    opened = open_case(look(report), name)
    assert "".join(texts(opened.locator("li.hit.gold .cited"))) == case["citations"][0]["quote"]


def test_a_rejected_citation_says_why(report: str, document: Json, look: Look) -> None:
    name, case = place_of(document, 0, lambda case: bool(case["rejected"]))
    opened = open_case(look(report), name)
    section = opened.locator("section", has=opened.page.get_by_role("heading", name="Rejected citations"))
    assert case["rejected"][0]["note"] in section.inner_text()
    assert "altered" in section.inner_text()


@pytest.mark.parametrize("stage", STAGES)
def test_a_lost_case_says_where_in_words(report: str, document: Json, look: Look, stage: str) -> None:
    name, case = place_of(document, 1, lambda case: case["lost_at"] == stage)
    opened = open_case(look(report), name)
    said = opened.locator(".verdict-line").inner_text()
    assert said.startswith(f"Lost at “{stage}”. ")
    assert len(said) > len(stage) + 20
    if stage == "error":
        assert texts(opened.locator(".fault")) == [case["error"]]


def test_claims_show_both_verdicts_and_choices_what_was_taken(report: str, document: Json, look: Look) -> None:
    page = look(report)
    name, case = place_of(document, 0, lambda case: case["lost_at"] == "verdict")
    text = open_case(page, name).inner_text()
    assert "not enough evidence" in text
    assert case["gold"]["label"] in text
    assert "81.0\u00a0%" in text
    name, case = place_of(document, 0, lambda case: case["right"] and case["choice"])
    choices = open_case(page, name).locator("li", has_text=case["choices"][0]).first.inner_text()
    assert "right" in choices
    assert "taken" in choices


def test_a_changed_case_opens_from_the_comparison_whatever_is_filtered(report: str, document: Json, look: Look) -> None:
    page = look(report)
    field(page, "Outcome").select_option("right")
    field(page, "Text").fill("no such words")
    page.locator("#comparison .changed summary").last.click()
    link = page.locator("#comparison .changed").last.locator("details").last.locator("a").first
    name = str(link.get_attribute("href")).removeprefix("#")
    link.click()
    case = page.locator(f"#{name}")
    case.locator(".body").wait_for()
    assert page.evaluate("document.activeElement.parentElement.id") == name
    assert "as set" in texts(case.locator("section a"))
    case.get_by_role("link", name="as set").click()
    page.locator(f"#{name.replace('case-2-', 'case-0-')} .body").wait_for()


def test_a_link_to_the_case_that_the_address_has_opens_it_again(report: str, look: Look) -> None:
    page = look(report)
    page.locator("#comparison .changed summary").last.click()
    link = page.locator("#comparison .changed").last.locator("details").last.locator("a").first
    name = str(link.get_attribute("href")).removeprefix("#")
    link.click()
    page.locator(f"#{name} .body").wait_for()
    field(page, "Text").fill("no such words")
    page.locator(f"#{name}").wait_for(state="detached")
    link.click()
    page.locator(f"#{name} .body").wait_for()
    page.wait_for_function("name => document.activeElement.parentElement.id === name", arg=name)


def test_an_address_with_a_case_opens_it(report: str, look: Look) -> None:
    page = look(f"{report}#case-2-57")
    page.locator("#case-2-57 .body").wait_for()
    box = page.locator("#case-2-57").bounding_box()
    assert box
    assert -1 <= box["y"] < DESK[1]


# -- looks


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_nothing_is_wider_than_the_window(
    report: str, document: Json, look: Look, size: tuple[int, int], scheme: str
) -> None:
    page = look(report, size, scheme)
    for at in range(12):
        open_case(page, f"case-0-{at}")
    for details in page.locator("main > section details > summary").all()[:8]:
        details.click()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


LUMINANCE = """
() => {
    const probe = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
    const rgba = (colour) => {
        probe.clearRect(0, 0, 1, 1);
        probe.fillStyle = colour;
        probe.fillRect(0, 0, 1, 1);
        return [...probe.getImageData(0, 0, 1, 1).data];
    };
    const light = (colour) => colour.slice(0, 3).map((c) => c / 255)
        .map((c) => (c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
        .reduce((sum, c, at) => sum + c * [0.2126, 0.7152, 0.0722][at], 0);
    const under = (element) => {
        const layers = [];
        for (let at = element; at; at = at.parentElement) layers.push(rgba(getComputedStyle(at).backgroundColor));
        const over = (below, layer) => below.map((c, i) => c + (layer[i] - c) * (layer[3] / 255));
        return layers.reverse().reduce(over, [255, 255, 255]);
    };
    const poor = [];
    for (const element of document.querySelectorAll("body *:not(script):not(style)")) {
        const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
        if (!own || !element.getClientRects().length) continue;
        const style = getComputedStyle(element);
        const ink = light(rgba(element.closest("svg") ? style.fill : style.color)), paper = light(under(element));
        const ratio = (Math.max(ink, paper) + 0.05) / (Math.min(ink, paper) + 0.05);
        if (ratio < 4.5) poor.push(`${element.className || element.tagName} ${ratio.toFixed(2)}`);
    }
    return [...new Set(poor)];
}
"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_has_the_contrast_of_level_aa(report: str, document: Json, look: Look, scheme: str) -> None:
    page = look(report, DESK, scheme)
    for stage in STAGES:
        open_case(page, place_of(document, 0, lambda case, stage=stage: case["lost_at"] == stage)[0])
    assert page.evaluate(LUMINANCE) == []


def test_paper_shows_the_figures_and_the_opened_cases_only(report: str, look: Look) -> None:
    page = look(report, DESK, "dark")
    open_case(page, "case-0-20")
    page.emulate_media(media="print")
    assert page.locator("#figures").is_visible()
    assert not page.locator(".filters").is_visible()
    assert page.locator("#case-0-20").is_visible()
    assert page.locator("#list > li:visible").count() == 1
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(29, 32, 36)"


def test_controls_and_charts_have_names(report: str, look: Look) -> None:
    page = look(report)
    for control in page.locator("select, input, button").all():
        assert control.evaluate("e => (e.labels?.[0]?.textContent ?? e.textContent).trim()")
    assert page.get_by_role("img", name=re.compile(r"hit@4: as set \d")).count() == 1
    assert page.locator("section[aria-labelledby]").count() == page.locator("main > section").count()


# -- harm


def test_no_text_of_the_document_runs_or_loads(document: Json, look: Look, tmp_path: Path) -> None:
    page = look(written(poisoned(document), tmp_path))
    for at in (0, 1, 2, 3, 4, 5, 6, 7, 9, 13, 15, 17, 19):
        open_case(page, f"case-0-{at}")
    field(page, "Text").fill("<img src=x onerror=window.ran=7>")
    page.wait_for_timeout(300)
    assert page.evaluate("window.ran") is None
    assert page.locator("img, iframe, object, link, main script").count() == 0


def test_the_policy_stops_what_escaping_would_have_missed(report: str, browser: Browser) -> None:
    page = browser.new_page()
    page.goto(report)
    loaded: list[str] = []
    stopped: list[str] = []
    page.on("requestfinished", lambda request: loaded.append(request.url))
    page.on("requestfailed", lambda request: stopped.append(str(request.failure)))
    refused = page.evaluate(
        """() => {
            try { document.body.innerHTML = "<img src=http://127.0.0.1:9/x.png onerror=window.ran=1>"; return ""; }
            catch (error) { return error.name; }
        }"""
    )
    page.evaluate(
        """() => {
            const image = document.createElement("img");
            image.src = "http://127.0.0.1:9/x.png";
            const frame = document.createElement("iframe");
            frame.src = "http://127.0.0.1:9/";
            document.body.append(image, frame);
        }"""
    )
    page.wait_for_timeout(300)
    assert refused == "TypeError"
    assert page.evaluate("window.ran") is None
    assert loaded == []
    assert set(stopped) == {"csp"}
    page.close()


# -- size


def test_a_page_of_five_hundred_cases_opens_at_once(look: Look, tmp_path: Path) -> None:
    document = make_document(500, ("as set",))
    page = look(written(document, tmp_path))
    assert page.locator("#list > li").count() == 100
    milliseconds = page.evaluate("performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd")
    assert milliseconds < 15_000  # under a busy machine's load; a fifth of a second alone


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(html_page(make_document(int(sys.argv[2]))), encoding="utf-8")
