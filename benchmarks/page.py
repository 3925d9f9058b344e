"""What a reader of the page waits for, in a real Chromium: its first load, an answer, the words behind a number; and a crowd.

The page is app.py over the sample corpus, its answers the library's own sentences. Beside it a bare Gradio chat that echoes:
the least that a page of this framework weighs, and the least that its way to the server and back takes. Times are those of the
browser's own clock.
"""

from __future__ import annotations

import shutil
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from assistant.resources import checkout
from benchmarks.asking import load_questions
from benchmarks.measuring import Figure, Goal, in_child, percentile
from benchmarks.plan import Plan
from benchmarks.serving import BARE_CHAT, served
from benchmarks.startup import build

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

ASKED, ASKED_QUICK = 30, 6  # questions, one a page
CLICKED, ROUNDS = 5, 6  # questions whose numbers are clicked, and how often each
PEOPLE, QUESTIONS_EACH = 20, 2
ANSWER_S = 120.0  # longer is an error
SETTLE_S = 2.0  # after the page can be used: what it still loads belongs to its weight
BARE = "a bare Gradio chat"

# Resolves when an answer is whole, with milliseconds since Enter or the click that asked; or with what went wrong.
TIME_ANSWER = """([field, piece, whole, limit]) => {
    const count = (selector) => document.querySelectorAll(selector).length;
    const before = count(whole);
    let asked = 0, first = 0;
    const start = () => asked ||= performance.now();
    document.querySelector(field).addEventListener("keydown", (event) => event.key === "Enter" && start(), true);
    window.ask = () => (start(), document.querySelector("#ask-button").click());
    window.answered = new Promise((resolve) => {
        const look = () => {
            const now = performance.now(), error = document.querySelector(".error[role=alert]");
            if (error) resolve({ error: error.textContent });
            if (!asked || (!count(piece) && count(whole) === before)) return;
            first ||= now;
            if (count(whole) > before) resolve({ first: first - asked, whole: now - asked });
        };
        new MutationObserver(look).observe(document, { childList: true, subtree: true, characterData: true });
        setTimeout(() => resolve({ error: "no answer in time" }), limit);
    });
}"""
# Resolves once what the next click shows is painted: milliseconds since the click, and whether the mark is in sight.
TIME_CLICK = """(id) => {
    const inSight = () => {
        const mark = document.getElementById(id)?.getClientRects()[0];
        const reader = document.getElementById("reader").getBoundingClientRect();
        return Boolean(mark) && mark.top >= reader.top && mark.bottom <= Math.min(reader.bottom, innerHeight);
    };
    window.shown = new Promise((resolve) => addEventListener("click", (event) => requestAnimationFrame(() => {
        const painted = new MessageChannel(); // its message comes after the frame
        painted.port1.onmessage = () => resolve({ ms: performance.now() - event.timeStamp, inSight: inSight() });
        painted.port2.postMessage(0);
    }), { capture: true, once: true }));
}"""


@dataclass(frozen=True, slots=True)
class Site:
    """Where a page takes a question and shows an answer, as CSS selectors."""

    field: str
    piece: str
    """There as soon as something of the answer is."""
    whole: str
    """One for each answered question."""


OURS = Site("#question textarea", "#live .draft", "#turns .turn")
BARE_SITE = Site("textarea", ".nothing", "[data-testid=bot]")


def measure(plan: Plan) -> list[Figure]:
    root, chromium = checkout(), _chromium()
    if root is None or chromium is None:
        print("page is left out: it needs a checkout, playwright and a Chromium", file=sys.stderr)
        return []
    folder = plan.folder("page")
    in_child(build, replace(plan, peer=False), folder)  # the sample corpus, and no quick start beside it
    questions = [question for question, _ in load_questions(plan)]
    with chromium() as browser:
        bare = _bare(browser, folder, plan, questions) if plan.peer else {}
        with served([str(root / "app.py")], folder / "home") as url:
            figures = [
                *_weight_figures(first_load(browser, url, OURS), bare.get("weight")),
                *_answer_figures(ask_each(browser, url, OURS, _asked(plan, questions)), bare.get("answers")),
                *_click_figures(click_numbers(browser, url, questions[:CLICKED])),
                *_crowd_figures(ask_at_once(browser, url, questions)),
            ]
    shutil.rmtree(folder)
    return figures


