"""Which of several given answers the articles support: the supported one, the denied one, none, all, all but one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

import pytest

from assistant import Assistant
from assistant.articles import make_article
from assistant.choosing import SUPPORTED, choose
from assistant.chunking import split_article
from assistant.errors import BadQuestion
from assistant.quantities import comparable_terms
from assistant.terms import terms
from assistant.types import Article, Choice, Filters, Hit, Status, Zone

COUNCIL = """The council of Orrin voted on Monday to close the bridge for eleven weeks.

Repairs of the bridge will cost $2.4 million, the county said, and not the $3 million that engineers had expected. Ada Brook \
of the Reform party opposed the closure; Tom Weller, the mayor, defended it.

The fair in the harbour was opened by Nora Lindqvist, who runs the boatyard. Honey, plums and smoked eel were sold there.

2 Comments
I hear that repairs of the bridge will cost 9 million dollars.
ReplyDelete"""
FERRY = """A ferry will replace the Orrin bridge until May. The shipyard in Haldane built the ferry in 1998.

The company has three other boats."""


def search_in(*articles: Article) -> Callable[[str], list[Hit]]:
    """The articles' passages by the number of words they share with the query."""
    passages = [passage for article in articles for passage in split_article(article)]

    def search(query: str) -> list[Hit]:
        wanted = set(terms(query))
        scores = [(len(wanted.intersection(terms(p.text))) / len(wanted), p) for p in passages]
        ordered = sorted(scores, key=lambda one: -one[0])
        return [Hit(p, rank, score) for rank, (score, p) in enumerate(ordered, start=1) if score]

    return search


def chosen(question: str, choices: Sequence[str], *articles: Article) -> Choice:
    sources = articles or (article(COUNCIL), article(FERRY))
    by_id = {one.id: one for one in sources}
    return choose(
        question, choices, search_in(*sources), lambda ids: {i: by_id[i] for i in ids}, lambda term: float(len(term))
    )


def article(text: str, **facts: object) -> Article:
    return make_article(text, title="Orrin", **facts)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("question", "choices", "right"),
    [
        pytest.param(
            "Who opened the fair in the harbour?", ["Ada Brook", "Nora Lindqvist", "Tom Weller"], 1, id="name"
        ),
        pytest.param("Who opened the fair in the harbour?", ["Brook", "Mayor Weller", "Lindqvist"], 2, id="surname"),
        pytest.param(
            "How much will repairs of the bridge cost?", ["$240,000", "$2,400,000", "$24m"], 1, id="number as digits"
        ),
        pytest.param("For how many weeks will the bridge close?", ["9", "10", "11"], 2, id="number as a word"),
        pytest.param(
            "How much will repairs of the bridge cost?", ["$3 million", "$2.4m"], 1, id="a number that is denied loses"
        ),
        pytest.param("Where was the ferry built?", ["Orrin", "Haldane", "Bristol"], 1, id="another article"),
        pytest.param("How many other boats does the company have?", ["Three", "Five", "Eleven"], 0, id="small number"),
    ],
)
def test_the_supported_answer_is_chosen(question: str, choices: list[str], right: int) -> None:
    assert chosen(question, choices).index == right


def test_the_evidence_is_the_articles_own_sentence_with_the_answer() -> None:
    council, ferry = article(COUNCIL), article(FERRY)
    choice = chosen("Who opened the fair in the harbour?", ["Ada Brook", "Nora Lindqvist"], council, ferry)
    best = choice.evidence[0]
    assert "Nora Lindqvist" in best.text
    assert best.text == council.quote(best.span)
    assert 0 < best.score <= 1


def test_none_is_chosen_where_another_answer_stands_and_its_sentence_is_shown() -> None:
    choice = chosen("Who opened the fair in the harbour?", ["Rupert Gale", "Mona Adeyemi", "The shipyard"])
    assert choice.index is None
    assert "Nora Lindqvist" in choice.evidence[0].text


@pytest.mark.parametrize("words", ["None of the above", "none of these.", "Neither", "None"])
def test_an_answer_that_says_none_has_the_highest_score_exactly_when_none_is_chosen(words: str) -> None:
    there = chosen("Who opened the fair in the harbour?", ["Ada Brook", "Nora Lindqvist", words])
    absent = chosen("Who opened the fair in the harbour?", ["Rupert Gale", "Mona Adeyemi", words])
    assert there.index == 1
    assert max(there.scores) == there.scores[1] > SUPPORTED == there.scores[2]
    assert absent.index is None
    assert max(absent.scores) == absent.scores[2] == SUPPORTED


def test_all_of_the_above_is_chosen_when_every_answer_is_supported() -> None:
    question = "What was sold in the harbour?"
    assert chosen(question, ["Honey", "Plums", "Smoked eel", "All of the above"]).index == 3
    assert chosen(question, ["Honey", "Typewriters", "Carpets", "All of the above"]).index == 0


