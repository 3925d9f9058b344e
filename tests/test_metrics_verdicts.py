"""Metrics of choices, verdicts and confidence against hand-worked numbers, scikit-learn's and plain counting."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise, permutations
from math import ceil

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from outcomes import SHELF, abstained, answered, chosen, claim, figure, mean

from assistant.metrics import Chart, Outcome
from assistant.metrics._risk import risks
from assistant.metrics.supported_precision import lower_bound
from assistant.types import Label, Support

NONE = None


def choice(index: int | None, right: int | None, removed: bool | None = None, *, answerable: bool = True) -> Outcome:
    gold = frozenset() if right is None else frozenset({right})
    return Outcome(
        answerable, n_choices=4, right_choices=gold, right_choice_removed=removed, choice=chosen(index, 0.75)
    )


class TestChoices:
    @pytest.mark.parametrize(
        ("index", "right", "removed", "score"),
        [
            (2, 2, None, 1),
            (1, 2, None, 0),
            (NONE, 2, None, 0),
            (2, 2, False, 1),
            (NONE, 2, False, 0),
            (NONE, NONE, True, 1),
            (2, NONE, True, 0),
            (2, 2, True, 0),
            (2, NONE, None, None),
        ],
        ids=[
            "right",
            "wrong",
            "none, though not offered",
            "right beside none of the above",
            "none of the above, wrongly",
            "none of the above, rightly",
            "one of them, though none is right",
            "the choice that was removed",
            "nothing known of the right one",
        ],
    )
    def test_what_is_right(
        self, index: int | None, right: int | None, removed: bool | None, score: float | None
    ) -> None:
        assert SHELF["choice_accuracy"].score(choice(index, right, removed)) == score

    def test_any_of_several_right_choices_will_do(self) -> None:
        outcome = replace(choice(3, 1), right_choices=frozenset({1, 3}))
        assert SHELF["choice_accuracy"].score(outcome) == 1

    def test_answerable_and_unanswerable_cases_apart(self) -> None:
        outcomes = [choice(1, 1), choice(0, 1), choice(2, 1, answerable=False)]
        assert figure("choice_accuracy", outcomes) == pytest.approx(1 / 3)
        assert figure("choice_accuracy_answerable", outcomes) == 0.5
        assert figure("choice_accuracy_unanswerable", outcomes) == 0

    def test_none_of_the_above_by_hand(self) -> None:
        outcomes = [
            *[choice(NONE, NONE, removed=True)] * 3,
            *[choice(1, NONE, removed=True)] * 1,
            *[choice(NONE, 2, removed=False)] * 1,
            *[choice(2, 2, removed=False)] * 6,
            *[choice(0, 2, removed=False)] * 3,
            *[choice(NONE, 2)] * 5,
        ]
        assert figure("nota_recall", outcomes) == 3 / 4
        assert figure("nota_precision", outcomes) == 3 / 4
        assert figure("choice_accuracy_not_removed", outcomes) == 6 / 10
        assert figure("choice_accuracy", outcomes) == 9 / 19


def claims(gold: str, found: str) -> list[Outcome]:
    return [claim(*pair) for pair in zip(gold, found, strict=True)]


class TestVerdicts:
    # The numbers are those of scikit-learn 1.9: accuracy_score, f1_score(average="macro", labels=gold labels),
    # balanced_accuracy_score, and the same on supported or not.
    @pytest.mark.parametrize(
        ("gold", "found", "accuracy", "macro_f1", "balanced", "supported"),
        [
            ("ssssrrrccnnn", "ssnrrrscnnns", 0.5833333, 0.6011905, 0.5833333, 0.625),
            ("ssssssrrr", "ssnsrcrnr", 0.5555556, 0.6666667, 0.5833333, 0.75),
            ("ssrrnn", "ssssss", 0.3333333, 0.1666667, 0.3333333, 0.5),
            ("srcn", "srcn", 1, 1, 1, 1),
            ("ssrr", "rrss", 0, 0, 0, 0),
        ],
        ids=["four labels", "found labels that gold lacks", "always supported", "all right", "all wrong"],
    )
    def test_figures_are_scikit_learn_s(
        self, gold: str, found: str, accuracy: float, macro_f1: float, balanced: float, supported: float
    ) -> None:
        outcomes = claims(gold, found)
        assert figure("verdict_accuracy", outcomes) == pytest.approx(accuracy)
        assert figure("verdict_macro_f1", outcomes) == pytest.approx(macro_f1)
        assert figure("verdict_balanced_accuracy", outcomes) == pytest.approx(balanced)
        assert figure("supported_balanced_accuracy", outcomes) == pytest.approx(supported)

    def test_macro_f1_and_balanced_accuracy_by_hand(self) -> None:
        assert figure("verdict_macro_f1", claims("ssr", "srr")) == pytest.approx(2 / 3)
        assert figure("verdict_balanced_accuracy", claims("sssr", "ssrr")) == pytest.approx((2 / 3 + 1) / 2)

    def test_supported_or_not_by_hand(self) -> None:
        outcomes = claims("ssss" + "rrrrrccnnn", "sssn" + "rncrrsssss")
        assert figure("supported_balanced_accuracy", outcomes) == pytest.approx((3 / 4 + 5 / 10) / 2)

    @pytest.mark.parametrize("gold", ["sss", "rnc"])
    def test_supported_or_not_needs_both_sides(self, gold: str) -> None:
        assert figure("supported_balanced_accuracy", claims(gold, "ssn")) is None

    def test_the_confusion_chart_has_rows_for_gold_and_columns_for_found(self) -> None:
        values, _ = SHELF["verdict_macro_f1"].values(claims("sssr", "ssns"))
        assert SHELF["verdict_macro_f1"].chart(values) == Chart(
            "confusion",
            "Verdicts by gold label",
            "matrix",
            "found",
            "gold",
            ((2, 0, 1), (1, 0, 0), (0, 0, 0)),
            ("supported", "refuted", "not_enough_evidence"),
        )


def claims_of(dataset: str, gold: str, found: str) -> list[Outcome]:
    return [replace(outcome, dataset=dataset) for outcome in claims(gold, found)]


def scored(dataset: str, supported: Sequence[float], others: Sequence[float]) -> list[Outcome]:
    """Claims by the likelihood of support that they were given."""
    pairs = [(Label.SUPPORTED, score) for score in supported] + [(Label.NOT_ENOUGH, score) for score in others]
    return [
        Outcome(True, gold_label=gold, support=Support(Label.NOT_ENOUGH, score, 0.0), dataset=dataset)
        for gold, score in pairs
    ]


def point(name: str, outcomes: list[Outcome]) -> float:
    """The figure without its interval."""
    values, weights = SHELF[name].values(outcomes)
    return float(SHELF[name].statistic(np.asarray(values), np.asarray(weights)))


class TestSetsCountAlike:
    TWO_SETS = claims_of("A", "sssss" + "nnnrr", "ssssn" + "snnnn") + claims_of("B", "ss" + "nn", "sn" + "nn")

    def test_precision_of_supported_by_hand(self) -> None:
        assert figure("supported_precision", self.TWO_SETS) == pytest.approx(5 / 6)
        assert figure("supported_precision_macro", self.TWO_SETS) == pytest.approx(4 / 5)
        assert figure("supported_precision_balanced", self.TWO_SETS) == pytest.approx(0.65 / (0.65 + 0.1))

    def test_recall_of_supported_by_hand(self) -> None:
        assert figure("supported_recall", self.TWO_SETS) == pytest.approx(5 / 7)
        assert figure("supported_recall_macro", self.TWO_SETS) == pytest.approx(0.65)

    def test_a_big_set_does_not_decide_what_sets_decide_alike(self) -> None:
        bigger = self.TWO_SETS + claims_of("A", "sssss" + "nnnrr", "ssssn" + "snnnn") * 9
        for name in ("supported_precision_macro", "supported_precision_balanced", "supported_recall_macro"):
            assert figure(name, bigger) == pytest.approx(figure(name, self.TWO_SETS)), name
        assert figure("supported_recall", bigger) != pytest.approx(5 / 7)

    def test_balanced_precision_does_not_follow_the_share_of_supported_claims(self) -> None:
        rare = claims_of("A", "ssss" + "n" * 40, "sssn" + "s" * 4 + "n" * 36)
        common = claims_of("A", "s" * 40 + "n" * 40, "s" * 30 + "n" * 10 + "s" * 4 + "n" * 36)
        assert figure("supported_precision_balanced", rare) == pytest.approx(0.75 / 0.85)
        assert figure("supported_precision_balanced", common) == pytest.approx(0.75 / 0.85)

    def test_a_set_without_supported_claims_has_no_precision_of_its_own(self) -> None:
        without = self.TWO_SETS + claims_of("C", "nnnnnn", "ssssss")
        assert figure("supported_precision_macro", without) == pytest.approx(4 / 5)
        assert figure("supported_precision", without) == pytest.approx(5 / 12)

    def test_refuted_by_hand(self) -> None:
        outcomes = claims_of("A", "rrr" + "rrrrrrr" + "s" * 5, "rrr" + "nnnnnnn" + "rnnnn")
        assert figure("refuted_precision", outcomes) == 0.75
        assert figure("refuted_recall", outcomes) == pytest.approx(0.3)
        assert figure("refuted_precision_macro", outcomes) is None, "fewer than five were found refuted"

    def test_sets_without_refuted_claims_have_no_say_on_refuted(self) -> None:
        outcomes = claims_of("A", "rrrrrs", "rrrrrr") + claims_of("summaries", "ssnn", "rrnn")
        assert figure("refuted_precision", outcomes) == pytest.approx(5 / 6)
        assert figure("refuted_precision_macro", outcomes) == pytest.approx(5 / 6)

    def test_refuted_claims_among_those_found_supported_by_hand(self) -> None:
        outcomes = claims("s" * 47 + "nn" + "r" + "r", "s" * 50 + "n")
        assert figure("refuted_as_supported", outcomes) == 0.02
        assert figure("refuted_as_supported", claims("sr", "nn")) is None

    def test_ranking_by_hand(self) -> None:
        outcomes = scored("A", [0.9, 0.4], [0.6, 0.1])
        assert figure("supported_auc", outcomes) == 0.75
        assert figure("supported_score_balanced_accuracy", outcomes) == 0.75

    def test_one_threshold_serves_all_sets(self) -> None:
        outcomes = scored("A", [0.9, 0.8], [0.7, 0.6]) + scored("B", [0.4, 0.3], [0.2, 0.1])
        assert figure("supported_auc", outcomes) == 1
        assert figure("supported_score_balanced_accuracy", outcomes) == 0.75

    @given(st.lists(st.tuples(st.integers(0, 199), st.booleans()), min_size=2, max_size=30))
    def test_ranking_is_plain_counting(self, pairs: list[tuple[int, bool]]) -> None:
        supported = [step / 200 + 0.001 for step, right in pairs if right]
        others = [step / 200 + 0.001 for step, right in pairs if not right]
        outcomes = scored("A", supported, others)
        if not supported or not others:
            assert np.isnan(point("supported_auc", outcomes))
            return
        wins = [(a > b) + (a == b) / 2 for a in supported for b in others]
        assert point("supported_auc", outcomes) == pytest.approx(np.mean(wins))
        accuracies = [
            (np.mean(np.array(supported) >= t) + np.mean(np.array(others) < t)) / 2 for t in [0, *supported, *others]
        ]
        assert point("supported_score_balanced_accuracy", outcomes) == pytest.approx(max(accuracies))

    def test_the_precision_chart_is_wilson_s_lower_bound_from_each_likelihood_on(self) -> None:
        values, _ = SHELF["supported_precision"].values(scored("A", [0.9] * 9, [0.9, 0.2]))
        chart = SHELF["supported_precision"].chart(values)
        assert chart is not None
        # statsmodels 0.14: proportion_confint(9, 10, method="wilson")[0]
        assert chart.points[0] == pytest.approx((0.5, 0.5958499, 10), abs=1e-4)
        assert chart.points[-1][0] == pytest.approx(0.9)
        assert lower_bound(0, 0) == 0
        assert lower_bound(0, 5) == 0


class TestEvidenceHit:
    @pytest.mark.parametrize(
        ("gold", "found", "score"),
        [({3, 4}, 4, 1), ({3, 4}, 5, 0), ({3}, None, 0), (set(), 4, None)],
        ids=["one of the gold ones", "another", "no sentence at all", "nothing settles the claim"],
    )
    def test_whether_the_verdict_rests_on_gold(self, gold: set[int], found: int | None, score: float | None) -> None:
        outcome = replace(claim("s", "s"), gold_evidence=frozenset(gold), evidence=found)
        assert SHELF["evidence_hit@1"].score(outcome) == score


def said(confidence: float | None, right: bool = True, *, answerable: bool = True) -> Outcome:
    answer = answered("It was 34." if right else "It was 35.", confidence=confidence)
    return Outcome(answerable, ("34",) if answerable else (), answer=answer)


def silent(confidence: float | None = 0.1, *, answerable: bool = True) -> Outcome:
    return Outcome(answerable, ("34",) if answerable else (), answer=abstained(confidence))


class TestWhatConfidenceIsComparedWith:
    @pytest.mark.parametrize(
        ("name", "outcome", "score"),
        [
            ("ece_answer", said(0.8), (0.8, 1)),
            ("ece_answer", said(0.8, right=False), (0.8, 0)),
            ("ece_answer", said(0.8, answerable=False), (0.8, 0)),
            ("ece_answer", replace(said(0.8), answerable=False), (0.8, 0)),
            ("ece_answer", said(None), None),
            ("ece_answer", replace(said(0.8), accepted=()), None),
            ("ece_answer", silent(0.1), None),
            ("aurc_answer", silent(0.1), (0.1, 0, 0)),
            ("aurc_answer", silent(0.1, answerable=False), (0.1, 0, 0)),
            ("aurc_answer", silent(None), None),
            ("aurc_answer", said(0.8), (0.8, 1, 1)),
            ("ece_choice", choice(2, 2), (0.75, 1)),
            ("ece_choice", choice(NONE, NONE, removed=True), (0.75, 1)),
            ("ece_choice", choice(NONE, 2, removed=False), (0.75, 0)),
            ("ece_choice", choice(NONE, 2), None),
            ("aurc_choice", choice(NONE, 2), (0.75, 0, 0)),
            ("ece_verdict", claim("s", "s", 0.75), (0.75, 1)),
            ("ece_verdict", claim("s", "r", 0.75), (0.75, 0)),
            ("ece_verdict", claim("n", "n", 0.75), (0.75, 1)),
        ],
        ids=[
            "right answer",
            "wrong answer",
            "answer to what the articles don't answer",
            "the same with the words of an accepted answer",
            "answer without a confidence",
            "no accepted answer to compare with",
            "abstention has no outcome",
            "abstention stands last",
            "abstention where it is right stands last too",
            "abstention without a confidence",
            "answer in the order",
            "right choice",
            "none of the above, rightly",
            "none of the above, wrongly",
            "none, though not offered, is an abstention",
            "which stands last",
            "right label",
            "wrong label",
            "not enough evidence is a label",
        ],
    )
    def test_scores(self, name: str, outcome: Outcome, score: tuple[float, ...] | None) -> None:
        assert SHELF[name].score(outcome) == score

    def test_a_case_with_an_answer_and_a_choice_counts_in_both_figures(self) -> None:
        outcome = replace(said(0.8), choice=chosen(0, 0.6), right_choices=frozenset({1}), n_choices=3)
        assert mean("brier_answer", outcome) == pytest.approx(0.04)
        assert mean("brier_choice", outcome) == pytest.approx(0.36)


def counted_ece(cases: list[tuple[float, bool]]) -> float:
    """Guo et al.'s equations 3 to 5, bin by bin."""
    total = 0.0
    for m in range(1, 11):
        inside = [(c, y) for c, y in cases if (m - 1) / 10 < c <= m / 10 or (m == 1 and c == 0)]
        if inside:
            accuracy, confidence = np.mean([y for _, y in inside]), np.mean([c for c, _ in inside])
            total += len(inside) / len(cases) * abs(accuracy - confidence)
    return total


