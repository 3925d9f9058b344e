"""A chat model's tokens to US dollars, at the list prices of prices.toml, which names page and day for each.

A model that is not in the file has no price here rather than a guessed one.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from math import inf

from assistant.resources import PACKAGE
from assistant.types import Usage

_SNAPSHOT = re.compile(r"-(?:\d{4}-\d{2}-\d{2}|20\d{6})$")


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


def price_of(model: str | None, usage: Usage) -> float | None:
    """US dollars for one call; None when no model was asked, its price is not known or nothing was counted."""
    price = find_price(model) if model else None
    if price is None or usage == Usage() or usage.input_tokens > price.up_to_input_tokens:
        return None
    return (usage.input_tokens * price.input + usage.output_tokens * price.output) / 1_000_000


def find_price(model: str) -> Price | None:
    """`model` as in ASSISTANT_LLM: "openai:gpt-5-mini", "gpt-5-mini", or a dated snapshot of it.

    Another provider of a model sets its own price, so that a named provider must be the file's.
    """
    provider, colon, name = model.rpartition(":")
    for known in (name, _SNAPSHOT.sub("", name)):
        for maker, prices in _prices().items():
            if known in prices and (not colon or provider == maker):
                return prices[known]
    return None


@cache
def _prices() -> Mapping[str, Mapping[str, Price]]:
    """By provider and model."""
    tables = tomllib.loads((PACKAGE / "prices.toml").read_text(encoding="utf-8"))
    return {maker: {model: Price(**entry) for model, entry in models.items()} for maker, models in tables.items()}
