"""A conversation as a document: everything that was said and shown is in it, and no text changes its structure."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from chromium import DESK, PHONE, needs_chromium
from markdown_it import MarkdownIt
from test_answer_states import DOUBT, MODEL, STATEMENTS, WIRE, make_answer
from test_exports import PAYLOADS, Reader
from test_page import facts_of

from assistant.errors import UnknownName
from assistant.render import STATE_WORDS, answer_json
from assistant.transcripts import FORMATS, Exchange, write_transcript
from assistant.types import Answer, Citation, Filters, Match, Status, Zone

if TYPE_CHECKING:
    from playwright.sync_api import Browser

MADE = datetime(2026, 3, 14, 10, 30, tzinfo=timezone(timedelta(hours=1)))
FILTERS = Filters("The Wire", date(2025, 8, 1), date(2025, 8, 31), date(2025, 9, 1))
PAGED = replace(WIRE, pages=(0, 40), status=Status.RETRACTED)
REFUSED = Citation(
    0, make_answer().citations[0].span, "Somebody signed", facts_of(WIRE), Zone.BODY, 0, 5, Match.ALTERED, "No."
)


def conversation() -> list[Exchange]:
    answer = make_answer()
    found = replace(answer.findings[0], note="It is not so sure.")
    answer = make_answer(
        findings=(*answer.findings, found),
        rejected=(REFUSED,),
        note="The model was slow.",
        provenance={"answerer": "chat", "library": {"articles": 36}},
    )
    cited = tuple(
        replace(one, zone=Zone.CAPTION, article=facts_of(PAGED), status=Match.NORMALISED) if one.marker == 2 else one
        for one in answer.citations
    )
    silent = Answer("And who won?", "The articles do not say.", abstained="Nothing that was found answers it.")
    return [Exchange(replace(answer, citations=cited), FILTERS, MADE), Exchange(silent)]


def write(format: str, turns: Sequence[Exchange] | None = None) -> str:
    return write_transcript(conversation() if turns is None else turns, format, {WIRE.id: PAGED}, made=MADE)


def text_of(format: str, document: str) -> str:
    """What a reader sees."""
    html = MarkdownIt("commonmark").enable("table").render(document) if format == "markdown" else document
    reader = Reader(f"<div>{re.sub('(?s)<style>.*?</style>|<!doctype html>', '', html)}</div>".replace("<hr />", ""))
    return " ".join("".join(reader.inside[0][1]).split())


# ── what is in it ─────────────────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("format", ["markdown", "html"])
def test_a_reader_is_told_everything(format: str) -> None:
    text = text_of(format, write(format))
    told = [
        *("2 questions, saved 2026-03-14 09:30 UTC", "Who goes to the Pentagon?", DOUBT, "And who won?"),
        *(f"{words}{f' [{marker}]' if marker else ''}" for words, _, _, marker in STATEMENTS),
        *(f"{STATE_WORDS[state].capitalize()}. {why}" for _, state, why, _ in STATEMENTS),
        *(one.quote for one in make_answer().citations),
        *("The Wire, 2025-08-20", "Defence chiefs head for the Pentagon", f"Article {WIRE.id}"),
        *("caption", "retracted article", "word for word", "apart from typography", ", page 2"),
        *("Somebody signed", "Marked", "It is not so sure.", "The model was slow.", "The articles do not say."),
        *("Nothing that was found answers it.", "2025-09-01", "chat", "36", MODEL, "3.40"),
    ]
    assert [one for one in told if one not in text] == []


@pytest.mark.parametrize("format", ["markdown", "html"])
def test_every_source_has_its_place_and_its_number_once(format: str) -> None:
    text = text_of(format, write(format))
    for one in make_answer().citations:
        assert f"characters {one.span.start} to {one.span.end}" in text
    assert text.count("Article ") == 3  # two statements rest on one of them


def test_the_words_of_a_quotation_are_the_article_s_to_the_character() -> None:
    quotes = Reader(write("html")).texts("mark.quote")
    assert quotes == [one.quote for one in {one.marker: one for one in make_answer().citations}.values()]


def test_what_a_state_says_is_not_said_again() -> None:
    text = text_of("markdown", write("markdown"))
    assert text.count("The source says 30, not 40.") == 1


def test_numbers_lead_to_their_sources() -> None:
    reader = Reader(write("html"))
    links = [str(attrs["href"])[1:] for tag, attrs in reader.tags if attrs.get("class") == "cite"]
    ids = [attrs["id"] for _, attrs in reader.tags if "id" in attrs]
    assert set(links) == {f"src-1-{one.marker}" for one in make_answer().citations}
    assert set(links) <= set(ids)
    assert len(ids) == len(set(ids))


def test_an_answer_that_knows_no_statements_is_cut_at_its_citations() -> None:
    bare = make_answer(statements=(), findings=())
    text = text_of("markdown", write("markdown", [Exchange(bare)]))
    assert "The next stop is the Pentagon. [1]" in text
    assert text.count("A treaty will be signed.") == 1


def test_brackets_that_are_the_answer_s_own_words_stay() -> None:
    own = Answer("Q", "He wrote [7] and left.")
    assert "He wrote [7] and left." in text_of("markdown", write("markdown", [Exchange(own)]))


def test_json_is_that_of_an_answer_with_its_filters() -> None:
    document = json.loads(write("json"))
    assert (document["transcript"], document["made"]) == (1, MADE.isoformat())
    first, second = document["turns"]
    assert first["answer"] == json.loads(json.dumps(answer_json(conversation()[0].answer)))
    assert first["filters"]["as_of"] == "2025-09-01"
    assert (second["asked"], second["filters"]["publisher"]) == (None, None)


def test_an_empty_conversation_is_a_document_too() -> None:
    for format in FORMATS:
        assert write(format, [])


def test_the_moment_of_saving_is_now_if_not_given() -> None:
    made = datetime.fromisoformat(json.loads(write_transcript([], "json"))["made"])
    assert abs(datetime.now(UTC) - made) < timedelta(minutes=1)


def test_an_unknown_format_is_named_with_those_that_are_known() -> None:
    with pytest.raises(UnknownName, match="docx.*markdown, html, json"):
        write("docx")


# ── no text is markup ─────────────────────────────────────────────────────────────────────────────────────────────────
def hostile(text: str) -> list[Exchange]:
    """Every text of a conversation is this one."""
    facts = replace(facts_of(WIRE), title=text, publisher=text, author=text, url=f"https://wire.example/{text}")
    first = make_answer()
    statements = (replace(first.statements[2], start=0, end=len(text), why=text),)
    citation = replace(
        first.citations[0],
        quote=text,
        article=facts,
        answer_start=0,
        answer_end=len(text),
        status=Match.NORMALISED,
        note=text,
    )
    findings = (replace(first.findings[0], in_claim="", in_source=text, start=0, end=len(text), note="It differs."),)
    answer = Answer(
        text, f"{text} [1] {text}", (citation,), (replace(citation, status=Match.ABSENT),), statements=statements, doubt=text,
        note=text, findings=findings, calls=(replace(first.calls[0], model=text),), provenance={"model": text, text: text},
    )  # fmt: skip
    return [Exchange(answer, Filters(text)), Exchange(Answer(text, text, abstained=f"{text}!"))]


@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_text_adds_an_element_to_the_page(payload: str) -> None:
    page, plain = (Reader(write("html", hostile(text))) for text in (payload, "word"))
    attributes = {name for _, attrs in page.tags for name in attrs}
    assert not {name for name in attributes if name.startswith("on") or name in ("style", "src")}
    links = {"a", "cite", "bdi", "span"}  # an address that is none loses its link
    assert [one for one in page.structure if one[0] not in links] == [
        one for one in plain.structure if one[0] not in links
    ]
    assert all(
        str(attrs["href"]).startswith(("#src-", "https://wire.example/")) for tag, attrs in page.tags if tag == "a"
    )


@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_text_adds_markup_to_markdown(payload: str) -> None:
    def kinds(text: str) -> list[str]:
        tokens = (
            MarkdownIt("commonmark").enable("table").enable("strikethrough").parse(write("markdown", hostile(text)))
        )
        inline = [child.type for token in tokens for child in token.children or ()]
        blocks = [token.type for token in tokens if not token.type.startswith(("paragraph", "inline"))]
        return [
            *blocks,
            *(one for one in inline if one not in ("text", "softbreak", "text_special", "link_open", "link_close")),
        ]

    assert kinds(payload) == kinds("word")


def test_the_page_allows_no_request_and_no_script() -> None:
    reader = Reader(write("html"))
    policy = next(str(attrs["content"]) for _, attrs in reader.tags if attrs.get("http-equiv"))
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy
    assert not {"script", "img", "link", "iframe", "form", "object"} & {tag for tag, _ in reader.tags}


# ── in a browser ──────────────────────────────────────────────────────────────────────────────────────────────────────
@needs_chromium
@pytest.mark.parametrize(("size", "scheme"), [(DESK, "light"), (PHONE, "dark")], ids=["desk-light", "phone-dark"])
def test_the_page_opens_in_a_browser_without_a_complaint_or_a_request(
    browser: Browser, tmp_path: Path, size: tuple[int, int], scheme: Any
) -> None:
    path = tmp_path / "conversation.html"
    path.write_text(write("html", [*conversation(), *hostile("\n".join(PAYLOADS))]), encoding="utf-8", newline="")
    context = browser.new_context(viewport={"width": size[0], "height": size[1]}, color_scheme=scheme)
    requests: list[str] = []
    complaints: list[str] = []
    context.on("request", lambda request: requests.append(request.url))
    tab = context.new_page()
    tab.on("console", lambda message: complaints.append(message.text))
    tab.goto(path.as_uri())
    assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth")
    tab.click("a.cite >> nth=-2")
    assert tab.locator("li:target mark.quote").text_content() == make_answer().citations[-1].quote
    context.close()
    assert complaints == []
    assert {url.partition("#")[0] for url in requests} == {path.as_uri()}
