"""Settings: where each can be set, who wins, and that nothing misspelt is ignored."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from assistant import Assistant
from assistant.errors import BadSettings, ExitCode
from assistant.resources import checkout
from assistant.settings import Settings, load_settings, variables

VALUES: dict[str, tuple[str, Any]] = {
    "home": ("/srv/news", Path("/srv/news")),
    "embedder": ("openai:text-embedding-3-small", "openai:text-embedding-3-small"),
    "retriever": ("lexical", "lexical"),
    "reranker": ("coverage", "coverage"),
    "answerer": ("chat", "chat"),
    "verifier": ("nli", "nli"),
    "nli_model": ("/srv/classifier", "/srv/classifier"),
    "nli_threshold": ("0.9", 0.9),
    "llm": ("openai:gpt-5-mini", "openai:gpt-5-mini"),
    "llm_timeout_s": ("5.5", 5.5),
    "llm_temperature": ("0.5", 0.5),
    "llm_seed": ("7", 7),
    "llm_max_tokens": ("99", 99),
    "llm_prompt_tokens": ("3000", 3000),
    "llm_form": ("json", "json"),
    "llm_queries": ("false", False),
    "llm_repairs": ("2", 2),
    "llm_claims": ("true", True),
    "llm_question_tokens": ("9000", 9000),
    "llm_day_tokens": ("100000", 100_000),
    "llm_day_usd": ("2.5", 2.5),
    "llm_cache": ("false", False),
    "llm_replies": ("/srv/replies.db", Path("/srv/replies.db")),
    "top_k": ("9", 9),
    "threads": ("3", 3),
    "store.url": ("http://127.0.0.1:8000", "http://127.0.0.1:8000"),
    "store.collection": ("news", "news"),
    "passage.tokens": ("100", 100),
    "passage.overlap": ("0", 0),
    "server.host": ("0.0.0.0", "0.0.0.0"),
    "server.port": ("8080", 8080),
    "server.user": ("editor", "editor"),
    "server.password": ("hidden", "hidden"),
    "server.names": ("page.example.org, www.example.org", "page.example.org, www.example.org"),
    "server.mcp": ("true", True),
}


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty assistant.toml in the working directory, and nothing else that sets anything."""
    monkeypatch.delenv("ASSISTANT_CONFIG", raising=False)
    monkeypatch.delenv("ASSISTANT_HOME", raising=False)
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "assistant.toml"
    path.touch()
    return path


def value_of(settings: Settings, key: str) -> Any:
    value: Any = settings
    for part in key.split("."):
        value = getattr(value, part)
    return value.get_secret_value() if key == "server.password" else value


def toml(key: str, value: Any) -> str:
    group, _, name = key.rpartition(".")
    text = json.dumps(value if isinstance(value, (int, float)) else str(value))
    return (f"[{group}]\n" if group else "") + f"{name} = {text}\n"


def test_the_table_above_names_every_setting() -> None:
    assert set(VALUES) == set(variables().values())


@pytest.mark.parametrize(("variable", "key"), variables().items(), ids=list(variables()))
def test_every_setting_has_a_variable(config: Path, monkeypatch: pytest.MonkeyPatch, variable: str, key: str) -> None:
    monkeypatch.setenv(variable, VALUES[key][0])

    assert value_of(load_settings(), key) == VALUES[key][1]


@pytest.mark.parametrize("key", VALUES)
def test_every_setting_has_a_line_in_the_file(config: Path, key: str) -> None:
    config.write_text(toml(key, VALUES[key][1]), encoding="utf-8")

    assert value_of(load_settings(), key) == VALUES[key][1]


