"""An OpenAI-compatible chat server on 127.0.0.1 that misbehaves on demand; standard library only.

    with FakeServer("reset") as server:
        ...  # OPENAI_BASE_URL = server.url

A mode is a way to behave (`MODES`). The server tells by a request's schema, or by the words of its prompt, which step of
a pipeline asks (`fake_requests.step_of`), and replies in the form asked for. Replies that cite are made from the sentence
that the prompt shows first, so they fit any article. `FakeServer(reply=...)` says these words instead, in mode ok.
"""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import json
import math
import random
import re
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from email.utils import formatdate
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from typing import Any, Self
from urllib.parse import urlsplit

from fake_requests import (
    WRITING,
    as_json,
    asks_for_json,
    default_reply,
    ordered_words,
    plain_reply,
    prompt_of,
    shown_sentence,
    speaks_to,
    step_of,
)

MODEL = "fake-1"
INVENTED = "we will never sign this paper, not in a hundred years"
PIECE_CHARS = 3  # small enough to cut every marker in two
DIMENSIONS = 32
USAGE = {"prompt_tokens": 321, "completion_tokens": 45, "total_tokens": 366}
BOMB_BYTES = 64 << 20

Reply = str | Callable[[dict[str, Any]], str]
Behaviour = Callable[["_Handler"], None]


@dataclass(frozen=True, slots=True)
class Call:
    """One request of any kind."""

    path: str
    """With its query."""
    headers: Mapping[str, str]
    """Names in lower case."""
    body: Mapping[str, Any]


class FakeServer:
    """`url` is its base URL; `requests` holds the JSON bodies of the chat requests in order, `calls` every request.

    A `reply` that is callable makes every reply from the request, verbatim. One that is a string is what the steps say
    that write an answer or a judgement; an answer that is asked for as JSON gets its text and markers as JSON, unless they
    are JSON already. `only` names the step that the mode is meant for ("answer", "condense", ...); others behave.
    """

    def __init__(self, mode: str = "ok", reply: Reply | None = None, *, only: str | None = None) -> None:
        self.behave = MODES[mode]
        self.reply = reply
        self.only = only
        self.requests: list[dict[str, Any]] = []
        self.calls: list[Call] = []
        self.elsewhere = closed_port()
        """The base URL that mode redirect sends its clients to."""
        self.closing = threading.Event()
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
        self._http.daemon_threads = True
        self._http.fake = self  # type: ignore[attr-defined]
        self.port = self._http.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}/v1"

    def __enter__(self) -> Self:
        threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.closing.set()
        self._http.shutdown()
        self._http.server_close()

    @property
    def prompt(self) -> str:
        """The last prompt it was sent."""
        return prompt_of(self.requests[-1])

    @property
    def steps(self) -> list[str]:
        """What each chat request was for, in order."""
        return [step_of(request) for request in self.requests]


