"""The library: articles, passages, vectors and the word index in one SQLite file, the only truth.

Every other index can be made again from here. An article and all that is derived from it go in by one transaction, so a
killed process leaves whole articles or none. Many processes may read; one at a time may write, and it holds a lock file.
Nothing here knows Chroma, embedders or questions.
"""

from __future__ import annotations

import json
import math
import os
import sqlite3
import threading
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping, Sequence, Set
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from filelock import FileLock, Timeout

from assistant.errors import AssistantError, EmbedderMismatch, LibraryBusy, LibraryDamaged, UnknownArticle, WrongUse
from assistant.text import canonical_text
from assistant.types import Article, ArticleFacts, ArticleRow, Filters, Passage, Section, Span, Status, Zone

if TYPE_CHECKING:
    import numpy as np

Kept = TypeVar("Kept")

SCHEMA_VERSION = 1
MAX_KEPT = 20_000  # entries of the cache: mostly weights of words that were asked for
AS_OF_GRACE = timedelta(days=1)
"""How much later than `as_of` an article's date may be: pages are dated in their publisher's time zone."""

_SCHEMA = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE articles (
    id TEXT PRIMARY KEY,
    text TEXT NOT NULL,
    title TEXT, url TEXT, publisher TEXT, author TEXT, published TEXT, retrieved TEXT, language TEXT,
    status TEXT NOT NULL, source_id TEXT, pages TEXT NOT NULL, sections TEXT NOT NULL, fingerprint TEXT NOT NULL,
    replaced_by TEXT REFERENCES articles (id) ON DELETE SET NULL,
    duplicate_of TEXT REFERENCES articles (id) ON DELETE SET NULL,
    minhash BLOB
);
CREATE INDEX articles_by_url ON articles (url);
CREATE INDEX articles_by_source ON articles (source_id);
CREATE INDEX articles_by_date ON articles (published);
CREATE INDEX articles_by_replacement ON articles (replaced_by);
CREATE INDEX articles_by_duplicate ON articles (duplicate_of);
CREATE TABLE sources (  -- every input that this very text came by
    article_id TEXT NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
    source_id TEXT, url TEXT,
    UNIQUE (article_id, source_id, url)
);
CREATE INDEX sources_by_id ON sources (source_id);
CREATE TABLE minhash_bands (
    band INTEGER NOT NULL, bucket BLOB NOT NULL,
    article_id TEXT NOT NULL REFERENCES articles (id) ON DELETE CASCADE
);
CREATE INDEX minhash_by_bucket ON minhash_bands (band, bucket);
CREATE INDEX minhash_by_article ON minhash_bands (article_id);
CREATE TABLE passages (  -- of current articles only: a replaced version stays citable but is searched no more
    id INTEGER PRIMARY KEY AUTOINCREMENT,  -- never used twice: the ids are the index's keys
    article_id TEXT NOT NULL REFERENCES articles (id) ON DELETE CASCADE,
    start INTEGER NOT NULL, "end" INTEGER NOT NULL, zone TEXT NOT NULL, n_tokens INTEGER NOT NULL
);
CREATE INDEX passages_by_article ON passages (article_id, start);
CREATE TABLE vectors (
    passage_id INTEGER PRIMARY KEY REFERENCES passages (id) ON DELETE CASCADE,
    vector BLOB NOT NULL  -- float32, little endian, length 1
);
CREATE VIRTUAL TABLE words USING fts5 (title, body, content='', tokenize='porter unicode61 remove_diacritics 2');
"""

_ARTICLE_COLUMNS = (
    "id, text, title, url, publisher, author, published, retrieved, "
    "language, status, source_id, pages, sections, fingerprint"
)
_WORDS = """SELECT p.id, coalesce(a.title, ''), substr(a.text, p.start + 1, p."end" - p.start)
    FROM passages p JOIN articles a ON a.id = p.article_id"""
_SOURCE_IS_NOTED = "SELECT 1 FROM sources WHERE article_id = ? AND source_id IS ? AND url IS ?"
_FACTS_COLUMNS = "id, title, publisher, author, published, url, language, status, source_id"


@dataclass(frozen=True, slots=True)
class Counts:
    """What the library holds."""

    articles: int
    """Current ones; replaced versions are not counted."""
    passages: int
    embedded: int
    """Passages with a vector."""
    embeddable: int
    """Passages that get one: all but boilerplate."""

    @property
    def embedded_share(self) -> float:
        """0..1; 1.0 for an empty library."""
        return self.embedded / self.embeddable if self.embeddable else 1.0


class Library:
    """One library folder. Thread-safe: each thread has its own connection, writes take turns."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.path = home / "library.db"
        self._local = threading.local()
        self._connections: list[sqlite3.Connection] = []
        self._write_turn = threading.RLock()
        self._process_lock = FileLock(home / "library.lock", thread_local=False)
        self._cache: tuple[int, dict[Hashable, Any]] = (-1, {})

    # -- opening and closing

    @property
    def exists(self) -> bool:
        return self.path.is_file()

    def hold(self) -> None:
        """Become the one process that writes here, until close(). Raises LibraryBusy; idempotent."""
        with self._write_turn:
            if self._process_lock.is_locked:
                return
            try:
                self.home.mkdir(parents=True, exist_ok=True)
                self._process_lock.acquire(timeout=0)
            except Timeout:
                raise LibraryBusy(
                    f"Another process is writing to the library in {self.home}.",
                    "Wait until it ends or stop it; reading (ask, show, articles) works meanwhile.",
                ) from None
            except OSError as error:
                raise WrongUse(
                    f"The library folder {self.home} can't be written: {error.strerror or error}.",
                    "Choose another one: ASSISTANT_HOME=FOLDER.",
                ) from None
            if not self.exists:
                self._create()

    @property
    def held(self) -> bool:
        """Whether this process is the one that writes."""
        return self._process_lock.is_locked

    def close(self) -> None:
        with self._write_turn:
            for connection in self._connections:
                connection.close()
            self._connections.clear()
            self._local = threading.local()
            self._process_lock.release()

    def _create(self) -> None:
        # Made beside and moved into place: a killed process leaves no half-made file.
        for left_behind in self.home.glob("library.*.part"):
            left_behind.unlink()
        part = self.path.with_suffix(f".{os.getpid()}.part")
        connection = sqlite3.connect(part)
        connection.executescript(_SCHEMA)
        connection.execute("INSERT INTO meta VALUES ('schema', ?)", (str(SCHEMA_VERSION),))
        connection.commit()
        connection.execute("PRAGMA journal_mode = WAL")
        connection.close()
        os.replace(part, self.path)

    @property
    def _db(self) -> sqlite3.Connection:
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = self._connect()
            self._local.connection = connection
            self._connections.append(connection)
        return connection

    def _connect(self) -> sqlite3.Connection:
        connection: sqlite3.Connection | None = None
        try:
            connection = sqlite3.connect(self._address(), uri=True, timeout=30, check_same_thread=False)
            connection.execute("PRAGMA foreign_keys = ON")
            connection.execute("PRAGMA synchronous = FULL")  # what was acknowledged survives a power cut
            found = connection.execute("SELECT value FROM meta WHERE key = 'schema'").fetchone()
            if found is None or int(found[0]) != SCHEMA_VERSION:
                raise LibraryDamaged(
                    f"{self.path} has schema {found and found[0]}, this version reads {SCHEMA_VERSION}.",
                    f"Move it away and ingest again: mv {self.path} {self.path}.old",
                )
        except (sqlite3.DatabaseError, LibraryDamaged) as error:
            if connection is not None:
                connection.close()
            raise error if isinstance(error, LibraryDamaged) else _explained(self.path, error) from None
        return connection

    def _address(self) -> str:
        # A read-only folder has no room for the files that WAL needs beside the library.
        mode = "rw" if os.access(self.home, os.W_OK) else "ro&immutable=1"
        return f"{self.path.as_uri()}?mode={mode}"

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """One transaction: all of it or nothing."""
        self.hold()
        with self._write_turn:
            try:
                with self._db as connection:
                    connection.execute("BEGIN IMMEDIATE")
                    yield connection
            except sqlite3.DatabaseError as error:
                raise _explained(self.path, error) from error

    def _rows(self, sql: str, parameters: Sequence[Any] | Mapping[str, Any] = ()) -> list[tuple[Any, ...]]:
        if not self.exists:
            return []
        try:
            return self._db.execute(sql, parameters).fetchall()
        except sqlite3.DatabaseError as error:
            raise _explained(self.path, error) from error

    def _kept(self, key: Hashable, make: Callable[[], Kept]) -> Kept:
        """What `make` gives, kept until anybody changes the library."""
        change = self.change()
        if self._cache[0] != change or len(self._cache[1]) >= MAX_KEPT:
            self._cache = (change, {})
        cache = self._cache[1]
        if key not in cache:
            cache[key] = make()
        return cache[key]  # type: ignore[no-any-return]

    # -- articles

    def add(self, article: Article, passages: Sequence[Passage], minhash: MinHashRow | None = None) -> Added:
        """Store an article with its passages and words; says what it meant for the library.

        The same text again only notes where else it was found. A different text at a known URL replaces the earlier
        article in every search; the earlier one stays for the citations that rest on it.
        """
        with self._writing() as db:
            known = db.execute("SELECT replaced_by FROM articles WHERE id = ?", (article.id,)).fetchone()
            if known:
                self._note_source(db, article)
                if known[0] is None:
                    return Added("unchanged", None)
            earlier = self._earlier_version(db, article)
            if known:  # the publisher went back to an earlier version
                self._restore_article(db, article)
            else:
                self._insert_article(db, article, minhash, earlier)
            if earlier is not None:
                self._replace_article(db, earlier, article, minhash)
            self._insert_passages(db, article.id, passages)
            self._touch(db)
        return Added("replaced" if earlier else "added", earlier)

    def is_current(self, article: Article) -> bool:
        """Whether this very text is here and in force already; notes where else it was found."""
        if not self._rows("SELECT 1 FROM articles WHERE id = ? AND replaced_by IS NULL", (article.id,)):
            return False
        if not self._rows(_SOURCE_IS_NOTED, _source_row(article)):
            with self._writing() as db:
                self._note_source(db, article)
        return True

    def update_facts(self, article: Article) -> bool:
        """Take over what the article's own source tells of it today (a retraction, a date); says whether that was news.

        Only facts that are given count, and only from the same source: another publisher of the same text changes nothing.
        A status is never taken back by an input that has none.
        """
        stored = self.article(article.id)
        if (stored.source_id, stored.url) != (article.source_id, article.url):
            return False
        told = {
            name: getattr(article, name) for name in ("title", "publisher", "author", "published", "language", "status")
        }
        unsaid = (None, Status.CURRENT)
        news = {name: value for name, value in told.items() if value not in unsaid and value != getattr(stored, name)}
        if not news:
            return False
        with self._writing() as db:
            self._forget_words(db, article.id)  # they hold the title
            for name, value in news.items():
                db.execute(f"UPDATE articles SET {name} = ? WHERE id = ?", (str(value), article.id))
            self._index_words(db, article.id)
            self._touch(db)
        return True

    def _insert_article(
        self, db: sqlite3.Connection, article: Article, minhash: MinHashRow | None, earlier: str | None
    ) -> None:
        duplicate_of = self._nearest_duplicate(db, minhash, earlier) if minhash else None
        row = (*_article_row(article), duplicate_of, minhash.signature if minhash else None)
        db.execute(
            f"INSERT INTO articles ({_ARTICLE_COLUMNS}, duplicate_of, minhash) VALUES ({', '.join('?' * len(row))})",
            row,
        )
        if minhash:
            db.executemany(
                "INSERT INTO minhash_bands VALUES (?, ?, ?)",
                [(band, bucket, article.id) for band, bucket in enumerate(minhash.buckets)],
            )
        self._note_source(db, article)

    @staticmethod
    def _restore_article(db: sqlite3.Connection, article: Article) -> None:
        """Put an earlier version in force again, with what is told of it today: its words are indexed under that title."""
        columns = ", ".join(f"{name} = ?" for name in _ARTICLE_COLUMNS.split(", "))
        db.execute(
            f"UPDATE articles SET {columns}, replaced_by = NULL WHERE id = ?", (*_article_row(article), article.id)
        )

    def _replace_article(
        self, db: sqlite3.Connection, earlier: str, article: Article, minhash: MinHashRow | None
    ) -> None:
        self._drop_passages(db, earlier)
        db.execute("UPDATE articles SET replaced_by = ? WHERE ? IN (id, replaced_by)", (article.id, earlier))
        for copy, signature in db.execute(
            "SELECT id, minhash FROM articles WHERE duplicate_of = ?", (earlier,)
        ).fetchall():
            alike = copy != article.id and minhash is not None and minhash.resembles(signature)
            db.execute("UPDATE articles SET duplicate_of = ? WHERE id = ?", (article.id if alike else None, copy))

    @staticmethod
    def _note_source(db: sqlite3.Connection, article: Article) -> None:
        if not db.execute(_SOURCE_IS_NOTED, _source_row(article)).fetchone():
            db.execute("INSERT INTO sources VALUES (?, ?, ?)", _source_row(article))

    @staticmethod
    def _earlier_version(db: sqlite3.Connection, article: Article) -> str | None:
        """The article in force at the same URL; without a URL, the one with the same source id."""
        column, value = ("url", article.url) if article.url else ("source_id", article.source_id)
        found = db.execute(
            f"SELECT id FROM articles WHERE {column} = ? AND replaced_by IS NULL AND id != ?", (value, article.id)
        ).fetchone()
        return found[0] if found else None

    def _insert_passages(self, db: sqlite3.Connection, article_id: str, passages: Sequence[Passage]) -> None:
        db.executemany(
            'INSERT INTO passages (article_id, start, "end", zone, n_tokens) VALUES (?, ?, ?, ?, ?)',
            [(article_id, p.span.start, p.span.end, p.zone, p.n_tokens) for p in passages],
        )
        self._index_words(db, article_id)

    def _drop_passages(self, db: sqlite3.Connection, article_id: str) -> None:
        self._forget_words(db, article_id)
        db.execute("DELETE FROM passages WHERE article_id = ?", (article_id,))

    @staticmethod
    def _index_words(db: sqlite3.Connection, article_id: str) -> None:
        db.execute(f"INSERT INTO words (rowid, title, body) {_WORDS} WHERE a.id = ?", (article_id,))

    @staticmethod
    def _forget_words(db: sqlite3.Connection, article_id: str) -> None:
        # A contentless FTS5 table forgets a row only when it is told the words that it holds.
        db.execute(
            f"INSERT INTO words (words, rowid, title, body) SELECT 'delete', * FROM ({_WORDS} WHERE a.id = ?)",
            (article_id,),
        )

    def remove(self, article_id: str) -> None:
        """Forget the article, its earlier versions and everything derived from them."""
        with self._writing() as db:
            versions = [row[0] for row in db.execute("SELECT id FROM articles WHERE replaced_by = ?", (article_id,))]
            for version in (article_id, *versions):
                self._drop_passages(db, version)
                db.execute("DELETE FROM articles WHERE id = ?", (version,))
            self._touch(db)

    def article(self, article_id: str) -> Article:
        """By full id. Raises UnknownArticle."""
        rows = self._rows(f"SELECT {_ARTICLE_COLUMNS} FROM articles WHERE id = ?", (article_id,))
        if not rows:
            raise UnknownArticle(f"There is no article {article_id} in {self.home}.", "See: assistant articles")
        return _read_article(rows[0])

    def find_id(self, name: str) -> str:
        """The full id for an id, a unique prefix of one (6 digits or more) or a source id. Raises UnknownArticle."""
        name = canonical_text(name)
        rows = self._rows(
            """SELECT DISTINCT a.id, a.replaced_by FROM articles a LEFT JOIN sources s ON s.article_id = a.id
               WHERE a.id = :name OR s.source_id = :name OR (length(:name) >= 6 AND substr(a.id, 1, length(:name)) = :name)""",
            {"name": name},
        )
        current = [row[0] for row in rows if row[1] is None] or [row[0] for row in rows]
        if len(current) == 1:
            return str(current[0])
        if name in current:
            return name
        if current:
            raise UnknownArticle(
                f"{name!r} names {len(current)} articles.",
                f"Give more of the id: {', '.join(i[:12] for i in current[:5])}",
            )
        raise UnknownArticle(f"There is no article {name!r} in {self.home}.", "See: assistant articles")

    def articles(self, ids: Collection[str]) -> dict[str, Article]:
        """Those of the ids that are here, by id."""
        rows = self._rows(
            f"SELECT {_ARTICLE_COLUMNS} FROM articles WHERE id IN ({', '.join('?' * len(ids))})", list(ids)
        )
        return {row[0]: _read_article(row) for row in rows}

    def article_rows(self, *, include_replaced: bool = False) -> list[ArticleRow]:
        """For lists: newest first, undated last."""
        return list(self._kept(("rows", include_replaced), lambda: self._read_rows(include_replaced)))

    def _read_rows(self, include_replaced: bool) -> list[ArticleRow]:
        where = "" if include_replaced else "WHERE a.replaced_by IS NULL"
        columns = ", ".join(f"a.{name}" for name in _FACTS_COLUMNS.split(", "))
        rows = self._rows(
            f"""SELECT {columns}, a.replaced_by, a.duplicate_of,
                  (SELECT json_group_array(source_id) FROM (
                     SELECT source_id FROM sources s WHERE s.article_id = a.id AND source_id IS NOT NULL
                     GROUP BY source_id ORDER BY min(rowid))),
                  (SELECT count(*) FROM articles v WHERE v.replaced_by = a.id),
                  (SELECT count(*) FROM passages p WHERE p.article_id = a.id),
                  (SELECT count(*) FROM passages p JOIN vectors v ON v.passage_id = p.id WHERE p.article_id = a.id)
                FROM articles a {where} ORDER BY a.published IS NULL, a.published DESC, a.title"""
        )
        return [
            ArticleRow(
                facts=_read_facts(row[:9]),
                source_ids=tuple(json.loads(row[11])),
                versions=1 + row[12],
                passages=row[13],
                embedded=row[14],
                duplicate_of=row[10],
                current=row[9] is None,
            )
            for row in rows
        ]

    def versions(self, article_id: str) -> list[Article]:
        """Every version of the article with this full id: the one in force, then the latest first; none when it is gone."""
        columns = ", ".join(f"v.{name}" for name in _ARTICLE_COLUMNS.split(", "))
        rows = self._rows(
            f"""SELECT {columns} FROM (SELECT coalesce(replaced_by, id) AS id FROM articles WHERE id = ?) now
                JOIN articles v ON v.id = now.id OR v.replaced_by = now.id
                ORDER BY v.replaced_by IS NOT NULL, v.retrieved DESC, v.rowid DESC""",
            (article_id,),
        )
        return [_read_article(row) for row in rows]

    def zones(self, article_ids: Collection[str]) -> dict[str, dict[Zone, int]]:
        """How many stretches of each zone the articles have, in the order in which the text first comes to one."""
        rows = self._rows(
            f"""SELECT a.id, json_extract(s.value, '$[2]') AS zone, count(*) FROM articles a, json_each(a.sections) s
                WHERE a.id IN ({", ".join("?" * len(article_ids))}) GROUP BY a.id, zone ORDER BY a.id, min(s.key)""",
            list(article_ids),
        )
        found: dict[str, dict[Zone, int]] = {}
        for article_id, zone, count in rows:
            found.setdefault(article_id, {})[Zone(zone)] = count
        return found

    def publishers(self) -> list[str]:
        """Of current articles, in alphabetical order."""
        rows = self._rows(
            "SELECT DISTINCT publisher FROM articles WHERE publisher IS NOT NULL AND replaced_by IS NULL ORDER BY 1"
        )
        return [row[0] for row in rows]

    def languages(self) -> list[str]:
        """Of current articles, the most frequent first."""
        rows = self._rows(
            """SELECT language FROM articles WHERE language IS NOT NULL AND replaced_by IS NULL
               GROUP BY language ORDER BY count(*) DESC, language"""
        )
        return [row[0] for row in rows]

    def counts(self) -> Counts:
        return self._kept("counts", self._count)

    def _count(self) -> Counts:
        rows = self._rows(
            """SELECT (SELECT count(*) FROM articles WHERE replaced_by IS NULL), (SELECT count(*) FROM passages),
                 (SELECT count(*) FROM vectors), (SELECT count(*) FROM passages WHERE zone != 'boilerplate')"""
        )
        return Counts(*rows[0]) if rows else Counts(0, 0, 0, 0)

    # -- near duplicates

    @staticmethod
    def _nearest_duplicate(db: sqlite3.Connection, minhash: MinHashRow, other_than: str | None) -> str | None:
        """The earliest-stored article that shares enough of its word sequences, itself no duplicate."""
        candidates: dict[str, bytes] = {}
        for band, bucket in enumerate(minhash.buckets):
            candidates.update(
                db.execute(
                    """SELECT coalesce(a.duplicate_of, a.id), a.minhash FROM minhash_bands b
                       JOIN articles a ON a.id = b.article_id
                       WHERE b.band = ? AND b.bucket = ? AND a.replaced_by IS NULL
                         AND coalesce(a.duplicate_of, a.id) IS NOT ?""",
                    (band, bucket, other_than),
                )
            )
        alike = {article_id: minhash.jaccard(signature) for article_id, signature in candidates.items()}
        best = max(alike, key=lambda article_id: alike[article_id], default=None)
        return best if best is not None and alike[best] >= minhash.threshold else None

    # -- passages

    def passages(self, ids: Sequence[int]) -> dict[int, Passage]:
        """Those of the passages that are here, by id."""
        found: dict[int, Passage] = {}
        for batch in _batches(ids, 500):
            rows = self._rows(
                f"""SELECT p.id, p.article_id, p.start, p."end", p.zone, p.n_tokens, a.title,
                      substr(a.text, p.start + 1, p."end" - p.start)
                    FROM passages p JOIN articles a ON a.id = p.article_id
                    WHERE p.id IN ({", ".join("?" * len(batch))})""",
                batch,
            )
            for row in rows:
                found[row[0]] = Passage(Span(row[1], row[2], row[3]), row[7], row[6], Zone(row[4]), row[5], row[0])
        return found

    def all_passages(self) -> Iterator[Passage]:
        """Every searchable passage, by id."""
        ids = [row[0] for row in self._rows("SELECT id FROM passages ORDER BY id")]
        for batch in _batches(ids, 500):
            yield from self.passages(batch).values()

    def facts(self, article_ids: Collection[str]) -> dict[str, ArticleFacts]:
        """Those of the articles that are here, by id."""
        rows = self._rows(
            f"SELECT {_FACTS_COLUMNS} FROM articles WHERE id IN ({', '.join('?' * len(article_ids))})",
            list(article_ids),
        )
        return {row[0]: _read_facts(row) for row in rows}

    def allowed_passages(self, filters: Filters) -> frozenset[int] | None:
        """Ids of the passages whose article passes the filters; None when the filters hold nothing back."""
        conditions, parameters = _conditions(filters)
        if not conditions:
            return None
        passing = " AND ".join(conditions)
        return self._kept(filters, lambda: self._passages_of(passing, parameters))

    def _passages_of(self, passing: str, parameters: list[str]) -> frozenset[int] | None:
        held_back = self._rows(f"SELECT 1 FROM articles WHERE NOT ({passing}) LIMIT 1", parameters)
        if not held_back:
            return None
        rows = self._rows(
            f"SELECT p.id FROM passages p JOIN articles ON articles.id = p.article_id WHERE {passing}", parameters
        )
        return frozenset(row[0] for row in rows)

    def search_words(
        self, terms: Sequence[str], limit: int, allowed: Set[int] | None = None
    ) -> list[tuple[int, float]]:
        """(passage id, BM25 score) for passages with any of the terms, best first; scores are positive.

        Okapi BM25 with SQLite's constants k1 = 1.2, b = 0.75 over title and body (Robertson & Zaragoza 2009).
        """
        if not terms:
            return []
        query = " OR ".join(map(_quoted, terms))
        sql = "SELECT rowid, -rank FROM words WHERE words MATCH ? {} ORDER BY rank LIMIT ?"
        if allowed is None:
            return self._rows(sql.format(""), (query, limit))
        # The + keeps SQLite from answering the whole query once for every id: it filters the ranked list instead.
        within = "AND +rowid IN (SELECT value FROM json_each(?))"
        return self._rows(sql.format(within), (query, json.dumps(list(allowed)), limit))

    def passages_with(self, term: str) -> int:
        """How many passages hold the word, after stemming."""
        rows = self._rows("SELECT count(*) FROM words WHERE words MATCH ?", (_quoted(term),))
        return int(rows[0][0]) if rows else 0

    def weight(self, term: str) -> float:
        """The term's inverse document frequency over passages: ln(1 + (N - n + 0.5) / (n + 0.5)), as BM25 has it."""

        def idf() -> float:
            n, total = self.passages_with(term), self.counts().passages
            return math.log(1 + (total - n + 0.5) / (n + 0.5))

        return self._kept(("weight", term), idf)

    # -- vectors

    def embedder(self) -> str | None:
        """The fingerprint that the stored vectors were made with, None while there are none."""
        rows = self._rows("SELECT value FROM meta WHERE key = 'embedder'")
        return rows[0][0] if rows else None

    def require_embedder(self, fingerprint: str) -> None:
        """Raises EmbedderMismatch when the stored vectors are another embedder's."""
        stored = self.embedder()
        if stored not in (None, fingerprint):
            raise EmbedderMismatch(
                f"The library's vectors were made by the embedder {stored}, the settings name {fingerprint}.",
                "Set the embedder back, or embed everything again: assistant rebuild --embed",
            )

    def require_dimensions(self, n: int) -> None:
        """Raises EmbedderMismatch when the stored vectors have another length than a question's vector."""
        rows = self._rows("SELECT length(vector) / 4 FROM vectors LIMIT 1")
        if rows and rows[0][0] != n:
            raise EmbedderMismatch(
                f"The library's vectors have {rows[0][0]} dimensions, the embedder gives {n}: it is another model.",
                "Set the model back, or embed everything again: assistant rebuild --embed",
            )

    def unembedded(self, limit: int) -> list[Passage]:
        """Passages that still need a vector: the first of every article before the others, each in order of arrival.

        First passages bring nearly all that vectors bring (docs/decisions/embedder.md).
        """
        rows = self._rows(
            """SELECT id FROM passages p WHERE zone != 'boilerplate' AND NOT EXISTS
                 (SELECT 1 FROM vectors WHERE passage_id = p.id)
               ORDER BY EXISTS (SELECT 1 FROM passages e WHERE e.article_id = p.article_id AND e.start < p.start
                                AND e.zone != 'boilerplate'), id LIMIT ?""",
            (limit,),
        )
        ids = [row[0] for row in rows]
        passages = self.passages(ids)
        return [passages[key] for key in ids if key in passages]

    def add_vectors(self, fingerprint: str, ids: Sequence[int], vectors: np.ndarray) -> None:
        """Store unit rows, (len(ids), d) float32. Passages that were removed meanwhile are passed over."""
        self.require_embedder(fingerprint)
        with self._writing() as db:
            db.execute("INSERT OR REPLACE INTO meta VALUES ('embedder', ?)", (fingerprint,))
            db.executemany(
                "INSERT OR REPLACE INTO vectors SELECT id, ? FROM passages WHERE id = ?",
                [(row.astype("<f4").tobytes(), passage_id) for passage_id, row in zip(ids, vectors, strict=True)],
            )
            self._touch(db)

    def drop_vectors(self) -> None:
        """Forget all vectors and who made them."""
        with self._writing() as db:
            db.execute("DELETE FROM vectors")
            db.execute("DELETE FROM meta WHERE key = 'embedder'")
            self._touch(db)

    def vectors(self) -> tuple[np.ndarray, np.ndarray]:
        """(ids (n,) int64 ascending, rows (n, d) float32) of every passage that has one; kept until something changes."""
        return self._kept("vectors", self._read_vectors)

    def _read_vectors(self) -> tuple[np.ndarray, np.ndarray]:
        import numpy as np

        rows = self._rows("SELECT passage_id, vector FROM vectors ORDER BY passage_id")
        ids = np.fromiter((row[0] for row in rows), dtype=np.int64, count=len(rows))
        flat = np.frombuffer(b"".join(row[1] for row in rows), dtype="<f4")
        return ids, flat.reshape(len(rows), -1) if rows else np.zeros((0, 1), dtype=np.float32)

    def vector_ids(self) -> list[int]:
        return [row[0] for row in self._rows("SELECT passage_id FROM vectors ORDER BY passage_id")]

    def vectors_of(self, ids: Sequence[int]) -> tuple[list[int], np.ndarray]:
        """Those of the passages that have a vector, and the vectors (n, d) float32 in the same order."""
        import numpy as np

        rows = self._rows(
            f"SELECT passage_id, vector FROM vectors WHERE passage_id IN ({', '.join('?' * len(ids))})", list(ids)
        )
        return [row[0] for row in rows], np.array([np.frombuffer(row[1], dtype="<f4") for row in rows])

    # -- the whole

    def change(self) -> int:
        """A number that grows with every change of articles, passages or vectors, by any process."""
        rows = self._rows("SELECT value FROM meta WHERE key = 'change'")
        return int(rows[0][0]) if rows else 0

    @staticmethod
    def _touch(db: sqlite3.Connection) -> None:
        db.execute(
            """INSERT INTO meta VALUES ('change', '1')
               ON CONFLICT (key) DO UPDATE SET value = CAST(CAST(value AS INTEGER) + 1 AS TEXT)"""
        )

    def rebuild_words(self) -> None:
        """Make the word index again from the articles."""
        with self._writing() as db:
            self._drop_words(db)
            db.execute(_SCHEMA[_SCHEMA.index("CREATE VIRTUAL TABLE words") :].rstrip().rstrip(";"))
            db.execute(f"INSERT INTO words (rowid, title, body) {_WORDS} ORDER BY p.id")
            self._touch(db)

    @staticmethod
    def _drop_words(db: sqlite3.Connection) -> None:
        try:
            db.execute("DROP TABLE IF EXISTS words")
        except sqlite3.DatabaseError:  # a torn FTS5 table can't be opened, and so not dropped: it is forgotten instead
            db.execute("PRAGMA writable_schema = ON")
            db.execute("DELETE FROM sqlite_master WHERE name = 'words'")
            db.execute("PRAGMA writable_schema = RESET")
            for part in ("data", "idx", "docsize", "config"):
                db.execute(f"DROP TABLE IF EXISTS words_{part}")

    def check(self) -> str | None:
        """What SQLite finds wrong with the file, None when it finds nothing. Reads the whole file."""
        if not self.exists:
            return None
        findings = self._rows("PRAGMA quick_check(1)")
        return None if findings == [("ok",)] else str(findings[0][0])