def test_a_variable_wins_over_the_file_and_an_argument_over_both(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config.write_text("top_k = 3\nthreads = 3\n[store]\ncollection = 'file'\nurl = 'http://file'\n", encoding="utf-8")
    monkeypatch.setenv("ASSISTANT_TOP_K", "4")
    monkeypatch.setenv("ASSISTANT_STORE_URL", "http://variable")

    settings = load_settings(threads=5)
    assert (settings.top_k, settings.threads) == (4, 5)
    assert (settings.store.url, settings.store.collection) == ("http://variable", "file")


def test_an_argument_that_is_none_leaves_the_setting(config: Path) -> None:
    config.write_text("answerer = 'chat'\n", encoding="utf-8")

    assert load_settings(answerer=None).answerer == "chat"


def test_an_empty_variable_sets_nothing(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSISTANT_HOME", "")
    monkeypatch.setenv("ASSISTANT_TOP_K", "")

    settings = load_settings()
    assert settings.top_k == 6
    assert settings.home != Path.cwd()


def test_in_a_checkout_the_library_is_in_var(config: Path) -> None:
    root = checkout()
    assert root is not None
    assert load_settings().home == root / "var"


@pytest.mark.parametrize("written", ["~/news", "news"], ids=["user's folder", "relative"])
def test_a_home_becomes_an_absolute_path(config: Path, written: str) -> None:
    assert load_settings(home=written).home.is_absolute()
    assert "~" not in str(load_settings(home=written).home)


def test_the_file_can_be_named(config: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "other.toml").write_text("top_k = 7\n", encoding="utf-8")
    monkeypatch.setenv("ASSISTANT_CONFIG", str(tmp_path / "other.toml"))

    assert load_settings().top_k == 7


@pytest.mark.parametrize(
    ("variable", "value", "explained"),
    [
        ("ASSISTANT_ANSWERR", "chat", "Did you mean ASSISTANT_ANSWERER?"),
        ("ASSISTANT_STORE", "{}", "There is no setting ASSISTANT_STORE"),
        ("ASSISTANT_STORE_ULR", "x", "Did you mean ASSISTANT_STORE_URL?"),
        ("ASSISTANT_TOP_K", "many", "top_k = 'many'"),
        ("ASSISTANT_TOP_K", "0", "top_k = '0'"),
        ("ASSISTANT_LLM_FORM", "xml", "llm_form = 'xml'"),
        ("ASSISTANT_LLM_REPAIRS", "9", "llm_repairs = '9'"),
        ("ASSISTANT_LLM_DAY_USD", "-1", "llm_day_usd = '-1'"),
        ("ASSISTANT_SERVER_PORT", "99999", "server.port = '99999'"),
        ("ASSISTANT_CONFIG", "/nowhere/assistant.toml", "/nowhere/assistant.toml, which is no file"),
    ],
)
def test_a_variable_that_sets_nothing_known_is_refused(
    config: Path, monkeypatch: pytest.MonkeyPatch, variable: str, value: str, explained: str
) -> None:
    monkeypatch.setenv(variable, value)

    with pytest.raises(BadSettings) as error:
        load_settings()
    assert explained in str(error.value)
    assert error.value.exit_code == ExitCode.WRONG_USE


@pytest.mark.parametrize(
    ("text", "explained"),
    [
        (b"answerr = 'chat'", "unknown key answerr, did you mean answerer"),
        (b"[store]\nulr = 'x'", "unknown key store.ulr, did you mean store.url"),
        (b"[stor]\nurl = 'x'", "unknown key stor, did you mean store"),
        (b"top_k = 'many'", "top_k = 'many'"),
        (b"store = 'x'", "store = 'x'"),
        (b"top_k = ", "no valid TOML"),
        (b"\xff\xfet\x00", "no valid TOML"),
    ],
    ids=lambda value: value.decode("latin-1") if isinstance(value, bytes) else "",
)
def test_a_line_that_sets_nothing_known_is_refused(config: Path, text: bytes, explained: str) -> None:
    config.write_bytes(text)

    with pytest.raises(BadSettings) as error:
        load_settings()
    assert explained in str(error.value)
    assert "assistant.toml" in str(error.value)


def test_a_misspelt_argument_is_refused_too(config: Path, tmp_path: Path) -> None:
    with pytest.raises(BadSettings, match="unknown key anwerer, did you mean answerer"):
        Assistant(tmp_path, anwerer="chat")


def test_a_password_is_not_printed(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSISTANT_SERVER_PASSWORD", "hunter2")

    assert "hunter2" not in repr(load_settings())
