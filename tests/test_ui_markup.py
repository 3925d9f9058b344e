"""What the page shows, as strings: nothing that an article, a model or a person wrote gets out of its escaping, and the
marked words are the quotation, character by character."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from datetime import date
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.types import (
    Answer,
    Article,
    ArticleFacts,
    ArticleRow,
    Citation,
    Difference,
    Failure,
    IngestReport,
    Kind,
    Match,
    Section,
    Span,
    Status,
    Zone,
)
from assistant.ui import answer_markup, library_markup, markup, preview_markup, reader_markup
from assistant.ui.library_listing import Listing

XSS = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)>",
    '"><script>alert(1)</script>',
    "'><img src=x onerror=alert(1)>",
    '" onmouseover="alert(1)',
    "' onfocus='alert(1)' autofocus='",
    "</mark><script>alert(1)</script><mark>",
    "</textarea><script>alert(1)</script>",
    "</style><script>alert(1)</script>",
    "<iframe src=javascript:alert(1)></iframe>",
    '<a href="javascript:alert(1)">click</a>',
    "<body onload=alert(1)>",
    "<details open ontoggle=alert(1)>",
    "<math><mtext></mtext><mglyph><style><img src=x onerror=alert(1)></style></mglyph></math>",
    "<!--><img src=x onerror=alert(1)>-->",
    "<style>@import 'http://evil.example/x.css';</style>",
    '<link rel=stylesheet href="http://evil.example/x.css">',
    "${alert(1)} {{constructor.constructor('alert(1)')()}} `${alert(1)}`",
    "&lt;script&gt;alert(1)&lt;/script&gt; &#60;img src=x onerror=alert(1)&#62;",
)
OURS = set(
    """a article b bdi blockquote br button code dd details dialog div dl dt figcaption figure h2 h3 h4 header li mark nav ol p
    progress q section small span strong summary table tbody td th thead time tr ul""".split()
)


# ── reading HTML back ─────────────────────────────────────────────────────────────────────────────────────────────────
@dataclass
class Seen(HTMLParser):
    """What a browser would find: text, tags with attributes, and the text inside each source's marks."""

    text: str = ""
    tags: list[tuple[str, dict[str, str | None]]] = field(default_factory=list)
    marks: dict[str, str] = field(default_factory=dict)
    ids: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._open: list[str | None] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.tags.append((tag, found))
        if "id" in found:
            self.ids.append(found["id"] or "")
        if tag not in ("br", "img"):
            self._open.append(found.get("data-src") if tag == "mark" else None)

    def handle_endtag(self, tag: str) -> None:
        self._open.pop()

    def handle_data(self, data: str) -> None:
        self.text += data
        for source in dict.fromkeys(s for s in self._open if s):
            self.marks[source] = self.marks.get(source, "") + data


def read(html: str) -> Seen:
    seen = Seen()
    seen.feed(html)
    seen.close()
    return seen


def assert_only_ours(html: str) -> None:
    for tag, attributes in read(html).tags:
        assert tag in OURS
        assert not any(name.startswith("on") or name in ("style", "src", "autofocus") for name in attributes)
        assert (attributes.get("href") or "#").startswith(("#", "https://"))


# ── making values ─────────────────────────────────────────────────────────────────────────────────────────────────────
def make_article(text: str, sections: tuple[tuple[int, int, Zone], ...] = (), **facts: object) -> Article:
    article_id = hashlib.sha256(text.encode()).hexdigest()
    zones = tuple(Section(Span(article_id, start, end), zone) for start, end, zone in sections)
    return Article(id=article_id, text=text, sections=zones, **facts)  # type: ignore[arg-type]


def facts_of(a: Article) -> ArticleFacts:
    return ArticleFacts(a.id, a.title, a.publisher, a.author, a.published, a.url, a.language, a.status, a.source_id)


def cite(article: Article, start: int, end: int, marker: int = 1, **changes: object) -> Citation:
    span = Span(article.id, start, end)
    citation = Citation(marker, span, article.quote(span), facts_of(article), Zone.BODY, 0, 0, Match.VERIFIED)
    return replace(citation, **changes)  # type: ignore[arg-type]


def verbatim(article: Article, *spans: tuple[int, int]) -> Answer:
    """An extractive answer: each span's own words and its marker."""
    text, citations = "", []
    for n, (start, end) in enumerate(spans, start=1):
        quote = article.text[start:end]
        citations.append(cite(article, start, end, n, answer_start=len(text), answer_end=len(text) + len(quote)))
        text += f"{quote} [{n}] "
    return Answer("Who?", text.rstrip(), tuple(citations))


