"""Answers in a chat model's own words, each sentence with the ids of the numbered sentences it rests on.

Any model that LangChain's `init_chat_model` knows: OpenAI, or a server that speaks its protocol behind OPENAI_BASE_URL.
Nothing the model says is believed here: its ids become quotations for the chain to find, and a reply that did not end
as it should is no answer but a ModelFailed.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from functools import cache
from typing import Any

from assistant.answerers import AnswerTask
from assistant.answerers._reading import ReplyReader
from assistant.answerers._shown import Shown
from assistant.chat_models import Ask, Binding, Budget, ChatModel, Reply, UnreadableReply, json_object
from assistant.errors import ModelFailed
from assistant.packing import Packed, pack
from assistant.prompts import fence, load_prompt
from assistant.settings import Settings
from assistant.types import CitedEvent, Draft

NO_ANSWER = "The passages found do not answer this question."
PARTLY = "The passages found answer only a part of this question."
MAX_ENUM = 400  # ids that a schema lists; OpenAI takes 1,000 values in all
MAX_SENTENCES, MAX_IDS = 8, 6  # of a reply bound by a schema, so that a small model finds an end


def make(settings: Settings) -> Chat:
    """An answerer that calls the model of `settings.llm`, at its first question and not before."""
    return Chat(settings)


class Chat:
    """See `answerers.Writer`. Deltas carry no markers; they are the text of the Draft's statements."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self.model = ChatModel(settings)

    def draft(self, task: AnswerTask) -> Generator[str | CitedEvent | Draft, None, None]:
        if not task.hits:
            yield Draft((), abstained=NO_ANSWER)
            return
        yield from self._write(task, self._packed(task), "answer", {})

    def repair(self, task: AnswerTask, draft: Draft, problems: Sequence[str]) -> Draft:
        """See `answerers.Writer`."""
        numbered = [f"{number}. {one.text}" for number, one in enumerate(draft.statements, start=1)]
        listed = [f"- {problem}" for problem in problems]
        more = {"draft": fence("\n".join(numbered), "draft"), "problems": fence("\n".join(listed), "problems")}
        *_, repaired = self._write(task, self._packed(task), "repair", more)
        assert isinstance(repaired, Draft)
        return repaired

    def _packed(self, task: AnswerTask) -> Packed:
        settings = self._settings
        packed = task.packed or pack(task.hits, task.articles, settings.llm_prompt_tokens, settings.llm)
        if not packed.sentences:
            raise ModelFailed("No sentence that was found fits into the prompt.", "Raise ASSISTANT_LLM_PROMPT_TOKENS.")
        return packed

    def _write(
        self, task: AnswerTask, packed: Packed, step: str, more: dict[str, str]
    ) -> Generator[str | CitedEvent | Draft, None, None]:
        render = _renderer(task, packed, step, more)
        ask = Ask(step, render, _schema(packed), check=_read_all)
        reader, pieces = ReplyReader(), self.model.stream(ask, task.budget or Budget(self._settings))
        with closing(_with_value(pieces)) as replies:
            for piece in replies:
                if isinstance(piece, Reply):
                    yield from reader.finish()
                    prompts, _ = render(piece.binding)
                    yield self._draft(Shown(packed, task.articles), reader, piece, prompts)
                else:
                    yield from reader.feed(piece)

    def _draft(self, shown: Shown, reader: ReplyReader, reply: Reply, prompt: str) -> Draft:
        answered = bool(reader.prose.text) and (not reader.declined or shown.cites(reader.markers))
        return Draft(
            statements=shown.statements(reader.prose.text, reader.markers) if answered else (),
            abstained=None if answered else NO_ANSWER,
            raw=reply.raw,
            model=self.model.name,
            prompt=prompt,
            usage=reply.usage,
            finish_reason=reply.finish_reason,
            note=PARTLY if answered and (reader.declined or reader.partly) else "",
            shown=tuple(shown.packed.sentences.values()),
        )


def _with_value(pieces: Generator[str, None, Reply]) -> Generator[str | Reply, None, None]:
    """The pieces, and the reply that they make last."""
    reply = yield from pieces
    yield reply


def _read_all(raw: str) -> None:
    """Raises UnreadableReply for a reply that says nothing."""
    reader = ReplyReader()
    _drain(reader.feed(raw))
    _drain(reader.finish())
    if not reader.prose.text and not reader.declined:
        raise UnreadableReply("The model sent an empty answer.", "Ask again, or choose another ASSISTANT_LLM.")


def _drain(pieces: Iterator[object]) -> None:
    for _ in pieces:
        pass


# --- What is asked ----------------------------------------------------------------------------------------------------


def _renderer(task: AnswerTask, packed: Packed, step: str, more: dict[str, str]) -> Any:
    prompt = load_prompt(step)

    @cache  # asked for by the kept replies, the call and the draft; a prompt's file is read each time it is loaded
    def render(binding: Binding) -> tuple[str, str]:
        reply = load_prompt("reply_text" if binding is Binding.TEXT else "reply_json")
        message = prompt.render(
            as_of=task.as_of.isoformat() if task.as_of else "not given",
            question=" ".join(task.question.split()),
            sources=packed.text,
            reply=reply.render(),
            **more,
        )
        return f"{prompt.id}+{reply.id}", message

    return render


def _schema(packed: Packed) -> dict[str, Any]:
    """Of a reply: its ids are those of the sentences that are shown, and no others."""
    ids = [str(i) for i in packed.sentences]
    one_id: dict[str, Any] = {"type": "string"} | ({"enum": ids} if len(ids) <= MAX_ENUM else {})
    sentence = json_object({"text": {"type": "string"}, "ids": {"type": "array", "items": one_id, "maxItems": MAX_IDS}})
    return json_object(
        {
            "found": {"type": "string", "enum": ["all", "part", "nothing"]},
            "sentences": {"type": "array", "items": sentence, "maxItems": MAX_SENTENCES},
        }
    )
