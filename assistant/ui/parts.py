"""What the tabs of the page share: a bare block of HTML, the filters' fields and how they are read, the words of an error.

Every part is made in the Blocks that is open where it is called.
"""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Generator, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager
from datetime import date
from html import escape
from itertools import count
from typing import Any, TypeVar

import gradio as gr

from assistant.errors import AssistantError, EmptyLibrary, WrongUse
from assistant.resources import data_dir
from assistant.types import Filters
from assistant.ui import markup

log = logging.getLogger(__name__)

Value = TypeVar("Value")

_SERIALS = count(1)
LOOK_S = 0.2  # how long a stream that brings nothing keeps a page from ending it
AT_ONCE = 40  # questions answered and texts checked at the same time, together
BUG = "Something went wrong inside the assistant; this is not your mistake."
BUG_HINT = "The log of the server has the details. Try again, or ask in other words."
EMPTY_HINT = "Add articles under Library, at the top of the page."
QUIET: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
LONG: dict[str, Any] = {**QUIET, "concurrency_limit": AT_ONCE, "concurrency_id": "ask", "trigger_mode": "once"}


def html_block(value: str, elem_id: str | None = None) -> gr.HTML:
    return gr.HTML(value, elem_id=elem_id, apply_default_css=False, js_on_load=None)


def command_channel(elem_id: str) -> gr.HTML:
    """An unseen component by which a script of the page asks for something.

    `assistant.send(elem_id, {do: ...})` in page.js is a click on it, whose `gr.EventData` has the object as `_data`. It comes
    from a browser: nothing in it may be trusted.
    """
    script = f"assistant.connect({elem_id!r}, (command) => trigger('click', command))"
    return gr.HTML("", elem_id=elem_id, apply_default_css=False, js_on_load=script, visible="hidden")


def message_box(elem_id: str) -> gr.HTML:
    """An unseen component by which the server tells a script something: its listener in page.js gets each `message_html`."""
    return gr.HTML("", elem_id=elem_id, apply_default_css=False, js_on_load=None, visible="hidden")


def message_html(message: Mapping[str, Any]) -> str:
    """A message for a script. Two alike are told apart, so that each is heard."""
    return f'<div data-message="{escape(json.dumps({**message, "serial": next(_SERIALS)}))}"></div>'


def publisher_field(elem_id: str) -> gr.Dropdown:
    return gr.Dropdown([("All publishers", "")], value="", label="Publisher", min_width=180, elem_id=elem_id)


def publisher_choices(publishers: list[str]) -> list[tuple[str, str]]:
    return [("All publishers", ""), *((name, name) for name in publishers)]


def date_field(label: str, info: str, elem_id: str | None = None) -> gr.Textbox:
    return gr.Textbox(
        label=label, info=info, placeholder="YYYY-MM-DD", max_lines=1, min_width=120, scale=1, elem_id=elem_id
    )


def read_filters(
    publisher: str | None, since: str, until: str, as_of: str, names: Sequence[str] = ("From", "To", "As of")
) -> Filters:
    """The form's four fields as Filters. Raises WrongUse naming the date, what is in it and what would be right."""
    dates = [read_date(name, text) for name, text in zip(names, (since, until, as_of), strict=True)]
    filters = Filters(publisher or None, *dates)
    if filters.since and filters.until and filters.since > filters.until:
        early, late = names[:2]
        raise WrongUse(f"{early} ({filters.since}) is later than {late} ({filters.until}).", "Swap them, or empty one.")
    return filters


def read_date(field: str, text: str | None) -> date | None:
    text = (text or "").strip()
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise WrongUse(
            f"“{field}” is '{text[:40]}', which is no date.", "Write it as 2025-08-19, or empty it."
        ) from None


@contextmanager
def errors_told(task: str, question: str = "") -> Iterator[list[str]]:
    """Collects the HTML of the error that ends the block, if one does; see `errors_named`."""
    told: list[str] = []
    with errors_named(task) as named:
        yield told
    told += [markup.error_html(question, message, hint) for message, hint in named]


@contextmanager
def errors_named(task: str) -> Iterator[list[tuple[str, str]]]:
    """Collects what the error that ends the block says, if one does, and the next step.

    What a person can mend is said as it is; a bug goes to the log as "`task` failed", with its traceback.
    """
    named: list[tuple[str, str]] = []
    try:
        yield named
    except EmptyLibrary:
        named.append(("The library is empty.", EMPTY_HINT))
    except AssistantError as error:
        named.append((error.message, error.hint))
    except Exception:
        log.exception("%s failed", task)
        named.append((BUG, BUG_HINT))


def as_they_come(
    values: Generator[Value, None, None], stop: threading.Event, look_s: float = LOOK_S
) -> Iterator[Value | None]:
    """The values of a slow iterator, which are not None; None whenever the next has not come for `look_s`.

    Gradio can end a generator between two of its values only, and until it has, it ignores a second question. Whoever
    closes this one waits for nothing: `stop` is set, and `values` is closed once it has seen that.
    """
    pool = ThreadPoolExecutor(1)
    try:
        while True:
            job = pool.submit(next, values, None)
            while not wait([job], look_s).done:
                yield None
            if (value := job.result()) is None:
                return
            yield value
    finally:
        stop.set()
        pool.submit(values.close)
        pool.shutdown(wait=False)


def sample_rows(name: str) -> list[dict[str, Any]]:
    """The questions or the claims that come with the sample corpus; nothing where they are missing."""
    path = data_dir("corpus") / "questions" / f"{name}.jsonl"
    try:
        return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
    except (OSError, ValueError):
        return []  # a page without examples beats no page
