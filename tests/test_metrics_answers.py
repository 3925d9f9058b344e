"""Metrics of answers, abstentions, citations, cost and latency against hand-worked numbers."""

from __future__ import annotations

import re
import string
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from outcomes import ABSTAINED, SHELF, abstained, answered, citation, mean

from assistant.metrics import CitedStatement, Outcome
from assistant.metrics._answer import prose
from assistant.metrics._estimate import estimate
from assistant.metrics._text import holds, normalise
from assistant.metrics.answer_findings import GROUPS_OF_KINDS
from assistant.metrics.citation_precision import citation_precision
from assistant.metrics.citation_recall import citation_recall
from assistant.metrics.exact_match import exact_match
from assistant.metrics.f1 import f1
from assistant.metrics.gold_citation import gold_citation
from assistant.metrics.latency import percentile
from assistant.metrics.wrong_citation import wrong_citation
from assistant.types import Answer, Citation, Difference, Kind, Match, Span, Usage


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

    def test_wrong_citation_by_hand(self) -> None:
        wrong = (Span("a", 80, 120),)
        assert wrong_citation(answered("Yes [1].", citation("a", 40, 90, "word" * 12)), wrong)
        assert not wrong_citation(answered("Yes [1].", citation("a", 40, 80, "word" * 10)), wrong)
        assert not wrong_citation(answered("Yes [1].", citation("b", 40, 90, "word" * 12)), wrong)

    def test_wrong_citation_is_the_share_of_known_mistakes_that_are_made_again(self) -> None:
        wrong = (Span("a", 0, 9),)
        again = Outcome(True, wrong_spans=wrong, answer=answered("Yes [1].", citation("a", 3, 5, "xy")))
        silent = Outcome(True, wrong_spans=wrong, answer=abstained())
        unknown = Outcome(True, answer=again.answer)
        assert mean("wrong_citation", again, silent, unknown, Outcome(True, wrong_spans=wrong)) == 0.5

    def test_where_only_a_mistake_is_known_abstaining_is_neither_right_nor_wrong(self) -> None:
        silent = Outcome(True, wrong_spans=(Span("a", 0, 9),), answer=abstained())
        named = ("false_abstention", "correct_abstention", "abstention_precision", "abstention_f1")
        assert {SHELF[name].score(silent) for name in named} == {None}
        assert SHELF["false_abstention"].score(replace(silent, accepted=("34",))) == 1.0
        assert SHELF["correct_abstention"].score(replace(silent, answerable=False)) == 1.0

    def test_gold_citation_leaves_abstentions_out(self) -> None:
        outcome = Outcome(True, gold_articles=frozenset("a"), answer=ABSTAINED)
        assert SHELF["gold_citation"].score(outcome) is None


def alce(statements: list[tuple[list[str], str]]) -> tuple[float, float]:
    """(recall, precision) as ALCE's script reckons them, for statements with citations that hold letters each.

    A set of citations supports a statement when together they hold all its letters.
    """
    recall, relevant, n_citations = 0, 0, 0
    for cited, wanted in statements:
        n_citations += len(cited)
        joint = bool(cited) and set(wanted) <= set("".join(cited))
        recall += joint
        if joint and len(cited) > 1:
            for place, one in enumerate(cited):
                rest = "".join(cited[:place] + cited[place + 1 :])
                relevant += set(wanted) <= set(one) or not set(wanted) <= set(rest)
        else:
            relevant += joint
    return recall / len(statements), relevant / n_citations if n_citations else 0.0


def judged(statements: list[tuple[list[str], str]]) -> tuple[CitedStatement, ...]:
    """The same statements as a run would have judged them."""

    def supports(cited: list[str], wanted: str) -> bool:
        return bool(cited) and set(wanted) <= set("".join(cited))

    return tuple(
        CitedStatement(
            supports(cited, wanted),
            tuple(supports([one], wanted) for one in cited),
            tuple(supports(cited[:i] + cited[i + 1 :], wanted) for i in range(len(cited))),
        )
        for cited, wanted in statements
    )


STATEMENTS = st.lists(
    st.tuples(st.lists(st.text("abc", min_size=1, max_size=2), max_size=3), st.text("abc", min_size=1, max_size=3)),
    min_size=1,
    max_size=4,
)


