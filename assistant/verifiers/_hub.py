"""A model's name on the Hugging Face hub to a folder with its files, fetched once.

Only the classifier's own files are fetched, from one commit, and kept as plain files under the library's home. What is there
is used without asking the hub again: a model that changed would change verdicts.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

from assistant.errors import AssistantError, ModelFilesMissing
from assistant.verifiers._classifier import GRAPHS, WEIGHTS, export_command, graph_in

NAME = re.compile(r"(?P<repo>[A-Za-z0-9][\w.-]*/[\w.-]+)(?:@(?P<revision>[\w./-]+))?")
INSTALL = "Run: pip install 'assistant[nli]'"
_NEEDED = ("config.json", "tokenizer.json")
_USEFUL = ("tokenizer_config.json",)


def fetched(name: str, models: Path) -> Path:
    """The folder of the model `owner/name` or `owner/name@revision` below `models`. Raises ModelFilesMissing."""
    folder = models / re.sub(r"[^\w.-]", "--", name)
    if graph_in(folder) is None:
        _fetch(name, folder)
    return folder


def _fetch(name: str, folder: Path) -> None:
    match = NAME.fullmatch(name)
    if match is None:
        raise ModelFilesMissing(f"There is no folder {name}.", "Set ASSISTANT_NLI_MODEL to a folder or to owner/name.")
    try:
        import huggingface_hub
    except ImportError:
        raise ModelFilesMissing(f"The package that fetches {name} is not installed.", INSTALL) from None
    endpoint = os.environ.get("HF_ENDPOINT") or "https://huggingface.co"
    try:
        info = huggingface_hub.HfApi(endpoint=endpoint).model_info(match["repo"], revision=match["revision"])
        files = {sibling.rfilename for sibling in info.siblings or ()}
        for file in _wanted(name, files, folder):
            huggingface_hub.hf_hub_download(match["repo"], file, revision=info.sha, local_dir=folder, endpoint=endpoint)
        return
    except AssistantError:
        raise
    except Exception as error:  # noqa: BLE001 - the client's errors and those of the connections below it
        failure = _explain(name, endpoint, error)
    raise failure


def _wanted(name: str, files: set[str], folder: Path) -> list[str]:
    """What to fetch; the computation last, since a folder that has it is complete."""
    graph = next((graph for graph in GRAPHS if graph in files), None)
    if graph is None:
        has = "weights for other programs" if files & set(WEIGHTS) else "no weights"
        raise ModelFilesMissing(f"The model {name} has {has} and no model.onnx.", export_command(name, str(folder)))
    if missing := [file for file in _NEEDED if file not in files]:
        raise ModelFilesMissing(f"The model {name} has no {missing[0]}.", export_command(name, str(folder)))
    useful = [file for file in (*_USEFUL, f"{graph}_data", f"{graph}.data") if file in files]
    return [*_NEEDED, *useful, graph]


def _explain(name: str, endpoint: str, error: Any) -> ModelFilesMissing:
    host = re.sub(r"^\w+://(?:[^/@]*@)?", "", endpoint).partition("/")[0]
    status = getattr(getattr(error, "response", None), "status_code", None)
    if status in (401, 403, 404):
        return ModelFilesMissing(
            f"There is no folder {name}, and {host} gives out no model of that name (HTTP {status}).",
            "Check ASSISTANT_NLI_MODEL; a model that asks for consent needs HF_TOKEN.",
        )
    return ModelFilesMissing(
        f"The model {name} can't be fetched from {host} ({type(error).__name__}).",
        "Ask again with a network, or copy its folder here and set ASSISTANT_NLI_MODEL to it.",
    )
