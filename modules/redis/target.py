"""Where a `[redis]` section points to."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from aibasic.modules.secret import Secret
from aibasic.modules.settings import Setting, Settings

SETTINGS = (
    Setting("HOST", required=True),
    Setting("PORT", int, 6379),
    Setting("DB", int, 0, help="the number of the database"),
    Setting("USERNAME", help="a user of the server's ACL; `default` where not set"),
    Setting("PASSWORD", secret=True, help="the password, `${NAME}` or `keyring:NAME`"),
    Setting("USE_SSL", bool, False, help="speak TLS"),
    Setting("SSL_VERIFY", bool, True, help="false: take any certificate"),
    Setting("SSL_CA_CERT", Path),
    Setting("SSL_CLIENT_CERT", Path),
    Setting("SSL_CLIENT_KEY", Path),
    Setting("MAX_CONNECTIONS", int, 50),
    Setting("SOCKET_TIMEOUT", float, 5.0, help="seconds for an answer, beyond what a command is told to wait"),
)


class Credentials:
    """What logs in, handed to the driver when it connects and kept nowhere in the open."""

    def __init__(self, user: str, password: Secret | None) -> None:
        self._user = user
        self._password = password

    def get_credentials(self) -> tuple[str, ...]:
        """As redis-py asks for them: user and password, or the password alone."""
        if self._password is None:
            return ()
        return (self._user, self._password.reveal()) if self._user else (self._password.reveal(),)


class Target:
    """The server and database of one section."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self.section = settings.section
        self.host = settings.text("HOST")
        self.port: int = settings["PORT"]
        self.database: int = settings["DB"]
        self.user = settings.text("USERNAME")
        self.tls: bool = settings["USE_SSL"]
        self.most: int = max(1, settings["MAX_CONNECTIONS"])
        self.timeout: float = settings["TIMEOUT"]
        self.patience: float = settings["SOCKET_TIMEOUT"]

    @property
    def place(self) -> str:
        """`user@host:port/database`."""
        return f"{self.user or 'default'}@{self.host}:{self.port}/{self.database}"

    def arguments(self) -> dict[str, Any]:
        """Keywords for the driver's connection; no secret stands in them."""
        secret = self._settings.secret("PASSWORD")
        arguments: dict[str, Any] = {
            "host": self.host,
            "port": self.port,
            "db": self.database,
            "socket_timeout": self.patience,
            "socket_connect_timeout": self.timeout,
            "socket_keepalive": True,
            "client_name": "aibasic",
            "protocol": 2,
        }
        if secret is not None:
            arguments["credential_provider"] = Credentials(self.user, secret)
        if self.tls:
            verify = self._settings["SSL_VERIFY"]
            arguments |= {
                "ssl_cert_reqs": "required" if verify else "none",
                "ssl_check_hostname": verify,
                "ssl_ca_certs": self._settings.text("SSL_CA_CERT") or None,
                "ssl_certfile": self._settings.text("SSL_CLIENT_CERT") or None,
                "ssl_keyfile": self._settings.text("SSL_CLIENT_KEY") or None,
            }
        return arguments
