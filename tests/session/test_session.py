"""The run loop without any face: what is compiled, what is remembered, what a failure leaves."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from aibasic_kernel.compiler.locks.format import encode, parse, render
from aibasic_kernel.errors import CompileError
from aibasic_kernel.language import ParseError
from aibasic_kernel.session.line import LineError
from aibasic_kernel.session.messages import Header, Note
from aibasic_kernel.session.session import Session
from tests.messages_server import MessagesServer
from tests.session.driver import run

Opener = Callable[..., Session]


@pytest.fixture
def opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Opener]:
    """Opens sessions in an empty folder; with a server, that is their model. They are closed at the end."""
    monkeypatch.chdir(tmp_path)
    sessions: list[Session] = []

    def open_session(server: MessagesServer | None = None, **environ: str) -> Session:
        sessions.append(Session({}, {**environ, **({"ANTHROPIC_BASE_URL": server.url} if server else {})}))
        return sessions[-1]

    yield open_session
    for session in sessions:
        session.close()


@pytest.fixture
def session(opened: Opener) -> Session:
    """A session in an empty folder, without configuration."""
    return opened()


def headers(shown: list[object]) -> list[Header]:
    return [thing for thing in shown if isinstance(thing, Header)]


def test_a_phrase_serves_first_and_the_lock_serves_again(session: Session, tmp_path: Path) -> None:
    first = headers(run(session, "10 set x to 5"))
    again = headers(run(session, "10 set x to 5"))
    assert [header.served.from_lock for header in (*first, *again)] == [False, True]
    assert "set x to 5" in (tmp_path / "aibasic.lock").read_text()


def test_a_model_is_asked_once_and_its_code_is_locked(opened: Opener) -> None:
    with MessagesServer() as server:
        server.compile("answer = 6 * 7", result="answer", when="ultimate")
        session = opened(server)
        run(session, "work out the ultimate answer")
        assert session.names["answer"] == session.names["last_output"] == 42
    # The server is gone; a new session of the same user needs none.
    later = opened()
    header = headers(run(later, "work out the ultimate answer"))[0]
    assert header.served.from_lock and header.author == "by claude-haiku-5-5"
    assert later.names["answer"] == 42


def test_a_line_that_failed_is_not_locked(opened: Opener, tmp_path: Path) -> None:
    with MessagesServer() as server:
        server.compile("1 / 0", when="divide")
        session = opened(server)
        with pytest.raises(LineError) as failure:
            run(session, "set kept to 1\ndivide by nothing at all\nset never to 2")
    assert isinstance(failure.value.error, ZeroDivisionError)
    assert failure.value.line.place == "line 2 of the cell"
    assert session.names["kept"] == 1 and "never" not in session.names
    assert "divide" not in (tmp_path / "aibasic.lock").read_text()


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        ("I would be happy to help you with that!", "prose"),
        ("", "nothing"),
        ("#@ python\nx = 1\n#@ end\n#@ python\nx = 2\n#@ end\n", "two answers"),
        ("#@ python\nx = = 1\n#@ end\n", "does not parse"),
    ],
    ids=["prose", "nothing", "two answers", "no Python"],
)
def test_a_reply_that_is_no_compilation_runs_nothing(reply: str, words: str, opened: Opener) -> None:
    with MessagesServer() as server:
        server.say(reply)
        session = opened(server)
        with pytest.raises(LineError) as failure:
            run(session, "do something unforeseen")
        assert words in str(failure.value.error)
        server.compile("y = 2", result="y", when="unforeseen")
        run(session, "do something unforeseen")
    assert session.names["y"] == 2


def test_frozen_never_asks(opened: Opener) -> None:
    with MessagesServer() as server:
        session = opened(server, AIBASIC_FROZEN="1")
        run(session, "set x to 5")
        with pytest.raises(LineError) as failure:
            run(session, "do something unforeseen")
        assert isinstance(failure.value.error, CompileError) and "frozen" in str(failure.value.error)
        assert server.requests == []


def test_code_from_somebody_elses_lock_is_not_run(opened: Opener, tmp_path: Path) -> None:
    with MessagesServer() as server:
        server.compile("ran = True", result="ran", when="innocent")
        run(opened(server), "do an innocent thing")
    stranger = opened(AIBASIC_DATA_DIR=str(tmp_path / "another user"))
    with pytest.raises(LineError) as failure:
        run(stranger, "do an innocent thing")
    assert "aibasic trust" in str(failure.value.error)
    assert "ran" not in stranger.names


def test_phrase_entries_of_somebody_else_need_no_trust(opened: Opener, tmp_path: Path) -> None:
    run(opened(), "set x to 5")
    stranger = opened(AIBASIC_DATA_DIR=str(tmp_path / "another user"))
    run(stranger, "set x to 5")
    assert stranger.names["x"] == 5


def test_entries_that_forged_code_stands_beside_are_tried_all(opened: Opener, tmp_path: Path) -> None:
    run(opened(), "set x to 5")
    (genuine,) = parse((tmp_path / "aibasic.lock").read_text()).entries.values()
    forged = [encode(replace(genuine.compilation, python=f"x = {number}")) for number in range(6, 16)]
    (tmp_path / "aibasic.lock").write_text(render([genuine, *forged]))
    stranger = opened(AIBASIC_DATA_DIR=str(tmp_path / "another user"))
    run(stranger, "set x to 5")
    assert stranger.names["x"] == 5


def test_of_a_dicts_keys_a_request_names_those_that_code_has_named(session: Session) -> None:
    Path("names").write_text("Quillfeather Brandywine")
    session.names["Path"] = Path
    run(session, "rates = {'standard': 19}\ncounts = {name: 1 for name in Path('names').read_text().split()}")
    told = session.compiler.request(session.parse("add up the counts")[0], session.scope()).user
    assert "rates: dict, 1 key: standard number" in told
    assert "counts: dict, 2 keys: 2 others (number)" in told


@pytest.mark.parametrize(
    "line",
    [
        "set x to 'kT9-zzz41q'",
        "set password to 'some words'",
        "set x to \"password = 'quite-unknown'\"",
        "set x to 'postgresql://me:quite-unknown@host/db'",
    ],
)
def test_a_secret_that_stands_in_a_line_is_not_locked(line: str, opened: Opener, tmp_path: Path) -> None:
    (tmp_path / "aibasic.conf").write_text("[postgres]\nHOST = localhost\nPASSWORD = kT9-zzz41q\n")
    session = opened()
    shown = run(session, f"{line}\nset y to 5")
    is_secret = "some words" not in line
    assert any("holds a password" in str(thing) for thing in shown) == is_secret
    text = (tmp_path / "aibasic.lock").read_text()
    assert "set y to 5" in text and (line.split("'")[1] in text) != is_secret
    assert headers(run(session, line))[0].served.from_lock


def test_a_mark_of_byte_order_in_front_of_a_cell_means_nothing(session: Session) -> None:
    run(session, "\ufeffx = '''\n a'''\nset y to 5")
    assert (session.names["x"], session.names["y"]) == ("\n a", 5)
    assert session.is_complete("\ufefffor x in y:") == ("incomplete", "    ")


@pytest.mark.parametrize("text", ["x = 1\ny = '\0'", "x = 1\nset y to \0"])
def test_a_nul_character_is_pointed_at_and_nothing_runs(text: str, session: Session) -> None:
    with pytest.raises(ParseError, match="line 2: a NUL character"):
        run(session, text)
    assert "x" not in session.names
    assert session.is_complete(text) == ("invalid", "")


def test_names_may_come_and_go_on_other_threads_while_they_are_read(session: Session) -> None:
    ended = threading.Event()

    def bind_and_delete() -> None:
        while not ended.is_set():
            for number in range(200):
                session.names[f"name_{number}"] = number
            for number in range(200):
                del session.names[f"name_{number}"]

    other = threading.Thread(target=bind_and_delete)
    other.start()
    try:
        for _ in range(300):
            session.describe()
            list(session.user_names.items())
        session.compiler.request(session.parse("add them up")[0], session.scope())
    finally:
        ended.set()
        other.join()


@pytest.mark.parametrize("value", ["None", "[1, 2]"])
def test_a_services_variable_that_the_user_has_set_is_left_alone(value: str, opened: Opener, tmp_path: Path) -> None:
    (tmp_path / "aibasic.conf").write_text("[postgres]\nHOST = localhost\n")
    session = opened()
    run(session, f"pg = {value}")
    (service,) = session.services.values()
    assert service.variable == "pg_aibasic"
    assert "pg" in session.user_names
    run(session, "del pg")
    assert service.variable == "pg"


def test_a_bare_name_is_python_once_the_line_before_has_made_it(session: Session) -> None:
    assert 5 in run(session, "set fresh to 5\nfresh")


def test_nothing_runs_where_the_text_does_not_parse(session: Session) -> None:
    with pytest.raises(ParseError):
        run(session, "10 set x to 1\n10 set x to 2")
    assert "x" not in session.names


def test_a_setting_of_the_wrong_kind_names_key_and_choices(opened: Opener, tmp_path: Path) -> None:
    (tmp_path / "aibasic.conf").write_text("[aibasic]\nPHRASES = sometimes\n")
    session = opened()
    with pytest.raises(LineError, match=r"PHRASES in \[aibasic\] is 'sometimes'"):
        run(session, "set x to 1")
    run(session, "x = 2")  # Python runs all the same
    (tmp_path / "aibasic.conf").write_text("[aibasic]\nPHRASES = only\n")
    run(session, "add 1 to x")
    assert session.names["x"] == 3


def test_an_unknown_key_is_said_once(opened: Opener, tmp_path: Path) -> None:
    (tmp_path / "aibasic.conf").write_text("[aibasic]\nTIMOUT = 5\n")
    session = opened()
    shown = [*run(session, "set x to 1"), *run(session, "set x to 2")]
    notes = [thing.text for thing in shown if isinstance(thing, Note)]
    assert len(notes) == 1 and "TIMEOUT" in notes[0]


def test_a_setting_edited_between_two_cells_counts_for_the_second(opened: Opener, tmp_path: Path) -> None:
    session = opened()
    assert headers(run(session, "set x to 1"))
    (tmp_path / "aibasic.conf").write_text("[aibasic]\nSHOW = nothing\n")
    assert not headers(run(session, "set x to 2"))


def test_a_damaged_lock_is_named_and_nothing_of_it_is_lost(opened: Opener, tmp_path: Path) -> None:
    run(opened(), "set x to 5\nset y to 6")
    lock = tmp_path / "aibasic.lock"
    lock.write_text(lock.read_text()[: lock.stat().st_size * 3 // 4])
    session = opened()
    shown = run(session, "set x to 5\nset y to 6\nset z to 7")
    assert any(isinstance(thing, Note) and "aibasic.lock" in thing.text for thing in shown)
    assert session.names["z"] == 7
    assert "set y to 6" in lock.read_text()


def test_a_missing_library_is_named_with_the_pip_line_that_installs_it(opened: Opener) -> None:
    with MessagesServer() as server:
        server.compile("raise ModuleNotFoundError(\"No module named 'pandas'\", name='pandas')", when="frame")
        with pytest.raises(LineError) as failure:
            run(opened(server), "make me a frame of mind")
    assert "No module named 'pandas'" in str(failure.value.error)
    assert "pip install 'aibasic-kernel[data]'" in str(failure.value.error)


def test_a_service_that_a_user_variable_hides_gets_another_name(opened: Opener, tmp_path: Path) -> None:
    (tmp_path / "aibasic.conf").write_text("[postgres]\nHOST = 127.0.0.1\n")
    session = opened()
    run(session, "pg = 'parental guidance'")
    assert [service.variable for service in session.services.values()] == ["pg_aibasic"]


def tables(shown: list[object]) -> list[object]:
    return [thing for thing in shown if hasattr(thing, "_repr_html_")]


def test_each_table_of_a_cell_is_shown_but_one_that_the_next_line_goes_on_from(opened: Opener) -> None:
    rows = "from aibasic.modules.results import Rows\n{0} = Rows([({1},)], ['n'])"
    with MessagesServer() as server:
        server.compile(rows.format("first", 1), result="first", when="first")
        server.compile(rows.format("second", 2), result="second", when="second")
        server.compile(rows.format("third", "second[0][0] + 1"), result="third", when="third")
        session = opened(server)
        shown = run(session, "get the first rows\nget the second rows\nderive a third thing\nset x to 1")
    assert tables(shown) == [[(1,)], [(3,)]]


@pytest.mark.parametrize(
    ("sentence", "shown"),
    [("calculate 3 * 4", [12]), ("set x to 5", []), ("calculate 3 * 4 into dozen", [])],
    ids=["asked for", "assigned", "put away"],
)
def test_a_value_is_shown_unless_the_sentence_says_where_to_put_it(
    session: Session, sentence: str, shown: list[object]
) -> None:
    assert [thing for thing in run(session, sentence) if not isinstance(thing, Header)] == shown


def test_a_working_folder_that_is_gone_is_named_and_python_gets_out_of_it(
    opened: Opener, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = opened()
    run(session, "set x to 1")
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    with pytest.raises(LineError, match="the working folder is not there any more"):
        run(session, "set x to 2")
    run(session, f"import os; os.chdir({str(tmp_path)!r})")
    run(session, "set x to 3")
    assert session.names["x"] == 3


def test_what_a_models_last_call_returns_is_no_result_unless_declared(opened: Opener) -> None:
    with MessagesServer() as server:
        server.compile("notes = []\nnotes.append(1) or 86", when="scribble")
        shown = run(opened(server), "scribble something down")
    assert [thing for thing in shown if not isinstance(thing, Header)] == []


def test_a_result_that_the_next_line_prints_is_not_shown_once_more(session: Session) -> None:
    run(session, "names = ['a', 'b', 'c']")
    assert [thing for thing in run(session, "count the items in names\nprint('n:', result)") if thing == 3] == []
    assert [thing for thing in run(session, "count the items in names\nx = result + 1") if thing == 3] == [3]
