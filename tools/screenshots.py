"""Takes the pictures of the page that the documentation shows: docs/images/*.png. Run by `make docs`.

    python -m tools.screenshots [ask check conflict library evaluation phone dark]

Serves the sample corpus from a home of its own and does in Chromium what a reader would do. What is looked for is named by
role and label, so that a picture fails when the page no longer offers it.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from PIL import Image

from benchmarks.serving import served

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

ROOT = Path(__file__).resolve().parent.parent
OUT = ROOT / "docs" / "images"
DESK, PHONE = (1400, 900), (390, 844)
STILL_MS = 2000  # until what was clicked has ended its flash and the page has come to rest
QUESTION = "How many households in Alderbrook were told not to drink their tap water?"
DRAFT = (
    "Forty tonnes of diesel leaked from the ferry into Pennock Sound. The strike at Voltmark ended in November. "
    "6,800 households got tainted water. The county’s answer is a disgrace."
)


# ── what a reader does ────────────────────────────────────────────────────────────────────────────────────────────────
def ask(page: Page) -> None:
    page.get_by_label("Your question").fill(QUESTION)
    page.keyboard.press("Enter")
    page.get_by_role("log", name="Conversation").get_by_role("link", name="1", exact=False).first.wait_for()
    page.wait_for_timeout(STILL_MS)


def ask_and_follow(page: Page) -> None:
    ask(page)
    page.locator("#turns a.cite").first.click()


def check(page: Page) -> None:
    page.get_by_role("tab", name="Check").click()
    page.get_by_label("A claim or a draft").fill(DRAFT)
    page.get_by_role("button", name="Check", exact=True).click()
    page.get_by_role("list", name="Claims at a glance").wait_for()
    page.wait_for_timeout(STILL_MS)


def see_the_conflict(page: Page) -> None:
    check(page)
    page.locator("#conflicts").get_by_role("link", name="Read it in the article").first.click()
    page.evaluate("assistant.bringUp(document.getElementById('check-result'), document.getElementById('conflicts'))")


def look_into_the_library(page: Page) -> None:
    page.get_by_role("tab", name="Library").click()
    page.get_by_role("table", name="Articles").wait_for()
    page.get_by_label("Search the articles").fill("ferry")
    page.wait_for_timeout(STILL_MS)
    page.get_by_role("table", name="Articles").get_by_role("button", name="Ferry").first.click()


def evaluate(page: Page) -> None:
    page.get_by_role("tab", name="Evaluation").click()
    page.locator("#eval-facts .set").wait_for()  # before it is read there is nothing to run
    page.get_by_label("All", exact=True).check()
    page.get_by_role("button", name="Run", exact=True).click()
    page.get_by_text("The run is kept under Earlier runs.").wait_for(timeout=300_000)
    page.get_by_role("link", name="Figures", exact=True).click()


@dataclass(frozen=True, slots=True)
class Picture:
    """What is done before it is taken, and how the page is looked at."""

    do: Callable[[Page], None]
    size: tuple[int, int] = DESK
    scheme: Any = "light"


PICTURES = {
    "ask": Picture(ask_and_follow),
    "check": Picture(check),
    "conflict": Picture(see_the_conflict),
    "library": Picture(look_into_the_library),
    "evaluation": Picture(evaluate),
    "phone": Picture(ask_and_follow, PHONE),
    "dark": Picture(ask_and_follow, scheme="dark"),
}


# ── taking and keeping ────────────────────────────────────────────────────────────────────────────────────────────────
def main() -> int:
    sys.path.append(str(ROOT / "tests"))
    from chromium import ARGS, CHROMIUM  # type: ignore[import-not-found,unused-ignore]
    from playwright.sync_api import sync_playwright

    names = sys.argv[1:] or list(PICTURES)
    if unknown := set(names).difference(PICTURES):
        print(f"There is no picture {', '.join(sorted(unknown))}; there are {', '.join(PICTURES)}.", file=sys.stderr)
        return 2
    if CHROMIUM is None:
        print("There is no Chromium. Run: apt-get install chromium-headless-shell", file=sys.stderr)
        return 1
    with (
        TemporaryDirectory(prefix="screenshots-") as home,
        served([str(ROOT / "app.py")], Path(home)) as url,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=[*ARGS, "--hide-scrollbars"])
        for name in names:
            size = save(take(browser, url, PICTURES[name]), OUT / f"{name}.png")
            print(f"{name}.png: {size / 1000:.0f} kB", flush=True)
        browser.close()
    return 0


def take(browser: Browser, url: str, picture: Picture) -> bytes:
    width, height = picture.size
    page = browser.new_page(viewport={"width": width, "height": height}, color_scheme=picture.scheme)
    page.set_default_timeout(60_000)
    page.goto(url)
    page.get_by_text("36 articles, 108 passages.").wait_for()  # every one of them embedded
    picture.do(page)
    page.mouse.move(0, 0)
    page.wait_for_timeout(STILL_MS)
    png = page.screenshot()
    page.close()
    return png


def save(png: bytes, path: Path) -> int:
    """Write the picture in 256 colours, which no eye tells from the original; returns the bytes it takes."""
    image = Image.open(BytesIO(png)).convert("RGB").quantize(256, dither=Image.Dither.NONE)
    image.save(path, optimize=True)
    return path.stat().st_size


if __name__ == "__main__":
    sys.exit(main())
