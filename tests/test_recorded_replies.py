"""Replies of a good model, recorded for each prompt, through a whole question over the sample corpus.

What is true and well cited has to come out as such, in JSON and in text; what is wrong has to be named to the model, put right
or marked; and who changes a prompt has to record again.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from fake_server import FakeServer
from recorded import (
    ANSWER_JSON,
    ANSWER_TEXT,
    CONDENSE,
    JUDGE,
    PROBE,
    REPAIR,
    NotRecorded,
    Record,
    Recorded,
    record_of,
    recorded_prompts,
    records,
)

from assistant import Assistant
from assistant.answerers.chat import NO_ANSWER, PARTLY
from assistant.model_probe import Kept, probe_chat
from assistant.prompts import load_prompt, prompt_names
from assistant.repairs import UNSUPPORTED
from assistant.resources import data_dir
from assistant.settings import Settings
from assistant.types import Answer, CheckedStatement, Filters, Label, Match, StatementState, Turn

FORMS = {ANSWER_JSON: "schema", ANSWER_TEXT: "text"}
GOOD = (StatementState.VERIFIED, StatementState.CITED)
# Floors a little below what was measured; every statement and answer here is a good one, so 1.0 would be right.
CARRIED = 0.85  # of the statements: 45 of 50 are said to be verified or cited
# Of the answers: 19 of 27 have no doubt by words alone as here, 21 with vectors. What is doubted is shown all the same; a
# milder gate lets a hostile model answer what the articles do not (docs/decisions/answerability.md).
FREE_OF_DOUBT = 0.65
ATTRIBUTED = 0.55  # of the statements without their ids: code finds a citation for 22 of 37
RIGHTLY = 0.9  # of these: 21 of 22 rest on a sentence that is recorded


@dataclass(frozen=True)
class Asked:
    """A recorded reply and what became of it."""

    record: Record
    answer: Answer
    steps: Sequence[str]

    @property
    def statements(self) -> list[tuple[str, CheckedStatement, list[str]]]:
        """(text, state, the words that it cites) of each statement."""
        return [
            (self.answer.text[one.start : one.end], one, cited_words(self.answer, one))
            for one in self.answer.statements
        ]


def cited_words(answer: Answer, statement: CheckedStatement) -> list[str]:
    place = (statement.start, statement.end)
    return [one.quote for one in answer.citations if (one.answer_start, one.answer_end) == place]


def answered(prompts: str) -> list[Record]:
    """The records that answer their question, in full or in part."""
    return [one for one in records(prompts) if one["found"] != "nothing"]


def unanswered(prompts: str) -> list[Record]:
    return [one for one in records(prompts) if one["found"] == "nothing"]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample corpus, searched by words alone."""
    home = tmp_path_factory.mktemp("recorded")
    with Assistant(home) as assistant:
        assistant.ingest(data_dir("corpus"), embed=False)
    return home


@contextmanager
def recorded_server(replies: Recorded) -> Iterator[FakeServer]:
    """A server that says what is recorded; what it was asked and has no record of is an error at the end."""
    with FakeServer(reply=replies) as server, pytest.MonkeyPatch.context() as patch:
        patch.setenv("OPENAI_API_KEY", "sk-test")
        patch.setenv("OPENAI_BASE_URL", server.url)
        yield server
    assert not replies.errors


@contextmanager
def chatting(home: Path, replies: Recorded, **overrides: Any) -> Iterator[tuple[Assistant, FakeServer]]:
    chosen: dict[str, Any] = {"answerer": "chat", "llm": "openai:fake-1", "llm_timeout_s": 20.0, "llm_cache": False}
    chosen |= overrides
    with recorded_server(replies) as server, Assistant(home, **chosen) as assistant:
        yield assistant, server


def ask(assistant: Assistant, server: FakeServer, record: Record, question: str = "", history: Any = ()) -> Asked:
    before, filters = len(server.requests), Filters(as_of=date.fromisoformat(record["day"]))
    answer = assistant.ask(question or record["question"], history=history, filters=filters)
    return Asked(record, answer, server.steps[before:])


@pytest.fixture(scope="module")
def asked(home: Path) -> Callable[[str, str], Asked]:
    """What became of the recorded reply to a question, by the name of the prompts. Nothing is repaired."""
    known: dict[tuple[str, str], Asked] = {}

    def get(prompts: str, question: str) -> Asked:
        if (prompts, question) not in known:
            with chatting(home, Recorded(), llm_form=FORMS[prompts], llm_repairs=0) as (assistant, server):
                for record in filter(stands_alone, records(prompts)):
                    known[prompts, record["question"]] = ask(assistant, server, record)
        return known[prompts, question]

    return get


