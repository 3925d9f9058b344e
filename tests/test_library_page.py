"""The library's tab in a real Chromium: find an article, read it with its zones, add, remove, rebuild.

The page stands over a real library of made-up articles, embedded at no cost. This file, run as a script, serves it.
"""

from __future__ import annotations

import copy
import json
import re
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from chromium import LOOKS, Look, barriers, needs_chromium, settle
from growth import growth_by_number
from samples import HashingEmbeddings, sentences
from test_page import ask, facts_of, free_port, make_article, served

from assistant import Assistant
from assistant.embedders import Embedder
from assistant.errors import LibraryBusy, LibraryDamaged, UnknownArticle
from assistant.ingest import Progress
from assistant.library import Counts
from assistant.types import ArticleRow, Failure, IngestProgress, IngestReport, Section, Span, Status, Zone
from assistant.ui import library_adding, library_markup, library_tab, preview_markup
from assistant.ui.address import page_url
from assistant.ui.library_intake import Intake
from assistant.ui.library_listing import PAGE, Listing, matching, sort_by

if TYPE_CHECKING:
    from playwright.sync_api import Page

MANY = 150
CURRENT = MANY + 4  # more than the table shows at once; two versions are older
BRIDGE = (
    "Bridge closed\n\nBy Ana Stroud\n\nThe council closed the Quillmere bridge after inspectors found {cracks} cracks. "
    f"“We could not wait another day,” said the mayor. {sentences(12, 'bridge')}"
    "\n\nCorrection: An earlier version gave another number.\n\nComments (1)\n\nRob wrote: About time too!"
)
HOSTILE_TITLE = "<img src=x onerror=ran=41>"
XSS = '"><script>ran=42</script>'


def made_up() -> list[dict[str, Any]]:
    """Articles in the order in which they come: three versions, a copy, a retraction, a hostile one, and many others."""
    bridge = {"id": "bridge", "url": "https://courier.example/bridge", "publisher": "Harbour Courier"}
    text = [BRIDGE.format(cracks=n) for n in ("twelve", "fourteen", "fifteen")]
    return [
        {**bridge, "text": text[0], "title": "Bridge closed", "published": "2026-03-02"},
        {**bridge, "text": text[1], "title": "Bridge closed", "published": "2026-03-03"},
        {**bridge, "text": text[2], "title": "Bridge closed", "published": "2026-03-05", "status": "corrected"},
        {"text": f"{text[2]}\n\nThe Wire.", "title": "Bridge shut", "publisher": "The Wire", "published": "2026-03-06"},
        {"text": "The memo was forged, says the county.", "title": "A memo", "status": "retracted"},
        {"text": f"{HOSTILE_TITLE} and the café.", "title": HOSTILE_TITLE, "publisher": XSS, "url": "javascript:ran=43"},
        *[
            {"text": f"Report {n} counts {n * 7} boats.", "title": f"Report {n:03}", "publisher": "Northfield Ledger",
             "published": f"2025-{n % 12 + 1:02}-{n % 28 + 1:02}"}
            for n in range(MANY)
        ],
    ]  # fmt: skip


def serve_made_up(port: int, empty_port: int, home: Path) -> None:
    """Two pages of one process: over the made-up articles, and over none."""
    from assistant.settings import ServerSettings
    from assistant.ui.page import build_page, launch_page, serve

    with Assistant(home) as assistant, Assistant(home / "empty") as empty:
        assistant.embedder = empty.embedder = Embedder(HashingEmbeddings(), "hashing-1")
        (home / "made-up.jsonl").write_text("\n".join(map(json.dumps, made_up())))
        assistant.ingest(home / "made-up.jsonl")
        assistant.ingest = held_back(assistant.ingest, home)  # type: ignore[method-assign]
        launch_page(build_page(empty), ServerSettings(port=empty_port))
        serve(assistant, host="127.0.0.1", port=port)


