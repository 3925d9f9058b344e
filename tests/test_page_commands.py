"""What a browser may ask for beside questions: nothing that the conversation does not have, and nothing misshapen."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from test_page import HARBOUR, FakeAssistant

from assistant.errors import WrongUse
from assistant.types import Filters
from assistant.ui.commands import Ask, Check, Judge, Save, judged, read_command, saved
from assistant.ui.conversing import Conversation, converse, reopen
from assistant.ui.kept_document import MAX_TURNS


def talk(*questions: str) -> Conversation:
    """A conversation over the fake assistant's harbour."""
    assistant: Any = FakeAssistant({HARBOUR.id: HARBOUR})
    conversation = Conversation()
    for question in questions:
        *_, last = converse(assistant, question, Filters(), conversation)
        assert last.conversation is not None
        conversation = last.conversation
    return conversation


@pytest.mark.parametrize(
    "value",
    [
        None,
        "ask",
        {},
        {"do": "delete"},
        {"do": "ask", "question": 7},
        {"do": "ask", "from": "1"},
        {"do": "judge", "turn": 1, "marker": 1, "judgement": "fine"},
        {"do": "judge", "turn": True, "marker": 1, "judgement": "good"},
        {"do": "save", "format": "../../etc/passwd"},
        {"do": "open", "name": "a", "conversation": [], "more": 1},
        {"do": "open", "conversation": []},
        {"do": "open", "name": "a" * 65, "conversation": []},
        {"do": "check", "text": ["It rained."]},
    ],
    ids=str,
)
def test_a_command_that_no_script_sends_is_refused(value: object) -> None:
    with pytest.raises(WrongUse, match="does not know"):
        read_command(value)


def test_a_command_is_read_as_it_was_meant() -> None:
    assert read_command({"do": "ask", "from": 3}) == Ask(do="ask", **{"from": 3})
    assert read_command({"do": "save", "format": "html"}) == Save(do="save", format="html")
    assert read_command({"do": "check", "text": "It rained."}) == Check(do="check", text="It rained.", as_of="")


@pytest.mark.parametrize(("turn", "marker"), [(1, 9), (2, 1), (-1, 1)])
def test_a_citation_that_the_conversation_lacks_cannot_be_judged(turn: int, marker: int) -> None:
    assistant: Any = FakeAssistant({HARBOUR.id: HARBOUR})
    command = Judge(do="judge", turn=turn, marker=marker, judgement="good")
    with pytest.raises(WrongUse, match="no such citation"):
        judged(assistant, command, talk("Which café opened?"))


def test_an_empty_conversation_is_not_saved() -> None:
    assistant: Any = FakeAssistant({})
    with pytest.raises(WrongUse, match="no answer to save"):
        saved(assistant, Save(do="save", format="json"), Conversation())


# ── turns ─────────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_a_turns_number_is_never_used_again() -> None:
    two = talk("Which café opened?", "Which harbour?")
    assert [one.turn for one in two.exchanges] == [1, 2]
    first = two.before(2)
    assert [one.turn for one in first.exchanges] == [1]
    articles = {HARBOUR.id: HARBOUR}
    assert first.with_answer(two.exchanges[1].answer, Filters(), articles).exchanges[-1].turn == 3


def test_what_is_kept_after_asking_again_is_what_is_shown_and_how_much_was_dropped() -> None:
    assistant: Any = FakeAssistant({HARBOUR.id: HARBOUR})
    three = talk("Which café opened?", "Which harbour?", "Which Monday?")
    *_, last = converse(assistant, "Which harbour opened?", Filters(), three, again_from=2)
    assert last.message is not None
    assert [turn["turn"] for turn in last.message["turns"]] == [1, 4]
    assert last.message["dropped"] == 2
    assert last.message["token"] == three.token != ""


def test_a_question_that_fails_drops_nothing() -> None:
    assistant: Any = FakeAssistant({HARBOUR.id: HARBOUR})
    *_, last = converse(assistant, "boom", Filters(), talk("Which café opened?"), again_from=1)
    assert last.conversation is None
    assert last.turns is None
    assert last.message == {"unanswered": "boom"}


def test_a_conversation_that_a_browser_could_not_open_again_is_not_gone_on_with() -> None:
    assistant: Any = FakeAssistant({HARBOUR.id: HARBOUR})
    one = talk("Which café opened?")
    full = replace(one, exchanges=one.exchanges * MAX_TURNS)
    *_, last = converse(assistant, "Which harbour?", Filters(), full)
    assert "200 questions" in (last.live or "")
    *_, again = converse(assistant, "Which harbour?", Filters(), full, again_from=1)
    assert again.conversation is not None


def test_a_kept_conversation_goes_on_after_its_highest_number() -> None:
    assistant: Any = FakeAssistant({HARBOUR.id: HARBOUR})
    *_, last = converse(assistant, "Which café opened?", Filters(), Conversation((), 6))
    assert last.message is not None
    opened = reopen(assistant, last.message["turns"], "mine")
    assert opened.conversation is not None
    assert opened.message == {"opened": "mine", "token": opened.conversation.token}
    assert opened.conversation.token != last.message["token"]
    assert (opened.conversation.last_turn, opened.welcome) == (7, False)
    assert opened.turns == last.turns
    assert opened.reader == last.reader
