"""What one cell displays, whichever shell it runs in: headers shown in passing and settled at the end, the note that a
model is asked, results, and what its loops put out.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Protocol

from aibasic_kernel.faces.asking_note import Asked, AskingNote
from aibasic_kernel.session.messages import NOTHING, Elsewhere, Failed, Header, NextInput

if TYPE_CHECKING:
    from aibasic_kernel.faces.loop_display import LoopDisplay, Titled
    from aibasic_kernel.session.line import Line
    from aibasic_kernel.session.session import Session
    from aibasic_kernel.session.steps import Ask

Bundle = dict[str, Any]


class Screen(Protocol):
    """Where a cell shows things."""

    keeps_places: bool
    """Whether whatever was shown can be shown anew in its place; else only the newest can."""

    @property
    def is_captured(self) -> bool:
        """Whether what is displayed goes into a variable, so that nobody sees it now."""

    def publish(
        self, data: Bundle, display_id: str | None = None, *, update: bool = False, metadata: Bundle | None = None
    ) -> None:
        """Show a MIME bundle; with `update` in the place of that id. For any thread."""

    def publish_passing(self, data: Bundle, display_id: str, *, update: bool = False) -> None:
        """Show in that place what something else will replace before the cell ends. For any thread."""

    def format(self, thing: object) -> tuple[Bundle, Bundle]:
        """The MIME bundle of an object, and its metadata."""

    def next_input(self, text: str) -> None:
        """Put a text into the user's next cell or prompt."""


class CellDisplay:
    """The display of one cell until `settle`. `label` is what people know the cell by, `key` what it is."""

    def __init__(self, screen: Screen, session: Callable[[], Session], label: str, key: str) -> None:
        self._screen = screen
        self._session = session
        self._label, self._key = label, key
        self._passing: list[tuple[str, Header | Failed, Bundle]] = []
        """What was shown for now, with its display id and how."""
        self._asking: AskingNote | None = None
        self._header: Titled | None = None
        """The last header."""
        self._met: set[tuple[int, str]] = set()
        """The lines that have run, by the `id` of what was parsed, and the headers that they have."""
        self._loops: LoopDisplay | None = None
        """What the loops show, once there are any."""

    # Lines -----------------------------------------------------------------------------------------------------------

    def meet(self, line: Line) -> None:
        """A line runs by itself: the second time it is one of a loop; typed Python of another cell is marked."""
        if self._is_met(line):
            self.loop(lambda: line.place)
        elif line.typed and not line.is_expression and (cell := self._elsewhere(line)):
            self.show(Elsewhere(line, cell))

    def loop(self, place: Callable[[], str], rounds: Callable[[], int] | None = None) -> None:
        """Let the display of the loops be about the line at that place; `rounds` tells how many have run."""
        if not self._screen.keeps_places:
            return
        from aibasic_kernel.faces.loop_display import LoopDisplay

        if self._loops is None:
            self._loops = LoopDisplay(self._screen.publish, self._key, self._header)
        self._loops.at(place, rounds)

    def ask(self, step: Ask) -> Asked:
        """A model is asked: what listens to that."""
        if self._asking is None:
            self._asking = AskingNote(self._screen.publish_passing, lambda: self._session().redactor)
        return self._asking.show(step)

    def _is_met(self, line: Line, header: str = "") -> bool:
        """Whether the line was here before, with that header."""
        met = id(line.stands_for or line.instruction), header
        was_met = met in self._met
        self._met.add(met)
        return was_met

    def _elsewhere(self, line: Line) -> str:
        """The label of the cell that a numbered line stands in; "" for this one."""
        said = line.stands_for or line.instruction
        cells = (each.cell.label for each in self._session().program.lines() if each.instruction is said)
        return next((label for label in cells if label != self._label), "")

    # Showing ---------------------------------------------------------------------------------------------------------

    def show(self, thing: object) -> None:
        """Show a result, or one of the session's messages."""
        if isinstance(thing, Header):
            self._show_header(thing)
        elif isinstance(thing, Failed):
            self._show_for_now(thing, thing.saved())
        elif isinstance(thing, NextInput):
            self._screen.next_input(thing.text)
        else:
            data, metadata = self._screen.format(thing)
            if self._loops is None or self._loops.is_usual(thing):
                self._screen.publish(data, metadata=metadata)
            else:
                self._loops.keep(thing, data)

    def show_value(self, value: object) -> None:
        """Show the value of typed Python; within loops only so many, and then the newest."""
        if self._loops is None or self._screen.is_captured or self._loops.is_usual(value):
            sys.displayhook(value)  # the shell's, unless it is captured
        else:
            self._loops.keep(value, self._screen.format(value)[0])

    def settle(self) -> None:
        """Take back what was shown in passing, so that the saved notebook is the same after a rerun."""
        if self._loops is not None:
            self._loops.close()
        if self._asking is not None:
            self._screen.publish(NOTHING, self._asking.over(), update=True)
        for display_id, thing, shown in self._passing if self._screen.keeps_places else ():
            if (saved := thing.saved()) != shown:
                self._screen.publish(saved, display_id, update=True)

    def _show_header(self, header: Header) -> None:
        asked, self._asking = self._asking, None
        header.cell = self._elsewhere(header.line)
        data = header.bundle(header.passing if asked else "")
        if not self._is_met(header.line, str(data)) or asked:
            self._show_for_now(header, data, asked.over() if asked else None)

    def _show_for_now(self, thing: Header | Failed, data: Bundle, asked: str | None = None) -> None:
        """Show what has another form at the cell's end, where a note that a model is `asked` stands or below it."""
        from aibasic_kernel.faces.loop_display import Spot, Titled

        display_id = asked or os.urandom(8).hex()
        if self._loops is not None:
            self._loops.catch_up()
        self._screen.publish(data, display_id, update=asked is not None)
        if isinstance(thing, Header):
            self._header = Titled(Spot(self._screen.publish, data, display_id), thing.bundle)
        if asked or thing.line.origin == "model":
            self._passing.append((display_id, thing, data))
