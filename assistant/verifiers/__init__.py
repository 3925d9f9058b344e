"""The verifiers' shelf: a claim and pieces of evidence to a label. One file, one judge.

A verifier module has `def make(settings: Settings) -> Verifier`. A verifier is deterministic, looks at nothing but what it is
given, and says "supported" or "refuted" only where the evidence shows it: what it can't tell is not enough evidence.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from assistant.types import Support


class Verifier(Protocol):
    def verify(self, claim: str, evidence: Sequence[str]) -> Support:
        """`evidence` are texts of any length, best first; none at all is not enough evidence."""
        ...


__all__ = ["Verifier"]
