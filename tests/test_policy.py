"""The policy: what evidence for and against a claim comes to."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from assistant.policy import decide, of_text
from assistant.types import (
    ArticleFacts,
    CheckedClaim,
    Claim,
    Difference,
    Evidence,
    Kind,
    Label,
    Span,
    Stance,
    Status,
    Verdict,
    Zone,
)

DAYS = {"a": date(2025, 3, 18), "b": date(2025, 3, 19), "c": date(2025, 6, 11)}


def evidence(stance: str, source: int = 1, article: str = "a", score: float = 0.9, **fields: object) -> Evidence:
    facts = ArticleFacts(
        article, f"Title {article}", f"Paper {article}", None, DAYS[article], None, "en", Status.CURRENT, article
    )
    one = Evidence(
        Span(article, 0, 10), "Ten chars.", Zone.BODY, score, stance=Stance(stance), article=facts, source=source
    )
    return replace(one, **fields)  # type: ignore[arg-type]


YES, NO = evidence("supports"), evidence("refutes", 2, "b")
COMMENT = evidence("supports", 3, "c", decides=False, notes=("It is a reader's comment.",))


@pytest.mark.parametrize(
    ("given", "label", "sources"),
    [
        pytest.param([], "not_enough_evidence", 0, id="nothing found"),
        pytest.param([evidence("neutral")], "not_enough_evidence", 0, id="nothing has a stance"),
        pytest.param([YES], "supported", 1, id="one source for"),
        pytest.param([YES, evidence("supports", 2, "b")], "supported", 2, id="two independent sources for"),
        pytest.param([YES, evidence("supports", 1, "b")], "supported", 1, id="a copy counts once"),
        pytest.param([NO], "refuted", 1, id="one source against"),
        pytest.param([YES, NO], "conflicting", 2, id="both"),
        pytest.param([NO, YES], "conflicting", 2, id="both, in the other order"),
        pytest.param([COMMENT], "not_enough_evidence", 0, id="a comment alone"),
        pytest.param([COMMENT, NO], "refuted", 1, id="a comment against a report"),
        pytest.param([YES, replace(NO, decides=False)], "supported", 1, id="a barred sentence contradicts nothing"),
    ],
)
def test_the_label_follows_from_the_evidence_that_decides(given: list[Evidence], label: str, sources: int) -> None:
    verdict = decide(given, "light").verdict
    assert (verdict.label, verdict.independent_sources, verdict.verifier) == (label, sources, "light")


def test_a_single_source_is_named_and_never_called_true() -> None:
    why = decide([replace(YES, attribution="two crew members")], "light").verdict.why
    assert "according to Paper a (18 March 2025)" in why
    assert "two crew members" in why
    assert "true" not in why


def test_later_evidence_that_replaces_the_earlier_decides_and_both_are_kept_with_a_reason() -> None:
    decision = decide([YES, evidence("refutes", 2, "c")], "light", lambda newer, older: "the estimate was cut.")
    assert decision.verdict.label == "refuted"
    overtaken = [one for one in decision.evidence if not one.decides]
    assert [one.notes for one in overtaken] == [("Overtaken: the estimate was cut.",)]
    assert "the estimate was cut" in decision.verdict.why


def test_only_the_newer_side_can_replace_the_other() -> None:
    asked: list[tuple[str, str]] = []

    def overtakes(newer: Evidence, older: Evidence) -> None:
        asked.append((newer.span.article_id, older.span.article_id))

    decide([evidence("refutes", 1, "a"), evidence("supports", 2, "c")], "light", overtakes)
    assert asked == [("c", "a")]


def test_a_second_source_makes_it_surer_and_none_makes_it_certain() -> None:
    one = decide([YES], "light").verdict.confidence
    two = decide([YES, evidence("supports", 2, "b")], "light").verdict.confidence
    many = decide([evidence("supports", n, "b", 0.99) for n in range(1, 30)], "light").verdict.confidence
    assert one == pytest.approx(0.9)
    assert one < two < 1
    assert many == pytest.approx(0.97)


def test_a_refutation_says_what_differs() -> None:
    difference = Difference(Kind.NUMBER, "45", "30", 0, 2, note="The source says 30, not 45.")
    why = decide([replace(NO, differences=(difference,))], "light").verdict.why
    assert why == "Paper b (19 March 2025) says otherwise. The source says 30, not 45."


def figure(words: str, source: int, article: str) -> Evidence:
    difference = Difference(Kind.NUMBER, "9,000", words, 0, 5, note=f"The source says {words}.")
    return evidence("refutes", source, article, differences=(difference,))


@pytest.mark.parametrize(
    ("given", "label"),
    [
        pytest.param([figure("4,200", 1, "a"), figure("6,800", 2, "b")], "not_enough_evidence", id="they disagree"),
        pytest.param([figure("4,200", 1, "a"), figure("4,200", 2, "b")], "refuted", id="they agree"),
        pytest.param([figure("4,200", 1, "a"), figure("6,800", 1, "b")], "refuted", id="one source"),
    ],
)
def test_sources_that_contradict_each_other_on_a_figure_refute_no_third_one(given: list[Evidence], label: str) -> None:
    assert decide(given, "light").verdict.label == label


def test_of_sources_that_contradict_each_other_those_that_agree_are_named_together() -> None:
    given = [figure("17 people", 1, "a"), figure("17 people", 2, "b"), figure("1,147 people", 3, "b")]
    said = (
        "Paper a (18 March 2025) and Paper b (19 March 2025) have 17 people, Paper b (19 March 2025) has 1,147 people."
    )
    assert decide(given, "light").verdict.why.endswith(f"contradict each other: {said}")


def of_publisher(one: Evidence, publisher: str, **fields: object) -> Evidence:
    assert one.article
    return replace(one, article=replace(one.article, publisher=publisher), **fields)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("given", "why"),
    [
        pytest.param(
            [
                replace(YES, attribution="allegedly"),
                replace(NO, article=YES.article, attribution="according to the union"),
            ],
            "Paper a (18 March 2025) has two accounts: one says it (“allegedly”), the other says otherwise "
            "(“according to the union”).",
            id="a hedge is no speaker",
        ),
        pytest.param(
            [YES, NO, evidence("refutes", 1), evidence("supports", 2, "b")],
            "Paper a (18 March 2025) and Paper b (19 March 2025) each have two accounts: one says it, the other says "
            "otherwise.",
            id="two papers, two accounts each",
        ),
        pytest.param(
            [of_publisher(NO, "cnn.com")],
            "cnn.com (19 March 2025) says otherwise.",
            id="a domain keeps its small letter",
        ),
        pytest.param(
            [of_publisher(NO, "the Wire")],
            "The Wire (19 March 2025) says otherwise.",
            id="a sentence begins with a capital",
        ),
        pytest.param(
            [NO, replace(NO, source=3)],
            "Paper b (19 March 2025) says otherwise.",
            id="one name for two sources says it",
        ),
    ],
)
def test_the_reason_is_a_sentence(given: list[Evidence], why: str) -> None:
    assert decide(given, "light").verdict.why == why


def test_what_keeps_the_only_evidence_from_counting_is_said() -> None:
    assert "It is a reader's comment." in decide([COMMENT], "light").verdict.why


def checked(*labels: str) -> list[CheckedClaim]:
    return [
        CheckedClaim(Claim("x", 0, 1), Verdict(Label(label), 0.8, label, 1, "light") if label else None)
        for label in labels
    ]


@pytest.mark.parametrize(
    ("labels", "expected"),
    [
        pytest.param(["supported"], "supported", id="one claim"),
        pytest.param(["supported", "not_enough_evidence"], "not_enough_evidence", id="one is not settled"),
        pytest.param(["not_enough_evidence", "conflicting"], "conflicting", id="one is contested"),
        pytest.param(["conflicting", "refuted", "supported"], "refuted", id="one is refuted"),
        pytest.param(["", "supported"], "supported", id="what is no claim weighs nothing"),
        pytest.param([""], "not_enough_evidence", id="no claim at all"),
    ],
)
def test_a_text_is_as_good_as_its_weakest_claim(labels: list[str], expected: str) -> None:
    assert of_text(checked(*labels), "light").label == expected


def test_the_verdict_on_a_text_counts_its_claims() -> None:
    why = of_text(checked("supported", "supported", "refuted"), "light").why
    assert why.startswith("Of 3 claims: 1 refuted, 2 supported.")


def test_what_is_not_checked_is_counted_apart_and_the_counts_add_up() -> None:
    why = of_text(checked("supported", "", "refuted", ""), "light").why
    assert why.startswith("Of 4 claims: 1 refuted, 1 supported, 2 not checked.")
