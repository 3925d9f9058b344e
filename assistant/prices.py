"""A chat model's tokens to US dollars, at the list prices of prices.toml, which names page and day for each.

A model that is not in the file has no price here rather than a guessed one. A gateway, a cloud or a server of one's own sets
its own price for the same model, so that a call has the list price only at its maker's own server.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from math import inf

from assistant.resources import PACKAGE
from assistant.types import ModelCall, Usage

_SNAPSHOT = re.compile(r"-(?:\d{4}-\d{2}-\d{2}|20\d{6})$")
_OWN_HOSTS = {"openai": "api.openai.com"}


@dataclass(frozen=True, slots=True)
class Price:
    """US dollars per million tokens."""

    input: float
    output: float
    source: str
    """The URL of the page it stands on."""
    read: date
    """The day that page was read."""
    up_to_input_tokens: float = inf
    """Longer prompts cost more than this says."""


def cost_of(calls: Iterable[ModelCall]) -> float | None:
    """US dollars for all calls together; None when one of them has a price that is not known.

    A kept reply costs nothing, nor does a call that failed before anything was counted. Where a server counted nothing, the
    tokens are an estimate (`Usage.exact`), and so is this.
    """
    costs = [_cost(call) for call in calls]
    return None if None in costs else sum(cost for cost in costs if cost is not None)


def price_known(model: str, server: str) -> bool:
    """Whether a call of `model` at `server` (both as in ModelCall) has a list price."""
    return _price_at(model, server) is not None


def price_of(model: str | None, usage: Usage) -> float | None:
    """US dollars for one call at the maker's own server; None when no model was asked, its price is not known or nothing
    was counted."""
    price = find_price(model) if model else None
    return _dollars(price, usage)


def find_price(model: str) -> Price | None:
    """`model` as in ASSISTANT_LLM: "openai:gpt-5-mini", "gpt-5-mini", or a dated snapshot of it.

    Another provider of a model sets its own price, so that a named provider must be the file's.
    """
    found = _find(model)
    return found[1] if found else None


def _cost(call: ModelCall) -> float | None:
    if call.cached or (call.failed and not call.usage.tokens):
        return 0.0
    return _dollars(_price_at(call.model, call.server), call.usage)


def _dollars(price: Price | None, usage: Usage) -> float | None:
    if price is None or not usage.tokens or usage.input_tokens > price.up_to_input_tokens:
        return None
    return (usage.input_tokens * price.input + usage.output_tokens * price.output) / 1_000_000


def _price_at(model: str, server: str) -> Price | None:
    found = _find(model)
    if not found:
        return None
    maker, price = found
    # Models that speak no OpenAI protocol go to their provider; their server is named by that (chat_models.server_name).
    own = _OWN_HOSTS.get(maker, f"The provider of {model}")
    return price if server == own else None


def _find(model: str) -> tuple[str, Price] | None:
    """The maker and the price."""
    provider, colon, name = model.rpartition(":")
    for known in (name, _SNAPSHOT.sub("", name)):
        for maker, prices in _prices().items():
            if known in prices and (not colon or provider == maker):
                return maker, prices[known]
    return None


@cache
def _prices() -> Mapping[str, Mapping[str, Price]]:
    """By provider and model."""
    tables = tomllib.loads((PACKAGE / "prices.toml").read_text(encoding="utf-8"))
    return {maker: {model: Price(**entry) for model, entry in models.items()} for maker, models in tables.items()}
