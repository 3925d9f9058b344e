"""Every embedder of the shelf keeps one contract; the two MiniLMs differ in arithmetic only; servers that embed may fail."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import fake_server
import numpy as np
import pytest
from fake_server import FakeServer, closed_port, unit_vector
from samples import write_articles

from assistant import Assistant
from assistant.embedders import Embedder, _served, fingerprint, load_embedder, minilm, minilm8
from assistant.errors import ModelFailed, ModelFilesMissing
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


# --- Over the network

KEY = "sk-secret-of-the-tests"
SERVED = "openai:embed-1"


@pytest.fixture
def served(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., FakeServer]]:
    """Starts a server and makes it the embedders'; the limits of a call are short."""
    running: list[FakeServer] = []
    monkeypatch.setattr(_served, "QUESTION_S", 1.0)
    monkeypatch.setattr(_served, "BATCH_S", 2.0)
    monkeypatch.setenv("OPENAI_API_KEY", KEY)

    def start(mode: str = "ok") -> FakeServer:
        running.append(FakeServer(mode).__enter__())
        monkeypatch.setenv("OPENAI_BASE_URL", running[-1].url)
        return running[-1]

    yield start
    for server in running:
        server.__exit__()


def connect(name: str = SERVED) -> Embedder:
    return load_embedder(Settings(embedder=name))


def lacking(monkeypatch: pytest.MonkeyPatch, refused: Callable[[list[str]], bool], status: int) -> str:
    """The mode of a server that refuses such inputs."""

    def behave(handler: Any) -> None:
        if refused(handler.body["input"]):
            handler.refuse(status, "input is too large to process")
        else:
            fake_server._embeddings(handler)

    monkeypatch.setitem(fake_server.MODES, "lacking", behave)
    monkeypatch.setattr(fake_server, "_FAULTS", fake_server._FAULTS | {behave})
    return "lacking"


