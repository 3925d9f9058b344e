"""A folder with an exported sequence classifier to likelihoods: premises and a claim to (supports, refutes), on the CPU.

The folder holds config.json, tokenizer.json and model.onnx, as `optimum-cli export onnx --task text-classification` writes
them. All three are data: nothing of a model is run as Python, and no pickle is opened.
"""

from __future__ import annotations

import json
import mmap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.errors import BadSettings, ModelFailed, ModelFilesMissing
from assistant.verifiers._labels import Form, Labels, form_of, read_labels

if TYPE_CHECKING:
    import numpy as np

GRAPHS = ("model.onnx", "onnx/model.onnx", "onnx/model_quantized.onnx", "model_quantized.onnx")
WEIGHTS = ("model.safetensors", "pytorch_model.bin", "tf_model.h5")
MAX_PIECES = 512
BATCH = 8
_KNOWN_INPUTS = {"input_ids", "attention_mask", "token_type_ids"}
_UNBOUNDED = 10**6  # tokenizer_config.json writes "no limit" as 1e30


@dataclass(frozen=True, slots=True)
class Likelihoods:
    """Both 0..1; together at most 1."""

    supports: float
    refutes: float


def graph_in(folder: Path) -> Path | None:
    """The computation that would be run; the exact one before the quantised one."""
    return next((folder / name for name in GRAPHS if (folder / name).is_file()), None)


def load_classifier(folder: Path, name: str, threads: int) -> Classifier:
    """Raises ModelFilesMissing or BadSettings when the folder holds no classifier that can be run here."""
    graph = graph_in(folder)
    if graph is None:
        raise _no_graph(folder, name)
    config = _read_json(folder / "config.json", name)
    called = f"{folder.resolve().name} {config.get('_name_or_path', '')}".strip()
    labels = read_labels(config, called)
    tokenizer = _load_tokenizer(folder / "tokenizer.json", name)
    session = _load_session(graph, name, threads)
    return Classifier(session, tokenizer, labels, form_of(called), _Limits.read(config, folder, session, graph))


def export_command(name: str, folder: str) -> str:
    return (
        f"Run: pip install 'optimum-onnx[onnxruntime]' && optimum-cli export onnx --model {name} "
        f"--task text-classification {folder}"
    )


@dataclass(frozen=True, slots=True)
class _Limits:
    """What the model can take."""

    pieces: int
    batch: int
    padding: int
    """The id that fills up the shorter rows."""
    length: int | None
    """The one length that the graph takes, None for any."""

    @classmethod
    def read(cls, config: dict[str, Any], folder: Path, session: Any, graph: Path) -> _Limits:
        inputs = {node.name: node.shape for node in session.get_inputs()}
        rows, length = inputs["input_ids"]
        length = length if isinstance(length, int) else None
        alone = isinstance(rows, int) or "attention_mask" not in inputs or _is_quantised(graph)
        pieces = min(_longest(config, folder), length or MAX_PIECES)
        return cls(pieces, 1 if alone else BATCH, int(config.get("pad_token_id") or 0), length)


class Classifier:
    """Thread-safe. Special tokens that an article spells out ("[SEP]") are mere text to it."""

    def __init__(self, session: Any, tokenizer: Any, labels: Labels, form: Form, limits: _Limits) -> None:
        self.labels = labels
        self._session = session
        self._tokenizer = tokenizer
        self._form = form
        self._limits = limits
        self._types = {node.name: node.type.removeprefix("tensor(").rstrip(")") for node in session.get_inputs()}
        outputs = [node.name for node in session.get_outputs()]
        self._output = "logits" if "logits" in outputs else outputs[0]

    def room(self, claim: str) -> int:
        """How many pieces a premise may have beside the claim."""
        return self._limits.pieces - len(self._encode("", claim)[0])

    def count(self, text: str) -> int:
        return len(self._tokenizer.encode(_encodable(text), add_special_tokens=False).ids)

    def cut(self, text: str, pieces: int) -> str:
        """The beginning of the text that has at most so many pieces."""
        encoding = self._tokenizer.encode(_encodable(text), add_special_tokens=False)
        return text if len(encoding.ids) <= pieces else text[: encoding.offsets[pieces - 1][1]]

    def score(self, claim: str, premises: Sequence[str]) -> list[Likelihoods]:
        """One a premise, in order. Rows of like length are computed together."""
        rows = [self._encode(premise, claim) for premise in premises]
        found: dict[int, Likelihoods] = {}
        for batch in _batches(rows, self._limits.batch):
            found |= zip(batch, self._run([rows[row] for row in batch]), strict=True)
        return [found[row] for row in range(len(rows))]

    def _encode(self, premise: str, claim: str) -> _Row:
        premise, claim = _encodable(premise), _encodable(claim)
        if not self._form.is_pair:
            text = f"{premise}{self._form.between}{claim}{self._form.after}"
            encoding = self._tokenizer.encode(text)
            return encoding.ids, encoding.type_ids
        encoding = self._tokenizer.encode(premise, claim)
        row = list(zip(encoding.ids, encoding.type_ids, encoding.special_tokens_mask, strict=True))
        if self._form.one_separator:
            row = [one for i, one in enumerate(row) if not (i and one[2] and row[i - 1][2] and one[0] == row[i - 1][0])]
        return [one[0] for one in row], [one[1] for one in row]

    def _run(self, rows: Sequence[_Row]) -> list[Likelihoods]:
        import numpy as np

        width = self._limits.length or max(len(ids) for ids, _ in rows)
        arrays = {
            "input_ids": _padded([ids for ids, _ in rows], width, self._limits.padding),
            "attention_mask": _padded([[1] * len(ids) for ids, _ in rows], width, 0),
            "token_type_ids": _padded([types for _, types in rows], width, 0),
        }
        feed = {name: arrays[name].astype(kind) for name, kind in self._types.items()}
        (logits,) = self._session.run([self._output], feed)
        if logits.shape != (len(rows), self.labels.n):
            raise ModelFailed(
                f"The model gives {logits.shape[-1]} scores for {self.labels.n} labels.", "Export it again."
            )
        shifted = np.exp(logits.astype(np.float64) - logits.max(axis=-1, keepdims=True))
        return [self._likelihoods(row) for row in shifted / shifted.sum(axis=-1, keepdims=True)]

    def _likelihoods(self, softmax: np.ndarray) -> Likelihoods:
        if not all(0 <= share <= 1 for share in softmax):
            raise ModelFailed("The model gives no number as its score.", "Choose another ASSISTANT_NLI_MODEL.")
        refutes = 0.0 if self.labels.refutes is None else float(softmax[self.labels.refutes])
        return Likelihoods(round(float(softmax[self.labels.supports]), 4), round(refutes, 4))


