"""The forms in which a reply can be asked for, and the next one when a server refuses one.

A reply is bound by a JSON schema, to be JSON, or by words alone; parameters that a server does not know are left out. What
the server named in its refusal is changed first (`faults.RequestRefused.named`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any


class Binding(StrEnum):
    """How a reply is bound."""

    SCHEMA = "json_schema"
    JSON = "json_object"
    TEXT = "text"


# What the setting `llm_form` allows, best first. Text is always left: any server can write.
ALLOWED: Mapping[str, tuple[Binding, ...]] = {
    "auto": (Binding.SCHEMA, Binding.JSON, Binding.TEXT),
    "schema": (Binding.SCHEMA, Binding.TEXT),
    "json": (Binding.JSON, Binding.TEXT),
    "text": (Binding.TEXT,),
}

# Parameters that are left out when a server refuses them; those that a reply misses least first.
OPTIONAL = ("temperature", "seed", "stream_options", "max_completion_tokens", "max_tokens", "stream")
_PINS = frozenset({"temperature", "seed"})


@dataclass(frozen=True, slots=True)
class Form:
    """How a reply is asked for."""

    binding: Binding
    without: frozenset[str] = frozenset()
    """Parameters of OPTIONAL that this server refuses."""

    def sends(self, parameter: str) -> bool:
        return parameter not in self.without


def adapt(form: Form, named: frozenset[str], allowed: tuple[Binding, ...], sent: frozenset[str]) -> Form | None:
    """The form to try after a refusal that named these parameters; None when none is left.

    `sent` are those of OPTIONAL that the refused request had. A refusal that names none of what was sent gives up
    temperature and seed first, then the binding, then the others one by one.
    """
    weaker = allowed[allowed.index(form.binding) + 1 :]
    refused = next((parameter for parameter in OPTIONAL if parameter in named & sent), None)
    if refused == "max_completion_tokens" and "max_tokens" in named & sent:
        refused = "max_tokens"  # not both at once: the newer name is the one that every model behind a gateway takes
    if weaker and "response_format" in named:
        return replace(form, binding=weaker[0])
    if refused is not None:
        return replace(form, without=form.without | {refused})
    if pins := _PINS & sent:
        return replace(form, without=form.without | pins)
    if weaker:
        return replace(form, binding=weaker[0])
    given_up = next((parameter for parameter in OPTIONAL if parameter in sent), None)
    return replace(form, without=form.without | {given_up}) if given_up else None


def response_format(binding: Binding, name: str, schema: Mapping[str, Any]) -> dict[str, Any]:
    """OpenAI's `response_format`."""
    if binding is Binding.SCHEMA:
        return {"type": binding.value, "json_schema": {"name": name, "strict": True, "schema": dict(schema)}}
    return {"type": binding.value}


def json_object(properties: Mapping[str, Any]) -> dict[str, Any]:
    """The JSON schema of an object with exactly these properties, as strict schemas want it."""
    return {
        "type": "object",
        "properties": dict(properties),
        "required": list(properties),
        "additionalProperties": False,
    }
