"""Whether true, correctly cited sentences answer the question: told by the words they cite, not by what a model says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest

from assistant.answerability import ABOUT, DOUBTED_BELOW, answerability, doubt, worth_asking
from assistant.answerers import AnswerTask
from assistant.articles import make_article
from assistant.chunking import split_article
from assistant.types import Article, Hit, Span

DAM = make_article(
    """ELDFORD - The Marlow dam will be rebuilt from 4 May, the water board said on Tuesday.

The work will take nineteen months and cost $31 million. Its chairwoman, Petra Lindqvist, called it overdue.

Divers found cracks in the spillway last autumn. “We had to lower the lake because its gates leaked.”

The board has 240 employees. Trout fishing in the lake stays allowed.""",
    title="Marlow dam to be rebuilt",
    published=date(2025, 3, 4),
)
CHOIR = make_article(
    """The Eldford choir sang to a full hall on Saturday. It was the first concert under its new conductor, Ines Boto.

Tickets cost 12 euros. The hall seats 600 people, and some listeners stood in the aisles until the end.""",
    title="Choir fills the hall",
    published=date(2025, 3, 2),
)
ASKED_ON = date(2025, 3, 6)


def task_for(question: str, *articles: Article, cosine: float | None = None) -> AnswerTask:
    """A task whose hits are all passages of the articles, in order."""
    parts = {} if cosine is None else {"dense": cosine}
    passages = [passage for article in articles for passage in split_article(article)]
    hits = tuple(Hit(passage, rank, 1.0 / rank, parts) for rank, passage in enumerate(passages, start=1))
    return AnswerTask(question, hits, {article.id: article for article in articles}, as_of=ASKED_ON)


def citing(sentence: str, article: Article = DAM, says: str | None = None) -> list[tuple[str, Sequence[Span]]]:
    """One statement that cites the article's sentence, in its words unless others are given."""
    start = article.text.index(sentence)
    return [(says or sentence, (Span(article.id, start, start + len(sentence)),))]


ANSWERED = [
    pytest.param("When will the Marlow dam be rebuilt?", "The Marlow dam will be rebuilt from 4 May", id="when"),
    pytest.param("How long will the work on the Marlow dam take?", "The work will take nineteen months", id="how long"),
    pytest.param("How much will the work on the dam cost?", "The work will take nineteen months", id="how much"),
    pytest.param("Who is the chairwoman of the water board?", "Its chairwoman, Petra Lindqvist", id="who"),
    pytest.param("What did divers find in the spillway?", "Divers found cracks in the spillway", id="what"),
    pytest.param(
        "Why was the lake lowered?", "We had to lower the lake because", id="why, in words of somebody else's"
    ),
    pytest.param("How many employees does the board have?", "The board has 240 employees.", id="how many"),
]


@pytest.mark.parametrize(("question", "sentence"), ANSWERED)
def test_a_sentence_that_answers_is_not_doubted(question: str, sentence: str) -> None:
    assert doubt(task_for(question, DAM, CHOIR), citing(sentence)) == ""


@pytest.mark.parametrize(
    ("question", "sentence", "lacks"),
    [
        pytest.param(
            "How long will the work on the Marlow dam take?",
            "Its chairwoman, Petra Lindqvist, called it overdue.",
            "no cited sentence says how long",
            id="no duration",
        ),
        pytest.param(
            "How many divers work for the water board?",
            "Trout fishing in the lake stays allowed.",
            "no cited sentence gives a number",
            id="no number",
        ),
        pytest.param(
            "When was the parliament of Upper Savonia dissolved?",
            "The board has 240 employees.",
            "no cited sentence says when",
            id="no date",
        ),
        pytest.param(
            "What is the capital of Upper Savonia?",
            "Trout fishing in the lake stays allowed.",
            "no cited article mentions “Upper Savonia” or “capital”",
            id="a name in one piece, then other words",
        ),
        pytest.param(
            "What makes trombone repertoire harder?",
            "The board has 240 employees.",
            "no cited article mentions “makes” or “trombone”",
            id="words that no cited article has",
        ),
    ],
)
def test_a_true_sentence_that_does_not_answer_is_doubted_and_the_doubt_says_what_lacks(
    question: str, sentence: str, lacks: str
) -> None:
    task = task_for(question, DAM, CHOIR, cosine=0.2)
    assert doubt(task, citing(sentence)) == f"The articles may not answer this: {lacks}."


def test_a_doubt_names_only_what_the_cited_articles_lack() -> None:
    said = doubt(task_for("Does the choir sing Bruckner in Lisbon?", DAM, CHOIR), citing("Tickets cost", CHOIR))
    assert "“Bruckner”" in said
    assert "choir" not in said


def test_a_doubt_does_not_name_the_word_that_asks() -> None:
    said = doubt(task_for("¿Cuál receta lleva azafrán?", DAM, cosine=0.2), citing("The board has 240 employees."))
    assert "“receta”" in said
    assert "Cuál" not in said


@pytest.mark.parametrize(("question", "sentence"), ANSWERED)
def test_the_sentence_that_answers_is_likelier_than_one_from_another_story(question: str, sentence: str) -> None:
    task = task_for(question, DAM, CHOIR)
    assert answerability(task, citing(sentence)) > answerability(task, citing("The hall seats 600 people", CHOIR))


def test_repeating_the_question_in_a_statement_earns_nothing() -> None:
    task = task_for("Which hotel did the conductor of the Eldford choir stay at?", DAM, CHOIR)
    bare = citing("Trout fishing in the lake")
    parroted = citing(
        "Trout fishing in the lake", says="The conductor of the Eldford choir stayed at the Hotel Bellevue."
    )
    assert answerability(task, parroted) == answerability(task, bare)


