"""Exchanges, queues and bindings: declared, looked at, deleted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aibasic.modules.effects import Kind
from aibasic.modules.rabbitmq import management
from aibasic.modules.rabbitmq.linked import Linked
from aibasic.modules.results import Rows

_TYPES = ("direct", "topic", "fanout", "headers")


class Topology(Linked):
    """What messages pass through."""

    def declare_exchange(
        self,
        exchange: str,
        exchange_type: str = "direct",
        durable: bool = True,
        auto_delete: bool = False,
        *,
        internal: bool = False,
        arguments: Mapping[str, Any] | None = None,
    ) -> None:
        """Make an exchange of type direct, topic, fanout or headers (or a plugin's `x-...`), if it does not exist.

        `arguments` are the broker's own, such as `{"alternate-exchange": "unrouted"}`. ValueError where it exists with
        other properties.

        Example: rmq.declare_exchange("events", "topic")
        """
        if exchange_type not in _TYPES and not exchange_type.startswith("x-"):
            raise ValueError(f"exchange type {exchange_type!r}: there are {', '.join(_TYPES)}")
        self._ask(
            Kind.WRITE,
            f"exchange.declare {exchange} type {exchange_type}",
            lambda raw, done: raw.exchange_declare(
                exchange, exchange_type, durable=durable, auto_delete=auto_delete, internal=internal,
                arguments=_or_none(arguments), callback=done,
            ),
        )  # fmt: skip

    def delete_exchange(self, exchange: str, if_unused: bool = False) -> None:
        """Delete an exchange with its bindings; with `if_unused` only one that has none (else ValueError).

        Example: rmq.delete_exchange("events")
        """
        self._ask(
            Kind.DESTRUCTIVE,
            f"exchange.delete {exchange}",
            lambda raw, done: raw.exchange_delete(exchange, if_unused, callback=done),
        )

    def declare_queue(
        self,
        queue: str,
        durable: bool = True,
        exclusive: bool = False,
        auto_delete: bool = False,
        arguments: Mapping[str, Any] | None = None,
        *,
        message_ttl: float | None = None,
        max_length: int | None = None,
        dead_letter_exchange: str | None = None,
        dead_letter_routing_key: str | None = None,
        queue_type: str | None = None,
    ) -> str:
        """Make a queue if it does not exist. Returns its name, which the broker makes up for "".

        `exclusive`: only for this connection, and gone with it. `message_ttl` in seconds; `max_length` in messages;
        `queue_type`: classic, quorum or stream. `arguments` are the broker's own: `{"x-overflow": "reject-publish"}`.
        ValueError where it exists with other properties.

        Example: rmq.declare_queue("orders", dead_letter_exchange="failed", message_ttl=3600)
        """
        named = {
            "x-message-ttl": None if message_ttl is None else round(message_ttl * 1000),
            "x-max-length": max_length,
            "x-dead-letter-exchange": dead_letter_exchange,
            "x-dead-letter-routing-key": dead_letter_routing_key,
            "x-queue-type": queue_type,
        }
        all_arguments = {**(arguments or {}), **{name: value for name, value in named.items() if value is not None}}
        answer = self._ask(
            Kind.WRITE,
            f"queue.declare {queue}",
            lambda raw, done: raw.queue_declare(
                queue, durable=durable, exclusive=exclusive, auto_delete=auto_delete,
                arguments=_or_none(all_arguments), callback=done,
            ),
        )  # fmt: skip
        return str(answer.queue)

    def bind_queue(
        self,
        queue: str,
        exchange: str,
        routing_key: str = "",
        *,
        headers: Mapping[str, Any] | None = None,
        match: str = "all",
    ) -> None:
        """Have messages of an exchange come to a queue: those with the routing key, for a topic exchange a pattern
        (`*` one word, `#` any), for a headers exchange those whose headers agree (`match`: all or any of them).

        Example: rmq.bind_queue("errors", "events", "*.error")
        """
        self._ask(
            Kind.WRITE,
            f"queue.bind {queue} to {exchange} key {routing_key}",
            lambda raw, done: raw.queue_bind(queue, exchange, routing_key, _binding(headers, match), callback=done),
        )

    def unbind_queue(
        self,
        queue: str,
        exchange: str,
        routing_key: str = "",
        *,
        headers: Mapping[str, Any] | None = None,
        match: str = "all",
    ) -> None:
        """Undo a binding, given as it was made. Nothing happens where there is none.

        Example: rmq.unbind_queue("errors", "events", "*.error")
        """
        self._ask(
            Kind.WRITE,
            f"queue.unbind {queue} from {exchange} key {routing_key}",
            lambda raw, done: raw.queue_unbind(queue, exchange, routing_key, _binding(headers, match), callback=done),
        )

    def bind_exchange(self, destination: str, source: str, routing_key: str = "") -> None:
        """Have messages of one exchange come to another.

        Example: rmq.bind_exchange("audit", "events", "#")
        """
        self._ask(
            Kind.WRITE,
            f"exchange.bind {destination} to {source} key {routing_key}",
            lambda raw, done: raw.exchange_bind(destination, source, routing_key, callback=done),
        )

    def purge_queue(self, queue: str) -> int:
        """Throw away the messages that wait in a queue, not those that somebody holds. Returns how many they were.

        Example: rmq.purge_queue("orders")
        """
        answer = self._ask(
            Kind.DESTRUCTIVE, f"queue.purge {queue}", lambda raw, done: raw.queue_purge(queue, callback=done)
        )
        return int(answer.message_count)

    def delete_queue(self, queue: str, if_unused: bool = False, if_empty: bool = False) -> int:
        """Delete a queue with its messages, which are counted and returned; 0 where it does not exist.

        ValueError where `if_unused` or `if_empty` is asked for and it has consumers or messages.

        Example: rmq.delete_queue("orders", if_empty=True)
        """
        answer = self._ask(
            Kind.DESTRUCTIVE,
            f"queue.delete {queue}",
            lambda raw, done: raw.queue_delete(queue, if_unused, if_empty, callback=done),
        )
        return int(answer.message_count)

    def describe_queue(self, queue: str) -> Rows:
        """One row: `queue`, `messages` that wait in it, `consumers` that it has. LookupError where it does not exist.

        Example: rmq.describe_queue("orders")
        """
        answer = self._look_at(queue)
        return Rows([(answer.queue, answer.message_count, answer.consumer_count)], ("queue", "messages", "consumers"))

    def queue_length(self, queue: str) -> int:
        """How many messages wait in a queue, not counting those that somebody holds. LookupError without it.

        Example: rmq.queue_length("orders")
        """
        return int(self._look_at(queue).message_count)

    def queue_exists(self, queue: str) -> bool:
        """Whether there is such a queue.

        Example: rmq.queue_exists("orders")
        """
        try:
            self._look_at(queue)
        except LookupError:
            return False
        return True

    def exchange_exists(self, exchange: str) -> bool:
        """Whether there is such an exchange.

        Example: rmq.exchange_exists("events")
        """
        try:
            self._ask(
                Kind.READ,
                f"exchange.declare (passive) {exchange}",
                lambda raw, done: raw.exchange_declare(exchange, passive=True, callback=done),
            )
        except LookupError:
            return False
        return True

    def list_queues(self) -> Rows:
        """All queues of the virtual host: name, messages, consumers, durable, type. AMQP has no such question: the
        broker's management plugin is asked, at MANAGEMENT_URL (RuntimeError without it or where it fails).

        Example: rmq.list_queues()
        """
        return self._listed("queues", ("name", "messages", "consumers", "durable", "type"))

    def list_exchanges(self) -> Rows:
        """All exchanges of the virtual host: name, type, durable. Asked of the management plugin at MANAGEMENT_URL.

        Example: rmq.list_exchanges()
        """
        return self._listed("exchanges", ("name", "type", "durable"))

    def list_bindings(self) -> Rows:
        """All bindings of the virtual host: source, destination, destination_type, routing_key, arguments. Asked of the
        management plugin at MANAGEMENT_URL.

        Example: rmq.list_bindings()
        """
        return self._listed("bindings", ("source", "destination", "destination_type", "routing_key", "arguments"))

    def _look_at(self, queue: str) -> Any:
        return self._ask(
            Kind.READ,
            f"queue.declare (passive) {queue}",
            lambda raw, done: raw.queue_declare(queue, passive=True, callback=done),
        )

    def _listed(self, what: str, columns: tuple[str, ...]) -> Rows:
        self._announce(Kind.READ, f"GET /api/{what}")
        return management.listed(self._target, what, columns)


def _binding(headers: Mapping[str, Any] | None, match: str) -> dict[str, Any] | None:
    if not headers:
        return None
    if match not in ("all", "any"):
        raise ValueError(f"match {match!r}: all headers must agree, or any of them")
    return {**headers, "x-match": match}


def _or_none(arguments: Mapping[str, Any] | None) -> dict[str, Any] | None:
    return dict(arguments) if arguments else None