# ── nothing gets out ──────────────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("payload", XSS)
def test_hostile_text_stays_text_wherever_it_stands(payload: str) -> None:
    article = make_article(
        f"{payload} is in the body.\n\n{payload}",
        title=payload,
        publisher=payload,
        author=payload,
        language=payload,
        url="javascript:alert(1)",
    )
    answer = replace(verbatim(article, (0, len(payload))), question=payload, note=payload)
    found = Difference(Kind.CUT, payload, payload * 2, 0, len(payload), note=payload)
    answer = replace(answer, findings=(found,))
    refused = cite(article, 0, 0, 9, quote=payload, note=payload, status=Match.ABSENT)
    rows = [ArticleRow(facts_of(article), (payload,), 1, 1, 0, None, True)]
    shown = (
        answer_markup.answer_html(replace(answer, rejected=(refused,)), 1),
        answer_markup.answer_html(Answer(payload, payload, abstained=payload), 2),
        answer_markup.pending_html(payload, [payload], payload),
        markup.error_html(payload, payload, payload),
        reader_markup.reader_html([(1, reader_markup.pane_html(answer, {article.id: article}, 1))]),
        reader_markup.reader_html([(1, reader_markup.pane_html(answer, {}, 1))]),
        library_markup.articles_table(rows, Listing(), titles={article.id: payload}, zones={}, of=1, embedding=True),
        library_markup.reading_html(payload, 0, 2, 1),
        library_markup.removal_dialog(article.id, payload, 1),
        preview_markup.preview_html(preview_markup.Preview(article, [article, article], rows[0], rows[0], rows)),
        preview_markup.removed_html(payload, 2),
        library_markup.report_html(
            IngestReport(added=(article.id,), failed=(Failure(payload, payload),)), {article.id: rows[0]}
        ),
    )
    for html in shown:
        assert_only_ours(html)
        assert payload in read(html).text


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "//evil.example",
        "vbscript:x",
        "file:///etc/passwd",
        "http://[",
        "",
        None,
    ],
)
def test_only_web_addresses_become_links(url: str | None) -> None:
    assert markup.web_link(url, "original") == ""


def test_a_web_address_opens_apart_and_tells_nothing() -> None:
    [(tag, attributes)] = read(markup.web_link('https://a.example/"x', "original")).tags
    assert (tag, attributes["href"], attributes["rel"]) == ("a", 'https://a.example/"x', "noopener noreferrer")


# ── marks are quotes ──────────────────────────────────────────────────────────────────────────────────────────────────
PLAIN = "Five leaders came. Rutte came for NATO. They left at noon."
HOSTILE = "👩\u200d👩\u200d👧 café \u200fשלום עולם\u200f — “Zażółć” e\u0301\u0323 &amp; <b>bold</b>\n\nnext 𝟙𝟚 line."


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        pytest.param(PLAIN, [(0, 18)], id="one"),
        pytest.param(PLAIN, [(0, 18), (18, 39)], id="adjacent"),
        pytest.param(PLAIN, [(0, 39), (19, 38)], id="nested"),
        pytest.param(PLAIN, [(19, 38), (0, 39)], id="nested, inner first"),
        pytest.param(PLAIN, [(0, 30), (19, 58)], id="overlapping"),
        pytest.param(PLAIN, [(0, 30), (10, 40), (20, 58)], id="three overlapping"),
        pytest.param(PLAIN, [(0, 18), (0, 18)], id="the same twice"),
        pytest.param(PLAIN, [(0, 58), (0, 18), (40, 58)], id="whole text"),
        pytest.param(HOSTILE, [(0, 5), (3, 12)], id="inside an emoji sequence"),
        pytest.param(HOSTILE, [(11, 23), (20, 40)], id="right-to-left"),
        pytest.param(HOSTILE, [(30, 36), (34, 60)], id="combining marks and markup"),
        pytest.param(HOSTILE, [(40, len(HOSTILE))], id="across paragraphs"),
    ],
)
def test_a_marks_text_is_the_quote(text: str, spans: list[tuple[int, int]]) -> None:
    article = make_article(text, ((0, len(text), Zone.BODY), (12, 33, Zone.QUOTATION)))
    citations = [cite(article, start, end, n) for n, (start, end) in enumerate(spans, start=1)]
    seen = read(reader_markup.text_html(article, citations, turn=3))
    assert seen.text == text
    assert seen.marks == {f"src-3-{c.marker}": c.quote for c in citations}
    assert sorted(seen.ids) == sorted(seen.marks)