def _chromium() -> Callable[[], AbstractContextManager[Browser]] | None:
    """`chromium` of the tests; None when they, playwright or a Chromium are not there."""
    root = checkout()
    if root is None or not (root / "tests" / "chromium.py").is_file():
        return None
    with patch.object(sys, "path", [*sys.path, str(root / "tests")]):
        try:
            from chromium import CHROMIUM, chromium  # type: ignore[import-not-found,unused-ignore]
        except ImportError:
            return None
    return chromium if CHROMIUM else None


def _bare(browser: Browser, folder: Path, plan: Plan, questions: Sequence[str]) -> dict[str, Any]:
    with served(["-c", BARE_CHAT], folder / "bare") as url:
        weight = first_load(browser, url, BARE_SITE)
        return {"weight": weight, "answers": ask_each(browser, url, BARE_SITE, _asked(plan, questions))}


def _asked(plan: Plan, questions: Sequence[str]) -> Sequence[str]:
    return questions[: ASKED_QUICK if plan.quick else ASKED]


# --- The first load ---------------------------------------------------------------------------------------------------


def first_load(browser: Browser, url: str, site: Site) -> Counter[str]:
    """Bytes on the wire by media type, heads of the replies included, with an empty cache."""
    with _page(browser) as page:
        network = page.context.new_cdp_session(page)
        kinds: dict[str, str] = {}
        sizes: Counter[str] = Counter()
        network.on("Network.responseReceived", lambda e: kinds.update({e["requestId"]: e["response"]["mimeType"]}))
        network.on("Network.dataReceived", lambda e: sizes.update({e["requestId"]: e["dataLength"]}))
        # Streams of events never end: of them what was read counts, of all others what was sent.
        network.on("Network.loadingFinished", lambda e: sizes.update(_correction(e, sizes)))
        network.send("Network.enable")
        network.send("Network.setCacheDisabled", {"cacheDisabled": True})
        page.goto(url)
        page.wait_for_selector(site.field)
        page.wait_for_timeout(1000 * SETTLE_S)
    weight: Counter[str] = Counter()
    for request, size in sizes.items():
        weight[kinds.get(request, "other")] += size
    return weight


def _correction(event: Mapping[str, Any], sizes: Mapping[str, int]) -> dict[str, int]:
    name = event["requestId"]
    return {name: round(event["encodedDataLength"]) - sizes.get(name, 0)}


# --- One after another ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Took:
    """Milliseconds from asking to what stands in the page."""

    first: float
    """Something of the answer."""
    whole: float


def ask_each(browser: Browser, url: str, site: Site, questions: Sequence[str]) -> list[Took]:
    """Each question on a page of its own, one more before them. Raises RuntimeError for one without an answer."""
    took = []
    for question in [questions[0], *questions]:
        with _page(browser) as page:
            _open(page, url, site)
            result = _ask(page, site, question)
        if isinstance(result, str):
            raise RuntimeError(f"{question!r}: {result}")
        took.append(result)
    return took[1:]


def click_numbers(browser: Browser, url: str, questions: Sequence[str]) -> list[dict[str, Any]]:
    """One conversation; then each number in it, again and again, so that articles and turns change between clicks."""
    with _page(browser) as page:
        _open(page, url, OURS)
        for question in questions:
            _ask(page, OURS, question)
        links = page.locator("#turns a.cite").all()
        clicks = []
        for link in links * ROUNDS:
            target = (link.get_attribute("href") or "").removeprefix("#")
            link.scroll_into_view_if_needed()
            page.evaluate(TIME_CLICK, target)
            link.click()
            clicks.append(page.evaluate("window.shown"))
    return clicks


