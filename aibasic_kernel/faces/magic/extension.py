"""The extension of one IPython: its session, made when first needed, and all that is put in and taken out again."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from typing import TYPE_CHECKING

from IPython.core.error import StdinNotImplementedError

from aibasic_kernel.compiler.privacy.redaction import Redactor
from aibasic_kernel.errors import AIBasicError
from aibasic_kernel.faces import terminal, working_folder
from aibasic_kernel.faces.cell_display import CellDisplay, Screen
from aibasic_kernel.faces.engine import load_engine
from aibasic_kernel.faces.interrupts import Interrupts
from aibasic_kernel.faces.magic.cells import Cell
from aibasic_kernel.faces.magic.completion import Matcher
from aibasic_kernel.faces.magic.guards import guarded
from aibasic_kernel.faces.magic.questions import QuestionMarks
from aibasic_kernel.faces.screens import NotebookScreen
from aibasic_kernel.faces.session_state import TARGET, Watchers

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

    from aibasic_kernel.faces.magic.face import MagicFace
    from aibasic_kernel.session.services.known_services import Learner
    from aibasic_kernel.session.session import Session

_ABOVE = "%%aibasic\n"


class Extension:
    """AIBasic in one IPython: `run` runs a cell, `close` takes out all that `__init__` has put in."""

    def __init__(self, shell: InteractiveShell) -> None:
        self._shell = shell
        self._session: Session | None = None
        self._face: MagicFace | None = None
        self._learner: Learner | None = None
        self._first_redactor = Redactor()
        self._screen = self._new_screen()
        self._interrupts = Interrupts(terminal.tell)
        self._watchers = Watchers(lambda: self._session)
        self._undo = ExitStack()
        self._hold = self._undo.enter_context(guarded(shell, lambda: self.redactor))
        self._undo.enter_context(working_folder.guarded())
        self._undo.enter_context(QuestionMarks().put_into(shell))
        self._undo.enter_context(Matcher(lambda: self.session).put_into(shell))
        self._open_comms()

    @property
    def session(self) -> Session:
        """The session, in the namespace of the notebook."""
        if self._session is None:
            load_engine()
            from aibasic_kernel.session.session import Session

            self._session = Session(self._shell.user_ns, ask=self._ask, hidden=self._shell.user_ns_hidden)
        return self._session

    @property
    def redactor(self) -> Redactor:
        """What knows the secrets; before there is a session, those that anything in this process has held."""
        return self._session.redactor if self._session is not None else self._first_redactor

    def run(self, cell: Cell, settings: Sequence[str]) -> None:
        """Run a cell with these settings (`KEY = value`), which count for it alone.

        Raises LineError and what else a session's run raises.
        """
        face = self._ready()
        session = self.session
        from aibasic_kernel.session.set_command import set_for_now

        display = CellDisplay(self._screen, lambda: session, cell.label, f"{cell.key or cell.label} {cell.text}")
        with face.showing(display), self._interrupts.heard(), self._hold():
            try:
                with set_for_now(session, settings):
                    face.drive(session.run(cell.text, cell.key, cell.label))
            finally:
                display.settle()
                self._watchers.tell()
        self._learn(session)

    def close(self) -> None:
        """Take everything out, and end the session: the names that it has lent to the notebook are gone too."""
        self._undo.close()
        if self._session is None:
            return
        from aibasic.modules.base import Module

        from aibasic_kernel.session.context import Context

        session, names = self._session, self._shell.user_ns
        lent = [name for name in session.service_variables if isinstance(names.get(name), Module)]
        session.close()
        for name in (*lent, *(["context"] if isinstance(names.get("context"), Context) else [])):
            del names[name]

    def _ready(self) -> MagicFace:
        """What drives the session. Raises AIBasicError where it does so already."""
        load_engine()
        from aibasic_kernel.faces.magic.face import MagicFace

        if self._face is None:
            self._face = MagicFace(self._shell)
        if self._face.is_running:
            raise AIBasicError("%aibasic is running already", "write the lines of one cell below each other")
        return self._face

    def _learn(self, session: Session) -> None:
        """Read soon, where an event loop runs, the tables that have changed, so that no key press has to."""
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            return
        from aibasic_kernel.faces.kernel import LEARN_AFTER
        from aibasic_kernel.session.services.known_services import Learner

        if self._learner is None:
            self._learner = Learner(session)
        loop.call_later(LEARN_AFTER, self._learner.learn)

    def _new_screen(self) -> Screen:
        if getattr(self._shell, "kernel", None) is not None:
            return NotebookScreen(self._shell, _ABOVE)
        from aibasic_kernel.faces.magic.terminal_screen import TerminalScreen

        return TerminalScreen(self._shell, _ABOVE)

    def _open_comms(self) -> None:
        """Tell the front ends of a kernel how the session stands."""
        manager = getattr(getattr(self._shell, "kernel", None), "comm_manager", None)
        if manager is not None:
            manager.register_target(TARGET, self._watchers.welcome)
            self._undo.callback(manager.unregister_target, TARGET, self._watchers.welcome)

    def _ask(self, question: str) -> str | None:
        """As `session.asking.Asker` says."""
        if threading.current_thread() is not threading.main_thread() or self._screen.is_captured:
            return None
        if isinstance(self._screen, NotebookScreen):
            read: Callable[[str], str] = input  # the kernel's
            try:
                return read(question).strip()
            except StdinNotImplementedError:
                return None
            except EOFError:
                return ""
        return terminal.ask(question)
