"""Given texts to premises, and a verifier's judgements on them to one: for evidence that comes without articles.

A text's sentences have each other as neighbours. Texts of one sentence each are taken for a page that somebody cut into its
sentences, so that there the neighbours are the texts beside.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from assistant.sentences import split_sentences
from assistant.types import Judgement, Label, Premise, Stance, Support
from assistant.verifiers import Verifier


@dataclass(frozen=True, slots=True)
class Placed:
    """A sentence of a text: `texts[text][start:end]`."""

    text: int
    """0-based."""
    start: int
    end: int
    premise: Premise


@dataclass(frozen=True, slots=True)
class Judged:
    """What a verifier makes of a claim and texts."""

    support: Support
    best: Placed | None
    """The sentence that the label rests on; of "not enough evidence", the one with the likeliest stance. None when there is no
    sentence."""
    judgement: Judgement | None
    """What the verifier made of the best sentence."""


def premises_of(texts: Sequence[str]) -> list[Placed]:
    """The sentences of all texts in reading order, each with its neighbours."""
    places = [(number, start, end) for number, text in enumerate(texts) for start, end in split_sentences(text)]
    one_page = len(places) == len({number for number, _, _ in places})
    sentences = [texts[number][start:end] for number, start, end in places]

    def neighbour(of: int, at: int) -> str:
        beside = 0 <= at < len(places) and (one_page or places[at][0] == places[of][0])
        return sentences[at] if beside else ""

    return [
        Placed(*place, Premise(sentences[i], before=neighbour(i, i - 1), after=neighbour(i, i + 1)))
        for i, place in enumerate(places)
    ]


def judge_texts(verifier: Verifier, claim: str, texts: Sequence[str], day: date | None = None) -> Judged:
    """The label that the best sentence gives; no sentence at all is not enough evidence."""
    placed = premises_of(texts)
    judgements = verifier.judge(claim, [place.premise for place in placed], day)
    if not judgements:
        return Judged(Support(Label.NOT_ENOUGH, 0.0, 0.0, "There is no evidence."), None, None)
    supporting = max(range(len(placed)), key=lambda i: judgements[i].supports)
    refuting = max(range(len(placed)), key=lambda i: judgements[i].refutes)
    label = _label(judgements[supporting], judgements[refuting], placed[supporting].text == placed[refuting].text)
    best = supporting if label in (Label.SUPPORTED, Label.CONFLICTING) else refuting
    if label is Label.NOT_ENOUGH:
        best = max(range(len(placed)), key=lambda i: max(judgements[i].supports, judgements[i].refutes))
    supported, refuted = judgements[supporting].supports, judgements[refuting].refutes
    if label is Label.SUPPORTED:
        refuted = min(refuted, 1.0 - supported)
    whole = max(1.0, supported + refuted)
    support = Support(label, supported / whole, refuted / whole, judgements[best].why)
    return Judged(support, placed[best], judgements[best])


def _label(supporting: Judgement, refuting: Judgement, one_text: bool) -> Label:
    """Texts that say different things conflict. In one text what supports counts: hardly any text contradicts itself, and
    what differs in another of its sentences is then about something else."""
    supports, refutes = supporting.stance is Stance.SUPPORTS, refuting.stance is Stance.REFUTES
    if supports:
        return Label.CONFLICTING if refutes and not one_text else Label.SUPPORTED
    return Label.REFUTED if refutes else Label.NOT_ENOUGH
