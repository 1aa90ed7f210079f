"""A throw-away OpenSearch: a real node from its jars, with the security plugin where asked for, stopped by its pid."""

from __future__ import annotations

import base64
import json
import os
import shutil
import signal
import ssl
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import IO, Any

from tests.servers import certificates
from tests.servers.ports import free_port

NODE = Path(__file__).parent / "opensearch_node"
CACHE = Path("~/.cache/aibasic-tests/opensearch").expanduser()
USER, PASSWORD = "admin", "s3cr#t %pass@word"
_PLUGINS = (
    "org.opensearch.analysis.common.CommonAnalysisPlugin",
    "org.opensearch.ingest.common.IngestCommonPlugin",
    "org.opensearch.script.mustache.MustachePlugin",
    "org.opensearch.index.mapper.MapperExtrasPlugin",
    "org.opensearch.index.reindex.ReindexPlugin",
    "org.opensearch.join.ParentJoinPlugin",
    "org.opensearch.painless.PainlessPlugin",
    "org.opensearch.script.expression.ExpressionPlugin",
    "org.opensearch.search.aggregations.matrix.MatrixAggregationPlugin",
    "org.opensearch.transport.Netty4Plugin",
)
_SECURITY = "org.opensearch.security.OpenSearchSecurityPlugin"
_STARTING = 100.0


def tools() -> bool:
    """Whether this machine can make and run a node."""
    return all(shutil.which(tool) for tool in ("java", "javac", "mvn"))


@dataclass
class OpenSearchServer:
    """`with OpenSearchServer() as server`; `secure=True`: TLS, passwords and client certificates."""

    secure: bool = False
    port: int = field(default_factory=free_port)
    folder: Path = field(default_factory=lambda: Path(tempfile.mkdtemp(prefix="aibasic-os-")))
    host = "127.0.0.1"
    user, password = USER, PASSWORD
    _process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> OpenSearchServer:
        try:
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

    @property
    def certificates(self) -> Path:
        """The folder of the authority's, the server's and the clients' certificates."""
        return self.folder / "certificates"

    def conf(self, **keys: object) -> str:
        """An `[opensearch]` section for this server; keywords change or add KEYS, None leaves one out."""
        all_keys: dict[str, object] = {"HOST": self.host, "PORT": self.port}
        if self.secure:
            all_keys.update({
                "USE_SSL": "true", "CA_CERTS": self.certificates / "ca.crt", "USERNAME": self.user,
                "PASSWORD": f'"{self.password}"',
            })  # fmt: skip
        all_keys.update(keys)
        return "[opensearch]\n" + "".join(f"{key} = {value}\n" for key, value in all_keys.items() if value is not None)

    def start(self) -> None:
        """Start and wait until it answers."""
        libraries = [f"{CACHE}/lib/*", f"{CACHE}/classes"]
        plugins = list(_PLUGINS)
        if self.secure:
            libraries.insert(1, f"{CACHE}/security/*")
            plugins.append(_SECURITY)
        settings = {
            "path.data": self.folder / "data", "path.logs": self.folder / "logs", "cluster.name": "test",
            "node.name": "node", "discovery.type": "single-node", "network.host": self.host, "http.port": self.port,
            "transport.port": 0, "cluster.routing.allocation.disk.threshold_enabled": "false", "node.processors": 2,
            "node.store.allow_mmap": "false",
        }  # fmt: skip
        with (self.folder / "server.log").open("ab") as log:
            self._process = subprocess.Popen(
                [
                    "java", "-Xms256m", "-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp",
                    ":".join(libraries), "Node", str(self.folder), ",".join(plugins),
                    *(f"{name}={value}" for name, value in settings.items()),
                ],
                stdin=subprocess.PIPE, stdout=log, stderr=log,
            )  # fmt: skip
        until = time.monotonic() + _STARTING
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > until:
                raise RuntimeError(f"OpenSearch did not start: {self.log[-2000:]}")
            time.sleep(0.05)

    def stop(self) -> None:
        """Let it end."""
        process, self._process = self._process, None
        if process is not None:
            stdin: IO[bytes] | None = process.stdin
            if stdin is not None:
                stdin.close()
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
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        if process.stdin is not None:
            process.stdin.close()

    @property
    def log(self) -> str:
        """All that the node has logged."""
        return (self.folder / "server.log").read_text(errors="replace")

    def request(self, method: str, path: str, body: object = None) -> Any:
        """Ask the node, apart from what is being tested; the JSON that it answers. A list goes out a line an item."""
        lines = body if isinstance(body, list) else [body]
        data = None if body is None else "".join(json.dumps(line) + "\n" for line in lines).encode()
        request = urllib.request.Request(self._url(path), data, method=method)
        request.add_header("Content-Type", "application/json")
        if self.secure:
            word = base64.b64encode(f"{self.user}:{self.password}".encode()).decode()
            request.add_header("Authorization", f"Basic {word}")
        opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=self._tls())
        )
        with opener.open(request, timeout=10) as answer:
            return json.loads(answer.read() or b"null")

    def _url(self, path: str) -> str:
        return f"{'https' if self.secure else 'http'}://{self.host}:{self.port}{path}"

    def _tls(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=str(self.certificates / "ca.crt") if self.secure else None)

    def _answers(self) -> bool:
        try:
            # A cluster that still recovers its shards answers, but refuses.
            health = self.request("GET", "/_cluster/health?wait_for_status=yellow&timeout=1s")
            return health["timed_out"] is False
        except (OSError, urllib.error.HTTPError):
            return False

    def _configure(self) -> None:
        config = self.folder / "config"
        config.mkdir(parents=True)
        (config / "log4j2.properties").write_text(
            "status=error\nappender.c.type=Console\nappender.c.name=c\nappender.c.layout.type=PatternLayout\n"
            "appender.c.layout.pattern=[%p] %c{1} %m%n\nrootLogger.level=warn\nrootLogger.appenderRef.c.ref=c\n"
        )
        if not self.secure:
            return
        self.certificates.mkdir()
        certificates.make(self.certificates, self.user)
        for name in ("server.crt", "server.key", "ca.crt"):
            shutil.copy(self.certificates / name, config / name)
        places = {
            f"plugins.security.ssl.{layer}.{key}": name
            for layer in ("transport", "http")
            for key, name in (
                ("pemcert_filepath", "server.crt"), ("pemkey_filepath", "server.key"),
                ("pemtrustedcas_filepath", "ca.crt"),
            )
        }  # fmt: skip
        lines = {
            **places,
            "plugins.security.ssl.transport.enforce_hostname_verification": "false",
            "plugins.security.ssl.http.enabled": "true",
            "plugins.security.ssl.http.clientauth_mode": "OPTIONAL",
            "plugins.security.authcz.admin_dn": '["CN=nobody"]',
            "plugins.security.nodes_dn": '["CN=localhost"]',
            "plugins.security.allow_default_init_securityindex": "true",
            "plugins.security.audit.type": "noop",
        }
        (config / "opensearch.yml").write_text("".join(f"{name}: {value}\n" for name, value in lines.items()))
        security = config / "opensearch-security"
        shutil.copytree(CACHE / "security" / "config", security)
        (security / "internal_users.yml").write_text(
            "_meta: {type: internalusers, config_version: 2}\n"
            f'{self.user}: {{hash: "{_hashed(self.password)}", reserved: true, backend_roles: [admin]}}\n'
        )
        (security / "roles_mapping.yml").write_text(
            "_meta: {type: rolesmapping, config_version: 2}\n"
            f"all_access: {{reserved: false, backend_roles: [admin], users: [{self.user}]}}\n"
        )
        (security / "config.yml").write_text(_AUTHENTICATION)
        for path in (config, *config.rglob("*")):
            path.chmod(0o700 if path.is_dir() else 0o600)


