"""Judges a claim by words, values and similarity, one sentence at a time: no language model, a few milliseconds a claim.

Supports: nearly all of the claim stands in the sentence, alike in meaning, with every number, date and name and the same
polarity. Refutes: claim and sentence, aligned, differ in a value, a name, the polarity or the outcome (_contradiction.py). It
draws no conclusions, so it speaks seldom; docs/evaluation.md has the figures.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from datetime import date
from threading import Lock
from typing import TYPE_CHECKING

from assistant.embedders import load_embedder
from assistant.quantities import comparable_words
from assistant.settings import Settings
from assistant.types import Judgement, Premise, Stance
from assistant.verifiers._contradiction import Contradiction, contradictions
from assistant.verifiers._counterfactual import is_about_it
from assistant.verifiers._support import Fit, Kind, fit, shown, sought

if TYPE_CHECKING:
    import numpy as np

SUPPORTS_FROM = 0.7
REFUTES_FROM = 0.7
VERBATIM = 0.97  # how likely a sentence supports the claim that says the same words
MOST = 0.6  # share of a claim that a sentence must hold to nearly say it
COMPARED = 8  # sentences, the best by their words, whose meaning is compared with the claim's
UNCOMPARED = 0.3  # the similarity that the others count with: what sentences of one article have
KEPT_VECTORS = 4096
MEASURED_WITH = ("minilm", "minilm8")  # the embedders whose cosines the constants were chosen for

Embed = Callable[[Sequence[str]], "np.ndarray"]


def make(settings: Settings) -> Light:
    """Similarity is MiniLM's whatever vectors the library has: cosines of two models do not mean the same."""
    name = settings.embedder if settings.embedder in MEASURED_WITH else MEASURED_WITH[-1]
    return Light(load_embedder(settings.model_copy(update={"embedder": name})).embed_passages)


class Light:
    """Thread-safe. `embed` gives (n, d) rows of length 1 and is asked at most once a call; without it words alone decide."""

    def __init__(self, embed: Embed | None = None) -> None:
        self._similarity = _Similarity(embed) if embed else None

    def judge(self, claim: str, premises: Sequence[Premise], day: date | None = None) -> list[Judgement]:
        wanted = sought(claim)
        fits = [fit(wanted, premise) for premise in premises]
        cosines = self._cosines(claim, premises, fits)
        return [
            _judgement(claim, premise, found, cosine, day, compared=self._similarity is not None)
            for premise, found, cosine in zip(premises, fits, cosines, strict=True)
        ]

    def _cosines(self, claim: str, premises: Sequence[Premise], fits: Sequence[Fit]) -> list[float]:
        order = sorted((i for i in range(len(fits)) if fits[i].held), key=lambda i: -fits[i].strength(0.0))
        best = order[:COMPARED] if self._similarity else []
        cosines = [UNCOMPARED] * len(fits)
        if self._similarity and best:
            for i, cosine in zip(best, self._similarity.of(claim, [premises[i].text for i in best]), strict=True):
                cosines[i] = cosine
        return cosines


def nearly_says(claim: str, premise: Premise, elsewhere: str = "") -> bool:
    """Whether a sentence has most of a claim, with its figures and dates; a name that it lacks must stand `elsewhere`."""
    found = fit(sought(claim), premise)
    lacking = [word for word in found.missing if word.kind is not Kind.NAME or word.shown not in elsewhere]
    return found.held >= MOST and not lacking and not found.other_polarity and not found.incomplete


def _judgement(
    claim: str, premise: Premise, found: Fit, cosine: float, day: date | None, *, compared: bool
) -> Judgement:
    if not premise.text.rstrip().endswith("?") and _words(claim) == _words(premise.text):
        return Judgement(Stance.SUPPORTS, VERBATIM, 0.0, "The sentence says it in the same words.")
    differing = _differing(claim, premise, found, day)
    against = [one for one in differing if not compared or is_about_it(claim, premise, one, cosine)]
    refutes = max((one.likely for one in against), default=0.0)
    supports = found.likely(cosine) * (1.0 - max((one.likely for one in differing), default=0.0))
    stance = _stance(found, supports, refutes, differing)
    return Judgement(stance, supports, refutes, _why(stance, found, against), tuple(one.difference for one in against))


def _differing(claim: str, premise: Premise, found: Fit, day: date | None) -> list[Contradiction]:
    """In a claim of the form "question? answer." only what the answer has otherwise: questions are put loosely."""
    settled_from = claim.rfind("?") if found.answers else 0
    return [one for one in contradictions(claim, premise, day) if one.difference.start >= settled_from]


def _words(text: str) -> list[str]:
    return [word.term for word in comparable_words(text)]


def _stance(found: Fit, supports: float, refutes: float, differing: Sequence[Contradiction]) -> Stance:
    if refutes >= REFUTES_FROM:
        return Stance.REFUTES
    return Stance.SUPPORTS if supports >= SUPPORTS_FROM and not found.lacks and not differing else Stance.NEUTRAL


def _why(stance: Stance, found: Fit, against: Sequence[Contradiction]) -> str:
    if against:
        return max(against, key=lambda one: one.likely).difference.note or "The sentence differs from the claim."
    if stance is Stance.SUPPORTS:
        return "The sentence says it in nearly the same words."
    if found.missing:
        return f"The sentence lacks {shown(found.missing[:3])}."
    if found.other_polarity:
        return "Only one of the two, claim and sentence, has a negation."
    return f"The sentence holds {found.held:.0%} of the claim."


class _Similarity:
    """Cosines between texts; vectors of the last texts are kept."""

    def __init__(self, embed: Embed) -> None:
        self._embed = embed
        self._lock = Lock()
        self._vectors: OrderedDict[str, np.ndarray] = OrderedDict()

    def of(self, text: str, others: Sequence[str]) -> list[float]:
        """How near in meaning each of the others is, -1..1."""
        own, *vectors = self._of_all([text, *others])
        return [float(own @ vector) for vector in vectors]

    def _of_all(self, texts: Sequence[str]) -> list[np.ndarray]:
        with self._lock:
            kept = {text: self._vectors[text] for text in texts if text in self._vectors}
        unseen = list(dict.fromkeys(text for text in texts if text not in kept))
        if unseen:
            kept |= dict(zip(unseen, self._embed(unseen), strict=True))
        with self._lock:
            for text in kept:
                self._vectors[text] = kept[text]
                self._vectors.move_to_end(text)
            while len(self._vectors) > KEPT_VECTORS:
                self._vectors.popitem(last=False)
        return [kept[text] for text in texts]
