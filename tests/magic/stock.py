"""IPython as it comes: a kernel of ipykernel, and the terminal."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pexpect

from tests.kernel.notebook import PATIENCE, Notebook, open_notebook

LOAD = "%load_ext aibasic_kernel"


@contextmanager
def stock_notebook(folder: Path, environment: Mapping[str, str] | None = None) -> Iterator[Notebook]:
    """A kernel of Python's in `folder`; it is gone when the block ends."""
    # What it says of itself (that it runs without encryption) goes where nobody looks.
    with (
        (folder / "kernel.log").open("wb") as log,
        open_notebook(folder, environment, "python3", stdout=log, stderr=log) as opened,
    ):
        yield opened


class Terminal:
    """An IPython in a terminal. `run` types a cell and gives what is shown until the next prompt."""

    def __init__(self, folder: Path, environment: Mapping[str, str]) -> None:
        self._count = 1
        self.child = pexpect.spawn(
            sys.executable,
            ["-m", "IPython", "--no-banner", "--simple-prompt", "--no-confirm-exit", "--colors=NoColor"],
            cwd=str(folder),
            env={**os.environ, "TERM": "xterm", "IPYTHONDIR": str(folder / "ipython"), **environment},
            encoding="utf-8",
            dimensions=(40, 120),
            timeout=PATIENCE,
        )
        self.child.setecho(False)
        self.child.expect_exact("In [1]: ")

    def run(self, *lines: str) -> str:
        """Run a cell of these lines."""
        self.start(*lines)
        return self.end()

    def start(self, *lines: str) -> None:
        """Type a cell."""
        ends = 3 if len(lines) > 1 else 1  # empty lines end one of several
        self.child.send("\n".join(lines) + "\n" * ends)

    def end(self) -> str:
        """What is shown until the next prompt."""
        self._count += 1
        self.child.expect_exact(f"In [{self._count}]: ")
        return str(self.child.before).replace("\r\n", "\n")


@contextmanager
def stock_terminal(folder: Path, environment: Mapping[str, str] | None = None) -> Iterator[Terminal]:
    """An IPython in a terminal, with the extension loaded; it is gone when the block ends."""
    terminal = Terminal(folder, environment or {})
    try:
        terminal.run(LOAD)
        yield terminal
    finally:
        terminal.child.close(force=True)
