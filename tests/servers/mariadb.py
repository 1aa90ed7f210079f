"""A throw-away MariaDB with TLS, which speaks MySQL's protocol: from the system's binaries, stopped by its pid."""

from __future__ import annotations

import os
import shutil
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
_STARTING = 30.0


def binaries() -> bool:
    """Whether the server and its client are installed."""
    return all(shutil.which(name) for name in ("mariadbd", "mariadb", "mariadb-install-db"))


@dataclass
class MariaDBServer:
    """`with MariaDBServer() as server`: user, password and database as named in this file, TLS for `localhost`."""

    port: int = field(default_factory=free_port)
    folder: Path = field(default_factory=lambda: Path(tempfile.mkdtemp(prefix="aibasic-my-")))
    host = "127.0.0.1"
    user, password, database = USER, PASSWORD, DATABASE
    _process: subprocess.Popen[bytes] | None = None
    _certificate = "server"

    def __enter__(self) -> MariaDBServer:
        try:
            self._create()
            self.start()
            self._accounts()
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
    def socket(self) -> Path:
        """Where it listens on this machine alone."""
        return self.folder / "my.sock"

    @property
    def log(self) -> str:
        """All that the server has logged."""
        return (self.folder / "error.log").read_text(errors="replace")

    def conf(self, **keys: object) -> str:
        """A `[mysql]` section for this server; keywords change or add KEYS, None leaves one out."""
        all_keys = {
            "HOST": self.host, "PORT": self.port, "DATABASE": self.database, "USER": self.user,
            "PASSWORD": f'"{self.password}"', **keys,
        }  # fmt: skip
        return "[mysql]\n" + "".join(f"{key} = {value}\n" for key, value in all_keys.items() if value is not None)

    def start(self) -> None:
        """Start and wait until it answers."""
        with (self.folder / "error.log").open("ab") as log:
            self._process = subprocess.Popen(
                [
                    "mariadbd", "--no-defaults", f"--datadir={self.folder / 'data'}", f"--port={self.port}",
                    f"--bind-address={self.host}", f"--socket={self.socket}", f"--pid-file={self.folder / 'pid'}",
                    f"--ssl-ca={self.folder / 'ca.crt'}", f"--ssl-cert={self.folder / f'{self._certificate}.crt'}",
                    f"--ssl-key={self.folder / f'{self._certificate}.key'}", "--innodb-flush-log-at-trx-commit=0",
                    "--innodb-buffer-pool-size=64M", "--skip-name-resolve", "--skip-log-bin", "--max-connections=60",
                    *(["--user=mysql"] if os.geteuid() == 0 else []),
                ],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=self.folder,
            )  # fmt: skip
        until = time.monotonic() + _STARTING
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > until:
                raise RuntimeError(f"MariaDB did not start: {self.log[-2000:]}")
            time.sleep(0.02)

    def stop(self) -> None:
        """Let it end."""
        process, self._process = self._process, None
        if process is not None:
            process.terminate()
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def restart(self) -> None:
        """End and start on the same port, with the same data."""
        self.stop()
        self.start()

    def kill(self) -> None:
        """SIGKILL, and wait until it is gone."""
        process, self._process = self._process, None
        assert process is not None
        process.kill()
        process.wait()

    @contextmanager
    def certified(self, name: str) -> Iterator[None]:
        """Show another certificate for the block."""
        self._certificate = name
        self.restart()
        try:
            yield
        finally:
            self._certificate = "server"
            self.restart()

    def sql(self, statement: str, database: str = "") -> str:
        """Run statements as root through the socket, apart from what is being tested; rows of tabs and newlines."""
        done = self._ask(statement, database)
        if done.returncode:
            raise RuntimeError(f"mariadb: {done.stderr}")
        return done.stdout

    def _answers(self) -> bool:
        return self._ask("SELECT 1", "").returncode == 0

    def _ask(self, statement: str, database: str) -> subprocess.CompletedProcess[str]:
        client = ["mariadb", "--no-defaults", "-u", "root", "-S", str(self.socket), "-N", "-B"]
        return subprocess.run(
            [*client, *([database] if database else [])],
            input=statement, capture_output=True, text=True, check=False,
        )  # fmt: skip

    def _create(self) -> None:
        self.folder.chmod(0o755)
        certificates.make(self.folder, self.user)
        data = self.folder / "data"
        as_user = []
        if os.geteuid() == 0:
            as_user = ["--user=mysql"]
            for path in (self.folder, *self.folder.iterdir()):
                shutil.chown(path, "mysql", "mysql")
        subprocess.run(
            [
                "mariadb-install-db", "--no-defaults", *as_user, f"--datadir={data}",
                "--auth-root-authentication-method=normal", "--skip-test-db",
            ],
            check=True, capture_output=True, stdin=subprocess.DEVNULL,
        )  # fmt: skip

    def _accounts(self) -> None:
        password = self.password.replace("'", "''")
        self.sql(f"""
            CREATE DATABASE {self.database} CHARACTER SET utf8mb4;
            CREATE USER '{self.user}'@'%' IDENTIFIED BY '{password}';
            CREATE USER 'certified'@'%' REQUIRE SUBJECT '/CN={self.user}';
            GRANT ALL ON {self.database}.* TO '{self.user}'@'%', 'certified'@'%';
            GRANT PROCESS ON *.* TO '{self.user}'@'%';
        """)
