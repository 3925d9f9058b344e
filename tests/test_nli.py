"""The verifier nli over a small classifier that the tests make: labels, files, lengths, neighbours, a hub on loopback."""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from tiny_nli import NLI, Build, write_model

from assistant.errors import AssistantError, BadSettings, ModelFailed, ModelFilesMissing
from assistant.settings import Settings
from assistant.types import Judgement, Premise, Stance
from assistant.verifiers._classifier import Classifier, load_classifier
from assistant.verifiers._labels import form_of, read_labels
from assistant.verifiers.nli import make

SAYS, DENIES, OTHER = "The council closed the bridge.", "The bridge was not closed.", "The ferry talks ended."
CLAIM = "The bridge was closed."
SUPPORTS, REFUTES, NEUTRAL = Stance.SUPPORTS, Stance.REFUTES, Stance.NEUTRAL


class Chosen(Settings):
    """The settings with those of this verifier, which tests set freely."""

    nli_model: str = ""
    nli_threshold: float = 0.7


@pytest.fixture
def settings(tmp_path: Path) -> Callable[..., Settings]:
    def choose(**values: object) -> Settings:
        return Chosen.model_validate({"home": tmp_path / "home", "threads": 1} | values)

    return choose


Judge = Callable[..., list[Judgement]]


@pytest.fixture
def judge(settings: Callable[..., Settings], tmp_path: Path) -> Judge:
    """Judgements of a tiny model: judge(claim, premise, ..., build=Build(...))."""

    def judged(claim: str, *premises: Premise | str, build: Build | None = None, **values: object) -> list[Judgement]:
        folder = write_model(tmp_path / "model", build)
        asked = [Premise(one) if isinstance(one, str) else one for one in premises]
        return make(settings(nli_model=str(folder), **values)).judge(claim, asked)

    return judged


def classifier(folder: Path, build: Build | None = None, **config: object) -> Classifier:
    return load_classifier(write_model(folder, build, **config), str(folder), threads=1)


def stances(judgements: list[Judgement]) -> list[Stance]:
    return [one.stance for one in judgements]


# --- Judging


def test_a_premise_supports_refutes_or_does_neither(judge: Judge) -> None:
    judgements = judge(CLAIM, SAYS, DENIES, OTHER)

    assert stances(judgements) == [SUPPORTS, REFUTES, NEUTRAL]
    assert judgements[0].supports > 0.99
    assert judgements[1].refutes > 0.99
    assert all(one.supports + one.refutes <= 1 and one.why.endswith(".") for one in judgements)


@pytest.mark.parametrize(
    "labels",
    [
        pytest.param(NLI, id="as in MNLI"),
        pytest.param(("contradiction", "entailment", "neutral"), id="as in the cross-encoders"),
        pytest.param(("CONTRADICTION", "NEUTRAL", "ENTAILMENT"), id="in capitals"),
        pytest.param(("Neutral", "Contradiction", "Entailment"), id="neutral first"),
    ],
)
def test_labels_are_read_by_name_and_not_by_order(judge: Judge, labels: tuple[str, ...]) -> None:
    assert stances(judge(CLAIM, SAYS, DENIES, OTHER, build=Build(labels))) == [SUPPORTS, REFUTES, NEUTRAL]


@pytest.mark.parametrize(
    "labels",
    [
        pytest.param(("unsupported", "supported"), id="supported last"),
        pytest.param(("SUPPORTED", "NOT_SUPPORTED"), id="supported first"),
        pytest.param(("entailment", "not_entailment"), id="entailment"),
    ],
)
def test_a_model_of_two_labels_supports_and_never_refutes(judge: Judge, labels: tuple[str, ...]) -> None:
    judgements = judge(CLAIM, SAYS, DENIES, OTHER, build=Build(labels))

    assert stances(judgements) == [SUPPORTS, NEUTRAL, NEUTRAL]
    assert all(one.refutes == 0 for one in judgements)


def test_a_higher_threshold_gives_fewer_stances(judge: Judge) -> None:
    assert stances(judge(CLAIM, SAYS, DENIES, nli_threshold=0.9999)) == [NEUTRAL, NEUTRAL]


def test_no_premise_is_no_judgement(judge: Judge) -> None:
    assert judge(CLAIM) == []


