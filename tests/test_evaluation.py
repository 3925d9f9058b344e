"""Cases to scores: how gold is found, what is asked, which stage lost the right outcome, what a failure does."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from evaluated import (
    COUNCIL,
    CRASH,
    FERRY,
    FOG,
    NORWAY,
    VOTE,
    FakeAssistant,
    FakeChooser,
    articles,
    case,
    make_article,
    row,
)

from assistant.cases import EvalCase, GoldSpan
from assistant.errors import EmptyLibrary, UnknownName, WrongUse
from assistant.evaluation import EvalProgress, EvalReport, evaluate, scratch_library
from assistant.evaluation.gold import find_quote
from assistant.evaluation.one_case import judge_statements, support_of
from assistant.settings import load_settings
from assistant.types import (
    Answer,
    FactCheck,
    Filters,
    Judgement,
    Label,
    Premise,
    Span,
    Stance,
    Turn,
    Verdict,
)


@pytest.fixture
def assistant() -> FakeAssistant:
    return FakeAssistant(*articles())


class TestEvaluating:
    def test_figures_by_hand(self, assistant: FakeAssistant) -> None:
        report = evaluate(assistant, [VOTE, FOG, NORWAY])
        figures = {name: (figure.mean, figure.n, figure.excluded) for name, figure in report.metrics.items()}
        assert figures["hit@1"] == (1, 2, 1)
        assert figures["answer_contains"] == (1, 2, 1)
        assert figures["exact_match"] == (0, 2, 1)
        assert figures["abstention_recall"] == figures["correct_abstention"] == (1, 1, 2)
        assert figures["abstention_f1"] == (1, 1, 2)
        assert figures["false_abstention"] == (0, 2, 1)
        assert figures["citation_exactness"] == (1, 2, 1)
        assert figures["gold_citation"] == (1, 2, 1)
        assert (report.excluded, report.errors) == (0, 0)

    def test_questions_are_asked_as_of_their_date(self, assistant: FakeAssistant) -> None:
        evaluate(assistant, [case("a", "How?", date=date(2025, 8, 20)), case("b", "How?")])
        assert [filters.as_of for _, filters in assistant.asked] == [
            date(2025, 8, 20),
            None,
        ]

    def test_a_conversation_is_asked_in_order_and_its_last_question_scored(self) -> None:
        class Conversing(FakeAssistant):
            def ask(self, question: str, *, history: Sequence[Turn] = (), filters: Filters = Filters()) -> Answer:  # noqa: B008
                conversations.append((question, [(turn.question, turn.answer) for turn in history]))
                whole = " ".join([*(turn.question for turn in history), question])
                return replace(super().ask(whole, filters=filters), question=question, search_question=whole)

        conversations: list[tuple[str, list[tuple[str, str]]]] = []
        follow_up = replace(VOTE, question="And how?", earlier=(VOTE.question,))
        report = evaluate(Conversing(*articles()), [follow_up])
        (_, before), (question, history) = conversations
        assert (before, question) == ([], "And how?")
        assert history[0][0] == VOTE.question
        assert history[0][1]
        assert (report.errors, report.metrics["answer_contains"].n) == (0, 1)
        assert (report.metrics["answer_contains"].mean, report.metrics["hit@4"].mean) == (1, 1)

    def test_a_follow_up_that_nobody_is_asked_is_searched_for_with_the_words_before_it(self) -> None:
        follow_up = replace(VOTE, question="And how?", earlier=("Who voted for filters on Friday?",))
        report = evaluate(FakeAssistant(*articles()), [follow_up], ask=False)
        assert report.metrics["hit@4"].mean == 1

    def test_a_case_that_fails_is_a_row_with_its_error_and_the_run_goes_on(self, assistant: FakeAssistant) -> None:
        report = evaluate(assistant, [CRASH, VOTE])
        failed, fine = report.results
        assert failed.error == "RuntimeError: the model\nwent away"
        assert failed.scores == {}
        assert fine.error is None
        assert report.errors == 1
        assert (
            report.metrics["hit@4"].n,
            report.metrics["hit@4"].excluded,
            report.excluded,
        ) == (1, 1, 0)

    def test_a_gold_quote_that_the_article_lacks_is_an_error_of_the_set(self, assistant: FakeAssistant) -> None:
        wrong = case("w", "How?", gold_spans=(GoldSpan("ferry", "the fog was like a curtain"),))
        report = evaluate(assistant, [wrong, VOTE])
        assert "does not hold the gold quote 'the fog was like a curtain'" in (report.results[0].error or "")

    @pytest.mark.parametrize(
        "gold",
        [
            {"gold_article_ids": ("gone",)},
            {"gold_spans": (GoldSpan("gone", "7 to 2"),)},
        ],
    )
    def test_gold_that_the_library_lacks_is_a_miss_and_is_named(self, assistant: FakeAssistant, gold: Any) -> None:
        report = evaluate(assistant, [case("g", VOTE.question, answers=("7 to 2",), **gold)])
        assert (report.metrics["hit@10"].mean, report.metrics["hit@10"].n) == (0, 1)
        assert report.missing_gold == ("gone",)

    def test_any_source_id_of_an_article_names_it_and_counts_once(self) -> None:
        council = make_article("council", COUNCIL)
        assistant = FakeAssistant(council, rows=[row(council, source_ids=("council", "wire-7"))])
        both = case(
            "b",
            VOTE.question,
            answers=("7 to 2",),
            gold_article_ids=("wire-7", "council"),
        )
        assert evaluate(assistant, [both]).metrics["recall@5"].mean == 1

    def test_gold_of_a_replaced_version_is_the_version_that_answers_now(self) -> None:
        earlier = make_article("draft", "The council meets.", url="https://example.org/c")
        later = make_article("final", COUNCIL, url="https://example.org/c")
        assistant = FakeAssistant(later, rows=[row(later), row(earlier, current=False)])
        report = evaluate(assistant, [case("r", VOTE.question, gold_article_ids=("draft",))])
        assert (report.metrics["hit@1"].mean, report.missing_gold) == (1, ())

    def test_metrics_that_look_deeper_than_k_are_left_out(self, assistant: FakeAssistant) -> None:
        metrics = evaluate(assistant, [VOTE], k=5).metrics
        assert "recall@5" in metrics
        assert not {"hit@10", "recall@10", "mrr@10"} & set(metrics)

    def test_searching_alone_asks_nothing(self, assistant: FakeAssistant) -> None:
        report = evaluate(assistant, [VOTE, FOG, CRASH], ask=False)
        assert assistant.asked == []
        assert (report.errors, report.metrics["hit@1"].n, report.metrics["f1"].n) == (
            0,
            3,
            0,
        )

    def test_progress_is_told_after_every_case(self, assistant: FakeAssistant) -> None:
        told: list[EvalProgress] = []
        evaluate(assistant, [VOTE, CRASH], progress=told.append)
        assert [(at.done, at.total, at.errors, at.case_id) for at in told] == [(1, 2, 0, "vote"), (2, 2, 1, "crash")]
        assert told[0].figures["hit@4"] == told[1].figures["answer_contains"] == 1

    def test_two_runs_give_the_same_figures(self, assistant: FakeAssistant) -> None:
        runs = [evaluate(assistant, [VOTE, FOG, NORWAY, CRASH]).metrics for _ in range(2)]
        assert runs[0] == runs[1]

    def test_what_makes_no_sense_is_refused_before_the_first_question(self, assistant: FakeAssistant) -> None:
        with pytest.raises(WrongUse, match="No question to evaluate"):
            evaluate(assistant, [])
        with pytest.raises(WrongUse, match="k = 0"):
            evaluate(assistant, [VOTE], k=0)
        with pytest.raises(EmptyLibrary, match="assistant ingest"):
            evaluate(FakeAssistant(), [VOTE])
        assert assistant.asked == []


class TestFindingQuotes:
    def test_every_occurrence_is_found(self) -> None:
        article = make_article("x", "No. Yes. No. Yes.")
        assert find_quote(article, "Yes.") == [
            Span(article.id, 4, 8),
            Span(article.id, 13, 17),
        ]

    def test_other_typography_is_found_and_other_words_are_not(self) -> None:
        article = make_article("ferry", FERRY)
        (span,) = find_quote(article, 'the fog  was "like a wall"')
        assert article.quote(span) == "the fog was “like a wall”"
        assert find_quote(article, "the fog was like a wall") == []


class TestOutcomes:
    """What is right, and the stage that lost what is not."""

    @pytest.mark.parametrize(
        ("wanted", "right", "lost_at"),
        [
            (VOTE, True, None),
            (NORWAY, True, None),
            (case("a", "Who voted for filters?", answerable=False), False, "answered anyway"),
            (case("b", VOTE.question, answers=("9 to 0",), gold_article_ids=("council",)), False, "not retrieved"),
            (case("c", VOTE.question, answers=("Friday",), gold_article_ids=("council",)), False, "not retrieved"),
            (
                case("d", "Who met at the council?", answers=("7 to 2",), gold_article_ids=("council",)),
                False,
                "not retrieved",
            ),
            (case("e", VOTE.question, answers=("7 to 2",), gold_article_ids=("gone",)), True, None),
            (
                case("f", "Whence came filters?", answers=("x",), gold_article_ids=("gone",)),
                False,
                "not in the library",
            ),
            (case("g", "What is xyz?", answers=("7",), gold_article_ids=("council",)), False, "not retrieved"),
            (case("h", VOTE.question), None, None),
            (CRASH, None, "error"),
        ],
        ids=lambda value: value.id if isinstance(value, EvalCase) else "",
    )
    def test_a_question_s(
        self, assistant: FakeAssistant, wanted: EvalCase, right: bool | None, lost_at: str | None
    ) -> None:
        (result,) = evaluate(assistant, [wanted]).results
        assert (result.right, result.lost_at) == (right, lost_at)

    def test_a_passage_below_those_that_an_answer_is_made_from_was_ranked_out(self) -> None:
        decoys = [make_article(f"d{i}", f"The council hired {i} new clerks for filters.") for i in range(8)]
        late = FakeAssistant(*decoys, make_article("council", "The council bought nine."))
        asked = case("q", "What did the council buy, filters?", answers=("nine",), gold_article_ids=("council",))
        (result,) = evaluate(late, [asked], k=20).results
        assert result.details["hit_rank"] == 9
        assert result.lost_at == "ranked out"

    def test_an_abstention_with_the_passage_in_hand_is_the_answerer_s_loss(self) -> None:
        class Silent(FakeAssistant):
            def ask(self, question: str, *, filters: Filters = Filters()) -> Answer:  # noqa: B008
                return Answer(question, "No.", abstained="nothing")

        (result,) = evaluate(Silent(*articles()), [VOTE]).results
        assert result.lost_at == "abstained"

    def test_a_case_shows_question_gold_answer_citations_and_marked_hits(self, assistant: FakeAssistant) -> None:
        (result,) = evaluate(assistant, [FOG]).results
        shown = result.to_json()
        (citation,) = shown["citations"]
        assert FERRY[citation["start"] : citation["end"]] == citation["quote"]
        assert shown["gold"]["spans"] == [{"article": "ferry", "quote": 'fog was "like a wall"'}]
        assert shown["hits"][0]["gold"] == "span"
        assert shown["hits"][0]["source_id"] == "ferry"
        assert shown["seconds"].keys() >= {"ask", "retrieve", "stage answer"}
        json.dumps(shown, allow_nan=False)


NOTA = ("9 to 0", "8 to 1", "None of the above")


class TestChoices:
    @pytest.mark.parametrize(
        ("choices", "right", "removed", "figures"),
        [
            (("9 to 0", "7 to 2"), (1,), None, {"choice_accuracy": 1}),
            (("9 to 0", "8 to 1"), (1,), None, {"choice_accuracy": 0}),
            (NOTA, (2,), True, {"nota_recall": 1}),
            (("9 to 0", "7 to 2", "None of these"), (1,), False, {"choice_accuracy": 1}),
        ],
        ids=["right", "must choose one", "none is right", "one is right"],
    )
    def test_one_is_chosen_and_none_only_where_that_is_offered(
        self, choices: tuple[str, ...], right: tuple[int, ...], removed: bool | None, figures: dict[str, float]
    ) -> None:
        asked = case("c", VOTE.question, choices=choices, right_choices=right, right_choice_removed=removed)
        report = evaluate(FakeChooser(*articles()), [asked])
        assert report.errors == 0
        assert {name: report.metrics[name].mean for name in figures} == figures
        assert report.results[0].right is bool(next(iter(figures.values())))

    def test_a_case_that_only_offers_choices_is_not_asked_in_words(self) -> None:
        system = FakeChooser(*articles())
        evaluate(system, [case("c", VOTE.question, choices=("7 to 2", "1"), right_choices=(0,))])
        assert system.asked == []

    @pytest.mark.parametrize("answerable", [True, False])
    def test_nor_counts_its_silence_as_an_abstention(self, answerable: bool) -> None:
        asked = case("c", VOTE.question, choices=("7 to 2", "1"), right_choices=(0,), answerable=answerable)
        report = evaluate(FakeChooser(*articles()), [asked])
        assert report.metrics["correct_abstention"].n == report.metrics["false_abstention"].n == 0

    def test_what_was_asked_in_words_is_right_by_its_words(self) -> None:
        asked = replace(VOTE, choices=("9 to 0", "8 to 1"), right_choices=(0,))
        (result,) = evaluate(FakeChooser(*articles()), [asked]).results
        assert (result.right, result.scores["choice_accuracy"]) == (True, 1.0)

    def test_a_system_that_can_not_choose_has_no_score(self, assistant: FakeAssistant) -> None:
        asked = case("c", VOTE.question, choices=("7 to 2", "1"), right_choices=(0,), gold_article_ids=("council",))
        assert evaluate(assistant, [asked]).metrics["choice_accuracy"].n == 0


class TestClaims:
    def test_a_claim_is_judged_by_the_evidence_it_comes_with(self) -> None:
        claims = [
            case("s", claim="The ferry Alma ran aground.", label=Label.SUPPORTED, evidence=(FERRY,)),
            case("n", claim="The mayor resigned in Lisbon.", label=Label.NOT_ENOUGH, evidence=(FERRY,)),
        ]
        report = evaluate(FakeAssistant(), claims)
        assert [result.details["verdict"]["label"] for result in report.results] == ["supported", "not_enough_evidence"]
        assert report.metrics["verdict_accuracy"].mean == 1
        assert report.results[0].details["hits"] == []

    def test_a_claim_without_evidence_is_judged_by_what_is_found(self, assistant: FakeAssistant) -> None:
        claim = case(
            "s", claim="The ferry Alma ran aground on Tuesday.", label=Label.SUPPORTED, gold_article_ids=("ferry",)
        )
        (result,) = evaluate(assistant, [claim]).results
        assert (result.right, result.scores["hit@1"]) == (True, 1)

    def test_an_unknown_verifier_is_named(self, assistant: FakeAssistant) -> None:
        with pytest.raises(UnknownName, match="overlapp"):
            evaluate(assistant, [VOTE], verifier="overlapp")


class FakeChecker(FakeAssistant):
    """Finds every claim refuted."""

    def check(self, text: str, *, filters: Filters = Filters()) -> FactCheck:  # noqa: B008
        self.asked.append((text, filters))
        return FactCheck(text, (), Verdict(Label.REFUTED, 0.9, "The Gazette says otherwise."))


class TestCheckingClaims:
    CLAIM = EvalCase("c", claim="The ferry sank.", label=Label.REFUTED, date=date(2025, 9, 10))

    def test_a_system_that_checks_judges_claims_itself_as_of_their_day(self) -> None:
        system = FakeChecker(*articles())
        (result,) = evaluate(system, [self.CLAIM]).results
        assert system.asked == [("The ferry sank.", Filters(as_of=date(2025, 9, 10)))]
        assert result.right
        assert result.details["verdict"]["refuted"] == 0.9

    def test_given_evidence_is_judged_by_the_verifier(self) -> None:
        system = FakeChecker(*articles())
        given = replace(
            self.CLAIM, evidence=("It rained.", "The ferry sank."), gold_evidence=(1,), label=Label.SUPPORTED
        )
        (result,) = evaluate(system, [given]).results
        assert system.asked == []
        assert result.right
        assert result.scores["evidence_hit@1"] == 1

    def test_a_system_that_only_searches_is_judged_by_what_it_found(self, assistant: FakeAssistant) -> None:
        claim = replace(self.CLAIM, claim="Nobody was hurt.", label=Label.SUPPORTED)
        (result,) = evaluate(assistant, [claim]).results
        assert result.right

    @pytest.mark.parametrize("label", list(Label))
    def test_a_verdict_keeps_its_label_and_confidence(self, label: Label) -> None:
        support = support_of(Verdict(label, 0.7, "Why."))
        assert (support.label, support.why) == (label, "Why.")
        assert support.confidence == pytest.approx(0.7)


class TestJudgingStatements:
    """ALCE's judgements, with a verifier that supports what stands in a sentence word for word."""

    class Literal:
        def judge(self, claim: str, premises: Sequence[Premise], day: date | None = None) -> list[Judgement]:
            held = [claim in premise.text for premise in premises]
            return [Judgement(Stance.SUPPORTS if there else Stance.NEUTRAL, float(there), 0.0) for there in held]

    def answer(self, text: str, *quotes: tuple[str, int, int]) -> Answer:
        (citation,) = FakeAssistant(*articles()).ask(VOTE.question).citations
        cited = [
            replace(citation, marker=i, quote=quote, answer_start=start, answer_end=end)
            for i, (quote, start, end) in enumerate(quotes, 1)
        ]
        return Answer("q", text, citations=tuple(cited))

    def test_each_citation_is_judged_alone_and_left_out(self) -> None:
        (judged,) = judge_statements(self.answer("A b. [1] [2]", ("A b.", 0, 4), ("C.", 0, 4)), self.Literal())
        assert (judged.supported, judged.alone, judged.without) == (True, (True, False), (False, True))

    def test_a_sentence_without_a_citation_is_not_supported(self) -> None:
        judged = judge_statements(self.answer("A b. [1] Nobody was hurt there.", ("A b.", 0, 4)), self.Literal())
        assert [statement.supported for statement in judged] == [True, False]

    def test_an_abstention_has_no_statements(self) -> None:
        assert judge_statements(Answer("q", "Not known.", abstained="nothing"), self.Literal()) == ()


