"""The command that evaluates: question sets in, a report out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from assistant.api import Assistant
from assistant.cli._common import JsonOption, console, print_json, progress_bars
from assistant.errors import ExitCode, WrongUse
from assistant.settings import Settings, load_settings
from assistant.types import Failure

if TYPE_CHECKING:
    from assistant.evaluation import CaseSet, EvalCase, EvalProgress, EvalReport

_SHOWN_FIGURES = ("hit@4", "answer_contains", "choice_accuracy", "verdict_accuracy")  # beside the progress bar
_AS_SET = "as set"


def evaluate(
    question_sets: Annotated[
        list[Path], typer.Argument(metavar="SET...", help="Question sets: files or folders, see docs/question-sets.md.")
    ],
    articles: Annotated[
        list[str] | None, typer.Option(help="Ask a library made of these instead of the current one.")
    ] = None,
    set_format: Annotated[
        str | None, typer.Option("--format", help="The sets' format; told from the files if not given.")
    ] = None,
    compare: Annotated[
        list[str] | None,
        typer.Option(metavar="KEY=VALUE,...", help="One more run with these settings, beside the one as set."),
    ] = None,
    against: Annotated[Path | None, typer.Option(metavar="REPORT.json", help="Compare with a former report.")] = None,
    fail_if: Annotated[
        list[str] | None, typer.Option(metavar="CONDITION", help="Exit with 5 if it holds, as in 'recall@5 < 0.80'.")
    ] = None,
    k: Annotated[int, typer.Option(min=1, max=50, help="Passages retrieved a question.")] = 10,
    limit: Annotated[int | None, typer.Option(min=1, help="Only the first so many cases of each set.")] = None,
    embed: Annotated[bool, typer.Option(help="Embed the articles; --no-embed searches by words alone.")] = True,
    retriever: Annotated[str | None, typer.Option(help="hybrid, lexical or dense.")] = None,
    embedder: Annotated[str | None, typer.Option(help="As in the settings.")] = None,
    answerer: Annotated[str | None, typer.Option(help="extractive or chat.")] = None,
    verifier: Annotated[str | None, typer.Option(help="Judges claims and citations.")] = None,
    workers: Annotated[
        int, typer.Option(min=1, max=64, help="Cases at a time; pays where a model server answers.")
    ] = 1,
    case_limit: Annotated[
        float | None, typer.Option(min=0.001, metavar="SECONDS", help="The most a case may take.")
    ] = None,
    fresh: Annotated[
        bool, typer.Option("--fresh", help="Do not go on with an unfinished run, nor use kept replies.")
    ] = False,
    output: Annotated[
        Path | None,
        typer.Option(
            help="The JSON report; HTML and CSV lie beside it. Default: evaluations/ in the library's folder."
        ),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Run question sets and print how good the answers are, with intervals, comparisons and every failure."""
    from assistant.evaluation import compare_runs, parse_condition, print_document, to_document, write_report

    conditions = [parse_condition(text, k) for text in fail_if or ()]
    sets = _load(question_sets, set_format, limit)
    chosen = {"retriever": retriever, "embedder": embedder, "answerer": answerer, "verifier": verifier}
    runs = _settings_of_runs(chosen, compare or ())
    plan = _Plan(sets, articles or (), k, embed, workers, case_limit, fresh, as_json)
    target = _target(output, runs[_AS_SET], sets)
    former = _former(against, plan.cases) if against else None
    reports, unread = [], 0
    for name, settings in runs.items():
        report, failed = plan.run(name, settings)
        reports.append(report)
        unread += len(failed)
    comparisons = [compare_runs(reports[0], report) for report in reports[1:]]
    comparisons += [compare_runs(former, reports[0])] if former else []
    document = to_document(reports, comparisons)
    written = write_report(document, target)
    if as_json:
        print_json(document)
    else:
        print_document(document)
        console().print("Written: " + ", ".join(map(str, written)), markup=False, highlight=False)
    failed_conditions = [why for condition in conditions if (why := condition.verdict(reports[0].figures))]
    for why in failed_conditions:
        console().print(f"Failed: {why}", style="bold red", markup=False, highlight=False)
    if failed_conditions:
        raise typer.Exit(ExitCode.FAILED_CONDITION)
    if unread or any(report.failures or report.errors for report in reports):
        raise typer.Exit(ExitCode.INCOMPLETE)


