"""The page: asking, checking and the library, each on a tab of its own, and how it is served.

Only this module, the modules of the tabs and parts.py know Gradio's components and events.
"""

from __future__ import annotations

import logging
from pathlib import Path
from typing import TYPE_CHECKING, Any

import gradio as gr
from starlette.middleware import Middleware

from assistant.errors import AssistantError
from assistant.settings import ServerSettings
from assistant.ui import ask_tab, check_tab, eval_tab, library_tab
from assistant.ui.address import open_to_others, page_url, port_in_use, require_servable
from assistant.ui.csp import SecurityHeaders
from assistant.ui.endpoints import add_endpoints, require_tools_served
from assistant.ui.origins import OwnPageOnly
from assistant.ui.parts import AT_ONCE, html_block
from assistant.ui.weight import LightPage

if TYPE_CHECKING:
    from assistant.api import Assistant

log = logging.getLogger(__name__)

HERE = Path(__file__).resolve().parent
MAX_FILE_SIZE = "20mb"
REFRESH_S = 4.0  # how often the share of embedded passages is looked up while it changes
SYSTEM_FONTS = ("system-ui", "-apple-system", "Segoe UI", "Roboto", "Helvetica Neue", "Arial", "sans-serif")
OPEN_NOTICE = (
    '<p role="note"><strong>No login.</strong> Whoever reaches this address can read and change this library.</p>'
)
STYLES = ("page", "ask", "history", "reader", "library")
SCRIPTS = ("page", "tips", "reader", "history", "ask", "check", "library")


def build_page(assistant: Assistant, *, notice: bool = False) -> gr.Blocks:
    """The page over this assistant, not yet served. Looks, script and headers come with `serve`.

    `notice`: say on the page that it asks for no login.
    """
    rows = assistant.articles()
    page: gr.Blocks
    with gr.Blocks(title="assistant: answers beside their sources", analytics_enabled=False, fill_width=True) as page:
        page.delete_cache = (3600, 86400)  # every hour, what is a day old: files added, and files to save
        add_endpoints(assistant)
        with gr.Row(elem_id="top"):
            html_block("<h1>assistant</h1>", "brand")
            line = html_block("", "library-line")
        with gr.Tabs(elem_id="tabs") as tabs:
            with gr.Tab("Ask", id="ask"):
                chat = ask_tab.layout(ask_tab.example_questions(rows))
            with gr.Tab("Check", id=check_tab.TAB) as tab:
                check = check_tab.layout(check_tab.example_claims(rows))
            with gr.Tab("Library", id="library"):
                library = library_tab.layout()
            with gr.Tab("Evaluation", id="evaluation-tab") as evaluating:
                evaluation = eval_tab.layout()
        if notice:
            html_block(OPEN_NOTICE, "open-notice")
        timer = gr.Timer(REFRESH_S, active=False)
        ask_tab.wire(assistant, chat)
        check_tab.wire(assistant, check, tab, tabs, chat.checking)
        eval_tab.wire(assistant, evaluation, evaluating)
        library_tab.wire(assistant, library, chat.filters[0], line, timer, page)
    return page


# ── serving ───────────────────────────────────────────────────────────────────────────────────────────────────────────
def head_html() -> tuple[str, str]:
    """The page's `<head>` additions and the script in them, whose hash the Content-Security-Policy has to name."""
    script = "".join((HERE / f"{name}.js").read_text("utf-8") for name in SCRIPTS) + eval_tab.script()
    style = "".join((HERE / f"{name}.css").read_text("utf-8") for name in STYLES) + check_tab.style() + eval_tab.style()
    return f"<style>{style}</style><script>{script}</script>", script


def launch_page(page: gr.Blocks, server: ServerSettings, *, open_browser: bool = False) -> None:
    """Start serving in a background thread. Raises what `require_servable` raises, and AssistantError without its MCP tools."""
    require_servable(server)
    head, script = head_html()
    own_page_only = Middleware(OwnPageOnly, server=server)
    page.queue(api_open=False)  # or the public endpoints could be called past the line
    try:
        page.launch(
            server_name=server.host,
            server_port=server.port,
            auth=(server.user, server.password.get_secret_value()) if server.user else None,
            inbrowser=open_browser,
            theme=gr.themes.Base(font=SYSTEM_FONTS, font_mono=("ui-monospace", "monospace")),
            head=head,
            app_kwargs={
                "middleware": [Middleware(LightPage), Middleware(SecurityHeaders, scripts=[script]), own_page_only]
            },
            max_file_size=MAX_FILE_SIZE,
            max_threads=AT_ONCE + 20,
            footer_links=[],
            state_session_capacity=1000,
            prevent_thread_lock=True,
            quiet=True,
            share=False,
            ssr_mode=False,
            mcp_server=server.mcp,
            run_history=False,
            enable_monitoring=False,
            pwa=False,
        )
    except OSError as error:
        if "empty port" in str(error):  # somebody took it since require_free_port
            raise port_in_use(server.host, server.port) from None
        raise
    if server.mcp:
        require_tools_served(page)


def serve(assistant: Assistant, *, open_browser: bool = False, **server: Any) -> None:
    """Serve the page until Ctrl-C and print its address. `server` are fields of ServerSettings.

    Raises PortInUse, WrongUse, and what `start_embedding` raises. Embedding starts once the page is up: on a small machine
    the two would keep each other waiting.
    """
    at = ServerSettings(**server)
    page = build_page(assistant, notice=open_to_others(at))
    launch_page(page, at, open_browser=open_browser)
    print(f"The page is at {page_url(at.host, at.port)} (Ctrl-C ends it).", flush=True)
    if open_to_others(at):
        print(
            "Anyone who reaches this machine can use it: set ASSISTANT_SERVER_USER and ASSISTANT_SERVER_PASSWORD.",
            flush=True,
        )
    try:
        assistant.warm_up()
    except AssistantError as error:  # nothing is lost: whoever asks is told the same
        log.warning("The first question will take longer: %s", error)
    assistant.start_embedding()
    page.block_thread()
