"""`ask` and `check` for other programs: the only public endpoints of the page, by Gradio's client, plain HTTP or MCP.

Both answer in JSON (docs/api.md) and keep nothing between two calls. They wait in one line with the questions of the page.
"""

# No `from __future__ import annotations` here: Gradio reads the type of a result as it stands, and a string says nothing to it.

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import gradio as gr
from gradio.events import api

from assistant.errors import AssistantError, EmptyLibrary, WrongUse
from assistant.exports.json import check_document
from assistant.render import answer_json
from assistant.text import nearest
from assistant.types import Filters
from assistant.ui.parts import BUG, BUG_HINT, LONG, read_filters

if TYPE_CHECKING:
    from mcp.types import ImageContent, TextContent

    from assistant.api import Assistant

log = logging.getLogger(__name__)

IN_LINE = {key: LONG[key] for key in ("concurrency_limit", "concurrency_id")}


def add_endpoints(assistant: "Assistant") -> None:
    """Register both in the Blocks that is open, ahead of all events: these are named after their functions too.

    What the two are called, their parameters, defaults and docstrings are the schema that clients and models read.
    """

    def ask(question: str, publisher: str = "", since: str = "", until: str = "", as_of: str = "") -> dict[str, Any]:
        """Answer a question from the news articles in this library, in their own words, each with its source.
        `citations` holds the exact quotation behind every number in `text`, with title, publisher, date and address of its
        article and its place in it. Where the articles do not answer, `abstained` says so and nothing is cited.

        Args:
            question: One question in a sentence, up to 4,000 characters.
            publisher: Only articles of this publisher, spelt as the articles spell it; empty for all of them.
            since: Only articles published on this day or later, as 2025-08-19; empty for no limit.
            until: Only articles published on this day or earlier, as 2025-08-19; empty for no limit.
            as_of: The day on which the question is asked, as 2025-08-19: hides later articles; empty to hide none.
        """
        with errors_sent("A question by the API"):
            return answer_json(
                assistant.ask(_text("question", question), filters=filters(publisher, since, until, as_of))
            )

    def check(text: str, publisher: str = "", since: str = "", until: str = "", as_of: str = "") -> dict[str, Any]:
        """Check a claim, or a draft with many, against the news articles in this library. Each claim gets a verdict
        (supported, refuted, conflicting or not_enough_evidence) with the exact sentences for and against it, what differs, how
        many independent sources there are and what is missing. The verdict of the whole text is its weakest.

        Args:
            text: The claim or the draft, up to 60,000 characters; offsets of the claims count in `statement`.
            publisher: Only articles of this publisher, spelt as the articles spell it; empty for all of them.
            since: Only articles published on this day or later, as 2025-08-19; empty for no limit.
            until: Only articles published on this day or earlier, as 2025-08-19; empty for no limit.
            as_of: The day on which the claim is checked, as 2025-08-19: hides later articles; empty to hide none.
        """
        with errors_sent("A check by the API"):
            checked = assistant.check(_text("text", text), filters=filters(publisher, since, until, as_of))
            return check_document(checked, assistant.articles_of(checked))

    def filters(publisher: object, since: object, until: object, as_of: object) -> Filters:
        given = {"publisher": publisher, "since": since, "until": until, "as_of": as_of}
        paper, *days = (_text(name, value or "").strip() for name, value in given.items())
        if paper:
            _require_publisher(paper, assistant.publishers())
        return read_filters(paper, days[0], days[1], days[2], names=("since", "until", "as_of"))

    api(ask, api_name="ask", **IN_LINE)
    api(check, api_name="check", **IN_LINE)


def _text(name: str, value: object) -> str:
    """Gradio passes on whatever JSON it was sent. Raises WrongUse for what is no text."""
    if not isinstance(value, str):
        raise WrongUse(f"`{name}` is no text.", "Give it as a string.")
    return value


def _require_publisher(name: str, known: list[str]) -> None:
    """A misspelt publisher would look like a library that does not answer. Raises WrongUse with the nearest name."""
    if name not in known:
        near = nearest(name, known)
        hint = f"Did you mean {near}?" if near else f"Some that are: {', '.join(known[:10])}."
        raise WrongUse(f"No article in this library is by '{name[:80]}'.", hint)


@contextmanager
def errors_sent(task: str) -> Iterator[None]:
    """What the caller can mend becomes the error it gets; a bug goes to the log as "`task` failed", with its traceback."""
    try:
        yield
    except EmptyLibrary:  # its message has the path of the library
        raise gr.Error("The library is empty.", print_exception=False) from None
    except AssistantError as error:
        raise gr.Error(str(error), print_exception=False) from None
    except Exception:
        log.exception("%s failed", task)
        raise gr.Error(f"{BUG} {BUG_HINT}", print_exception=False) from None


def require_tools_served(page: gr.Blocks) -> None:
    """Have the tools of a served page answer in JSON. Raises AssistantError where there are none: Gradio serves on without.

    Gradio 6.31 writes a result that is no file the way Python prints it: single quotes, None, True.
    """
    if page.mcp_server_obj is None:
        raise AssistantError("Gradio could not serve the MCP tools.", page.mcp_error or "")
    page.mcp_server_obj.postprocess_output_data = _as_json  # type: ignore[method-assign]


def _as_json(data: list[Any], root_url: str) -> "list[TextContent | ImageContent]":
    from mcp.types import TextContent

    return [TextContent(type="text", text=json.dumps(result, ensure_ascii=False)) for result in data]
