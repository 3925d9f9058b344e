"""Ledgers: a fresh one replays, and whatever has changed since is named with its place."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from fact_checks import CUT, LEDGER, PENTAGON, make_check, make_quote
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from assistant import Assistant
from assistant.chunking import split_article
from assistant.duplicates import minhash
from assistant.errors import EmptyLibrary, WrongUse
from assistant.ledger import (
    Drift,
    Ledger,
    ledger_of,
    load_ledger,
    recheck_with,
    save_ledger,
    settings_of,
    verify_ledger,
)
from assistant.ledger.places import BLOCK, Change, block_digests, first_change
from assistant.ledger.record import content_digest
from assistant.library import Library
from assistant.settings import PassageSettings, Settings
from assistant.types import Article, FactCheck, Filters, Label, Span, Stance, Turn

CHECK, ARTICLES = make_check()
WIRE, HALL = ARTICLES.values()
NUMBERS = "Delegates of 30 nations are expected there this week."


@pytest.fixture
def full(library: Library) -> Library:
    """A library with the two articles of the check."""
    for one in ARTICLES.values():
        library.add(one, split_article(one, PassageSettings()), minhash(one.text))
    return library


def ledger(**more: Any) -> Ledger:
    return ledger_of(CHECK, ARTICLES, **more)


def tamper(library: Library, sql: str, *values: Any) -> None:
    """Change the file behind the program's back."""
    with sqlite3.connect(library.path) as db:
        db.execute(sql, values)
    db.close()


def retext(library: Library, one: Article, text: str) -> None:
    tamper(library, "UPDATE articles SET text = ? WHERE id = ?", text, one.id)


def said(drifts: list[Drift]) -> str:
    return "\n".join(drift.what for drift in drifts)


# -- what a ledger holds


def test_a_ledger_holds_what_a_replay_needs() -> None:
    kept = ledger(filters=Filters(publisher="The Wire", as_of=date(2025, 8, 21)), settings=Settings(top_k=4))
    assert kept["text"] == CHECK.statement
    assert kept["filters"] == {"publisher": "The Wire", "since": None, "until": None, "as_of": "2025-08-21"}
    assert settings_of(kept)["top_k"] == 4
    assert [row["label"] for row in kept["verdicts"]] == ["conflicting", "conflicting", "not_enough_evidence", None]
    assert {one["id"] for one in kept["articles"]} == set(ARTICLES)
    assert {row["role"] for row in kept["spans"]} == {"evidence", "beside", "rejected", "conflict"}
    rejected = next(row for row in kept["spans"] if row["role"] == "rejected")
    assert rejected["reasons"] == ["Says nothing of it."]


def test_a_ledger_holds_the_quoted_words_and_no_other_text_of_an_article() -> None:
    text = json.dumps(ledger())
    assert NUMBERS in text
    assert "Nobody signed a document" not in text


def test_the_as_of_date_is_taken_from_the_provenance_when_no_filters_are_given() -> None:
    assert ledger()["filters"]["as_of"] == "2025-08-21"


def test_a_replay_takes_no_address_key_or_folder_from_a_ledger() -> None:
    kept = ledger()
    kept["settings"] |= {
        "home": "/elsewhere",
        "store": {"url": "https://evil.example"},
        "llm_replies": "/tmp/x",
        "top_k": 3,
    }
    assert settings_of(kept) == {"verifier": "light", "top_k": 3}


# -- files


def test_a_saved_ledger_comes_back_as_it_was(tmp_path: Path) -> None:
    kept = save_ledger(tmp_path / "deep" / "one.json", CHECK, ARTICLES)
    assert load_ledger(tmp_path / "deep" / "one.json") == kept
    assert [path.name for path in (tmp_path / "deep").iterdir()] == ["one.json"]


def test_a_file_that_is_there_is_replaced_only_by_force(tmp_path: Path) -> None:
    path = tmp_path / "one.json"
    path.write_text("precious")
    with pytest.raises(WrongUse, match="--force"):
        save_ledger(path, CHECK, ARTICLES)
    assert path.read_text() == "precious"
    save_ledger(path, CHECK, ARTICLES, force=True)
    assert load_ledger(path)["kind"] == "check"


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(WrongUse, match="can't be written"):
        save_ledger(tmp_path / "file" / "one.json", CHECK, ARTICLES)


def _without(key: str) -> str:
    return json.dumps({name: value for name, value in ledger().items() if name != key})


def _with(**changes: Any) -> str:
    return json.dumps(ledger() | changes)


