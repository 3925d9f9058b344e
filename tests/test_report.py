"""What people read of a report, page, cases and tables: made from the document alone, faithful, and harmless."""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import json
import re
from html.parser import HTMLParser
from typing import Any

import pytest
from report_document import HOSTILE, PAYLOAD, STAGES, Json, make_document, poisoned
from rich.console import Console

from assistant.errors import WrongUse
from assistant.evaluation.case_data import script_json
from assistant.evaluation.csv_report import cases_csv
from assistant.evaluation.html_report import html_page
from assistant.evaluation.reading import interval, meaning_of, number, p_value, percentile, points, unit_of
from assistant.evaluation.table import print_document


@pytest.fixture(scope="module")
def document() -> Json:
    return make_document()


@pytest.fixture(scope="module")
def page(document: Json) -> str:
    return html_page(document)


def shown(document: Json, width: int = 120) -> str:
    console = Console(file=io.StringIO(), width=width)
    print_document(document, console)
    out: Any = console.file
    return str(out.getvalue())


def rows_of(document: Json) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(cases_csv(document), newline="")))


class Reader(HTMLParser):
    """Every tag with its attributes, and the text outside of scripts and styles."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []
        self._raw = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._raw = tag in ("script", "style")

    def handle_endtag(self, tag: str) -> None:
        self._raw = False

    def handle_data(self, data: str) -> None:
        if not self._raw:
            self.text.append(data)


def read(page: str) -> Reader:
    reader = Reader()
    reader.feed(page)
    return reader


def words_of(page: str) -> str:
    return re.sub(r"\s+", " ", " ".join(read(page).text))


def data_of(page: str) -> Any:
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)
    assert found
    return json.loads(found[1])


# -- numbers


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        pytest.param(0.90499, "share", "90.5\u00a0%", id="a share"),
        pytest.param(0.0, "share", "0.0\u00a0%", id="none"),
        pytest.param(1.0, "share", "100.0\u00a0%", id="all"),
        pytest.param(0.63612, "score", "0.636", id="a score"),
        pytest.param(0.0521, "seconds", "0.052\u00a0s", id="part of a second"),
        pytest.param(0.00042, "seconds", "0.0004\u00a0s", id="a short stage"),
        pytest.param(12.34, "seconds", "12.3\u00a0s", id="seconds"),
        pytest.param(0.0005, "dollars", "$0.0005", id="a small price"),
        pytest.param(1234.0, "count", "1,234", id="tokens"),
        pytest.param(0.4, "count", "0.4", id="less than one"),
        pytest.param(None, "share", "n/a", id="not applicable is not zero"),
    ],
)
def test_a_number_is_written_in_its_unit(value: float | None, unit: Any, text: str) -> None:
    assert number(value, unit) == text


@pytest.mark.parametrize(
    ("name", "figure", "unit"),
    [
        ("hit@4", {"group": "retrieval", "mean": 0.9}, "share"),
        ("mrr@10", {"group": "retrieval", "mean": 0.9}, "score"),
        ("choice_brier", {"group": "calibration", "mean": 0.2}, "score"),
        ("brier_choice", {"group": "calibration", "mean": 0.2}, "score"),
        ("choice_accuracy", {"group": "choice", "mean": 0.2}, "share"),
        ("ask_p50_s", {"group": "latency", "mean": 0.2}, "seconds"),
        ("price_usd", {"group": "cost", "mean": 0.2}, "dollars"),
        ("input_tokens", {"group": "cost", "mean": 0.0}, "count"),
        ("gate_findings_per_100", {"group": "citation", "mean": 0.4}, "count"),
        ("mine", {"group": "", "mean": 0.4, "unit": "seconds"}, "seconds"),
    ],
)
def test_the_unit_follows_from_the_metric_unless_the_document_names_it(name: str, figure: Json, unit: str) -> None:
    assert unit_of(name, figure) == unit


def test_differences_of_shares_are_points_and_carry_their_sign() -> None:
    assert points({"difference": -0.031, "low": -0.08, "high": 0.01}, "share") == (
        "−3.1\u00a0pts",
        "−8.0 to +1.0\u00a0pts",
    )


def test_one_case_has_no_interval() -> None:
    assert interval({"low": None, "high": None}, "share") == ""


@pytest.mark.parametrize(("p", "text"), [(0.00001, "< 0.001"), (0.04951, "0.050"), (1.0, "1.000"), (None, "n/a")])
def test_p_values(p: float | None, text: str) -> None:
    assert p_value(p) == text


def test_percentiles_are_those_of_the_latency_metric() -> None:
    assert percentile([0.4, 0.1, 0.3, 0.2], 50) == pytest.approx(0.25)
    assert percentile([0.4, 0.1, 0.3, 0.2], 95) == pytest.approx(0.385)


def test_an_unknown_metric_has_no_meaning_rather_than_a_wrong_one() -> None:
    assert meaning_of("mine@3") == ""
    assert meaning_of("hit@4") == "a right passage is among the first 4"


# -- the document


@pytest.mark.parametrize("reader", [html_page, cases_csv, print_document], ids=["page", "csv", "table"])
@pytest.mark.parametrize(
    "document",
    [
        pytest.param({}, id="empty"),
        pytest.param({"report": 1, "runs": [{}]}, id="another version"),
        pytest.param({"report": 2, "runs": []}, id="no run"),
        pytest.param({"metrics": {}}, id="a report without a version"),
    ],
)
def test_what_is_no_report_is_refused_with_the_next_step(reader: Any, document: Json) -> None:
    with pytest.raises(WrongUse, match="assistant evaluate"):
        reader(document)


def test_readers_change_nothing_and_give_the_same_twice(document: Json) -> None:
    before = json.dumps(document)
    assert html_page(document) == html_page(document)
    assert cases_csv(document) == cases_csv(document)
    assert json.dumps(document) == before


def test_a_document_that_went_through_a_file_reads_the_same(document: Json, page: str) -> None:
    assert html_page(json.loads(json.dumps(document))) == page


# -- the page


def test_the_page_allows_its_own_script_and_style_and_nothing_else(page: str) -> None:
    policy = next(tag[1]["content"] for tag in read(page).tags if tag[1].get("http-equiv") == "Content-Security-Policy")
    scripts = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    styles = re.findall(r"<style>(.*?)</style>", page, re.DOTALL)
    assert len(scripts) == len(styles) == 1
    assert policy is not None
    for directive, text in (("script-src", scripts[0]), ("style-src", styles[0])):
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"{directive} 'sha256-{digest}';" in policy
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy
    assert "require-trusted-types-for 'script'" in policy


def test_the_script_writes_no_markup(page: str) -> None:
    script = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)[0]
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|DOMParser", script)


def test_hostile_texts_make_no_element_and_no_attribute(document: Json) -> None:
    plain, hostile = (read(html_page(one)) for one in (document, poisoned(document)))
    assert {tag for tag, _ in hostile.tags} <= {tag for tag, _ in plain.tags}
    names = {name for _, attrs in hostile.tags for name in attrs}
    assert not {name for name in names if name.startswith("on")} | (names & {"style", "src", "action"})
    links = {attrs["href"] for tag, attrs in hostile.tags if tag == "a"}
    assert all(link and link.startswith("#") for link in links)
    assert PAYLOAD in " ".join(hostile.text)


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_embedded_json_ends_no_script_and_comes_back_as_it_was(text: str) -> None:
    embedded = script_json({"text": text})
    assert not set("<>&\u2028\u2029") & set(embedded)
    embedded.encode("utf-8")
    assert json.loads(embedded) == {"text": text}


def test_numbers_that_json_lacks_become_null() -> None:
    assert json.loads(script_json({"score": [float("nan"), float("inf"), 1.5]})) == {"score": [None, None, 1.5]}


def test_the_page_can_be_written_as_utf_8_and_has_one_line_of_each_kind(page: str) -> None:
    page.encode("utf-8")
    assert page.count("<!doctype html>") == page.count("<h1>") == page.count("</html>") == 1


def test_every_case_is_in_the_page_with_its_passages_kept_once(document: Json, page: str) -> None:
    data = data_of(page)
    for run, kept in zip(document["runs"], data["runs"], strict=True):
        for case, stored in zip(run["cases"], kept["cases"], strict=True):
            hits = [(hit[0], data["passages"][hit[1]][3], hit[2]) for hit in stored["hits"]]
            assert hits == [(hit["rank"], hit["text"], hit["gold"]) for hit in case["hits"]]
            assert stored["gold"] == case["gold"]
    passages = [tuple(passage) for passage in data["passages"]]
    assert len(set(passages)) == len(passages)


def test_the_main_figures_are_said_in_words() -> None:
    document = make_document(60, ("as set",))
    figure = document["runs"][0]["metrics"]["hit@4"]
    lead = re.search(r'<p class="lead">(.*?)</p>', html_page(document))
    assert lead
    said = words_of(lead[1])
    assert f"among the first four for {words_of(number(figure['mean']))} of {figure['n']} cases with gold" in said
    right = sum(case["right"] is True for case in document["runs"][0]["cases"])
    assert f"In all, {right} cases came out right" in said


@pytest.mark.parametrize("missing", ["false_abstention", "correct_abstention"])
def test_the_sentence_is_whole_without_one_of_its_halves(missing: str) -> None:
    document = make_document(60, ("as set",))
    del document["runs"][0]["metrics"][missing]
    lead = re.search(r'<p class="lead">(.*?)</p>', html_page(document))
    assert lead
    said = words_of(lead[1])
    assert re.search(r"(?:^|[.)] )It abstained (?:wrongly|rightly) on", said)
    assert not re.search(r",\s*(?:[A-Z]|$)", said)


def test_errors_bad_lines_and_missing_gold_are_said_before_the_figures(page: str) -> None:
    said = words_of(page)
    top = said[: said.index("Figures")]
    for text in (
        "5 cases ended in an error.",
        "1 line of the set",
        "questions.jsonl:12",
        "2 gold articles",
        "article-98",
    ):
        assert text in top


def test_a_run_without_faults_has_no_warning() -> None:
    document = make_document(4, ("as set",), hostile=False)
    document["runs"][0]["excluded"] = 0
    assert "What to know first" not in html_page(document)


def test_a_figure_that_applies_to_no_case_is_named_and_never_zero() -> None:
    document = make_document(20, ("as set",))
    page = html_page(document)
    assert '<span class="metric">ndcg@10' not in page
    assert "Applies to no case here, and has no figure: ndcg@10, citation_exactness." in words_of(page)
    assert "Applies to no case here: ndcg@10, citation_exactness." in shown(document)


def test_a_figure_that_applies_in_one_run_only_is_not_applicable_in_the_other() -> None:
    document = make_document(20, ("as set", "other"))
    document["runs"][1]["metrics"]["hit@4"] |= {"mean": None, "low": None, "high": None, "n": 0, "excluded": 20}
    row = re.search(r"<tr><th[^>]*><span class=\"metric\">hit@4.*?</tr>", html_page(document))
    assert row
    assert row[0].count("not applicable<small>20 not applicable") == 1
    assert row[0].count('class="dot') == 1


@pytest.mark.parametrize("runs", [1, 2, 3, 8])
def test_figures_have_a_column_a_run(runs: int) -> None:
    document = make_document(12, [f"run {n}" for n in range(runs)])
    table = re.search(r'<table class="figures.*?</table>', html_page(document), re.DOTALL)
    assert table
    for run in document["runs"]:
        assert number(run["metrics"]["hit@4"]["mean"]) in table[0]
    heads = re.search(r"<thead>.*?</thead>", table[0])
    assert heads
    assert heads[0].count("<th ") == (5 if runs == 1 else runs + 1)


def test_every_drawing_has_a_title_or_is_hidden_from_screen_readers(page: str) -> None:
    for drawing in re.findall(r"<svg[^>]*>(?:<title>)?", page):
        assert ("aria-label=" in drawing and drawing.endswith("<title>")) or 'aria-hidden="true"' in drawing


def test_stages_that_lost_cases_are_counted_and_explained(document: Json, page: str) -> None:
    section = re.search(r'<section id="lost".*?</section>', page, re.DOTALL)
    assert section
    for stage in STAGES:
        row = re.search(rf'data-stage="{stage}".*?</tr>', section[0])
        assert row
        for run in document["runs"]:
            count = sum(case["lost_at"] == stage for case in run["cases"])
            assert f"{count}</span></span>" in row[0]


def test_changed_cases_link_to_the_case_in_the_compared_run(document: Json, page: str) -> None:
    comparison = document["comparisons"][1]
    places = {(case["set"], case["id"]): at for at, case in enumerate(document["runs"][2]["cases"])}
    for change in comparison["changed"]:
        assert f'<a href="#case-2-{places[change["set"], change["id"]]}">{change["id"]}</a>' in page


def test_worse_means_worse_where_lower_is_better() -> None:
    document = make_document(4, ("as set", "other"))
    case = document["runs"][1]["cases"][0]
    change = {"id": case["id"], "set": case["set"], "metric": "false_abstention", "baseline": 0.0, "run": 1.0}
    document["comparisons"][0]["changed"] = [change]
    assert re.search(r'<li class="worse"><a href="#case-1-0">q000</a>', html_page(document))


def test_a_comparison_with_a_former_report_shows_without_that_run() -> None:
    document = make_document(10, ("as set",))
    figure = {"n": 9, "difference": 0.1, "low": 0.02, "high": 0.2, "p": 0.01, "test": "t", "better": 1, "worse": 0}
    document["comparisons"] = [
        {"baseline": "last week", "run": "as set", "n": 9, "metrics": {"hit@4": figure}, "changed": []}
    ]
    assert "as set against last week" in words_of(html_page(document))


def test_settings_that_differ_between_the_runs_are_set_apart(page: str) -> None:
    said = words_of(page)
    differing = said[said.index("What the runs were set to differently") : said.index("All 7 settings")]
    assert "retriever" in differing
    assert "timeout_s" not in differing


def test_times_come_from_the_document_or_else_from_the_cases() -> None:
    document = make_document(20, ("as set",))
    document["runs"][0]["latency"]["ask_p50_s"]["mean"] = 4.321
    rerank = [case["seconds"]["stage rerank"] for case in document["runs"][0]["cases"] if case["seconds"]]
    said = words_of(html_page(document))
    assert "4.32 s" in said.replace("\u00a0", " ")
    assert number(percentile(rerank, 95), "seconds").replace("\u00a0", " ") in said
    assert number(percentile(rerank, 95), "seconds") in shown(document)


def test_a_search_alone_has_a_page_too() -> None:
    document = make_document(6, ("as set",))
    for case in document["runs"][0]["cases"]:
        case |= {"answer": None, "abstained": None, "citations": [], "rejected": [], "confidence": None}
        case.pop("usage")
    document["runs"][0] |= {"charts": [], "by": {}, "latency": {}}
    assert "too few cases for a curve" in html_page(document)
    assert "hit@4" in shown(document)


# -- the cases as a table


def test_csv_has_a_row_a_case_and_run(document: Json) -> None:
    rows = rows_of(document)
    assert [(row["run"], row["id"]) for row in rows] == [
        (run["name"], case["id"]) for run in document["runs"] for case in run["cases"]
    ]
    assert cases_csv(document).count("\r\n") >= len(rows) + 1


def test_csv_cells_say_what_the_case_says(document: Json) -> None:
    for row, case in zip(rows_of(document), document["runs"][0]["cases"], strict=False):
        assert row["lost_at"] == (case["lost_at"] or "")
        assert row["right"] == {True: "true", False: "false", None: ""}[case["right"]]
        assert row["hit_rank"] == str(case["hit_rank"] or "")
        assert row["score hit@4"] == str(case["scores"].get("hit@4", ""))
        assert row["tags"] == "; ".join(case["tags"])


@pytest.mark.parametrize("first", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\r=1", "＝1"])
def test_a_cell_that_would_be_a_formula_is_text(first: str) -> None:
    document = make_document(1, ("as set",))
    document["runs"][0]["cases"][0] |= {"question": first, "answer": first, "tags": [first], "set": first}
    row = rows_of(document)[0]
    assert row["question"] == row["answer"] == row["tags"] == row["set"] == f"'{first}"


def test_a_negative_number_stays_a_number() -> None:
    document = make_document(1, ("as set",))
    document["runs"][0]["cases"][0]["scores"] = {"margin": -0.5}
    assert rows_of(document)[0]["score margin"] == "-0.5"


@pytest.mark.parametrize("text", ['a "quoted", word', "two\nlines", "two\r\nlines", "semi;colon", *HOSTILE])
def test_any_text_comes_back_from_the_csv(text: str) -> None:
    document = make_document(1, ("as set",), hostile=False)
    document["runs"][0]["cases"][0]["claim"] = text
    expected = text.replace("\ud800", "\ufffd")
    assert rows_of(document)[0]["claim"] == (f"'{expected}" if text.startswith("=") else expected)
    cases_csv(document).encode("utf-8")


# -- the terminal


def test_one_run_shows_every_figure_with_interval_n_and_what_it_does_not_apply_to() -> None:
    document = make_document(60, ("as set",))
    lines = shown(document).splitlines()
    for name, figure in document["runs"][0]["metrics"].items():
        if figure["mean"] is None:
            continue
        line = next(line for line in lines if f" {name} " in line)
        unit = unit_of(name, figure)
        assert number(figure["mean"], unit) in line
        assert interval(figure, unit) in line
        assert f" {figure['n']} " in line
        assert f" {figure['excluded']} " in line


def test_runs_stand_side_by_side_and_differences_below(document: Json) -> None:
    text = shown(document)
    for run in document["runs"]:
        assert number(run["metrics"]["hit@1"]["mean"]) in text
    assert "retriever=lexical against as set, 100 cases in both" in text
    difference = document["comparisons"][0]["metrics"]["hit@1"]
    line = next(line for line in text.splitlines() if "hit@1" in line and "pts" in line)
    for cell in (*points(difference, "share"), p_value(difference["p"]), f" {difference['better']} "):
        assert cell in line


def test_the_terminal_names_faults_once_for_all_runs(document: Json) -> None:
    text = shown(document)
    assert text.count("Every run: 5 cases ended in an error.") == 1
    assert "questions.jsonl:12: has no `question`" in text


def test_names_of_files_and_runs_are_neither_markup_nor_control_characters() -> None:
    document = make_document(4, ("[bold red]x[/] \x1b[31m\x9b",))
    document["runs"][0]["failures"] = [{"source": "a\x1b]0;title\x07.jsonl:1", "reason": "[link=file:///x]no[/link]"}]
    document["runs"][0]["sets"] = ["[red]set[/red]\u202e"]
    text = shown(document)
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]", text)
    assert "[link=file:///x]no[/link]" in text
    assert "[red]set[/red]" in text


def test_the_tables_fit_a_narrow_terminal(document: Json) -> None:
    assert max(map(len, shown(document, width=80).splitlines())) <= 80
