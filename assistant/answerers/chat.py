"""Answers in a chat model's own words, each sentence with the ids of the numbered sentences it rests on.

Any model that LangChain's `init_chat_model` knows: OpenAI, or a server that speaks its protocol behind OPENAI_BASE_URL.
Nothing the model says is believed here: its ids become quotations for the chain to find, and a reply that did not end
as it should is no answer but a ModelFailed.
"""

from __future__ import annotations

from collections.abc import Generator
from contextlib import closing
from functools import cached_property
from typing import TYPE_CHECKING, Any

from assistant.answerers import AnswerTask
from assistant.answerers._markers import MarkedProse
from assistant.answerers._shown import Shown, show
from assistant.chat_models import Reply, ReplyCache, StoredReply, build_model, iter_kept, server_name, stream_chunks
from assistant.errors import ModelFailed
from assistant.prompts import load_prompt
from assistant.settings import Settings
from assistant.types import Draft

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import AIMessageChunk

NO_ANSWER = "The passages found do not answer this question."
PARTLY = "The passages found answer only a part of this question."


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
                reply.refuse_endless(self._settings.llm_max_tokens)
        if delta := prose.finish():
            yield delta
        self._refuse_unfinished(reply, prose)
        if self._replies and not kept:
            self._replies.keep(self._request(message), StoredReply(reply.raw, reply.finish_reason, reply.usage))
        yield _draft(shown, prose, reply, model=self._settings.llm, prompt=prompt.id)

    def _stream(self, message: str) -> Generator[AIMessageChunk, None, None]:
        model = self._model
        return stream_chunks(lambda: model.astream(message), server_name(self._settings), self._settings.llm_timeout_s)

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

    def _refuse_unfinished(self, reply: Reply, prose: MarkedProse) -> None:
        server = server_name(self._settings)
        reply.refuse_unfinished(server, self._settings.llm_max_tokens)
        if not prose.text and not prose.declined:
            raise ModelFailed(f"{server} sent an empty answer.", "Ask again, or choose another ASSISTANT_LLM.")


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
