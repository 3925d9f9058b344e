"""Exports: the quoted words are exact in every format, what differs is marked, and no text becomes markup."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

import pytest
from chromium import DESK, PHONE, needs_chromium
from fact_checks import DRAFT, LEDGER, article, make_check, make_quote, one_claim, verdict
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from assistant.errors import UnknownName, WrongUse
from assistant.exports import exporter_of, load_exporter
from assistant.exports.html import Mark, marked
from assistant.exports.json import check_document, quote_document, to_text
from assistant.policy import of_text
from assistant.registry import names
from assistant.text import canonical_text
from assistant.types import Article, CheckedClaim, Claim, FactCheck, Label, Span, Status, Zone

if TYPE_CHECKING:
    from playwright.sync_api import Browser

FORMATS = ["claimreview", "csv", "html", "json", "markdown"]
PAYLOADS = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</mark></blockquote></style><h1>Refuted</h1>",
    "[click](javascript:alert(1)) ![x](https://evil.example/x.png)",
    "# Heading\n\n- item\n1. one\n===\n---\n> quoted\n| a | b |\n|---|---|\n    code\n```\nfence\n~~~",
    "<https://evil.example> https://evil.example www.evil.example a@evil.example",
    "&lt;b&gt; &#60;b&#62; \\*not\\* **bold** _em_ `code` ~~gone~~ $x$ {{ x }} [^1]",
    "[a]: https://evil.example 'title'\n[a]",
    "\u202eesrever\u202c \u2066isolate \u200f\u061c mark",
    "bell\x07 null\x00 escape\x1b[31m form\x0c next\x85 delete\x7f c1\x9b",
    "lone \ud800 and \udfff",
    "=HYPERLINK(1)\n+1\n-1\n@SUM",
]


def export(name: str, check: FactCheck, articles: dict[str, Article]) -> str:
    return load_exporter(name).export(check, articles)


def stored(text: str, **facts: Any) -> Article:
    """The text as an article has it: canonical, and as long as it likes."""
    text = canonical_text(text)
    return replace(article(), text=text, **facts)


def hostile(text: str, url: str = "https://a.example/") -> tuple[FactCheck, dict[str, Article]]:
    """A check in which every text that comes from outside, but for the address, is this one."""
    source = stored(f"Before. {text} After.", title=text, publisher=text, author=text, url=url)
    quote = source.text.removeprefix("Before. ").removesuffix(" After.")
    check = one_claim(quote, source, statement=canonical_text(text) or "It is so.", why=text)
    one = replace(check.claims[0].evidence[0], attribution=text, notes=(text,))
    claims = (replace(check.claims[0], evidence=(one,), missing=(text,), rejected=(one,)),)
    return replace(check, claims=claims, missing=(text,), note=text, provenance={text: text}), {source.id: source}


class Reader(HTMLParser):
    """The elements of a page in order, and the text inside of each one of a class."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.inside: list[tuple[str, list[str]]] = []
        self._open: list[tuple[str, list[str] | None]] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag == "meta":
            return
        text: list[str] = []
        self.inside.append((f"{tag}.{dict(attrs).get('class', '')}", text))
        self._open.append((tag, text))

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop()[0] == tag, f"</{tag}> closes something else"

    def handle_data(self, data: str) -> None:
        for _, text in self._open:
            if text is not None:
                text.append(data)

    def texts(self, name: str) -> list[str]:
        return ["".join(text) for kind, text in self.inside if kind == name]

    @property
    def structure(self) -> list[tuple[str, str | None]]:
        return [(tag, attrs.get("class")) for tag, attrs in self.tags]


# -- the shelf


def test_the_shelf_holds_five_formats() -> None:
    assert names("exports") == FORMATS


@pytest.mark.parametrize("name", FORMATS)
def test_every_export_says_how_its_file_is_called(name: str) -> None:
    exporter = load_exporter(name)
    assert exporter_of(f"report{exporter.suffix.upper()}") == exporter
    assert re.fullmatch(r"[a-z]+/[a-z.+-]+", exporter.media_type)


def test_an_ending_that_no_export_has_is_answered_with_those_there_are() -> None:
    with pytest.raises(WrongUse, match=r"\.csv, \.html, \.json, \.jsonld, \.md"):
        exporter_of("report.docx")
    with pytest.raises(UnknownName):
        load_exporter("docx")


