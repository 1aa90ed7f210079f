"""The lock of a session: shared by processes, trusted by user, never losing what somebody compiled."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from aibasic_kernel.compiler.compilation import Compilation
from aibasic_kernel.compiler.locks.format import FORMAT, encode, parse, render
from aibasic_kernel.compiler.locks.lock import Found, Lock, lock_paths
from aibasic_kernel.compiler.locks.signatures import Signatures
from aibasic_kernel.compiler.scope import Scope
from aibasic_kernel.compiler.traces.observe import observe
from aibasic_kernel.compiler.traces.trace import Trace
from aibasic_kernel.errors import LockError
from tests.compiler.scopes import make_scope

NUMBER, WORD = make_scope({"x": 1}), make_scope({"x": "a"})


def compiled(sentence: str = "double x", python: str = "x * 2", scope: Scope = NUMBER) -> Compilation:
    return Compilation(sentence, "", python, "", ("model", "some-model"), observe(python, sentence, scope))


@pytest.fixture
def signatures(tmp_path: Path) -> Signatures:
    return Signatures(tmp_path / "data")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "notebook" / "aibasic.lock"


@pytest.fixture
def lock(path: Path, signatures: Signatures, tmp_path: Path) -> Lock:
    return Lock(path, signatures, fallback=tmp_path / "data" / "locks")


# Finding


def test_what_was_kept_serves_its_sentence_again(lock: Lock, path: Path, signatures: Signatures) -> None:
    lock.add(compiled())
    found = Lock(path, signatures).find("double x", "", NUMBER)
    assert found.entry == compiled()
    assert found.untrusted == ()


def test_blanks_mean_nothing_outside_quotes(lock: Lock) -> None:
    lock.add(compiled('double x and print "a  b"'))
    assert lock.find('double   x and print "a  b"', "", NUMBER).entry is not None
    assert lock.find('double x and print "a b"', "", NUMBER).entry is None


def test_another_task_type_is_another_sentence(lock: Lock) -> None:
    lock.add(compiled())
    assert lock.find("double x", "math", NUMBER).entry is None


def test_an_entry_that_does_not_hold_says_why(lock: Lock) -> None:
    lock.add(compiled())
    found = lock.find("double x", "", WORD)
    assert found.entry is None
    assert found.reasons == ("x is text now, was number",)
    assert lock.find("never said", "", WORD).reasons == ()


def test_entries_for_other_shapes_live_side_by_side(lock: Lock) -> None:
    lock.add(compiled())
    lock.add(compiled(python="x + x", scope=WORD))
    assert [found.python for scope in (NUMBER, WORD) if (found := lock.find("double x", "", scope).entry)] == [
        "x * 2",
        "x + x",
    ]
    assert len(lock.entries("double x", "")) == 2


def test_new_code_for_the_same_shapes_takes_the_place_of_the_old(lock: Lock) -> None:
    lock.add(compiled())
    lock.add(compiled(python="2 * x"))
    assert [entry.python for entry in lock.entries("double x", "")] == ["2 * x"]


def test_a_word_that_turned_out_not_to_matter_is_no_longer_minded(lock: Lock) -> None:
    with_word = make_scope({"x": 1, "double": 2})
    lock.add(compiled())
    assert lock.find("double x", "", with_word).reasons == ("'double' is a variable now",)
    lock.add(compiled(scope=with_word))
    assert len(lock.entries("double x", "")) == 1
    assert lock.find("double x", "", NUMBER).entry is not None


def test_what_is_dropped_is_gone_from_the_file(lock: Lock, path: Path, signatures: Signatures) -> None:
    lock.add(compiled())
    lock.add(compiled("triple x", "x * 3"))
    lock.drop(compiled())
    for reader in (lock, Lock(path, signatures)):
        assert reader.find("double x", "", NUMBER).entry is None
        assert reader.find("triple x", "", NUMBER).entry is not None
    lock.add(compiled())
    assert lock.find("double x", "", NUMBER).entry is not None


def test_a_line_that_runs_again_does_not_touch_the_file(lock: Lock, path: Path) -> None:
    lock.add(compiled())
    before = path.stat()
    lock.add(compiled())
    assert path.stat().st_mtime_ns == before.st_mtime_ns
    assert path.stat().st_ino == before.st_ino


def test_the_same_entries_give_the_same_bytes(tmp_path: Path, signatures: Signatures) -> None:
    files = [tmp_path / "one.lock", tmp_path / "two.lock"]
    entries = [compiled(f"add {number} to x", f"x + {number}") for number in range(5)]
    for file, order in zip(files, (entries, entries[::-1]), strict=True):
        lock = Lock(file, signatures)
        for entry in order:
            lock.add(entry)
    assert files[0].read_bytes() == files[1].read_bytes()


# Trust


def test_somebody_elses_entries_are_found_but_not_trusted(lock: Lock, path: Path, tmp_path: Path) -> None:
    lock.add(compiled())
    mine = Lock(path, Signatures(tmp_path / "mine"))
    found = mine.find("double x", "", NUMBER)
    assert found.entry is None
    assert found.untrusted == (compiled(),)
    assert mine.untrusted() == [compiled()]
    mine.trust(mine.untrusted())
    assert mine.find("double x", "", NUMBER).entry == compiled()
    assert mine.untrusted() == []


def test_one_character_changed_is_not_what_was_trusted(lock: Lock, path: Path) -> None:
    lock.add(compiled())
    forged = replace(compiled(), python="x * 3")
    path.write_text(render([encode(forged)]))
    found = lock.find("double x", "", NUMBER)
    assert found.entry is None
    assert found.untrusted == (forged,)


def test_of_two_that_hold_the_trusted_one_serves(lock: Lock, path: Path) -> None:
    lock.add(compiled())
    forged = [replace(compiled(), python=f"x * {number}") for number in range(3, 9)]
    path.write_text(render(map(encode, [compiled(), *forged])))
    assert lock.find("double x", "", NUMBER).entry == compiled()


def test_all_that_hold_are_found_where_none_is_trusted(lock: Lock, path: Path) -> None:
    path.parent.mkdir()
    others = [replace(compiled(), python=f"x * {number}") for number in range(3, 9)]
    path.write_text(render(map(encode, others)))
    found = lock.find("double x", "", NUMBER).untrusted
    assert sorted(entry.python for entry in found) == [entry.python for entry in others]


def test_the_digest_is_of_the_bytes_that_were_read(lock: Lock, path: Path) -> None:
    lock.add(compiled())
    lock.untrusted()
    read = path.read_bytes()
    path.write_text(render([encode(replace(compiled(), python="x * 3"))]))
    assert lock.digest == hashlib.sha256(read).hexdigest()
    lock.untrusted()
    assert lock.digest == hashlib.sha256(path.read_bytes()).hexdigest()


# The file


def test_it_is_read_again_when_another_kernel_wrote_it(lock: Lock, path: Path, signatures: Signatures) -> None:
    assert lock.find("double x", "", NUMBER).entry is None
    Lock(path, signatures).add(compiled())
    assert lock.find("double x", "", NUMBER).entry is not None
    path.unlink()
    assert lock.find("double x", "", NUMBER).entry is None


def test_nothing_is_written_until_something_was_compiled(lock: Lock, path: Path) -> None:
    lock.find("double x", "", NUMBER)
    lock.drop(compiled())
    assert not path.exists()


def test_without_a_path_it_lasts_as_long_as_the_session(signatures: Signatures) -> None:
    lock = Lock(None, signatures)
    lock.add(compiled())
    assert lock.find("double x", "", NUMBER).entry is not None
    lock.drop(compiled())
    assert lock.find("double x", "", NUMBER).entry is None


def test_code_edited_by_hand_is_somebody_elses_until_it_is_trusted(
    lock: Lock, path: Path, signatures: Signatures
) -> None:
    lock.add(compiled())
    path.write_text(path.read_text().replace("x * 2", "x * 3"))
    edited = replace(compiled(), python="x * 3")
    assert lock.find("double x", "", NUMBER) == Found(untrusted=(edited,))
    assert lock.is_edited(edited)
    assert "it is not whole, or was edited; it runs once you have agreed" in lock.problems()[0]
    lock.add(compiled("halve x", "x / 2"))
    assert lock.find("double x", "", NUMBER).entry is None
    assert lock.untrusted() == [edited]
    lock.trust([edited])
    assert Lock(path, signatures).find("double x", "", NUMBER).entry == edited
    assert lock.problems() == []
    assert not lock.is_edited(edited)
    assert [file.name for file in path.parent.iterdir()] == ["aibasic.lock"]


def test_an_edited_entry_can_be_forgotten(lock: Lock, path: Path) -> None:
    lock.add(compiled())
    path.write_text(path.read_text().replace("x * 2", "x * 3"))
    for entry in lock.entries("double x", ""):
        lock.drop(entry)
    assert parse(path.read_text()).broken == ()
    assert lock.all() == []


def test_damaged_parts_are_told_and_kept_beside_the_lock(lock: Lock, path: Path) -> None:
    lock.add(compiled())
    lock.add(compiled("triple x", "x * 3"))
    path.write_text(path.read_text().replace('  1 say "triple', '  9 say "triple') + "something else\n")
    assert len(lock.problems()) == 2
    assert lock.find("double x", "", NUMBER).entry is not None
    assert lock.find("triple x", "", NUMBER).entry is None
    lock.add(compiled("halve x", "x / 2"))
    beside = path.with_name("aibasic.lock.broken-1")
    assert lock.problems() == [f"{path}: what cannot be read is in {beside}"]
    kept = beside.read_text()
    assert "x * 3" in kept
    assert "something else" in kept
    assert parse(path.read_text()).broken == ()


def test_a_lock_of_a_newer_format_is_left_as_it_is(lock: Lock, path: Path) -> None:
    path.parent.mkdir()
    path.write_text(f"# aibasic.lock, format {FORMAT + 1}\nwhatever\n")
    with pytest.raises(LockError, match=r"aibasic\.lock: .*format 2"):
        lock.find("double x", "", NUMBER)
    with pytest.raises(LockError):
        lock.add(compiled())
    assert path.read_text().endswith("whatever\n")
    assert list(path.parent.iterdir()) == [path]


def test_a_lock_that_cannot_be_read_is_an_error_with_its_name(lock: Lock, path: Path) -> None:
    path.mkdir(parents=True)
    with pytest.raises(LockError, match=r"aibasic\.lock cannot be read"):
        lock.find("double x", "", NUMBER)


def test_where_it_cannot_be_written_new_lines_go_to_the_users_folder(tmp_path: Path, signatures: Signatures) -> None:
    (tmp_path / "file").write_text("")
    path, fallback = tmp_path / "file" / "aibasic.lock", tmp_path / "data" / "locks"
    lock = Lock(path, signatures, fallback)
    lock.add(compiled())
    (problem,) = lock.problems()
    assert f"{path} cannot be written" in problem
    assert str(fallback) in problem
    assert Lock(path, signatures, fallback).find("double x", "", NUMBER).entry is not None
    assert Lock(tmp_path / "other" / "aibasic.lock", signatures, fallback).find("double x", "", NUMBER).entry is None


def test_where_nothing_can_be_written_lines_are_kept_for_the_session(tmp_path: Path, signatures: Signatures) -> None:
    (tmp_path / "file").write_text("")
    lock = Lock(tmp_path / "file" / "aibasic.lock", signatures, tmp_path / "file" / "locks")
    lock.add(compiled())
    assert lock.find("double x", "", NUMBER).entry is not None
    assert len(lock.problems()) == 2


def test_the_files_mode_and_a_link_to_it_stay(tmp_path: Path, signatures: Signatures) -> None:
    shared = tmp_path / "shared.lock"
    shared.write_text(render([]))
    shared.chmod(0o664)
    link = tmp_path / "aibasic.lock"
    link.symlink_to(shared)
    Lock(link, signatures).add(compiled())
    assert link.is_symlink()
    assert shared.stat().st_mode & 0o777 == 0o664
    assert "double x" in shared.read_text()


def test_a_file_that_is_no_lock_is_left_as_it_is(tmp_path: Path, signatures: Signatures) -> None:
    notes = tmp_path / "notes.txt"
    notes.write_text("buy milk\n")
    link = tmp_path / "aibasic.lock"
    link.symlink_to(notes)
    for path in (notes, link):
        lock = Lock(path, signatures, fallback=tmp_path / "data" / "locks")
        with pytest.raises(LockError, match="is no lock of AIBasic"):
            lock.add(compiled())
    assert notes.read_text() == "buy milk\n"
    assert sorted(file.name for file in tmp_path.glob("*.*")) == ["aibasic.lock", "notes.txt"]


@pytest.mark.parametrize("content", [None, ""])
def test_a_link_makes_no_file_and_fills_none(content: str | None, tmp_path: Path, signatures: Signatures) -> None:
    target = tmp_path / "startup.py"
    if content is not None:
        target.write_text(content)
    link = tmp_path / "aibasic.lock"
    link.symlink_to(target)
    with pytest.raises(LockError, match="is a link to"):
        Lock(link, signatures).add(compiled())
    assert target.read_text() == content if content is not None else not target.exists()


def test_a_pipe_for_a_lock_is_an_error_and_keeps_nobody_waiting(tmp_path: Path, signatures: Signatures) -> None:
    os.mkfifo(tmp_path / "aibasic.lock")
    with pytest.raises(LockError, match="no ordinary file"):
        Lock(tmp_path / "aibasic.lock", signatures).find("double x", "", NUMBER)


def test_no_link_that_lies_ready_is_written_through(
    lock: Lock, path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    foreign = tmp_path / "foreign"
    foreign.write_text("as it was")
    lock.add(compiled())
    before = os.umask(0)
    try:
        monkeypatch.setattr("secrets.token_hex", lambda size: "known")
        for name in (f".{path.name}.known", f".{path.name}.{os.getpid()}", f"{path.name}.broken-1"):
            path.with_name(name).symlink_to(foreign)
        lock.add(compiled("triple x", "x * 3"))
        monkeypatch.undo()
        path.write_text(path.read_text() + "something else\n")
        lock.add(compiled("halve x", "x / 2"))
    finally:
        os.umask(before)
    assert foreign.read_text() == "as it was"
    assert path.with_name(f"{path.name}.broken-2").stat().st_mode & 0o777 == 0o600


ADD = """
import sys
from pathlib import Path
from aibasic_kernel.compiler.compilation import Compilation
from aibasic_kernel.compiler.locks.lock import Lock
from aibasic_kernel.compiler.locks.signatures import Signatures
from aibasic_kernel.compiler.traces.trace import Trace
lock = Lock(Path(sys.argv[1]), Signatures(Path(sys.argv[2])))
sys.stdin.readline()
for number in range(15):
    sentence = f"sentence {number} of {sys.argv[3]}"
    lock.add(Compilation(sentence, "", "pass", "", ("model", "m"), Trace()))
    if number % 3 == 2:
        lock.drop(Compilation(f"sentence {number - 1} of {sys.argv[3]}", "", "pass", "", ("model", "m"), Trace()))
