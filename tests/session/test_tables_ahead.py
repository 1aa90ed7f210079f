"""Tables of the server that comes along are offered before a line has used it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psycopg2
import pytest
from aibasic.modules.postgres.embedded import lease, status
from aibasic.modules.postgres.embedded_folder import Folder, until

from aibasic_kernel.session.completion.completion import complete
from aibasic_kernel.session.session import Session
from aibasic_kernel.testing.waiting import eventually


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A data folder whose embedded server has the table `gnomes`."""
    folder = tmp_path_factory.mktemp("data")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AIBASIC_DATA_DIR", str(folder))
        with closing(lease()) as held:
            running = status()
            account = {"user": held.user, "password": held.password.reveal(), "dbname": held.database}
            with closing(psycopg2.connect(host=held.host, port=held.port, **account)) as connection:
                connection.autocommit = True
                connection.cursor().execute("CREATE TABLE gnomes (id int, beard text)")
            yield folder
    assert running
    server = Folder(Path(running["folder"]))
    assert until(lambda: not server.is_taken("watch"), 60)


@pytest.fixture
def session(data_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Session]:
    monkeypatch.setenv("AIBASIC_DATA_DIR", str(data_dir))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "aibasic.conf").write_text("[postgres]\nHOST = embedded\n")
    with closing(Session({})) as opened:
        yield opened
        made = opened.services["postgres"].made()
        if made is not None:
            made.close()


def offered(session: Session, text: str) -> list[str]:
    return [offer.text for offer in complete(session, text, len(text)).offers]


@pytest.mark.parametrize("text", ["(postgres) query all ", "query all "])
def test_the_second_key_press_knows_them(text: str, session: Session) -> None:
    assert "gnomes" not in offered(session, text)
    assert eventually(lambda: "gnomes" in offered(session, text))
    assert "beard" in offered(session, "(postgres) query all gnomes where ")
    assert "pg" not in session.names


def test_a_line_about_something_else_starts_no_server(session: Session) -> None:
    offered(session, "(df) sort ")
    offered(session, "print(le")
    assert session.services._learnt == set()
