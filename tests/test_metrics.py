"""The metrics' shelf: what every metric on it keeps to, and how scores become a figure with its interval."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from importlib import import_module
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from outcomes import SHELF, answered, bundle, hits

from assistant import registry
from assistant.metrics import GROUPS, Chart, Metric, Outcome
from assistant.metrics._estimate import estimate
from assistant.types import Label, Span

BUNDLE = bundle()


def scores(name: str) -> tuple[Any, Any]:
    values, weights = SHELF[name].values(BUNDLE)
    return np.asarray(values, dtype=float), np.asarray(weights, dtype=float)


def draw(name: str, outcomes: list[Outcome]) -> Chart | None:
    make = SHELF[name].chart
    return make(SHELF[name].values(outcomes)[0]) if make else None


class TestTheShelf:
    def test_names_are_unique(self) -> None:
        made = [metric for name in registry.names("metrics") for metric in registry.find("metrics", name)()]
        assert len(made) == len(SHELF)

    def test_scripts_can_rely_on_these_names(self) -> None:
        assert set(SHELF) >= set(
            """hit@1 hit@4 hit@10 recall@5 recall@10 mrr@10 ndcg@10 map@10
            answer_contains exact_match f1
            choice_accuracy choice_accuracy_answerable choice_accuracy_unanswerable choice_accuracy_not_removed
            nota_recall nota_precision
            abstention_precision abstention_recall abstention_f1 false_abstention correct_abstention
            citation_exactness gold_citation wrong_citation
            citation_recall citation_precision citation_f1 gate_findings_per_100
            answer_findings answer_findings_values answer_findings_voice answer_findings_cut answer_findings_place
            verdict_accuracy verdict_macro_f1 verdict_balanced_accuracy supported_balanced_accuracy
            supported_precision supported_precision_macro supported_precision_balanced supported_recall supported_recall_macro
            refuted_precision refuted_precision_macro refuted_recall refuted_as_supported evidence_hit@1
            supported_auc supported_score_balanced_accuracy
            ece_answer brier_answer aurc_answer selective_accuracy_answer@0.8 ece_choice ece_verdict
            input_tokens output_tokens price_usd
            ask_p50_s ask_p95_s retrieve_p50_s retrieve_p95_s stage_answer_p50_s stage_resolve_p95_s""".split()
        )

    @pytest.mark.parametrize("module", registry.names("metrics"))
    def test_a_metric_s_docstring_gives_a_source_and_an_example(self, module: str) -> None:
        doc = import_module(f"assistant.metrics.{module}").__doc__ or ""
        assert re.search(r"\b(19|20)\d\d\b", doc)
        assert re.search(r"Example: .*\d", doc, re.DOTALL)

    @pytest.mark.parametrize("name", SHELF)
    def test_a_metric_has_a_group_and_applies_to_some_of_the_bundle(self, name: str) -> None:
        metric = SHELF[name]
        assert metric.group in GROUPS
        assert len(metric.values(BUNDLE)[0]) >= 2

    @pytest.mark.parametrize("name", SHELF)
    def test_scores_are_finite_and_of_one_shape(self, name: str) -> None:
        values, weights = SHELF[name].values(BUNDLE)
        assert {np.shape(value) for value in values} in [{()}, {(2,)}, {(3,)}, {(4,)}]
        assert np.isfinite(np.asarray(values)).all()
        assert min(weights) > 0

    def test_what_is_better_when_lower(self) -> None:
        lower = {name for name, metric in SHELF.items() if metric.higher_is_better is False}
        times = {name for name in SHELF if name.endswith("_s")}
        losses = {name for name in SHELF if name.startswith(("ece_", "brier_", "aurc_"))}
        marked = {name for name in SHELF if name.startswith("answer_findings")}
        assert lower == times | losses | marked | {
            "false_abstention",
            "gate_findings_per_100",
            "price_usd",
            "refuted_as_supported",
            "wrong_citation",
        }
        assert {name for name, metric in SHELF.items() if metric.higher_is_better is None} == {
            "input_tokens",
            "output_tokens",
        }

    @pytest.mark.parametrize("name", SHELF)
    def test_a_share_lies_between_0_and_1(self, name: str) -> None:
        metric = SHELF[name]
        found = estimate(*metric.values(BUNDLE), statistic=metric.statistic).mean
        assert found is not None
        assert metric.unit != "share" or 0 <= found <= 1
        assert (metric.unit == "seconds") == (metric.group == "latency")

    @pytest.mark.parametrize("name", sorted(set(SHELF) - {"abstention_recall", "correct_abstention"}))
    def test_a_case_that_failed_has_no_score_rather_than_zero(self, name: str) -> None:
        failed = Outcome(
            True,
            ("34",),
            frozenset("a"),
            (Span("a", 0, 1),),
            right_choices=frozenset({1}),
            gold_label=Label.SUPPORTED,
            n_choices=4,
        )
        assert SHELF[name].score(failed) is None
        assert SHELF[name].score(replace(failed, answerable=False)) is None
        assert SHELF[name].score(replace(failed, right_choice_removed=True)) is None

    @pytest.mark.parametrize(
        "name", [name for name, metric in SHELF.items() if metric.group in ("retrieval", "answer")]
    )
    def test_an_unanswerable_case_has_no_retrieval_or_answer_score(self, name: str) -> None:
        outcome = Outcome(False, ("34",), frozenset("a"), hits=hits(("a", "34")), answer=answered("34"))
        assert SHELF[name].score(outcome) is None


class TestStatistics:
    """What `_estimate.py` and `_compare.py` ask of every statistic."""

    @pytest.mark.parametrize("name", SHELF)
    def test_resamples_get_the_figures_they_would_get_one_by_one(self, name: str) -> None:
        data, weights = scores(name)
        generator = np.random.default_rng(1)
        for n in (1, 2, len(data)):
            rows = generator.integers(0, len(data), size=(7, n))
            figures = SHELF[name].statistic(data[rows], weights[rows])
            assert figures.shape == (7,)
            alone = [float(SHELF[name].statistic(data[row], weights[row])) for row in rows]
            np.testing.assert_allclose(figures, alone)

    @pytest.mark.parametrize("name", SHELF)
    def test_a_weight_of_0_leaves_the_case_out(self, name: str) -> None:
        data, weights = scores(name)
        statistic = SHELF[name].statistic
        for left_out in range(len(data)):
            others = np.delete(np.arange(len(data)), left_out)
            without = np.where(np.arange(len(data)) == left_out, 0, weights)
            np.testing.assert_allclose(statistic(data, without), statistic(data[others], weights[others]))
        assert np.isnan(statistic(data, 0 * weights))

    @pytest.mark.parametrize("name", SHELF)
    def test_the_order_of_cases_does_not_matter(self, name: str) -> None:
        data, weights = scores(name)
        order = np.random.default_rng(2).permutation(len(data))
        statistic = SHELF[name].statistic
        np.testing.assert_allclose(statistic(data[order], weights[order]), statistic(data, weights))

    @pytest.mark.parametrize("name", SHELF)
    def test_an_estimate_has_a_figure_and_an_interval(self, name: str) -> None:
        metric = SHELF[name]
        made = estimate(*metric.values(BUNDLE * 3), statistic=metric.statistic, group=metric.group)
        assert made.mean is not None
        assert made.low is not None
        assert made.high is not None
        assert made.low <= made.high


class TestCharts:
    charted = [name for name, metric in SHELF.items() if metric.chart]  # noqa: RUF012

    def test_their_names_are_unique(self) -> None:
        names = [chart.name for name in self.charted if (chart := draw(name, BUNDLE * 9))]
        assert len(names) == len(set(names)) == len(self.charted)

    @pytest.mark.parametrize("name", charted)
    def test_scores_that_went_through_json_give_the_same_chart(self, name: str) -> None:
        values, _ = SHELF[name].values(BUNDLE * 9)
        chart = SHELF[name].chart
        assert chart is not None
        assert chart(json.loads(json.dumps(values))) == chart(values)

    @pytest.mark.parametrize("name", charted)
    def test_points_are_finite_and_of_the_kind_s_shape(self, name: str) -> None:
        chart = draw(name, BUNDLE * 9)
        assert chart is not None
        points = np.asarray(chart.points)
        assert np.isfinite(points).all()
        assert points.shape in (
            [(len(chart.labels), len(chart.labels))] if chart.kind == "matrix" else [(len(points), 2), (len(points), 3)]
        )

    @pytest.mark.parametrize("name", charted)
    def test_nothing_gives_no_chart(self, name: str) -> None:
        assert draw(name, []) is None


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

    def test_a_resample_without_a_figure_is_left_out_of_the_interval(self) -> None:
        def only_twos(values: Any, weights: Any) -> Any:
            return np.where((values == 2).any(axis=-1), values.max(axis=-1), np.nan)

        figure = estimate([1.0, 2.0], statistic=only_twos)
        assert (figure.mean, figure.low, figure.high, figure.n) == (2, 2, 2, 2)

    def test_a_figure_that_is_not_defined_counts_its_cases_as_excluded(self) -> None:
        figure = estimate([1.0, 2.0], statistic=lambda values, _: values.sum(axis=-1) * np.nan, excluded=3)
        assert (figure.mean, figure.low, figure.n, figure.excluded) == (None, None, 0, 5)