@pytest.mark.parametrize("name", FORMATS)
def test_a_check_without_a_claim_is_exported_too(name: str) -> None:
    check, _ = make_check()
    empty = replace(check, statement="Hello.", claims=(), conflicts=(), missing=(), note="The text has no claim.")
    assert export(name, empty, {})


@pytest.mark.parametrize("name", FORMATS)
def test_an_article_that_is_not_at_hand_costs_no_quotation(name: str) -> None:
    check, articles = make_check()
    words = "expected there this week" if name != "claimreview" else "Defence chiefs head for the Pentagon"
    assert words in export(name, check, articles)
    assert words in export(name, check, {})


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("payload", PAYLOADS)
def test_what_a_text_holds_never_breaks_an_export(name: str, payload: str) -> None:
    out = export(name, *hostile(payload, f"https://a.example/{payload}"))
    out.encode("utf-8")
    assert not set(out) & set(map(chr, [*range(9), 11, 12, *range(14, 32), 127]))


@settings(deadline=None)
@given(st.text())
def test_no_text_at_all_breaks_an_export(text: str) -> None:
    for name in FORMATS:
        export(name, *hostile(text)).encode("utf-8")


# -- JSON


def test_the_json_has_every_promised_key() -> None:
    document = check_document(*make_check())
    assert set(document) == set(
        "statement verdict claims conflicts missing provenance timings note calls cost_usd".split()
    )
    assert set(document["verdict"]) == set("label confidence why independent_sources verifier".split())
    claim = document["claims"][0]
    assert set(claim) >= set(
        "text start end checkable kind resolved verdict evidence differences missing rejected opinion".split()
    )
    assert set(claim["evidence"][0]) >= set(
        "quote article_id title publisher published zone stance start end attribution".split()
    ) | set("score decides notes source beside url status".split())
    assert set(claim["differences"][0]) == set(
        "kind in_claim in_source start end article_id source_start source_end note".split()
    )


def test_positions_in_the_json_are_those_of_the_words() -> None:
    check, articles = make_check()
    document = json.loads(to_text(check_document(check, articles)))
    for claim in document["claims"]:
        assert document["statement"][claim["start"] : claim["end"]] == claim["text"]
        for one in (*claim["evidence"], *claim["rejected"]):
            text = articles[one["article_id"]].text
            assert text[one["start"] : one["end"]] == one["quote"]
            if one["beside"]:
                assert text[one["beside"]["start"] : one["beside"]["end"]] == one["beside"]["quote"]
        for one in claim["differences"]:
            assert document["statement"][one["start"] : one["end"]] == one["in_claim"]
            assert articles[one["article_id"]].text[one["source_start"] : one["source_end"]] == one["in_source"]


def test_a_claim_that_is_not_checked_has_no_verdict_in_the_json() -> None:
    question = check_document(make_check()[0])["claims"][2]
    assert (question["checkable"], question["kind"], question["verdict"]) == (False, "question", None)


def test_a_checked_quotation_has_a_document_of_its_own() -> None:
    check, articles = make_quote()
    document = json.loads(to_text(quote_document(check, articles)))
    place = document["places"][0]
    assert (document["status"], document["by"]) == ("altered", "The minister")
    assert articles[place["article_id"]].text[place["start"] : place["end"]] == place["quote"]
    assert place["speaker"] == "An official"
    assert place["beside"]["quote"] == "Officials cautioned that the list was not final."
    assert document["differences"][0]["in_source"] == "30"


# -- CSV


def rows_of(check: FactCheck, articles: dict[str, Article]) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(export("csv", check, articles), newline="")))


def test_the_csv_has_a_row_for_each_claim_and_piece_of_evidence() -> None:
    rows = rows_of(*make_check())
    assert [(row["claim"], row["evidence"], row["stance"]) for row in rows] == [
        ("1", "1", "refutes"),
        ("1", "2", "supports"),
        ("2", "", ""),
        ("3", "", ""),
    ]
    assert rows[0]["differences"] == "number: “40” / “30”"
    assert rows[1]["status"] == "retracted"
    assert rows[2]["verdict"] == "not_enough_evidence"


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t=", " =", "\n@", "＝", "－"])
def test_no_cell_is_a_formula(start: str) -> None:
    check = one_claim("Nobody signed a document on Monday.", article(), statement=f"{start}1+1", why=f"{start}2")
    row = rows_of(check, {})[0]
    assert row["claim_text"] == f"'{start}1+1"
    assert row["why"] == f"'{start}2"


