"""`aibasic run` as a process: what goes where, how it is stopped, what it returns, and where it leaves its lock."""

from __future__ import annotations

import os
import signal
import subprocess
from pathlib import Path

import pexpect

from tests.command_line.command import COMMAND, Command
from tests.servers.postgres import DATABASE, PostgresServer


def test_data_goes_to_standard_output_and_all_else_beside_it(aibasic: Command) -> None:
    (aibasic.folder / "half.py").write_text("def half(x):\n    return x / 0\n")
    program = aibasic.program(
        "#!/usr/bin/env -S aibasic run\n"
        "import sys, half\n"
        "print(sys.stdin.read(), args)\n"
        "20 set x to 21\n"
        "x * 2\n"
        "MODULES\n"
        "30 half.half(x)\n"
    )
    ran = aibasic.run("run", program, "a b", "--", "--yes", stdin="größer\n")
    assert ran.out == "größer\n ['a b', '--yes']\n42\n"
    said = ran.err.splitlines()
    assert said[-3:] == [
        "aibasic: line 30: ZeroDivisionError: division by zero",
        "  → half.half(x)",
        f"  in half, line 2 of {aibasic.folder / 'half.py'}: return x / 0",
    ]
    assert any("no service is configured" in line for line in said) and ran.code == 1
    assert "set x to 21" in (aibasic.folder / "aibasic.lock").read_text()


def test_it_is_fit_for_a_schedule(aibasic: Command) -> None:
    program = aibasic.program('10 print "größer"\nimport pathlib\n20 pathlib.Path.cwd()\n30 input()')
    environ = {"AIBASIC_DATA_DIR": str(aibasic.folder / "data"), "LC_ALL": "C", "PATH": os.environ["PATH"]}
    line = f"cd / && {COMMAND} run {aibasic.folder / program} <&-"
    ran = subprocess.run(["/bin/sh", "-c", line], env=environ, capture_output=True)
    assert ran.stdout.decode() == "größer\n/\n"
    assert ran.stderr.decode() == "aibasic: line 30: EOFError: EOF when reading a line\n  → input()\n"
    assert ran.returncode == 1 and (aibasic.folder / "aibasic.lock").exists()


def test_without_any_standard_stream_it_still_does_its_work(aibasic: Command) -> None:
    program = aibasic.program(
        '10 print "nobody reads this"\nwith open("made", "w") as made: made.write(str(made.fileno()))'
    )
    line = f"{COMMAND} run {program} <&- >&- 2>&-"
    assert subprocess.run(["/bin/sh", "-c", line], cwd=aibasic.folder).returncode == 0
    assert int((aibasic.folder / "made").read_text()) > 2


def test_a_reader_that_goes_away_ends_it_quietly(aibasic: Command) -> None:
    program = aibasic.program("10 x = 0\n20 x = x + 1\n30 print x\n40 goto 20")
    running = aibasic.start("run", program)
    running.until("1")
    running.out.close()
    ran = running.ended()
    assert (ran.code, ran.err) == (128 + signal.SIGPIPE, "")


def test_ctrl_c_stops_a_long_line_and_names_it(aibasic: Command) -> None:
    program = aibasic.program('10 print("begun", flush=True); import time; time.sleep(60)\n20 print "not here"')
    running = aibasic.start("run", program)
    running.until("begun")
    ran = running.ended(signal.SIGINT)
    assert (ran.code, ran.out, ran.err) == (130, "", "aibasic: line 10: stopped\n")


def test_sigterm_undoes_what_is_open_and_closes(aibasic: Command, postgres_server: PostgresServer) -> None:
    postgres_server.sql(DATABASE, "DROP TABLE IF EXISTS kept; CREATE TABLE kept (n integer)")
    (aibasic.folder / "aibasic.conf").write_text(postgres_server.conf(CONFIRM="never"))
    aibasic.environ["AIBASIC_CONFIG_DIR"] = str(aibasic.folder)
    program = aibasic.program(
        "10 (postgres) begin transaction\n"
        '20 pg.execute_query("INSERT INTO kept VALUES (1)", fetch=False)\n'
        '30 print("begun", flush=True); import time; time.sleep(60)'
    )
    running = aibasic.start("run", program)
    running.until("begun")
    ran = running.ended(signal.SIGTERM)
    assert ran.code == 128 + signal.SIGTERM
    assert "rolled back" in ran.err and ran.err.endswith("aibasic: line 30: ended by SIGTERM\n")
    assert postgres_server.sql(DATABASE, "SELECT count(*) FROM kept") == "0\n"


def test_a_terminal_answers_while_data_goes_through(aibasic: Command) -> None:
    (aibasic.folder / "old.txt").write_text("old")
    program = aibasic.program("import sys\n(fs) delete file old.txt\nprint(sys.stdin.read().upper())")
    line = f"echo data | {COMMAND} run {program} > out.txt"
    with pexpect.spawn("/bin/sh", ["-c", line], cwd=aibasic.folder, encoding="utf-8", timeout=30) as shown:
        shown.expect_exact("removes the file old.txt")
        shown.expect_exact("run it? yes, no, from now on, edit: ")
        shown.sendline("yes")
        shown.expect(pexpect.EOF)
    assert shown.exitstatus == 0
    assert (aibasic.folder / "out.txt").read_text() == "DATA\n\n" and not (aibasic.folder / "old.txt").exists()


def test_secrets_are_hidden_in_what_is_told_and_left_in_data(aibasic: Command) -> None:
    secret = "k7-Zp0!xQ2vR"
    (aibasic.folder / "aibasic.conf").write_text(f"[redis]\nHOST = 127.0.0.1\nPASSWORD = {secret}\n")
    aibasic.environ["AIBASIC_CONFIG_DIR"] = str(aibasic.folder)
    program = aibasic.program(
        f"import sys\nprint('{secret}')\nsys.stderr.write('{secret[:5]}')\nraise ValueError('{secret}')"
    )
    piped = aibasic.run("run", program)
    assert piped.out == f"{secret}\n" and "***" in piped.err and secret not in piped.err
    with pexpect.spawn(str(COMMAND), ["run", program], cwd=aibasic.folder, encoding="utf-8", timeout=30) as shown:
        shown.expect(pexpect.EOF)
        assert shown.before is not None and shown.before.startswith("***\r\n") and secret not in shown.before


def test_a_folder_that_cannot_be_written_keeps_the_lock_elsewhere(aibasic: Command, tmp_path: Path) -> None:
    program = aibasic.program('10 print "a"\n20 print "b"')
    aibasic.folder.chmod(0o555)
    # Who is root may write everywhere, unless this is taken away.
    as_anybody = ["setpriv", "--bounding-set=-dac_override"] if os.geteuid() == 0 else []
    data = tmp_path / "data"
    environ = os.environ | {"AIBASIC_DATA_DIR": str(data)}
    command = [*as_anybody, COMMAND, "run", aibasic.folder / program]
    ran = subprocess.run(command, cwd=tmp_path, env=environ, capture_output=True, text=True)
    aibasic.folder.chmod(0o755)
    assert (ran.returncode, ran.stdout) == (0, "a\nb\n")
    assert len(ran.stderr.splitlines()) == 1 and f"new lines are kept in {data / 'locks'}" in ran.stderr
