"""From a question to ranked passages: what each voice brings, what recency, closeness and place in the article change."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from itertools import count
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant import Assistant
from assistant.articles import make_article
from assistant.chain import CANDIDATES, FIRST_STAGE, Request
from assistant.chunking import split_article
from assistant.errors import EmbedderMismatch
from assistant.recency import prefer_recent, recency
from assistant.rerankers.coverage import best_windows, lead, make, similarities
from assistant.retrievers import Query, fuse
from assistant.settings import Settings
from assistant.terms import all_stems, terms_in
from assistant.types import ArticleFacts, Filters, Hit, Passage, Span, Status, Zone

MakeAssistant = Callable[..., Assistant]
DAY = date(2024, 5, 20)
_ids = count(1)


def hit(text: str = "Nothing.", *, score: float = 1.0, start: int = 0, article: str = "a", **parts: float) -> Hit:
    return Hit(Passage(Span(article, start, start + len(text)), text, None, Zone.BODY, 10, next(_ids)), 1, score, parts)


def texts(hits: list[Hit]) -> list[str]:
    return [found.passage.text for found in hits]


# --- Terms


@given(st.text(), st.text())
def test_the_quick_look_for_stems_finds_what_stemming_every_word_finds(text: str, other: str) -> None:
    wanted = {*all_stems(text)[::2], *all_stems(other)}
    assert terms_in(text, wanted) == wanted.intersection(all_stems(text))


@pytest.mark.parametrize(
    ("text", "stems", "found"),
    [
        pytest.param("The ties of ponies", {"ti", "poni"}, {"ti", "poni"}, id="an-ending-that-shortens-to-two-letters"),
        pytest.param("An ay from the US.", {"ai", "u"}, {"ai", "u"}, id="an-ending-that-changes-the-second-letter"),
        pytest.param("Die Köln résumés", {"koln", "resum"}, {"koln", "resum"}, id="accents"),
        pytest.param("The mayor’s MAYORS", {"mayor"}, {"mayor"}, id="case-and-possessives"),
        pytest.param("A bridge.", set(), set(), id="nothing-wanted"),
    ],
)
def test_stems_are_found_whatever_the_ending(text: str, stems: set[str], found: set[str]) -> None:
    assert terms_in(text, stems) == found


# --- Fusing


def test_fusing_adds_weighted_reciprocal_ranks() -> None:
    fused = fuse([[(1, 9.0), (2, 8.0)], [(2, 0.9), (3, 0.8)]], (2.0, 1.0), k=60)
    assert [key for key, _ in fused] == [2, 1, 3]
    assert [score for _, score in fused] == pytest.approx([2 / 62 + 1 / 61, 2 / 61, 1 / 62])


def test_equal_sums_keep_the_order_of_the_first_ranking() -> None:
    assert [key for key, _ in fuse([[(7, 1.0)], [(8, 1.0)]], (1.0, 1.0))] == [7, 8]


# --- The hybrid retriever


@pytest.fixture
def harbour(quick_assistant: MakeAssistant, tmp_path: Any) -> Assistant:
    """Two articles with the word "harbour", one without; embedded."""
    for name, text in {
        "one": "The harbour of Elmscote opens on Monday.",
        "two": "A storm closed the harbour for a week.",
        "three": "The school begins late this year.",
    }.items():
        (tmp_path / f"{name}.txt").write_text(text)
    assistant = quick_assistant(retriever="hybrid")
    assistant.ingest(*sorted(tmp_path.glob("*.txt")))
    return assistant


def test_a_hit_carries_its_cosine_also_when_only_its_words_brought_it(
    harbour: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    query = Query("harbour")
    monkeypatch.setattr("assistant.retrievers.hybrid.DEPTH", 2)
    hits = harbour.chain.retriever.retrieve(query, 10)
    vector = harbour.embedder.embed_question("harbour")
    by_words = [found for found in hits if "lexical" in found.parts]
    assert len(by_words) == 2
    for found in hits:
        own = harbour.embedder.embed_passages([found.passage.text])[0]
        assert found.parts["dense"] == pytest.approx(float(own @ vector), abs=1e-6)


def test_what_only_one_voice_finds_is_a_hit(harbour: Assistant) -> None:
    hits = harbour.chain.retriever.retrieve(Query("harbour"), 10)
    assert [("lexical" in found.parts) for found in hits] == [True, True, False]
    assert [found.rank for found in hits] == [1, 2, 3]


def test_while_nothing_is_embedded_the_words_answer_alone(quick_assistant: MakeAssistant, tmp_path: Any) -> None:
    (tmp_path / "one.txt").write_text("The harbour of Elmscote opens on Monday.")
    assistant = quick_assistant(retriever="hybrid")
    assistant.ingest(tmp_path / "one.txt", embed=False)
    (found,) = assistant.chain.retriever.retrieve(Query("harbour"), 10)
    assert set(found.parts) == {"lexical"}


def test_another_model_under_the_same_name_is_an_error_in_words(
    harbour: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    longer = np.ones(len(harbour.embedder.embed_question("harbour")) + 1, dtype=np.float32)
    monkeypatch.setattr(type(harbour.embedder), "embed_question", lambda *_: longer)
    with pytest.raises(EmbedderMismatch, match=r"dimensions.*rebuild --embed"):
        harbour.chain.retriever.retrieve(Query("harbour"), 10)


def test_other_words_bring_more_hits_and_change_no_cosine(harbour: Assistant) -> None:
    retriever = harbour.chain.retriever
    alone = {found.passage.id: found for found in retriever.retrieve(Query("opens on Monday"), 10)}
    more = {f.passage.id: f for f in retriever.retrieve(Query("opens on Monday", others=("harbour", "ships")), 10)}
    assert alone.keys() <= more.keys()
    assert all(
        more[key].parts["dense"] == pytest.approx(found.parts["dense"], abs=1e-6) for key, found in alone.items()
    )


@pytest.mark.parametrize("retriever", ["hybrid", "lexical", "dense"])
def test_no_retriever_returns_more_than_it_was_asked_for(
    quick_assistant: MakeAssistant, harbour: Assistant, retriever: str
) -> None:
    assistant = quick_assistant(retriever=retriever)
    assert len(assistant.chain.retriever.retrieve(Query("harbour"), 1)) == 1


@pytest.mark.parametrize("retriever", ["hybrid", "lexical", "dense"])
def test_a_filter_holds_for_every_retriever(quick_assistant: MakeAssistant, harbour: Assistant, retriever: str) -> None:
    assistant = quick_assistant(retriever=retriever)
    nowhere = Filters(publisher="The Elmscote Courier")
    assert assistant.chain.retriever.retrieve(Query("harbour", nowhere), 10) == []


# --- Recency


def facts(**days: str | None) -> dict[str, ArticleFacts]:
    return {
        name: ArticleFacts(name, None, None, None, day and date.fromisoformat(day), None, None, Status.CURRENT, None)  # type: ignore[arg-type]
        for name, day in days.items()
    }


@pytest.mark.parametrize(
    ("published", "factor"),
    [
        pytest.param(DAY, 1.0, id="the-same-day"),
        pytest.param(date(2024, 5, 21), 1.0, id="dated-a-day-ahead"),
        pytest.param(date(2024, 5, 13), 2**-0.4, id="a-week"),
        pytest.param(date(2024, 4, 8), 7**-0.4, id="six-weeks"),
        pytest.param(None, (372 / 7) ** -0.4, id="undated-counts-as-a-year-old"),
    ],
)
def test_recency_falls_off_as_a_power_of_age(published: date | None, factor: float) -> None:
    assert recency(published, DAY) == pytest.approx(factor)


def test_among_old_articles_the_date_hardly_counts() -> None:
    this_week = recency(date(2024, 5, 20), DAY) / recency(date(2024, 5, 6), DAY)
    years_ago = recency(date(2018, 5, 20), DAY) / recency(date(2018, 5, 6), DAY)
    assert this_week > 1.5
    assert years_ago == pytest.approx(1.0, abs=0.01)


def test_a_recent_article_overtakes_one_that_is_a_little_better() -> None:
    found = prefer_recent(
        [hit("old", score=1.0, article="old"), hit("new", score=0.9, article="new")],
        facts(old="2023-01-01", new="2024-05-19"),
        DAY,
    )
    assert texts(found) == ["new", "old"]
    assert [h.rank for h in found] == [1, 2]


def test_an_old_article_that_is_far_better_stays_first() -> None:
    found = prefer_recent(
        [hit("old", score=1.0, article="old"), hit("new", score=0.1, article="new")],
        facts(old="2023-01-01", new="2024-05-19"),
        DAY,
    )
    assert texts(found) == ["old", "new"]


# --- Rerank

QUESTION = "Who closed the Orrin bridge?"
CLOSE = "Engineers closed the Orrin bridge."
APART = "The Orrin is a river. Nobody swims there. Its banks are steep. A shop closed. They built a bridge."


def rerank(*hits: Hit, question: str = QUESTION) -> list[Hit]:
    return make(Settings()).rerank(question, hits, lambda term: 1.0)


def test_words_that_stand_together_count_more_than_words_apart() -> None:
    assert texts(rerank(hit(APART), hit(CLOSE))) == [CLOSE, APART]


def test_coverage_is_the_mean_of_the_best_sentence_and_the_best_two_neighbours() -> None:
    weights = {"close": 1.0, "orrin": 2.0, "bridg": 4.0}
    assert best_windows("Orrin said so. It closed. The bridge is old.", weights) == (4.0, 5.0)
    (found,) = rerank(hit("Orrin said so. It closed. The bridge is old."))
    assert found.parts["rerank"] == pytest.approx((1 + 2) / 2 / 3)


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        pytest.param(hit("A", score=1.0), hit("B", score=0.5), id="the-retriever-put-it-first"),
        pytest.param(hit("A", dense=0.6), hit("B", dense=0.5), id="its-meaning-is-nearer"),
        pytest.param(hit("A", start=0), hit("B", start=900), id="it-opens-its-article"),
        pytest.param(hit("A", score=1.0, recency=1.0), hit("B", score=0.5, recency=0.5), id="it-is-recent"),
        pytest.param(hit(f"{CLOSE} A"), hit(f"{APART} B"), id="it-has-the-words"),
    ],
)
def test_other_things_being_equal_a_passage_comes_first_when(better: Hit, worse: Hit) -> None:
    assert rerank(worse, better)[0].passage == better.passage


def test_recency_counts_once() -> None:
    """The retriever's score comes with recency in it: both of these were equally good before."""
    recent, old = rerank(hit("A", score=0.8, recency=1.0), hit("B", score=0.4, recency=0.5))
    assert old.score / recent.score == pytest.approx(0.5)


