"""Where a `[rabbitmq]` section points to, as pika wants to hear it."""

from __future__ import annotations

import ssl
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from aibasic.modules.secret import Secret
from aibasic.modules.settings import Setting, Settings

SETTINGS = (
    Setting("HOST"),
    Setting("PORT", int, help="5672 where not set, with USE_SSL 5671"),
    Setting("VHOST", default="/", help="the virtual host"),
    Setting("USERNAME", default="guest"),
    Setting("PASSWORD", secret=True, help="guest where not set; `${NAME}` or `keyring:NAME`"),
    Setting("URL", secret=True, help="amqp://user:password@host:port/vhost (amqps:// with TLS) instead of these"),
    Setting("USE_SSL", bool, False),
    Setting("SSL_VERIFY", bool, True, help="false takes any certificate of the server, a self-signed one too"),
    Setting("SSL_CA_CERT", Path, help="who signs the server's certificate; the system's authorities where not set"),
    Setting("SSL_CLIENT_CERT", Path, help="logs in by itself (EXTERNAL) where neither USERNAME nor PASSWORD is set"),
    Setting("SSL_CLIENT_KEY", Path),
    Setting("HEARTBEAT", int, help="seconds between signs of life; what the server proposes where not set"),
    Setting("MANAGEMENT_URL", help="http://host:15672 of the management plugin, which alone can list all queues"),
)


class Target:
    """The broker and virtual host of one section. Knows the password, and shows it nowhere."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self.section = settings.section
        self.timeout = float(settings["TIMEOUT"])
        url = settings.secret("URL")
        parts = _url_parts(url, self.section) if url else {}
        if "HOST" not in settings.given and "HOST" not in parts:
            raise KeyError(f"[{self.section}] has no HOST: add `HOST = localhost` to {settings.file}")
        self.tls = bool(parts.get("USE_SSL", settings["USE_SSL"]))
        self.host = str(self._value("HOST", parts))
        self.port = int(self._value("PORT", parts) or (5671 if self.tls else 5672))
        self.vhost = str(self._value("VHOST", parts))
        self.user = str(self._value("USERNAME", parts))
        self.password: Secret = self._value("PASSWORD", parts) or Secret("guest")
        named = bool(settings.given & {"USERNAME", "PASSWORD", "PASSWORD_COMMAND"} or "USERNAME" in parts)
        self.external = bool(self.tls and settings["SSL_CLIENT_CERT"] and not named)
        if self.external:
            self.user = "(client certificate)"
        self.management_url = settings.text("MANAGEMENT_URL").rstrip("/")

    def __str__(self) -> str:
        return f"{self.user}@{self.host}:{self.port}{'' if self.vhost.startswith('/') else '/'}{self.vhost}"

    def parameters(self) -> Any:
        """The `pika.ConnectionParameters`: one attempt, no longer than TIMEOUT for each of its steps."""
        import pika

        return pika.ConnectionParameters(
            host=self.host,
            port=self.port,
            virtual_host=self.vhost,
            credentials=pika.credentials.ExternalCredentials() if self.external else self._plain_credentials(),
            ssl_options=pika.SSLOptions(self.tls_context(), self.host) if self.tls else None,
            heartbeat=self._settings["HEARTBEAT"],
            connection_attempts=1,
            socket_timeout=self.timeout,
            stack_timeout=self.timeout,
            client_properties={"connection_name": "aibasic", "product": "aibasic"},
        )

    def tls_context(self) -> ssl.SSLContext:
        """How the server's certificate is verified, and which one is shown to it. ValueError for a file of no use."""
        paths = {key: self._settings[key] for key in ("SSL_CA_CERT", "SSL_CLIENT_CERT", "SSL_CLIENT_KEY")}
        for key, path in paths.items():
            if path is not None and not path.is_file():
                raise ValueError(f"[{self.section}] {key} = {path}: no such file")
        try:
            context = ssl.create_default_context(cafile=paths["SSL_CA_CERT"])
            if not self._settings["SSL_VERIFY"]:
                context.check_hostname = False
                context.verify_mode = ssl.CERT_NONE
            if paths["SSL_CLIENT_CERT"]:
                # The empty password keeps OpenSSL from asking for one at the terminal.
                context.load_cert_chain(paths["SSL_CLIENT_CERT"], paths["SSL_CLIENT_KEY"], password="")
        except ssl.SSLError as error:
            raise ValueError(
                f"[{self.section}] SSL_CA_CERT, SSL_CLIENT_CERT and SSL_CLIENT_KEY must be PEM files, the key without "
                f"a passphrase and belonging to the certificate: {error}"
            ) from None
        return context

    def _value(self, key: str, parts: dict[str, Any]) -> Any:
        return self._settings[key] if key in self._settings.given else parts.get(key, self._settings[key])

    def _plain_credentials(self) -> Any:
        """Credentials that hold the password as a `Secret`: pika keeps them, and shows them in debugging."""
        from pika.credentials import PlainCredentials

        password = self.password

        class Hidden(PlainCredentials):  # type: ignore[misc]
            def response_for(self, start: Any) -> tuple[str | None, bytes | None]:
                return PlainCredentials(self.username, password.reveal()).response_for(start)  # type: ignore[no-any-return]

        return Hidden(self.user, "***")


def _url_parts(url: Secret, section: str) -> dict[str, Any]:
    try:
        found = urlsplit(url.reveal())
        port = found.port
    except ValueError:
        found, port = urlsplit(""), None
    if found.scheme not in ("amqp", "amqps") or not found.hostname:
        raise ValueError(f"[{section}] URL is not of the form amqp://user:password@host:port/vhost")
    parts: dict[str, Any] = {"HOST": found.hostname, "USE_SSL": found.scheme == "amqps"}
    if port:
        parts["PORT"] = port
    if found.username:
        parts["USERNAME"] = unquote(found.username)
    if found.password:
        parts["PASSWORD"] = Secret(unquote(found.password))
    if len(found.path) > 1:
        parts["VHOST"] = unquote(found.path[1:])
    return parts
