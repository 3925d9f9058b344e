"""Judged claims to a chat model's view of each: a label, one sentence why, and the shown sentences that it rests on.

One more opinion beside the verdict, and nothing that counts: it is asked for when all verdicts are there. A view that
rests on no shown sentence is none, unless it is that the evidence is not enough.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from assistant.chat_models import Ask, Budget, ChatModel, UnreadableReply, json_object, read_json
from assistant.errors import ModelFailed
from assistant.packing import one_line
from assistant.prompts import fence, load_prompt
from assistant.settings import Settings
from assistant.types import CheckedClaim, Evidence, Label, Opinion
from assistant.verifiers.judge import gives_orders

BATCH = 4  # claims a call: the instructions are paid for once
REPLY_TOKENS = 250  # that a view may take
LONGEST = 800  # characters of a claim or a sentence that are shown
WHY_CHARS = 300


@dataclass(frozen=True, slots=True)
class Views:
    """What the model makes of the claims of a text."""

    opinions: Mapping[int, Opinion]
    """By index of the claim; one that was not asked about, or has no view that can be read, is missing."""
    prompt: str = ""
    """Name and version; empty when there was nothing to ask about."""
    failure: ModelFailed | None = None
    """What ended the asking."""
    note: str = ""
    """For the reader, when the time was up before all claims were asked about."""


def ask_views(
    claims: Sequence[CheckedClaim], day: date | None, model: ChatModel, budget: Budget, settings: Settings
) -> Views:
    """The model's view of every judged claim that has evidence, in order. A call is begun only if the longest so far would
    fit into the budget. Raises nothing of the model's."""
    asked = [i for i, one in enumerate(claims) if one.verdict and _shown_evidence(one)]
    opinions: dict[int, Opinion] = {}
    prompt = load_prompt("opinion").id if asked else ""
    size, slowest = max(1, min(BATCH, settings.llm_max_tokens // REPLY_TOKENS)), 0.0
    for at in range(0, len(asked), size):
        if budget.remaining_s <= slowest:
            return Views(opinions, prompt, note=_late(at, len(asked)))
        started = time.monotonic()
        batch = asked[at : at + size]
        try:
            views = _ask([claims[i] for i in batch], day, model, budget)
        except ModelFailed as error:
            return Views(opinions, prompt, error)
        slowest = max(slowest, time.monotonic() - started)
        opinions |= {batch[number]: view for number, view in views.items()}
    return Views(opinions, prompt)


def _late(done: int, n: int) -> str:
    return f"The time for the chat model was up: {done} of {n} claims have its view."


def _ask(claims: Sequence[CheckedClaim], day: date | None, model: ChatModel, budget: Budget) -> dict[int, Opinion]:
    """By index into `claims`. Raises ModelFailed."""
    prompt = load_prompt("opinion")
    blocks = "\n\n".join(_shown(number, claim) for number, claim in enumerate(claims, start=1))
    message = prompt.render(day=day.isoformat() if day else "not given", claims=blocks)
    ask = Ask("opinion", lambda binding: (prompt.id, message), _schema(claims), pinned=True, check=_read)
    views: dict[int, Opinion] = {}
    for entry in _read(model.complete(ask, budget).raw):
        if (view := _view(entry, claims, model.name)) is not None:
            views.setdefault(entry["claim"] - 1, view)
    return views


# --- What the model is shown ------------------------------------------------------------------------------------------


def _shown_evidence(claim: CheckedClaim) -> list[Evidence]:
    """What of the evidence is shown: a sentence that tells its reader how to judge is no reporting."""
    return [one for one in claim.evidence if not gives_orders(one.text)]


def _shown(number: int, claim: CheckedClaim) -> str:
    lines = [
        line
        for at, one in enumerate(_shown_evidence(claim), start=1)
        for line in (_source(one), f"[{number}.{at}] {one_line(one.text)[:LONGEST]}")
    ]
    said = one_line(claim.claim.resolved)[:LONGEST]
    return "\n".join((f"Claim {number}", fence(said, "claim"), fence("\n".join(lines), "evidence")))


def _source(one: Evidence) -> str:
    article = one.article
    publisher = one_line((article and article.publisher) or "publisher unknown")
    day = article.published.isoformat() if article and article.published else "on an unknown day"
    barred = "" if one.decides else " | NOT EVIDENCE"
    return f"{publisher} | published {day}{barred}"


def _schema(claims: Sequence[CheckedClaim]) -> dict[str, Any]:
    """Of a reply. The ids are those of shown sentences, one view a claim."""
    properties = {
        "claim": {"type": "integer", "enum": list(range(1, len(claims) + 1))},
        "ids": {"type": "array", "items": {"type": "string", "enum": list(_spans(claims))}},
        "why": {"type": "string"},
        "label": {"type": "string", "enum": [label.value for label in Label]},
    }
    return json_object({"opinions": {"type": "array", "items": json_object(properties), "maxItems": len(claims)}})


def _spans(claims: Sequence[CheckedClaim]) -> dict[str, Evidence]:
    """By id, as in "2.1"."""
    return {
        f"{number}.{at}": one
        for number, claim in enumerate(claims, start=1)
        for at, one in enumerate(_shown_evidence(claim), start=1)
    }


# --- What the model says ----------------------------------------------------------------------------------------------


def _read(raw: str) -> list[dict[str, Any]]:
    """The entries that name a claim. Raises UnreadableReply."""
    entries = read_json(raw).get("opinions")
    if not isinstance(entries, list):
        raise UnreadableReply("The model wrote no opinion that can be read.", "Choose another ASSISTANT_LLM.")
    return [entry for entry in entries if isinstance(entry, dict) and type(entry.get("claim")) is int]


def _view(entry: Mapping[str, Any], claims: Sequence[CheckedClaim], model: str) -> Opinion | None:
    """The opinion, unless it has no label, speaks of no claim, or rests on nothing."""
    number, label, why, ids = entry["claim"], entry.get("label"), entry.get("why"), entry.get("ids")
    if not 1 <= number <= len(claims) or label not in list(Label) or not isinstance(why, str):
        return None
    shown = _spans(claims)
    named = dict.fromkeys(_own(ids if isinstance(ids, list) else [], number))
    rests = tuple(shown[name].span for name in named if name in shown)
    if not rests and label != Label.NOT_ENOUGH:
        return None
    return Opinion(Label(label), " ".join(why.split())[:WHY_CHARS], model, rests)


def _own(ids: Sequence[Any], number: int) -> Iterator[str]:
    """The ids of this claim's own sentences."""
    for one in ids:
        if isinstance(one, str) and one.strip("[] ").startswith(f"{number}."):
            yield one.strip("[] ")
