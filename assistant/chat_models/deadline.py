"""An asynchronous stream, iterated from synchronous code under one wall-clock deadline.

The time limits of HTTP clients start again at every byte, so a server that sends a keep-alive now and then holds a
caller for ever. Here the whole stream is one task that is cancelled when its time is up or its reader has gone.
"""

from __future__ import annotations

import asyncio
import os
import threading
import time
from collections.abc import AsyncIterator, Callable, Generator
from contextlib import suppress
from functools import cache
from queue import Empty, SimpleQueue
from typing import TypeVar

T = TypeVar("T")

_LOOK_S = 0.1  # how often a reader that waits looks whether it was told to stop
_GRACE_S = 0.5  # what a task may need to see that it was cancelled; then its reader stops waiting for it
_starting = threading.Lock()


class _End:
    """The last thing in the inbox: how the stream ended."""

    def __init__(self, error: Exception | None) -> None:
        self.error = error


class Stopped(Exception):
    """Somebody in another thread wants no more of the stream."""


def iterate_within(
    seconds: float, start: Callable[[], AsyncIterator[T]], stop: threading.Event | None = None
) -> Generator[T, None, None]:
    """The items of `start()` as they come. Raises TimeoutError once `seconds` have passed since the first next().

    What the stream raises is raised here, too. Closing the iterator cancels the stream, and so does setting `stop`, which
    another thread can do while this one waits: then Stopped is raised.
    """
    deadline = time.monotonic() + seconds
    inbox: SimpleQueue[T | _End] = SimpleQueue()
    task = asyncio.run_coroutine_threadsafe(_pump(seconds, start, inbox), _loop())
    try:
        while not isinstance(item := _next(inbox, deadline, stop), _End):
            yield item
        if item.error is not None:
            raise item.error
    finally:
        task.cancel()


async def _pump(seconds: float, start: Callable[[], AsyncIterator[T]], inbox: SimpleQueue[T | _End]) -> None:
    failure: Exception | None = None
    try:
        async with asyncio.timeout(seconds):
            async for item in start():
                inbox.put(item)
    except Exception as error:  # noqa: BLE001 - raised again on the reader's side
        failure = error
    inbox.put(_End(failure))


def _next(inbox: SimpleQueue[T | _End], deadline: float, stop: threading.Event | None) -> T | _End:
    while (left := deadline + _GRACE_S - time.monotonic()) > 0:
        if stop and stop.is_set():
            return _End(Stopped())
        with suppress(Empty):
            return inbox.get(timeout=min(left, _LOOK_S) if stop else left)
    return _End(TimeoutError())


def _loop() -> asyncio.AbstractEventLoop:
    """The process's one event loop for chat models, in a thread of its own.

    One, because providers keep pooled connections that work only in the loop that opened them.
    """
    with _starting:
        return _start_loop(os.getpid())


@cache
def _start_loop(pid: int) -> asyncio.AbstractEventLoop:
    # By process id: a fork inherits the loop but not the thread that runs it.
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, name=f"chat-models-{pid}", daemon=True).start()
    return loop
