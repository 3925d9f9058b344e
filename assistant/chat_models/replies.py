"""Replies of chat models on disk, by everything that decided them: asking the same again costs nothing and says the same.

Only whole replies are kept. A file that can't be read or written is done without: a cache must never cost an answer.
"""

from __future__ import annotations

import hashlib
import json
import logging
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.types import Usage

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class StoredReply:
    """A reply as the model gave it."""

    text: str
    finish_reason: str | None
    usage: Usage


class ReplyCache:
    """A SQLite file of replies; several processes and threads may use it."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def find(self, request: Mapping[str, Any]) -> StoredReply | None:
        """The reply to the same request (JSON values: model, server, prompt, temperature, limits)."""
        if not self._path.is_file():
            return None
        try:
            with closing(sqlite3.connect(self._path, timeout=5)) as connection:
                row = connection.execute("SELECT reply FROM replies WHERE request = ?", (_key(request),)).fetchone()
            if row is None:
                return None
            stored = json.loads(row[0])
            return StoredReply(stored["text"], stored["finish_reason"], Usage(*stored["usage"]))
        except (sqlite3.Error, ValueError, KeyError, TypeError) as error:
            log.warning("The reply cache %s can't be read: %s.", self._path, error)
            return None

    def keep(self, request: Mapping[str, Any], reply: StoredReply) -> None:
        usage = [reply.usage.input_tokens, reply.usage.output_tokens]
        stored = json.dumps({"text": reply.text, "finish_reason": reply.finish_reason, "usage": usage})
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with closing(sqlite3.connect(self._path, timeout=5)) as connection, connection:
                connection.execute("CREATE TABLE IF NOT EXISTS replies (request TEXT PRIMARY KEY, reply TEXT NOT NULL)")
                connection.execute("INSERT OR REPLACE INTO replies VALUES (?, ?)", (_key(request), stored))
        except (sqlite3.Error, OSError) as error:
            log.warning("The reply cache %s can't be written: %s.", self._path, error)


def _key(request: Mapping[str, Any]) -> str:
    text = json.dumps(request, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
