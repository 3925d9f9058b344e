"""Text and metadata to an Article, and the reasons why something is none."""

from __future__ import annotations

import hashlib
import json
from datetime import date, datetime
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from test_zones import PIECES, STORY

from assistant.articles import detect_language, make_article, parse_date, publisher_of
from assistant.errors import UnreadableArticle
from assistant.text import canonical_text
from assistant.types import Article, Status, Zone

SHARED = Path(__file__).parents[2] / "shared"
SATURDAY = date(2025, 3, 15)


def test_an_article_is_its_canonical_text_and_the_hash_of_it() -> None:
    article = make_article("\ufeff  The bridge is closed.\r\nFor nine weeks.\n")
    assert article.text == "The bridge is closed.\nFor nine weeks."
    assert article.id == hashlib.sha256(article.text.encode()).hexdigest()
    assert {section.span.article_id for section in article.sections} == {article.id}


def test_metadata_that_is_not_known_is_none() -> None:
    article = make_article(STORY)
    facts = (article.title, article.url, article.publisher, article.author, article.published, article.source_id)
    assert facts == (None,) * 6


def test_empty_metadata_is_unknown_and_spaces_are_tidied() -> None:
    article = make_article(STORY, title="  Bridge \n closes ", author=" ", publisher="")
    assert (article.title, article.author, article.publisher) == ("Bridge closes", None, None)


@pytest.mark.parametrize(
    ("url", "publisher"),
    [
        ("https://www.courier.example/a", "courier.example"),
        ("https://news.courier.example:8080/a", "news.courier.example"),
        (None, None),
        ("http://[", None),
    ],
)
def test_the_publisher_falls_back_to_the_host(url: str | None, publisher: str | None) -> None:
    assert publisher_of(url) == publisher


def test_the_fingerprint_names_the_code_that_made_text_zones_and_language() -> None:
    assert make_article(STORY).fingerprint.startswith("canonical-1+zones-1+py3langid-")


# --- Refusals


CONSENT = "We value your privacy. We and our 834 partners store cookies on your device. Accept all Manage preferences"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "empty"),
        (" \n\t\u00a0", "empty"),
        ("Words. " * 800_000, r"Its text is 5\.6 MB; the limit is 5 MB"),
        ("x" * 300_000, "one line of 300 kB without sentences"),
        ("word " * 60_000, "one line of 299 kB without sentences"),
        ("\ufffd" * 50 + " the bridge", "can't be decoded"),
        ("12345 67890 --- 2025", "no words"),
        (CONSENT, "cookie wall"),
        ("404\n\nPage not found", "error page"),
        ("404 - Not Found\nnginx", "error page"),
        ("Oops! The page you are looking for could not be found. Try the search.", "error page"),
        ("Access Denied\nYou don't have permission to access this server.", "error page"),
        ("Just a moment...\nVerify you are human", "error page"),
    ],
    ids=lambda value: value[:24].strip() if isinstance(value, str) else None,
)
def test_what_is_no_article_is_refused_with_the_reason(text: str, reason: str) -> None:
    with pytest.raises(UnreadableArticle, match=reason):
        make_article(text)


@pytest.mark.parametrize(
    "text",
    [
        "The bridge is closed. It will open in spring. " * 6000,
        "桥梁将关闭九周。" * 30_000,
        f"{STORY} {STORY} {CONSENT} {STORY} {STORY} {STORY} {STORY} {STORY}",
        "404 homes were destroyed when the river rose on Monday, the mayor said.",
        "500 workers walked out of the plant on Tuesday, their union said.",
        "The Forbidden City reopens on Monday after nine weeks of repairs to its gates.",
    ],
    ids=[
        "a long line of prose",
        "a long line of Chinese",
        "an article on cookie walls",
        "404 homes",
        "500 workers",
        "Forbidden City",
    ],
)
def test_an_article_that_looks_like_none_is_accepted(text: str) -> None:
    assert make_article(text).text == text.strip()


# --- Status


@pytest.mark.parametrize(
    ("text", "title", "status"),
    [
        (STORY, None, Status.CURRENT),
        (f"{STORY}\n\nCorrection: The work takes nine weeks, not seven.", None, Status.CORRECTED),
        (f"RETRACTED\n\n{STORY}", None, Status.RETRACTED),
        (f"This article has been retracted.\n\n{STORY}", None, Status.RETRACTED),
        (f"Retraction: The memo is not authentic.\n\n{STORY}", None, Status.RETRACTED),
        (f"Editor’s notice, October 2: The Courier retracts this article.\n\n{STORY}", None, Status.RETRACTED),
        (STORY, "RETRACTED: Bridge to close", Status.RETRACTED),
        (STORY, "Retracted study still cited, survey finds", Status.CURRENT),
        (f"The journal has retracted a study on bridges.\n\n{STORY}", None, Status.CURRENT),
        (f"{STORY}\n\nThe Courier wrote: this article has been retracted.", None, Status.CURRENT),
    ],
    ids=[
        "nothing said",
        "a correction",
        "the bare word",
        "a sentence",
        "a notice",
        "an editor's notice",
        "in the title",
        "a title about one",
        "a lead about one",
        "a quoted notice",
    ],
)
def test_the_status_is_what_a_notice_of_its_own_says(text: str, title: str | None, status: Status) -> None:
    assert make_article(text, title=title).status is status


