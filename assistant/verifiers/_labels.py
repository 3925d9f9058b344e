"""A classifier's config.json to which of its outputs means "supports" and which "refutes", and how it wants its input.

Models name their labels in any order and case; guessing the order would turn every verdict round. So names that say nothing
("LABEL_0") are refused, but for two families whose authors document them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from assistant.errors import BadSettings

_SUPPORTS = frozenset(
    "entailment|entails|entailed|entail|supported|supports|support|consistent|attributable".split("|")
)
_REFUTES = frozenset("contradiction|contradicts|contradicted|contradictory|refuted|refutes|refute".split("|"))
_NEUTRAL = frozenset(
    "neutral|not enough info|not enough information|not enough evidence|nei|unverifiable|not entailment|non entailment|"
    "not entailed|unsupported|not supported|inconsistent|not attributable".split("|")
)


@dataclass(frozen=True, slots=True)
class Labels:
    """Which of `n` outputs is which."""

    n: int
    supports: int
    refutes: int | None = None
    """None for a model of two labels: what does not support may be neutral or refute."""


@dataclass(frozen=True, slots=True)
class Form:
    """How premise and claim become one input: the tokenizer's pair, or one text around both."""

    between: str = ""
    after: str = ""
    one_separator: bool = False
    """Whether the model was trained with a single separator where its tokenizer's pair has two."""

    @property
    def is_pair(self) -> bool:
        return not self.between


# MiniCheck (Tang, Laban & Durrett, EMNLP 2024; minicheck/inference.py) joins both by one separator; 1 is supported.
# FactCG (Lei et al., NAACL 2025; factcg/utils.py) puts an instruction around both; 1 is supported.
_DOCUMENTED = {
    "minicheck": Form(one_separator=True),
    "factcg": Form(
        '\n\nChoose your answer: based on the paragraph above can we conclude that "',
        '"?\n\nOPTIONS:\n- Yes\n- No\nI think the answer is ',
    ),
}


def read_labels(config: Mapping[str, Any], name: str) -> Labels:
    """Which output is which. Raises BadSettings with the labels when that can't be told. `name` may say the family."""
    names = _names(config, name)
    plain = [re.sub(r"[^a-z]+", " ", label.lower()).strip() for label in names]
    if all(label in ("label", "") for label in plain):
        return _unnamed(names, name)
    supports = [i for i, label in enumerate(plain) if label in _SUPPORTS]
    refutes = [i for i, label in enumerate(plain) if label in _REFUTES]
    known = all(label in _SUPPORTS | _REFUTES | _NEUTRAL for label in plain)
    if not known or len(names) < 2 or len(supports) != 1 or len(refutes) > 1 or (len(names) > 2 and not refutes):
        raise BadSettings(
            f"The model {name} has the labels {', '.join(names)}.",
            "Choose one with entailment, neutral and contradiction, or with supported and unsupported.",
        )
    return Labels(len(names), supports[0], refutes[0] if len(names) > 2 else None)


def form_of(name: str) -> Form:
    """The input that the model of this name was trained on."""
    return next((form for family, form in _DOCUMENTED.items() if family in name.lower()), Form())


def _names(config: Mapping[str, Any], name: str) -> list[str]:
    """By output. transformers leaves them out of the file when they are LABEL_0 and LABEL_1."""
    by_id, by_label = config.get("id2label"), config.get("label2id")
    try:
        named = {int(i): str(label) for i, label in by_id.items()} if by_id else {}
        inverse = {int(i): str(label) for label, i in by_label.items()} if by_label else {}
    except (AttributeError, TypeError, ValueError):
        named, inverse = {-1: ""}, {}
    if named and inverse and named != inverse:
        raise BadSettings(f"The config.json of {name} names its labels in two orders.", "Mend id2label and label2id.")
    names = named or inverse or {0: "LABEL_0", 1: "LABEL_1"}
    if sorted(names) != list(range(len(names))):
        raise BadSettings(f"The config.json of {name} has no usable id2label.", 'Write it as {"0": "entailment", ...}.')
    return [names[i] for i in range(len(names))]


def _unnamed(names: list[str], name: str) -> Labels:
    if len(names) == 2 and any(family in name.lower() for family in _DOCUMENTED):
        return Labels(2, supports=1)
    raise BadSettings(
        f"The model {name} does not say what its labels {', '.join(names)} mean.",
        "Write their names into id2label of its config.json, as its authors document them.",
    )