def held_back(ingest: Callable[..., IngestReport], home: Path) -> Callable[..., IngestReport]:
    """`ingest` that waits before a source named slow-<name> until there is a file `home`/<name>, which it may be read from."""

    def wait_and_ingest(source: str, **options: Any) -> IngestReport:
        name = source.rpartition("/")[2]
        if name.startswith("slow-"):
            go = home / name.removeprefix("slow-")
            while not go.exists():
                time.sleep(0.05)
            source = str(go) if "://" in source else source
        return ingest(source, **options)

    return wait_and_ingest


# ── serving and looking ───────────────────────────────────────────────────────────────────────────────────────────────
@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("shelf")


@pytest.fixture(scope="module")
def pages(home: Path) -> Iterator[tuple[str, str]]:
    """The page over the made-up articles, and the one over none."""
    ports = (free_port(), free_port())
    with served([str(Path(__file__)), *map(str, ports), str(home)], ports[0], home) as url:
        yield url, page_url("127.0.0.1", ports[1])


@pytest.fixture(scope="module")
def shelf(pages: tuple[str, str]) -> str:
    return pages[0]


@pytest.fixture
def ready() -> Callable[[Page], None]:
    def open_the_tab(page: Page) -> None:
        page.set_default_timeout(20_000)
        page.get_by_role("tab", name="Library").click()
        page.locator("#table :is(table, .empty-library)").wait_for()

    return open_the_tab


def titles(page: Page) -> list[str]:
    return page.locator("#table .open").all_inner_texts()


def search(page: Page, words: str, first: str, found: int | None = None) -> None:
    field = page.get_by_label("Search the articles")
    field.fill("")
    field.press_sequentially(words)
    # The first letters let more through: a test that reads all rows says how many there will be.
    page.locator("#table .found", has_text=re.compile(rf"^{found or '.*'} of ")).wait_for()
    page.locator("#table tbody tr:first-child .open", has_text=first).wait_for()


def open_article(page: Page, title: str) -> None:
    page.locator("#table .open", has_text=title).first.click()
    page.locator("#preview .sheet h2", has_text=title).first.wait_for()


def choose(page: Page, field: str, option: str) -> None:
    page.locator("#library").get_by_label(field).click()
    page.get_by_role("option", name=option).click()


def upload(page: Page, folder: Path, **files: str | bytes) -> None:
    """Files by name, "_" for the dot, and what is in them."""
    paths = [folder / name.replace("_", ".") for name in files]
    for path, content in zip(paths, files.values(), strict=True):
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    page.set_input_files("#files input[type=file]", paths)


# ── the whole way, on every screen ────────────────────────────────────────────────────────────────────────────────────
@needs_chromium
@pytest.mark.parametrize(("size", "scheme"), LOOKS)
def test_an_article_is_found_opened_and_left_again_by_everybody(
    shelf: str, look: Look, size: tuple[int, int], scheme: str
) -> None:
    page = look(shelf, size, scheme)
    search(page, "bridge closed", "Bridge closed")
    open_article(page, "Bridge closed")
    page.locator("#table tr[aria-current=true]", has_text="Bridge closed").wait_for(state="attached")
    assert page.evaluate("document.activeElement.matches('#preview h2')")
    assert barriers(page) == []
    page.get_by_role("button", name="Remove …").click()
    assert page.get_by_role("dialog").is_visible()
    assert barriers(page) == []
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Back to the library").click()
    page.locator("#preview").wait_for(state="hidden")
    assert page.evaluate("document.activeElement.innerText") == "Bridge closed"
    assert page.evaluate("document.documentElement.scrollWidth") == size[0]


# ── the table ─────────────────────────────────────────────────────────────────────────────────────────────────────────
@needs_chromium
def test_a_row_tells_date_publisher_zones_versions_copies_and_status(shelf: str, look: Look) -> None:
    page = look(shelf)
    search(page, "bridge", "Bridge shut", found=2)
    copy, original = page.locator("#table tbody tr").all_inner_texts()
    assert "Copy of “Bridge closed”" in copy
    for told in (
        "Corrected by its publisher",
        "3 versions",
        "Harbour Courier",
        "5 March 2026",
        "correction",
        "comment",
    ):
        assert told in original
    search(page, "memo", "A memo", found=1)
    row = page.locator("#table tbody tr").inner_text()
    assert "Retracted by its publisher" in row
    assert row.count("unknown") == 2