class TestCalibration:
    def test_ece_by_hand(self) -> None:
        assert mean("ece_answer", said(0.85), said(0.95, False), said(0.25), said(0.25, False)) == pytest.approx(0.4)

    @given(st.lists(st.tuples(st.integers(0, 20).map(lambda n: n / 20) | st.floats(0, 1), st.booleans()), min_size=1))
    def test_ece_is_the_count_bin_by_bin(self, cases: list[tuple[float, bool]]) -> None:
        assert figure("ece_answer", [said(*case) for case in cases]) == pytest.approx(counted_ece(cases))

    def test_brier_by_hand(self) -> None:
        assert mean("brier_answer", said(0.8), said(0.6, False)) == pytest.approx(0.2)

    def test_brier_is_scikit_learn_s(self) -> None:
        cases = zip((0.8, 0.6, 0.3, 1.0, 0.0, 0.55), (1, 0, 0, 1, 1, 1), strict=True)
        assert figure("brier_answer", [said(c, bool(y)) for c, y in cases]) == pytest.approx(0.2820833333)

    def test_the_reliability_curve_has_a_point_a_filled_bin(self) -> None:
        outcomes = [*[said(0.9)] * 8, *[said(0.82, False)] * 2, *[said(0.2, False)] * 4, said(0.3)]
        drawn = SHELF["ece_answer"].chart(SHELF["ece_answer"].values(outcomes)[0])
        assert drawn.name == "reliability_answer"
        assert np.asarray(drawn.points) == pytest.approx(np.array([[0.2, 0, 4], [0.3, 1, 1], [0.884, 0.8, 10]]))

    def test_nine_cases_give_no_reliability_curve(self) -> None:
        assert SHELF["ece_answer"].chart([(0.5, 1.0)] * 9) is None