@dataclass(frozen=True, slots=True)
class _Plan:
    """What every run of the command shares."""

    sets: Sequence[CaseSet]
    articles: Sequence[str]
    k: int
    embed: bool
    workers: int
    case_limit_s: float | None
    fresh: bool
    quiet: bool

    @property
    def cases(self) -> list[EvalCase]:
        return [case for found in self.sets for case in found.cases]

    def run(self, name: str, settings: Settings) -> tuple[EvalReport, tuple[Failure, ...]]:
        """The report, and the inputs that were no articles."""
        from assistant.evaluation import evaluate, evaluations_folder

        folder = evaluations_folder(settings)
        if not self.fresh and settings.llm_replies is None:
            settings = settings.model_copy(update={"llm_replies": folder / "replies.db"})
        with self._library(settings) as (assistant, unread), _progress(name, len(self.cases), self.quiet) as progress:
            report = evaluate(
                assistant,
                self.cases,
                name=name,
                k=self.k,
                workers=self.workers,
                case_limit_s=self.case_limit_s,
                journal=None if self.fresh else folder / "unfinished",
                failures=[failure for found in self.sets for failure in found.failures],
                progress=progress,
            )
        if report.resumed and not self.quiet:
            console().print(f"{name}: {report.resumed} cases were done before.", markup=False, highlight=False)
        return report, unread

    @contextmanager
    def _library(self, settings: Settings) -> Iterator[tuple[Assistant, tuple[Failure, ...]]]:
        """A library of the articles named or brought along, and what of them is no article; else the settings' own."""
        from assistant.evaluation import scratch_library

        sources = self.articles or self._brought_along(settings)
        if not sources:
            with Assistant(settings=settings) as assistant:
                yield assistant, ()
            return
        with ExitStack() as scratch:
            with progress_bars(quiet=self.quiet) as progress:
                library = scratch_library(*sources, settings=settings, embed=self.embed, progress=progress)
                assistant, report = scratch.enter_context(library)
            for failure in report.failed:
                console().print(
                    f"Not an article: {failure.source}: {failure.reason}", style="yellow", markup=False, highlight=False
                )
            yield assistant, report.failed

    def _brought_along(self, settings: Settings) -> list[str]:
        from assistant.evaluation import evaluations_folder, write_articles

        folder = evaluations_folder(settings) / "articles"
        return [
            str(path) for found in self.sets if found.articles and (path := write_articles(found.articles(), folder))
        ]


def _load(paths: Sequence[Path], set_format: str | None, limit: int | None) -> list[CaseSet]:
    """The sets, each under a name of its own. Raises WrongUse for one without a case."""
    from assistant.evaluation import load_cases

    sets: list[CaseSet] = []
    for path in paths:
        found = load_cases(path, set_format)
        if not found.cases:
            reason = f": {found.failures[0].source}: {found.failures[0].reason}" if found.failures else "."
            raise WrongUse(
                f"{path} holds no question that can be read{reason}", "See docs/question-sets.md for the formats."
            )
        taken = {case.dataset for other in sets for case in other.cases}
        cases = [
            replace(case, dataset=f"{case.dataset}#{len(sets) + 1}") if case.dataset in taken else case
            for case in found.cases[:limit]
        ]
        sets.append(replace(found, cases=tuple(cases)))
    return sets


def _settings_of_runs(chosen: Mapping[str, str | None], compare: Sequence[str]) -> dict[str, Settings]:
    """By name, the run as set first. Raises WrongUse, BadSettings."""
    runs = {_AS_SET: load_settings(**chosen)}
    for text in compare:
        if text in runs:
            raise WrongUse(f"--compare {text} is there twice.", "Name each setting once.")
        runs[text] = load_settings(**{**chosen, **_overrides(text)})
    return runs


def _overrides(text: str) -> dict[str, Any]:
    """`top_k=8,passage.tokens=300` as {"top_k": "8", "passage": {"tokens": "300"}}."""
    found: dict[str, Any] = {}
    for part in text.split(","):
        key, equals, value = (piece.strip() for piece in part.partition("="))
        if not (key and equals and value):
            raise WrongUse(
                f"--compare {text!r} has no settings in it.", "Write it as --compare retriever=lexical,top_k=8."
            )
        group, _, name = key.partition(".")
        if name:
            found.setdefault(group, {})[name] = value
        else:
            found[key] = value
    return found


def _former(path: Path, cases: Sequence[EvalCase]) -> EvalReport:
    """The first run of a former report. Raises WrongUse, before anything is asked, when it has none of these cases."""
    from assistant.evaluation import read_document, reports_of

    run = reports_of(read_document(path))[0]
    if {(case.dataset, case.id) for case in cases}.isdisjoint((result.dataset, result.id) for result in run.results):
        raise WrongUse(
            f"{path} has none of these cases: it is about {', '.join(run.sets)}.",
            "Compare over the same question sets.",
        )
    return replace(run, name=f"{run.name} ({path})")


def _target(output: Path | None, settings: Settings, sets: Sequence[CaseSet]) -> Path:
    """Where the JSON report goes; its folder is made before anything is asked, so that no result is lost for want of it."""
    from assistant.evaluation import evaluations_folder

    name = "-".join(found.name for found in sets)[:80]
    target = output or evaluations_folder(settings) / f"{name}-{datetime.now():%Y%m%d-%H%M%S}.json"
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise WrongUse(
            f"{target.parent} can't be made: {error.strerror or error}.", "Name a file with --output."
        ) from None
    return target


@contextmanager
def _progress(name: str, total: int, quiet: bool) -> Iterator[Any]:
    """A bar with the running figures; None when nothing is to be shown."""
    if quiet:
        yield None
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.fields[figures]}"),
    )
    with Progress(*columns, console=console(), transient=True) as bars:
        task = bars.add_task("Asking" if name == _AS_SET else name, total=total, figures="")

        def show(at: EvalProgress) -> None:
            bars.update(task, completed=at.done, figures=_running_figures(at))

        yield show


def _running_figures(at: EvalProgress) -> str:
    shown = [f"{name} {100 * at.figures[name]:.0f}" for name in _SHOWN_FIGURES if name in at.figures]
    return " · ".join([*shown, f"{at.errors} errors"] if at.errors else shown)
