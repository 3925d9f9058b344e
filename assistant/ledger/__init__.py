"""Ledgers: what a check, an answer or a checked quotation rested on, kept so that it can be replayed later.

A ledger holds no article, only fingerprints of articles and the quoted words. `record` makes one, `file` keeps it, `verify`
says what has drifted since, `places` finds where a text has changed.
"""

from __future__ import annotations

from assistant.ledger.file import load_ledger, save_ledger
from assistant.ledger.record import FORMAT, Ledger, Result, ledger_of, settings_of
from assistant.ledger.verify import Drift, Replayer, recheck_with, verify_ledger

__all__ = [
    "FORMAT",
    "Drift",
    "Ledger",
    "Replayer",
    "Result",
    "ledger_of",
    "load_ledger",
    "recheck_with",
    "save_ledger",
    "settings_of",
    "verify_ledger",
]
