"""Judges a claim by a chat model, all premises in one call; each stance has to name the words of the premise that it rests on.

The model is not believed: words that do not stand in the premise, a value that the premise lacks, an aligned difference that
says otherwise, a premise that gives orders, each makes the judgement neutral with the reason. A reply that can't be read is no
judgement but a ModelFailed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from assistant.chat_models import Ask, Budget, ChatModel, UnreadableReply, json_object
from assistant.prompts import fence, load_prompt
from assistant.settings import Settings
from assistant.text import fold
from assistant.types import Judgement, Premise, Stance
from assistant.verifiers._agreement import checked, taken_back

BATCH = 40  # premises a call: all that a claim has
SAID = 0.85  # how likely a stance of the model is right; a choice, not a measurement
LONGEST, LONGEST_BESIDE = 2000, 500  # characters of a sentence that are shown, and of its neighbours
QUOTED_WORDS = 3

# Square brackets could pass for numbers of premises, angle brackets for fences. One character for one: words stay comparable.
_PLAIN = str.maketrans("[]<>", "()‹›")
_REPLY = re.compile(r'\{\s*"judgements"\s*:')
_EDGES = " ,.;:!?…-'\"()"
_ORDERS = re.compile(
    r"(?:^|[.;:!?…\n\"“”'(*]\s{0,4}|\bplease\s|\byou (?:must|should|have to|are to)\s)(?:now\s)?(?:"
    r"(?:ignore|disregard|forget|override)\b[^.!?\n]{0,60}\b(?:instructions?|rules?|prompts?|above|previous)\b"
    r"|(?:reply|respond|answer|output|print|return|mark|label|rate|classify|judge|treat)\s"
    r"(?:with|as|only|this|it|that|the claim|every|all|each)\b[^.!?\n]{0,80}"
    r"\b(?:supports?|supported|refutes?|refuted|neutral|true|false|json|claim|premises?)\b)",
    re.IGNORECASE,
)


def make(settings: Settings) -> Judge:
    """A verifier that calls the model of `settings.llm`, at its first claim and not before."""
    return Judge(settings)


@dataclass(frozen=True, slots=True)
class _Said:
    """What the model says of one premise."""

    stance: Stance
    words: str


class Judge:
    """See `verifiers.Verifier`."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._model = ChatModel(settings)

    def judge(self, claim: str, premises: Sequence[Premise], day: date | None = None) -> list[Judgement]:
        judged = [Judgement(Stance.NEUTRAL, 0.0, 0.0, _unasked(claim, premise)) for premise in premises]
        asked = [i for i, judgement in enumerate(judged) if not judgement.why]
        budget = Budget(self._settings)
        for start in range(0, len(asked), BATCH):
            batch = asked[start : start + BATCH]
            said = self._ask(claim, [premises[i] for i in batch], day, budget)
            for number, i in enumerate(batch, start=1):
                judged[i] = _judgement(claim, premises[i], said.get(number, []), day)
        return judged

    def _ask(
        self, claim: str, premises: Sequence[Premise], day: date | None, budget: Budget
    ) -> Mapping[int, list[_Said]]:
        """What the model says, by number of premise from 1. Raises ModelFailed."""
        prompt = load_prompt("judge")
        message = prompt.render(
            claim=fence(_one_line(claim, LONGEST), "claim"),
            day=day.isoformat() if day else "not given",
            premises="\n\n".join(_shown(number, premise) for number, premise in enumerate(premises, start=1)),
        )
        ask = Ask("judge", lambda binding: (prompt.id, message), _schema(len(premises)), pinned=True, check=self._read)
        return self._read(self._model.complete(ask, budget).raw)

    def _read(self, raw: str) -> Mapping[int, list[_Said]]:
        return _parse(raw, self._model.server)


def _schema(n_premises: int) -> dict[str, Any]:
    """Of a reply. No more judgements than premises, so that a small model finds an end."""
    properties = {
        "premise": {"type": "integer", "enum": list(range(1, n_premises + 1))},
        "words": {"type": "string"},
        "stance": {"type": "string", "enum": [stance.value for stance in Stance]},
    }
    return json_object({"judgements": {"type": "array", "items": json_object(properties), "maxItems": n_premises}})


# --- What the model is shown ------------------------------------------------------------------------------------------


def gives_orders(text: str) -> bool:
    """Whether a sentence tells its reader how to judge: such a sentence is kept from the model, it is no reporting."""
    return _ORDERS.search(text) is not None


