"""Answers in a chat model's own words, each sentence with the ids of the numbered sentences it rests on.

Any model that LangChain's `init_chat_model` knows: OpenAI, or a server that speaks its protocol behind OPENAI_BASE_URL.
Nothing the model says is believed here: its ids become quotations for the chain to find, and a reply that did not end
as it should is no answer but a ModelFailed.
"""

from __future__ import annotations

import os
import time
from collections.abc import Generator
from contextlib import closing
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from assistant.answerers import AnswerTask
from assistant.answerers._deadline import iterate_within
from assistant.answerers._faults import explain, explain_ending, retry_after_s
from assistant.answerers._markers import MarkedProse
from assistant.answerers._replies import ReplyCache, StoredReply
from assistant.answerers._shown import Shown, show
from assistant.errors import ModelFailed
from assistant.prompts import load_prompt
from assistant.settings import Settings, openai_base_url
from assistant.types import Draft, Usage

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import AIMessageChunk

NO_ANSWER = "The passages found do not answer this question."
PARTLY = "The passages found answer only a part of this question."

_TRIES = 2
_PAUSE_S = 0.5  # before the second try
_LONGEST_PAUSE_S = 2.0  # a server that asks for more is left alone: an extractive answer now is worth more
_MAX_CHARS_PER_TOKEN = 40  # no real token is longer for long: such a reply ignores its limit
_FINISH_KEYS = ("finish_reason", "stop_reason", "done_reason", "status")


def make(settings: Settings) -> Chat:
    """An answerer that calls the model of `settings.llm`, at its first question and not before."""
    return Chat(settings)


class Chat:
    """See `answerers.Answerer`. Deltas carry no markers; they are the text of the Draft's statements."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._replies = ReplyCache(settings.llm_replies) if settings.llm_replies else None

    def draft(self, task: AnswerTask) -> Generator[str | Draft, None, None]:
        if not task.hits:
            yield Draft((), abstained=NO_ANSWER)
            return
        shown, prompt = show(task), load_prompt("answer")
        as_of = task.as_of.isoformat() if task.as_of else "not given"
        message = prompt.render(as_of=as_of, question=" ".join(task.question.split()), sources=shown.text)
        reply, prose = Reply(), MarkedProse()
        kept = self._kept_reply(message)
        with closing(iter_kept(kept) if kept else self._stream(message)) as chunks:
            for chunk in chunks:
                if delta := prose.feed(reply.add(chunk)):
                    yield delta
                self._refuse_endless(reply)
        if delta := prose.finish():
            yield delta
        self._refuse_unfinished(reply, prose)
        if self._replies and not kept:
            self._replies.keep(self._request(message), StoredReply(reply.raw, reply.finish_reason, reply.usage))
        yield _draft(shown, prose, reply, model=self._settings.llm, prompt=prompt.id)

    def _stream(self, message: str) -> Generator[AIMessageChunk, None, None]:
        """The model's chunks. Only a call that has shown nothing yet is tried again, all within one time limit."""
        model, server = self._model, server_name(self._settings)
        deadline = time.monotonic() + self._settings.llm_timeout_s
        for tries_left in reversed(range(_TRIES)):
            started = False
            try:
                with closing(iterate_within(deadline - time.monotonic(), lambda: model.astream(message))) as chunks:
                    for chunk in chunks:
                        started = True
                        yield chunk
                return
            except Exception as error:  # noqa: BLE001 - whatever a provider's client raises is a fault of the call
                failure, pause = explain(error, server), max(_PAUSE_S, retry_after_s(error))
            if started or not tries_left or pause > min(_LONGEST_PAUSE_S, deadline - time.monotonic()):
                break
            time.sleep(pause)
        # Outside the except block: nothing of the client's exception, which can hold the key, hangs on to this one.
        raise failure

    def _kept_reply(self, message: str) -> StoredReply | None:
        return self._replies.find(self._request(message)) if self._replies else None

    def _request(self, message: str) -> dict[str, Any]:
        """All that decides a reply."""
        settings = self._settings
        return {
            "model": settings.llm,
            "server": server_name(settings),
            "temperature": settings.llm_temperature,
            "max_tokens": settings.llm_max_tokens,
            "message": message,
        }

    @cached_property
    def _model(self) -> BaseChatModel:
        return build_model(self._settings)

    def _refuse_endless(self, reply: Reply) -> None:
        if reply.chars > self._settings.llm_max_tokens * _MAX_CHARS_PER_TOKEN:
            raise ModelFailed("The model does not stop writing.", "Choose another ASSISTANT_LLM.")

    def _refuse_unfinished(self, reply: Reply, prose: MarkedProse) -> None:
        server = server_name(self._settings)
        if not reply.chunks:
            raise ModelFailed(
                f"{server} sent no answer.", "Check that OPENAI_BASE_URL is its API, as in http://host/v1."
            )
        if fault := explain_ending(reply.finish_reason, server, self._settings.llm_max_tokens):
            raise fault
        if not prose.text and not prose.declined:
            raise ModelFailed(f"{server} sent an empty answer.", "Ask again, or choose another ASSISTANT_LLM.")


