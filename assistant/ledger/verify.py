"""A ledger and a library to what has drifted: articles, quotations, and what the same question comes to today."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from assistant.errors import AssistantError
from assistant.ledger.places import context, first_change, first_difference, sha256_of
from assistant.ledger.record import Ledger, Result, article_facts, content_digest, spans_of, verdicts_of
from assistant.library import Library
from assistant.types import Answer, Article, ArticleRow, FactCheck, Filters, QuoteCheck, Turn

_INEXACT = {"refused"}  # words of a model that no article holds
_COMPARED = ("evidence", "citation", "place", "conflict")


@dataclass(frozen=True, slots=True)
class Drift:
    """One thing that is not as it was recorded."""

    thing: str
    """ "ledger", "article", "quotation", "settings", "verdict", "evidence", "answer" or "replay"."""
    what: str
    """One sentence for the reader."""
    recorded: str | None = None
    found: str | None = None
    """None when it is not there at all."""
    article_id: str | None = None
    at: int | None = None
    """The first character of the article's text, as it is, that differs."""
    context: str = ""
    """The text around it, as it is."""


class Replayer(Protocol):
    """What can do the same again: an Assistant."""

    def check(self, text: str, *, filters: Filters = ...) -> FactCheck: ...

    def ask(self, question: str, *, history: Sequence[Turn] = ..., filters: Filters = ...) -> Answer: ...

    def quote(self, words: str, *, by: str | None = ..., article: str | None = ...) -> QuoteCheck: ...


Recheck = Callable[[Ledger], Result]


def recheck_with(assistant: Replayer) -> Recheck:
    """Asks again what the ledger records, with its filters and its as-of date; settings are the assistant's own."""

    def recheck(ledger: Ledger) -> Result:
        if ledger["kind"] == "quote":
            return assistant.quote(ledger["text"], by=ledger["by"], article=ledger["article"])
        if ledger["kind"] == "check":
            return assistant.check(ledger["text"], filters=_filters(ledger))
        history = tuple(Turn(turn["question"], turn["answer"]) for turn in ledger["history"])
        return assistant.ask(ledger["text"], history=history, filters=_filters(ledger))

    return recheck


def verify_ledger(ledger: Ledger, library: Library, *, recheck: Recheck | None = None) -> list[Drift]:
    """Everything that drifted since, worst first: the ledger itself, its articles, its quotations, then the replay.

    `recheck` does the same again (`recheck_with(assistant)`); without it nothing is replayed. An empty list means that every
    article and quotation is as recorded and, with `recheck`, that verdicts and evidence are the same.
    """
    spans = [span for span in ledger["spans"] if span["role"] not in _INEXACT]
    known = [article["id"] for article in ledger["articles"]]
    stored = library.articles(list({*known, *(span["article_id"] for span in spans)}))
    rows = {row.facts.id: row for row in library.article_rows(include_replaced=True)}
    drifts = [*_ledger_drift(ledger), *_embedder_drift(ledger, library)]
    for recorded in ledger["articles"]:
        drifts += _article_drift(recorded, stored.get(recorded["id"]), rows)
    for span in spans:
        article = stored.get(span["article_id"])
        if article is not None:
            drifts += _quotation_drift(span, article)
        elif span["article_id"] not in known:
            said = "An article that a quotation comes from is neither recorded nor in the library."
            drifts.append(Drift("article", said, span["quote"], None, span["article_id"]))
    drifts = list(dict.fromkeys(drifts))
    return drifts if recheck is None else [*drifts, *_replay_drift(ledger, recheck)]


# -- as it is stored


def _ledger_drift(ledger: Ledger) -> Iterator[Drift]:
    found = content_digest(ledger)
    if found != ledger["sha256"]:
        yield Drift("ledger", "The ledger itself was changed after it was saved.", ledger["sha256"], found)


def _embedder_drift(ledger: Ledger, library: Library) -> Iterator[Drift]:
    recorded, found = ledger["provenance"].get("embedder"), library.embedder()
    if isinstance(recorded, str) and recorded != found:
        yield Drift("settings", "The library's vectors come from another embedder.", recorded, found)


def _article_drift(
    recorded: Mapping[str, Any], article: Article | None, rows: Mapping[str, ArticleRow]
) -> Iterator[Drift]:
    if article is None:
        yield Drift(
            "article", f"{_name(recorded)} is no longer in the library.", recorded["sha256"], None, recorded["id"]
        )
        return
    yield from _text_drift(recorded, article)
    facts = article_facts(article)
    for name, found in facts.items():
        if recorded[name] != found:
            said = f"{_name(recorded)}: {name} was {recorded[name] or 'unknown'}, is {found or 'unknown'}."
            yield Drift("article", said, recorded[name], found, article.id)
    row = rows.get(article.id)
    if row is not None and not row.current:
        newer = next((one.facts.id for one in rows.values() if one.current and one.facts.url == article.url), None)
        said = f"{_name(recorded)} was replaced by a newer version."
        yield Drift("article", said, article.id, newer, article.id)


