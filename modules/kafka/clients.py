"""The clients of kafka-python over one cluster: made when first needed, all known, so that all can be ended."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from aibasic.modules.kafka import reaching
from aibasic.modules.kafka.target import Target
from aibasic.modules.sockets import silence

log = logging.getLogger("aibasic.modules")

_BOOTSTRAP = 5.0
"""Seconds in which a client has found the cluster or does not find it: the driver tries again and again in silence."""
_BATCH_BYTES = 256 * 1024
_CLOSING = 1.0
"""Seconds that a producer may take to send what it still holds when it is closed."""


class Clients:
    """One admin client and one producer, shared by all threads, and any number of consumers."""

    def __init__(self, target: Target) -> None:
        self._target = target
        self._lock = threading.RLock()
        self._admin: Any = None
        self._producer: Any = None
        self._consumers: set[Any] = set()
        self._networks: dict[Any, Any] = {}
        self._abandoned: list[Any] = []

    def admin(self) -> Any:
        """The KafkaAdminClient."""
        from kafka import KafkaAdminClient

        with self._lock:
            if self._admin is None:
                self._admin = self._made(KafkaAdminClient)
            return self._admin

    def producer(self) -> Any:
        """The idempotent KafkaProducer: bytes in, each message once and in order, whatever happens to connections."""
        from kafka import KafkaProducer

        with self._lock:
            if self._producer is None:
                timeout = round(self._target.timeout * 1000)
                delivery = max(round(self._target.delivery_timeout * 1000), timeout)
                self._producer = self._made(
                    KafkaProducer,
                    batch_size=_BATCH_BYTES,
                    compression_type=self._target.compression,
                    delivery_timeout_ms=delivery,
                    max_block_ms=timeout,
                )
            return self._producer

    def replace_producer(self, producer: Any) -> None:
        """Give up a producer that has let messages expire: it may be stuck for good."""
        with self._lock:
            if self._producer is producer:
                self._producer = None
            self._networks.pop(producer, None)
        threading.Thread(target=_close_producer, args=(producer, 0.0), daemon=True).start()

    @contextmanager
    def consumer(self, **how: Any) -> Iterator[Any]:
        """A KafkaConsumer for the block, that commits nothing by itself."""
        consumer = self.open_consumer(**how)
        try:
            yield consumer
        except Exception:
            self.close_consumer(consumer)
            raise
        except BaseException:
            # Closing says good-bye to a broker that may not answer; whoever interrupts does not wait for that.
            threading.Thread(target=self.close_consumer, args=(consumer,), daemon=True).start()
            raise
        else:
            self.close_consumer(consumer)

    def open_consumer(self, **how: Any) -> Any:
        """A KafkaConsumer that commits nothing by itself; `close_consumer` ends it."""
        from kafka import KafkaConsumer

        consumer = self._made(
            KafkaConsumer,
            **{"enable_auto_commit": False, "auto_offset_reset": "earliest", "allow_auto_create_topics": False, **how},
        )
        with self._lock:
            self._consumers.add(consumer)
        return consumer

    def close_consumer(self, consumer: Any) -> None:
        """End a consumer; one that is in a group leaves it."""
        with self._lock:
            known = consumer in self._consumers
            self._consumers.discard(consumer)
        if known:
            _quietly(lambda: consumer.close(autocommit=False, timeout_ms=round(_CLOSING * 1000)))
            self._networks.pop(consumer, None)

    def close(self) -> None:
        """End all clients."""
        with self._lock:
            admin, producer, consumers = self._admin, self._producer, list(self._consumers)
            self._admin = self._producer = None
            self._networks.pop(admin, None)
            self._networks.pop(producer, None)
        for consumer in consumers:
            self.close_consumer(consumer)
        if producer is not None:
            _close_producer(producer, _CLOSING)
        if admin is not None:
            _quietly(admin.close)

    def after_fork(self) -> None:
        """In a forked child: put nothing in the place of every socket, and never touch these clients again."""
        for network in self._networks.values():
            _silence(network)
        # Kept alive: their finalizers would wait for threads that a child does not have.
        self._abandoned += [self._admin, self._producer, *self._consumers]
        if self._producer is not None:
            self._producer._unregister_cleanup()
        self._lock = threading.RLock()
        self._admin = self._producer = None
        self._consumers = set()
        self._networks = {}

    def _made(self, factory: Callable[..., Any], **how: Any) -> Any:
        """A client that has found the cluster. ConnectionError with the cause where it has not."""
        reaching.knock(self._target)
        made: list[Any] = []
        client = self._attempt(factory, made, how)
        if client is None:
            for net_client in made:
                _quietly(net_client.close)
                _quietly(net_client._net.stop)
            reaching.reach(self._target)
            raise ConnectionError(f"{self._target.where}: the cluster did not say in time which brokers it has")
        with self._lock:
            self._networks[client] = made[0]._net
        return client

    def _attempt(self, factory: Callable[..., Any], made: list[Any], how: dict[str, Any]) -> Any:
        from kafka.errors import KafkaError
        from kafka.net.compat import KafkaNetClient

        def net_client(**settings: Any) -> Any:
            timeout = round(self._target.timeout * 1000)
            made.append(KafkaNetClient(**settings, socket_connection_setup_timeout_ms=timeout))
            return made[-1]

        patience = min(_BOOTSTRAP, self._target.timeout)
        try:
            return factory(
                **self._target.arguments(), **how, kafka_client=net_client, bootstrap_timeout_ms=round(patience * 1000)
            )
        except KafkaError as error:
            log.debug("making a %s: %s", factory.__name__, error)
            return None


def _close_producer(producer: Any, timeout: float) -> None:
    try:
        producer.close(timeout=timeout)
    except Exception as error:
        # What could not be sent in time is dropped, or the producer's thread would go on for good.
        log.debug("closing a producer: %s", error)
        producer._sender.force_close()
        producer._sender.join(_CLOSING)
        producer._closed = True


def _silence(network: Any) -> None:
    selector = network._selector
    for descriptor in [*selector.get_map(), selector.fileno(), network._wakeup_w.fileno()]:
        silence(descriptor)


def _quietly(end: Callable[[], object]) -> None:
    try:
        end()
    except Exception as error:
        log.debug("closing a client: %s", error)
