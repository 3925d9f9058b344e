"""One URL: what a server may do to us, and what it may not."""

from __future__ import annotations

import contextlib
import gzip
import ipaddress
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from assistant.errors import UnreadableArticle
from assistant.fetch import fetch, is_public, shown
from assistant.sources import read_sources
from assistant.types import Failure


class Server(BaseHTTPRequestHandler):
    """Each path misbehaves in its own way."""

    def do_GET(self) -> None:
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            getattr(self, self.path.partition("?")[0].strip("/").replace("/", "_") or "page")()

    def answer(self, body: bytes, status: int = 200, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def page(self) -> None:
        self.answer("<p>Café</p>".encode("cp1252"), Content_Type="Text/HTML; charset=windows-1252")

    def agent(self) -> None:
        self.answer(self.headers["User-Agent"].encode() + b" " + self.headers["Host"].encode())

    def bomb(self) -> None:
        self.answer(gzip.compress(bytes(50_000_000)), Content_Encoding="gzip")

    def drip(self) -> None:
        self.send_response(200)
        self.end_headers()
        for _ in range(100):
            self.wfile.write(b"x")
            self.wfile.flush()
            time.sleep(0.1)

    def slow_headers(self) -> None:
        for _ in range(100):
            self.wfile.write(b"H")
            self.wfile.flush()
            time.sleep(0.1)

    def gone(self) -> None:
        self.answer(b"no", 404)

    def moved(self) -> None:
        self.answer(b"", 302, Location="/page?moved")

    def loop(self) -> None:
        self.answer(b"", 302, Location="/loop")

    def to_file(self) -> None:
        self.answer(b"", 302, Location="file:///etc/passwd")

    def to_metadata(self) -> None:
        self.answer(b"", 302, Location="http://169.254.169.254/latest")

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Server) as httpd:
        httpd.daemon_threads = True
        threading.Thread(target=httpd.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{httpd.server_port}"
        httpd.shutdown()


def test_a_page_comes_with_its_type_and_charset(server: str) -> None:
    raw = fetch(f"{server}/page", allow_private=True)
    assert (raw.source, raw.url, raw.media_type, raw.charset) == (
        f"{server}/page",
        f"{server}/page",
        "text/html",
        "windows-1252",
    )
    assert raw.data == "<p>Café</p>".encode("cp1252")


def test_the_project_gives_its_name_and_the_host_its_own(server: str) -> None:
    assert fetch(f"{server}/agent", allow_private=True).data.startswith(b"assistant/")
    assert fetch(f"{server}/agent", allow_private=True).data.endswith(server.removeprefix("http://").encode())


def test_a_redirect_is_followed_and_the_last_address_kept(server: str) -> None:
    raw = fetch(f"{server}/moved", allow_private=True)
    assert (raw.source, raw.url) == (f"{server}/moved", f"{server}/page?moved")


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("gone", "answered 404 Not Found"),
        ("bomb", "larger than 5 MB"),
        ("loop", "redirects more than 5 times"),
        ("to_file", "no http or https address"),
    ],
)
def test_what_cannot_be_fetched_has_a_reason(server: str, path: str, reason: str) -> None:
    with pytest.raises(UnreadableArticle, match=reason):
        fetch(f"{server}/{path}", allow_private=True)


@pytest.mark.parametrize("path", ["drip", "slow_headers"])
def test_a_slow_server_is_left_at_the_deadline(server: str, path: str) -> None:
    start = time.monotonic()
    with pytest.raises(UnreadableArticle, match="did not arrive within 0.5 seconds"):
        fetch(f"{server}/{path}", allow_private=True, timeout_s=0.5)
    assert time.monotonic() - start < 3


def test_a_private_address_is_refused_unless_allowed(server: str) -> None:
    with pytest.raises(UnreadableArticle, match="127.0.0.1 is an address in a private network"):
        fetch(f"{server}/page")


def test_a_redirect_is_checked_like_the_first_address(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assistant.fetch.is_public", lambda address: address == ipaddress.ip_address("127.0.0.1"))
    with pytest.raises(UnreadableArticle, match="169.254.169.254 is an address in a private network"):
        fetch(f"{server}/to_metadata")


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.216.34", True),
        ("2606:2800:220:1:248:1893:25c8:1946", True),
        ("127.0.0.1", False),
        ("10.1.2.3", False),
        ("100.64.0.1", False),
        ("169.254.169.254", False),
        ("0.0.0.0", False),
        ("224.0.0.1", False),
        ("::1", False),
        ("fe80::1", False),
        ("::ffff:10.0.0.1", False),
        ("64:ff9b::7f00:1", False),
        ("2002:7f00:1::", False),
    ],
)
def test_what_is_the_public_internet(address: str, public: bool) -> None:
    assert is_public(ipaddress.ip_address(address)) is public


def test_a_password_in_an_address_is_never_shown() -> None:
    assert shown("https://ada:secret@x.example/a?b#c") == "https://x.example/a?b#c"
    with pytest.raises(UnreadableArticle, match="leave them out") as raised:
        fetch("https://ada:secret@x.example/a")
    assert "secret" not in str(raised.value)


@pytest.mark.parametrize("url", ["ftp://x.example/a", "http://", "http://[", "http://no-such-host.invalid/a"])
def test_an_address_that_leads_nowhere_is_a_failure_of_its_source(url: str) -> None:
    (failure,) = read_sources([url])
    assert isinstance(failure, Failure)
    assert failure.source == url
