"""Tokens: how many the chat model reads and writes for one answer.

Means of the counts that the model's server gives, input (prompt, passages, history) and output apart, as their prices
differ: Chen, Zaharia & Zou, FrugalGPT, 2023. Only answers for which a model was asked; a server that counts nothing is
excluded, not 0. Failed calls are not counted.
Example: two answers with 1,200 and 1,000 tokens read: input_tokens = 1,100.
"""

from __future__ import annotations

from assistant.metrics import Metric, Outcome
from assistant.types import Usage


def counted_usage(outcome: Outcome) -> Usage | None:
    """What a model's server counted; None when no model was asked or nothing was counted."""
    answer = outcome.answer
    if answer is None or answer.provenance.get("model") is None or answer.usage == Usage():
        return None
    return answer.usage


def _input(outcome: Outcome) -> float | None:
    usage = counted_usage(outcome)
    return None if usage is None else float(usage.input_tokens)


def _output(outcome: Outcome) -> float | None:
    usage = counted_usage(outcome)
    return None if usage is None else float(usage.output_tokens)


def make() -> tuple[Metric, ...]:
    return (
        Metric("input_tokens", "cost", _input, higher_is_better=None, unit="count"),
        Metric("output_tokens", "cost", _output, higher_is_better=None, unit="count"),
    )
