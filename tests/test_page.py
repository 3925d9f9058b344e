"""The page in a real Chromium: from a question to the marked words, on a desk and on a phone, in light and in dark.

Each page is served by a process of its own, as it is for a person; this file, run as a script, serves the fake one.
"""

from __future__ import annotations

import hashlib
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from chromium import LOOKS, PHONE, Look, needs_chromium, settle

from assistant.errors import BadQuestion, UnknownArticle, WrongUse
from assistant.library import Counts, Library
from assistant.types import (
    Answer,
    AnswerEvent,
    Article,
    ArticleFacts,
    ArticleRow,
    Citation,
    DeltaEvent,
    Failure,
    Filters,
    IngestReport,
    Match,
    Section,
    Span,
    StageEvent,
    Status,
    StreamEvent,
    Turn,
    Zone,
)
from assistant.ui.address import PortInUse, page_url, require_free_port, require_web_address, require_whole_login

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

ROOT = Path(__file__).resolve().parent.parent


# ── a library small enough to know by heart ───────────────────────────────────────────────────────────────────────────
def make_article(text: str, zones: Sequence[tuple[str, Zone]] = (), **facts: Any) -> Article:
    article_id = hashlib.sha256(text.encode()).hexdigest()
    sections = tuple(
        Section(Span(article_id, (at := text.index(words)), at + len(words)), zone) for words, zone in zones
    )
    return Article(id=article_id, text=text, sections=sections, **facts)


def facts_of(a: Article) -> ArticleFacts:
    return ArticleFacts(a.id, a.title, a.publisher, a.author, a.published, a.url, a.language, a.status, a.source_id)


PADDING = "\n\n".join(
    f"Paragraph {n} speaks of other things, at some length, so that the page has to scroll." for n in range(40)
)
HARBOUR = make_article(
    f"Harbour opens\n\n{PADDING}\n\nThe “new” harbour café 👩‍👩‍👧 opened on Monday.\n\nBob: About time!",
    (("Harbour opens", Zone.HEADLINE), (PADDING, Zone.BODY), ("Bob: About time!", Zone.COMMENT)),
    title="Harbour opens",
    publisher="Harbour Courier",
    published=date(2026, 3, 14),
    source_id="harbour-opens",
)
MEMO = make_article(
    f"{PADDING}\n\nThe harbour memo was forged. Nobody signed the harbour memo.",
    title="A memo",
    status=Status.RETRACTED,
)
HOSTILE = make_article(
    "<img src=x onerror=ran=1> the harbour <script>ran=2</script> </mark><svg onload=ran=3>",
    title="<img src=x onerror=ran=4>",
    publisher='"><img src=http://evil.example/x.png onerror=ran=5>',
    url="javascript:ran=6",
    published=date(2026, 1, 1),
)


