"""Which compiled line the code that runs now belongs to: by the frames of its stack, or by who started its thread."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import FrameType
from typing import Any
from weakref import WeakKeyDictionary

from aibasic_kernel.session.file_names import COMPILED_PREFIX, FILE_PREFIX

_IMPORTING = "<frozen importlib._bootstrap"


class Callers:
    """The compiled code of one session: all that runs with its namespace `names` for globals."""

    def __init__(self, names: Mapping[str, Any]) -> None:
        self._names = names
        self._threads: WeakKeyDictionary[threading.Thread, str] = WeakKeyDictionary()

    @contextmanager
    def adopting(self, apart: tuple[str, ...]) -> Iterator[None]:
        """Threads that a compiled line starts during the block are its own, as long as they live.

        No event tells of them, so the start of a thread is seen to for the time.
        """
        start = threading.Thread.start

        def started(thread: threading.Thread) -> None:
            if line := self.line(sys._getframe(1), apart):
                self._threads[thread] = line
            start(thread)

        threading.Thread.start = started  # type: ignore[assignment, method-assign]
        try:
            yield
        finally:
            threading.Thread.start = start  # type: ignore[method-assign]

    def line(self, frame: FrameType | None, apart: tuple[str, ...] = ()) -> str:
        """The file name of the compiled line that called what runs in `frame`, "" where none did.

        Where code of a file that begins with one of `apart`, or the import of a library, stands between, none did.
        """
        own = False
        while frame is not None:
            name = frame.f_code.co_filename
            if name.startswith(COMPILED_PREFIX) and frame.f_globals is self._names:
                return name
            if apart and name.startswith(apart):
                return ""
            own = own or name.startswith(FILE_PREFIX)
            if apart and not own and name.startswith(_IMPORTING):
                return ""
            frame = frame.f_back
        return self._line_of_thread()

    def _line_of_thread(self) -> str:
        if not self._threads:
            return ""
        here = threading.get_ident()
        return next((line for thread, line in list(self._threads.items()) if thread.ident == here), "")
