"""Words and vectors together: BM25 and cosine, fused by reciprocal rank.

Words count twice: on news quizzes BM25 finds more than MiniLM (docs/evaluation.md); the vectors are for questions in other
words than the article's. Every hit that has a vector carries its cosine, also one that only its words brought. While vectors
are missing, or the embedder's server fails, the words answer alone.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from assistant.errors import ModelFailed
from assistant.retrievers import OTHER_WEIGHT, Query, SearchContext, as_hits, fuse
from assistant.retrievers.dense import Dense
from assistant.retrievers.lexical import Lexical
from assistant.types import Hit

if TYPE_CHECKING:
    import numpy as np

log = logging.getLogger(__name__)

DEPTH = 100  # hits that each voice brings to the fusion
LEXICAL_WEIGHT, DENSE_WEIGHT = 2.0, 1.0


def make(context: SearchContext) -> Hybrid:
    return Hybrid(context)


class Hybrid:
    """At most 2 * DEPTH hits: what the two voices bring."""

    def __init__(self, context: SearchContext) -> None:
        self._library = context.library
        self._lexical = Lexical(context)
        self._dense = Dense(context)

    def retrieve(self, query: Query, limit: int) -> list[Hit]:
        by_words = self._lexical.best(query, DEPTH)
        vector = self._vector_of(query)
        nearest = [] if vector is None else self._dense.nearest(vector, query, DEPTH)
        rankings, weights = [by_words, nearest], [LEXICAL_WEIGHT, DENSE_WEIGHT]
        for other in query.rewritten():
            rankings.append(self._lexical.best(other, DEPTH))
            weights.append(LEXICAL_WEIGHT * OTHER_WEIGHT)
            if vector is not None and (another := self._vector_of(other)) is not None:
                rankings.append(self._dense.nearest(another, other, DEPTH))
                weights.append(DENSE_WEIGHT * OTHER_WEIGHT)
        fused = fuse(rankings, weights)[:limit]
        cosines = dict(nearest)
        if vector is not None:
            cosines |= self._dense.cosines(vector, [key for key, _ in fused if key not in cosines])
        return as_hits(self._library, fused, {"lexical": dict(by_words), "dense": cosines})

    def _vector_of(self, query: Query) -> np.ndarray | None:
        """None while nothing is embedded, and when the embedder's server fails."""
        try:
            return self._dense.vector_of(query)
        except ModelFailed as failure:
            log.warning("Searched by words alone: %s", failure)
            return None
