"""A finished reply to the JSON object in it, whatever stands around: a code fence, the model's thinking, a greeting."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from assistant.chat_models.faults import UnreadableReply

_THINKING = re.compile(r"\A\s*<think>.*?</think>", re.DOTALL)
_MOST_TRIES = 50  # braces at which an object may begin


def read_json(raw: str, server: str = "The model") -> dict[str, Any]:
    """The largest JSON object of the reply. Raises UnreadableReply when there is none."""
    found = max(_objects(_THINKING.sub("", raw)), key=lambda pair: pair[0], default=None)
    if found is None:
        raise UnreadableReply(f"{server} sent no JSON that can be read.", "Ask again, or choose another ASSISTANT_LLM.")
    return found[1]


def _objects(text: str) -> Iterator[tuple[int, dict[str, Any]]]:
    """(length, object) of those that do not lie in one another."""
    decoder, at = json.JSONDecoder(), text.find("{")
    for _ in range(_MOST_TRIES):
        if at < 0:
            return
        try:
            value, end = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            end = at + 1
        else:
            if isinstance(value, dict):
                yield end - at, value
        at = text.find("{", end)