class Reply:
    """What has come of a reply besides its text."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.chars = 0
        self.chunks = 0
        self.finish_reason: str | None = None
        self.usage = Usage()

    def add(self, chunk: AIMessageChunk) -> str:
        """Take a chunk in; returns its text."""
        text = str(chunk.text)
        self.parts.append(text)
        self.chars += len(text)
        self.chunks += 1
        for key in _FINISH_KEYS:
            if isinstance(reason := chunk.response_metadata.get(key), str):
                self.finish_reason = reason
        if counted := chunk.usage_metadata:
            # The largest: some servers count on from chunk to chunk, some say input and output apart.
            self.usage = Usage(
                max(self.usage.input_tokens, counted["input_tokens"]),
                max(self.usage.output_tokens, counted["output_tokens"]),
            )
        return text

    @property
    def raw(self) -> str:
        return "".join(self.parts)


def iter_kept(kept: StoredReply) -> Generator[AIMessageChunk, None, None]:
    """The kept reply as a model would send it, in one chunk."""
    from langchain_core.messages import AIMessageChunk

    counted = kept.usage.input_tokens, kept.usage.output_tokens
    yield AIMessageChunk(
        content=kept.text,
        response_metadata={"finish_reason": kept.finish_reason},
        usage_metadata={"input_tokens": counted[0], "output_tokens": counted[1], "total_tokens": sum(counted)},
    )


def build_model(settings: Settings) -> BaseChatModel:
    """The LangChain chat model of `settings.llm`. Raises ModelFailed when something to call it with is missing."""
    if not settings.llm:
        raise ModelFailed("No chat model is chosen.", "Set ASSISTANT_LLM, for example to openai:gpt-5-mini.")
    from langchain.chat_models import init_chat_model

    options: dict[str, Any] = {
        "timeout": settings.llm_timeout_s,
        "max_retries": 0,  # clients wait out a retry-after of minutes
        "max_tokens": settings.llm_max_tokens,
    }
    if settings.llm_temperature is not None:
        options["temperature"] = settings.llm_temperature
    if _is_openai(settings.llm):
        options |= _openai_options(settings)
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
    if not _is_openai(settings.llm):
        return f"The provider of {settings.llm}"
    address = urlsplit(openai_base_url() or "https://api.openai.com")
    return address.netloc.rpartition("@")[2] or "OPENAI_BASE_URL"


def _openai_options(settings: Settings) -> dict[str, Any]:
    key, base_url = os.environ.get("OPENAI_API_KEY", ""), openai_base_url()
    if not key and not base_url:
        raise ModelFailed(
            f"There is no key for {settings.llm}.", "Set OPENAI_API_KEY, or OPENAI_BASE_URL for a server of your own."
        )
    # LangChain's own limit between chunks (120 s) would end the long silence in which a slow machine reads its prompt.
    options: dict[str, Any] = {"api_key": key or "none", "stream_usage": True, "stream_chunk_timeout": None}
    if not base_url:
        return options
    if not base_url.startswith(("http://", "https://")):
        raise ModelFailed("OPENAI_BASE_URL is no web address.", "Write it as http://127.0.0.1:8080/v1.")
    return options | {"base_url": base_url, "use_responses_api": False}


def _is_openai(llm: str) -> bool:
    provider, colon, _ = llm.partition(":")
    return provider == "openai" if colon else provider.startswith(("gpt-", "o1", "o3", "chatgpt"))


def _missing_package(llm: str, error: ImportError) -> ModelFailed:
    module = getattr(error.__cause__, "name", None) or "langchain-<provider>"
    package = module.partition(".")[0].replace("_", "-")
    return ModelFailed(f"The package for {llm} is not installed.", f"Run: pip install {package}")


def _draft(shown: Shown, prose: MarkedProse, reply: Reply, *, model: str, prompt: str) -> Draft:
    answered = not prose.declined or shown.cites(prose.markers)
    return Draft(
        statements=shown.statements(prose.text, prose.markers) if answered else (),
        abstained=None if answered else NO_ANSWER,
        raw=reply.raw,
        model=model,
        prompt=prompt,
        usage=reply.usage,
        finish_reason=reply.finish_reason,
        note=PARTLY if answered and prose.declined else "",
    )