class TestOverTheNetwork:
    def test_texts_go_as_they_are_and_come_back_as_unit_rows(self, served: Callable[..., FakeServer]) -> None:
        server = served()

        rows = connect().embed_passages([FERRY, SHIP])
        question = connect().embed_question(BUDGET)

        np.testing.assert_allclose(rows, [unit_vector(FERRY), unit_vector(SHIP)], atol=1e-6)
        np.testing.assert_allclose(question, unit_vector(BUDGET), atol=1e-6)
        assert [(call.path, call.body["model"], call.body["input"]) for call in server.calls] == [
            ("/v1/embeddings", "embed-1", [FERRY, SHIP]),
            ("/v1/embeddings", "embed-1", [BUDGET]),
        ]
        assert server.calls[0].headers["authorization"] == f"Bearer {KEY}"

    def test_a_server_of_ones_own_needs_no_key(
        self, served: Callable[..., FakeServer], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        served()
        monkeypatch.delenv("OPENAI_API_KEY")

        assert connect().embed_question(FERRY).shape == (32,)

    @pytest.mark.parametrize(
        ("name", "variables", "says"),
        [
            (SERVED, {}, "There is no key for openai:embed-1. Set OPENAI_API_KEY, or OPENAI_BASE_URL"),
            (SERVED, {"OPENAI_BASE_URL": "127.0.0.1:8080"}, "OPENAI_BASE_URL is no web address"),
            (
                "cohere:embed-v4",
                {},
                "The package for cohere:embed-v4 is not installed. Run: pip install langchain-cohere",
            ),
            ("azure_openai:embed-1", {}, "The embedder 'azure_openai:embed-1' can't be set up"),
            ("nobody:embed-1", {}, "The embedder 'nobody:embed-1' can't be set up"),
        ],
        ids=["no key", "no address", "no package", "no endpoint", "no provider"],
    )
    def test_what_is_missing_is_said_at_the_first_text(
        self, name: str, variables: dict[str, str], says: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for variable, value in variables.items():
            monkeypatch.setenv(variable, value)
        embedder = connect(name)

        with pytest.raises(ModelFailed) as failure:
            embedder.embed_question(FERRY)
        assert says in str(failure.value)

    @pytest.mark.parametrize(
        ("mode", "says"),
        [
            ("401", "does not accept the key (HTTP 401). Check the key"),
            ("403", "may not use this model: choose another ASSISTANT_EMBEDDER"),
            ("404", "(HTTP 404). Check ASSISTANT_EMBEDDER: not every server embeds"),
            ("429", "takes no more requests for now (HTTP 429). Wait"),
            ("502", "failed (HTTP 502)"),
            ("hang", "did not embed in time"),
            ("trickle", "did not embed in time"),
            ("reset", "broke off. Try again."),
            ("html", "sent something that is no embedding"),
            ("json_of_another_kind", "sent something that is no embedding"),
            ("cut_json", "sent something that is no embedding"),
            ("redirect", "Nothing answers at"),
        ],
    )
    def test_a_fault_is_said_in_words_in_time_and_without_the_key(
        self, served: Callable[..., FakeServer], mode: str, says: str
    ) -> None:
        served(mode)
        started = time.monotonic()

        with pytest.raises(ModelFailed) as failure:
            connect().embed_question(FERRY)
        assert says in str(failure.value)
        assert time.monotonic() - started < _served.QUESTION_S + 2
        assert failure.value.__cause__ is None
        assert failure.value.__context__ is None
        assert KEY not in str(failure.value)

    def test_a_server_that_is_not_there_is_named(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(_served, "QUESTION_S", 1.0)
        monkeypatch.setenv("OPENAI_BASE_URL", closed_port().replace("http://", "http://user:hidden@"))

        with pytest.raises(ModelFailed, match=r"^Nothing answers at 127\.0\.0\.1:\d+\."):
            connect().embed_question(FERRY)

    @pytest.mark.parametrize("rows", ["[]", "[[1.0], [1.0]]", "[[NaN]]", "[[null]]", '["text"]'])
    def test_what_is_no_vector_for_each_text_is_refused(
        self, served: Callable[..., FakeServer], monkeypatch: pytest.MonkeyPatch, rows: str
    ) -> None:
        data = [{"object": "embedding", "index": i, "embedding": row} for i, row in enumerate(json.loads(rows))]

        def behave(handler: Any) -> None:
            handler.respond(200, json.dumps({"object": "list", "data": data, "model": "m", "usage": {}}))

        monkeypatch.setitem(fake_server.MODES, "odd", behave)
        monkeypatch.setattr(fake_server, "_FAULTS", fake_server._FAULTS | {behave})
        served("odd")

        with pytest.raises(ModelFailed, match="sent something that is"):
            connect().embed_question(FERRY)

    @pytest.mark.parametrize("mode", ["flaky_embeddings", "busy_embeddings"])
    def test_a_busy_server_is_asked_again(
        self, served: Callable[..., FakeServer], monkeypatch: pytest.MonkeyPatch, mode: str
    ) -> None:
        status = 503 if mode == "flaky_embeddings" else 429

        def behave(handler: Any) -> None:
            if len(handler.fake.calls) == 1:
                handler.refuse(status, "later", Retry_After="0")
            else:
                fake_server._embeddings(handler)

        monkeypatch.setitem(fake_server.MODES, mode, behave)
        monkeypatch.setattr(fake_server, "_FAULTS", fake_server._FAULTS | {behave})
        server = served(mode)

        assert connect().embed_passages([FERRY]).shape == (1, 32)
        assert len(server.calls) == 2

    def test_a_request_holds_no_more_than_openai_takes(
        self, served: Callable[..., FakeServer], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        server = served()
        monkeypatch.setattr(_served, "MOST_TEXTS", 3)
        monkeypatch.setattr(_served, "MOST_BYTES", 10)

        rows = connect().embed_passages(["aaaa", "bbbb", "cccc", "dd", "e", "", "ffffffffffff"])

        assert [call.body["input"] for call in server.calls] == [
            ["aaaa", "bbbb"], ["cccc", "dd", "e"], [" "], ["ffffffffffff"],
        ]  # fmt: skip
        np.testing.assert_allclose(rows[4], unit_vector("e"), atol=1e-6)

    @pytest.mark.parametrize("status", [400, 413, 422, 500])
    def test_a_request_that_is_too_large_is_sent_in_parts_from_then_on(
        self, served: Callable[..., FakeServer], monkeypatch: pytest.MonkeyPatch, status: int
    ) -> None:
        server = served(lacking(monkeypatch, lambda texts: len(texts) > 2, status))
        texts = [f"text {i}" for i in range(8)]

        rows = connect().embed_passages(texts)

        np.testing.assert_allclose(rows, [unit_vector(text) for text in texts], atol=1e-6)
        assert [len(call.body["input"]) for call in server.calls] == [8, 4, 2, 2, 2, 2]

    def test_a_text_that_is_too_long_is_embedded_by_its_beginning(
        self, served: Callable[..., FakeServer], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        served(lacking(monkeypatch, lambda texts: len(texts[0]) > 1000, 500))
        text = "word " * 400

        np.testing.assert_allclose(connect().embed_passages([text])[0], unit_vector(text[:1000]), atol=1e-6)

    def test_a_server_that_refuses_everything_is_given_up(self, served: Callable[..., FakeServer]) -> None:
        server = served("500")

        with pytest.raises(ModelFailed, match=r"failed \(HTTP 500\)"):
            connect().embed_passages([FERRY, SHIP, BUDGET] * 20)
        assert len(server.calls) < 10

    def test_after_a_failure_questions_do_without_for_a_while(
        self, served: Callable[..., FakeServer], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        server, embedder = served("401"), connect()
        for _ in range(3):
            with pytest.raises(ModelFailed, match="HTTP 401"):
                embedder.embed_question(FERRY)
        assert len(server.calls) == 1

        monkeypatch.setattr(_served, "PAUSE_S", 0.0)
        with pytest.raises(ModelFailed, match="HTTP 401"):
            embedder.embed_question(FERRY)
        assert len(server.calls) == 2


class TestAFailingServer:
    """What the rest of the assistant makes of it."""

    @pytest.fixture
    def assistant(self, served: Callable[..., FakeServer], tmp_path: Path) -> Iterator[Assistant]:
        server = served()
        with Assistant(tmp_path / "home", embedder=SERVED) as assistant:
            assistant.ingest(write_articles(tmp_path / "paper", [FERRY, BUDGET]))
        server.behave = fake_server.MODES["401"]
        with Assistant(tmp_path / "home", embedder=SERVED) as assistant:
            yield assistant

    def test_questions_are_answered_by_their_words(
        self, assistant: Assistant, caplog: pytest.LogCaptureFixture
    ) -> None:
        answer = assistant.ask("How many people were on board of the ferry Aurelia?")

        assert "212 people" in answer.text
        assert "Searched by words alone" in caplog.text
        assert KEY not in caplog.text

    def test_a_search_by_vectors_alone_says_why_there_is_none(self, assistant: Assistant, tmp_path: Path) -> None:
        with (
            Assistant(tmp_path / "home", embedder=SERVED, retriever="dense") as dense,
            pytest.raises(ModelFailed, match="HTTP 401"),
        ):
            dense.ask("What ran aground?")

    def test_texts_are_stored_and_embedded_later(self, assistant: Assistant, tmp_path: Path) -> None:
        with pytest.raises(ModelFailed, match="HTTP 401"):
            assistant.ingest(
                write_articles(tmp_path / "more", [SHIP + " It was pulled free by a tug after nine hours."])
            )

        assert "nine hours" in assistant.retrieve("Which tug pulled the passenger ship free?")[0].passage.text