class TestCitedStatements:
    def test_recall_by_hand(self) -> None:
        statements = [(["ab"], "a"), (["a", "b"], "ab"), (["c"], "c"), ([], "a")]
        assert citation_recall(judged(statements)) == 3 / 4

    def test_precision_by_hand(self) -> None:
        assert citation_precision(judged([(["ab", "c"], "ab"), (["c"], "a")])) == pytest.approx(1 / 3)

    @pytest.mark.parametrize(
        ("cited", "relevant"),
        [
            (["a", "b"], 1.0),
            (["ab", "ab"], 1.0),
            (["ab", "a"], 0.5),
            (["ab", "c", "c"], 1 / 3),
            (["a", "c"], 0.0),
        ],
        ids=["only together", "either alone", "one not needed", "two not needed", "not supported at all"],
    )
    def test_which_citations_of_a_statement_are_relevant(self, cited: list[str], relevant: float) -> None:
        assert citation_precision(judged([(cited, "ab")])) == pytest.approx(relevant)

    @given(STATEMENTS)
    def test_recall_and_precision_are_alce_s(self, statements: list[tuple[list[str], str]]) -> None:
        recall, precision = alce(statements)
        assert citation_recall(judged(statements)) == pytest.approx(recall)
        cites = any(cited for cited, _ in statements)
        assert citation_precision(judged(statements)) == (pytest.approx(precision) if cites else None)

    def test_f1_takes_the_precision_of_answers_that_cite(self) -> None:
        half_right = [(["ab", "c"], "ab"), (["c"], "c"), (["b"], "a"), (["c", "d"], "cd")]  # P = 4/6, R = 3/4
        two = [Outcome(True, answer=answered(), statements=judged(each)) for each in (half_right, [([], "a")])]
        assert mean("citation_recall", *two) == pytest.approx(0.375)
        assert mean("citation_precision", *two) == pytest.approx(2 / 3)
        assert mean("citation_f1", *two) == pytest.approx(2 * 0.375 * (2 / 3) / (0.375 + 2 / 3))

    def test_f1_is_0_when_nothing_is_supported_and_not_defined_when_nothing_is_cited(self) -> None:
        assert mean("citation_f1", Outcome(True, answer=answered(), statements=judged([(["b"], "a")]))) == 0
        assert mean("citation_f1", Outcome(True, answer=answered(), statements=judged([([], "a")]))) is None

    @pytest.mark.parametrize("name", ["citation_recall", "citation_precision", "citation_f1"])
    def test_an_abstention_states_nothing(self, name: str) -> None:
        outcome = Outcome(True, answer=ABSTAINED, statements=judged([(["a"], "a")]))
        assert SHELF[name].score(outcome) is None
        assert SHELF[name].score(replace(outcome, answer=answered(), statements=())) is None


def rejected(start: int, end: int) -> Citation:
    return citation("a", 0, 4, "Nope", 0, stands_for=(start, end), status=Match.ABSENT)


def shown(start: int, end: int) -> Citation:
    return citation("a", 0, 2, "He", stands_for=(start, end))


class TestGateFindings:
    def test_by_hand(self) -> None:
        clean = answered("One. Two. Three.", shown(0, 4), shown(5, 9), shown(10, 16))
        caught = answered("One. Two.", shown(0, 4), rejected=(rejected(5, 9),))
        both = [Outcome(True, answer=each) for each in (clean, caught)]
        assert mean("gate_findings_per_100", *both) == pytest.approx(20)

    def test_a_statement_with_a_shown_and_a_rejected_quotation_is_one(self) -> None:
        answer = answered("One.", shown(0, 4), shown(0, 4), rejected=(rejected(0, 4),))
        assert SHELF["gate_findings_per_100"].score(Outcome(True, answer=answer)) == (1, 1)

    def test_several_findings_in_one_statement_all_count(self) -> None:
        answer = answered("One.", rejected=(rejected(0, 4), rejected(0, 4)))
        assert mean("gate_findings_per_100", Outcome(True, answer=answer)) == 200

    def test_an_answer_without_quotations_is_not_clean_but_excluded(self) -> None:
        assert SHELF["gate_findings_per_100"].score(Outcome(True, answer=answered())) is None


