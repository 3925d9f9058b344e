"""What a system found to figures: strict hits, hits at equal context, and a paired test against another system.

The strict hit is the assistant's own rule (assistant/metrics/hit_at_k.py), for every system alike. A chunk is looked up
in its article, so that it has a span where the gold is a span; a chunk that stands there several times counts wherever it
hits. Long chunks hold more answers: hits at equal context look at the first CONTEXT characters of the ranked text only.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from assistant.metrics import Outcome
from assistant.metrics._compare import mcnemar
from assistant.metrics._estimate import Estimate, estimate
from assistant.metrics.hit_at_k import CUTS, hit_at_k, is_strict_hit
from assistant.types import Passage, Span, Zone
from benchmarks.peers.systems import Piece

CONTEXT = 4_000
Texts = Mapping[str, str]
"""The articles' texts by id."""


@dataclass(frozen=True, slots=True)
class Scored:
    """One question."""

    rank: int | None
    """Of the first strict hit, 1-based; None for none."""
    in_context: bool
    """Whether the first CONTEXT characters hold a strict hit."""
    chars: tuple[int, ...]
    """Of each piece."""


@dataclass(frozen=True, slots=True)
class Paired:
    """Two systems over the same questions."""

    only_first: int
    """Questions that the first system hits and the second misses."""
    only_second: int
    p: float
    """McNemar's exact test, two-sided: how likely at least so uneven a split is, were both equally good."""
    n: int


def score(pieces: Sequence[Piece], gold: Outcome, texts: Texts) -> Scored:
    return Scored(
        rank=_first_hit(pieces, gold, texts),
        in_context=_first_hit(list(within(pieces, CONTEXT)), gold, texts) is not None,
        chars=tuple(len(piece.text) for piece in pieces),
    )


def within(pieces: Sequence[Piece], chars: int) -> Iterator[Piece]:
    """The pieces as far as `chars` characters reach; the last is cut."""
    for piece in pieces:
        if chars <= 0:
            return
        yield Piece(piece.article_id, piece.text[:chars])
        chars -= len(piece.text)


def located(piece: Piece, text: str) -> list[Passage]:
    """The piece at every place of its article where it stands, white space at its ends aside; [] when nowhere."""
    wanted, found = piece.text.strip(), []
    start = text.find(wanted) if wanted else -1
    while start >= 0:
        span = Span(piece.article_id, start, start + len(wanted))
        found.append(Passage(span, piece.text, None, Zone.BODY, 0))
        start = text.find(wanted, start + 1)
    return found


def estimates(scored: Sequence[Scored]) -> dict[str, Estimate]:
    """Shares with their bootstrap intervals, by name."""
    figures = {f"hit@{k}": estimate([hit_at_k(one.rank, k) for one in scored]) for k in CUTS}
    return figures | {"hit in context": estimate([float(one.in_context) for one in scored])}


def mean_chars(scored: Sequence[Scored]) -> float:
    """Of a retrieved piece."""
    lengths = [length for one in scored for length in one.chars]
    return sum(lengths) / len(lengths) if lengths else 0.0


def compare(first: Sequence[bool], second: Sequence[bool]) -> Paired:
    """McNemar, Psychometrika 12, 1947, by the exact binomial distribution. Raises ValueError for unequal lengths."""
    pairs = list(zip(first, second, strict=True))
    only_first = sum(one and not other for one, other in pairs)
    only_second = sum(other and not one for one, other in pairs)
    return Paired(only_first, only_second, mcnemar(only_first, only_second), len(pairs))


def _first_hit(pieces: Sequence[Piece], gold: Outcome, texts: Texts) -> int | None:
    hits = (rank for rank, piece in enumerate(pieces, 1) if _is_hit(piece, gold, texts))
    return next(hits, None)


def _is_hit(piece: Piece, gold: Outcome, texts: Texts) -> bool:
    if gold.gold_spans:
        passages = located(piece, texts[piece.article_id])
    else:
        passages = [Passage(Span(piece.article_id, 0, len(piece.text)), piece.text, None, Zone.BODY, 0)]
    return any(is_strict_hit(passage, gold) for passage in passages)
