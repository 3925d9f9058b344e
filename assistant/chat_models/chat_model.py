"""One door to a chat model: an ask to its reply, in the best form that the server takes, within a budget.

Kept replies, usage, caps, the one deadline and what a server lacks are dealt with here, the same for every step that
asks a model. What the reply means is the asker's to say.
"""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable, Generator, Mapping
from contextlib import closing
from dataclasses import dataclass
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

from assistant.chat_models.budget import Budget
from assistant.chat_models.faults import RequestRefused
from assistant.chat_models.forms import ALLOWED, Binding, Form, adapt, response_format
from assistant.chat_models.models import build_model, is_own_server, server_name, speaks_openai
from assistant.chat_models.replies import ReplyCache, StoredReply
from assistant.chat_models.streaming import Reply, stream_chunks
from assistant.errors import ModelFailed
from assistant.settings import Settings
from assistant.tokens import count_tokens
from assistant.types import ModelCall, Usage

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import AIMessageChunk

SEED = 7  # of pinned asks, when the settings name none
STOPPED = "The reader stopped it."


@dataclass(frozen=True, slots=True)
class Ask:
    """What is asked of a model."""

    step: str
    """What it is for, as `ModelCall.step` has it."""
    render: Callable[[Binding], tuple[str, str]]
    """(ids of the prompts, message) for a reply that is bound so."""
    schema: Mapping[str, Any] | None = None
    """The JSON schema of the reply; None for plain text."""
    pinned: bool = False
    """At temperature 0 and with a seed, whatever the settings say, where the server takes them."""
    check: Callable[[str], object] | None = None
    """Raises UnreadableReply for a text that is not what was asked for: such a reply fails and is not kept."""