UNREADABLE: dict[str, tuple[Callable[[], str | bytes], str]] = {
    "empty": (lambda: "", "is no ledger"),
    "not JSON": (lambda: "Dear reader,", "is not JSON"),
    "not text": (lambda: b"\xff\xfe\x00\x01", "is not text"),
    "other JSON": (lambda: '{"report": 2}', "is JSON, but no ledger"),
    "a list": (lambda: "[]", "is JSON, but no ledger"),
    "truncated": (lambda: json.dumps(ledger())[:-200], "cut short"),
    "truncated in a key": (lambda: json.dumps(ledger())[:300], "cut short"),
    "newer": (lambda: _with(ledger=99), "format 99"),
    "without articles": (lambda: _without("articles"), "articles: field required"),
    "without a digest": (lambda: _without("sha256"), "sha256: field required"),
    "verdicts of another shape": (lambda: _with(verdicts={}), "verdicts"),
    "a day that is none": (
        lambda: _with(filters={"publisher": None, "since": "2025-02-31", "until": None, "as_of": None}),
        "filters.since",
    ),
    "deep": (lambda: "[" * 100_000, "is no ledger"),
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_what_is_no_ledger_is_refused_with_the_reason(tmp_path: Path, name: str) -> None:
    make, reason = UNREADABLE[name]
    content = make()
    path = tmp_path / "one.json"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(WrongUse) as caught:
        load_ledger(path)
    assert reason in caught.value.message
    assert str(path) in caught.value.message


def test_a_file_that_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(WrongUse, match=r"none\.json can't be read: No such file"):
        load_ledger(tmp_path / "none.json")


# -- drift of what is stored


def test_a_fresh_ledger_has_no_drift(full: Library) -> None:
    assert verify_ledger(ledger(), full) == []


def test_one_changed_character_is_named_with_its_article_and_place(full: Library) -> None:
    retext(full, WIRE, WIRE.text.replace("of 30 nations", "of 80 nations"))
    text_drift, *quotations = verify_ledger(ledger(), full)
    at = WIRE.text.index("30 nations")
    assert text_drift.article_id == WIRE.id
    assert (text_drift.at, text_drift.recorded, text_drift.found) == (at, "3", "8")
    assert (
        f"“Defence chiefs head for the Pentagon” (The Wire, 2025-08-20) was changed at character {at}"
        in text_drift.what
    )
    assert "Delegates of 80 nations" in text_drift.context
    assert {(drift.thing, drift.recorded, drift.at) for drift in quotations} == {("quotation", NUMBERS, at)}


def test_a_change_outside_of_every_quotation_is_found_too(full: Library) -> None:
    retext(full, WIRE, WIRE.text.replace("on Monday", "on Sunday"))
    (drift,) = verify_ledger(ledger(), full)
    assert drift.at is not None
    assert abs(drift.at - WIRE.text.index("Monday")) < BLOCK


def test_the_text_counts_and_not_the_id_that_is_stored(full: Library) -> None:
    retext(full, HALL, HALL.text + " ")
    (drift,) = verify_ledger(ledger(), full)
    assert (drift.article_id, drift.at) == (HALL.id, len(HALL.text))


def test_an_article_that_was_removed_is_named(full: Library) -> None:
    full.remove(HALL.id)
    (drift,) = verify_ledger(ledger(), full)
    assert drift.what == "“At the hall” (Northfield Ledger, 2025-08-20) is no longer in the library."
    assert (drift.article_id, drift.found) == (HALL.id, None)


def test_quotations_of_an_article_that_was_not_recorded_are_looked_up_all_the_same(full: Library) -> None:
    kept = ledger_of(CHECK, {WIRE.id: WIRE})
    assert verify_ledger(kept, full) == []
    full.remove(HALL.id)
    (drift,) = verify_ledger(kept, full)
    assert (drift.article_id, drift.found) == (HALL.id, None)


@pytest.mark.parametrize(
    ("column", "value", "words"),
    [
        ("status", "retracted", "status was current, is retracted"),
        ("published", "2025-08-25", "published was 2025-08-20, is 2025-08-25"),
        ("title", None, "title was Defence chiefs head for the Pentagon, is unknown"),
        ("publisher", "Another", "publisher was The Wire, is Another"),
    ],
)
def test_facts_that_changed_are_named(full: Library, column: str, value: str | None, words: str) -> None:
    tamper(full, f"UPDATE articles SET {column} = ? WHERE id = ?", value, WIRE.id)
    (drift,) = verify_ledger(ledger(), full)
    assert words in drift.what


def test_an_article_that_a_newer_version_replaced_is_named_with_it(full: Library) -> None:
    from fact_checks import article

    newer = article(PENTAGON + " Corrected.")
    full.add(newer, split_article(newer, PassageSettings()), minhash(newer.text))
    (drift,) = verify_ledger(ledger(), full)
    assert "was replaced by a newer version" in drift.what
    assert (drift.article_id, drift.found) == (WIRE.id, newer.id)


def test_a_ledger_that_was_changed_is_seen(full: Library) -> None:
    kept = ledger()
    kept["verdicts"][0]["why"] = "Because I say so."
    (drift,) = verify_ledger(kept, full)
    assert (drift.thing, drift.recorded) == ("ledger", kept["sha256"])


def test_a_quotation_that_was_changed_in_the_ledger_is_seen_even_when_its_digest_was_made_to_fit(full: Library) -> None:
    kept = ledger()
    kept["spans"][0]["quote"] = kept["spans"][0]["quote"].replace("30", "40")
    kept["sha256"] = content_digest(kept)
    (drift,) = verify_ledger(kept, full)
    assert (drift.thing, drift.found) == ("quotation", NUMBERS)


def test_vectors_of_another_embedder_are_named(full: Library) -> None:
    check = replace(CHECK, provenance={**CHECK.provenance, "embedder": "another-1"})
    (drift,) = verify_ledger(ledger_of(check, ARTICLES), full)
    assert (drift.thing, drift.recorded, drift.found) == ("settings", "another-1", None)


def test_a_checked_quotation_has_a_ledger_too(full: Library) -> None:
    check, articles = make_quote()
    kept = ledger_of(check, articles)
    assert (kept["kind"], kept["by"], kept["verdicts"][0]["label"]) == ("quote", "The minister", "altered")
    assert [row["quote"] for row in kept["spans"] if row["role"] == "beside"] == [CUT]
    assert verify_ledger(kept, full, recheck=lambda _: check) == []
    retext(full, WIRE, WIRE.text.replace("nations", "Nations"))
    assert {drift.thing for drift in verify_ledger(kept, full)} == {"article", "quotation"}


# -- drift of what comes out


def again(check: FactCheck) -> Callable[[Ledger], FactCheck]:
    return lambda _: check


def changed(**changes: Any) -> FactCheck:
    """The check with another first claim."""
    return replace(CHECK, claims=(replace(CHECK.claims[0], **changes), *CHECK.claims[1:]))


def test_the_same_result_again_is_no_drift(full: Library) -> None:
    assert verify_ledger(ledger(), full, recheck=again(CHECK)) == []


def test_another_verdict_is_named_with_its_claim(full: Library) -> None:
    verdict = CHECK.claims[0].verdict
    assert verdict is not None
    (drift,) = verify_ledger(ledger(), full, recheck=again(changed(verdict=replace(verdict, label=Label.REFUTED))))
    assert drift.what == "The verdict of claim 1 was conflicting, is refuted."


def test_evidence_that_is_gone_and_evidence_that_is_new_are_named(full: Library) -> None:
    first, second = CHECK.claims[0].evidence
    moved = replace(second, span=Span(HALL.id, 0, 8), text=HALL.text[:8])
    drifts = verify_ledger(ledger(), full, recheck=again(changed(evidence=(first, moved))))
    assert {(drift.recorded, drift.found) for drift in drifts} == {(second.text, None), (None, HALL.text[:8])}


def test_evidence_that_takes_another_side_is_named(full: Library) -> None:
    first, second = CHECK.claims[0].evidence
    turned = changed(evidence=(replace(first, stance=Stance.SUPPORTS), second))
    (drift,) = verify_ledger(ledger(), full, recheck=again(turned))
    assert (drift.recorded, drift.found, drift.article_id) == ("refutes", "supports", WIRE.id)


def test_a_text_that_comes_apart_otherwise_is_named(full: Library) -> None:
    fewer = replace(CHECK, claims=CHECK.claims[:1])
    (drift,) = verify_ledger(ledger(), full, recheck=again(fewer))
    assert drift.what == "The text came apart into 3 claims, comes apart into 1 others."


def test_a_replay_that_fails_is_a_drift_and_no_crash(full: Library) -> None:
    def fail(_: Ledger) -> FactCheck:
        raise EmptyLibrary("No articles.", "Ingest some.")

    (drift,) = verify_ledger(ledger(), full, recheck=fail)
    assert (drift.thing, drift.what) == ("replay", "The same can't be asked again. No articles. Ingest some.")


def test_a_replay_asks_with_the_filters_of_the_ledger(full: Library) -> None:
    asked: list[Any] = []

    class Replays:
        def check(self, text: str, *, filters: Filters = Filters()) -> FactCheck:  # noqa: B008
            asked.append((text, filters))
            return CHECK

        ask = quote = None

    filters = Filters("The Wire", date(2025, 8, 1), date(2025, 8, 31), date(2025, 8, 21))
    verify_ledger(ledger(filters=filters), full, recheck=recheck_with(Replays()))  # type: ignore[arg-type]
    assert asked == [(CHECK.statement, filters)]


# -- the whole way


def test_an_answer_of_the_sample_corpus_replays(sample_assistant: Assistant) -> None:
    filters = Filters(as_of=date(2025, 8, 21))
    history = (Turn("Where did the leaders meet?", "At the White House."),)
    answer = sample_assistant.ask("How many countries met at the Pentagon?", history=history, filters=filters)
    articles = sample_assistant.library.articles({hit.passage.span.article_id for hit in answer.hits})
    kept = ledger_of(answer, articles, settings=sample_assistant.settings, filters=filters, history=history)
    assert {"citation", "passage"} <= {row["role"] for row in kept["spans"]}
    kept = json.loads(json.dumps(kept))
    assert verify_ledger(kept, sample_assistant.library, recheck=recheck_with(sample_assistant)) == []
    other = kept | {"text": "Who ordered the turn of the ferry?"}
    things = {
        drift.thing for drift in verify_ledger(other, sample_assistant.library, recheck=recheck_with(sample_assistant))
    }
    assert {"ledger", "answer", "evidence"} <= things


def test_a_check_of_the_sample_corpus_replays(sample_assistant: Assistant) -> None:
    filters = Filters(as_of=date(2025, 8, 21))
    check = sample_assistant.check("Representatives of 40 countries were expected at the Pentagon.", filters=filters)
    kept = ledger_of(check, sample_assistant.articles_of(check), settings=sample_assistant.settings, filters=filters)
    assert any(row["role"] == "evidence" for row in kept["spans"])
    assert verify_ledger(kept, sample_assistant.library, recheck=recheck_with(sample_assistant)) == []


@pytest.fixture
def command(full: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    """`assistant verify` over the library of the two articles."""
    import typer

    from assistant.cli.records import verify

    monkeypatch.setenv("ASSISTANT_HOME", str(full.home))
    app = typer.Typer()
    app.command()(verify)
    save_ledger(tmp_path / "one.json", CHECK, ARTICLES)
    return lambda *options: CliRunner().invoke(app, [str(tmp_path / "one.json"), *options])


def test_the_command_ends_with_0_when_nothing_has_changed(command: Callable[..., Any]) -> None:
    result = command("--no-replay")
    assert result.exit_code == 0, result.output
    assert "Nothing has changed since" in result.output
    assert "2 articles" in result.output


def test_the_command_ends_with_1_and_names_what_has_changed(command: Callable[..., Any], full: Library) -> None:
    retext(full, HALL, LEDGER.replace("forty", "fifty"))
    result = command("--no-replay", "--json")
    assert result.exit_code == 1
    document = json.loads(result.output)
    assert document["replayed"] is False
    assert [drift["article_id"] for drift in document["drift"]] == [HALL.id, HALL.id]
    assert "At the hall" in command("--no-replay").output


# -- places


EDITS: dict[str, tuple[str, Change]] = {
    "exchanged": ("The quick brown fax", Change(17, 18, "o")),
    "added": ("The quick browwn fox", Change(14, 15, "")),
    "dropped": ("The quick bron fox", Change(13, 13, "w")),
    "more at the end": ("The quick brown fox!", Change(19, 20, "")),
    "less at the end": ("The quick brown fo", Change(18, 18, "x")),
}


@pytest.mark.parametrize("name", EDITS)
def test_one_edit_is_found_exactly(name: str) -> None:
    recorded = "The quick brown fox"
    text, change = EDITS[name]
    assert first_change(block_digests(recorded), len(recorded), text) == change


@settings(deadline=None, max_examples=60)
@given(st.text(alphabet="abc .\n", min_size=1, max_size=200), st.text(max_size=200))
def test_a_change_begins_in_the_block_of_the_first_difference(recorded: str, text: str) -> None:
    if recorded == text:
        return
    change = first_change(block_digests(recorded), len(recorded), text)
    first = next(
        (i for i, pair in enumerate(zip(recorded, text, strict=False)) if pair[0] != pair[1]),
        min(len(recorded), len(text)),
    )
    assert 0 <= change.start <= change.end <= len(text)
    if change.exact and change.end > change.start + 1:
        assert text.startswith(recorded)
    assert change.start == first if change.exact else change.start // BLOCK == first // BLOCK
