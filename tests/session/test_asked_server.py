"""Which server a question is about, once the configuration was edited, and what an answer to it still covers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from aibasic_kernel.errors import Refused
from aibasic_kernel.session.line import LineError
from aibasic_kernel.session.session import Session
from tests.servers.redis import RedisServer
from tests.session.driver import run

FLUSH = "flush the redis database"
COUNT = "how many redis keys are there"


class Workplace:
    """A session whose user edits aibasic.conf, and answers questions with what `answers` says next."""

    def __init__(self, folder: Path, server: RedisServer) -> None:
        self.server = server
        self._file = folder / "aibasic.conf"
        self.answers: list[str] = []
        self.asked: list[str] = []
        self.edit(DB=0)
        self.session = Session({}, {"AIBASIC_DATA_DIR": str(folder / "data")}, ask=self._ask)

    def edit(self, more: str = "", **keys: object) -> None:
        self._file.write_text(f"{self.server.conf(**keys)}\n{more}")

    def keys(self, database: int) -> int:
        """How many keys a database of the server has."""
        counted = self.server.ask(
            b"EVAL", b"redis.call('SELECT', ARGV[1]) return redis.call('DBSIZE')", b"0", b"%d" % database
        )
        return int(counted.removeprefix(b":"))

    def refused(self, text: str) -> Refused:
        with pytest.raises(LineError) as failure:
            run(self.session, text)
        assert isinstance(failure.value.error, Refused), failure.value.error
        return failure.value.error

    def _ask(self, question: str) -> str | None:
        self.asked.append(question)
        return self.answers.pop(0) if self.answers else None


@pytest.fixture
def workplace(tmp_path: Path, redis_server: RedisServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workplace]:
    """With a key in each of the databases 0 and 1."""
    folder = tmp_path / "work"
    folder.mkdir()
    monkeypatch.chdir(folder)
    monkeypatch.setenv("AIBASIC_CONFIG_DIR", str(tmp_path))
    redis_server.ask(b"FLUSHALL")
    for database in (b"0", b"1"):
        redis_server.ask(b"EVAL", b"redis.call('SELECT', ARGV[1]) return redis.call('SET', 'kept', 1)", b"0", database)
    opened = Workplace(tmp_path, redis_server)
    yield opened
    opened.session.close()


def test_a_question_names_the_server_that_the_line_will_use(workplace: Workplace) -> None:
    run(workplace.session, COUNT)
    workplace.edit(DB=1)
    workplace.refused(FLUSH)
    assert f":{workplace.server.port}/1" in workplace.asked[0]
    assert workplace.keys(1) == 1


def test_from_now_on_counts_for_the_server_it_was_given_for(workplace: Workplace) -> None:
    workplace.answers = ["from now on"]
    run(workplace.session, FLUSH)
    workplace.edit(DB=1)
    workplace.refused(FLUSH)
    assert (workplace.keys(0), workplace.keys(1)) == (0, 1)


def test_a_file_that_is_edited_before_the_answer_is_asked_about_again(
    workplace: Workplace, monkeypatch: pytest.MonkeyPatch
) -> None:
    workplace.answers = ["yes"]
    ask = workplace.session.ask

    def edits(question: str) -> str | None:
        workplace.edit(DB=1)
        return ask(question)

    monkeypatch.setattr(workplace.session, "ask", edits)
    workplace.refused(FLUSH)
    assert [question.split("\n")[0].rpartition("/")[2] for question in workplace.asked] == ["0", "1"]
    assert (workplace.keys(0), workplace.keys(1)) == (1, 1)


def test_from_now_on_for_reads_counts_for_the_server_it_was_given_for(workplace: Workplace) -> None:
    workplace.edit(DB=0, CONFIRM="always")
    workplace.answers = ["from now on"]
    run(workplace.session, COUNT)
    workplace.edit(DB=1, CONFIRM="always")
    error = workplace.refused(COUNT)
    assert "CONFIRM = never under [redis]" in error.remedy
    assert f"runs the code that is shown above on default@127.0.0.1:{workplace.server.port}/1" in workplace.asked[1]


def test_modules_says_of_what_was_edited_or_closed_that_it_will_be_made_anew(workplace: Workplace) -> None:
    run(workplace.session, COUNT)
    connected = run(workplace.session, "MODULES")[0].text
    workplace.edit(DB=1)
    edited = run(workplace.session, "MODULES")[0].text
    workplace.edit(DB=0)
    run(workplace.session, "redis_client.close()")
    closed = run(workplace.session, "MODULES")[0].text
    assert "anew" not in connected and "connects anew" in edited and edited == closed


@pytest.mark.parametrize("show", ["line", "nothing"])
def test_code_that_is_not_shown_stands_in_the_question_about_it(show: str, workplace: Workplace) -> None:
    workplace.edit(f"[aibasic]\nSHOW = {show}\nCONFIRM = always")
    workplace.refused(COUNT)
    (question,) = workplace.asked
    assert "shown above" not in question and "\n  │ result = redis_client.dbsize()\nrun it?" in question


def test_what_readonly_refuses_is_not_asked_about(workplace: Workplace) -> None:
    workplace.edit(DB=0, READONLY="true", CONFIRM="writes")
    with pytest.raises(LineError, match="READONLY = true"):
        run(workplace.session, FLUSH)
    assert workplace.asked == [] and workplace.keys(0) == 1


def test_a_wrong_confirm_of_one_service_leaves_the_others_alone(workplace: Workplace) -> None:
    workplace.edit("[redis:other]\nHOST = 127.0.0.1\nCONFIRM = allways", DB=0)
    run(workplace.session, COUNT)
    assert workplace.session.names["last_output"] == 1
    with pytest.raises(LineError, match=r"CONFIRM in \[redis:other\] is 'allways'"):
        run(workplace.session, f"(redis:other) {COUNT}")


@pytest.mark.parametrize("keys", [{"PRODUCTION": "true"}, {"CONFIRM": "always"}])
def test_from_now_on_ends_where_the_section_protects_more(keys: dict[str, str], workplace: Workplace) -> None:
    workplace.answers = ["from now on"]
    run(workplace.session, FLUSH)
    run(workplace.session, FLUSH)
    assert len(workplace.asked) == 1
    workplace.edit(DB=0, **keys)
    workplace.refused(FLUSH)
    assert len(workplace.asked) == 2