@needs_chromium
def test_a_click_on_a_heading_sorts_and_a_second_one_turns_the_order_round(shelf: str, look: Look) -> None:
    page = look(shelf)
    heading = page.get_by_role("columnheader", name="Title")
    assert page.get_by_role("columnheader", name="Date").get_attribute("aria-sort") == "descending"
    for order, first in (("ascending", HOSTILE_TITLE), ("descending", f"Report {MANY - 1}")):
        heading.get_by_role("button").focus()
        page.keyboard.press("Enter")
        page.locator(f"#table th[aria-sort={order}]", has_text="Title").wait_for()
        assert titles(page)[0] == first
        assert page.evaluate("document.activeElement.dataset.by") == "title"


@needs_chromium
def test_filters_narrow_the_table_and_one_button_takes_them_all_back(shelf: str, look: Look) -> None:
    page = look(shelf)
    choose(page, "Status", "Corrected")
    page.locator("#table .found", has_text=f"2 of {CURRENT} articles").wait_for()
    page.get_by_label("Show copies").uncheck()
    page.locator("#table .found", has_text=f"1 of {CURRENT} articles").wait_for()
    page.get_by_label("Show older versions").check()
    page.locator("#table .found", has_text=f"of {CURRENT + 2} articles").wait_for()
    choose(page, "Publisher", "Northfield Ledger")
    page.get_by_text(f"None of {CURRENT + 2} articles fits these words and filters.").wait_for()
    page.get_by_role("button", name="Show all articles").click()
    page.locator("#table .found", has_text=f"{CURRENT} articles").wait_for()
    assert page.get_by_label("Show copies").is_checked()
    assert page.evaluate("document.activeElement.closest('#search') !== null")


@needs_chromium
def test_a_long_table_is_shown_in_parts_and_goes_on_at_the_first_further_row(shelf: str, look: Look) -> None:
    page = look(shelf)
    assert len(titles(page)) == PAGE
    page.get_by_role("button", name=f"Show the last {CURRENT - PAGE}").click()
    page.locator("#table .open").nth(CURRENT - 1).wait_for()
    further = page.locator("#table .open").nth(PAGE).inner_text()
    assert page.evaluate("document.activeElement.innerText") == further


# ── one article ───────────────────────────────────────────────────────────────────────────────────────────────────────
@needs_chromium
def test_every_zone_of_the_preview_has_its_words_and_its_own_line(shelf: str, look: Look) -> None:
    page = look(shelf)
    search(page, "bridge closed", "Bridge closed")
    open_article(page, "Bridge closed")
    legend = page.locator("#preview .legend li").all_inner_texts()
    assert [words.split(" ×")[0] for words in legend] == [
        "headline", "byline", "the paper’s own reporting", "quoted speech", "the publisher's correction",
        "a reader's comment, not reporting",
    ]  # fmt: skip
    script = """zone => {
        const style = getComputedStyle(document.querySelector(`#preview .zoned .zone-${zone}`));
        const words = getComputedStyle(document.querySelector(`#preview .zoned .zone-${zone}`), "::before").content;
        return [style.borderInlineStart, words];
    }"""
    looks = {zone: page.evaluate(script, zone) for zone in ("headline", "byline", "correction", "comment")}
    assert len({line for line, _ in looks.values()}) == 4
    assert looks["comment"][1] == '"a reader\'s comment, not reporting"'
    assert page.locator("#preview .zoned").evaluate("zoned => zoned.textContent") == BRIDGE.format(cracks="fifteen")