@pytest.mark.parametrize("claim", ["", "   ", "?!", "…"], ids=["empty", "blank", "marks", "dots"])
def test_a_claim_without_words_is_neither_supported_nor_refuted(judge: Judge, claim: str) -> None:
    assert stances(judge(claim, SAYS, "")) == [NEUTRAL, NEUTRAL]


def test_token_types_are_given_to_a_model_that_reads_them(judge: Judge) -> None:
    assert stances(judge(CLAIM, SAYS, DENIES, OTHER, build=Build(by_token_types=True))) == [SUPPORTS, REFUTES, NEUTRAL]


@pytest.mark.parametrize("build", [Build(), Build(quantised=True)], ids=["floats", "8-bit numbers"])
def test_what_else_is_scored_changes_no_score(tmp_path: Path, build: Build) -> None:
    model = classifier(tmp_path, build)
    claim = "The council closed the road, port, river, harbour, ferry and bridge."
    premises = [claim, f"Not {claim}", SAYS, "", "filler " * 30, "The bridge."] * 3
    alone = [model.score(claim, [premise])[0] for premise in premises]

    assert model.score(claim, premises) == alone


# --- Length and surroundings


def test_a_long_premise_is_cut_and_the_claim_is_not(judge: Judge) -> None:
    late = "filler " * 100 + SAYS

    assert stances(judge(CLAIM, SAYS + " filler" * 100, late)) == [SUPPORTS, NEUTRAL]


def test_a_claim_that_leaves_no_room_is_not_judged(judge: Judge) -> None:
    (judgement,) = judge("The bridge was closed " * 20, SAYS)

    assert judgement.stance is NEUTRAL
    assert "too long" in judgement.why


def test_the_sentence_before_says_who_is_meant(judge: Judge) -> None:
    claim = "The mayor closed the bridge."
    he = "He closed the bridge."

    assert stances(judge(claim, he, Premise(he, before="The mayor spoke."))) == [NEUTRAL, SUPPORTS]


def test_neighbours_that_do_not_fit_are_left_out_whole(tmp_path: Path, judge: Judge) -> None:
    claim = "The mayor closed the bridge."
    long = Premise("He closed the bridge.", before="The mayor spoke. " + "filler " * 60)

    assert stances(judge(claim, long)) == [NEUTRAL]


def test_what_only_the_neighbour_says_is_not_said_by_the_premise(judge: Judge) -> None:
    (judgement,) = judge(CLAIM, Premise("The ferry talks ended.", before=SAYS))

    assert judgement.stance is NEUTRAL
    assert "beside this one" in judgement.why


def test_what_premise_and_neighbour_both_say_is_said_by_the_premise(judge: Judge) -> None:
    assert stances(judge(CLAIM, Premise(SAYS, before="The bridge was closed for weeks."))) == [SUPPORTS]


def test_room_counts_the_special_pieces(tmp_path: Path) -> None:
    model = classifier(tmp_path, Build(positions=20))

    assert model.room("the bridge") == 20 - 3 - 2
    assert model.cut("the bridge was closed", 2) == "the bridge"
    assert model.cut("the bridge was closed", 4) == "the bridge was closed"


def test_roberta_counts_its_positions_from_behind_the_padding(tmp_path: Path) -> None:
    model = classifier(tmp_path, model_type="xlm-roberta", max_position_embeddings=40, pad_token_id=1)

    assert model.room("") == 40 - 2 - 3


def test_a_stated_length_is_kept_and_no_limit_is_none(tmp_path: Path) -> None:
    folder = write_model(tmp_path)
    rooms = []
    for length in (30, 1e30):
        (folder / "tokenizer_config.json").write_text(json.dumps({"model_max_length": length}), encoding="utf-8")
        rooms.append(load_classifier(folder, "tiny", 1).room(""))

    assert rooms == [30 - 3, 64 - 3]


# --- What code takes back


@pytest.mark.parametrize(
    ("claim", "premise", "reason"),
    [
        pytest.param(
            "The bridge was closed for 15 weeks.", "The bridge was closed for eleven weeks.", "15", id="number"
        ),
        pytest.param("Ada Brook closed the bridge.", "Tom Weller closed the bridge.", "Ada Brook", id="name"),
        pytest.param(CLAIM, "Was the bridge closed?", "question", id="question"),
    ],
)
def test_support_that_the_words_rule_out_is_taken_back(judge: Judge, claim: str, premise: str, reason: str) -> None:
    (judgement,) = judge(claim, premise)

    assert judgement.stance is NEUTRAL
    assert reason in judgement.why
    assert judgement.supports < 0.5


