"""`aibasic run`: what it takes on its command line, what it refuses, and what it returns."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable

import pytest

from tests.command_line.command import Command, Ran
from tests.messages_server import MessagesServer
from tests.servers.postgres import DATABASE, PostgresServer

Here = Callable[..., Ran]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ([], "FILE"),
        (["nowhere.aib"], "nowhere.aib cannot be read: No such file"),
        (["."], ". cannot be read: Is a directory"),
        (["program.aib", "x", "--froze"], "there is no option --froze"),
        (["program.aib", "--format", "xml"], "invalid choice: 'xml'"),
        (["--yes", "program.aib", "--dry-run", "--format", "csv"], "--dry-run is written as table or json"),
        (["program.aib", "--yes", "--yes-from", "list.json"], "not allowed with"),
        (["program.aib", "--yes-from", "nowhere.json"], "nowhere.json cannot be read"),
    ],
)
def test_wrong_usage_is_2_and_runs_nothing(arguments: list[str], told: str, aibasic: Command, here: Here) -> None:
    aibasic.program("print('ran')")
    ran = here("run", *arguments)
    assert ran.code == 2 and told in ran.err and not ran.out


def test_options_count_before_and_behind_the_file(aibasic: Command, here: Here) -> None:
    program = aibasic.program("args")
    for arguments in (["--format", "json", program, "a", "-1"], [program, "a", "--format=json", "-1"]):
        assert json.loads(here("run", *arguments).out) == ["a", "-1"]
    assert here("run", program, "--", "--dry-run").out == "['--dry-run']\n"


def test_standard_input_can_be_the_program(aibasic: Command, here: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"10 print args\n20 frob")))
    ran = here("run", "-", "a")
    assert ran.out == "['a']\n" and ran.err.startswith("aibasic: line 20: NameError")


@pytest.mark.parametrize(
    ("text", "code", "told"),
    [
        ("import sys\nsys.exit(7)", 7, ""),
        ("raise SystemExit('enough')", 1, "enough\n"),
        ("10 end\n20 1 / 0", 0, ""),
        ("20 goto 99", 1, "aibasic: line 20 goes on at line 99, which is not there\n"),
        ('10 print ("a"', 1, "aibasic: line 1 (number 10): the bracket that opens here is never closed\n"),
        ("x = 1\n%time x", 1, "aibasic: line 2 of program.aib: %time is IPython's, which is not here\n"),
        ("10 x = 1\n   y = = 2", 1, "aibasic: line 10: "),
        ("10 on error goto 30\n20 1 / 0\n30 raise OSError() from KeyError('y')", 1, "aibasic: line 30: OSError\n"),
    ],
    ids=["exit", "exit with words", "end", "a jump", "a bracket", "a magic", "syntax", "within a handler"],
)  # fmt: skip
def test_how_a_program_ends(text: str, code: int, told: str, aibasic: Command, here: Here) -> None:
    ran = here("run", aibasic.program(text))
    assert ran.code == code and not ran.out
    assert told in ran.err if told else not ran.err
    assert "Traceback" not in ran.err


def test_a_program_that_is_not_utf_8_says_so(aibasic: Command, here: Here) -> None:
    (aibasic.folder / "old.aib").write_bytes(b'print "gr\xf6\xdfer"')
    ran = here("run", "old.aib")
    assert (
        ran.code == 1 and ran.err == "aibasic: old.aib is not UTF-8: invalid start byte at byte 9\nsave it as UTF-8\n"
    )


def test_a_program_is_the_module_main(aibasic: Command, here: Here) -> None:
    text = "import pickle\nclass Point: pass\n10 type(pickle.loads(pickle.dumps(Point()))).__module__"
    assert here("run", aibasic.program(text)).out == "__main__\n"


def test_what_is_awaited_is_waited_for_and_what_still_waits_at_the_end_is_cancelled(
    aibasic: Command, here: Here
) -> None:
    program = aibasic.program("""\
import asyncio
async def begin():
    async def waits():
        try:
            await asyncio.sleep(60)
        finally:
            print("cancelled")
    return asyncio.create_task(waits())
