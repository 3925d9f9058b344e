"""What the extractive answerer says, and above all what it does not: comments, bare quotations, retracted reporting."""

from __future__ import annotations

from datetime import date

import pytest

from assistant.answerers import AnswerTask
from assistant.answerers.extractive import ANSWERS_FROM, MAX_SENTENCES, MAX_WORDS, confidence, make
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


def draft_for(question: str, *articles: Article, as_of: date | None = None) -> Draft:
    hits = [
        Hit(passage, rank, 1.0 / rank)
        for rank, passage in enumerate((p for article in articles for p in split_article(article)), start=1)
    ]
    task = AnswerTask(question, tuple(hits), {article.id: article for article in articles}, as_of=as_of)
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


def test_a_number_beside_the_noun_that_is_counted_comes_first() -> None:
    source = make_article(
        "The Orrin bridge has 9 piers and carries 31,000 cars a day.\n\nOn the Orrin bridge 212 people work, the county said."
    )
    draft = draft_for("How many people work on the Orrin bridge?", source)
    assert "212 people" in said(draft)


def test_a_question_in_an_article_is_no_answer() -> None:
    source = make_article(
        "Who will pay for the Orrin bridge?\n\nThe state will pay for the Orrin bridge, Ada Lind said."
    )
    assert said(draft_for("Who will pay for the Orrin bridge?", source)) == (
        "The state will pay for the Orrin bridge, Ada Lind said."
    )


def test_a_heading_without_a_word_of_the_question_is_not_added() -> None:
    source = make_article(
        "Read more here.\n\nThe Orrin bridge will close for eleven weeks, the county said.\n\nHow we got to this point"
    )
    draft = draft_for("How long will the Orrin bridge close?", source)
    assert [statement.text for statement in draft.statements] == [
        "The Orrin bridge will close for eleven weeks, the county said."
    ]


def test_what_the_question_says_in_another_form_counts() -> None:
    source = make_article("Ada Lind won the race for mayor of Orrin on Tuesday, the county said.")
    assert "Ada Lind" in said(draft_for("Who wins the race for mayor of Orrin?", source))


def test_an_article_of_the_time_is_surer_than_one_of_long_ago() -> None:
    asked = "How long will the Orrin bridge close?"
    now = draft_for(asked, article(published=date(2025, 3, 1)), as_of=date(2025, 3, 4))
    then = draft_for(asked, article(published=date(2019, 3, 1)), as_of=date(2025, 3, 4))
    assert now.confidence is not None
    assert then.confidence is not None
    assert now.confidence > then.confidence


def test_an_abstention_says_how_unsure_it_is() -> None:
    draft = draft_for("Who won the election in Norway?", article())
    assert draft.abstained
    assert draft.confidence is not None
    assert 0 < draft.confidence < ANSWERS_FROM


def test_an_answer_is_at_least_as_sure_as_the_threshold() -> None:
    draft = draft_for("How long will the Orrin bridge close?", article())
    assert draft.confidence is not None
    assert ANSWERS_FROM <= draft.confidence < 1


def test_nothing_found_is_no_answer() -> None:
    (draft,) = make(Settings()).draft(AnswerTask("Who won?", (), {}))
    assert isinstance(draft, Draft)
    assert draft.abstained
    assert draft.confidence == 0.0


def test_more_evidence_is_more_confidence() -> None:
    levels = [confidence(evidence / 10) for evidence in range(12)]
    assert levels == sorted(levels)
    assert all(0 < level < 1 for level in levels)


def test_a_passage_that_waits_for_its_vector_is_no_worse_than_one_that_has_a_middling_one() -> None:
    source, other = article(), article("The weather stayed mild all week, the service said on Friday.", published=None)
    waiting, known = split_article(source)[0], split_article(other)[0]

    def sure(**cosine: float) -> float:
        hits = (Hit(waiting, 1, 1.0, cosine), Hit(known, 2, 0.5, {"dense": 0.3}))
        task = AnswerTask("How long will the Orrin bridge close?", hits, {a.id: a for a in (source, other)})
        (draft,) = make(Settings()).draft(task)
        assert isinstance(draft, Draft)
        assert draft.confidence is not None
        return draft.confidence

    assert sure(dense=0.4) < sure() < sure(dense=0.7)
