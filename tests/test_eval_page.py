"""The tab of evaluation in a real Chromium: from a question set to its report, a failure's words, and an earlier run beside it.

The assistant is small, so that what is asked and found is known. This file, run as a script, serves the page over it.
"""

from __future__ import annotations

import csv
import json
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from chromium import LOOKS, Look, barriers, needs_chromium, settle
from evaluated import CRASH, FOG, NORWAY, VOTE, FakeAssistant, articles
from report_document import make_document
from test_page import FakeAssistant as FakePageAssistant
from test_page import ask, free_port, served

from assistant.errors import WrongUse
from assistant.evaluation import evaluate, evaluations_folder, html_part, to_document, write_json
from assistant.settings import load_settings
from assistant.types import Answer, Filters
from assistant.ui import eval_markup, eval_runs, eval_tab

if TYPE_CHECKING:
    from playwright.sync_api import Page

ROWS: list[dict[str, Any]] = [
    {"id": "vote", "question": "Who voted for filters?", "answers": ["7 to 2"], "gold_article_ids": ["council"]},
    {
        "id": "fog",
        "question": "What did the captain say about the fog?",
        "answers": ["like a wall"],
        "gold_article_ids": ["ferry"],
        "gold_spans": [{"article": "ferry", "quote": "the fog was “like a wall”"}],
    },
    {"id": "norway", "question": "Which party won Norway's election?", "answerable": False},
    {
        "id": "day",
        "question": "What did the council decide on filters?",
        "answers": ["7 to 2"],
        "gold_article_ids": ["council"],
    },
]
PAYLOAD = "<img src=x onerror=ran=1>${window.ran=2}{{7*7}}</script><script>ran=3</script>"
FAILURE = "What did the council decide on filters?"


class MeasuredAssistant(FakeAssistant):
    """Notes what it is asked in a file; a question with "slowly" takes its time. The page gets the rest from its own fake."""

    def __init__(self) -> None:
        super().__init__(*articles())
        self.settings = load_settings()
        self._page = FakePageAssistant(dict(self.stored))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._page, name)

    def ask(self, question: str, *, filters: Filters = Filters()) -> Answer:  # noqa: B008
        with (self.settings.home / "asked").open("a") as asked:
            asked.write(question + "\n")
        time.sleep(0.25 if "slowly" in question else 0)
        return super().ask(question, filters=filters)


class Silent(FakeAssistant):
    def ask(self, question: str, *, filters: Filters = Filters()) -> Answer:  # noqa: B008
        return Answer(question, "No.", abstained="nothing")


def serve_fake(port: int) -> None:
    from assistant.ui.page import serve

    assistant: Any = MeasuredAssistant()
    serve(assistant, host="127.0.0.1", port=port)


