"""A claim is contradicted only where it and the premise are aligned and differ in one thing."""

from __future__ import annotations

from datetime import date

import pytest
from growth import growth
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.types import Kind, Premise
from assistant.verifiers._contradiction import RULES, Contradiction, contradictions
from assistant.verifiers._outcomes import likes, opposites
from assistant.verifiers._reading import read


def found(claim: str, text: str, before: str = "", title: str = "", day: date | None = None) -> list[Contradiction]:
    premise = Premise(text, before=before, title=title, day=day)
    return contradictions(claim, premise, day)


def rules(claim: str, text: str, before: str = "", title: str = "", day: date | None = None) -> set[str]:
    return {one.rule for one in found(claim, text, before, title, day)}


def case(rule: str, claim: str, text: str, before: str = "", title: str = "") -> object:
    return pytest.param(rule, claim, text, before, title, id=f"{rule}: {text[:40]}")


# --- What refutes -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "claim", "text", "before", "title"),
    [
        case("amount", "The bridge at Orrin costs $36 million.", "The bridge at Orrin will cost $3.6 million."),
        case("amount", "Turnout in Orrin was 15%.", "Turnout in Orrin was 11.5 percent, the county said."),
        case("count", "Delegates of 45 countries came to Orrin.", "Delegates of 30 countries came to Orrin on Monday."),
        case("count", "Voltmark is the third largest firm in Orrin.", "Voltmark is the second largest firm in Orrin."),
        case(
            "former",
            "Forty tonnes of oil leaked into the Orrin.",
            "The report puts the leak at 12 tonnes of oil, a third of the 40 tonnes feared in March.",
            "",
            "Oil in the Orrin",
        ),
        case("former", "There are 61 cases in Orrin.", "Cases in Orrin rose to 138 cases, up from 61 cases in May."),
        case("date", "The Orrin library closed in 2013.", "The Orrin library closed permanently in 2011."),
        case("name", "Nadia Moreau won the Orrin marathon.", "Tom Weller has won the Orrin marathon."),
        case("name", "The Orrin bridge was built by Nadia Moreau.", "The old Orrin bridge was built by Tom Weller."),
        case("swapped", "Orrin beat Haldane on Monday.", "Haldane beat Orrin on Monday."),
        case("denied", "The mayor of Orrin signed the contract.", "The mayor of Orrin has not signed the contract."),
        case("denied", "Someone signed the Orrin contract on Monday.", "On Monday nobody signed the Orrin contract."),
        case(
            "denied", "Orrin is ready to send troops to the border.", "Orrin is ready to help, but not to send troops."
        ),
        case(
            "denied",
            "The firm Segurmar was charged over the theft.",
            "Police closed their inquiry into the firm Segurmar without bringing charges.",
        ),
        case(
            "dropped",
            "Orrin bars visitors from its schools.",
            "Orrin has dropped the idea of barring visitors from schools.",
        ),
        case(
            "dropped",
            "The council closed the Orrin pool.",
            "The council considered closing the Orrin pool and decided against it.",
        ),
        case("dropped", "Orrin Steel paid the fine.", "Orrin Steel refused to pay the fine."),
        case(
            "brief",
            "The Orrin talks ended with an agreement.",
            "They ended without a breakthrough.",
            "The Orrin talks went on all day.",
        ),
        case(
            "asserted",
            "The mayor of Orrin never signed the contract.",
            "The mayor of Orrin signed the contract in May.",
        ),
        case(
            "outcome",
            "Orison has ended its contract with Voltmark.",
            "Orison said it would keep to its contract with Voltmark.",
        ),
        case(
            "outcome",
            "The Orrin line has been cancelled for good.",
            "Orrin has put back the opening of the line by a year.",
            "",
            "Orrin",
        ),
        case("outcome", "Prices in Orrin rose in May.", "Prices in Orrin fell in May."),
        case(
            "limited",
            "The thieves took several paintings from the Orrin museum.",
            "Nothing else was taken.",
            "",
            "Orrin museum robbed",
        ),
        case("limited", "All schools in Orrin were closed.", "Not all schools in Orrin were closed."),
    ],
)
def test_an_aligned_difference_refutes(rule: str, claim: str, text: str, before: str, title: str) -> None:
    assert rule in rules(claim, text, before, title)


