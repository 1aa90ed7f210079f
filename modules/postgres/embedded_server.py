"""The server of one folder: found, or started, with a new cluster where there is none. Callers hold `start.lock`."""

from __future__ import annotations

import fcntl
import os
import secrets
import shutil
import socket
import struct
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from aibasic.modules.postgres.embedded_binaries import Programs
from aibasic.modules.postgres.embedded_folder import Folder, try_lock, until

HOST = "127.0.0.1"
USER = "aibasic"
DATABASE = "aibasic"
OWNER = "postgres"
"""The superuser. It has no password, so nobody can log in as it."""

PATIENCE = 120.0
"""Seconds for a start, which may have to recover from a crash, or for another process's start or stop."""
LOG_LIMIT = 1_000_000
"""Bytes of log with which a server may still start; a longer one begins anew."""
PORTS = 5
"""Ports to try: another program may take a free one before the server does."""

# The file that says who may log in how: nobody but our user, from this machine, with its password.
_ACCESS = f"host all {USER} {HOST}/32 scram-sha-256\n"


def running_port(folder: Folder) -> int | None:
    """The port of the server if one runs; waits for one that starts or ends just now."""
    found: int | None = None

    def settled() -> bool:
        nonlocal found
        if not folder.is_taken("server"):
            return True
        running = folder.postmaster()
        if running and running.ready and _answers(running.port):
            found = running.port
        return found is not None

    if not until(settled, PATIENCE):
        raise RuntimeError(f"the embedded PostgreSQL runs but does not answer\n{_end_of(folder.log)}")
    return found


def _answers(port: int) -> bool:
    """Whether a PostgreSQL that takes connections and asks for a password is there."""
    names = b"user\0%b\0database\0%b\0\0" % (USER.encode(), DATABASE.encode())
    protocol_3 = 196608
    try:
        with socket.create_connection((HOST, port), timeout=5) as connection:
            connection.sendall(struct.pack("!ii", 8 + len(names), protocol_3) + names)
            return connection.recv(1024)[:1] == b"R"
    except OSError:
        return False


def start(ours: Programs, folder: Folder) -> int:
    """Start the server, with a new cluster where there is none, and return its port."""
    with open_log(folder) as log:
        with _server_lock(folder) as lock:
            if not folder.data.exists():
                _create(ours, folder, log, lock)
            elif not folder.has_password():
                _renew_password(ours, folder, log, lock)
        for port in _ports(folder):
            begin = log.seek(0, os.SEEK_END)
            with _server_lock(folder) as lock:
                # Nobody holds the lock, so the file is a crashed server's; its number may be another process's by now.
                folder.pid_file.unlink(missing_ok=True)
                detach(ours.command("postgres", *_settings(folder, port)), log, lock, **ours.as_account())
            if _came_up(folder):
                folder.port.write_text(str(port))
                return port
            if "could not bind" not in _end_of(folder.log, begin):
                break
    raise RuntimeError(f"the embedded PostgreSQL did not start\n{_end_of(folder.log, begin)}")


@contextmanager
def _server_lock(folder: Folder) -> Iterator[int]:
    """The server's lock, to be inherited. It is closed, not unlocked: whoever inherited it keeps it."""
    fd = folder.open_lock("server")
    try:
        if not until(lambda: try_lock(fd, fcntl.LOCK_EX), PATIENCE):
            raise RuntimeError(f"processes of a crashed PostgreSQL still work in {folder.path}")
        yield fd
    finally:
        os.close(fd)


def _came_up(folder: Folder) -> bool:
    """Wait until the server is ready (True) or has ended (False)."""
    ready = False

    def settled() -> bool:
        nonlocal ready
        running = folder.postmaster()
        ready = bool(running and running.ready and _answers(running.port))
        return ready or not folder.is_taken("server")

    until(settled, PATIENCE)
    return ready


def _settings(folder: Folder, port: int) -> Sequence[str]:
    settings = {"listen_addresses": HOST, "unix_socket_directories": "", "port": port}
    return ["-D", str(folder.data), *(word for key, value in settings.items() for word in ("-c", f"{key}={value}"))]


