"""No escape sequence in what a kernel puts out reaches the terminal but those that colour a text and draw progress."""

from __future__ import annotations

import asyncio
import io
from pathlib import Path

import pytest

from aibasic_kernel.faces.repl.live import Live
from aibasic_kernel.faces.repl.pager import Pager
from aibasic_kernel.faces.repl.screen import Screen

RED, PLAIN = "\x1b[31m", "\x1b[0m"
TERMINAL = {"TERM": "xterm-256color"}
DANGERS = {
    "the clipboard": "\x1b]52;c;cm0gLXJmIH4K\x07",
    "the title": "\x1b]0;title\x1b\\",
    "a report of the title": "\x1b[21t",
    "where the cursor is": "\x1b[6n",
    "what it is": "\x1b[c",
    "an answer back": "\x05",
    "reset": "\x1bc",
    "a request of a setting": "\x1bP$qm\x1b\\",
    "a message": "\x1b_text\x1b\\",
    "pasting unmarked": "\x1b[?2004l",
    "the mouse": "\x1b[?1000h",
    "other letters": "\x1b(0\x0e",
    "eight bits": "\x9d52;c;cm0K\x9c",
    "an end cut off": "\x1b",
    "half of one": "\x1b[",
}


@pytest.fixture
def written() -> io.StringIO:
    return io.StringIO()


@pytest.mark.parametrize("danger", DANGERS.values(), ids=DANGERS)
def test_what_commands_a_terminal_is_left_out(written: io.StringIO, danger: str) -> None:
    live = Live(Screen(written, TERMINAL))
    live.write(f"{RED}before{PLAIN}{danger}\n")
    live.show(f"data{danger}")
    live.update(f"newer{danger}", "place")
    assert not set(written.getvalue().replace(RED, "").replace(PLAIN, "")) - set("before\ndatanewr52;c;cm0K")


def test_progress_is_drawn_and_data_moves_no_cursor(written: io.StringIO) -> None:
    live = Live(Screen(written, TERMINAL))
    live.write("\x1b[?25l1 of 2\r\x1b[2K2 of 2\x1b[1A\x1b[?25h\n")
    live.show(f"name{RED}red{PLAIN}\x1b[2A\x1b[J")
    assert written.getvalue() == f"\x1b[?25l1 of 2\r\x1b[2K2 of 2\x1b[1A\x1b[?25h\nname{RED}red{PLAIN}\n"


def test_the_pager_gets_colours_only(tmp_path: Path) -> None:
    path = tmp_path / "shown"
    text = f"{RED}a{PLAIN}{''.join(DANGERS.values())}\n"
    assert asyncio.run(Pager({"PAGER": f"tee {path}", "PATH": "/usr/bin:/bin"}).show(text))
    assert "\x1b" not in path.read_text().replace(RED, "").replace(PLAIN, "")