"""


def test_kernels_that_write_at_once_lose_nothing(tmp_path: Path, signatures: Signatures) -> None:
    path = tmp_path / "aibasic.lock"
    command = [sys.executable, "-c", ADD, str(path), str(tmp_path / "data")]
    writers = [subprocess.Popen([*command, str(at)], stdin=subprocess.PIPE, text=True) for at in range(4)]
    for writer in writers:
        assert writer.stdin is not None
        writer.stdin.write("go\n")
        writer.stdin.close()
    assert [writer.wait() for writer in writers] == [0] * 4
    lock = Lock(path, signatures)
    wanted = {f"sentence {number} of {at}" for number in range(15) if number % 3 != 1 for at in range(4)}
    every = {f"sentence {number} of {at}" for number in range(15) for at in range(4)}
    assert {sentence for sentence in every if lock.entries(sentence, "")} == wanted
    assert lock.untrusted() == []
    assert sorted(file.name for file in tmp_path.iterdir()) == ["aibasic.lock", "data"]


def test_a_writer_that_fails_leaves_the_old_lock(lock: Lock, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lock.add(compiled())
    before = path.read_bytes()

    def full(file: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    lock.add(compiled("triple x", "x * 3"))
    assert path.read_bytes() == before
    assert [file.name for file in path.parent.iterdir()] == ["aibasic.lock"]
    assert lock.find("triple x", "", NUMBER).entry is not None


def test_entries_without_a_trace_hold_anywhere(lock: Lock) -> None:
    lock.add(Compilation("say hello", "print", "print('hello')", "", ("phrase", "say {text}"), Trace()))
    assert lock.find("say hello", "print", WORD).entry is not None


# Where it lies


def test_it_lies_beside_the_notebook_where_that_is_known(tmp_path: Path) -> None:
    notebooks, work = tmp_path / "notebooks", tmp_path / "work"
    notebooks.mkdir()
    environ = {"JPY_SESSION_NAME": str(notebooks / "story.ipynb")}
    assert lock_paths("", work, environ) == (notebooks / "aibasic.lock", [])
    assert lock_paths("", work, {}) == (work / "aibasic.lock", [])
    assert lock_paths("", work, {"JPY_SESSION_NAME": "notebooks/story.ipynb"}) == (work / "aibasic.lock", [])
    assert lock_paths("", work, {"JPY_SESSION_NAME": "/no/such/folder/story.ipynb"}) == (work / "aibasic.lock", [])


def test_the_setting_names_it(tmp_path: Path) -> None:
    environ = {"JPY_SESSION_NAME": str(tmp_path / "story.ipynb")}
    assert lock_paths("off", tmp_path, environ) == (None, [])
    assert lock_paths("OFF ", tmp_path, environ) == (None, [])
    assert lock_paths("team.lock", tmp_path, environ) == (tmp_path / "team.lock", [])
    assert lock_paths(str(tmp_path), Path("/"), environ) == (tmp_path / "aibasic.lock", [])
    assert lock_paths("~/own.lock", tmp_path, environ) == (Path.home() / "own.lock", [])


def test_those_behind_a_comma_are_only_read(tmp_path: Path) -> None:
    (tmp_path / "class").mkdir()
    others = [tmp_path / "class" / "aibasic.lock", tmp_path / "b.lock"]
    assert lock_paths("own.lock, class, b.lock", tmp_path, {}) == (tmp_path / "own.lock", others)
    assert lock_paths(", class,b.lock", tmp_path, {}) == (tmp_path / "aibasic.lock", others)
    assert lock_paths("off, class, b.lock", tmp_path, {}) == (None, others)


@pytest.fixture
def shared(tmp_path: Path, signatures: Signatures) -> Path:
    """A lock that this user trusts, for others to read."""
    path = tmp_path / "class.lock"
    shared = Lock(path, signatures)
    shared.add(compiled())
    shared.add(compiled("triple x", "x * 3"))
    return path


def test_another_lock_is_never_written_and_serves_behind_the_own(
    path: Path, shared: Path, signatures: Signatures
) -> None:
    before = shared.read_bytes()
    lock = Lock(path, signatures, others=[shared])
    assert lock.find("triple x", "", NUMBER).entry == compiled("triple x", "x * 3")
    lock.add(compiled("halve x", "x / 2"))
    lock.add(compiled("triple x", "x * 3"))
    assert [entry.sentence for entry in Lock(path, signatures).all()] == ["halve x"]
    replaced = replace(compiled("triple x", "x * 3"), python="3 * x")
    lock.add(replaced)
    lock.drop(compiled())
    assert lock.find("triple x", "", NUMBER).entry == replaced
    assert lock.find("double x", "", NUMBER).entry is None
    assert shared.read_bytes() == before
    later = Lock(path, signatures, others=[shared])
    assert later.find("triple x", "", NUMBER).entry == replaced
    assert later.find("double x", "", NUMBER).entry == compiled()


def test_what_stands_in_another_lock_needs_trust_like_all(path: Path, shared: Path, tmp_path: Path) -> None:
    mine = Lock(path, Signatures(tmp_path / "mine"), others=[shared])
    assert mine.find("double x", "", NUMBER).untrusted == (compiled(),)
    assert mine.untrusted_files() == [shared]
    mine.trust([compiled()])
    assert mine.find("double x", "", NUMBER).entry == compiled()
    assert [entry.sentence for entry in mine.untrusted()] == ["triple x"]


def test_another_lock_that_is_not_there_is_told(path: Path, tmp_path: Path, signatures: Signatures) -> None:
    lock = Lock(path, signatures, others=[tmp_path / "class.lock"])
    assert lock.problems() == [f"{tmp_path / 'class.lock'}, which LOCK names, is not there"]
