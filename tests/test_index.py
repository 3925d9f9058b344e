"""The vector index: right neighbours while it is whole, and made again from the library whenever it is not.

The library behind it has enough passages that Chroma writes its graph to files, which are then torn.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from assistant import Assistant
from assistant.articles import make_article
from assistant.embedders import Embedder
from assistant.errors import BadSettings, EmbedderMismatch, ExitCode, LibraryBusy, LibraryDamaged
from assistant.index import Index, probe
from assistant.library import Library
from assistant.settings import StoreSettings
from assistant.types import Passage, Span, Zone

N, DIMENSIONS = 2100, 8
FINGERPRINT = "random-8"


def unit_rows(n: int, seed: int = 0) -> np.ndarray:
    rows = np.random.default_rng(seed).normal(size=(n, DIMENSIONS)).astype(np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


ROWS = unit_rows(N)


def rows_of(ids: Sequence[int]) -> tuple[list[int], np.ndarray]:
    return list(ids), ROWS[[key - 1 for key in ids]]


class NeverEmbeds:
    """Whoever asks it for a passage's vector has not used the library's."""

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        raise AssertionError("Somebody embedded again.")

    def embed_query(self, text: str) -> list[float]:
        return list(ROWS[7].astype(float))


def opened(home: Path, **overrides: Any) -> Assistant:
    assistant = Assistant(home, retriever="dense", **overrides)
    assistant.embedder = Embedder(NeverEmbeds(), FINGERPRINT)  # type: ignore[arg-type]
    return assistant


@pytest.fixture(scope="module")
def indexed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library of one article with a passage a word, each with a vector, and its index, closed as it should be."""
    home = tmp_path_factory.mktemp("indexed")
    article = make_article(". ".join(f"word{i}" for i in range(N)) + ".")
    passages, start = [], 0
    for i in range(N):
        end = start + len(f"word{i}.")
        passages.append(Passage(Span(article.id, start, end), article.text[start:end], None, Zone.BODY, 2))
        start = end + 1
    with opened(home) as assistant:
        assistant.library.add(article, passages)
        assistant.library.add_vectors(FINGERPRINT, [p.id for p in assistant.library.all_passages()], ROWS)
        assistant.open_index()
    assert list(home.rglob("data_level0.bin"))
    return home


@pytest.fixture
def home(indexed: Path, tmp_path: Path) -> Path:
    """A copy that a test may break."""
    return Path(shutil.copytree(indexed, tmp_path / "home"))


@pytest.fixture
def index(tmp_path: Path) -> Iterator[Index]:
    with closing(Index(StoreSettings(), tmp_path / "home")) as index:
        yield index


# --- Searching


def test_the_nearest_passage_comes_first_with_its_cosine(index: Index) -> None:
    index.open(FINGERPRINT)
    index.sync(range(1, 301), rows_of)

    found = index.search(ROWS[41], 5)
    assert found[0] == (42, pytest.approx(1.0, abs=1e-5))
    assert [score for _, score in found] == sorted((score for _, score in found), reverse=True)
    exact = ROWS[:300] @ ROWS[41]
    assert all(score == pytest.approx(float(exact[key - 1]), abs=1e-4) for key, score in found)


def test_a_search_for_more_than_there_is_gives_all(index: Index) -> None:
    index.open(FINGERPRINT)
    index.sync([1, 2, 3], rows_of)

    assert len(index.search(ROWS[0], 50)) == 3


def test_index_and_exact_scoring_agree(home: Path) -> None:
    def ids(assistant: Assistant) -> list[int]:
        return [hit.passage.id for hit in assistant.chain.retriever.retrieve(query, 20)]

    from assistant.retrievers import Query

    query = Query("which word")
    with opened(home) as assistant:
        exactly = ids(assistant)
        assistant.open_index()
        assert assistant.index.is_ready
        assert ids(assistant) == exactly
    assert exactly[0] == 8


# --- Keeping in step with the library


@pytest.mark.parametrize(
    ("held", "wanted", "put_in"),
    [([], [1, 2, 3], 3), ([1, 2], [1, 2, 3], 1), ([1, 2, 3], [2], 0), ([1, 2, 3], [3, 4], 1), ([1, 2], [], 0)],
    ids=["fills", "adds", "removes", "both", "empties"],
)
def test_sync_leaves_exactly_what_the_library_holds(
    index: Index, held: list[int], wanted: list[int], put_in: int
) -> None:
    index.open(FINGERPRINT)
    index.sync(held, rows_of)

    assert index.sync(wanted, rows_of) == put_in
    assert {key for key, _ in index.search(ROWS[0], 10)} == set(wanted)


def test_sync_trusts_equal_counts_unless_it_is_thorough(index: Index) -> None:
    index.open(FINGERPRINT)
    index.sync([1, 2], rows_of)

    assert index.sync([2, 3], rows_of) == 0
    assert index.sync([2, 3], rows_of, thorough=True) == 1
    assert {key for key, _ in index.search(ROWS[0], 10)} == {2, 3}


