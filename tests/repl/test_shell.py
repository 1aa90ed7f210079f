"""The shell in a real pty with its real kernel: what is typed, stopped, asked, killed, and what is left behind."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from aibasic_kernel.testing.waiting import eventually
from tests.messages_server import MessagesServer
from tests.repl.terminal import CTRL_C, CTRL_D, Terminal, ends, is_gone, terminal

PASTED = "\x1b[200~{}\x1b[201~"


@pytest.fixture(scope="module")
def server() -> Iterator[MessagesServer]:
    with MessagesServer() as opened:
        opened.say(when="think for ever", instead="stall")
        opened.compile("total = 6\nanswer = total * 7", result="answer", when="ponder", pace=20)
        yield opened


@pytest.fixture(scope="module")
def shell(tmp_path_factory: pytest.TempPathFactory, server: MessagesServer) -> Iterator[Terminal]:
    """A shell that is at its prompt, and shared by the tests."""
    with terminal(
        tmp_path_factory.mktemp("shell"),
        environ={"ANTHROPIC_BASE_URL": server.url, "PAGER": "sh -c 'head -2; echo PAGED'"},
    ) as opened:
        opened.ready()
        yield opened


def test_a_line_typed_while_the_kernel_starts_runs(shell: Terminal) -> None:
    shown = shell.run('10 print "hello" and 6 * 7')
    assert "\nhello 42\n" in shown and "by phrase" in shown


def test_a_program_pasted_is_one_input(shell: Terminal) -> None:
    shell.process.send(PASTED.format("20 total = 0\n30 FOR i = 1 TO 4\n40 total = total + i\n50 NEXT i"))
    shell.type("")
    shell.ready()
    shell.run("RUN 20")
    assert "\n10\n" in shell.run("total")


def test_errors_are_short_and_leave_the_shell_as_it_was(shell: Terminal) -> None:
    shown = shell.run("1 / 0")
    assert "ZeroDivisionError: division by zero" in shown and "-----" not in shown
    assert "\n3\n" in shell.run("1 + 2")


def test_ctrl_c_stops_a_loop(shell: Terminal) -> None:
    shell.type("print('begun', flush=True); exec('while True: pass')")
    shell.sees("begun\r\n")
    shell.process.send(CTRL_C)
    assert "KeyboardInterrupt" in shell.ready()


def test_ctrl_c_stops_waiting_for_a_model(shell: Terminal, server: MessagesServer) -> None:
    shell.type("60 think for ever about the question")
    assert eventually(lambda: bool(server.requests))
    shell.process.send(CTRL_C)
    assert "nothing was run" in shell.ready()


def test_the_python_grows_in_place_as_it_is_written(shell: Terminal, server: MessagesServer) -> None:
    shell.type("ponder the question")
    shell.sees("asking")
    shell.sees(r"\x1b\[2A\r\x1b\[J")  # the note and one line of code, taken back
    shell.sees("by claude.*answer = total \\* 7\r\n42\r\n")
    shell.ready()


def test_what_is_taller_than_the_screen_goes_through_the_pager(shell: Terminal) -> None:
    shown = shell.run("import pandas as pd; pd.DataFrame({'n': range(50)})")
    assert "PAGED\n" in shown and "49" not in shown


def test_a_question_is_answered_in_place_and_ctrl_c_stops_it(shell: Terminal) -> None:
    shell.type("name = input('who are you? ')")
    shell.ready("who are you?")
    shell.type("größer 北京")
    shell.ready()
    assert "'größer 北京'" in shell.run("name")
    shell.type("name = input('and now? ')")
    shell.ready("and now?")
    shell.process.send(CTRL_C)
    assert "KeyboardInterrupt" in shell.ready()
    assert "'größer 北京'" in shell.run("name")


def test_a_password_is_not_shown(shell: Terminal) -> None:
    shell.type("import getpass; word = getpass.getpass('secret? ')")
    shell.ready("secret?")
    shell.type("Zp0xQ2vR")
    assert "Zp0xQ2vR" not in shell.ready()
    assert "\n8\n" in shell.run("len(word)")


def test_the_gate_asks_in_place(shell: Terminal) -> None:
    shell.run("import pathlib; _ = pathlib.Path('old.txt').write_text('old')")
    shell.type("(fs) delete file old.txt")
    shell.ready("removes the file old.txt")
    shell.sees("run it. yes, no, from now on, edit:")
    shell.type("yes")
    shell.ready()
    assert "False" in shell.run("pathlib.Path('old.txt').exists()")


def test_progress_is_drawn_over_itself(shell: Terminal) -> None:
    shown = shell.run("import sys; [sys.stdout.write(f'\\r{n} of 3') for n in range(4)]; print()")
    assert "3 of 3\n" in shown.replace("\r", "\n")


def test_a_table_fits_the_terminal_also_after_it_was_resized(shell: Terminal) -> None:
    shell.run("import pandas as pd; wide = pd.DataFrame({f'column_{n}': ['北京' * 9, 'b'] for n in range(9)})")
    for columns in (40, 80):
        shell.process.setwinsize(24, columns)
        shell.ready()  # the prompt is drawn anew
        lines = [line for line in shell.run("wide").splitlines() if line.startswith("0  北")]
        assert len(lines) == 1 and "…" in lines[0], lines
        wide = sum(character in "北京" for character in lines[0])
        assert columns - 12 < len(lines[0]) + wide <= columns


def test_a_picture_is_kept_and_named(shell: Terminal) -> None:
    png = "from IPython.display import Image; import base64; Image(data=base64.b64decode('iVBORw0KGgo='), format='png')"
    shown = shell.run(png)
    path = Path("".join(shown.partition("picture saved: ")[2].split("\n")[:1]).strip())
    assert path.read_bytes() == b"\x89PNG\r\n\x1a\n" and path.parent.parent.name == "data"


def test_what_cannot_be_shown_is_said_and_all_goes_on(shell: Terminal) -> None:
    shown = shell.run("from IPython.display import display; display({'image/svg+xml': 5}, raw=True); print('behind')")
    assert "something cannot be shown" in shown and "\nbehind\n" in shown


def test_the_lock_lies_in_the_data_folder(shell: Terminal) -> None:
    folder = Path(str(shell.process.cwd))
    assert r"print \"hello\"" in (folder / "data" / "shell" / "aibasic.lock").read_text()
    assert not (folder / "aibasic.lock").exists()


def test_a_cell_that_does_not_stop_ends_with_its_kernel(shell: Terminal) -> None:
    pid = shell.kernel_pid()
    deaf = "import signal; signal.signal(signal.SIGINT, signal.SIG_IGN)"
    shell.type(f"{deaf}; print('begun', flush=True); exec('while True: pass')")
    shell.sees("begun\r\n")
    for _ in range(3):
        shell.process.send(CTRL_C)
        shell.sees(r"\^C")
    shell.sees("it does not stop: its kernel is ended")
    shell.ready()
    assert "10 print" in shell.run("LIST") and ends(pid)


def test_a_kernel_that_dies_gives_way_to_one_with_the_same_program(shell: Terminal) -> None:
    before = shell.run("LIST")
    assert "10 print" in before and "50 NEXT i" in before
    os.kill(shell.kernel_pid(), signal.SIGKILL)
    shell.sees(r"the kernel has died .SIGKILL.: Enter starts a new one; the program .\d lines. is\s+kept")
    shell.ready()  # below that
    listed = shell.run("LIST")
    assert "10 print" in listed and "50 NEXT i" in listed
    assert "hello" not in listed.replace('print "hello"', "")
    assert "NameError" in shell.run("total")


def test_ctrl_d_leaves_and_no_process_stays(shell: Terminal) -> None:
    pid = shell.kernel_pid()
    shell.process.send(CTRL_D)
    assert shell.end() == 0 and is_gone(pid)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_a_shell_that_is_killed_leaves_no_kernel(number: signal.Signals, tmp_path: Path) -> None:
    with terminal(tmp_path) as shell:
        shell.ready()
        pid = shell.kernel_pid()
        shell.process.kill(number)
        shell.process.wait()
        assert ends(pid)


def test_a_dumb_terminal_gets_no_escape(tmp_path: Path) -> None:
    with terminal(tmp_path, environ={"TERM": "dumb"}) as shell:
        shell.ready()
        shell.type("1 / 0")
        shell.process.expect_exact("aib>")
        assert "ZeroDivisionError" in str(shell.process.before) and "\x1b" not in str(shell.process.before)
        shell.type("if True:")
        shell.ready("...>")
        shell.type("    name = input('who? ')")
        shell.ready("...>")
        shell.type("")
        shell.ready("who?")
        shell.type("me")
        shell.ready()
        assert "'me'" in shell.run("name")
        shell.type("print('begun', flush=True); exec('while True: pass')")
        shell.sees("begun\r\n")
        shell.process.send(CTRL_C)
        assert "KeyboardInterrupt" in shell.ready()
        shell.process.send(f"abc{CTRL_C}")
        assert "Ctrl-D leaves" in shell.ready()
        shell.process.send(CTRL_D)
        assert shell.end() == 0


def test_no_color_shows_results_without_colours(tmp_path: Path) -> None:
    with terminal(tmp_path, environ={"NO_COLOR": "1"}, columns=40) as shell:
        shell.ready()
        shell.type("print('\\x1b[31mred\\x1b[0m', 6 * 7)")
        assert shell.sees(r"[^\n]*red 42\r\n").endswith("red 42\r\n")
        shell.ready()
        shell.type("1 / 0")
        shell.process.expect("ZeroDivisionError: division by zero\r\n")
        assert "\x1b[31m" not in str(shell.process.before)