def test_a_statement_without_the_figure_that_is_asked_for_is_less_likely_an_answer() -> None:
    task = task_for("How much will the work on the dam cost?", DAM, CHOIR)
    full = citing("The work will take nineteen months", says="It will cost $31 million.")
    vague = citing("The work will take nineteen months", says="The board borrows what the work costs.")
    assert answerability(task, vague) < answerability(task, full)


def test_the_likeliest_statement_counts() -> None:
    task = task_for("How many employees does the board have?", DAM, CHOIR)
    right, beside = citing("The board has 240 employees."), citing("Trout fishing in the lake stays allowed.")
    assert answerability(task, beside + right) == answerability(task, right) > answerability(task, beside)


def test_a_retrieved_sentence_that_would_answer_does_not_make_another_one_an_answer() -> None:
    task = task_for("How long will the work on the Marlow dam take?", DAM, CHOIR)
    assert not doubt(task, citing("The work will take nineteen months"))
    assert doubt(task, citing("Tickets cost 12 euros.", CHOIR))


def test_a_passage_about_something_else_is_less_likely_to_hold_the_answer() -> None:
    question, sentence = "What did the referee decide in overtime?", citing("Trout fishing in the lake stays allowed.")
    near, far = (task_for(question, DAM, cosine=cosine) for cosine in (ABOUT, ABOUT - 0.01))
    assert answerability(near, sentence) - answerability(far, sentence) > 0.1


def test_a_cited_sentence_outside_the_hits_is_judged_all_the_same() -> None:
    task = task_for("How many employees does the board have?", DAM)
    passage = task.hits[0].passage
    lead = replace(passage, span=Span(DAM.id, 0, DAM.text.index("The work will take")))
    narrow = replace(task, hits=(replace(task.hits[0], passage=lead),))
    assert not doubt(narrow, citing("The board has 240 employees."))
    assert doubt(narrow, citing("Divers found cracks in the spillway last autumn."))


@pytest.mark.parametrize(
    "sentence",
    [
        pytest.param("Reservoir levels fall to four meters", id="a headline"),
        pytest.param("It fell to four meters, you fools!", id="a reader's comment"),
    ],
)
def test_what_the_paper_does_not_report_answers_nothing(sentence: str) -> None:
    page = make_article(
        "Reservoir levels fall to four meters\n\nBy Ann Sole\n\nThe reservoir fell to four meters in June, its keeper said "
        "on Monday.\n\n2 Comments\nIt fell to four meters, you fools!\nReplyDelete\nNonsense, all of it.\nReplyDelete",
        title="Reservoir levels fall to four meters",
    )
    task = task_for("How many meters did the reservoir fall to?", page)
    assert answerability(task, citing("The reservoir fell to four meters", page)) > DOUBTED_BELOW
    assert answerability(task, citing(sentence, page)) == 0.0


@pytest.mark.parametrize(
    "statements",
    [
        pytest.param([], id="no statement"),
        pytest.param([("The board has 240 employees.", ())], id="no citation"),
        pytest.param([("The board has 240 employees.", (Span("0" * 64, 0, 20),))], id="an article that is not there"),
    ],
)
def test_statements_that_rest_on_nothing_answer_nothing(statements: list[tuple[str, Sequence[Span]]]) -> None:
    task = task_for("How many employees does the board have?", DAM)
    assert answerability(task, statements) == 0.0
    assert doubt(task, statements).endswith("no statement rests on a sentence that reports.")


def test_nothing_retrieved_is_no_error() -> None:
    nothing = AnswerTask("How many employees does the board have?", (), {DAM.id: DAM})
    assert answerability(nothing, citing("The board has 240 employees.")) == 0.0
    assert not worth_asking(nothing)


def test_the_threshold_is_where_the_mark_appears() -> None:
    task = task_for("How many employees does the board have?", DAM, CHOIR)
    for sentence in ("The board has 240", "Trout fishing", "Its chairwoman", "Divers found", "The work will take"):
        statements = citing(sentence)
        assert bool(doubt(task, statements)) == (answerability(task, statements) < DOUBTED_BELOW)


@pytest.mark.parametrize(
    ("question", "cosine", "asked"),
    [
        pytest.param("How many moons does Jupiter have?", 0.05, False, id="neither its words nor its meaning"),
        pytest.param("How many moons does Jupiter have?", 0.45, True, id="near in meaning"),
        pytest.param("How many moons does Jupiter have?", None, True, id="not embedded yet, so nobody knows"),
        pytest.param("How long will the Marlow dam be closed?", 0.05, True, id="some of its words"),
    ],
)
def test_a_model_is_asked_unless_nothing_retrieved_has_anything_of_the_question(
    question: str, cosine: float | None, asked: bool
) -> None:
    assert worth_asking(task_for(question, DAM, CHOIR, cosine=cosine)) is asked


@pytest.mark.parametrize(
    "question",
    [
        pytest.param("What is the state of the Marlow dam?", id="a state that is no place"),
        pytest.param("What does the Eldford Herald say about the cracks in the dam?", id="the paper's own name"),
        pytest.param("Does anybody say that divers found cracks in the spillway?", id="a frame"),
    ],
)
def test_words_that_ask_are_nothing_that_an_article_lacks(question: str) -> None:
    dam = replace(DAM, publisher="Eldford Herald")
    assert doubt(task_for(question, dam), citing("Divers found cracks in the spillway last autumn.", dam)) == ""
