"""Hit at k: whether one of the first k passages is a strict hit.

hit@k = 1 if the rank of the first strict hit is at most k, else 0; its mean is the success rate at k. A passage is a
strict hit when it overlaps a gold span; without gold spans, when it holds an accepted answer and comes from a gold
article; without a string answer, when it comes from a gold article. Chen et al., DrQA, ACL 2017, table 3, with the
gold article added, so that an answer string in an unrelated story does not count. Example: strict hits at ranks 3 and
7: hit@1 = 0, hit@4 = 1.
"""

from __future__ import annotations

from functools import partial

from assistant.metrics import Metric, Outcome
from assistant.metrics._text import holds
from assistant.types import Passage

CUTS = (1, 4, 10)


def is_strict_hit(passage: Passage, outcome: Outcome) -> bool:
    if outcome.gold_spans:
        return any(passage.span.overlaps(gold) for gold in outcome.gold_spans)
    from_gold = passage.span.article_id in outcome.gold_articles
    return from_gold and (not outcome.accepted or holds(passage.text, outcome.accepted))


def has_gold(outcome: Outcome) -> bool:
    """Whether a search for this case can be judged at all."""
    return outcome.answerable and outcome.hits is not None and bool(outcome.gold_spans or outcome.gold_articles)


def first_hit(outcome: Outcome) -> int | None:
    """The 1-based rank of the first strict hit, None when there is none."""
    hits = outcome.hits or ()
    return next(
        (rank for rank, hit in enumerate(hits, 1) if is_strict_hit(hit.passage, outcome)),
        None,
    )


def hit_at_k(rank: int | None, k: int) -> float:
    """`rank` is the first hit's, None for none."""
    return float(rank is not None and rank <= k)


def _score(outcome: Outcome, k: int) -> float | None:
    return hit_at_k(first_hit(outcome), k) if has_gold(outcome) else None


def make() -> tuple[Metric, ...]:
    return tuple(Metric(f"hit@{k}", "retrieval", partial(_score, k=k), depth=k) for k in CUTS)