@needs_chromium
def test_versions_and_copies_are_opened_from_the_preview(shelf: str, look: Look) -> None:
    page = look(shelf)
    search(page, "bridge", "Bridge shut")
    open_article(page, "Bridge shut")
    page.locator("#preview .notice", has_text="nearly repeats").get_by_role("button", name="Bridge closed").click()
    page.locator("#preview .others", has_text="1 copy of this text").wait_for()
    assert "published 2 March 2026" in page.locator("#preview .others li", has_text="Version 1").inner_text()
    page.get_by_role("button", name="Version 1").click()
    page.locator("#preview .notice", has_text="A later version replaced this text.").wait_for()
    assert "twelve cracks" in page.locator("#preview .zoned").inner_text()
    page.keyboard.press("Escape")
    page.locator("#preview").wait_for(state="hidden")


@needs_chromium
def test_a_hostile_article_is_text_in_table_preview_and_dialog(shelf: str, look: Look) -> None:
    page = look(shelf)
    search(page, "onerror", HOSTILE_TITLE)
    open_article(page, HOSTILE_TITLE)
    page.get_by_role("button", name="Remove …").click()
    assert f"Remove “{HOSTILE_TITLE}”?" in page.get_by_role("dialog").inner_text()
    assert XSS in page.locator("#preview header").inner_text()
    page.get_by_role("button", name="Cancel").click()
    page.wait_for_timeout(300)
    assert page.evaluate("window.ran") is None
    assert page.locator("#library :is(img, script)").count() == 0


# ── removing ──────────────────────────────────────────────────────────────────────────────────────────────────────────
@needs_chromium
def test_a_removed_article_leaves_its_quotes_to_the_conversation(shelf: str, look: Look, tmp_path: Path) -> None:
    page = look(shelf)
    upload(page, tmp_path, ferry_txt="The Skerry ferry sank in shallow water near Odalys Point.")
    page.locator("#report", has_text="Added: 1").wait_for()
    page.get_by_role("tab", name="Ask").click()
    ask(page, "Where did the Skerry ferry sink?")
    page.get_by_role("tab", name="Library").click()
    page.locator("#report .open").click()
    page.get_by_role("button", name="Remove …").click()
    page.get_by_role("button", name="Remove for good").click()
    page.locator("#preview .message", has_text="has left the library").wait_for()
    page.get_by_role("tab", name="Ask").click()
    page.locator("#turns a.cite").first.click()
    assert "shallow water" in page.locator("#src-1-1").inner_text()
    ask(page, "Where did the Skerry ferry sink?")
    assert page.locator("#turns .turn").nth(1).locator("a.cite").count() == 0


@needs_chromium
def test_an_article_that_another_window_removed_is_said_to_be_gone(shelf: str, look: Look) -> None:
    windows = look(shelf), look(shelf)
    for page in windows:
        search(page, "Report 077", "Report 077")
        open_article(page, "Report 077")
    first, second = windows
    first.get_by_role("button", name="Remove …").click()
    first.get_by_role("button", name="Remove for good").click()
    first.locator("#preview .message", has_text="“Report 077” has left the library for good.").wait_for()
    second.evaluate("dispatchEvent(new Event('focus'))")
    second.locator("#preview .message", has_text="This article is no longer in the library").wait_for()
    second.get_by_text(f"None of {CURRENT - 1} articles fits").wait_for()


# ── adding ────────────────────────────────────────────────────────────────────────────────────────────────────────────
@needs_chromium
def test_an_upload_reports_each_file_with_what_became_of_it(shelf: str, look: Look, tmp_path: Path) -> None:
    page = look(shelf)
    known = made_up()[3]
    copy = {**known, "text": known["text"] + " It was signed.", "title": "Bridge shut again"}
    later = {**made_up()[-1], "id": "lock", "url": "https://ledger.example/lock", "text": "The lock opened."}
    upload(
        page, tmp_path, known_jsonl=json.dumps(known), copy_jsonl=json.dumps(copy), v1_jsonl=json.dumps(later),
        v2_jsonl=json.dumps({**later, "text": "The lock did not open."}), table_docx=b"PK\x03\x04\x00\x01",
    )  # fmt: skip
    page.locator("#report .error").wait_for()
    report = page.locator("#report").inner_text()
    for told in (
        "Added: 2",
        "from copy.jsonl",
        "nearly repeats “Bridge closed”",
        "New version of: 1",
        "Already here: 1",
        "Not added: 1",
    ):
        assert told in report
    assert "table.docx: It is a file that no loader knows; known endings: .rss" in report
    assert str(tmp_path) not in report