REAL_QUESTIONS = (
    case(
        "vote",
        "How many voted for the new filters?",
        answers=("7",),
        gold_spans=(GoldSpan("council", "7 to 2"),),
    ),
    case("norway", "Who won the election in Norway?", answerable=False),
)


@pytest.fixture(scope="module")
def real_report(tmp_path_factory: pytest.TempPathFactory) -> EvalReport:
    """Two short articles through every floor of the real thing."""
    articles = tmp_path_factory.mktemp("articles") / "articles.jsonl"
    lines = [
        {"id": name, "title": name.title(), "text": text} for name, text in (("ferry", FERRY), ("council", COUNCIL))
    ]
    articles.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    home = tmp_path_factory.mktemp("home")
    with scratch_library(articles, settings=load_settings(home=home)) as (
        assistant,
        ingested,
    ):
        assert len(ingested.added) == 2
        report = evaluate(assistant, REAL_QUESTIONS)
    assert not (home / "library.db").exists()
    return report


class TestTheRealAssistant:
    def test_it_finds_the_gold_passage_and_cites_exactly(self, real_report: EvalReport) -> None:
        assert [result.error for result in real_report.results] == [None, None]
        assert real_report.metrics["hit@4"].mean == 1
        assert real_report.metrics["citation_exactness"].mean in (1, None)
        assert real_report.library["embedded"] > 0
        assert real_report.latency["ask_p50_s"].n == 2

    def test_articles_that_are_none_are_said_before_any_question(self, tmp_path: Path) -> None:
        (tmp_path / "empty.jsonl").write_text("")
        with (
            pytest.raises(EmptyLibrary, match=r"empty\.jsonl"),
            scratch_library(tmp_path / "empty.jsonl", settings=load_settings(home=tmp_path / "home")),
        ):
            pass
