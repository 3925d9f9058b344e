"""What a question asks for, and which expressions of a sentence are of that kind."""

from __future__ import annotations

import pytest

from assistant.answerers._kinds import Kind, values
from assistant.answerers._question import answer_kind, counted_nouns, names_in
from assistant.answerers._wordforms import same_word
from assistant.terms import all_stems, stem


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        pytest.param("Who won the election in Norway?", Kind.NAME, id="who"),
        pytest.param("Who complained when the station was labelled?", Kind.NAME, id="who before when"),
        pytest.param("Where did the debate take place?", Kind.PLACE, id="where"),
        pytest.param("When is the deadline to file your taxes?", Kind.DATE, id="when"),
        pytest.param("Why was the park closed?", Kind.REASON, id="why"),
        pytest.param("How many charges does he face?", Kind.NUMBER, id="how many"),
        pytest.param("He was arraigned this week on how many criminal charges?", Kind.NUMBER, id="asked at the end"),
        pytest.param("How much did the bidder pay?", Kind.MONEY, id="how much money"),
        pytest.param("How much diesel leaked from the ferry?", Kind.NUMBER, id="how much of something"),
        pytest.param("How long will the bridge close?", Kind.DURATION, id="how long"),
        pytest.param("How old is the new member?", Kind.AGE, id="how old"),
        pytest.param("What percentage of adults would like that?", Kind.PERCENT, id="percentage"),
        pytest.param("How big a share of adults is in prison?", Kind.PERCENT, id="share"),
        pytest.param("What year did the film come out?", Kind.YEAR, id="year"),
        pytest.param("Which country landed on the moon?", Kind.COUNTRY, id="country"),
        pytest.param("The prime minister of which European nation stepped down?", Kind.COUNTRY, id="nation"),
        pytest.param("Which state’s governor did that?", Kind.STATE, id="state"),
        pytest.param("In which city was it?", Kind.PLACE, id="city"),
        pytest.param("Which Republican presidential candidate dropped out?", Kind.NAME, id="the noun is a person"),
        pytest.param("Which major US city is sinking?", Kind.PLACE, id="the noun before its verb"),
        pytest.param("What colour is the mascot?", Kind.COLOUR, id="colour"),
        pytest.param("What is the mission called?", Kind.NAME, id="called"),
        pytest.param("What did someone pay for lunch?", Kind.MONEY, id="what did one pay"),
        pytest.param("A storm hit the coast. Who named it? It was large.", Kind.NAME, id="the sentence that asks"),
        pytest.param("Which menu item did the chain roll out?", None, id="a common noun"),
        pytest.param("Is the union willing to sign?", None, id="yes or no"),
        pytest.param("Wie viel Geld hat der Verein gesammelt?", Kind.MONEY, id="German"),
        pytest.param("¿Por qué dudaba la aseguradora?", Kind.REASON, id="Spanish"),
        pytest.param("Combien de doses ont été administrées ?", Kind.NUMBER, id="French"),
        pytest.param("", None, id="nothing"),
    ],
)
def test_the_kind_of_the_answer(question: str, kind: Kind | None) -> None:
    assert answer_kind(question) == kind


@pytest.mark.parametrize(
    ("kind", "sentence", "found"),
    [
        pytest.param(Kind.NUMBER, "He faces 34 counts, two of them new.", ["34", "two"], id="numbers"),
        pytest.param(
            Kind.NUMBER, "Some 2.5 million homes lost power in 2022.", ["2.5 million"], id="a year counts nothing"
        ),
        pytest.param(Kind.MONEY, "It cost $2.4 million and 300 marks.", ["$2.4 million", "300 marks"], id="money"),
        pytest.param(
            Kind.PERCENT, "About 2% or 35 percent, one in 34.", ["2%", "35 percent", "one in 34"], id="shares"
        ),
        pytest.param(Kind.DURATION, "It closes for eleven weeks.", ["eleven weeks"], id="duration"),
        pytest.param(Kind.AGE, "Frost, 25, is the youngest.", [", 25"], id="age in commas"),
        pytest.param(Kind.DATE, "From 3 March until next Tuesday.", ["3 march", "tuesday"], id="dates"),
        pytest.param(Kind.COUNTRY, "India and South Korea agreed.", ["india", "south korea"], id="countries"),
        pytest.param(Kind.PLACE, "They met in Milwaukee.", ["milwaukee"], id="place"),
        pytest.param(Kind.NAME, "It was Keir Starmer on Monday.", ["keir starmer"], id="a weekday is no name"),
        pytest.param(Kind.REASON, "It closed because of a flood.", ["because"], id="reason"),
    ],
)
def test_values_of_a_kind(kind: Kind, sentence: str, found: list[str]) -> None:
    assert [value.text for value in values(kind, sentence, frozenset())] == found


def test_a_value_that_the_question_names_itself_is_no_answer() -> None:
    asked = frozenset(all_stems("Who ran against Joe Biden?"))
    assert [value.text for value in values(Kind.NAME, "Then Joe Biden met Donald Trump.", asked)] == ["donald trump"]


@pytest.mark.parametrize(
    ("question", "counted"),
    [
        pytest.param("How many criminal charges did he face?", {"crimin", "charg"}, id="with its adjective"),
        pytest.param("How many did he face?", set(), id="none"),
        pytest.param("Who came?", set(), id="nothing is counted"),
    ],
)
def test_the_nouns_that_are_counted(question: str, counted: set[str]) -> None:
    assert counted_nouns(question) == counted


@pytest.mark.parametrize(
    ("question", "names"),
    [
        pytest.param("Who won the election in Norway?", {"Norway"}, id="behind the first word"),
        pytest.param("Is NATO sending troops to Ukraine?", {"NATO", "Ukraine"}, id="capitals"),
        pytest.param("Keir Starmer said what?", {"Keir", "Starmer"}, id="a name at the start"),
        pytest.param("How many of the 30 countries came?", {"30"}, id="numbers"),
        pytest.param("What did they do?", set(), id="none"),
    ],
)
def test_names_of_a_question(question: str, names: set[str]) -> None:
    assert set(names_in(question).values()) == names


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        pytest.param("win", "won", True, id="irregular"),
        pytest.param("movie", "film", True, id="synonyms"),
        pytest.param("win", "lost", False, id="opposites"),
        pytest.param("harbour", "harbour", True, id="itself"),
    ],
)
def test_words_that_count_as_the_same(one: str, other: str, same: bool) -> None:
    assert (stem(other) in same_word(stem(one))) is same
