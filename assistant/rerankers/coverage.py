"""Orders hits by how much of the question stands close together in them, weighed by how rare the words are.

coverage(window) = idf of the question's terms in the window / idf of all its terms, taken for the best sentence and for
the best two neighbouring sentences of a passage. It is added to the first stage's score, since the two err differently.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from assistant.rerankers import TermWeight
from assistant.sentences import split_sentences
from assistant.settings import Settings
from assistant.terms import all_stems, terms
from assistant.types import Hit, ranked


def make(settings: Settings) -> Coverage:
    return Coverage()


class Coverage:
    def rerank(self, question: str, hits: Sequence[Hit], weight: TermWeight) -> list[Hit]:
        weights = {term: weight(term) for term in terms(question)}
        top = max((hit.score for hit in hits), default=0.0)
        total = sum(weights.values())
        if not top or not total:
            return ranked(hits)
        rescored = []
        for hit in hits:
            sentence, window = best_windows(hit.passage.text, weights)
            covered = (sentence + window) / (2 * total)
            # The first stage's score goes in relative to the best, so the sum means the same with every retriever.
            recency = hit.parts.get("recency", 1.0)
            score = hit.score / top + recency * covered
            rescored.append(replace(hit, score=score, parts={**hit.parts, "rerank": covered}))
        return ranked(rescored)


def best_windows(text: str, weights: dict[str, float]) -> tuple[float, float]:
    """The most weight that one sentence holds, and the most that two neighbours hold."""
    held = [weights.keys() & set(all_stems(text[start:end])) for start, end in split_sentences(text)]
    pairs = [first | second for first, second in pairwise(held)] or held
    return _heaviest(held, weights), _heaviest(pairs, weights)


def _heaviest(windows: Sequence[set[str]], weights: dict[str, float]) -> float:
    return max((sum(weights[term] for term in window) for window in windows), default=0.0)
