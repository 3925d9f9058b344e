"""A classifier for natural language inference that is small enough to read: the tests' stand-in for a downloaded model.

    write_model(folder)                                       # config.json, tokenizer.json, model.onnx
    write_model(folder, labels=("neutral", "entailment", "contradiction"))

It really computes: a claim whose content words all stand in the premise is entailed, or contradicted where one of the two has a
negation; a claim with a further content word is neutral. What is premise and what is claim it sees by the separator between
them, or by token types.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from onnx import TensorProto, helper, numpy_helper, save_model
from tokenizers import AddedToken, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors

NLI = ("entailment", "neutral", "contradiction")
WORDS = (
    "council bridge closed opened ferry mayor road weeks eleven port north voted river harbour filler "
    "he it she they talks ended".split()
)
NEGATIONS = ["not", "never"]
FUNCTION_WORDS = (
    'the a of for was were is will be in on and said . , ? " - : choose your answer based paragraph above can we conclude that '
    "options yes no i think".split()
)
SPECIALS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]"]
VOCABULARY = {word: i for i, word in enumerate([*SPECIALS, *WORDS, *NEGATIONS, *FUNCTION_WORDS])}
SURE = 8.0  # logit of the right label


@dataclass(frozen=True)
class Build:
    """How a model is made."""

    labels: Sequence[str] = NLI
    by_token_types: bool = False
    separators: Sequence[str] = ("[SEP]",)
    """What ends the premise, and then the claim."""
    two_separators: bool = False
    """Whether the tokenizer's pair has two between premise and claim, as RoBERTa's."""
    quantised: bool = False
    graph: str = "model.onnx"
    positions: int = 64


def write_model(folder: Path, build: Build | None = None, **config: object) -> Path:
    """The folder with the three files. `config` overrides what config.json says; None leaves a key out."""
    build = build or Build()
    folder.mkdir(parents=True, exist_ok=True)
    names = {str(i): label for i, label in enumerate(build.labels)}
    stated: dict[str, object] = {
        "model_type": "bert",
        "id2label": names,
        "label2id": {label: int(i) for i, label in names.items()},
        "max_position_embeddings": build.positions,
        "pad_token_id": VOCABULARY["[PAD]"],
    }
    stated = {key: value for key, value in (stated | config).items() if value is not None}
    (folder / "config.json").write_text(json.dumps(stated), encoding="utf-8")
    tokenizer(build).save(str(folder / "tokenizer.json"))
    graph = folder / build.graph
    graph.parent.mkdir(exist_ok=True)
    save_model(_model(build), str(graph))
    return folder


def tokenizer(build: Build) -> Tokenizer:
    made = Tokenizer(models.WordLevel(VOCABULARY, unk_token="[UNK]"))
    made.normalizer = normalizers.Lowercase()
    made.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    made.decoder = decoders.WordPiece()
    made.add_special_tokens([AddedToken(token, special=True) for token in SPECIALS])
    between = "[SEP] [SEP]" if build.two_separators else "[SEP]"
    made.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]",
        pair=f"[CLS] $A {between} $B:1 [SEP]:1",
        special_tokens=[(token, VOCABULARY[token]) for token in ("[CLS]", "[SEP]")],
    )
    # A tokenizer.json often carries the settings of its training; a reader has to undo them.
    made.enable_padding(length=48)
    made.enable_truncation(48)
    return made


def _model(build: Build) -> object:
    rows = [("input_ids", TensorProto.INT64), ("attention_mask", TensorProto.INT64)]
    if build.by_token_types:
        rows.append(("token_type_ids", TensorProto.INT64))
    inputs = [helper.make_tensor_value_info(name, kind, ["batch", "sequence"]) for name, kind in rows]
    outputs = [helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["batch", len(build.labels)])]
    graph = helper.make_graph(_nodes(build), "tiny_nli", inputs, outputs, _constants(build))
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)


def _constants(build: Build) -> list[TensorProto]:
    content = np.array([word in WORDS for word in VOCABULARY], dtype=np.float32)
    negations = np.array([word in NEGATIONS for word in VOCABULARY], dtype=np.float32)
    separators = np.array([VOCABULARY[word] for word in build.separators], dtype=np.int64)
    values = {
        "vocabulary": np.array(len(VOCABULARY), dtype=np.int64),
        "on_off": np.array([0, 1], dtype=np.float32),
        "content": content[:, None],
        "negations": negations[:, None],
        "separators": separators[None, None, :],
        "along": np.array(1, dtype=np.int64),
        "last": np.array([2], dtype=np.int64),
        "rows": np.array([1], dtype=np.int64),
        "zero": np.array(0, dtype=np.float32),
        "one": np.array(1, dtype=np.float32),
        "sure": np.array(SURE, dtype=np.float32),
        "little": np.array(2, dtype=np.float32),
        "order": np.array(_order(build.labels), dtype=np.int64),
    }
    return [numpy_helper.from_array(value, name) for name, value in values.items()]


def _order(labels: Sequence[str]) -> list[int]:
    """For every label the logit that it shows: entailment 0, neutral 1, contradiction 2, neutral or contradiction 3."""
    plain = [label.lower() for label in labels]
    if len(labels) == 2:
        supported = next((i for i, label in enumerate(plain) if label in ("supported", "entailment")), 1)
        return [0 if i == supported else 3 for i in range(2)]
    return [next((i for i, label in enumerate(NLI) if label == wanted), 1) for wanted in plain]


def _nodes(build: Build) -> list[object]:
    node = helper.make_node
    segments = [
        node("Unsqueeze", ["input_ids", "last"], ["each"]),
        node("Equal", ["each", "separators"], ["is_separator"]),
        node("Cast", ["is_separator"], ["is_separator_f"], to=TensorProto.FLOAT),
        node("ReduceMax", ["is_separator_f"], ["ends"], axes=[2], keepdims=0),
        node("CumSum", ["ends", "along"], ["segment"], exclusive=1),
    ]
    if build.by_token_types:
        segments = [node("Cast", ["token_type_ids"], ["segment"], to=TensorProto.FLOAT)]
    return [
        *segments,
        node("Cast", ["attention_mask"], ["mask"], to=TensorProto.FLOAT),
        node("Equal", ["segment", "zero"], ["in_premise"]),
        node("Equal", ["segment", "one"], ["in_claim"]),
        node("OneHot", ["input_ids", "vocabulary", "on_off"], ["pieces"]),
        *_bag("premise"),
        *_bag("claim"),
        node("Mul", ["premise_bag", "claim_bag"], ["both"]),
        node("Sub", ["claim_bag", "both"], ["unheld"]),
        node("MatMul", ["unheld", "content"], ["missing"]),
        node("MatMul", ["premise_bag", "negations"], ["premise_not"]),
        node("MatMul", ["claim_bag", "negations"], ["claim_not"]),
        node("Sub", ["premise_not", "claim_not"], ["turned"]),
        node("Abs", ["turned"], ["polarity"]),
        # entailment = 8 (1 - missing - polarity); contradiction = 8 (polarity - missing); neutral = 8 missing - 2
        node("Sub", ["one", "missing"], ["held"]),
        node("Sub", ["held", "polarity"], ["entailed"]),
        node("Sub", ["polarity", "missing"], ["denied"]),
        node("Mul", ["entailed", "sure"], ["entailment"]),
        node("Mul", ["denied", "sure"], ["contradiction"]),
        node("Mul", ["missing", "sure"], ["open"]),
        node("Sub", ["open", "little"], ["neutral"]),
        node("Max", ["neutral", "contradiction"], ["not_entailed"]),
        node("Concat", ["entailment", "neutral", "contradiction", "not_entailed"], ["all"], axis=1),
        *_quantised(build),
        node("Gather", ["shown", "order"], ["logits"], axis=1),
    ]


def _bag(part: str) -> list[object]:
    """Which words of the vocabulary the part has, as (batch, vocabulary) of 0 and 1."""
    node = helper.make_node
    return [
        node("Cast", [f"in_{part}"], [f"{part}_f"], to=TensorProto.FLOAT),
        node("Mul", [f"{part}_f", "mask"], [f"{part}_mask"]),
        node("Unsqueeze", [f"{part}_mask", "last"], [f"{part}_column"]),
        node("Mul", ["pieces", f"{part}_column"], [f"{part}_pieces"]),
        node("ReduceMax", [f"{part}_pieces"], [f"{part}_bag"], axes=[1], keepdims=0),
    ]


def _quantised(build: Build) -> list[object]:
    """8-bit numbers whose scale comes from all rows of a batch, as dynamic quantisation makes them."""
    node = helper.make_node
    if not build.quantised:
        return [node("Identity", ["all"], ["shown"])]
    return [
        node("DynamicQuantizeLinear", ["all"], ["small", "scale", "middle"]),
        node("DequantizeLinear", ["small", "scale", "middle"], ["shown"]),
    ]