@dataclass(frozen=True, slots=True)
class Added:
    """What adding an article did: "added", "unchanged" or "replaced", and the id that it replaced."""

    outcome: str
    earlier: str | None


class MinHashRow:
    """What the library needs to know of a MinHash: see duplicates.py, which makes them."""

    __slots__ = ("buckets", "signature", "threshold")

    def __init__(self, signature: bytes, buckets: Sequence[bytes], threshold: float) -> None:
        self.signature = signature
        self.buckets = buckets
        self.threshold = threshold

    def jaccard(self, other: bytes) -> float:
        """The estimated share of word sequences in common, 0..1."""
        import numpy as np

        return float(np.mean(np.frombuffer(self.signature, np.uint32) == np.frombuffer(other, np.uint32)))

    def resembles(self, other: bytes | None) -> bool:
        return other is not None and self.jaccard(other) >= self.threshold


def _explained(path: Path, error: sqlite3.DatabaseError) -> AssistantError:
    """SQLite's error as one of ours: a file that is held, that can't be written, or that can't be trusted."""
    if isinstance(error, sqlite3.OperationalError):
        if "locked" in str(error):
            return LibraryBusy(
                f"The library {path} stayed locked for 30 s.", "Find the process that holds it and stop it."
            )
        if "readonly" in str(error):
            return WrongUse(
                f"The library {path} can't be written: {error}.", "Choose another one: ASSISTANT_HOME=FOLDER."
            )
        if "disk is full" in str(error) or "disk I/O" in str(error):
            return WrongUse(f"The library {path} can't be written: {error}.", "Free some disk space.")
    hint = (
        "Mend the word index: assistant rebuild. "
        f"If that fails, move the file away and ingest again: mv {path} {path}.damaged"
    )
    return LibraryDamaged(f"The library {path} is damaged: {error}.", hint)