@dataclass
class FakeAssistant:
    """Answers with every sentence that shares a word with the question, verbatim, a word at a time.

    The answer's note says what it was asked with. A question with "slowly" takes its time, one with "boom" hits a bug.
    """

    library: dict[str, Article]
    embedded: int = 0

    def watched(self) -> tuple[()]:
        return ()

    def follow_ups(self, answer: Answer, *, filters: Filters | None = None) -> tuple[str, ...]:
        return ("Who signed the memo?",) if answer.citations else ()

    def stream(
        self, question: str, *, history: Sequence[Turn] = (), filters: Filters | None = None, stop: object = None
    ) -> Iterator[StreamEvent]:
        if not question.strip():
            raise BadQuestion("The question is empty.", "Type one.")
        if len(question) > 4000:
            raise BadQuestion("The question has 5,000 characters.", "Ask one thing at a time.")
        if "boom" in question:
            raise RuntimeError("secret detail")
        note = f"history: {[turn.question for turn in history]}; {filters}"
        found = list(self._sentences(question))
        yield StageEvent("retrieve", f"{len(found)} passages from {len({a.id for a, _ in found})} articles", 0.01)
        if not found:
            yield AnswerEvent(
                Answer(question, "The articles do not answer this.", abstained="Nothing fits.", note=note)
            )
            return
        text, citations = "", []
        for n, (article, span) in enumerate(found, start=1):
            quote = article.quote(span)
            for word in re.findall(r"\S+\s*", quote):
                time.sleep(0.2 if "slowly" in question else 0)
                yield DeltaEvent(word)
            zone = next((s.zone for s in article.sections if s.span.start <= span.start < s.span.end), Zone.BODY)
            citations.append(
                Citation(n, span, quote, facts_of(article), zone, len(text), len(text) + len(quote), Match.VERIFIED)
            )
            text += f"{quote} [{n}] "
        yield AnswerEvent(Answer(question, text.strip(), tuple(citations), note=note))

    def _sentences(self, question: str) -> Iterator[tuple[Article, Span]]:
        words = set(re.findall(r"\w{5,}", question.casefold()))
        for article in self.library.values():
            for sentence in re.finditer(r"\S[^.\n]*[.!]?", article.text):
                if words & set(re.findall(r"\w{5,}", sentence[0].casefold())):
                    yield article, Span(article.id, sentence.start(), sentence.end())

    def article(self, article_id: str) -> Article:
        if article_id not in self.library:
            raise UnknownArticle(f"No article {article_id}.")
        return self.library[article_id]

    def articles(self, **_: Any) -> list[ArticleRow]:
        return [ArticleRow(facts_of(a), (), 1, 2, 1, None, True) for a in self.library.values()]

    def versions(self, article_id: str) -> list[Article]:
        return [a for a in self.library.values() if a.id == article_id]

    def zones(self, article_ids: Sequence[str]) -> dict[str, dict[Zone, int]]:
        return {i: Counter(section.zone for section in self.library[i].sections) for i in article_ids}

    def publishers(self) -> list[str]:
        return sorted({a.publisher for a in self.library.values() if a.publisher})

    def counts(self) -> Counts:
        self.embedded = min(self.embedded + 1, len(self.library))
        return Counts(len(self.library), len(self.library), self.embedded, len(self.library))

    def ingest(self, *sources: str, **_: Any) -> IngestReport:
        added, failed = [], []
        for source in sources:
            try:
                article = make_article(Path(source).read_text("utf-8"), title=Path(source).stem)
            except UnicodeDecodeError:
                failed.append(Failure(source, f"{source} holds binary data, not text."))
                continue
            self.library[article.id] = article
            self.embedded = 0
            added.append(article.id)
        return IngestReport(added=tuple(added), failed=tuple(failed))

    def warm_up(self) -> None:
        """Nothing to load."""

    def start_embedding(self) -> None:
        """Vectors come at a pace of one an article and look, see `counts`."""


# ── serving and looking ───────────────────────────────────────────────────────────────────────────────────────────────
def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _hear_ctrl_c() -> None:
    """A shell that starts the tests in the background has everything below them ignore it."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


@contextmanager
def served(command: Sequence[str], port: int, home: Path) -> Iterator[str]:
    """Run a command that serves a page, until it says so; end it as Ctrl-C does."""
    environment = {**os.environ, "ASSISTANT_HOME": str(home), "ASSISTANT_SERVER_PORT": str(port)}
    log = home / "log"
    with log.open("w") as out:
        process = subprocess.Popen(
            [sys.executable, *command], cwd=ROOT, env=environment, stdout=out, stderr=out, preexec_fn=_hear_ctrl_c
        )
    try:
        deadline = time.monotonic() + 120
        while "The page is at" not in log.read_text() and process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.2)
        assert f"The page is at http://127.0.0.1:{port} " in log.read_text()
        yield page_url("127.0.0.1", port)
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextmanager
def served_app(home: Path) -> Iterator[str]:
    """`python app.py` over its sample articles, once all are embedded: until then an answer may change between two looks."""
    with served(["app.py"], free_port(), home) as url, closing(Library(home)) as library:
        deadline = time.monotonic() + 120
        while library.unembedded(1) and time.monotonic() < deadline:
            time.sleep(0.2)
        assert not library.unembedded(1)
        yield url


@pytest.fixture(scope="module")
def harbour(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The page over the fake assistant."""
    port = free_port()
    with served([str(Path(__file__)), str(port)], port, tmp_path_factory.mktemp("harbour")) as url:
        yield url


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """`python app.py` with a fresh home, as a stranger starts it."""
    with served_app(tmp_path_factory.mktemp("app")) as url:
        yield url


def serve_fake(port: int) -> None:
    from assistant.ui.page import serve

    assistant: Any = FakeAssistant({article.id: article for article in (HARBOUR, MEMO, HOSTILE)})
    assistant.embedded = 3
    serve(assistant, host="127.0.0.1", port=port)


def ask(page: Page, question: str) -> None:
    turns = page.locator("#turns .turn")
    before = turns.count()
    page.fill("#question textarea", question)
    page.press("#question textarea", "Enter")
    turns.nth(before).wait_for()


