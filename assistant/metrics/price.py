"""Price: the US dollars that the chat model costs for one answer, at list price.

price = input tokens * price of one + output tokens * price of one, from assistant/prices.toml, which names page and day
for each model: Chen, Zaharia & Zou, FrugalGPT, 2023. A mean over the answers whose price is known; an unknown model or
uncounted tokens are excluded, not 0. Caching would make it cheaper, so it is an upper bound.
Example: 1,200 tokens in and 100 out at $0.25 and $2 a million: $0.0005.
"""

from __future__ import annotations

from assistant.metrics import Metric, Outcome


def _score(outcome: Outcome) -> float | None:
    return outcome.price


def make() -> tuple[Metric, ...]:
    return (Metric("price_usd", "cost", _score, higher_is_better=False, unit="dollars"),)
