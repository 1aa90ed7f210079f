"""What cells put out, as the kernel sends it on: printed text and values."""

from __future__ import annotations

from ipykernel.displayhook import ZMQShellDisplayHook
from ipykernel.iostream import OutStream


class Stream(OutStream):
    """ipykernel's, but that to flush it costs nothing where nothing was written since.

    A flush waits for another thread, and each cell has four or more of them.
    """

    _unsent = False

    def write(self, string: str) -> int | None:  # type: ignore[override]  # as in the class above
        count = super().write(string)
        # Not before: a flush in between, by another thread, would take the mark away and leave the text.
        self._unsent = True
        return count

    def flush(self) -> None:
        if self._unsent:
            self._unsent = False
            super().flush()


class DisplayHook(ZMQShellDisplayHook):
    """Shows a value; the line's code has judged whether a `;` silences it, so the English input is not tokenised."""

    def quiet(self) -> bool:
        return False