@settings(deadline=None)
@given(st.text())
def test_every_row_comes_back_from_the_csv(text: str) -> None:
    rows = rows_of(*hostile(text))
    assert len(rows) == 1
    assert None not in rows[0]
    assert not any(value.lstrip().startswith(("=", "+", "-", "@")) for value in rows[0].values())


# -- Markdown


def tokens_of(text: str) -> list[tuple[str, str]]:
    """The structure that a reader of Markdown sees: blocks, and what stands inside lines but text."""
    tokens = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(text)
    flat = [one for token in tokens for one in (token, *(token.children or ()))]
    return [(token.type, token.tag) for token in flat if token.type not in ("text", "inline", "softbreak")]


def words_of(text: str) -> str:
    tokens = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(text)
    return " ".join("".join(one.content or " " for one in token.children or ()) for token in tokens)


def test_the_markdown_tells_verdicts_quotations_differences_conflicts_and_gaps() -> None:
    text = export("markdown", *make_check())
    for words in (
        "**Conflicting** (confidence 0.87, 2 independent sources)",
        "## Claim 1: Conflicting",
        "## Claim 3: Not checked: question",
        "> Delegates of 30 nations are expected there this week.",
        "> Officials cautioned that the list was not final.",
        "the claim has “40”, the source has “30”",
        "reader's comment; retracted article; the organisers; source 2; not counted",
        "| “Delegates of **30** nations are expected there this week.” |",
        "- No article says whether a treaty was signed.",
        "<https://wire.example/pentagon>",
        "- verifier: light",
    ):
        assert words in text


@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_text_adds_structure_to_the_markdown(payload: str) -> None:
    plain = re.sub(r"[^\n]+", "word", canonical_text(payload))
    assert tokens_of(export("markdown", *hostile(payload))) == tokens_of(export("markdown", *hostile(plain)))


@settings(deadline=None)
@given(st.text(alphabet=st.sampled_from(list("ab1.)-+=#*_`~<>[]()!|\\&:;/$@^{}'\"\n\t wWhHtTpPsS")), max_size=40))
def test_no_mixture_of_marks_adds_structure_to_the_markdown(text: str) -> None:
    text = canonical_text(text)
    plain = "\n".join("word" if line.strip() else "" for line in text.split("\n"))
    assert tokens_of(export("markdown", *hostile(text))) == tokens_of(export("markdown", *hostile(plain)))


@settings(deadline=None)
@given(
    st.text(
        alphabet=st.sampled_from(list("ab1.)-+=#*_`~<>[]()!|\\&:;/$@^{}'\"\n\t wWhHtTpPsS")), min_size=1, max_size=40
    )
)
def test_the_words_of_a_quotation_survive_markdown(text: str) -> None:
    source = stored(f"Before. x{text}x After.")
    quote = source.text.removeprefix("Before. ").removesuffix(" After.")
    shown = words_of(export("markdown", one_claim(quote, source), {source.id: source}))
    assert " ".join(quote.split()) in " ".join(shown.split())


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "https://a.example/><b>",
        "https://",
        "data:text/html,x",
        "//a.example",
        "https://a b.example",
    ],
)
@pytest.mark.parametrize("name", ["html", "markdown"])
def test_only_a_web_address_becomes_a_link(name: str, url: str) -> None:
    source = article(url="https://good.example/")
    plain = export(name, one_claim("Nobody signed a document on Monday.", source), {})
    assert "https://good.example/" in plain
    check = one_claim("Nobody signed a document on Monday.", replace(source, url=url))
    assert url not in export(name, check, {})


# -- HTML


@pytest.fixture(scope="module")
def page() -> str:
    return export("html", *make_check())


