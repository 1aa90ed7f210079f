"""A throw-away Apache Kafka in KRaft mode from its jars, with every security variant, stopped by its pid."""

from __future__ import annotations

import importlib
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType

from tests.servers import certificates
from tests.servers.kerberos import REALM, Kerberos
from tests.servers.ports import free_port

POM = Path(__file__).parent / "kafka_broker" / "pom.xml"
CACHE = Path("~/.cache/aibasic-tests/kafka").expanduser()
USER, PASSWORD = "svc", "s3cr#t %pass@word"
PROTOCOLS = ("PLAINTEXT", "SASL_PLAINTEXT", "SSL", "SASL_SSL")
_LISTENERS = (*PROTOCOLS, "EXPIRED", "PROXIED", "CONTROLLER")
_STARTING = 60.0
_ESTABLISHED = "01"


def tools() -> bool:
    """Whether this machine can fetch and run a broker."""
    return all(shutil.which(tool) for tool in ("java", "mvn", "openssl"))


@dataclass
class KafkaServer:
    """`with KafkaServer(realm) as server`: a listener for each protocol, one with an expired certificate, and one that
    tells clients to come through `proxy_port`."""

    realm: Kerberos
    idle_seconds: float = 4.0
    """The broker closes connections that were silent for so long."""
    folder: Path = field(default_factory=lambda: Path(tempfile.mkdtemp(prefix="aibasic-kafka-")))
    ports: Mapping[str, int] = field(default_factory=lambda: {name: free_port() for name in _LISTENERS})
    proxy_port: int = field(default_factory=free_port)
    host = "localhost"
    user, password = USER, PASSWORD
    _process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> KafkaServer:
        try:
            _import_driver()
            _jars()
            self._configure()
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

    def certificate(self, name: str) -> Path:
        """A file of `certificates.make`: `ca.crt`, `client.key`, `other_ca.crt`."""
        return self.folder / name

    def address(self, listener: str = "PLAINTEXT") -> str:
        """`localhost:PORT` of a listener."""
        return f"{self.host}:{self.ports[listener]}"

    def clients(self) -> frozenset[int]:
        """The ports from which clients are connected, but for those at the plain listener, which are the tests' own."""
        ports = {port for name, port in self.ports.items() if name not in ("PLAINTEXT", "CONTROLLER")}
        lines = Path("/proc/net/tcp").read_text().splitlines()[1:] + Path("/proc/net/tcp6").read_text().splitlines()[1:]
        ends = [(line.split()[1], line.split()[2]) for line in lines if line.split()[3] == _ESTABLISHED]
        return frozenset(_port(theirs) for ours, theirs in ends if _port(ours) in ports)

    def conf(self, protocol: str = "PLAINTEXT", mechanism: str = "PLAIN", **keys: object) -> str:
        """A `[kafka]` section for this broker; keywords change or add KEYS, None leaves one out."""
        all_keys: dict[str, object] = {
            "BOOTSTRAP_SERVERS": self.address(protocol),
            "SECURITY_PROTOCOL": f"{protocol}  # PLAINTEXT, SASL_PLAINTEXT, ...",
        }
        if protocol.startswith("SASL"):
            all_keys["SASL_MECHANISM"] = mechanism
            if mechanism != "GSSAPI":
                all_keys |= {"SASL_USERNAME": self.user, "SASL_PASSWORD": f'"{self.password}"'}
        if protocol.endswith("SSL"):
            all_keys["SSL_CA_CERT"] = self.certificate("ca.crt")
        all_keys |= keys
        return "[kafka]\n" + "".join(f"{key} = {value}\n" for key, value in all_keys.items() if value is not None)

    def start(self) -> None:
        """Start and wait until it accepts connections."""
        with (self.folder / "output.log").open("ab") as output:
            self._process = subprocess.Popen(
                [*self._java(), "kafka.Kafka", str(self._properties)], stdin=subprocess.DEVNULL, stdout=output,
                stderr=output,
            )  # fmt: skip
        until = time.monotonic() + _STARTING
        while not all(_accepts(port) for port in self.ports.values()):
            if self._process.poll() is not None or time.monotonic() > until:
                raise RuntimeError(f"Kafka did not start: {self.log[-2000:]}")
            time.sleep(0.05)

    def stop(self) -> None:
        """Let it end."""
        self._end(signal.SIGTERM)

    def restart(self) -> None:
        """End and start on the same ports, with the same data."""
        self.stop()
        self.start()

    def kill(self) -> None:
        """SIGKILL, and wait until it is gone."""
        self._end(signal.SIGKILL)

    def pause(self) -> None:
        """Freeze it: it accepts connections and never answers, until `resume`."""
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)

    def resume(self) -> None:
        """Let it go on."""
        assert self._process is not None
        self._process.send_signal(signal.SIGCONT)

    @property
    def log(self) -> str:
        """All that the broker has logged."""
        files = (self.folder / name for name in ("output.log", "server.log"))
        return "".join(file.read_text(errors="replace") for file in files if file.exists())

    @property
    def _properties(self) -> Path:
        return self.folder / "server.properties"

    def _end(self, number: signal.Signals) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.send_signal(number)
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def _configure(self) -> None:
        certificates.make(self.folder, client=self.user)
        for name in ("server", "expired"):
            pem = (self.folder / f"{name}.key").read_text() + (self.folder / f"{name}.crt").read_text()
            (self.folder / f"{name}.pem").write_text(pem)
        self._properties.write_text("".join(f"{key}={value}\n" for key, value in self._settings()))
        (self.folder / "log4j2.properties").write_text(
            "status=error\nappender.f.type=File\nappender.f.name=F\n"
            f"appender.f.fileName={self.folder}/server.log\nappender.f.layout.type=PatternLayout\n"
            "appender.f.layout.pattern=[%d] %p %m (%c)%n\nrootLogger.level=WARN\nrootLogger.appenderRef.f.ref=F\n"
        )
        scram = [
            word
            for mechanism in ("SCRAM-SHA-256", "SCRAM-SHA-512")
            for word in ("--add-scram", f'{mechanism}=[name={self.user},password="{self.password}"]')
        ]
        done = subprocess.run(
            [*self._java(), "kafka.tools.StorageTool", "format", "--standalone", "-t", "MkU3OEVBNTcwNTJENDM2Qk", "-c",
             str(self._properties), *scram],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        if done.returncode:
            raise RuntimeError(f"Kafka's storage was not made: {done.stdout}{done.stderr}")

    def _settings(self) -> Iterator[tuple[str, object]]:
        def places(advertised: bool) -> str:
            ports = {**self.ports, **({"PROXIED": self.proxy_port} if advertised else {})}
            names = [name for name in ports if not (advertised and name == "CONTROLLER")]
            return ",".join(f"{name}://{self.host}:{ports[name]}" for name in names)

        yield from {
            "process.roles": "broker,controller", "node.id": 1, "controller.listener.names": "CONTROLLER",
            "controller.quorum.bootstrap.servers": self.address("CONTROLLER"),
            "listeners": places(advertised=False), "advertised.listeners": places(advertised=True),
            "listener.security.protocol.map": ",".join(f"{name}:{_PROTOCOL.get(name, name)}" for name in _LISTENERS),
            "inter.broker.listener.name": "PLAINTEXT", "log.dirs": self.folder / "data",
            "sasl.enabled.mechanisms": "PLAIN,SCRAM-SHA-256,SCRAM-SHA-512,GSSAPI",
            "sasl.kerberos.service.name": "kafka", "ssl.keystore.type": "PEM", "ssl.truststore.type": "PEM",
            "ssl.keystore.location": self.folder / "server.pem", "ssl.truststore.location": self.folder / "ca.crt",
            "listener.name.expired.ssl.keystore.location": self.folder / "expired.pem",
            "listener.name.ssl.ssl.client.auth": "requested",
            "connections.max.idle.ms": round(self.idle_seconds * 1000),
            "connection.failed.authentication.delay.ms": 0,
        }.items()  # fmt: skip
        yield from _SMALL_AND_QUICK.items()
        for listener in ("sasl_plaintext", "sasl_ssl"):
            for mechanism, login in self._logins().items():
                yield f"listener.name.{listener}.{mechanism}.sasl.jaas.config", f"{login};"

    def _logins(self) -> dict[str, str]:
        common = "org.apache.kafka.common.security"
        scram = f"{common}.scram.ScramLoginModule required"
        keytab = self.realm.keytab("kafka/localhost")
        return {
            "plain": f'{common}.plain.PlainLoginModule required user_{self.user}="{self.password}"',
            "scram-sha-256": scram,
            "scram-sha-512": scram,
            "gssapi": "com.sun.security.auth.module.Krb5LoginModule required useKeyTab=true storeKey=true "
            f'doNotPrompt=true keyTab="{keytab}" principal="kafka/localhost@{REALM}"',
        }

    def _java(self) -> list[str]:
        return [
            "java", "-Xms64m", "-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Djava.awt.headless=true",
            f"-Djava.security.krb5.conf={self.realm.config}",
            f"-Dlog4j2.configurationFile={self.folder}/log4j2.properties", "-cp", f"{CACHE}/jars/*",
        ]  # fmt: skip


_PROTOCOL = {"EXPIRED": "SSL", "PROXIED": "PLAINTEXT", "CONTROLLER": "PLAINTEXT"}
_SMALL_AND_QUICK = {
    "num.partitions": 1, "default.replication.factor": 1, "min.insync.replicas": 1,
    "offsets.topic.num.partitions": 1, "offsets.topic.replication.factor": 1,
    "transaction.state.log.num.partitions": 1, "transaction.state.log.replication.factor": 1,
    "transaction.state.log.min.isr": 1, "share.coordinator.state.topic.num.partitions": 1,
    "share.coordinator.state.topic.replication.factor": 1, "share.coordinator.state.topic.min.isr": 1,
    "group.initial.rebalance.delay.ms": 0, "group.min.session.timeout.ms": 1000, "num.network.threads": 2,
    "num.io.threads": 2, "num.recovery.threads.per.data.dir": 1, "log.cleaner.enable": "false",
    "log.cleaner.dedupe.buffer.size": 2097152, "broker.session.timeout.ms": 1000, "broker.heartbeat.interval.ms": 200,
    "controller.quorum.election.timeout.ms": 200, "controller.quorum.election.backoff.max.ms": 200,
    "initial.broker.registration.timeout.ms": 20000, "log.initial.task.delay.ms": 1000,
}  # fmt: skip


def _port(address: str) -> int:
    return int(address.rpartition(":")[2], 16)


def _accepts(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1):
            return True
    except OSError:
        return False


def _import_driver() -> None:
    """The driver's own deprecations are no business of the tests."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        importlib.import_module("kafka")


def _jars() -> None:
    """The broker's jars, fetched once for this machine and each state of the pom."""
    stamp = CACHE / "made-from"
    if stamp.exists() and stamp.read_text() == POM.read_text():
        return
    shutil.rmtree(CACHE, ignore_errors=True)
    CACHE.mkdir(parents=True)
    done = subprocess.run(
        ["mvn", "-q", "-B", "-f", str(POM), "dependency:copy-dependencies", f"-DoutputDirectory={CACHE}/jars",
         "-DincludeScope=runtime"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(f"mvn could not fetch Kafka: {done.stdout[-2000:]}{done.stderr[-500:]}")
    stamp.write_text(POM.read_text())
