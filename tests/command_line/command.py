"""The real command in a process of its own: the builder says what it gets, `ran` what it put out."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

COMMAND = Path(sys.executable).with_name("aibasic")
PATIENCE = 60.0
"""Seconds after which a command that has not ended fails its test."""


@dataclass(frozen=True)
class Ran:
    """How a command ended."""

    code: int
    out: str
    err: str


@dataclass
class Command:
    """Runs `aibasic` in `folder`, with `environ` added to the test's own environment."""

    folder: Path
    environ: dict[str, str] = field(default_factory=dict)

    def program(self, text: str, name: str = "program.aib") -> str:
        """Write a program into the folder; its name."""
        (self.folder / name).write_text(text, encoding="utf-8")
        return name

    def run(self, *arguments: str, stdin: str = "") -> Ran:
        """Run it to its end."""
        ended = subprocess.run(
            [COMMAND, *arguments],
            cwd=self.folder,
            env=os.environ | self.environ,
            input=stdin.encode(),
            capture_output=True,
            timeout=PATIENCE,
        )
        return Ran(ended.returncode, ended.stdout.decode(), ended.stderr.decode())

    def start(self, *arguments: str) -> Running:
        """Start it, and go on."""
        return Running(
            subprocess.Popen(
                [COMMAND, *arguments],
                cwd=self.folder,
                env=os.environ | self.environ,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
            )
        )


class Running:
    """A command that has been started."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process = process

    @property
    def out(self) -> IO[bytes]:
        """Its standard output, while it runs."""
        assert self._process.stdout is not None
        return self._process.stdout

    def until(self, line: str) -> None:
        """Wait until it has put out that line."""
        while (said := self.out.readline().decode()) != f"{line}\n":
            assert said, self.ended()

    def ended(self, by: signal.Signals | None = None) -> Ran:
        """How it ends, sent that signal."""
        if by is not None:
            self._process.send_signal(by)
        if self.out.closed:
            assert self._process.stderr is not None
            with self._process.stderr as errors:
                said = errors.read()
            return Ran(self._process.wait(PATIENCE), "", said.decode())
        out, err = self._process.communicate(timeout=PATIENCE)
        return Ran(self._process.returncode, out.decode(), err.decode())