def _open(page: Page, url: str, site: Site) -> None:
    page.goto(url)
    page.wait_for_selector(site.field)
    page.wait_for_timeout(500)  # its scripts and its first events


def _ask(page: Page, site: Site, question: str) -> Took | str:
    page.fill(site.field, question)
    _arm(page, site)
    page.press(site.field, "Enter")
    return _answered(page)


def _arm(page: Page, site: Site) -> None:
    page.evaluate(TIME_ANSWER, [site.field, site.piece, site.whole, 1000 * ANSWER_S])


def _answered(page: Page) -> Took | str:
    result = page.evaluate("window.answered")
    return result["error"] if "error" in result else Took(result["first"], result["whole"])


# --- Many people at once ----------------------------------------------------------------------------------------------


def ask_at_once(browser: Browser, url: str, questions: Sequence[str]) -> list[Took | str]:
    """Everybody, each on a page and in a session of their own, presses Ask at the same moment, several times over."""
    results: list[Took | str] = []
    pages = [browser.new_context().new_page() for _ in range(PEOPLE)]
    for page in pages:
        _open(page, url, OURS)
    for turn in range(QUESTIONS_EACH):
        for person, page in enumerate(pages):
            page.fill(OURS.field, questions[(turn * PEOPLE + person) % len(questions)])
            _arm(page, OURS)
        moment = 1000 * time.time() + 1500
        for page in pages:
            page.evaluate("(moment) => { setTimeout(() => window.ask(), moment - Date.now()); }", moment)
        results += [_answered(page) for page in pages]
    for page in pages:
        page.context.close()
    return results


@contextmanager
def _page(browser: Browser) -> Iterator[Page]:
    """With a cache and a storage of its own."""
    context = browser.new_context(viewport={"width": 1400, "height": 900})
    yield context.new_page()
    context.close()


# --- Figures ----------------------------------------------------------------------------------------------------------


def _weight_figures(weight: Counter[str], bare: Counter[str] | None) -> Iterator[Figure]:
    details = {kind: round(size / 1000, 1) for kind, size in weight.most_common()}
    peer = bare.total() / 1000 if bare else None
    yield Figure("page, first load", weight.total() / 1000, "kB", Goal("<", 700), peer, BARE, details=details)


def _answer_figures(took: Sequence[Took], bare: Sequence[Took] | None) -> Iterator[Figure]:
    for name, share in (("p50", 0.5), ("p95", 0.95)):
        peer = percentile([one.first for one in bare], share) if bare else None
        first = percentile([one.first for one in took], share)
        details = {"whole_ms": percentile([one.whole for one in took], share), "questions": len(took)}
        yield Figure(
            f"page, Enter to first of the answer, {name}", first, "ms", Goal("<", 500), peer, BARE, details=details
        )


def _click_figures(clicks: Sequence[Mapping[str, Any]]) -> Iterator[Figure]:
    times = [click["ms"] for click in clicks]
    for name, share in (("p50", 0.5), ("p95", 0.95)):
        figure = percentile(times, share)
        yield Figure(
            f"page, click to marked words, {name}", figure, "ms", Goal("<", 50), details={"clicks": len(clicks)}
        )
    missed = sum(not click["inSight"] for click in clicks)
    yield Figure("page, clicks without the words in sight", missed, "clicks", Goal("<", 1))


def _crowd_figures(results: Sequence[Took | str]) -> Iterator[Figure]:
    took = [one for one in results if isinstance(one, Took)]
    errors = [one for one in results if isinstance(one, str)]
    yield Figure(
        f"page, {PEOPLE} people at once, errors",
        len(errors),
        f"of {len(results)}",
        Goal("<", 1),
        details={"errors": errors},
    )
    for name, share in (("p50", 0.5), ("p95", 0.95)) if took else ():
        first = percentile([one.first for one in took], share)
        details = {"whole_ms": percentile([one.whole for one in took], share)}
        yield Figure(f"page, {PEOPLE} people at once, first of the answer, {name}", first, "ms", details=details)
