"""The lines of docs/models.md, read from the page itself: what request they make, and what becomes of one that is refused.

Nothing here leaves this machine: the hosts of the page are replaced by a server made for the tests, their paths are kept.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import fake_server
import numpy as np
import openai
import pytest
from fake_server import Call, FakeServer
from local_model import INSTALL, LocalServer, model_file, serve_model

from assistant.chat_models import (
    Ask,
    Binding,
    Budget,
    ChatModel,
    Reply,
    json_object,
    models,
    read_json,
    server_name,
)
from assistant.embedders import _served, load_embedder
from assistant.errors import ModelFailed
from assistant.resources import checkout
from assistant.settings import Settings, load_settings, variables

PAGE = (checkout() or Path()) / "docs" / "models.md"
SCHEMA = json_object({"city": {"type": "string", "enum": ["Haldane"]}})
ASK = Ask("answer", lambda binding: ("answer@2", f"Which city? Reply as {binding}."), SCHEMA, pinned=True)
CITY = '{"city": "Haldane"}'

pytestmark = pytest.mark.skipif(not PAGE.is_file(), reason="The page is part of a checkout, not of the package.")


def blocks() -> dict[str, dict[str, str]]:
    """By heading, the variables of the first block of lines under it."""
    found: dict[str, dict[str, str]] = {}
    sections = re.split(r"^#{2,3} (.+)$", PAGE.read_text("utf-8") if PAGE.is_file() else "", flags=re.MULTILINE)
    for heading, text in zip(sections[1::2], sections[2::2], strict=True):
        if block := re.search(r"^```sh\n(.*?)^```", text, re.DOTALL | re.MULTILINE):
            found[heading] = dict(line.split("=", 1) for line in block[1].splitlines())
    return found


BLOCKS = blocks()


@dataclass(frozen=True)
class Expected:
    """What a kind of server is sent."""

    path: str
    model: str
    key: str | None
    limits: set[str]
    header: str = "authorization"


OWN = {"max_completion_tokens", "max_tokens"}
KINDS = {
    "OpenAI": Expected("/v1/chat/completions", "gpt-5-mini", "Bearer YOUR-KEY", {"max_completion_tokens"}),
    "Azure, v1 endpoint": Expected("/openai/v1/chat/completions", "DEPLOYMENT", "Bearer YOUR-KEY", OWN),
    "Azure, deployment endpoint": Expected(
        "/openai/deployments/DEPLOYMENT/chat/completions?api-version=2024-10-21",
        "DEPLOYMENT",
        "YOUR-KEY",
        {"max_completion_tokens"},
        "api-key",
    ),
    "vLLM": Expected("/v1/chat/completions", "Qwen/Qwen3-8B", "Bearer local", OWN),
    "Ollama": Expected("/v1/chat/completions", "qwen3:8b", "Bearer none", OWN),
    "llama.cpp": Expected("/v1/chat/completions", "local", "Bearer none", OWN),
    "Gateways": Expected("/api/v1/chat/completions", "openai/gpt-5-mini", "Bearer YOUR-KEY", OWN),
}
each_kind = pytest.mark.parametrize("kind", KINDS)

Serve = Callable[..., tuple[FakeServer, Settings]]


@pytest.fixture
def serve(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Serve]:
    """Sets the page's lines of a kind of server, its host replaced by a server in this mode."""
    running: list[FakeServer] = []

    def start(kind: str, mode: str = "ok", **more: Any) -> tuple[FakeServer, Settings]:
        server = FakeServer(mode, reply=lambda request: CITY).__enter__()
        running.append(server)
        for name, value in BLOCKS[kind].items():
            url = urlsplit(value) if value.startswith("http") else None
            monkeypatch.setenv(name, f"http://127.0.0.1:{server.port}{url.path}" if url else value)
        if kind == "OpenAI":
            # The client alone is told of the other server: the request is made as for OpenAI's own.
            monkeypatch.setenv("OPENAI_BASE_URL", server.url)
            monkeypatch.setattr(models, "openai_base_url", lambda: "")
        return server, load_settings(home=tmp_path, llm_timeout_s=20.0, **more)

    yield start
    for server in running:
        server.__exit__()


