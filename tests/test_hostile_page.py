"""Fifty answers over articles that fight back: every mark has the words of its citation, and nothing of theirs runs or loads.

Emoji, combining marks, right-to-left and invisible characters stand in the articles, twenty attempts to run a script in their
text, title, publisher, author and address, in the name of an uploaded file, and in what a chat model replies. One process
serves two pages over one library, one that quotes and one that has a model write; this file, run as a script, is that process.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from chromium import Look, looking, needs_chromium
from fake_requests import WRITING, as_json, asks_for_json, default_reply, question_of, shown_sentence, step_of
from fake_server import FakeServer
from test_page import ask, free_port, served

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

PAYLOADS = (
    "<script>ran=1</script>",
    "<img src=loaded onerror=ran=2>",
    '"><img src=http://evil.example/loaded.png onload=ran=3>',
    "'><svg onload=ran=4>",
    "</mark></p></article><script>ran=5</script>",
    "<svg><script href='data:text/javascript,ran=6'/></svg>",
    "<iframe srcdoc='<script>parent.ran=7</script>'></iframe>",
    "<iframe src='javascript:parent.ran=8'></iframe>",
    "<a href='javascript:ran=9' autofocus onfocus=ran=9>this</a>",
    "<details open ontoggle=ran=10>here</details>",
    "<video><source onerror=ran=11></video>",
    "<math><mtext><table><mglyph><style><img src=loaded onerror=ran=12>",
    "<noscript><p title='</noscript><img src=loaded onerror=ran=13>'>",
    "<style>@import 'http://evil.example/loaded.css';</style>",
    "<p style=\"background:url('http://evil.example/loaded.png')\">there</p>",
    "<meta http-equiv=refresh content='0;url=http://evil.example/loaded'>",
    "<base href='http://evil.example/'><link rel=stylesheet href=loaded>",
    "<form action=http://evil.example/loaded><input name=a onfocus=ran=18 autofocus></form>",
    "${(window.ran=19)} {{window.ran=19}} #{window.ran=19}",
    "&lt;img src=loaded onerror=ran=20&gt; [x](javascript:window.ran=20) ![x](http://evil.example/loaded)",
)
CURIOUS = (
    "👩‍👩‍👧‍👦 🏳️‍🌈 🇺🇦",
    "Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢L̠ͨͧͩ͘G̴̻͈͍͔̹̑͗̎̅͛́Ǫ̵̹̻̝̳͂̌̌͘",
    "مرحبا بالعالم، ١٢٣",
    "שָׁלוֹם עוֹלָם",
    "\u202eyltnetsisrep\u202c and \u2067שלום abc\u2069",
    "zero\u200bwidth\u200djoined\u2060words\ufeff",
    "e\u0301\u0323 against é, ﬁnal ½ and 10²",
    "नमस्ते क्षि ไทย 中文。",
    "𝔘𝔫𝔦𝔠𝔬𝔡𝔢 🧑🏽‍🚀",
    "non\u00a0breaking\u2009thin\u3000wide",
)
PLACES = (
    "Ashgrove Birchmere Coldhaven Dunwick Elmsbury Farrowdale Glenmoor Hartsford Ivybridge Juniperton Kestrelwick "
    "Larkspur Mossfield Netherby Oakhollow Pinecross Quarrydale Ravenscar Stonebeck Thornlea Umberleigh Vinecombe "
    "Westmarsh Yarrowby Zellwick"
).split()
BOUGHT = ("lanterns", "bicycles", "benches", "kettles", "ladders")
SENT = ("nurses", "drummers", "gardeners", "plumbers", "bakers")
UPLOADED = "The harbour master of Quillport counted 812 herons on Tuesday <img src=loaded onerror=ran=21> 👩‍👧."
COUNTED = "How many herons did the harbour master of Quillport count?"
FILE_NAME = "'\"><img src=loaded onerror=ran=22>.txt"


def hostile_article(n: int) -> dict[str, str]:
    """The n-th article: two facts to ask for, each beside something curious and an attempt."""
    place, curious, attempt = PLACES[n], CURIOUS[n % len(CURIOUS)], PAYLOADS[n % len(PAYLOADS)]
    others = [PAYLOADS[(n + shift) % len(PAYLOADS)] for shift in (3, 7, 11, 16)]
    return {
        "id": f"hostile-{n}",
        "title": f"{place} {others[0]} {curious}",
        "publisher": f"Courier {others[1]}",
        "author": others[2],
        "url": f"javascript:ran={n}//{others[3]}" if n % 2 else f"https://paper.example/{n}?{others[3]}",
        "published": f"2026-03-{n + 1:02}",
        "text": f"{curious} {place}\r\n\r\n"
        f"The council of {place} bought {n + 11} {bought(n)} {curious} {attempt} on Monday.\r\n{curious}\r\r"
        f"The hospital of {place} sent {n + 70} {sent(n)} {attempt} to the {curious} coast on Friday.\n{others[0]}",
    }


def bought(n: int) -> str:
    return BOUGHT[n % len(BOUGHT)]


def sent(n: int) -> str:
    return SENT[n % len(SENT)]


def about_the_council(n: int) -> str:
    return f"How many {bought(n)} did the council of {PLACES[n]} buy?"


def about_the_hospital(n: int) -> str:
    return f"How many {sent(n)} did the hospital of {PLACES[n]} send?"


QUOTED = [*map(about_the_council, range(25)), *map(about_the_hospital, range(20, 25))]
WRITTEN = [*map(about_the_hospital, range(20))]


# ── two pages over the hostile library ────────────────────────────────────────────────────────────────────────────────
def hostile_reply(request: dict[str, Any]) -> str:
    """The sentence that was shown, and an attempt of the model's own before and behind it."""
    if step_of(request) not in WRITING:
        return default_reply(request)
    n = next(n for n, place in enumerate(PLACES) if place in question_of(request))
    attempt = PAYLOADS[n % len(PAYLOADS)]
    words = f"The hospital says {attempt} and more. {shown_sentence(request)} [1.1]"
    return as_json(words) if asks_for_json(request) else words