def stands_alone(record: Record) -> bool:
    """Whether its question is the first one of its conversation."""
    return any(one["question"] == record["question"] and not one["history"] for one in records(CONDENSE))


def of_both_forms(choose: Callable[[str], list[Record]]) -> list[Any]:
    return [
        pytest.param(prompts, record, id=f"{FORMS[prompts]}: {record['question']}")
        for prompts in FORMS
        for record in filter(stands_alone, choose(prompts))
    ]


# --- The recordings


def test_every_prompt_has_recorded_replies_to_its_present_version_and_to_no_other() -> None:
    recorded = {prompt for name in recorded_prompts() for prompt in name.split("+")}

    assert recorded == {load_prompt(name).id for name in prompt_names()}


def test_a_question_is_recorded_once_a_prompt() -> None:
    for prompts in (*FORMS, REPAIR):
        asked = [one["question"] for one in records(prompts)]
        assert len(asked) == len(set(asked))


def request_of(question: str, *sentences: str) -> dict[str, Any]:
    numbered = "\n".join(f"[1.{number}] {sentence}" for number, sentence in enumerate(sentences, start=1))
    return {"messages": [{"role": "user", "content": f"{numbered}\n\nQuestion: {question}\n\nWrite the answer."}]}


@pytest.mark.parametrize(
    ("question", "sentences", "complaint"),
    [
        pytest.param("Who voted against the carbon filters and why?", ["It rained."], "no sentence", id="not-shown"),
        pytest.param("Who painted the reef?", ["It rained."], "0 records", id="not-recorded"),
    ],
)
def test_a_reply_that_can_not_be_made_is_told_and_not_made_up(
    question: str, sentences: list[str], complaint: str
) -> None:
    replies = Recorded()

    assert replies(request_of(question, *sentences)) == "{}"
    assert complaint in replies.errors[0]


def test_a_record_that_is_missing_is_named() -> None:
    with pytest.raises(NotRecorded, match="answer@999"):
        records("answer@999")


# --- Good answers


@pytest.mark.parametrize(("prompts", "record"), of_both_forms(answered))
def test_a_good_reply_is_the_answer_with_the_very_sentences_that_it_rests_on(
    asked: Callable[[str, str], Asked], prompts: str, record: Record
) -> None:
    one = asked(prompts, record["question"])

    assert one.steps == ["condense", "answer"]
    assert one.answer.abstained is None
    assert one.answer.note == (PARTLY if record["found"] == "part" else "")
    assert " ".join(text for text, _, _ in one.statements) == " ".join(said["text"] for said in record["sentences"])
    for (_, state, cited), said in zip(one.statements, record["sentences"], strict=True):
        assert not state.attributed
        assert all(any(words in quote for quote in cited) for words in said["rests_on"])


@pytest.mark.parametrize(("prompts", "record"), of_both_forms(answered))
def test_every_citation_is_the_article_s_own_words(
    asked: Callable[[str, str], Asked], home: Path, prompts: str, record: Record
) -> None:
    answer = asked(prompts, record["question"]).answer
    with Assistant(home) as assistant:
        articles = assistant.articles_of(answer)

    assert not answer.rejected
    assert {one.status for one in answer.citations} == {Match.VERIFIED}
    assert all(articles[one.span.article_id].quote(one.span) == one.quote for one in answer.citations)


@pytest.mark.parametrize(("prompts", "record"), of_both_forms(unanswered))
def test_a_model_that_finds_nothing_is_believed_although_passages_were_found(
    asked: Callable[[str, str], Asked], prompts: str, record: Record
) -> None:
    answer = asked(prompts, record["question"]).answer

    assert answer.abstained == answer.text == NO_ANSWER
    assert answer.hits
    assert not answer.citations
    assert not answer.doubt


def test_what_is_true_and_well_cited_mostly_comes_out_so(asked: Callable[[str, str], Asked]) -> None:
    told = [
        (one.state, one.why, text)
        for prompts in FORMS
        for record in filter(stands_alone, answered(prompts))
        for text, one, _ in asked(prompts, record["question"]).statements
    ]
    wrong = [one for one in told if one[0] not in GOOD]

    assert len(wrong) <= (1 - CARRIED) * len(told), wrong


