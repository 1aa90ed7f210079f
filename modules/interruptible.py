"""Blocking driver calls that an interrupt ends: run on a worker thread, awaited where signals arrive."""

from __future__ import annotations

import _thread
import queue
import threading
import time
from collections.abc import Callable
from typing import Generic, TypeVar

from aibasic.modules import progress

Result = TypeVar("Result")

PATIENCE = 0.2
"""Seconds that an interrupt waits for the cancelled call to end."""
LAST_PATIENCE = 3.0
"""Seconds that the next call then waits for it, before the connection is given up."""


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
    """Runs blocking calls for one connection, one at a time, on a daemon thread that is kept from call to call."""

    def __init__(self) -> None:
        self._inbox: queue.SimpleQueue[_Task[object] | None] = queue.SimpleQueue()
        self._started = False
        self._cancelled: tuple[_Task[object], threading.Thread] | None = None

    def call(
        self, function: Callable[[], Result], cancel: Callable[[], object], show: Callable[[], object] | None = None
    ) -> Result:
        """Run `function` and return what it returns or raise what it raises. Only while `free`.

        When it takes longer than a second, `show` is called again and again, on the waiting thread.

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
            _wait(task.done, show)
        except BaseException:
            # Cancelling may itself block (PostgreSQL's opens a connection), so it gets a thread of its own.
            cancelling = threading.Thread(target=_quietly, args=(cancel,), name="aibasic-cancel", daemon=True)
            cancelling.start()
            self._cancelled = task, cancelling  # type: ignore[assignment]
            self.settle(PATIENCE)
            raise
        if task.error is not None:
            try:
                raise task.error
            finally:
                task.error = None
        return task.result  # type: ignore[return-value]

    @property
    def free(self) -> bool:
        """Whether no cancelled call is still under way."""
        return self._cancelled is None

    def settle(self, patience: float = LAST_PATIENCE) -> bool:
        """Wait for a cancelled call and for its cancellation, which could hit the next one. Whether both ended."""
        if self._cancelled is not None:
            task, cancelling = self._cancelled
            until = time.monotonic() + patience
            if task.done.acquire(timeout=patience):
                task.done.release()
                cancelling.join(max(0.0, until - time.monotonic()))
                if not cancelling.is_alive():
                    self._cancelled = None
        return self._cancelled is None

    def close(self) -> None:
        """Let the worker thread end after its present call."""
        self._inbox.put(None)

    def __del__(self) -> None:
        self.close()


def _wait(done: _thread.LockType, show: Callable[[], object] | None) -> None:
    # Never without a limit: an interrupt that comes just before a wait begins is raised only when that wait ends.
    seconds = progress.AFTER
    while not done.acquire(timeout=seconds):
        if show is not None:
            show()
            seconds = progress.EVERY


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
