"""Every embedder of the shelf keeps one contract; the two MiniLMs differ in arithmetic only."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from assistant.embedders import Embedder, fingerprint, load_embedder, minilm, minilm8
from assistant.errors import ModelFilesMissing
from assistant.registry import names
from assistant.settings import Settings

EMBEDDERS = names("embedders")
FERRY = "The ferry Aurelia ran aground off Port Haldane on Sunday with 212 people on board."
SHIP = "A passenger ship got stuck near the harbour at the weekend."
BUDGET = "Parliament passed the budget after a night of debate on taxes and pensions."
TEXTS = [FERRY, SHIP, BUDGET, "Où est l’été?", "日本語", "", "🙂", "word " * 2000]

Load = Callable[[str], Embedder]


@pytest.fixture(scope="module")
def load(tmp_path_factory: pytest.TempPathFactory) -> Load:
    """Each embedder once; model files are read at its first text."""
    home = tmp_path_factory.mktemp("home")
    made: dict[str, Embedder] = {}
    return lambda name: made.setdefault(name, load_embedder(Settings(home=home, embedder=name)))


@pytest.mark.parametrize("name", EMBEDDERS)
def test_every_text_gets_a_row_of_length_one(name: str, load: Load) -> None:
    rows = load(name).embed_passages(TEXTS)

    assert rows.dtype == np.float32
    assert len(rows) == len(TEXTS)
    np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)


@pytest.mark.parametrize("name", EMBEDDERS)
def test_a_vector_depends_on_its_own_text_alone(name: str, load: Load) -> None:
    rows = load(name).embed_passages(TEXTS)

    for text, row in zip(TEXTS, rows, strict=True):
        np.testing.assert_allclose(load(name).embed_question(text), row, atol=1e-6)


@pytest.mark.parametrize("name", EMBEDDERS)
def test_no_texts_are_no_rows(name: str, load: Load) -> None:
    assert len(load(name).embeddings.embed_documents([])) == 0


@pytest.mark.parametrize("name", EMBEDDERS)
def test_the_same_story_in_other_words_is_nearer_than_another_story(name: str, load: Load) -> None:
    ferry, ship, budget = load(name).embed_passages([FERRY, SHIP, BUDGET])

    assert ferry @ ship > ferry @ budget + 0.1


def test_no_two_embedders_share_a_fingerprint() -> None:
    assert len({fingerprint(name) for name in EMBEDDERS}) == len(EMBEDDERS)


@pytest.mark.parametrize("threads", [1, 2, 3])
def test_threads_do_not_change_minilms_vectors(threads: int) -> None:
    texts = [FERRY, SHIP, BUDGET] * 3

    np.testing.assert_array_equal(minilm.MiniLM(threads).encode(texts), minilm.MiniLM(1).encode(texts))


def test_minilms_own_graph_gives_the_vectors_of_the_packages_graph(load: Load) -> None:
    import onnxruntime

    session = onnxruntime.InferenceSession(minilm.model_file(), providers=["CPUExecutionProvider"])
    tokenizer = minilm.load_tokenizer(minilm.MAX_PIECES)
    for text, row in zip(TEXTS, load("minilm").embed_passages(TEXTS), strict=True):
        ids = np.array([tokenizer.encode(text).ids])
        inputs = {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": np.zeros_like(ids)}
        pooled = session.run(None, inputs)[0][0].mean(axis=0)
        np.testing.assert_allclose(row, pooled / np.linalg.norm(pooled), atol=2e-6)


def test_eight_bits_keep_minilms_directions(load: Load) -> None:
    exact, rounded = (load(name).embed_passages([FERRY, SHIP, BUDGET]) for name in ("minilm", "minilm8"))

    assert (exact * rounded).sum(axis=1).min() > 0.99


def test_wide_sums_give_the_same_vectors() -> None:
    plain, wide = (
        minilm.MiniLM(1, minilm.Graph(minilm8.GRAPH, minilm8.GRAPH_SHA256, wide_sums)) for wide_sums in (False, True)
    )

    if minilm8.needs_wide_sums():
        pytest.skip("This processor's plain sums may overflow.")
    np.testing.assert_allclose(plain.encode([FERRY, BUDGET]), wide.encode([FERRY, BUDGET]), atol=1e-5)


@pytest.mark.parametrize(
    ("machine", "flags", "wide"),
    [
        pytest.param("x86_64", "flags: avx2 avx512_vnni", False, id="VNNI sums in 32 bits"),
        pytest.param("x86_64", "flags: avx2", True, id="AVX2 alone sums in 16 bits"),
        pytest.param("AMD64", None, True, id="a processor that says nothing"),
        pytest.param("arm64", None, False, id="ARM sums in 32 bits"),
    ],
)
def test_sums_that_could_overflow_are_widened(
    machine: str, flags: str | None, wide: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    processor = tmp_path / "cpuinfo"
    if flags:
        processor.write_text(flags, encoding="utf-8")
    monkeypatch.setattr(minilm8.platform, "machine", lambda: machine)
    monkeypatch.setattr(minilm8, "PROCESSOR", processor)

    assert minilm8.needs_wide_sums() == wide


def test_a_graph_that_was_altered_is_refused(tmp_path: Path) -> None:
    altered = tmp_path / "minilm.onnx"
    altered.write_bytes(minilm.GRAPH.path.read_bytes() + b"\0")

    with pytest.raises(ModelFilesMissing, match=r"minilm\.onnx was altered"):
        minilm.MiniLM(1, minilm.Graph(altered, minilm.GRAPH.sha256)).encode([FERRY])
