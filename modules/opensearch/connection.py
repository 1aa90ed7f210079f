"""Connections to the node: never more than the limit, noticing a dead peer, knowing what they have sent."""

from __future__ import annotations

import socket
import threading
from typing import Any

import opensearchpy
import urllib3
from opensearchpy.connection import Urllib3HttpConnection
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

_of_thread = threading.local()


def nothing_was_sent(error: opensearchpy.ConnectionError) -> bool:
    """Whether a request surely did not leave this machine: its connection had not been made."""
    return bool(getattr(error, "nothing_sent", False))


class Connection(Urllib3HttpConnection):
    """opensearch-py's pool of connections to one node, with at most `pool_maxsize` of them: who finds none free waits.

    An answer may take as long as the work does: TCP itself asks after the peer, so that one that is gone is noticed.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.renew_pool()

    def renew_pool(self) -> None:
        """A pool like this one's, without its connections."""
        old = self.pool
        kind = _SecurePool if isinstance(old, HTTPSConnectionPool) else _Pool
        options = {**old.conn_kw, "socket_options": [*HTTPConnection.default_socket_options, *_keepalive()]}
        maxsize = old.pool.maxsize if old.pool is not None else 1
        self.pool = kind(old.host, port=old.port, maxsize=maxsize, block=True, timeout=old.timeout, **options)

    def perform_request(self, *arguments: Any, **options: Any) -> Any:
        """As opensearch-py's; an error knows whether anything was sent."""
        _of_thread.connected = True
        try:
            return super().perform_request(*arguments, **options)
        except opensearchpy.ConnectionError as error:
            vars(error)["nothing_sent"] = not _of_thread.connected
            raise


class _Noting(HTTPConnection):
    """Notes for its thread that the connection is being made, and that it stands."""

    def connect(self) -> None:
        _of_thread.connected = False
        super().connect()
        _of_thread.connected = True


class _NotingSecure(_Noting, HTTPSConnection):
    pass


class _Waiting(HTTPConnectionPool):
    """Waits for a connection no longer than making one may take."""

    def _get_conn(self, timeout: float | None = None) -> Any:
        try:
            return super()._get_conn(timeout or self.timeout.connect_timeout)  # type: ignore[arg-type]
        except urllib3.exceptions.EmptyPoolError:
            _of_thread.connected = False
            raise


class _Pool(_Waiting):
    ConnectionCls = _Noting


class _SecurePool(_Waiting, HTTPSConnectionPool):
    ConnectionCls = _NotingSecure

    def _validate_conn(self, conn: Any) -> None:
        # As urllib3's, which also warns on each request where the section says VERIFY_CERTS = false.
        if conn.is_closed:
            conn.connect()


def _keepalive() -> list[tuple[int, int, int]]:
    options = [(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)]
    for name, value in (("TCP_KEEPIDLE", 30), ("TCP_KEEPINTVL", 10), ("TCP_KEEPCNT", 3)):
        if hasattr(socket, name):
            options.append((socket.IPPROTO_TCP, getattr(socket, name), value))
    return options
