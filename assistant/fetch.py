"""One URL to a RawDocument, within a wall-clock deadline, a cap on decoded bytes and a few checked redirects.

Addresses in private networks are refused unless the caller allows them: the host's name is resolved once, all its
addresses are checked, and the connection goes to one of those. Proxies of the environment are not used, since a proxy
would resolve the name again.
"""

from __future__ import annotations

import ipaddress
import queue
import socket
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit, urlunsplit

from assistant.errors import UnreadableArticle
from assistant.loaders import RawDocument

if TYPE_CHECKING:
    import httpx

TIMEOUT_S = 20.0
MAX_BYTES = 5_000_000
MAX_REDIRECTS = 5
USER_AGENT = "assistant/0.1 (fact-check assistant; reads one page a person asked for)"
_ACCEPT = (
    "text/html, application/xhtml+xml, text/plain, text/markdown, application/pdf, application/xml;q=0.9, */*;q=0.5"
)
_NAT64 = ipaddress.ip_network("64:ff9b::/96")

_Address = ipaddress.IPv4Address | ipaddress.IPv6Address


@dataclass(frozen=True, slots=True)
class _Limits:
    deadline: float
    max_bytes: int
    allow_private: bool

    def remaining_s(self) -> float:
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return left


def fetch(
    url: str, *, allow_private: bool = False, timeout_s: float = TIMEOUT_S, max_bytes: int = MAX_BYTES
) -> RawDocument:
    """The document at `url`, after redirects. Raises UnreadableArticle with the reason, within `timeout_s`.

    A server that sends its headers byte by byte can keep a thread of ours waiting longer; nobody waits for that thread.
    """
    limits = _Limits(time.monotonic() + timeout_s, max_bytes, allow_private)
    outcome: queue.SimpleQueue[RawDocument | Exception] = queue.SimpleQueue()
    threading.Thread(target=_report, args=(outcome, lambda: _fetch(url, limits)), daemon=True).start()
    try:
        result = outcome.get(timeout=timeout_s + 0.5)
    except queue.Empty:
        result = TimeoutError()
    if isinstance(result, TimeoutError):
        raise UnreadableArticle(f"It did not arrive within {timeout_s:g} seconds; try again or save the page.")
    if isinstance(result, Exception):
        raise result
    return result


def shown(url: str) -> str:
    """The URL without a user's name and password, as reports show it."""
    try:
        parts = urlsplit(url)
        return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))
    except ValueError:
        return url.rpartition("@")[2]


def _report(outcome: queue.SimpleQueue[RawDocument | Exception], work: Callable[[], RawDocument]) -> None:
    try:
        outcome.put(work())
    except Exception as error:  # noqa: BLE001 it is raised again where the caller waits
        outcome.put(error)


def _fetch(url: str, limits: _Limits) -> RawDocument:
    import httpx

    with httpx.Client(trust_env=False, follow_redirects=False, headers=_headers()) as client:
        target = url
        try:
            for _ in range(MAX_REDIRECTS + 1):
                response = _open(client, _checked(target), limits)
                try:
                    if not response.has_redirect_location:
                        return _read(response, target, shown(url), limits)
                    target = str(httpx.URL(target).join(response.headers["location"]))
                finally:
                    response.close()
        except httpx.TimeoutException:
            raise TimeoutError from None
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise UnreadableArticle(f"It can't be fetched: {str(error) or type(error).__name__}.") from None
    raise UnreadableArticle(f"It redirects more than {MAX_REDIRECTS} times.")


def _headers() -> dict[str, str]:
    return {"User-Agent": USER_AGENT, "Accept": _ACCEPT, "Accept-Encoding": "gzip, deflate"}


def _checked(url: str) -> httpx.URL:
    import httpx

    target = httpx.URL(url)
    if target.scheme not in ("http", "https") or not target.host:
        raise UnreadableArticle(f"{shown(url)} is no http or https address.")
    if target.userinfo:
        raise UnreadableArticle(f"{shown(url)} was given with a user's name or password; leave them out.")
    return target


def _open(client: httpx.Client, url: httpx.URL, limits: _Limits) -> httpx.Response:
    """The response, its body unread, from the first of the host's addresses that answers."""
    import httpx

    addresses = resolve(url.host, url.port or (443 if url.scheme == "https" else 80), limits.allow_private)
    for address in addresses:
        request = client.build_request(
            "GET",
            url.copy_with(host=address),
            headers={"Host": url.netloc.decode()},
            extensions={"sni_hostname": url.host},  # the certificate is checked against the name, not the address
            timeout=limits.remaining_s(),
        )
        try:
            return client.send(request, stream=True)
        except httpx.ConnectError:
            if address == addresses[-1]:
                raise
    raise UnreadableArticle(f"{url.host} has no address.")


def resolve(host: str, port: int, allow_private: bool) -> Sequence[str]:
    """The host's addresses. Raises UnreadableArticle when there is none, or when one of them is not public."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise UnreadableArticle(f"There is no host {host!r}; check the address.") from None
    addresses = list(dict.fromkeys(str(info[4][0]) for info in found))
    if not allow_private and not all(
        is_public(ipaddress.ip_address(address.partition("%")[0])) for address in addresses
    ):
        raise UnreadableArticle(f"{host} is an address in a private network, which is not fetched from here.")
    return addresses


def is_public(address: _Address) -> bool:
    """Whether the address is one of the public internet, also where it wraps an IPv4 address."""
    if isinstance(address, ipaddress.IPv6Address):
        wrapped = address.ipv4_mapped or address.sixtofour
        if address in _NAT64:
            wrapped = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if wrapped:
            return is_public(wrapped)
    return address.is_global and not address.is_multicast


def _read(response: httpx.Response, url: str, source: str, limits: _Limits) -> RawDocument:
    if response.status_code >= 400:
        raise UnreadableArticle(f"The server answered {response.status_code} {response.reason_phrase}.")
    body = bytearray()
    for chunk in response.iter_bytes():
        body += chunk
        if len(body) > limits.max_bytes:
            raise UnreadableArticle(f"It is larger than {limits.max_bytes / 1e6:g} MB, the limit for a page.")
        limits.remaining_s()
    media_type, _, _ = response.headers.get("content-type", "").partition(";")
    return RawDocument(source, bytes(body), url, media_type.strip().lower() or None, response.charset_encoding)
