"""The steps of an answer that are plain functions: the follow-up made whole, copies collapsed, the answer composed."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count

import pytest

from assistant.articles import make_article
from assistant.chain import collapse
from assistant.chunking import split_article
from assistant.composing import Composed as Cited
from assistant.composing import Resolver, compose
from assistant.condensing import condense
from assistant.library import Library
from assistant.types import Article, Citation, ClaimedQuote, Draft, Hit, Match, Passage, Span, Statement, Turn, Zone

# --- Condense


def history(*questions: str) -> tuple[Turn, ...]:
    return tuple(Turn(question, "An answer.") for question in questions)


@pytest.mark.parametrize(
    ("earlier", "question", "searched"),
    [
        pytest.param([], "And when does it open?", "And when does it open?", id="no-history"),
        pytest.param(
            ["Who closed the Orrin bridge?"],
            "What does the school in Elmscote cost?",
            "What does the school in Elmscote cost?",
            id="stands-alone",
        ),
        pytest.param(
            ["Who closed the Orrin bridge?"],
            "When does it open?",
            "When does it open? (closed Orrin bridge)",
            id="pronoun",
        ),
        pytest.param(
            ["Who closed the Orrin bridge?"],
            "And how much do the repairs cost?",
            "And how much do the repairs cost? (closed Orrin bridge)",
            id="opener",
        ),
        pytest.param(["Who closed the Orrin bridge?"], "Why?", "Why? (closed Orrin bridge)", id="one-word"),
        pytest.param(
            ["Who closed the Orrin bridge?"],
            "Why did they close that bridge?",
            "Why did they close that bridge? (Orrin)",
            id="what-the-question-has-is-not-repeated",
        ),
        pytest.param(
            ["Who closed the Orrin bridge?", "When does it open?"],
            "And why?",
            "And why? (open closed Orrin bridge)",
            id="a-topic-carries-on",
        ),
        pytest.param(["Who?"], "And why?", "And why?", id="nothing-to-add"),
    ],
)
def test_a_follow_up_is_searched_with_the_terms_of_the_question_before_it(
    earlier: list[str], question: str, searched: str
) -> None:
    assert condense(question, history(*earlier)) == searched


# --- Collapse

NEWS = "The county closed the Orrin bridge on Tuesday because engineers had found cracks in four of its nine piers."


def hits(*texts: tuple[str, str]) -> list[Hit]:
    """Hits for (article, text), best first."""
    ranks = count(1)
    return [
        Hit(Passage(Span(article, 0, len(text)), text, None, Zone.BODY, 10), rank, 1 / rank)
        for (article, text), rank in zip(texts, ranks, strict=False)
    ]


@pytest.mark.parametrize(
    ("found", "kept"),
    [
        pytest.param([("a", NEWS), ("b", NEWS)], [1], id="the-same-words-in-another-article"),
        pytest.param([("a", NEWS), ("b", f"{NEWS} It said so today.")], [1], id="nearly-the-same"),
        pytest.param([("a", NEWS), ("b", NEWS.upper())], [1], id="another-case"),
        pytest.param([("a", NEWS), ("a", NEWS)], [1, 2], id="the-same-words-in-one-article"),
        pytest.param([("a", NEWS), ("b", "The school in Elmscote begins late.")], [1, 2], id="other-words"),
        pytest.param(
            [
                ("a", NEWS),
                ("b", NEWS.replace("closed", "opened").replace("Orrin", "Haldane").replace("Tuesday", "Friday")),
            ],
            [1, 2],
            id="three-words-changed",
        ),
        pytest.param([], [], id="nothing"),
    ],
)
def test_hits_that_repeat_a_better_one_from_another_article_are_dropped(
    found: list[tuple[str, str]], kept: list[int]
) -> None:
    assert [hit.rank for hit in collapse(hits(*found), 10)] == kept


def test_collapsing_stops_at_the_limit() -> None:
    found = hits(("a", NEWS), ("b", "The school begins late."), ("c", "The city has set aside two million crowns."))
    assert [hit.rank for hit in collapse(found, 2)] == [1, 2]


# --- Compose

BRIDGE = """The Orrin bridge will close for eleven weeks, the county said. Repairs will cost $2.4 million.

