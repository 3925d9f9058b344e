"""Questions that are suggested after an answer: about others in its articles, and only where the library answers them."""

from __future__ import annotations

import pytest

from assistant import Assistant
from assistant.articles import make_article
from assistant.follow_ups import follow_ups
from assistant.library import facts_of
from assistant.types import Answer, Article, Citation, ClaimedQuote, Draft, Match, Span, Statement, Zone

FERRY = make_article(
    "Ferry aground\n\nThe ferry went aground on Friday. “We heard a long scrape,” said Ruth Ollerton, a passenger. "
    "“The buoy was dark,” said Tomas Brandl. Harbour officials said nothing. The Marine Board opened an inquiry.",
    title="Ferry aground",
)


def answer_of(article: Article, quote: str = "The ferry went aground on Friday.", question: str = "When?") -> Answer:
    start = article.text.index(quote)
    span = Span(article.id, start, start + len(quote))
    cited = Citation(1, span, quote, facts_of(article), Zone.BODY, 0, len(quote), Match.VERIFIED)
    return Answer(question, f"{quote} [1]", (cited,))


class Extracts:
    """Answers a question with every sentence of the article that has its last name in it."""

    def __init__(self, article: Article, confidence: float = 0.9) -> None:
        self.article, self.confidence = article, confidence
        self.asked: list[str] = []

    def __call__(self, question: str) -> Draft:
        self.asked.append(question)
        name = question.removesuffix(" say?").removesuffix("?").split()[-1]
        found = [one for one in self.article.text.split(". ") if name in one]
        quotes = tuple(ClaimedQuote(one, self.article.id) for one in found)
        return Draft(tuple(Statement(one.quote, (one,)) for one in quotes), confidence=self.confidence)


def test_people_who_speak_in_the_cited_article_are_asked_about_in_reading_order() -> None:
    suggested = follow_ups(answer_of(FERRY), {FERRY.id: FERRY}, Extracts(FERRY))
    assert suggested[:2] == ("What did Ruth Ollerton say?", "What did Tomas Brandl say?")


def test_whoever_was_spoken_of_is_not_asked_about_again() -> None:
    answer = answer_of(FERRY, question="What did Ruth Ollerton hear?")
    assert "What did Ruth Ollerton say?" not in follow_ups(answer, {FERRY.id: FERRY}, Extracts(FERRY))


@pytest.mark.parametrize(
    ("question", "suggested"),
    [
        pytest.param("What did Ana Paz say?", False, id="a name of short words"),
        pytest.param("What did Rose say?", False, id="a part of the name"),
        pytest.param("Is this prose?", True, id="a part within another word"),
        pytest.param("Who is Ana?", True, id="a short part that may be another's"),
    ],
)
def test_a_name_was_spoken_of_where_its_words_were(question: str, suggested: bool) -> None:
    name = "Rose Ford" if "ose" in question else "Ana Paz"
    article = make_article(f"The ferry went aground on Friday. “We heard a scrape,” said {name}.", title="Ferry")
    answer = answer_of(article, question=question)
    assert follow_ups(answer, {article.id: article}, Extracts(article)) == (f"What did {name} say?",) * suggested


@pytest.mark.parametrize("confidence", [0.0, 0.39])
def test_a_question_that_the_library_hardly_answers_is_not_suggested(confidence: float) -> None:
    assert follow_ups(answer_of(FERRY), {FERRY.id: FERRY}, Extracts(FERRY, confidence)) == ()


def test_a_question_that_only_leads_back_to_what_was_cited_is_not_suggested() -> None:
    quote = "“We heard a long scrape,” said Ruth Ollerton, a passenger."
    answer = Answer("Q", "A [1]", answer_of(FERRY, quote).citations)
    extract = Extracts(FERRY)
    extract.article = make_article(quote)
    assert follow_ups(answer, {FERRY.id: FERRY}, extract) == ()


def test_nobody_without_a_name_is_asked_about() -> None:
    extract = Extracts(FERRY)
    follow_ups(answer_of(FERRY), {FERRY.id: FERRY}, extract)
    assert not any("officials" in question for question in extract.asked)


def test_an_answer_that_cites_nothing_and_an_article_that_is_gone_suggest_nothing() -> None:
    extract = Extracts(FERRY)
    assert follow_ups(Answer("Q", "", abstained="No."), {FERRY.id: FERRY}, extract) == ()
    assert follow_ups(answer_of(FERRY), {}, extract) == ()
    assert extract.asked == []


def test_what_is_suggested_over_the_sample_articles_is_answered_with_a_citation(sample_assistant: Assistant) -> None:
    answer = sample_assistant.ask("How many households in Alderbrook got contaminated water?")
    suggested = sample_assistant.follow_ups(answer)
    assert 0 < len(suggested) <= 3
    cited = {citation.quote for citation in answer.citations}
    for question in suggested:
        again = sample_assistant.ask(question)
        assert {citation.quote for citation in again.citations} - cited, question