def test_the_page_marks_each_claim_by_number_and_word_and_links_it_to_its_card(page: str) -> None:
    reader = Reader(page)
    assert [reader.texts(f"mark.{kind}") for kind in ("conflicting", "not-enough-evidence", "unchecked")] == [
        [one.claim.text] for one in make_check()[0].claims
    ]
    assert reader.texts("sup.conflicting") == ["1 Conflicting"]
    assert reader.texts("sup.unchecked") == ["3 Not checked: question"]
    ids = {attrs["id"] for _, attrs in reader.tags if "id" in attrs}
    links = {str(attrs["href"])[1:] for tag, attrs in reader.tags if tag == "a" and str(attrs["href"]).startswith("#")}
    assert {"claim-1", "claim-2", "claim-3", "said-1"} <= links <= ids


def test_the_text_of_the_page_is_the_text_that_was_checked(page: str) -> None:
    text = Reader(re.sub(r"<sup.*?</sup>", "", page)).texts("div.draft")
    assert text == [DRAFT]


def test_what_differs_is_marked_in_the_claim_the_source_and_both_sides_of_a_conflict(page: str) -> None:
    assert Reader(page).texts("b.differs") == ["40", "30", "30", "forty"]


def test_words_that_limit_a_quotation_are_shown_beside_it(page: str) -> None:
    assert Reader(page).texts("span.beside")[0] == "Officials cautioned that the list was not final."


def test_labels_are_shown(page: str) -> None:
    labels = set(Reader(page).texts("li.badge"))
    assert {"reader's comment", "retracted article", "not counted", "the organisers", "source 2"} <= labels


@pytest.mark.parametrize(
    ("zone", "status", "words"),
    [
        (Zone.CAPTION, Status.CURRENT, "caption"),
        (Zone.QUOTATION, Status.CURRENT, "quoted words"),
        (Zone.BODY, Status.SATIRE, "satire"),
        (Zone.BODY, Status.CORRECTED, "corrected article"),
    ],
)
@pytest.mark.parametrize("name", ["html", "markdown"])
def test_every_place_that_is_no_plain_reporting_is_named(name: str, zone: Zone, status: Status, words: str) -> None:
    source = article(status=status)
    check = one_claim("Nobody signed a document on Monday.", source)
    one = replace(check.claims[0].evidence[0], zone=zone)
    check = replace(check, claims=(replace(check.claims[0], evidence=(one,)),))
    assert words in export(name, check, {source.id: source})


@pytest.mark.parametrize("name", ["html", "markdown"])
def test_a_text_in_which_nothing_is_checked_has_no_verdict_and_says_why_once(name: str) -> None:
    check, _ = make_check()
    unchecked = tuple(one for one in check.claims if one.verdict is None)
    why = of_text(unchecked, "light").why
    check = replace(
        check, claims=unchecked, conflicts=(), verdict=of_text(unchecked, "light"), note=f"{why} The text was cut."
    )
    document = export(name, check, {})
    words = "".join(Reader(document).texts("header.top")) if name == "html" else document
    assert "Not checked" in words
    assert "enough evidence" not in words
    assert "onfidence" not in words
    assert words.count(why) == 1
    assert "The text was cut." in words


def test_the_page_allows_no_request_and_no_script(page: str) -> None:
    policy = next(attrs["content"] for _, attrs in Reader(page).tags if attrs.get("http-equiv"))
    assert policy is not None
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy
    assert not {"script", "img", "link", "iframe", "form", "object"} & {tag for tag, _ in Reader(page).tags}


@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_text_adds_an_element_to_the_page(payload: str) -> None:
    page, plain = (Reader(export("html", *hostile(text))) for text in (payload, "word"))
    attributes = {name for _, attrs in page.tags for name in attrs}
    assert not {name for name in attributes if name.startswith("on") or name in ("style", "src")}
    assert page.structure == plain.structure


