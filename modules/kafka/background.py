"""Reading in the background, on a thread of its own, until it is stopped."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import Any

from aibasic.modules.kafka.messages import Messages
from aibasic.modules.kafka.reading import Callback
from aibasic.modules.progress import counted

log = logging.getLogger("aibasic.modules")

Read = Callable[[Callback, Callable[[], bool]], object]


class Background:
    """Messages as they come: handed to a callback, or kept until `take()`.

    `count` is how many have come, `error` what ended the reading if it was not `stop()`.
    """

    def __init__(self, name: str, read: Read, callback: Callback | None, limit: int) -> None:
        self.name = name
        self.count = 0
        self.error: BaseException | None = None
        self._callback = callback
        self._limit = limit
        self._kept = Messages()
        self._changed = threading.Condition()
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(read,), name=f"aibasic-kafka-{name}", daemon=True)

    def start(self) -> None:
        """Begin to read."""
        self._thread.start()

    @property
    def running(self) -> bool:
        """Whether it still reads."""
        return self._thread.is_alive()

    def take(self, least: int = 0, timeout: float | None = None) -> Messages:
        """The messages that have come since the last call; waits until there are `least`, up to `timeout` seconds."""
        with self._changed:
            self._changed.wait_for(lambda: len(self._kept) >= least or not self.running, timeout)
            taken, self._kept = self._kept, Messages()
            self._changed.notify_all()
            return taken

    def stop(self, timeout: float = 5.0) -> None:
        """Stop reading, and wait until it has, up to `timeout` seconds. What was kept can still be taken."""
        self._stopped.set()
        with self._changed:
            self._changed.notify_all()
        if self._thread is not threading.current_thread():
            self._thread.join(timeout)

    def _run(self, read: Read) -> None:
        try:
            read(self._receive, self._stopped.is_set)
        except BaseException as error:
            self.error = error
            log.error("reading %s in the background has ended: %s", self.name, error)
        finally:
            with self._changed:
                self._changed.notify_all()

    def _receive(self, message: dict[str, Any]) -> None:
        if self._callback is not None:
            self._callback(message)
        else:
            with self._changed:
                # Nobody takes them: wait, rather than fill the memory.
                self._changed.wait_for(lambda: len(self._kept) < self._limit or self._stopped.is_set())
                self._kept.append(message)
                self._changed.notify_all()
        self.count += 1

    def __repr__(self) -> str:
        state = "reading" if self.running else f"ended: {self.error}" if self.error else "stopped"
        return f"<Background {self.name}: {state}, {counted(self.count, 'messages')}>"
