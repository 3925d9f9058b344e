"""A fact-check assistant: answers from news articles, each beside the exact words it rests on."""

from __future__ import annotations

from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from assistant.api import Assistant as Assistant
    from assistant.errors import AssistantError as AssistantError
    from assistant.settings import Settings as Settings
    from assistant.settings import load_settings as load_settings
    from assistant.types import Answer as Answer
    from assistant.types import Article as Article
    from assistant.types import Citation as Citation
    from assistant.types import Filters as Filters
    from assistant.types import Hit as Hit
    from assistant.types import Span as Span
    from assistant.types import Turn as Turn

_HOMES = {
    "Assistant": "assistant.api",
    "AssistantError": "assistant.errors",
    "Settings": "assistant.settings",
    "load_settings": "assistant.settings",
    **dict.fromkeys(("Answer", "Article", "Citation", "Filters", "Hit", "Span", "Turn"), "assistant.types"),
}

__all__ = [
    "Answer",
    "Article",
    "Assistant",
    "AssistantError",
    "Citation",
    "Filters",
    "Hit",
    "Settings",
    "Span",
    "Turn",
    "__version__",
    "load_settings",
]

try:
    __version__ = version("assistant")
except PackageNotFoundError:  # run from a checkout that was never installed
    __version__ = "0"


def __getattr__(name: str) -> Any:
    # Imported at first use (PEP 562): `import assistant` stays cheap for those who need one name of it.
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'assistant' has no attribute {name!r}")