def test_answers_to_what_the_articles_answer_are_mostly_free_of_doubt(asked: Callable[[str, str], Asked]) -> None:
    answers = [
        asked(prompts, record["question"]).answer
        for prompts in FORMS
        for record in filter(stands_alone, answered(prompts))
    ]
    doubted = [(one.question, one.doubt) for one in answers if one.doubt]

    assert len(doubted) <= (1 - FREE_OF_DOUBT) * len(answers), doubted


def test_both_sides_of_a_dispute_are_cited(asked: Callable[[str, str], Asked]) -> None:
    answer = asked(ANSWER_JSON, "Who ordered the turn that put the Lady Morwenna on the reef?").answer

    assert {one.article.publisher for one in answer.citations} == {"Harbour Courier", "Kestrel Business Daily"}


def test_a_readers_comment_bears_nothing_out(asked: Callable[[str, str], Asked]) -> None:
    (_, comment, _), *_ = asked(
        ANSWER_JSON, "Does anybody say that 9,000 households in Alderbrook are affected?"
    ).statements

    assert comment.state is StatementState.CITED
    assert comment.why == "A reader's comment, as the sentence says: opinion, never evidence."


# --- The same without ids


@pytest.fixture(scope="module")
def uncited(home: Path) -> list[Asked]:
    """The same replies in JSON without any ids. Nothing is repaired."""
    with chatting(home, Recorded(cites=False), llm_repairs=0) as (assistant, server):
        return [ask(assistant, server, one) for one in answered(ANSWER_JSON) if stands_alone(one)]


def rests_on(one: Asked, text: str) -> list[str]:
    found: list[str] = next(said["rests_on"] for said in one.record["sentences"] if said["text"] == text)
    return found


def test_what_a_reply_without_ids_rests_on_is_found_by_code_and_marked(uncited: list[Asked]) -> None:
    found = [(one, *rest) for one in uncited for rest in one.statements if rest[1].attributed]
    rightly = [
        text for one, text, _, cited in found if any(words in quote for words in rests_on(one, text) for quote in cited)
    ]

    assert len(found) >= ATTRIBUTED * sum(len(one.record["sentences"]) for one in uncited)
    assert len(rightly) >= RIGHTLY * len(found), {text for _, text, _, _ in found} - set(rightly)


def test_what_no_code_finds_is_marked_as_not_in_the_sources(uncited: list[Asked]) -> None:
    alone = [state for one in uncited for _, state, cited in one.statements if not cited]

    assert alone
    assert {one.state for one in alone} == {StatementState.NOT_IN_SOURCES}
    assert not any(one.attributed for one in alone)


# --- Repair


@pytest.fixture(scope="module")
def repaired(home: Path) -> Mapping[str, tuple[Asked, str]]:
    """By question: what became of a reply that was sent back, and the prompt that sent it."""
    with chatting(home, Recorded()) as (assistant, server):
        return {one["question"]: (ask(assistant, server, one), server.prompt) for one in records(REPAIR)}


@pytest.mark.parametrize("question", [one["question"] for one in records(REPAIR)])
def test_a_flawed_reply_is_sent_back_once(repaired: Mapping[str, tuple[Asked, str]], question: str) -> None:
    one, _ = repaired[question]

    assert one.steps == ["condense", "answer", "repair"]
    assert [call.step for call in one.answer.calls] == one.steps
    assert [call.prompt for call in one.answer.calls] == [CONDENSE, ANSWER_JSON, REPAIR]


def test_a_repaired_reply_takes_the_place_of_the_first_one(repaired: Mapping[str, tuple[Asked, str]]) -> None:
    one, prompt = repaired["How many people were hurt when the Lady Morwenna ran aground?"]

    assert [(text, state.state in GOOD) for text, state, _ in one.statements] == [
        (said["text"], True) for said in one.record["sentences"]
    ]
    assert "- Sentence 1: " in prompt
    assert "- Sentence 2: No sentence that was found bears this out." in prompt


def test_a_repaired_reply_that_is_worse_leaves_the_first_one_marked(
    repaired: Mapping[str, tuple[Asked, str]],
) -> None:
    one, _ = repaired["How did the Tarnfield workers vote on the deal?"]

    assert [text for text, _, _ in one.statements] == [said["text"] for said in one.record["first"]["sentences"]]
    assert one.statements[1][1].state is StatementState.NOT_IN_SOURCES


