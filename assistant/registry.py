"""Names to implementations: `find("embedders", "minilm")` is what the file embedders/minilm.py makes.

A shelf is a subpackage of `assistant`. Each file on it whose name has no leading underscore is one implementation and
has a function `make(...)`; the shelf's `__init__` says with which arguments and what it returns. Other packages join by
an entry point in the group `assistant.<shelf>`.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Callable, Mapping
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from typing import Any

from assistant.errors import UnknownName
from assistant.text import nearest


def names(shelf: str) -> list[str]:
    """Every name on the shelf, sorted."""
    return sorted({*_own(shelf), *_joined(shelf)})


def find_all(shelf: str) -> list[Callable[..., Any]]:
    """The `make` of every implementation, sorted by name; looks only once at what is installed."""
    joined = _joined(shelf)
    return [_load(shelf, name, joined) for name in sorted({*_own(shelf), *joined})]


def find(shelf: str, name: str) -> Callable[..., Any]:
    """The `make` of that implementation. Raises UnknownName with the nearest name and the list."""
    joined = _joined(shelf)
    own = _own(shelf)
    if name in joined or name in own:
        return _load(shelf, name, joined)
    known = sorted({*own, *joined})
    near = nearest(name, known)
    raise UnknownName(
        f"There is no {name!r} among the {shelf}.",
        (f"Did you mean {near!r}? " if near else "") + f"Known: {', '.join(known)}.",
    )


def _load(shelf: str, name: str, joined: Mapping[str, EntryPoint]) -> Callable[..., Any]:
    if name in joined:
        return joined[name].load()  # type: ignore[no-any-return]
    return import_module(f"assistant.{shelf}.{name}").make  # type: ignore[no-any-return]


def _joined(shelf: str) -> dict[str, EntryPoint]:
    return {point.name: point for point in entry_points(group=f"assistant.{shelf}")}


def _own(shelf: str) -> list[str]:
    package = import_module(f"assistant.{shelf}")
    return [module.name for module in pkgutil.iter_modules(package.__path__) if not module.name.startswith("_")]
