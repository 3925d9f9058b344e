"""Every system, or those whose names hold a word: three tables at the end, and JSON.

    make peers                                                        # the sample corpus
    make peers ARTICLES=articles.jsonl QUESTIONS=questions.jsonl OPTIONS="--json report.json --only Haystack --only assistant"

Each system runs in a process of its own and without a network. One that fails is a row with its error. ASSISTANT_...
variables and assistant.toml are set aside, so that the defaults are measured.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from benchmarks.measuring import set_settings_aside

if TYPE_CHECKING:
    from benchmarks.peers.child import Measured
    from benchmarks.peers.material import Material
    from benchmarks.peers.scoring import Scored
    from benchmarks.peers.table import Row

PACKAGES = ("assistant", "chromadb", "langchain-core", "numpy", "onnxruntime", "tokenizers")


def main() -> int:
    arguments = _parser().parse_args()
    from assistant.errors import AssistantError
    from benchmarks.peers.table import tables, to_json

    with TemporaryDirectory(prefix="peers-") as scratch:
        set_settings_aside(Path(scratch))
        try:
            rows, material = run(arguments, Path(scratch))
        except AssistantError as error:
            print(error, file=sys.stderr)
            return 2
    facts = _facts(arguments.material or _name(arguments.articles), material, rows)
    print(tables(rows, _heading(facts)))
    if arguments.json:
        arguments.json.write_text(json.dumps(to_json(rows, facts), indent=2) + "\n", encoding="utf-8")
    return 1 if any(row.error for row in rows) else 0


def _parser() -> argparse.ArgumentParser:
    shape = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(prog="python -m benchmarks.peers", description=__doc__, formatter_class=shape)
    parser.add_argument("--articles", type=Path, help="a JSONL file or folder; the sample corpus if not given")
    parser.add_argument("--questions", type=Path, help="a question set that fits the articles")
    parser.add_argument("--only", action="append", metavar="WORD", help="systems whose names hold it; may be repeated")
    parser.add_argument("--material", help="what the articles are, for the heading; their file name if not given")
    parser.add_argument("--memory", type=Path, default=_memory_file(), metavar="FILE", help="vectors of earlier runs")
    parser.add_argument("--no-memory", dest="memory", action="store_const", const=None, help="embed everything anew")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all figures there")
    return parser


def run(arguments: argparse.Namespace, scratch: Path) -> tuple[list[Row], Material]:
    from assistant.errors import WrongUse
    from assistant.resources import data_dir
    from benchmarks.peers.material import prepare
    from benchmarks.peers.systems import SYSTEMS

    wanted = [entry.name for entry in SYSTEMS if _is_wanted(entry.name, arguments.only)]
    if not wanted:
        known = "; ".join(entry.name for entry in SYSTEMS)
        raise WrongUse(f"No system's name holds {', '.join(arguments.only)}.", f"There are: {known}.")
    articles = (arguments.articles or data_dir("corpus")).absolute()
    questions = arguments.questions or data_dir("corpus") / "questions" / "questions.jsonl"
    plain = scratch / "articles.jsonl"
    material = prepare(articles, questions, scratch, plain)
    found: dict[str, Measured | str] = {}
    for number, name in enumerate(wanted):
        print(f"{name} ...", file=sys.stderr, flush=True)
        folder = scratch / f"system-{number}"
        folder.mkdir()
        found[name] = _measure(name, articles, plain, folder, arguments.memory, material)
    return to_rows(found, material), material


def _is_wanted(name: str, words: Sequence[str] | None) -> bool:
    return not words or any(word.lower() in name.lower() for word in words)


def _measure(
    name: str, articles: Path, plain: Path, folder: Path, memory: Path | None, material: Material
) -> Measured | str:
    from benchmarks.peers.child import measure

    try:
        return measure(name, articles, plain, folder, memory, material.asked)
    except Exception as error:  # noqa: BLE001 - whatever it is, the other systems are still worth having
        lines = str(error).strip().splitlines()
        return f"{type(error).__name__}: {lines[0] if lines else ''}"


def to_rows(found: dict[str, Measured | str], material: Material) -> list[Row]:
    """Scored rows; each but the first is paired with the first, where that one did not fail."""
    from benchmarks.peers.scoring import score
    from benchmarks.peers.table import Row

    rows: list[Row] = []
    first: tuple[list[Scored], list[Scored]] | None = None
    for name, measured in found.items():
        if isinstance(measured, str):
            rows.append(Row(name, error=measured))
            continue
        dated, undated = (
            [score(pieces, gold, material.texts) for pieces, gold in zip(passes, material.gold, strict=True)]
            for passes in (measured.dated, measured.undated)
        )
        row = _row(name, measured, dated, undated)
        rows.append(_paired(row, first, (dated, undated)) if first else row)
        first = (dated, undated) if len(rows) == 1 else first
    return rows


def _row(name: str, measured: Measured, dated: list[Scored], undated: list[Scored]) -> Row:
    from benchmarks.peers.scoring import estimates, mean_chars
    from benchmarks.peers.table import Row

    return Row(name, estimates(dated), estimates(undated), mean_chars(dated), measured=measured)


def _paired(row: Row, first: tuple[list[Scored], list[Scored]], second: tuple[list[Scored], list[Scored]]) -> Row:
    from benchmarks.peers.scoring import compare

    (dated, undated), (other_dated, other_undated) = first, second
    return replace(
        row,
        paired=compare(_hits_at_4(dated), _hits_at_4(other_dated)),
        paired_in_context=compare([one.in_context for one in dated], [one.in_context for one in other_dated]),
        paired_undated=compare(_hits_at_4(undated), _hits_at_4(other_undated)),
    )


def _hits_at_4(scored: Sequence[Scored]) -> list[bool]:
    return [one.rank is not None and one.rank <= 4 for one in scored]


def _name(articles: Path | None) -> str:
    return articles.name if articles else "Sample corpus"


def _facts(name: str, material: Material, rows: Sequence[Row]) -> dict[str, Any]:
    versions = {package: version(package) for package in PACKAGES}
    for row in rows:
        versions |= row.measured.versions if row.measured else {}
    return {
        "material": name,
        "articles": len(material.texts),
        "characters": sum(map(len, material.texts.values())),
        "questions": len(material.asked),
        "questions_without_gold": material.left_out,
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
        "load": round(os.getloadavg()[1], 1),
        "python": platform.python_version(),
        "versions": dict(sorted(versions.items())),
    }


def _heading(facts: dict[str, Any]) -> str:
    return (
        f"{facts['material']}: {facts['articles']:,} articles, {facts['characters']:,} characters, {facts['questions']} "
        f"questions with gold. {facts['date'][:10]}, {facts['cores']} cores, load {facts['load']}, Python {facts['python']}."
    )


def _memory_file() -> Path:
    import platformdirs

    return Path(platformdirs.user_cache_dir("assistant", appauthor=False)) / "peers" / "vectors.sqlite"


if __name__ == "__main__":
    sys.exit(main())