# --- Forms of input


def test_special_pieces_that_an_article_spells_out_are_mere_text(tmp_path: Path) -> None:
    forged = "The ferry talks ended. [SEP] The ferry talks ended. [SEP]"

    (likelihoods,) = classifier(tmp_path).score("The river harbour.", [forged])

    assert likelihoods.supports < 0.1


def test_factcg_gets_its_instruction(tmp_path: Path) -> None:
    # With this build the claim is what stands between the instruction's words.
    build = Build(("LABEL_0", "LABEL_1"), separators=("conclude", "options"))
    model = classifier(tmp_path / "FactCG-DeBERTa-v3-Large", build, id2label=None, label2id=None)
    says, other = model.score(CLAIM, [SAYS, OTHER])

    assert says.supports > 0.9 > 0.1 > other.supports


def test_minicheck_gets_one_separator_where_its_tokenizer_has_two(tmp_path: Path) -> None:
    build = Build(("LABEL_0", "LABEL_1"), two_separators=True)
    minicheck = classifier(tmp_path / "MiniCheck-RoBERTa-Large", build, id2label=None, label2id=None)
    says, other = minicheck.score(CLAIM, [SAYS, OTHER])

    assert says.supports > 0.9 > 0.1 > other.supports


def test_the_family_is_known_by_the_name_in_the_files_too(tmp_path: Path) -> None:
    build = Build(("LABEL_0", "LABEL_1"), two_separators=True)
    model = classifier(
        tmp_path / "exported", build, id2label=None, label2id=None, _name_or_path="lytang/MiniCheck-RoBERTa-Large"
    )

    assert model.score(CLAIM, [SAYS])[0].supports > 0.9
    assert form_of("cross-encoder/nli-deberta-v3-base").is_pair


# --- Labels that can't be told


@pytest.mark.parametrize(
    ("config", "words"),
    [
        pytest.param({"id2label": {"0": "LABEL_0", "1": "LABEL_1", "2": "LABEL_2"}}, "LABEL_2", id="three unnamed"),
        pytest.param({}, "LABEL_1", id="two unnamed of no known family"),
        pytest.param({"id2label": {"0": "positive", "1": "negative"}}, "positive, negative", id="other task"),
        pytest.param({"id2label": {"0": "score"}}, "score", id="one label"),
        pytest.param({"id2label": {"0": "entailment", "1": "neutral", "2": "neutral"}}, "entailment", id="no refusal"),
        pytest.param({"id2label": {"0": "entailment", "2": "neutral"}}, "id2label", id="a gap"),
        pytest.param({"id2label": ["entailment", "neutral"]}, "id2label", id="a list"),
        pytest.param(
            {"id2label": {"0": "entailment", "1": "neutral"}, "label2id": {"entailment": 1, "neutral": 0}},
            "two orders",
            id="two orders",
        ),
    ],
)
def test_labels_that_can_not_be_told_are_refused_and_shown(config: dict[str, Any], words: str) -> None:
    with pytest.raises(BadSettings, match=words) as caught:
        read_labels(config, "somebody/model")
    assert caught.value.hint


def test_two_unnamed_labels_are_those_that_a_known_family_documents() -> None:
    labels = read_labels({}, "lytang--MiniCheck-DeBERTa-v3-Large")

    assert (labels.n, labels.supports, labels.refutes) == (2, 1, None)


# --- Files


def test_no_model_chosen_names_the_setting(settings: Callable[..., Settings]) -> None:
    with pytest.raises(BadSettings, match="ASSISTANT_NLI_MODEL"):
        make(settings()).judge(CLAIM, [Premise(SAYS)])


@pytest.mark.parametrize("graph", ["onnx/model.onnx", "onnx/model_quantized.onnx"])
def test_the_computation_may_lie_where_exporters_put_it(judge: Judge, graph: str) -> None:
    assert stances(judge(CLAIM, SAYS, build=Build(graph=graph))) == [SUPPORTS]


def remove(name: str) -> Callable[[Path], None]:
    return lambda folder: (folder / name).unlink()


def write(name: str, content: str) -> Callable[[Path], None]:
    return lambda folder: (folder / name).write_text(content, encoding="utf-8") and None


