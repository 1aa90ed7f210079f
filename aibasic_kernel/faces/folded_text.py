"""A text of any length, bounded for display: its beginning, its end, how much there is, and where to find all of it."""

from __future__ import annotations

import html
import threading
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

from aibasic_kernel.session.messages import folded

LINES, CHARACTERS = 1_000, 100_000
"""What is shown of a text as it comes."""
SHOWN = 1_000_000
"""Characters of the rest that are shown folded; where there are more, all of the rest is in a file."""
LAST_LINES, LAST_CHARACTERS = 10, 2_000
"""The end of the rest, which is always seen."""
_LIKE_PRINTED = "margin:0;padding-left:var(--jp-code-padding,0);font-size:var(--jp-code-font-size,inherit)"
NewFile = Callable[[], tuple[Path, IO[bytes]]]


class FoldedText:
    """The text that is not shown as it comes; any thread may add to it.

    `new_file` makes the file for very much; `what` and `of` name what is counted. `ends` says that the end is seen
    unfolded.
    """

    def __init__(self, new_file: NewFile, what: str = "line", of: str = "", *, ends: bool = True) -> None:
        self._new_file = new_file
        self._what, self._of = what, of
        self._ends = ends
        self._lock = threading.Lock()
        self._pieces: list[str] = []
        self._characters = 0
        self._count = 0
        self._last = ""
        self._path: Path | None = None
        self._file: IO[bytes] | None = None
        self._trouble = ""

    def __bool__(self) -> bool:
        return self._characters > 0

    def add(self, text: str, count: int = 0) -> None:
        """Keep some more, which counts for so many."""
        with self._lock:
            room = SHOWN - self._characters
            if room > 0:
                self._pieces.append(text[:room])
            self._characters += len(text)
            self._count += count
            self._last = (self._last + text)[-LAST_CHARACTERS:]
            if len(text) > room:
                self._write(text[max(room, 0) :])

    def close(self) -> None:
        """Close the file, if there is one."""
        with self._lock:
            try:
                if self._file is not None:
                    self._file.close()
            except OSError as error:
                self._trouble = str(error)
            self._file = None

    def now(self, progress: str = "") -> dict[str, Any]:
        """What is seen while there is more to come."""
        title = f"{self._how_many}  ·  {progress}" if progress else self._how_many
        return self._bundle(title, f"<small><code>{html.escape(title)}</code></small>")

    def saved(self) -> dict[str, Any]:
        """What is seen in the end."""
        title = f"{self._how_many}{self._where}"
        return self._bundle(title, folded(title, "".join(self._pieces)))

    def _bundle(self, title: str, above: str) -> dict[str, Any]:
        if not self._ends:
            return {"text/plain": title, "text/html": above}
        end = "\n".join(self._last.splitlines()[-LAST_LINES:])
        below = f"<pre style='{_LIKE_PRINTED}'>{html.escape(end)}</pre>"
        return {"text/plain": f"{title}\n{end}", "text/html": above + below}

    @property
    def _how_many(self) -> str:
        return f"... {self._count:,} more {self._what}{'s' * (self._count != 1)}{self._of}"

    @property
    def _where(self) -> str:
        if self._trouble:
            return f", of which the first are kept (no file could be written: {self._trouble}), and the last"
        return "" if self._path is None else f", all of them in {self._path}"

    def _write(self, text: str) -> None:
        """Write on into the file, which begins with what is in memory."""
        if self._trouble:
            return
        try:
            if self._file is None:
                self._path, self._file = self._new_file()
                text = "".join(self._pieces) + text
            self._file.write(text.encode("utf-8", "backslashreplace"))
        except OSError as error:
            self._trouble = error.strerror or str(error)


class Bounds:
    """How much of a printed text is shown as it comes; `rest` gets what is more."""

    def __init__(self, rest: FoldedText) -> None:
        self._rest = rest
        self._lock = threading.Lock()
        self._lines, self._characters = LINES, CHARACTERS

    def passed(self, text: str) -> str:
        """What of `text` is shown."""
        with self._lock:
            cut = 0 if self._rest else self._cut(text)
            self._lines -= text.count("\n", 0, cut)
            self._characters -= cut
            if cut < len(text):
                self._rest.add(text[cut:], text.count("\n", cut))
        return text[:cut]

    def _cut(self, text: str) -> int:
        """Where the text has to end: behind a line, unless there is a very long one."""
        end = 0
        for _ in range(self._lines):
            following = text.find("\n", end) + 1
            if not following:
                end = len(text)
                break
            end = following
        if end <= self._characters:
            return end
        return text.rfind("\n", 0, self._characters) + 1 or self._characters
