"""A question and its conversation to what is searched for: the question complete in itself, and up to three searches.

By rule, or by a chat model under a gate: a completed question that brings in a name, a number or a date which nobody has
said is not believed, and the rule's stands. Searches only find passages, so that what a model writes there can say nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import takewhile, zip_longest

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
    """Complete in itself: passages are found by it."""
    queries: tuple[str, ...] = ()
    """Other searches for it; none when no model was asked."""
    asked: str = ""
    """By which what was found is ranked and sentences are chosen, where that is not `question`: without the terms of the
    question before, which would draw the answer to the sentence that has been said already."""


def condense_by_model(question: str, history: Sequence[Turn], model: ChatModel, budget: Budget) -> Condensed:
    """By a chat model, under the gate; by rule when its reply can't be read. Raises ModelFailed when it fails otherwise."""
    prompt = load_prompt("condense")
    message = prompt.render(history=_conversation(history), question=fence(_one_line(question), "question"))
    ask = Ask("condense", lambda binding: (prompt.id, message), _SCHEMA, pinned=True, check=_read)
    by_rule = condensed_by_rule(question, history)
    try:
        completed, queries = _read(model.complete(ask, budget).raw)
    except UnreadableReply:
        return by_rule
    stands = bool(history) and _adds_nothing(completed, question, history)
    found = dict.fromkeys(query for query in queries if query.casefold() != question.casefold())
    queries_left = tuple(found)[:QUERIES]
    return Condensed(completed, queries_left) if stands else replace(by_rule, queries=queries_left)


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


def condensed_by_rule(question: str, history: Sequence[Turn]) -> Condensed:
    """As `condense`; a follow-up with a term of its own is asked for by itself, one without ("And why?") is not."""
    completed = condense(question, history)
    return Condensed(completed, asked=question if completed != question and terms(question) else "")


def condense(question: str, history: Sequence[Turn]) -> str:
    """The question with what it leaves to the conversation: a follow-up gets the terms of the question before it.

    That one is resolved first, so a topic carries on over several follow-ups. What counts as one, and how often that is
    right: docs/decisions/follow-ups-by-rule.md.
    """
    if not history or not _points_back(question):
        return question
    known = set(terms(question))
    earlier = words(condense(history[-1].question, history[:-1]))
    missing = [word for word in earlier if word.casefold() not in STOP_WORDS and stem(word) not in known]
    return f"{question} ({' '.join(missing)})" if missing else question


def _points_back(question: str) -> bool:
    """Whether a question leaves what it is about to the conversation.

    It does when it opens as a sequel ("And ...", "What about ..."), has next to no words of its own, or has a pointer without
    an antecedent in it: "How much did it cost?", but not "How much does Kyiv think it needs to mend all war damage?"
    """
    asked = _read_words(question)
    if not asked:
        return False
    n_terms = len(terms(question))
    named = any(word.names and not word.dated for word in asked[1:])
    own = named or any(word.text[0].isdigit() for word in asked[1:])
    if _OPENING.match(question.lstrip(_MARKS)) or (n_terms <= 2 and not own):
        return True
    if named and n_terms >= PLENTY:
        return False
    pointers = _pointers(question, asked)
    few = n_terms < (ENOUGH_NAMED if own else ENOUGH)
    return bool(pointers) and (few or not all(_has_antecedent(asked, at, near) for at, near in pointers))


ENOUGH = 4  # terms from which a question's own antecedents count: of "Did the mayor say it would reopen?" they do not
ENOUGH_NAMED = 3  # the same, with a name or a number in it
PLENTY = 6  # terms from which a question with a name finds its passages whatever its pointers stand for

