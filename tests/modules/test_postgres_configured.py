"""How `[postgres]` may point to a server, what is said where it does not, and that no password is seen anywhere."""

from __future__ import annotations

import logging
import pickle
import traceback
from pathlib import Path
from urllib.parse import quote

import psycopg2
import pytest
from aibasic.modules import PostgresModule
from aibasic.modules.postgres.target import Target
from aibasic.modules.secret import Secret
from aibasic.modules.settings import read
from hypothesis import given
from hypothesis import strategies as st

from tests.modules.conftest import Connect
from tests.servers.postgres import PASSWORD, PostgresServer

NOTHING = {"HOST": None, "PORT": None, "DATABASE": None, "USER": None, "PASSWORD": None}


def arguments(**written: str) -> dict[str, object]:
    return Target(read("postgres", written, PostgresModule.settings, "aibasic.conf")).arguments()


def test_a_url_with_any_password_escaped_or_not(connect: Connect, postgres_server: PostgresServer) -> None:
    place = f"{postgres_server.host}:{postgres_server.port}/{postgres_server.database}"
    for password in (PASSWORD, quote(PASSWORD, safe="")):
        pg = connect(**{**NOTHING, "URL": f'"postgresql://svc:{password}@{place}?application_name=mine"'})
        assert pg.execute_query("SELECT current_setting('application_name')") == [("mine",)]


@given(st.text(min_size=1).filter(lambda text: "\0" not in text))
def test_every_escaped_password_survives_in_a_url(password: str) -> None:
    try:
        escaped = quote(password, safe="")
    except UnicodeEncodeError:
        return
    found = arguments(URL=f"postgresql://me:{escaped}@db.example:6000/shop?sslmode=require")
    assert found["password"] == Secret(password)
    assert (found["user"], found["host"], found["port"], found["dbname"], found["sslmode"]) == (
        "me", "db.example", "6000", "shop", "require",
    )  # fmt: skip


@given(st.text())
def test_no_text_as_url_is_shown_by_the_error(text: str) -> None:
    try:
        arguments(URL="postgresq://hunter2" + text)
    except ValueError as error:
        assert "hunter2" not in str(error)
        assert "[postgres] URL is not of the form" in str(error)