def complete(settings: Settings) -> tuple[Reply, Budget]:
    budget = Budget(settings)
    return ChatModel(settings).complete(ASK, budget), budget


def limits(call: Call) -> set[str]:
    return {name for name in OWN if name in call.body}


class TestThePage:
    def test_it_has_lines_for_every_kind_that_is_tested(self) -> None:
        assert {*KINDS, "Other providers"} <= {*BLOCKS}

    def test_every_line_of_the_assistants_names_a_setting(self) -> None:
        named = set(re.findall(r"ASSISTANT_[A-Z_]+", PAGE.read_text("utf-8"))) - {"ASSISTANT_"}

        assert named <= {*variables()}

    def test_the_limits_of_the_page_are_the_defaults(self) -> None:
        listed = dict(re.findall(r"^\| `(ASSISTANT_LLM_\w+)=(\d*)` \|", PAGE.read_text("utf-8"), re.MULTILINE))
        defaults = Settings.model_construct()
        known = {name: getattr(defaults, variables()[name]) for name in listed}

        assert len(listed) == 6
        assert {name: float(value) if value else None for name, value in listed.items()} == known

    def test_every_source_is_cited_and_every_citation_has_a_source(self) -> None:
        text, _, sources = PAGE.read_text("utf-8").partition("## Sources")

        assert set(re.findall(r"\[(\d+)\](?!\()", text)) == set(re.findall(r"^(\d+)\. ", sources, re.MULTILINE))


