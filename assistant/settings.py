"""Settings: what can be chosen, with its default, from ASSISTANT_... variables and assistant.toml.

An environment variable wins over the file, an argument of `Settings(...)` over both. Unknown keys are refused, since a
misspelt setting that is silently ignored changes results that somebody relies on.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

import platformdirs
from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

from assistant.errors import BadSettings
from assistant.resources import checkout
from assistant.text import nearest

PREFIX = "ASSISTANT_"
CONFIG_VARIABLE = "ASSISTANT_CONFIG"


def default_home() -> Path:
    """`var/` in a checkout, the user's data folder when installed."""
    root = checkout()
    return root / "var" if root else Path(platformdirs.user_data_dir("assistant", appauthor=False))


def config_file() -> Path:
    """The settings file: $ASSISTANT_CONFIG, else assistant.toml in the working directory."""
    return Path(os.environ.get(CONFIG_VARIABLE) or "assistant.toml")


def openai_base_url() -> str:
    """The address of a server in OpenAI's place, as OpenAI's own client and LangChain read it; empty for OpenAI itself."""
    return os.environ.get("OPENAI_API_BASE") or os.environ.get("OPENAI_BASE_URL") or ""


class StoreSettings(BaseModel):
    """The vector index."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    url: str = ""
    """Empty: Chroma embedded under `home`. `http(s)://host:port`: a Chroma server. `cloud://tenant/database`: Chroma
    Cloud, key in CHROMA_API_KEY."""
    collection: str = "passages"


class PassageSettings(BaseModel):
    """How articles are cut. Changing it changes only articles ingested afterwards."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    tokens: int = Field(230, ge=32, le=2048)
    """The most tokens (o200k_base) a passage has, unless one sentence alone has more."""
    overlap: int = Field(40, ge=0, le=512)
    """Tokens of whole sentences that a passage repeats from the one before."""


class ServerSettings(BaseModel):
    """The web page."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    host: str = "127.0.0.1"
    port: int = Field(7860, ge=1, le=65535)
    user: str = ""
    """With `password`: the page asks for a login."""
    password: SecretStr = SecretStr("")
    names: str = ""
    """Names under which a proxy passes the page on, comma-separated. Without a login, names that are neither addresses
    nor of this network are refused."""
    mcp: bool = False
    """Whether `ask` and `check` are served as MCP tools too, at /gradio_api/mcp/. Refuses to combine with a login."""


class Settings(BaseSettings):
    """All settings. `ASSISTANT_STORE_URL` is `store.url`, and so on for the three groups."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_nested_delimiter="_",
        env_nested_max_split=1,
        env_ignore_empty=True,
        extra="forbid",
        frozen=True,
    )

    home: Path = Field(default_factory=default_home)
    """The folder of the library."""
    embedder: str = "minilm8"
    """A name on the embedders' shelf, or any name `langchain.embeddings.init_embeddings` knows, as
    `openai:text-embedding-3-small`."""
    retriever: str = "hybrid"
    reranker: str = "coverage"
    answerer: str = "extractive"
    verifier: str = "light"
    """Judges claims and, in evaluations, whether citations support what cites them."""
    nli_model: str = ""
    """The classifier of `verifier = "nli"`: a folder with model.onnx, or `owner/name[@revision]` on the Hugging Face hub."""
    nli_threshold: float = Field(0.7, ge=0.5, le=1)
    """Likelihood from which its sentence supports or refutes."""
    llm: str = ""
    """The chat model of `answerer = "chat"`: any `init_chat_model` name, as `openai:gpt-5-mini`."""
    llm_timeout_s: float = Field(30.0, gt=0)
    """Seconds that a question may take; every call of the model for it and every second try has to fit in."""
    llm_temperature: float | None = None
    """None: the server's default; some models refuse any other."""
    llm_seed: int | None = None
    """Sent to servers that speak OpenAI's protocol; None sends none."""
    llm_max_tokens: int = Field(2000, ge=16)
    """Of one reply, reasoning included."""
    llm_prompt_tokens: int = Field(6000, ge=200)
    """Of passages that one prompt shows (o200k_base)."""
    llm_form: Literal["auto", "schema", "json", "text"] = "auto"
    """How replies are asked for: bound by a JSON schema, as JSON, or as text with markers. `auto` finds out."""
    llm_queries: bool = True
    """Whether the model completes follow-ups and writes search queries before it answers."""
    llm_repairs: int = Field(1, ge=0, le=3)
    """Rounds in which the model is told what is wrong with its answer and writes it again."""
    llm_claims: bool = False
    """Whether `check` asks the model for claims, search queries and a second opinion."""
    llm_question_tokens: int = Field(60_000, ge=200)
    """Tokens, in and out, that the calls for one question or one claim may take."""
    llm_day_tokens: int | None = Field(None, ge=0)
    """Tokens that all calls of a calendar day may take; None sets no limit."""
    llm_day_usd: float | None = Field(None, ge=0)
    """US dollars at list prices that all calls of a calendar day may cost; None sets no limit."""
    llm_cache: bool = True
    """Whether replies are kept, so that asking the same again calls nothing."""
    llm_replies: Path | None = None
    """The file they are kept in; None is `replies.db` in `home`."""
    top_k: int = Field(6, ge=1, le=50)
    """Passages that an answer is made from."""
    threads: int = Field(2, ge=1, le=64)
    """CPU threads that embed."""
    store: StoreSettings = StoreSettings()
    passage: PassageSettings = PassageSettings()
    server: ServerSettings = ServerSettings()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls, config_file())

    @model_validator(mode="after")
    def _resolve_home(self) -> Settings:
        object.__setattr__(self, "home", self.home.expanduser().absolute())
        return self


