"""Question sets in their publishers' formats: which format a file is, what becomes of its rows, what is said of bad ones."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from assistant import registry
from assistant.articles import make_article
from assistant.cases import EvalCase, GoldSpan
from assistant.converters import Converter
from assistant.errors import UnknownName, WrongUse
from assistant.evaluation.cases import CaseSet, load_cases
from assistant.text import canonical_text
from assistant.types import Failure, Label

EVAL = Path(__file__).parents[2] / "shared" / "eval"
CORPUS_QUESTIONS = Path(__file__).parents[1] / "corpus" / "questions"

Write = Callable[..., Path]


@pytest.fixture(autouse=True, scope="module")
def _installed_packages_are_read_once() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(registry, "entry_points", cache(registry.entry_points))
        yield


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """write("set.jsonl", row, "a line as it is", b"bytes"), one a line; returns the path."""

    def encode(line: Any) -> bytes:
        if isinstance(line, bytes):
            return line
        return (line if isinstance(line, str) else json.dumps(line)).encode()

    def to_file(name: str, *lines: Any, end: bytes = b"\n") -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"".join(encode(line) + end for line in lines))
        return path

    return to_file


def reasons(found: CaseSet) -> list[tuple[str, str]]:
    return [(failure.source, failure.reason) for failure in found.failures]


# -- one small set of every format, made up


OWN: dict[str, Any] = {"id": "q1", "question": "How did the council vote?", "answers": ["7 to 2"]}

CONVERTED: dict[str, Any] = {
    "id": "20990102_1",
    "date": "2099-01-01",
    "question": "How much did the ferry cost?",
    "choices": ["$1", "$19 million"],
    "answer": ["$19 million"],
    "answer_index": [1],
    "gold_article_ids": ["a608"],
    "gold_coverage": [0.8],
    "string_answer": True,
    "answerable": True,
}

PUBLISHED: dict[str, Any] = {
    "question_id": "20990102_0",
    "question_date": "2099/01/02",
    "question_source": "Harbour Courier",
    "question_url": "https://courier.example/quiz",
    "question_sentence": "Which harbour was closed this week?",
    "choices": ["Port Haldane", "Miraluz", "Norderwald"],
    "answer": ["0"],
    "evidence": "The <b>harbour</b> was closed on Monday.",
}

CONTEXT = "The ferry Alma carried 34 cars. She was built in 1934. A crew of 34 sailed her."
SECOND = "The ferry Alma carried 34 cars. She was sold in 1951."

SQUAD: dict[str, Any] = {
    "version": "v2.0",
    "data": [
        {
            "title": "Ferry_Alma",
            "paragraphs": [
                {
                    "context": CONTEXT,
                    "qas": [
                        {
                            "id": "s1",
                            "question": "How many sailed the ferry?",
                            "answers": [{"text": "34", "answer_start": CONTEXT.index("34 sailed")}],
                            "is_impossible": False,
                        },
                        {
                            "id": "s2",
                            "question": "Who painted the ferry?",
                            "answers": [],
                            "plausible_answers": [{"text": "A crew", "answer_start": 52}],
                            "is_impossible": True,
                        },
                    ],
                },
                {
                    "context": SECOND,
                    "qas": [
                        {
                            "id": "s3",
                            "question": "How many cars did she carry?",
                            "answers": [{"text": "34", "answer_start": 23}, {"text": "34 cars", "answer_start": 23}],
                        }
                    ],
                },
            ],
        }
    ],
}

AVERITEC: list[dict[str, Any]] = [
    {
        "claim": "The council closed all wells.",
        "label": "Conflicting Evidence/Cherrypicking",
        "claim_date": "25-8-2020",
        "speaker": "A mayor",
        "claim_types": ["Event/Property Claim"],
        "questions": [
            {
                "question": "Were all wells closed?",
                "answers": [
                    {"answer": "No", "answer_type": "Boolean", "boolean_explanation": "Two stayed open."},
                    {"answer": "Five of seven were.", "answer_type": "Extractive", "source_url": "https://a.example"},
                ],
            },
            {
                "question": "Who decided?",
                "answers": [{"answer": "No answer could be found.", "answer_type": "Unanswerable"}],
            },
        ],
    }
]

RAGAS: dict[str, Any] = {
    "user_input": "How long was the strike?",
    "reference": "It lasted five weeks.",
    "reference_contexts": ["The strike ended after five weeks."],
    "retrieved_contexts": ["The strike ended after five weeks.", "The plant makes batteries."],
    "response": "Six weeks.",
}

CLAIM: dict[str, Any] = {
    "id": "wice_9",
    "dataset": "wice",
    "claim": "The bridge opened in 1901.",
    "evidence": ["The bridge opened in 1911.", "It is long."],
    "label": "refuted",
    "group": "wice_g3",
    "gold_sents": [0],
}

TABLE = "ID;Question;Answers;Gold_Article_Ids;Date\nq1;How did the council vote?;7 to 2|seven to two;council;2025-09-10"


def write_beir(write: Write, split: str = "test") -> Path:
    write("scifact/corpus.jsonl", {"_id": "d1", "title": "One", "text": "Ships."}, {"_id": "d2", "text": "Wells."})
    write("scifact/queries.jsonl", {"_id": "1", "text": "What sails?"}, {"_id": "2", "text": "Not judged here?"})
    judged = write(f"scifact/qrels/{split}.tsv", "query-id\tcorpus-id\tscore", "1\td2\t1", "1\td1\t2", "1\td9\t0")
    return judged.parents[1]


SAMPLES: dict[str, Callable[[Write], Path]] = {
    "own": lambda write: write("questions.jsonl", OWN),
    "own, claims": lambda write: write("claims.jsonl", {"id": "c", "claim": "X.", "label": "refuted", "tags": ["a"]}),
    "own, claims with evidence": lambda write: write("c.jsonl", {"claim": "X.", "label": "nei", "evidence": ["Y."]}),
    "own, conversations": lambda write: write("talks.jsonl", {"id": "v1", "turns": []}),
    "own, a broken first line": lambda write: write("broken.jsonl", "{not json", OWN),
    "own, an array": lambda write: write("questions.json", [OWN]),
    "realtimeqa": lambda write: write("20990102_qa.jsonl", PUBLISHED),
    "realtimeqa, converted": lambda write: write("converted.jsonl", CONVERTED),
    "csv": lambda write: write("table.csv", TABLE),
    "csv, tabs": lambda write: write("table.tsv", "claim\tlabel\tevidence", "X\trefuted\tY"),
    "beir": write_beir,
    "squad": lambda write: write("dev.json", SQUAD),
    "squad, indented": lambda write: write("dev2.json", json.dumps(SQUAD, indent=1)),
    "averitec": lambda write: write("averitec.json", json.dumps(AVERITEC, indent=4)),
    "ragas": lambda write: write("ragas.jsonl", RAGAS),
    "ragas, an array": lambda write: write("ragas.json", [RAGAS]),
    "ragas, before 0.2": lambda write: write("r1.jsonl", {"question": "Who?", "ground_truth": "Ann.", "contexts": []}),
    "ragas, a table": lambda write: write("ragas.csv", "user_input,reference", "Who?,Ann."),
    "claims": lambda write: write("dev.jsonl", CLAIM),
}


@pytest.mark.parametrize("sample", SAMPLES)
def test_a_set_of_every_format_is_recognised_by_its_converter_alone(sample: str, write: Write) -> None:
    path = SAMPLES[sample](write)
    made: dict[str, Converter] = {name: registry.find("converters", name)() for name in registry.names("converters")}
    assert [name for name, converter in made.items() if converter.accepts(path)] == [sample.partition(",")[0]]


@pytest.mark.parametrize("sample", SAMPLES)
def test_the_format_can_be_named_and_reads_the_same(sample: str, write: Write) -> None:
    path = SAMPLES[sample](write)
    found, named = load_cases(path), load_cases(path, sample.partition(",")[0])
    assert (found.format, found.cases, found.failures) == (named.format, named.cases, named.failures)
    assert found.cases or found.failures


@pytest.mark.parametrize("name", registry.names("converters"))
def test_nothing_is_recognised_in_what_is_no_question_set(name: str, write: Write, tmp_path: Path) -> None:
    paths = (
        tmp_path / "none.json",
        tmp_path,
        write("notes.txt", "Just a note, nothing else."),
        write("cut.json", "[{"),
    )
    assert not any(registry.find("converters", name)().accepts(path) for path in paths)


class TestSets:
    def test_a_set_knows_its_name_and_gives_it_to_its_cases(self, write: Write) -> None:
        found = load_cases(write("council.jsonl", OWN))
        assert (found.name, found.format, found.path.name, found.articles) == ("council", "own", "council.jsonl", None)
        assert [case.dataset for case in found.cases] == ["council"]

    def test_a_dataset_that_the_format_knows_stays(self, write: Write) -> None:
        assert load_cases(write("all.jsonl", CLAIM)).cases[0].dataset == "wice"

    def test_a_row_that_stands_there_twice_is_two_cases_named_by_line(self, write: Write) -> None:
        assert [case.id for case in load_cases(write("set.jsonl", OWN, "", OWN)).cases] == ["q1", "q1#3"]

    def test_another_package_s_converter_may_repeat_ids(self, write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
        class Twice:
            def accepts(self, path: Path) -> bool:
                return path.suffix == ".twice"

            def cases(self, path: Path) -> list[EvalCase | Failure]:
                return [EvalCase("a", "Who?"), EvalCase("a", "Who?")]

            def articles(self, path: Path) -> list[dict[str, Any]]:
                return []

        names = [*registry.names("converters"), "twice"]
        find = registry.find
        monkeypatch.setattr(registry, "names", lambda shelf: names)
        monkeypatch.setattr(registry, "find", lambda shelf, name: Twice if name == "twice" else find(shelf, name))
        found = load_cases(write("set.twice", "x"))
        assert (found.format, [case.id for case in found.cases]) == ("twice", ["a", "a#2"])

    def test_a_format_that_is_none_is_answered_with_the_list(self, write: Write) -> None:
        with pytest.raises(UnknownName, match=r"no 'squat' among the converters.*Did you mean 'squad'"):
            load_cases(write("set.jsonl", OWN), "squat")

    def test_a_file_that_no_format_fits_is_answered_with_the_list(self, write: Write) -> None:
        with pytest.raises(
            WrongUse, match=r"notes\.txt is no question set.*averitec, beir, claims, csv, own.*--format"
        ):
            load_cases(write("notes.txt", "Just a note."))

    def test_a_folder_that_is_no_set_is_named(self, tmp_path: Path) -> None:
        with pytest.raises(WrongUse, match=r"The folder .* is no question set"):
            load_cases(tmp_path)

    @pytest.mark.parametrize("format", ["own", "csv", "squad", "claims", "beir"])
    def test_a_folder_instead_of_a_file_is_named(self, format: str, tmp_path: Path) -> None:
        with pytest.raises(WrongUse, match=str(tmp_path)):
            load_cases(tmp_path, format)

    def test_a_file_that_is_not_there_is_named(self, tmp_path: Path) -> None:
        with pytest.raises(WrongUse, match=r"none\.jsonl can't be read: No such file"):
            load_cases(tmp_path / "none.jsonl")

    @pytest.mark.parametrize(
        ("content", "message"),
        [
            (b"", "is empty"),
            (b"\xef\xbb\xbf \r\n\n", "is empty"),
            ('{"id": "q1"}'.encode("utf-16"), "is UTF-16. Save it as UTF-8"),
            (b"PAR1\x15\x04", "is a Parquet file. Export it as JSONL"),
            (b"PK\x03\x04\x14\x00", "zip archive or an office document"),
            (b"\x00\x01\x02" * 100, "It is binary, not text. Export it"),
        ],
        ids=["empty", "blank", "UTF-16", "Parquet", "Excel", "binary"],
    )
    def test_a_file_that_holds_no_text_is_said_to(self, content: bytes, message: str, tmp_path: Path) -> None:
        path = tmp_path / "set.jsonl"
        path.write_bytes(content)
        with pytest.raises(WrongUse, match=r"set\.jsonl") as error:
            load_cases(path)
        assert message in str(error.value)

    @pytest.mark.parametrize("format", ["squad", "averitec", "ragas"])
    def test_json_that_breaks_off_is_named_with_the_place(self, format: str, write: Write) -> None:
        with pytest.raises(WrongUse, match=r"cut\.json is no JSON: .*line 3 column"):
            load_cases(write("cut.json", '[{"claim": "X", "user_input": "Y"},', "{"), format)

    def test_json_that_is_not_utf8_is_named_with_the_byte(self, write: Write) -> None:
        with pytest.raises(WrongUse, match=r"dev\.json is not UTF-8 at byte 12"):
            load_cases(write("dev.json", b'{"data": [ "\xff"]}'), "squad")

    def test_fifty_megabytes_are_read_line_by_line(self, tmp_path: Path) -> None:
        path, filler = tmp_path / "big.jsonl", "word " * 2000
        with path.open("w", encoding="utf-8") as file:
            for number in range(5000):
                file.write(json.dumps(OWN | {"id": f"q{number}", "note": filler}) + "\n")
        assert path.stat().st_size > 50e6
        assert len(load_cases(path).cases) == 5000

    def test_fifty_megabytes_without_a_line_end_are_one_bad_line(self, tmp_path: Path) -> None:
        path = tmp_path / "big.jsonl"
        path.write_bytes(b"{" + b" word" * 10_000_000)
        assert [source for source, _ in reasons(load_cases(path))] == ["big.jsonl:1"]


class TestOwn:
    def test_a_question_with_everything(self, write: Write) -> None:
        line = OWN | {
            "date": "2025-08-20",
            "choices": ["7 to 2", "5 to 4", "None of these"],
            "right_choices": [0],
            "gold_spans": [{"article": "council", "quote": "It voted 7 to 2"}],
            "grades": {"council": 2, "wire": 1},
            "group": "g",
            "answerable": True,
            "tags": ["number"],
        }
        assert load_cases(write("set.jsonl", line)).cases == (
            EvalCase(
                id="q1",
                question="How did the council vote?",
                date=date(2025, 8, 20),
                answers=("7 to 2",),
                choices=("7 to 2", "5 to 4", "None of these"),
                right_choices=(0,),
                right_choice_removed=False,
                gold_article_ids=("council",),
                grades={"council": 2, "wire": 1},
                gold_spans=(GoldSpan("council", "It voted 7 to 2"),),
                group="g",
                tags=("number",),
                dataset="set",
            ),
        )

    def test_a_claim(self, write: Write) -> None:
        line = {"id": "c", "claim": "X.", "label": "not_enough_evidence", "evidence": ["Y."], "date": "2025-08-20"}
        (case,) = load_cases(write("set.jsonl", line)).cases
        assert (case.text, case.question, case.label) == ("X.", "", Label.NOT_ENOUGH)
        assert (case.evidence, case.answerable, case.date) == (("Y.",), False, date(2025, 8, 20))

    def test_a_question_that_has_no_answer(self, write: Write) -> None:
        (case,) = load_cases(write("set.jsonl", {"question": "Who?", "answer": None, "answerable": False})).cases
        assert (case.id, case.answerable, case.accepted) == ("line-1", False, ())

    @pytest.mark.parametrize("extra", [{"answerable": False}, {"string_answer": False}], ids=str)
    def test_answers_of_an_unanswerable_or_stringless_case_are_kept_but_not_compared(
        self, write: Write, extra: dict[str, bool]
    ) -> None:
        (case,) = load_cases(write("set.jsonl", OWN | {"answerable": True} | extra)).cases
        assert (case.answers, case.accepted) == (("7 to 2",), ())

    @pytest.mark.parametrize(
        ("fields", "right", "removed"),
        [
            ({"choices": ["7 to 2 ", "5 to 4"]}, (0,), None),
            ({"choices": ["5 to 4"], "right_choices": []}, (), None),
            ({"choices": ["", "7 to 2"], "answer_index": 1}, (1,), None),
            ({"choices": ["5 to 4", "None of the above"], "answer_index": [1]}, (1,), True),
            ({"choices": ["7 to 2", "Neither of them"]}, (0,), False),
        ],
        ids=["the accepted answer", "none right", "a blank choice", "none of the above is right", "neither is wrong"],
    )
    def test_choices(self, write: Write, fields: dict[str, Any], right: tuple[int, ...], removed: bool | None) -> None:
        (case,) = load_cases(write("set.jsonl", OWN | fields)).cases
        assert (case.right_choices, case.right_choice_removed) == (right, removed)

    def test_gold_articles_come_from_the_grades_best_first(self, write: Write) -> None:
        (case,) = load_cases(write("set.jsonl", {"question": "Who?", "grades": {"a": 1, "b": 3, "c": 0}})).cases
        assert (case.gold_article_ids, case.answerable) == (("b", "a"), True)

    def test_a_byte_order_mark_blank_lines_crlf_and_a_missing_id_are_fine(self, write: Write) -> None:
        first = b"\xef\xbb\xbf" + json.dumps(OWN).encode()
        found = load_cases(write("set.jsonl", first, "", OWN | {"id": None}, end=b"\r\n"))
        assert ([case.id for case in found.cases], found.failures) == (["q1", "line-3"], ())

    @pytest.mark.parametrize(
        ("line", "reason"),
        [
            ("{not json", "is no JSON"),
            ("[1, 2]", "is a JSON list, not an object"),
            (b'{"question": "\xff"}', "is not UTF-8"),
            ("[" * 200_000, "is no JSON"),
            ({"id": "a", "text": "An article."}, "a line with `text` looks like an article"),
            ({"id": "v1", "turns": []}, '`turns` is not a list of {"question", ...}'),
            ({"id": "v1", "turns": [{"question": " "}, OWN]}, "`question` is ' ', not a text"),
            ({"id": "c1", "claim": "X"}, "has no `label`: a claim needs its verdict"),
            ({"claim": "X", "label": "pants on fire"}, "`label` is 'pants on fire', none of supported, refuted"),
            ({"claim": " ", "label": "refuted"}, "`claim` is ' ', not a text"),
            (OWN | {"claim": "X"}, "has both `question` and `claim`"),
            (OWN | {"question": " "}, "`question` is ' ', not a text"),
            (OWN | {"id": ["x"]}, "`id` is ['x'], not a name"),
            (OWN | {"date": "last Tuesday"}, "`date` is 'last Tuesday', not YYYY-MM-DD"),
            (OWN | {"date": 20250820}, "`date` is 20250820, not YYYY-MM-DD"),
            (OWN | {"answers": [7]}, "`answers` is [7], not a list of texts"),
            (OWN | {"answers": ["a", " "]}, "`answers` is ['a', ' '], not a list of texts"),
            (OWN | {"answerable": "yes"}, "`answerable` is 'yes', not true or false"),
            (OWN | {"gold_spans": ["a quote"]}, "`gold_spans` is not a list of"),
            (OWN | {"gold_spans": [{"article": "a", "quote": ""}]}, "`gold_spans` has an empty article or quote"),
            (OWN | {"wrong_spans": ["a quote"]}, "`wrong_spans` is not a list of"),
            (OWN | {"grades": {"a": -1}}, "`grades` is {'a': -1}, not whole numbers"),
            (OWN | {"choices": ["a", "b"], "answer_index": [2]}, "there are 2 choices, counted from 0"),
            (
                OWN | {"choices": ["a", "b"], "right_choices": ["a"]},
                "`right_choices` is ['a'], not a list of positions",
            ),
            ({"id": "q", "question": "Which?", "choices": ["a"]}, "nothing to score"),
        ],
        ids=lambda value: str(value)[:40] if not isinstance(value, dict) else "",
    )
    def test_a_bad_line_is_named_with_its_number_and_the_rest_is_read(
        self, write: Write, line: Any, reason: str
    ) -> None:
        found = load_cases(write("set.jsonl", OWN, line, OWN | {"id": "q2"}))
        assert [case.id for case in found.cases] == ["q1", "q2"]
        ((source, why),) = reasons(found)
        assert source == "set.jsonl:2"
        assert reason in why

    def test_an_array_names_bad_entries_by_their_place(self, write: Write) -> None:
        found = load_cases(write("set.json", [OWN, 7, OWN]))
        assert [case.id for case in found.cases] == ["q1", "q1#3"]
        assert reasons(found) == [("set.json:[1]", "is a JSON int, not an object")]


class TestLabels:
    @pytest.mark.parametrize(
        ("spelling", "label"),
        [
            ("Supported", Label.SUPPORTED),
            ("SUPPORTS", Label.SUPPORTED),
            (True, Label.SUPPORTED),
            ("Refuted", Label.REFUTED),
            ("contradiction", Label.REFUTED),
            ("Conflicting Evidence/Cherrypicking", Label.CONFLICTING),
            ("Conflicting Evidence/Cherry-picking", Label.CONFLICTING),
            ("DISPUTED", Label.CONFLICTING),
            ("Not Enough Evidence", Label.NOT_ENOUGH),
            ("not_enough_evidence", Label.NOT_ENOUGH),
            ("NOT ENOUGH INFO", Label.NOT_ENOUGH),
            ("Neutral", Label.NOT_ENOUGH),
            ("partially_supported", Label.NOT_ENOUGH),
            ("not_supported", Label.NOT_ENOUGH),
        ],
    )
    @pytest.mark.parametrize("row", [{"claim": "X"}, CLAIM], ids=["own", "claims"])
    def test_the_spellings_in_use_mean_the_same_in_every_format(
        self, write: Write, row: dict[str, Any], spelling: Any, label: Label
    ) -> None:
        (case,) = load_cases(write("set.jsonl", row | {"label": spelling})).cases
        assert case.label is label


class TestRealTimeQA:
    def test_the_published_weekly_file(self, write: Write) -> None:
        (case,) = load_cases(write("20990102_qa.jsonl", PUBLISHED)).cases
        assert case == EvalCase(
            id="20990102_0",
            question="Which harbour was closed this week?",
            date=date(2099, 1, 2),
            answers=("Port Haldane",),
            choices=("Port Haldane", "Miraluz", "Norderwald"),
            right_choices=(0,),
            tags=("Harbour Courier",),
            dataset="20990102_qa",
        )

    @pytest.mark.parametrize(("answer", "removed"), [("2", True), ("1", False)])
    def test_none_of_the_above_as_published_is_a_case_of_choosing_alone(
        self, write: Write, answer: str, removed: bool
    ) -> None:
        row = PUBLISHED | {"choices": ["Miraluz", "Norderwald", "None of the above"], "answer": [answer]}
        (case,) = load_cases(write("20990102_qa_nota.jsonl", row)).cases
        assert (case.right_choices, case.right_choice_removed, case.answers) == ((int(answer),), removed, ())

    @pytest.mark.parametrize(
        ("answers", "right"),
        [(["0", "2"], [0, 2]), (["1", "3"], [0, 2]), (["1", "2"], [1, 2])],
        ids=["from 0: there is a 0", "from 1: there is a 3 and no 0", "from 0: nothing says otherwise"],
    )
    def test_what_a_file_counts_its_choices_from_is_seen_in_all_of_it(
        self, write: Write, answers: list[str], right: list[int]
    ) -> None:
        rows = [PUBLISHED | {"question_id": f"q{n}", "answer": [answer]} for n, answer in enumerate(answers)]
        assert [case.right_choices[0] for case in load_cases(write("a_qa.jsonl", *rows)).cases] == right

    @pytest.mark.parametrize(
        ("choices", "string"),
        [(["TRUE", "FALSE"], False), (["All of the above", "b"], False), (["Truro", "b"], True)],
        ids=["true or false", "all of the above", "a name"],
    )
    def test_a_choice_that_no_text_can_hold_is_no_string_answer(
        self, write: Write, choices: list[str], string: bool
    ) -> None:
        (case,) = load_cases(write("a_qa.jsonl", PUBLISHED | {"choices": choices})).cases
        assert case.string_answer is string

    @pytest.mark.parametrize(
        ("fields", "reason"),
        [
            ({"answer": []}, "has no `answer`"),
            ({"answer": ["Miraluz"]}, "`answer` is ['Miraluz'], not a list of positions"),
            ({"answer": ["7"]}, "`answer` is ['7'], but there are 3 choices, counted from 0"),
            ({"question_sentence": None}, "has no `question_sentence`"),
            ({"question_date": "soon"}, "`question_date` is 'soon'"),
        ],
        ids=["no answer", "a word", "out of range", "no question", "no date"],
    )
    def test_a_bad_line_of_a_published_file(self, write: Write, fields: dict[str, Any], reason: str) -> None:
        found = load_cases(write("a_qa.jsonl", PUBLISHED, PUBLISHED | fields, PUBLISHED))
        assert len(found.cases) == 2
        ((source, why),) = reasons(found)
        assert source == "a_qa.jsonl:2"
        assert reason in why

    def test_the_pages_that_its_search_found_come_along_each_once(self, write: Write) -> None:
        page = {
            "url": "https://a.example/1",
            "title": "T",
            "text": "Harbour.",
            "authors": ["A"],
            "publish_date": "2099/01/01",
        }
        empty = {"url": "https://a.example/2", "text": ""}
        write(
            "20990102_gcs.jsonl", {"search_result": [page, empty]}, {"search_result": [page]}, {"search_result": None}
        )
        for name in ("20990102_qa.jsonl", "20990102_qa_nota.jsonl"):
            articles = load_cases(write(name, PUBLISHED)).articles
            assert articles is not None
            ((row,),) = [list(articles())]
            assert (row["url"], row["published"], row["text"]) == ("https://a.example/1", "2099/01/01", "Harbour.")

    def test_the_converted_questions(self, write: Write) -> None:
        (case,) = load_cases(write("set.jsonl", CONVERTED)).cases
        assert (case.accepted, case.gold_article_ids, case.right_choices) == (("$19 million",), ("a608",), (1,))
        assert (case.date, case.right_choice_removed) == (date(2099, 1, 1), None)

    def test_the_converted_none_of_the_above_rows(self, write: Write) -> None:
        row = {
            "id": "20990102_1_nota",
            "question": "How much?",
            "choices": ["$1", "None of the above"],
            "answer_index": [1],
            "right_choice_removed": True,
            "answerable_base": False,
        }
        (case,) = load_cases(write("nota.jsonl", row)).cases
        assert (case.right_choices, case.right_choice_removed, case.answerable, case.answers) == ((1,), True, False, ())

    def test_the_converted_paraphrases(self, write: Write) -> None:
        row = {
            "id": "p",
            "question": "Who?",
            "answer": None,
            "gold_article_ids": [],
            "gold_recent": [],
            "answerable": False,
        }
        (case,) = load_cases(write("paraphrased.jsonl", row)).cases
        assert (case.answerable, case.accepted) == (False, ())


class TestCsv:
    def test_columns_in_any_case_lists_between_bars_and_a_semicolon(self, write: Write) -> None:
        (case,) = load_cases(write("table.csv", TABLE)).cases
        assert (case.id, case.answers, case.gold_article_ids) == ("q1", ("7 to 2", "seven to two"), ("council",))
        assert case.date == date(2025, 9, 10)

    def test_commas_quotes_json_lists_flags_and_a_byte_order_mark(self, write: Write) -> None:
        header = "\ufeffquestion,answers,choices,right_choices,answerable,gold_spans,grades,notes"
        spans = json.dumps([{"article": "a", "quote": "said, “no”"}]).replace('"', '""')
        row = f'"Who, when?","[""Ann | Bob""]",Ann|Bob|,0|1,YES,"{spans}","{{""a"": 2}}",ignored'
        (case,) = load_cases(write("table.csv", header, row, end=b"\r\n")).cases
        assert (case.question, case.answers) == ("Who, when?", ("Ann | Bob",))
        assert (case.choices, case.right_choices, case.answerable) == (("Ann", "Bob", ""), (0, 1), True)
        assert (case.gold_spans, case.grades) == ((GoldSpan("a", "said, “no”"),), {"a": 2})

    def test_a_claim(self, write: Write) -> None:
        (case,) = load_cases(write("table.csv", "claim,label,evidence", "X.,Refuted,Y.|Z.")).cases
        assert (case.claim, case.label, case.evidence) == ("X.", Label.REFUTED, ("Y.", "Z."))

    def test_a_row_is_named_by_its_first_line_and_blank_ones_are_skipped(self, write: Write) -> None:
        path = write("table.csv", "question,answer", '"Who', 'is it?",Ann', ",", "Why?,", "When?,1934")
        found = load_cases(path)
        assert [case.question for case in found.cases] == ["Who\nis it?", "When?"]
        ((source, reason),) = reasons(found)
        assert source == "table.csv:5"
        assert "nothing to score" in reason

    @pytest.mark.parametrize(
        ("row", "reason"),
        [
            (b"a,b,c,d", "has 4 cells, but the header has 3"),
            (b"Wer fragt\xfc?,b,yes", "is not UTF-8"),
            (b"Who?,b,perhaps", "`answerable` is 'perhaps', not true or false"),
            (b"Who?," + b"x" * 200_000 + b",yes", "field larger than field limit"),
        ],
        ids=["too many cells", "not UTF-8", "no flag", "too long"],
    )
    def test_a_bad_row_is_named_and_the_rest_is_read(self, write: Write, row: bytes, reason: str) -> None:
        found = load_cases(write("table.csv", "question,answer,answerable", "Who?,Ann,yes", row, "Who?,Bob,yes"))
        assert [case.answers for case in found.cases] == [("Ann",), ("Bob",)]
        ((source, why),) = reasons(found)
        assert source == "table.csv:3"
        assert reason in why

    def test_a_table_without_questions_is_told_its_columns(self, write: Write) -> None:
        with pytest.raises(WrongUse, match=r"table\.csv has the columns name, town; none is `question` or `claim`"):
            load_cases(write("table.csv", "Name,Town", "Ann,Truro"))

    def test_a_column_that_is_there_twice_is_named(self, write: Write) -> None:
        with pytest.raises(WrongUse, match="the column 'answer' more than once"):
            load_cases(write("table.csv", "question,Answer,answer", "Who?,a,b"))


class TestBeir:
    def test_queries_with_graded_judgements_and_their_articles(self, write: Write) -> None:
        found = load_cases(write_beir(write))
        assert found.cases == (
            EvalCase(
                id="1",
                question="What sails?",
                gold_article_ids=("d1", "d2"),
                grades={"d2": 1, "d1": 2, "d9": 0},
                dataset="scifact",
            ),
        )
        assert found.name == "scifact"
        assert found.articles is not None
        assert list(found.articles()) == [
            {"id": "d1", "title": "One", "text": "Ships."},
            {"id": "d2", "title": None, "text": "Wells."},
        ]

    @pytest.mark.parametrize(
        ("splits", "chosen"),
        [(("train", "dev", "test"), "test"), (("train", "dev"), "dev"), (("train",), "train"), (("custom",), "custom")],
    )
    def test_the_split_is_test_else_dev_else_train_else_the_only_one(
        self, write: Write, splits: tuple[str, ...], chosen: str
    ) -> None:
        root = write_beir(write, splits[0])
        for split in splits:
            write(f"scifact/qrels/{split}.tsv", "query-id\tcorpus-id\tscore", f"1\t{split}\t1")
        assert load_cases(root).cases[0].gold_article_ids == (chosen,)

    def test_the_path_of_a_judgement_file_chooses_it(self, write: Write) -> None:
        root = write_beir(write)
        other = write("scifact/qrels/dev.tsv", "2\td1\t-1")
        found = load_cases(other)
        assert (found.format, found.cases[0].id, found.cases[0].dataset) == ("beir", "2", root.name)
        assert (found.cases[0].answerable, found.cases[0].grades) == (False, {"d1": 0})

    def test_bad_lines_are_named_with_their_file(self, write: Write) -> None:
        root = write_beir(write)
        write("scifact/queries.jsonl", {"_id": "1", "text": "What sails?"}, {"text": "no id"}, "{")
        write("scifact/qrels/test.tsv", "query-id\tcorpus-id\tscore", "1\td1\t1", "1 d2 1", "1\td2\tx", "7\td1\t1")
        found = load_cases(root)
        assert [case.id for case in found.cases] == ["1"]
        sources = [source for source, _ in reasons(found)]
        assert sources == ["test.tsv:3", "test.tsv:4", "queries.jsonl:2", "queries.jsonl:3", "test.tsv:7"]

    def test_a_bad_line_of_the_corpus_is_a_row_that_the_loader_will_name(self, write: Write) -> None:
        root = write_beir(write)
        write("scifact/corpus.jsonl", {"_id": "d1", "text": "Ships."}, "{")
        articles = load_cases(root).articles
        assert articles is not None
        assert list(articles())[1] == {"id": "corpus.jsonl:2", "title": None, "text": None}

    def test_a_folder_without_judgements_is_told_so(self, write: Write) -> None:
        root = write_beir(write)
        (root / "qrels" / "test.tsv").unlink()
        with pytest.raises(WrongUse, match=r"scifact has no qrels/test\.tsv, dev\.tsv or train\.tsv"):
            load_cases(root)


class TestSquad:
    def test_a_title_is_an_article_of_its_contexts(self, write: Write) -> None:
        found = load_cases(write("dev.json", SQUAD))
        assert found.articles is not None
        assert list(found.articles()) == [{"id": "Ferry_Alma", "title": "Ferry Alma", "text": f"{CONTEXT}\n\n{SECOND}"}]

    def test_gold_is_the_answer_s_sentence_and_the_impossible_has_none(self, write: Write) -> None:
        crew, painter, _ = load_cases(write("dev.json", SQUAD)).cases
        assert (crew.answers, crew.gold_spans) == (("34",), (GoldSpan("Ferry_Alma", "A crew of 34 sailed her."),))
        assert (painter.id, painter.answerable, painter.answers, painter.gold_spans) == ("s2", False, (), ())

    def test_a_sentence_that_stands_in_the_article_twice_takes_its_neighbour_along(self, write: Write) -> None:
        cars = load_cases(write("dev.json", SQUAD)).cases[2]
        assert cars.answers == ("34", "34 cars")
        assert cars.gold_spans == (GoldSpan("Ferry_Alma", SECOND),)

    def test_every_quote_stands_in_the_stored_article_once_even_after_cleaning(self, write: Write) -> None:
        context = "\r\nA line.\r\nThe “Alma”\x0b sank\x00 in 1951. It was late.\u2028The “Alma” sank in 1952.  "
        start = context.index("1951")
        asked = {"id": "s", "question": "When?", "answers": [{"text": "1951", "answer_start": start}]}
        data = [
            {"title": "Alma", "paragraphs": [{"context": context, "qas": [asked]}, {"context": CONTEXT, "qas": []}]}
        ]
        found = load_cases(write("dev.json", {"data": data}))
        assert found.articles is not None
        (row,) = found.articles()
        (span,) = found.cases[0].gold_spans
        assert make_article(row["text"]).text.count(span.quote) == 1
        assert "1951" in span.quote
        assert "1952" not in span.quote

    @pytest.mark.parametrize(
        ("asked", "reason"),
        [
            (7, "is a JSON int, not an object"),
            ({"id": "x", "question": "Who?", "answers": []}, "has no `answers`"),
            (
                {"id": "x", "question": "Who?", "answers": [{"text": "35", "answer_start": 23}]},
                "'35' does not stand there",
            ),
            ({"id": "x", "question": "Who?", "answers": [{"text": "34"}]}, "`answer_start` is None"),
            ({"id": "x", "answers": [{"text": "34", "answer_start": 23}]}, "has no `question`"),
        ],
        ids=["no object", "no answers", "another text", "no start", "no question"],
    )
    def test_a_bad_question_is_named_by_its_path_and_the_rest_is_read(
        self, write: Write, asked: Any, reason: str
    ) -> None:
        good = SQUAD["data"][0]["paragraphs"][0]["qas"][0]
        page = {"title": "Alma", "paragraphs": [{"context": CONTEXT, "qas": [good, asked]}]}
        found = load_cases(write("dev.json", {"data": [page]}))
        assert [case.id for case in found.cases] == ["s1"]
        ((source, why),) = reasons(found)
        assert source == "dev.json:data[0].paragraphs[0].qas[1]"
        assert reason in why

    def test_bad_paragraphs_and_entries_are_named_by_their_path(self, write: Write) -> None:
        data = [{"title": "Alma", "paragraphs": [{"context": " ", "qas": []}, None]}, {"title": "x"}]
        sources = [source for source, _ in reasons(load_cases(write("dev.json", {"data": data})))]
        assert sources == ["dev.json:data[0].paragraphs[0]", "dev.json:data[0].paragraphs[1]", "dev.json:data[1]"]


class TestAveritec:
    def test_a_claim_with_its_questions_as_evidence(self, write: Write) -> None:
        assert load_cases(write("dev.json", AVERITEC)).cases == (
            EvalCase(
                id="0",
                claim="The council closed all wells.",
                date=date(2020, 8, 25),
                label=Label.CONFLICTING,
                evidence=("Were all wells closed? No Two stayed open.", "Were all wells closed? Five of seven were."),
                tags=("Event/Property Claim",),
                dataset="dev",
            ),
        )

    @pytest.mark.parametrize(
        ("written", "day"),
        [("1-10-2020", date(2020, 10, 1)), ("2020-10-01", date(2020, 10, 1)), (None, None), ("", None)],
    )
    def test_dates_begin_with_the_day(self, write: Write, written: str | None, day: date | None) -> None:
        (case,) = load_cases(write("dev.json", [AVERITEC[0] | {"claim_date": written}])).cases
        assert case.date == day

    @pytest.mark.parametrize(
        ("fields", "reason"),
        [
            ({"label": None}, "has no `label`"),
            ({"label": "Mostly true"}, "`label` is 'Mostly true', none of"),
            ({"claim_date": "31-2-2020"}, "`claim_date` is '31-2-2020', not D-M-YYYY"),
            ({"questions": ["Who?"]}, "`questions` is not a list of objects"),
            ({"claim": ""}, "`claim` is '', not a text"),
        ],
        ids=["no label", "another label", "no date", "no questions", "no claim"],
    )
    def test_a_bad_claim_is_named_by_its_place_and_the_rest_is_read(
        self, write: Write, fields: dict[str, Any], reason: str
    ) -> None:
        found = load_cases(write("dev.json", [AVERITEC[0], AVERITEC[0] | fields, AVERITEC[0]]))
        assert [case.id for case in found.cases] == ["0", "2"]
        ((source, why),) = reasons(found)
        assert source == "dev.json:[1]"
        assert reason in why


class TestRagas:
    def test_a_reference_is_an_answer_and_its_contexts_are_gold(self, write: Write) -> None:
        found = load_cases(write("set.jsonl", RAGAS))
        (case,) = found.cases
        assert found.articles is not None
        first, second = found.articles()
        assert (first["text"], second["text"]) == ("The strike ended after five weeks.", "The plant makes batteries.")
        assert (case.question, case.answers) == ("How long was the strike?", ("It lasted five weeks.",))
        assert case.gold_spans == (GoldSpan(first["id"], first["text"]),)
        assert case.gold_article_ids == (first["id"],)

    def test_contexts_that_rows_share_are_one_article(self, write: Write) -> None:
        found = load_cases(write("set.jsonl", RAGAS, RAGAS | {"user_input": "What is made?"}))
        assert found.articles is not None
        assert len(list(found.articles())) == 2

    @pytest.mark.parametrize(
        "row",
        [
            {"question": "Who?", "answer": "Bob did.", "ground_truth": "Ann.", "contexts": ["A text."]},
            {"question": "Who?", "ground_truths": ["Ann."], "contexts": ["A text."]},
        ],
        ids=["ground_truth", "ground_truths"],
    )
    def test_the_names_before_0_2(self, write: Write, row: dict[str, Any]) -> None:
        found = load_cases(write("set.jsonl", row))
        assert [(case.question, case.answers, case.gold_spans) for case in found.cases] == [("Who?", ("Ann.",), ())]
        assert found.articles is not None
        assert [article["text"] for article in found.articles()] == ["A text."]

    @pytest.mark.parametrize("cell", ["\"['A text, with a comma.', 'B.']\"", '"[""A text, with a comma."", ""B.""]"'])
    def test_a_table_as_pandas_or_as_json_writes_lists(self, write: Write, cell: str) -> None:
        found = load_cases(write("set.csv", "user_input,reference,reference_contexts", f"Who?,Ann,{cell}"))
        assert [span.quote for span in found.cases[0].gold_spans] == ["A text, with a comma.", "B."]

    @pytest.mark.parametrize(
        ("fields", "reason"),
        [
            ({"user_input": [{"content": "Hi", "type": "human"}]}, "`user_input` is a conversation"),
            ({"user_input": None}, "has no `user_input`"),
            ({"reference": None, "reference_contexts": None}, "nothing to score"),
            ({"reference_contexts": 7}, "`reference_contexts` is 7, not a list of texts"),
        ],
        ids=["conversation", "no question", "no reference", "no contexts"],
    )
    def test_a_bad_row_is_named_and_the_rest_is_read(self, write: Write, fields: dict[str, Any], reason: str) -> None:
        found = load_cases(write("set.jsonl", RAGAS, RAGAS | fields, RAGAS))
        assert len(found.cases) == 2
        ((source, why),) = reasons(found)
        assert source == "set.jsonl:2"
        assert reason in why


class TestClaims:
    def test_a_labelled_claim_with_its_evidence(self, write: Write) -> None:
        assert load_cases(write("set.jsonl", CLAIM)).cases == (
            EvalCase(
                id="wice_9",
                claim="The bridge opened in 1901.",
                label=Label.REFUTED,
                evidence=("The bridge opened in 1911.", "It is long."),
                gold_evidence=(0,),
                group="wice_g3",
                tags=("wice",),
                dataset="wice",
            ),
        )

    @pytest.mark.parametrize(("label", "meant"), [(1, Label.SUPPORTED), (0, Label.NOT_ENOUGH)])
    def test_the_binary_labels_and_documents_of_llm_aggrefact(self, write: Write, label: int, meant: Label) -> None:
        row = {"dataset": "Reveal", "doc": "The bridge opened in 1911.", "claim": "It opened in 1911.", "label": label}
        (case,) = load_cases(write("set.jsonl", row)).cases
        assert (case.label, case.evidence, case.id) == (meant, ("The bridge opened in 1911.",), "line-1")

    @pytest.mark.parametrize(
        ("fields", "reason"),
        [
            ({"label": 2}, "`label` is 2, none of"),
            ({"evidence": []}, "has no `evidence`"),
            ({"claim": None}, "has no `claim`"),
            ({"date": "1/2"}, "`date` is '1/2', not YYYY-MM-DD"),
            ({"gold_sents": [0, 2]}, "`gold_sents` is [0, 2], but there are 2"),
        ],
        ids=["another label", "no evidence", "no claim", "no date", "gold beyond the evidence"],
    )
    def test_a_bad_row_is_named_and_the_rest_is_read(self, write: Write, fields: dict[str, Any], reason: str) -> None:
        found = load_cases(write("set.jsonl", CLAIM, CLAIM | fields, CLAIM | {"id": "b", "group": ""}))
        assert [case.id for case in found.cases] == ["wice_9", "b"]
        ((source, why),) = reasons(found)
        assert source == "set.jsonl:2"
        assert reason in why

    def test_rows_of_one_group_are_one_claim_with_the_evidence_of_all(self, write: Write) -> None:
        further = CLAIM | {"id": "wice_10", "evidence": ["It is high."]}
        another = CLAIM | {"id": "wice_11", "claim": "The bridge is long."}
        found = load_cases(write("set.jsonl", CLAIM, another, further)).cases
        assert [(case.id, len(case.evidence)) for case in found] == [("wice_9", 3), ("wice_11", 2)]
        assert found[0].evidence[-1] == "It is high."
        assert [found[0].evidence[place] for place in found[0].gold_evidence] == [
            "The bridge opened in 1911.",
            "It is high.",
        ]


class TestSetsAtHand:
    @pytest.mark.parametrize(
        ("name", "n", "answerable", "removed"),
        [
            ("news-small/questions.jsonl", 90, 46, {None: 90}),
            ("news-small/questions_nota.jsonl", 90, 46, {False: 72, True: 18}),
            ("news/questions.jsonl", 430, 209, {None: 430}),
            ("news/questions_nota.jsonl", 430, 209, {False: 325, True: 105}),
            ("news/questions_paraphrased.jsonl", 130, 100, {None: 130}),
        ],
    )
    def test_the_realtimeqa_news_sets_load_whole(
        self, name: str, n: int, answerable: int, removed: Mapping[bool | None, int]
    ) -> None:
        found = at_hand(name, "RealTimeQA news, built by the realtimeqa converter")
        assert (found.format, found.failures, found.articles) == ("realtimeqa", (), None)
        assert (len(found.cases), sum(case.answerable for case in found.cases)) == (n, answerable)
        assert Counter(case.right_choice_removed for case in found.cases) == removed
        assert all(case.date and len(case.right_choices) == bool(case.choices) for case in found.cases)
        open_cases = [case for case in found.cases if case.right_choice_removed is None and case.answerable]
        assert all(case.gold_article_ids and case.answers for case in open_cases)

    def test_the_labelled_claims_load_whole(self) -> None:
        found = at_hand("claims/dev.jsonl", "labelled claims of nine published sets")
        assert (found.format, len(found.cases), found.failures) == ("claims", 18585, ())  # of 19,306 rows
        assert Counter(case.label for case in found.cases) == {
            Label.NOT_ENOUGH: 6515,
            Label.SUPPORTED: 6552,
            Label.REFUTED: 5518,
        }
        assert Counter(case.dataset for case in found.cases)["wice"] == 349

    @pytest.mark.parametrize(("name", "n", "answerable"), [("questions.jsonl", 98, 65), ("claims.jsonl", 38, 32)])
    def test_the_sample_corpus_sets_load_whole(self, name: str, n: int, answerable: int) -> None:
        found = load_cases(CORPUS_QUESTIONS / name)
        assert (found.format, found.failures, len(found.cases)) == ("own", (), n)
        assert sum(case.answerable for case in found.cases) == answerable

    def test_a_conversation_is_its_last_question_with_those_before_it(self) -> None:
        found = load_cases(CORPUS_QUESTIONS / "conversations.jsonl")
        assert (found.failures, len(found.cases)) == ((), 8)
        assert sum(case.answerable for case in found.cases) == 7
        first = found.cases[0]
        assert (first.id, first.question, first.answers) == ("v001", "Has anyone died?", ("No one has died",))
        assert first.earlier == (
            "How many measles cases has the Tamber Valley had so far?",
            "And how many of them have been in the hospital?",
        )


def at_hand(name: str, what: str) -> CaseSet:
    if not (EVAL / name).is_file():
        pytest.skip(f"{EVAL / name} is not here: {what}")
    return load_cases(EVAL / name)


ODD: list[Any] = [None, "", " ", 7, -1, 2.5, True, [], [None], [""], ["x"], {}, {"a": 1}, [{}], [[1]], "\ud800", 10**30]


@pytest.mark.parametrize(
    ("format", "row"),
    [
        ("own", OWN | {"choices": ["a"], "right_choices": [0], "gold_spans": [{"article": "a", "quote": "b"}]}),
        (
            "own",
            {"id": "c", "claim": "X.", "label": "refuted", "evidence": ["Y."], "date": "2025-08-20", "tags": ["a"]},
        ),
        ("realtimeqa", PUBLISHED),
        ("realtimeqa", CONVERTED),
        ("squad", SQUAD),
        ("averitec", AVERITEC),
        ("ragas", RAGAS),
        ("claims", CLAIM),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_whatever_a_field_holds_a_row_is_a_case_or_a_failure_that_names_it(
    format: str, row: Any, tmp_path: Path
) -> None:
    path = tmp_path / ("set.json" if format in ("squad", "averitec") else "set.jsonl")
    for changed in [with_field(row, place, odd) for place in places(row) for odd in ODD]:
        path.write_text(json.dumps(changed), encoding="utf-8")
        try:
            found = load_cases(path, format)
        except WrongUse as error:
            told = error.message
        else:
            told = path.name
            assert all(
                case.text.strip() and max(case.right_choices, default=-1) < len(case.choices) for case in found.cases
            )
            assert all(failure.source.startswith(f"{path.name}:") for failure in found.failures)
            assert all(article["text"] for article in (found.articles() if found.articles else ()))
        assert path.name in told


def places(value: Any) -> Iterator[tuple[Any, ...]]:
    """The path of every field, however deep."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in inner:
        yield (key,)
        yield from ((key, *rest) for rest in places(item))


