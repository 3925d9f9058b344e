"""Embeddings over the network: texts to vectors by a LangChain `Embeddings`, within a wall-clock limit and the limits of one
request, its faults said in words.

OpenAI takes 2,048 texts and 300,000 tokens a request (https://developers.openai.com/api/docs/guides/embeddings); others
take less, and say so only by refusing. Nothing is built or called before the first text.
"""

from __future__ import annotations

import math
import os
import time
from collections.abc import AsyncIterator, Callable, Sequence
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any

from langchain_core.embeddings import Embeddings

from assistant.chat_models.deadline import iterate_within
from assistant.chat_models.faults import explain, retry_after_s, status_of
from assistant.chat_models.models import server_name
from assistant.errors import AssistantError, ModelFailed
from assistant.settings import Settings, openai_base_url

if TYPE_CHECKING:
    from collections.abc import Awaitable

QUESTION_S = 10.0  # a question whose embedding takes longer is searched by its words alone
BATCH_S = 120.0
PAUSE_S = 30.0  # questions that do without a server that failed, before it is asked again
MOST_TEXTS = 2048
MOST_BYTES = 250_000  # of UTF-8: never fewer than the tokens
LEAST_CHARS = 200  # a text this short is not refused for its length
_TRIES = 3
_TOO_LARGE = {400, 413, 422, 500}  # llama.cpp answers 500 to a text that is longer than its batch


