"""`aibasic trust` and `aibasic lock ...` over real files: what they show, what they change, and what they refuse."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pexpect
import pytest

from aibasic_kernel.compiler.compilation import COMPILATION_MIME, Compilation
from aibasic_kernel.compiler.folders import data_folder
from aibasic_kernel.compiler.locks.check import check
from aibasic_kernel.compiler.locks.format import encode, render
from aibasic_kernel.compiler.locks.lock import Lock
from aibasic_kernel.compiler.locks.signatures import Signatures
from aibasic_kernel.compiler.shapes import Shape
from aibasic_kernel.compiler.traces.trace import Trace
from aibasic_kernel.faces import terminal
from aibasic_kernel.faces.command_line import main
from tests.compiler.scopes import make_scope, table

NOBODY = "nobody can be asked here"


def compiled(sentence: str, python: str = "x = 1", section: str = "", trace: Trace | None = None) -> Compilation:
    return Compilation(sentence, section, python, "", ("model", "some-model"), trace or Trace())


MARK, CLEAR = compiled("mark it", "marked = True"), compiled("clear it", "pg.execute_query('DELETE FROM orders')", "db")


@pytest.fixture
def lock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A lock in the working folder that nobody has trusted."""
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "aibasic.lock"
    path.write_text(render(map(encode, [MARK, CLEAR])))
    return path


