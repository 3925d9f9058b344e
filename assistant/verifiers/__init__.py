"""The verifiers' shelf: a claim and sentences of evidence to a stance and a score each. One file, one judge.

A verifier module has `def make(settings: Settings) -> Verifier`. A verifier is deterministic, looks at nothing but what it is
given, and supports or refutes only where a premise shows it. What becomes of the judgements is the policy's to say.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Protocol

from assistant.types import Judgement, Premise


class Verifier(Protocol):
    def judge(self, claim: str, premises: Sequence[Premise], day: date | None = None) -> list[Judgement]:
        """One judgement a premise, in order. `day` is when the claim is made: "yesterday" in it counts from there.

        Offsets of differences count in `claim` and in `Premise.text`. Raises ModelFailed when a model that it asks fails.
        """
        ...


__all__ = ["Verifier"]
