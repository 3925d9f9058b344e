"""Addresses, checked before they are used: the one the page is served at, and those it is asked to fetch."""

from __future__ import annotations

import errno
import ipaddress
import socket
from importlib.util import find_spec
from urllib.parse import urlsplit

from assistant.errors import AssistantError, ExitCode, WrongUse
from assistant.settings import ServerSettings


class PortInUse(AssistantError):
    """The page can't be served at this address."""

    exit_code = ExitCode.WRONG_USE


def page_url(host: str, port: int) -> str:
    """What to type into a browser on this machine."""
    shown = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104
    return f"http://[{shown}]:{port}" if ":" in shown else f"http://{shown}:{port}"


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches what listens there."""
    return host == "localhost" or (is_ip_address(host) and ipaddress.ip_address(host).is_loopback)


def is_ip_address(host: str) -> bool:
    """Without brackets and port."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def open_to_others(server: ServerSettings) -> bool:
    """Whether people at other machines can use the page without a login."""
    return not server.user and not (is_loopback(server.host) and not server.names)


def require_servable(server: ServerSettings) -> None:
    """Everything that can be wrong with an address before it is opened. Raises PortInUse, WrongUse.

    Worth calling before Gradio is imported: the answer comes seconds earlier.
    """
    require_whole_login(server.user, server.password.get_secret_value())
    if server.mcp:
        require_tools(server.user)
    require_free_port(server.host, server.port)


def require_free_port(host: str, port: int) -> None:
    """Raises PortInUse."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except socket.gaierror:
        raise PortInUse(f"There is no address {host} on this machine.", "Try: --host 127.0.0.1") from None
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise port_in_use(host, port) from None
        raise PortInUse(
            f"The page can't be served at {host}:{port}: {error.strerror}.", "Choose another with --host or --port."
        ) from None


def port_in_use(host: str, port: int) -> PortInUse:
    return PortInUse(
        f"Port {port} of {host} is in use, perhaps by another assistant.",
        f"Choose another: assistant serve --port {port % 65535 + 1}, or ASSISTANT_SERVER_PORT={port % 65535 + 1}",
    )


def require_whole_login(user: str, password: str) -> None:
    """Raises WrongUse when one of the two is missing: half a login would be none."""
    if bool(user) != bool(password):
        raise WrongUse(
            f"The login has no {'password' if user else 'user'}.",
            "Set both ASSISTANT_SERVER_USER and ASSISTANT_SERVER_PASSWORD, or neither.",
        )


def require_tools(user: str) -> None:
    """Whether `ask` and `check` can be served as MCP tools. Raises WrongUse beside a login, or without the extra `mcp`."""
    if user:
        raise WrongUse(
            "MCP tools can't be combined with a login: Gradio lists and serves them to anybody, logged in or not.",
            "Unset ASSISTANT_SERVER_MCP, or ASSISTANT_SERVER_USER and ASSISTANT_SERVER_PASSWORD.",
        )
    if find_spec("mcp") is None:
        raise WrongUse(
            "MCP tools need a package that is not installed.",
            "Run: pip install 'assistant[mcp]', or in a checkout: .venv/bin/pip install -e '.[mcp]'",
        )


def require_web_address(text: str) -> str:
    """The address, trimmed. Raises WrongUse unless it is http(s) with a host.

    `ingest` also reads files and folders of this machine: without this check a visitor could have any of them read.
    """
    url = text.strip()
    try:
        parts = urlsplit(url)
        web = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        web = False
    if not web:
        raise WrongUse(f"'{url[:200]}' is no web address.", "Give one that starts with https://")
    return url
