"""What makes the page light: it travels compressed, its files are asked for once, and its events are never held back."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from assistant.ui.csp import SecurityHeaders, hash_source
from assistant.ui.weight import LightPage

SCRIPT = "ready = 1"
PAGE = f"<!doctype html><script>{SCRIPT}</script>" + "<p>the same again</p>" * 1000


async def page(_: Request) -> Response:
    return HTMLResponse(PAGE)


async def file(request: Request) -> Response:
    return PlainTextResponse("export {}", 404 if "missing" in request.url.path else 200)


async def events(_: Request) -> Response:
    async def stream() -> AsyncIterator[bytes]:
        yield b"data: first\n\n"
        yield b"data: second\n\n"

    return StreamingResponse(stream(), media_type="text/event-stream")


APP = Starlette(
    routes=[Route("/", page), Route("/assets/{name}", file), Route("/gradio_api/queue/data", events)],
    middleware=[Middleware(LightPage), Middleware(SecurityHeaders)],
)


def get(path: str, accepts: str = "gzip, br") -> httpx.Response:
    async def ask() -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(APP), base_url="http://page") as client:
            return await client.get(path, headers={"Accept-Encoding": accepts})

    return asyncio.run(ask())


def test_the_page_travels_compressed_and_arrives_whole() -> None:
    answer = get("/")
    assert answer.headers["content-encoding"] == "gzip"
    assert int(answer.headers["content-length"]) < len(PAGE) / 10
    assert answer.text == PAGE


def test_the_policy_names_the_scripts_of_the_page_as_they_were_before_compression() -> None:
    assert hash_source(SCRIPT) in get("/").headers["content-security-policy"]


def test_a_client_that_knows_no_compression_gets_the_page_as_it_is() -> None:
    answer = get("/", accepts="identity")
    assert "content-encoding" not in answer.headers
    assert answer.text == PAGE


@pytest.mark.parametrize(
    ("path", "kept"),
    [
        pytest.param("/assets/index-DphvyggB.js", True, id="named by its content"),
        pytest.param("/assets/Index-Akn07EZk2.css", True, id="a longer hash"),
        pytest.param("/assets/logo.svg", False, id="a name that may stay"),
        pytest.param("/assets/missing-DphvyggB.js", False, id="not there"),
    ],
)
def test_a_file_is_kept_for_good_only_if_its_name_changes_with_its_content(path: str, kept: bool) -> None:
    assert ("immutable" in get(path).headers.get("cache-control", "")) == kept


def test_events_pass_one_by_one() -> None:
    pieces: list[bytes] = []

    async def send(message: dict[str, object]) -> None:
        body = message.get("body")
        if isinstance(body, bytes) and body:
            pieces.append(body)

    async def receive() -> dict[str, object]:
        await asyncio.sleep(60)
        return {"type": "http.disconnect"}

    scope = {
        "type": "http",
        "method": "GET",
        "path": "/gradio_api/queue/data",
        "root_path": "",
        "query_string": b"",
        "headers": [(b"accept-encoding", b"gzip")],
    }
    asyncio.run(APP(scope, receive, send))  # type: ignore[arg-type]
    assert pieces == [b"data: first\n\n", b"data: second\n\n"]
