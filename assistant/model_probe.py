"""A chat model's server, tried with at most three small asks: how fast it is, which forms of a reply it takes and keeps to.

A server may take a JSON schema and ignore it, so the schema here demands words that the prompt does not have. Nothing is
kept; the day's tally counts the calls.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from assistant.chat_models import (
    Ask,
    Binding,
    Budget,
    ChatModel,
    UnreadableReply,
    json_object,
    read_json,
    speaks_openai,
)
from assistant.chat_models.forms import ALLOWED
from assistant.errors import ModelFailed
from assistant.prompts import load_prompt
from assistant.settings import Settings
from assistant.types import ModelCall

LIMIT_S = 15.0  # for all calls together, or the settings' limit for a question where that is less
SECRET = {"shade": "vermilion"}  # what the schema alone demands; the prompt asks for the colour of the sky
SCHEMA = json_object({name: {"type": "string", "enum": [value]} for name, value in SECRET.items()})
MOST_CHARS = 1000  # a reply that is longer is not going to end soon
FEW_WORDS, MANY_WORDS = "5", "40"


class Kept(StrEnum):
    """What a server makes of a form that it is asked to reply in."""

    KEPT = "kept"
    IGNORED = "ignored"  # taken without a word, and the reply is not in it
    ENDLESS = "endless"  # taken, but no reply in it came to its end
    REFUSED = "refused"
    UNTRIED = "untried"  # the settings or the provider leave it out, or a better form is kept


@dataclass(frozen=True, slots=True)
class Probe:
    """What was found out."""

    server: str
    schema: Kept
    json: Kept
    pieces: int
    """Most pieces that a reply came in; 1 for a server that can't stream, or does not."""
    streams: bool
    """Whether the server takes requests for a stream."""
    counted: bool | None
    """Whether the server counted the tokens; None when no reply came to its end."""
    left_out: frozenset[str] | None
    """Parameters that the server refused; None when no reply came to its end."""
    calls: tuple[ModelCall, ...]
    """All that were sent, refused ones as well. The reply to the first ask is `answered`."""
    answered: ModelCall


@dataclass(frozen=True, slots=True)
class _Said:
    """A reply, or its first MOST_CHARS."""

    text: str
    pieces: int
    call: ModelCall
    whole: bool


def probe_chat(settings: Settings) -> Probe:
    """Try the model of `settings.llm`. Raises ModelFailed when it does not answer at all."""
    limit_s = min(LIMIT_S, settings.llm_timeout_s)
    settings = settings.model_copy(update={"llm_cache": False, "llm_timeout_s": limit_s})
    model, budget, ask = ChatModel(settings), Budget(settings), _ask(FEW_WORDS, SCHEMA)
    said = [_listen(model, ask, budget)]
    form = model.form(ask)
    schema, json = _kept(said[0], _allowed(settings))
    if schema is Kept.IGNORED and Binding.JSON in _allowed(settings):
        json, more = _try_json(settings, ask, budget)
        said += more
    streams = form is None or form.sends("stream")
    if streams and max(one.pieces for one in said) == 1:
        said += _try(model, _ask(MANY_WORDS, None), budget)
    whole = [one.call.usage.exact for one in said if one.whole]
    return Probe(
        server=model.server,
        schema=schema,
        json=json,
        pieces=max(one.pieces for one in said),
        streams=streams,
        counted=any(whole) if whole else None,
        left_out=form.without - {"stream"} if form else None,
        calls=tuple(budget.calls),
        answered=said[0].call,
    )


def _ask(words: str, schema: Mapping[str, Any] | None) -> Ask:
    prompt = load_prompt("probe")
    return Ask("probe", lambda _: (prompt.id, prompt.render(words=words)), schema, pinned=True, check=_refuse_empty)


def _refuse_empty(raw: str) -> None:
    if not raw.strip():
        raise UnreadableReply("The model sent an empty answer.", "Ask again, or choose another ASSISTANT_LLM.")


def _try_json(settings: Settings, ask: Ask, budget: Budget) -> tuple[Kept, list[_Said]]:
    """What the server makes of JSON mode, for one that takes schemas and ignores them."""
    settings = settings.model_copy(update={"llm_form": "json"})
    said = _try(ChatModel(settings), ask, budget)
    return (_kept(said[0], _allowed(settings))[1] if said else Kept.ENDLESS), said


def _try(model: ChatModel, ask: Ask, budget: Budget) -> list[_Said]:
    """The reply, none when there is none: what one ask after the first one finds is not worth a failure."""
    try:
        return [_listen(model, ask, budget)]
    except ModelFailed:
        return []


def _listen(model: ChatModel, ask: Ask, budget: Budget) -> _Said:
    pieces: list[str] = []
    whole = False
    with closing(model.stream(ask, budget)) as stream:
        while not whole and sum(map(len, pieces)) <= MOST_CHARS:
            try:
                pieces.append(next(stream))
            except StopIteration:
                whole = True
    return _Said("".join(pieces), len(pieces), budget.calls[-1], whole)


def _allowed(settings: Settings) -> tuple[Binding, ...]:
    return ALLOWED[settings.llm_form] if speaks_openai(settings.llm) else (Binding.TEXT,)


def _kept(said: _Said, allowed: tuple[Binding, ...]) -> tuple[Kept, Kept]:
    """What has become of the schema and of JSON mode; forms that are better than the reply's were refused."""
    bound = Binding(said.call.form)
    found = dict.fromkeys(allowed[: allowed.index(bound)], Kept.REFUSED)
    found[bound] = _kept_to(bound, said.text) if said.whole else Kept.ENDLESS
    return found.get(Binding.SCHEMA, Kept.UNTRIED), found.get(Binding.JSON, Kept.UNTRIED)


def _kept_to(bound: Binding, text: str) -> Kept:
    try:
        value = read_json(text)
    except UnreadableReply:
        return Kept.IGNORED
    return Kept.IGNORED if bound is Binding.SCHEMA and value != SECRET else Kept.KEPT
