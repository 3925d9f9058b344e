"""all-MiniLM-L6-v2 to one vector a word piece: writes assistant/embedders/static-pieces.npy, in half a minute.

    python -m benchmarks.distil_static

Each piece goes through the model alone, as [CLS] piece [SEP]; its own output state, less the mean over all words, is turned
to the 256 principal axes, each divided by the square root of its deviation (half-whitened), and stored as 8-bit integers.
No text is read: the table holds nothing but the model's view of its own vocabulary.

The same machine and packages give the same bytes. Another processor or ONNX Runtime may differ in the last bit of a
float, and then in single steps of the integers: put the printed sha256 into assistant/embedders/static.py.
"""

from __future__ import annotations

import hashlib

import numpy as np
import onnxruntime

from assistant.embedders.minilm import VOCABULARY, model_file
from assistant.embedders.static import FIRST_WORD, TABLE

CLS, SEP = 101, 102
AXES = 256
BATCH = 64


def output_states(pieces: int) -> np.ndarray:
    """(pieces, 384): the last hidden state of each piece of the vocabulary between [CLS] and [SEP]."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(model_file(), options, providers=["CPUExecutionProvider"])
    states = []
    for first in range(0, pieces, BATCH):
        piece = np.arange(first, min(first + BATCH, pieces))
        ids = np.stack([np.full_like(piece, CLS), piece, np.full_like(piece, SEP)], axis=1)
        inputs = {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": np.zeros_like(ids)}
        states.append(session.run(None, inputs)[0][:, 1])
    return np.concatenate(states)


def half_whitened(states: np.ndarray) -> np.ndarray:
    """(n, AXES) float64: the axes of most deviation among whole words, in float64 and with fixed signs."""
    centred = states.astype(np.float64) - states[FIRST_WORD:].mean(axis=0, dtype=np.float64)
    variances, axes = np.linalg.eigh(np.cov(centred[FIRST_WORD:].T))
    axes = axes[:, ::-1][:, :AXES]
    axes *= np.sign(axes[np.abs(axes).argmax(axis=0), np.arange(AXES)])
    return centred @ axes / variances[::-1][:AXES] ** 0.25  # type: ignore[no-any-return]


def as_bytes(rows: np.ndarray) -> np.ndarray:
    """int8, each row scaled so that its largest entry is 127 in size."""
    return np.round(127 * rows / np.abs(rows).max(axis=1, keepdims=True)).astype(np.int8)


def main() -> None:
    pieces = len(VOCABULARY.read_text(encoding="utf-8").splitlines())
    np.save(TABLE, as_bytes(half_whitened(output_states(pieces))))
    print(TABLE.name, TABLE.stat().st_size, "bytes, sha256", hashlib.sha256(TABLE.read_bytes()).hexdigest())


if __name__ == "__main__":
    main()
