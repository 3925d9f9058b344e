"""Every verifier of the shelf keeps the contract; the baseline says what it can see, and no more."""

from __future__ import annotations

import pytest

from assistant.registry import find, names
from assistant.settings import Settings
from assistant.types import Label, Support
from assistant.verifiers import Verifier

BRIDGE = (
    "The council of Orrin voted 7 to 2 on Monday to close the bridge for eleven weeks. "
    "Repairs will cost $2.4 million, the mayor Tom Weller said. Nobody was hurt when a pier cracked in 2019."
)
FERRY = "A ferry will replace the bridge until May. Was the ferry built by Haldane Marine in 1998?"
CLAIMS = [
    "The council voted to close the bridge.",
    "Nobody was hurt when a pier cracked in 2031.",
    "?",
    "",
    "Der Rat hat nicht abgestimmt.",
    "The bridge " * 400,
]


@pytest.fixture(params=names("verifiers"))
def verifier(request: pytest.FixtureRequest) -> Verifier:
    made: Verifier = find("verifiers", request.param)(Settings())
    return made


# --- The contract


@pytest.mark.parametrize("claim", CLAIMS, ids=["plain", "other year", "no words", "empty", "German", "long"])
def test_likelihoods_are_shares_of_one_and_the_label_is_one_that_evidence_can_show(
    verifier: Verifier, claim: str
) -> None:
    support = verifier.verify(claim, [BRIDGE, FERRY])
    assert 0 <= support.supported <= 1
    assert 0 <= support.refuted <= 1
    assert support.supported + support.refuted <= 1
    assert 0 <= support.confidence <= 1
    assert support.label in (Label.SUPPORTED, Label.REFUTED, Label.NOT_ENOUGH)
    assert support.why.endswith(".")


@pytest.mark.parametrize("evidence", [[], [""], ["?"], ["\n \n"]], ids=["none", "empty", "no words", "blank"])
def test_without_evidence_nothing_is_supported_or_refuted(verifier: Verifier, evidence: list[str]) -> None:
    assert verifier.verify(CLAIMS[0], evidence).label is Label.NOT_ENOUGH


def test_the_same_claim_and_evidence_give_the_same_support(verifier: Verifier) -> None:
    assert verifier.verify(CLAIMS[0], [BRIDGE, FERRY]) == verifier.verify(CLAIMS[0], [BRIDGE, FERRY])


def test_a_claim_is_supported_by_its_own_words(verifier: Verifier) -> None:
    claim = "The council of Orrin voted 7 to 2 on Monday to close the bridge for eleven weeks."
    assert verifier.verify(claim, [claim]).label is Label.SUPPORTED


def test_evidence_about_something_else_neither_supports_nor_refutes(verifier: Verifier) -> None:
    assert verifier.verify("Penguins live in Antarctica.", [BRIDGE, FERRY]).label is Label.NOT_ENOUGH


# --- The baseline


def judged(claim: str, *evidence: str) -> Support:
    made: Verifier = find("verifiers", "overlap")(Settings())
    return made.verify(claim, evidence or (BRIDGE, FERRY))


@pytest.mark.parametrize(
    "claim",
    [
        pytest.param("The council of Orrin voted 7 to 2 to close the bridge for 11 weeks.", id="a number as digits"),
        pytest.param("Repairs will cost $2,400,000, said Tom Weller, the mayor.", id="a number written out"),
        pytest.param("Nobody was hurt when a pier cracked in 2019.", id="a negation in both"),
        pytest.param("A ferry will replace the bridge until May.", id="in another text"),
    ],
)
def test_what_the_evidence_says_in_nearly_the_same_words_is_supported(claim: str) -> None:
    assert judged(claim).label is Label.SUPPORTED


@pytest.mark.parametrize(
    ("claim", "difference"),
    [
        pytest.param(
            "The council of Orrin voted on Monday to close the bridge for 15 weeks.",
            "“15”, the evidence has “eleven”",
            id="number",
        ),
        pytest.param("Nobody was hurt when a pier cracked in 2009.", "“2009”, the evidence has “2019”", id="year"),
        pytest.param(
            "The council of Orrin voted 7 to 2 on Friday to close the bridge.",
            "“Friday”, the evidence has “Monday”",
            id="day",
        ),
        pytest.param(
            "Repairs will cost $2.4 million, the mayor Ada Brook said.",
            "“Ada Brook”, the evidence has “Tom Weller”",
            id="name",
        ),
        pytest.param(
            "A ferry will not replace the bridge until May.", "without the negation", id="negation in the claim"
        ),
        pytest.param("People were hurt when a pier cracked in 2019.", "with a negation", id="negation in the evidence"),
    ],
)
def test_an_aligned_value_that_differs_refutes_and_is_named(claim: str, difference: str) -> None:
    support = judged(claim)
    assert support.label is Label.REFUTED
    assert difference in support.why
    assert support.supported < 0.5


@pytest.mark.parametrize(
    "claim",
    [
        pytest.param("Repairs will cost $2.45 million, the mayor Tom Weller said.", id="a rounded number"),
        pytest.param("Repairs will cost $2.4 million, the mayor Tom Wellar said.", id="another spelling"),
        pytest.param("The mayor of Haldane closed 15 harbours in Norway.", id="another sentence altogether"),
        pytest.param("The ferry was built by Haldane Marine in 1998.", id="what is only asked"),
        pytest.param("The bridge was closed since its piers are dangerous.", id="a conclusion"),
    ],
)
def test_what_overlap_can_not_tell_is_not_enough_evidence(claim: str) -> None:
    assert judged(claim).label is Label.NOT_ENOUGH


def test_what_is_missing_is_named() -> None:
    support = judged(
        "The council of Orrin voted 7 to 2 on Monday to close the bridge for eleven weeks, Ada Brook said."
    )
    assert support.label is Label.NOT_ENOUGH
    assert "“Ada”, “Brook”" in support.why


def test_more_of_the_claim_in_the_evidence_is_more_likely_support() -> None:
    claim = "The council of Orrin voted on Monday to close the bridge for eleven weeks."
    evidence = [
        "A council met.",
        "The council voted to close the bridge.",
        "The council of Orrin voted to close the bridge for eleven weeks.",
        claim,
    ]
    likely = [judged(claim, text).supported for text in evidence]
    assert likely == sorted(likely)
    assert likely[0] < 0.2 < 0.8 < likely[-1]