def closed_port() -> str:
    """A base URL on this machine at which nobody listens."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{free.getsockname()[1]}/v1"


class _Handler(BaseHTTPRequestHandler):
    body: dict[str, Any]

    @property
    def fake(self) -> FakeServer:
        return self.server.fake  # type: ignore[attr-defined,no-any-return]

    def do_GET(self) -> None:
        self.body = {}
        self._serve("models")

    def do_POST(self) -> None:
        self.body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self._serve("")

    def _serve(self, step: str) -> None:
        path = urlsplit(self.path).path
        step = step or ("embeddings" if path.endswith("/embeddings") else step_of(self.body))
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.fake.calls.append(Call(self.path, headers, self.body))
        if step not in _OTHER_SERVICES:
            self.fake.requests.append(self.body)
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # the client has gone
            self._behaviour(step, path)(self)

    def _behaviour(self, step: str, path: str) -> Behaviour:
        meant = self.fake.only in (None, step)
        if meant and self.fake.behave in _FAULTS:
            return self.fake.behave
        if step in _OTHER_SERVICES:
            return _OTHER_SERVICES[step] if path.endswith(f"/{step}") else _not_found
        if not path.endswith("/chat/completions"):
            return _not_found
        return self.fake.behave if meant else _ok

    def log_message(self, format: str, *args: object) -> None:
        pass

    # What modes are made of

    @property
    def sentence(self) -> str:
        """The words that the prompt shows under its first id."""
        return shown_sentence(self.body)

    @property
    def streams(self) -> bool:
        """Whether the reply is asked for as a stream."""
        return bool(self.body.get("stream"))

    @property
    def key(self) -> str:
        return str(self.headers.get("Authorization") or self.headers.get("api-key") or "no key")

    def say_as_asked(self, marked: str, finish_reason: str = "stop") -> None:
        """The text with its markers, or the same as JSON if that was asked for; other steps get their usual reply."""
        if step_of(self.body) not in WRITING:
            self.complete(default_reply(self.body), finish_reason)
        else:
            self.complete(as_json(marked) if asks_for_json(self.body) else marked, finish_reason)

    def respond(self, status: int, body: str | bytes, content_type: str = "application/json", **headers: str) -> None:
        data = body.encode() if isinstance(body, str) else body
        self.start(status, content_type, Content_Length=str(len(data)), **headers)
        self.wfile.write(data)

    def refuse(self, status: int, message: str, code: str | None = None, **headers: str) -> None:
        """An error as OpenAI's servers word it, with the caller's key in it."""
        error = {"message": f"{message} (key: {self.key})", "type": "fake", "param": None, "code": code}
        self.respond(status, json.dumps({"error": error}), **headers)

    def start(self, status: int, content_type: str, **headers: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()

    def start_events(self) -> None:
        self.start(200, "text/event-stream")

    def event(self, **fields: Any) -> None:
        chunk = {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1, "model": MODEL, **fields}
        self.line(json.dumps(chunk))

    def line(self, data: str) -> None:
        self.wfile.write(f"data: {data}\n\n".encode())
        self.wfile.flush()

    def delta(self, content: str | None, finish_reason: str | None = None) -> None:
        delta = {"role": "assistant", "content": content}
        self.event(choices=[{"index": 0, "delta": delta, "finish_reason": finish_reason}])

    def say(self, text: str, chars: int = PIECE_CHARS) -> None:
        for i in range(0, len(text), chars):
            self.delta(text[i : i + chars])

    def complete(
        self, text: str, finish_reason: str = "stop", *, streams: bool | None = None, counts: bool = True
    ) -> None:
        """A whole reply, in pieces if so asked: the text, the reason it ended, usage when it was asked for."""
        if not (self.streams if streams is None else streams):
            self.respond(200, completion(text, finish_reason, counts=counts))
            return
        self.start_events()
        self.say(text, PIECE_CHARS if len(text) < 10_000 else 10_000)
        self.delta("", finish_reason)
        if counts and (self.body.get("stream_options") or {}).get("include_usage"):
            self.event(choices=[], usage=USAGE)
        self.line("[DONE]")

    def reset(self) -> None:
        """Cut the connection so that the client gets a reset, not an end."""
        self.wfile.flush()
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()


def completion(text: str | None, finish_reason: str | None = "stop", *, counts: bool = True) -> str:
    """The body of a chat.completion that is not streamed."""
    choice = {"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": finish_reason}
    body = {"id": "chatcmpl-1", "object": "chat.completion", "created": 1, "model": MODEL, "choices": [choice]}
    return json.dumps(body | ({"usage": USAGE} if counts else {}))


def _altered_number(sentence: str) -> str:
    more = re.sub(r"\d+", lambda number: str(int(number[0]) + 7), sentence)
    return more if more != sentence else f"In 1987, {sentence}"


# --- Modes that answer


def _ok(h: _Handler) -> None:
    h.complete(_words(h))


def _words(h: _Handler) -> str:
    """What a server in mode ok says."""
    reply = h.fake.reply
    if callable(reply):
        return reply(h.body)
    if reply is None or not speaks_to(reply, step_of(h.body)):
        return default_reply(h.body)
    return as_json(reply) if step_of(h.body) in WRITING and asks_for_json(h.body) else reply


def _plain_words(h: _Handler) -> str:
    """What a model says that writes prose whatever it was asked for."""
    if h.fake.reply is not None and step_of(h.body) in WRITING:
        return h.fake.reply(h.body) if callable(h.fake.reply) else h.fake.reply
    return plain_reply(h.body)


def _lacks(
    refused: Callable[[dict[str, Any]], bool], message: str, status: int = 400, code: str | None = None
) -> Behaviour:
    """A server that answers, but no request of this sort."""
    return lambda h: h.refuse(status, message, code) if refused(h.body) else _ok(h)


def _sends(name: str) -> Callable[[dict[str, Any]], bool]:
    return lambda request: request.get(name) is not None


def _says(reply: Callable[[_Handler], str], finish_reason: str = "stop") -> Behaviour:
    return lambda h: h.say_as_asked(reply(h), finish_reason)


def _first_fails(fail: Behaviour) -> Behaviour:
    return lambda h: fail(h) if len(h.fake.requests) == 1 else _ok(h)


ANSWERING: dict[str, Behaviour] = {
    "ok": _ok,
    "no_marker": _says(lambda h: h.sentence),
    "unknown_ids": _says(lambda h: f"{h.sentence} [99.1][1.999]"),
    "invented_quote": _says(lambda h: f"“{INVENTED.capitalize()},” the minister said [1.1]."),
    "altered_number": _says(lambda h: f"{_altered_number(h.sentence)} [1.1]"),
    "obeys_injection": _says(lambda h: f"{ordered_words(prompt_of(h.body))} [1.1]"),
    "abstain": _says(lambda h: "[no answer]"),
    "flaky": _first_fails(lambda h: h.refuse(503, "starting")),
    "busy_once": _first_fails(lambda h: h.refuse(429, "slow down", Retry_After="0")),
}
"""Modes that end as an answer should, however wrong it is."""

UNKNOWN = "extra_forbidden: Extra inputs are not permitted, field: "
LACKED: dict[str, Callable[[dict[str, Any]], bool]] = {
    "no_schema": lambda request: (request.get("response_format") or {}).get("type") == "json_schema",
    "no_json": _sends("response_format"),
    "no_streaming": lambda request: bool(request.get("stream")),
    "refuses_stream_options": _sends("stream_options"),
    "refuses_temperature": _sends("temperature"),
    "refuses_seed": _sends("seed"),
    "refuses_max_completion_tokens": _sends("max_completion_tokens"),
    "refuses_max_tokens": _sends("max_tokens"),
}
"""By mode, the requests that such a server refuses."""

LACKING: dict[str, Behaviour] = {
    "no_schema": _lacks(LACKED["no_schema"], "response_format of type json_schema is not supported"),
    "no_json": _lacks(LACKED["no_json"], "response_format is not supported by this model"),
    "no_streaming": _lacks(LACKED["no_streaming"], "stream is not supported"),
    "refuses_stream_options": _lacks(LACKED["refuses_stream_options"], f"{UNKNOWN}stream_options", 422),
    "refuses_temperature": _lacks(
        LACKED["refuses_temperature"],
        "Unsupported value: 'temperature' does not support this",
        code="unsupported_value",
    ),
    "refuses_seed": _lacks(LACKED["refuses_seed"], "Unrecognized request argument supplied: seed"),
    "refuses_max_completion_tokens": _lacks(
        LACKED["refuses_max_completion_tokens"], f"{UNKNOWN}max_completion_tokens", 422
    ),
    "refuses_max_tokens": _lacks(
        LACKED["refuses_max_tokens"],
        "Unsupported parameter: 'max_tokens' is not supported with this model.",
        code="unsupported_parameter",
    ),
    "ignores_format": lambda h: h.complete(_plain_words(h)),
    "ignores_stream": lambda h: h.complete(_words(h), streams=False),
    "no_usage": lambda h: h.complete(_words(h), counts=False),
}
"""Modes of servers that lack something and answer without it."""


# --- Modes that fail


def _unauthorised(h: _Handler) -> None:
    h.refuse(401, f"Incorrect API key provided: {h.key.removeprefix('Bearer ')}.", "invalid_api_key")


def _hang(h: _Handler) -> None:
    h.fake.closing.wait(60)


def _trickle(h: _Handler) -> None:
    """Signs of life for ever: bytes, but no answer."""
    h.start_events() if h.streams else h.start(200, "application/json")
    while not h.fake.closing.wait(0.05):
        h.wfile.write(b": still here\n\n" if h.streams else b" ")
        h.wfile.flush()


def _slow(h: _Handler) -> None:
    """A word now and then, for longer than anybody waits."""
    _word_for_ever(h, "word ", 0.2)


def _endless(h: _Handler) -> None:
    _word_for_ever(h, "and so on and so on " * 50, 0)


def _word_for_ever(h: _Handler, word: str, every_s: float) -> None:
    if h.streams:
        h.start_events()
    else:
        h.start(200, "application/json")
        h.wfile.write(completion("").partition('"content": "')[0].encode() + b'"content": "')
    while not h.fake.closing.wait(every_s) if every_s else not h.fake.closing.is_set():
        if h.streams:
            h.delta(word)
        else:
            h.wfile.write(word.encode())
            h.wfile.flush()


def _begin(h: _Handler) -> None:
    """The first words of an answer, which goes on."""
    if h.streams:
        h.start_events()
        h.say(h.sentence[:20])
    else:
        h.start(200, "application/json", Content_Length="2000")
        h.wfile.write(completion(h.sentence)[:60].encode())


def _reset(h: _Handler) -> None:
    _begin(h)
    time.sleep(0.05)
    h.reset()


def _cut_json(h: _Handler) -> None:
    if not h.streams:
        h.respond(200, completion(h.sentence)[:60])
        return
    h.start_events()
    h.say(h.sentence[:20])
    h.line('{"id": "chatcmpl-1", "choices": [{"index": 0, "del')


def _no_finish_reason(h: _Handler) -> None:
    if not h.streams:
        h.respond(200, completion(h.sentence, None))
        return
    h.start_events()
    h.say(f"{h.sentence} [1.1]")


def _stream_error(h: _Handler) -> None:
    error = json.dumps({"error": {"message": f"out of memory; key {h.key}", "code": 500}})
    if not h.streams:
        h.respond(200, error)
        return
    h.start_events()
    h.say(h.sentence[:20])
    h.line(error)


def _empty_choices(h: _Handler) -> None:
    if not h.streams:
        h.respond(200, json.dumps(json.loads(completion("")) | {"choices": []}))
        return
    h.start_events()
    h.event(choices=[])
    h.line("[DONE]")


def _null_content(h: _Handler) -> None:
    if not h.streams:
        h.respond(200, completion(None))
        return
    h.start_events()
    h.delta(None)
    h.delta(None, "stop")
    h.line("[DONE]")


def _two_million_words(h: _Handler) -> None:
    words = " word" * 2_000_000
    if step_of(h.body) in WRITING:
        h.say_as_asked(f"{h.sentence}{words} [1.1]")
    else:
        h.complete(default_reply(h.body) + words)


def _invalid_utf8(h: _Handler) -> None:
    chunk = {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1, "model": MODEL}
    chunk["choices"] = [{"index": 0, "delta": {"content": "@"}, "finish_reason": "stop"}]
    whole = completion("@") if not h.streams else f"data: {json.dumps(chunk)}\n\ndata: [DONE]\n\n"
    kind = "text/event-stream" if h.streams else "application/json"
    h.respond(200, whole.encode().replace(b"@", b"\xff\xfe\xc3("), kind)


def _redirect(h: _Handler) -> None:
    h.respond(307, "", Location=f"{h.fake.elsewhere}/chat/completions")


def _bomb(h: _Handler) -> None:
    """A few kilobytes that unpack to a line of megabytes without an end."""
    h.respond(200, _packed_spaces(), "text/event-stream" if h.streams else "application/json", Content_Encoding="gzip")


@cache
def _packed_spaces() -> bytes:
    return gzip.compress(b"data: " + b" " * BOMB_BYTES, 1)


def _page(title: str) -> str:
    return f"<!doctype html><title>{title}</title>"


def _too_long(h: _Handler) -> None:
    words = "This model's maximum context length is 4096 tokens. However, your messages resulted in 9000 tokens."
    h.refuse(400, words, "context_length_exceeded")


FAILING: dict[str, Behaviour] = {
    "400": lambda h: h.refuse(400, "context_length_exceeded"),
    "401": _unauthorised,
    "403": lambda h: h.refuse(403, "not for you"),
    "404": lambda h: h.refuse(404, "no such model"),
    "429": lambda h: h.refuse(429, "slow down", Retry_After="3600"),
    "429_without_retry_after": lambda h: h.refuse(429, "slow down"),
    "500": lambda h: h.refuse(500, "broken"),
    "hang": _hang,
    "trickle": _trickle,
    "slow": _slow,
    "endless": _endless,
    "reset": _reset,
    "no_finish_reason": _no_finish_reason,
    "length": _says(lambda h: h.sentence[:30], "length"),
    "content_filter": _says(lambda h: h.sentence[:30], "content_filter"),
    "tool_calls": _says(lambda h: h.sentence[:30], "tool_calls"),
    "html": lambda h: h.respond(200, _page("Sign in"), "text/html"),
    "json_of_another_kind": lambda h: h.respond(200, '{"status": "healthy"}'),
    "cut_json": _cut_json,
    "stream_error": _stream_error,
    "empty_choices": _empty_choices,
    "null_content": _null_content,
}
"""Modes that give no usable answer: one of each kind of fault."""

VARIANTS: dict[str, Behaviour] = {
    "400_without_words": lambda h: h.respond(400, "{}"),
    "429_http_date": lambda h: h.refuse(429, "slow down", Retry_After=formatdate(time.time() + 3600, usegmt=True)),
    "502": lambda h: h.refuse(502, "bad gateway"),
    "503": lambda h: h.refuse(503, "starting"),
    "529": lambda h: h.refuse(529, "overloaded"),
    "html_502": lambda h: h.respond(502, _page(f"Bad gateway for {h.key}"), "text/html"),
    "context_length": _too_long,
    "empty_body": lambda h: h.respond(200, ""),
    "invalid_utf8": _invalid_utf8,
    "redirect": _redirect,
    "gzip_bomb": _bomb,
    "two_million_words": _two_million_words,
}
"""Further modes that give no usable answer, of the same kinds in other guises."""

MODES = ANSWERING | LACKING | FAILING | VARIANTS
_FAULTS = frozenset((*FAILING.values(), *VARIANTS.values()))


# --- What is served beside chat


def _not_found(h: _Handler) -> None:
    h.refuse(404, f"no such path: {h.path}")


def _models(h: _Handler) -> None:
    h.respond(200, json.dumps({"object": "list", "data": [{"id": MODEL, "object": "model", "owned_by": "nobody"}]}))


def _embeddings(h: _Handler) -> None:
    given = h.body.get("input")
    texts = [given] if isinstance(given, str) else given
    if not isinstance(texts, list) or not texts or not all(isinstance(text, str) for text in texts):
        h.refuse(400, "input has to be a string or a list of strings; token ids are not supported")
        return
    data = [{"object": "embedding", "index": i, "embedding": unit_vector(text)} for i, text in enumerate(texts)]
    used = sum(len(text.split()) for text in texts)
    usage = {"prompt_tokens": used, "total_tokens": used}
    h.respond(200, json.dumps({"object": "list", "data": data, "model": h.body.get("model"), "usage": usage}))


def unit_vector(text: str) -> list[float]:
    """A vector of length 1 that depends on the text alone."""
    draw = random.Random(hashlib.sha256(text.encode()).digest())
    values = [draw.gauss(0, 1) for _ in range(DIMENSIONS)]
    length = math.hypot(*values)
    return [value / length for value in values]


_OTHER_SERVICES: dict[str, Behaviour] = {"models": _models, "embeddings": _embeddings}


def pieces(text: str, cuts: Iterable[int]) -> list[str]:
    """`text` cut at these offsets."""
    edges = [0, *sorted(cuts), len(text)]
    return [text[start:end] for start, end in pairwise(edges)]