def _ports(folder: Folder) -> Iterator[int]:
    """Free ports, the one of last time first."""
    last = folder.last_port()
    if last and _is_free(last):
        yield last
    for _ in range(PORTS):
        with socket.socket() as probe:
            probe.bind((HOST, 0))
            port: int = probe.getsockname()[1]
        yield port


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        # As the server does it: connections of last time that are still winding down are no hindrance.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
        return True


def _create(ours: Programs, folder: Folder, log: IO[bytes], lock: int) -> None:
    """Make the cluster with our user and database. It gets its name last: a half-made one is never used."""
    new = folder.path / "data.new"
    shutil.rmtree(new, ignore_errors=True)
    new.mkdir(mode=0o700)
    ours.give(new)
    # Sorting and upper case by code point in every system, whatever locales it has.
    text = ["--encoding=UTF8", "--no-locale", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    initdb = ours.command("initdb", "-D", str(new), "-U", OWNER, "--auth=reject", *text)
    _run(folder, initdb, "", log, lock, **ours.as_account())
    password = secrets.token_urlsafe(24)
    sql = f"CREATE ROLE {USER} LOGIN CREATEDB PASSWORD '{password}';\nCREATE DATABASE {DATABASE} OWNER {USER};\n"
    _run_alone(ours, folder, new, sql, log, lock)
    (new / "pg_hba.conf").write_text(_ACCESS)
    folder.keep_password(password)
    new.rename(folder.data)


def _renew_password(ours: Programs, folder: Folder, log: IO[bytes], lock: int) -> None:
    """Give our user another password, where the file that has it is gone."""
    folder.pid_file.unlink(missing_ok=True)
    password = secrets.token_urlsafe(24)
    _run_alone(ours, folder, folder.data, f"ALTER ROLE {USER} PASSWORD '{password}';\n", log, lock)
    folder.keep_password(password)


def _run_alone(ours: Programs, folder: Folder, data: Path, sql: str, log: IO[bytes], lock: int) -> None:
    """Run statements as the superuser in a cluster that no server serves."""
    # A failing statement is not repeated in the log: it may have a password.
    strict = ["-c", "exit_on_error=on", "-c", "log_min_error_statement=panic"]
    alone = ours.command("postgres", "--single", *strict, "-D", str(data), OWNER)
    _run(folder, alone, sql, log, lock, **ours.as_account())


def _run(folder: Folder, command: list[str], text: str, log: IO[bytes], lock: int, **account: Any) -> None:
    """Run a program to its end, with the lock, so that it is known to be at work even when this process is killed."""
    begin = log.seek(0, os.SEEK_END)
    done = subprocess.run(
        command,
        input=text.encode(),
        stdout=log,
        stderr=log,
        cwd="/",
        env=_environment(),
        pass_fds=(lock,),
        start_new_session=True,
        check=False,
        **account,
    )
    if done.returncode:
        raise RuntimeError(f"the embedded PostgreSQL could not be set up\n{_end_of(folder.log, begin)}")


def detach(command: list[str], log: IO[bytes], lock: int, **account: Any) -> None:
    """Start a program that outlives this process and hears nothing of its terminal; it inherits the lock."""
    subprocess.run(
        ["/bin/sh", "-c", '"$@" &', "sh", *command],
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=log,
        cwd="/",
        env=_environment(),
        pass_fds=(lock,),
        start_new_session=True,
        check=True,
        **account,
    )


def _environment() -> dict[str, str]:
    # Nothing of the user's PG... and locale settings, which the server would follow.
    kept = {name: os.environ[name] for name in ("PATH", "TZ") if name in os.environ}
    return {"PATH": os.defpath, **kept, "LC_ALL": "C"}


def open_log(folder: Folder) -> IO[bytes]:
    """The log, to be written at its end."""
    long = folder.log.exists() and folder.log.stat().st_size > LOG_LIMIT and not folder.is_taken("server")
    how = os.O_WRONLY | os.O_CREAT | os.O_APPEND | (os.O_TRUNC if long else 0)
    return os.fdopen(os.open(folder.log, how, 0o600), "ab")


def _end_of(log: Path, begin: int = 0, lines: int = 12) -> str:
    """The last lines of a log, from the byte `begin` on."""
    with log.open("rb") as file:
        file.seek(begin)
        return "\n".join(file.read().decode(errors="replace").splitlines()[-lines:])
