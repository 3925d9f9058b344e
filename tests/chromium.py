"""A real Chromium for the tests of pages, and the sizes that they are looked at in."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Request

# The first is the same engine without a window of its own: a new page takes a fifth of the time.
PROGRAMS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
CHROMIUM = next(filter(None, map(shutil.which, PROGRAMS)), None)
# Without these it asks its maker's servers for this and that.
ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
DESK, TABLET, PHONE = (1400, 900), (1024, 768), (390, 844)
LOOKS = [
    pytest.param(DESK, "light", id="desk"),
    pytest.param(TABLET, "dark", id="tablet"),
    pytest.param(PHONE, "light", id="phone"),
]
"""Every size that the page is made for: `parametrize(("size", "scheme"), LOOKS)`. `barriers` looks in both schemes."""
# Ends what is moving: half of a fade has not the contrast that a reader gets.
STILL = "document.getAnimations().forEach(one => one.effect.getComputedTiming().endTime < Infinity && one.finish())"
# Switches the page as Gradio does for a browser that prefers the dark; returns what it was before.
DARK = """dark => { const was = document.body.classList.contains('dark');
                    document.body.classList.toggle('dark', dark); return was; }"""

# What each page has asked its server to do and not yet heard the end of.
_under_way: WeakKeyDictionary[Page, set[Request]] = WeakKeyDictionary()

needs_chromium = pytest.mark.skipif(
    CHROMIUM is None, reason="no Chromium. Run: apt-get install chromium-headless-shell"
)


@contextmanager
def chromium() -> Iterator[Browser]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGS)
        yield browser
        browser.close()


@contextmanager
def looking(browser: Browser, ready: Callable[[Page], None]) -> Iterator[Callable[..., Page]]:
    """Opens pages of this machine, each until `ready` returns; none may complain in its console or ask another machine."""
    contexts, complaints, requests = [], [], []

    def note(request: Request) -> None:
        if not request.url.startswith(("http://127.0.0.1:", "data:", "blob:")):
            requests.append(request.url)

    def open_page(url: str, size: tuple[int, int] = DESK, scheme: Any = "light") -> Page:
        context = browser.new_context(viewport={"width": size[0], "height": size[1]}, color_scheme=scheme)
        contexts.append(context)
        context.on("request", note)
        page = context.new_page()
        watch_events(page)
        page.on("console", lambda m: complaints.append(m.text) if m.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(url)
        ready(page)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not complaints, complaints
    assert not requests, requests


Look = Callable[..., "Page"]
"""look(url, size=DESK, scheme="light"): an open page of its own browser profile, in use until the test ends."""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as running:
        yield running


@pytest.fixture
def ready() -> Callable[[Page], None]:
    """Returns once a page can be used; the tests of a tab have their own, which opens it."""

    def question_field_is_there(page: Page) -> None:
        page.wait_for_selector("#question textarea")

    return question_field_is_there


@pytest.fixture
def look(browser: Browser, ready: Callable[[Page], None]) -> Iterator[Look]:
    """Opens pages; whatever they do, they neither complain in the console nor ask another machine for anything."""
    with looking(browser, ready) as open_page:
        yield open_page


def settle(page: Page) -> None:
    """Wait until all that the page began has ended: one that leaves while something is on its way is heard to complain.

    At most 6 s: now and then Gradio's client leaves a stream open through which nothing comes any more.
    """
    quiet = 0
    for _ in range(120):
        page.wait_for_timeout(50)
        quiet = 0 if _under_way[page] else quiet + 1
        if quiet == 3:
            return


def watch_events(page: Page) -> None:
    """Gradio asks for an event at /queue/join and hears of it in the stream /queue/data, which ends with the last event."""
    under_way = _under_way.setdefault(page, set())

    def begun(request: Request) -> None:
        if "/queue/" in request.url:
            under_way.add(request)

    def ended(request: Request) -> None:
        under_way.discard(request)

    page.on("request", begun)
    page.on("requestfinished", ended)
    page.on("requestfailed", ended)


def barriers(page: Page) -> list[str]:
    """What keeps somebody out of the page as it stands, in light and in dark: axe-core's serious and critical violations."""
    page.evaluate(_axe())
    return [barrier for scheme in ("light", "dark") for barrier in _barriers_in(page, scheme)]


def _barriers_in(page: Page, scheme: str) -> list[str]:
    was_dark = page.evaluate(DARK, scheme == "dark")
    page.evaluate(STILL)
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    page.evaluate(DARK, was_dark)
    return [
        f"{scheme}: {violation['id']}: {node['html'][:200]} ({node['failureSummary']})"
        for violation in found["violations"]
        if violation["impact"] in ("serious", "critical")
        for node in violation["nodes"]
    ]


@cache
def _axe() -> str:
    return files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")
