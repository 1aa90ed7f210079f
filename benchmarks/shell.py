"""How soon a terminal shell is there: its prompt, and what a line puts out that was typed at once.

    python benchmarks/shell.py

Each is started in a pty of its own, in turn with `jupyter console` over the same kernel protocol and with `ipython`,
which has no kernel. The line is English in ours, served by a phrase, and the same in Python in theirs.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import pexpect

from benchmarks.report import milliseconds, report

ROUNDS = 7
PATIENCE = 60
GOAL = 500
"""Milliseconds until the prompt of ours is up."""
OUTPUT = "hello 42\r\n"


@dataclass(frozen=True)
class Face:
    """A shell: its command, what its prompt begins with, and a line that prints `OUTPUT`."""

    name: str
    command: tuple[str, ...]
    prompt: str
    line: str


PYTHON = 'print("hello", 6 * 7)'
FACES = (
    Face("aibasic-repl", ("aibasic-repl",), "aib>", 'print "hello" and 6 * 7'),
    Face("jupyter console", ("jupyter-console", "--kernel", "python3"), "In [", PYTHON),
    Face("ipython", ("ipython",), "In [", PYTHON),
)


def timed(face: Face, folder: str) -> tuple[float, float]:
    """Seconds from the start to the prompt, and to the output of a line that is typed as soon as that is there."""
    program, *arguments = face.command
    environment = os.environ | {"HOME": folder, "TERM": "xterm-256color", "PROMPT_TOOLKIT_NO_CPR": "1"}
    begin = time.perf_counter()
    shell = pexpect.spawn(
        str(Path(sys.executable).with_name(program)),
        arguments,
        cwd=folder,
        env=environment,
        encoding="utf-8",
        timeout=PATIENCE,
    )
    shell.delaybeforesend = None
    try:
        shell.expect_exact(face.prompt)
        prompt = time.perf_counter() - begin
        shell.send(f"{face.line}\r")
        shell.expect_exact(OUTPUT)
        output = time.perf_counter() - begin
        shell.sendeof()
        if face.name == "ipython":
            shell.send("y\r")  # it asks whether it may go
        return prompt, output
    finally:
        shell.close(force=True)


def main() -> None:
    """Report both figures, beside those of the others."""
    prompts: dict[str, list[float]] = defaultdict(list)
    outputs: dict[str, list[float]] = defaultdict(list)
    with tempfile.TemporaryDirectory() as folder:
        for turn in range(-1, ROUNDS):
            for face in FACES[:: 1 if turn % 2 else -1]:
                prompt, output = timed(face, folder)
                if turn >= 0:
                    prompts[face.name].append(prompt)
                    outputs[face.name].append(output)
    ours, *others = FACES
    for what, goal, taken in (
        ("the shell's prompt is up", f"at most {GOAL} ms", prompts),
        ("the shell's first English line by phrase to its output", "", outputs),
    ):
        beside = ", ".join(f"{face.name} {statistics.median(taken[face.name]) * 1000:.0f} ms" for face in others)
        report(what, milliseconds(taken[ours.name]), goal, beside)


if __name__ == "__main__":
    main()
