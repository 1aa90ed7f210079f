"""One node or cluster: connected, announced, described."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from aibasic.modules.base import Module
from aibasic.modules.effects import Kind
from aibasic.modules.interruptible import Interruptible
from aibasic.modules.opensearch.target import Target
from aibasic.modules.schema import Table
from aibasic.modules.settings import Settings

if TYPE_CHECKING:
    from opensearchpy import OpenSearch


class Node(Module):
    """What every part of the module stands on. `client` is the driver's own, and announces what it sends."""

    client: OpenSearch

    def __init__(self, configured: Settings) -> None:
        super().__init__(configured)
        self._target = Target(configured)
        self.place = self._target.place
        self._tables: Mapping[str, Table] | None = None
        self._tables_before: Mapping[str, Table] = {}
        self._info: dict[str, Any] = {}
        self._open()

    def get_connection_info(self) -> dict[str, Any]:
        """`host`, `port`, `user`, server `version`, `cluster`, `tls`, the `section` of aibasic.conf. No secrets.

        Example: os_client.get_connection_info()["version"]
        """
        return dict(self._info)

    def ping(self) -> bool:
        """Whether the node answers.

        Example: os_client.ping()
        """
        return bool(self.client.ping())

    def cluster_health(self) -> dict[str, Any]:
        """`status` (green, yellow, red), nodes and shards.

        Example: os_client.cluster_health()["status"]
        """
        return self._ask(self.client.cluster.health)

    def cluster_stats(self) -> dict[str, Any]:
        """Counts over all nodes and indices.

        Example: os_client.cluster_stats()["indices"]["count"]
        """
        return self._ask(self.client.cluster.stats)

    def close(self) -> None:
        """Close every connection for good. The next `from_config` makes a new instance.

        Example: os_client.close()
        """
        if not self.closed:
            self.closed = True
            self.client.close()

    def after_fork(self) -> None:
        """In a forked child: let go of the parent's sockets; the next call connects anew."""
        transport: Any = self.client.transport
        transport.forget()

    def how_many(self, name: str, seconds: float) -> str:
        """How many documents an index has, for people; "" where that is not known in time."""
        from opensearchpy import OpenSearchException

        try:
            return f"{self.client.count(index=name, params={'request_timeout': seconds})['count']:,} documents"
        except (OpenSearchException, OSError):
            return ""

    def known_tables(self) -> Mapping[str, Table]:
        """The indices as they were read last, {} before that. Asks nothing of the node."""
        return self._tables_before

    def __repr__(self) -> str:
        return f"<OpenSearchModule [{self.section}] {self.place}{', closed' if self.closed else ''}>"

    def _ask(self, function: Callable[..., Any], **arguments: Any) -> dict[str, Any]:
        """Call a function of the client with the arguments that are not None; the answer as a plain dict."""
        answer = function(**{name: value for name, value in arguments.items() if value is not None})
        return dict(answer)

    def _announce_request(self, kind: Kind, statement: str) -> None:
        if self.closed:
            raise RuntimeError(f"[{self.section}] is closed: OpenSearchModule.from_config() connects it anew")
        if kind is not Kind.READ:
            self._tables = None
        self._announce(kind, statement)

    def _open(self) -> None:
        from aibasic.modules.opensearch.failures import connect_reason
        from aibasic.modules.opensearch.transport import connect
        from opensearchpy import TransportError

        problem = ""
        try:
            self.client = connect(self._target, self._announce_request)
            opening = Interruptible()
            info = opening.call(self._first_answer, self.client.close)
            opening.close()
        except TransportError as error:
            problem = connect_reason(self.section, error)
        except OSError as error:
            problem = str(error)
        if problem:
            raise RuntimeError(f"Failed to create OpenSearch client: {problem}")
        self._info = {
            "host": self._target.host,
            "port": self._target.port,
            "user": self._target.user or None,
            "version": info["version"]["number"],
            "cluster": info["cluster_name"],
            "tls": self._target.tls,
            "section": self.section,
        }

    def _first_answer(self) -> dict[str, Any]:
        return dict(self.client.info())
