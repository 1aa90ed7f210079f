"""Drives a session from within a magic, which IPython runs to its end."""

from __future__ import annotations

import ast
import asyncio
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from IPython.core.async_helpers import get_asyncio_loop
from IPython.core.autocall import IPyAutocall

from aibasic_kernel.errors import AIBasicError
from aibasic_kernel.faces.blocking import BlockingFace
from aibasic_kernel.faces.execution import Flusher
from aibasic_kernel.language.magics import cell_magic
from aibasic_kernel.session.line import Line, checked
from aibasic_kernel.session.steps import Ask, Outcome, RunLoop, RunMagic

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

    from aibasic_kernel.faces.asking_note import Asked
    from aibasic_kernel.faces.cell_display import CellDisplay

CAPTURE_ABOVE = "write %%capture on the line above %%aibasic: then it takes sentences too"


class MagicFace(BlockingFace):
    """Runs lines in the namespace of an IPython, whose magics they may use."""

    def __init__(self, shell: InteractiveShell) -> None:
        self._shell = shell
        self._viewer = _Viewer()
        super().__init__(shell.user_ns, self._viewer)

    @property
    def is_running(self) -> bool:
        """Whether a cell runs now."""
        return self._viewer.display is not None

    @contextmanager
    def showing(self, display: CellDisplay) -> Iterator[None]:
        """Show on that display what runs in the block."""
        self._viewer.display = display
        try:
            yield
        finally:
            self._viewer.display = None

    def _run_magic(self, step: RunMagic) -> Outcome:
        name, body = cell_magic(step.text)
        if name == "capture" and not self._is_python(body):
            return Outcome(error=AIBasicError("below %%aibasic, %%capture takes Python alone", CAPTURE_ABOVE))
        python = self._shell.transform_cell(f"{step.text}\n")
        return self._outcome(checked(python, f"<ipython {step.line.place}>"))

    def _is_python(self, text: str) -> bool:
        try:
            ast.parse(self._shell.transform_cell(text))
        except SyntaxError:
            return False
        return True

    def _waited(self, running: Coroutine[Any, Any, object]) -> object:
        """The value of code that awaits something, on the event loop on which IPython runs such code."""
        try:
            asyncio.get_running_loop()
        except RuntimeError:
            return get_asyncio_loop().run_until_complete(running)
        running.close()
        raise AIBasicError(
            "a line of %%aibasic cannot await: the notebook's event loop is running already",
            "await in a cell of Python, or take the kernel AIBasic, whose cells can",
        )


class _Viewer:
    """Who sees a run: the display of the cell that runs."""

    def __init__(self) -> None:
        self.display: CellDisplay | None = None
        self._asked: Asked | None = None
        self._loop: RunLoop | None = None
        self._flusher = Flusher()

    @property
    def _cell(self) -> CellDisplay:
        assert self.display is not None
        return self.display

    def show(self, thing: object) -> None:
        self._cell.show(thing)

    def show_value(self, value: object) -> None:
        if isinstance(value, IPyAutocall):  # `exit`, as in IPython
            value()  # type: ignore[operator]  # its subclasses are
        else:
            self._cell.show_value(value)

    def asking(self, step: Ask) -> None:
        self._asked = self._cell.ask(step)

    def wrote(self, text: str) -> None:
        if self._asked is not None:
            self._asked.wrote(text)

    def notice(self, line: Line, text: str) -> None:
        if self._asked is not None:
            self._asked.noticed(text)

    def began(self, line: Line) -> None:
        self._cell.meet(line)

    def ended(self, line: Line, seconds: float) -> None:
        self._flusher.flush()

    def went_round(self, loop: RunLoop) -> None:
        if loop is not self._loop:
            self._loop = loop
            self._cell.loop(loop.place, loop.rounds)
        self._flusher.flush()