def only_torch(folder: Path) -> None:
    (folder / "model.onnx").rename(folder / "pytorch_model.bin")


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        pytest.param(remove("model.onnx"), "optimum-cli export onnx", id="no computation"),
        pytest.param(only_torch, "pytorch_model.bin and no model.onnx", id="torch only"),
        pytest.param(remove("config.json"), "config.json", id="no config"),
        pytest.param(write("config.json", "[1"), "config.json", id="broken config"),
        pytest.param(remove("tokenizer.json"), "tokenizer.json", id="no tokenizer"),
        pytest.param(write("tokenizer.json", "{}"), "tokenizer.json", id="broken tokenizer"),
        pytest.param(write("model.onnx", "no graph"), "can't be loaded", id="broken computation"),
    ],
)
def test_a_folder_that_lacks_something_is_named_with_the_next_step(
    settings: Callable[..., Settings], tmp_path: Path, spoil: Callable[[Path], None], words: str
) -> None:
    folder = write_model(tmp_path / "model")
    spoil(folder)

    with pytest.raises(ModelFilesMissing) as caught:
        make(settings(nli_model=str(folder))).judge(CLAIM, [Premise(SAYS)])

    assert words in str(caught.value)
    assert str(folder) in str(caught.value)
    assert caught.value.hint


def test_a_model_with_other_outputs_than_labels_gives_no_verdict(tmp_path: Path) -> None:
    three = {"0": "entailment", "1": "neutral", "2": "contradiction"}
    model = classifier(tmp_path, Build(("supported", "unsupported")), id2label=three, label2id=None)

    with pytest.raises(ModelFailed, match="2 scores for 3 labels"):
        model.score(CLAIM, [SAYS])


def test_weights_outside_the_folder_are_not_read(tmp_path: Path) -> None:
    from onnx import TensorProto, load_model

    folder = write_model(tmp_path / "model")
    (tmp_path / "secret").write_bytes(b"\0" * 64)
    graph = load_model(str(folder / "model.onnx"))
    weight = next(one for one in graph.graph.initializer if one.name == "content")
    weight.ClearField("raw_data")
    weight.data_location = TensorProto.EXTERNAL
    weight.external_data.add(key="location", value="../secret")
    (folder / "model.onnx").write_bytes(graph.SerializeToString())

    with pytest.raises(ModelFilesMissing, match="can't be loaded"):
        load_classifier(folder, "tiny", 1)


@hypothesis_settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(texts=st.lists(st.text(max_size=40), max_size=3), claim=st.text(max_size=60), beside=st.text(max_size=40))
def test_no_text_crashes_the_judge(shared_model: Settings, texts: list[str], claim: str, beside: str) -> None:
    judgements = make(shared_model).judge(claim, [Premise(text, before=beside, after=beside) for text in texts])

    assert len(judgements) == len(texts)
    assert all(0 <= one.supports <= 1 and 0 <= one.refutes <= 1 for one in judgements)


@pytest.fixture(scope="module")
def shared_model(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder = write_model(tmp_path_factory.mktemp("shared") / "model")
    return Chosen.model_validate({"home": folder, "threads": 1, "nli_model": str(folder)})


# --- The hub

COMMIT = "0123456789abcdef0123456789abcdef01234567"


class Hub(BaseHTTPRequestHandler):
    """As much of the Hugging Face hub as fetching files takes."""

    folder: Path
    asked: list[str]

    def do_HEAD(self) -> None:
        self._serve(body=False)

    def do_GET(self) -> None:
        self._serve(body=True)

    def _serve(self, *, body: bool) -> None:
        self.asked.append(self.path)
        path = self.path.partition("?")[0]
        if path.startswith("/api/models/somebody/tiny-nli"):
            files = [{"rfilename": str(p.relative_to(self.folder))} for p in self.folder.rglob("*") if p.is_file()]
            answer = {"id": "somebody/tiny-nli", "sha": COMMIT, "siblings": files}
            return self._send(200, json.dumps(answer).encode(), body=body)
        file = self.folder / path.removeprefix(f"/somebody/tiny-nli/resolve/{COMMIT}/")
        if file.is_file():
            return self._send(200, file.read_bytes(), body=body)
        return self._send(404, b"", body=body, error="RepoNotFound")

    def _send(self, status: int, content: bytes, *, body: bool, error: str = "") -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json" if "/api/" in self.path else "application/octet-stream")
        self.send_header("Content-Length", str(len(content)))
        self.send_header("ETag", f'"{hash(content) & 0xFFFFFFFF:x}"')
        self.send_header("X-Repo-Commit", COMMIT)
        if error:
            self.send_header("X-Error-Code", error)
        self.end_headers()
        if body:
            self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:
        pass


@contextmanager
def hub(folder: Path) -> Iterator[tuple[str, list[str]]]:
    """(its address, the paths it was asked for)."""
    handler = type("OneHub", (Hub,), {"folder": folder, "asked": []})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}", handler.asked  # type: ignore[attr-defined]
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture
def published(tmp_path: Path) -> Path:
    """What somebody published: a model, and files that nobody needs here."""
    folder = write_model(tmp_path / "published", Build(graph="onnx/model.onnx"))
    (folder / "pytorch_model.bin").write_bytes(b"pickle")
    (folder / "modeling_tiny.py").write_text("raise SystemExit", encoding="utf-8")
    return folder


