"""What stands at the end of the screen and may still change: a display that is updated, output that is cleared."""

from __future__ import annotations

from aibasic_kernel.faces.repl.screen import Screen, without_commands

MOST = 1 << 16
"""Characters of a cell's output of which it is known that no screen shows them all."""


class Live:
    """Writes displays and text to a screen; knows what of it is written over in place.

    The last display can be, as long as nothing was written below it and all of it is in sight.
    """

    def __init__(self, screen: Screen) -> None:
        self._screen = screen
        self._display: tuple[str, str] | None = None
        """The id and the text of the display at the end of the screen."""
        self._texts: dict[str, str] = {}
        """The text of each display of this cell, by its id."""
        self._cell = ""
        """What this cell has written."""
        self._clears = False

    def begin(self) -> None:
        """A new cell begins: what stands above stays as it is."""
        self._display, self._texts, self._cell, self._clears = None, {}, "", False

    def write(self, text: str) -> None:
        """Write text as it comes."""
        self._clear_if_due()
        self._display = None
        self._put(text)

    def show(self, text: str, display_id: str = "") -> None:
        """Write a display on lines of its own; nothing in it moves the cursor."""
        text = without_commands(text)
        self._clear_if_due()
        if text:
            self._put("\n" * (not self._screen.is_at_line_start) + text.rstrip("\n") + "\n")
        self._display = (display_id, text) if display_id else None
        if display_id:
            self._texts[display_id] = text

    def update(self, text: str, display_id: str) -> None:
        """Change a display: in place where it can be, else below; not at all where nothing new is in it."""
        text = without_commands(text)
        before = self._texts.get(display_id)
        if text == before or (before is not None and text and _only_less(before, text)):
            return
        if self._display == (display_id, before) and (not before or self._screen.can_take_back(before + "\n")):
            if before:
                self._screen.take_back(before + "\n")
                self._cell = self._cell.removesuffix(before + "\n")
            self.show(text, display_id)
        elif text:
            self.show(text, display_id)

    def clear(self, wait: bool) -> None:
        """Take back what this cell has written, at once or once it writes more."""
        self._clears = True
        if not wait:
            self._clear_if_due()

    def _clear_if_due(self) -> None:
        if self._clears:
            if self._cell and len(self._cell) < MOST and self._screen.can_take_back(self._cell):
                self._screen.take_back(self._cell)
            self.begin()

    def _put(self, text: str) -> None:
        self._screen.write(text)
        if len(self._cell) < MOST:
            self._cell += text


def _only_less(before: str, now: str) -> bool:
    """Whether every line only lost its end: what a notebook does not keep may stay on a screen."""
    old, new = before.split("\n"), now.split("\n")
    return len(old) == len(new) and all(was.startswith(is_now) for was, is_now in zip(old, new, strict=True))