_Row = tuple[list[int], list[int]]  # ids of pieces, and of the segments they belong to


def _batches(rows: Sequence[_Row], size: int) -> Iterator[list[int]]:
    by_length = sorted(range(len(rows)), key=lambda row: -len(rows[row][0]))
    for start in range(0, len(by_length), size):
        yield by_length[start : start + size]


def _padded(rows: Sequence[Sequence[int]], width: int, padding: int) -> np.ndarray:
    import numpy as np

    return np.array([[*row, *[padding] * (width - len(row))] for row in rows])


def _encodable(text: str) -> str:
    """Without lone surrogates, which can't be encoded; as long as before."""
    return text.encode("utf-8", "replace").decode()


# --- Files ------------------------------------------------------------------------------------------------------------


def _read_json(path: Path, name: str) -> dict[str, Any]:
    try:
        values = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        values = None
    if not isinstance(values, dict):
        raise ModelFilesMissing(
            f"The model {name} has no readable {path.name} in {path.parent}.", "Fetch or export it again."
        )
    return values


def _load_tokenizer(path: Path, name: str) -> Any:
    from tokenizers import Tokenizer

    missing = ModelFilesMissing(
        f"The model {name} has no readable tokenizer.json in {path.parent}.", export_command(name, str(path.parent))
    )
    if not path.is_file():
        raise missing
    try:
        tokenizer = Tokenizer.from_file(str(path))
    except Exception:  # noqa: BLE001 - the library raises plain Exceptions
        raise missing from None
    tokenizer.no_padding()
    tokenizer.no_truncation()
    tokenizer.encode_special_tokens = True
    return tokenizer


def _load_session(graph: Path, name: str, threads: int) -> Any:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads, options.inter_op_num_threads = threads, 1
    options.enable_mem_pattern = False  # texts differ in length, so patterns are never used again
    options.log_severity_level = 3
    try:
        session = onnxruntime.InferenceSession(str(graph), options, providers=["CPUExecutionProvider"])
    except Exception as error:
        raise ModelFilesMissing(
            f"The model {name} can't be loaded from {graph} ({type(error).__name__}).", "Fetch or export it again."
        ) from error
    wanted = {node.name for node in session.get_inputs()}
    if "input_ids" not in wanted or not wanted <= _KNOWN_INPUTS:
        raise BadSettings(
            f"The model {name} takes {', '.join(sorted(wanted))}, which a sequence classifier does not.",
            "Export it with --task text-classification.",
        )
    return session


def _longest(config: dict[str, Any], folder: Path) -> int:
    """The most pieces that the model has positions for."""
    limits = [MAX_PIECES]
    if isinstance(positions := config.get("max_position_embeddings"), int) and positions > 0:
        # RoBERTa counts positions from the one after its padding.
        is_roberta = "roberta" in str(config.get("model_type", ""))
        limits.append(positions - (int(config.get("pad_token_id") or 0) + 1 if is_roberta else 0))
    settings = folder / "tokenizer_config.json"
    stated = _read_json(settings, folder.name).get("model_max_length") if settings.is_file() else None
    if isinstance(stated, int | float) and 0 < stated < _UNBOUNDED:
        limits.append(int(stated))
    return min(limits)


def _is_quantised(graph: Path) -> bool:
    """Whether the graph scales its 8-bit numbers by all that is in a batch, so that neighbours would change a score."""
    with graph.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        return content.find(b"DynamicQuantizeLinear") >= 0


def _no_graph(folder: Path, name: str) -> ModelFilesMissing:
    weights = next((weights for weights in WEIGHTS if (folder / weights).is_file()), None)
    if weights is None:
        return ModelFilesMissing(f"There is no model.onnx in {folder}.", export_command(name, str(folder)))
    return ModelFilesMissing(
        f"The model in {folder} has {weights} and no model.onnx; only ONNX is read.",
        export_command(str(folder), f"{folder}-onnx"),
    )
