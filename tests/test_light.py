"""What the light verifier can see, and what it leaves open."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from growth import growth
from hypothesis import given
from hypothesis import strategies as st

from assistant.registry import find
from assistant.settings import Settings
from assistant.types import Judgement, Label, Premise, Stance
from assistant.verifiers import Verifier
from assistant.verifiers._support import fit, sought
from assistant.verifiers._texts import judge_texts
from assistant.verifiers.light import COMPARED, SUPPORTS_FROM, Light

BRIDGE = "The council of Orrin voted 7 to 2 on Monday to close the bridge for eleven weeks."
COST = "Repairs will cost $2.4 million, the mayor Tom Weller said."
PIER = "Nobody was hurt when a pier cracked in 2019."
CLAIMS = Path(__file__).parents[2] / "shared" / "eval" / "claims" / "dev.jsonl"


class Words:
    """Texts to the counts of their letters: a similarity that needs no model, and remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[list[str]] = []

    def __call__(self, texts: Sequence[str]) -> np.ndarray:
        self.asked.append(list(texts))
        rows = np.array([[1.0] + [text.lower().count(chr(c)) for c in range(97, 123)] for text in texts])
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)


@pytest.fixture(scope="module")
def light() -> Verifier:
    made: Verifier = find("verifiers", "light")(Settings())
    return made


def judged(verifier: Verifier, claim: str, text: str, **beside: str) -> Judgement:
    (judgement,) = verifier.judge(claim, [Premise(text, **beside)])
    return judgement


# --- Support


@pytest.mark.parametrize(
    ("claim", "text"),
    [
        pytest.param(
            "The council of Orrin voted 7 to 2 to close the bridge for 11 weeks.", BRIDGE, id="a number as digits"
        ),
        pytest.param("Repairs will cost $2,400,000, said Tom Weller, the mayor.", COST, id="a number written out"),
        pytest.param("Nobody was hurt when a pier cracked in 2019.", PIER, id="a negation in both"),
        pytest.param("A pier of the bridge cracked.", "The bridge's pier has cracked.", id="another order"),
        pytest.param("The election of Ada Brook was annulled.", "Ada Brook's election has been annulled.", id="names"),
        pytest.param("What will the repairs cost? $2.4 million.", COST, id="question and answer"),
        pytest.param("Will repairs cost $2.4 million? Yes.", COST, id="question and yes"),
    ],
)
def test_what_a_sentence_says_in_nearly_the_same_words_is_supported(light: Verifier, claim: str, text: str) -> None:
    judgement = judged(light, claim, text)
    assert judgement.stance is Stance.SUPPORTS
    assert judgement.supports >= SUPPORTS_FROM


@pytest.mark.parametrize(
    ("claim", "text"),
    [
        pytest.param(
            "The council of Orrin voted 7 to 2 on Monday to close the bridge for 15 weeks.", BRIDGE, id="number"
        ),
        pytest.param("Nobody was hurt when a pier cracked in 2009.", PIER, id="year"),
        pytest.param("The council of Orrin voted 7 to 2 on Friday to close the bridge.", BRIDGE, id="day"),
        pytest.param("Repairs will cost $2.4 million, the mayor Ada Brook said.", COST, id="name"),
        pytest.param("The council of Orrin voted on Monday not to close the bridge.", BRIDGE, id="negation"),
        pytest.param("Somebody was hurt when a pier cracked in 2019.", PIER, id="negation in the sentence"),
        pytest.param("What will the repairs cost? $4 million.", COST, id="another answer"),
        pytest.param("Will repairs cost $2.4 million? No.", COST, id="question and no"),
        pytest.param("The ferry was built in 1998.", "Was the ferry built in 1998?", id="what is only asked"),
        pytest.param("The ferry was built in 1998.", "Did they say the ferry was built in 1998...", id="asked and cut"),
        pytest.param("Spain will ban smoking on beaches.", "France will ban smoking on beaches.", id="another subject"),
    ],
)
def test_a_missing_value_or_another_polarity_keeps_a_sentence_from_supporting(
    light: Verifier, claim: str, text: str
) -> None:
    judgement = judged(light, claim, text)
    assert judgement.stance is not Stance.SUPPORTS
    assert judgement.supports < SUPPORTS_FROM


def test_what_is_missing_is_named(light: Verifier) -> None:
    assert "“Ada”, “Brook”" in judged(light, "The council of Orrin voted, Ada Brook said on air.", BRIDGE).why


def test_more_of_the_claim_in_the_sentence_is_likelier_support(light: Verifier) -> None:
    claim = "The council of Orrin voted on Monday to close the bridge for eleven weeks."
    texts = [
        "A council met.",
        "The council voted to close the bridge.",
        "The council of Orrin voted to close the bridge for eleven weeks.",
        claim,
    ]
    likely = [judged(light, claim, text).supports for text in texts]
    assert likely == sorted(likely)
    assert likely[0] < 0.2 < 0.8 < likely[-1]


# --- What stands beside a sentence


def test_a_name_may_stand_beside_the_sentence_and_counts_less_there() -> None:
    claim = sought("Tom Weller said repairs will cost $2.4 million.")
    text = "He said repairs will cost $2.4 million."
    alone, beside = fit(claim, Premise(text)), fit(claim, Premise(text, before="Tom Weller spoke first."))
    assert [word.shown for word in alone.missing] == ["Weller"]
    assert beside.missing == ()
    assert alone.held < beside.held < 1


def test_the_year_of_publication_need_not_be_repeated() -> None:
    claim = sought("The council voted in March 2025.")
    published = date(2025, 3, 4)
    assert fit(claim, Premise("The council voted.", day=published)).missing == ()
    assert fit(claim, Premise("The council voted in 1998.", day=published)).missing != ()


