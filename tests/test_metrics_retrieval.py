"""Retrieval metrics against hand-worked numbers and against ir-measures."""

from __future__ import annotations

from math import log2
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from outcomes import SHELF, hits, mean

from assistant.metrics import Outcome
from assistant.metrics._articles import ranked_articles
from assistant.metrics.average_precision import average_precision
from assistant.metrics.hit_at_k import first_hit, hit_at_k
from assistant.metrics.mrr import reciprocal_rank
from assistant.metrics.ndcg import ndcg_at_k
from assistant.metrics.recall_at_k import recall_at_k
from assistant.types import Span


class TestRetrieval:
    def test_recall_counts_each_gold_article_once(self) -> None:
        assert recall_at_k(["b", "c", "b", "d", "d"], {"a", "b"}, 5) == 0.5
        assert recall_at_k(["b", "c", "a"], {"a", "b"}, 2) == 0.5
        assert recall_at_k(["b"], set(), 5) is None

    def test_a_strict_hit_holds_the_answer_and_comes_from_a_gold_article(self) -> None:
        found = hits(("x", "It was 34."), ("a", "Nothing here."), ("a", "He faced 34 counts."))
        assert first_hit(Outcome(True, ("34",), frozenset("a"), hits=found)) == 3

    def test_without_a_string_answer_the_gold_article_is_enough(self) -> None:
        found = hits(("x", "It was 34."), ("a", "Nothing here."))
        assert first_hit(Outcome(True, (), frozenset("a"), hits=found)) == 2

    def test_gold_spans_decide_alone(self) -> None:
        found = hits(("a", "34 counts"), ("b", "34 counts"))
        outcome = Outcome(True, ("34",), frozenset("a"), (Span("b", 8, 30), Span("a", 9, 20)), hits=found)
        assert first_hit(outcome) == 2

    def test_hit_and_reciprocal_rank_by_hand(self) -> None:
        assert [hit_at_k(3, k) for k in (1, 4)] == [0, 1]
        assert hit_at_k(None, 10) == 0
        ranks = [1, 4, None]
        assert sum(reciprocal_rank(rank, 10) for rank in ranks) / 3 == pytest.approx(1.25 / 3)
        assert reciprocal_rank(11, 10) == 0

    def test_answers_without_gold_articles_can_t_judge_a_search(self) -> None:
        outcome = Outcome(True, ("34",), hits=hits(("a", "34")))
        assert [SHELF[name].score(outcome) for name in ("hit@4", "mrr@10", "recall@5")] == [None, None, None]

    @pytest.mark.parametrize("seed", range(5))
    def test_recall_and_mrr_agree_with_ir_measures(self, seed: int) -> None:
        ir = pytest.importorskip("ir_measures")
        generator = np.random.default_rng(seed)
        articles = [f"d{number:02}" for number in range(30)]
        outcomes, run, qrels = [], [], []
        for query in map(str, range(20)):
            ranked = [str(name) for name in generator.permutation(articles)[:12]]
            gold = frozenset(
                map(
                    str,
                    generator.choice(articles, size=generator.integers(1, 6), replace=False),
                )
            )
            outcomes.append(Outcome(True, (), gold, hits=hits(*((name, "text") for name in ranked))))
            run += [ir.ScoredDoc(query, name, -float(rank)) for rank, name in enumerate(ranked)]
            qrels += [ir.Qrel(query, name, 1) for name in gold]
        witness = ir.calc_aggregate(
            [ir.R @ 5, ir.R @ 10, ir.RR @ 10, ir.Success @ 1, ir.Success @ 4],
            qrels,
            run,
        )
        names = ("recall@5", "recall@10", "mrr@10", "hit@1", "hit@4")
        ours = [mean(name, *outcomes) for name in names]
        assert ours == pytest.approx(
            [
                witness[m]
                for m in (
                    ir.R @ 5,
                    ir.R @ 10,
                    ir.RR @ 10,
                    ir.Success @ 1,
                    ir.Success @ 4,
                )
            ]
        )

    @given(
        st.lists(st.sampled_from("abcdef"), max_size=12),
        st.sets(st.sampled_from("abcdef"), min_size=1),
    )
    def test_recall_never_falls_with_k(self, ranked: list[str], gold: set[str]) -> None:
        recalls = [recall_at_k(ranked, gold, k) or 0 for k in range(13)]
        assert recalls == sorted(recalls)
        assert 0 <= recalls[-1] <= 1


