"""Comparisons of two runs against exact tests, enumeration and the t test."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from outcomes import SHELF, abstained, answered

from assistant.errors import WrongUse
from assistant.metrics import Outcome
from assistant.metrics._compare import Scores, compare, mcnemar
from assistant.metrics._estimate import RESAMPLES, estimate


class TestMcNemar:
    # p values of scipy.stats.binomtest(min(better, worse), better + worse, 0.5)
    @pytest.mark.parametrize(
        ("better", "worse", "p"),
        [
            (10, 2, 0.03857421875),
            (2, 10, 0.03857421875),
            (0, 0, 1),
            (1, 0, 1),
            (6, 0, 0.03125),
            (25, 30, 0.5900533317766354),
            (3, 3, 1),
            (120, 90, 0.045114087864840696),
            (900, 1000, 0.023108845108901193),
        ],
    )
    def test_p_is_the_exact_binomial_s(self, better: int, worse: int, p: float) -> None:
        assert mcnemar(better, worse) == pytest.approx(p, rel=1e-12)

    def test_shares_of_the_same_cases_are_compared_by_it(self) -> None:
        one = [0.0] * 10 + [1.0] * 2 + [1.0] * 5 + [0.0] * 3
        other = [1.0] * 10 + [0.0] * 2 + [1.0] * 5 + [0.0] * 3
        found = compare(one, other)
        assert (found.test, found.n, found.better, found.worse) == ("mcnemar", 20, 10, 2)
        assert found.difference == pytest.approx(8 / 20)
        assert found.p == pytest.approx(0.03857421875)
        assert 0 < (found.low or 0) < 0.4 < (found.high or 0)

    def test_a_large_set_takes_no_time(self) -> None:
        assert mcnemar(10_000, 10_400) == pytest.approx(0.005, abs=0.001)


class TestPairedBootstrap:
    def test_two_cases_by_enumeration(self) -> None:
        # Differences -0.1 and 0.3: resamples come to -0.1, 0.1 and 0.3 with probability 1/4, 1/2 and 1/4.
        found = compare([0.5, 0.2], [0.4, 0.5])
        assert (found.test, found.n, found.better, found.worse) == ("bootstrap", 2, 1, 1)
        assert found.difference == pytest.approx(0.1)
        assert (found.low, found.high) == (pytest.approx(-0.1), pytest.approx(0.3))
        assert found.p == pytest.approx(0.5, abs=0.04)

    # p values of scipy.stats.ttest_rel on the same 200 pairs
    @pytest.mark.parametrize(("shift", "p"), [(0.0, 0.8325), (0.02, 0.1976), (0.04, 0.0186), (0.06, 0.00067)])
    def test_p_is_near_the_t_test_s_where_that_holds(self, shift: float, p: float) -> None:
        one = np.random.default_rng(7).random(200).round(3)
        other = np.random.default_rng(8).normal(one + shift, 0.25)
        assert compare(list(one), list(other)).p == pytest.approx(p, rel=0.15, abs=0.005)

    def test_the_same_scores_differ_by_nothing(self) -> None:
        found = compare([0.1, 0.7, 0.4], [0.1, 0.7, 0.4])
        assert (found.difference, found.low, found.high, found.p) == (0, 0, 0, 1)

    def test_p_has_a_floor(self) -> None:
        assert compare([0.1] * 30, [0.9] * 30).p == 1 / (RESAMPLES + 1)

    def test_the_same_runs_give_the_same_comparison(self) -> None:
        one, other = [0.1, 0.4, 0.8, 0.2], [0.3, 0.3, 0.9, 0.1]
        assert compare(one, other) == compare(one, other)

    @given(st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), min_size=2, max_size=15))
    def test_turned_round_it_says_the_opposite(self, pairs: list[tuple[float, float]]) -> None:
        one, other = [a for a, _ in pairs], [b for _, b in pairs]
        there, back = compare(one, other), compare(other, one)
        assert (there.better, there.worse, there.p) == (back.worse, back.better, pytest.approx(back.p))
        assert there.difference == pytest.approx(-(back.difference or 0))
        assert there.low == pytest.approx(-(back.high or 0))

    def test_an_interval_without_0_and_a_p_below_5_percent_go_together(self) -> None:
        generator = np.random.default_rng(3)
        for _ in range(60):
            one, other = generator.random(15), generator.random(15) + 0.25
            found = compare(list(one), list(other))
            assert found.low is not None
            assert found.p is not None
            if abs(found.p - 0.05) > 0.004:
                assert (found.low > 0) == (found.p < 0.05)


class TestWhatIsCompared:
    def test_lower_can_be_better(self) -> None:
        found = compare([0.5, 0.5, 0.5], [0.4, 0.3, 0.9], higher_is_better=False)
        assert (found.better, found.worse) == (2, 1)
        assert found.difference == pytest.approx(0.1 / 3)

    def test_the_difference_is_that_of_the_figures(self) -> None:
        one = [(0.0, 0.0), (0.0, 1.0), (1.0, 1.0), (1.0, 0.0)] * 5
        other = [(0.0, 0.0), (0.0, 0.0), (1.0, 1.0), (1.0, 0.0)] * 5
        statistic = SHELF["verdict_macro_f1"].statistic
        found = compare(one, other, statistic=statistic)
        figures = [estimate(run, statistic=statistic).mean or 0 for run in (one, other)]
        assert found.difference == pytest.approx(figures[1] - figures[0])
        assert (found.test, found.better, found.worse) == ("bootstrap", None, None)

    def test_a_score_that_only_one_run_has_counts_in_its_figure_alone(self) -> None:
        one: Scores = [1.0, None, 0.0, None]
        other: Scores = [1.0, 1.0, None, None]
        found = compare(one, other)
        assert (found.n, found.difference, found.better, found.worse) == (3, 0.5, 0, 0)
        assert found.test == "bootstrap"

    def test_runs_that_abstain_on_different_cases_differ_as_their_f1_do(self) -> None:
        metric = SHELF["abstention_f1"]
        silent, spoken = abstained(), answered()
        gold = [True] * 6 + [False] * 6
        one = [Outcome(right, answer=silent if i % 2 else spoken) for i, right in enumerate(gold)]
        other = [replace(outcome, answer=spoken if outcome.answerable else silent) for outcome in one]
        scores = [[metric.score(outcome) for outcome in run] for run in (one, other)]
        weights = [[metric.weight(outcome) for outcome in run] for run in (one, other)]
        found = compare(*scores, *weights, statistic=metric.statistic)
        assert found.difference == pytest.approx(1 - 0.5)  # tp 3, fp 3, fn 3 against tp 6

    @pytest.mark.parametrize(
        ("one", "other", "n"),
        [([], [], 0), ([None], [None], 0), ([None, None], [1.0, 0.0], 2)],
        ids=["no case", "no score", "one run without a score"],
    )
    def test_without_two_figures_there_is_no_difference(self, one: Scores, other: Scores, n: int) -> None:
        found = compare(one, other)
        assert (found.n, found.difference, found.low, found.p) == (n, None, None, None)

    def test_one_case_has_no_interval(self) -> None:
        found = compare([0.25], [0.75])
        assert (found.difference, found.low, found.high, found.p) == (0.5, None, None, None)

    def test_lists_of_different_length_are_refused(self) -> None:
        with pytest.raises(WrongUse, match="do not pair"):
            compare([1.0], [1.0, 0.0])
