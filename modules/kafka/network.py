"""How the driver's sockets are opened. Imports the driver."""

from __future__ import annotations

import socket
from typing import Any

from kafka.net.inet import KafkaNetSocket

DIRECT = "aibasic://direct"
"""The `proxy_url` by which a client of the driver uses `_Closing`: no proxy."""


class _Closing(KafkaNetSocket):  # type: ignore[misc]
    """Closes the socket of a connection that fails; the driver leaves it to the collector of garbage."""

    SCHEMES = ("aibasic",)

    async def sock_connect(self, net: Any, sock: socket.socket, sockaddr: Any, timeout_at: float | None = None) -> Any:
        try:
            return await super().sock_connect(net, sock, sockaddr, timeout_at=timeout_at)
        except BaseException:
            sock.close()
            raise
