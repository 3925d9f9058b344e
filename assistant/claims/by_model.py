"""A text to its claims by a chat model: sentences taken apart, pronouns named, and searches to find evidence by.

The model is not believed. What is a fact is decided by the rules of `split_claims`; a sentence whose claims say something
else than the sentence (`_faithful`) keeps its rule-made ones, and so does every sentence that the model leaves out, so that
no claim is lost. Claims stay apart from each other: one a sentence, or one a part that the model names word for word.
"""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from assistant.chat_models import Ask, Budget, ChatModel, UnreadableReply, json_object, read_json
from assistant.claims import SentenceClaims, claims_by_sentence
from assistant.claims._faithful import Fault, Place, Said, fault_of, phrase
from assistant.errors import ModelFailed
from assistant.packing import one_line
from assistant.prompts import fence, load_prompt
from assistant.quantities import comparable_words
from assistant.settings import Settings
from assistant.text import fold
from assistant.types import Claim, ClaimKind
from assistant.values import find_values
from assistant.verifiers.judge import gives_orders

BATCH = 10  # sentences a call
REPLY_TOKENS = 200  # that a sentence's claims and searches may take
CONTEXT = 6  # sentences before a batch that are shown with it
LONGEST = 800  # characters; a longer sentence is a list or a page without full stops
CLAIMS = 5  # of a sentence
QUERIES, QUERY_CHARS = 2, 200
_EDGES = " ,.;:!?…-"
_NO_TIME = "The time for the chat model was up; the rest of the text was split by rule."


@dataclass(frozen=True, slots=True)
class Split:
    """The claims of a text."""

    claims: tuple[Claim, ...]
    """In order, apart from each other."""
    queries: Mapping[Claim, tuple[str, ...]]
    """Further searches, of claims that the model made."""
    prompt: str = ""
    """Name and version; empty when the text has no fact to ask about."""
    failure: ModelFailed | None = None
    """What ended the asking; the sentences after that were split by rule."""
    note: str = ""
    """For the reader: what was not taken from the model, and why."""


