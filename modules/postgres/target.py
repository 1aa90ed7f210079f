"""Where a `[postgres]` section points to, as libpq wants to hear it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote

from aibasic.modules.postgres import read_only
from aibasic.modules.secret import Secret
from aibasic.modules.settings import Setting, Settings

_TLS = ("disable", "allow", "prefer", "require", "verify-ca", "verify-full")
SETTINGS = (
    Setting("HOST", help="`embedded` is the server that comes along"),
    Setting("PORT", int, help="5432 where not set"),
    Setting("DATABASE"),
    Setting("USER"),
    Setting("PASSWORD", secret=True, help="the password, `${NAME}` or `keyring:NAME`; else ~/.pgpass"),
    Setting("URL", secret=True, help="postgresql://user:password@host:port/database instead of these"),
    Setting("SERVICE", help="a service of ~/.pg_service.conf instead of these"),
    Setting("MIN_CONNECTIONS", int, 1),
    Setting("MAX_CONNECTIONS", int, 10),
    Setting("SSLMODE", choices=_TLS, help="`prefer` where not set"),
    Setting("SSL_CA_CERT", Path),
    Setting("SSL_CLIENT_CERT", Path),
    Setting("SSL_CLIENT_KEY", Path),
)
_LIBPQ = {
    "HOST": "host", "PORT": "port", "DATABASE": "dbname", "USER": "user", "PASSWORD": "password", "SERVICE": "service",
    "SSLMODE": "sslmode", "SSL_CA_CERT": "sslrootcert", "SSL_CLIENT_CERT": "sslcert", "SSL_CLIENT_KEY": "sslkey",
}  # fmt: skip
_PLACES = ("host", "hostaddr", "port")
# The password ends at the last @ before what can be a host, so that one in it need not be escaped.
_URL = re.compile(
    r"postgres(?:ql)?://(?:(?P<user>[^:@/?]*)(?::(?P<password>.*?))?@)?"
    r"(?P<host>\[[0-9a-fA-F:]+\]|[^@/?:]*)(?::(?P<port>\d+))?(?:/(?P<dbname>[^@?]*))?(?:\?(?P<query>.*))?"
)


class Target:
    """The server and database of one section. Knows the password, and shows it nowhere."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._lease: Any = None
        self.section = settings.section
        self.embedded = settings.text("HOST").lower() == "embedded"
        self.read_only = bool(settings["READONLY"])
        if not settings.given & {"HOST", "URL", "SERVICE"}:
            raise KeyError(
                f"[{self.section}] has no HOST: add `HOST = localhost`, or `HOST = embedded` for the server that comes "
                f"along, to {settings.file}"
            )

    @property
    def timeout(self) -> float:
        """Seconds to connect, or to wait for a connection of the pool."""
        return float(self._settings["TIMEOUT"])

    def arguments(self) -> dict[str, Any]:
        """Keywords for libpq; the password is a `Secret`."""
        given = {_LIBPQ[key]: self._settings[key] for key in _LIBPQ if key in self._settings.given}
        url = self._settings.secret("URL")
        arguments = {**(_url_parts(url, self.section) if url else {}), **given}
        if "service" in arguments and not arguments.keys().isdisjoint(_PLACES):
            # Else the password that the service file holds for one server would be sent to another one.
            raise ValueError(f"[{self.section}] has a SERVICE, which says where the server is: take HOST and PORT out")
        if self.embedded:
            arguments.update(self._leased(given))
        options = [str(arguments.pop("options", "")), *self._options()]
        return {
            "connect_timeout": max(1, round(self.timeout)),
            "tcp_user_timeout": round(self.timeout * 1000),
            "keepalives_idle": 30,
            "application_name": "aibasic",
            "client_encoding": "UTF8",
            **{name: str(value) if isinstance(value, Path) else value for name, value in arguments.items()},
            "options": " ".join(option for option in options if option),
        }

    def renew(self) -> bool:
        """Ask for the embedded server again after it could not be reached; False where there is nothing to renew."""
        if not self.embedded:
            return False
        self.release()
        return True

    def release(self) -> None:
        """Give the embedded server back."""
        lease, self._lease = self._lease, None
        if lease is not None:
            lease.close()

    def _options(self) -> list[str]:
        options = []
        if limit := self._settings["STATEMENT_TIMEOUT"]:
            options.append(f"-c statement_timeout={round(limit * 1000)}")
        if self.read_only:
            options.append(f"-c {read_only.OPTION}=on")
        return options

    def _leased(self, given: dict[str, Any]) -> dict[str, Any]:
        if self._lease is None:
            from aibasic.modules.postgres import embedded

            self._lease = embedded.lease()
        lease = self._lease
        return {
            "host": lease.host,
            "port": lease.port,
            "user": given.get("user", lease.user),
            "password": given.get("password", lease.password),
            "dbname": given.get("dbname", lease.database),
            # Whoever else may listen on that port gets no password by asking for it.
            **({"require_auth": "scram-sha-256"} if _knows_require_auth() else {}),
        }


def _knows_require_auth() -> bool:
    from psycopg2.extensions import libpq_version

    return libpq_version() >= 160_000


def _url_parts(url: Secret, section: str) -> dict[str, Any]:
    match = _URL.fullmatch(url.reveal())
    if match is None:
        raise ValueError(f"[{section}] URL is not of the form postgresql://user:password@host:port/database")
    found = match.groupdict()
    parts: dict[str, Any] = dict(parse_qsl(found.pop("query") or ""))
    password = found.pop("password")
    parts.update({name: unquote(text).strip("[]") for name, text in found.items() if text})
    if password or "password" in parts:
        parts["password"] = Secret(unquote(password) if password else parts["password"])
    return parts
