"""Every benchmark, or the named ones: one table at the end, and JSON with what machine it was.

    python -m benchmarks.run [text embedding memory asking startup page] [--quick] [--articles FILE] [--json FILE]

Each measurement runs in processes of its own. ASSISTANT_... variables and assistant.toml are set aside, so that the
defaults are measured. Exit code 1 when a goal is not met.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from benchmarks.measuring import set_settings_aside

if TYPE_CHECKING:
    from benchmarks.measuring import Figure
    from benchmarks.plan import Plan

BENCHMARKS = ("text", "embedding", "memory", "asking", "startup", "chat_overhead", "page")
WITHOUT_QUICK_START = frozenset({"page"})  # what needs none of the quick start's packages
PACKAGES = ("assistant", "chromadb", "gradio", "langchain-core", "numpy", "onnxruntime", "tokenizers")


def main() -> int:
    parser = _parser()
    arguments = parser.parse_args()
    unknown = sorted(set(arguments.names).difference(BENCHMARKS))
    if unknown:
        parser.error(f"there is no benchmark {', '.join(unknown)}; there are {', '.join(BENCHMARKS)}")
    from benchmarks.plan import Plan
    from benchmarks.quickstart import require_packages

    if arguments.peer and not WITHOUT_QUICK_START.issuperset(arguments.names or BENCHMARKS):
        require_packages()
    facts = machine_facts()
    with TemporaryDirectory(prefix="benchmarks-") as scratch:
        set_settings_aside(Path(scratch))
        plan = Plan(
            Path(scratch),
            articles=arguments.articles,
            questions=arguments.questions,
            quick=arguments.quick,
            full=arguments.full,
            peer=arguments.peer,
        )
        figures = run(plan, arguments.names or BENCHMARKS)
    print_table(figures, facts, arguments.material, sys.stdout.isatty())
    if arguments.json:
        report = json.dumps(to_json(figures, facts, arguments.material), indent=2)
        arguments.json.write_text(report + "\n", encoding="utf-8")
    return 0 if all(figure.met is not False for figure in figures) else 1


def _parser() -> argparse.ArgumentParser:
    shape = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(prog="python -m benchmarks.run", description=__doc__, formatter_class=shape)
    known = ", ".join(BENCHMARKS)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {known}; all if none")
    parser.add_argument("--quick", action="store_true", help="small sizes, one repeat: a look, not a measurement")
    parser.add_argument("--full", action="store_true", help="embed all 10,000 passages of the memory benchmark")
    parser.add_argument("--articles", type=Path, help="a JSONL file or folder; the sample corpus if not given")
    parser.add_argument("--questions", type=Path, help="a question set that fits the articles")
    parser.add_argument("--material", default="sample corpus", help="what the articles are, for the table's heading")
    parser.add_argument("--no-peer", dest="peer", action="store_false", help="leave the LangChain quick start out")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write figures, details and machine facts there")
    return parser


def run(plan: Plan, names: Sequence[str]) -> list[Figure]:
    figures: list[Figure] = []
    for name in names:
        print(f"{name} ...", file=sys.stderr, flush=True)
        measure: Callable[[Plan], list[Figure]] = import_module(f"benchmarks.{name}").measure
        figures += measure(plan)
    return figures


def machine_facts() -> dict[str, Any]:
    """What the figures depend on."""
    return {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "cpu": _cpu_name(),
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
        "load_before": round(os.getloadavg()[0], 1),
        "system": platform.platform(),
        "python": platform.python_version(),
        "versions": {name: version(name) for name in PACKAGES},
    }


def to_json(figures: Sequence[Figure], facts: Mapping[str, Any], material: str) -> dict[str, Any]:
    rows = [asdict(figure) | {"ratio": figure.ratio, "met": figure.met} for figure in figures]
    return {"machine": dict(facts), "material": material, "figures": rows}


def print_table(figures: Sequence[Figure], facts: Mapping[str, Any], material: str, in_terminal: bool) -> None:
    """In Markdown, so that it can go into a page as it is."""
    from rich import box
    from rich.console import Console
    from rich.table import Table

    table = Table(box=box.MARKDOWN)
    table.add_column("")
    for heading in ("figure", "goal", "plain libraries", "ratio"):
        table.add_column(heading, justify="right")
    table.add_column("")
    for figure in figures:
        peer = "" if figure.peer is None else f"{_number(figure.peer)}"
        ratio = "" if figure.ratio is None else f"{figure.ratio:.2f}x"
        verdict = {True: "met", False: "not met", None: ""}[figure.met]
        table.add_row(figure.name, f"{_number(figure.value)} {figure.unit}", _goal(figure), peer, ratio, verdict)
    console = Console(width=None if in_terminal else 160)
    console.print(
        f"{material}, {facts['date'][:10]}: {facts['cpu']}, {facts['cores']} cores, load {facts['load_before']} before,"
        f" Python {facts['python']}. Ratio: how many times as good as plain libraries.",
        markup=False,
        highlight=False,
    )
    console.print(table)


def _goal(figure: Figure) -> str:
    goal = figure.goal
    if goal is None:
        return ""
    return f"{goal.sign} {goal.limit:g}x" if goal.of == "ratio" else f"{goal.sign} {goal.limit:g}"


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def _cpu_name() -> str:
    cpuinfo = Path("/proc/cpuinfo")
    lines = cpuinfo.read_text().splitlines() if cpuinfo.exists() else []
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.processor())


if __name__ == "__main__":
    sys.exit(main())
