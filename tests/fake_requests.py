"""What a request to a chat server asks for: which step of a pipeline, in which form; and an honest reply to it.

The schema of the reply tells first, then the JSON names that the prompt spells out. The prompt's numbered sentences are
read back here, too, for replies that cite.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

Request = Mapping[str, Any]
Schema = Mapping[str, Any]

# The first name that a reply's schema has tells the step: the narrow ones before those that others have, too.
_STEPS = {
    "judgements": "judge",
    "sentences": "answer",
    "claims": "claims",
    "label": "opinion",
    "queries": "queries",
}
WRITING = ("answer", "repair")
_SHOWN = re.compile(r"^\[(\d+\.\d+)\] (.*)$", re.MULTILINE)
_MARKERS = re.compile(r"\s*((?:\[[^\[\]]*\]\s*)+)([.!?]?)")
_ABSTAINS = "[no answer]"


def prompt_of(request: Request) -> str:
    """The last message."""
    return _content(request["messages"][-1]) if request.get("messages") else ""


def step_of(request: Request) -> str:
    """Which step asks: "answer", "repair", "condense", "queries", "claims", "opinion" or "judge"."""
    names = set(property_names(_schema(request))) or set(_spelt_names(request))
    step = next((step for name, step in _STEPS.items() if name in names), "")
    if step == "queries" and "question" in names:
        return "condense"
    if not step and "<history>" in _words(request):
        return "condense"
    if step in ("", "answer"):
        return "repair" if "\n<draft>\n" in _words(request) else "answer"
    return step


def asks_for_json(request: Request) -> bool:
    """Whether the reply has to be JSON, by the request's format or by the words of its prompt."""
    return bool(request.get("response_format")) or bool(set(_spelt_names(request)) & _STEPS.keys())


def property_names(schema: Schema) -> Iterator[str]:
    """Every property of a JSON schema, nested ones as well."""
    yield from schema.get("properties", {})
    for part in schema.values():
        for inner in part if isinstance(part, list) else [part]:
            if isinstance(inner, dict):
                yield from property_names(inner)


def shown(request: Request) -> dict[str, str]:
    """The numbered sentences of the prompt by id."""
    return dict(_SHOWN.findall(_words(request)))


def shown_sentence(request: Request) -> str:
    sentences = shown(request)
    return sentences.get("1.1") or next(iter(sentences.values()), "Nothing was shown.")


def question_of(request: Request) -> str:
    """The question at the end of the prompt."""
    words = prompt_of(request)
    asked = re.findall(r"^(?:The question|Question|Follow-up)[^:\n]{0,20}:[ \t]*(\S.*)$", words, re.MULTILINE)
    fenced = re.findall(r"<(question|follow-up)>\s*(.*?)\s*</\1>", words, re.DOTALL)
    if asked or fenced:
        return str(asked[-1] if asked else fenced[-1][1])
    lines = [line for line in words.splitlines() if line.strip().endswith("?")]
    return lines[-1].strip() if lines else "Who?"


def ordered_words(prompt: str) -> str:
    """What an article in the prompt tells its reader to say; the first quoted words behind such an order."""
    order = re.search(r"\b(?:say|reply|answer|write)\b[^\"“\n]*[\"“]([^\"”\n]+)[\"”]", prompt, re.IGNORECASE)
    return order[1] if order else "All rules are off."


def default_reply(request: Request) -> str:
    """What a model says that does as it is told."""
    step = step_of(request)
    if not asks_for_json(request):
        return plain_reply(request)
    if step in WRITING:
        return as_json(plain_reply(request))
    return json.dumps(_HONEST[step](request), ensure_ascii=False)


def plain_reply(request: Request) -> str:
    """The same in prose: an answer with its marker, the question of a prompt that is no answer's."""
    return f"{shown_sentence(request)} [1.1]" if step_of(request) in WRITING else question_of(request)


def speaks_to(reply: str, step: str) -> bool:
    """Whether words that a test gives are meant for this step: JSON for the step of its names, prose for what writes."""
    try:
        names = json.loads(reply)
    except (ValueError, RecursionError):
        return step not in ("condense", "queries", "claims")
    if not isinstance(names, dict) or not names.keys() & _STEPS.keys():
        return step not in ("condense", "queries", "claims")
    meant = next(step for name, step in _STEPS.items() if name in names)
    return step == meant or {step, meant} in ({"condense", "queries"}, set(WRITING))


def as_json(marked: str) -> str:
    """Prose with markers as the JSON of an answer; what is JSON already stays as it is."""
    if marked.lstrip().startswith(("{", "[{", "```")):
        return marked
    declined = _ABSTAINS in marked
    sentences = []
    at = 0
    text = marked.replace(_ABSTAINS, "")
    for match in _MARKERS.finditer(text):
        ids = [part.strip() for part in re.split(r"[\[\],;\s]+", match[1]) if part.strip()]
        sentences.append({"text": (text[at : match.start()] + match[2]).strip(), "ids": ids})
        at = match.end()
    if rest := text[at:].strip():
        sentences.append({"text": rest, "ids": []})
    if declined and not any(sentence["ids"] for sentence in sentences):
        sentences = []
    found = "nothing" if not sentences else "part" if declined else "all"
    return json.dumps({"found": found, "sentences": sentences}, ensure_ascii=False)


def filled(schema: Schema) -> Any:
    """The plainest value that a JSON schema allows; an empty object for no schema."""
    if not schema:
        return {}
    if "enum" in schema:
        return schema["enum"][0]
    if options := schema.get("anyOf") or schema.get("oneOf"):
        return filled(options[0])
    kind = schema.get("type")
    kind = kind[0] if isinstance(kind, list) else kind
    if kind == "object":
        return {name: filled(part) for name, part in schema.get("properties", {}).items()}
    if kind == "array":
        return [filled(schema.get("items", {}))] * (1 if schema.get("maxItems", 1) else 0)
    return {"integer": 1, "number": 0.5, "boolean": True, "null": None}.get(str(kind), "Nothing of note.")


def _condensed(request: Request) -> Any:
    question = question_of(request)
    return filled(_schema(request)) | {"question": question, "queries": [question]}


def _queries(request: Request) -> Any:
    return filled(_schema(request)) | {"queries": [question_of(request)]}


def _judged(request: Request) -> Any:
    said = re.findall(r"^Sentence: (.*)$", _words(request), re.MULTILINE)
    first = {"premise": 1, "words": " ".join(said[0].split()[:8]), "stance": "supports"} if said else None
    return {"judgements": [first] if first else []}


_HONEST: dict[str, Callable[[Request], Any]] = {
    "condense": _condensed,
    "queries": _queries,
    "judge": _judged,
    "claims": lambda request: filled(_schema(request)) or {"claims": []},
    "opinion": lambda request: filled(_schema(request)) or {"label": "not_enough_evidence", "why": "It is not said."},
}


def _schema(request: Request) -> Schema:
    form = request.get("response_format") or {}
    schema: Schema = (form.get("json_schema") or {}).get("schema") or {}
    return schema


def _spelt_names(request: Request) -> list[str]:
    """The JSON names that the prompt spells out, as in {"question": ...}."""
    return re.findall(r'"([a-z_]{2,20})"\s*:', _words(request))


def _words(request: Request) -> str:
    return "\n".join(_content(message) for message in request.get("messages", ()))


def _content(message: Mapping[str, Any]) -> str:
    content = message.get("content") or ""
    if isinstance(content, str):
        return content
    return "".join(str(part.get("text", "")) for part in content)
