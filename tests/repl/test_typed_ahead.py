"""What was typed before a question stood there answers none: it waits for the prompt."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pexpect
import pytest

from tests.repl.terminal import CTRL_D, PATIENCE, terminal


@pytest.mark.parametrize("kind", ["dumb", "xterm-256color"])
def test_a_yes_typed_ahead_is_no_answer(tmp_path: Path, kind: str) -> None:
    with terminal(tmp_path, environ={"TERM": kind}) as shell:
        shell.ready()
        shell.run("y = 'kept for the prompt'")
        os.mkfifo(tmp_path / "held")
        shell.type("_ = open('held').read(); name = input('na' + 'me? ')")
        with (tmp_path / "held").open("w"):
            shell.type("y")
        shell.ready("name?")
        shell.type("me")
        shell.ready()
        assert "'kept for the prompt'" in shell.ready()
        assert "'me'" in shell.run("name")


def test_what_is_typed_while_a_cell_runs_waits_unseen_for_the_prompt(tmp_path: Path) -> None:
    with terminal(tmp_path) as shell:
        shell.ready()
        os.mkfifo(tmp_path / "held")
        shell.type("print('be' + 'gun', flush=True); _ = open('held').read(); print('over')")
        shell.sees("begun\r\n")
        shell.type("6 * 7")
        shell.process.send(CTRL_D)
        (tmp_path / "held").write_text("")
        assert shell.ready().strip() == "over"
        shell.sees("42")
        assert shell.end() == 0


@pytest.mark.parametrize("asks", ["ask", "ask_apart"])
def test_commands_forget_what_was_typed_ahead(tmp_path: Path, asks: str) -> None:
    os.mkfifo(tmp_path / "held")
    code = f"from aibasic_kernel.faces.terminal import {asks}; open('held').read(); print([{asks}('sure? ')])"
    process: pexpect.spawn[str] = pexpect.spawn(
        sys.executable, ["-c", code], cwd=str(tmp_path), encoding="utf-8", timeout=PATIENCE
    )
    with (tmp_path / "held").open("w"):
        process.send("y\r")
    process.expect_exact("sure? ")
    process.send("no\r")
    process.expect_exact("['no']")
    process.expect(pexpect.EOF)
    process.close()
