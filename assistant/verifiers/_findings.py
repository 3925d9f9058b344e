"""A difference between a claim and a premise, before it is known whether the rest of the two is alike enough."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.types import Kind
from assistant.verifiers._reading import Span


@dataclass(frozen=True, slots=True)
class Finding:
    """What one rule found."""

    rule: str
    """A key of `_contradiction.RULES`."""
    kind: Kind
    ours: Span
    """Where the claim differs."""
    theirs: Span
    """Where the premise does."""
    note: str
    """One sentence for the reader; {claim} and {source} stand for the differing words."""
    aside: range = range(0)
    """The claim's words that differ: they count for nothing when the rest is compared."""
