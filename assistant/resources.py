"""Where the project's own data files are: beside the package in a checkout, inside it in an installed wheel."""

from __future__ import annotations

from pathlib import Path

PACKAGE = Path(__file__).resolve().parent


def checkout() -> Path | None:
    """The root of the checkout that this package runs from, None when it is installed."""
    root = PACKAGE.parent
    return root if (root / "pyproject.toml").is_file() and (root / "prompts").is_dir() else None


def data_dir(name: str) -> Path:
    """The folder `prompts` or `corpus`."""
    root = checkout()
    return root / name if root else PACKAGE / "_data" / name
