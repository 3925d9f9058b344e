"""Orders hits by how much of the question stands close together in them, and by what else speaks for a passage.

score = recency * exp(first + coverage + similarity + LEAD * lead): each part 0..1, so none decides alone and none is lost.
coverage(window) = idf of the question's terms in the window / idf of all its terms, taken for the best sentence and for
the best two neighbouring sentences of a passage. The weights were chosen by hand (docs/decisions/retrieval.md).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from math import exp

from assistant.rerankers import TermWeight
from assistant.sentences import split_sentences
from assistant.settings import Settings
from assistant.terms import terms, terms_in
from assistant.types import Hit, Passage, ranked

LEAD = 0.3  # what the very beginning of an article is worth
LEAD_CHARS = 1000.0  # how far in it is worth half


def make(settings: Settings) -> Coverage:
    return Coverage()


class Coverage:
    def rerank(self, question: str, hits: Sequence[Hit], weight: TermWeight) -> list[Hit]:
        weights = {term: weight(term) for term in terms(question)}
        total = sum(weights.values())
        first, similar = _first_stage(hits), similarities(hits)
        rescored = []
        for hit in hits:
            sentence, window = best_windows(hit.passage.text, weights)
            covered = (sentence + window) / (2 * total) if total else 0.0
            relevance = first[hit.passage.id] + covered + similar[hit.passage.id] + LEAD * lead(hit.passage)
            score = hit.parts.get("recency", 1.0) * exp(relevance)
            rescored.append(replace(hit, score=score, parts={**hit.parts, "rerank": covered}))
        return ranked(rescored)


def _first_stage(hits: Sequence[Hit]) -> dict[int, float]:
    """The retriever's scores relative to the best, so that they mean the same with every retriever.

    Recency is taken out again: it counts once.
    """
    scores = {hit.passage.id: hit.score / hit.parts.get("recency", 1.0) for hit in hits}
    top = max(scores.values(), default=0.0)
    return {key: score / top if top else 0.0 for key, score in scores.items()}


def similarities(hits: Sequence[Hit]) -> dict[int, float]:
    """The cosines, from the lowest (0) to the highest (1) of these hits, so that they mean the same with every embedder.

    A hit without a vector gets the mean of the others, and all get 0 where none has one.
    """
    cosines = {hit.passage.id: hit.parts["dense"] for hit in hits if "dense" in hit.parts}
    low, high = min(cosines.values(), default=0.0), max(cosines.values(), default=0.0)
    scaled = {key: (cosine - low) / (high - low) if high > low else 0.0 for key, cosine in cosines.items()}
    unknown = sum(scaled.values()) / len(scaled) if scaled else 0.0
    return {hit.passage.id: scaled.get(hit.passage.id, unknown) for hit in hits}


def lead(passage: Passage) -> float:
    """1 at an article's first character, 0.5 after LEAD_CHARS: news says first what it is about."""
    return 1 / (1 + passage.span.start / LEAD_CHARS)


def best_windows(text: str, weights: Mapping[str, float]) -> tuple[float, float]:
    """The most weight that one sentence holds, and the most that two neighbours hold."""
    held = [terms_in(text[start:end], weights.keys()) for start, end in split_sentences(text)]
    pairs = [one | other for one, other in pairwise(held)] or held
    return _heaviest(held, weights), _heaviest(pairs, weights)


def _heaviest(windows: Sequence[set[str]], weights: Mapping[str, float]) -> float:
    return max((sum(weights[term] for term in window) for window in windows), default=0.0)