Engineers found cracks in four of its nine piers. “We should have closed it sooner and we are sorry,” Mina Holt said."""
SCHOOL = "The school in Elmscote begins a week late. The storm had flooded its cellars."
WEEKS = "The Orrin bridge will close for eleven weeks, the county said."
COST = "Repairs will cost $2.4 million."
LATE = "The school in Elmscote begins a week late."


@pytest.fixture
def bridge(library: Library) -> Article:
    article = make_article(BRIDGE, title="Bridge closes", publisher="Courier")
    library.add(article, split_article(article))
    return article


@pytest.fixture
def school(library: Library) -> Article:
    article = make_article(SCHOOL, title="School begins late", publisher="Post")
    library.add(article, split_article(article))
    return article


Composed = tuple[str, tuple[Citation, ...], tuple[Citation, ...]]
Compose = Callable[..., Composed]


@pytest.fixture
def composed(library: Library, bridge: Article, school: Article) -> Compose:
    """compose() where the bridge's article was retrieved, the school's was not: composed(("A claim.", "quote"))."""

    def run(*statements: tuple[str, ...], of: Article = bridge) -> Composed:
        draft = Draft(
            tuple(Statement(text, tuple(ClaimedQuote(q, of.id) for q in quotes)) for text, *quotes in statements)
        )
        made = compose(draft, Resolver(library, {bridge.id: bridge}))
        return made.text, made.citations, made.rejected

    return run


def test_statements_are_followed_by_the_markers_of_their_quotes(composed: Compose) -> None:
    text, shown, _ = composed(("It closes.", WEEKS), ("Costs are high.", COST, "nine piers"), ("So be it.",))
    assert text == "It closes. [1] Costs are high. [2] [3] So be it."
    assert [citation.marker for citation in shown] == [1, 2, 3]


def test_equal_spans_share_a_number(composed: Compose) -> None:
    text, shown, _ = composed(("It closes.", WEEKS), ("It costs.", COST), ("For weeks.", WEEKS))
    assert text == "It closes. [1] It costs. [2] For weeks. [1]"
    assert [citation.marker for citation in shown] == [1, 2, 1]


def test_a_citation_points_at_its_statement_without_the_markers(composed: Compose) -> None:
    text, shown, _ = composed(("It closes.", WEEKS), ("Costs are high.", COST, "nine piers"))
    assert [text[c.answer_start : c.answer_end] for c in shown] == ["It closes."] + ["Costs are high."] * 2


def test_a_citation_carries_the_articles_words_and_facts(composed: Compose, bridge: Article) -> None:
    _, (citation,), _ = composed(("He is sorry.", '"We should have closed it sooner and we are sorry,"'))
    assert citation.quote == bridge.quote(citation.span) == "“We should have closed it sooner and we are sorry,”"
    assert (citation.status, citation.zone) == (Match.NORMALISED, Zone.QUOTATION)
    assert (citation.article.title, citation.article.publisher) == ("Bridge closes", "Courier")


@pytest.mark.parametrize(
    ("quote", "status"),
    [
        pytest.param("Repairs will cost $2.5 million.", Match.ALTERED, id="altered"),
        pytest.param(LATE, Match.MISPLACED, id="misplaced"),
        pytest.param("The mayor resigned in tears over a lost cat.", Match.ABSENT, id="absent"),
        pytest.param("", Match.ABSENT, id="empty"),
    ],
)
def test_a_quote_that_is_not_there_is_reported_and_gets_no_marker(composed: Compose, quote: str, status: Match) -> None:
    text, shown, rejected = composed(("It costs a lot.", quote))
    assert (text, shown) == ("It costs a lot.", ())
    assert [(citation.status, citation.quote, citation.marker) for citation in rejected] == [(status, quote, 0)]


def test_refused_quotes_use_up_no_number(composed: Compose) -> None:
    text, shown, rejected = composed(("It costs.", "It costs a fortune, they say."), ("It closes.", WEEKS))
    assert text == "It costs. It closes. [1]"
    assert [len(shown), len(rejected)] == [1, 1]


def test_a_quote_of_an_article_that_was_not_retrieved_is_found_in_the_library(
    composed: Compose, school: Article
) -> None:
    _, (citation,), _ = composed(("It is late.", LATE), of=school)
    assert (citation.status, citation.span.article_id) == (Match.VERIFIED, school.id)


def test_an_abstention_has_no_citations_under_it(library: Library, bridge: Article) -> None:
    draft = Draft((Statement("It closes.", (ClaimedQuote(WEEKS, bridge.id),)),), abstained="Nothing is known.")
    assert compose(draft, Resolver(library, {bridge.id: bridge})) == Cited("Nothing is known.")