class Served(Embeddings):
    """The embedder `settings.embedder` behind its server. Raises ModelFailed."""

    def __init__(self, settings: Settings) -> None:
        self._name = settings.embedder
        self._server = server_name(settings.model_copy(update={"llm": settings.embedder}))
        self._most_texts = MOST_TEXTS
        self._failure: tuple[float, ModelFailed] | None = None  # when a question failed last, and why

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """A vector a text. A request that is refused is sent again in halves, a text that is refused with its first half."""
        rows: list[list[float]] = []
        while len(rows) < len(texts):
            rows += self._embed_first(texts[len(rows) :])
        return rows

    def embed_query(self, text: str) -> list[float]:
        if self._failure and time.monotonic() < self._failure[0] + PAUSE_S:
            raise ModelFailed(self._failure[1].message, self._failure[1].hint)
        try:
            [row] = self._call([text], QUESTION_S)
        except ModelFailed as failure:
            self._failure = time.monotonic(), failure
            raise
        return row

    @cached_property
    def _client(self) -> Embeddings:
        return _build(self._name)

    def _embed_first(self, texts: Sequence[str]) -> list[list[float]]:
        """The vectors of as many texts as one request may hold, at least one."""
        batch = _fitting(texts[: self._most_texts])
        while True:
            try:
                return self._call(batch, BATCH_S)
            except _TooLarge:
                if len(batch) > 1:
                    self._most_texts = len(batch) // 2
                    batch = batch[: self._most_texts]
                elif len(batch[0]) > LEAST_CHARS:
                    batch = [batch[0][: len(batch[0]) // 2]]  # as models here cut what is too long for them
                else:
                    raise

    def _call(self, texts: Sequence[str], seconds: float) -> list[list[float]]:
        # OpenAI refuses a text without characters.
        rows = self._answer(lambda: self._client.aembed_documents([text or " " for text in texts]), seconds)
        try:
            usable = len(rows) == len(texts) and len({len(row) for row in rows}) == 1
            usable = usable and all(math.isfinite(number) for row in rows for number in row)
        except TypeError:
            usable = False
        if not usable:
            raise ModelFailed(f"{self._server} sent something that is not a vector for each text.", _NOT_EMBEDDINGS)
        return rows

    def _answer(self, start: Callable[[], Awaitable[list[list[float]]]], seconds: float) -> list[list[float]]:
        async def once() -> AsyncIterator[list[list[float]]]:
            yield await start()

        deadline = time.monotonic() + seconds
        for tries_left in reversed(range(_TRIES)):
            try:
                return next(iterate_within(deadline - time.monotonic(), once))
            except AssistantError:
                raise
            except Exception as error:  # noqa: BLE001 - whatever a provider's client raises is a fault of the call
                failure, pause = _explained(error, self._server), max(0.5, retry_after_s(error))
            if not tries_left or isinstance(failure, _TooLarge) or pause > deadline - time.monotonic():
                break
            time.sleep(pause)
        # Outside the except block: nothing of the client's exception, which can hold the key, hangs on to this one.
        raise failure


class _TooLarge(ModelFailed):
    """The server refused the request; it might take a smaller one."""


_NOT_EMBEDDINGS = "Check that OPENAI_BASE_URL is the server's API, most often an address that ends in /v1."
_HINTS = {
    401: "Check the key of the embeddings' server, for example OPENAI_API_KEY.",
    403: "The key may not use this model: choose another ASSISTANT_EMBEDDER.",
    404: f"Check ASSISTANT_EMBEDDER: not every server embeds. {_NOT_EMBEDDINGS}",
    501: f"Check ASSISTANT_EMBEDDER: not every server embeds. {_NOT_EMBEDDINGS}",
    429: "Wait, or check the account's quota. What is embedded already stays.",
}


def _build(name: str) -> Embeddings:
    """Raises ModelFailed when something to call it with is missing."""
    from langchain.embeddings import init_embeddings

    options = _options(name)
    try:
        return _kept(name, tuple(options.items())) if options else init_embeddings(name)
    except ImportError as error:
        module = (getattr(error.__cause__ or error, "name", None) or "langchain-<provider>").partition(".")[0]
        failure = ModelFailed(
            f"The package for {name} is not installed.", f"Run: pip install {module.replace('_', '-')}"
        )
    except Exception:  # noqa: BLE001 - client libraries raise what they like, and some print the key they were given
        failure = ModelFailed(
            f"The embedder {name!r} can't be set up.",
            "Name its provider, as in openai:text-embedding-3-small, and set the provider's key.",
        )
    raise failure


@cache
def _kept(name: str, options: tuple[tuple[str, Any], ...]) -> Embeddings:
    """One client a server for the life of the process, as LangChain keeps those of chat models: its connections stay open."""
    from langchain.embeddings import init_embeddings

    return init_embeddings(name, **dict(options))


def _options(name: str) -> dict[str, Any]:
    """What LangChain's client is made with; nothing for a provider that is not called by OpenAI's protocol."""
    provider = name.partition(":")[0]
    if provider not in ("openai", "azure_openai"):
        return {}
    # By default token ids of OpenAI's vocabulary are sent, which another server would not know.
    common = {"timeout": BATCH_S, "max_retries": 0, "check_embedding_ctx_length": False}
    return common | (_openai(name) if provider == "openai" else _azure())


def _openai(name: str) -> dict[str, str]:
    key, base_url = os.environ.get("OPENAI_API_KEY", ""), openai_base_url()
    if not key and not base_url:
        raise ModelFailed(
            f"There is no key for {name}.", "Set OPENAI_API_KEY, or OPENAI_BASE_URL for a server of your own."
        )
    if base_url and not base_url.startswith(("http://", "https://")):
        raise ModelFailed("OPENAI_BASE_URL is no web address.", "Write it as http://127.0.0.1:8080/v1.")
    return {"api_key": key or "none"} | ({"base_url": base_url} if base_url else {})


def _azure() -> dict[str, str]:
    variables = {
        "azure_endpoint": "AZURE_OPENAI_ENDPOINT",
        "api_key": "AZURE_OPENAI_API_KEY",
        "api_version": "OPENAI_API_VERSION",
    }
    return {name: os.environ[variable] for name, variable in variables.items() if os.environ.get(variable)}


def _fitting(texts: Sequence[str]) -> list[str]:
    """The first texts that together fit one request, at least one."""
    fitting, size = [texts[0]], len(texts[0].encode("utf-8", "surrogatepass"))
    for text in texts[1:]:
        size += len(text.encode("utf-8", "surrogatepass"))
        if size > MOST_BYTES:
            break
        fitting.append(text)
    return fitting


def _explained(error: Exception, server: str) -> ModelFailed:
    """The fault of a call for embeddings, for people."""
    status = status_of(error)
    fault = explain(error, server)
    if status in _TOO_LARGE:
        return _TooLarge(fault.message, "Check ASSISTANT_EMBEDDER, and the server's log for why it refuses.")
    if status is not None and status >= 400:
        return ModelFailed(fault.message, _HINTS.get(status, "Try again, or look in the server's log."))
    if isinstance(error, TimeoutError) or "Timeout" in type(error).__name__:
        return ModelFailed(f"{server} did not embed in time.", "Try again, or look in the server's log.")
    if "chat completion" in fault.message or "JSON" in fault.message:
        return ModelFailed(f"{server} sent something that is no embedding.", _NOT_EMBEDDINGS)
    return ModelFailed(fault.message, fault.hint.replace("Ask again", "Try again"))
