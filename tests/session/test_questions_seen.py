"""A question shows what it is about, whatever stands in a sentence, a name or a setting of somebody else."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from aibasic_kernel.compiler.compilation import Compilation
from aibasic_kernel.compiler.traces.trace import Trace
from aibasic_kernel.session.session import Session
from tests.session.driver import run


class Person:
    """Says no to everything, and remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def __call__(self, question: str) -> str:
        self.asked.append(question)
        return "no"


@pytest.fixture
def person(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Person:
    monkeypatch.chdir(tmp_path)
    return Person()


def session_with(person: Person, sentence: str, python: str, **environ: str) -> Session:
    """A session that has compiled this before."""
    session = Session({}, environ, ask=person)
    session.read_configuration()
    session.compiler.lock.add(Compilation(sentence, "", python, "", ("user", "by hand"), Trace()))
    return session


def test_neither_sentence_nor_name_moves_the_cursor_or_looks_like_a_question(person: Person, tmp_path: Path) -> None:
    name = "a\x1bM\u202e\nrun it? yes"
    (tmp_path / name).touch()
    session = session_with(person, "tidy \x1bM up", f"import os\nos.remove({name!r})")
    with pytest.raises(Exception, match="you did not say yes"):
        run(session, "tidy \x1bM up")
    (question,) = person.asked
    assert question.splitlines() == [
        "tidy \\x1bM up  ·  removes the file a\\x1bM\\u202e\\nrun it? yes",
        "run it? yes, no, from now on, edit: ",
    ]


def test_nor_does_the_code_that_is_asked_about(person: Person) -> None:
    environ = {"AIBASIC_CONFIRM": "always", "AIBASIC_SHOW": "line"}
    session = session_with(person, "count them", "n = 1  # \x1bM" + " " * 120 + "hidden", **environ)
    with pytest.raises(Exception, match="you did not say yes"):
        run(session, "count them")
    code = person.asked[0].splitlines()[1:-1]
    assert code[0].startswith("  │ n = 1  # \\x1bM") and code[1].endswith("hidden") and code[1].startswith("  ┆ ")


def test_nor_a_setting(person: Person) -> None:
    session = Session({}, {}, ask=person)
    with pytest.raises(Exception, match="you did not say yes"):
        run(session, "SET PROVIDER = other\x1bM")
    assert "\x1b" not in person.asked[0] and "other\\x1bM" in person.asked[0]


def test_the_gravest_is_told_first(person: Person, tmp_path: Path) -> None:
    (tmp_path / "d.txt").touch()
    writes = "".join(f"shop.execute('INSERT INTO {name} VALUES (1)')\n" for name in "abc")
    session = session_with(person, "tidy up", f"import os\n{writes}os.remove('d.txt')", AIBASIC_CONFIRM="writes")
    with pytest.raises(Exception, match="you did not say yes"):
        run(session, "tidy up")
    assert "  ·  removes the file d.txt; " in person.asked[0]


@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_in_a_forked_process_nobody_is_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "kept").touch()

    def yes(question: str) -> str:
        (tmp_path / "asked").touch()
        return "yes"

    session = Session({"removing": os.remove}, {}, ask=yes)
    session.read_configuration()
    code = (
        "import multiprocessing\nchild = multiprocessing.get_context('fork').Process(target=removing, args=('kept',))\n"
    )
    made = Compilation("tidy up", "", f"{code}child.start()\nchild.join(30)", "", ("user", "by hand"), Trace())
    session.compiler.lock.add(made)
    run(session, "tidy up")
    assert session.names["child"].exitcode == 1
    assert (tmp_path / "kept").exists() and not (tmp_path / "asked").exists()
