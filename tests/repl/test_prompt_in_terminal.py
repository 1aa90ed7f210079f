"""The prompt in a real pty with the real kernel: completion told, history searched and kept, vi, narrow terminals."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.repl.terminal import CTRL_C, CTRL_D, Terminal, terminal

SECRET = "corréct-hörse-9"
CONF = f"[postgres]\nHOST = 127.0.0.1\nPORT = 1\nPASSWORD = {SECRET}\nPRODUCTION = true\n"
CTRL_R, ESCAPE = "\x12", "\x1b"
WHERE_IS_THE_CURSOR, IN_THE_CORNER = "\x1b[6n", "\x1b[1;1R"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The working folder, with a service of production that cannot be reached."""
    made = tmp_path_factory.mktemp("prompt")
    (made / "aibasic.conf").write_text(CONF)
    return made


@pytest.fixture(scope="module")
def shell(folder: Path) -> Iterator[Terminal]:
    """A shell that is at its prompt, with a variable."""
    with terminal(folder) as opened:
        opened.ready()
        opened.run("customers = [1, 2, 3]")
        yield opened


def kept(folder: Path) -> list[str]:
    return [json.loads(line) for line in (folder / "data" / "repl_history.jsonl").read_text().splitlines()]


def test_completions_say_what_they_are(shell: Terminal) -> None:
    shell.process.send("ST\t")
    shell.sees("run one line")
    shell.process.send(f"{CTRL_C}(post\t")
    shell.sees("PostgreSQL")
    shell.process.send(f"{CTRL_C}20 print cus\t")
    shell.sees("tomers")
    shell.process.send(" * 2\r")
    assert "[1, 2, 3, 1, 2, 3]" in shell.ready()


def test_history_is_searched_and_keeps_no_secret(shell: Terminal, folder: Path) -> None:
    shell.run("'needle' + 'in' + 'haystack'")
    shell.run(f"len('{SECRET}')")
    shell.process.send(f"{CTRL_R}needle")
    shell.sees("haystack")
    shell.process.send("\r\r")
    assert "'needleinhaystack'" in shell.ready()
    assert "len('***')" in kept(folder) and SECRET not in str(kept(folder))


def test_a_later_shell_has_the_history_the_keys_of_vi_and_a_toolbar(shell: Terminal, folder: Path) -> None:
    shell.run("sum(customers) + 100")
    with terminal(folder, "--vi", environ={"PROMPT_TOOLKIT_NO_CPR": ""}) as later:
        later.process.expect_exact(WHERE_IS_THE_CURSOR)
        later.process.send(IN_THE_CORNER)
        later.sees("PRODUCTION postgres")  # once the kernel has started
        later.process.send("sum(")
        later.sees("100")  # as a suggestion
        later.process.send(f"{CTRL_C}78x{ESCAPE}")
        later.sees("navigation")
        later.process.send("x\r")
        later.sees(r"\?2004l78\r")  # the line is taken, and its value shown
        later.ready()
        later.process.send(CTRL_D)
        assert later.end() == 0
