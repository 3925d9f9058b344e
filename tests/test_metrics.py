"""Each metric against a number worked out by hand, and where there is one against a second implementation."""

from __future__ import annotations

import re
import string
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant import registry
from assistant.metrics import Metric, Outcome
from assistant.metrics._answer import prose
from assistant.metrics._estimate import estimate
from assistant.metrics._text import holds, normalise
from assistant.metrics.exact_match import exact_match
from assistant.metrics.f1 import f1
from assistant.metrics.gold_citation import gold_citation
from assistant.metrics.hit_at_k import first_hit, hit_at_k
from assistant.metrics.latency import percentile
from assistant.metrics.mrr import reciprocal_rank
from assistant.metrics.recall_at_k import recall_at_k
from assistant.types import (
    Answer,
    ArticleFacts,
    Citation,
    Hit,
    Match,
    Passage,
    Span,
    Status,
    Zone,
)

SHELF = {metric.name: metric for name in registry.names("metrics") for metric in registry.find("metrics", name)()}


def hits(*places: tuple[str, str]) -> tuple[Hit, ...]:
    """Hits at ranks 1, 2, ... from (article id, passage text)."""
    return tuple(
        Hit(
            Passage(Span(article_id, 0, len(text)), text, None, Zone.BODY, 1),
            rank,
            1 / rank,
        )
        for rank, (article_id, text) in enumerate(places, 1)
    )


def citation(article_id: str, start: int, end: int, quote: str, marker: int = 1) -> Citation:
    facts = ArticleFacts(article_id, None, None, None, None, None, None, Status.CURRENT, None)
    return Citation(
        marker,
        Span(article_id, start, end),
        quote,
        facts,
        Zone.BODY,
        0,
        1,
        Match.VERIFIED,
    )


def answered(text: str = "Yes.", *citations: Citation) -> Answer:
    return Answer("q", text, citations=citations)


ABSTAINED = Answer("q", "The articles don't say, not even $19 million.", abstained="nothing found")


def mean(name: str, *outcomes: Outcome) -> float | None:
    metric = SHELF[name]
    return estimate(*metric.values(list(outcomes)), statistic=metric.statistic).mean


class TestTheShelf:
    def test_names_are_unique_and_what_scripts_rely_on(self) -> None:
        made = [metric for name in registry.names("metrics") for metric in registry.find("metrics", name)()]
        assert len(made) == len(SHELF)
        assert set(SHELF) >= {
            *(
                "hit@1",
                "hit@4",
                "hit@10",
                "recall@5",
                "recall@10",
                "mrr@10",
                "answer_contains",
                "exact_match",
                "f1",
            ),
            *(
                "abstention_precision",
                "abstention_recall",
                "abstention_f1",
                "false_abstention",
                "correct_abstention",
            ),
            *(
                "citation_exactness",
                "gold_citation",
                "ask_p50_s",
                "ask_p95_s",
                "retrieve_p50_s",
                "retrieve_p95_s",
            ),
        }

    @pytest.mark.parametrize("name", sorted(set(SHELF) - {"abstention_recall", "correct_abstention"}))
    def test_a_case_that_failed_has_no_score_rather_than_zero(self, name: str) -> None:
        failed = Outcome(True, ("34",), frozenset("a"), (Span("a", 0, 1),))
        assert SHELF[name].score(failed) is None
        assert SHELF[name].score(replace(failed, answerable=False)) is None

    @pytest.mark.parametrize("module", registry.names("metrics"))
    def test_a_metric_s_docstring_gives_an_example(self, module: str) -> None:
        from importlib import import_module

        assert "Example:" in (import_module(f"assistant.metrics.{module}").__doc__ or "")

    @pytest.mark.parametrize(
        "name",
        [name for name, metric in SHELF.items() if metric.group in ("retrieval", "answer")],
    )
    def test_an_unanswerable_case_has_no_retrieval_or_answer_score(self, name: str) -> None:
        outcome = Outcome(
            False,
            ("34",),
            frozenset("a"),
            hits=hits(("a", "34")),
            answer=answered("34"),
        )
        assert SHELF[name].score(outcome) is None


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
        outcome = Outcome(True, ("34",), frozenset("a"), (Span("b", 8, 30), Span("a", 9, 20)), found)
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


def squad_normalise(text: str) -> str:
    """normalize_answer of evaluate-v1.1.py, as published."""
    lowered = "".join(char for char in text.lower() if char not in set(string.punctuation))
    return " ".join(re.sub(r"\b(a|an|the)\b", " ", lowered).split())


