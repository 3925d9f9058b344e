"""The vector index: Chroma, and the only module that knows it. Derived from the library, never the truth.

Embedded Chroma survives neither two processes on one folder nor, now and then, a kill during a write. So only the process
that holds the library's lock opens it; a marker file stays behind when it was not closed, and the next opening then probes
the folder in a child process with a time limit and starts a fresh one when the probe fails. `sync` fills the gaps.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from assistant.errors import AssistantError, BadSettings, LibraryDamaged
from assistant.settings import StoreSettings

if TYPE_CHECKING:
    import numpy as np

BATCH = 2000  # Chroma takes at most 5461 rows a call
KEYS_PAGE = 10_000
PROBE_LIMIT_S = 30.0

VectorsOf = Callable[[Sequence[int]], tuple[list[int], "np.ndarray"]]
"""The library's vectors for some passage ids: (ids, (n, d) float32)."""


class Index:
    """Cosine search over passage vectors. Keys are the library's passage ids."""

    def __init__(self, store: StoreSettings, home: Path) -> None:
        self.store = store
        self.folder = home / "index"
        self._marker = self.folder / "open"
        self._client: Any = None
        self._collection: Any = None
        self.was_left_open = False
        """Whether the process before this one ended without closing the index, so that its keys can't be trusted."""
        self.is_ready = False
        """Whether it is open and holds what the library holds, so that it may be searched."""

    @property
    def embedded(self) -> bool:
        """Whether Chroma runs in this process, so that only one process may use it."""
        return not self.store.url

    @property
    def is_open(self) -> bool:
        return self._collection is not None

    def open(self, fingerprint: str) -> None:
        """Connect; a torn or foreign index is set aside and an empty one made. Embedded: the caller holds the lock."""
        if self.is_open:
            return
        if self.embedded:
            self._prepare_folder()
        with self._answering():
            self._client = self._client or self._connect()
            self._collection = self._open_collection(fingerprint)

    def close(self) -> None:
        client, self._client, self._collection, self.is_ready = self._client, None, None, False
        if client is not None:
            _close(client)
            self._marker.unlink(missing_ok=True)

    def reset(self) -> None:
        """Forget everything that is indexed; the next open() makes an empty index."""
        if self.embedded:
            self.close()
            shutil.rmtree(self.folder, ignore_errors=True)
            return
        with self._answering():
            self._client = self._client or self._connect()
            if self.store.collection in self._collections():
                self._client.delete_collection(self.store.collection)
        self._collection, self.is_ready = None, False

    def search(self, vector: np.ndarray, limit: int) -> list[tuple[int, float]]:
        """(passage id, cosine) of the nearest passages, best first. Raises LibraryDamaged, and is closed then."""
        with self._answering():
            found = self._collection.query(query_embeddings=[vector], n_results=limit, include=["distances"])
        return [
            (int(key), 1.0 - distance) for key, distance in zip(found["ids"][0], found["distances"][0], strict=True)
        ]

    def upsert(self, ids: Sequence[int], vectors: np.ndarray) -> None:
        with self._answering():
            for start in range(0, len(ids), BATCH):
                batch = slice(start, start + BATCH)
                self._collection.upsert(ids=[str(key) for key in ids[batch]], embeddings=vectors[batch])

    def delete(self, ids: Sequence[int]) -> None:
        with self._answering():
            for start in range(0, len(ids), BATCH):
                self._collection.delete(ids=[str(key) for key in ids[start : start + BATCH]])

    def count(self) -> int:
        with self._answering():
            return int(self._collection.count())

    def sync(self, wanted: Sequence[int], vectors_of: VectorsOf, *, thorough: bool = False) -> int:
        """Make the index hold exactly the wanted passages; returns how many were put in.

        When the counts agree the keys are trusted, unless `thorough`.
        """
        missing: list[int] = []
        if thorough or self.count() != len(wanted):
            present = self._keys()
            self.delete(sorted(present.difference(wanted)))
            missing = [key for key in wanted if key not in present]
            for start in range(0, len(missing), BATCH):
                self.upsert(*vectors_of(missing[start : start + BATCH]))
        self.is_ready = True
        return len(missing)

    def _keys(self) -> set[int]:
        keys: set[int] = set()
        with self._answering():
            while page := self._collection.get(include=[], limit=KEYS_PAGE, offset=len(keys))["ids"]:
                keys.update(map(int, page))
        return keys

    @contextmanager
    def _answering(self) -> Iterator[None]:
        """Chroma's, its server's and its Rust core's exceptions as LibraryDamaged, after which the index is closed.

        The marker stays, so that the next opening tests the folder.
        """
        try:
            yield
        except AssistantError:
            raise
        except Exception as error:
            self._abandon()
            if not self.embedded:
                raise LibraryDamaged(
                    f"Chroma at {self.store.url} does not answer: {error}.", "Look at store.url."
                ) from error
            raise LibraryDamaged(
                f"The index in {self.folder} can't be read: {error}.", "Run: assistant rebuild"
            ) from error

    def _abandon(self) -> None:
        client, self._client, self._collection, self.is_ready = self._client, None, None, False
        with suppress(Exception):
            if client is not None:
                _close(client)
            else:  # Chroma keeps what failed to start, and gives it to whoever opens this folder next
                from chromadb.api.shared_system_client import SharedSystemClient

                SharedSystemClient._release_system(str(self.folder))

    def _prepare_folder(self) -> None:
        self.was_left_open = self._marker.exists()
        if self.was_left_open and not probe(self.folder, self.store.collection):
            shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True, exist_ok=True)
        self._marker.write_text(str(os.getpid()))

    def _connect(self) -> Any:
        import chromadb
        from chromadb.config import Settings

        quiet = Settings(anonymized_telemetry=False)
        if self.embedded:
            return chromadb.PersistentClient(self.folder, settings=quiet)
        scheme, host, port, path = _address(self.store.url)
        if scheme == "cloud":
            return chromadb.CloudClient(tenant=host, database=path, settings=quiet)
        return chromadb.HttpClient(host=host, port=port, ssl=scheme == "https", settings=quiet)

    def _collections(self) -> dict[str, Any]:
        return {collection.name: collection for collection in self._client.list_collections()}

    def _open_collection(self, fingerprint: str) -> Any:
        name = self.store.collection
        found = self._collections().get(name)
        if found is not None and (found.metadata or {}).get("embedder") != fingerprint:
            self._client.delete_collection(name)  # another embedder of the same dimension would go unnoticed
            found = None
        if found is not None:
            return self._client.get_collection(name, embedding_function=None)
        return self._client.create_collection(
            name,
            configuration={"hnsw": {"space": "cosine"}},
            metadata={"embedder": fingerprint},
            embedding_function=None,
        )


