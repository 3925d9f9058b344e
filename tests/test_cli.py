"""The command line as scripts see it: exit codes, the JSON of every command, and errors that name the next step.

Commands run in this process through `main()`, as the console script calls it, over one small library without vectors.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from command_line import COUNCIL, FERRY, Run
from samples import HashingEmbeddings, write_articles

from assistant import Assistant, __version__
from assistant.embedders import Embedder
from assistant.errors import ExitCode

COMMANDS = "ingest ask check quote watch verify articles show remove rebuild evaluate serve doctor".split()
CITATION_KEYS = {
    "marker", "quote", "article_id", "title", "publisher", "published", "url", "zone", "start", "end", "status",
}  # fmt: skip
ROW_KEYS = {"article_id", "source_id", "title", "publisher", "published", "url", "status", "versions", "embedded"}
REPORT_KEYS = {"added", "unchanged", "replaced", "updated", "failed", "passages", "embedded"}


# --- ask


@pytest.mark.usefixtures("home")
def test_ask_prints_the_answer_and_its_sources(run: Run) -> None:
    done = run("ask", "How many passengers were brought ashore?")

    assert done.code == 0
    assert "All 212 passengers were brought ashore by noon. [1]" in done.out
    assert "[1] The Wire · 2025-08-18 · Ferry aground" in done.out
    assert done.err == ""


def test_the_json_of_ask_leads_back_to_the_article(run: Run, home: Path) -> None:
    answer = run("ask", "How many passengers were brought ashore?", "--json").json

    assert answer.keys() >= {"question", "text", "abstained", "citations", "usage", "timings"}
    assert answer["abstained"] is None
    (citation,) = answer["citations"]
    assert citation.keys() >= CITATION_KEYS
    assert (citation["title"], citation["publisher"], citation["published"]) == (
        "Ferry aground",
        "The Wire",
        "2025-08-18",
    )
    assert (citation["marker"], citation["status"], citation["zone"], citation["url"]) == (1, "verified", "body", None)
    article = run("show", citation["article_id"], "--json").json
    assert article["text"][citation["start"] : citation["end"]] == citation["quote"]


@pytest.mark.usefixtures("home")
def test_an_abstention_is_an_answer_with_its_reason(run: Run) -> None:
    done = run("ask", "Who won the election in Norway?", "--json")

    assert done.code == 0
    assert done.json["abstained"] == done.json["text"]
    assert done.json["citations"] == []


@pytest.mark.parametrize(
    ("options", "cited"),
    [
        ([], True),
        (["--as-of", "2025-08-18"], True),
        (["--as-of", "2025-08-10"], False),
        (["--publisher", "The Wire"], True),
        (["--publisher", "The Paper"], False),
        (["--since", "2025-08-18", "--until", "2025-08-18"], True),
        (["--since", "2025-08-19"], False),
        (["--until", "2025-08-17"], False),
    ],
    ids=["none", "as-of", "as-of earlier", "publisher", "other publisher", "one day", "since later", "until earlier"],
)
@pytest.mark.usefixtures("home")
def test_ask_keeps_to_its_filters(run: Run, options: list[str], cited: bool) -> None:
    answer = run("ask", "How many passengers were brought ashore?", "--json", *options).json

    assert any("212" in citation["quote"] for citation in answer["citations"]) is cited


@pytest.mark.usefixtures("home")
def test_undecodable_bytes_on_the_command_line_are_survived(run: Run) -> None:
    assert run("ask", "How many \udcff passengers?", "--json", "--publisher", "\udcfe").code == 0
    assert run("show", "\udcff\udcfe", "--json").json["error"]["type"] == "UnknownArticle"


# --- articles, show, remove


@pytest.mark.usefixtures("home")
def test_the_json_of_articles_lists_them_newest_first(run: Run) -> None:
    rows = run("articles", "--json").json

    assert all(row.keys() >= ROW_KEYS for row in rows)
    assert [row["source_id"] for row in rows] == ["council", "ferry", "undated"]
    assert rows[0] | {
        "title": "Filters",
        "publisher": "The Paper",
        "published": "2025-08-25",
        "url": None,
        "status": "current",
        "versions": 1,
        "embedded": 0,
    } == rows[0]  # fmt: skip
    assert (rows[2]["title"], rows[2]["published"], rows[2]["publisher"]) == (None, None, "blog.example")


@pytest.mark.usefixtures("home")
def test_what_is_not_known_is_shown_as_unknown(run: Run) -> None:
    assert "unknown" in run("articles").out
    assert "published  unknown" in run("show", "undated").out


@pytest.mark.usefixtures("home")
def test_show_finds_an_article_by_source_id_prefix_and_id(run: Run) -> None:
    article = run("show", "ferry", "--json").json

    assert article["text"] == FERRY
    assert article.keys() >= {"article_id", "source_id", "title", "publisher", "published", "url", "text", "sections"}
    assert all(section.keys() == {"zone", "start", "end"} for section in article["sections"])
    assert run("show", article["article_id"][:8], "--json").json == article
    assert run("show", article["article_id"], "--json").json == article


@pytest.mark.usefixtures("home")
def test_remove_forgets_an_article(run: Run) -> None:
    assert run("remove", "ferry", "--json").json == {"removed": 1}
    assert [row["source_id"] for row in run("articles", "--json").json] == ["council", "undated"]
    assert run("show", "ferry").code == ExitCode.INCOMPLETE


# --- ingest, rebuild


def test_the_json_of_ingest_is_its_report(run: Run, home: Path, tmp_path: Path) -> None:
    (tmp_path / "bad.txt").write_bytes(b"")
    added = write_articles(tmp_path / "new", ["The quarry above Hollin closed in March, its owner said on Friday."])
    done = run("ingest", added, tmp_path / "bad.txt", "--no-embed", "--json")

    assert done.code == ExitCode.INCOMPLETE
    assert done.json.keys() >= REPORT_KEYS
    assert [len(done.json[key]) for key in ("added", "unchanged", "replaced")] == [1, 0, 0]
    assert (done.json["passages"], done.json["embedded"]) == (1, 0)
    assert done.json["failed"] == [{"source": str(tmp_path / "bad.txt"), "reason": "It is empty."}]


def test_ingest_says_what_failed_and_why(run: Run, home: Path, tmp_path: Path) -> None:
    (tmp_path / "bad.txt").write_bytes(b"")
    done = run("ingest", tmp_path / "bad.txt", "--no-embed")

    assert done.code == ExitCode.INCOMPLETE
    assert "1 failed" in done.out
    assert f"{tmp_path / 'bad.txt'}: It is empty." in done.out


def test_ingest_of_good_articles_alone_is_done(run: Run, nowhere: Path, tmp_path: Path) -> None:
    done = run("ingest", write_articles(tmp_path, [FERRY]), "--no-embed", "--json")

    assert (done.code, len(done.json["added"])) == (0, 1)
    assert done.err == ""


def test_ingest_of_what_is_there_has_nothing_to_do(run: Run, home: Path, tmp_path: Path) -> None:
    articles = write_articles(tmp_path, [FERRY])
    run("ingest", articles, "--no-embed")

    assert run("ingest", articles, "--no-embed", "--json").code == ExitCode.INCOMPLETE


def test_the_sample_corpus_comes_with_one_word(run: Run, nowhere: Path) -> None:
    done = run("ingest", "--sample", "--no-embed", "--json")

    assert (done.code, done.json["failed"]) == (0, [])
    assert len(done.json["added"]) >= 25


def test_rebuild_embeds_what_is_missing_and_counts(run: Run, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake = Embedder(HashingEmbeddings(), "hashing-1")
    monkeypatch.setattr(Assistant, "embedder", fake)
    done = run("rebuild", "--json")

    assert done.code == 0
    assert done.json == {"articles": 3, "passages": 3, "embedded": 3, "embeddable": 3}
    assert "3 embedded" in run("rebuild").out


# --- evaluate

QUESTIONS = [
    {
        "id": "q1",
        "question": "How many passengers were brought ashore?",
        "date": "2025-08-19",
        "answers": ["212"],
        "gold_article_ids": ["ferry"],
        "gold_spans": [{"article": "ferry", "quote": "All 212 passengers were brought ashore by noon."}],
        "answerable": True,
    },
    {"id": "q2", "question": "Who won the election in Norway?", "answerable": False},
]


@pytest.fixture
def questions(tmp_path: Path) -> Path:
    path = tmp_path / "questions.jsonl"
    path.write_text("\n".join(map(json.dumps, QUESTIONS)), encoding="utf-8")
    return path


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    folder = tmp_path / "articles"
    folder.mkdir()
    for name, text in (("ferry", FERRY), ("council", COUNCIL)):
        (folder / f"{name}.md").write_text(f"---\nid: {name}\npublished: 2025-08-18\n---\n{text}\n", encoding="utf-8")
    return folder


def test_the_json_of_evaluate_has_a_figure_with_its_interval(
    run: Run, nowhere: Path, questions: Path, articles: Path, tmp_path: Path
) -> None:
    output = tmp_path / "report.json"
    done = run("evaluate", questions, "--articles", articles, "--no-embed", "--output", output, "--json")

    assert (done.code, done.err) == (0, "")
    (ran,) = done.json["runs"]
    assert ran.keys() >= {"metrics", "excluded", "errors", "seconds"}
    assert ran["metrics"]["hit@4"] | {"mean": 1.0, "n": 1} == ran["metrics"]["hit@4"]
    assert all(figure.keys() >= {"mean", "low", "high", "n"} for figure in ran["metrics"].values())
    assert json.loads(output.read_text(encoding="utf-8")) == done.json


def test_evaluate_leaves_the_readers_library_alone(
    run: Run, home: Path, questions: Path, articles: Path, tmp_path: Path
) -> None:
    before = (home / "library.db").read_bytes()
    run("evaluate", questions, "--articles", articles, "--no-embed", "--output", tmp_path / "report.json")

    assert (home / "library.db").read_bytes() == before


@pytest.mark.usefixtures("home")
def test_evaluate_asks_the_current_library_when_no_articles_are_named(run: Run, home: Path, questions: Path) -> None:
    done = run("evaluate", questions)

    assert done.code == 0
    assert "hit@4" in done.out
    (written,) = (home / "evaluations").glob("questions-*.json")
    for suffix in (".json", ".html", ".csv"):
        assert written.with_suffix(suffix).stat().st_size > 100
        assert str(written.with_suffix(suffix)) in done.err.replace("\n", "")


def test_evaluate_names_what_it_could_not_read(
    run: Run, nowhere: Path, questions: Path, articles: Path, tmp_path: Path
) -> None:
    (articles / "bad.txt").write_bytes(b"")
    questions.write_text(questions.read_text(encoding="utf-8") + "\nnot json\n", encoding="utf-8")
    output = tmp_path / "report.json"
    done = run("evaluate", questions, "--articles", articles, "--no-embed", "--output", output)

    assert done.code == ExitCode.INCOMPLETE
    assert "bad.txt: It is empty." in done.err.replace("\n", "")
    assert (done.out + done.err).count("questions.jsonl:3") == 1


def test_evaluate_sets_runs_side_by_side_and_beside_a_former_report(
    run: Run, nowhere: Path, questions: Path, articles: Path, tmp_path: Path
) -> None:
    arguments = ("evaluate", questions, "--articles", articles, "--no-embed", "--json", "--output")
    former = tmp_path / "former.json"
    assert run(*arguments, former).code == 0
    done = run(*arguments, tmp_path / "both.json", "--compare", "retriever=lexical,top_k=2", "--against", former)

    assert done.code == 0
    assert [(ran["name"], ran["settings"]["top_k"]) for ran in done.json["runs"]] == [
        ("as set", 6),
        ("retriever=lexical,top_k=2", 2),
    ]
    within, before = done.json["comparisons"]
    assert (within["baseline"], within["run"], within["n"]) == ("as set", "retriever=lexical,top_k=2", 2)
    assert (before["baseline"], before["run"], before["changed"]) == (f"as set ({former})", "as set", [])


def test_a_former_report_about_other_cases_is_refused_before_anything_is_asked(
    run: Run, nowhere: Path, questions: Path, articles: Path, tmp_path: Path
) -> None:
    arguments = ("--articles", articles, "--no-embed", "--json", "--output")
    former = tmp_path / "former.json"
    assert run("evaluate", questions, *arguments, former).code == 0
    others = tmp_path / "others.jsonl"
    others.write_text(questions.read_text(encoding="utf-8"), encoding="utf-8")
    done = run("evaluate", others, *arguments, tmp_path / "r.json", "--against", former)

    assert done.code == ExitCode.WRONG_USE
    assert "it is about questions" in done.json["error"]["message"]
    assert not (tmp_path / "r.json").exists()


@pytest.mark.parametrize(
    ("condition", "code"), [("hit@4 < 0.8", 0), ("hit@4 > 0.8", ExitCode.FAILED_CONDITION)], ids=["holds not", "holds"]
)
def test_a_condition_that_holds_is_told_with_its_figure_and_an_exit_code_of_its_own(
    run: Run, nowhere: Path, questions: Path, articles: Path, tmp_path: Path, condition: str, code: int
) -> None:
    done = run(
        "evaluate",
        questions,
        "--articles",
        articles,
        "--no-embed",
        "--fail-if",
        condition,
        "--output",
        tmp_path / "r.json",
    )

    assert done.code == code
    assert ("Failed: hit@4 > 0.8: it is 1 (n = 1)" in done.err) is bool(code)


@pytest.mark.parametrize(
    "option",
    [
        ("--fail-if", "hits@4 < 1"),
        ("--compare", "retriever"),
        ("--compare", "retreiver=lexical"),
        ("--against", "nothing.json"),
        ("--format", "sqaud"),
    ],
    ids=" ".join,
)
def test_evaluate_refuses_what_makes_no_sense_before_it_asks(
    run: Run, nowhere: Path, questions: Path, articles: Path, option: tuple[str, str]
) -> None:
    done = run("evaluate", questions, "--articles", articles, "--no-embed", "--json", *option)

    assert done.code == ExitCode.WRONG_USE
    assert done.json["error"]["hint"]
    assert not (nowhere / "evaluations" / "libraries").exists()


@pytest.mark.parametrize("text", ["", "not json\n"], ids=["empty", "no JSON"])
def test_a_set_without_questions_is_wrong_use(run: Run, nowhere: Path, tmp_path: Path, text: str) -> None:
    (tmp_path / "set.jsonl").write_text(text, encoding="utf-8")

    assert run("evaluate", tmp_path / "set.jsonl").code == ExitCode.WRONG_USE


def test_a_report_that_cannot_be_written_is_told_before_anything_is_asked(
    run: Run, questions: Path, articles: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("ASSISTANT_HOME", str(tmp_path / "file" / "home"))
    done = run("evaluate", questions, "--articles", articles, "--no-embed", "--json")

    assert done.code == ExitCode.WRONG_USE
    assert "--output" in done.json["error"]["hint"]


def test_a_set_that_is_not_there_is_wrong_use(run: Run, nowhere: Path, tmp_path: Path) -> None:
    done = run("evaluate", tmp_path / "set.jsonl", "--json")

    assert done.code == ExitCode.WRONG_USE
    assert "set.jsonl" in done.json["error"]["message"]


# --- doctor, version, help


def test_the_json_of_doctor_names_every_part_and_its_remedy(run: Run, nowhere: Path) -> None:
    done = run("doctor", "--json")

    assert done.code == 0
    assert all(part.keys() == {"part", "state", "detail", "remedy"} for part in done.json)
    assert {"model", "vocabulary", "prompts", "library", "index", "chat"} <= {part["part"] for part in done.json}
    assert [part["part"] for part in done.json if part["state"] != "ok"] == ["library"]


def test_doctor_prints_the_command_that_mends(run: Run, nowhere: Path) -> None:
    assert "Run: assistant ingest" in run("doctor").out


def test_the_version_is_printed(run: Run) -> None:
    assert run("--version").out == f"{__version__}\n"


def test_help_names_every_command(run: Run) -> None:
    text = run("--help").out

    assert all(command in text for command in COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(run: Run, command: str) -> None:
    done = run(command, "--help")

    assert done.code == 0
    assert command == "serve" or "--json" in done.out


# --- Exit codes and errors


@pytest.mark.parametrize(
    ("words", "code", "error"),
    [
        (["ask", "Who?"], ExitCode.INCOMPLETE, "EmptyLibrary"),
        (["show", "ferry"], ExitCode.INCOMPLETE, "UnknownArticle"),
        (["remove", "ferry"], ExitCode.INCOMPLETE, "UnknownArticle"),
        (["rebuild"], ExitCode.INCOMPLETE, "EmptyLibrary"),
        (["ingest"], ExitCode.WRONG_USE, "WrongUse"),
    ],
    ids=["ask", "show", "remove", "rebuild", "ingest"],
)
def test_without_a_library_each_command_says_so(
    run: Run, nowhere: Path, words: list[str], code: int, error: str
) -> None:
    done = run(*words, "--json")

    assert (done.code, done.json["error"]["type"]) == (code, error)
    assert done.json["error"]["hint"]
    assert not nowhere.exists()


def test_articles_of_no_library_are_an_empty_list(run: Run, nowhere: Path) -> None:
    done = run("articles", "--json")

    assert (done.code, done.json) == (ExitCode.INCOMPLETE, [])


@pytest.mark.parametrize(
    "words",
    [
        ["ask", ""],
        ["ask", "x" * 100_000],
        ["ask", "Who?", "--as-of", "yesterday"],
        ["ask", "Who?", "--since", "2025-02-30"],
        ["ask", "Who?", "--until", "19.8.2025"],
        ["ask", "Who?", "--since", "2025-08-20", "--until", "2025-08-19"],
        ["ask", "Who?", "--answerer", "oracle"],
    ],
    ids=["empty", "100 kB", "no date", "no such day", "another notation", "empty range", "unknown answerer"],
)
@pytest.mark.usefixtures("home")
def test_wrong_use_is_told_in_json_and_in_words(run: Run, words: list[str]) -> None:
    done = run(*words, "--json")

    assert done.code == ExitCode.WRONG_USE
    assert done.json.keys() == {"error"}
    error = done.json["error"]
    assert error.keys() == {"type", "message", "hint"}
    assert error["message"].split()[0] in done.err
    assert "Traceback" not in done.err


@pytest.mark.parametrize(
    "words",
    [["tell"], ["ask"], ["ask", "a", "b"], ["ask", "Who?", "--before", "x"], ["evaluate", "x", "--k", "0"]],
    ids=["no such command", "no question", "two questions", "no such option", "out of range"],
)
def test_a_command_that_makes_no_sense_is_wrong_use(run: Run, nowhere: Path, words: list[str]) -> None:
    done = run(*words)

    assert done.code == ExitCode.WRONG_USE
    assert done.err
    assert done.out == ""


@pytest.mark.parametrize("command", ["articles", "doctor"])
def test_a_misspelt_variable_is_refused(run: Run, home: Path, monkeypatch: pytest.MonkeyPatch, command: str) -> None:
    monkeypatch.setenv("ASSISTANT_ANSWERR", "chat")
    done = run(command, "--json")

    assert (done.code, done.json["error"]["type"]) == (ExitCode.WRONG_USE, "BadSettings")
    assert "ASSISTANT_ANSWERER" in done.json["error"]["hint"]


def test_a_misspelt_key_of_the_file_is_refused(
    run: Run, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "assistant.toml").write_text("answerr = 'chat'\n", encoding="utf-8")
    monkeypatch.setenv("ASSISTANT_CONFIG", str(tmp_path / "assistant.toml"))
    done = run("articles", "--json")

    assert done.code == ExitCode.WRONG_USE
    assert "did you mean answerer" in done.json["error"]["message"]


@pytest.mark.parametrize(
    "words", [["ingest", "--sample", "--no-embed"], ["remove", "ferry"], ["rebuild"]], ids=lambda words: words[0]
)
def test_a_library_that_another_process_holds_is_busy(run: Run, home: Path, words: list[str]) -> None:
    with Assistant(home) as other:
        other.library.hold()
        done = run(*words, "--json")
        asked = run("ask", "How many passengers were brought ashore?", "--json")

    assert (done.code, done.json["error"]["type"]) == (ExitCode.BUSY, "LibraryBusy")
    assert asked.code == 0


@pytest.mark.parametrize(
    "words",
    [["ask", "Who?"], ["articles"], ["show", "ferry"], ["remove", "ferry"], ["rebuild"], ["ingest"], ["doctor"]],
    ids=lambda words: words[0],
)
def test_a_damaged_library_names_the_command_that_mends_it(run: Run, home: Path, words: list[str]) -> None:
    (home / "library.db").write_bytes(b"no database" * 1000)
    done = run(*words)

    assert done.code == ExitCode.DAMAGED
    assert "mv " in (done.out + done.err)


def test_a_folder_that_cannot_be_written_is_wrong_use(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("ASSISTANT_HOME", str(tmp_path / "file" / "home"))
    done = run("ingest", "--sample", "--json")

    assert done.code == ExitCode.WRONG_USE
    assert "ASSISTANT_HOME" in done.json["error"]["hint"]


def test_a_key_on_the_keyboard_ends_a_command_in_one_line(
    run: Run, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Assistant, "ingest", interrupted)
    done = run("ingest", "--sample")

    assert done.code != 0
    assert "Traceback" not in done.err


def test_a_bug_keeps_its_traceback(run: Run, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(Assistant, "articles", broken)
    with pytest.raises(ZeroDivisionError):
        run("articles")


def test_a_port_in_use_is_told_before_anything_is_loaded(run: Run, home: Path) -> None:
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = run("serve", "--port", str(taken.getsockname()[1]))

    assert done.code == ExitCode.WRONG_USE
    assert "in use" in done.err


# --- As a program


@pytest.mark.parametrize("command", [["-m", "assistant.cli"], [str(Path(sys.executable).with_name("assistant"))]])
def test_the_program_answers_and_writes_utf8_into_a_pipe(home: Path, command: list[str]) -> None:
    program = command if len(command) == 1 else [sys.executable, *command]
    environment = os.environ | {"ASSISTANT_HOME": str(home), "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run(
        [*program, "ask", "How many passengers were brought ashore?"], env=environment, capture_output=True, check=True
    )

    assert "“All 212 passengers were brought ashore by noon.”" in done.stdout.decode()
    assert done.stderr == b""


def test_a_reader_that_leaves_early_causes_no_traceback(home: Path) -> None:
    environment = os.environ | {"ASSISTANT_HOME": str(home)}
    command = [sys.executable, "-m", "assistant.cli", "show", "ferry", "--json"]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as program:
        assert program.stdout
        assert program.stderr
        program.stdout.close()
        errors = program.stderr.read()

    assert b"Traceback" not in errors
    assert b"BrokenPipe" not in errors
