"""What the calls for one question may take: seconds, tokens, a share of the day's cap. It keeps the calls, too.

One wall-clock deadline holds for all calls and second tries together, so that several slow calls can't add up.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass, field

from assistant.chat_models.tally import Tally
from assistant.errors import ModelFailed
from assistant.prices import price_known
from assistant.settings import Settings
from assistant.types import ModelCall, Usage

RESERVE_S = 1.5  # of the deadline, kept for the extractive answer that takes the place of a failed one
RESERVE_SHARE = 0.1  # no more than this share of a short deadline


class CapReached(ModelFailed):
    """A cap of the settings leaves no room for another call."""


@dataclass(slots=True)
class Budget:
    """For one question or one claim. Not for several threads."""

    settings: Settings
    calls: list[ModelCall] = field(default_factory=list)
    stop: threading.Event = field(default_factory=threading.Event)
    """Set by another thread, it ends the call that is running; no other one begins."""
    _deadline: float = field(init=False)

    def __post_init__(self) -> None:
        total = self.settings.llm_timeout_s
        self._deadline = time.monotonic() + total - min(RESERVE_S, RESERVE_SHARE * total)

    def part(self, share: float) -> Budget:
        """A budget with this share of the time that is left; its calls are this one's, too."""
        smaller = Budget(self.settings, self.calls, self.stop)
        smaller._deadline = time.monotonic() + share * self.remaining_s
        return smaller

    @property
    def remaining_s(self) -> float:
        """Seconds that calls may still take; 0 when none are left."""
        return 0.0 if self.stop.is_set() else max(0.0, self._deadline - time.monotonic())

    @property
    def tokens(self) -> int:
        """Tokens of the calls that were sent."""
        return total_usage(self.calls).tokens

    def require(self, tokens: int, model: str, server: str) -> None:
        """Raises CapReached unless a call that may take so many tokens fits every cap."""
        settings = self.settings
        if self.tokens + tokens > settings.llm_question_tokens:
            raise CapReached(
                f"The next call may take {tokens:,} tokens, more than is left for this question"
                f" ({self.tokens:,} of {settings.llm_question_tokens:,} are spent).",
                "Raise ASSISTANT_LLM_QUESTION_TOKENS, or lower ASSISTANT_LLM_PROMPT_TOKENS.",
            )
        if settings.llm_day_tokens is None and settings.llm_day_usd is None:
            return
        spent = Tally(settings.home).today()
        if settings.llm_day_tokens is not None and spent.tokens + tokens > settings.llm_day_tokens:
            raise CapReached(
                f"Today's {settings.llm_day_tokens:,} tokens for chat models are spent or nearly so ({spent.tokens:,}).",
                "Raise ASSISTANT_LLM_DAY_TOKENS, or ask tomorrow.",
            )
        if settings.llm_day_usd is not None:
            _require_dollars(settings.llm_day_usd, spent.usd, model, server)

    def add(self, call: ModelCall) -> None:
        """Keep a call; one that was sent counts for the day, too."""
        self.calls.append(call)
        if not call.cached:
            Tally(self.settings.home).add(call)


def total_usage(calls: Iterable[ModelCall]) -> Usage:
    """The tokens of the calls that were sent."""
    return sum((call.usage for call in calls if call.usage.tokens and not call.cached), Usage())


def _require_dollars(cap: float, spent: float, model: str, server: str) -> None:
    if not price_known(model, server):
        raise CapReached(
            f"The price of {model} at {server} is not known, so that a cap in dollars can't be kept.",
            "Use ASSISTANT_LLM_DAY_TOKENS in place of ASSISTANT_LLM_DAY_USD.",
        )
    if spent >= cap:
        raise CapReached(
            f"Today's {cap:,.2f} US dollars for chat models are spent.", "Raise ASSISTANT_LLM_DAY_USD, or ask tomorrow."
        )