class ChatModel:
    """The model of `settings.llm`. Nothing is built or called before the first ask. Safe for several threads."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._replies = ReplyCache(settings.llm_replies or settings.home / "replies.db") if settings.llm_cache else None
        self._forms: dict[tuple[bool, bool], Form] = {}  # by whether there is a schema and a pin: what was taken last
        self._models: dict[float | None, BaseChatModel] = {}

    @property
    def name(self) -> str:
        return self._settings.llm

    @cached_property
    def server(self) -> str:
        return server_name(self._settings)

    def complete(self, ask: Ask, budget: Budget) -> Reply:
        """The whole reply. Raises ModelFailed."""
        stream = self.stream(ask, budget)
        while True:
            try:
                next(stream)
            except StopIteration as end:
                reply: Reply = end.value
                return reply

    def stream(self, ask: Ask, budget: Budget) -> Generator[str, None, Reply]:
        """The text as it comes; the generator's value is the finished Reply. Raises ModelFailed.

        A reply that did not end as it should is none, however much of it has come.
        """
        if kept := self._kept(ask, budget):
            yield kept.raw
            return kept
        key, allowed = (ask.schema is not None, ask.pinned), self._allowed(ask)
        form = self._forms.get(key, Form(allowed[0]))
        while True:
            try:
                reply = yield from self._call(ask, form, budget)
            except RequestRefused as refusal:
                weaker = adapt(form, refusal.named, allowed, self._sent(ask, form))
                if weaker is None or not budget.remaining_s:
                    raise
                form = weaker
            else:
                self._forms[key] = form
                return reply

    def form(self, ask: Ask) -> Form | None:
        """The form in which the server last took such an ask; None when there was none."""
        return self._forms.get((ask.schema is not None, ask.pinned))

    def _allowed(self, ask: Ask) -> tuple[Binding, ...]:
        if ask.schema is None or not speaks_openai(self.name):
            return (Binding.TEXT,)
        return ALLOWED[self._settings.llm_form]

    # -- one call

    def _call(self, ask: Ask, form: Form, budget: Budget) -> Generator[str, None, Reply]:
        settings = self._settings
        prompt, message = ask.render(form.binding)
        model = self._model(ask, form)
        budget.require(count_tokens(message) + settings.llm_max_tokens, self.name, self.server)
        reply, started, first, failed = Reply(form.binding), time.perf_counter(), None, STOPPED
        try:
            with closing(self._chunks(model, message, ask, form, budget)) as chunks:
                for chunk in chunks:
                    if text := reply.add(chunk):
                        first = first or time.perf_counter() - started
                        yield text
                    reply.refuse_endless(settings.llm_max_tokens)
            reply.refuse_unfinished(self.server, settings.llm_max_tokens)
            if ask.check:
                ask.check(reply.raw)
            failed = ""
        except ModelFailed as error:
            failed = error.message
            raise
        finally:
            seconds = time.perf_counter() - started
            usage = reply.usage if reply.usage.tokens else _estimate(message, reply)
            call = ModelCall(
                ask.step, self.name, self.server, prompt, str(form.binding), usage, seconds, first,
                failed=failed, temperature=self._temperature(ask, form), seed=self._seed(ask, form),
            )  # fmt: skip
            budget.add(call)
        self._keep(ask, message, reply)
        return reply

    def _chunks(
        self, model: BaseChatModel, message: str, ask: Ask, form: Form, budget: Budget
    ) -> Generator[AIMessageChunk, None, None]:
        options = self._options(ask, form)
        start = partial(model.astream if form.sends("stream") else partial(_unstreamed, model), message, **options)
        return stream_chunks(start, self.server, budget.remaining_s, budget.stop)

    def _model(self, ask: Ask, form: Form) -> BaseChatModel:
        temperature = None if speaks_openai(self.name) else self._temperature(ask, form)
        if temperature not in self._models:
            self._models[temperature] = build_model(self._settings, temperature)
        return self._models[temperature]

    def _options(self, ask: Ask, form: Form) -> dict[str, Any]:
        """The parameters of a call by OpenAI's protocol; other providers got theirs when the model was built."""
        if not speaks_openai(self.name):
            return {}
        limit = self._settings.llm_max_tokens
        options: dict[str, Any] = {"temperature": self._temperature(ask, form), "seed": self._seed(ask, form)}
        # In the body and not as LangChain's options: the client's own parser would read the reply, or rename the limit.
        body: dict[str, Any] = {}
        if form.sends("max_completion_tokens"):
            options["max_completion_tokens"] = limit
        if form.sends("max_tokens") and (is_own_server(self.name) or not form.sends("max_completion_tokens")):
            body["max_tokens"] = limit  # the only name that some servers know; they ignore the other one
        if ask.schema is not None and form.binding is not Binding.TEXT:
            body["response_format"] = response_format(form.binding, ask.step, ask.schema)
        if form.sends("stream"):
            options["stream_usage"] = form.sends("stream_options")
        return {key: value for key, value in options.items() if value is not None} | (
            {"extra_body": body} if body else {}
        )

    def _sent(self, ask: Ask, form: Form) -> frozenset[str]:
        """The names of forms.OPTIONAL that a call in this form has."""
        options = self._options(ask, form)
        names = {*options, *options.get("extra_body", {})}
        names |= {"stream"} if form.sends("stream") else set()
        names |= {"stream_options"} if options.get("stream_usage") else set()
        return frozenset(names)

    def _temperature(self, ask: Ask, form: Form | None = None) -> float | None:
        if form and not form.sends("temperature"):
            return None
        return 0.0 if ask.pinned else self._settings.llm_temperature

    def _seed(self, ask: Ask, form: Form | None = None) -> int | None:
        if (form and not form.sends("seed")) or not speaks_openai(self.name):
            return None
        return SEED if ask.pinned and self._settings.llm_seed is None else self._settings.llm_seed

    # -- kept replies

    def _kept(self, ask: Ask, budget: Budget) -> Reply | None:
        if self._replies is None:
            return None
        started = time.perf_counter()
        for binding in self._allowed(ask):
            prompt, message = ask.render(binding)
            if kept := self._replies.find(self._request(ask, message)):
                seconds = time.perf_counter() - started
                call = ModelCall(
                    ask.step, self.name, self.server, prompt, str(binding), kept.usage, seconds, seconds,
                    cached=True, temperature=self._temperature(ask), seed=self._seed(ask),
                )  # fmt: skip
                budget.add(call)
                return Reply.of(kept, binding)
        return None

    def _keep(self, ask: Ask, message: str, reply: Reply) -> None:
        if self._replies is not None:
            self._replies.keep(self._request(ask, message), StoredReply(reply.raw, reply.finish_reason, reply.usage))

    def _request(self, ask: Ask, message: str) -> dict[str, Any]:
        """All that decides a reply."""
        return {
            "model": self.name,
            "server": self.server,
            "temperature": self._temperature(ask),
            "seed": self._seed(ask),
            "max_tokens": self._settings.llm_max_tokens,
            "message": message,
        }


async def _unstreamed(model: BaseChatModel, message: str, **options: Any) -> AsyncIterator[AIMessageChunk]:
    """The whole reply as one chunk, for a server that can't stream."""
    from langchain_core.messages import AIMessageChunk

    whole = await model.ainvoke(message, stream=False, **options)
    yield AIMessageChunk(
        content=whole.content, response_metadata=whole.response_metadata, usage_metadata=whole.usage_metadata
    )


def _estimate(message: str, reply: Reply) -> Usage:
    """Tokens by tiktoken, for a call that ended without a count; none for one that never got an answer."""
    if not reply.chunks:
        return Usage(exact=False)
    return Usage(count_tokens(message), count_tokens(reply.raw), exact=False)