_MARKS = " \t\n\"'“”„«»‘¿¡(–—-."
_OPENING = re.compile(
    r"(?:and|but|so(?! (?:far|many|much|few|called)\b)|also|(?:what|how) about|und|aber|y|pero|et|mais)\b(?!-)",
    re.IGNORECASE,
)
_AUXILIARIES = frozenset(
    """do does did is are was were has have had will would can could shall should may might must
    don't doesn't didn't isn't aren't wasn't weren't hasn't haven't hadn't won't wouldn't can't couldn't shouldn't""".split()
)
_BE = frozenset(
    "is are was were be been isn't aren't wasn't weren't has have had may might will would can could".split()
)
_ASKING = frozenset("who whom whose what which when where why how".split())
_SUBJECTS = frozenset("he she they it".split())
_POSSESSIVES = frozenset("his her its their".split())
_OBJECTS = frozenset("him them hers theirs ones".split())
_THESE = frozenset("this that these those".split())
_ELSEWHERE = frozenset("er sie ihn ihr ihm ella ello ellos ellas él ils elles".split())  # in other languages
_PREPOSITIONS = frozenset(
    "of in at for from by with about on to into like after before since until than over under against as near".split()
)
_DETERMINERS = _PREPOSITIONS - {"to", "like"} | frozenset(
    "a an the my our your some any many much few no all both each every most more other which whose and or".split()
)
_CLAUSES = frozenset(  # words that begin a clause of their own
    "when after before because while if that who which since until although though where whose than whether unless".split()
)
_TIMES = frozenset(
    """minute hour day days night morning afternoon evening week weekend month quarter season year years decade century
    spring summer autumn fall winter time past last coming""".split()
)
_DATES = frozenset(
    """monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september
    october november december""".split()
)
_EXPLETIVE = re.compile(  # "it" that stands for what follows: "is it illegal to ...", "how long does it take to ..."
    r"\bit(?:['’]s)?(?: \w+){0,2}? (?:(?:il)?legal|lawful|(?:im)?possible|(?:un)?safe|dangerous|risky|hard|difficult|easy"
    r"|important|(?:un)?necessary|essential|allowed|forbidden|permitted|banned|normal|(?:un)?common|rare|(?:un)?usual|rude|wise"
    r"|ok(?:ay)?|wrong|right|better|best|worth|cheap(?:er)?|expensive|healthy|(?:un)?fair|like)(?: for (?:\w+ ){1,4}?| )to \w+"
    r"(?P<deed>[^.?!;]*)"
    r"|\bit (?:\w+ )?(?:takes?|took|taken|costs?)(?: \w+){0,4}? to \w+(?P<effort>[^.?!;]*)"
    r"|\bit(?:['’]s)?(?: is| was)? (?:(?:un)?(?:true|certain|clear|known|likely)|false|possible|seems?|appears?|emerged"
    r"|turned out) that\b|\bit that\b"
    r"|\bit(?: \w+)? (?:rain|snow)(?:s|ed|ing)?\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Word:
    """A word of a question, and where it stands."""

    text: str
    plain: str
    start: int
    clause: int
    """Which of the question's clauses it stands in, counted from 0."""
    names: bool
    """Whether it has a capital."""

    @property
    def dated(self) -> bool:
        return self.plain in _DATES

    @property
    def tells(self) -> bool:
        """Whether it is no function word and no number."""
        stops = self.plain in STOP_WORDS | _AUXILIARIES and not self.text.isupper()  # "US" is a name
        return not stops and not self.text[0].isdigit()


def _read_words(question: str) -> list[_Word]:
    found: list[_Word] = []
    clause, end = 0, 0
    matches = list(re.finditer(r"\w+(?:['’]\w+)?", question))
    for match, following in zip_longest(matches, matches[1:]):
        text = re.sub(r"['’]s$", "", match.group())
        plain, after = text.casefold().replace("’", "'"), following.group().casefold() if following else ""
        if found and (_STOP.search(question[end : match.start()]) or _begins_clause(plain, found, after)):
            clause += 1
        found.append(_Word(text, plain, match.start(), clause, text[0].isupper() and text != "I"))
        end = match.end()
    return found


_STOP = re.compile(r"[,.;:?!][\"'”’»)]*\s|[–—]|\s-\s")


def _begins_clause(plain: str, before: Sequence[_Word], after: str) -> bool:
    if plain in ("and", "but", "or"):
        return after in _ASKING | _AUXILIARIES
    is_preposition = plain in _PREPOSITIONS and after in _THESE  # "after that"
    return plain in _CLAUSES and not is_preposition and not _shows(plain, before, after)


def _shows(plain: str, before: Sequence[_Word], after: str) -> bool:
    """Whether a "that" points at something, and does not only join a clause: "when was that", "because of that storm"."""
    return plain == "that" and (not after or before[-1].plain in _AUXILIARIES | _PREPOSITIONS)


def _pointers(question: str, asked: Sequence[_Word]) -> list[tuple[int, bool]]:
    """(index, whether its antecedent can't stand in its own clause) for each word that stands for something else.

    "What did Musk say about it?" and "Did Musk sell his shares?" differ in that: "it" is not Musk, "his" is.
    """
    nothing = {match.start() for match in _EXPLETIVE.finditer(question) if _goes_on(match)}
    found: list[tuple[int, bool]] = []
    for i, word in enumerate(asked):
        before, after = asked[i - 1] if i else None, asked[i + 1] if i + 1 < len(asked) else None
        inverted = before is not None and before.plain in _AUXILIARIES and before.clause == word.clause
        ends = after is None or after.clause != word.clause or after.plain in _PREPOSITIONS
        if word.start in nothing:
            continue
        if word.plain in ("it", "her") and not inverted and (ends or (word.plain == "it" and _is_object(before))):
            found.append((i, True))
        elif word.plain in _SUBJECTS | _POSSESSIVES:
            found.append((i, inverted))
        elif (
            word.plain in _OBJECTS | _ELSEWHERE
            or (word.plain in _THESE and _is_demonstrative(asked, i))
            or (word.plain == "there" and not _exists(before, after))
            or (word.plain == "then" and not (after and (after.names or question[word.start + 4] == "-")))
        ):
            found.append((i, True))
    return found


def _goes_on(expletive: re.Match[str]) -> bool:
    """Whether what is illegal, or takes so long, is told in full: "to pump your own gas", but not "to build in 2009"."""
    rest = expletive["deed"] if expletive["deed"] is not None else expletive["effort"]
    return rest is None or any(not term.isdigit() for term in terms(rest))


def _is_object(before: _Word | None) -> bool:
    return before is not None and before.plain in _PREPOSITIONS - _CLAUSES


def _exists(before: _Word | None, after: _Word | None) -> bool:
    """Whether a "there" only says that something is: "are there seats", "there was a fire", but not "who was there"."""
    return after is not None and (after.plain in _BE or (before is not None and before.plain in _BE))


def _is_demonstrative(asked: Sequence[_Word], at: int) -> bool:
    """Whether "this", "that", "these" or "those" points at something: not so in "this week", "these 12 days", "those who"."""
    word, after = asked[at], asked[at + 1] if at + 1 < len(asked) else None
    if word.plain == "that":
        return _shows("that", asked[:at], after.plain if after else "") and not (after and after.names)
    own = list(takewhile(lambda one: one.tells or one.text[0].isdigit(), asked[at + 1 :]))
    if own and (own[0].names or any(one.plain in _TIMES | _DATES for one in own[:2])):
        return False
    if own:  # "which of these films": the noun says what it is, and a name what it is about
        return not any(one.names and not one.dated for one in asked[1:])
    return not (word.plain == "those" and after is not None and after.plain in ("who", "whose", "in", "with"))


def _has_antecedent(asked: Sequence[_Word], at: int, near: bool) -> bool:
    """Whether the question itself has what the pointer stands for: in an earlier clause if it can't stand `near`."""
    pointer = asked[at]
    earlier = (i for i in range(at) if asked[i].clause < pointer.clause or not near)
    if pointer.plain in _ELSEWHERE:
        return any(i and asked[i].names for i in earlier)
    if any(_is_noun(asked, i) or asked[i].plain == "who" for i in earlier):  # "Who lost his seat ...?"
        return True
    if pointer.clause or asked[0].plain in _ASKING | _AUXILIARIES:
        return False
    return any(one.clause and one.names and not one.dated for one in asked)  # "In his speech, what did Biden promise?"


def _is_noun(asked: Sequence[_Word], at: int) -> bool:
    """Whether a word can be what a pointer stands for, told from the words in front of it; a verb mostly can't."""
    word = asked[at]
    if not word.tells or word.dated:
        return False
    if word.names and at:
        return True
    first = next((i + 1 for i in range(at - 1, -1, -1) if not asked[i].tells or asked[i].clause != word.clause), 0)
    if first == 0 or asked[first - 1].clause != word.clause:
        return True
    front = asked[first - 1].plain
    if front in _AUXILIARIES:
        return front in ("do", "does", "did") or not any(one.plain in ("who", "what") for one in asked[:first])
    if front == "what":  # "what country says ...", but not "what killed him", "what happened to ..."
        return asked[at + 1].plain not in _DETERMINERS | _PREPOSITIONS | _SUBJECTS | _POSSESSIVES | _OBJECTS | _THESE
    return front in _DETERMINERS or asked[first - 1].text[0].isdigit()
