"""`assistant check`, `quote`, `watch` and `verify` as scripts see them: contracts of the JSON, files, exit codes."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest
from command_line import FERRY, Run

CLAIM = "All 212 passengers were brought ashore by noon."
WRONG = "All 215 passengers were brought ashore by noon."
VERDICT_KEYS = {"label", "confidence", "why", "independent_sources", "verifier"}
EVIDENCE_KEYS = {
    "quote", "article_id", "title", "publisher", "published", "zone", "stance", "start", "end", "attribution",
}  # fmt: skip
DIFFERENCE_KEYS = {"kind", "in_claim", "in_source", "start", "end"}


# --- check


def test_the_json_of_check_leads_from_the_claim_to_the_article(run: Run, home: Path) -> None:
    document = run("check", WRONG, "--json").json

    assert document["verdict"].keys() >= VERDICT_KEYS
    assert (document["verdict"]["label"], document["verdict"]["verifier"]) == ("refuted", "light")
    [claim] = document["claims"]
    assert claim.keys() >= {"text", "start", "end", "checkable", "verdict", "evidence", "differences", "missing"}
    assert document["statement"][claim["start"] : claim["end"]] == claim["text"]
    evidence = claim["evidence"][0]
    assert evidence.keys() >= EVIDENCE_KEYS
    article = run("show", evidence["article_id"], "--json").json
    assert article["text"][evidence["start"] : evidence["end"]] == evidence["quote"]
    [difference] = claim["differences"]
    assert difference.keys() >= DIFFERENCE_KEYS
    assert difference["kind"] == "number"
    assert "215" in document["statement"][difference["start"] : difference["end"]]
    assert "212" in article["text"][difference["source_start"] : difference["source_end"]]
    assert {"conflicts", "provenance"} <= document.keys()


@pytest.mark.usefixtures("home")
def test_check_prints_verdict_reason_and_evidence(run: Run) -> None:
    done = run("check", CLAIM)
    assert done.code == 0
    assert done.out.startswith("SUPPORTED")
    assert "according to The Wire (18 August 2025)" in done.out
    assert "“All 212 passengers were brought ashore by noon.”" in done.out


@pytest.mark.usefixtures("home")
def test_a_draft_is_read_from_a_file(run: Run, tmp_path: Path) -> None:
    draft = tmp_path / "draft.md"
    draft.write_text(f"# Monday\n\n{CLAIM} {WRONG}\n", encoding="utf-8")
    document = run("check", "--file", draft, "--json").json
    labels = [claim["verdict"]["label"] for claim in document["claims"] if claim["verdict"]]
    assert labels == ["supported", "refuted"]
    assert document["verdict"]["label"] == "refuted"


@pytest.mark.usefixtures("home")
def test_as_of_hides_what_came_later(run: Run) -> None:
    done = run("check", CLAIM, "--as-of", "2025-08-01", "--json")
    assert done.json["verdict"]["label"] == "not_enough_evidence"


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize(
    ("words", "says"),
    [
        pytest.param([], "--file", id="nothing given"),
        pytest.param([CLAIM, "--file", "x"], "one of them", id="both given"),
        pytest.param(["--file", "/nowhere/draft.md"], "/nowhere/draft.md", id="no such file"),
        pytest.param([" "], "empty", id="no words"),
        pytest.param([CLAIM, "--as-of", "yesterday"], "YYYY-MM-DD", id="no date"),
        pytest.param([CLAIM, "--export", "report.doc"], ".html", id="an unknown ending"),
        pytest.param([CLAIM, "--verifier", "lihgt"], "light", id="a misspelt verifier"),
    ],
)
def test_wrong_use_of_check_names_the_next_step(run: Run, words: list[str], says: str) -> None:
    done = run("check", *words)
    assert done.code == 2
    assert says in done.err


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize("suffix", [".md", ".html", ".csv", ".json", ".jsonld"])
def test_a_check_is_exported_and_never_over_another_file(run: Run, tmp_path: Path, suffix: str) -> None:
    target = tmp_path / f"report{suffix}"
    assert run("check", WRONG, "--export", target).code == 0
    text = target.read_text(encoding="utf-8")
    assert "212" in text
    assert run("check", CLAIM, "--export", target).code == 2
    assert target.read_text(encoding="utf-8") == text
    assert run("check", CLAIM, "--export", target, "--force").code == 0


# --- verify


@pytest.mark.parametrize(
    "command",
    [
        pytest.param(["check", CLAIM], id="a check"),
        pytest.param(["ask", "How many passengers were brought ashore?"], id="an answer"),
        pytest.param(["quote", "All 212 passengers were brought ashore"], id="a quotation"),
    ],
)
def test_a_kept_result_replays_until_one_character_of_its_article_changes(
    run: Run, home: Path, tmp_path: Path, command: list[str]
) -> None:
    ledger = tmp_path / "ledger.json"
    assert run(*command, "--save", ledger).code == 0
    assert run("verify", ledger).code == 0

    with sqlite3.connect(home / "library.db") as library:
        library.execute("UPDATE articles SET text = ? WHERE text = ?", (FERRY.replace("noon", "moon"), FERRY))
    library.close()

    drifted = run("verify", ledger)
    assert drifted.code == 1
    assert "Ferry aground" in drifted.out
    assert "moon" in drifted.out


# --- quote


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize(
    ("words", "status"),
    [
        pytest.param("were brought ashore by noon", "exact", id="exact"),
        pytest.param("All 212 passengers were not brought ashore by noon", "altered", id="altered"),
        pytest.param("The captain sang to the whales all night", "absent", id="absent"),
    ],
)
def test_the_json_of_quote_says_what_became_of_the_words(run: Run, words: str, status: str) -> None:
    document = run("quote", words, "--json").json
    assert document["status"] == status
    assert {"quote", "by", "why", "differences", "places"} <= document.keys()
    for place in document["places"]:
        article = run("show", place["article_id"], "--json").json
        assert article["text"][place["start"] : place["end"]] == place["quote"]


@pytest.mark.usefixtures("home")
def test_a_quotation_without_words_is_wrong_use(run: Run) -> None:
    assert run("quote", "“…”").code == 2


# --- watch


def test_a_watched_claim_is_judged_again_when_articles_arrive(run: Run, home: Path, tmp_path: Path) -> None:
    assert run("watch", CLAIM, "--json").json[0]["label"] == "supported"
    later = {"id": "later", "title": "Count", "publisher": "The Paper", "published": "2025-08-19", "text": WRONG}
    articles = tmp_path / "later.jsonl"
    articles.write_text(json.dumps(later), encoding="utf-8")

    report = run("ingest", articles, "--no-embed", "--json").json

    [change] = report["verdicts_changed"]
    assert (change["before"]["label"], change["after"]["label"]) == ("supported", "conflicting")
    [evidence] = change["evidence"]
    assert evidence["quote"] == WRONG
    assert run("watch", "--json").json[0]["label"] == "conflicting"
    assert "No verdict has changed." in run("watch", "--review").out


@pytest.mark.usefixtures("home")
def test_a_claim_is_forgotten_by_its_id(run: Run) -> None:
    [watched] = run("watch", CLAIM, "--json").json
    run("watch", "--remove", watched["id"])
    assert run("watch", "--json").json == []


@pytest.mark.usefixtures("home")
def test_watch_wants_one_thing_at_a_time(run: Run) -> None:
    assert run("watch", CLAIM, "--review").code == 2
