"""Evaluations for the page: the question sets at hand, runs over its own library, the runs that are kept.

Nothing of Gradio. The evaluation is imported where it is needed: a page that nobody evaluates on starts without it.
"""

from __future__ import annotations

import re
import shutil
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from assistant import feedback
from assistant.errors import AssistantError, WrongUse
from assistant.resources import data_dir
from assistant.types import Failure

if TYPE_CHECKING:
    from assistant.api import Assistant
    from assistant.cases import EvalCase
    from assistant.evaluation import CaseSet, EvalProgress, EvalReport

UPLOAD = "upload"  # the key of the set that a person brings
MOST_CASES = 1000  # a run on the page; the command line has no limit
MOST_KEPT = 200  # runs that are listed
AT_ONCE = 2  # runs at the same time, of all readers: more would only make each slower
LOOK_S = 0.5  # how often a run is looked at

Document = dict[str, Any]


# ── question sets ─────────────────────────────────────────────────────────────────────────────────────────────────────
def sets_at_hand(home: Path) -> dict[str, Path]:
    """By the name that a list shows: the sets that come with the sample corpus, and what readers' feedback has gathered."""
    shipped = sorted(
        (data_dir("corpus") / "questions").glob("*.jsonl"), key=lambda path: (path.stem != "questions", path)
    )
    found = {f"Sample {path.stem}": path for path in shipped}
    return found | ({"Readers’ feedback": home / feedback.FILE} if (home / feedback.FILE).is_file() else {})


@contextmanager
def opened_set(home: Path, chosen: str, upload: str | None) -> Iterator[CaseSet]:
    """The chosen set, read. Raises WrongUse, with the file's own name, for what is none.

    An uploaded file is read from a folder where nothing else lies: some formats look for files beside the one they are given.
    """
    from assistant.evaluation import load_cases

    if chosen != UPLOAD:
        path = sets_at_hand(home).get(chosen)
        if path is None:
            raise WrongUse("This question set is not here any more.", "Choose another one.")
        yield load_cases(path)
        return
    if not upload:
        raise WrongUse(
            "No file has been chosen yet.", "Add a question set: JSONL, JSON or CSV, in any published format."
        )
    with TemporaryDirectory(prefix="assistant-") as folder:
        path = Path(folder, "uploaded", "set", safe_name(Path(upload).name))
        path.parent.mkdir(parents=True)
        try:
            shutil.copyfile(upload, path)
        except FileNotFoundError:  # the page keeps it for a day
            raise WrongUse("The file is no longer here.", "Add it again.") from None
        yield _told_by_name(path)


def safe_name(name: str) -> str:
    """A file name of letters, digits, dots and dashes that keeps its ending: it becomes the set's name, and the report's."""
    path = Path(name)
    stem = re.sub(r"[^\w-]+", "-", path.stem).strip("-_")[:60] or "set"
    ending = re.sub(r"\W+", "", path.suffix)[:8]
    return f"{stem}.{ending}" if ending else stem


def _told_by_name(path: Path) -> CaseSet:
    """Where the server keeps an uploaded file is nobody's business."""
    from assistant.evaluation import load_cases

    def clean(text: str) -> str:
        return text.replace(str(path), path.name).replace(str(path.parent), "").replace(" Name one with --format.", "")

    try:
        found = load_cases(path)
    except AssistantError as error:
        raise WrongUse(clean(error.message), clean(error.hint)) from None
    failures = tuple(Failure(clean(failure.source), clean(failure.reason)) for failure in found.failures)
    return replace(found, failures=failures)


@dataclass(frozen=True, slots=True)
class SetFacts:
    """What a set holds, as it is said before a run."""

    cases: int
    kinds: dict[str, int]
    """How many cases of each kind, by the words for one."""
    unanswerable: int
    """Questions that the articles should not answer."""
    failures: tuple[Failure, ...]
    """Lines that are no cases."""
    gold: int
    """Articles that the right answers stand in."""
    missing: tuple[str, ...]
    """Those of them that this library does not hold."""
    brings_articles: bool
    format: str
    articles: int
    """In the library."""


def facts_of(found: CaseSet, assistant: Assistant) -> SetFacts:
    from assistant.evaluation.gold import Gold

    rows = assistant.articles(include_replaced=True)
    return SetFacts(
        cases=len(found.cases),
        kinds=dict(Counter(map(_kind, found.cases))),
        unanswerable=sum(not case.answerable and not case.claim for case in found.cases),
        failures=found.failures,
        gold=len(Gold(()).missing(found.cases)),
        missing=Gold(rows).missing(found.cases),
        brings_articles=found.articles is not None,
        format=found.format,
        articles=sum(row.current for row in rows),
    )


