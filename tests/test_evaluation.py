"""Question sets in, a report out: what is read, what is scored, what a failure does."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from assistant.errors import EmptyLibrary, UnknownArticle, WrongUse
from assistant.evaluation import (
    EvalCase,
    EvalReport,
    GoldSpan,
    evaluate,
    load_cases,
    print_report,
    scratch_library,
    to_json,
    write_json,
)
from assistant.evaluation.run import EvalProgress, find_quote
from assistant.settings import load_settings
from assistant.types import (
    Answer,
    Article,
    ArticleFacts,
    ArticleRow,
    Citation,
    Filters,
    Hit,
    Match,
    Passage,
    Span,
    Status,
    Zone,
)

EVAL = Path(__file__).parents[2] / "shared" / "eval"
CORPUS_QUESTIONS = Path(__file__).parents[1] / "corpus" / "questions" / "questions.jsonl"

ANYTHING = Filters()
FERRY = "The ferry Alma ran aground on Tuesday. Nobody was hurt. The captain said the fog was “like a wall”."
COUNCIL = "The council met on Friday. It voted 7 to 2 for new filters. Nobody was hurt."


def make_article(source_id: str, text: str, url: str | None = None) -> Article:
    return Article(
        hashlib.sha256(text.encode()).hexdigest(),
        text,
        title=source_id,
        url=url,
        source_id=source_id,
    )


def facts(article: Article) -> ArticleFacts:
    return ArticleFacts(
        article.id,
        article.title,
        None,
        None,
        None,
        article.url,
        None,
        Status.CURRENT,
        article.source_id,
    )


def row(article: Article, *, current: bool = True, source_ids: tuple[str, ...] = ()) -> ArticleRow:
    return ArticleRow(facts(article), source_ids or (article.source_id or "",), 1, 3, 2, None, current)


class FakeAssistant:
    """Finds sentences that share a long word with the question, and answers with the best one."""

    def __init__(self, *articles: Article, rows: list[ArticleRow] | None = None) -> None:
        self.settings = load_settings(home=Path("library"))
        self.stored = {article.id: article for article in articles}
        self.rows = [row(article) for article in articles] if rows is None else rows
        self.asked: list[tuple[str, Filters]] = []

    def retrieve(self, question: str, *, filters: Filters = ANYTHING, k: int | None = None) -> list[Hit]:
        words = {word.strip("?.").lower() for word in question.split() if len(word) > 3}
        passages = [passage for article in self.stored.values() for passage in sentences(article)]
        scored = [(len(words & {w.strip(".").lower() for w in p.text.split()}), p) for p in passages]
        best = sorted((pair for pair in scored if pair[0]), key=lambda pair: -pair[0])[:k]
        return [Hit(passage, rank, float(score)) for rank, (score, passage) in enumerate(best, 1)]

    def ask(self, question: str, *, filters: Filters = ANYTHING) -> Answer:
        self.asked.append((question, filters))
        if "crash" in question:
            raise RuntimeError("the model\nwent away")
        hits = self.retrieve(question, k=1)
        if not hits:
            return Answer(question, "The articles don't say.", abstained="nothing found")
        passage = hits[0].passage
        about = facts(self.stored[passage.span.article_id])
        citation = Citation(
            1,
            passage.span,
            passage.text,
            about,
            Zone.BODY,
            0,
            len(passage.text),
            Match.VERIFIED,
        )
        return Answer(
            question,
            f"{passage.text} [1]",
            citations=(citation,),
            timings={"answer": 0.001},
        )

    def articles(self, *, include_replaced: bool = False) -> list[ArticleRow]:
        return [row for row in self.rows if row.current or include_replaced]

    def article(self, article_id: str) -> Article:
        if article_id not in self.stored:
            raise UnknownArticle(f"There is no article {article_id}.")
        return self.stored[article_id]


def sentences(article: Article) -> list[Passage]:
    passages, start = [], 0
    for piece in article.text.split(". "):
        text = piece.removesuffix(".") + "."
        passages.append(Passage(Span(article.id, start, start + len(text)), text, None, Zone.BODY, 1))
        start += len(text) + 1
    return passages


@pytest.fixture
def assistant() -> FakeAssistant:
    return FakeAssistant(make_article("ferry", FERRY), make_article("council", COUNCIL))


@pytest.fixture
def load(tmp_path: Path) -> Callable[..., tuple[list[EvalCase], list[tuple[str, str]]]]:
    def write(
        *lines: Mapping[str, Any] | str | bytes,
    ) -> tuple[list[EvalCase], list[tuple[str, str]]]:
        path = tmp_path / "set.jsonl"
        encoded = [line if isinstance(line, bytes) else encode(line) for line in lines]
        path.write_bytes(b"\n".join(encoded) + b"\n")
        cases, failures = load_cases(path)
        return cases, [(failure.source, failure.reason) for failure in failures]

    return write


def encode(line: Mapping[str, Any] | str) -> bytes:
    return (line if isinstance(line, str) else json.dumps(line)).encode()


GOOD: dict[str, Any] = {
    "id": "q1",
    "question": "How did the council vote?",
    "answers": ["7 to 2"],
}


class TestLoading:
    def test_this_project_s_shape(self, load: Any) -> None:
        span = {"article": "council", "quote": "It voted 7 to 2"}
        line = GOOD | {
            "date": "2025-08-20",
            "gold_spans": [span],
            "answerable": True,
            "tags": ["number"],
        }
        cases, failures = load(line)
        assert failures == []
        assert cases == [
            EvalCase(
                id="q1",
                question="How did the council vote?",
                answerable=True,
                date=date(2025, 8, 20),
                answers=("7 to 2",),
                gold_article_ids=("council",),
                gold_spans=(GoldSpan("council", "It voted 7 to 2"),),
                tags=("number",),
            )
        ]

    def test_the_realtimeqa_converter_s_shape(self, load: Any) -> None:
        line = {
            "id": "20220624_1",
            "date": "2022-06-23",
            "question": "How much?",
            "choices": ["$1", "$19 million"],
            "answer": ["$19 million"],
            "answer_index": [1],
            "gold_article_ids": ["a608"],
            "gold_coverage": [0.8],
            "string_answer": True,
            "answerable": True,
        }
        (case,), failures = load(line)
        assert (case.accepted, case.gold_article_ids, failures) == (
            ("$19 million",),
            ("a608",),
            [],
        )

    def test_the_paraphrased_shape_with_a_question_that_has_no_answer(self, load: Any) -> None:
        line: dict[str, Any] = {
            "id": "p",
            "question": "Who?",
            "answer": None,
            "gold_article_ids": [],
            "gold_recent": [],
            "answerable": False,
        }
        (case,), failures = load(line)
        assert (case.answerable, case.accepted, failures) == (False, (), [])

    @pytest.mark.parametrize("extra", [{"answerable": False}, {"string_answer": False}], ids=str)
    def test_answers_of_an_unanswerable_or_stringless_case_are_kept_but_not_compared(
        self, load: Any, extra: Any
    ) -> None:
        (case,), _ = load(GOOD | {"answerable": True} | extra)
        assert (case.answers, case.accepted) == (("7 to 2",), ())

    def test_a_byte_order_mark_blank_lines_crlf_and_a_missing_id_are_fine(self, load: Any) -> None:
        cases, failures = load(
            b"\xef\xbb\xbf" + encode(GOOD) + b"\r",
            "",
            encode(GOOD | {"id": None}) + b"\r",
        )
        assert ([case.id for case in cases], failures) == (["q1", "line-3"], [])

    @pytest.mark.parametrize(
        ("line", "reason"),
        [
            ("{not json", "is no JSON"),
            ("[1, 2]", "is a JSON list, not an object"),
            (b'{"question": "\xff"}', "is not UTF-8"),
            ("[" * 200_000, "is no JSON"),
            ({"id": "c1", "claim": "X"}, "a line with `claim` is not scored"),
            ({"id": "v1", "turns": []}, "a line with `turns` is not scored"),
            (GOOD | {"question": " "}, "`question` is ' ', not a text"),
            (GOOD | {"id": ["x"]}, "`id` is ['x'], not a name"),
            (
                GOOD | {"date": "last Tuesday"},
                "`date` is 'last Tuesday', not YYYY-MM-DD",
            ),
            (GOOD | {"date": 20250820}, "`date` is 20250820, not YYYY-MM-DD"),
            (GOOD | {"answers": [7]}, "`answers` is [7], not a list of texts"),
            (GOOD | {"answerable": "yes"}, "`answerable` is 'yes', not true or false"),
            (GOOD | {"gold_spans": ["a quote"]}, "`gold_spans` is not a list of"),
            (
                GOOD | {"gold_spans": [{"article": "a", "quote": ""}]},
                "`gold_spans` has an empty article or quote",
            ),
            ({"id": "q", "question": "Which?", "choices": ["a"]}, "nothing to score"),
        ],
        ids=lambda value: str(value)[:40] if not isinstance(value, dict) else "",
    )
    def test_a_bad_line_is_named_with_its_number_and_the_rest_is_read(self, load: Any, line: Any, reason: str) -> None:
        cases, [(source, why)] = load(GOOD, line, GOOD | {"id": "q2"})
        assert [case.id for case in cases] == ["q1", "q2"]
        assert source == "set.jsonl:2"
        assert reason in why

    def test_a_question_that_stands_there_twice_is_two_cases(self, load: Any) -> None:
        cases, failures = load(GOOD, GOOD)
        assert ([case.id for case in cases], failures) == (["q1", "q1#2"], [])

    def test_a_file_that_is_not_there_is_named(self, tmp_path: Path) -> None:
        with pytest.raises(WrongUse, match=r"none\.jsonl can't be read: No such file"):
            load_cases(tmp_path / "none.jsonl")

    @pytest.mark.parametrize(
        ("name", "n", "answerable"),
        [
            ("news-small/questions.jsonl", 90, 46),
            ("news/questions.jsonl", 430, 209),
            ("news/questions_paraphrased.jsonl", 130, 100),
        ],
    )
    def test_the_realtimeqa_news_sets_load_whole(self, name: str, n: int, answerable: int) -> None:
        if not (EVAL / name).is_file():
            pytest.skip(f"{EVAL / name} is not here: RealTimeQA news, built by the realtimeqa converter")
        cases, failures = load_cases(EVAL / name)
        assert (len(cases), sum(case.answerable for case in cases), failures) == (
            n,
            answerable,
            [],
        )
        assert all(case.date and case.gold_article_ids and case.accepted for case in cases if case.answerable)

    def test_the_sample_corpus_questions_load_whole(self) -> None:
        if not CORPUS_QUESTIONS.is_file():
            pytest.skip(f"{CORPUS_QUESTIONS} is not here")
        cases, failures = load_cases(CORPUS_QUESTIONS)
        assert failures == []
        assert sum(not case.answerable for case in cases) >= 25


def case(case_id: str, question: str, answerable: bool = True, **more: Any) -> EvalCase:
    return EvalCase(case_id, question, answerable, **more)


VOTE = case("vote", "Who voted for filters?", answers=("7 to 2",), gold_article_ids=("council",))
FOG = case(
    "fog",
    "What did the captain say about the fog?",
    answers=("like a wall",),
    gold_spans=(GoldSpan("ferry", 'fog was "like a wall"'),),
    gold_article_ids=("ferry",),
)
NORWAY = case("norway", "Which party won Norway's election?", answerable=False)
CRASH = case("crash", "Will the council crash?", answers=("no",), gold_article_ids=("council",))


class TestEvaluating:
    def test_figures_by_hand(self, assistant: FakeAssistant) -> None:
        report = evaluate(assistant, [VOTE, FOG, NORWAY])
        figures = {name: (figure.mean, figure.n, figure.excluded) for name, figure in report.metrics.items()}
        assert figures["hit@1"] == (1, 2, 1)
        assert figures["answer_contains"] == (1, 2, 1)
        assert figures["exact_match"] == (0, 2, 1)
        assert figures["abstention_recall"] == figures["correct_abstention"] == (1, 1, 2)
        assert figures["abstention_f1"] == (1, 1, 2)
        assert figures["false_abstention"] == (0, 2, 1)
        assert figures["citation_exactness"] == (1, 2, 1)
        assert figures["gold_citation"] == (1, 2, 1)
        assert (report.excluded, report.errors) == (1, 0)

    def test_questions_are_asked_as_of_their_date(self, assistant: FakeAssistant) -> None:
        evaluate(assistant, [case("a", "How?", date=date(2025, 8, 20)), case("b", "How?")])
        assert [filters.as_of for _, filters in assistant.asked] == [
            date(2025, 8, 20),
            None,
        ]

    def test_a_case_that_fails_is_a_row_with_its_error_and_the_run_goes_on(self, assistant: FakeAssistant) -> None:
        report = evaluate(assistant, [CRASH, VOTE])
        failed, fine = report.results
        assert failed.error == "RuntimeError: the model\nwent away"
        assert failed.scores == {}
        assert fine.error is None
        assert report.errors == 1
        assert (
            report.metrics["hit@4"].n,
            report.metrics["hit@4"].excluded,
            report.excluded,
        ) == (1, 1, 0)

    def test_a_gold_quote_that_the_article_lacks_is_an_error_of_the_set(self, assistant: FakeAssistant) -> None:
        wrong = case("w", "How?", gold_spans=(GoldSpan("ferry", "the fog was like a curtain"),))
        report = evaluate(assistant, [wrong, VOTE])
        assert "does not hold the gold quote 'the fog was like a curtain'" in (report.results[0].error or "")

    @pytest.mark.parametrize(
        "gold",
        [
            {"gold_article_ids": ("gone",)},
            {"gold_spans": (GoldSpan("gone", "7 to 2"),)},
        ],
    )
    def test_gold_that_the_library_lacks_is_a_miss_and_is_named(self, assistant: FakeAssistant, gold: Any) -> None:
        report = evaluate(assistant, [case("g", VOTE.question, answers=("7 to 2",), **gold)])
        assert (report.metrics["hit@10"].mean, report.metrics["hit@10"].n) == (0, 1)
        assert report.missing_gold == ("gone",)

    def test_any_source_id_of_an_article_names_it_and_counts_once(self) -> None:
        council = make_article("council", COUNCIL)
        assistant = FakeAssistant(council, rows=[row(council, source_ids=("council", "wire-7"))])
        both = case(
            "b",
            VOTE.question,
            answers=("7 to 2",),
            gold_article_ids=("wire-7", "council"),
        )
        assert evaluate(assistant, [both]).metrics["recall@5"].mean == 1

    def test_gold_of_a_replaced_version_is_the_version_that_answers_now(self) -> None:
        earlier = make_article("draft", "The council meets.", url="https://example.org/c")
        later = make_article("final", COUNCIL, url="https://example.org/c")
        assistant = FakeAssistant(later, rows=[row(later), row(earlier, current=False)])
        report = evaluate(assistant, [case("r", VOTE.question, gold_article_ids=("draft",))])
        assert (report.metrics["hit@1"].mean, report.missing_gold) == (1, ())

    def test_metrics_that_look_deeper_than_k_are_left_out(self, assistant: FakeAssistant) -> None:
        metrics = evaluate(assistant, [VOTE], k=5).metrics
        assert "recall@5" in metrics
        assert not {"hit@10", "recall@10", "mrr@10"} & set(metrics)

    def test_searching_alone_asks_nothing(self, assistant: FakeAssistant) -> None:
        report = evaluate(assistant, [VOTE, FOG, CRASH], ask=False)
        assert assistant.asked == []
        assert (report.errors, report.metrics["hit@1"].n, report.metrics["f1"].n) == (
            0,
            3,
            0,
        )

    def test_progress_is_told_after_every_case(self, assistant: FakeAssistant) -> None:
        told: list[EvalProgress] = []
        evaluate(assistant, [VOTE, CRASH], progress=told.append)
        assert told == [EvalProgress(1, 2, 0, "vote"), EvalProgress(2, 2, 1, "crash")]

    def test_two_runs_give_the_same_figures(self, assistant: FakeAssistant) -> None:
        runs = [evaluate(assistant, [VOTE, FOG, NORWAY, CRASH]).metrics for _ in range(2)]
        assert runs[0] == runs[1]

    def test_what_makes_no_sense_is_refused_before_the_first_question(self, assistant: FakeAssistant) -> None:
        with pytest.raises(WrongUse, match="No question to evaluate"):
            evaluate(assistant, [])
        with pytest.raises(WrongUse, match="k = 0"):
            evaluate(assistant, [VOTE], k=0)
        with pytest.raises(EmptyLibrary, match="assistant ingest"):
            evaluate(FakeAssistant(), [VOTE])
        assert assistant.asked == []


class TestFindingQuotes:
    def test_every_occurrence_is_found(self) -> None:
        article = make_article("x", "No. Yes. No. Yes.")
        assert find_quote(article, "Yes.") == [
            Span(article.id, 4, 8),
            Span(article.id, 13, 17),
        ]

    def test_other_typography_is_found_and_other_words_are_not(self) -> None:
        article = make_article("ferry", FERRY)
        (span,) = find_quote(article, 'the fog  was "like a wall"')
        assert article.quote(span) == "the fog was “like a wall”"
        assert find_quote(article, "the fog was like a wall") == []


class TestReporting:
    @pytest.fixture
    def report(self, assistant: FakeAssistant) -> EvalReport:
        bad = load_cases_from_text("[]\n")
        return evaluate(assistant, [VOTE, FOG, NORWAY, CRASH], failures=bad)

    def test_the_json_has_the_keys_that_scripts_rely_on(self, report: EvalReport) -> None:
        written = json.loads(json.dumps(to_json(report), allow_nan=False))
        assert {
            "metrics",
            "excluded",
            "errors",
            "seconds",
            "latency",
            "settings",
            "versions",
            "cases",
        } <= set(written)
        assert set(written["metrics"]["hit@4"]) == {
            "mean",
            "low",
            "high",
            "n",
            "excluded",
        }
        assert (written["excluded"], written["errors"]) == (1, 1)
        assert set(written["latency"]) == {
            "ask_p50_s",
            "ask_p95_s",
            "retrieve_p50_s",
            "retrieve_p95_s",
        }
        assert written["settings"]["embedder"] == "minilm"
        assert written["failures"] == [{"source": "set.jsonl:1", "reason": "is a JSON list, not an object"}]

    def test_a_case_in_the_json_shows_question_gold_answer_and_citations(self, report: EvalReport) -> None:
        vote, fog, norway, crash = to_json(report)["cases"]
        assert vote["gold"]["article_ids"] == ["council"]
        assert vote["hit_rank"] == 1
        assert vote["scores"]["answer_contains"] == 1
        (citation,) = fog["citations"]
        assert FERRY[citation["start"] : citation["end"]] == citation["quote"]
        assert norway["abstained"] == "nothing found"
        assert "hit@4" not in norway["scores"]
        assert crash["error"].startswith("RuntimeError")

    def test_secrets_stay_out_of_the_json(self, assistant: FakeAssistant) -> None:
        assistant.settings = load_settings(server={"password": "hunter2"})
        assert "hunter2" not in json.dumps(to_json(evaluate(assistant, [VOTE])))

    def test_the_json_file_is_written_or_the_failure_named(self, report: EvalReport, tmp_path: Path) -> None:
        write_json(report, tmp_path / "report.json")
        assert json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))["errors"] == 1
        with pytest.raises(WrongUse, match="can't be written"):
            write_json(report, tmp_path / "no" / "report.json")

    def test_the_terminal_shows_figures_intervals_and_what_went_wrong(self, report: EvalReport) -> None:
        from rich.console import Console

        screen = io.StringIO()
        print_report(report, Console(file=screen, width=100))
        shown = screen.getvalue()
        for words in (
            "hit@4",
            "1.000 - 1.000",
            "ask_p95_s",
            "1 cases failed",
            "crash: RuntimeError",
            "set.jsonl:1",
        ):
            assert words in shown

    def test_markup_in_an_error_is_shown_as_it_is(self, assistant: FakeAssistant) -> None:
        from rich.console import Console

        wrong = case("w", "How?", gold_spans=(GoldSpan("ferry", "[bold]not here[/nonsense]"),))
        screen = io.StringIO()
        print_report(evaluate(assistant, [wrong]), Console(file=screen, width=200))
        assert "[bold]not here[/nonsense]" in screen.getvalue()


def load_cases_from_text(text: str) -> Any:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "set.jsonl"
        path.write_text(text)
        return load_cases(path)[1]


REAL_QUESTIONS = (
    case(
        "vote",
        "How many voted for the new filters?",
        answers=("7",),
        gold_spans=(GoldSpan("council", "7 to 2"),),
    ),
    case("norway", "Who won the election in Norway?", answerable=False),
)


@pytest.fixture(scope="module")
def real_report(tmp_path_factory: pytest.TempPathFactory) -> EvalReport:
    """Two short articles through every floor of the real thing."""
    articles = tmp_path_factory.mktemp("articles") / "articles.jsonl"
    lines = [
        {"id": name, "title": name.title(), "text": text} for name, text in (("ferry", FERRY), ("council", COUNCIL))
    ]
    articles.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    home = tmp_path_factory.mktemp("home")
    with scratch_library(articles, settings=load_settings(home=home)) as (
        assistant,
        ingested,
    ):
        assert len(ingested.added) == 2
        report = evaluate(assistant, REAL_QUESTIONS)
    assert list(home.iterdir()) == []
    return report


class TestTheRealAssistant:
    def test_it_finds_the_gold_passage_and_cites_exactly(self, real_report: EvalReport) -> None:
        assert [result.error for result in real_report.results] == [None, None]
        assert real_report.metrics["hit@4"].mean == 1
        assert real_report.metrics["citation_exactness"].mean in (1, None)
        assert real_report.library["embedded"] > 0
        assert real_report.latency["ask_p50_s"].n == 2

    def test_articles_that_are_none_are_said_before_any_question(self, tmp_path: Path) -> None:
        (tmp_path / "empty.jsonl").write_text("")
        with (
            pytest.raises(EmptyLibrary, match=r"empty\.jsonl"),
            scratch_library(tmp_path / "empty.jsonl", settings=load_settings(home=tmp_path / "home")),
        ):
            pass