class TestAnswers:
    @given(st.text(alphabet=st.characters(min_codepoint=32, max_codepoint=126)))
    def test_the_normal_form_is_squad_s_on_ascii(self, text: str) -> None:
        theirs = squad_normalise(text)
        assert normalise(text) == theirs or not theirs  # ours keeps "The Who"'s "the" when nothing else is left

    @given(st.text())
    def test_the_normal_form_is_stable_and_ignores_case(self, text: str) -> None:
        assert normalise(normalise(text)) == normalise(text)

    @pytest.mark.parametrize(
        ("one", "other"),
        [
            ("“Break My Soul”", '"break my soul"'),
            ("Beyoncé", "Beyonce\u0301"),
            ("Straße", "STRASSE"),
            ("10\u00a0000", "10 000"),
            ("co\u00adoperate", "cooperate"),
            ("¿Qué?", "qué"),
            ("The Last Supper.", "last supper"),
        ],
    )
    def test_the_normal_form_is_safe_for_unicode(self, one: str, other: str) -> None:
        assert normalise(one) == normalise(other)

    @pytest.mark.parametrize(
        ("text", "answer"),
        [
            ("An anonymous bidder paid $19 million for lunch.", "$19 million"),
            ("Colombia’s first leftist president", "Colombia"),
            ("He faced 34 counts; then 34.", "34"),
            ("a 34-year-old man", "34"),
            ("Beyoncé’s ‘Break My Soul’ is out", '"Break My Soul"'),
            ("seen at the last supper", "The Last Supper"),
            ("up 5.9 percent", "5.9"),
            ("東京都で会議", "東京"),
            ("The U.S. said", "US"),
        ],
    )
    def test_a_text_holds_an_answer(self, text: str, answer: str) -> None:
        assert holds(text, [answer])

    @pytest.mark.parametrize(
        ("text", "answer"),
        [
            ("134 people", "34"),
            ("34,000 people", "34"),
            ("3.34 or 34.5 points", "34"),
            ("59 percent", "5.9"),
            ("an Italian", "Ian"),
            ("Colombian voters", "Colombia"),
            ("anything", "?"),
            ("", "34"),
        ],
    )
    def test_a_text_does_not_hold_what_only_looks_alike(self, text: str, answer: str) -> None:
        assert not holds(text, [answer])

    @given(st.text(alphabet="ab 1.,’'-é", min_size=1))
    def test_every_text_holds_itself_if_it_has_words(self, text: str) -> None:
        assert holds(text, [text]) or not normalise(text)

    def test_f1_by_hand(self) -> None:
        assert f1("bid of 19 million dollars", ["$19 million"]) == pytest.approx(4 / 7)
        assert f1("no", ["$19 million", "No."]) == 1
        assert f1("yes", ["no"]) == 0
        assert f1("to to to", ["to be to"]) == pytest.approx(2 / 3)

    def test_exact_match_by_hand(self) -> None:
        assert exact_match("The Last Supper.", ["Guernica", "“Last Supper”"]) == 1
        assert exact_match("It was The Last Supper.", ["“Last Supper”"]) == 0

    @pytest.mark.parametrize("name", ["answer_contains", "exact_match", "f1"])
    def test_an_abstention_on_an_answerable_case_scores_zero_whatever_it_says(self, name: str) -> None:
        outcome = Outcome(True, ("$19 million", ABSTAINED.text), answer=ABSTAINED)
        assert SHELF[name].score(outcome) == 0

    def test_only_the_markers_of_citations_are_taken_out(self) -> None:
        answer = answered("He paid $19 million [1], not [2] or [sic]. [1]", citation("a", 0, 1, "x"))
        assert prose(answer) == "He paid $19 million, not [2] or [sic]."


class TestAbstention:
    # tp 3, fp 1, fn 2, and two answerable cases that were answered
    outcomes = (
        *[Outcome(False, answer=ABSTAINED)] * 3,
        *[Outcome(True, answer=ABSTAINED)] * 1,
        *[Outcome(False, answer=answered())] * 2,
        *[Outcome(True, answer=answered())] * 2,
    )

    @pytest.mark.parametrize(
        ("name", "figure"),
        [
            ("abstention_precision", 3 / 4),
            ("abstention_recall", 3 / 5),
            ("correct_abstention", 3 / 5),
            ("abstention_f1", 6 / 9),
            ("false_abstention", 1 / 3),
        ],
    )
    def test_by_hand(self, name: str, figure: float) -> None:
        assert mean(name, *self.outcomes) == pytest.approx(figure)

    @given(st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1, max_size=30))
    def test_f1_is_the_harmonic_mean(self, cases: list[tuple[bool, bool]]) -> None:
        outcomes = [
            Outcome(answerable, answer=ABSTAINED if abstained else answered()) for answerable, abstained in cases
        ]
        precision, recall = (
            mean("abstention_precision", *outcomes),
            mean("abstention_recall", *outcomes),
        )
        if precision and recall:
            assert mean("abstention_f1", *outcomes) == pytest.approx(2 * precision * recall / (precision + recall))