# --- What does not ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("claim", "text"),
    [
        pytest.param("More than 30 countries came to Orrin.", "In all 31 countries came to Orrin.", id="a bound that holds"),
        pytest.param("About 30 countries came to Orrin.", "In all 28 countries came to Orrin.", id="about"),
        pytest.param("Orrin has 4,200 households.", "Orrin has 4,187 households.", id="a round figure"),
        pytest.param("Orrin spent $2 million.", "Orrin spent $2.1 million.", id="millions in one digit"),
        pytest.param("Orrin has 30 schools.", "Orrin has 45 bridges.", id="another thing counted"),
        pytest.param("In Orrin 30 people died.", "In Orrin 30 people died, 45 people were hurt.", id="the value too"),
        pytest.param("Orrin had 300 cases in 2021.", "Orrin had 400 cases in 2019.", id="another year"),
        pytest.param("The girl in Orrin is 15 years old.", "The girl in Orrin waited 18 years.", id="an age and a time"),
        pytest.param("COVID-19 spread in Orrin.", "Route 20 in Orrin was closed by COVID-19.", id="a number in a name"),
        pytest.param("Orrin won 2-1.", "Orrin won 21 games.", id="a score and a count"),
        pytest.param("The Orrin fair opened in May.", "The Orrin fair opened this year.", id="a vague date"),
        pytest.param("Nadia Moreau won the Orrin marathon.", "Moreau won the Orrin marathon.", id="a surname"),
        pytest.param("The Orrin fair was held in England.", "The Orrin fair was held in London.", id="a place in a place"),
        pytest.param("Germany joined the Orrin pact.", "France joined the Orrin pact.", id="several countries can"),
        pytest.param("Orrin beat Haldane.", "Haldane was beaten by Orrin.", id="the passive"),
        pytest.param("Nobody signed the Orrin contract.", "Nobody in Orrin signed the contract.", id="both deny"),
        pytest.param("Orrin signed the contract.", "Orrin did not fail to sign the contract.", id="a double negation"),
        pytest.param("Orrin signed the contract.", "Orrin not only signed the contract but paid.", id="not only"),
        pytest.param("The water in Orrin is safe to drink.", "Orrin told people not to drink the water.", id="an order"),
        pytest.param("Orrin signed the contract.", "Has Orrin not signed the contract?", id="a question"),
        pytest.param("Orrin signed the contract.", "If Orrin has not signed the contract, it will pay.", id="a condition"),
        pytest.param("Orrin lost its contract.", "Orrin no longer has a contract.", id="a loss is a negation too"),
        pytest.param("Orrin ice has shrunk in mass.", "Orrin sees increasing rates of ice mass loss.", id="more of a loss"),
        pytest.param("How many of the Orrin titles did she win?", "No other Orrin player won titles.", id="how many"),
        pytest.param("The mayor of Orrin signed the contract.", "The pool of Haldane was not cleaned.", id="another matter"),
        pytest.param("Nadia Moreau won the Orrin cup.", "In 1986 Tom Weller won the Orrin cup.", id="another year's winner"),
        pytest.param("Nadia Moreau won the Orrin cup.", "Tom Weller won seven Orrin cups.", id="a count of wins"),
        pytest.param("Nadia Moreau won the Orrin cup.", "How did Tom Weller win the Orrin cup?", id="who, in a question"),
        pytest.param("The Ministry Council raised rates in Orrin.", "The Min raised rates in Orrin.", id="a short name"),
        pytest.param("The Orrin Rovers won a cup.", "You can't win a cup in April, as the Orrin Rovers know.", id="anybody"),
        pytest.param("Haldane won the Orrin cup.", "This year Weller Town did not win the Orrin cup.", id="somebody else"),
        pytest.param("A rock hit the Orrin hall.", "The rock to hit the Orrin hall was a false alarm.", id="a false alarm"),
        pytest.param("It has a margin of 3.5 percent.", "The poll in Orrin has a margin of 4.9 percent.", id="no name"),
    ],
)  # fmt: skip
def test_nothing_is_found_where_both_can_be_true(claim: str, text: str) -> None:
    assert not found(claim, text)


def test_a_sentence_does_not_deny_what_came_after_it() -> None:
    text = "Orrin has refused to join the Haldane pact."
    assert rules("Orrin joined the Haldane pact.", text, day=date(2022, 5, 14)) == {"dropped"}
    assert not rules("Orrin joined the Haldane pact in April 2023.", text, day=date(2022, 5, 14))


def test_a_sentence_does_not_contradict_itself() -> None:
    text = "On Monday nobody in Orrin signed the $3.6 million contract, down from $36 million, but 30 firms wanted to."
    assert not found(text, text)


def test_neighbours_tell_who_is_meant_but_are_never_the_difference() -> None:
    claim = "The Voltmark strikers accepted 15% more pay."
    text = "They accepted 11.5% more pay."
    assert not found(claim, text)
    assert rules(claim, text, before="The Voltmark strikers went home.") == {"amount"}
    assert not found(claim, "They went home.", before="The Voltmark strikers accepted 11.5% more pay.")


def test_a_value_in_the_title_keeps_a_difference_from_counting() -> None:
    claim, text = "Orrin has 4,200 wet households.", "Orrin has 6,800 wet households, the county said."
    assert rules(claim, text) == {"count"}
    assert not found(claim, text, title="County says 6,800 households, city 4,200 households")


