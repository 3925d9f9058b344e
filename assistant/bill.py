"""The calls of chat models to what a reader is told of them: models, tokens, price, seconds; and to JSON."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from assistant.types import ModelCall, Usage

LEAST_USD = 0.0001  # less is said to be less: "$0.0000" would read as free

Priced = tuple[Sequence[ModelCall], float | None]
"""Calls and what they cost in US dollars, None where a price is not known: `calls` and `cost_usd` of a result."""


def bill_words(calls: Sequence[ModelCall], cost_usd: float | None, seconds: float | None = None) -> str:
    """ "openai:gpt-5-mini · 1,403 tokens · about $0.0012 · 3.4 s"; empty where no model was asked."""
    if not calls:
        return ""
    models = ", ".join(dict.fromkeys(call.model for call in calls))
    kept = all(call.cached for call in calls)
    price = "from kept replies, nothing paid" if kept else price_words(cost_usd)
    took = "" if seconds is None else f"{seconds:.1f}\u00a0s"
    return " · ".join(filter(None, (models, tokens_words(calls), price, took)))


def sum_words(answers: Sequence[Priced]) -> str:
    """ "3 answers, 4,210 tokens, about $0.004"; a price that is not known makes the sum a lower bound."""
    calls = [call for own, _ in answers for call in own]
    known = [cost for _, cost in answers if cost is not None]
    total = sum(known)
    if len(known) == len(answers):
        price = price_words(total)
    else:
        price = f"at least {_dollars(total)}" if total >= LEAST_USD else price_words(None)
    return ", ".join(filter(None, (f"{len(answers)} answers", tokens_words(calls), price)))


def tokens_words(calls: Sequence[ModelCall]) -> str:
    """ "1,403 tokens" of the calls that were sent, "about" where a server counted none; empty where there are none."""
    sent = sum((call.usage for call in calls if not call.cached), Usage())
    return f"{'' if sent.exact else 'about '}{sent.tokens:,} tokens" if sent.tokens else ""


def price_words(cost_usd: float | None) -> str:
    if cost_usd is None:
        return "price unknown"
    if not cost_usd:
        return "nothing paid"
    return f"about {_dollars(cost_usd)}" if cost_usd >= LEAST_USD else f"less than ${LEAST_USD}"


def call_json(call: ModelCall) -> dict[str, Any]:
    return {**asdict(call), "failed": call.failed or None}


def _dollars(usd: float) -> str:
    """Cents from a cent on, else two significant digits."""
    return f"${usd:,.2f}" if usd >= 0.01 else f"${usd:.2g}"
