"""all-MiniLM-L6-v2 computed with 8-bit integers: less than half of the CPU seconds of `minilm`, nearly its vectors.

Same weights, word pieces and dimensions. Each row that enters a matrix product is rounded to 255 steps of its own largest
value; cosine to the vectors of `minilm`: 0.998 on average (docs/decisions/embedder.md).
"""

from __future__ import annotations

import platform
from pathlib import Path

from assistant.embedders import minilm
from assistant.embedders.minilm import MAX_PIECES, MODEL_SHA256, Graph, MiniLM
from assistant.settings import Settings

FINGERPRINT = f"minilm8-{MODEL_SHA256[:8]}-{MAX_PIECES}"
GRAPH = Path(__file__).with_name("minilm8.onnx")
GRAPH_SHA256 = "b632af037e24d88c1d06a9681b4fe4762e7c84dc3eeea5fe2be01978189b92cd"
PROCESSOR = Path("/proc/cpuinfo")  # on Linux


def make(settings: Settings) -> MiniLM:
    return MiniLM(settings.threads, Graph(GRAPH, GRAPH_SHA256, wide_sums=needs_wide_sums()))


def check_files() -> None:
    """Raises ModelFilesMissing unless all files are here and unaltered."""
    minilm.check_files(Graph(GRAPH, GRAPH_SHA256))


def needs_wide_sums() -> bool:
    """x86 processors without VNNI add pairs of 8-bit products in 16 bits, which can overflow.

    ONNX Runtime can widen them first. That takes 1.8 times as long, so it is left out where the processor is known to have
    VNNI; the vectors are the same.
    """
    if platform.machine().lower() not in ("x86_64", "amd64"):
        return False
    return not (PROCESSOR.is_file() and "vnni" in PROCESSOR.read_text(encoding="utf-8", errors="replace"))
