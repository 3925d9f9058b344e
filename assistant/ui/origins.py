"""Whose requests are answered: those of the page itself and of programs, not those of other web pages.

A page of anybody's, open in the same browser, can send requests to 127.0.0.1 and to machines of the same network. Two things
tell it: the `Origin` that browsers add, and the name it used when it has pointed a name of its own at this machine (DNS
rebinding). Gradio alone lets any origin read what is served at an address that is not loopback.
"""

from __future__ import annotations

import socket
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from assistant.settings import ServerSettings
from assistant.ui.address import is_ip_address

_OF_THIS_NETWORK = (
    ".localhost",
    ".local",
    ".internal",
    ".home.arpa",
)  # RFC 6761, 6762, 8375 and ICANN: no stranger owns one


class OwnPageOnly:
    """ASGI middleware. With a login it does not look at the name: under a stranger's no browser has a cookie of ours."""

    def __init__(self, app: ASGIApp, server: ServerSettings) -> None:
        self.app = app
        self.any_name = bool(server.user)
        self.proxies = frozenset(name.strip().lower() for name in server.names.split(",") if name.strip())
        self.names = {server.host.lower(), socket.gethostname().lower(), *self.proxies}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        refusal = self._refusal(Headers(scope=scope)) if scope["type"] == "http" else None
        await (refusal or self.app)(scope, receive, send)

    def _refusal(self, headers: Headers) -> PlainTextResponse | None:
        host, origin = headers.get("host", ""), headers.get("origin")
        if not (self.any_name or self._is_ours(_name(f"//{host}"))):
            words = "The page is not served under this name. If a proxy uses it, name it in ASSISTANT_SERVER_NAMES."
            return PlainTextResponse(words, 421)
        if origin is not None and not self._is_own(origin, host):
            words = "This comes from another web page. If a proxy serves it, name it in ASSISTANT_SERVER_NAMES."
            return PlainTextResponse(words, 403)
        return None

    def _is_ours(self, name: str) -> bool:
        return is_ip_address(name) or "." not in name or name.endswith(_OF_THIS_NETWORK) or name in self.names

    def _is_own(self, origin: str, host: str) -> bool:
        """The port counts, since another one of this machine is another page; the scheme does not: a proxy may change it."""
        _, _, place = origin.partition("://")
        return bool(place) and (place.lower() == host.lower() or _name(origin) in self.proxies)


def _name(url: str) -> str:
    """The host of a URL without brackets, port and final dot; a name that no one has for one that can't be read."""
    try:
        return (urlsplit(url).hostname or "").rstrip(".")
    except ValueError:
        return "unreadable.invalid"
