"""Judges a claim by a chat model, all premises in one call; each stance has to name the words of the premise that it rests on.

The model is not believed: words that do not stand in the premise, a value that the premise lacks, an aligned difference that
says otherwise, a premise that gives orders, each makes the judgement neutral with the reason. A reply that can't be read is no
judgement but a ModelFailed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from assistant.chat_models import (
    Reply,
    ReplyCache,
    RequestRefused,
    StoredReply,
    build_model,
    iter_kept,
    server_name,
    speaks_openai,
    stream_chunks,
)
from assistant.errors import ModelFailed
from assistant.prompts import fence, load_prompt
from assistant.settings import Settings
from assistant.text import fold
from assistant.types import Judgement, Premise, Stance
from assistant.verifiers._agreement import checked, taken_back

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import AIMessageChunk

BATCH = 40  # premises a call: all that a claim has
SAID = 0.85  # how likely a stance of the model is right; a choice, not a measurement
SEED = 7
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


class _Binding(StrEnum):
    """How a reply is bound to be JSON."""

    SCHEMA = "json_schema"
    MODE = "json_object"
    NONE = ""


@dataclass(frozen=True, slots=True)
class _Form:
    """How a reply is asked for."""

    binding: _Binding
    pinned: bool
    """At temperature 0 and with a seed, which some models refuse."""


_OTHER_FORMS = (_Form(_Binding.NONE, pinned=True), _Form(_Binding.NONE, pinned=False))
_OPENAI_FORMS = (
    _Form(_Binding.SCHEMA, pinned=True),
    _Form(_Binding.SCHEMA, pinned=False),
    _Form(_Binding.MODE, pinned=True),
    *_OTHER_FORMS,
)


@dataclass(frozen=True, slots=True)
class _Said:
    """What the model says of one premise."""

    stance: Stance
    words: str


class Judge:
    """See `verifiers.Verifier`."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._replies = ReplyCache(settings.llm_replies) if settings.llm_replies else None
        self._models: dict[bool, BaseChatModel] = {}
        self._forms: tuple[_Form, ...] = _OPENAI_FORMS if speaks_openai(settings.llm) else _OTHER_FORMS

    def judge(self, claim: str, premises: Sequence[Premise], day: date | None = None) -> list[Judgement]:
        judged = [Judgement(Stance.NEUTRAL, 0.0, 0.0, _unasked(claim, premise)) for premise in premises]
        asked = [i for i, judgement in enumerate(judged) if not judgement.why]
        for start in range(0, len(asked), BATCH):
            batch = asked[start : start + BATCH]
            said = self._ask(claim, [premises[i] for i in batch], day)
            for number, i in enumerate(batch, start=1):
                judged[i] = _judgement(claim, premises[i], said.get(number, []), day)
        return judged

    def _ask(self, claim: str, premises: Sequence[Premise], day: date | None) -> Mapping[int, list[_Said]]:
        """What the model says, by number of premise from 1. Raises ModelFailed."""
        message = load_prompt("judge").render(
            claim=fence(_one_line(claim, LONGEST), "claim"),
            day=day.isoformat() if day else "not given",
            premises="\n\n".join(_shown(number, premise) for number, premise in enumerate(premises, start=1)),
        )
        kept = self._replies.find(self._request(message)) if self._replies else None
        reply = self._read(iter_kept(kept)) if kept else self._call(message, len(premises))
        said = _parse(reply.raw, server_name(self._settings))
        if self._replies and not kept:
            self._replies.keep(self._request(message), StoredReply(reply.raw, reply.finish_reason, reply.usage))
        return said

    def _call(self, message: str, n_premises: int) -> Reply:
        """The reply in the first form that the server takes; the next call starts with that one."""
        forms = self._forms
        for at, form in enumerate(forms[:-1]):
            with suppress(RequestRefused):
                reply = self._read(self._stream(message, form, n_premises))
                self._forms = forms[at:]
                return reply
        reply = self._read(self._stream(message, forms[-1], n_premises))
        self._forms = forms[-1:]
        return reply

    def _stream(self, message: str, form: _Form, n_premises: int) -> Generator[AIMessageChunk, None, None]:
        model = self._model(form.pinned)
        options: dict[str, Any] = {}
        if form.pinned and speaks_openai(self._settings.llm):
            options["seed"] = SEED
        if form.binding:
            # In the body and not as LangChain's option, which would leave reading the reply to the client's own parser.
            options["extra_body"] = {"response_format": _response_format(form.binding, n_premises)}
        return stream_chunks(
            lambda: model.astream(message, **options), server_name(self._settings), self._settings.llm_timeout_s
        )

    def _read(self, chunks: Generator[AIMessageChunk, None, None]) -> Reply:
        reply = Reply()
        with closing(chunks):
            for chunk in chunks:
                reply.add(chunk)
                reply.refuse_endless(self._settings.llm_max_tokens)
        reply.refuse_unfinished(server_name(self._settings), self._settings.llm_max_tokens)
        return reply

    def _model(self, pinned: bool) -> BaseChatModel:
        if pinned not in self._models:
            settings = self._settings.model_copy(update={"llm_temperature": 0.0}) if pinned else self._settings
            self._models[pinned] = build_model(settings)
        return self._models[pinned]

    def _request(self, message: str) -> dict[str, Any]:
        """All that decides a reply."""
        settings = self._settings
        return {
            "verifier": "judge",
            "model": settings.llm,
            "server": server_name(settings),
            "temperature": 0.0,
            "seed": SEED,
            "max_tokens": settings.llm_max_tokens,
            "message": message,
        }


def _response_format(binding: _Binding, n_premises: int) -> dict[str, Any]:
    """OpenAI's `response_format`. No more judgements than premises, so that a small model finds an end."""
    if binding is not _Binding.SCHEMA:
        return {"type": binding.value}
    properties = {
        "premise": {"type": "integer", "enum": list(range(1, n_premises + 1))},
        "words": {"type": "string"},
        "stance": {"type": "string", "enum": [stance.value for stance in Stance]},
    }
    judgements = {"type": "array", "items": _object(properties), "maxItems": n_premises}
    schema = {"name": "judgements", "strict": True, "schema": _object({"judgements": judgements})}
    return {"type": binding.value, "json_schema": schema}


def _object(properties: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


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
    """By number of premise; entries that are none are left out. Raises ModelFailed when there is no such JSON."""
    found = next((entries for entries in map(_entries, _objects(raw)) if entries is not None), None)
    if found is None:
        raise ModelFailed(
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