# ── serving and looking ───────────────────────────────────────────────────────────────────────────────────────────────
@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library's folder with readers' feedback, the report of a run that answered nothing, and two of 130 cases each."""
    home = tmp_path_factory.mktemp("measured")
    (home / "feedback.jsonl").write_text("".join(json.dumps(row) + "\n" for row in ROWS))
    cases = [replace(case, dataset="feedback") for case in (VOTE, FOG, NORWAY)]
    former = to_document([evaluate(Silent(*articles()), cases, name="silent <b>run</b>")])
    kept = evaluations_folder(load_settings(home=home))
    write_json(former, kept / "former-20260102-030405.json")
    for name in ("alpha", "beta"):
        write_json(long_run(name), kept / f"{name}-20260102-030405.json")
    return home


def long_run(name: str) -> dict[str, Any]:
    """130 cases: more than are listed at once. The run's name is their set's and stands in their ids."""
    document = make_document(130, (name,), hostile=False)
    for at, case in enumerate(document["runs"][0]["cases"]):
        case |= {"id": f"{name}-{at}", "set": name}
    return document


@pytest.fixture(scope="module")
def measured(home: Path) -> Iterator[str]:
    port = free_port()
    with served([str(Path(__file__)), str(port)], port, home) as url:
        yield url


@pytest.fixture
def ready() -> Callable[[Page], None]:
    def open_the_tab(page: Page) -> None:
        page.set_default_timeout(20_000)
        page.get_by_role("tab", name="Evaluation").click()
        page.locator("#eval-facts .set").wait_for()

    return open_the_tab


def choose(page: Page, label: str, option: str) -> None:
    page.get_by_label(label).click()
    page.get_by_role("option", name=option).first.click()


def upload(page: Page, path: Path) -> None:
    choose(page, "Question set", "A file of your own")
    page.locator("#eval-upload input[type=file]").set_input_files(path)


def run(page: Page) -> None:
    page.get_by_role("button", name="Run", exact=True).click()


def run_to_its_end(page: Page) -> None:
    run(page)
    page.get_by_text("The run is kept under Earlier runs.").wait_for()
    page.locator("#eval-report .report.alive #list > li").first.wait_for()


def written(folder: Path, rows: list[dict[str, Any]], name: str = "mine.jsonl") -> Path:
    path = folder / name
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return path


def asked(home: Path) -> int:
    path = home / "asked"
    return len(path.read_text().splitlines()) if path.exists() else 0


def asked_in_the_end(home: Path) -> int:
    """How many questions have been asked once none has come for a second, in which a run would have asked several."""
    until, before = time.monotonic() + 30, -1
    while (now := asked(home)) != before and time.monotonic() < until:
        before = now
        time.sleep(1)
    assert now == before, "questions keep coming"
    return now


# ── from a set to its failures ────────────────────────────────────────────────────────────────────────────────────────
@needs_chromium
@pytest.mark.parametrize(("size", "scheme"), LOOKS)
def test_a_set_is_run_and_a_failure_shows_its_stage_its_answer_and_its_gold(
    measured: str, look: Look, size: tuple[int, int], scheme: str
) -> None:
    page = look(measured, size, scheme)
    choose(page, "Question set", "Readers’ feedback")
    page.get_by_text("4 questions, 1 of them without an answer").wait_for()
    run_to_its_end(page)
    assert "100.0" in page.locator("#eval-report tr", has_text="hit@10").first.inner_text()
    assert page.locator("#eval-report svg.whiskers").count() > 5
    page.get_by_role("link", name="See the 1 failure").click()
    failure = page.locator("#list > li").first
    assert failure.locator(".question").inner_text() == FAILURE
    failure.locator("summary").first.click()
    body = failure.locator(".body")
    assert "Lost at “not picked”" in body.locator(".verdict-line").inner_text()
    assert body.locator(".plain li").first.inner_text() == "7 to 2"
    assert body.locator("mark.said").first.inner_text().startswith("The council met on Friday")
    assert body.locator("mark.said").first.bounding_box()["width"] > 100  # type: ignore[index]
    assert body.locator(".hit .badge.gold").count() > 0
    assert barriers(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@needs_chromium
def test_the_gold_words_are_marked_beside_the_cited_ones(measured: str, look: Look) -> None:
    page = look(measured)
    choose(page, "Question set", "Readers’ feedback")
    run_to_its_end(page)
    case = page.locator("#list > li", has_text="about the fog")
    case.locator("summary").first.click()
    assert case.locator("mark.gold").first.evaluate("mark => mark.textContent") == "the fog was “like a wall”"
    assert "The captain said the fog was “like a wall”." in case.locator(".citations blockquote").inner_text()
    assert case.locator(".hit .cited").count() > 0


@needs_chromium
def test_the_files_hold_the_report_that_is_shown(measured: str, look: Look) -> None:
    page = look(measured)
    choose(page, "Question set", "Readers’ feedback")
    run_to_its_end(page)
    saved = {}
    for name in ("json", "html", "csv"):
        with page.expect_download() as download:
            page.locator(f"#eval-save-{name}").click()
        assert download.value.suggested_filename.startswith("feedback-")
        saved[name] = download.value.path().read_text("utf-8-sig")
    assert [case["id"] for case in json.loads(saved["json"])["runs"][0]["cases"]] == ["vote", "fog", "norway", "day"]
    assert saved["html"].startswith("<!doctype html>")
    assert {row["id"] for row in csv.DictReader(saved["csv"].splitlines())} == {"vote", "fog", "norway", "day"}


# ── a run under way ───────────────────────────────────────────────────────────────────────────────────────────────────
SLOW = [{"id": f"s{n}", "question": f"Who voted slowly for filters, {n}?", "answers": ["7 to 2"]} for n in range(60)]


@needs_chromium
def test_a_stopped_run_asks_nothing_more_shows_what_was_done_and_can_go_on(
    measured: str, look: Look, home: Path, tmp_path: Path
) -> None:
    page, before = look(measured), asked(home)
    upload(page, written(tmp_path, SLOW[:20]))
    page.get_by_text("20 questions").wait_for()
    run(page)
    page.locator("#eval-progress dd").first.wait_for()
    assert " of 20 cases" in page.locator("#eval-progress").inner_text()
    page.get_by_role("button", name="Stop", exact=True).last.click()
    page.locator("#eval-progress", has_text="Stopped after").wait_for()
    assert asked_in_the_end(home) - before < 20
    page.locator("#eval-report .report.alive #list > li").first.wait_for()
    assert 0 < page.locator("#list > li").count() < 20
    assert "stopped-at" in page.get_by_label("Open a run").input_value()
    run_to_its_end(page)
    assert "taken over from the run that was stopped" in page.locator("#eval-progress").inner_text()
    assert page.locator("#list > li").count() == 20


@needs_chromium
def test_questions_are_answered_while_a_set_runs_and_a_reader_who_leaves_ends_the_run(
    measured: str, look: Look, home: Path, tmp_path: Path
) -> None:
    page, before = look(measured), asked(home)
    upload(page, written(tmp_path, SLOW, "many.jsonl"))
    page.get_by_text("60 questions").wait_for()
    run(page)
    page.locator("#eval-progress dd").first.wait_for()
    page.get_by_role("tab", name="Ask").click()
    ask(page, "Who voted?")
    assert page.locator("#turns .turn").count() == 1
    page.close()
    assert asked_in_the_end(home) - before < 60


def test_a_reader_has_one_run_at_a_time() -> None:
    runs = eval_runs.Runs()
    with runs.one("me"), runs.one("you"), pytest.raises(WrongUse, match="under way"), runs.one("me"):
        pass
    with runs.one("me") as stop:
        runs.stop("you")
        assert not stop.is_set()
        runs.stop("me")
        assert stop.is_set()


# ── an earlier run ────────────────────────────────────────────────────────────────────────────────────────────────────
@needs_chromium
def test_a_run_beside_a_former_one_says_what_got_better_and_which_cases_changed(measured: str, look: Look) -> None:
    page = look(measured)
    choose(page, "Question set", "Readers’ feedback")
    choose(page, "Compare it with", "former")
    run_to_its_end(page)
    against = page.locator("#eval-compared").inner_text()
    assert "Against former · " in against
    assert "over 3 shared cases" in against
    page.get_by_role("link", name="Every figure, and the cases that changed").click()
    row = page.locator("#comparison tr", has_text="answer_contains").first
    assert row.locator("[data-label=Difference]").inner_text() == "+100.0\u00a0pts"
    assert row.locator("[data-label=p]").inner_text().startswith("0.500")
    changed = page.locator("#comparison .changed details", has_text="answer_contains").first
    changed.locator("summary").click()
    assert changed.locator("li.better").count() == 2
    changed.get_by_role("link", name="fog").click()
    page.locator("#list details[open] .question", has_text="about the fog").wait_for()


@needs_chromium
def test_a_former_run_is_opened_with_its_texts_escaped(measured: str, look: Look) -> None:
    page = look(measured)
    choose(page, "Open a run", "former")
    page.locator("#eval-report .report.alive").wait_for()
    assert "silent <b>run</b>" in page.locator("#eval-report .runs").first.inner_text()
    choose(page, "Compare it with", "former")
    page.locator("#eval-compared .against").wait_for(state="detached")  # with itself there is nothing to compare


def open_run(page: Page, name: str) -> None:
    choose(page, "Open a run", name)
    page.locator("#list > li .id", has_text=f"{name}-").first.wait_for()
    settle(page)


@needs_chromium
def test_a_run_that_is_opened_after_another_shows_its_own_cases_alone(measured: str, look: Look) -> None:
    page = look(measured)
    for name in ("alpha", "beta"):
        open_run(page, name)
    page.get_by_role("button", name="Show 30 more").click()
    ids = page.locator("#list > li .id").all_inner_texts()
    assert sorted(ids) == sorted(f"beta-{at}" for at in range(130))
    page.evaluate("location.hash = '#case-0-5'")
    case = page.locator("#case-0-5")
    case.locator(".body").wait_for()
    assert case.locator(".id").inner_text() == "beta-5"
    assert "set beta" in case.locator(".body").inner_text()


@needs_chromium
def test_a_run_opens_no_case_that_was_opened_of_the_one_before(measured: str, look: Look) -> None:
    page = look(measured)
    open_run(page, "alpha")
    page.evaluate("location.hash = '#case-0-5'")
    page.locator("#case-0-5 .body").wait_for()
    open_run(page, "beta")
    assert page.locator("#list details[open]").count() == 0
    assert page.evaluate("document.activeElement.closest('#eval-report')") is None


@pytest.mark.parametrize("name", ["../../secret.json", "/etc/hosts", "other.json"])
def test_no_file_is_opened_that_is_no_kept_run(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "home" / "evaluations"
    write_json({"report": 2}, folder / "kept.json")
    write_json({"report": 2}, tmp_path / "secret.json")
    with pytest.raises(WrongUse, match="not here any more"):
        eval_runs.read_kept(folder, name)


# ── sets that are not what they should be ─────────────────────────────────────────────────────────────────────────────
@needs_chromium
def test_bad_lines_are_counted_and_listed_and_nothing_in_a_hostile_file_runs(
    measured: str, look: Look, tmp_path: Path
) -> None:
    page = look(measured)
    hostile = {
        "id": PAYLOAD,
        "question": f"Who voted for {PAYLOAD}",
        "answers": [PAYLOAD],
        "gold_article_ids": [PAYLOAD],
    }
    path = written(tmp_path, [hostile, {"id": "no", "answers": [PAYLOAD]}, ROWS[0]], "<img src=x onerror=ran=4>.jsonl")
    with path.open("a") as file:
        file.write("no JSON\n")
    upload(page, path)
    page.get_by_text("2 lines are no case and will be passed over").wait_for()
    assert "1 of 2 gold articles missing" in page.locator("#eval-facts").inner_text()
    assert page.locator("#eval-facts li", has_text=":2: ").count() == 1
    assert str(tmp_path.parent) not in page.locator("#eval-facts").inner_text()
    run_to_its_end(page)
    page.locator("#list > li summary").first.click()
    page.locator("#list > li .body").first.wait_for()
    assert PAYLOAD in page.locator("#list > li").first.inner_text()
    assert page.evaluate("window.ran") is None


@needs_chromium
@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "can't be read"),
        (b"just words\nand more\n", "No question in it can be read"),
        (b'{"id": "a"}\n', "No question in it can be read"),
    ],
    ids=["empty", "binary", "prose", "no question"],
)
def test_a_file_that_is_no_set_says_why_and_is_not_run(
    measured: str, look: Look, tmp_path: Path, content: bytes, said: str
) -> None:
    page = look(measured)
    path = tmp_path / "mine.jsonl"
    path.write_bytes(content)
    upload(page, path)
    page.locator("#eval-facts", has_text=said).wait_for()
    assert page.get_by_role("button", name="Run", exact=True).is_disabled()
    assert "/tmp" not in page.locator("#eval-facts").inner_text()


@needs_chromium
def test_a_set_about_other_articles_says_what_to_do(measured: str, look: Look) -> None:
    page = look(measured)
    choose(page, "Question set", "Sample questions")
    said = page.locator("#eval-facts .note")
    said.wait_for()
    assert "None of the articles that hold the answers is in this library" in said.inner_text()
    assert "Add them under Library" in said.inner_text()


def test_an_uploaded_file_is_read_from_a_folder_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "corpus.jsonl").write_text('{"_id": "1", "text": "secret"}\n')
    path = written(tmp_path, ROWS, "..-_we ird&name.jsonl")
    with eval_runs.opened_set(tmp_path, eval_runs.UPLOAD, str(path)) as found:
        assert [one.name for one in found.path.parent.iterdir()] == ["we-ird-name.jsonl"]
        assert list(found.path.parents[1].iterdir()) == [found.path.parent]
        assert len(found.cases) == 4
    assert not found.path.exists()


def test_an_empty_library_says_what_to_do_before_a_run_and_when_one_is_asked_for(tmp_path: Path) -> None:
    class Empty(FakeAssistant):
        def counts(self) -> Any:
            return FakePageAssistant({}).counts()

    assistant: Any = Empty()
    assistant.settings = load_settings(home=tmp_path)
    with eval_runs.opened_set(tmp_path, "Sample claims", None) as found:
        said = eval_markup.set_html(eval_runs.facts_of(found, assistant))
    assert "This library is empty." in said
    source = ("Sample claims", None)
    *_, last = eval_tab._run(assistant, eval_runs.Runs(), "me", source, 20, None)
    assert "Add articles under Library" in last[0]


def test_a_failed_case_is_a_row_and_an_error_in_the_count(tmp_path: Path) -> None:
    assistant: Any = FakeAssistant(*articles())
    assistant.settings = load_settings(home=tmp_path)
    found: Any = type("Found", (), {"cases": (CRASH, VOTE), "failures": ()})
    runs = eval_runs.Runs()
    with runs.one("me") as stop:
        *_, report = eval_runs.run_cases(assistant, found, 2, runs, stop)
    assert [bool(result.error) for result in report.results] == [True, False]


def test_changed_cases_that_the_page_does_not_carry_are_named_without_a_link() -> None:
    document = make_document(40, ("as set", "other"), hostile=False)
    page = html_part(document, 8)
    data = re.search('<pre id="data" hidden>(.*)</pre>', page)
    assert data
    carried = [case["id"] for case in json.loads(data[1])["runs"][1]["cases"]]
    changed = {case["id"] for case in document["comparisons"][0]["changed"]}
    assert set(re.findall(r'<a href="#case-1-\d+">(q\d+)</a>', page)) == changed.intersection(carried) != set()
    assert set(re.findall(r'<li class="\w*">(q\d+) <span>', page)) == changed.difference(carried) != set()


def test_what_is_said_of_progress_grows_with_it() -> None:
    start = eval_markup.progress_html(0, 20, 1, {}, 0)
    assert "the first case loads the models" in start
    later = eval_markup.progress_html(5, 20, 10, {"hit@4": 0.8}, 1)
    assert "about 30 s left" in later
    assert "1 error<" in later
    assert "80.0" in later


def test_the_time_of_a_run_and_its_count_are_not_read_out_again_and_again() -> None:
    said = [eval_markup.progress_html(done, 20, done + 1, {}, done) for done in range(4)]
    statuses = {tuple(re.findall('role="status">(.*?)</', html)) for html in said}
    assert statuses == {("The run is under way:",)}


# Gradio's own sweep over what the page has handed out, as it would be some hours later; in a process that is its own, as a
# page that is made and never served leaves an event loop open.
SWEEP = """
import sys
from datetime import datetime, timedelta
from pathlib import Path