def in_view(page: Page, selector: str) -> bool:
    """Whether the element's first line comes to lie inside the window, with nothing over it: a sheet takes time to rise."""
    from playwright.sync_api import TimeoutError as StillOutOfView

    script = """selector => {
        const element = document.querySelector(selector), box = element.getClientRects()[0];
        const seen = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
        return element === seen || element.contains(seen);
    }"""
    try:
        page.wait_for_function(script, arg=selector, timeout=3000)
    except StillOutOfView:
        return False
    return True


# ── from a number to the words ────────────────────────────────────────────────────────────────────────────────────────
@needs_chromium
@pytest.mark.parametrize(("size", "scheme"), LOOKS)
def test_a_click_on_a_number_shows_the_marked_words_without_a_request(
    harbour: str, look: Look, size: tuple[int, int], scheme: str
) -> None:
    page = look(harbour, size, scheme)
    ask(page, "What opened at the harbour?")
    links = page.locator("#turns a.cite")
    quotes = [figure.split("[")[0].strip() for figure in page.locator(".quotation blockquote p").all_inner_texts()]
    assert links.count() == len(quotes) == 5
    settle(page)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for n, quote in enumerate(quotes, start=1):
        links.nth(n - 1).click()
        page.wait_for_timeout(300)
        mark = page.locator(f"#src-1-{n}")
        assert mark.evaluate("mark => mark.textContent") == quote
        assert in_view(page, f"#src-1-{n}")
        assert mark.evaluate("mark => mark.classList.contains('flash')")
        if size == PHONE:
            page.get_by_role("button", name="Back to the answer").click()
            page.wait_for_timeout(300)
    assert asked == []


@needs_chromium
def test_the_keyboard_alone_gets_to_the_words_and_back(harbour: str, look: Look) -> None:
    page = look(harbour, PHONE)
    ask(page, "Who signed the memo?")
    page.locator("#turns a.cite").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_function("document.activeElement.id === 'src-1-1'")
    page.keyboard.press("Escape")
    page.wait_for_function("document.activeElement.className.includes('cite')")
    assert not page.evaluate("document.body.classList.contains('reading')")


@needs_chromium
def test_the_links_of_an_earlier_turn_keep_their_own_marks(harbour: str, look: Look) -> None:
    page = look(harbour)
    ask(page, "Which café opened?")
    ask(page, "Who signed?")
    page.locator('#turns a.cite[href="#src-1-1"]').click()
    assert page.locator("#src-1-1").is_visible()
    assert not page.locator("#src-2-1").is_visible()


@needs_chromium
def test_the_reader_says_what_is_retracted_and_what_a_reader_wrote(harbour: str, look: Look) -> None:
    page = look(harbour)
    ask(page, "Who signed? And what did Bob say: about time?")
    page.locator(".sources a", has_text="A memo").click()
    assert page.locator("#reader header .status:visible").inner_text() == "Retracted by its publisher"
    assert "publisher unknown · date unknown" in page.locator("#reader header:visible").inner_text()
    page.locator(".sources a", has_text="Harbour opens").click()
    label = page.locator("#reader .zone-comment:visible").evaluate("e => getComputedStyle(e, '::before').content")
    assert "reader's comment" in label


# ── the conversation ──────────────────────────────────────────────────────────────────────────────────────────────────
@needs_chromium
def test_an_answer_appears_while_it_is_made(harbour: str, look: Look) -> None:
    page = look(harbour)
    page.fill("#question textarea", "Slowly: which café opened? slowly")
    page.press("#question textarea", "Enter")
    page.locator("#live .stages", has_text="1 passages from 1 articles").wait_for()
    page.locator("#live .draft").wait_for()
    early = page.locator("#live .draft").inner_text()
    assert page.locator("#turns .turn").count() == 0
    page.locator("#turns .turn").wait_for()
    assert early.split()[0] in page.locator("#turns .answer").inner_text()
    assert page.locator("#live .turn").count() == 0


@needs_chromium
def test_an_abstention_shows_no_citation(harbour: str, look: Look) -> None:
    page = look(harbour)
    ask(page, "Who won in Norway?")
    assert "do not answer this" in page.locator("#turns").inner_text()
    assert page.locator("#turns a.cite").count() == 0
    assert page.locator("#reader mark").count() == 0


@needs_chromium
def test_a_follow_up_knows_the_history_until_it_is_cleared(harbour: str, look: Look) -> None:
    page = look(harbour)
    notes = page.locator("#turns .note")
    ask(page, "Which harbour opened?")
    ask(page, "Which memo?")
    assert "history: ['Which harbour opened?']" in notes.nth(1).inner_text()
    page.get_by_role("button", name="New").click()
    page.locator("#welcome").wait_for()
    assert page.locator("#turns .turn").count() == 0
    ask(page, "Which memo?")
    assert "history: []" in notes.first.inner_text()


