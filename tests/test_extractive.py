"""What the extractive answerer says, and above all what it does not: comments, bare quotations, retracted reporting."""

from __future__ import annotations

import pytest

from assistant.answerers import AnswerTask
from assistant.answerers.extractive import MAX_SENTENCES, MAX_WORDS, answer_kind, make, names_in
from assistant.articles import make_article
from assistant.chunking import split_article
from assistant.settings import Settings
from assistant.types import Article, Draft, Hit, Status

BRIDGE = """The Orrin bridge will close for eleven weeks from 3 March, the county said on Tuesday.

Engineers found cracks in four of its nine piers last autumn. Repairs will cost $2.4 million, half of it paid by the state.

The claim: "The bridge fell into the river on Sunday." It did not: the bridge stands, and traffic crossed it on Monday.

“We should have closed it sooner and we are sorry that we did not do so.”

2 Comments
I think the Orrin bridge should be closed for eleven years.
ReplyDelete
Good riddance to the Orrin bridge.
ReplyDelete"""


def draft_for(question: str, *articles: Article) -> Draft:
    hits = [
        Hit(passage, rank, 1.0 / rank)
        for rank, passage in enumerate((p for article in articles for p in split_article(article)), start=1)
    ]
    task = AnswerTask(question, tuple(hits), {article.id: article for article in articles})
    (draft,) = make(Settings()).draft(task)
    assert isinstance(draft, Draft)
    return draft


def article(text: str = BRIDGE, **facts: object) -> Article:
    return make_article(text, title="Orrin bridge to close for repairs", **facts)  # type: ignore[arg-type]


def said(draft: Draft) -> str:
    return " ".join(statement.text for statement in draft.statements)


@pytest.mark.parametrize(
    ("question", "words"),
    [
        pytest.param("How long will the Orrin bridge close?", "eleven weeks", id="how long"),
        pytest.param("How much will repairs of the Orrin bridge cost?", "$2.4 million", id="how much"),
        pytest.param("When does the Orrin bridge close?", "3 March", id="when"),
    ],
)
def test_the_sentence_that_answers_is_said(question: str, words: str) -> None:
    assert words in said(draft_for(question, article()))


def test_every_statement_is_a_sentence_of_the_article_at_its_place() -> None:
    source = article()
    draft = draft_for("How long will the Orrin bridge close?", source)
    assert draft.statements
    for statement in draft.statements:
        (quote,) = statement.quotes
        assert statement.text == quote.quote == source.text[quote.near : quote.near + len(quote.quote)]


@pytest.mark.parametrize(
    "question",
    [
        pytest.param("Who won the election in Norway?", id="another subject"),
        pytest.param("How many ships passed under the Kestrel viaduct in Denmark?", id="other names"),
    ],
)
def test_a_question_that_the_articles_do_not_answer_is_not_answered(question: str) -> None:
    draft = draft_for(question, article())
    assert draft.abstained
    assert not draft.statements


def test_a_readers_comment_is_no_answer_to_a_question_about_the_facts() -> None:
    assert "eleven years" not in said(draft_for("How long should the Orrin bridge be closed?", article()))


def test_a_readers_comment_is_labelled_when_readers_are_asked_about() -> None:
    draft = draft_for("What do readers comment on the Orrin bridge?", article())
    (opinion,) = [statement.text for statement in draft.statements if "eleven years" in statement.text]
    assert opinion == "A reader's comment, not reporting: I think the Orrin bridge should be closed for eleven years."


def test_a_claim_put_up_to_be_refuted_is_not_said() -> None:
    assert "The claim" not in said(draft_for("Did the Orrin bridge fall into the river on Sunday?", article()))


def test_a_bare_quotation_is_not_said_as_if_the_paper_said_it() -> None:
    assert "we are sorry" not in said(draft_for("Should the Orrin bridge have closed sooner?", article()))


def test_retracted_reporting_is_not_said() -> None:
    source = article(status=Status.RETRACTED)
    assert draft_for("How long will the Orrin bridge close?", source).abstained


def test_satire_is_called_satire() -> None:
    source = article(status=Status.SATIRE)
    assert said(draft_for("How long will the Orrin bridge close?", source)).startswith("From a satirical article: ")


def test_an_answer_is_short_and_does_not_repeat_itself() -> None:
    copy = make_article(BRIDGE.replace("Tuesday", "Wednesday"), title="Orrin bridge to close for repairs")
    draft = draft_for("How long will the Orrin bridge close?", article(), copy)
    assert len(draft.statements) <= MAX_SENTENCES
    assert len(said(draft).split()) <= MAX_WORDS
    assert said(draft).count("eleven weeks") == 1


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


def test_a_question_without_a_known_kind_takes_any_sentence() -> None:
    assert answer_kind("Why did it happen?") is None
