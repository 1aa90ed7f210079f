"""Only what this user signed is trusted, in every process of the user, and by nobody else."""

from __future__ import annotations

import stat
import subprocess
import sys
from pathlib import Path

import pytest

from aibasic_kernel.compiler.folders import data_folder
from aibasic_kernel.compiler.locks.signatures import Signatures

ONE, TWO = "1" * 64, "2" * 64

SIGN = """
import sys
from pathlib import Path
from aibasic_kernel.compiler.locks.signatures import Signatures
signatures = Signatures(Path(sys.argv[1]))
sys.stdin.readline()
for number in range(20):
    signatures.sign([f"{sys.argv[2]}-{number}"])
"""


def test_what_was_signed_is_known_to_the_next_process(tmp_path: Path) -> None:
    Signatures(tmp_path).sign([ONE])
    later = Signatures(tmp_path)
    assert later.is_signed(ONE)
    assert not later.is_signed(TWO)


def test_what_another_process_signs_meanwhile_is_seen(tmp_path: Path) -> None:
    here, there = Signatures(tmp_path), Signatures(tmp_path)
    assert not here.is_signed(ONE)
    there.sign([ONE, TWO])
    assert here.is_signed(ONE)
    assert here.is_signed(TWO)


def test_another_users_signature_counts_for_nothing(tmp_path: Path) -> None:
    theirs, mine = tmp_path / "theirs", tmp_path / "mine"
    Signatures(theirs).sign([ONE])
    Signatures(mine).sign([TWO])
    (mine / "lock.signatures").write_bytes((theirs / "lock.signatures").read_bytes())
    assert not Signatures(mine).is_signed(ONE)


def test_key_and_signatures_are_for_their_owner_alone(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    Signatures(folder).sign([ONE])
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    for file in folder.iterdir():
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert len((folder / "lock.key").read_bytes()) == 32
    assert ONE.encode() not in (folder / "lock.signatures").read_bytes()


def test_a_signature_that_was_written_in_part_takes_no_other_along(tmp_path: Path) -> None:
    Signatures(tmp_path).sign([ONE])
    file = tmp_path / "lock.signatures"
    file.write_bytes(file.read_bytes() + b"1234")
    later = Signatures(tmp_path)
    later.sign([TWO])
    assert Signatures(tmp_path).is_signed(ONE)
    assert Signatures(tmp_path).is_signed(TWO)
    assert later.is_signed(TWO)


def test_signing_twice_writes_once(tmp_path: Path) -> None:
    Signatures(tmp_path).sign([ONE])
    size = (tmp_path / "lock.signatures").stat().st_size
    Signatures(tmp_path).sign([ONE])
    assert (tmp_path / "lock.signatures").stat().st_size == size


def test_a_folder_that_cannot_be_made_leaves_signatures_for_this_session(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    signatures = Signatures(tmp_path / "file" / "data")
    signatures.sign([ONE])
    assert signatures.is_signed(ONE)
    assert not signatures.is_signed(TWO)
    assert "AIBASIC_DATA_DIR" in signatures.problem


def test_several_processes_begin_with_one_key_and_lose_no_signature(tmp_path: Path) -> None:
    command = [sys.executable, "-c", SIGN, str(tmp_path / "data")]
    started = [subprocess.Popen([*command, str(at)], stdin=subprocess.PIPE, text=True) for at in range(4)]
    for process in started:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.close()
    assert [process.wait() for process in started] == [0] * 4
    signatures = Signatures(tmp_path / "data")
    assert all(signatures.is_signed(f"{at}-{number}") for at in range(4) for number in range(20))


@pytest.mark.parametrize(
    ("environ", "folder"),
    [
        ({"AIBASIC_DATA_DIR": "/data", "XDG_DATA_HOME": "/xdg"}, Path("/data")),
        ({"XDG_DATA_HOME": "/xdg"}, Path("/xdg/aibasic")),
        ({}, Path("~/.local/share/aibasic")),
    ],
)
def test_where_the_users_data_lies(environ: dict[str, str], folder: Path) -> None:
    assert data_folder(environ) == folder.expanduser()
