"""CPU seconds, wall seconds and peak memory of a function, in a process of its own.

CPU seconds count user and system time of the process, all its threads and the children it waited for: on a busy machine
they say more than wall time does. A figure is the median of its repeats.
"""

from __future__ import annotations

import multiprocessing
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Goal:
    """What a figure or its ratio should reach."""

    sign: Literal[">=", "<"]
    limit: float
    of: Literal["figure", "ratio"] = "figure"

    def met(self, value: float) -> bool:
        return value >= self.limit if self.sign == ">=" else value < self.limit


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table."""

    name: str
    value: float
    unit: str
    goal: Goal | None = None
    peer: float | None = None
    """The same by the plain-library way, None when it was left out."""
    peer_name: str = ""
    more_is_better: bool = False
    details: Mapping[str, Any] = field(default_factory=dict)
    """What the table has no room for."""

    @property
    def ratio(self) -> float | None:
        """How many times as good as the plain-library way; above 1 is better."""
        if not self.peer or not self.value:
            return None
        return self.value / self.peer if self.more_is_better else self.peer / self.value

    @property
    def met(self) -> bool | None:
        """None without a goal, or without the ratio that the goal is about."""
        judged = self.ratio if self.goal and self.goal.of == "ratio" else self.value
        return self.goal.met(judged) if self.goal and judged is not None else None


@dataclass(slots=True)
class Stopwatch:
    """What a block took; filled when the block ends."""

    cpu_s: float = 0.0
    wall_s: float = 0.0


@contextmanager
def stopwatch() -> Iterator[Stopwatch]:
    watch = Stopwatch()
    cpu, wall = cpu_seconds(), time.perf_counter()
    yield watch
    watch.cpu_s, watch.wall_s = cpu_seconds() - cpu, time.perf_counter() - wall


def cpu_seconds() -> float:
    """Of this process, its threads and the children it waited for."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in used)


def peak_mb() -> float:
    """The most memory this process has held, in MB of 10^6 bytes."""
    status = Path("/proc/self/status")
    if status.exists():  # ru_maxrss counts what the parent held when it forked
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) * 1024 / 1e6
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 1e6 if sys.platform == "darwin" else peak * 1024 / 1e6


def in_child(function: Callable[..., T], *arguments: Any) -> T:
    """What `function(*arguments)` returns in a fresh Python process."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        return pool.submit(function, *arguments).result()


def medians(runs: Sequence[Mapping[str, float]]) -> dict[str, float]:
    """Key by key."""
    return {key: statistics.median(run[key] for run in runs) for key in runs[0]}


def side_by_side(
    repeats: int, ours: Callable[[], Mapping[str, float]], theirs: Callable[[], Mapping[str, float]] | None
) -> tuple[dict[str, float], dict[str, float]]:
    """Medians of both, run in turns so that a busy moment meets both; the second is empty without `theirs`."""
    own: list[Mapping[str, float]] = []
    other: list[Mapping[str, float]] = []
    for _ in range(repeats):
        own.append(ours())
        if theirs:
            other.append(theirs())
    return medians(own), medians(other) if other else {}


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that `share` of them do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def cpu_of_command(
    command: Sequence[str], env: Mapping[str, str], until: Callable[[subprocess.Popen[bytes]], None] | None = None
) -> float:
    """CPU seconds of a new process, to its end or until `until` returns; then it is killed. Raises when it fails."""
    process = subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    if until:
        try:
            until(process)
        finally:
            process.kill()
    errors = process.stderr.read() if process.stderr else b""
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if not until and process.returncode:
        raise RuntimeError(f"{' '.join(command)} ended with {process.returncode}: {errors.decode()}")
    return usage.ru_utime + usage.ru_stime


def set_settings_aside(scratch: Path) -> None:
    """Measure with the defaults: no ASSISTANT_ variable, and an empty settings file in `scratch`."""
    for name in [name for name in os.environ if name.startswith("ASSISTANT_")]:
        del os.environ[name]
    empty = scratch / "assistant.toml"
    empty.touch()
    os.environ["ASSISTANT_CONFIG"] = str(empty)