def test_spans_that_nest_or_touch_are_never_split() -> None:
    article = make_article(PLAIN, ((0, 58, Zone.BODY), (10, 30, Zone.QUOTATION)))
    citations = [cite(article, 0, 39, 1), cite(article, 19, 38, 2), cite(article, 39, 58, 3)]
    marks = [tag for tag, _ in read(reader_markup.text_html(article, citations, 1)).tags if tag == "mark"]
    assert len(marks) == 3


texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00\r"), min_size=1, max_size=80)


@given(texts, st.lists(st.tuples(st.integers(0, 80), st.integers(1, 40)), max_size=6), st.data())
def test_removing_the_tags_gives_the_articles_text(
    text: str, places: list[tuple[int, int]], data: st.DataObject
) -> None:
    ranges = [(min(start, len(text) - 1), min(start + size, len(text))) for start, size in places]
    ranges = [(start, end) for start, end in ranges if start < end]
    zones = tuple((start, end, data.draw(st.sampled_from(Zone))) for start, end in ranges[::2])
    article = make_article(text, zones)
    citations = [cite(article, start, end, n) for n, (start, end) in enumerate(ranges, start=1)]
    seen = read(reader_markup.text_html(article, citations, 1))
    assert seen.text == text
    assert seen.marks == {f"src-1-{c.marker}": c.quote for c in citations}
    assert len(seen.ids) == len(set(seen.ids)) == len(citations)


# ── what a reader is told ─────────────────────────────────────────────────────────────────────────────────────────────
ARTICLE = make_article(
    "Harbour opens\n\nThe harbour opened on Monday. “It was time,” the mayor said.\n\nBob: About time!",
    ((0, 13, Zone.HEADLINE), (15, 76, Zone.BODY), (45, 59, Zone.QUOTATION), (78, 94, Zone.COMMENT)),
    title="Harbour opens",
    publisher="Harbour Courier",
    published=date(2026, 3, 14),
    url="https://harbour.example/1",
)


def test_a_verbatim_answer_is_a_quotation_with_publisher_and_date_beside_it() -> None:
    html = answer_markup.answer_html(verbatim(ARTICLE, (15, 44)), 1)
    assert "<figure" in html
    assert "The harbour opened on Monday." in read(html).text
    assert "Harbour Courier · 14 March 2026" in read(html).text


def test_a_lead_in_front_of_a_quote_stays_outside_its_words() -> None:
    text = "From a retracted article: The harbour opened on Monday."
    citation = cite(ARTICLE, 15, 44, answer_start=0, answer_end=len(text))
    html = answer_markup.answer_html(Answer("When?", f"{text} [1]", (citation,)), 1)
    assert '<span class="lead">From a retracted article:</span> ' in html
    assert ">The harbour opened on Monday.</span>" in html
    assert "<figure" in html


def test_prose_keeps_its_links_where_the_markers_stood() -> None:
    words = "It opened on Monday"
    citation = cite(ARTICLE, 15, 44, 2, answer_start=0, answer_end=len(words))
    html = answer_markup.answer_html(Answer("When?", f"{words} [2]. Nobody says [7] why.", (citation,)), 4)
    assert read(html).text.endswith("It opened on Monday[2]. Nobody says [7] why.")
    links = [attributes for tag, attributes in read(html).tags if tag == "a"]
    assert [link["href"] for link in links] == ["#src-4-2"]


def test_brackets_inside_a_quote_are_no_citation() -> None:
    article = make_article("The report [1] says no [2].")
    html = answer_markup.answer_html(verbatim(article, (0, len(article.text))), 1)
    assert [a["href"] for tag, a in read(html).tags if tag == "a"] == ["#src-1-1"]
    assert "The report [1] says no [2].[1]" in read(html).text


@pytest.mark.parametrize(
    ("status", "note", "said"),
    [
        (Match.VERIFIED, "", "word for word in the article"),
        (Match.NORMALISED, "Curly quotes.", "apart from typography: Curly quotes."),
    ],
)
def test_a_mark_says_how_its_quote_was_found(status: Match, note: str, said: str) -> None:
    html = reader_markup.text_html(ARTICLE, [cite(ARTICLE, 15, 44, status=status, note=note)], 1)
    [mark] = [attributes for tag, attributes in read(html).tags if tag == "mark"]
    assert said in (mark["data-found"] or "")


def test_refused_citations_are_reported_without_a_link() -> None:
    refused = cite(ARTICLE, 0, 0, 1, quote="The harbour closed.", status=Match.ABSENT, note="No article says so.")
    seen = read(answer_markup.answer_html(Answer("Q", "It closed.", rejected=(refused,)), 1))
    assert "Could not be found in the articles" in seen.text
    assert "The harbour closed." in seen.text
    assert "No article says so." in seen.text
    assert "a" not in [tag for tag, _ in seen.tags]