10 task = await begin()
20 await asyncio.sleep(0, "slept")
""")
    assert here("run", program).out == "slept\ncancelled\n"


def test_a_configuration_counts_where_the_work_is_and_not_beside_the_program(aibasic: Command, here: Here) -> None:
    jobs = aibasic.folder / "jobs"
    jobs.mkdir()
    (jobs / "aibasic.conf").write_text("[redis]\nHOST = 127.0.0.1\n")
    program = aibasic.program("10 print 1", "jobs/job.aib")
    assert f"{jobs / 'aibasic.conf'} does not count here" in here("run", program).err
    assert (jobs / "aibasic.lock").exists() and not (aibasic.folder / "aibasic.lock").exists()


def test_progress_tells_each_line_and_its_code(aibasic: Command, here: Here) -> None:
    program = aibasic.program("10 set x to 5\n20 print x")
    told = here("run", program, "--progress")
    assert told.out == "5\n"
    assert "10 set x to 5  ·  by phrase\n  │ x = 5\nline 10: 10 set x to 5\n" in told.err


def test_what_is_asked_is_refused_granted_or_granted_by_a_list(
    aibasic: Command, here: Here, postgres_server: PostgresServer
) -> None:
    tables = "DROP TABLE IF EXISTS orders; CREATE TABLE orders (n integer); INSERT INTO orders VALUES (1), (2)"
    postgres_server.sql(DATABASE, tables)
    (aibasic.folder / "aibasic.conf").write_text(postgres_server.conf())
    aibasic.environ["AIBASIC_CONFIG_DIR"] = str(aibasic.folder)
    program = aibasic.program("10 (postgres) DELETE FROM orders\n20 print 1")
    refused = here("run", program)
    assert refused.code == 3 and not refused.out
    assert refused.err.startswith("aibasic: line 10: deletes all rows of orders (2 rows) on svc@")
    assert "at --yes-from\n  10 (postgres) DELETE FROM orders\n" in refused.err

    dry = here("run", program, "--dry-run")
    assert dry.code == 0 and "? deletes all rows of orders on [postgres]" in dry.out
    listed = here("run", program, "--dry-run", "--format", "json").out
    other = listed.replace("deletes all rows of orders", "deletes all rows of customers")
    for name, text, code in (("other.json", other, 3), ("list.json", listed, 0)):
        (aibasic.folder / name).write_text(text)
        assert here("run", program, "--yes-from", name).code == code
    assert postgres_server.sql(DATABASE, "SELECT count(*) FROM orders") == "0\n"

    postgres_server.sql(DATABASE, tables)
    assert here("run", program, "--yes").code == 0
    assert postgres_server.sql(DATABASE, "SELECT count(*) FROM orders") == "0\n"


def test_a_dry_run_names_what_was_never_compiled_and_runs_nothing(
    aibasic: Command, here: Here, model: MessagesServer
) -> None:
    (aibasic.folder / "old.txt").write_text("old")
    program = aibasic.program(
        "(fs) delete file old.txt\nfor i = 1 to 3\n10 print i\nnext i\n20 ponder i\nif i is 3 then 10\n"
    )
    ran = here("run", program, "--dry-run")
    assert ran.code == 0 and not model.requests and (aibasic.folder / "old.txt").exists()
    assert (
        ran.out
        == """\
line 1 of program.aib: (fs) delete file old.txt
  by phrase
  ? removes the file old.txt
  │ import pathlib
  │
  │ pathlib.Path("old.txt").unlink()
line 2 of program.aib: for i = 1 to 3
  needs nothing
10 print i
  by phrase
  │ print(i)
line 4 of program.aib: next i
  needs nothing
20 ponder i
  never compiled
line 6 of program.aib: if i is 3 then 10
  by phrase
  │ i == 3
"""
    )
    assert ran.err == "nothing was run: 4 sentences, 1 would be asked about (marked ?), 1 never compiled\n"
    assert here("run", program, "--dry-run", "--frozen").code == 1


def test_what_a_program_leaves_open_is_undone_and_told(
    aibasic: Command, here: Here, postgres_server: PostgresServer
) -> None:
    postgres_server.sql(DATABASE, "DROP TABLE IF EXISTS kept; CREATE TABLE kept (n integer)")
    (aibasic.folder / "aibasic.conf").write_text(postgres_server.conf())
    aibasic.environ["AIBASIC_CONFIG_DIR"] = str(aibasic.folder)
    insert = "pg.execute_query('INSERT INTO kept VALUES (1)', fetch=False)"
    ran = here("run", aibasic.program(f"10 (postgres) begin transaction\n20 kept = {insert}"))
    assert ran.code == 0 and "rolled back" in ran.err
    assert postgres_server.sql(DATABASE, "SELECT count(*) FROM kept") == "0\n"


def test_a_list_that_is_none_is_refused(aibasic: Command, here: Here) -> None:
    (aibasic.folder / "list.json").write_text("[1]")
    ran = here("run", aibasic.program("print(1)"), "--yes-from", "list.json")
    assert ran.code == 1 and "list.json is no list of a dry run" in ran.err and not ran.out


def test_what_a_provider_does_not_give_is_told_by_the_exit_code(
    aibasic: Command, here: Here, model: MessagesServer
) -> None:
    aibasic.environ["ANTHROPIC_API_KEY"] = "sk-none"
    model.say(status=401, when="ponder")
    program = aibasic.program("10 ponder the question")
    refused = here("run", program)
    assert refused.code == 4
    assert refused.err.startswith("aibasic: line 10: ") and "does not accept the key" in refused.err
    aibasic.environ["AIBASIC_BUDGET_USD"] = "0"
    broke = here("run", program)
    assert broke.code == 4 and "BUDGET_USD" in broke.err
    frozen = here("run", program, "--frozen")
    assert frozen.code == 1 and "frozen: neither the lock nor a phrase" in frozen.err and len(model.requests) == 1


def test_code_of_a_model_is_shown_once_with_its_price_and_then_locked(
    aibasic: Command, here: Here, model: MessagesServer
) -> None:
    model.compile("answer = 42", result="answer", when="ponder")
    program = aibasic.program("10 ponder the question")
    first = here("run", program)
    assert (first.code, first.out) == (0, "42\n") and "  │ answer = 42" in first.err and "$" in first.err
    again = here("run", "--frozen", program)
    assert (again.code, again.out, again.err) == (0, "42\n", "") and len(model.requests) == 1
    aibasic.environ["AIBASIC_DATA_DIR"] = str(aibasic.folder / "of somebody else")
    for option in ("--frozen", "--yes"):
        stranger = here("run", option, program)
        assert stranger.code == 3 and not stranger.out and "aibasic trust" in stranger.err
    dry = here("run", "--dry-run", program)
    assert (
        dry.out
        == "10 ponder the question\n  not trusted, so it would not run\n  by claude-haiku-5-5\n  │ answer = 42\n"
    )
