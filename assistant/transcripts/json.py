"""A conversation to JSON: the answers as `assistant ask --json` prints them, with their filters.

Positions count Unicode code points and the end is the first one outside. Keys are only ever added.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from assistant.exports.json import to_text
from assistant.render import answer_json
from assistant.transcripts._words import Exchange
from assistant.types import Article

FORMAT = 1


def write(conversation: Sequence[Exchange], articles: Mapping[str, Article], made: datetime) -> str:
    return to_text({"transcript": FORMAT, "made": made.isoformat(), "turns": [_turn(one) for one in conversation]})


def _turn(exchange: Exchange) -> dict[str, Any]:
    return {
        "asked": exchange.asked and exchange.asked.isoformat(),
        "filters": asdict(exchange.filters),
        "answer": answer_json(exchange.answer),
    }
