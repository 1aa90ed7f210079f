"""Where a `[kafka]` section points to, as kafka-python wants to hear it."""

from __future__ import annotations

import importlib.util
import ssl
from pathlib import Path
from typing import Any

from aibasic.modules.settings import Setting, Settings

SETTINGS = (
    Setting("BOOTSTRAP_SERVERS", help="host:port of one or more brokers, between commas; 9092 where no port is given"),
    Setting("SECURITY_PROTOCOL", default="PLAINTEXT", choices=("PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL")),
    Setting("SASL_MECHANISM", default="PLAIN", choices=("PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512", "GSSAPI")),
    Setting("SASL_USERNAME"),
    Setting("SASL_PASSWORD", secret=True, help="the password, `${NAME}` or `keyring:NAME`"),
    Setting("SASL_KERBEROS_SERVICE_NAME", default="kafka", help="GSSAPI: the brokers' principal is this/host"),
    Setting("SSL_VERIFY", bool, True, help="false for self-signed certificates: anybody could pose as the broker"),
    Setting("SSL_CA_CERT", Path, help="the authority that signed the brokers' certificates; else the system's"),
    Setting("SSL_CLIENT_CERT", Path),
    Setting("SSL_CLIENT_KEY", Path),
    Setting("COMPRESSION", default="none", choices=("none", "gzip", "lz4", "snappy", "zstd"), help="of what is sent"),
    Setting("DELIVERY_TIMEOUT", float, 120.0, help="seconds after which a message that no broker took is given up"),
)
_DEFAULT_PORT = 9092
_PACKAGES = {"lz4": ("lz4", "lz4"), "snappy": ("snappy", "python-snappy"), "zstd": ("zstandard", "zstandard")}


class _Unseen(str):
    """A text whose repr does not show it: the driver writes its whole configuration into its log."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "'***'"


class Target:
    """The cluster of one section. Knows the password, and shows it nowhere."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self.section = settings.section
        self.protocol: str = settings["SECURITY_PROTOCOL"]
        self.mechanism: str = settings["SASL_MECHANISM"] if self.protocol.startswith("SASL") else ""
        self.user = settings.text("SASL_USERNAME") if self.mechanism else ""
        self.timeout = float(settings["TIMEOUT"])
        self.delivery_timeout = float(settings["DELIVERY_TIMEOUT"])
        self.compression: str | None = None if settings["COMPRESSION"] == "none" else settings["COMPRESSION"]
        self.readonly: bool = settings["READONLY"]
        self._require("BOOTSTRAP_SERVERS", "`BOOTSTRAP_SERVERS = localhost:9092`")
        self.servers = _servers(settings.text("BOOTSTRAP_SERVERS"), self.section)
        if self.mechanism and self.mechanism != "GSSAPI":
            for key in ("SASL_USERNAME", "SASL_PASSWORD"):
                self._require(key, f"`{key} = ...`, which SASL_MECHANISM = {self.mechanism} needs,")
        self._require_packages()
        self.tls = self._tls() if self.protocol.endswith("SSL") else None

    @property
    def where(self) -> str:
        """`user@host:port,host:port`."""
        listed = ",".join(address(host, port) for host, port in self.servers)
        return f"{self.user}@{listed}" if self.user else listed

    def arguments(self) -> dict[str, Any]:
        """Keywords that producer, consumer and admin client of kafka-python share."""
        from aibasic.modules.kafka.network import DIRECT

        arguments: dict[str, Any] = {
            "proxy_url": DIRECT,
            "bootstrap_servers": [address(host, port) for host, port in self.servers],
            "client_id": "aibasic",
            "security_protocol": self.protocol,
            "request_timeout_ms": round(self.timeout * 1000),
            "reconnect_backoff_max_ms": 500,
        }
        if self.tls is not None:
            arguments["ssl_context"] = self.tls
        if self.mechanism:
            arguments["sasl_mechanism"] = self.mechanism
        if self.mechanism == "GSSAPI":
            arguments["sasl_kerberos_service_name"] = self._settings["SASL_KERBEROS_SERVICE_NAME"]
        elif self.mechanism and (password := self._settings.secret("SASL_PASSWORD")):
            arguments["sasl_plain_username"] = self.user
            arguments["sasl_plain_password"] = _Unseen(password.reveal())
        return arguments

    def _require(self, key: str, line: str) -> None:
        if key not in self._settings.given:
            raise KeyError(f"[{self.section}] has no {key}: add {line} to {self._settings.file}")

    def _require_packages(self) -> None:
        needed = dict(_PACKAGES.get(self.compression or "", ()) and [_PACKAGES[self.compression or ""]])
        if self.mechanism == "GSSAPI":
            needed["gssapi"] = "gssapi"
        for module, package in needed.items():
            if importlib.util.find_spec(module) is None:
                raise ModuleNotFoundError(f"No module named '{module}'\n  pip install {package}", name=module)

    def _tls(self) -> ssl.SSLContext:
        context = ssl.create_default_context()
        if authority := self._file("SSL_CA_CERT"):
            context = ssl.create_default_context(cafile=authority)
        if not self._settings["SSL_VERIFY"]:
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
        if certificate := self._file("SSL_CLIENT_CERT"):
            context.load_cert_chain(certificate, self._file("SSL_CLIENT_KEY"))
        return context

    def _file(self, key: str) -> str | None:
        path: Path | None = self._settings[key]
        if path is not None and not path.is_file():
            raise FileNotFoundError(f"[{self.section}] {key} = {path}: no such file")
        return None if path is None else str(path)


def address(host: str, port: int) -> str:
    """`host:port`, an IPv6 address in brackets."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def _servers(text: str, section: str) -> tuple[tuple[str, int], ...]:
    servers = []
    for part in filter(None, (part.strip() for part in text.split(","))):
        host, colon, port = part.rpartition(":")
        if not colon or part.endswith("]"):
            host, port = part, str(_DEFAULT_PORT)
        if not host or not port.isdecimal() or not 0 < int(port) < 65536:
            raise ValueError(f"[{section}] BOOTSTRAP_SERVERS = {part}: expected host:port")
        servers.append((host.strip("[]"), int(port)))
    if not servers:
        raise ValueError(f"[{section}] BOOTSTRAP_SERVERS names no server: expected host:port")
    return tuple(servers)
