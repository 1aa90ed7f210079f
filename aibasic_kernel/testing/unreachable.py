"""Places of the loopback interface where nothing answers."""

from __future__ import annotations

import socket


def closed_port() -> int:
    """A TCP port that nobody uses now."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port
