"""The page: asking, checking and the library, each on a tab of its own, and how it is served.

Only this module, the modules of the tabs and parts.py know Gradio's components and events.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import gradio as gr
from starlette.middleware import Middleware

from assistant.ui import ask_tab, check_tab, library_tab
from assistant.ui.address import LOOPBACK, page_url, port_in_use, require_free_port, require_whole_login
from assistant.ui.csp import SecurityHeaders
from assistant.ui.parts import AT_ONCE, html_block
from assistant.ui.weight import LightPage

if TYPE_CHECKING:
    from assistant.api import Assistant

HERE = Path(__file__).resolve().parent
MAX_FILE_SIZE = "20mb"
REFRESH_S = 4.0  # how often the share of embedded passages is looked up while it changes
SYSTEM_FONTS = ("system-ui", "-apple-system", "Segoe UI", "Roboto", "Helvetica Neue", "Arial", "sans-serif")
STYLES = ("page", "ask", "reader", "library")
SCRIPTS = ("page", "reader", "check")


def build_page(assistant: Assistant) -> gr.Blocks:
    """The page over this assistant, not yet served. Looks, script and headers come with `serve`."""
    rows = assistant.articles()
    page: gr.Blocks
    with gr.Blocks(title="assistant: answers beside their sources", analytics_enabled=False, fill_width=True) as page:
        page.delete_cache = (3600, 3600)  # uploaded files
        with gr.Row(elem_id="top"):
            html_block("<h1>assistant</h1>", "brand")
            line = html_block("", "library-line")
        with gr.Tabs(elem_id="tabs"):
            with gr.Tab("Ask", id="ask"):
                chat = ask_tab.layout(ask_tab.example_questions(rows))
            with gr.Tab("Check", id="check") as tab:
                check = check_tab.layout(check_tab.example_claims(rows))
            with gr.Tab("Library", id="library"):
                library = library_tab.layout()
        timer = gr.Timer(REFRESH_S, active=False)
        ask_tab.wire(assistant, chat)
        check_tab.wire(assistant, check, tab)
        library_tab.wire(assistant, library, chat.filters[0], line, timer, page)
    return page


# ── serving ───────────────────────────────────────────────────────────────────────────────────────────────────────────
def head_html() -> tuple[str, str]:
    """The page's `<head>` additions and the script in them, whose hash the Content-Security-Policy has to name."""
    script = "".join((HERE / f"{name}.js").read_text("utf-8") for name in SCRIPTS)
    style = "".join((HERE / f"{name}.css").read_text("utf-8") for name in STYLES) + check_tab.style()
    return f"<style>{style}</style><script>{script}</script>", script


def launch_page(
    page: gr.Blocks, *, host: str, port: int, user: str = "", password: str = "", open_browser: bool = False
) -> None:
    """Start serving in a background thread. Raises PortInUse, and WrongUse for half a login."""
    require_whole_login(user, password)
    require_free_port(host, port)
    head, script = head_html()
    try:
        page.launch(
            server_name=host,
            server_port=port,
            auth=(user, password) if user else None,
            inbrowser=open_browser,
            theme=gr.themes.Base(font=SYSTEM_FONTS, font_mono=("ui-monospace", "monospace")),
            head=head,
            app_kwargs={"middleware": [Middleware(LightPage), Middleware(SecurityHeaders, scripts=[script])]},
            max_file_size=MAX_FILE_SIZE,
            max_threads=AT_ONCE + 20,
            footer_links=[],
            state_session_capacity=1000,
            prevent_thread_lock=True,
            quiet=True,
            share=False,
            ssr_mode=False,
            mcp_server=False,
            run_history=False,
            enable_monitoring=False,
            pwa=False,
        )
    except OSError as error:
        if "empty port" in str(error):  # somebody took it since require_free_port
            raise port_in_use(host, port) from None
        raise


def serve(
    assistant: Assistant, *, host: str, port: int, user: str = "", password: str = "", open_browser: bool = False
) -> None:
    """Serve the page until Ctrl-C and print its address. Raises PortInUse, WrongUse, and what `start_embedding` raises.

    Embedding starts once the page is up: on a small machine the two would keep each other waiting.
    """
    page = build_page(assistant)
    launch_page(page, host=host, port=port, user=user, password=password, open_browser=open_browser)
    print(f"The page is at {page_url(host, port)} (Ctrl-C ends it).", flush=True)
    if host not in LOOPBACK and not user:
        print(
            "Anyone who reaches this machine can use it: set ASSISTANT_SERVER_USER and ASSISTANT_SERVER_PASSWORD.",
            flush=True,
        )
    assistant.start_embedding()
    page.block_thread()