@pytest.fixture
def typing(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Puts somebody at the terminal who answers so."""

    def types(*answers: str) -> None:
        left = list(answers)
        monkeypatch.setattr(terminal, "ask", lambda question: left.pop(0))

    return types


def untrusted(path: Path) -> list[Compilation]:
    return Lock(path, Signatures(data_folder(os.environ))).untrusted()


def notebook(path: Path, *sources: str, carried: tuple[Any, ...] = ()) -> Path:
    """A saved notebook whose outputs carry these bundles."""
    outputs = [{"output_type": "display_data", "metadata": {}, "data": {COMPILATION_MIME: each}} for each in carried]
    cells = [
        {"cell_type": "code", "source": source.splitlines(keepends=True), "outputs": outputs} for source in sources
    ]
    path.write_text(json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}))
    return path


# trust


def test_in_a_terminal_it_shows_what_is_new_and_asks(lock: Path) -> None:
    command = Path(sys.executable).with_name("aibasic")
    for answer, told, left in (("yes", "nothing of 2 entries trusted", 2), ("all", "2 of 2 entries trusted", 0)):
        with pexpect.spawn(str(command), ["trust", lock.name], encoding="utf-8", timeout=30) as shown:
            shown.expect_exact("2 entries in")
            shown.expect_exact("(db) clear it")
            shown.expect_exact("deletes all rows of orders")
            shown.expect_exact("marked = True")
            shown.expect_exact("Trust them? all 2 / one by one / no: ")
            shown.sendline(answer)
            while shown.expect_exact([told, "Trust them?"]):
                shown.sendline("no")
            shown.expect(pexpect.EOF)
        assert len(untrusted(lock)) == left


def test_without_a_terminal_nothing_is_trusted(lock: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["trust", str(lock)]) == 1
    assert NOBODY in capsys.readouterr().err
    assert len(untrusted(lock)) == 2


def test_the_command_loads_no_more_than_it_does() -> None:
    told = "import sys, aibasic_kernel.faces.command_line\nprint('aibasic_kernel.compiler' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", told], capture_output=True, text=True).stdout == "False\n"


# lock


def test_list_and_show(lock: Path, typing: Callable[..., None], capsys: pytest.CaptureFixture[str]) -> None:
    typing("one by one", "no", "yes")
    assert main(["trust", str(lock)]) == 1
    capsys.readouterr()
    assert main(["lock", "list"]) == 0
    listed = capsys.readouterr().out.splitlines()
    assert listed == [
        f"{encode(MARK).short}  trusted  some-model            mark it",
        f"{encode(CLEAR).short}  new      some-model            (db) clear it",
    ]
    for what in (encode(CLEAR).short[:6], "Clear  IT"):
        assert main(["lock", "show", what]) == 0
        out = capsys.readouterr().out
        assert "new to you" in out
        assert "by model some-model; deletes all rows of orders" in out
        assert "marked" not in out
    assert main(["lock", "show", "nothing like it"]) == 1


def test_the_file_may_be_named_without_an_option(lock: Path, capsys: pytest.CaptureFixture[str]) -> None:
    other = lock.with_name("other.lock")
    other.write_text(render([encode(MARK)]))
    listed = []
    for named in ([str(other)], ["--lock", str(other)], []):
        assert main(["lock", "list", *named]) == 0
        listed.append(len(capsys.readouterr().out.splitlines()))
    assert listed == [1, 1, 2]


def test_a_reader_that_goes_away_is_no_error(lock: Path) -> None:
    command = Path(sys.executable).with_name("aibasic")
    read, write = os.pipe()
    os.close(read)
    try:
        done = subprocess.run([command, "lock", "list"], stdout=write, stderr=subprocess.PIPE, text=True)
    finally:
        os.close(write)
    assert not done.stderr


def test_check_says_which_name_or_table_no_longer_matches() -> None:
    scope = make_scope({}, tables=[table("orders", id="integer", note="text")])
    relied = {
        "fine": {"orders": {"id": "number"}},
        "renamed": {"orders": {"total": "number"}},
        "other kind": {"orders": {"note": "number"}},
        "dropped": {"customers": {"id": "number"}},
    }
    entries = [
        compiled(name, trace=Trace({"df": Shape("frame")}, tables={"postgres": each})) for name, each in relied.items()
    ]
    entries.append(compiled("gone", trace=Trace(tables={"mysql": {"a": {}}})))
    found = {each.entry.sentence: each.reasons for each in check(entries, scope.services)}
    assert found == {
        "fine": (),
        "renamed": ("orders has no column total now",),
        "other kind": ("orders.note is text now, was number",),
        "dropped": ("postgres has no table customers now",),
        "gone": ("[mysql] is not configured now",),
    }


def test_check_counts_what_only_a_run_can_tell(lock: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lock.write_text(render([encode(compiled("sum it", trace=Trace({"df": Shape("frame")})))]))
    assert main(["lock", "check"]) == 0
    assert capsys.readouterr().out == "not fitting: 0 of 1 entry; reading variables, which only a run can check: 1\n"
    with_table = compiled("count", trace=Trace(tables={"postgres": {"a": {}}}))
    lock.write_text(render([encode(with_table)]))
    (lock.parent / "aibasic.conf").write_text(
        "[postgres]\nHOST = 127.0.0.1\nPORT = 1\nDATABASE = a\nUSER = a\nPASSWORD = b\n"
    )
    assert main(["lock", "check"]) == 1
    assert "[postgres] cannot be used: " in capsys.readouterr().out


def test_prune_drops_what_nobody_says_any_more(
    lock: Path, typing: Callable[..., None], capsys: pytest.CaptureFixture[str]
) -> None:
    said = [
        compiled("mark it"),
        compiled("count the rows and print them", section="df"),
        compiled("say it in a program"),
        compiled("x is large"),
        compiled("be timed"),
    ]
    unsaid = [compiled("mark it", section="df"), compiled("mark"), compiled("say nothing")]
    lock.write_text(render(map(encode, [*said, *unsaid])))
    cells = (
        "10 mark   it  # as ever",
        "x = 1\n20 (df) count the rows and\n   print them",
        "%%time\nbe timed",
        "# say nothing",
    )
    notebook(lock.parent / "story.ipynb", *cells)
    (lock.parent / "program.aib").write_text("\ufeff10 say it in a program\n20 if x is large then 10\n")
    typing("no", "yes")
    assert main(["lock", "prune"]) == 1
    assert len(Lock(lock, Signatures(lock.parent)).all()) == len(said) + len(unsaid)
    assert main(["lock", "prune"]) == 0
    shown = capsys.readouterr().out
    assert all(f"{encode(entry).short}  " in shown for entry in unsaid)
    assert {encode(entry).digest for entry in Lock(lock, Signatures(lock.parent)).all()} == {
        encode(entry).digest for entry in said
    }
    assert main(["lock", "prune"]) == 0
    assert "all of it is said in program.aib, story.ipynb" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("story.ipynb", "{}", "is no notebook"),
        ("program.aib", '10 print ("open\n', "is not AIBasic"),
        ("program.aib", "10 a\n10 b\n", "is not AIBasic"),
        ("readme.md", "mark it", "no notebook and no program lies beside"),
    ],
)
def test_prune_leaves_all_where_it_cannot_tell(
    lock: Path, name: str, content: str, why: str, capsys: pytest.CaptureFixture[str]
) -> None:
    before = lock.read_bytes()
    (lock.parent / name).write_text(content)
    assert main(["lock", "prune", "--yes"]) == 1
    assert why in capsys.readouterr().err
    assert lock.read_bytes() == before


def test_prune_asks_unless_told_not_to(lock: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (lock.parent / "program.aib").write_text("mark it\n")
    assert main(["lock", "prune"]) == 1
    assert NOBODY in capsys.readouterr().err
    assert main(["lock", "prune", "--yes"]) == 0
    assert "clear it" not in lock.read_text()


def test_prune_says_so_where_the_lock_cannot_be_written(
    lock: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def full(file: int) -> None:
        raise OSError(28, "No space left on device")

    (lock.parent / "program.aib").write_text("mark it\n")
    before = lock.read_bytes()
    monkeypatch.setattr(os, "fsync", full)
    assert main(["lock", "prune", "--yes"]) == 1
    told = capsys.readouterr()
    assert "No space left" in told.err
    assert "dropped" not in told.out
    assert lock.read_bytes() == before


def test_restore_rebuilds_a_lock_that_nobody_trusts(lock: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lock.unlink()
    whole = replace(MARK, trace=Trace({"df": Shape("frame", {"a": "number"})}, ("it",), "df"))
    carried = [
        {"line": 10, **whole.to_json()},
        CLEAR.to_json(),
        {"sentence": 1},
        [],
        None,
        {**MARK.to_json(), "trace": 3},
    ]
    saved = notebook(lock.parent / "mailed.ipynb", "10 mark it", carried=tuple(carried))
    assert main(["lock", "restore", str(saved)]) == 0
    assert "2 entries restored" in capsys.readouterr().out
    assert lock.read_text() == render(map(encode, [whole, CLEAR]))
    assert len(untrusted(lock)) == 2
    assert main(["lock", "restore", str(saved)]) == 0
    assert main(["lock", "restore", str(notebook(lock.parent / "empty.ipynb", "mark it"))]) == 1
    assert "carry no code" in capsys.readouterr().err