def test_scores_are_positive_and_in_order() -> None:
    found = rerank(hit("A", score=0.01, recency=0.1), hit(CLOSE, dense=0.4), hit("B", dense=-0.2, start=9000))
    scores = [h.score for h in found]
    assert scores == sorted(scores, reverse=True)
    assert min(scores) > 0


def test_similarity_runs_from_the_farthest_hit_to_the_nearest() -> None:
    found = [hit(dense=0.7), hit(dense=0.2), hit(dense=0.3)]
    assert list(similarities(found).values()) == pytest.approx([1.0, 0.0, 0.2])


@pytest.mark.parametrize(
    ("cosines", "scaled"),
    [
        pytest.param([0.7, 0.2, None], [1.0, 0.0, 0.5], id="one-without-gets-the-mean"),
        pytest.param([None, None], [0.0, 0.0], id="none-has-one"),
        pytest.param([0.4], [0.0], id="a-single-one-says-nothing"),
        pytest.param([], [], id="no-hits"),
    ],
)
def test_a_missing_vector_neither_helps_nor_hurts(cosines: list[float | None], scaled: list[float]) -> None:
    found = [hit() if cosine is None else hit(dense=cosine) for cosine in cosines]
    assert list(similarities(found).values()) == pytest.approx(scaled)