def test_a_name_is_fetched_once_and_only_what_is_needed(
    settings: Callable[..., Settings], monkeypatch: pytest.MonkeyPatch, published: Path, tmp_path: Path
) -> None:
    with hub(published) as (address, asked):
        monkeypatch.setenv("HF_ENDPOINT", address)
        chosen = settings(nli_model="somebody/tiny-nli@main")
        assert stances(make(chosen).judge(CLAIM, [Premise(SAYS)])) == [SUPPORTS]
    assert all(COMMIT in path for path in asked if "/resolve/" in path)

    # The hub is gone; the files are not.
    assert stances(make(chosen).judge(CLAIM, [Premise(SAYS)])) == [SUPPORTS]
    kept = {p.name for p in (tmp_path / "home" / "models").rglob("*") if p.is_file() and ".cache" not in p.parts}
    assert kept == {"config.json", "tokenizer.json", "model.onnx"}


def test_a_published_model_without_onnx_says_how_to_export_it(
    settings: Callable[..., Settings], monkeypatch: pytest.MonkeyPatch, published: Path
) -> None:
    (published / "onnx" / "model.onnx").unlink()
    with hub(published) as (address, _):
        monkeypatch.setenv("HF_ENDPOINT", address)
        with pytest.raises(ModelFilesMissing) as caught:
            make(settings(nli_model="somebody/tiny-nli")).judge(CLAIM, [Premise(SAYS)])

    assert "no model.onnx" in caught.value.message
    assert "optimum-cli export onnx --model somebody/tiny-nli" in caught.value.hint


@pytest.mark.parametrize(
    ("name", "words"),
    [
        pytest.param("somebody/other", "HTTP 404", id="unknown to the hub"),
        pytest.param("./models/nli", "no folder", id="a folder that is not there"),
        pytest.param("nli", "no folder", id="no name of a hub"),
        pytest.param("../../etc/passwd", "no folder", id="a path upwards"),
    ],
)
def test_a_model_that_is_nowhere_is_an_error_with_the_next_step(
    settings: Callable[..., Settings], monkeypatch: pytest.MonkeyPatch, published: Path, name: str, words: str
) -> None:
    with hub(published) as (address, _):
        monkeypatch.setenv("HF_ENDPOINT", address)
        with pytest.raises(ModelFilesMissing) as caught:
            make(settings(nli_model=name)).judge(CLAIM, [Premise(SAYS)])

    assert words in caught.value.message
    assert "ASSISTANT_NLI_MODEL" in caught.value.hint


def test_without_a_network_the_error_names_the_model_and_no_password(
    settings: Callable[..., Settings], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_ENDPOINT", "http://me:hunter2@127.0.0.1:9")
    with pytest.raises(ModelFilesMissing, match="somebody/tiny-nli can't be fetched from 127.0.0.1:9") as caught:
        make(settings(nli_model="somebody/tiny-nli")).judge(CLAIM, [Premise(SAYS)])

    assert "hunter2" not in str(caught.value)


def test_without_the_package_the_error_is_the_command_that_installs_it(
    settings: Callable[..., Settings], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "huggingface_hub", None)
    with pytest.raises(AssistantError, match=r"pip install 'assistant\[nli\]'"):
        make(settings(nli_model="somebody/tiny-nli")).judge(CLAIM, [Premise(SAYS)])
