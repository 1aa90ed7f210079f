"""A throw-away PostgreSQL with TLS: started from the system's binaries, stopped by its pid."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType

from tests.servers import certificates
from tests.servers.ports import free_port

USER, PASSWORD, DATABASE = "svc", "s3cr#t %pass@word", "shop"


def binaries() -> Path | None:
    """The folder of the newest installed server, None without any."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda path: float(path.parts[-3]))
    if found:
        return found[-1].parent
    on_path = shutil.which("postgres")
    return Path(on_path).resolve().parent if on_path else None


@dataclass
class PostgresServer:
    """`with PostgresServer() as server`: user, password and database as named in this file, TLS for `localhost`."""

    max_connections: int = 40
    port: int = field(default_factory=free_port)
    folder: Path = field(default_factory=lambda: Path(tempfile.mkdtemp(prefix="aibasic-pg-")))
    host = "127.0.0.1"
    user, password, database = USER, PASSWORD, DATABASE

    def __enter__(self) -> PostgresServer:
        try:
            self._create()
            self.start()
            self.sql("postgres", f"CREATE DATABASE {self.database}")
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def ca(self) -> Path:
        """The certificate of the authority that signed the server's."""
        return self.folder / "ca.crt"

    @property
    def log(self) -> str:
        """All that the server has logged, each statement among it."""
        return (self.folder / "server.log").read_text(errors="replace")

    def conf(self, **keys: object) -> str:
        """A `[postgres]` section for this server; keywords change or add KEYS, None leaves one out."""
        all_keys = {
            "HOST": self.host, "PORT": self.port, "DATABASE": self.database, "USER": self.user,
            "PASSWORD": f'"{self.password}"', **keys,
        }  # fmt: skip
        return "[postgres]\n" + "".join(f"{key} = {value}\n" for key, value in all_keys.items() if value is not None)

    def start(self) -> None:
        """Start and wait until it answers."""
        self._run(
            "pg_ctl", "-D", self.folder / "data", "-w", "-t", "30", "-l", self.folder / "server.log",
            "-o", f"-p {self.port} -k {self.folder}", "start",
        )  # fmt: skip

    def stop(self) -> None:
        """Stop, ending all sessions."""
        if self.pid() is not None:
            self._run("pg_ctl", "-D", self.folder / "data", "-w", "-m", "immediate", "stop")

    def restart(self) -> None:
        """Stop, ending all sessions, and start."""
        self._run("pg_ctl", "-D", self.folder / "data", "-w", "-m", "fast", "stop")
        self.start()

    def kill(self) -> None:
        """SIGKILL to the server and to each of its processes, and wait until all are gone."""
        parent = self.pid()
        assert parent is not None
        family = [parent, *_children(parent)]
        for pid in family:
            _signal(pid, signal.SIGKILL)
        until = time.monotonic() + 10
        while any(_running(pid) for pid in family) and time.monotonic() < until:
            time.sleep(0.01)
        # Where nobody reaps the dead process, its successor would take it for a living one.
        for lock in (self.folder / "data" / "postmaster.pid", self.folder / f".s.PGSQL.{self.port}.lock"):
            lock.unlink(missing_ok=True)

    @contextmanager
    def certified(self, name: str) -> Iterator[None]:
        """Let the server show another certificate while the block runs."""
        right = {file: file.read_bytes() for file in (self.folder / "server.crt", self.folder / "server.key")}
        try:
            for file in right:
                file.write_bytes((self.folder / f"{name}{file.suffix}").read_bytes())
            self.sql("postgres", "SELECT pg_reload_conf()")
            yield
        finally:
            for file, content in right.items():
                file.write_bytes(content)
            self.sql("postgres", "SELECT pg_reload_conf()")

    def pid(self) -> int | None:
        """The server's process, None where it does not run."""
        file = self.folder / "data" / "postmaster.pid"
        if not file.exists():
            return None
        pid = int(file.read_text().splitlines()[0])
        return pid if _running(pid) else None

    def sql(self, database: str, statement: str) -> str:
        """Run a statement with psql, apart from what is being tested; the plain output."""
        return self._run(
            "psql", "-X", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-h", self.folder, "-p", str(self.port),
            "-U", self.user, "-d", database, "-c", statement, PGPASSWORD=self.password,
        )  # fmt: skip

    def _create(self) -> None:
        self.folder.chmod(0o755)
        secret = self.folder / "password"
        secret.write_text(self.password)
        certificates.make(self.folder, client=self.user)
        if os.geteuid() == 0:
            for path in (self.folder, *self.folder.iterdir()):
                shutil.chown(path, "postgres", "postgres")
        self._run(
            "initdb", "-D", self.folder / "data", "-U", self.user, f"--pwfile={secret}", "-A", "scram-sha-256",
            "--no-sync", "-E", "UTF8", "--locale=C.UTF-8",
        )  # fmt: skip
        settings = {
            "listen_addresses": self.host, "fsync": "off", "max_connections": self.max_connections,
            "shared_buffers": "32MB", "log_statement": "all", "log_line_prefix": "%a|", "ssl": "on",
            "ssl_cert_file": self.folder / "server.crt", "ssl_key_file": self.folder / "server.key",
            "ssl_ca_file": self.folder / "ca.crt", "timezone": "UTC",
        }  # fmt: skip
        with (self.folder / "data" / "postgresql.conf").open("a") as file:
            file.writelines(f"{name} = '{value}'\n" for name, value in settings.items())

    def _run(self, program: str, *arguments: object, **environment: str) -> str:
        folder = binaries()
        assert folder is not None
        command = [str(folder / program), *map(str, arguments)]
        if os.geteuid() == 0:
            command = ["runuser", "-u", "postgres", "--", *command]
        # A server keeps what it inherits: pipes would never close, hence files.
        with tempfile.TemporaryFile() as output:
            done = subprocess.run(
                command, cwd=self.folder, stdin=subprocess.DEVNULL, stdout=output, stderr=output,
                env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C.UTF-8", **environment}, check=False,
            )  # fmt: skip
            output.seek(0)
            text = output.read().decode(errors="replace")
        if done.returncode:
            log = self.log[-1000:] if program == "pg_ctl" else ""
            raise RuntimeError(f"{program} ended with status {done.returncode}: {text}{log}")
        return text


def _children(parent: int) -> list[int]:
    return [int(pid) for pid in Path(f"/proc/{parent}/task/{parent}/children").read_text().split()]


def _running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def _signal(pid: int, number: int) -> None:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return
