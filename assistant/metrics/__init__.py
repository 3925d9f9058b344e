"""The metrics' shelf: what came back for one case to a score. One file, one idea, with its formula, source and example.

A metric module has `def make() -> tuple[Metric, ...]`; names carry the cut-off ("hit@4"). `score` looks at one
Outcome and gives None where the metric does not apply (no gold, no answer): that is no score, never 0, and is counted
as excluded. The figure of a whole set is the mean of the scores with a 95 % bootstrap interval, see `_estimate.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from assistant.metrics._estimate import Statistic, weighted_mean
from assistant.types import Answer, Hit, Span

Group = Literal["retrieval", "answer", "abstention", "citation", "latency"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """One case after it ran: its gold in the library's terms and what came back."""

    answerable: bool
    accepted: tuple[str, ...] = ()
    """Accepted answers, any of which is right; empty when the case has no string answer."""
    gold_articles: frozenset[str] = frozenset()
    """Ids of stored articles. A gold article that the library lacks keeps the question set's id and is never found."""
    gold_spans: tuple[Span, ...] = ()
    """Where the gold quotes stand, every occurrence."""
    hits: tuple[Hit, ...] | None = None
    """Best first; None when the search failed."""
    answer: Answer | None = None
    """None when asking failed."""
    texts: Mapping[str, str] = field(default_factory=dict)
    """The stored text of every cited article that the library holds, by id."""
    ask_s: float | None = None
    retrieve_s: float | None = None


def _one(outcome: Outcome) -> float:
    return 1.0


@dataclass(frozen=True, slots=True)
class Metric:
    """A named figure."""

    name: str
    group: Group
    score: Callable[[Outcome], float | None]
    weight: Callable[[Outcome], float] = _one
    """What one score counts in the mean, > 0; asked for only where there is a score."""
    statistic: Statistic = weighted_mean
    """What makes one figure of all scores."""
    depth: int = 0
    """How many hits it looks at; a run that retrieves fewer leaves it out."""

    def values(self, outcomes: list[Outcome]) -> tuple[list[float], list[float]]:
        """The scores of the cases it applies to, and their weights."""
        scored = [(score, outcome) for outcome in outcomes if (score := self.score(outcome)) is not None]
        return [score for score, _ in scored], [self.weight(outcome) for _, outcome in scored]


__all__ = ["Group", "Metric", "Outcome"]
