"""The Jupyter kernel: ipykernel underneath, with a shell that runs AIBasic."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from typing import Any

from ipykernel.ipkernel import IPythonKernel
from traitlets import Type

from aibasic_kernel import __version__
from aibasic_kernel.faces.interrupts import Interrupts
from aibasic_kernel.faces.shell import AIBasicShell

WARM_UP_AFTER = 1.0
"""Seconds after the start before the provider's SDK is imported in the background: its 2 s must not slow the start."""


class AIBasicKernel(IPythonKernel):
    """Runs AIBasic cells. Display, comms, widgets, stdin, history and inspection are ipykernel's."""

    implementation = "aibasic"
    implementation_version = __version__
    banner = f"AIBasic {__version__}: write English lines, HELP lists the commands"
    language_info = {  # noqa: RUF012  # as ipykernel declares it
        "name": "aibasic",
        "version": __version__,
        "mimetype": "text/x-aibasic",
        "file_extension": ".aib",
        "pygments_lexer": "text",
        "nbconvert_exporter": "script",
    }
    shell_class = Type(AIBasicShell)
    shell: AIBasicShell

    @cached_property
    def _interrupts(self) -> Interrupts:
        return Interrupts(lambda text: print(text, file=sys.stderr, flush=True))

    def start(self) -> None:
        super().start()
        asyncio.get_event_loop().call_later(WARM_UP_AFTER, self.shell.warm_up)

    @contextmanager
    def _cancel_on_sigint(self, future: asyncio.Future[Any]) -> Iterator[None]:
        """Stop the cell at once, whether it waits or computes; the stock handler does not (ipykernel#881, #1239)."""
        loop = asyncio.get_running_loop()

        def on_sigint(signum: int, frame: Any) -> None:
            self._interrupts.handled()
            if asyncio.current_task(loop) is future and self.shell.computing:
                raise KeyboardInterrupt
            loop.call_soon_threadsafe(future.cancel)
            if self.shell.is_running_code_of_a_line(frame):
                # A task that the user started computes: KeyboardInterrupt in it would end the loop.
                raise asyncio.CancelledError

        saved = signal.signal(signal.SIGINT, on_sigint)
        try:
            with self._interrupts.watched():
                yield
        finally:
            signal.signal(signal.SIGINT, saved)

    def do_complete(self, code: str, cursor_pos: int) -> dict[str, Any]:  # type: ignore[override]  # both are allowed
        from aibasic_kernel.session.completion import complete

        english = complete(self.shell.session, code[:cursor_pos])
        if english is not None:
            matches, start = english
            return {
                "matches": matches,
                "cursor_start": start,
                "cursor_end": cursor_pos,
                "metadata": {},
                "status": "ok",
            }
        reply: dict[str, Any] = super().do_complete(code, cursor_pos)
        return reply

    def do_is_complete(self, code: str) -> dict[str, Any]:  # type: ignore[override]
        status, indent = self.shell.session.is_complete(code)
        return {"status": status, "indent": indent} if status == "incomplete" else {"status": status}

    def do_history(  # type: ignore[override]
        self,
        hist_access_type: str,
        output: bool,
        raw: bool,
        session: int = 0,
        start: int = 0,
        stop: int | None = None,
        n: int | None = None,
        pattern: str | None = None,
        unique: bool = False,
    ) -> dict[str, Any]:
        reply: dict[str, Any] = super().do_history(
            hist_access_type, output, raw, session, start, stop, n, pattern, unique
        )
        # Stock ipykernel calls the running session 0.
        assert self.shell.history_manager is not None
        current = session or self.shell.history_manager.session_number
        reply["history"] = [(number or current, *rest) for number, *rest in reply["history"]]
        return reply

    def do_shutdown(self, restart: bool) -> dict[str, Any]:  # type: ignore[override]
        self.shell.close_session()
        reply: dict[str, Any] = super().do_shutdown(restart)
        return reply