from gradio import route_utils
from test_page import FakeAssistant

from assistant.ui.page import build_page

page, file = build_page(FakeAssistant({})), Path(sys.argv[1])
page.temp_file_sets.append({str(file)})
for hours in (12, 25):
    later = datetime.now() + timedelta(hours=hours)
    route_utils.datetime = type("Later", (datetime,), {"now": lambda later=later: later})
    route_utils.delete_files_created_by_app(page, page.delete_cache[1])
    print(file.exists())
"""


def test_what_is_offered_to_be_saved_lasts_a_working_day(tmp_path: Path) -> None:
    file = tmp_path / "report.csv"
    file.write_text("id")
    command = [sys.executable, "-c", SWEEP, str(file)]
    swept = subprocess.run(command, cwd=Path(__file__).parent, capture_output=True, text=True, check=True)
    assert swept.stdout.split() == ["True", "False"]


def test_an_uploaded_set_that_is_gone_is_asked_for_again(tmp_path: Path) -> None:
    gone = str(tmp_path / "mine.jsonl")
    with (
        pytest.raises(WrongUse, match="no longer here") as error,
        eval_runs.opened_set(tmp_path, eval_runs.UPLOAD, gone),
    ):
        pass
    assert error.value.hint == "Add it again."


def test_the_page_starts_without_the_evaluation() -> None:
    code = "import sys, assistant.ui.page; sys.exit('assistant.evaluation' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


if __name__ == "__main__":
    serve_fake(int(sys.argv[1]))
