"""What a model is shown: whole sentences, best passage first, never more than the budget."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.articles import make_article
from assistant.chunking import split_article
from assistant.packing import Packed, pack
from assistant.settings import PassageSettings
from assistant.tokens import count_tokens
from assistant.types import Article, Hit

SENTENCES = [
    f"Sentence number {n} of the report says that the bridge stays closed for {n} weeks." for n in range(1, 13)
]


def hits_of(*articles: Article) -> list[Hit]:
    passages = [one for article in articles for one in split_article(article, PassageSettings(tokens=60, overlap=20))]
    return [Hit(passage, rank, 1 / rank) for rank, passage in enumerate(passages, start=1)]


@pytest.fixture(scope="module")
def bridge() -> Article:
    return make_article(" ".join(SENTENCES), title="Bridge")


def packed(*articles: Article, max_tokens: int, model: str = "") -> Packed:
    return pack(hits_of(*articles), {article.id: article for article in articles}, max_tokens, model)


def test_with_room_enough_every_sentence_is_shown_once(bridge: Article) -> None:
    made = packed(bridge, max_tokens=5000)

    assert [bridge.quote(span) for span in made.sentences.values()] == SENTENCES
    assert made.left_out == 0


@given(max_tokens=st.integers(0, 600))
def test_no_more_is_shown_than_fits_and_no_sentence_is_cut(max_tokens: int) -> None:
    article = make_article(" ".join(SENTENCES), title="Bridge")

    made = packed(article, max_tokens=max_tokens)

    assert made.n_tokens == count_tokens(made.text) <= max_tokens
    assert all(article.quote(span) in SENTENCES for span in made.sentences.values())
    assert all(f"[{i}] {article.quote(span)}" in made.text for i, span in made.sentences.items())
    assert len(made.sentences) + made.left_out >= len(SENTENCES)


def test_passages_are_numbered_without_gaps_and_named_by_their_hits(bridge: Article) -> None:
    other = make_article("The school begins a week late. Its cellars had been flooded.", title="School")

    made = packed(bridge, other, max_tokens=5000)

    assert [f"Passage {n} |" in made.text for n in range(1, len(made.hits) + 1)] == [True] * len(made.hits)
    for i, span in made.sentences.items():
        assert made.hits[i.passage - 1].passage.span.overlaps(span)


@pytest.mark.parametrize(
    ("model", "exact"),
    [("openai:gpt-5-mini", True), ("gpt-4o", True), ("openai:gpt-4", True), ("openai:smollm2", False), ("", False)],
)
def test_whether_the_models_own_vocabulary_counted_is_known(bridge: Article, model: str, exact: bool) -> None:
    assert packed(bridge, max_tokens=300, model=model).exact is exact