@pytest.mark.parametrize(
    ("answer", "stance"),
    [
        ("Yes. That is what the minutes say.", Stance.SUPPORTS),
        ("No. That is what the minutes say.", Stance.NEUTRAL),
        ("No answer could be found.", Stance.NEUTRAL),
    ],
    ids=["yes", "no", "unanswered"],
)
def test_an_answer_says_what_its_question_asks(light: Verifier, answer: str, stance: Stance) -> None:
    question = "Did the council of Orrin close the bridge for eleven weeks?"
    judgement = judged(light, "The council of Orrin closed the bridge for eleven weeks.", answer, before=question)
    assert judgement.supports < 0.9
    assert (judgement.stance is Stance.SUPPORTS) <= (stance is Stance.SUPPORTS)
    assert fit(sought(question + " Yes."), Premise(answer, before=question)).lacks is (stance is not Stance.SUPPORTS)


# --- Refuting


def test_an_aligned_value_that_differs_refutes_and_is_shown_in_both(light: Verifier) -> None:
    claim = "The council of Orrin voted 7 to 2 on Monday to close the bridge for 15 weeks."
    judgement = judged(light, claim, BRIDGE)
    assert judgement.stance is Stance.REFUTES
    assert judgement.supports < 0.5
    assert any("15" in one.in_claim and "eleven" in one.in_source for one in judgement.differences)


@pytest.mark.parametrize(
    ("claim", "text", "refutes"),
    [
        ("Orrin Steel laid off 11,000 workers.", "Orrin Steel had more than 87,000 workers in May.", False),
        ("Orrin Steel laid off 11,000 workers.", "Orrin Steel laid off 9,000 workers in May.", True),
        ("Ada Brook has an approval rating of 88 percent in Orrin.", "Weller has a 97 percent rating in Orrin.", False),
        (
            "Ada Brook has an approval rating of 88 percent in Orrin.",
            "Ada Brook's approval rating in Orrin is 97 percent.",
            True,
        ),
    ],
    ids=["had, not laid off", "laid off", "somebody else's", "her own"],
)
def test_only_a_sentence_that_else_would_support_the_claim_refutes_it(
    light: Verifier, claim: str, text: str, refutes: bool
) -> None:
    judgement = judged(light, claim, text)
    assert (judgement.stance is Stance.REFUTES, bool(judgement.differences)) == (refutes, refutes)


def test_what_is_denied_twice_over_is_denied(light: Verifier) -> None:
    text = "Weller pleads not guilty: He pleaded not guilty to 34 felony counts in Orrin."
    assert judged(light, "Weller pleaded not guilty to 34 felony counts in Orrin.", text).stance is Stance.SUPPORTS
    assert judged(light, "Weller pleaded guilty to 34 felony counts in Orrin.", text).stance is not Stance.SUPPORTS


def test_a_rounded_number_does_not_refute(light: Verifier) -> None:
    assert judged(light, "Repairs will cost about $2.45 million, Tom Weller said.", COST).stance is not Stance.REFUTES


# --- Similarity


def test_only_the_best_sentences_are_compared_in_one_call_and_only_once() -> None:
    embed = Words()
    verifier = Light(embed)
    premises = [Premise(f"The bridge {i} of Orrin is closed.") for i in range(30)]
    first = verifier.judge("The bridge of Orrin is closed.", premises)
    assert [len(texts) for texts in embed.asked] == [1 + COMPARED]
    assert verifier.judge("The bridge of Orrin is closed.", premises) == first
    assert len(embed.asked) == 1


def test_nothing_is_compared_where_no_sentence_has_a_word_of_the_claim() -> None:
    embed = Words()
    Light(embed).judge("Penguins live in Antarctica.", [Premise(BRIDGE)])
    assert embed.asked == []


def test_words_alone_can_judge() -> None:
    (same,) = Light().judge(BRIDGE, [Premise(BRIDGE)])
    (other,) = Light().judge("Penguins live in Antarctica.", [Premise(BRIDGE)])
    assert same.supports > other.supports


@pytest.mark.parametrize("embedder", ["static", "openai:text-embedding-3-small"])
def test_similarity_is_minilm_s_whatever_the_library_has(embedder: str) -> None:
    verifier: Verifier = find("verifiers", "light")(Settings(embedder=embedder))
    assert judged(verifier, BRIDGE, BRIDGE).stance is Stance.SUPPORTS


# --- Whatever comes


@given(st.text(max_size=80), st.text(max_size=80), st.text(max_size=30))
def test_no_text_is_too_odd(claim: str, text: str, before: str) -> None:
    (judgement,) = Light(Words()).judge(claim, [Premise(text, before=before)])
    assert 0 <= judgement.supports <= 1


@pytest.mark.parametrize("letter", ["a", "?", " ", "9", "'", "A ", "not "], ids=repr)
def test_four_times_the_text_takes_little_more_than_four_times_the_time(letter: str) -> None:
    assert growth(lambda text: fit(sought(text), Premise(text)), letter) < 8


# --- Labelled claims


@pytest.mark.skipif(not CLAIMS.is_file(), reason="the labelled claims are not here")
def test_what_is_called_supported_among_labelled_claims_nearly_always_is(light: Verifier) -> None:
    rows = [json.loads(line) for line in CLAIMS.read_text(encoding="utf-8").splitlines()[::97]]
    found = [judge_texts(light, row["claim"], row["evidence"]).support.label for row in rows]
    called = [row["label"] for row, label in zip(rows, found, strict=True) if label is Label.SUPPORTED]
    assert len(called) >= 15
    assert called.count("supported") / len(called) >= 0.8
