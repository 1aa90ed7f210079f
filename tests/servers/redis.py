"""A throw-away Redis with TLS, a password and an ACL user: started from the system's binary, stopped by its pid."""

from __future__ import annotations

import shutil
import signal
import socket
import subprocess
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType

from tests.servers import certificates
from tests.servers.ports import free_port

PASSWORD, USER, USER_PASSWORD = "s3cr#t %pass@word", "svc", "0ther s3cret"


def binary() -> str | None:
    """The server's program, None where it is not installed."""
    return shutil.which("redis-server")


@dataclass
class RedisServer:
    """`with RedisServer() as server`: PASSWORD for everybody, USER with a password of its own; keeps nothing."""

    port: int = field(default_factory=free_port)
    tls_port: int = field(default_factory=free_port)
    strict_port: int = field(default_factory=free_port)
    """Where a TLS client's certificate is wanted: a server of its own, that needs no password."""
    folder: Path = field(default_factory=lambda: Path(tempfile.mkdtemp(prefix="aibasic-redis-")))
    host = "127.0.0.1"
    password = PASSWORD

    def __post_init__(self) -> None:
        self._running: list[subprocess.Popen[bytes]] = []

    def __enter__(self) -> RedisServer:
        try:
            certificates.make(self.folder, client=USER)
            self.start()
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def conf(self, **keys: object) -> str:
        """A `[redis]` section for this server; keywords change or add KEYS, None leaves one out."""
        all_keys = {"HOST": self.host, "PORT": self.port, "PASSWORD": f'"{self.password}"', **keys}
        return "[redis]\n" + "".join(f"{key} = {value}\n" for key, value in all_keys.items() if value is not None)

    def start(self) -> None:
        """Start and wait until it answers."""
        folder = self.folder
        tls = [
            *("--tls-cert-file", folder / "server.crt", "--tls-key-file", folder / "server.key"),
            *("--tls-ca-cert-file", folder / "ca.crt"),
        ]
        self._run(
            "--port", self.port, "--tls-port", self.tls_port, *tls, "--tls-auth-clients", "optional",
            "--requirepass", self.password,
        )  # fmt: skip
        self._run("--port", 0, "--tls-port", self.strict_port, *tls, "--tls-auth-clients", "yes")
        self.ask(b"ACL", b"SETUSER", USER.encode(), b"on", b">" + USER_PASSWORD.encode(), b"~*", b"&*", b"+@all")

    def stop(self) -> None:
        """Stop, ending all connections."""
        for process in self._running:
            process.terminate()
        for process in self._running:
            process.wait(10)
        self._running = []

    def kill(self) -> None:
        """SIGKILL, and wait until it is gone."""
        for process in self._running:
            process.send_signal(signal.SIGKILL)
            process.wait(10)
        self._running = []

    def restart(self) -> None:
        """Stop, ending all connections, and start."""
        self.stop()
        self.start()

    def ask(self, *words: bytes) -> bytes:
        """What the server answers to a command, as it is on the wire; asked apart from what is being tested."""
        with socket.create_connection((self.host, self.port), timeout=10) as connection:
            connection.sendall(_packed(b"AUTH", self.password.encode()) + _packed(*words) + _packed(b"QUIT"))
            answer = b"".join(iter(lambda: connection.recv(1 << 16), b""))
        return answer.removeprefix(b"+OK\r\n").removesuffix(b"+OK\r\n")

    def _run(self, *arguments: object) -> None:
        port = max(int(str(arguments[1])), int(str(arguments[3])) if arguments[1] == 0 else 0)
        log = (self.folder / "server.log").open("ab")
        command = ["redis-server", *arguments, "--bind", self.host, "--save", "", "--dir", self.folder]
        self._running.append(
            subprocess.Popen([*map(str, command)], stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=self.folder)
        )
        log.close()
        until = time.monotonic() + 10
        while not _listens(self.host, port):
            if self._running[-1].poll() is not None or time.monotonic() > until:
                raise RuntimeError(f"redis-server did not start: {(self.folder / 'server.log').read_text()[-1000:]}")
            time.sleep(0.01)


def _packed(*words: bytes) -> bytes:
    return b"*%d\r\n" % len(words) + b"".join(b"$%d\r\n%b\r\n" % (len(word), word) for word in words)


def _listens(host: str, port: int) -> bool:
    try:
        with socket.create_connection((host, port), timeout=5):
            return True
    except OSError:
        return False
