"""Publish and subscribe."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from aibasic.modules.redis.keys import Keys
from aibasic.modules.redis.values import encoded, plain
from aibasic.modules.results import Rows

if TYPE_CHECKING:
    from aibasic.modules.redis.client import Client

log = logging.getLogger("aibasic.modules")

_GLANCE = 0.2
"""Seconds between two looks at whether to stop."""
_PAUSE = 0.5
"""Seconds between two tries to reach a server that is gone."""


class Messages(Keys):
    """Channels. What nobody listens to is lost: Redis keeps no message; a stream does."""

    def publish(self, channel: str, message: Any) -> int:
        """Send a message to all who listen to a channel now. How many they are. A dict or list is sent as JSON.

        Example: redis_client.publish("notifications", "hello")
        """
        return int(self._redis.publish(channel, encoded(message)))

    def subscribe(self, *channels: str, handler: Callable[[str, Any], object] | None = None) -> Subscription:
        """Listen to channels. With a `handler(channel, message)` it is called in the background until `stop()`.

        Example: messages = redis_client.subscribe("notifications").collect(10, seconds=60)
        """
        return Subscription(self._redis, channels, (), handler)

    def psubscribe(self, *patterns: str, handler: Callable[[str, Any], object] | None = None) -> Subscription:
        """As `subscribe`, to all channels that fit a pattern such as `news.*`.

        Example: listening = redis_client.psubscribe("news.*", handler=print)
        """
        return Subscription(self._redis, (), patterns, handler)

    def collect(self, *channels: str, count: int = 10, seconds: float = 10.0) -> Rows:
        """Up to `count` messages of channels, as many as come within `seconds`, as rows of channel and message.

        A name with a `*` in it is a pattern.

        Example: redis_client.collect("news.*", count=100, seconds=5)
        """
        exact = tuple(name for name in channels if "*" not in name)
        patterns = tuple(name for name in channels if "*" in name)
        with Subscription(self._redis, exact, patterns, None) as listening:
            return listening.collect(count, seconds)


class Subscription:
    """Listens from when it is made until `stop()`, also across a restart of the server. Iterates over its messages."""

    def __init__(
        self,
        client: Client,
        channels: tuple[str, ...],
        patterns: tuple[str, ...],
        handler: Callable[[str, Any], object] | None,
    ) -> None:
        if not channels and not patterns:
            raise ValueError("name a channel to listen to")
        self._names = (*channels, *patterns)
        self._stopped = threading.Event()
        # Nobody closes the connection under whoever reads from it.
        self._reading = threading.Lock()
        self._ear = client.pubsub()
        if channels:
            self._ear.subscribe(*channels)
        if patterns:
            self._ear.psubscribe(*patterns)
        for _ in self._names:
            self._ear.get_message(timeout=client.patience)
        if handler is not None:
            threading.Thread(target=self._hand_over, args=(handler,), name="aibasic-redis", daemon=True).start()

    def collect(self, count: int = 10, seconds: float = 10.0) -> Rows:
        """Up to `count` messages, as many as come within `seconds`, as rows of channel and message."""
        rows: list[tuple[Any, ...]] = []
        until = time.monotonic() + seconds
        while len(rows) < count and (rest := until - time.monotonic()) > 0:
            message = self._next(min(rest, _GLANCE))
            if message is not None:
                rows.append(message)
        return Rows(rows, ("channel", "message"))

    def __iter__(self) -> Iterator[tuple[str, Any]]:
        while not self._stopped.is_set():
            message = self._next(_GLANCE)
            if message is not None:
                yield message

    def stop(self) -> None:
        """Listen no more."""
        self._stopped.set()
        with self._reading:
            self._ear.close()

    def __enter__(self) -> Subscription:
        return self

    def __exit__(self, *raised: object) -> None:
        self.stop()

    def __repr__(self) -> str:
        return f"<Subscription to {', '.join(self._names)}{', stopped' if self._stopped.is_set() else ''}>"

    def _next(self, seconds: float) -> tuple[str, Any] | None:
        """The next message, None where none came; after a loss the subscription is made again."""
        from redis.exceptions import ConnectionError, TimeoutError

        try:
            with self._reading:
                message = None if self._stopped.is_set() else self._ear.get_message(timeout=seconds)
        except (ConnectionError, TimeoutError, OSError) as error:
            log.warning("listening to %s: %s; trying again", ", ".join(self._names), error)
            self._stopped.wait(_PAUSE)
            return None
        if not message or message["type"] not in ("message", "pmessage"):
            return None
        return plain(message["channel"]), plain(message["data"])

    def _hand_over(self, handler: Callable[[str, Any], object]) -> None:
        for channel, message in self:
            try:
                handler(channel, message)
            except Exception:
                log.exception(
                    "the handler of messages from %s failed; the next message is handed over as well", channel
                )