def risks_over_all_orders(cases: list[tuple[float, bool]]) -> list[float]:
    """Risk at 1..n, averaged over every order in which confidence does not rise."""
    orders = [order for order in permutations(cases) if all(a[0] >= b[0] for a, b in pairwise(order))]
    wrong = np.array([[not right for _, right in order] for order in orders])
    return list((wrong.cumsum(axis=1) / np.arange(1, len(cases) + 1)).mean(axis=0))


class TestRiskAndCoverage:
    def test_aurc_by_hand(self) -> None:
        outcomes = [said(0.8, False), silent(0.95), said(0.9), said(0.7)]
        assert figure("aurc_answer", outcomes) == pytest.approx((0 + 1 / 2 + 1 / 3 + 2 / 4) / 4)
        assert figure("aurc_answer", outcomes) == pytest.approx(0.3333, abs=5e-5)

    def test_a_perfect_order_comes_to_e_plus_1_minus_e_times_its_logarithm(self) -> None:
        outcomes = [said(0.9)] * 1500 + [said(0.1, False)] * 500
        metric = SHELF["aurc_answer"]
        values, weights = metric.values(outcomes)
        assert metric.statistic(np.array(values), np.array(weights)) == pytest.approx(
            0.25 + 0.75 * np.log(0.75), abs=1e-3
        )

    @given(st.lists(st.tuples(st.sampled_from([0.2, 0.5, 0.8]), st.booleans()), min_size=1, max_size=6))
    def test_equals_are_averaged_over_all_their_orders(self, cases: list[tuple[float, bool]]) -> None:
        values = np.array([(c, y, 1.0) for c, y in cases])
        expected = risks_over_all_orders(cases)
        assert risks(values, np.ones(len(cases))) == pytest.approx(np.array(expected))
        assert figure("aurc_answer", [said(*case) for case in cases]) == pytest.approx(np.mean(expected))

    @pytest.mark.parametrize("answerable", [True, False])
    def test_to_abstain_is_to_put_a_wrong_answer_last(self, answerable: bool) -> None:
        others = [said(0.9), said(0.6, False), said(0.5)]
        for name in ("aurc_answer", "selective_accuracy_answer@0.8"):
            abstaining = figure(name, [*others, silent(0.99, answerable=answerable)])
            assert abstaining == figure(name, [*others, said(0.01, False)])

    def test_where_all_abstain_there_is_no_figure(self) -> None:
        assert mean("aurc_answer", silent(), silent()) is None
        assert mean("selective_accuracy_answer@0.8", silent(), silent()) is None

    def test_selective_accuracy_by_hand(self) -> None:
        outcomes = [said(0.9), said(0.8), said(0.7, False), said(0.6), said(0.5, False)]
        assert figure("selective_accuracy_answer@0.8", outcomes) == 3 / 4

    @pytest.mark.parametrize("n", range(1, 31))
    def test_four_fifths_of_n_are_rounded_up(self, n: int) -> None:
        right = ceil(4 * n / 5)
        outcomes = [said(0.9)] * right + [said(0.1, False)] * (n - right)
        assert figure("selective_accuracy_answer@0.8", outcomes) == 1
        fewer = [said(0.9)] * (right - 1) + [said(0.1, False)] * (n - right + 1)
        assert figure("selective_accuracy_answer@0.8", fewer) == pytest.approx(1 - 1 / right)

    def test_the_curve_ends_where_answering_ends(self) -> None:
        outcomes = [said(0.9)] * 10 + [said(0.5, False)] * 2 + [silent()] * 4
        drawn = SHELF["aurc_answer"].chart(SHELF["aurc_answer"].values(outcomes)[0])
        assert drawn.points[0] == (1 / 16, 0)
        assert drawn.points[-1] == (12 / 16, pytest.approx(2 / 12))
        assert len(drawn.points) == 12

    def test_a_long_curve_is_thinned_to_a_hundred_points(self) -> None:
        drawn = SHELF["aurc_answer"].chart([(i / 1000, i % 2, 1.0) for i in range(1000)])
        assert len(drawn.points) == 100
        assert drawn.points[-1] == (1, 0.5)