def _unasked(claim: str, premise: Premise) -> str:
    """Why the model need not be asked; empty when it is."""
    if not any(map(str.isalnum, claim)):
        return "The claim has no words."
    if not any(map(str.isalnum, premise.text)):
        return "The sentence has no words."
    if gives_orders(premise.text):
        return "The sentence gives orders to its reader, so no model was asked about it."
    return ""


def _shown(number: int, premise: Premise) -> str:
    lines = [f"Premise {number} | published {premise.day.isoformat() if premise.day else 'on an unknown day'}"]
    if premise.title and not gives_orders(premise.title):
        lines.append(f"Title: {_one_line(premise.title, LONGEST_BESIDE)}")
    if premise.before and not gives_orders(premise.before):
        lines.append(f"Before: {_one_line(premise.before, LONGEST_BESIDE)}")
    lines.append(f"Sentence: {_one_line(premise.text, LONGEST)}")
    if premise.after and not gives_orders(premise.after):
        lines.append(f"After: {_one_line(premise.after, LONGEST_BESIDE)}")
    return fence("\n".join(lines), "premise")


def _one_line(text: str, most: int) -> str:
    """Without line breaks nothing in a text can start a line of its own, as "Sentence:" does."""
    return " ".join(text.translate(_PLAIN).split())[:most]


# --- What the model says ----------------------------------------------------------------------------------------------


def _parse(raw: str, server: str) -> Mapping[int, list[_Said]]:
    """By number of premise; entries that are none are left out. Raises UnreadableReply when there is no such JSON."""
    found = next((entries for entries in map(_entries, _objects(raw)) if entries is not None), None)
    if found is None:
        raise UnreadableReply(
            f"{server} sent no judgements that can be read.", "Choose another ASSISTANT_LLM, or another verifier."
        )
    said: dict[int, list[_Said]] = {}
    for entry in found:
        if (one := _said(entry)) is not None:
            said.setdefault(entry["premise"], []).append(one)
    return said


def _objects(raw: str) -> Iterator[Any]:
    """The JSON objects of judgements in the reply, the last one first: what comes before may be the model's thinking."""
    for match in reversed(list(_REPLY.finditer(raw))):
        try:
            yield json.JSONDecoder().raw_decode(raw, match.start())[0]
        except (ValueError, RecursionError):
            continue


def _entries(value: Any) -> list[Any] | None:
    entries = value.get("judgements") if isinstance(value, dict) else None
    return entries if isinstance(entries, list) else None


def _said(entry: Any) -> _Said | None:
    if not isinstance(entry, dict) or type(entry.get("premise")) is not int or not isinstance(entry.get("words"), str):
        return None
    stance = entry.get("stance")
    return _Said(Stance(stance), entry["words"]) if stance in list(Stance) else None


def _judgement(claim: str, premise: Premise, said: Sequence[_Said], day: date | None) -> Judgement:
    stances = {one.stance for one in said}
    if len(stances) > 1:
        return Judgement(Stance.NEUTRAL, 0.0, 0.0, "The model says different things of this sentence.")
    if not stances or stances == {Stance.NEUTRAL}:
        return Judgement(Stance.NEUTRAL, 0.0, 0.0, "The model finds neither support nor a refutation in it.")
    (stance,) = stances
    supports, refutes = (SAID, 0.0) if stance is Stance.SUPPORTS else (0.0, SAID)
    judgement = Judgement(stance, supports, refutes)
    words = next((words for one in said if (words := _standing(one.words, premise.text))), "")
    if not words:
        return taken_back(judgement, "the words that it names do not stand in the sentence.")
    why = f"The model finds that “{words}” {'says so' if stance is Stance.SUPPORTS else 'says otherwise'}."
    return checked(claim, premise, Judgement(stance, supports, refutes, why), day)


def _standing(words: str, text: str) -> str:
    """The premise's own characters for these words; empty unless they stand there in a row, enough of them."""
    wanted = fold(words.translate(_PLAIN)).text.strip(_EDGES)
    folded = fold(text.translate(_PLAIN))
    if not wanted or (len(wanted.split()) < QUOTED_WORDS and wanted != folded.text.strip(_EDGES)):
        return ""
    match = re.search(rf"(?<!\w){re.escape(wanted)}(?!\w)", folded.text)
    if match is None:
        return ""
    start, end = folded.original_range(*match.span())
    return text[start:end]
