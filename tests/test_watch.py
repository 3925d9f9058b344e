"""Saved claims: kept, judged again, and what changed."""

from __future__ import annotations

from pathlib import Path

import pytest
from fake_server import FakeServer

from assistant import Assistant
from assistant.errors import LibraryDamaged, WrongUse
from assistant.resources import data_dir
from assistant.types import CheckedClaim, Claim, Evidence, FactCheck, Label, Span, Stance, Verdict, Zone
from assistant.watch import FILE, WatchList, by_rule

BEFORE, AFTER = Span("a", 0, 5), Span("b", 7, 20)


def check_as(label: str, *spans: Span) -> FactCheck:
    stance = Stance.REFUTES if label == "refuted" else Stance.SUPPORTS
    evidence = tuple(Evidence(span, "words", Zone.BODY, 0.9, stance=stance) for span in spans)
    verdict = Verdict(Label(label), 0.9, f"It is {label}.", len(spans), "light")
    return FactCheck("text", (CheckedClaim(Claim("text", 0, 4), verdict, evidence),), verdict)


@pytest.fixture
def saved(tmp_path: Path) -> WatchList:
    watching = WatchList(tmp_path)
    watching.add("Thirty countries met.", lambda text: check_as("supported", BEFORE))
    return watching


def test_a_saved_claim_keeps_its_verdict_over_processes(saved: WatchList, tmp_path: Path) -> None:
    [claim] = WatchList(tmp_path).claims()
    assert (claim.text, claim.label, claim.behind) == ("Thirty countries met.", "supported", (BEFORE,))


def test_a_changed_verdict_comes_with_the_span_that_changed_it(saved: WatchList) -> None:
    [change] = saved.review(lambda text: check_as("refuted", BEFORE, AFTER))
    assert (change.before.label, change.after.label) == ("supported", "refuted")
    assert [one.span for one in change.evidence] == [AFTER]
    assert saved.claims()[0].label == "refuted"


def test_a_verdict_that_stays_is_no_change(saved: WatchList) -> None:
    assert saved.review(lambda text: check_as("supported", BEFORE, AFTER)) == []
    assert saved.claims()[0].behind == (BEFORE, AFTER)


def test_a_claim_saved_twice_is_one(saved: WatchList) -> None:
    saved.add(" Thirty countries met.\n", lambda text: check_as("refuted", AFTER))
    assert [one.label for one in saved.claims()] == ["refuted"]


def test_a_claim_is_forgotten_by_the_beginning_of_its_id(saved: WatchList) -> None:
    saved.remove(saved.claims()[0].id[:4])
    assert saved.claims() == ()


@pytest.mark.parametrize("name", ["", "zzzz"])
def test_forgetting_what_is_not_saved_names_it(saved: WatchList, name: str) -> None:
    with pytest.raises(WrongUse, match="No saved claim"):
        saved.remove(name)


def test_a_torn_file_is_named_and_not_overwritten(saved: WatchList, tmp_path: Path) -> None:
    (tmp_path / FILE).write_text('{"format": 1, "claims": [{"id"')
    with pytest.raises(LibraryDamaged, match=FILE):
        saved.add("Another one.", lambda text: check_as("supported"))
    assert (tmp_path / FILE).read_text().endswith('"id"')


def test_saved_claims_are_judged_without_the_chat_model(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    watching = WatchList(tmp_path)
    with FakeServer() as server:
        monkeypatch.setenv("OPENAI_BASE_URL", server.url)
        with Assistant(tmp_path, llm="openai:fake-1", llm_claims=True, llm_cache=False) as assistant:
            assistant.ingest(data_dir("corpus") / "voltmark-settlement.md", embed=False)
            judge = by_rule(assistant.checker)
            _, judged = watching.add("The strike lasted 45 days.", judge)
            changes = watching.review(judge)
            assert not server.requests
            assert assistant.check("The strike lasted 39 days.").calls
            assert server.requests, "a check asks, so the review could have"

    assert (judged.calls, judged.cost_usd) == ((), 0.0)
    assert changes == []
