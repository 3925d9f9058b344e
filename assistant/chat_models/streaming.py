"""A call to the chunks of a model's reply, all within one time limit, and what has come of the reply besides its text."""

from __future__ import annotations

import threading
import time
from collections.abc import AsyncIterator, Callable, Generator
from contextlib import closing
from math import inf
from typing import TYPE_CHECKING

from assistant.chat_models.deadline import Stopped, iterate_within
from assistant.chat_models.faults import explain, explain_ending, retry_after_s
from assistant.chat_models.forms import Binding
from assistant.chat_models.replies import StoredReply
from assistant.errors import ModelFailed
from assistant.types import Usage

if TYPE_CHECKING:
    from langchain_core.messages import AIMessageChunk

_TRIES = 2
_PAUSE_S = 0.5  # before the second try
_LONGEST_PAUSE_S = 2.0  # a server that asks for more is left alone: an extractive answer now is worth more
_MAX_CHARS_PER_TOKEN = 40  # no real token is longer for long: such a reply ignores its limit
_FINISH_KEYS = ("finish_reason", "stop_reason", "done_reason", "status")


def stream_chunks(
    start: Callable[[], AsyncIterator[AIMessageChunk]],
    server: str,
    timeout_s: float,
    stop: threading.Event | None = None,
) -> Generator[AIMessageChunk, None, None]:
    """The chunks of `start()`. Only a call that has shown nothing yet is tried again, all within one time limit.

    Raises ModelFailed, with what went wrong at `server` in words, also when somebody has set `stop`.
    """
    deadline = time.monotonic() + timeout_s
    for tries_left in reversed(range(_TRIES)):
        started = False
        try:
            with closing(iterate_within(deadline - time.monotonic(), start, stop)) as chunks:
                for chunk in chunks:
                    started = True
                    yield chunk
            return
        except Stopped:
            failure, pause = ModelFailed("The answer was stopped.", "Ask again."), inf
        except Exception as error:  # noqa: BLE001 - whatever a provider's client raises is a fault of the call
            failure, pause = explain(error, server), max(_PAUSE_S, retry_after_s(error))
        if started or not tries_left or pause > min(_LONGEST_PAUSE_S, deadline - time.monotonic()):
            break
        time.sleep(pause)
    # Outside the except block: nothing of the client's exception, which can hold the key, hangs on to this one.
    raise failure


class Reply:
    """What has come of a reply besides its text."""

    def __init__(self, binding: Binding = Binding.TEXT) -> None:
        self.binding = binding
        self.parts: list[str] = []
        self.chars = 0
        self.chunks = 0
        self.finish_reason: str | None = None
        self.usage = Usage()

    @classmethod
    def of(cls, kept: StoredReply, binding: Binding) -> Reply:
        """The kept reply, as it was when it came."""
        reply = cls(binding)
        reply.parts, reply.chars, reply.chunks = [kept.text], len(kept.text), 1
        reply.finish_reason, reply.usage = kept.finish_reason, kept.usage
        return reply

    def add(self, chunk: AIMessageChunk) -> str:
        """Take a chunk in; returns its text."""
        text = str(chunk.text)
        self.parts.append(text)
        self.chars += len(text)
        self.chunks += 1
        for key in _FINISH_KEYS:
            if isinstance(reason := chunk.response_metadata.get(key), str):
                self.finish_reason = reason
        if counted := chunk.usage_metadata:
            # The largest: some servers count on from chunk to chunk, some say input and output apart.
            self.usage = Usage(
                max(self.usage.input_tokens, counted["input_tokens"]),
                max(self.usage.output_tokens, counted["output_tokens"]),
            )
        return text

    @property
    def raw(self) -> str:
        return "".join(self.parts)

    def refuse_endless(self, max_tokens: int) -> None:
        """Raises ModelFailed once the reply is longer than so many tokens can be."""
        if self.chars > max_tokens * _MAX_CHARS_PER_TOKEN:
            raise ModelFailed("The model does not stop writing.", "Choose another ASSISTANT_LLM.")

    def refuse_unfinished(self, server: str, max_tokens: int) -> None:
        """Raises ModelFailed unless the model itself ended the reply."""
        if not self.chunks:
            raise ModelFailed(
                f"{server} sent no answer.", "Check that OPENAI_BASE_URL is its API, as in http://host/v1."
            )
        if fault := explain_ending(self.finish_reason, server, max_tokens):
            raise fault
