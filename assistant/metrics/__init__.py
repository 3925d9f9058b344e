"""The metrics' shelf: what came back for one case to a score. One file, one idea, with its formula, source and example.

A metric module has `def make() -> tuple[Metric, ...]`; names carry the cut-off ("hit@4"). `score` looks at one
Outcome and gives None where the metric does not apply (no gold, no answer): that is no score, never 0, and is counted
as excluded. The figure of a whole set is the statistic of its scores, the mean unless the metric says otherwise, with a
95 % bootstrap interval over cases, see `_estimate.py`; two runs are compared by `_compare.py`. Scores are plain numbers,
so that a report can be made again from stored ones.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from assistant.metrics._estimate import Statistic, weighted_mean
from assistant.types import Answer, Choice, Hit, Label, Span, Support

Group = Literal["retrieval", "answer", "choice", "abstention", "citation", "verdict", "calibration", "cost", "latency"]
GROUPS: tuple[Group, ...] = (
    "retrieval",
    "answer",
    "choice",
    "abstention",
    "citation",
    "verdict",
    "calibration",
    "cost",
    "latency",
)

Unit = Literal["share", "score", "count", "seconds", "dollars"]
"""What a figure is counted in: a share, 0..1, is read as per cent; a score is a number of no unit."""

Score = float | tuple[float, ...]
"""One number, or several where the statistic needs them together (gold and predicted label, confidence and outcome)."""


@dataclass(frozen=True, slots=True)
class CitedStatement:
    """A statement of an answer and what the verifier makes of its citations (ALCE's judgements)."""

    supported: bool
    """By all its citations together; False for a statement without any."""
    alone: tuple[bool, ...] = ()
    """A citation each: whether it supports the statement by itself."""
    without: tuple[bool, ...] = ()
    """A citation each: whether the others support the statement without it."""


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
    wrong_spans: tuple[Span, ...] = ()
    """Where words stand that must not be cited, every occurrence."""
    grades: Mapping[str, int] = field(default_factory=dict)
    """How relevant articles are, by stored id, where the set grades; gold articles not named have 1, others 0."""
    hits: tuple[Hit, ...] | None = None
    """Best first; None when the search failed."""
    answer: Answer | None = None
    """None when asking failed or was not tried. A case may have been asked and given choices as well."""
    texts: Mapping[str, str] = field(default_factory=dict)
    """The stored text of every cited article that the library holds, by id."""
    statements: tuple[CitedStatement, ...] | None = None
    """The answer's statements as the verifier judged them; None without an answer or a verifier."""
    n_choices: int = 0
    right_choices: frozenset[int] = frozenset()
    """0-based; "none of the above" is not among them."""
    right_choice_removed: bool | None = None
    """Whether "none of the above" is right; None for a case that does not offer it."""
    choice: Choice | None = None
    """`index` None where it chose none of them (or "none of the above")."""
    gold_label: Label | None = None
    support: Support | None = None
    """The judgement on a claim."""
    gold_evidence: frozenset[int] = frozenset()
    """Which of the given texts settle the claim, 0-based."""
    evidence: int | None = None
    """The given text that the judgement rests on; None without given texts."""
    dataset: str = ""
    """The set the case comes from, for figures to which every set counts alike."""
    price: float | None = None
    """US dollars that the chat model cost; None when no model was asked or its price is not known."""
    ask_s: float | None = None
    retrieve_s: float | None = None

    @property
    def says_what_is_right(self) -> bool:
        """False where all that is known of the answer is what it must not cite; nothing can be said of abstaining then."""
        known = self.accepted or self.gold_articles or self.gold_spans or not self.answerable
        return bool(known) or not self.wrong_spans


def _one(outcome: Outcome) -> float:
    return 1.0


@dataclass(frozen=True, slots=True)
class Chart:
    """A figure that is a curve or a table, as plain numbers for reports to draw."""

    name: str
    """As a file name: "reliability_answer", "risk_coverage_choice", "confusion"."""
    title: str
    kind: Literal["curve", "matrix"]
    x_label: str
    y_label: str
    points: tuple[tuple[float, ...], ...] = ()
    """curve: (x, y) or (x, y, n); matrix: one row a gold label, one column a predicted one."""
    labels: tuple[str, ...] = ()
    """matrix: the names of rows and columns."""


@dataclass(frozen=True, slots=True)
class Metric:
    """A named figure."""

    name: str
    group: Group
    score: Callable[[Outcome], Score | None]
    weight: Callable[[Outcome], float] = _one
    """What one score counts in the mean, > 0; asked for only where there is a score."""
    statistic: Statistic = weighted_mean
    """What makes one figure of all scores."""
    depth: int = 0
    """How many hits it looks at; a run that retrieves fewer leaves it out."""
    higher_is_better: bool | None = True
    """None where neither is (tokens)."""
    unit: Unit = "share"
    chart: Callable[[Sequence[Any]], Chart | None] | None = None
    """The scores of all cases to a curve or table, None when there are too few to draw."""

    def values(self, outcomes: list[Outcome]) -> tuple[list[Score], list[float]]:
        """The scores of the cases it applies to, and their weights."""
        scored = [(score, outcome) for outcome in outcomes if (score := self.score(outcome)) is not None]
        return [score for score, _ in scored], [self.weight(outcome) for _, outcome in scored]


__all__ = ["GROUPS", "Chart", "CitedStatement", "Group", "Metric", "Outcome", "Score", "Unit"]