@pytest.mark.parametrize(
    "question",
    [
        "All of these were sold in the harbour except:",
        "Which of these was not sold in the harbour?",
        "Which of the following wasn’t sold in the harbour?",
    ],
)
def test_a_question_for_the_exception_is_answered_by_what_the_articles_do_not_say(question: str) -> None:
    choice = chosen(question, ["Honey", "Typewriters", "Plums", "Smoked eel"])
    assert choice.index == 1
    assert "Honey" in choice.evidence[0].text


def test_a_readers_comment_supports_nothing() -> None:
    choice = chosen("How much will repairs of the bridge cost?", ["9 million dollars", "$2.4 million"])
    assert choice.index == 1
    assert choice.scores[0] < SUPPORTED
    assert all(one.zone is not Zone.COMMENT for one in choice.evidence)


@pytest.mark.parametrize("status", [Status.RETRACTED, Status.SATIRE])
def test_an_article_that_is_not_believed_supports_nothing(status: Status) -> None:
    choice = chosen("Where was the ferry built?", ["Haldane", "Bristol"], article(FERRY, status=status))
    assert choice.index is None
    assert choice.evidence == ()


def test_nothing_found_is_none_of_them() -> None:
    choice = chosen("Quis custodiet ipsos custodes?", ["Juvenal", "Martial"])
    assert choice.index is None
    assert choice.confidence > 0.9
    assert choice.scores == (0.0, 0.0)


def test_confidence_is_that_of_the_index() -> None:
    sure = chosen("Who opened the fair in the harbour?", ["Rupert Gale", "Nora Lindqvist"])
    unsure = chosen("Who runs the council?", ["Tom Weller", "Ada Brook", "Nora Lindqvist"])
    assert sure.confidence > 0.5
    assert sure.confidence > unsure.confidence or unsure.index is None


@pytest.mark.parametrize(
    "choices",
    [
        pytest.param([], id="none at all"),
        pytest.param(["Haldane"], id="one"),
        pytest.param(["None of the above", "All of the above"], id="none of its own"),
        pytest.param(["", "?"], id="no words"),
    ],
)
def test_too_little_to_choose_from_is_refused(choices: list[str]) -> None:
    with pytest.raises(BadQuestion, match="nothing to choose from"):
        chosen("Where was the ferry built?", choices)


def test_an_empty_answer_among_others_is_never_chosen() -> None:
    choice = chosen("Where was the ferry built?", ["", "Haldane", "Bristol"])
    assert choice.index == 1
    assert choice.scores[0] == 0.0


@pytest.mark.parametrize(
    ("question", "day", "choices", "right"),
    [
        pytest.param(
            "Who came to the White House on behalf of NATO?",
            date(2025, 8, 20),
            ["Ursula von der Leyen", "Mark Rutte", "Jens Stoltenberg"],
            1,
            id="two in one sentence",
        ),
        pytest.param(
            "How much diesel leaked from the Lady Morwenna in the end?",
            date(2025, 6, 15),
            ["7 tonnes", "twelve tonnes", "90 tonnes"],
            1,
            id="in other words",
        ),
        pytest.param(
            "What is the ferry called now?",
            date(2026, 2, 20),
            ["Corran Rose", "Skarra Star", "Pennock Belle", "None of the above"],
            0,
            id="with a none",
        ),
        pytest.param(
            "Which pub did the coastguard phone to find boats?",
            date(2026, 3, 15),
            ["the Crown", "the Mermaid", "the Plough", "None of the above"],
            3,
            id="the right one is missing",
        ),
    ],
)
def test_on_the_sample_corpus_the_right_answer_scores_highest(
    sample_assistant: Assistant, question: str, day: date, choices: list[str], right: int
) -> None:
    choice = choose(
        question,
        choices,
        lambda text: sample_assistant.retrieve(text, filters=Filters(as_of=day), k=50),
        sample_assistant.library.articles,
        sample_assistant.library.weight,
    )
    assert choice.scores.index(max(choice.scores)) == right
    assert choice.index == (right if choice.scores[right] > SUPPORTED else None)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("$19 million", "$19m"),
        ("19,000,000", "nineteen million"),
        ("5%", "5 percent"),
        ("three", "3"),
        ("Twelve ships", "12 ship"),
        ("1.5bn", "1.5 billion"),
    ],
)
def test_numbers_compare_by_what_they_are_worth(one: str, other: str) -> None:
    assert comparable_terms(one) == comparable_terms(other)


@pytest.mark.parametrize(("one", "other"), [("19 million", "19 billion"), ("1.5", "15"), ("5", "5%"), ("5 m", "5m")])
def test_other_numbers_differ(one: str, other: str) -> None:
    assert comparable_terms(one) != comparable_terms(other)
