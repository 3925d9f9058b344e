"""The settings to the LangChain model that they name, and the name of its server as messages show it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from assistant.errors import ModelFailed
from assistant.settings import Settings, openai_base_url

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

OPENAI = "https://api.openai.com"


def build_model(settings: Settings, temperature: float | None = None) -> BaseChatModel:
    """The LangChain chat model of `settings.llm`. Raises ModelFailed when something to call it with is missing.

    One that speaks OpenAI's protocol gets its limit and temperature with each call, others get them here.
    """
    if not settings.llm:
        raise ModelFailed("No chat model is chosen.", "Set ASSISTANT_LLM, for example to openai:gpt-5-mini.")
    from langchain.chat_models import init_chat_model

    options: dict[str, Any] = {
        "timeout": settings.llm_timeout_s,
        "max_retries": 0,  # clients wait out a retry-after of minutes
    }
    if speaks_openai(settings.llm):
        options |= _openai_options(settings)
    else:
        options |= {"max_tokens": settings.llm_max_tokens} | (
            {} if temperature is None else {"temperature": temperature}
        )
    try:
        model: BaseChatModel = init_chat_model(settings.llm, **options)
        return model
    except ImportError as error:
        failure = _missing_package(settings.llm, error)
    except Exception:  # noqa: BLE001 - client libraries raise what they like, and some print the key they were given
        failure = ModelFailed(
            f"The chat model {settings.llm!r} can't be set up.",
            "Name its provider, as in openai:gpt-5-mini, and set the provider's key.",
        )
    raise failure


def server_name(settings: Settings) -> str:
    """The model's host (and port) as messages name it: never a whole URL, which can hold a password."""
    if not speaks_openai(settings.llm):
        return f"The provider of {settings.llm}"
    variable, default = "OPENAI_BASE_URL", OPENAI
    url = openai_base_url()
    if _is_azure(settings.llm):
        variable, default, url = "AZURE_OPENAI_ENDPOINT", "", os.environ.get("AZURE_OPENAI_ENDPOINT", "")
    return urlsplit(url or default).netloc.rpartition("@")[2] or variable


def is_own_server(llm: str) -> bool:
    """Whether OPENAI_BASE_URL names a server for this model that is neither OpenAI's nor Microsoft's."""
    host = urlsplit(openai_base_url()).hostname or ""
    return bool(host) and not _is_azure(llm) and not host.endswith(("api.openai.com", ".azure.com"))


def _openai_options(settings: Settings) -> dict[str, Any]:
    # LangChain's own limit between chunks (120 s) would end the long silence in which a slow machine reads its prompt.
    common: dict[str, Any] = {"stream_chunk_timeout": None, "use_responses_api": False}
    if _is_azure(settings.llm):
        return common
    key, base_url = os.environ.get("OPENAI_API_KEY", ""), openai_base_url()
    if not key and not base_url:
        raise ModelFailed(
            f"There is no key for {settings.llm}.", "Set OPENAI_API_KEY, or OPENAI_BASE_URL for a server of your own."
        )
    options = common | {"api_key": key or "none"}
    if not base_url:
        return options
    if not base_url.startswith(("http://", "https://")):
        raise ModelFailed("OPENAI_BASE_URL is no web address.", "Write it as http://127.0.0.1:8080/v1.")
    return options | {"base_url": base_url}


def speaks_openai(llm: str) -> bool:
    """Whether the model is called by OpenAI's protocol, at OpenAI, Azure or elsewhere."""
    provider, colon, _ = llm.partition(":")
    return (
        provider in ("openai", "azure_openai") if colon else provider.startswith(("gpt-", "o1", "o3", "o4", "chatgpt"))
    )


def _is_azure(llm: str) -> bool:
    return llm.startswith("azure_openai:")


def _missing_package(llm: str, error: ImportError) -> ModelFailed:
    module = getattr(error.__cause__, "name", None) or "langchain-<provider>"
    package = module.partition(".")[0].replace("_", "-")
    return ModelFailed(f"The package for {llm} is not installed.", f"Run: pip install {package}")