def test_a_given_status_wins_and_an_unknown_one_is_refused() -> None:
    assert make_article(STORY, status="satire").status is Status.SATIRE
    with pytest.raises(UnreadableArticle, match="status is 'withdrawn'; known: current, corrected, retracted, satire"):
        make_article(STORY, status="withdrawn")


# --- Language and date


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (STORY, "en"),
        (
            "Die Bürgermeisterin erklärte, die Brücke müsse für neun Wochen geschlossen werden, wie der Rat beschloss.",
            "de",
        ),
        ("El alcalde dijo el martes que el puente estará cerrado durante nueve semanas por obras de reparación.", "es"),
        ("The bridge is closed.", None),
        ("Zelensky Putin Trump Macron Merz Starmer Stubb Meloni Rutte Leyen Vance Rubio Witkoff Kellogg", None),
    ],
    ids=["English", "German", "Spanish", "too short", "names only"],
)
def test_the_language_is_detected_or_unknown(text: str, language: str | None) -> None:
    assert detect_language(text) == language


@pytest.mark.parametrize(("given", "kept"), [("en-GB", "en"), ("DE", "de"), ("pt_BR", "pt"), ("English", "en")])
def test_a_given_language_is_kept_as_its_two_letters(given: str, kept: str) -> None:
    assert make_article(STORY, language=given).language == kept


@pytest.mark.parametrize(
    ("value", "day"),
    [
        ("2025-03-15", SATURDAY),
        ("2025-03-15T23:30:00-08:00", SATURDAY),
        ("20250315", SATURDAY),
        ("Sat, 15 Mar 2025 23:30:00 -0800", SATURDAY),
        ("March 15, 2025", SATURDAY),
        ("Mar. 15, 2025 10:02 a.m. ET", SATURDAY),
        ("Published 15th March 2025", SATURDAY),
        ("15. März 2025", SATURDAY),
        ("15 de marzo de 2025", SATURDAY),
        ("15 mars 2025", SATURDAY),
        ("15/03/2025", SATURDAY),
        ("03/15/2025", SATURDAY),
        (SATURDAY, SATURDAY),
        (datetime(2025, 3, 15, 23, 30), SATURDAY),
        ("03/04/2025", None),
        ("Posted March 2, 2025, updated March 5, 2025", None),
        ("March 2025", None),
        ("15 March", None),
        ("February 30, 2025", None),
        ("yesterday", None),
        ("", None),
        (None, None),
    ],
    ids=str,
)
def test_a_date_is_the_printed_day_or_unknown_but_never_a_guess(value: str | date | None, day: date | None) -> None:
    assert parse_date(value) == day


# --- Every span is exact


def assert_exact(article: Article) -> None:
    """Sections lie in bounds and in order, the outer ones cover all that is visible, and their slices are the text."""
    outer = [section.span for section in article.sections if section.zone is not Zone.QUOTATION]
    assert (outer[0].start, outer[-1].end) == (0, len(article.text))
    for before, after in pairwise(outer):
        assert before.end <= after.start
        assert not article.text[before.end : after.start].strip()
    for section in article.sections:
        assert 0 <= section.span.start < section.span.end <= len(article.text)
        assert article.quote(section.span) == article.text[section.span.start : section.span.end].strip()


@settings(max_examples=200, deadline=None)
@given(PIECES)
def test_hostile_text_makes_an_article_with_exact_sections(raw: str) -> None:
    article = make_article(
        f"The bridge is closed. {raw} It opens in spring.", title="Ten Bridges To See", language="en"
    )
    assert canonical_text(article.text) == article.text
    article.text.encode()
    assert_exact(article)


@pytest.mark.parametrize("name", ["news-small", "news"])
def test_every_real_article_has_exact_sections(name: str) -> None:
    path = SHARED / "eval" / name / "articles.jsonl"
    if not path.is_file():
        pytest.skip(f"there are no real articles in {path.parent}")
    for line in path.read_text(encoding="utf-8").splitlines()[:: 1 if name == "news-small" else 8]:
        record = json.loads(line)
        article = make_article(record["text"], title=record["title"], language="en")
        assert article.text == canonical_text(record["text"])
        assert_exact(article)
