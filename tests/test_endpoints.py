"""`ask` and `check` for other programs, and who may read what the page serves: clients, models, other web pages, strangers.

One process serves three pages over the sample articles; this file, run as a script, is that process.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Barrier, Thread
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from chromium import DESK, LOOKS, PHONE, Look, barriers, needs_chromium
from command_line import Run
from test_page import free_port, in_view, served

from assistant import Assistant
from assistant.errors import WrongUse
from assistant.settings import ServerSettings
from assistant.ui.address import is_loopback, open_to_others, require_servable

if TYPE_CHECKING:
    from gradio_client import Client
    from mcp import ClientSession
    from playwright.sync_api import Browser

ROOT = Path(__file__).resolve().parent.parent
HOUSEHOLDS = "How many households in Alderbrook were told not to drink their tap water?"
DIESEL = "Forty tonnes of diesel leaked from the ferry into Pennock Sound."
USER, PASSWORD = "ana", "correct horse"
OUTSIDE = "newsroom.example.org"  # the name a proxy gives to the shared page


# ── three pages over one library ──────────────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True)
class Pages:
    open: str
    """On loopback, with MCP tools."""
    login: str
    shared: str
    """At every address of the machine, without a login."""
    home: Path


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pages]:
    home = tmp_path_factory.mktemp("pages")
    ports = [free_port() for _ in range(3)]
    with served([str(Path(__file__)), str(home), *map(str, ports)], ports[-1], home):
        opened, login, shared = (f"http://127.0.0.1:{port}" for port in ports)
        yield Pages(opened, login, shared, home)


class Waiting(Assistant):
    """A question with "together" is answered once four of them are asked, one with "boom" hits a bug."""

    four = Barrier(4, timeout=60)

    def ask(self, question: str, **options: Any) -> Any:
        if "boom" in question:
            raise RuntimeError("secret detail")
        if "together" in question:
            self.four.wait()
        return super().ask(question, **options)


def serve_pages(home: str, opened: int, login: int, shared: int) -> None:
    from assistant.resources import data_dir
    from assistant.ui.page import build_page, launch_page, serve

    with Waiting(home, embedder="static") as assistant:
        assistant.ingest(data_dir("corpus"))
        with_login = build_page(assistant)
        launch_page(build_page(assistant), ServerSettings(port=opened, mcp=True))
        launch_page(with_login, ServerSettings(port=login, user=USER, password=PASSWORD))
        Path(home, "routes.json").write_text(json.dumps(sorted(set(read_routes(with_login.app)))))
        serve(assistant, host="0.0.0.0", port=shared, names=OUTSIDE)


def read_routes(router: Any) -> Iterator[str]:
    """The paths that answer a GET, those of routers inside the router too."""
    for route in router.routes:
        if inner := getattr(route, "original_router", None):
            yield from read_routes(inner)
        elif "GET" in (getattr(route, "methods", None) or ()):
            yield route.path


@pytest.fixture(scope="module")
def http() -> Iterator[httpx.Client]:
    """Keeps its connections, which saves a hundred handshakes."""
    with httpx.Client(timeout=30) as http:
        yield http


@pytest.fixture(scope="module")
def client(pages: Pages) -> Client:
    return connect(pages.open)


def connect(url: str, **options: Any) -> Client:
    from gradio_client import Client

    return Client(url, verbose=False, analytics_enabled=False, **options)


# ── the two endpoints ─────────────────────────────────────────────────────────────────────────────────────────────────
def test_ask_and_check_and_nothing_else_are_documented(pages: Pages) -> None:
    info = httpx.get(f"{pages.open}/gradio_api/info").json()
    endpoints = info["named_endpoints"]
    assert (list(endpoints), info["unnamed_endpoints"]) == (["/ask", "/check"], {})
    for name, first in (("/ask", "question"), ("/check", "text")):
        parameters = {one["parameter_name"]: one for one in endpoints[name]["parameters"]}
        assert list(parameters) == [first, "publisher", "since", "until", "as_of"]
        assert [key for key, one in parameters.items() if not one["parameter_has_default"]] == [first]
        assert {one["type"]["type"] for one in parameters.values()} == {"string"}
        assert endpoints[name]["returns"][0]["type"]["type"] == "object"
        assert "the news articles in this library" in endpoints[name]["description"]


def test_an_answer_cites_the_exact_words_of_the_stored_articles(client: Client, pages: Pages) -> None:
    answer = client.predict(HOUSEHOLDS, api_name="/ask")
    assert "4,200 households" in answer["text"]
    assert answer["citations"]
    with Assistant(pages.home) as assistant:
        for citation in answer["citations"]:
            text = assistant.article(citation["article_id"]).text
            assert text[citation["start"] : citation["end"]] == citation["quote"]


def test_a_check_brings_verdict_and_the_exact_evidence(client: Client, pages: Pages) -> None:
    check = client.predict(DIESEL, api_name="/check")
    assert check["verdict"]["label"] == "refuted"
    evidence = check["claims"][0]["evidence"]
    assert "refutes" in {one["stance"] for one in evidence}
    with Assistant(pages.home) as assistant:
        for one in evidence:
            assert assistant.article(one["article_id"]).text[one["start"] : one["end"]] == one["quote"]


def test_the_answer_is_the_document_that_the_command_line_prints(
    client: Client, pages: Pages, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ASSISTANT_HOME", str(pages.home))
    monkeypatch.setenv("ASSISTANT_EMBEDDER", "static")
    printed = [run("ask", HOUSEHOLDS, "--json").json, run("check", DIESEL, "--json").json]
    sent = [client.predict(HOUSEHOLDS, api_name="/ask"), client.predict(DIESEL, api_name="/check")]
    for document in (*printed, *sent):
        for changing in ("timings", "provenance", "hits"):
            document.pop(changing, None)
    assert sent == printed


def test_filters_narrow_what_may_answer(client: Client) -> None:
    free = client.predict(HOUSEHOLDS, api_name="/ask")["citations"]
    bound = client.predict(HOUSEHOLDS, publisher=free[0]["publisher"], since="2025-01-01", api_name="/ask")["citations"]
    early = client.predict(HOUSEHOLDS, as_of="1990-01-01", api_name="/ask")
    assert {one["publisher"] for one in bound} == {free[0]["publisher"]}
    assert early["abstained"]
    assert early["citations"] == []


@pytest.mark.parametrize(
    ("endpoint", "given", "said"),
    [
        pytest.param("/ask", [" "], "The question is empty. Ask in a sentence", id="empty"),
        pytest.param("/ask", ["x" * 5000], "5,000 characters; 4,000 is the most", id="long question"),
        pytest.param("/check", ["x" * 70_000], "70,000 characters; 60,000 is the most", id="long text"),
        pytest.param("/ask", [7], "`question` is no text.", id="number"),
        pytest.param("/check", [None], "`text` is no text.", id="null"),
        pytest.param("/ask", [HOUSEHOLDS, {"a": 1}], "`publisher` is no text.", id="object"),
        pytest.param("/ask", [HOUSEHOLDS, "Habour Courier"], "Did you mean Harbour Courier?", id="unknown publisher"),
        pytest.param("/ask", [HOUSEHOLDS, "", "19.8.2025"], "“since” is '19.8.2025', which is no date", id="no date"),
        pytest.param("/check", [DIESEL, "", "2026-01-02", "2026-01-01"], "later than until", id="empty range"),
        pytest.param("/ask", ["boom"], "Something went wrong inside the assistant", id="a bug"),
    ],
)
def test_what_went_wrong_reaches_the_caller_in_words(
    client: Client, endpoint: str, given: list[Any], said: str
) -> None:
    with pytest.raises(Exception, match=re.escape(said)) as raised:
        client.predict(*given, api_name=endpoint)
    assert "secret detail" not in str(raised.value)
    assert "Traceback" not in str(raised.value)


def test_callers_are_answered_at_the_same_time(client: Client) -> None:
    jobs = [client.submit(f"{HOUSEHOLDS} And all together?", api_name="/ask") for _ in range(4)]
    assert all(job.result(timeout=90)["text"] for job in jobs)


@pytest.mark.parametrize("way", ["run", "api"])
def test_nobody_gets_past_the_line(pages: Pages, way: str) -> None:
    response = httpx.post(f"{pages.open}/gradio_api/{way}/ask", json={"data": [HOUSEHOLDS, "", "", "", ""]})
    assert response.status_code == 404
    assert "queue" in response.text


def test_the_example_of_the_readme_runs(pages: Pages, capsys: pytest.CaptureFixture[str]) -> None:
    blocks = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text("utf-8"), re.DOTALL)
    (example,) = (block for block in blocks if "gradio_client" in block)
    exec(compile(example.replace("http://127.0.0.1:7860", pages.open), "README.md", "exec"), {})
    printed = capsys.readouterr().out
    assert "4,200 households" in printed
    assert "refuted" in printed


# ── the same as MCP tools ─────────────────────────────────────────────────────────────────────────────────────────────
@asynccontextmanager
async def session(url: str) -> Any:
    from mcp import ClientSession
    from mcp.client.streamable_http import streamablehttp_client

    async with (
        streamablehttp_client(f"{url}/gradio_api/mcp/") as (reads, writes, _),
        ClientSession(reads, writes) as session,
    ):
        await session.initialize()
        yield session


async def call(session: ClientSession, tool: str, **arguments: Any) -> tuple[bool, str]:
    """(whether it failed, its text)."""
    result = await session.call_tool(tool, arguments)
    (content,) = result.content
    return bool(result.isError), content.text  # type: ignore[union-attr]


async def test_ask_and_check_and_nothing_else_are_tools_with_a_schema(pages: Pages) -> None:
    async with session(pages.open) as tools:
        listed = {tool.name: tool for tool in (await tools.list_tools()).tools}
        others = [*(await tools.list_resources()).resources, *(await tools.list_prompts()).prompts]
        others += (await tools.list_resource_templates()).resourceTemplates
    assert (list(listed), others) == (["ask", "check"], [])
    for name, first in (("ask", "question"), ("check", "text")):
        schema = listed[name].inputSchema
        assert schema["required"] == [first]
        assert list(schema["properties"]) == [first, "publisher", "since", "until", "as_of"]
        assert all(one["type"] == "string" and one["description"] for one in schema["properties"].values())
        assert len(listed[name].description or "") > 100


async def test_a_tool_answers_in_json_with_a_quotation_of_the_article(pages: Pages) -> None:
    async with session(pages.open) as tools:
        failed, text = await call(tools, "ask", question=HOUSEHOLDS)
        _, checked = await call(tools, "check", text=DIESEL)
    assert not failed
    citation = json.loads(text)["citations"][0]
    with Assistant(pages.home) as assistant:
        article = assistant.article(citation["article_id"])
    assert article.text[citation["start"] : citation["end"]] == citation["quote"]
    assert json.loads(checked)["verdict"]["label"] == "refuted"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        pytest.param({"question": ""}, "The question is empty. Ask in a sentence", id="empty"),
        pytest.param({"question": "boom"}, "Something went wrong inside the assistant", id="a bug"),
        pytest.param({}, "'question' is a required property", id="missing"),
    ],
)
async def test_a_tool_that_fails_says_what_to_mend(pages: Pages, arguments: dict[str, str], said: str) -> None:
    async with session(pages.open) as tools:
        failed, text = await call(tools, "ask", **arguments)
    assert failed
    assert said in text
    assert "secret detail" not in text


async def test_an_event_of_the_page_is_no_tool(pages: Pages) -> None:
    async with session(pages.open) as tools:
        for name in ("ask_1", "clear", "add", "remove", "rebuild", "upload_file_to_gradio"):
            failed, text = await call(tools, name)
            assert failed
            assert text.startswith("Unknown tool")


def test_without_the_setting_there_are_no_tools(pages: Pages) -> None:
    listing = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
    accept = {"Accept": "application/json, text/event-stream"}
    assert httpx.post(f"{pages.shared}/gradio_api/mcp/", json=listing, headers=accept).status_code in (404, 405)


def test_tools_beside_a_login_are_refused_before_anything_is_served() -> None:
    server = ServerSettings(port=free_port(), user=USER, password=PASSWORD, mcp=True)
    with pytest.raises(WrongUse, match="can't be combined with a login") as refused:
        require_servable(server)
    assert "ASSISTANT_SERVER_MCP" in refused.value.hint


def test_tools_without_their_package_end_with_the_command_that_installs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assistant.ui.address.find_spec", lambda name: None)
    with pytest.raises(WrongUse, match="not installed") as refused:
        require_servable(ServerSettings(port=free_port(), mcp=True))
    assert "pip install 'assistant[mcp]'" in refused.value.hint


def test_the_command_line_refuses_both_together(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSISTANT_SERVER_USER", USER)
    monkeypatch.setenv("ASSISTANT_SERVER_PASSWORD", PASSWORD)
    outcome = run("serve", "--mcp")
    assert outcome.code == 2
    assert "can't be combined with a login" in outcome.err


# ── other web pages in the same browser ───────────────────────────────────────────────────────────────────────────────
FOREIGN = ["https://evil.example", "http://127.0.0.1:1", "http://localhost:3000", "null", "http://[", "evil"]
REFUSED = "This comes from another web page. If a proxy serves it, name it in ASSISTANT_SERVER_NAMES."
PATHS = ["/", "/config", "/gradio_api/info", "/gradio_api/call/ask", "/gradio_api/queue/join", "/gradio_api/upload"]


@pytest.mark.parametrize("origin", FOREIGN)
def test_a_request_of_another_web_page_is_refused(pages: Pages, http: httpx.Client, origin: str) -> None:
    for url in (pages.open, pages.shared, pages.login):
        for path in (*PATHS, "/gradio_api/mcp/", "/login"):
            for method in ("GET", "POST"):
                response = http.request(method, url + path, headers={"Origin": origin})
                assert (response.status_code, response.text) == (403, REFUSED), (method, path)


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example:80", "localhost.evil.example", "["])
def test_a_name_that_a_stranger_pointed_at_this_machine_is_refused(pages: Pages, http: httpx.Client, host: str) -> None:
    for url in (pages.open, pages.shared):
        for path in (*PATHS, "/gradio_api/mcp/"):
            response = http.get(url + path, headers={"Host": host, "Origin": f"http://{host}"})
            assert response.status_code == 421, path


@pytest.mark.parametrize(
    ("page", "headers"),
    [
        ("open", {}),
        ("open", {"Host": "localhost:7860", "Origin": "http://localhost:7860"}),
        ("open", {"Host": "[::1]:7860", "Origin": "http://[::1]:7860"}),
        ("shared", {"Host": "192.168.1.5:7860", "Origin": "http://192.168.1.5:7860"}),
        ("shared", {"Host": "desk-12:7860", "Origin": "http://desk-12:7860"}),
        ("shared", {"Host": "desk-12.local", "Origin": "http://desk-12.local"}),
        ("shared", {"Host": OUTSIDE, "Origin": f"https://{OUTSIDE}"}),
        ("shared", {"Host": "127.0.0.1:7860", "Origin": f"https://{OUTSIDE}"}),
        ("login", {"Host": "any.name.example", "Origin": "https://any.name.example"}),
    ],
)
def test_the_page_itself_is_answered_under_every_name_of_its_own(
    pages: Pages, http: httpx.Client, page: str, headers: dict[str, str]
) -> None:
    assert http.get(getattr(pages, page), headers=headers).status_code == 200


@needs_chromium
def test_another_page_in_the_browser_reads_nothing(pages: Pages, browser: Browser) -> None:
    script = """async url => {
        const tries = [
            fetch(url + '/gradio_api/info'),
            fetch(url + '/gradio_api/call/ask', {method: 'POST', body: '{"data": ["Who?", "", "", "", ""]}'}),
            fetch(url + '/gradio_api/mcp/', {method: 'POST', headers: {'Content-Type': 'application/json'}, body: '{}'}),
        ];
        const read = async response => (await response).text();
        return (await Promise.allSettled(tries.map(read))).map(result => result.value ?? 'nothing');
    }"""
    with elsewhere() as foreign:
        page = browser.new_page()
        page.goto(foreign)
        told = {url: page.evaluate(script, url) for url in (pages.open, pages.shared)}
        page.close()
    assert {text for texts in told.values() for text in texts} <= {"nothing", REFUSED}


class _Blank(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"<!doctype html><title>Elsewhere</title>")

    def log_message(self, format: str, *args: object) -> None:
        pass


class elsewhere:
    """A page of another origin on this machine."""

    def __enter__(self) -> str:
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), _Blank)
        Thread(target=self.server.serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{self.server.server_address[1]}"

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.server.server_close()


# ── with a login ──────────────────────────────────────────────────────────────────────────────────────────────────────
def test_the_endpoints_answer_whoever_logs_in(pages: Pages) -> None:
    client = connect(pages.login, auth=(USER, PASSWORD))
    assert "4,200 households" in client.predict(HOUSEHOLDS, api_name="/ask")["text"]
    assert client.predict(DIESEL, api_name="/check")["verdict"]["label"] == "refuted"


@pytest.mark.parametrize("auth", [None, (USER, "wrong"), ("eve", PASSWORD), (USER, "")])
def test_without_the_right_password_there_is_no_client(pages: Pages, auth: tuple[str, str] | None) -> None:
    with pytest.raises(Exception, match="(?i)auth|credentials|401|login"):
        connect(pages.login, auth=auth)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/config"),
        ("GET", "/gradio_api/info"),
        ("GET", "/gradio_api/openapi.json"),
        ("POST", "/gradio_api/call/ask"),
        ("POST", "/gradio_api/call/v2/ask"),
        ("POST", "/gradio_api/run/ask"),
        ("POST", "/gradio_api/api/ask"),
        ("POST", "/gradio_api/queue/join"),
        ("GET", "/gradio_api/queue/data?session_hash=x"),
        ("GET", "/gradio_api/call/ask/x"),
        ("POST", "/gradio_api/upload"),
        ("GET", "/gradio_api/file=library.db"),
        ("GET", "/gradio_api/deep_link?session_hash=x"),
        ("GET", "/monitoring"),
    ],
)
def test_a_route_that_serves_the_library_asks_for_the_login(
    pages: Pages, http: httpx.Client, method: str, path: str
) -> None:
    body = {"data": [HOUSEHOLDS, "", "", "", ""], "session_hash": "x", "fn_index": 0}
    response = http.request(method, pages.login + path, json=body if method == "POST" else None)
    assert response.status_code == 401


def test_no_route_of_the_server_tells_a_stranger_of_the_library(pages: Pages, http: httpx.Client) -> None:
    routes = json.loads((pages.home / "routes.json").read_text())
    assert {"/", "/config", "/gradio_api/queue/data"} <= set(routes)
    with Assistant(pages.home) as assistant:
        facts = [row.facts for row in assistant.articles()]
    words = {word for one in facts for word in (one.title, one.publisher, one.id) if word}
    for route in routes:
        text = first_part(http, pages.login + re.sub(r"\{[^}]*\}", "x", route))
        assert not [word for word in words if word in text], route
        assert str(pages.home) not in text, route


def first_part(http: httpx.Client, url: str) -> str:
    """Some routes stream for ever."""
    with http.stream("GET", url) as response:
        return next(response.iter_text(), "")


# ── without a login, at an address that others reach ──────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("server", "open_"),
    [
        (ServerSettings(), False),
        (ServerSettings(host="localhost"), False),
        (ServerSettings(host="127.0.0.2"), False),
        (ServerSettings(host="::1"), False),
        (ServerSettings(host="0.0.0.0"), True),
        (ServerSettings(host="::"), True),
        (ServerSettings(host="desk-12"), True),
        (ServerSettings(names="newsroom.example.org"), True),
        (ServerSettings(host="0.0.0.0", user=USER, password=PASSWORD), False),
    ],
    ids=lambda value: f"{value.host or ''} {value.names} {value.user}" if isinstance(value, ServerSettings) else "",
)
def test_a_page_is_open_to_others_without_login_beyond_loopback(server: ServerSettings, open_: bool) -> None:
    assert open_to_others(server) is open_


def test_a_name_is_no_loopback_whatever_it_looks_like() -> None:
    assert not is_loopback("127.0.0.1.evil.example")


@needs_chromium
@pytest.mark.parametrize(("size", "scheme"), LOOKS)
def test_the_page_says_so_where_a_person_reads_it(pages: Pages, look: Look, size: tuple[int, int], scheme: str) -> None:
    page = look(pages.shared, size, scheme)
    notice = page.get_by_role("note")
    assert notice.inner_text() == "No login. Whoever reaches this address can read and change this library."
    assert in_view(page, "#open-notice p")
    assert notice.evaluate("notice => notice.getBoundingClientRect().bottom <= window.innerHeight")
    assert in_view(page, "#ask-button")
    assert page.evaluate("document.documentElement.scrollHeight <= window.innerHeight")
    assert barriers(page) == []


@needs_chromium
@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_a_page_for_this_machine_alone_says_nothing(pages: Pages, look: Look, size: tuple[int, int]) -> None:
    page = look(pages.open, size)
    assert page.get_by_role("note").count() == 0


def test_the_terminal_says_so_too(pages: Pages) -> None:
    assert "Anyone who reaches this machine can use it" in (pages.home / "log").read_text()


if __name__ == "__main__":
    serve_pages(sys.argv[1], *map(int, sys.argv[2:]))
