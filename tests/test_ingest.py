"""Articles in: whatever a folder holds, the good is stored and the rest has a reason; vectors follow and can wait.

The embedder is a fake that costs nothing, except where a test says otherwise.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from samples import HashingEmbeddings, sentences, write_articles

from assistant import Assistant
from assistant.embedders import Embedder
from assistant.errors import ModelFilesMissing
from assistant.ingest import EMBED_BATCH
from assistant.resources import data_dir
from assistant.types import IngestProgress, IngestReport

GOOD = "The ferry Aurelia ran aground off Port Haldane on Sunday. All 212 passengers were brought ashore by noon."
MANY = [sentences(30, about=f"harbour{i}") for i in range(40)]  # more passages than a batch holds
MakeAssistant = Callable[..., Assistant]


def half_a_pdf() -> bytes:
    from io import BytesIO

    from pypdf import PdfWriter

    writer, whole = PdfWriter(), BytesIO()
    for _ in range(5):
        writer.add_blank_page(200, 200)
    writer.write(whole)
    return whole.getvalue()[: len(whole.getvalue()) // 2]


# --- Bad input

BAD = [
    ("empty.txt", b"", "empty"),
    ("blank.txt", b" \n\t\r\n ", "empty"),
    ("marks.txt", "\ufeff".encode(), "empty"),
    ("numbers.txt", b"1234 5678\n----\n", "no words"),
    ("binary.txt", bytes(range(256)) * 40, "binary"),
    ("picture.txt", b"\x89PNG\r\n\x1a\n" + bytes(100), r"PNG|image|picture"),
    ("program.html", b"\x7fELF" + bytes(500), r"binary|program"),
    ("mojibake.txt", "\ufffd".encode() * 900 + b" word", "decoded"),
    ("large.txt", (GOOD + "\n").encode() * 60_000, r"6\.\d MB; the limit is 5 MB"),
    ("line.txt", b"abcdefghij" * 50_000, "one line of 500 kB"),
    ("cookies.html", b"<html><body><p>We use cookies on this site.</p><p>Accept all</p></body></html>", "cookie wall"),
    (
        "missing.html",
        b"<html><head><title>404 Not Found</title></head><body><p>Not Found</p></body></html>",
        "error page",
    ),
    ("half.pdf", half_a_pdf(), r"."),
    ("no.pdf", b"%PDF-1.7 and that was it", r"."),
    ("broken.jsonl", b'{"id": "a1", "text": "An article that', r"."),
    ("list.jsonl", b"[1, 2, 3]\nnull\n42\n", r"."),
    ("feed.xml", b"<rss version='2.0'><channel><title>Empty</title></channel></rss>", r"."),
    ("table.xlsx", b"PK\x03\x04" + bytes(100), r"."),
]


@pytest.fixture(scope="module")
def mixed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, IngestReport, set[str]]:
    """A folder of bad inputs with one good article before, amid and after them; the report, and what was stored."""
    folder = tmp_path_factory.mktemp("mixed")
    for name, data, _ in BAD:
        (folder / name).write_bytes(data)
    for name in ("a_first.txt", "m_amid.txt", "z_last.txt"):
        (folder / name).write_text(f"{GOOD} So says {name}.", encoding="utf-8")
    with Assistant(tmp_path_factory.mktemp("home")) as assistant:
        report = assistant.ingest(*sorted(folder.iterdir()), folder / "not there.txt", embed=False)
        texts = {assistant.article(row.facts.id).text for row in assistant.articles()}
    return folder, report, texts


@pytest.mark.parametrize(
    ("name", "reason"), [(name, reason) for name, _, reason in BAD], ids=[name for name, *_ in BAD]
)
def test_a_bad_input_has_its_reason(mixed: tuple[Path, IngestReport, set[str]], name: str, reason: str) -> None:
    import re

    folder, report, _ = mixed
    reasons = [failure.reason for failure in report.failed if failure.source.startswith(str(folder / name))]

    assert reasons
    assert all(re.search(reason, text) and text.endswith(".") and "Traceback" not in text for text in reasons)


def test_the_good_articles_among_bad_inputs_are_stored(mixed: tuple[Path, IngestReport, set[str]]) -> None:
    _, report, texts = mixed
    assert texts == {f"{GOOD} So says {name}." for name in ("a_first.txt", "m_amid.txt", "z_last.txt")}
    assert len(report.added) == 3


def test_a_file_that_is_not_there_is_a_failure_too(mixed: tuple[Path, IngestReport, set[str]]) -> None:
    folder, report, _ = mixed
    assert [f.reason for f in report.failed if f.source == str(folder / "not there.txt")] == [
        "There is no such file or folder."
    ]


def test_a_bad_line_does_not_stop_the_lines_after_it(quick_assistant: MakeAssistant, tmp_path: Path) -> None:
    lines = tmp_path / "lines.jsonl"
    good = [json.dumps({"id": f"a{i}", "text": f"{GOOD} Number {i}."}) for i in range(3)]
    lines.write_text(
        "\n".join([good[0], "{not json", '{"id": "x"}', good[1], '{"text": 5}', good[2]]), encoding="utf-8"
    )

    report = quick_assistant().ingest(lines, embed=False)

    assert (len(report.added), len(report.failed)) == (3, 3)
    assert [failure.source.rpartition("line ")[2] for failure in report.failed] == ["2", "3", "5"]


# --- The report


def test_a_report_counts_what_came_in(quick_assistant: MakeAssistant, tmp_path: Path) -> None:
    assistant = quick_assistant()
    articles = write_articles(tmp_path, [f"{GOOD} Number {i}." for i in range(4)])

    report = assistant.ingest(articles)

    counts = assistant.counts()
    assert (len(report.added), report.unchanged, report.replaced, report.failed) == (4, (), (), ())
    assert (report.passages, report.embedded) == (counts.passages, counts.embedded) == (4, 4)
    assert report.seconds > 0


def test_the_same_input_again_is_unchanged_and_embeds_nothing(quick_assistant: MakeAssistant, tmp_path: Path) -> None:
    assistant = quick_assistant()
    articles = write_articles(tmp_path, [f"{GOOD} Number {i}." for i in range(4)])
    first = assistant.ingest(articles)
    again = assistant.ingest(articles)

    assert again.unchanged == first.added
    assert (again.added, again.passages, again.embedded) == ((), 0, 0)


def test_a_changed_article_is_reported_as_replaced(quick_assistant: MakeAssistant, tmp_path: Path) -> None:
    assistant = quick_assistant()
    assistant.ingest(write_articles(tmp_path, [GOOD]))
    report = assistant.ingest(write_articles(tmp_path, [GOOD.replace("212", "208")]))

    assert (report.added, len(report.replaced), report.embedded) == ((), 1, 1)
    assert assistant.counts().articles == 1


def test_the_same_text_twice_in_one_input_is_stored_once(quick_assistant: MakeAssistant, tmp_path: Path) -> None:
    report = quick_assistant().ingest(write_articles(tmp_path, [GOOD, GOOD]), embed=False)

    assert report.added == report.unchanged
    assert len(report.added) == 1


def test_the_sample_corpus_comes_in_whole(quick_assistant: MakeAssistant) -> None:
    report = quick_assistant().ingest(data_dir("corpus"), embed=False)

    assert report.failed == ()
    assert len(report.added) >= 25


def test_progress_tells_both_stages_to_their_end(quick_assistant: MakeAssistant, tmp_path: Path) -> None:
    seen: list[IngestProgress] = []
    report = quick_assistant().ingest(write_articles(tmp_path, MANY), progress=seen.append)

    stages = {stage: [at for at in seen if at.stage == stage] for stage in ("text", "embed")}
    assert [at.done for at in stages["text"]] == list(range(1, len(MANY) + 1))
    assert [at.done for at in stages["embed"]] == sorted(at.done for at in stages["embed"])
    last = stages["embed"][-1]
    assert (last.done, last.total, last.remaining_s) == (report.embedded, report.embedded, 0)
    assert report.embedded > EMBED_BATCH


# --- Vectors after words


class FailsAfter(HashingEmbeddings):
    """Gives up, as on a full disk or a key on the keyboard, after so many texts."""

    def __init__(self, texts: int) -> None:
        super().__init__()
        self.left = texts

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        self.left -= len(texts)
        if self.left < 0:
            raise KeyboardInterrupt
        return super().embed_documents(texts)


def test_a_text_is_found_by_its_words_before_it_is_embedded(quick_assistant: MakeAssistant, tmp_path: Path) -> None:
    assistant = quick_assistant()
    assistant.ingest(write_articles(tmp_path, [GOOD]), embed=False)

    assert assistant.counts().embedded == 0
    assert assistant.ask("How many passengers were brought ashore?").citations
    assert not assistant.index.is_open


def test_an_interrupted_embedding_goes_on_where_it_stopped(quick_assistant: MakeAssistant, tmp_path: Path) -> None:
    texts = write_articles(tmp_path, MANY)
    failing = quick_assistant(embedder=Embedder(FailsAfter(EMBED_BATCH), "hashing-1"))
    with pytest.raises(KeyboardInterrupt):
        failing.ingest(texts)
    failing.close()

    embeddings = HashingEmbeddings()
    assistant = quick_assistant(embedder=Embedder(embeddings, "hashing-1"))
    before = assistant.counts()
    report = assistant.ingest()

    assert before.embedded == EMBED_BATCH
    assert report.embedded == embeddings.embedded == before.embeddable - EMBED_BATCH
    assert assistant.counts().embedded_share == 1
    assert assistant.index.count() == before.embeddable


def test_embedding_stops_when_it_is_told_to(quick_assistant: MakeAssistant, tmp_path: Path) -> None:
    assistant = quick_assistant()
    assistant.ingest(write_articles(tmp_path, MANY), embed=False)
    stop = threading.Event()

    assert assistant.embed_pending(progress=lambda _: stop.set(), stop=stop) == EMBED_BATCH


def test_embedding_in_the_background_ends_with_a_vector_for_every_passage(
    quick_assistant: MakeAssistant, tmp_path: Path
) -> None:
    assistant = quick_assistant()
    assistant.ingest(write_articles(tmp_path, MANY), embed=False)
    assistant.start_embedding()
    worker: Any = assistant._worker
    worker.join(timeout=30)

    counts = assistant.counts()
    assert counts.embedded == counts.embeddable == assistant.index.count()


def test_closing_ends_an_embedding_in_the_background(quick_assistant: MakeAssistant, tmp_path: Path) -> None:
    class Waits(HashingEmbeddings):
        def embed_documents(self, texts: list[str]) -> list[list[float]]:
            started.set()
            assert assistant._stop.wait(30)
            return super().embed_documents(texts)

    started = threading.Event()
    assistant = quick_assistant(embedder=Embedder(Waits(), "hashing-1"))
    assistant.ingest(write_articles(tmp_path, MANY), embed=False)
    assistant.start_embedding()
    assert started.wait(30)
    assistant.close()

    assert assistant._worker is not None
    assert not assistant._worker.is_alive()
    assert assistant.counts().embedded == EMBED_BATCH
    assert not assistant.library.held


def test_boilerplate_gets_no_vector(quick_assistant: MakeAssistant, tmp_path: Path) -> None:
    (tmp_path / "page.txt").write_text(
        f"{GOOD}\n\nThe crew stayed aboard.\n\nSign up for our newsletter\n\nRelated stories\n", encoding="utf-8"
    )
    assistant = quick_assistant()
    assistant.ingest(tmp_path / "page.txt")

    counts = assistant.counts()
    assert counts.embedded == counts.embeddable
    assert counts.embedded_share == 1


def test_ingesting_nothing_finishes_what_is_left(quick_assistant: MakeAssistant, tmp_path: Path) -> None:
    assistant = quick_assistant()
    assistant.ingest(write_articles(tmp_path, [GOOD]), embed=False)

    assert assistant.ingest().embedded == 1


# --- Over the wire


def test_an_address_on_this_machine_is_refused_unless_it_is_allowed(quick_assistant: MakeAssistant) -> None:
    report = quick_assistant().ingest("http://127.0.0.1:9/page", embed=False, allow_private=False)

    assert len(report.failed) == 1
    assert report.failed[0].source == "http://127.0.0.1:9/page"


def test_an_address_that_leads_nowhere_does_not_stop_the_rest(quick_assistant: MakeAssistant, tmp_path: Path) -> None:
    report = quick_assistant().ingest(
        "http://127.0.0.1:9/page", "https://nowhere.example/story", write_articles(tmp_path, [GOOD]), embed=False
    )

    assert (len(report.failed), len(report.added)) == (2, 1)


# -- other facts of the same text


def test_a_retraction_of_the_same_text_is_taken_over_without_a_new_version(
    quick_assistant: MakeAssistant, tmp_path: Path
) -> None:
    assistant = quick_assistant()
    lines = {"id": "bridge", "url": "https://paper.example/bridge", "title": "Bridge closes", "text": GOOD}
    source = tmp_path / "in" / "articles.jsonl"
    source.parent.mkdir()
    source.write_text(json.dumps(lines))
    (article_id,) = assistant.ingest(source, embed=False).added
    source.write_text(json.dumps({**lines, "title": "Bridge stays open", "status": "retracted"}))
    report = assistant.ingest(source, embed=False)
    (row,) = assistant.articles()
    assert report.updated == (article_id,)
    assert (row.facts.status, row.facts.title, row.versions) == ("retracted", "Bridge stays open", 1)
    assert assistant.library.search_words(["stays"], 5)
    assert assistant.ingest(source, embed=False).unchanged == (article_id,)


def test_another_publisher_of_the_same_text_changes_no_fact(quick_assistant: MakeAssistant, tmp_path: Path) -> None:
    assistant = quick_assistant()
    for number, publisher in enumerate(("Harbour Courier", "Northfield Ledger")):
        line = {"id": f"bridge-{number}", "url": f"https://p{number}.example/", "publisher": publisher, "text": GOOD}
        path = tmp_path / f"{number}.jsonl"
        path.write_text(json.dumps(line))
        assistant.ingest(path, embed=False)
    (row,) = assistant.articles()
    assert row.facts.publisher == "Harbour Courier"
    assert row.source_ids == ("bridge-0", "bridge-1")


# -- embedding in the background


def test_text_that_comes_while_the_background_embeds_is_embedded_too(
    quick_assistant: MakeAssistant, tmp_path: Path
) -> None:
    assistant = quick_assistant()
    for i in range(5):
        assistant.ingest(write_articles(tmp_path / f"part{i}", [sentences(8, about=f"pier{i}")]), embed=False)
        assistant.start_embedding()
    worker = assistant._worker
    assert worker is not None
    worker.join(timeout=30)
    assert assistant.counts().embedded == assistant.counts().embeddable > 0


def test_a_failure_in_the_background_is_logged_and_word_search_goes_on(
    quick_assistant: MakeAssistant, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def missing(*_: object, **__: object) -> int:
        raise ModelFilesMissing("The embedding model is not installed.", "Run: pip install it")

    assistant = quick_assistant()
    assistant.ingest(write_articles(tmp_path, [GOOD]), embed=False)
    monkeypatch.setattr(assistant, "embed_pending", missing)
    assistant.start_embedding()
    worker = assistant._worker
    assert worker is not None
    worker.join(timeout=30)
    assert "Run: pip install it" in caplog.text
    assert assistant.retrieve("How many passengers were brought ashore?")