def split_by_model(text: str, language: str | None, model: ChatModel, budget: Budget, settings: Settings) -> Split:
    """The claims of a text, by the model where it can be trusted and by rule elsewhere. Raises nothing of the model's."""
    sentences = list(claims_by_sentence(text, language))
    if not any(_is_asked(sentence) for sentence in sentences):
        return Split(tuple(claim for sentence in sentences for claim in sentence.claims), {})
    run = _Run(text, language, sentences)
    failure, late = _ask_all(run, model, budget, max(1, min(BATCH, settings.llm_max_tokens // REPLY_TOKENS)))
    notes = (_fault_note(run), _NO_TIME if late else "")
    claims = tuple(claim for i in range(len(sentences)) for claim in run.claims_of(i))
    return Split(claims, run.queries, load_prompt("claims").id, failure, " ".join(filter(None, notes)))


@dataclass(slots=True)
class _Run:
    """A text on its way."""

    text: str
    language: str | None
    sentences: Sequence[SentenceClaims]
    by_model: dict[int, tuple[Claim, ...]] = field(default_factory=dict)
    """By index of the sentence."""
    queries: dict[Claim, tuple[str, ...]] = field(default_factory=dict)
    faults: dict[int, Fault] = field(default_factory=dict)
    """Of sentences that the model was asked about."""
    n_asked: int = 0

    def claims_of(self, i: int) -> tuple[Claim, ...]:
        return self.by_model.get(i, self.sentences[i].claims)


def _is_asked(sentence: SentenceClaims) -> bool:
    """Whether all of it is a fact, of a length that can be shown, and no order to the reader."""
    facts = all(claim.kind is ClaimKind.FACT for claim in sentence.claims)
    words = [claim.text for claim in sentence.claims]
    return facts and sentence.end - sentence.start <= LONGEST and not any(map(gives_orders, words))


def _ask_all(run: _Run, model: ChatModel, budget: Budget, size: int) -> tuple[ModelFailed | None, bool]:
    """(what failed, whether the time was up before all was asked). A batch is begun only if the longest so far would fit."""
    asked = [i for i, sentence in enumerate(run.sentences) if _is_asked(sentence)]
    slowest = 0.0
    for at in range(0, len(asked), size):
        if budget.remaining_s <= slowest:
            return None, True
        started = time.monotonic()
        batch = asked[at : at + size]
        try:
            entries = _ask(run, batch, model, budget)
        except ModelFailed as error:
            return error, False
        slowest = max(slowest, time.monotonic() - started)
        run.n_asked += len(batch)
        _take(run, batch, entries)
    return None, False


def _ask(run: _Run, batch: Sequence[int], model: ChatModel, budget: Budget) -> list[_Entry]:
    """What the model says of these sentences. Raises ModelFailed."""
    prompt = load_prompt("claims")
    message = prompt.render(asked=", ".join(str(i + 1) for i in batch), text=_shown(run, batch))
    ask = Ask("claims", lambda binding: (prompt.id, message), _schema(batch), pinned=True, check=_read)
    return _read(model.complete(ask, budget).raw)


def _shown(run: _Run, batch: Sequence[int]) -> str:
    """The batch and what stands before it, a line each; an order to the reader is left out: it is no claim."""
    lines = []
    for i in range(max(0, batch[0] - CONTEXT), batch[-1] + 1):
        sentence = run.sentences[i]
        words = run.text[sentence.start : sentence.end]
        instructs = any(claim.kind is ClaimKind.INSTRUCTION for claim in sentence.claims) or gives_orders(words)
        lines.append(f"{i + 1}. {'(left out)' if instructs else one_line(words)[:LONGEST]}")
    return fence("\n".join(lines), "text")


def _schema(batch: Sequence[int]) -> dict[str, Any]:
    """Of a reply. So many claims and no more, so that a small model finds an end."""
    queries = {"type": "array", "items": {"type": "string"}, "maxItems": QUERIES}
    properties = {
        "sentence": {"type": "integer", "enum": [i + 1 for i in batch]},
        "words": {"type": "string"},
        "claim": {"type": "string"},
        "queries": queries,
    }
    return json_object({"claims": {"type": "array", "items": json_object(properties), "maxItems": CLAIMS * len(batch)}})


# --- What the model says ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Entry:
    """A claim as the model wrote it; `sentence` counts from 0."""

    sentence: int
    words: str
    claim: str
    queries: tuple[str, ...]


def _read(raw: str) -> list[_Entry]:
    """The entries that are some. Raises UnreadableReply."""
    entries = read_json(raw).get("claims")
    if not isinstance(entries, list):
        raise UnreadableReply("The model wrote no claims that can be read.", "Choose another ASSISTANT_LLM.")
    return [entry for value in entries if (entry := _entry(value)) is not None]


def _entry(value: Any) -> _Entry | None:
    if not isinstance(value, dict) or type(value.get("sentence")) is not int:
        return None
    words, claim, queries = value.get("words", ""), value.get("claim"), value.get("queries", [])
    if not isinstance(words, str) or not isinstance(claim, str) or not isinstance(queries, list):
        return None
    texts = (" ".join(query.split()) for query in queries if isinstance(query, str))
    fit = (text for text in texts if len(text) <= QUERY_CHARS and any(map(str.isalnum, text)))
    return _Entry(value["sentence"] - 1, words, " ".join(claim.split()), tuple(dict.fromkeys(fit))[:QUERIES])


def _take(run: _Run, batch: Sequence[int], entries: Sequence[_Entry]) -> None:
    """Keep what the model says of the sentences that it was asked about, where it is faithful."""
    for i in batch:
        own = [entry for entry in entries if entry.sentence == i]
        place = _place(run, i)
        said = _placed(place, own)
        fault = fault_of(place, said) if said else Fault.PLACE if own else Fault.LEFT_OUT
        if fault:
            run.faults[i] = fault
            continue
        run.by_model[i] = tuple(_claim(run.text[one.start : one.end], one) for one in said)
        run.queries |= {
            claim: entry.queries for claim, entry in zip(run.by_model[i], own, strict=True) if entry.queries
        }


def _claim(here: str, said: Said) -> Claim:
    same = fold(here).text.strip(_EDGES) == fold(said.words).text.strip(_EDGES)
    return Claim(here, said.start, said.end, ClaimKind.FACT, here if same else said.words)


def _place(run: _Run, i: int) -> Place:
    sentence = run.sentences[i]
    before = tuple(value for value in find_values(run.text, None, run.language) if value.end <= sentence.start)
    return Place(
        run.text, sentence.start, sentence.end, sentence.claims, before,
        phrase(word.term for word in comparable_words(run.text) if word.end <= sentence.start), run.language,
    )  # fmt: skip


def _placed(place: Place, entries: Sequence[_Entry]) -> list[Said]:
    """The claims with their places, in order; none when a place is missing, or two of them overlap."""
    if len(entries) == 1:
        return [Said(place.start, place.end, entries[0].claim)]
    said: list[Said] = []
    for entry in entries[: CLAIMS + 1]:
        found = _find(entry.words, place, said[-1].end if said else place.start)
        if found is None:
            return []
        said.append(Said(*found, entry.claim))
    return said if len(said) <= CLAIMS else []


def _find(words: str, place: Place, start: int) -> tuple[int, int] | None:
    """Where these words stand in the sentence from `start` on, whole words in a row, typography aside."""
    wanted = fold(words).text.strip(_EDGES)
    folded = fold(place.text[start : place.end])
    match = re.search(rf"(?<!\w){re.escape(wanted)}(?!\w)", folded.text) if wanted else None
    if match is None:
        return None
    low, high = folded.original_range(*match.span())
    rest = place.text[start + high : place.end]
    return start + low, place.end if not any(map(str.isalnum, rest)) else start + high


def _fault_note(run: _Run) -> str:
    """ "3 of 12 sentences were split by rule: the model changed a number (2), ..."."""
    if not run.faults:
        return ""
    counts = Counter(run.faults.values())
    reasons = ", ".join(f"{fault} ({n})" if len(counts) > 1 else str(fault) for fault, n in counts.most_common())
    one = len(run.faults) == 1
    sentences = "1 sentence" if run.n_asked == 1 else f"{len(run.faults)} of {run.n_asked} sentences"
    return f"{sentences} {'was' if one else 'were'} split by rule: {reasons}."
