"""A chat server on 127.0.0.1 that replies at once, in a process of its own: what a client costs, without a model's time.

It speaks OpenAI's protocol as far as a streamed reply needs it. A reply is made from the prompt's own numbered sentences,
in CHUNKS pieces, so that it fits any article and nothing in it wants a repair.
"""

from __future__ import annotations

import asyncio
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

CHUNKS = 60
SENTENCES = 3  # of a reply
SHORTEST, LONGEST = 40, 300  # characters of a numbered sentence that is repeated
SHORT_WORD = 3  # characters
_SHOWN = re.compile(r"^\[(\d+\.\d+)\] (.*)$", re.MULTILINE)
_QUESTION = re.compile(r"<question>\n(.*)\n</question>")
_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"


@contextmanager
def serve_stub() -> Iterator[str]:
    """The base URL of a stub that runs until the block ends."""
    command = [sys.executable, "-m", "benchmarks.chat_stub"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout
        try:
            yield server.stdout.readline().strip()
        finally:
            server.kill()


def reply_to(request: dict[str, Any]) -> str:
    """Searches for a question that is to be condensed; else an answer: the first shown sentences, cut short or as they are."""
    prompt = request["messages"][-1]["content"]
    if asked := _QUESTION.search(prompt):
        return json.dumps({"question": asked[1], "queries": _searches(asked[1])}, ensure_ascii=False)
    fitting = [(i, text) for i, text in _SHOWN.findall(prompt) if SHORTEST <= len(text) <= LONGEST]
    sentences = [{"text": _shortened(text), "ids": [i]} for i, text in fitting[:SENTENCES]]
    return json.dumps({"found": "all" if sentences else "nothing", "sentences": sentences}, ensure_ascii=False)


def _searches(question: str) -> list[str]:
    """Two, as a model writes them: the first and the last two thirds of the longer words."""
    words = [word for word in question.rstrip("?").split() if len(word) > SHORT_WORD]
    most = -(-2 * len(words) // 3)
    return [" ".join(words[:most]), " ".join(words[-most:])] if words else [question]


def _shortened(sentence: str) -> str:
    """Without what stands behind its last comma: no longer verbatim, so that it has to be verified."""
    kept, comma, _ = sentence.rpartition(", ")
    return f"{kept}." if comma and len(kept) >= SHORTEST and '"' not in sentence and "“" not in sentence else sentence


# --- The wire ---------------------------------------------------------------------------------------------------------


async def _serve() -> None:
    server = await asyncio.start_server(_talk, "127.0.0.1", 0, backlog=256)
    print(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1", flush=True)
    await server.serve_forever()


async def _talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while True:
            head = await reader.readuntil(b"\r\n\r\n")
            length = re.search(rb"content-length: (\d+)", head, re.IGNORECASE)
            body = await reader.readexactly(int(length[1])) if length else b"{}"
            await _say(json.loads(body), writer)
    except (asyncio.IncompleteReadError, ConnectionError):
        writer.close()


async def _say(request: dict[str, Any], writer: asyncio.StreamWriter) -> None:
    text = reply_to(request)
    size = max(1, -(-len(text) // CHUNKS))
    writer.write(_HEAD)
    for at in range(0, len(text), size):
        _event(writer, choices=[{"index": 0, "delta": {"content": text[at : at + size]}, "finish_reason": None}])
        await writer.drain()
    _event(writer, choices=[{"index": 0, "delta": {}, "finish_reason": "stop"}])
    _event(writer, choices=[], usage={"prompt_tokens": 900, "completion_tokens": CHUNKS, "total_tokens": 900 + CHUNKS})
    _chunk(writer, "data: [DONE]\n\n")
    writer.write(b"0\r\n\r\n")
    await writer.drain()


def _event(writer: asyncio.StreamWriter, **fields: Any) -> None:
    chunk = {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1, "model": "stub", **fields}
    _chunk(writer, f"data: {json.dumps(chunk)}\n\n")


def _chunk(writer: asyncio.StreamWriter, text: str) -> None:
    data = text.encode()
    writer.write(b"%x\r\n%b\r\n" % (len(data), data))


if __name__ == "__main__":
    asyncio.run(_serve())
