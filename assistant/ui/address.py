"""Addresses, checked before they are used: the one the page is served at, and those it is asked to fetch."""

from __future__ import annotations

import errno
import ipaddress
import socket
from urllib.parse import urlsplit

from assistant.errors import AssistantError, ExitCode, WrongUse

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


class PortInUse(AssistantError):
    """The page can't be served at this address."""

    exit_code = ExitCode.WRONG_USE


def page_url(host: str, port: int) -> str:
    """What to type into a browser on this machine."""
    shown = {"0.0.0.0": "127.0.0.1", "::": "[::1]", "::1": "[::1]"}.get(host, host)  # noqa: S104
    return f"http://{shown}:{port}"


def require_free_port(host: str, port: int) -> None:
    """Raises PortInUse. Worth calling before Gradio is imported: the answer comes seconds earlier."""
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
        f"Port {port} of {host} is in use, perhaps by another assistant.", f"Choose another: --port {port % 65535 + 1}"
    )


def require_public_url(url: str) -> str:
    """The address, trimmed. Raises WrongUse unless it is http(s) and every IP address of its host is a public one.

    The page may be open to others; what this server's own network offers is not theirs to fetch. The fetcher has to check
    again at each redirect, since a name can change its address in between.
    """
    url = url.strip()
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        host, port, parts = None, None, urlsplit("")
    if parts.scheme not in ("http", "https") or not host:
        raise WrongUse(f"'{url[:200]}' is no web address.", "Give one that starts with https://")
    try:
        found = {str(info[4][0]) for info in socket.getaddrinfo(host, port or 443, type=socket.SOCK_STREAM)}
    except (OSError, UnicodeError):
        raise WrongUse(f"There is no host named {host}.", "Check the address, and that this machine is online.") from None
    if not all(_is_public(address) for address in found):
        raise WrongUse(f"{host} is inside this server's own network.", "Save the article as a file and upload that.")
    return url


def _is_public(address: str) -> bool:
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address) and ip.ipv4_mapped:
        ip = ip.ipv4_mapped
    return ip.is_global and not ip.is_multicast