def test_a_service_file_and_pgpass_serve_as_libpq_has_them(
    connect: Connect, postgres_server: PostgresServer, clean_environment: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = postgres_server
    service = clean_environment / "services"
    service.write_text(
        f"[shop]\nhost={server.host}\nport={server.port}\ndbname={server.database}\nuser={server.user}\n"
    )
    password = clean_environment / "pgpass"
    password.write_text(f"*:*:*:*:{server.password}\n")
    password.chmod(0o600)
    monkeypatch.setenv("PGSERVICEFILE", str(service))
    monkeypatch.setenv("PGPASSFILE", str(password))
    assert connect(**{**NOTHING, "SERVICE": "shop"}).get_connection_info()["database"] == server.database


@pytest.mark.parametrize(
    "keys",
    [
        {"SERVICE": "shop", "HOST": "127.0.0.1"},
        {"SERVICE": "shop", "PORT": 5432},
        {"URL": "postgresql://127.0.0.1/shop?service=shop"},
        {"URL": "postgresql:///shop?service=shop&hostaddr=127.0.0.1"},
    ],
)
def test_the_password_of_a_service_goes_to_no_other_server(connect: Connect, keys: dict[str, object]) -> None:
    with pytest.raises(RuntimeError, match=r"\[postgres\] has a SERVICE, which says where the server is"):
        connect(**{**NOTHING, **keys})


def test_the_connection_info_has_no_secrets(pg: PostgresModule, postgres_server: PostgresServer) -> None:
    info = pg.get_connection_info()
    assert {name: info[name] for name in ("host", "port", "database", "user", "tls", "section")} == {
        "host": "127.0.0.1", "port": postgres_server.port, "database": "shop", "user": "svc", "tls": True,
        "section": "postgres",
    }  # fmt: skip
    assert PASSWORD not in repr(info)


def test_tls_is_verified_where_asked_for(connect: Connect, postgres_server: PostgresServer, tmp_path: Path) -> None:
    ca = postgres_server.ca
    for host in ("localhost", "127.0.0.1"):
        assert connect(HOST=host, SSLMODE="verify-full", SSL_CA_CERT=ca).get_connection_info()["tls"] is True
    assert connect(SSLMODE="disable").get_connection_info()["tls"] is False
    other = tmp_path / "other.crt"
    other.write_text((ca.parent / "client.crt").read_text())
    with pytest.raises(RuntimeError, match=r"certificate verify failed(.|\n)*not signed by SSL_CA_CERT"):
        connect(SSLMODE="verify-ca", SSL_CA_CERT=other)
    with pytest.raises(ValueError, match="SSLMODE = sometimes: expected one of disable, allow"):
        connect(SSLMODE="sometimes")


def test_a_client_certificate_is_presented(connect: Connect, postgres_server: PostgresServer, tmp_path: Path) -> None:
    files = {name: tmp_path / name for name in ("client.crt", "client.key")}
    for name, file in files.items():
        file.write_bytes((postgres_server.folder / name).read_bytes())
        file.chmod(0o600)
    pg = connect(SSLMODE="require", SSL_CLIENT_CERT=files["client.crt"], SSL_CLIENT_KEY=files["client.key"])
    query = "SELECT client_dn FROM pg_stat_ssl WHERE pid = pg_backend_pid()"
    assert pg.execute_query(query) == [(f"/CN={postgres_server.user}",)]


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        (
            {"PASSWORD": "wrong-hunter2"},
            'password authentication failed for user "svc"(.|\n)*is USER right, and PASSWORD',
        ),
        ({"DATABASE": "nowhere"}, 'database "nowhere" does not exist(.|\n)*is DATABASE right'),
        ({"HOST": "no.such.host.invalid"}, "could not translate host name(.|\n)*is HOST right"),
        ({"PORT": 1}, "Connection refused(.|\n)*does it run"),
        ({"PASSWORD": None}, "no password supplied(.|\n)*set PASSWORD"),
    ],
)
def test_a_failure_to_connect_says_why_and_shows_no_password(
    keys: dict[str, object], message: str, connect: Connect
) -> None:
    with pytest.raises(RuntimeError, match="Failed to create PostgreSQL connection pool: (.|\n)*" + message) as caught:
        connect(**keys)
    error: BaseException | None = caught.value
    shown = "".join(traceback.format_exception(caught.value)) + repr(error)
    trace = caught.value.__traceback__
    while trace:
        if trace.tb_frame.f_globals["__name__"].startswith("aibasic"):
            shown += repr(trace.tb_frame.f_locals)
        trace = trace.tb_next
    assert "hunter2" not in shown
    assert PASSWORD not in shown
    assert b"hunter2" not in pickle.dumps(error)
    assert (error.__context__, error.__cause__) == (None, None)


def test_nothing_that_can_be_printed_holds_the_password(pg: PostgresModule, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    conn = pg.get_connection()
    with pytest.raises(psycopg2.Error) as caught:
        pg.execute_query("SELECT * FROM nowhere")
    parts = [vars(pg), *map(vars, (pg._target, pg._pool, pg._session))]
    shown = [repr(pg), *map(repr, parts), repr(vars(pg._target._settings)), conn.dsn, repr(conn), caplog.text]
    shown += [str(pickle.dumps(caught.value)), repr(pg.get_pool_status())]
    pg.release_connection(conn)
    assert all(PASSWORD not in text and "s3cr" not in text for text in shown)


def test_missing_section_file_and_host_are_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(KeyError, match=r"Missing \[postgres\] section in aibasic.conf: no such file"):
        PostgresModule.from_config()
    (tmp_path / "aibasic.conf").write_text("[redis]\n")
    with pytest.raises(KeyError) as caught:
        PostgresModule.from_config()
    assert str(caught.value) == "'Missing [postgres] section in aibasic.conf'"
    with pytest.raises(KeyError, match=r"Missing \[postgres:warehouse\] section"):
        PostgresModule.from_config("aibasic.conf", name="warehouse")
    (tmp_path / "aibasic.conf").write_text("[postgres]\nUSER = me\n")
    with pytest.raises(KeyError, match=r"\[postgres\] has no HOST: add `HOST = localhost`, or `HOST = embedded`"):
        PostgresModule.from_config()


def test_a_named_section_is_an_instance_of_its_own(
    postgres_server: PostgresServer, tmp_path: Path, pg: PostgresModule
) -> None:
    file = tmp_path / "aibasic.conf"
    file.write_text(file.read_text() + postgres_server.conf().replace("[postgres]", "[postgres:warehouse]"))
    other = PostgresModule.from_config(str(file), name="warehouse")
    assert (other is pg, other.section, PostgresModule.from_config(str(file)) is pg) == (
        False,
        "postgres:warehouse",
        True,
    )
    other.close()
