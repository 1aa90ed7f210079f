"""`%%aibasic` and `%aibasic` in an IPython that runs in a terminal."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.magic.stock import Terminal, stock_terminal
from tests.messages_server import MessagesServer

SECRET = "correct-horse-battery"


@pytest.fixture(scope="module")
def server() -> Iterator[MessagesServer]:
    """A model."""
    with MessagesServer() as running:
        yield running


@pytest.fixture(scope="module")
def terminal(server: MessagesServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Terminal]:
    """An IPython that the tests below share."""
    folder = tmp_path_factory.mktemp("terminal")
    (folder / "aibasic.conf").write_text(f"[redis]\nHOST = localhost\nPASSWORD = {SECRET}\n")
    with stock_terminal(
        folder, {"ANTHROPIC_BASE_URL": server.url, "AIBASIC_DATA_DIR": str(folder / "data"), "PWD": str(folder)}
    ) as opened:
        opened.run("numbers = [3, 1, 2]")
        yield opened


def test_lines_are_one_program_and_share_the_names(terminal: Terminal, server: MessagesServer) -> None:
    server.compile("total = sum(numbers)", result="total", when="altogether")
    shown = terminal.run("%%aibasic", "10 how much is that altogether?", "20 print total")
    assert "│ total = sum(numbers)" in shown and shown.rstrip().endswith("6")
    terminal.run("%aibasic 30 print 8")
    assert "20 print total\n30 print 8" in terminal.run("%aibasic LIST")
    assert "Out[" in terminal.run("%aibasic total + 1") and "7" in terminal.run("_")


def test_what_is_awaited_is_waited_for(terminal: Terminal) -> None:
    assert "41" in terminal.run("%%aibasic", "import asyncio", "await asyncio.sleep(0, 41)")


def test_a_failure_is_shown_once(terminal: Terminal) -> None:
    shown = terminal.run("%%aibasic", "1 / 0")
    assert shown.count("ZeroDivisionError: ") == 1 and "aibasic_kernel" not in shown


def test_ctrl_c_stops_a_line_a_wait_and_a_question(terminal: Terminal, server: MessagesServer) -> None:
    terminal.start("%%aibasic", "print('be' + 'gun')", "while True: pass")
    terminal.child.expect_exact("begun")
    terminal.child.sendintr()
    assert "KeyboardInterrupt" in terminal.end()
    server.compile("ran = True\nlong = True", when="slow", piece=25, until=2, then="stall", pings=True)
    terminal.start("%aibasic do the slow thing")
    terminal.child.expect_exact("│ ran")
    terminal.child.sendintr()
    assert "nothing was run" in terminal.end()
    server.compile("import os\nos.remove('kept.txt')", when="tidy up")
    terminal.run("open('kept.txt', 'w').close()")
    terminal.start("%aibasic tidy up")
    terminal.child.expect_exact("run it?")
    terminal.child.sendintr()
    assert "KeyboardInterrupt" in terminal.end()
    terminal.start("%aibasic tidy up")
    terminal.child.expect_exact("run it?")
    terminal.child.sendline("yes")
    terminal.end()
    assert "False" in terminal.run("import os; os.path.exists('kept.txt')")


def test_no_secret_is_shown(terminal: Terminal) -> None:
    half, rest = SECRET[:9], SECRET[9:]
    for lines in (
        ("%%aibasic", f"print('{half}' + '{rest}')"),
        (f"print('{half}' + '{rest}')",),
        (f"'{half}' + '{rest}'",),
    ):
        shown = terminal.run(*lines)
        assert "***" in shown and SECRET not in shown


def test_unloading_takes_the_magics_and_the_guards_out(terminal: Terminal) -> None:
    terminal.run("%unload_ext aibasic_kernel")
    assert "not found" in terminal.run("%aibasic LIST")
    assert SECRET in terminal.run(f"print('{SECRET[:9]}' + '{SECRET[9:]}')")