def _address(url: str) -> tuple[str, str, int, str]:
    """(scheme, host or tenant, port, database) of `store.url`. Raises BadSettings."""
    try:
        parts = urlsplit(url)
        port = parts.port or {"https": 443}.get(parts.scheme, 8000)
    except ValueError:
        parts, port = urlsplit(""), 0
    if parts.scheme in ("http", "https", "cloud") and parts.hostname:
        # A tenant's name keeps its case, a host has none.
        return parts.scheme, parts.netloc if parts.scheme == "cloud" else parts.hostname, port, parts.path.strip("/")
    raise BadSettings(
        f"store.url = {url!r} names no Chroma.", "Use http://HOST:PORT, cloud://TENANT/DATABASE, or nothing."
    )


def _close(client: Any) -> None:
    client.close()
    for part in (client, client._admin_client):  # Chroma leaves its connections to a server open
        session = getattr(part._server, "_session", None)
        if session is not None:
            session.close()


def probe(folder: Path, collection: str, limit_s: float = PROBE_LIMIT_S) -> bool:
    """Whether an index that was not closed still answers; asked in a child process, since a torn one can hang."""
    command = [sys.executable, "-m", "assistant.index", str(folder), collection]
    try:
        return subprocess.run(command, timeout=limit_s, capture_output=True, check=False).returncode == 0
    except subprocess.TimeoutExpired:
        return False


def _probe_here(folder: str, collection: str) -> None:
    """What the child does: read a vector and search with it. Any exception means torn."""
    import chromadb
    from chromadb.config import Settings

    client: Any = chromadb.PersistentClient(folder, settings=Settings(anonymized_telemetry=False))
    if collection in [found.name for found in client.list_collections()]:
        stored = client.get_collection(collection, embedding_function=None)
        sample = stored.get(limit=1, include=["embeddings"])["embeddings"]
        if sample is not None and len(sample):
            stored.query(query_embeddings=[sample[0]], n_results=1, include=[])
    client.close()


if __name__ == "__main__":
    _probe_here(*sys.argv[1:])
