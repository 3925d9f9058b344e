"""ASGI middleware that makes the page light: the page itself compressed, files named by their content asked for once.

Gradio 6.31 compresses by file ending, so that the page, whose address has none, would travel as it is: 328 kB in place of
48. Streams of events pass through untouched; compressing would hold them back.
"""

from __future__ import annotations

import re

from starlette.datastructures import MutableHeaders
from starlette.middleware.gzip import GZipMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.ui.csp import is_page

_NAMED_BY_CONTENT = re.compile(r"/assets/[^/]+-[\w-]{8,}\.\w+$")
_FOR_GOOD = "public, max-age=31536000, immutable"


class LightPage:
    """Stands outside of whatever reads the page's text: what leaves it is compressed."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.compressed = GZipMiddleware(app, compresslevel=6)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and is_page(scope):
            await self.compressed(scope, receive, send)
        elif scope["type"] == "http" and _NAMED_BY_CONTENT.search(scope["path"]):
            await self.app(scope, receive, _kept(send))
        else:
            await self.app(scope, receive, send)


def _kept(send: Send) -> Send:
    async def wrapped(message: Message) -> None:
        if message["type"] == "http.response.start" and message["status"] == 200:
            MutableHeaders(scope=message)["Cache-Control"] = _FOR_GOOD
        await send(message)

    return wrapped
