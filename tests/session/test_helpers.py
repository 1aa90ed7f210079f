"""What a phrase's Python binds for itself is given back; only its result stays."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from aibasic_kernel.session.line import LineError
from aibasic_kernel.session.messages import Header
from aibasic_kernel.session.session import Session
from tests.session.driver import run

OWN = {"file": "important", "writer": 5, "axes": [1]}
LIBRARIES = {"json": {"k": 1}, "decimal": 2, "pd": 7, "csv": "c", "plt": None}
"""Variables of names that phrases import libraries under."""


@pytest.fixture
def session(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Session]:
    """A session in an empty folder with a query's rows, a file of each kind, and the user's own variables."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MPLBACKEND", "agg")
    Path("w.csv").write_text("a,b\n1,2\n")
    Path("w.json").write_text('{"a": 1}')
    session = Session({}, {})
    run(session, "from aibasic.modules.results import Rows\nresults = Rows([(1, 'x')], ['n', 't'])")
    session.names.update(OWN)
    yield session
    session.close()


@pytest.mark.parametrize(
    "sentence",
    [
        "(csv) save results to out.csv",
        "(json) save results to out.json",
        "(json) read w.json",
        "(json) read w.json into settings",
        "(csv) read w.csv into people",
        '(fs) append "more" to notes.txt',
        "(df) convert results to dataframe",
        "(csv) read w.csv\n(plot) plot a bar chart of b by a from df as chart.png",
    ],
)
def test_the_users_variables_outlive_the_helpers_of_a_phrase(sentence: str, session: Session) -> None:
    run(session, sentence)
    assert {name: session.names[name] for name in OWN} == OWN
    session.names.update(LIBRARIES)
    shown = run(session, sentence)
    assert [thing.served.from_lock for thing in shown if isinstance(thing, Header)].count(False) == 0
    assert {name: session.names[name] for name in OWN | LIBRARIES} == OWN | LIBRARIES


def test_the_result_of_a_phrase_stays_though_a_helper_is_called_like_it(session: Session) -> None:
    run(session, "(json) read w.json into json")
    assert session.names["json"] == {"a": 1}
    run(session, "(csv) read w.csv into file")
    assert list(session.names["file"].columns) == ["a", "b"]


def test_a_helper_where_nothing_was_is_gone_and_a_library_stays(session: Session) -> None:
    for name in OWN:
        del session.names[name]
    run(session, "(csv) save results to out.csv")
    assert not {"file", "writer"} & session.names.keys()
    assert isinstance(session.names["csv"], ModuleType)


def test_no_helper_is_shown_or_becomes_the_newest_result(session: Session) -> None:
    shown = run(session, "(csv) save results to out.csv\n(csv) save it to agaw.csv\n(json) save them to out.json")
    assert not [thing for thing in shown if not isinstance(thing, Header)]
    assert Path("agaw.csv").read_text() == Path("out.csv").read_text() == "n,t\n1,x\n"
    assert json.loads(Path("out.json").read_text()) == [{"n": 1, "t": "x"}]
    assert session.last_output == "results"


def test_the_newest_result_of_a_chart_is_its_figure(session: Session) -> None:
    run(session, "(csv) read w.csv\n(plot) plot a line chart of b by a from df\n(plot) save it as chart.png")
    assert session.last_output == "figure"
    assert Path("chart.png").stat().st_size > 0


def test_helpers_are_given_back_after_an_error(session: Session) -> None:
    Path("w.json").write_text("{")
    with pytest.raises(LineError, match="Expecting"):
        run(session, "(json) read w.json")
    assert {name: session.names[name] for name in OWN} == OWN


def test_what_typed_python_binds_stays(session: Session) -> None:
    run(session, "with open('w.csv') as file:\n    writer = file.readline()\nimport json")
    assert session.names["writer"] == "a,b\n"
    assert session.names["json"] is json
