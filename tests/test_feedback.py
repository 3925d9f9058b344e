"""What readers say of citations: a question set that evaluation runs."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from samples import sentences

from assistant import Assistant
from assistant.api import MAX_QUESTION_CHARS
from assistant.cases import GoldSpan
from assistant.errors import WrongUse
from assistant.evaluation import evaluate
from assistant.evaluation.cases import load_cases
from assistant.feedback import FILE, MAX_COMMENT, MAX_EARLIER, MAX_STATEMENT, Feedback, FeedbackFile, Rating
from assistant.types import Answer, Citation, Filters, Label, Match, Span, Turn, Zone

COUNCIL = "The council voted on Monday.\n\nIt voted 7 to 2 for filters. The filters cost $3.6 million, the mayor said."
QUESTION = "What do the filters cost?"
AS_OF = date(2026, 3, 14)


@pytest.fixture
def assistant(quick_assistant: Callable[..., Assistant], tmp_path: Path) -> Assistant:
    made = quick_assistant()
    lines = [
        {
            "id": "council",
            "title": "Filters",
            "text": COUNCIL,
            "published": "2026-03-10",
            "publisher": "Harbour Courier",
        },
        {"id": "boats", "title": "Boats", "text": sentences(12)},
        {
            "title": "No id",
            "text": "The ferry sails at noon. Nobody gave this report an id of its own.",
        },
    ]
    path = tmp_path / "articles.jsonl"
    path.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    made.ingest(path, embed=False)
    return made


@pytest.fixture
def answer(assistant: Assistant) -> Answer:
    return assistant.ask(QUESTION)


def rows(assistant: Assistant) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (assistant.settings.home / FILE).read_text("utf-8").splitlines()]


def evaluated(assistant: Assistant) -> Any:
    found = load_cases(assistant.settings.home / FILE)
    assert (found.format, found.failures) == ("own", ())
    report = evaluate(assistant, found.cases)
    assert [result.error for result in report.results] == [None] * len(report.results)
    assert report.missing_gold == ()
    return report


# ── one judgement, one case ───────────────────────────────────────────────────────────────────────────────────────────
def test_a_good_citation_is_gold_that_evaluation_finds_again(assistant: Assistant, answer: Answer) -> None:
    cited = answer.citations[0]
    case = assistant.give_feedback(answer, cited, "good", filters=Filters(as_of=AS_OF))
    assert (case.question, case.date) == (QUESTION, AS_OF)
    assert case.gold_spans == (GoldSpan("council", cited.quote),)
    report = evaluated(assistant)
    assert (report.metrics["gold_citation"].mean, report.metrics["hit@1"].mean) == (1, 1)
    assert report.results[0].right is True
    assert report.metrics["wrong_citation"].n == 0


def test_a_wrong_span_is_a_mistake_that_evaluation_sees_made_again(assistant: Assistant, answer: Answer) -> None:
    case = assistant.give_feedback(answer, answer.citations[0], "wrong_span")
    assert case.wrong_spans == (GoldSpan("council", answer.citations[0].quote),)
    report = evaluated(assistant)
    assert report.metrics["wrong_citation"].mean == 1
    assert (report.results[0].right, report.results[0].lost_at) == (False, "wrong citation")


def test_a_mistake_that_is_not_made_again_is_right(assistant: Assistant, answer: Answer) -> None:
    other = replace(answer.citations[0], span=Span(answer.citations[0].article.id, 0, 28), quote=COUNCIL[:28])
    assistant.give_feedback(answer, other, "wrong_span")
    report = evaluated(assistant)
    assert report.metrics["wrong_citation"].mean == 0
    assert report.results[0].right is True
    assert report.metrics["false_abstention"].n == 0


def test_a_statement_that_is_not_supported_is_a_claim_with_its_evidence(assistant: Assistant, answer: Answer) -> None:
    case = assistant.give_feedback(answer, answer.statements[0], "not_supported", filters=Filters(as_of=AS_OF))
    said = answer.statements[0]
    assert (case.claim, case.label, case.date) == (answer.text[said.start : said.end], Label.NOT_ENOUGH, AS_OF)
    assert case.evidence == tuple(one.quote for one in answer.citations if one.answer_end <= said.end)
    report = evaluated(assistant)
    assert report.metrics["verdict_accuracy"].mean == 0  # verbatim words: the verifier is sure, and the reader was not


def test_a_follow_up_is_asked_again_after_the_questions_before_it(assistant: Assistant, answer: Answer) -> None:
    turns = [Turn("How did the council vote?", "7 to 2."), Turn("On what day?", "On Monday.")]
    case = assistant.give_feedback(answer, answer.citations[0], Rating.GOOD, history=turns)
    assert case.earlier == ("How did the council vote?", "On what day?")
    assert evaluated(assistant).metrics["gold_citation"].mean == 1


def test_of_a_long_conversation_the_last_questions_are_kept(assistant: Assistant, answer: Answer) -> None:
    turns = [Turn(f"What is said on page {n}?", "This.") for n in range(200)]
    case = assistant.give_feedback(answer, answer.citations[0], "good", history=turns)
    assert case.earlier == tuple(turn.question for turn in turns[-MAX_EARLIER:])


def test_every_kind_of_case_is_read_back_as_it_was_written(assistant: Assistant, answer: Answer) -> None:
    other = replace(answer, question="And what do they cost, “exactly”\u2028today?")
    written = [
        assistant.give_feedback(answer, answer.citations[0], "good", filters=Filters(as_of=AS_OF)),
        assistant.give_feedback(other, answer.citations[0], "wrong_span", history=[Turn("Who?", "They.")]),
        assistant.give_feedback(other, answer.statements[0], "not_supported"),
    ]
    read = load_cases(assistant.settings.home / FILE).cases
    assert [replace(case, dataset="") for case in read] == written


def test_an_article_without_an_id_of_its_own_is_named_by_the_library_s(assistant: Assistant) -> None:
    [ferry] = [row.facts for row in assistant.articles() if row.facts.source_id is None]
    words = "The ferry sails at noon."
    cited = Citation(1, Span(ferry.id, 0, len(words)), words, ferry, Zone.BODY, 0, len(words), Match.VERIFIED)
    case = assistant.give_feedback(Answer("When does the ferry sail?", f"{words} [1]", (cited,)), cited, "good")
    assert case.gold_article_ids == (ferry.id,)
    assert evaluated(assistant).metrics["hit@1"].mean == 1


def test_an_id_that_two_articles_share_names_neither(assistant: Assistant, answer: Answer, tmp_path: Path) -> None:
    again = tmp_path / "again.jsonl"
    again.write_text(json.dumps({"id": "council", "text": "Another council met. It had nothing to do with filters."}))
    assistant.ingest(again, embed=False)
    case = assistant.give_feedback(answer, answer.citations[0], "good")
    assert case.gold_article_ids == (answer.citations[0].article.id,)


# ── once, and the last word ───────────────────────────────────────────────────────────────────────────────────────────
def test_the_same_judgement_twice_is_one_case_with_the_later_comment(assistant: Assistant, answer: Answer) -> None:
    first = assistant.give_feedback(answer, answer.citations[0], "good", comment="Yes.")
    assert assistant.give_feedback(answer, answer.citations[0], "good", comment=" Yes, really. ") == first
    assert [row["comment"] for row in rows(assistant)] == ["Yes, really."]


@pytest.mark.parametrize("later", ["wrong_span", "not_supported"])
def test_a_changed_judgement_takes_the_former_s_place(assistant: Assistant, answer: Answer, later: str) -> None:
    assistant.give_feedback(answer, answer.citations[0], "good")
    assistant.give_feedback(answer, answer.citations[0], later)
    assert [row["rating"] for row in rows(assistant)] == [later]


def test_a_place_is_judged_once_for_all_that_is_said_of_it(assistant: Assistant, answer: Answer) -> None:
    cited = answer.citations[0]
    assistant.give_feedback(answer, cited, "good")
    assistant.give_feedback(replace(answer, text=f"Indeed: {answer.text}"), cited, "wrong_span")
    assert [row["rating"] for row in rows(assistant)] == ["wrong_span"]


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"filters": Filters(as_of=AS_OF)}, id="another day"),
        pytest.param({"history": [Turn("Who?", "They.")]}, id="after another question"),
        pytest.param({"answer": {"question": "What is it?"}}, id="another question"),
        pytest.param({"answer": {"text": "Other words that are long enough to be judged, whatever they say " * 3},
                      "rating": "not_supported"}, id="another statement that is not supported"),
    ],
)  # fmt: skip
def test_what_was_asked_otherwise_is_another_case(
    assistant: Assistant, answer: Answer, changes: dict[str, Any]
) -> None:
    assistant.give_feedback(answer, answer.citations[0], "good")
    about = replace(answer, **changes.pop("answer", {}))
    assistant.give_feedback(about, answer.citations[0], **{"rating": "good", **changes})
    assert len(rows(assistant)) == 2
    assert len({row["id"] for row in rows(assistant)}) == 2


# ── the file ──────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_lines_of_somebody_s_own_stay_as_they_are(assistant: Assistant, answer: Answer) -> None:
    path = assistant.settings.home / FILE
    own = '{"id": "mine",  "question": "Who?", "answerable": false}\r\n{"torn": \n[1]\n\xff\n'.encode("latin-1")
    path.write_bytes(own)
    assistant.give_feedback(answer, answer.citations[0], "good")
    assistant.give_feedback(answer, answer.citations[0], "wrong_span")
    assert path.read_bytes().startswith(own)
    assert path.read_bytes().count(b"\n") == 5


def test_processes_that_write_at_the_same_time_lose_nothing(tmp_path: Path) -> None:
    code = """