def serve_pages(home: str, quoting: int, writing: int) -> None:
    from assistant import Assistant
    from assistant.settings import ServerSettings
    from assistant.ui.page import build_page, launch_page, serve

    articles = Path(home, "articles.jsonl")
    lines = (json.dumps(hostile_article(n)) for n in range(len(PLACES)))
    articles.write_text("\n".join(lines), encoding="utf-8")
    with FakeServer(reply=hostile_reply) as model, Assistant(home, embedder="static") as quotes:
        assert not quotes.ingest(articles).failed
        os.environ |= {"OPENAI_BASE_URL": model.url, "OPENAI_API_KEY": "none"}
        with Assistant(home, embedder="static", answerer="chat", llm="openai:fake-1", llm_queries=False) as writes:
            launch_page(build_page(writes), ServerSettings(port=writing))
            serve(quotes, port=quoting)


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """(the page that quotes, the page that has a model write)"""
    home, writing, quoting = tmp_path_factory.mktemp("hostile"), free_port(), free_port()
    with served([str(Path(__file__)), str(home), str(quoting), str(writing)], quoting, home) as url:
        yield url, f"http://127.0.0.1:{writing}"


@pytest.fixture
def look(browser: Browser) -> Iterator[Look]:
    """Pages that may neither complain nor ask another machine, and on which nothing of an article's may run or be loaded."""
    opened: list[Page] = []
    asked: list[str] = []
    dialogs: list[str] = []

    def ready(page: Page) -> None:
        opened.append(page)
        page.on("request", lambda request: asked.append(request.url))
        page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
        page.wait_for_selector("#question textarea")

    with looking(browser, ready) as open_page:
        yield open_page
        for page in opened:
            assert page.evaluate("window.ran") is None
            assert [frame.url for frame in page.frames[1:]] == []
        assert dialogs == []
        assert [url for url in asked if "loaded" in url or "evil" in url] == []


