"""A run that stopped, and whether it may go on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import ModuleType

from aibasic_kernel.compiler.in_place import changed_in_place, failing_line
from aibasic_kernel.errors import AIBasicError
from aibasic_kernel.session.line import Line
from aibasic_kernel.session.running.run import Run


@dataclass(frozen=True)
class Stopped:
    """A run that stopped before a line; `half_done` is the place of that line where it may have changed something."""

    run: Run
    half_done: str = ""

    def resumed(self) -> Run:
        """The run, to go on with. Raises AIBasicError where that would not be what it was."""
        cell, lines = self.run.track.cell, self.run.track.lines
        is_gone = bool(cell.lines) and cell not in self.run.program.cells
        if is_gone or any(line.number is not None and cell.line(line.number) is not line for line in lines):
            raise AIBasicError("the program was changed since it stopped", "RUN starts it anew, RUN N from line N")
        if self.half_done:
            raise AIBasicError(
                f"{self.half_done} stopped while it ran: what it had done by then would be done twice",
                "RUN with its number runs it again all the same, RUN with the number behind it goes on without it",
            )
        return self.run


def interrupted(run: Run, line: Line, error: KeyboardInterrupt, users: Mapping[str, object]) -> Stopped:
    """A run that an interrupt stopped in `line`, or behind it; `users` are the user's variables."""
    return Stopped(run, line.place if run.in_line and _has_done_something(line, error, users) else "")


def _has_done_something(line: Line, error: KeyboardInterrupt, users: Mapping[str, object]) -> bool:
    """Whether a line that was under way may have changed what it would change again."""
    if line.typed or (line.heard is not None and line.heard.wrote):
        return True
    objects = [name for name, value in users.items() if not isinstance(value, ModuleType)]
    return bool(changed_in_place(line.python, objects, failing_line(error, line.filename)))
