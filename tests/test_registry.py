"""Names to implementations: files of the shelf, other packages' entry points, and a helpful no for the rest."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant import Assistant
from assistant.embedders import fingerprint, load_embedder
from assistant.errors import ExitCode, UnknownName
from assistant.registry import find, names
from assistant.settings import Settings

SHELVES = [
    "embedders",
    "retrievers",
    "rerankers",
    "answerers",
    "verifiers",
    "loaders",
    "metrics",
    "converters",
    "exports",
]

PLUGIN = '''"""An embedder of another package."""

from samples import HashingEmbeddings

FINGERPRINT = "constant-1"


def make(settings):
    return HashingEmbeddings()
'''


@pytest.fixture
def plugin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A package that is installed beside this one and joins the embedders' shelf as `constant`."""
    (tmp_path / "constant_embedder.py").write_text(PLUGIN, encoding="utf-8")
    metadata = tmp_path / "constant_embedder-1.0.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text(
        "Metadata-Version: 2.1\nName: constant-embedder\nVersion: 1.0\n", encoding="utf-8"
    )
    entry = "[assistant.embedders]\nconstant = constant_embedder:make\n"
    (metadata / "entry_points.txt").write_text(entry, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)


@pytest.mark.parametrize("shelf", SHELVES)
def test_every_name_on_a_shelf_can_be_made(shelf: str) -> None:
    assert names(shelf) == sorted(set(names(shelf)))
    assert all(callable(find(shelf, name)) for name in names(shelf))


@pytest.mark.parametrize("shelf", SHELVES)
def test_helpers_of_a_shelf_are_no_names(shelf: str) -> None:
    assert not any(name.startswith("_") for name in names(shelf))


@pytest.mark.parametrize(
    ("shelf", "name", "meant"),
    [
        ("retrievers", "hybird", "hybrid"),
        ("retrievers", "Lexical", "lexical"),
        ("answerers", "extract", "extractive"),
        ("embedders", "mini-lm", "minilm"),
    ],
)
def test_an_unknown_name_is_answered_with_the_nearest_and_the_list(shelf: str, name: str, meant: str) -> None:
    with pytest.raises(UnknownName) as error:
        find(shelf, name)
    assert f"{name!r} among the {shelf}" in error.value.message
    assert error.value.hint == f"Did you mean {meant!r}? Known: {', '.join(names(shelf))}."
    assert error.value.exit_code == ExitCode.WRONG_USE


@pytest.mark.parametrize("name", ["", "zzzzz", "../minilm", "__init__", "os"])
def test_a_name_unlike_any_other_gets_the_list_alone(name: str) -> None:
    with pytest.raises(UnknownName, match="Known: minilm"):
        find("embedders", name)


@pytest.mark.usefixtures("plugin")
def test_another_package_joins_by_an_entry_point(tmp_path: Path) -> None:
    assert "constant" in names("embedders")
    assert fingerprint("constant") == "constant-1"
    assert load_embedder(Settings(home=tmp_path, embedder="constant")).embed_question("a b").shape == (32,)


@pytest.mark.usefixtures("plugin")
def test_a_library_is_kept_under_the_fingerprint_of_a_joined_embedder(tmp_path: Path) -> None:
    (tmp_path / "ferry.txt").write_text("The ferry Aurelia ran aground off Port Haldane on Sunday.", encoding="utf-8")
    with Assistant(tmp_path / "home", embedder="constant") as assistant:
        assistant.ingest(tmp_path / "ferry.txt")
        assert assistant.library.embedder() == "constant-1"


def test_a_name_with_a_colon_is_langchains() -> None:
    assert fingerprint("openai:text-embedding-3-small") == "openai:text-embedding-3-small"


def test_an_unknown_name_in_the_settings_is_told_at_the_first_question(tmp_path: Path) -> None:
    (tmp_path / "ferry.txt").write_text("The ferry Aurelia ran aground off Port Haldane on Sunday.", encoding="utf-8")
    with Assistant(tmp_path / "home", retriever="hybird") as assistant:
        assistant.ingest(tmp_path / "ferry.txt", embed=False)
        with pytest.raises(UnknownName, match="hybrid"):
            assistant.ask("Where did the ferry run aground?")
