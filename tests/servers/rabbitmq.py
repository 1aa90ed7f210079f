"""A throw-away RabbitMQ with TLS: started from the system's broker, stopped by its pid."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import json
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any
from urllib.parse import quote

import pika

from tests.servers import certificates
from tests.servers.ports import free_port

USER, PASSWORD = "svc", "s3cr#t %pass@word"
SCRIPT = Path("/usr/lib/rabbitmq/bin/rabbitmq-server")
PATIENCE = 60.0
"""Seconds until a broker that does not answer counts as failed; it takes five to eleven on a quiet machine."""


def installed() -> bool:
    """Whether a broker can be started here."""
    return SCRIPT.exists() and shutil.which("epmd") is not None


@dataclass
class RabbitMQServer:
    """`with RabbitMQServer() as server`: user and password as named in this file, TLS for `localhost`.

    A client's certificate logs in the user that it names, without a password.
    """

    port: int = field(default_factory=free_port)
    tls_port: int = field(default_factory=free_port)
    management_port: int = field(default_factory=free_port)
    folder: Path = field(default_factory=lambda: Path(tempfile.mkdtemp(prefix="aibasic-rmq-")))
    host = "127.0.0.1"
    user, password = USER, PASSWORD

    def __post_init__(self) -> None:
        self._broker: subprocess.Popen[bytes] | None = None
        self._names: subprocess.Popen[bytes] | None = None
        self._names_port, self._distribution_port = free_port(), free_port()

    def __enter__(self) -> RabbitMQServer:
        try:
            self._create()
            self._names = self._run("epmd", "-port", self._names_port, "-address", self.host)
            self.start()
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.kill()
        if self._names is not None:
            self._names.kill()
            self._names.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def ca(self) -> Path:
        """The certificate of the authority that signed the server's."""
        return self.folder / "ca.crt"

    @property
    def log(self) -> str:
        """All that the server has logged."""
        return "".join(path.read_text(errors="replace") for path in sorted((self.folder / "log").glob("*.log")))

    def conf(self, **keys: object) -> str:
        """A `[rabbitmq]` section for this server; keywords change or add KEYS, None leaves one out."""
        all_keys = {
            "HOST": self.host, "PORT": self.port, "USERNAME": self.user, "PASSWORD": f'"{self.password}"', **keys,
        }  # fmt: skip
        return "[rabbitmq]\n" + "".join(f"{key} = {value}\n" for key, value in all_keys.items() if value is not None)

    def tls_conf(self, **keys: object) -> str:
        """The same over TLS, with the server's certificate verified."""
        return self.conf(**{"PORT": self.tls_port, "USE_SSL": "true", "SSL_CA_CERT": self.ca, **keys})

    def start(self) -> None:
        """Start and wait until it answers in AMQP."""
        self._broker = self._run(str(SCRIPT))
        until = time.monotonic() + PATIENCE
        while not self._answers():
            if self._broker.poll() is not None or time.monotonic() > until:
                output = (self.folder / "output").read_text(errors="replace")
                raise RuntimeError(f"the broker did not start: {output[-1500:]}")
            time.sleep(0.05)

    def stop(self) -> None:
        """Stop in good order, telling all clients."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """SIGKILL, and wait until it is gone."""
        self._end(signal.SIGKILL)

    def restart(self) -> None:
        """Stop, ending all connections, and start; durable queues and persistent messages stay."""
        self.stop()
        self.start()

    def pid(self) -> int | None:
        """The broker's process, None where it does not run."""
        return self._broker.pid if self._broker is not None and self._broker.poll() is None else None

    @contextmanager
    def channel(self) -> Iterator[Any]:
        """A channel of the plain driver, apart from what is being tested."""
        credentials = pika.PlainCredentials(self.user, self.password)
        parameters = pika.ConnectionParameters(self.host, self.port, "/", credentials, heartbeat=0)
        with pika.BlockingConnection(parameters) as connection:
            yield connection.channel()

    def names(self, kind: str) -> list[str]:
        """The names of all `queues` or `exchanges`."""
        return [one["name"] for one in self._manage(f"{kind}/%2F")]

    def layout(self) -> Any:
        """All queues, exchanges and bindings with their properties."""
        return self._manage("definitions/%2F")

    def messages(self, queue: str) -> list[bytes]:
        """The bodies of all messages that wait in a queue, which stay there."""
        with self.channel() as channel:
            waiting = channel.queue_declare(queue, passive=True).method.message_count
            found: list[bytes] = []
            while len(found) < waiting:
                for _, _, body in channel.consume(queue, inactivity_timeout=5):
                    assert body is not None, f"{queue}: {len(found)} of {waiting} messages came"
                    found.append(body)
                    if len(found) == waiting:
                        break
        return found

    def consumers(self, queue: str) -> int:
        """How many consumers a queue has."""
        with self.channel() as channel:
            count: int = channel.queue_declare(queue, passive=True).method.consumer_count
            return count

    def channels(self) -> int:
        """How many channels the modules have open, as the broker publishes it, a few seconds late."""
        return len(self._manage("channels"))

    def connections(self) -> int:
        """How many clients are connected, as the kernel has it for the broker's ports."""
        ports = {f"{port:04X}" for port in (self.port, self.tls_port)}
        lines = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
        return sum(line[1].split(":")[1] in ports and line[3] == "01" for line in lines)

    def end_connections(self) -> None:
        """Have the broker end every connection, as it does with one that gives no sign of life."""
        until = time.monotonic() + PATIENCE
        while self.connections() and time.monotonic() < until:
            for one in self._manage("connections"):
                self._manage(f"connections/{quote(one['name'], safe='')}", "DELETE")

    def _manage(self, path: str, method: str = "GET") -> Any:
        url = f"http://{self.host}:{self.management_port}/api/{path}"
        token = base64.b64encode(f"{self.user}:{self.password}".encode()).decode()
        request = urllib.request.Request(url, method=method, headers={"Authorization": f"Basic {token}"})
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
                return json.loads(answer.read() or "null")
        except urllib.error.HTTPError as error:
            error.close()
            if (method, error.code) != ("DELETE", 404):  # it was gone already
                raise
        return None

    def _end(self, number: signal.Signals) -> None:
        if self._broker is not None:
            self._broker.send_signal(number)
            self._broker.wait(PATIENCE)
            self._broker = None

    def _answers(self) -> bool:
        """Whether it answers an AMQP header with the beginning of the first method's frame."""
        with contextlib.suppress(OSError), socket.create_connection((self.host, self.port), 1) as client:
            client.settimeout(5)
            client.sendall(b"AMQP\0\0\x09\x01")
            return client.recv(1) == b"\x01"
        return False

    def _create(self) -> None:
        certificates.make(self.folder, client=self.user)
        cookie = self.folder / ".erlang.cookie"
        cookie.write_text("AIBASICTESTS")
        cookie.chmod(0o400)
        (self.folder / "plugins").write_text("[rabbitmq_auth_mechanism_ssl,rabbitmq_management].")
        (self.folder / "definitions.json").write_text(json.dumps(_definitions()))
        (self.folder / "rabbitmq.conf").write_text(
            "".join(f"{name} = {value}\n" for name, value in self._settings().items())
        )

    def _settings(self) -> dict[str, object]:
        return {
            "listeners.tcp.1": f"{self.host}:{self.port}",
            "listeners.ssl.1": f"{self.host}:{self.tls_port}",
            "ssl_options.cacertfile": self.ca,
            "ssl_options.certfile": self.folder / "server.crt",
            "ssl_options.keyfile": self.folder / "server.key",
            "ssl_options.verify": "verify_peer",
            "ssl_options.fail_if_no_peer_cert": "false",
            "ssl_cert_login_from": "common_name",
            "auth_mechanisms.1": "PLAIN",
            "auth_mechanisms.2": "EXTERNAL",
            "management.tcp.ip": self.host,
            "management.tcp.port": self.management_port,
            "load_definitions": self.folder / "definitions.json",
            "collect_statistics_interval": 1000,
            "vm_memory_high_watermark.absolute": "1GB",
            "disk_free_limit.absolute": "50MB",
        }

    def _run(self, *command: object) -> subprocess.Popen[bytes]:
        environment = {
            "PATH": "/usr/sbin:/usr/bin:/sbin:/bin",
            "HOME": self.folder,
            "LC_ALL": "C.UTF-8",
            "RABBITMQ_ALLOW_INPUT": "1",  # the script becomes the broker, so that its pid is the broker's
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "-noinput",
            "RABBITMQ_NODENAME": f"aibasic{self.port}@localhost",
            "RABBITMQ_MNESIA_BASE": self.folder / "mnesia",
            "RABBITMQ_LOG_BASE": self.folder / "log",
            "RABBITMQ_SCHEMA_DIR": self.folder / "schema",
            "RABBITMQ_CONFIG_FILE": self.folder / "rabbitmq.conf",
            "RABBITMQ_ENABLED_PLUGINS_FILE": self.folder / "plugins",
            "RABBITMQ_PID_FILE": self.folder / "pid",
            "RABBITMQ_CONF_ENV_FILE": os.devnull,
            "RABBITMQ_DIST_PORT": self._distribution_port,
            "ERL_EPMD_PORT": self._names_port,
            "ERL_EPMD_ADDRESS": self.host,
        }
        with (self.folder / "output").open("ab") as output:
            return subprocess.Popen(
                [str(part) for part in command], cwd=self.folder, stdin=subprocess.DEVNULL, stdout=output,
                stderr=output, env={name: str(value) for name, value in environment.items()}, start_new_session=True,
            )  # fmt: skip


def _definitions() -> dict[str, object]:
    """The user and the virtual hosts that the broker has from the start."""
    salt = b"salt"
    digest = base64.b64encode(salt + hashlib.sha256(salt + PASSWORD.encode()).digest()).decode()
    hosts = ("/", "staging")
    everything = {"configure": ".*", "write": ".*", "read": ".*"}
    return {
        "users": [{
            "name": USER, "password_hash": digest, "hashing_algorithm": "rabbit_password_hashing_sha256",
            "tags": ["administrator"],
        }],
        "vhosts": [{"name": host} for host in (*hosts, "closed")],
        "permissions": [{"user": USER, "vhost": host, **everything} for host in hosts],
    }  # fmt: skip
