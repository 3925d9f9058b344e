"""Cases to results on several threads, each with its own time limit.

A thread can't be stopped from outside: one that outlives its limit is given up, its result is thrown away, and another takes
its place, so that a hanging model server costs one case and not the run.
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Generic, TypeVar

Task = TypeVar("Task")
Result = TypeVar("Result")

POLL_S = 0.05


@dataclass(slots=True)
class _Job(Generic[Task]):
    task: Task
    started: float = 0.0  # monotonic; 0 while it waits
    given_up: bool = False


def run_all(
    work: Callable[[Task], Result],
    tasks: Sequence[Task],
    *,
    workers: int = 1,
    limit_s: float | None = None,
    too_late: Callable[[Task], Result],
    stop: threading.Event | None = None,
) -> Iterator[tuple[Task, Result]]:
    """Every task with its result, as they are done; `too_late(task)` stands in for one that took longer than `limit_s`.

    `work` handles its own errors: one that escapes it ends the run. Once `stop` is set no task is begun any more, and those in
    hand are not waited for.
    """
    pool = _Pool(work, tasks, limit_s)
    for _ in range(min(workers, len(tasks))):
        pool.start_worker()
    try:
        for _ in tasks:
            ended = pool.next_result(too_late, stop)
            if ended is None:
                return
            yield ended
    finally:
        pool.drop_waiting()


class _Pool(Generic[Task, Result]):
    def __init__(self, work: Callable[[Task], Result], tasks: Sequence[Task], limit_s: float | None) -> None:
        self._work = work
        self._limit_s = limit_s
        self._waiting: queue.SimpleQueue[_Job[Task]] = queue.SimpleQueue()
        self._done: queue.SimpleQueue[tuple[_Job[Task], Result | BaseException]] = queue.SimpleQueue()
        self._running: list[_Job[Task]] = []
        self._lock = threading.Lock()
        for task in tasks:
            self._waiting.put(_Job(task))

    def start_worker(self) -> None:
        threading.Thread(target=self._serve, name="evaluation", daemon=True).start()

    def drop_waiting(self) -> None:
        with suppress(queue.Empty):
            while True:
                self._waiting.get_nowait()

    def next_result(
        self, too_late: Callable[[Task], Result], stop: threading.Event | None
    ) -> tuple[Task, Result] | None:
        """None once `stop` is set."""
        polled = self._limit_s is not None or stop is not None
        while not (stop and stop.is_set()):
            try:
                job, result = self._done.get(timeout=POLL_S if polled else None)
            except queue.Empty:
                late = self._give_up_late()
                if late:
                    return late.task, too_late(late.task)
                continue
            if job.given_up:
                continue
            if isinstance(result, BaseException):
                raise result
            return job.task, result
        return None

    def _serve(self) -> None:
        while True:
            try:
                job = self._waiting.get_nowait()
            except queue.Empty:
                return
            job.started = time.monotonic()
            with self._lock:
                self._running.append(job)
            try:
                result: Result | BaseException = self._work(job.task)
            except BaseException as error:  # noqa: BLE001 - handed to the thread that waits for it
                result = error
            with self._lock:
                if job.given_up:
                    return  # another worker took this one's place
                self._running.remove(job)
            self._done.put((job, result))

    def _give_up_late(self) -> _Job[Task] | None:
        with self._lock:
            now = time.monotonic()
            late = next((job for job in self._running if self._limit_s and now - job.started > self._limit_s), None)
            if late:
                late.given_up = True
                self._running.remove(late)
        if late:
            self.start_worker()
        return late