def test_keys_beyond_one_page_are_all_seen(index: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assistant.index.KEYS_PAGE", 7)
    index.open(FINGERPRINT)
    index.sync(range(1, 51), rows_of)

    assert index.sync(range(1, 61), rows_of) == 10


def test_an_index_is_not_searched_before_it_is_in_step(index: Index) -> None:
    index.open(FINGERPRINT)
    assert not index.is_ready
    index.sync([1], rows_of)
    assert index.is_ready
    index.close()
    assert not index.is_ready


def test_another_embedders_vectors_start_an_empty_collection(index: Index) -> None:
    index.open(FINGERPRINT)
    index.sync([1, 2, 3], rows_of)
    index.close()
    index.open("another-8")

    assert index.count() == 0


def test_a_removed_article_leaves_the_open_index(home: Path) -> None:
    with opened(home) as assistant:
        assistant.open_index()
        assistant.remove(*(row.facts.id for row in assistant.articles()))

        assert assistant.index.count() == 0


# --- Torn folders


def torn_at_random(path: Path) -> None:
    path.write_bytes(os.urandom(max(path.stat().st_size, 100)))


def cut_short(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def test_a_closed_index_leaves_no_marker(home: Path) -> None:
    assert not (home / "index" / "open").exists()
    with opened(home) as assistant:
        assistant.open_index()
        assert (home / "index" / "open").exists()
        assert not assistant.index.was_left_open


def test_an_index_that_was_left_open_but_is_whole_is_kept(home: Path) -> None:
    (home / "index" / "open").touch()
    before = set((home / "index").glob("*-*"))
    with opened(home) as assistant:
        assistant.open_index()
        assert assistant.index.was_left_open
        assert assistant.index.count() == N
    assert set((home / "index").glob("*-*")) == before


@pytest.mark.parametrize(
    ("pattern", "tear", "left_open"),
    [
        ("*.bin", torn_at_random, True),
        ("*.bin", torn_at_random, False),
        ("*.bin", cut_short, True),
        ("*.bin", Path.unlink, False),
        ("chroma.sqlite3", torn_at_random, True),
        ("chroma.sqlite3", torn_at_random, False),
    ],
    ids=["graph, killed", "graph", "graph cut, killed", "graph gone", "rows, killed", "rows"],
)
def test_a_torn_index_is_made_again_from_the_library(
    home: Path, pattern: str, tear: Callable[[Path], object], left_open: bool
) -> None:
    with closing(Library(home)) as library:
        before = library.vectors()[1].tobytes()
    for file in (home / "index").rglob(pattern):
        tear(file)
    if left_open:
        (home / "index" / "open").touch()

    with opened(home) as assistant:
        assistant.open_index()
        assert assistant.index.count() == N
        assert assistant.index.search(ROWS[99], 1)[0][0] == 100
        assert assistant.library.vectors()[1].tobytes() == before


def test_a_probe_that_hangs_counts_as_torn(home: Path) -> None:
    assert not probe(home / "index", "passages", limit_s=0.01)


def test_an_index_that_breaks_while_it_is_used_is_replaced_by_exact_scoring(home: Path) -> None:
    def fail(**_: object) -> None:
        raise RuntimeError("Failed to apply logs to the hnsw segment writer")

    with opened(home) as assistant:
        assistant.open_index()
        assistant.index._collection.query = fail
        (hit,) = assistant.retrieve("which word", k=1)

        assert hit.passage.id == 8
        assert not assistant.index.is_open
    assert (home / "index" / "open").exists()  # the next opening tests the folder


def test_an_index_that_breaks_during_a_write_is_named_with_the_command(index: Index) -> None:
    def fail(**_: object) -> None:
        raise RuntimeError("disk image is malformed")

    index.open(FINGERPRINT)
    index._collection.upsert = fail
    with pytest.raises(LibraryDamaged, match=r"malformed.*assistant rebuild") as error:
        index.sync([1], rows_of)
    assert error.value.exit_code == ExitCode.DAMAGED


# --- Rebuild


def test_rebuild_keeps_spans_and_vectors_and_embeds_nothing(home: Path) -> None:
    with opened(home) as assistant:
        before = [(p.id, p.span, p.text, p.n_tokens) for p in assistant.library.all_passages()]
        vectors = assistant.library.vectors()[1].tobytes()
        counts = assistant.rebuild()

        assert [(p.id, p.span, p.text, p.n_tokens) for p in assistant.library.all_passages()] == before
        assert assistant.library.vectors()[1].tobytes() == vectors
        assert (counts.passages, counts.embedded) == (N, N)
        assert assistant.index.count() == N
        assert assistant.library.search_words(["word42"], 5)[0][0] == 43


def test_rebuild_works_while_the_index_is_open_and_torn(home: Path) -> None:
    with opened(home) as assistant:
        assistant.open_index()
        for file in (home / "index").rglob("*.bin"):
            torn_at_random(file)
        assistant.rebuild()

        assert assistant.index.search(ROWS[99], 1)[0][0] == 100


def test_another_embedder_in_the_settings_is_refused_before_the_index_is_touched(home: Path) -> None:
    with opened(home) as assistant:
        assistant.embedder = Embedder(NeverEmbeds(), "another-8")  # type: ignore[arg-type]
        with pytest.raises(EmbedderMismatch):
            assistant.open_index()
    assert list((home / "index").rglob("data_level0.bin"))


# --- One owner


def test_two_assistants_do_not_open_one_index(home: Path) -> None:
    with opened(home) as first, opened(home) as second:
        first.open_index()
        with pytest.raises(LibraryBusy):
            second.open_index()
        assert second.retrieve("which word", k=1)[0].passage.id == 8


def test_an_index_can_be_closed_and_opened_again(home: Path) -> None:
    with opened(home) as assistant:
        for _ in range(2):
            assistant.open_index()
            assert assistant.index.search(ROWS[7], 1)[0][0] == 8
            assistant.index.close()


# --- A Chroma server


@pytest.mark.parametrize(
    "url",
    ["ftp://127.0.0.1", "http://", "127.0.0.1:8000", "http://127.0.0.1:port", "cloud://", "http://[::1"],
)
def test_an_address_that_names_no_chroma_is_wrong_use(tmp_path: Path, url: str) -> None:
    with pytest.raises(BadSettings, match="names no Chroma") as error:
        Index(StoreSettings(url=url), tmp_path).open(FINGERPRINT)
    assert error.value.exit_code == ExitCode.WRONG_USE


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_a_server_that_does_not_answer_is_named(tmp_path: Path) -> None:
    url = f"http://127.0.0.1:{free_port()}"
    with pytest.raises(LibraryDamaged, match=f"{url} does not answer.*store.url"):
        Index(StoreSettings(url=url), tmp_path).open(FINGERPRINT)


@pytest.fixture(scope="module")
def chroma_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A Chroma server of this environment's own."""
    program = Path(sys.executable).with_name("chroma")
    if not program.exists():
        pytest.skip("No chroma command in this environment. Run: pip install chromadb")
    port = free_port()
    command = [str(program), "run", "--path", str(tmp_path_factory.mktemp("chroma")), "--host", "127.0.0.1"]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    with subprocess.Popen([*command, "--port", str(port)], **quiet) as server:  # type: ignore[call-overload]
        try:
            deadline = time.monotonic() + 15
            while not answers(port):
                if server.poll() is not None or time.monotonic() > deadline:
                    pytest.skip("chroma run did not start a server here.")
                time.sleep(0.05)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.kill()


def answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@pytest.fixture
def served(home: Path, chroma_url: str) -> Callable[..., Assistant]:
    """Assistants over a collection of this test's own on the server; the first one has filled it."""
    store = {"url": chroma_url, "collection": home.parent.name}
    with opened(home, store=store) as assistant:
        assistant.open_index()
    return lambda **overrides: opened(home, store=store, **overrides)


def test_a_server_answers_like_the_embedded_index(served: Callable[..., Assistant], home: Path) -> None:
    with served() as assistant:
        hits = assistant.retrieve("which word", k=5)
        assert assistant.index.is_ready
    with opened(home) as exact:
        assert [hit.passage.id for hit in hits] == [hit.passage.id for hit in exact.retrieve("which word", k=5)]


def test_a_reader_needs_no_lock_to_search_a_server(served: Callable[..., Assistant]) -> None:
    with served() as writer, served() as reader:
        writer.library.hold()
        assert reader.retrieve("which word", k=1)[0].passage.id == 8
        assert reader.index.is_ready


def test_a_reader_scores_exactly_while_the_server_lacks_vectors(served: Callable[..., Assistant]) -> None:
    with served() as assistant:
        assistant.open_index()
        assistant.index.delete([8])
    with served() as reader:
        assert reader.retrieve("which word", k=1)[0].passage.id == 8
        assert not reader.index.is_ready
        assert reader.index.count() == N - 1  # only a writer mends it
        reader.open_index()
        assert reader.index.count() == N


def test_rebuild_fills_a_server_anew(served: Callable[..., Assistant]) -> None:
    with served() as assistant:
        assistant.open_index()
        assistant.index.upsert([1], ROWS[1:2])  # a wrong vector, which counts don't show
    with served() as assistant:
        assistant.rebuild()
        assert assistant.index.count() == N
        assert assistant.index.search(ROWS[0], 1)[0] == (1, pytest.approx(1.0, abs=1e-5))
