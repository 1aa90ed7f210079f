"""Where a `[mysql]` section points to, as the driver wants to hear it."""

from __future__ import annotations

import configparser
import re
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from aibasic.modules.secret import Secret
from aibasic.modules.settings import Setting, Settings

SETTINGS = (
    Setting("HOST"),
    Setting("PORT", int, help="3306 where not set"),
    Setting("SOCKET", Path, help="the server's socket on this machine, instead of HOST and PORT"),
    Setting("DATABASE"),
    Setting("USER"),
    Setting("PASSWORD", secret=True, help="the password, `${NAME}` or `keyring:NAME`; else ~/.my.cnf"),
    Setting("URL", secret=True, help="mysql://user:password@host:port/database instead of these"),
    Setting("MIN_CONNECTIONS", int, 1),
    Setting("MAX_CONNECTIONS", int, 10),
    Setting("CHARSET", default="utf8mb4", help="the encoding of the connection"),
    Setting("COLLATION", help="how texts of statements compare; else as the server has it for CHARSET"),
    Setting("USE_SSL", bool, help="true: only with TLS; false: without; not set: with TLS where the server has it"),
    Setting("SSL_VERIFY", bool, help="whether the certificate must be right; so where SSL_CA_CERT is set"),
    Setting("SSL_CA_CERT", Path),
    Setting("SSL_CLIENT_CERT", Path),
    Setting("SSL_CLIENT_KEY", Path),
)
_URL = re.compile(
    r"(?:mysql|mariadb)://(?:(?P<user>[^:@/?]*)(?::(?P<password>.*?))?@)?"
    r"(?P<host>\[[0-9a-fA-F:]+\]|[^@/?:]*)(?::(?P<port>\d+))?(?:/(?P<database>[^@?]*))?"
)
_DRIVER = {
    "HOST": "host", "PORT": "port", "SOCKET": "unix_socket", "DATABASE": "database", "USER": "user",
    "PASSWORD": "password", "SSL_CA_CERT": "ssl_ca", "SSL_CLIENT_CERT": "ssl_cert", "SSL_CLIENT_KEY": "ssl_key",
}  # fmt: skip


class Target:
    """The server and database of one section. Knows the password, and shows it nowhere."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self.section = settings.section
        self.timeout = float(settings["TIMEOUT"])
        self.statement_timeout: float | None = settings["STATEMENT_TIMEOUT"]
        self.read_only = bool(settings["READONLY"])
        self.charset = _word(settings, "CHARSET")
        self.collation = _word(settings, "COLLATION")
        if not settings.given & {"HOST", "URL", "SOCKET"}:
            raise KeyError(f"[{self.section}] has no HOST: add `HOST = localhost` to {settings.file}")
        for key in ("SSL_CA_CERT", "SSL_CLIENT_CERT", "SSL_CLIENT_KEY"):
            if (file := settings[key]) is not None and not file.is_file():
                raise FileNotFoundError(f"[{self.section}] {key}: there is no file {file}")

    @property
    def has_tls_wish(self) -> bool:
        """Whether the section says that TLS must be there."""
        return bool(self._settings["USE_SSL"] or self._verifies or self._settings["SSL_CLIENT_CERT"])

    @property
    def place(self) -> str:
        """`user@host:port/database`."""
        of = self.arguments()
        where = of.get("unix_socket") or f"{of['host']}:{of['port']}"
        return f"{of.get('user', '')}@{where}/{of.get('database', '')}"

    def arguments(self) -> dict[str, Any]:
        """Keywords for the driver; the password is a `Secret`."""
        given = {_DRIVER[key]: self._settings[key] for key in _DRIVER if key in self._settings.given}
        url = self._settings.secret("URL")
        parts = {"port": 3306, **_of_option_file(), **(_url_parts(url, self.section) if url else {}), **given}
        if "unix_socket" not in parts:
            # The driver and MySQL's own clients take the name `localhost` for a socket.
            parts["host"] = "127.0.0.1" if parts["host"] == "localhost" else parts["host"]
        plain = {name: str(value) if isinstance(value, Path) else value for name, value in parts.items()}
        return {
            **plain,
            "port": int(plain["port"]),
            "charset": self.charset,
            "connection_timeout": max(1, round(self.timeout)),
            "ssl_disabled": self._settings["USE_SSL"] is False,
            "ssl_verify_cert": self._verifies,
            "ssl_verify_identity": self._verifies,
            "conn_attrs": {"program_name": "aibasic"},
        }

    @property
    def _verifies(self) -> bool:
        wish = self._settings["SSL_VERIFY"]
        return self._settings["SSL_CA_CERT"] is not None if wish is None else bool(wish)


def _word(settings: Settings, key: str) -> str:
    """A setting that is a name of the server's."""
    name = settings.text(key)
    if name and not re.fullmatch(r"\w+", name):
        raise ValueError(f"[{settings.section}] {key} = {name}: expected a name such as utf8mb4 or utf8mb4_bin")
    return name


def _url_parts(url: Secret, section: str) -> dict[str, Any]:
    match = _URL.fullmatch(url.reveal())
    if match is None:
        raise ValueError(f"[{section}] URL is not of the form mysql://user:password@host:port/database")
    found = {name: unquote(text).strip("[]") for name, text in match.groupdict().items() if text}
    return {name: Secret(text) if name == "password" else text for name, text in found.items()}


def _of_option_file() -> dict[str, Any]:
    """User and password of `[client]` in ~/.my.cnf."""
    file = Path("~/.my.cnf").expanduser()
    parser = configparser.RawConfigParser(allow_no_value=True, strict=False)
    try:
        parser.read_string(file.read_text())
        client = dict(parser.items("client"))
    except (OSError, UnicodeDecodeError, configparser.Error):
        return {}
    found: dict[str, Any] = {}
    if user := client.get("user"):
        found["user"] = user.strip("'\"")
    if password := client.get("password"):
        found["password"] = Secret(password.strip("'\""))
    return found
