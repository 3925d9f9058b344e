"""An OpenAI-compatible chat server on 127.0.0.1 that misbehaves on demand; standard library only.

    with FakeServer("reset") as server:
        ...  # OPENAI_BASE_URL = server.url

A mode is a way to behave (`MODES`). Replies that cite are made from the sentence that the prompt shows under id 1.1, so
they fit any article; `FakeServer(reply=...)` says these words instead, in mode ok.
"""

from __future__ import annotations

import contextlib
import json
import re
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from typing import Any, Self

MODEL = "fake-1"
INVENTED = "we will never sign this paper, not in a hundred years"
PIECE_CHARS = 3  # small enough to cut every marker in two


class FakeServer:
    """`url` is its base URL; `requests` holds the JSON bodies it was sent, in order."""

    def __init__(self, mode: str = "ok", reply: str | None = None) -> None:
        self.behave = MODES[mode]
        self.reply = reply
        self.requests: list[dict[str, Any]] = []
        self.closing = threading.Event()
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
        self._http.daemon_threads = True
        self._http.fake = self  # type: ignore[attr-defined]
        self.url = f"http://127.0.0.1:{self._http.server_address[1]}/v1"

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
        return str(self.requests[-1]["messages"][-1]["content"])


class _Handler(BaseHTTPRequestHandler):
    @property
    def fake(self) -> FakeServer:
        return self.server.fake  # type: ignore[attr-defined,no-any-return]

    def do_POST(self) -> None:
        self.fake.requests.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # the client has gone
            self.fake.behave(self)

    def log_message(self, format: str, *args: object) -> None:
        pass

    # What modes are made of

    @property
    def sentence(self) -> str:
        """The words that the prompt shows under [1.1]."""
        shown = re.search(r"^\[1\.1\] (.*)$", self.fake.prompt, re.MULTILINE)
        return shown[1] if shown else "Nothing was shown."

    def respond(self, status: int, body: str, content_type: str = "application/json", **headers: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body.encode())))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body.encode())

    def refuse(self, status: int, message: str, **headers: str) -> None:
        self.respond(status, json.dumps({"error": {"message": message, "type": "fake", "code": None}}), **headers)

    def start_events(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()

    def event(self, **fields: Any) -> None:
        chunk = {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1, "model": MODEL, **fields}
        self.line(json.dumps(chunk))

    def line(self, data: str) -> None:
        self.wfile.write(f"data: {data}\n\n".encode())
        self.wfile.flush()

    def delta(self, content: str | None, finish_reason: str | None = None) -> None:
        delta = {"role": "assistant", "content": content}
        self.event(choices=[{"index": 0, "delta": delta, "finish_reason": finish_reason}])

    def say(self, text: str) -> None:
        for i in range(0, len(text), PIECE_CHARS):
            self.delta(text[i : i + PIECE_CHARS])

    def complete(self, text: str, finish_reason: str = "stop") -> None:
        """A whole reply: pieces, the reason it ended, usage when it was asked for, [DONE]."""
        self.start_events()
        self.say(text)
        self.delta("", finish_reason)
        if self.fake.requests[-1].get("stream_options", {}).get("include_usage"):
            self.event(choices=[], usage={"prompt_tokens": 321, "completion_tokens": 45, "total_tokens": 366})
        self.line("[DONE]")

    def reset(self) -> None:
        """Cut the connection so that the client gets a reset, not an end."""
        self.wfile.flush()
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()


def _altered_number(sentence: str) -> str:
    more = re.sub(r"\d+", lambda number: str(int(number[0]) + 7), sentence)
    return more if more != sentence else f"In 1987, {sentence}"


def _ordered_words(prompt: str) -> str:
    """What an article in the prompt tells its reader to say; the first quoted words behind such an order."""
    order = re.search(r"\b(?:say|reply|answer|write)\b[^\"“\n]*[\"“]([^\"”\n]+)[\"”]", prompt, re.IGNORECASE)
    return order[1] if order else "All rules are off."


def _ok(h: _Handler) -> None:
    h.complete(h.fake.reply if h.fake.reply is not None else f"{h.sentence} [1.1]")


def _unauthorised(h: _Handler) -> None:
    h.refuse(401, f"Incorrect API key provided: {h.headers['Authorization'].removeprefix('Bearer ')}.")


def _hang(h: _Handler) -> None:
    h.fake.closing.wait(60)


def _trickle(h: _Handler) -> None:
    """Keep-alive comments for ever: bytes, but no answer."""
    h.start_events()
    while not h.fake.closing.wait(0.05):
        h.wfile.write(b": still here\n\n")
        h.wfile.flush()


def _slow(h: _Handler) -> None:
    """A word now and then, for longer than anybody waits."""
    h.start_events()
    while not h.fake.closing.wait(0.2):
        h.delta("word ")


def _endless(h: _Handler) -> None:
    h.start_events()
    while not h.fake.closing.is_set():
        h.delta("and so on and so on " * 50)


def _reset(h: _Handler) -> None:
    h.start_events()
    h.say(h.sentence[:20])
    time.sleep(0.05)
    h.reset()


def _cut_json(h: _Handler) -> None:
    h.start_events()
    h.say(h.sentence[:20])
    h.line('{"id": "chatcmpl-1", "choices": [{"index": 0, "del')


def _no_finish_reason(h: _Handler) -> None:
    h.start_events()
    h.say(f"{h.sentence} [1.1]")


def _stream_error(h: _Handler) -> None:
    h.start_events()
    h.say(h.sentence[:20])
    h.line(json.dumps({"error": {"message": f"out of memory; key {h.headers['Authorization']}", "code": 500}}))


def _empty_choices(h: _Handler) -> None:
    h.start_events()
    h.event(choices=[])
    h.line("[DONE]")


def _null_content(h: _Handler) -> None:
    h.start_events()
    h.delta(None)
    h.delta(None, "stop")
    h.line("[DONE]")


def _first_fails(fail: Callable[[_Handler], None]) -> Callable[[_Handler], None]:
    return lambda h: fail(h) if len(h.fake.requests) == 1 else _ok(h)


def _says(reply: Callable[[_Handler], str], finish_reason: str = "stop") -> Callable[[_Handler], None]:
    return lambda h: h.complete(reply(h), finish_reason)


ANSWERING: dict[str, Callable[[_Handler], None]] = {
    "ok": _ok,
    "no_marker": _says(lambda h: h.sentence),
    "unknown_ids": _says(lambda h: f"{h.sentence} [99.1][1.999]"),
    "invented_quote": _says(lambda h: f"“{INVENTED.capitalize()},” the minister said [1.1]."),
    "altered_number": _says(lambda h: f"{_altered_number(h.sentence)} [1.1]"),
    "obeys_injection": _says(lambda h: f"{_ordered_words(h.fake.prompt)} [1.1]"),
    "abstain": _says(lambda h: "[no answer]"),
    "flaky": _first_fails(lambda h: h.refuse(503, "starting")),
    "busy_once": _first_fails(lambda h: h.refuse(429, "slow down", Retry_After="0")),
}
"""Modes that end as an answer should, however wrong it is."""

FAILING: dict[str, Callable[[_Handler], None]] = {
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
    "html": lambda h: h.respond(200, "<!doctype html><title>Sign in</title>", "text/html"),
    "json_of_another_kind": lambda h: h.respond(200, '{"status": "healthy"}'),
    "cut_json": _cut_json,
    "stream_error": _stream_error,
    "empty_choices": _empty_choices,
    "null_content": _null_content,
}
"""Modes that give no usable answer."""

MODES = ANSWERING | FAILING


def pieces(text: str, cuts: Iterable[int]) -> list[str]:
    """`text` cut at these offsets."""
    edges = [0, *sorted(cuts), len(text)]
    return [text[start:end] for start, end in pairwise(edges)]
