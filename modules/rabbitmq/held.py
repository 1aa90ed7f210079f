"""The messages that a session holds: got one by one or collected, and not settled yet."""

from __future__ import annotations

import threading
from collections import Counter

from aibasic.modules.rabbitmq.message import Message, Messages


class Held:
    """Messages whose broker waits for their acknowledgement."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._messages: list[Message] = []

    def add(self, *messages: Message) -> None:
        """Hold messages."""
        with self._lock:
            self._messages = [*self._unsettled(), *messages]

    def messages(self) -> Messages:
        """Those that are still held."""
        with self._lock:
            self._messages = self._unsettled()
            return Messages(self._messages)

    def __bool__(self) -> bool:
        return bool(self.messages())

    def __str__(self) -> str:
        """`holds 2 messages of queue orders`, "" for none."""
        counts = Counter(message["queue"] for message in self.messages())
        parts = [f"{count:,} message{'s' * (count > 1)} of queue {queue}" for queue, count in sorted(counts.items())]
        return f"holds {', '.join(parts)}, not acknowledged" if parts else ""

    def _unsettled(self) -> list[Message]:
        return [message for message in self._messages if message.state == "held"]