import sys
from pathlib import Path
from assistant.cases import GoldSpan
from assistant.feedback import Feedback, FeedbackFile, Rating
for n in range(15):
    FeedbackFile(Path(sys.argv[1])).add(Feedback(Rating.GOOD, f"{sys.argv[2]} {n}?", "Yes.", (GoldSpan("a", "Yes."),)))
"""
    running = [subprocess.Popen([sys.executable, "-c", code, str(tmp_path), name]) for name in ("one", "two")]
    assert [one.wait(60) for one in running] == [0, 0]
    assert len({case.question for case in load_cases(tmp_path / FILE).cases}) == 30


def test_a_full_file_is_said_to_be_full(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("assistant.feedback.MAX_CASES", 2)
    told = [Feedback(Rating.GOOD, f"Question {n}?", "Yes.", (GoldSpan("a", "Yes."),)) for n in range(3)]
    file = FeedbackFile(tmp_path)
    for one in told[:2]:
        file.add(one)
    with pytest.raises(WrongUse, match="which is the most"):
        file.add(told[2])
    file.add(replace(told[0], rating=Rating.WRONG_SPAN))
    assert len(load_cases(tmp_path / FILE).cases) == 2


def test_a_file_of_too_many_bytes_is_said_to_be_full_and_stays_as_it_is(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file, told = FeedbackFile(tmp_path), Feedback(Rating.GOOD, "Question?", "Yes.", (GoldSpan("a", "Yes."),))
    file.add(told)
    before = file.path.read_bytes()
    monkeypatch.setattr("assistant.feedback.MAX_BYTES", 2 * len(before))
    with pytest.raises(WrongUse, match=r"feedback\.jsonl has 0 MB, which is the most") as full:
        file.add(replace(told, question="Question? " * 20))
    assert "Move it away" in full.value.hint
    assert file.path.read_bytes() == before


# ── what can't be judged ──────────────────────────────────────────────────────────────────────────────────────────────
def test_words_that_the_library_does_not_hold_can_t_be_judged(assistant: Assistant, answer: Answer) -> None:
    cited = answer.citations[0]
    moved = replace(cited, span=replace(cited.span, start=cited.span.start + 1))
    gone = replace(cited, span=replace(cited.span, article_id="0" * 64))
    for wrong in (moved, gone, replace(cited, quote=" ")):
        with pytest.raises(WrongUse, match="not in the library"):
            assistant.give_feedback(answer, wrong, "good")
    assert not (assistant.settings.home / FILE).exists()


def test_nothing_can_t_be_judged(assistant: Assistant, answer: Answer) -> None:
    with pytest.raises(WrongUse, match="no words to judge"):
        assistant.give_feedback(replace(answer, question=" "), answer.citations[0], "good")
    with pytest.raises(WrongUse, match="no words to judge"):
        assistant.give_feedback(replace(answer, text=""), answer.citations[0], "not_supported")
    with pytest.raises(WrongUse, match="rests on no quotation"):
        assistant.give_feedback(replace(answer, citations=()), answer.statements[0], "not_supported")


def test_a_rating_that_is_none_and_an_endless_comment_are_refused(assistant: Assistant, answer: Answer) -> None:
    with pytest.raises(WrongUse, match="no rating 'great'"):
        assistant.give_feedback(answer, answer.citations[0], "great")
    with pytest.raises(WrongUse, match="is the most"):
        assistant.give_feedback(answer, answer.citations[0], "good", comment="x" * (MAX_COMMENT + 1))


def test_a_question_of_any_length_that_is_answered_can_be_judged(assistant: Assistant, answer: Answer) -> None:
    longest = replace(answer, question="x" * MAX_QUESTION_CHARS)
    assert assistant.give_feedback(longest, answer.citations[0], "good", history=[Turn(longest.question, "Yes.")])


@pytest.mark.parametrize(
    ("about", "history", "named"),
    [
        pytest.param({"question": "x" * (MAX_QUESTION_CHARS + 1)}, [], "question has 4,001", id="question"),
        pytest.param({"text": "x" * (MAX_STATEMENT + 1)}, [], "statement has 20,001", id="statement"),
        pytest.param({}, [Turn("x" * 4_001, "Yes.")], "question before has 4,001", id="an earlier question"),
    ],
)
def test_a_forged_conversation_without_end_is_refused(
    assistant: Assistant, answer: Answer, about: dict[str, str], history: list[Turn], named: str
) -> None:
    forged = replace(answer, **about)
    cited = replace(answer.citations[0], answer_start=0, answer_end=len(forged.text))
    with pytest.raises(WrongUse, match=f"The {named} characters"):
        assistant.give_feedback(forged, cited, "good", history=history)
    assert not (assistant.settings.home / FILE).exists()


def test_a_quotation_of_a_whole_long_article_is_refused(assistant: Assistant, answer: Answer, tmp_path: Path) -> None:
    (tmp_path / "long.txt").write_text("It goes on and on. " * (MAX_STATEMENT // 19 + 1))
    [added] = assistant.ingest(tmp_path / "long.txt", embed=False).added
    article = assistant.article(added)
    whole = replace(answer.citations[0], span=Span(added, 0, len(article.text)), quote=article.text)
    with pytest.raises(WrongUse, match="The quotation has"):
        assistant.give_feedback(answer, whole, "good")