def with_field(value: Any, place: tuple[Any, ...], item: Any) -> Any:
    changed = json.loads(json.dumps(value))
    at = changed
    for key in place[:-1]:
        at = at[key]
    at[place[-1]] = item
    return changed


def test_the_text_of_a_context_is_what_the_library_will_store(write: Write) -> None:
    context = "  The strike\r\nended.\x00 "
    found = load_cases(write("set.jsonl", RAGAS | {"reference_contexts": [context], "retrieved_contexts": []}))
    assert found.articles is not None
    (row,) = found.articles()
    assert row["text"] == canonical_text(context) == found.cases[0].gold_spans[0].quote


DOCUMENT = (Path(__file__).parents[1] / "docs" / "question-sets.md").read_text("utf-8")
SECTIONS = re.findall(r"^## (\w+)\n(.*?)(?=^## |\Z)", DOCUMENT, re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("name", registry.names("converters"))
def test_the_page_on_question_sets_shows_an_example_of_every_format_that_is_read(name: str, write: Write) -> None:
    samples = re.findall(r"^```\w+ (\S+)\n(.*?)^```", dict(SECTIONS)[name], re.MULTILINE | re.DOTALL)
    paths = [write(file, text, end=b"") for file, text in samples]
    found = load_cases(paths[0].parent if len(paths) > 1 else paths[0])
    assert (found.format, found.failures) == (name, ())
    assert found.cases
