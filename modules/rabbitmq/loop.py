"""pika's loop and connection, as the owner of a wire runs them. Imported when the first connection is made."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from pika import SelectConnection
from pika.adapters.select_connection import IOLoop

# What pika logs comes to the user as an exception already; without a handler of its own it would be on stderr too.
_driver_log = logging.getLogger("pika")
if _driver_log.level == logging.NOTSET:
    _driver_log.setLevel(logging.CRITICAL)


class Loop(IOLoop):  # type: ignore[misc]
    """pika's loop that knows which sockets are its own."""

    def __init__(self) -> None:
        super().__init__()
        self.sockets: set[int] = set()

    def add_handler(self, fd: int, handler: Callable[[int, int], None], events: int) -> None:
        """Watch a socket, which is one's own from now on."""
        self.sockets.add(fd)
        super().add_handler(fd, handler, events)

    def remove_handler(self, fd: int) -> None:
        """Watch a socket no more."""
        self.sockets.discard(fd)
        super().remove_handler(fd)

    def connect(self, parameters: Any, opened: Callable[[Any], None], ended: Callable[[Any, Any], None]) -> Any:
        """Begin to connect: `opened(connection)` or `ended(connection, error)` is called by the loop."""
        return SelectConnection(
            parameters,
            on_open_callback=opened,
            on_open_error_callback=ended,
            on_close_callback=ended,
            custom_ioloop=self,
        )