def test_days_of_one_week_differ_and_are_counted_from_the_premise() -> None:
    claim, text = "The mayor of Orrin resigned on 18 August 2025.", "The mayor of Orrin resigned on Tuesday."
    premise = Premise(text, day=date(2025, 8, 20))
    assert [one.rule for one in contradictions(claim, premise, date(2025, 8, 21))] == ["date"]
    assert not contradictions(claim, Premise(text, day=date(2025, 12, 20)), date(2025, 8, 21))
    assert not contradictions(claim, Premise(text.replace("Tuesday", "Monday"), day=date(2025, 8, 20)), None)


# --- What is reported -------------------------------------------------------------------------------------------------


def test_the_places_of_the_difference_are_those_of_claim_and_premise() -> None:
    claim, text = "The bridge at Orrin costs $36 million.", "The bridge at Orrin will cost $3.6 million."
    [one] = found(claim, text)
    difference = one.difference
    assert difference.kind is Kind.NUMBER
    assert claim[difference.start : difference.end] == difference.in_claim == "$36 million"
    assert text[difference.source_start : difference.source_end] == difference.in_source == "$3.6 million"
    assert difference.note.endswith(".")


@pytest.mark.parametrize(
    ("text", "kind"),
    [("The mayor of Orrin did not sign it.", Kind.NEGATION), ("The mayor of Orrin refused to sign it.", Kind.OPPOSITE)],
    ids=["a negation", "an outcome"],
)
def test_a_negation_and_an_outcome_are_told_apart(text: str, kind: Kind) -> None:
    assert [one.difference.kind for one in found("The mayor of Orrin signed it.", text)] == [kind]


def test_no_rule_refutes_surely() -> None:
    assert all(0.5 < rule.likely < 1 for rule in RULES.values())


# --- Words ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "denied"),
    [
        ("Orrin did not sign the deal, and Haldane paid", {"sign", "deal"}),
        ("Orrin signed nothing", {"orrin", "sign"}),
        ("No ship left", {"ship", "leav"}),
        ("a bridge without lights stood there", {"light", "stood", "stand"}),
        ("it could not establish who ordered the turn", {"order", "turn"}),
        ("the memo is a hoax", {"memo"}),
        ("no doubt Orrin paid", set()),
        ("the order not to drink", set()),
        ("Orrin, which did not pay, left", set()),
    ],
)
def test_a_denial_covers_its_clause_and_no_more(text: str, denied: set[str]) -> None:
    assert {word.term for word in read(text).words if not word.positive} <= denied
    assert bool(denied) == any(not word.positive for word in read(text).words)


def test_irregular_forms_and_verbs_of_several_words_compare_as_what_they_mean() -> None:
    assert read("taken").terms == read("took").terms == read("takes").terms
    assert read("It was put back.").terms == read("It was postponed.").terms


def test_opposites_go_both_ways_and_no_word_is_its_own() -> None:
    table = opposites()
    assert all(term in table[other] for term, others in table.items() for other in others)
    assert not any(term in others for others in (table, likes()) for term, others in others.items())


# --- Any text ---------------------------------------------------------------------------------------------------------

_PIECES = st.sampled_from(
    """Orrin | Tom Weller | the council | did not | sign | signed | nobody | 30 countries | $3.6 million | 15% | in 2011
    on Tuesday | if | ? | . | , | but | without | decided against it | no longer | up from | 🛰 | é | “ | by | third | only
    not all | every | won | lost | rose | fell | put back""".replace("\n", "|").split("|")
)
_TEXT = st.one_of(st.lists(_PIECES, max_size=25).map(" ".join), st.text(max_size=80))


@settings(max_examples=200, deadline=None)
@given(claim=_TEXT, text=_TEXT, before=_TEXT, title=_TEXT)
def test_any_texts_give_differences_whose_places_are_right(claim: str, text: str, before: str, title: str) -> None:
    for one in contradictions(claim, Premise(text, before, "", title, date(2025, 8, 20)), date(2025, 8, 21)):
        difference = one.difference
        assert claim[difference.start : difference.end] == difference.in_claim
        assert text[difference.source_start : difference.source_end] == difference.in_source


@pytest.mark.parametrize("piece", ["a", "n", "no ", "not ", "1 ", "A ", "?", "- ", "the ", "ab, ", "which "])
def test_four_times_as_many_characters_take_no_more_than_eight_times_as_long(piece: str) -> None:
    def read_both_ways(text: str) -> None:
        long = f"council bridge {text}"
        contradictions("The council did not close 3 bridges.", Premise(long, long, "", long))
        contradictions(long, Premise("The council did not close 3 bridges."))

    assert growth(read_both_ways, piece) < 8
