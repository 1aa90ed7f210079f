"""The Jupyter kernel: ipykernel underneath, with a shell that runs AIBasic."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING, Any

from ipykernel.ipkernel import IPythonKernel
from traitlets import Type

from aibasic_kernel import __version__
from aibasic_kernel.compiler.privacy.redaction import Redactor
from aibasic_kernel.faces.engine import load_engine
from aibasic_kernel.faces.interrupts import Interrupts
from aibasic_kernel.faces.packing import hide_in_log, lossless, without_secrets
from aibasic_kernel.faces.questions import Questions
from aibasic_kernel.faces.session_state import TARGET, Watchers
from aibasic_kernel.faces.shell import AIBasicShell
from aibasic_kernel.faces.streams import guard_streams, held

if TYPE_CHECKING:
    from aibasic_kernel.session.services.known_services import Learner

WARM_UP_AFTER = 0.1
"""Seconds from telling who it is until the kernel prepares for a first request: 2 s that must not slow its start."""
LEARN_AFTER = 0.1
"""Seconds after a cell before tables that have changed are read again: its reply goes out first."""


class AIBasicKernel(IPythonKernel):
    """Runs AIBasic cells. Display, comms, widgets, stdin and history are ipykernel's."""

    implementation = "aibasic"
    implementation_version = __version__
    banner = f"AIBasic {__version__}: write English lines, HELP lists the commands"
    language_info = {  # noqa: RUF012  # as ipykernel declares it
        "name": "aibasic",
        "version": __version__,
        "mimetype": "text/x-aibasic",
        "file_extension": ".aib",
        "pygments_lexer": "aibasic",
        "codemirror_mode": "aibasic",
        "nbconvert_exporter": "script",
    }
    shell_class = Type(AIBasicShell)
    shell: AIBasicShell
    _prepares = False

    @cached_property
    def _interrupts(self) -> Interrupts:
        return Interrupts(lambda text: print(text, file=sys.stderr, flush=True))

    def start(self) -> None:
        super().start()
        assert self.session is not None
        self.session.pack = without_secrets(lossless(self.session.pack), self._redactor)
        guard_streams(self._redactor)
        hide_in_log(self.log, self._redactor)
        self.comm_manager.register_target(TARGET, self._watchers.welcome)

    def _redactor(self) -> Redactor:
        """What knows the secrets, those of the configuration once there is a session."""
        return self.shell.redactor

    @cached_property
    def _watchers(self) -> Watchers:
        """The front ends that show the session's state."""
        return Watchers(lambda: self.shell.session if self.shell.has_session else None)

    async def kernel_info_request(self, stream: Any, ident: Any, parent: Any) -> None:
        await super().kernel_info_request(stream, ident, parent)
        if not self._prepares:
            self._prepares = True
            asyncio.get_running_loop().call_later(WARM_UP_AFTER, self.shell.warm_up, self._watchers.tell)

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

    @cached_property
    def _learner(self) -> Learner:
        from aibasic_kernel.session.services.known_services import Learner

        return Learner(self.shell.session)

    async def do_execute(
        self,
        code: str,
        silent: bool,
        store_history: bool = True,
        user_expressions: dict[str, Any] | None = None,
        allow_stdin: bool = False,
        *,
        cell_meta: dict[str, Any] | None = None,
        cell_id: str | None = None,
    ) -> dict[str, Any]:
        deleted = (cell_meta or {}).get("deletedCells")  # JupyterLab tells with the next cell that it runs
        self.shell.forget_cells(deleted if isinstance(deleted, list) else ())
        with held():
            reply: dict[str, Any] = await super().do_execute(
                code, silent, store_history, user_expressions, allow_stdin, cell_meta=cell_meta, cell_id=cell_id
            )
        self._watchers.tell()
        if reply.get("status") == "ok":
            asyncio.get_running_loop().call_later(LEARN_AFTER, self._learner.learn)
        return reply

    def raw_input(self, prompt: str = "") -> str:
        with held(False):  # the user must see what comes before a question
            answer: str = super().raw_input(prompt)
        return answer

    @cached_property
    def _questions(self) -> Questions:
        return Questions(self.session, self.stdin_socket, self.log)

    def _input_request(self, prompt: str, ident: Any, parent: Any, password: bool = False) -> str:
        sys.stdout.flush()
        sys.stderr.flush()
        return self._questions.ask({"prompt": prompt, "password": password}, parent, ident)

    def do_complete(self, code: str, cursor_pos: int) -> dict[str, Any]:  # type: ignore[override]  # both are allowed
        load_engine()
        from aibasic_kernel.session.completion.completion import complete
        from aibasic_kernel.session.completion.reply import complete_reply

        found = complete(self.shell.session, code, cursor_pos)
        if found.python is None:
            return complete_reply(found)
        text, offset = found.python
        of_python = self._complete_python(text, cursor_pos - offset, analyse=not found.offers)
        return complete_reply(found, of_python)

    def _complete_python(self, text: str, cursor: int, *, analyse: bool) -> dict[str, Any]:
        """IPython's completions by the live values; by analysis of the source only where those give none.

        The analysis (Jedi) takes seconds where it reads a library like pandas for the first time.
        """
        completer: Any = self.shell.Completer
        configured = completer.use_jedi
        completer.use_jedi = False
        try:
            reply: dict[str, Any] = super().do_complete(text, cursor)
        finally:
            completer.use_jedi = configured
        if analyse and configured and not reply["matches"]:
            reply = super().do_complete(text, cursor)
        return reply

    def do_inspect(  # type: ignore[override]  # both are allowed
        self, code: str, cursor_pos: int, detail_level: int = 0, omit_sections: Collection[str] = ()
    ) -> dict[str, Any]:
        load_engine()
        from aibasic_kernel.session.inspection.inspection import inspect

        text = inspect(self.shell.session, code, cursor_pos, source=detail_level > 0)
        if text is not None:
            return {"status": "ok", "found": True, "data": {"text/plain": text}, "metadata": {}}
        reply: dict[str, Any] = super().do_inspect(code, cursor_pos, detail_level, omit_sections)
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
        assert self.shell.history_manager is not None
        if start < 0:  # stock ipykernel fails where a session has fewer inputs than are asked for from its end
            start = max(start, -len(self.shell.history_manager.input_hist_raw))
        reply: dict[str, Any] = super().do_history(
            hist_access_type, output, raw, session, start, stop, n, pattern, unique
        )
        # Stock ipykernel calls the running session 0.
        current = session or self.shell.history_manager.session_number
        reply["history"] = [(number or current, *rest) for number, *rest in reply["history"]]
        return reply

    def do_shutdown(self, restart: bool) -> dict[str, Any]:  # type: ignore[override]
        self.shell.close_session()
        reply: dict[str, Any] = super().do_shutdown(restart)
        return reply
