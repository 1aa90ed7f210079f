"""Blocking driver calls that an interrupt ends: run on a worker thread, awaited where signals arrive."""

from __future__ import annotations

import _thread
import queue
import threading
import time
from collections.abc import Callable
from typing import Generic, TypeVar

Result = TypeVar("Result")

PATIENCE = 0.2
"""Seconds that a cancelled call has to end before it is left behind."""


class _Task(Generic[Result]):
    """One call: what to run, and how it ended."""

    __slots__ = ("done", "error", "function", "result")

    def __init__(self, function: Callable[[], Result]) -> None:
        self.function = function
        self.result: Result | None = None
        self.error: BaseException | None = None
        self.done = _thread.allocate_lock()
        self.done.acquire()

    def run(self) -> None:
        try:
            self.result = self.function()
        except BaseException as error:
            self.error = error
        self.done.release()


class Interruptible:
    """Runs blocking calls for one connection, one at a time, on a daemon thread that is kept from call to call.

    `abandoned` is True once a call did not end after it was cancelled: its connection must not be used again.
    """

    def __init__(self) -> None:
        self._inbox: queue.SimpleQueue[_Task[object] | None] = queue.SimpleQueue()
        self._started = False
        self.abandoned = False

    def call(self, function: Callable[[], Result], cancel: Callable[[], object]) -> Result:
        """Run `function` and return what it returns or raise what it raises.

        When an exception such as KeyboardInterrupt reaches the waiting thread, `cancel` is called to make `function`
        end, and the exception is raised as soon as it did, at the latest after `PATIENCE` seconds. Signals reach the
        main thread alone: any other thread just calls `function`.
        """
        if threading.current_thread() is not threading.main_thread():
            return function()
        if not self._started:
            self._started = True
            threading.Thread(target=_work, args=(self._inbox,), name="aibasic-driver-call", daemon=True).start()
        task = _Task(function)
        try:
            self._inbox.put(task)  # type: ignore[arg-type]
            task.done.acquire()
        except BaseException:
            # Cancelling may itself block (PostgreSQL's opens a connection), so it gets a thread of its own.
            cancelling = threading.Thread(target=_quietly, args=(cancel,), name="aibasic-cancel", daemon=True)
            cancelling.start()
            until = time.monotonic() + PATIENCE
            ended = task.done.acquire(timeout=PATIENCE)
            # A cancellation still under way could hit the next call.
            cancelling.join(max(0.0, until - time.monotonic()))
            self.abandoned = not ended or cancelling.is_alive()
            raise
        if task.error is not None:
            try:
                raise task.error
            finally:
                task.error = None
        return task.result  # type: ignore[return-value]

    def close(self) -> None:
        """Let the worker thread end after its present call."""
        self._inbox.put(None)


def _work(inbox: queue.SimpleQueue[_Task[object] | None]) -> None:
    while (task := inbox.get()) is not None:
        task.run()
        del task


def _quietly(cancel: Callable[[], object]) -> None:
    try:
        cancel()
    except Exception:
        # The call that should end is waited for in any case; a server that is gone cannot be told.
        return