@needs_chromium
def test_what_is_dropped_and_typed_while_a_file_is_read_is_in_its_report(
    shelf: str, look: Look, home: Path, tmp_path: Path
) -> None:
    page = look(shelf)
    (tmp_path / "slow-drop.txt").write_text("The Corvane lighthouse was painted white.")
    page.set_input_files("#files input[type=file]", [tmp_path / "slow-drop.txt"])
    page.locator("#report", has_text="Reading slow-drop.txt").wait_for()
    upload(page, tmp_path, two_txt="The Corvane harbour was dredged.", broken_docx=b"PK\x03\x04\x00\x01")
    page.locator("#report", has_text="(1 of 3)").wait_for()
    (home / "typed.txt").write_text("The Corvane pier is closed.")
    page.get_by_label("Add a web address").fill("https://news.example/slow-typed.txt")
    page.locator("#add-button").click()
    page.locator("#report", has_text="(1 of 4)").wait_for()
    asked = count()
    with page.expect_request(lambda request: "/queue/join" in request.url and next(asked) == 2):
        page.locator(
            "#add-button"
        ).click()  # it waits already: a run finds nothing to do, and what follows it is asked for
    assert "(1 of 4)" in page.locator("#report").inner_text()
    (home / "drop.txt").touch()
    page.locator("#report", has_text="Added: 3").wait_for()
    report = page.locator("#report").inner_text()
    for told in (
        "from slow-drop.txt",
        "from two.txt",
        "from https://news.example/slow-typed.txt",
        "Not added: 1",
        "broken.docx",
    ):
        assert told in report
    settle(page)


@needs_chromium
@pytest.mark.parametrize(("name", "left"), [("stays", ""), ("changes", "https://news.example/next")])
def test_an_address_leaves_its_field_once_it_is_added_unless_another_is_there(
    shelf: str, look: Look, home: Path, name: str, left: str
) -> None:
    page = look(shelf)
    field = page.get_by_label("Add a web address")
    field.fill(f" https://news.example/slow-{name}.txt")
    page.locator("#add-button").click()
    page.locator("#report", has_text="Reading https://news.example/slow-").wait_for()
    if left:
        field.fill(left)
    (home / "go").write_text(f"The Tarn mill {name}.")
    (home / "go").rename(home / f"{name}.txt")  # whole from its first moment
    page.locator("#report", has_text="Added: 1").wait_for()
    settle(page)
    page.wait_for_function("wanted => document.querySelector('#url :is(input, textarea)').value === wanted", arg=left)


@needs_chromium
def test_an_empty_library_teaches_fills_itself_with_the_samples_and_is_rebuilt(
    pages: tuple[str, str], look: Look
) -> None:
    page = look(pages[1])
    assert page.get_by_role("heading", name="No articles yet").is_visible()
    assert barriers(page) == []
    page.get_by_role("button", name="Add the sample articles").click()
    page.locator("#report", has_text="Added: ").wait_for(timeout=60_000)
    page.locator("#table tbody tr").first.wait_for()
    page.get_by_role("button", name="Rebuild the indexes …").click()
    page.get_by_role("button", name="Rebuild", exact=True).click()
    page.locator("#rebuilt", has_text="Rebuilt in").wait_for(timeout=60_000)


# ── addresses ─────────────────────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("127.0.0.1", "http://127.0.0.1:7860"),
        ("0.0.0.0", "http://127.0.0.1:7860"),
        ("::", "http://[::1]:7860"),
        ("2001:db8::5", "http://[2001:db8::5]:7860"),
        ("newsroom.example.org", "http://newsroom.example.org:7860"),
    ],
)
def test_the_address_that_is_printed_can_be_typed_into_a_browser(host: str, url: str) -> None:
    assert page_url(host, 7860) == url


