"""The page, or a bare Gradio chat, served by a process of its own."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from assistant.resources import checkout

PAGE_LIMIT_S = 180.0
BARE_CHAT = """
import sys, gradio
gradio.ChatInterface(lambda message, history: message).launch(server_port=int(sys.argv[1]))
"""


@contextmanager
def served(arguments: Sequence[str], home: Path) -> Iterator[str]:
    """Run `python ARGUMENTS PORT` over this home, and give the address once its page answers; end it as Ctrl-C does."""
    port = free_port()
    environ = environment(home) | {"ASSISTANT_SERVER_PORT": str(port)}
    silent = subprocess.DEVNULL
    process = subprocess.Popen([sys.executable, *arguments, str(port)], env=environ, stdout=silent, stderr=silent)
    try:
        wait_for_page(port, process)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def wait_for_page(port: int, process: subprocess.Popen[bytes]) -> None:
    """Raises RuntimeError when the process ends or PAGE_LIMIT_S pass before it serves."""
    deadline = time.monotonic() + PAGE_LIMIT_S
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=30) as page:
                page.read()
            return
        except (urllib.error.URLError, OSError):
            time.sleep(0.05)
    raise RuntimeError(f"{process.args!r} served no page within {PAGE_LIMIT_S:.0f} s.")


def environment(home: Path) -> dict[str, str]:
    """Of a process that finds the package and uses this home."""
    root = checkout()
    path = os.pathsep.join(filter(None, (str(root) if root else "", os.environ.get("PYTHONPATH", ""))))
    return dict(os.environ) | {"ASSISTANT_HOME": str(home), "PYTHONPATH": path}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
