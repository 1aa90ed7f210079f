"""IPython's cell magics above sentences: `%%time` runs them, those that read Python say so."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from aibasic_kernel.errors import AIBasicError
from aibasic_kernel.session.line import LineError
from aibasic_kernel.session.messages import Note
from aibasic_kernel.session.session import Session
from tests.session.driver import run


@pytest.fixture
def session(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Session]:
    monkeypatch.chdir(tmp_path)
    opened = Session({}, {})
    yield opened
    opened.close()


def test_sentences_are_timed(session: Session) -> None:
    shown = run(session, "%%time\nset x to 5\ny = x + 1\nis y > x")
    assert session.names["y"] == 6
    assert True in shown
    last = shown[-1]
    assert isinstance(last, Note)
    assert last.text.startswith("wall time: ")


def test_a_failure_in_a_timed_cell_names_its_own_line(session: Session) -> None:
    with pytest.raises(LineError, match="line 3 of the cell: division by zero"):
        run(session, "%%time\nset x to 5\ncalculate x / 0")


@pytest.mark.parametrize("name", ["timeit", "debug", "prun"])
def test_other_magics_say_that_they_take_python(name: str, session: Session) -> None:
    with pytest.raises(LineError) as failure:
        run(session, f"%%{name} -q\nset x to 5")
    assert isinstance(failure.value.error, AIBasicError)
    assert f"%%{name} takes Python" in str(failure.value.error)
    assert "x" not in session.names


def test_one_that_would_have_no_effect_says_so(session: Session) -> None:
    with pytest.raises(LineError, match="%%code_wrap has no effect"):
        run(session, "%%code_wrap loud\nprint('before')\n__code__")