def _conditions(filters: Filters) -> tuple[list[str], list[str]]:
    conditions: list[str] = []
    parameters: list[str] = []
    for condition, value in (
        ("publisher IS ?", filters.publisher and canonical_text(filters.publisher)),
        ("published IS NOT NULL AND published >= ?", filters.since and filters.since.isoformat()),
        ("published IS NOT NULL AND published <= ?", filters.until and filters.until.isoformat()),
        ("(published IS NULL OR published <= ?)", filters.as_of and (filters.as_of + AS_OF_GRACE).isoformat()),
    ):
        if value:
            conditions.append(condition)
            parameters.append(value)
    return conditions, parameters


def _article_row(article: Article) -> tuple[Any, ...]:
    return (
        article.id,
        article.text,
        article.title,
        article.url,
        article.publisher,
        article.author,
        article.published and article.published.isoformat(),
        (article.retrieved or datetime.now(UTC)).isoformat(timespec="seconds"),
        article.language,
        article.status,
        article.source_id,
        json.dumps(article.pages),
        json.dumps([(section.span.start, section.span.end, section.zone) for section in article.sections]),
        article.fingerprint,
    )


def _source_row(article: Article) -> tuple[str, str | None, str | None]:
    return article.id, article.source_id, article.url


def _read_article(row: Sequence[Any]) -> Article:
    return Article(
        id=row[0],
        text=row[1],
        title=row[2],
        url=row[3],
        publisher=row[4],
        author=row[5],
        published=row[6] and date.fromisoformat(row[6]),
        retrieved=row[7] and datetime.fromisoformat(row[7]),
        language=row[8],
        status=Status(row[9]),
        source_id=row[10],
        pages=tuple(json.loads(row[11])),
        sections=tuple(Section(Span(row[0], start, end), Zone(zone)) for start, end, zone in json.loads(row[12])),
        fingerprint=row[13],
    )


def _read_facts(row: Sequence[Any]) -> ArticleFacts:
    return ArticleFacts(
        id=row[0],
        title=row[1],
        publisher=row[2],
        author=row[3],
        published=row[4] and date.fromisoformat(row[4]),
        url=row[5],
        language=row[6],
        status=Status(row[7]),
        source_id=row[8],
    )


def facts_of(article: Article) -> ArticleFacts:
    """What is told of the article beside its text."""
    return ArticleFacts(
        article.id,
        article.title,
        article.publisher,
        article.author,
        article.published,
        article.url,
        article.language,
        article.status,
        article.source_id,
    )


def _quoted(term: str) -> str:
    """The term as an FTS5 string."""
    return '"' + term.replace('"', "") + '"'


def _batches(items: Iterable[int], size: int) -> Iterator[list[int]]:
    batch: list[int] = []
    for item in items:
        batch.append(item)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch
