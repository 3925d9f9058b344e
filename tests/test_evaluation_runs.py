"""Runs: what they survive, how two of them compare, and the document that keeps them."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from evaluated import CRASH, FOG, NORWAY, VOTE, FakeAssistant, articles, case

from assistant.chat_models import ReplyCache, StoredReply
from assistant.errors import UnknownName, WrongUse
from assistant.evaluation import (
    EvalReport,
    compare_runs,
    evaluate,
    parse_condition,
    read_document,
    reports_of,
    scratch_library,
    to_document,
    write_articles,
    write_json,
)
from assistant.evaluation.workers import run_all
from assistant.settings import load_settings
from assistant.types import Answer, Filters, Usage

SOME = [VOTE, FOG, NORWAY, CRASH]


@pytest.fixture
def assistant() -> FakeAssistant:
    return FakeAssistant(*articles())


def without_times(report: EvalReport) -> Any:
    """The run as JSON but for what a clock decides."""
    (run,) = to_document([report])["runs"]
    for case_ in run["cases"]:
        case_["seconds"] = None
        case_["scores"] = {name: score for name, score in case_["scores"].items() if not name.endswith("_s")}
    return {key: value for key, value in run.items() if key not in ("seconds", "latency", "resumed", "workers")}


class Dies(BaseException):
    """Stands in for a kill: no code of the run may catch it."""


class Mortal(FakeAssistant):
    dies_after: int | None = None

    def ask(self, question: str, *, filters: Filters = Filters()) -> Answer:  # noqa: B008
        if len(self.asked) == self.dies_after:
            raise Dies
        return super().ask(question, filters=filters)


class TestJournal:
    @pytest.mark.parametrize("cut_after", [1, 2, 3])
    def test_a_run_that_was_cut_short_goes_on_and_its_report_is_the_same(self, cut_after: int, tmp_path: Path) -> None:
        system, cases = Mortal(*articles()), [VOTE, FOG, NORWAY, replace(VOTE, id="again")]
        system.dies_after = cut_after
        with pytest.raises(Dies):
            evaluate(system, cases, journal=tmp_path)
        system.asked, system.dies_after = [], None
        report = evaluate(system, cases, journal=tmp_path)
        assert (report.resumed, len(system.asked)) == (cut_after, 4 - cut_after)
        assert without_times(report) == without_times(evaluate(system, cases))
        assert list(tmp_path.iterdir()) == []

    def test_a_torn_line_costs_that_case_alone(self, assistant: FakeAssistant, tmp_path: Path) -> None:
        journal = self.unfinished(assistant, tmp_path)
        lines = journal.read_text(encoding="utf-8").splitlines(keepends=True)
        journal.write_text(lines[0] + lines[1][: len(lines[1]) // 2], encoding="utf-8")
        report = evaluate(assistant, [VOTE, FOG, NORWAY], journal=tmp_path)
        assert report.resumed == 1
        assert without_times(report) == without_times(evaluate(assistant, [VOTE, FOG, NORWAY]))

    def test_a_failed_case_is_tried_again(self, assistant: FakeAssistant, tmp_path: Path) -> None:
        journal = self.unfinished(assistant, tmp_path)
        rows = [json.loads(line) for line in journal.read_text(encoding="utf-8").splitlines()]
        rows[0]["error"] = "the server was away"
        journal.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
        report = evaluate(assistant, [VOTE, FOG, NORWAY], journal=tmp_path)
        assert (report.resumed, report.errors) == (1, 0)

    def test_another_setting_another_journal(self, assistant: FakeAssistant, tmp_path: Path) -> None:
        self.unfinished(assistant, tmp_path)
        assert evaluate(assistant, [VOTE, FOG, NORWAY], k=5, journal=tmp_path).resumed == 0
        assistant.settings = assistant.settings.model_copy(update={"retriever": "lexical"})
        assert evaluate(assistant, [VOTE, FOG, NORWAY], journal=tmp_path).resumed == 0

    def unfinished(self, assistant: FakeAssistant, folder: Path) -> Path:
        """The journal of a run over three cases that two of them were done of."""

        def stop(at: Any) -> None:
            if at.done == 2:
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            evaluate(assistant, [VOTE, FOG, NORWAY], journal=folder, progress=stop)
        (journal,) = folder.iterdir()
        return journal


KILLED = """
import sys
from pathlib import Path
sys.path.insert(0, {tests!r})
from evaluated import FakeAssistant, articles, case
from assistant.evaluation import evaluate

import time
class Slow(FakeAssistant):
    def ask(self, question, **more):
        time.sleep(0.05 if len(self.asked) < int(sys.argv[1]) else 60)
        return super().ask(question, **more)

cases = [case(str(i), f"Who voted for filters {{i}}?", answers=("7 to 2",), gold_article_ids=("council",)) for i in range(30)]
report = evaluate(Slow(*articles()), cases, journal=Path({folder!r}))
print(report.resumed, [result.right for result in report.results].count(True))
"""


def test_killing_a_run_three_times_loses_no_finished_case(tmp_path: Path) -> None:
    script = tmp_path / "run.py"
    script.write_text(KILLED.format(tests=str(Path(__file__).parent), folder=str(tmp_path / "journal")))
    done = 0
    for wanted in (4, 10, 18):
        # It hangs after 8 cases: however late the kill comes, there is something to kill.
        process = subprocess.Popen([sys.executable, str(script), "8"], stdout=subprocess.DEVNULL)
        while (done := finished_cases(tmp_path / "journal")) < wanted and process.poll() is None:
            time.sleep(0.02)
        process.kill()
        process.wait()
    last = subprocess.run([sys.executable, str(script), "30"], capture_output=True, text=True, check=True)
    resumed, right = map(int, last.stdout.split())
    assert resumed >= done >= 18
    assert right == 30


def finished_cases(folder: Path) -> int:
    return sum(path.read_bytes().count(b"\n") for path in folder.glob("*.jsonl")) if folder.is_dir() else 0


class TestWorkers:
    def test_several_give_the_same_report_as_one(self, assistant: FakeAssistant) -> None:
        many = [replace(VOTE, id=str(i)) for i in range(20)]
        assert without_times(evaluate(assistant, many, workers=4)) == without_times(evaluate(assistant, many))

    def test_a_case_that_takes_too_long_is_a_row_and_the_others_go_on(self, assistant: FakeAssistant) -> None:
        started = time.monotonic()
        report = evaluate(assistant, [case("slow", "Does it hang?", answers=("x",)), VOTE], case_limit_s=3)
        took_s = time.monotonic() - started
        assistant.released.set()
        assert took_s < 20
        slow, vote = report.results
        assert (slow.error, slow.lost_at) == ("took longer than 3 s", "error")
        assert vote.right

    def test_an_error_of_the_work_itself_ends_the_run(self) -> None:
        with pytest.raises(ZeroDivisionError):
            list(run_all(lambda n: 1 // n, [1, 0, 2], too_late=lambda n: 0))

    def test_a_run_that_is_stopped_begins_no_case_more_and_reports_what_was_done(
        self, assistant: FakeAssistant, tmp_path: Path
    ) -> None:
        stop, many = threading.Event(), [replace(VOTE, id=str(i)) for i in range(200)]
        report = evaluate(assistant, many, journal=tmp_path, stop=stop, progress=lambda at: at.done == 3 and stop.set())
        time.sleep(0.3)  # a worker that went on would ask meanwhile
        begun = len(assistant.asked)
        assert len(report.results) == 3
        assert begun < 200
        again = evaluate(assistant, many, journal=tmp_path)
        assert (again.resumed, len(again.results)) == (3, 200)

    def test_every_task_comes_back_once(self) -> None:
        assert sorted(run_all(lambda n: n * n, range(100), workers=8, too_late=lambda n: -1)) == [
            (n, n * n) for n in range(100)
        ]


class TestComparison:
    def test_what_changed_is_counted_tested_and_listed(self, assistant: FakeAssistant) -> None:
        class Worse(FakeAssistant):
            def ask(self, question: str, *, filters: Filters = Filters()) -> Answer:  # noqa: B008
                return Answer(question, "No.", abstained="nothing")

        one, other = evaluate(assistant, SOME[:3]), evaluate(Worse(*articles()), SOME[:3], name="silent")
        compared = compare_runs(one, other)
        contains = compared.metrics["answer_contains"]
        assert (contains.n, contains.difference, contains.better, contains.worse) == (2, -1, 0, 2)
        assert contains.p == 0.5  # two of two cases worse: 2 * 1 / 2^2
        changed = {
            (change.id, change.baseline, change.run)
            for change in compared.changed
            if change.metric == "answer_contains"
        }
        assert changed == {("vote", 1.0, 0.0), ("fog", 1.0, 0.0)}

    def test_runs_over_other_cases_do_not_compare(self, assistant: FakeAssistant) -> None:
        with pytest.raises(WrongUse, match="share no case"):
            compare_runs(evaluate(assistant, [VOTE]), evaluate(assistant, [FOG]))


class TestConditions:
    @pytest.mark.parametrize(
        ("text", "fails"),
        [
            ("hit@4 < 0.8", False),
            ("hit@4<=1", True),
            ("f1 > 0.99", False),
            ("answer_contains >= 1.0", True),
            ("ask_p95_s > 60", False),
            ("nota_recall < 0.5", True),
        ],
    )
    def test_a_condition_that_holds_fails_the_run(self, assistant: FakeAssistant, text: str, fails: bool) -> None:
        figures = evaluate(assistant, [VOTE, FOG]).figures
        assert (parse_condition(text, k=10).verdict(figures) is not None) is fails

    def test_a_figure_that_applies_to_no_case_says_so(self, assistant: FakeAssistant) -> None:
        why = parse_condition("nota_recall < 0.5", k=10).verdict(evaluate(assistant, [VOTE]).figures)
        assert why == "nota_recall < 0.5: there is no nota_recall, it applies to no case of this run"

    @pytest.mark.parametrize("text", ["hit@4", "hit@4 = 1", "hit@4 < x", "hit@4 < nan", "", "< 1"])
    def test_what_is_no_condition_is_refused(self, text: str) -> None:
        with pytest.raises(WrongUse, match="is no condition"):
            parse_condition(text, k=10)

    def test_an_unknown_metric_is_named_with_the_nearest(self) -> None:
        with pytest.raises(UnknownName, match="Did you mean 'recall@5'"):
            parse_condition("recal@5 < 1", k=10)


class TestDocument:
    def test_reading_it_back_loses_nothing(self, assistant: FakeAssistant, tmp_path: Path) -> None:
        report = evaluate(assistant, SOME)
        write_json(to_document([report]), tmp_path / "deep" / "report.json")
        (again,) = reports_of(read_document(tmp_path / "deep" / "report.json"))
        assert to_document([again]) == to_document([report])

    def test_it_holds_settings_versions_and_seed_and_no_secret(self, assistant: FakeAssistant) -> None:
        assistant.settings = load_settings(server={"password": "hunter2"})
        document = to_document([evaluate(assistant, [VOTE])])
        (run,) = document["runs"]
        assert "hunter2" not in json.dumps(document)
        assert run["settings"]["embedder"] == "minilm8"
        assert run["versions"].keys() >= {"python", "assistant", "assistant code"}
        assert run["bootstrap"]["seed"]
        assert run["library"] == {"articles": 2, "passages": 6, "embedded": 4}

    def test_figures_of_a_tag_need_five_cases(self, assistant: FakeAssistant) -> None:
        cases = [replace(VOTE, id=str(i), tags=("vote", "rare") if i == 0 else ("vote",)) for i in range(5)]
        report = evaluate(assistant, cases)
        assert list(report.by) == ["tag:vote"]
        assert report.by["tag:vote"]["hit@4"].n == 5

    def test_two_sets_have_figures_of_their_own(self, assistant: FakeAssistant) -> None:
        cases = [replace(VOTE, id=str(i), dataset=name) for name in ("a", "b") for i in range(5)]
        report = evaluate(assistant, cases)
        assert list(report.by) == ["set:a", "set:b"]
        assert report.sets == ("a", "b")

    @pytest.mark.parametrize("text", ["", "{}", "[]", '{"report": 1}', '{"report": 2, "runs": [{}]}'])
    def test_what_is_no_report_is_refused(self, text: str, tmp_path: Path) -> None:
        (tmp_path / "x.json").write_text(text)
        with pytest.raises(WrongUse):
            reports_of(read_document(tmp_path / "x.json"))

    def test_a_place_that_can_not_be_written_is_named(self, tmp_path: Path) -> None:
        (tmp_path / "file").touch()
        with pytest.raises(WrongUse, match="can't be written"):
            write_json({}, tmp_path / "file" / "report.json")

    def test_the_same_id_twice_is_refused(self, assistant: FakeAssistant) -> None:
        with pytest.raises(WrongUse, match="same id"):
            evaluate(assistant, [VOTE, VOTE])


class TestScratchLibrary:
    @pytest.fixture
    def source(self, tmp_path: Path) -> Path:
        rows = [{"id": "ferry", "text": "The ferry Alma ran aground."}, {"id": "council", "text": "The council met."}]
        path = write_articles(iter(rows), tmp_path / "articles")
        assert path is not None
        return path

    def test_a_second_run_finds_it_ready(self, source: Path, tmp_path: Path) -> None:
        settings = load_settings(home=tmp_path / "home")
        added = []
        for _ in range(2):
            with scratch_library(source, settings=settings, embed=False) as (assistant, report):
                added.append(len(report.added))
                assert assistant.counts().articles == 2
        assert added == [2, 0]

    def test_other_articles_are_another_library(self, source: Path, tmp_path: Path) -> None:
        settings = load_settings(home=tmp_path / "home")
        with scratch_library(source, settings=settings, embed=False):
            pass
        source.write_text(json.dumps({"id": "new", "text": "Another story altogether."}) + "\n")
        with scratch_library(source, settings=settings, embed=False) as (assistant, _):
            assert [row.facts.source_id for row in assistant.articles()] == ["new"]

    def test_a_set_without_texts_brings_none(self, tmp_path: Path) -> None:
        assert write_articles(iter([]), tmp_path) is None


class TestReplies:
    REQUEST: dict[str, Any] = {"model": "openai:x", "message": "Who?", "temperature": None}  # noqa: RUF012

    def test_the_same_request_gets_the_same_reply(self, tmp_path: Path) -> None:
        cache = ReplyCache(tmp_path / "deep" / "replies.db")
        reply = StoredReply("Ada [1] “é” \ud800", "stop", Usage(7, 3))
        cache.keep(self.REQUEST, reply)
        assert cache.find(self.REQUEST) == reply
        assert cache.find(self.REQUEST | {"temperature": 0.0}) is None

    def test_a_broken_file_is_done_without(self, tmp_path: Path) -> None:
        path = tmp_path / "replies.db"
        path.write_text("no database at all, but long enough to look like a file" * 50)
        cache = ReplyCache(path)
        cache.keep(self.REQUEST, StoredReply("x", "stop", Usage()))
        assert cache.find(self.REQUEST) is None