def variables() -> dict[str, str]:
    """Every ASSISTANT_ variable and the setting it sets, as {"ASSISTANT_STORE_URL": "store.url"}."""
    names: dict[str, str] = {}
    for name, field in Settings.model_fields.items():
        group = field.annotation
        if isinstance(group, type) and issubclass(group, BaseModel):
            names |= {f"{PREFIX}{name}_{key}".upper(): f"{name}.{key}" for key in group.model_fields}
        else:
            names[f"{PREFIX}{name}".upper()] = name
    return names


def load_settings(**overrides: Any) -> Settings:
    """The settings in force here; `overrides` win. Raises BadSettings with the key, the value and the nearest name."""
    known = variables()
    _refuse_unknown_variables(known, os.environ)
    if os.environ.get(CONFIG_VARIABLE) and not config_file().is_file():
        raise BadSettings(
            f"{CONFIG_VARIABLE} names {config_file()}, which is no file.", f"Mend or unset {CONFIG_VARIABLE}."
        )
    try:
        return Settings(**{key: value for key, value in overrides.items() if value is not None})
    except ValidationError as error:
        problems = "; ".join(_explain(known, problem) for problem in error.errors())
        raise BadSettings(
            f"Settings are off: {problems}.", f"Look in {config_file()} and at the ASSISTANT_ variables."
        ) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadSettings(f"{config_file()} is no valid TOML: {error}.", "Mend that line.") from None


def _refuse_unknown_variables(known: Mapping[str, str], environ: Mapping[str, str]) -> None:
    for name in environ:
        if name.startswith(PREFIX) and name not in known and name != CONFIG_VARIABLE:
            near = nearest(name, list(known))
            raise BadSettings(
                f"There is no setting {name}.", f"Did you mean {near}?" if near else f"Known: {', '.join(known)}."
            )


def _explain(known: Mapping[str, str], problem: Mapping[str, Any]) -> str:
    key = ".".join(str(part) for part in problem["loc"])
    if problem["type"] == "extra_forbidden":
        near = nearest(key, list(known.values()))
        return f"unknown key {key}" + (f", did you mean {near}" if near else "")
    return f"{key} = {problem.get('input')!r}: {problem['msg'].lower()}"
