"""Consuming through a callback: on the caller's thread, or on one of its own with a stop."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from aibasic.modules.rabbitmq.callbacks import Callback
from aibasic.modules.rabbitmq.message import Message
from aibasic.modules.rabbitmq.subscription import Subscription
from aibasic.modules.rabbitmq.wire import log

FIRST_PAUSE, LONGEST_PAUSE = 0.1, 5.0
"""Seconds between attempts to consume again after the connection was lost."""
PATIENCE = 10.0
"""Seconds that `stop` waits for a callback to return."""


class _CallbackFailed(Exception):
    """The user's callback has raised what is its cause."""


class Consumer:
    """Calls a function for each message of a queue: `stop()` ends it, `running` and `count` tell, `error` ended it."""

    def __init__(self, queue: str, callback: Callback, auto_ack: bool) -> None:
        self.queue = queue
        self.count = 0
        """Messages for which the callback has returned."""
        self.error: BaseException | None = None
        """What the callback raised in the background."""
        self._callback = callback
        self._auto_ack = auto_ack
        self._stopping = threading.Event()
        self._subscription: Subscription | None = None
        self._thread: threading.Thread | None = None

    @property
    def running(self) -> bool:
        """Whether it still consumes."""
        alive = self._thread is None or self._thread.is_alive()
        return alive and self._subscription is not None and not self._stopping.is_set()

    def run(self, subscription: Subscription, most: int | None = None, until: float | None = None) -> None:
        """Consume on this thread until stopped, or `most` messages, or the monotonic time `until`."""
        try:
            with subscription:
                self._consume(subscription, most, until)
        except _CallbackFailed as failed:
            assert failed.__cause__ is not None
            raise failed.__cause__ from None
        finally:
            self._subscription = None

    def start(self, subscription: Subscription, again: Callable[[], Subscription]) -> None:
        """Consume on a thread of its own; `again` subscribes anew after a lost connection."""
        self._subscription = subscription
        self._thread = threading.Thread(
            target=self._run_beside, args=(subscription, again), name=f"aibasic-consume-{self.queue}", daemon=True
        )
        self._thread.start()

    def stop(self) -> None:
        """Stop; waits for a callback that is running, for a while. What was not acknowledged is back in the queue."""
        self._stopping.set()
        if (subscription := self._subscription) is not None:
            subscription.stop()
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join(PATIENCE)

    def __repr__(self) -> str:
        state = "running" if self.running else f"ended by {self.error!r}" if self.error else "stopped"
        return f"<Consumer of queue {self.queue}, {state}, {self.count:,} messages>"

    def _run_beside(self, subscription: Subscription, again: Callable[[], Subscription]) -> None:
        current: Subscription | None = subscription
        while current is not None:
            try:
                with current:
                    self._consume(current, None, None)
                return
            except _CallbackFailed as failed:
                self.error = failed.__cause__
                log.error("the consumer of queue %s ends: its callback raised", self.queue, exc_info=self.error)
                return
            except ConnectionError as error:
                log.warning("%s; consuming goes on when it is back", error)
                current = self._again(again)
            except Exception as error:
                self.error = error
                log.error("the consumer of queue %s ends: %s", self.queue, error)
                return

    def _again(self, again: Callable[[], Subscription]) -> Subscription | None:
        pause = FIRST_PAUSE
        while not self._stopping.wait(pause):
            try:
                return again()
            except (RuntimeError, OSError) as error:
                log.debug("consuming queue %s again: %s", self.queue, error)
                pause = min(pause * 2, LONGEST_PAUSE)
        return None

    def _consume(self, subscription: Subscription, most: int | None, until: float | None) -> None:
        self._subscription = subscription
        while not self._stopping.is_set() and (most is None or self.count < most):
            message = subscription.take(None if until is None else max(0.0, until - time.monotonic()))
            if message is None:
                return
            self._handle(message)

    def _handle(self, message: Message) -> None:
        if self._auto_ack:
            message.delivery.settle_unseen("acknowledged")
        try:
            self._callback(message)
        except Exception as error:
            if message.state == "held":
                message.delivery.settle_unseen("requeued")
            raise _CallbackFailed from error
        if message.state == "held":
            message.delivery.settle_unseen("acknowledged")
        self.count += 1