@needs_chromium
@pytest.mark.parametrize(
    ("question", "said"),
    [
        pytest.param("   ", "The question is empty.", id="empty"),
        pytest.param("x " * 2500, "5,000 characters", id="too long"),
        pytest.param("boom", "Something went wrong inside the assistant", id="a bug"),
    ],
)
def test_what_went_wrong_is_said_in_the_chat(harbour: str, look: Look, question: str, said: str) -> None:
    page = look(harbour)
    page.fill("#question textarea", question)
    page.get_by_role("button", name="Ask", exact=True).click()
    page.locator("#live .error").wait_for()
    text = page.locator("#live").inner_text()
    assert said in text
    assert "Traceback" not in text
    assert "secret detail" not in text
    assert page.input_value("#question textarea") == question


@needs_chromium
def test_filters_reach_the_question_and_a_bad_date_is_named(harbour: str, look: Look) -> None:
    page = look(harbour)
    page.get_by_text("Filters and as-of date").click()
    page.get_by_label("From").fill("19.8.2025")
    page.fill("#question textarea", "Which harbour?")
    page.press("#question textarea", "Enter")
    page.locator("#live .error").wait_for()
    assert "“From” is '19.8.2025', which is no date. " in page.locator("#live").inner_text().replace("\n", " ") + " "
    page.get_by_label("From").fill("2025-08-19")
    page.get_by_label("Publisher").click()
    page.get_by_role("option", name="Harbour Courier").click()
    ask(page, "Which harbour?")
    expected = Filters(publisher="Harbour Courier", since=date(2025, 8, 19))
    assert str(expected) in page.locator("#turns .note").inner_text()


# ── hostile articles ──────────────────────────────────────────────────────────────────────────────────────────────────
@needs_chromium
def test_an_articles_markup_neither_runs_nor_loads(harbour: str, look: Look) -> None:
    page = look(harbour)
    ask(page, "What of script? <img src=x onerror=ran=7>")
    page.locator("#turns a.cite").first.click()
    page.get_by_role("tab", name="Library").click()
    page.wait_for_timeout(500)
    assert page.evaluate("window.ran") is None
    assert page.locator("#src-1-1").evaluate("mark => mark.textContent") == HOSTILE.text


@needs_chromium
def test_the_policy_stops_what_escaping_would_have_missed(harbour: str, browser: Browser) -> None:
    page = browser.new_page()
    page.goto(harbour)
    page.wait_for_selector("#question textarea")
    slipped = "<img src=x onerror='window.ran=1'><img src='http://evil.example/x.png' onload='window.ran=2'>"
    page.evaluate("html => document.body.insertAdjacentHTML('beforeend', html)", slipped)
    page.evaluate(
        "document.head.append(Object.assign(document.createElement('script'), {textContent: 'window.ran=3'}))"
    )
    page.wait_for_timeout(300)
    assert page.evaluate("window.ran") is None
    page.close()


# ── the library ───────────────────────────────────────────────────────────────────────────────────────────────────────
@needs_chromium
def test_an_upload_adds_an_article_and_names_a_bad_file_with_its_reason(
    harbour: str, look: Look, tmp_path: Path
) -> None:
    (tmp_path / "ferry.txt").write_text("The ferry sank in shallow water.")
    (tmp_path / "broken.txt").write_bytes(b"\xff\xfe\x00\x01\x80")
    page = look(harbour)
    page.get_by_role("tab", name="Library").click()
    page.set_input_files("#files input[type=file]", [tmp_path / "ferry.txt", tmp_path / "broken.txt"])
    page.locator("#report .error").wait_for()
    report = page.locator("#report").inner_text()
    assert "Added: 1" in report
    assert "broken.txt: broken.txt holds binary data, not text." in report
    page.locator("#library-line", has_text="% of passages embedded; answers use word search meanwhile").wait_for()
    page.locator("#table td", has_text="ferry").wait_for()
    page.fill("#search input, #search textarea", "harbour")
    page.locator("#table td", has_text="ferry").wait_for(state="detached")
    page.get_by_role("tab", name="Ask").click()
    ask(page, "Where did the ferry sink?")
    assert "shallow water" in page.locator("#turns").inner_text()
    page.locator("#library-line", has_not_text="embedded").wait_for()


