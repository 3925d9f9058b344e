"""A row's fields to typed values. A field that is not what it should be raises BadRow with the reason."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from assistant.cases import says_none
from assistant.types import Label

Fields = Mapping[str, Any]


class BadRow(Exception):
    """A row that is no case; the message is the reason."""


def case_id(row: Fields, default: str, key: str = "id") -> str:
    """The row's name, or `default` when it has none."""
    name = row.get(key)
    if name is None:
        return default
    if isinstance(name, str | int) and not isinstance(name, bool) and str(name).strip():
        return str(name)
    raise BadRow(f"`{key}` is {name!r}, not a name")


def text(row: Fields, key: str) -> str:
    found = row.get(key)
    if isinstance(found, str) and found.strip():
        return found
    if found is None:
        raise BadRow(f"has no `{key}`")
    raise BadRow(f"`{key}` is {found!r}, not a text")


def optional_text(row: Fields, key: str) -> str:
    """ "" when the key is missing, null or blank."""
    found = row.get(key)
    return text(row, key) if found and str(found).strip() else ""


def texts(row: Fields, key: str, *, blanks: bool = False) -> tuple[str, ...]:
    """A list of texts, or one text alone; () when the key is missing, null or "". `blanks` in it are kept, or an error."""
    found = row.get(key)
    items = [found] if isinstance(found, str) and found else found or []
    if not isinstance(items, list) or not all(isinstance(item, str) and (blanks or item.strip()) for item in items):
        raise BadRow(f"`{key}` is {found!r}, not a list of texts")
    return tuple(items)


def first_filled(row: Fields, *keys: str) -> tuple[str, ...]:
    """The texts of the first of these keys that has any."""
    return next((found for key in keys if (found := texts(row, key))), ())


def flag(row: Fields, key: str, default: bool) -> bool:
    found = row.get(key)
    if found is None:
        return default
    if not isinstance(found, bool):
        raise BadRow(f"`{key}` is {found!r}, not true or false")
    return found


def day(row: Fields, key: str = "date") -> date | None:
    """YYYY-MM-DD or YYYY/MM/DD; None when the key is missing, null or empty."""
    found = row.get(key)
    if found is None or found == "":
        return None
    try:
        return date.fromisoformat(found.replace("/", "-"))
    except (AttributeError, ValueError):
        raise BadRow(f"`{key}` is {found!r}, not YYYY-MM-DD") from None


# -- labels

_SPELLINGS = {
    Label.SUPPORTED: "supported, supports, support, true, entailment, entailed, entails",
    Label.REFUTED: "refuted, refutes, refute, false, contradiction, contradicted, contradicts",
    Label.CONFLICTING: "conflicting, conflicting evidence, conflicting evidence cherrypicking, "
    "conflicting evidence cherry picking, cherrypicking, disputed",
    Label.NOT_ENOUGH: "not enough evidence, not enough, not enough info, not enough information, nei, neutral, "
    "not supported, unsupported, partially supported, partial, unverifiable",
}
_LABELS = {spelling: label for label, spellings in _SPELLINGS.items() for spelling in spellings.split(", ")}


def label(row: Fields, key: str = "label") -> Label:
    """The verdict, in whatever spelling of it is in use: "SUPPORTS", "Not Enough Evidence", "Conflicting
    Evidence/Cherrypicking", "partially_supported" (WiCE: not all of the claim is shown, hence not enough).
    """
    found = row.get(key)
    if found is None or found == "":
        raise BadRow(f"has no `{key}`: a claim needs its verdict")
    known = _LABELS.get(" ".join(re.findall("[a-z]+", str(found).casefold())))
    if known is None:
        raise BadRow(f"`{key}` is {found!r}, none of {', '.join(Label)}")
    return known


# -- choices


def none_offered(choices: Sequence[str]) -> int | None:
    """Which of the choices says that none of the others is right."""
    return next((index for index, choice in enumerate(choices) if says_none(choice)), None)


def indices(row: Fields, key: str, n: int) -> tuple[int, ...]:
    """0-based positions among n choices, as numbers or digits, one alone or a list."""
    found = row.get(key)
    items = found if isinstance(found, list) else [] if found is None else [found]
    if not all(re.fullmatch("[0-9]{1,4}", str(item)) for item in items):
        raise BadRow(f"`{key}` is {found!r}, not a list of positions")
    chosen = tuple(dict.fromkeys(int(item) for item in items))
    if any(index >= n for index in chosen):
        raise BadRow(f"`{key}` is {found!r}, but there are {n} choices, counted from 0")
    return chosen
