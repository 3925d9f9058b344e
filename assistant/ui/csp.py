"""HTTP headers that keep the page from running or loading anything that is not its own.

The page itself gets a Content-Security-Policy with the hashes of its own inline scripts, so that an `onerror=` or a
`<script>` that slipped past escaping does not run. Everything else the server sends (uploaded files above all) may not
run or load anything when it is opened as a page.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Sequence
from hashlib import sha256

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_INLINE_SCRIPT = re.compile(rb"<script(?![^>]*\bsrc=)[^>]*>(.*?)</script>", re.DOTALL | re.IGNORECASE)
_LOCKED = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox"


def hash_source(script: str | bytes) -> str:
    """The CSP source expression that allows exactly this inline script."""
    data = script.encode() if isinstance(script, str) else script
    return f"'sha256-{b64encode(sha256(data).digest()).decode()}'"


def page_policy(script_hashes: Sequence[str]) -> str:
    # 'unsafe-eval': gr.HTML compiles its template with `Function` (Gradio 6.31); without it no gr.HTML shows anything.
    # Inline styles: Svelte and Gradio's theme write them.
    scripts = " ".join(("'self'", "'unsafe-eval'", *dict.fromkeys(script_hashes)))
    return (
        f"default-src 'none'; script-src {scripts}; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
        "font-src 'self' data:; connect-src 'self'; manifest-src 'self'; worker-src 'self' blob:; "
        "form-action 'self'; base-uri 'self'; object-src 'none'; frame-ancestors 'none'"
    )


def is_page(scope: Scope) -> bool:
    """Whether the request is for the page itself, not for one of its files or events."""
    return bool(scope["path"].rstrip("/") == scope.get("root_path", "").rstrip("/"))


class SecurityHeaders:
    """ASGI middleware. `scripts` are inline scripts that the page adds to itself once it is served (`launch(head=)`)."""

    def __init__(self, app: ASGIApp, scripts: Sequence[str] = ()) -> None:
        self.app = app
        self.hashes = [hash_source(script) for script in scripts]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
        elif is_page(scope):
            await self.app(scope, receive, self._page(send))
        else:
            await self.app(scope, receive, self._other(send))

    def _other(self, send: Send) -> Send:
        async def wrapped(message: Message) -> None:
            if message["type"] == "http.response.start":
                _add_headers(message, _LOCKED)
            await send(message)

        return wrapped

    def _page(self, send: Send) -> Send:
        """Hold the page back until it is whole: the hashes of its scripts go into a header, ahead of it."""
        start: Message = {}
        body = bytearray()

        async def wrapped(message: Message) -> None:
            if message["type"] == "http.response.start":
                start.update(message)
                return
            body.extend(message.get("body", b""))
            if message.get("more_body"):
                return
            own = [hash_source(script) for script in _INLINE_SCRIPT.findall(bytes(body))]
            _add_headers(start, page_policy([*own, *self.hashes]))
            await send(start)
            await send({"type": "http.response.body", "body": bytes(body)})

        return wrapped


def _add_headers(message: Message, policy: str) -> None:
    headers = MutableHeaders(scope=message)
    headers["Content-Security-Policy"] = policy
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Referrer-Policy"] = "no-referrer"
    headers["Cross-Origin-Opener-Policy"] = "same-origin"
    headers["Cross-Origin-Resource-Policy"] = "same-origin"
