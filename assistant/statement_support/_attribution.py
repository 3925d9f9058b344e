"""A statement without a citation and shown sentences to those that may carry all of it, one or two together."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import combinations

from assistant.checks.values import missing_in_all
from assistant.statement_support._shares import BESIDE, Wanted
from assistant.statement_support._sources import Source
from assistant.types import Kind
from assistant.verifiers._reading import terms_of

CARRIES, CARRIES_TOGETHER = 0.75, 0.85  # share of a statement that one sentence, or two, must hold to be its source
ADDS = 0.15  # share that the second one must add


def rarity(sources: Sequence[Source]) -> dict[str, float]:
    """What a term weighs by how few of the sentences have it, from 1."""
    counts = Counter(term for source in sources for term in terms_of(source.text))
    return {term: 1.0 + math.log(len(sources) / count) for term, count in counts.items()}


def choices(wanted: Wanted, ranked: Sequence[Source]) -> Iterator[tuple[Source, ...]]:
    """The best sentence with one that adds to it, then single ones that carry the statement, then other pairs."""
    reporting = [source for source in ranked if source.reports]
    pairs = [
        (one, other)
        for one, other in combinations(reporting, 2)
        if (together := wanted.share([one, other], BESIDE)) >= CARRIES_TOGETHER
        and together >= wanted.share([one], BESIDE) + ADDS
    ]
    yield from (pair for pair in pairs if pair[0] is reporting[0])
    yield from ((source,) for source in reporting if wanted.share([source], BESIDE) >= CARRIES)
    yield from (pair for pair in pairs if pair[0] is not reporting[0])


def lacks_value(text: str, sources: Sequence[Source]) -> bool:
    """Whether no sentence has a number or date of the text, or neither they nor their neighbours a name."""
    texts, days = [source.text for source in sources], [source.article.published for source in sources]
    beside = [part for source in sources for part in (source.before, source.after, source.about)]
    per_day = [missing_in_all(text, texts, day, days) for day in dict.fromkeys((None, *days))]
    everywhere = set.intersection(*({(one.start, one.end) for one in missing} for missing in per_day))
    missing = [one for one in per_day[0] if (one.start, one.end) in everywhere]
    unnamed = {(one.start, one.end) for one in missing_in_all(text, [*texts, *beside])}
    return any(one.kind is not Kind.NAME or (one.start, one.end) in unnamed for one in missing)