def test_what_the_gates_found_stands_under_the_words_it_is_about() -> None:
    article = make_article("It will close. Not before May.")
    lacking = "Not before May."
    cut = Difference(Kind.CUT, "It will close.", lacking, 0, 14, 15, 30, article.id, "The next sentence limits it.")
    number = Difference(Kind.NUMBER, "31", "30", 23, 25, note="The source says 30, not 31.")
    prose = "It will close. [1] In 31 days. [1]"
    closes = cite(article, 0, 14, answer_start=0, answer_end=14)
    answer = Answer("When?", prose, (closes, replace(closes, answer_start=19, answer_end=30)), findings=(cut, number))

    html = answer_markup.answer_html(answer, 1)

    quoted, told = html.split("</figure>")
    assert "Marked:" in quoted
    assert f'The next sentence limits it. <q dir="auto">{lacking}</q>' in quoted
    assert "Marked:" in told
    assert "The source says 30, not 31." in told
    assert "30, not 31" not in quoted


def test_the_same_finding_under_several_sentences_of_one_quotation_is_said_once() -> None:
    article = make_article("One thing. Another thing.", status=Status.RETRACTED)
    answer = verbatim(article, (0, 10), (11, 25))
    note = "The paper has retracted this article."
    places = ((c.answer_start, c.answer_end) for c in answer.citations)
    found = tuple(Difference(Kind.STATUS, "", "", start, end, note=note) for start, end in places)

    assert answer_markup.answer_html(replace(answer, findings=found), 1).count(note) == 1


def test_an_abstention_has_no_link_and_gives_its_reason() -> None:
    seen = read(answer_markup.answer_html(Answer("Q", "The articles don't say.", abstained="Nothing on Norway."), 1))
    assert "The articles don't say." in seen.text
    assert "Nothing on Norway." in seen.text
    assert "a" not in [tag for tag, _ in seen.tags]


def test_unknown_facts_are_said_to_be_unknown() -> None:
    article = make_article("Words.")
    assert "publisher unknown · date unknown" in read(reader_markup.article_html(article, (), 1)).text


@pytest.mark.parametrize("status", [Status.RETRACTED, Status.SATIRE, Status.CORRECTED])
def test_a_status_that_matters_is_said_in_answer_and_reader(status: Status) -> None:
    article = replace(ARTICLE, status=status)
    label = read(markup.status_label(status)).text
    answer = verbatim(article, (15, 44))
    assert label
    assert label in read(answer_markup.answer_html(answer, 1)).text
    assert label in read(reader_markup.pane_html(answer, {article.id: article}, 1)).text


def test_a_comment_is_labelled_as_a_readers() -> None:
    html = reader_markup.text_html(ARTICLE, (), 1)
    labels = [
        attributes.get("data-label")
        for _, attributes in read(html).tags
        if "zone-comment" in (attributes.get("class") or "")
    ]
    assert labels == ["a reader's comment, not reporting"]


def test_the_headline_is_not_said_twice() -> None:
    assert read(reader_markup.article_html(ARTICLE, (), 1)).text.count("Harbour opens") == 1


def test_only_the_newest_turn_with_sources_is_open() -> None:
    answer = verbatim(ARTICLE, (15, 44))
    panes = [(turn, reader_markup.pane_html(answer, {ARTICLE.id: ARTICLE}, turn)) for turn in (1, 2)]
    sections = [a for tag, a in read(reader_markup.reader_html([*panes, (3, "")])).tags if tag == "section"]
    assert [(a["data-turn"], "hidden" in a) for a in sections] == [("1", True), ("2", False)]


def test_an_article_that_was_removed_still_shows_its_quotes() -> None:
    seen = read(reader_markup.pane_html(verbatim(ARTICLE, (15, 44)), {}, 1))
    assert "no longer in the library" in seen.text
    assert "src-1-1" in seen.ids


def test_the_library_line_says_what_share_is_embedded() -> None:
    assert (
        "62 % of passages embedded; answers use word search meanwhile"
        in read(library_markup.library_line(9, 103, 62, 100)).text
    )
    assert "embedded" not in read(library_markup.library_line(9, 103, 100, 100)).text


def test_a_report_names_every_failure_with_its_reason() -> None:
    report = IngestReport(added=("a" * 64,), failed=(Failure("x.pdf", "It is cut off."),))
    harbour = replace(facts_of(ARTICLE), id="a" * 64, title="Harbour opens")
    rows = {harbour.id: ArticleRow(harbour, (), 1, 4, 4, None, True)}
    text = read(library_markup.report_html(report, rows)).text
    assert "Added: 1Harbour opens 4 passages" in text
    assert "x.pdf: It is cut off." in text