_AUTHENTICATION = """
_meta: {type: config, config_version: 2}
config:
  dynamic:
    http: {anonymous_auth_enabled: false}
    authc:
      certificate:
        http_enabled: true
        order: 1
        http_authenticator: {type: clientcert, challenge: false, config: {username_attribute: cn}}
        authentication_backend: {type: noop}
      password:
        http_enabled: true
        order: 2
        http_authenticator: {type: basic, challenge: true}
        authentication_backend: {type: intern}
"""


def _hashed(password: str) -> str:
    """The password's hash, by the security plugin's own tool."""
    done = subprocess.run(
        ["java", "-cp", f"{CACHE}/security/*:{CACHE}/lib/*", "org.opensearch.security.tools.Hasher", "-env", "WORD"],
        env={**os.environ, "WORD": password}, capture_output=True, check=True, text=True,
    )  # fmt: skip
    return done.stdout.split()[-1]


def _jars() -> None:
    """The node's jars and classes, made once for this machine and each state of the files here."""
    pom, source = NODE / "pom.xml", NODE / "Node.java"
    state = pom.read_text() + source.read_text()
    stamp = CACHE / "made-from"
    if stamp.exists() and stamp.read_text() == state:
        return
    shutil.rmtree(CACHE, ignore_errors=True)
    (CACHE / "classes").mkdir(parents=True)
    library = CACHE / "lib"
    subprocess.run(
        [
            "mvn", "-q", "-B", "-f", str(pom),
            "org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy-dependencies",
            f"-DoutputDirectory={library}", "-DincludeScope=runtime",
        ],
        check=True,
    )  # fmt: skip
    subprocess.run(["javac", "-cp", f"{library}/*", "-d", str(CACHE / "classes"), str(source)], check=True)
    plugin = next(library.glob("opensearch-security-*.zip"))
    with zipfile.ZipFile(plugin) as archive:
        archive.extractall(CACHE / "security")
    plugin.unlink()
    stamp.write_text(state)
