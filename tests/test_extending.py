"""docs/extending.md keeps its word: its code is a package that joins every shelf, and an evaluation runs with it."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Mapping
from importlib import import_module
from inspect import getdoc, getmodule
from pathlib import Path

import pytest
from fact_checks import make_check
from outcomes import bundle

from assistant import Assistant, sources
from assistant.evaluation import evaluate, load_cases
from assistant.exports import exporter_of
from assistant.metrics import GROUPS, Metric
from assistant.registry import find, names
from assistant.settings import load_settings
from assistant.types import Match, Premise

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "extending.md").read_text("utf-8")
FILES: Mapping[str, str] = dict(re.findall(r"^```\w+\n# (\S+)\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL))
GROUP = "assistant."
JOINED: Mapping[str, str] = {
    group.removeprefix(GROUP): next(iter(points))
    for group, points in tomllib.loads(FILES["pyproject.toml"])["project"]["entry-points"].items()
}

SUBTITLES = """1
00:00:01,000 --> 00:00:04,000
The council voted 7 to 2 for new filters.

2
00:00:04,500 --> 00:00:07,000
Nobody spoke against the plan on Friday.
"""


@pytest.fixture
def newsdesk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The page's package as pip would install it; the folder that holds its code and tests."""
    folder = tmp_path / "newsdesk-1.0"
    for name, code in FILES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(code, encoding="utf-8")
    (folder / "newsdesk" / "__init__.py").touch()
    install(folder)
    monkeypatch.syspath_prepend(folder)
    forget_loaders()
    yield folder
    forget_loaders()
    for module in [name for name in sys.modules if name.partition(".")[0] == "newsdesk"]:
        del sys.modules[module]


def install(folder: Path) -> None:
    """The metadata that an installer makes of pyproject.toml."""
    metadata = folder / "newsdesk-1.0.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: newsdesk\nVersion: 1.0\n", encoding="utf-8")
    groups = tomllib.loads(FILES["pyproject.toml"])["project"]["entry-points"]
    lines = [
        f"[{group}]\n" + "".join(f"{name} = {at}\n" for name, at in points.items()) for group, points in groups.items()
    ]
    (metadata / "entry_points.txt").write_text("\n".join(lines), encoding="utf-8")


def forget_loaders() -> None:
    """A process knows the loaders that were installed when it first looked."""
    for known in (sources._modules, sources._suffixes, sources._media_types):
        known.cache_clear()


def test_every_shelf_has_an_example() -> None:
    contracts = {
        path.parent.name for path in (ROOT / "assistant").glob("*/__init__.py") if "def make(" in path.read_text()
    }
    assert set(JOINED) == contracts
    assert all(f"| [{shelf}](#" in PAGE for shelf in JOINED)


@pytest.mark.usefixtures("newsdesk")
@pytest.mark.parametrize("shelf", JOINED)
def test_an_entry_point_puts_the_example_on_its_shelf(shelf: str) -> None:
    name = JOINED[shelf]
    assert name in names(shelf)
    module = getmodule(find(shelf, name))
    assert module is not None
    assert module.__name__ == f"newsdesk.{name}"


@pytest.mark.usefixtures("newsdesk")
def test_a_question_goes_through_all_the_examples(tmp_path: Path) -> None:
    (tmp_path / "council.srt").write_text(SUBTITLES, encoding="utf-8")
    chosen = {key.removesuffix("s"): JOINED[key] for key in ("embedders", "retrievers", "rerankers", "answerers")}
    with Assistant(tmp_path / "home", **chosen) as assistant:
        assert assistant.ingest(tmp_path / "council.srt").failed == ()
        answer = assistant.ask("How did the council vote on filters?")
        assert assistant.library.embedder() == "letters-1"
    (citation,) = answer.citations
    assert (citation.status, citation.quote) == (Match.VERIFIED, "The council voted 7 to 2 for new filters.")
    assert "rerank" in answer.hits[0].parts


@pytest.mark.usefixtures("newsdesk")
def test_an_evaluation_runs_with_the_metric_the_converter_and_the_verifier(tmp_path: Path) -> None:
    for name, publisher in (("first", "Ledger"), ("second", "Wire")):
        row = {"id": name, "publisher": publisher, "text": f"All wells are shut. The {name} report ends here."}
        (tmp_path / f"{name}.jsonl").write_text(json.dumps(row), encoding="utf-8")
    review = json.loads(re.findall(r"^```json\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)[0])
    (tmp_path / "reviews.jsonl").write_text(json.dumps(review), encoding="utf-8")
    (tmp_path / "questions.jsonl").write_text(
        '{"question": "Are the wells shut?", "answers": ["shut"]}', encoding="utf-8"
    )
    sets = [load_cases(tmp_path / f"{name}.jsonl") for name in ("questions", "reviews")]
    assert [found.format for found in sets] == ["own", "claimreview"]
    with Assistant(settings=load_settings(home=tmp_path / "home", retriever="lexical")) as assistant:
        assistant.ingest(tmp_path / "first.jsonl", tmp_path / "second.jsonl", embed=False)
        report = evaluate(assistant, [case for found in sets for case in found.cases], verifier="verbatim")
    assert [result.error for result in report.results] == [None, None]
    assert report.metrics["two_sources"].n == 1
    assert report.metrics["verdict_accuracy"].n == 1
    assert report.metrics["verdict_accuracy"].mean == 0  # the checkers say false, the articles say so in these words


@pytest.mark.usefixtures("newsdesk")
def test_the_verifier_is_sure_of_the_claim_s_own_words_alone() -> None:
    verifier = find("verifiers", "verbatim")(load_settings())
    premises = [Premise("Yesterday all  wells are shut, it said."), Premise("Two wells are open.")]
    assert [one.stance for one in verifier.judge("All wells are shut.", premises)] == ["supports", "neutral"]
    assert verifier.judge("All wells are shut.", []) == []


@pytest.mark.usefixtures("newsdesk")
def test_the_export_is_chosen_by_the_file_s_ending() -> None:
    checked, _ = make_check()
    written = exporter_of("check.txt").export(checked, {})
    assert written.count("\n") == sum(one.verdict is not None for one in checked.claims)


@pytest.mark.usefixtures("newsdesk")
def test_the_metric_would_pass_its_shelf_s_tests() -> None:
    (metric,) = find("metrics", "two_sources")()
    assert isinstance(metric, Metric)
    assert metric.group in GROUPS
    assert len(metric.values(bundle())[0]) >= 2
    doc = getdoc(import_module("newsdesk.two_sources")) or ""
    assert re.search(r"\b(19|20)\d\d\b", doc)
    assert re.search(r"Example: .*\d", doc, re.DOTALL)


def test_the_page_s_own_tests_pass(newsdesk: Path) -> None:
    tests = sorted(path.name for path in (newsdesk / "tests").glob("test_*.py"))
    assert tests == ["test_claimreview.py", "test_two_sources.py"]
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests"],
        cwd=newsdesk,
        env=os.environ | {"PYTHONPATH": os.pathsep.join((str(newsdesk), str(ROOT)))},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    assert "7 passed" in run.stdout


@pytest.mark.parametrize("target", sorted(set(re.findall(r"\]\(([\w./-]+)\)", PAGE))))
def test_every_linked_page_exists(target: str) -> None:
    assert (ROOT / "docs" / target).exists()
