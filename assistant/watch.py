"""Saved claims, judged again when articles arrive: what was said of each, and what changed it.

They are judged by rule, without the chat model that may have a view of a checked text: nobody sees that view here, and a
verdict then changes only with the articles. One JSON file beside the library, read and written whole under a lock and
replaced in one step, so that a killed process leaves the former one.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from filelock import FileLock

from assistant.errors import LibraryDamaged, WrongUse
from assistant.text import canonical_text
from assistant.types import Evidence, FactCheck, Filters, Label, Span

if TYPE_CHECKING:
    from assistant.checking import Checker

FILE = "watched.json"
FORMAT = 1
ID_DIGITS = 8

Check = Callable[[str], FactCheck]


def by_rule(checker: Checker) -> Check:
    """How saved claims are judged: by the checker without its chat model, so that nothing is asked or paid for."""
    ruled = replace(checker, model=None)
    return lambda text: ruled.check(text, Filters())


@dataclass(frozen=True, slots=True)
class Watched:
    """A saved claim and its last verdict."""

    id: str
    """The first digits of the claim's sha256."""
    text: str
    label: Label
    why: str
    checked: datetime
    """UTC."""
    behind: tuple[Span, ...] = ()
    """The evidence that decided."""


@dataclass(frozen=True, slots=True)
class Change:
    """A saved claim whose verdict is another one than before."""

    before: Watched
    after: Watched
    evidence: tuple[Evidence, ...]
    """What decides and did not before, best first; empty when the verdict changed because evidence went away."""


class WatchList:
    """The saved claims of one library folder."""

    def __init__(self, home: Path) -> None:
        self._path = home / FILE

    def claims(self) -> tuple[Watched, ...]:
        """In the order in which they were saved. Raises LibraryDamaged when the file can't be read."""
        return tuple(_read(self._path))

    def add(self, text: str, check: Check) -> tuple[Watched, FactCheck]:
        """Save a claim with its verdict of this moment; one that is saved already is judged again."""
        text = canonical_text(text).strip()
        judged = check(text)
        added = _watched(text, judged)
        with self._changing() as claims:
            others = [one for one in claims if one.id != added.id]
            claims[:] = [*others, added]
        return added, judged

    def remove(self, name: str) -> Watched:
        """Forget a claim, by its id or a beginning of it. Raises WrongUse when none or several have it."""
        with self._changing() as claims:
            found = [one for one in claims if name and one.id.startswith(name.casefold())]
            if len(found) != 1:
                problem = "No saved claim has" if not found else f"{len(found)} saved claims have"
                raise WrongUse(f"{problem} the id {name!r}.", "Run: assistant watch, which lists them.")
            claims.remove(found[0])
        return found[0]

    def review(self, check: Check) -> list[Change]:
        """Judge every saved claim again; the changes, in the order in which the claims were saved."""
        changes, verdicts = [], {}
        for before in self.claims():
            judged = check(before.text)
            after = _watched(before.text, judged)
            verdicts[before.id] = after
            if after.label is not before.label:
                news = tuple(one for one in _deciding(judged) if one.span not in before.behind)
                changes.append(Change(before, after, news))
        with self._changing() as claims:
            claims[:] = [verdicts.get(one.id, one) for one in claims]
        return changes

    @contextmanager
    def _changing(self) -> Iterator[list[Watched]]:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(f"{self._path}.lock"):
            claims = _read(self._path)
            yield claims
            _write(self._path, claims)


def _watched(text: str, check: FactCheck) -> Watched:
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    behind = tuple(one.span for one in _deciding(check))
    return Watched(digest[:ID_DIGITS], text, check.verdict.label, check.verdict.why, datetime.now(UTC), behind)


def _deciding(check: FactCheck) -> list[Evidence]:
    return [one for checked in check.claims for one in checked.evidence if one.decides and one.stance != "neutral"]


# --- The file ---------------------------------------------------------------------------------------------------------


def _read(path: Path) -> list[Watched]:
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        if document["format"] != FORMAT:
            raise ValueError(f"format {document['format']!r}")
        return [_from_json(row) for row in document["claims"]]
    except FileNotFoundError:
        return []
    except (ValueError, KeyError, TypeError) as error:
        raise LibraryDamaged(
            f"The saved claims in {path} can't be read: {error}.", f"Mend the file or move it away: {path}"
        ) from None


def _write(path: Path, claims: Sequence[Watched]) -> None:
    document = {"format": FORMAT, "claims": [_to_json(one) for one in claims]}
    draft = path.with_suffix(".new")
    draft.write_text(json.dumps(document, ensure_ascii=True, indent=1), encoding="utf-8")
    os.replace(draft, path)


def _to_json(one: Watched) -> dict[str, Any]:
    return {
        "id": one.id,
        "text": one.text,
        "label": str(one.label),
        "why": one.why,
        "checked": one.checked.isoformat(),
        "behind": [[span.article_id, span.start, span.end] for span in one.behind],
    }


def _from_json(row: dict[str, Any]) -> Watched:
    return Watched(
        row["id"],
        row["text"],
        Label(row["label"]),
        row["why"],
        datetime.fromisoformat(row["checked"]),
        tuple(Span(*span) for span in row["behind"]),
    )
