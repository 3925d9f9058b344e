"""Killed without warning, ten times at random moments: no half article, nothing acknowledged lost, the next run goes on.

The victims are processes of their own with an embedder that costs nothing, so that a kill falls on the library's and the
index's writes. Each prints what it has been told is stored; that much must be there afterwards.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest
from samples import HashingEmbeddings, sentences, write_articles

from assistant import Assistant
from assistant.embedders import Embedder

N_ARTICLES = 150
KILLS = 5  # of each stage
SEED = 20250819
VICTIM = """
import sys
from assistant import Assistant, ingest as stages
from assistant.embedders import Embedder
from samples import HashingEmbeddings

stage, home, *sources = sys.argv[1:]
assistant = Assistant(home)
assistant.embedder = Embedder(HashingEmbeddings(), "hashing-1")
if stage == "text":
    add = assistant.library.add

    def acknowledge(article, passages, minhash=None):
        added = add(article, passages, minhash)
        print(article.id, flush=True)
        return added

    assistant.library.add = acknowledge
    print("started", flush=True)
    assistant.ingest(*sources, embed=False)
else:
    stages.EMBED_BATCH = 4  # so that many writes are interrupted
    def tell(at):
        print(at.done, flush=True)
    print("started", flush=True)
    assistant.embed_pending(tell)
print("finished", flush=True)
"""


def killed(stage: str, home: Path, *sources: Path, after_s: float) -> list[str]:
    """Start a victim, kill it so long after its first line of work, and return the lines it had printed."""
    here = str(Path(__file__).parent)
    command = [sys.executable, "-c", VICTIM, stage, str(home), *map(str, sources)]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([here, str(Path(here).parent)])}
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment) as victim:
        assert victim.stdout
        assert victim.stdout.readline() == b"started\n"
        first = victim.stdout.readline()
        time.sleep(after_s)  # the moment of the kill is the one thing here that is up to the clock
        victim.send_signal(signal.SIGKILL)
        rest = victim.stdout.read()
    # A line that the kill cut in two was not told.
    return [line.decode() for line in (first + rest).split(b"\n")[:-1]]


def assert_whole(home: Path, texts: int) -> None:
    """Every promise of the file: SQLite's own, and that articles, passages, words and vectors agree."""
    with closing(sqlite3.connect(f"file:{home / 'library.db'}?mode=ro", uri=True)) as db:

        def one(sql: str) -> int:
            return int(db.execute(sql).fetchone()[0])

        assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert db.execute("PRAGMA foreign_key_check").fetchall() == []
        assert one("SELECT count(*) FROM articles") <= texts
        assert (
            one("SELECT count(*) FROM articles a WHERE NOT EXISTS (SELECT 1 FROM sources WHERE article_id = a.id)") == 0
        )
        covered = """SELECT count(*) FROM articles a WHERE length(a.text) !=
            (SELECT max("end") FROM passages WHERE article_id = a.id) OR
            (SELECT min(start) FROM passages WHERE article_id = a.id) != 0"""
        assert one(covered) == 0
        passages = {row[0] for row in db.execute("SELECT id FROM passages")}
        assert {row[0] for row in db.execute("SELECT id FROM words_docsize")} == passages
        assert {row[0] for row in db.execute("SELECT passage_id FROM vectors")} <= passages
        assert one("SELECT count(*) FROM vectors WHERE length(vector) != 128") == 0


@pytest.fixture(scope="module")
def articles(tmp_path_factory: pytest.TempPathFactory) -> Path:
    texts = [sentences(12 + i % 20, about=f"harbour{i}") for i in range(N_ARTICLES)]
    return write_articles(tmp_path_factory.mktemp("articles"), texts)


@pytest.fixture(scope="module")
def stored(articles: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library with every text and no vector."""
    home = tmp_path_factory.mktemp("stored")
    with Assistant(home) as assistant:
        assistant.ingest(articles, embed=False)
    return home


def hashing_assistant(home: Path) -> Assistant:
    assistant = Assistant(home)
    assistant.embedder = Embedder(HashingEmbeddings(), "hashing-1")
    return assistant


def test_killed_while_it_stores_texts(articles: Path, tmp_path: Path) -> None:
    chance = random.Random(SEED)
    home = tmp_path / "home"
    told: set[str] = set()
    for _ in range(KILLS):
        told |= set(killed("text", home, articles, after_s=chance.uniform(0, 0.15))) - {"finished"}
        assert_whole(home, N_ARTICLES)
        with Assistant(home) as assistant:
            assert told <= {row.facts.id for row in assistant.articles()}
    assert told

    with hashing_assistant(home) as assistant:
        report = assistant.ingest(articles, embed=False)
        assert len(report.added) + len(report.unchanged) == N_ARTICLES
        assert assistant.counts().articles == N_ARTICLES
        assert assistant.ask("What is harbour149 about?").citations
    assert_whole(home, N_ARTICLES)


def test_killed_while_it_embeds(stored: Path, tmp_path: Path) -> None:
    chance = random.Random(SEED)
    home = Path(shutil.copytree(stored, tmp_path / "home"))
    embedded = 0
    for _ in range(KILLS):
        told = [int(line) for line in killed("embed", home, after_s=chance.uniform(0, 0.2)) if line.isdigit()]
        assert_whole(home, N_ARTICLES)
        with Assistant(home) as assistant:
            counts = assistant.counts()
        assert counts.embedded >= embedded + max(told, default=0)
        embedded = counts.embedded
    assert embedded

    with hashing_assistant(home) as assistant:
        assistant.ingest()
        counts = assistant.counts()
        assert counts.embedded == counts.embeddable == assistant.index.count()
        question = assistant.embedder.embed_question("harbour149")
        ids, rows = assistant.library.vectors()
        nearest = ids[(rows @ question).argmax()]
        assert assistant.index.search(question, 1)[0][1] == pytest.approx(float((rows @ question).max()), abs=1e-4)
        assert nearest in [key for key, _ in assistant.index.search(question, 20)]
    assert_whole(home, N_ARTICLES)