def test_the_lead_of_an_article_is_worth_twice_what_follows_a_thousand_characters_in() -> None:
    assert [lead(hit(start=start).passage) for start in (0, 1000, 3000)] == [1.0, 0.5, 0.25]


@pytest.mark.parametrize("question", ["Who is it?", "?", "Orrin bridge"], ids=["no-terms", "no-words", "terms"])
def test_any_question_leaves_every_hit_in(question: str) -> None:
    assert sorted(texts(rerank(hit("A"), hit("B"), question=question))) == ["A", "B"]


def test_nothing_found_stays_nothing() -> None:
    assert rerank() == []


# --- The steps together


def test_an_article_of_the_day_far_down_the_retrievers_list_gets_a_closer_look(
    quick_assistant: MakeAssistant, store: Any
) -> None:
    class Found:
        def retrieve(self, query: Query, limit: int) -> list[Hit]:
            return [*(hit(f"Other {i}", score=1 / (60 + i)) for i in range(limit - 1)), late]

    article, _ = store("The harbour of Elmscote closed.", published=DAY)
    late = hit("The harbour of Elmscote closed.", score=1 / (60 + FIRST_STAGE), article=article.id)
    chain = quick_assistant().chain
    chain.retriever = Found()
    found = chain._retrieve(Request("harbour", filters=Filters(as_of=DAY), search_question="harbour"))
    assert len(found.hits) == CANDIDATES
    assert late.passage in [candidate.passage for candidate in found.hits]


def test_a_question_of_today_gets_the_article_of_today(quick_assistant: MakeAssistant) -> None:
    assistant = quick_assistant(retriever="hybrid")
    for day in ("2019-05-19", "2024-05-19", "2021-05-19"):
        article = make_article(f"The harbour of Elmscote closed. It was {day}.", published=date.fromisoformat(day))
        assistant.library.add(article, split_article(article))
    first, *_ = assistant.retrieve("Why did the harbour of Elmscote close?", filters=Filters(as_of=DAY), k=1)
    assert "2024-05-19" in first.passage.text
