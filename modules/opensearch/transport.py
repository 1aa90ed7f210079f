"""The client's one way out: each request is announced, can be interrupted, and is never repeated where it writes."""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import opensearchpy
import urllib3
from aibasic.modules.effects import Kind
from aibasic.modules.interruptible import Interruptible
from aibasic.modules.opensearch.connection import Connection, nothing_was_sent
from aibasic.modules.opensearch.failures import lost
from aibasic.modules.opensearch.requests import is_work, kind_of, may_be_repeated, written
from aibasic.modules.opensearch.target import Target
from aibasic.modules.progress import Progress

_UNAVAILABLE = (429, 502, 503, 504)
_PAUSE = 0.2
"""Seconds before a read is asked again; doubled each time."""
Announce = Callable[[Kind, str], None]


class Transport(opensearchpy.Transport):
    """opensearch-py's transport over one node. `target` and `announce` are given by `connect`."""

    target: Target
    announce: Announce

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._calls = Interruptible()
        self._of_thread = threading.local()

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
        """As opensearch-py's. `RequestLost` where no answer came, which says what became of the request."""
        body = self.serializer.dumps(body) if isinstance(body, (dict, list)) and not url.endswith("_bulk") else body
        kind = kind_of(method, url)
        self.announce(kind, written(method, url, body))
        options = dict(params or {})
        limit = timeout or options.pop("request_timeout", None) or self._limit(url)
        identity = uuid.uuid4().hex
        send = super().perform_request
        patience: Any = urllib3.Timeout(connect=self.target.timeout, read=limit)
        marked = {**(headers or {}), "x-opaque-id": identity}

        def ask() -> Any:
            return send(method, url, dict(options), body, patience, ignore, marked)

        def stop() -> None:
            self._cancel_tasks(identity)

        tries = 1 + (self.target.retries if may_be_repeated(method, url) else 0)
        for left in reversed(range(tries)):
            # Raised outside the except block and without its frames, which know the password.
            problem: Exception
            try:
                return self._interruptible().call(ask, stop, self._show())
            except opensearchpy.ConnectionError as error:
                problem = lost(error, self.target, nothing_was_sent(error), kind is Kind.READ, limit)
                again = not isinstance(error, (opensearchpy.ConnectionTimeout, opensearchpy.SSLError))
            except opensearchpy.TransportError as error:
                problem = error.with_traceback(None)
                again = error.status_code in _UNAVAILABLE
            if left == 0 or not again:
                break
            time.sleep(_PAUSE * 2 ** (tries - 1 - left))
        raise problem

    @contextmanager
    def showing(self, progress: Progress) -> Iterator[None]:
        """Show how far a transfer of several requests is, while one of them takes long."""
        self._of_thread.progress = progress
        try:
            yield
        finally:
            self._of_thread.progress = None
            progress.close()

    def forget(self) -> None:
        """Drop the connections without a word: they belong to the parent of this process."""
        self._calls = Interruptible()
        for connection in self.connection_pool.connections:
            connection.renew_pool()

    def close(self) -> Any:
        """Close every connection."""
        self._calls.close()
        return super().close()

    def _limit(self, url: str) -> float | None:
        return self.target.work_timeout if is_work(url) else self.target.timeout

    def _show(self) -> Callable[[], object] | None:
        progress: Progress | None = getattr(self._of_thread, "progress", None)
        return progress.show if progress is not None else None

    def _interruptible(self) -> Interruptible:
        """What runs the next call; another one where an interrupted call still hangs."""
        if (
            threading.current_thread() is threading.main_thread()
            and not self._calls.free
            and not self._calls.settle(0.1)
        ):
            self._calls.close()
            self._calls = Interruptible()
        return self._calls

    def _cancel_tasks(self, identity: str) -> None:
        """End on the node what the request with that identity began."""
        send = super().perform_request
        nodes = send("GET", "/_tasks", {"detailed": "true"}, None, self.target.timeout)["nodes"]
        for node in nodes.values():
            for name, task in node["tasks"].items():
                if task.get("headers", {}).get("X-Opaque-Id") == identity and task.get("cancellable"):
                    send("POST", f"/_tasks/{name}/_cancel", None, None, self.target.timeout)


def connect(target: Target, announce: Announce) -> opensearchpy.OpenSearch:
    """A client for the section; nothing is sent yet."""
    options: dict[str, Any] = {"use_ssl": True, "ssl_context": target.tls_context()} if target.tls else {}
    client = opensearchpy.OpenSearch(
        hosts=[{"host": target.host, "port": target.port}],
        http_auth=target.signer(),
        transport_class=Transport,
        connection_class=Connection,
        pool_maxsize=target.connections,
        max_retries=0,
        retry_on_timeout=False,
        timeout=target.timeout,
        **options,
    )
    transport: Any = client.transport
    transport.target = target
    transport.announce = announce
    return client
