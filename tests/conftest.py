"""What all tests stand on: no network but loopback, no settings of the developer's, and one sample assistant.

The cache of token vocabularies stays the user's own: unpacking it costs a second and changes nothing.
"""

from __future__ import annotations

import ipaddress
import os
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from samples import HashingEmbeddings

from assistant import Assistant
from assistant.articles import make_article
from assistant.chunking import split_article
from assistant.duplicates import minhash
from assistant.embedders import Embedder
from assistant.library import Added, Library
from assistant.resources import data_dir
from assistant.settings import PassageSettings
from assistant.types import Article

pytest_plugins = ["command_line", "chromium"]

SETTINGS = ("ASSISTANT_", "OPENAI_", "AZURE_", "CHROMA_", "LANGCHAIN_", "LANGSMITH_")
PROXIES = ("http_proxy", "https_proxy", "all_proxy")


def pytest_xdist_auto_num_workers() -> int:
    """One more than there are cores: a third of the time is spent in waiting for a page or a server."""
    return (os.cpu_count() or 1) + 1


def pytest_make_parametrize_id(val: object) -> str | None:
    """Sets are named in order: processes that share the tests must find the same names."""
    return f"{{{', '.join(sorted(map(repr, val)))}}}" if isinstance(val, set | frozenset) else None


# --- The house rules of every test


@pytest.fixture(scope="session", autouse=True)
def _own_settings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """No variable or file of the developer's counts, and a forgotten home leads to no real library."""
    folder = tmp_path_factory.mktemp("settings")
    (folder / "assistant.toml").touch()
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith(SETTINGS) or name.lower() in PROXIES]:
            patch.delenv(name)
        patch.setenv("ASSISTANT_CONFIG", str(folder / "assistant.toml"))
        patch.setenv("ASSISTANT_HOME", str(folder / "home"))
        yield


@pytest.fixture(scope="session", autouse=True)
def _loopback_only() -> Iterator[None]:
    """Connections and look-ups that leave this machine fail, as on one without a network."""
    connect, connect_ex, look_up = socket.socket.connect, socket.socket.connect_ex, socket.getaddrinfo

    def guarded(real: Callable[[socket.socket, Any], Any]) -> Callable[[socket.socket, Any], Any]:
        def guard(self: socket.socket, address: Any) -> Any:
            if self.family in (socket.AF_INET, socket.AF_INET6) and not _is_loopback(str(address[0])):
                raise OSError(f"Tests have no network; somebody asked for {address}.")
            return real(self, address)

        return guard

    def look_up_here(host: Any, *args: Any, **options: Any) -> Any:
        name = host.decode() if isinstance(host, bytes) else host
        if name and name not in ("localhost", socket.gethostname()) and not _ip_address(name):
            raise socket.gaierror(socket.EAI_NONAME, f"Tests have no network; somebody asked for {name}.")
        return look_up(host, *args, **options)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", guarded(connect))
        patch.setattr(socket.socket, "connect_ex", guarded(connect_ex))
        patch.setattr(socket, "getaddrinfo", look_up_here)
        yield


def _ip_address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return None


def _is_loopback(host: str) -> bool:
    address = _ip_address(host)
    inner = getattr(address, "ipv4_mapped", None) or address
    return host == "localhost" if inner is None else inner.is_loopback


# --- Libraries


@pytest.fixture
def hashing() -> Embedder:
    return Embedder(HashingEmbeddings(), "hashing-1")


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    """An empty library."""
    library = Library(tmp_path / "home")
    yield library
    library.close()


Store = Callable[..., tuple[Article, Added]]


@pytest.fixture
def store(library: Library) -> Store:
    """Puts an article into the library as `ingest` does: store(text, url=..., published=...)."""

    def put(text: str, **facts: Any) -> tuple[Article, Added]:
        article = make_article(text, **facts)
        return article, library.add(article, split_article(article, PassageSettings()), minhash(article.text))

    return put


@pytest.fixture
def quick_assistant(tmp_path: Path, hashing: Embedder) -> Iterator[Callable[..., Assistant]]:
    """Assistants that embed with `hashing`; all share one home if none is given, and are closed at the end."""
    made: list[Assistant] = []

    def make(home: Path | None = None, *, embedder: Embedder = hashing, **overrides: Any) -> Assistant:
        assistant = Assistant(home or tmp_path / "home", **overrides)
        assistant.embedder = embedder
        made.append(assistant)
        return assistant

    yield make
    for assistant in made:
        assistant.close()


@pytest.fixture(scope="session")
def sample_assistant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    """The sample corpus, ingested and embedded once with the real embedder. Nobody changes it."""
    with Assistant(tmp_path_factory.mktemp("sample")) as assistant:
        assistant.ingest(data_dir("corpus"))
        yield assistant