# ── what a listing lets through ───────────────────────────────────────────────────────────────────────────────────────
def row_of(title: str | None, **others: Any) -> ArticleRow:
    facts = {name: others.pop(name) for name in ("publisher", "published", "status") if name in others}
    row = ArticleRow(facts_of(make_article(f"{title} {facts}", title=title, **facts)), (), 1, 1, 1, None, True)
    return replace(row, **others)


ROWS = [
    row_of("Café opens", publisher="Harbour Courier", published=date(2026, 3, 14), passages=2),
    row_of("a memo", status=Status.RETRACTED, passages=9),
    row_of(None, publisher="Ábaco", published=date(2025, 1, 1), current=False, passages=0),
    row_of("Bridge shut", publisher="The Wire", duplicate_of="0" * 64, passages=1),
]


@pytest.mark.parametrize(
    ("listing", "expected"),
    [
        pytest.param(Listing(), ["Café opens", "a memo", "Bridge shut"], id="latest first, undated last"),
        pytest.param(Listing(descending=False), ["Café opens", "a memo", "Bridge shut"], id="undated last either way"),
        pytest.param(Listing(by="title", descending=False), ["a memo", "Bridge shut", "Café opens"], id="by title"),
        pytest.param(Listing(by="passages"), ["a memo", "Café opens", "Bridge shut"], id="by passages"),
        pytest.param(Listing(words="cafe HARBOUR"), ["Café opens"], id="words, without case and accents"),
        pytest.param(Listing(words="2026-03"), ["Café opens"], id="a month"),
        pytest.param(Listing(status="retracted"), ["a memo"], id="status"),
        pytest.param(Listing(publisher="The Wire"), ["Bridge shut"], id="publisher"),
        pytest.param(Listing(copies=False), ["Café opens", "a memo"], id="no copies"),
        pytest.param(Listing(older=True, words="abaco"), [None], id="older versions"),
    ],
)
def test_a_listing_lets_through_what_was_asked_for_in_its_order(listing: Listing, expected: Sequence[str]) -> None:
    assert [row.facts.title for row in matching(ROWS, listing)] == expected


def test_a_column_starts_in_the_order_one_looks_for_and_then_turns_round() -> None:
    by_title = sort_by(Listing(most=500), "title")
    assert (by_title.by, by_title.descending, by_title.most) == ("title", False, PAGE)
    assert sort_by(by_title, "title").descending
    assert sort_by(by_title, "passages").descending


@pytest.mark.parametrize("command", [{}, {"do": "sort", "by": "__class__"}, {"do": "drop"}, {"by": "title"}])
def test_a_command_that_makes_no_sense_changes_nothing(command: dict[str, str]) -> None:
    assert library_tab.obey(Listing(words="ferry"), command) == Listing(words="ferry")


# ── what goes wrong ───────────────────────────────────────────────────────────────────────────────────────────────────
def intake_of(*sources: str) -> Intake:
    intake = Intake()
    intake.put(*sources)
    return intake


