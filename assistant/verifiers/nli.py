"""Judges a claim by a classifier for natural language inference or grounding, read from a folder or the Hugging Face hub.

Each premise stands with the sentences around it as far as they fit, and is cut before the claim ever is. A stance that the
neighbours alone give belongs to them, and one that the words rule out is taken back (_agreement). Likelihoods are the model's
softmax: nobody has calibrated them on news. docs/verifiers.md says which models there are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from threading import Lock

from assistant.errors import BadSettings
from assistant.settings import Settings
from assistant.types import Judgement, Premise, Stance
from assistant.verifiers._agreement import checked, taken_back
from assistant.verifiers._classifier import Classifier, Likelihoods, load_classifier
from assistant.verifiers._hub import fetched

ROOM = 16  # pieces; a premise that has fewer says nothing


def make(settings: Settings) -> NLI:
    """A verifier that loads the model of `settings.nli_model` at its first claim and not before."""
    return NLI(settings)


class NLI:
    """See `verifiers.Verifier`. Thread-safe."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._threshold = settings.nli_threshold
        self._lock = Lock()
        self._loaded: Classifier | None = None

    def judge(self, claim: str, premises: Sequence[Premise], day: date | None = None) -> list[Judgement]:
        model = self._model()
        room = model.room(claim)
        if room < ROOM or not any(map(str.isalnum, claim)):
            why = "The claim is too long for the model." if room < ROOM else "The claim has no words."
            return [Judgement(Stance.NEUTRAL, 0.0, 0.0, why)] * len(premises)
        texts = [_in_context(model, premise, room) for premise in premises]
        likelihoods = model.score(claim, texts)
        judged = [self._judgement(likely) for likely in likelihoods]
        judged = self._own(model, claim, premises, judged)
        return [checked(claim, *pair, day) for pair in zip(premises, judged, strict=True)]

    def _judgement(self, likely: Likelihoods) -> Judgement:
        if likely.supports >= self._threshold and likely.supports > likely.refutes:
            stance, why = Stance.SUPPORTS, f"The model reads it as saying so ({likely.supports:.2f})."
        elif likely.refutes >= self._threshold:
            stance, why = Stance.REFUTES, f"The model reads it as denying it ({likely.refutes:.2f})."
        else:
            stance, why = Stance.NEUTRAL, "The model does not read it as saying so or denying it."
        return Judgement(stance, likely.supports, likely.refutes, why)

    def _own(
        self, model: Classifier, claim: str, premises: Sequence[Premise], judged: Sequence[Judgement]
    ) -> list[Judgement]:
        """Without the stances that the sentences beside a premise give by themselves."""
        asked = [
            i
            for i, one in enumerate(judged)
            if one.stance is not Stance.NEUTRAL and premises[i].before + premises[i].after
        ]
        room = model.room(claim)
        beside = model.score(claim, [model.cut(f"{premises[i].before} {premises[i].after}", room) for i in asked])
        elsewhere = [i for i, likely in zip(asked, beside, strict=True) if self._agrees(likely, judged[i])]
        alone = model.score(claim, [model.cut(premises[i].text, room) for i in elsewhere])
        found = list(judged)
        for i, likely in zip(elsewhere, alone, strict=True):
            if not self._agrees(likely, judged[i]):
                found[i] = taken_back(judged[i], "the sentences beside this one say so, not this one.")
                found[i] = replace(found[i], supports=min(likely.supports, found[i].supports))
        return found

    def _agrees(self, likely: Likelihoods, judgement: Judgement) -> bool:
        return self._judgement(likely).stance is judgement.stance

    def _model(self) -> Classifier:
        with self._lock:
            if self._loaded is None:
                self._loaded = _load(self._settings)
            return self._loaded


def _load(settings: Settings) -> Classifier:
    name = settings.nli_model.strip()
    if not name:
        raise BadSettings(
            "The verifier nli has no model.",
            "Set ASSISTANT_NLI_MODEL to a folder with model.onnx, or to a name on the Hugging Face hub (docs/verifiers.md).",
        )
    folder = Path(name).expanduser()
    if not folder.is_dir():
        folder = fetched(name, settings.home / "models")
    return load_classifier(folder, name, settings.threads)


def _in_context(model: Classifier, premise: Premise, room: int) -> str:
    """The premise with the sentence before it and the one after it, each only if it fits whole."""
    text = model.cut(premise.text, room)
    for before, after in ((premise.before, premise.after), (premise.before, ""), ("", premise.after)):
        whole = " ".join(filter(None, (before, text, after)))
        if model.count(whole) <= room:
            return whole
    return text