class TestWhatTheLinesSend:
    @each_kind
    def test_the_request_goes_to_the_right_address_with_the_right_key(self, kind: str, serve: Serve) -> None:
        server, settings = serve(kind)
        expected = KINDS[kind]

        complete(settings)

        [call] = server.calls
        assert call.path == expected.path
        assert call.headers.get(expected.header) == expected.key
        assert call.body["model"] == expected.model

    @each_kind
    def test_the_request_binds_the_reply_counts_its_tokens_and_limits_it(self, kind: str, serve: Serve) -> None:
        server, settings = serve(kind)

        reply, budget = complete(settings)

        body = server.calls[0].body
        assert body["response_format"]["json_schema"]["schema"] == SCHEMA
        assert body["stream_options"] == {"include_usage": True}
        assert (body["temperature"], body["seed"], body["stream"]) == (0.0, 7, True)
        assert {body[name] for name in KINDS[kind].limits} == {2000}
        assert limits(server.calls[0]) == KINDS[kind].limits
        assert read_json(reply.raw) == {"city": "Haldane"}
        assert budget.calls[0].usage.exact
        assert budget.calls[0].usage.tokens == 366

    @each_kind
    def test_the_key_is_in_its_header_and_nowhere_else(self, kind: str, serve: Serve) -> None:
        server, settings = serve(kind)

        complete(settings)

        elsewhere = {**server.calls[0].headers, KINDS[kind].header: ""}
        assert "YOUR-KEY" not in f"{elsewhere} {server.calls[0].body} {server.calls[0].path}"
        assert all(b"YOUR-KEY" not in file.read_bytes() for file in settings.home.rglob("*") if file.is_file())

    @each_kind
    def test_the_second_time_nothing_is_sent(self, kind: str, serve: Serve) -> None:
        server, settings = serve(kind)
        complete(settings)

        reply, budget = complete(settings)

        assert reply.raw == CITY
        assert len(server.calls) == 1
        assert budget.calls[0].cached

    def test_another_provider_is_named_with_the_package_it_needs(
        self, serve: Serve, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        server, settings = serve("Other providers")

        assert server_name(settings) == "The provider of anthropic:claude-haiku-4-5"
        with pytest.raises(ModelFailed, match="pip install langchain-anthropic"):
            complete(settings)
        assert not server.calls


def takes_one_limit(handler: Any) -> None:
    """OpenAI's gpt-5 family, and what passes requests on to it: the newer name of the limit, and that one alone."""
    if "max_tokens" not in handler.body:
        fake_server._ok(handler)
    elif "max_completion_tokens" in handler.body:
        handler.refuse(400, "Setting 'max_tokens' and 'max_completion_tokens' at the same time is not supported.")
    else:
        handler.refuse(400, "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead.")


PASSED_ON = ["Azure, v1 endpoint", "Gateways"]


class TestWhatIsRefused:
    """Each mode is what a server of that kind is known to refuse; see the page's sources."""

    @pytest.mark.parametrize(
        ("kind", "mode", "binding", "without"),
        [
            ("OpenAI", "refuses_temperature", Binding.SCHEMA, {"temperature"}),
            ("OpenAI", "refuses_max_tokens", Binding.SCHEMA, {"max_tokens"}),
            ("Azure, deployment endpoint", "refuses_stream_options", Binding.SCHEMA, {"stream_options"}),
            ("Azure, deployment endpoint", "no_schema", Binding.JSON, set()),
            ("vLLM", "refuses_max_completion_tokens", Binding.SCHEMA, {"max_completion_tokens"}),
            ("Ollama", "no_schema", Binding.JSON, set()),
            ("llama.cpp", "no_json", Binding.TEXT, {"response_format"}),
            ("Gateways", "refuses_seed", Binding.SCHEMA, {"seed"}),
            ("Gateways", "refuses_max_tokens", Binding.SCHEMA, {"max_tokens"}),
            ("Gateways", "no_streaming", Binding.SCHEMA, set()),
        ],
    )
    def test_it_is_left_out_and_the_reply_comes(
        self, kind: str, mode: str, binding: Binding, without: set[str], serve: Serve
    ) -> None:
        server, settings = serve(kind, mode)

        reply, budget = complete(settings)

        assert reply.raw == CITY
        assert reply.binding == binding
        assert not without & {*server.calls[-1].body}
        assert limits(server.calls[-1]) == KINDS[kind].limits - without
        assert budget.calls[-1].failed == ""

    def test_it_is_remembered(self, serve: Serve) -> None:
        server, settings = serve("Gateways", "refuses_temperature", llm_cache=False)
        model = ChatModel(settings)
        model.complete(ASK, Budget(settings))
        refused = len(server.calls) - 1

        model.complete(ASK, Budget(settings))

        assert refused >= 1
        assert len(server.calls) == refused + 2

    @pytest.mark.parametrize("kind", ["OpenAI", *PASSED_ON])
    def test_a_server_that_takes_one_name_of_the_limit_gets_it(
        self, kind: str, serve: Serve, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setitem(fake_server.MODES, "takes_one_limit", takes_one_limit)
        server, settings = serve(kind, "takes_one_limit")

        complete(settings)

        assert limits(server.calls[-1]) == {"max_completion_tokens"}

    @pytest.mark.parametrize(
        ("form", "bindings"),
        [("schema", ["json_schema", None]), ("json", ["json_object", None]), ("text", [None])],
    )
    def test_the_form_of_the_settings_is_where_it_begins(
        self, form: str, bindings: list[str | None], serve: Serve
    ) -> None:
        server, settings = serve("llama.cpp", "no_json", llm_form=form)

        complete(settings)

        sent = [(call.body.get("response_format") or {}).get("type") for call in server.calls]
        assert sorted(set(sent), key=sent.index) == bindings


class TestEmbeddingsThroughAServer:
    @pytest.mark.parametrize(
        ("kind", "name", "path", "model"),
        [
            ("OpenAI", None, "/v1/embeddings", "text-embedding-3-small"),
            ("Azure, v1 endpoint", "openai:EMBEDDER", "/openai/v1/embeddings", "EMBEDDER"),
            (
                "Azure, deployment endpoint",
                "azure_openai:EMBEDDER",
                "/openai/deployments/EMBEDDER/embeddings?api-version=2024-10-21",
                "EMBEDDER",
            ),
            ("vLLM", "openai:BAAI/bge-m3", "/v1/embeddings", "BAAI/bge-m3"),
            ("Ollama", "openai:nomic-embed-text", "/v1/embeddings", "nomic-embed-text"),
            ("llama.cpp", "openai:local", "/v1/embeddings", "local"),
            ("Gateways", "openai:openai/text-embedding-3-small", "/api/v1/embeddings", "openai/text-embedding-3-small"),
        ],
    )
    def test_texts_go_to_the_chat_models_server_with_its_key(
        self, kind: str, name: str | None, path: str, model: str, serve: Serve, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for variable, value in BLOCKS["Embeddings through a server"].items():
            monkeypatch.setenv(variable, value)
        if kind == "OpenAI":
            monkeypatch.setattr(_served, "openai_base_url", lambda: "")
        server, settings = serve(kind, **({"embedder": name} if name else {}))

        rows = load_embedder(settings).embed_passages(["The ferry ran aground.", "The budget passed."])

        [call] = server.calls
        assert rows.shape == (2, 32)
        assert call.path == path
        assert call.headers.get(KINDS[kind].header) == KINDS[kind].key
        assert call.body["model"] == model
        assert call.body["input"] == ["The ferry ran aground.", "The budget passed."]


STORY = Ask("answer", lambda binding: ("story@1", "Tell a story about a harbour."))


@pytest.fixture(scope="module")
def llama() -> Iterator[LocalServer]:
    """llama.cpp's own server with a model of 135 million parameters, which chats and embeds."""
    if model_file() is None:
        pytest.skip(f"No local model. Run: {INSTALL}")
    with serve_model(embeds=True) as server:
        yield server


class TestTheRowOfLlamaCpp:
    """What the page's table calls tested, at the real server; tests/test_real_model.py has the rest of that row."""

    @pytest.fixture
    def settings(self, llama: LocalServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Settings:
        for name, value in BLOCKS["llama.cpp"].items():
            url = urlsplit(value) if value.startswith("http") else None
            monkeypatch.setenv(name, f"{llama.url.removesuffix('/v1')}{url.path}" if url else value)
        return load_settings(home=tmp_path, llm_timeout_s=60.0, llm_max_tokens=60, llm_cache=False)

    def said(self, settings: Settings, temperature: float, seed: int) -> str:
        """What came of a story before its limit cut it off."""
        changed = settings.model_copy(update={"llm_temperature": temperature, "llm_seed": seed, "llm_max_tokens": 16})
        pieces: list[str] = []
        with contextlib.suppress(ModelFailed):
            for piece in ChatModel(changed).stream(STORY, Budget(changed)):
                pieces.append(piece)  # noqa: PERF402 - those before a failure count
        return "".join(pieces)

    def test_the_pages_lines_bind_a_reply_by_a_schema_under_any_name_of_the_model(self, settings: Settings) -> None:
        reply, budget = complete(settings)

        assert read_json(reply.raw) == {"city": "Haldane"}
        assert [(call.form, call.usage.exact) for call in budget.calls] == [("json_schema", True)]

    @pytest.mark.parametrize("limit", sorted(OWN))
    def test_it_knows_both_names_of_the_limit(self, llama: LocalServer, limit: str) -> None:
        with openai.OpenAI(base_url=llama.url, api_key="none") as client:
            reply = client.chat.completions.create(
                model="local",
                messages=[{"role": "user", "content": "Count from 1 to 100."}],
                extra_body={limit: 7, "ignore_eos": True},  # or it may have said all before the limit
            )

        assert reply.usage
        assert reply.usage.completion_tokens == 7

    def test_a_seed_repeats_a_reply_and_another_changes_it(self, settings: Settings) -> None:
        once, again, other = (self.said(settings, 1.0, seed) for seed in (1, 1, 2))

        assert once == again != other

    def test_at_temperature_0_seeds_make_no_difference(self, settings: Settings) -> None:
        assert self.said(settings, 0.0, 1) == self.said(settings, 0.0, 2) != ""

    def test_it_embeds_what_is_too_long_for_it_by_its_beginning(self, settings: Settings) -> None:
        embedder = load_embedder(settings.model_copy(update={"embedder": "openai:local"}))

        rows = embedder.embed_passages(["word " * 700, "word " * 350, ""])

        np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)
        np.testing.assert_allclose(rows[0], rows[1], atol=1e-3)