def cited_quotes(url: str, questions: Sequence[str]) -> dict[str, str]:
    """The quotations that the API cites for these questions, by the id of the mark that the page has for each."""
    from gradio_client import Client

    client = Client(url, verbose=False, analytics_enabled=False, httpx_kwargs={"timeout": 60})
    jobs = [client.submit(question, api_name="/ask") for question in questions]
    answers = [job.result(timeout=60) for job in jobs]
    return {
        f"src-{turn}-{citation['marker']}": citation["quote"]
        for turn, answer in enumerate(answers, start=1)
        for citation in answer["citations"]
    }


def marked_words(page: Page) -> dict[str, str]:
    """The words of every mark in the reader by its id, a split one joined."""
    pieces = page.evaluate(
        "[...document.querySelectorAll('#reader [data-src]')].map(m => [m.dataset.src, m.textContent])"
    )
    words: dict[str, str] = {}
    for mark, text in pieces:
        words[mark] = words.get(mark, "") + text
    return words


# ── the fifty ─────────────────────────────────────────────────────────────────────────────────────────────────────────
@needs_chromium
def test_every_mark_of_quoted_answers_has_the_words_of_its_citation(pages: tuple[str, str], look: Look) -> None:
    page = look(pages[0])
    for question in QUOTED:
        ask(page, question)
    expected = cited_quotes(pages[0], QUOTED)
    assert {mark.split("-")[1] for mark in expected} == {str(n + 1) for n in range(len(QUOTED))}  # no answer is silent
    assert marked_words(page) == expected


@needs_chromium
def test_every_mark_of_written_answers_has_the_words_of_its_citation(pages: tuple[str, str], look: Look) -> None:
    page = look(pages[1])
    for question in WRITTEN:
        ask(page, question)
    expected = cited_quotes(pages[1], WRITTEN)
    assert {mark.split("-")[1] for mark in expected} == {str(n + 1) for n in range(len(WRITTEN))}
    assert marked_words(page) == expected
    shown = "".join(page.locator("#turns").evaluate("turns => turns.textContent").split())
    assert [attempt for attempt in PAYLOADS if "".join(attempt.split()) not in shown] == []


@needs_chromium
def test_an_uploaded_file_is_shown_by_its_name_and_cited_by_its_words(
    pages: tuple[str, str], look: Look, tmp_path: Path
) -> None:
    (tmp_path / FILE_NAME).write_text(f"{UPLOADED}\n", encoding="utf-8")
    page = look(pages[0])
    page.get_by_role("tab", name="Library").click()
    page.set_input_files("#files input[type=file]", [tmp_path / FILE_NAME])
    page.locator("#report", has_text="Added").wait_for()
    page.get_by_role("tab", name="Ask").click()
    ask(page, COUNTED)
    assert marked_words(page) == cited_quotes(pages[0], [COUNTED])
    assert UPLOADED in marked_words(page).values()


@needs_chromium
def test_the_check_tab_and_the_library_show_the_same_articles_as_text(pages: tuple[str, str], look: Look) -> None:
    page = look(pages[0])
    page.get_by_role("tab", name="Library").click()
    page.locator("#table", has_text=PLACES[0]).wait_for()
    page.get_by_role("tab", name="Check").click()
    page.locator("#claim textarea").fill(f"The council of {PLACES[3]} bought 99 {bought(3)}. {PAYLOADS[1]}")
    page.get_by_role("button", name="Check", exact=True).click()
    page.locator("#verdict .verdict").wait_for()
    page.locator("#checked .card", has_text=PLACES[3]).first.wait_for()
    page.locator("#checked details").evaluate_all("all => all.forEach(one => one.open = true)")
    quotes = page.locator("#checked mark.quote").all_text_contents()
    assert any(PAYLOADS[3] in quote for quote in quotes)


if __name__ == "__main__":
    serve_pages(sys.argv[1], *map(int, sys.argv[2:]))
