"""Ports for the servers of the tests."""

from __future__ import annotations

import secrets
import socket


def free_port() -> int:
    """A TCP port of the loopback interface that nobody uses now.

    Below those that the system itself gives to connections: a server that was killed finds its own again.
    """
    while True:
        port = 12_000 + secrets.randbelow(20_000)
        try:
            with socket.create_server(("127.0.0.1", port)):
                return port
        except OSError:
            continue  # somebody has it
