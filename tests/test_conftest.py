"""No test reaches beyond this machine, whatever the name that it asks for looks like."""

from __future__ import annotations

import socket

import pytest


@pytest.mark.parametrize(
    "name", ["3m.invalid", "127.0.0.1.invalid", "localhost.invalid", "news.invalid", b"4chan.invalid"]
)
def test_a_name_of_another_machine_is_not_looked_up(name: str | bytes) -> None:
    with pytest.raises(OSError, match="somebody asked for"):
        socket.getaddrinfo(name, 80)
    with socket.socket() as one, pytest.raises(OSError, match="somebody asked for"):
        one.connect((name, 80))


@pytest.mark.parametrize("address", ["192.0.2.1", "::ffff:192.0.2.1", "2001:db8::1"])
def test_an_address_of_another_machine_is_not_connected_to(address: str) -> None:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family) as one, pytest.raises(OSError, match="somebody asked for"):
        one.connect_ex((address, 80))


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_this_machine_is_reached(host: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(("127.0.0.1", server.getsockname()[1])).close()
        assert socket.getaddrinfo(host, 80)