def marked(kind: Kind) -> Difference:
    return Difference(kind, "34", "35", 0, 2)


class TestAnswerFindings:
    def test_by_hand(self) -> None:
        clean = answered("One.", shown(0, 4))
        wrong = replace(clean, findings=(marked(Kind.NUMBER), marked(Kind.NAME)))
        cut = replace(clean, findings=(marked(Kind.CUT),))
        four = [Outcome(True, answer=each) for each in (clean, wrong, cut, clean)]
        assert mean("answer_findings", *four) == pytest.approx(2 / 4)
        assert mean("answer_findings_values", *four) == pytest.approx(1 / 4)
        assert mean("answer_findings_voice", *four) == 0

    def test_every_kind_that_the_gates_of_answers_find_is_in_one_group(self) -> None:
        found = [kind for kinds in GROUPS_OF_KINDS.values() for kind in kinds]
        assert len(found) == len(set(found)) == 10

    def test_an_answer_that_cites_nothing_is_excluded(self) -> None:
        assert SHELF["answer_findings"].score(Outcome(True, answer=answered())) is None


class TestCost:
    asked = answered("Yes.", usage=Usage(1200, 100), provenance={"model": "openai:gpt-5-mini"})

    def test_tokens_are_means_over_the_answers_of_a_model(self) -> None:
        other = replace(self.asked, usage=Usage(1000, 50))
        both = [Outcome(True, answer=self.asked), Outcome(True, answer=other)]
        assert (mean("input_tokens", *both), mean("output_tokens", *both)) == (1100, 75)

    @pytest.mark.parametrize(
        "answer",
        [
            answered(usage=Usage(), provenance={"model": None}),
            answered(usage=Usage()),
            answered(usage=Usage(), provenance={"model": "openai:gpt-5-mini"}),
        ],
        ids=["no model", "no provenance", "a server that counts nothing"],
    )
    def test_what_was_not_counted_is_not_0(self, answer: Answer) -> None:
        assert SHELF["input_tokens"].score(Outcome(True, answer=answer)) is None
        assert SHELF["output_tokens"].score(Outcome(True, answer=answer)) is None

    def test_an_abstention_of_the_model_costs_tokens_too(self) -> None:
        outcome = Outcome(True, answer=replace(self.asked, abstained="no"))
        assert SHELF["input_tokens"].score(outcome) == 1200

    def test_the_price_is_a_mean_over_the_answers_whose_price_is_known(self) -> None:
        assert mean("price_usd", Outcome(True, price=0.01), Outcome(True), Outcome(True, price=0.03)) == 0.02


class TestLatency:
    def test_percentiles_by_hand(self) -> None:
        seconds = np.array([0.4, 0.1, 0.3, 0.2])
        assert percentile(seconds, np.ones(4), q=50) == pytest.approx(0.25)
        assert percentile(seconds, np.ones(4), q=95) == pytest.approx(0.385)
        figure = estimate(list(seconds), statistic=SHELF["ask_p95_s"].statistic)
        assert figure.mean == pytest.approx(0.385)
        assert (figure.low or 1) < 0.385

    @given(st.lists(st.tuples(st.floats(0, 60), st.booleans()), min_size=1, max_size=12), st.sampled_from([50, 95]))
    def test_cases_of_weight_0_are_passed_over_as_numpy_would(self, cases: list[tuple[float, bool]], q: int) -> None:
        seconds, counts = np.array([second for second, _ in cases]), np.array([count for _, count in cases])
        ours = percentile(seconds, counts.astype(float), q=q)
        assert ours == (
            pytest.approx(np.percentile(seconds[counts], q)) if counts.any() else pytest.approx(np.nan, nan_ok=True)
        )

    def test_stages_are_those_of_the_answer(self) -> None:
        outcomes = [Outcome(True, answer=answered(timings={"rerank": s, "total": 9.0})) for s in (0.1, 0.2, 0.3, 0.4)]
        assert mean("stage_rerank_p50_s", *outcomes) == pytest.approx(0.25)
        assert mean("stage_rerank_p95_s", *outcomes) == pytest.approx(0.385)
        assert mean("stage_verify_p50_s", *outcomes) is None
