"""A question and its conversation to what is searched for: the question complete in itself, and up to three searches.

By rule, or by a chat model under a gate: a completed question that brings in a name, a number or a date which nobody has
said is not believed, and the rule's stands. Searches only find passages, so that what a model writes there can say nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.chat_models import Ask, Budget, ChatModel, UnreadableReply, json_object, read_json
from assistant.prompts import fence, load_prompt
from assistant.terms import STOP_WORDS, stem, terms, words
from assistant.types import Turn
from assistant.values import find_values

TURNS, TURN_CHARS = 6, 600  # of a conversation that a model is shown, the last ones, the beginning of each answer
QUERIES, QUERY_CHARS = 3, 300
LONGEST = 600  # characters of a completed question


@dataclass(frozen=True, slots=True)
class Condensed:
    """What is searched for."""

    question: str
    """Complete in itself."""
    queries: tuple[str, ...] = ()
    """Other searches for it; none when no model was asked."""


def condense_by_model(question: str, history: Sequence[Turn], model: ChatModel, budget: Budget) -> Condensed:
    """By a chat model, under the gate; by rule when its reply can't be read. Raises ModelFailed when it fails otherwise."""
    prompt = load_prompt("condense")
    message = prompt.render(history=_conversation(history), question=fence(_one_line(question), "question"))
    ask = Ask("condense", lambda binding: (prompt.id, message), _SCHEMA, pinned=True, check=_read)
    by_rule = condense(question, history)
    try:
        completed, queries = _read(model.complete(ask, budget).raw)
    except UnreadableReply:
        return Condensed(by_rule)
    stands = bool(history) and _adds_nothing(completed, question, history)
    found = dict.fromkeys(query for query in queries if query.casefold() != question.casefold())
    return Condensed(completed if stands else by_rule, tuple(found)[:QUERIES])


_SCHEMA = json_object(
    {"question": {"type": "string"}, "queries": {"type": "array", "items": {"type": "string"}, "maxItems": QUERIES}}
)


def _read(raw: str) -> tuple[str, list[str]]:
    """(question, queries). Raises UnreadableReply."""
    value = read_json(raw)
    question, queries = value.get("question"), value.get("queries")
    if not isinstance(question, str) or not isinstance(queries, list):
        raise UnreadableReply("The model wrote no searches that can be read.", "Choose another ASSISTANT_LLM.")
    texts = (_one_line(query) for query in queries if isinstance(query, str))
    return _one_line(question), [text for text in texts if words(text) and len(text) <= QUERY_CHARS]


def _adds_nothing(completed: str, question: str, history: Sequence[Turn]) -> bool:
    """Whether a completed question keeps what was asked and names nothing that was not said before."""
    said = {stem(word) for turn in history for word in words(f"{turn.question} {turn.answer}")}
    known = said | {stem(word) for word in words(question)}
    if not completed or len(completed) > LONGEST or not set(_named(question)) <= set(terms(completed)):
        return False
    return all(stem(word) in known for value in find_values(completed) for word in words(value.text))


def _named(question: str) -> list[str]:
    """The terms of a question's own names, numbers and dates, which a completed one keeps."""
    return [term for value in find_values(question) for term in terms(value.text)]


def _conversation(history: Sequence[Turn]) -> str:
    lines = [
        line
        for turn in history[-TURNS:]
        for line in (f"Question: {_one_line(turn.question)}", f"Answer: {_one_line(turn.answer)[:TURN_CHARS]}")
    ]
    return fence("\n".join(lines) or "There is none: this is the first question.", "history")


def _one_line(text: str) -> str:
    return " ".join(text.split())


# --- By rule ----------------------------------------------------------------------------------------------------------


def condense(question: str, history: Sequence[Turn]) -> str:
    """The question with what it leaves to the conversation: a follow-up gets the terms of the question before it.

    That one is resolved first, so a topic carries on over several follow-ups. A question stands alone when it names
    something of its own and points back to nothing.
    """
    if not history or not _points_back(question):
        return question
    known = set(terms(question))
    earlier = words(condense(history[-1].question, history[:-1]))
    missing = [word for word in earlier if word.casefold() not in STOP_WORDS and stem(word) not in known]
    return f"{question} ({' '.join(missing)})" if missing else question


_POINTERS = frozenset(
    """he him his she her hers it its they them their theirs this these those there then ones
    er sie ihn ihr ihm ella ello ellos ellas él ils elles""".split()
)
_OPENERS = frozenset("and but so also und aber y pero et mais".split())


def _points_back(question: str) -> bool:
    asked = [word.casefold() for word in words(question)]
    named = any(word[0].isupper() or word[0].isdigit() for word in words(question)[1:])
    return bool(asked) and (
        asked[0] in _OPENERS or bool(_POINTERS.intersection(asked)) or (len(terms(question)) <= 2 and not named)
    )