class TestRankedArticles:
    def test_an_article_stands_where_its_best_passage_stands(self) -> None:
        found = hits(("b", "1"), ("a", "2"), ("b", "3"), ("c", "4"), ("a", "5"))
        assert ranked_articles(found) == ["b", "a", "c"]

    def test_ndcg_by_hand(self) -> None:
        best = 2 + 1 / log2(3)
        assert ndcg_at_k(["x", "a", "b"], {"a": 2, "b": 1}, 10) == pytest.approx((2 / log2(3) + 1 / 2) / best)
        assert ndcg_at_k(["x", "a", "b"], {"a": 2, "b": 1}, 10) == pytest.approx(0.6697, abs=5e-5)
        assert ndcg_at_k(["x", "a", "b"], {"a": 2, "b": 1}, 1) == 0
        assert ndcg_at_k(["a", "b"], {"a": 2, "b": 1}, 1) == 1
        assert ndcg_at_k(["a"], {}, 10) is None

    def test_average_precision_by_hand(self) -> None:
        assert average_precision(["a", "x", "b"], {"a", "b", "c"}, 10) == pytest.approx((1 + 2 / 3) / 3)
        assert average_precision(["a", "x", "b"], {"a", "b", "c"}, 2) == pytest.approx(1 / 3)
        assert average_precision(["x"], {"a"}, 10) == 0
        assert average_precision(["a"], set(), 10) is None

    def test_gold_without_a_grade_has_1_and_a_grade_of_0_takes_gold_away(self) -> None:
        found = hits(("a", "1"), ("b", "2"), ("c", "3"))
        outcome = Outcome(True, (), frozenset("ac"), grades={"b": 3, "c": 0}, hits=found)
        assert mean("ndcg@10", outcome) == pytest.approx((1 + 3 / log2(3)) / (3 + 1 / log2(3)))
        assert mean("map@10", outcome) == 1

    @pytest.mark.parametrize("name", ["ndcg@10", "map@10"])
    def test_without_anything_relevant_there_is_no_score(self, name: str) -> None:
        assert SHELF[name].score(Outcome(True, grades={"a": 0}, hits=hits(("a", "1")))) is None

    @given(st.data())
    def test_ndcg_and_map_agree_with_ir_measures_on_rankings_of_articles(self, data: st.DataObject) -> None:
        ir = pytest.importorskip("ir_measures")
        articles = [f"d{number:02}" for number in range(15)]
        grades = data.draw(st.dictionaries(st.sampled_from(articles), st.integers(0, 3), min_size=1))
        ranked = data.draw(st.permutations(articles))[: data.draw(st.integers(1, 15))]
        outcome = Outcome(True, grades=grades, hits=hits(*((name, "text") for name in ranked)))
        run = [ir.ScoredDoc("q", name, -float(rank)) for rank, name in enumerate(ranked)]
        witness = ir.calc_aggregate([ir.nDCG @ 10, ir.AP @ 10], [ir.Qrel("q", *pair) for pair in grades.items()], run)
        if not any(grades.values()):
            assert SHELF["ndcg@10"].score(outcome) is None
            return
        assert [mean(name, outcome) for name in ("ndcg@10", "map@10")] == pytest.approx(
            [witness[ir.nDCG @ 10], witness[ir.AP @ 10]]
        )

    @given(st.lists(st.sampled_from("abcdef"), min_size=1, max_size=12), st.sets(st.sampled_from("abc"), min_size=1))
    def test_further_passages_of_an_article_change_nothing(self, ranked: list[str], gold: set[str]) -> None:
        def scores(names: list[str]) -> list[Any]:
            outcome = Outcome(True, (), frozenset(gold), hits=hits(*((name, "text") for name in names)))
            return [mean(name, outcome) for name in ("ndcg@10", "map@10")]

        assert scores(ranked) == scores(ranked + ranked[::-1])
