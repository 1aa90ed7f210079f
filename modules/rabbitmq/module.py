"""RabbitMQ: `[rabbitmq]` in aibasic.conf, `rmq` in programs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from aibasic.modules.rabbitmq.consuming import Consuming
from aibasic.modules.rabbitmq.held import Held
from aibasic.modules.rabbitmq.phrases import PHRASES
from aibasic.modules.rabbitmq.target import SETTINGS, Target
from aibasic.modules.rabbitmq.topology import Topology
from aibasic.modules.settings import Settings

if TYPE_CHECKING:
    from aibasic.modules.rabbitmq.consumer import Consumer


class RabbitMQModule(Topology, Consuming):
    """A virtual host of a RabbitMQ broker: one connection, kept alive by a thread of its own, for all threads."""

    task = "rabbitmq"
    other_words = ("rmq", "amqp")
    variable = "rmq"
    service = "RabbitMQ"
    driver = "pika"
    extra = "rabbitmq"
    has = frozenset({"auth", "tls", "restart", "cancel"})
    settings = SETTINGS
    phrases = PHRASES
    destroys: ClassVar[Mapping[str, str]] = {
        "purge_queue": "deletes all messages of queue {queue}",
        "delete_queue": "deletes queue {queue}",
        "delete_exchange": "deletes exchange {exchange}",
    }

    def __init__(self, configured: Settings) -> None:
        super().__init__(configured)
        from aibasic.modules.rabbitmq.link import Link

        self._target = Target(configured)
        self.place = str(self._target)
        self._link = Link(self._target)
        self._held = Held()
        self._consumers: set[Consumer] = set()
        self._server: dict[str, Any] = {}
        self._link.on_connect = self._remember_server
        self._link.wire()

    def get_connection_info(self) -> dict[str, Any]:
        """`host`, `port`, `vhost`, `user`, server `version`, `tls`, the `section` of aibasic.conf. No secrets.

        Example: rmq.get_connection_info()["version"]
        """
        target = self._target
        return {
            "host": target.host,
            "port": target.port,
            "vhost": target.vhost,
            "user": target.user,
            "tls": target.tls,
            **self._server,
            "section": self.section,
        }

    def state(self) -> str:
        """`holds 2 messages of queue orders, not acknowledged; consumes queue jobs`, "" for nothing."""
        consumed = sorted({consumer.queue for consumer in tuple(self._consumers) if consumer.running})
        return "; ".join(filter(None, (str(self._held), f"consumes queue {', '.join(consumed)}" if consumed else "")))

    def close(self) -> None:
        """Stop the consumers and end the connection: what is held goes back to its queues. `from_config` makes a new
        instance.
        """
        if not self.closed:
            self.closed = True
            for consumer in tuple(self._consumers):
                consumer.stop()
            self._link.close()

    def after_fork(self) -> None:
        """In a forked child: let go of the parent's connection, its consumers and what it holds."""
        self._link.drop()
        self._held = Held()
        self._consumers = set()

    def __repr__(self) -> str:
        return f"<RabbitMQModule [{self.section}] {self.place}{', closed' if self.closed else ''}>"

    def _remember_server(self, connection: Any) -> None:
        about = connection.server_properties or {}
        self._server = {"product": about.get("product"), "version": about.get("version")}
