"""Where an `[opensearch]` section points to, and how the client is made for it."""

from __future__ import annotations

import base64
import ssl
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from aibasic.modules.secret import Secret
from aibasic.modules.settings import Setting, Settings

SETTINGS = (
    Setting("HOST", required=True),
    Setting("PORT", int, 9200),
    Setting("USE_SSL", bool, False),
    Setting("VERIFY_CERTS", bool, True, help="false takes any certificate, a self-signed one too"),
    Setting("CA_CERTS", Path, help="the authority that signed the server's certificate; else the system's"),
    Setting("CLIENT_CERT", Path),
    Setting("CLIENT_KEY", Path),
    Setting("USERNAME"),
    Setting("PASSWORD", secret=True),
    Setting("USE_AWS_AUTH", bool, False, help="sign requests with the credentials that boto3 finds"),
    Setting("AWS_REGION"),
    Setting("AWS_SERVICE", default="es", choices=("es", "aoss")),
    Setting("AWS_PROFILE"),
    Setting("TIMEOUT", float, 30.0, help="seconds to connect, and for an answer that is not the work itself"),
    Setting("MAX_RETRIES", int, 3, help="how often a read is asked again; a write never is"),
    Setting("POOL_MAXSIZE", int, 10, help="connections kept open"),
)
Signer = Callable[..., Mapping[str, str]]


class Target:
    """The node of one section. Knows the password, and shows it nowhere."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self.section = settings.section
        self.host = settings.text("HOST")
        self.port = int(settings["PORT"])
        self.user = settings.text("USERNAME")
        self.tls = bool(settings["USE_SSL"])
        self.timeout = float(settings["TIMEOUT"])
        self.work_timeout: float | None = settings["STATEMENT_TIMEOUT"]
        self.retries = max(0, settings["MAX_RETRIES"])
        self.connections = max(1, settings["POOL_MAXSIZE"])
        if "://" in self.host:
            raise ValueError(f"[{self.section}] HOST is a name or an address, without https://: set USE_SSL and PORT")
        if bool(self.user) != bool(settings.secret("PASSWORD")):
            raise KeyError(f"[{self.section}] has one of USERNAME and PASSWORD: give both or none")

    @property
    def place(self) -> str:
        """`user@host:port`."""
        return f"{self.user}@{self.host}:{self.port}" if self.user else f"{self.host}:{self.port}"

    def tls_context(self) -> ssl.SSLContext | None:
        """What verifies the server and shows the client's certificate; None without TLS."""
        if not self.tls:
            return None
        authority = self._settings["CA_CERTS"]
        self._must_exist("CA_CERTS", "CLIENT_CERT", "CLIENT_KEY")
        context = ssl.create_default_context(cafile=str(authority) if authority else None)
        if not self._settings["VERIFY_CERTS"]:
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
        if certificate := self._settings["CLIENT_CERT"]:
            context.load_cert_chain(certificate, self._settings["CLIENT_KEY"])
        return context

    def signer(self) -> Signer | None:
        """What gives the headers that authenticate a request, None where none are needed."""
        if self._settings["USE_AWS_AUTH"]:
            return self._aws_signer()
        password = self._settings.secret("PASSWORD")
        return _basic(self.user, password) if password else None

    def _aws_signer(self) -> Signer:
        try:
            import boto3
        except ModuleNotFoundError:
            raise ModuleNotFoundError(
                f"No module named 'boto3', which [{self.section}] USE_AWS_AUTH needs\n"
                "  pip install 'aibasic-kernel[aws]'",
                name="boto3",
            ) from None
        from opensearchpy import Urllib3AWSV4SignerAuth

        region = self._settings.text("AWS_REGION")
        session = boto3.Session(profile_name=self._settings["AWS_PROFILE"], region_name=region or None)
        credentials = session.get_credentials()
        if credentials is None:
            raise KeyError(
                f"[{self.section}] USE_AWS_AUTH: no AWS credentials: set AWS_PROFILE, or what `aws configure` sets"
            )
        if not session.region_name:
            raise KeyError(f"[{self.section}] has no AWS_REGION")
        signer: Signer = Urllib3AWSV4SignerAuth(credentials, session.region_name, self._settings["AWS_SERVICE"])
        return signer

    def _must_exist(self, *keys: str) -> None:
        for key in keys:
            file = self._settings[key]
            if file is not None and not file.is_file():
                raise FileNotFoundError(f"[{self.section}] {key}: there is no file {file}")


def _basic(user: str, password: Secret) -> Signer:
    def sign(*_request: Any) -> Mapping[str, str]:
        word = base64.b64encode(f"{user}:{password.reveal()}".encode()).decode("ascii")
        return {"authorization": f"Basic {word}"}

    return sign
