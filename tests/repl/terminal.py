"""The real `aibasic-repl` in a real pty."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pexpect

from aibasic_kernel.faces.repl.screen import without_escapes
from aibasic_kernel.testing.waiting import eventually

COMMAND = Path(sys.executable).with_name("aibasic-repl")
PATIENCE = 30.0
"""Seconds after which what does not come fails its test."""
ASKS = "\x1b[?2004h"
"""What the terminal gets when a line is about to be read: pasted text is to be marked."""
CTRL_C, CTRL_D = "\x03", "\x04"


class Terminal:
    """A shell in a terminal of 24 lines."""

    def __init__(self, process: pexpect.spawn[str], is_dumb: bool) -> None:
        self.process = process
        self._is_dumb = is_dumb

    def ready(self, prompt: str = "aib>") -> str:
        """Wait until a line can be typed; what was shown since, without escapes."""
        shown = ""
        if not self._is_dumb:
            self.process.expect_exact(ASKS)
            shown = self._before()
        self.process.expect_exact(prompt)
        return shown if not self._is_dumb else self._before()

    def type(self, text: str) -> None:
        """Type a line and Enter."""
        self.process.send(f"{text}\r")

    def run(self, text: str) -> str:
        """Type a line at the prompt; all that is shown until the next prompt."""
        self.type(text)
        return self.ready()

    def sees(self, pattern: str) -> str:
        """Wait for what fits the pattern; it."""
        self.process.expect(pattern)
        return str(self.process.after)

    def kernel_pid(self) -> int:
        """The process of the kernel, as it says itself."""
        found = re.findall(r"pid=(\d+)", self.run("import os; 'pid=' + str(os.getpid())"))
        return int(found[-1])

    def end(self) -> int:
        """The exit code, once it has ended."""
        self.process.expect(pexpect.EOF)
        self.process.close()
        status = self.process.exitstatus
        return -1 if status is None else status

    def _before(self) -> str:
        return without_escapes(str(self.process.before)).replace("\r\n", "\n")


@contextmanager
def terminal(
    folder: Path, *arguments: str, environ: Mapping[str, str] | None = None, columns: int = 80
) -> Iterator[Terminal]:
    """Start a shell in `folder`; when the block ends it is gone."""
    environment: dict[str, str] = {
        **{name: value for name, value in os.environ.items() if name != "NO_COLOR"},
        "TERM": "xterm-256color",
        "PROMPT_TOOLKIT_NO_CPR": "1",  # nobody here answers where the cursor is
        "HOME": str(folder),
        "AIBASIC_DATA_DIR": str(folder / "data"),
        **(environ or {}),
    }
    process: pexpect.spawn[str] = pexpect.spawn(
        str(COMMAND),
        list(arguments),
        cwd=str(folder),
        env=environment,  # type: ignore[arg-type]  # the stubs want os.environ itself
        encoding="utf-8",
        timeout=PATIENCE,
        dimensions=(24, columns),
    )
    process.delaybeforesend = None
    try:
        yield Terminal(process, environment["TERM"] == "dumb")
    finally:
        process.close(force=True)


def is_gone(pid: int) -> bool:
    """Whether a process has ended; one that only waits for its parent to notice has."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except (FileNotFoundError, ProcessLookupError):
        return True


def ends(pid: int) -> bool:
    """Whether a process ends soon."""
    return eventually(lambda: is_gone(pid))
