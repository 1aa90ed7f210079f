"""The client's one way out: each request is announced, can be interrupted, and is never repeated where it writes."""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Callable, Mapping
from typing import Any

import opensearchpy
import urllib3
from aibasic.modules.effects import Kind
from aibasic.modules.interruptible import Interruptible
from aibasic.modules.opensearch.failures import lost
from aibasic.modules.opensearch.requests import is_work, kind_of, may_be_repeated, written
from aibasic.modules.opensearch.target import Target
from opensearchpy.connection import Urllib3HttpConnection

_UNAVAILABLE = (429, 502, 503, 504)
_PAUSE = 0.2
"""Seconds before a read is asked again; doubled each time."""
Announce = Callable[[Kind, str], None]


class Transport(opensearchpy.Transport):
    """opensearch-py's transport over one node. `target` and `announce` are given by `connect`."""

    target: Target
    announce: Announce

    def perform_request(
        self,
        method: str,
        url: str,
        params: Mapping[str, Any] | None = None,
        body: Any = None,
        timeout: float | None = None,
        ignore: Any = (),
        headers: Mapping[str, str] | None = None,
    ) -> Any:
        """As opensearch-py's. PermissionError for a write under READONLY; `RequestLost` where no answer came."""
        kind = kind_of(method, url)
        if self.target.readonly and kind is not Kind.READ:
            raise PermissionError(f"[{self.target.section}] is READONLY: {method} {url} was not sent")
        body = self.serializer.dumps(body) if isinstance(body, (dict, list)) and not url.endswith("_bulk") else body
        self.announce(kind, written(method, url, body))
        options = dict(params or {})
        limit = timeout or options.pop("request_timeout", None) or self._limit(url)
        identity = uuid.uuid4().hex
        send = super().perform_request
        patience: Any = urllib3.Timeout(connect=self.target.timeout, read=limit)
        marked = {**(headers or {}), "x-opaque-id": identity}
        tries = 1 + (self.target.retries if may_be_repeated(method, url) else 0)

        def ask() -> Any:
            return send(method, url, dict(options), body, patience, ignore, marked)

        def stop() -> None:
            self._cancel_tasks(identity)

        for left in reversed(range(tries)):
            try:
                return self._calls().call(ask, stop)
            except opensearchpy.ConnectionError as error:
                if left == 0 or isinstance(error, (opensearchpy.ConnectionTimeout, opensearchpy.SSLError)):
                    raise lost(error, self.target.place, kind is Kind.READ, limit) from None
            except opensearchpy.TransportError as error:
                if left == 0 or error.status_code not in _UNAVAILABLE:
                    raise
            time.sleep(_PAUSE * 2 ** (tries - 1 - left))
        raise AssertionError("the last try returns or raises")

    def _limit(self, url: str) -> float | None:
        return self.target.work_timeout if is_work(url) else self.target.timeout

    def _calls(self) -> Interruptible:
        """What runs the next call; another one where an interrupted call still hangs."""
        calls: Interruptible | None = getattr(self, "_interruptible", None)
        if calls is None or (threading.current_thread() is threading.main_thread() and not calls.settle()):
            if calls is not None:
                calls.close()
            calls = self._interruptible = Interruptible()
        return calls

    def _cancel_tasks(self, identity: str) -> None:
        """End on the node what the request with that identity began."""
        send = super().perform_request
        nodes = send("GET", "/_tasks", {"detailed": "true"}, None, self.target.timeout)["nodes"]
        for node in nodes.values():
            for name, task in node["tasks"].items():
                if task.get("headers", {}).get("X-Opaque-Id") == identity and task.get("cancellable"):
                    send("POST", f"/_tasks/{name}/_cancel", None, None, self.target.timeout)

    def forget(self) -> None:
        """Drop the connections without a word: they belong to the parent of this process."""
        self._interruptible = Interruptible()
        for connection in self.connection_pool.connections:
            connection.pool = connection.new_pool()

    def close(self) -> Any:
        """Close every connection."""
        calls: Interruptible | None = getattr(self, "_interruptible", None)
        if calls is not None:
            calls.close()
        return super().close()


class _Connection(Urllib3HttpConnection):
    """Connections to the node that notice a peer that is gone, however long an answer may take."""

    def new_pool(self) -> Any:
        """A pool like this one's, without its connections."""
        old = self.pool
        return type(old)(old.host, port=old.port, **old.conn_kw, maxsize=old.pool.maxsize, timeout=old.timeout)


def connect(target: Target, announce: Announce) -> opensearchpy.OpenSearch:
    """A client for the section; nothing is sent yet."""
    options: dict[str, Any] = {"use_ssl": True, "ssl_context": target.tls_context()} if target.tls else {}
    client = opensearchpy.OpenSearch(
        hosts=[{"host": target.host, "port": target.port}],
        http_auth=target.signer(),
        transport_class=Transport,
        connection_class=_Connection,
        pool_maxsize=target.connections,
        max_retries=0,
        retry_on_timeout=False,
        **options,
    )
    transport: Any = client.transport
    transport.target = target
    transport.announce = announce
    for connection in transport.connection_pool.connections:
        connection.pool.conn_kw["socket_options"] = [*urllib3.connection.HTTPConnection.default_socket_options, *_ALIVE]
    return client


def _keepalive() -> list[tuple[int, int, int]]:
    import socket

    options = [(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)]
    for name, value in (("TCP_KEEPIDLE", 30), ("TCP_KEEPINTVL", 10), ("TCP_KEEPCNT", 3)):
        if hasattr(socket, name):
            options.append((socket.IPPROTO_TCP, getattr(socket, name), value))
    return options


_ALIVE = _keepalive()
