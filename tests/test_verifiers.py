"""Every verifier of the shelf keeps the contract, for sentences of articles and for texts that came by themselves."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pytest

from assistant.errors import AssistantError
from assistant.registry import find, names
from assistant.settings import Settings
from assistant.types import Judgement, Label, Premise, Stance
from assistant.verifiers import Verifier
from assistant.verifiers._texts import judge_texts, premises_of

BRIDGE = (
    "The council of Orrin voted 7 to 2 on Monday to close the bridge for eleven weeks. "
    "Repairs will cost $2.4 million, the mayor Tom Weller said. Nobody was hurt when a pier cracked in 2019."
)
FERRY = "A ferry will replace the bridge until May. Was the ferry built by Haldane Marine in 1998?"
PREMISES = [place.premise for place in premises_of([BRIDGE, FERRY])]
CLAIMS = [
    "The council voted to close the bridge.",
    "Nobody was hurt when a pier cracked in 2031.",
    "What will replace the bridge? A ferry.",
    "?",
    "",
    "Der Rat hat nicht abgestimmt.",
    "The bridge " * 400,
]
CLAIM_IDS = ["plain", "other year", "question and answer", "no words", "empty", "German", "long"]
ASKS_A_MODEL = {"judge", "nli"}  # their own tests run them


@pytest.fixture(params=[name for name in names("verifiers") if name not in ASKS_A_MODEL])
def verifier(request: pytest.FixtureRequest) -> Verifier:
    try:
        made: Verifier = find("verifiers", request.param)(Settings())
    except AssistantError as error:
        pytest.skip(str(error))
    return made


@pytest.mark.parametrize("claim", CLAIMS, ids=CLAIM_IDS)
def test_every_premise_gets_its_judgement_and_likelihoods_are_shares_of_one(verifier: Verifier, claim: str) -> None:
    judgements = verifier.judge(claim, PREMISES, date(2025, 4, 2))
    assert len(judgements) == len(PREMISES)
    for judgement in judgements:
        assert 0 <= judgement.supports <= 1
        assert 0 <= judgement.refutes <= 1
        assert judgement.supports + judgement.refutes <= 1
        assert judgement.why.endswith(".")


@pytest.mark.parametrize("claim", CLAIMS, ids=CLAIM_IDS)
def test_differences_stand_where_they_say(verifier: Verifier, claim: str) -> None:
    for premise, judgement in zip(PREMISES, verifier.judge(claim, PREMISES), strict=True):
        for difference in judgement.differences:
            assert claim[difference.start : difference.end] == difference.in_claim
            assert premise.text[difference.source_start : difference.source_end] == difference.in_source


def test_no_premises_get_no_judgements(verifier: Verifier) -> None:
    assert verifier.judge(CLAIMS[0], []) == []


@pytest.mark.parametrize("text", ["", "?", "\n \n", "\ud800"], ids=["empty", "no words", "blank", "lone surrogate"])
def test_a_premise_that_says_nothing_has_no_stance(verifier: Verifier, text: str) -> None:
    (judgement,) = verifier.judge(CLAIMS[0], [Premise(text)])
    assert judgement.stance is Stance.NEUTRAL


def test_the_same_claim_and_premises_give_the_same_judgements(verifier: Verifier) -> None:
    assert verifier.judge(CLAIMS[0], PREMISES) == verifier.judge(CLAIMS[0], PREMISES)


def test_a_sentence_supports_itself(verifier: Verifier) -> None:
    claim = "The council of Orrin voted 7 to 2 on Monday to close the bridge for eleven weeks."
    (judgement,) = verifier.judge(claim, [Premise(claim)])
    assert judgement.stance is Stance.SUPPORTS


def test_sentences_about_something_else_have_no_stance(verifier: Verifier) -> None:
    judgements = verifier.judge("Penguins live in Antarctica.", PREMISES)
    assert {judgement.stance for judgement in judgements} == {Stance.NEUTRAL}


# --- Texts without articles


class Fixed:
    """Judges every premise by a table."""

    def __init__(self, **judgements: Judgement) -> None:
        self.judgements = judgements
        self.asked: list[Premise] = []

    def judge(self, claim: str, premises: Sequence[Premise], day: date | None = None) -> list[Judgement]:
        self.asked += premises
        return [self.judgements[premise.text.split()[0].lower()] for premise in premises]


YES = Judgement(Stance.SUPPORTS, 0.9, 0.0, "It says so.")
NO = Judgement(Stance.REFUTES, 0.1, 0.8, "It says otherwise.")
OPEN = Judgement(Stance.NEUTRAL, 0.4, 0.2, "It does not say.")


@pytest.mark.parametrize(
    ("texts", "label", "text", "why"),
    [
        pytest.param(["Open one. Yes two."], Label.SUPPORTED, 0, "It says so.", id="supported"),
        pytest.param(["Open one.", "No two."], Label.REFUTED, 1, "It says otherwise.", id="refuted"),
        pytest.param(["Open one.", "Open two."], Label.NOT_ENOUGH, 0, "It does not say.", id="neither"),
        pytest.param(["No one. Open two.", "Yes three."], Label.CONFLICTING, 1, "It says so.", id="both"),
    ],
)
def test_the_best_sentences_give_the_label(texts: list[str], label: Label, text: int, why: str) -> None:
    judged = judge_texts(Fixed(yes=YES, no=NO, open=OPEN), "A claim.", texts)
    assert judged.support.label is label
    assert judged.support.why == why
    assert judged.best is not None
    assert judged.best.text == text
    assert judged.support.supported + judged.support.refuted <= 1


@pytest.mark.parametrize("texts", [[], ["", " \n"]], ids=["none", "blank"])
def test_without_a_sentence_there_is_not_enough_evidence(texts: list[str]) -> None:
    judged = judge_texts(Fixed(), "A claim.", texts)
    assert (judged.support.label, judged.best) == (Label.NOT_ENOUGH, None)


def test_sentences_stand_where_they_are_said_to_and_have_neighbours_of_their_own_text() -> None:
    texts = ["Open one. Open two.", "Open three.  Open four. "]
    placed = premises_of(texts)
    assert [texts[place.text][place.start : place.end] for place in placed] == [place.premise.text for place in placed]
    assert [place.premise.text for place in placed] == ["Open one.", "Open two.", "Open three.", "Open four."]
    assert [place.premise.before for place in placed] == ["", "Open one.", "", "Open three."]
    assert [place.premise.after for place in placed] == ["Open two.", "", "Open four.", ""]


def test_texts_of_one_sentence_each_are_neighbours() -> None:
    placed = premises_of(["Open one.", "Open two.", "Open three."])
    assert [place.premise.before for place in placed] == ["", "Open one.", "Open two."]
    assert [place.premise.after for place in placed] == ["Open two.", "Open three.", ""]