class TestCitations:
    texts = {"a": "Nobody signed 😀 it."}  # noqa: RUF012

    def test_exactness_is_the_share_of_all_shown_citations(self) -> None:
        exact = citation("a", 0, 6, "Nobody")
        off_by_one = citation("a", 1, 7, "Nobody")
        three = Outcome(True, answer=answered("Yes.", exact, exact, off_by_one), texts=self.texts)
        one = Outcome(True, answer=answered("Yes.", exact), texts=self.texts)
        none = Outcome(True, answer=answered("Yes."), texts=self.texts)
        assert mean("citation_exactness", three, one, none) == pytest.approx(3 / 4)

    @pytest.mark.parametrize(
        ("wrong", "why"),
        [
            (citation("b", 0, 6, "Nobody"), "article unknown"),
            (citation("a", 0, 6, "nobody"), "other case"),
            (citation("a", -3, -1, "it"), "negative offsets"),
            (citation("a", 4, 4, ""), "empty"),
            (citation("a", 0, 99, "Nobody signed 😀 it."), "past the end"),
        ],
        ids=lambda value: value if isinstance(value, str) else "",
    )
    def test_what_is_not_exact(self, wrong: Citation, why: str) -> None:
        outcome = Outcome(True, answer=answered("Yes.", wrong), texts=self.texts)
        assert SHELF["citation_exactness"].score(outcome) == 0

    def test_gold_citation_by_hand(self) -> None:
        assert gold_citation([Span("a", 40, 90)], [Span("a", 80, 120)], []) == 1
        assert gold_citation([Span("a", 40, 80)], [Span("a", 80, 120)], ["a"]) == 0
        assert gold_citation([Span("a", 40, 80)], [], ["a"]) == 1
        assert gold_citation([], [], ["a"]) == 0

    def test_gold_citation_leaves_abstentions_out(self) -> None:
        outcome = Outcome(True, gold_articles=frozenset("a"), answer=ABSTAINED)
        assert SHELF["gold_citation"].score(outcome) is None


class TestEstimates:
    def test_two_cases_can_come_out_either_way(self) -> None:
        figure = estimate([0, 1])
        assert (figure.mean, figure.low, figure.high, figure.n) == (0.5, 0, 1, 2)

    def test_the_interval_of_a_share_is_the_binomial_s(self) -> None:
        # Resampling 100 cases of which half score 1 draws Binomial(100, 1/2) / 100, with quantiles 0.40 and 0.60.
        figure = estimate([0, 1] * 50)
        assert figure.low == pytest.approx(0.40, abs=0.011)
        assert figure.high == pytest.approx(0.60, abs=0.011)

    def test_the_same_scores_give_the_same_interval(self) -> None:
        assert estimate([0, 1, 1, 0.5]) == estimate([0, 1, 1, 0.5])

    def test_large_sets_are_resampled_in_blocks_to_the_same_end(self, monkeypatch: pytest.MonkeyPatch) -> None:
        whole = estimate([0.0, 1.0, 1.0])
        monkeypatch.setattr("assistant.metrics._estimate._CELLS", 30)
        assert estimate([0.0, 1.0, 1.0]) == whole

    def test_no_case_gives_no_figure_and_one_case_no_interval(self) -> None:
        nothing, one = estimate([], excluded=3), estimate([0.5])
        assert (nothing.mean, nothing.low, nothing.n, nothing.excluded) == (
            None,
            None,
            0,
            3,
        )
        assert (one.mean, one.low, one.high) == (0.5, None, None)

    def test_latency_percentiles_by_hand(self) -> None:
        seconds = np.array([0.4, 0.1, 0.3, 0.2])
        assert percentile(seconds, seconds, q=50) == pytest.approx(0.25)
        assert percentile(seconds, seconds, q=95) == pytest.approx(0.385)
        figure = estimate(list(seconds), statistic=SHELF["ask_p95_s"].statistic)
        assert figure.mean == pytest.approx(0.385)
        assert (figure.low or 1) < 0.385

    @given(st.lists(st.floats(0, 1), min_size=2, max_size=20))
    def test_the_interval_lies_within_the_scores(self, scores: list[float]) -> None:
        figure = estimate(scores)
        low, high = float(str(figure.low)), float(str(figure.high))
        assert min(scores) - 1e-9 <= low <= high <= max(scores) + 1e-9

    def test_a_metric_s_weights_follow_its_scores(self) -> None:
        metric = Metric(
            "x",
            "answer",
            lambda o: o.ask_s,
            weight=lambda o: 2.0 if o.answerable else 1.0,
        )
        outcomes = [Outcome(True, ask_s=1), Outcome(False, ask_s=0), Outcome(True)]
        assert metric.values(outcomes) == ([1, 0], [2, 1])