def test_a_reply_all_from_memory_is_no_answer(repaired: Mapping[str, tuple[Asked, str]]) -> None:
    answer = repaired["Which firm employed the technician who left the cable off the Lady Morwenna's recorder?"][
        0
    ].answer

    assert answer.abstained == answer.text == UNSUPPORTED
    assert answer.hits
    assert not answer.statements


# --- Conversations

CONVERSATIONS = [
    pytest.param([*last["history"], last["question"]], source, id=last["history"][0])
    for last, source in zip(
        [one for one in records(CONDENSE) if len(one["history"]) == 2],
        ["tamber-measles-bus-clinics", "ferry-inquiry-final", "starmer-briefs-coalition"],
        strict=True,
    )
]


@pytest.fixture(scope="module")
def talked(home: Path) -> Callable[[Sequence[str]], list[Asked]]:
    """The turns of a conversation, each with the answers before it."""
    known: dict[str, list[Asked]] = {}

    def talk(questions: Sequence[str]) -> list[Asked]:
        if questions[0] not in known:
            with chatting(home, Recorded(), llm_repairs=0) as (assistant, server):
                known[questions[0]] = list(_turns(assistant, server, questions))
        return known[questions[0]]

    return talk


def _turns(assistant: Assistant, server: FakeServer, questions: Sequence[str]) -> Iterator[Asked]:
    history: list[Turn] = []
    for at, question in enumerate(questions):
        completed = record_of(CONDENSE, history=list(questions[:at]), question=question)["completed"]
        one = ask(assistant, server, record_of(ANSWER_JSON, question=completed), question, tuple(history))
        history.append(Turn(question, one.answer.text))
        yield one


@pytest.mark.parametrize(("questions", "source"), CONVERSATIONS)
def test_a_follow_up_is_searched_and_answered_as_the_model_completed_it(
    talked: Callable[[Sequence[str]], list[Asked]], questions: list[str], source: str
) -> None:
    for question, one in zip(questions, talked(questions), strict=True):
        assert one.answer.question == question
        assert one.answer.search_question == one.record["question"]


@pytest.mark.parametrize(("questions", "source"), CONVERSATIONS)
def test_a_follow_up_finds_the_article_that_answers_it(
    talked: Callable[[Sequence[str]], list[Asked]], home: Path, questions: list[str], source: str
) -> None:
    for one in talked(questions):
        with Assistant(home) as assistant:
            found = {assistant.article(hit.passage.span.article_id).source_id for hit in one.answer.hits}
        assert source in found
        assert one.record["found"] == "nothing" or one.answer.citations


@pytest.mark.parametrize(("questions", "source"), CONVERSATIONS)
def test_a_follow_up_says_how_it_came_about(
    talked: Callable[[Sequence[str]], list[Asked]], questions: list[str], source: str
) -> None:
    for at, one in enumerate(talked(questions)):
        condensed = record_of(CONDENSE, history=questions[:at], question=questions[at])
        assert one.answer.provenance["queries"] == condensed["queries"]
        assert one.answer.provenance["prompts"] == [CONDENSE, ANSWER_JSON]
        assert [call.step for call in one.answer.calls] == one.steps == ["condense", "answer"]


def test_the_end_of_a_conversation_may_be_that_nobody_knows(
    talked: Callable[[Sequence[str]], list[Asked]],
) -> None:
    *_, last = talked(CONVERSATIONS[2].values[0])  # type: ignore[arg-type]

    assert last.answer.abstained == NO_ANSWER


# --- Judgements and the probe


@pytest.mark.parametrize("record", records(JUDGE), ids=lambda record: record["claim"])
def test_a_recorded_judgement_decides_a_claim(home: Path, record: Record) -> None:
    with chatting(home, Recorded(), answerer="extractive", verifier="judge") as (assistant, _):
        checked = assistant.check(record["claim"])

    assert checked.verdict.label is Label(record["label"])


def test_the_recorded_reply_to_the_probe_keeps_to_the_schema(tmp_path: Path) -> None:
    reply = json.dumps(records(PROBE)[0]["reply"])
    with recorded_server(Recorded()) as server:
        server.reply = lambda request: reply
        probe = probe_chat(Settings(home=tmp_path, llm="openai:fake-1"))

    assert probe.schema is Kept.KEPT
