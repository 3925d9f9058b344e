"""What the scripts of the page ask for: a question, a conversation opened or saved, a citation judged, an answer checked.

Commands come from a browser: they are checked before anything is done, and they name only what the conversation has.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from assistant.errors import WrongUse

if TYPE_CHECKING:
    from assistant.api import Assistant
    from assistant.ui.conversing import Conversation


class _Command(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Ask(_Command):
    """Ask `question`, or that of the turn `again_from` once more, in place of that turn and those after it."""

    do: Literal["ask"]
    question: str | None = None
    again_from: int | None = Field(None, alias="from")


class Open(_Command):
    """Show a conversation that the browser kept."""

    do: Literal["open"]
    name: str = Field(max_length=64)
    """By which the browser knows it."""
    conversation: Any


class Save(_Command):
    """The conversation as a file, with its sources."""

    do: Literal["save"]
    format: Literal["markdown", "html", "json"]


class Judge(_Command):
    """A reader's judgement of one citation."""

    do: Literal["judge"]
    turn: int
    marker: int
    judgement: Literal["good", "wrong_span", "not_supported"]


class Check(_Command):
    """Check what an answer says, over all articles, as if on the day that its question was asked for."""

    do: Literal["check"]
    text: str
    as_of: str = ""


Command = Ask | Open | Save | Judge | Check
_COMMANDS: TypeAdapter[Command] = TypeAdapter(Annotated[Command, Field(discriminator="do")])


def read_command(value: object) -> Command:
    """Raises WrongUse for what no script of the page sends."""
    try:
        return _COMMANDS.validate_python(value)
    except ValidationError:
        raise WrongUse("The page sent something that this version does not know.", "Reload the page.") from None


def judged(assistant: Assistant, command: Judge, talk: Conversation) -> str:
    """Keep a reader's judgement; returns what to say of it. Raises WrongUse."""
    at = next((i for i, one in enumerate(talk.exchanges) if one.turn == command.turn), None)
    exchange = None if at is None else talk.exchanges[at]
    citations = exchange.answer.citations if exchange else ()
    citation = next((one for one in citations if one.marker == command.marker), None)
    if exchange is None or citation is None:
        raise WrongUse("There is no such citation any more.", "Ask again, and judge the new answer.")
    history = [one.said for one in talk.exchanges[:at]]
    case = assistant.give_feedback(
        exchange.answer, citation, command.judgement, filters=exchange.filters, history=history
    )
    return f"Noted as case {case.id} of the readers' question set. Evaluation can run it."


def saved(assistant: Assistant, command: Save, talk: Conversation) -> dict[str, str]:
    """The conversation as a file for the browser to keep: name, type and text. Raises WrongUse for an empty one."""
    from assistant.transcripts import FORMATS, Exchange, write_transcript

    if not talk.exchanges:
        raise WrongUse("There is no answer to save yet.", "Ask a question first.")
    made = datetime.now(UTC)
    exchanges = [Exchange(one.answer, one.filters, one.asked) for one in talk.exchanges]
    articles = {key: article for one in talk.exchanges for key, article in assistant.articles_of(one.answer).items()}
    form = FORMATS[command.format]
    return {
        "name": f"conversation-{made:%Y-%m-%d-%H%M}{form.suffix}",
        "type": form.media_type,
        "text": write_transcript(exchanges, command.format, articles, made=made),
    }