class Failing:
    """An assistant whose every call ends with this error."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    def __getattr__(self, name: str) -> Any:
        def fail(*args: Any, **options: Any) -> Any:
            raise self.error

        return fail


DAMAGED = LibraryDamaged("The library is <damaged>.", "Run: assistant rebuild")
BUSY = LibraryBusy("Another process is writing.", "Wait until it ends.")


@pytest.mark.parametrize(
    ("shown", "error"),
    [
        pytest.param(lambda failing: library_tab.table(failing, Listing()), DAMAGED, id="table"),
        pytest.param(lambda failing: library_tab.preview(failing, "a" * 64), DAMAGED, id="preview"),
        pytest.param(lambda failing: library_tab.remove(failing, "a" * 64), BUSY, id="remove"),
        pytest.param(lambda failing: list(library_tab.rebuild(failing))[-1], BUSY, id="rebuild"),
        pytest.param(lambda failing: list(library_adding.add_articles(failing, intake_of("x")))[-1], BUSY, id="add"),
    ],
)
def test_an_error_is_told_with_the_next_step(shown: Callable[[Any], str], error: Any) -> None:
    html = shown(Failing(error))
    assert 'role="alert"' in html
    assert error.hint in html
    assert "<damaged>" not in html


def test_a_source_that_ends_the_whole_leaves_the_report_of_those_before_it() -> None:
    class Stumbling(Failing):
        start_embedding = staticmethod(lambda: None)
        articles = staticmethod(lambda **_: [])

        def ingest(self, source: str, **_: Any) -> IngestReport:
            if source == "second":
                raise self.error
            return IngestReport(added=("a" * 64,))

    assistant: Any = Stumbling(BUSY)
    intake = intake_of("first", "second", "third")
    last = list(library_adding.add_articles(assistant, intake))[-1]
    assert intake.came == ("first",)
    assert "Added: 1" in last
    assert "Another process is writing." in last
    assert "Not added: 2" in last
    assert last.count("It was not read. Add it again.") == 2


def test_an_article_that_goes_while_it_is_being_removed_is_gone() -> None:
    class Racing(Failing):
        versions = staticmethod(lambda article_id: [make_article("Gone.")])

    assistant: Any = Racing(UnknownArticle("No article."))
    assert "no longer in the library" in library_tab.remove(assistant, "a" * 64)


def test_only_links_that_a_feed_named_are_offered_to_be_fetched() -> None:
    links = ("https://news.example/1", "https://given.example", "/etc/passwd", "javascript:x", "file:///etc/passwd")
    report = IngestReport(failed=tuple(Failure(link, "Only a summary.") for link in links))
    assert library_adding.links_of(report, ["https://given.example"]) == ("https://news.example/1",)


# ── one after the other ───────────────────────────────────────────────────────────────────────────────────────────────
class Reading:
    """An assistant that notes what it ingests, and holds some sources back after their first article."""

    def __init__(self, *held: str) -> None:
        self.held = {source: threading.Event() for source in held}
        self.read: list[str] = []
        self.embedding = threading.Event()

    def ingest(self, source: str, progress: Progress, **_: Any) -> IngestReport:
        self.read.append(source)
        progress(IngestProgress("text", 1, None))
        if source in self.held:
            assert self.held[source].wait(60)
        if "feed" in source:
            return IngestReport(failed=tuple(Failure(f"https://news.example/{n}", "A summary.") for n in range(120)))
        if "broken" in source:
            return IngestReport(failed=(Failure(source, "It is damaged."),))
        return IngestReport(added=(f"{len(self.read):064}",))

    def articles(self, **_: Any) -> list[ArticleRow]:
        return []

    def start_embedding(self) -> None:
        self.embedding.set()


def add(assistant: Any, intake: Intake) -> Iterator[str]:
    return library_adding.add_articles(assistant, intake)


def until(words: str, steps: Iterator[str]) -> str:
    return next(view for view in steps if words in view)


def test_what_comes_while_another_source_is_read_is_read_next_and_in_the_same_report() -> None:
    assistant, intake = Reading("slow.txt"), intake_of("slow.txt")
    steps = add(assistant, intake)
    until("1 article so far", steps)
    intake.put("/tmp/gradio/broken.txt", "two.txt")
    library_adding.put_address(intake, "/etc/passwd")
    assert list(add(assistant, intake)) == []  # the first run reads them
    assert "(1 of 3)" in next(steps)
    assistant.held["slow.txt"].set()
    last = list(steps)[-1]
    assert assistant.read == ["slow.txt", "/tmp/gradio/broken.txt", "two.txt"]
    for told in ("Added: 2", "Not added: 1", "broken.txt", "is no web address"):
        assert told in last
    assert (intake.came, intake.take_arrived(), intake.take_arrived()) == (("slow.txt", "two.txt"), True, None)


def test_what_comes_with_the_report_is_told_beside_it() -> None:
    assistant, intake = Reading(), intake_of("broken.txt")
    steps = add(assistant, intake)
    until("Not added", steps)
    intake.put("late.txt")
    last = list(steps)[-1]
    assert "Not added: 1" in last
    assert "Added: 1" in last
    intake.put("later.txt")
    assert "Not added" not in list(add(assistant, intake))[-1]


def test_what_comes_when_the_last_source_has_just_been_read_is_read_too() -> None:
    class Late(Reading):
        def start_embedding(self) -> None:
            if "late.txt" not in self.read:
                intake.put("late.txt")

    intake = intake_of("one.txt")
    last = list(add(Late(), intake))[-1]
    assert "Added: 2" in last
    assert "Not added" not in last


def test_a_second_click_on_what_is_in_hand_reads_nothing_twice() -> None:
    assistant, intake = Reading("https://news.example/"), intake_of("https://news.example/")
    steps = add(assistant, intake)
    until("1 article so far", steps)
    library_adding.put_address(intake, " https://news.example/ ")
    assistant.held["https://news.example/"].set()
    assert "Added: 1" in list(steps)[-1]
    assert len(assistant.read) == 1


def test_every_entry_of_a_long_feed_can_be_fetched() -> None:
    assistant, intake = Reading(), intake_of("feed.xml")
    assert "Fetch 50 of the 120 linked articles" in list(add(assistant, intake))[-1]
    for wanted in ("Fetch 50 of the 70 linked articles", "Fetch the 20 linked articles", ""):
        intake.put_links()
        intake.put_links()  # a double click
        last = list(add(assistant, intake))[-1]
        assert wanted in last
        assert ("Fetch" in last) is bool(wanted)
    assert assistant.read == ["feed.xml", *(f"https://news.example/{n}" for n in range(120))]


def test_what_a_reader_added_who_left_meanwhile_is_embedded() -> None:
    assistant, intake = Reading("one.txt"), intake_of("one.txt", "two.txt")
    steps: Any = add(assistant, intake)
    until("1 article so far", steps)
    steps.close()
    assert not assistant.embedding.is_set()
    assistant.held["one.txt"].set()
    assert assistant.embedding.wait(60)
    assert assistant.read == ["one.txt"]
    intake.put("three.txt")
    assert "Added: 1" in list(add(assistant, intake))[-1]


def test_every_window_has_its_own_intake() -> None:
    intake = intake_of("one.txt")
    assert copy.deepcopy(intake).sources == []


def test_a_damaged_looking_file_name_is_text_while_it_is_read() -> None:
    html = library_markup.reading_html("<img src=x onerror=1>.txt", 1, 3, 12)
    assert "<img" not in html
    assert "(2 of 3), 12 articles so far" in html


# ── thousands ─────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_the_first_table_of_four_times_the_articles_takes_little_more_than_four_times_the_time() -> None:
    def prepare(n: int) -> Any:
        days = [date(2026, 1, 1 + i % 28) for i in range(n)]
        rows = [row_of(f"Réport {i}", publisher=f"Publisher {i % 9}", published=day) for i, day in enumerate(days)]

        class Large(Failing):
            articles = staticmethod(lambda **_: rows)
            counts = staticmethod(lambda: Counts(n, 12 * n, 12 * n, 12 * n))
            zones = staticmethod(lambda ids: {i: {Zone.HEADLINE: 1, Zone.QUOTATION: 4} for i in ids})

        return Large(AssertionError())

    def draw(large: Any) -> None:
        html = library_tab.table(large, Listing(words="report"))
        assert html.count("<tr") == 1 + PAGE
        assert "Show 100 more of" in html

    assert growth_by_number(prepare, draw, 2_500) < 8


def test_a_preview_without_any_zone_has_no_legend() -> None:
    article = make_article("Plain.")
    row = row_of("Plain")
    assert "legend" not in preview_markup.preview_html(preview_markup.Preview(article, [article], row))
    zoned = replace(article, sections=(Section(Span(article.id, 0, 6), Zone.BODY),))
    assert "the paper’s own reporting" in preview_markup.preview_html(preview_markup.Preview(zoned, [zoned], row))


if __name__ == "__main__":
    serve_made_up(int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3]))