@needs_chromium
def test_a_path_of_the_server_is_no_web_address(harbour: str, look: Look) -> None:
    page = look(harbour)
    page.get_by_role("tab", name="Library").click()
    page.fill("#url input, #url textarea", "/etc/passwd")
    page.locator("#add-button").click()
    page.locator("#report .error").wait_for()
    assert "'/etc/passwd' is no web address." in page.locator("#report").inner_text()


# ── serving ───────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_no_handler_of_the_page_is_a_public_endpoint(harbour: str) -> None:
    info = httpx.get(f"{harbour}/gradio_api/info").json()
    assert (set(info["named_endpoints"]), info["unnamed_endpoints"]) == ({"/ask", "/check"}, {})


def test_the_page_comes_with_its_policy_and_the_rest_with_a_locked_one(harbour: str) -> None:
    page = httpx.get(harbour).headers["content-security-policy"]
    other = httpx.get(f"{harbour}/theme.css").headers["content-security-policy"]
    assert "default-src 'none'" in page
    assert "unsafe-inline" not in page.split("style-src")[0]
    assert other.startswith("default-src 'none'")
    assert "sandbox" in other


def test_a_port_in_use_is_an_error_with_the_next_step() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(PortInUse, match="--port"):
        require_free_port("127.0.0.1", taken.getsockname()[1])


def test_a_taken_port_ends_app_py_with_a_sentence(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        environment = {**os.environ, "ASSISTANT_HOME": str(tmp_path), "ASSISTANT_SERVER_PORT": str(port)}
        ended = subprocess.run(
            [sys.executable, "app.py"], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
        )
    assert ended.returncode == 2
    assert ended.stderr.startswith(f"Port {port} of 127.0.0.1 is in use")
    assert "Traceback" not in ended.stderr


def test_half_a_login_is_refused() -> None:
    with pytest.raises(WrongUse, match="has no password"):
        require_whole_login("ana", "")


@pytest.mark.parametrize(
    "text", ["/etc/passwd", "file:///etc/passwd", "corpus", "ftp://a.example/x", "http://", "http://[", ""]
)
def test_only_http_addresses_are_fetched(text: str) -> None:
    with pytest.raises(WrongUse, match="is no web address"):
        require_web_address(text)


def test_neither_the_package_nor_the_library_imports_gradio() -> None:
    code = "import sys, assistant, assistant.api, assistant.ui.start; sys.exit('gradio' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


# ── the real thing ────────────────────────────────────────────────────────────────────────────────────────────────────
@needs_chromium
def test_a_stranger_asks_the_sample_articles_and_sees_the_exact_words(app: str, look: Look) -> None:
    page = look(app)
    assert page.locator("button.example").count() == 4
    page.locator("button.example").first.click()
    page.locator("#turns a.cite").first.wait_for()
    quote = page.locator(".quotation blockquote p").first.inner_text().split("[")[0].strip()
    page.locator("#turns a.cite").first.click()
    page.wait_for_timeout(200)
    assert page.locator("#src-1-1").evaluate("mark => mark.textContent") == quote
    assert in_view(page, "#src-1-1")
    ask(page, "Who won the election in Norway?")
    assert page.locator("#turns .turn").nth(1).locator("a.cite").count() == 0


@needs_chromium
def test_a_stranger_adds_an_article_and_is_told_why_another_is_none(app: str, look: Look, tmp_path: Path) -> None:
    (tmp_path / "lighthouse.txt").write_text(
        "Lighthouse keeper retires\n\nOdalys Brannigan kept the lighthouse at Quillmere Point for forty-one years. "
        "She retired on Friday and gave her boat to the school.\n" * 2
    )
    (tmp_path / "broken.pdf").write_bytes(b"%PDF-1.7 and then nothing")
    page = look(app)
    page.get_by_role("tab", name="Library").click()
    page.set_input_files("#files input[type=file]", [tmp_path / "lighthouse.txt", tmp_path / "broken.pdf"])
    page.locator("#report .error").wait_for()
    assert "broken.pdf: " in page.locator("#report").inner_text()
    assert str(tmp_path) not in page.locator("#report").inner_text()
    page.get_by_role("tab", name="Ask").click()
    ask(page, "How long did Odalys Brannigan keep the lighthouse at Quillmere Point?")
    assert "forty-one years" in page.locator("#turns").inner_text()
    page.get_by_role("tab", name="Library").click()
    page.fill("#url input, #url textarea", app)
    page.locator("#add-button").click()
    page.locator("#report", has_text="private network").wait_for()


if __name__ == "__main__":
    serve_fake(int(sys.argv[1]))