def _text_drift(recorded: Mapping[str, Any], article: Article) -> Iterator[Drift]:
    digest = sha256_of(article.text)
    if digest == recorded["sha256"]:
        return
    change = first_change(recorded["blocks"], recorded["characters"], article.text)
    around = context(article.text, change.start, change.end)
    if change.was is None:
        where = f"between characters {change.start} and {change.end}"
        was, found = None, article.text[change.start : change.end]
    else:
        where = f"at character {change.start}"
        was, found = change.was, article.text[change.start : change.end]
        where += f": “{was}” is “{found}”" if len(found) <= 1 else ""
    said = f"The text of {_name(recorded)} was changed {where}."
    yield Drift(
        "article", said, was if was is not None else recorded["sha256"], found, article.id, change.start, around
    )


def _quotation_drift(span: Mapping[str, Any], article: Article) -> Iterator[Drift]:
    found = article.text[span["start"] : span["end"]]
    if found == span["quote"]:
        return
    at = span["start"] + first_difference(span["quote"], found)
    place = f"characters {span['start']}-{span['end']}"
    said = f"A quotation no longer stands at {place} of {_name(article_facts(article))}; it differs from character {at} on."
    yield Drift("quotation", said, span["quote"], found, article.id, at, context(article.text, at, at))


def _name(facts: Mapping[str, Any]) -> str:
    title = facts["title"] or "untitled"
    return f"“{title}” ({', '.join(filter(None, (facts['publisher'], facts['published'])))})"


# -- as it comes out today


def _replay_drift(ledger: Ledger, recheck: Recheck) -> Iterator[Drift]:
    try:
        result = recheck(ledger)
    except AssistantError as error:
        yield Drift("replay", f"The same can't be asked again. {error}", ledger["kind"], None)
        return
    recorded, found = ledger["verdicts"], verdicts_of(result)
    if [row.get("text") for row in recorded[1:]] != [row.get("text") for row in found[1:]]:
        said = f"The text came apart into {len(recorded) - 1} claims, comes apart into {len(found) - 1} others."
        yield Drift("verdict", said, str(len(recorded) - 1), str(len(found) - 1))
        recorded, found = recorded[:1], found[:1]
    for before, after in zip(recorded, found, strict=True):
        yield from _verdict_drift(before, after)
    yield from _evidence_drift(ledger["spans"], list(spans_of(result, {})))


def _verdict_drift(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Drift]:
    of = "" if before["claim"] is None else f" of claim {before['claim'] + 1}"
    if before["label"] != after["label"]:
        said = f"The verdict{of} was {_words(before['label'])}, is {_words(after['label'])}."
        yield Drift("verdict", said, before["label"], after["label"])
    elif before["claim"] is None and before.get("text") != after.get("text"):
        at = first_difference(str(before.get("text")), str(after.get("text")))
        yield Drift("answer", f"The answer differs from character {at} on.", before.get("text"), after.get("text"))


def _evidence_drift(recorded: Sequence[Mapping[str, Any]], found: Sequence[Mapping[str, Any]]) -> Iterator[Drift]:
    before, after = ({_key(row): row for row in rows if row["role"] in _COMPARED} for rows in (recorded, found))
    for key in before.keys() - after.keys():
        yield _evidence(before[key], "is not found again", recorded=True)
    for key in after.keys() - before.keys():
        yield _evidence(after[key], "was not there before", recorded=False)
    for key in before.keys() & after.keys():
        one, other = (rows[key].get("stance") for rows in (before, after))
        if one != other:
            said = f"A sentence of {before[key]['article_id'][:12]} was taken otherwise: {one}, then {other}."
            yield Drift("evidence", said, one, other, before[key]["article_id"], before[key]["start"])


def _evidence(row: Mapping[str, Any], said: str, *, recorded: bool) -> Drift:
    of = "" if row["claim"] is None else f" for claim {row['claim'] + 1}"
    place = f"characters {row['start']}-{row['end']} of {row['article_id'][:12]}"
    what = f"The {row['role']}{of} at {place} {said}."
    before, after = (row["quote"], None) if recorded else (None, row["quote"])
    return Drift("evidence", what, before, after, row["article_id"], row["start"])


def _key(row: Mapping[str, Any]) -> tuple[Any, ...]:
    return row["role"], row["claim"], row["article_id"], row["start"], row["end"]


def _words(label: str | None) -> str:
    return label.replace("_", " ") if label else "none"


def _filters(ledger: Ledger) -> Filters:
    told: dict[str, str | None] = ledger["filters"]
    days = {name: date.fromisoformat(day) if (day := told[name]) else None for name in ("since", "until", "as_of")}
    return Filters(told["publisher"], **days)