@settings(deadline=None)
@given(text=st.text(min_size=1), before=st.text(), after=st.text(), data=st.data())
def test_the_text_inside_the_mark_is_the_quotation(text: str, before: str, after: str, data: st.DataObject) -> None:
    source = stored(f"{before}{text}{after}")
    if not source.text:
        return
    start = data.draw(st.integers(0, len(source.text) - 1))
    end = data.draw(st.integers(start + 1, len(source.text)))
    places = data.draw(
        st.lists(st.tuples(st.integers(0, len(source.text)), st.integers(0, len(source.text))), max_size=3)
    )
    quote = source.text[start:end]
    check = one_claim(quote, source)
    one = replace(
        check.claims[0].evidence[0],
        span=Span(source.id, start, end),
        beside=Span(source.id, *sorted(places[0])) if places else None,
    )
    differences = tuple(_difference(source, *sorted(pair)) for pair in places)
    check = replace(check, claims=(replace(check.claims[0], evidence=(one,), differences=differences),))
    assert Reader(export("html", check, {source.id: source})).texts("mark.quote") == [quote]


def _difference(source: Article, start: int, end: int) -> Any:
    from assistant.types import Difference, Kind

    return Difference(Kind.WORDS, "", source.text[start:end], 0, 0, start, end, source.id)


@settings(deadline=None)
@given(
    st.text(max_size=30).map(canonical_text),
    st.lists(st.tuples(st.integers(-2, 32), st.integers(-2, 32)), max_size=4),
    st.lists(st.tuples(st.integers(-2, 32), st.integers(-2, 32)), max_size=4),
)
def test_marks_that_overlap_lose_and_repeat_no_character(
    text: str, outer: list[tuple[int, int]], inner: list[tuple[int, int]]
) -> None:
    shown = marked(
        text,
        [Mark(*sorted(pair), "<i>", "</i>") for pair in outer],
        [Mark(*sorted(pair), "<b>", "</b>") for pair in inner],
    )
    reader = Reader(f"<p>{shown}</p>")
    assert "".join(reader.texts("p.")) == text


@needs_chromium
@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_fits_its_window_and_asks_for_nothing(
    browser: Browser, page: str, tmp_path: Any, size: tuple[int, int], scheme: Any
) -> None:
    path = tmp_path / "check.html"
    path.write_text(page, encoding="utf-8")
    context = browser.new_context(viewport={"width": size[0], "height": size[1]}, color_scheme=scheme)
    requests: list[str] = []
    complaints: list[str] = []
    context.on("request", lambda request: requests.append(request.url))
    tab = context.new_page()
    tab.on("console", lambda message: complaints.append(message.text))
    tab.goto(path.as_uri())
    assert tab.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert tab.evaluate("getComputedStyle(document.querySelector('mark.conflicting')).textDecorationStyle") == "double"
    tab.click("sup.conflicting a")
    assert tab.evaluate("location.hash") == "#claim-1"
    context.close()
    assert complaints == []
    assert {url.partition("#")[0] for url in requests} == {path.as_uri()}


@needs_chromium
def test_a_text_from_right_to_left_runs_from_right_to_left(browser: Browser, tmp_path: Any) -> None:
    text = "أعلن الرئيس رسوما جديدة بنسبة 25%. وقال إن القرار نهائي."
    cut = text.index("وقال")
    whole, no = one_claim(LEDGER, stored(LEDGER), text), Label.NOT_ENOUGH
    first, second = Claim(text[: cut - 1], 0, cut - 1), Claim(text[cut:], cut, len(text))
    check = replace(whole, claims=(CheckedClaim(first, verdict(no)), CheckedClaim(second, verdict(no))))
    path = tmp_path / "check.html"
    path.write_text(export("html", check, {}), encoding="utf-8")
    tab = browser.new_page(viewport={"width": DESK[0], "height": DESK[1]})
    tab.goto(path.as_uri())
    boxes = [tab.locator(at).bounding_box() for at in (".draft", "#said-1", "#said-2")]
    tab.close()
    frame, one, two = [(box["x"], box["x"] + box["width"]) for box in boxes if box]
    assert frame[1] - one[1] < 40
    assert two[1] < one[0]


@needs_chromium
def test_hostile_words_are_words_in_a_real_browser(browser: Browser, tmp_path: Any) -> None:
    text = canonical_text("\n".join(PAYLOADS))
    source = stored(f"Before. {text} After.")
    path = tmp_path / "check.html"
    path.write_text(export("html", one_claim(text, source), {source.id: source}), encoding="utf-8", newline="")
    tab = browser.new_page()
    tab.goto(path.as_uri())
    assert tab.evaluate("document.querySelector('mark.quote').textContent") == text
    tab.close()