def _kind(case: EvalCase) -> str:
    if case.claim:
        return "claim"
    if case.earlier:
        return "follow-up question"
    return "multiple-choice question" if case.choices else "question"


# ── runs ──────────────────────────────────────────────────────────────────────────────────────────────────────────────
class Runs:
    """Who is running one: one at a time a reader, AT_ONCE of all readers."""

    def __init__(self) -> None:
        self.turn = threading.Semaphore(AT_ONCE)
        self._stops: dict[str, threading.Event] = {}
        self._lock = threading.Lock()

    @contextmanager
    def one(self, reader: str) -> Iterator[threading.Event]:
        """What stops this reader's run. Raises WrongUse while another one of theirs is under way."""
        stop = threading.Event()
        with self._lock:
            if reader in self._stops:
                raise WrongUse("A run of yours is under way.", "Wait for it, or stop it.")
            self._stops[reader] = stop
        try:
            yield stop
        finally:
            stop.set()
            with self._lock:
                del self._stops[reader]

    def stop(self, reader: str) -> None:
        with self._lock:
            stop = self._stops.get(reader)
        if stop:
            stop.set()


@dataclass(frozen=True, slots=True)
class Waiting:
    """Others are running theirs."""


def run_cases(
    assistant: Assistant, found: CaseSet, most: int, runs: Runs, stop: threading.Event
) -> Iterator[EvalProgress | EvalReport | Waiting | None]:
    """Ask the first `most` cases: where the run stands, every LOOK_S, None before the first case; the report last, unless
    it was stopped before its turn.

    Closing this stops the run. What a stopped run has done is taken over by the next one over the same cases.
    """
    from assistant.evaluation import evaluate, evaluations_folder

    told: list[EvalProgress] = []
    while not runs.turn.acquire(timeout=LOOK_S):
        if stop.is_set():
            return
        yield Waiting()
    try:
        with ThreadPoolExecutor(1) as pool:
            job = pool.submit(
                lambda: evaluate(
                    assistant,
                    found.cases[:most],
                    journal=evaluations_folder(assistant.settings) / "unfinished",
                    progress=told.append,
                    failures=found.failures,
                    stop=stop,
                )
            )
            try:
                while not wait([job], LOOK_S).done:
                    yield told[-1] if told else None
            finally:
                stop.set()
            yield job.result()
    finally:
        runs.turn.release()


# ── runs that are kept ────────────────────────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True, slots=True)
class KeptRun:
    name: str
    """The file's, without the folder."""
    label: str


def keep(document: Document, folder: Path, name: str) -> str:
    """Store a report beside those of the command line; returns its file's name."""
    from assistant.evaluation import write_json

    target = folder / f"{name}-{datetime.now():%Y%m%d-%H%M%S}.json"
    for n in range(2, 100):
        if not target.exists():
            break
        target = target.with_stem(f"{target.stem.partition('+')[0]}+{n}")
    write_json(document, target)
    return target.name


def kept_runs(folder: Path) -> list[KeptRun]:
    """The latest first."""
    files = [(path.stat().st_mtime, path) for path in folder.glob("*.json") if path.is_file() and not path.is_symlink()]
    latest = sorted(files, reverse=True)[:MOST_KEPT]
    return [KeptRun(path.name, _label(path.stem, datetime.fromtimestamp(when))) for when, path in latest]


def _label(stem: str, when: datetime) -> str:
    """ "questions · 26 Nov 2026, 10:50:36": the moment is the file's, the set is in its name."""
    name = re.sub(r"-\d{8}-\d{6}(\+\d+)?$", "", stem)
    return f"{name} · {when.day} {when:%b %Y, %H:%M:%S}"


def read_kept(folder: Path, name: str | None) -> Document | None:
    """A kept report, None when no name is given. Raises WrongUse for one that is not in the list."""
    from assistant.evaluation import read_document

    if not name:
        return None
    if name not in {run.name for run in kept_runs(folder)}:
        raise WrongUse("This run is not here any more.", "Choose another one.")
    return read_document(folder / name)


def compared(document: Document, former: Document, label: str) -> Document:
    """The document with its first run set against the former one's. Raises WrongUse when they share no case."""
    from assistant.evaluation import compare_runs, reports_of, to_document

    baseline = replace(reports_of(former)[0], name=label)
    comparison = compare_runs(baseline, reports_of(document)[0])
    return {**document, "comparisons": to_document((), [comparison])["comparisons"]}


def names_of(runs: Sequence[KeptRun]) -> list[tuple[str, str]]:
    """As a list of choices takes them."""
    return [(run.label, run.name) for run in runs]
