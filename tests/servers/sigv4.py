"""A front that checks AWS signatures as AWS does, and sends what is rightly signed on to a server behind it."""

from __future__ import annotations

import datetime
import hashlib
import hmac
import http.client
import json
import re
import threading
import urllib.parse
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any

KEY, SECRET = "AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
REGION = "eu-central-1"
SERVICES = ("es", "aoss")
_CLOCK_SKEW = 300
_AUTHORIZATION = re.compile(
    r"AWS4-HMAC-SHA256 Credential=(?P<key>[^/]+)/(?P<day>\d{8})/(?P<region>[^/]+)/(?P<service>[^/]+)/aws4_request, ?"
    r"SignedHeaders=(?P<signed>[^,]+), ?Signature=(?P<signature>[0-9a-f]{64})"
)


def wrong(method: str, path: str, headers: Mapping[str, str], body: bytes) -> str:
    """What is wrong with a request's signature, "" for nothing.

    Of https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html.
    """
    found = _AUTHORIZATION.fullmatch(headers.get("authorization", ""))
    if found is None:
        return "Missing Authentication Token"
    stamp = headers.get("x-amz-date", "")
    if found["key"] != KEY or not stamp.startswith(found["day"]):
        return "The security token included in the request is invalid."
    if found["region"] != REGION or found["service"] not in SERVICES:
        return "Credential should be scoped to a valid region."
    when = datetime.datetime.strptime(stamp, "%Y%m%dT%H%M%SZ").replace(tzinfo=datetime.timezone.utc)
    if abs((datetime.datetime.now(datetime.timezone.utc) - when).total_seconds()) > _CLOCK_SKEW:
        return "Signature expired"
    if not hmac.compare_digest(_signature(found, stamp, method, path, headers, body), found["signature"]):
        return "The request signature we calculated does not match the signature you provided."
    return ""


def _signature(
    found: re.Match[str], stamp: str, method: str, path: str, headers: Mapping[str, str], body: bytes
) -> str:
    signed = found["signed"].split(";")
    address, _, query = path.partition("?")
    canonical = "\n".join(
        [
            method,
            # For every service but S3 the path is encoded a second time.
            urllib.parse.quote(address, safe="/~"),
            "&".join(sorted(part if "=" in part else f"{part}=" for part in query.split("&") if part)),
            *(f"{name}:{' '.join(headers[name].split())}" for name in signed),
            "",
            found["signed"],
            hashlib.sha256(body).hexdigest(),
        ]
    )
    scope = f"{found['day']}/{found['region']}/{found['service']}/aws4_request"
    to_sign = f"AWS4-HMAC-SHA256\n{stamp}\n{scope}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
    key = f"AWS4{SECRET}".encode()
    for part in scope.split("/"):
        key = hmac.digest(key, part.encode(), "sha256")
    return hmac.new(key, to_sign.encode(), "sha256").hexdigest()


class SignatureFront:
    """`with SignatureFront(port) as front`: what is rightly signed goes on from `front.port` to `port`."""

    def __init__(self, target: int) -> None:
        class Handler(_Handler):
            behind = target

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.port: int = self._server.server_port

    def __enter__(self) -> SignatureFront:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    behind: int

    def handle_any(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        headers = {name.lower(): value for name, value in self.headers.items()}
        if reason := wrong(self.command, self.path, headers, body):
            self._answer(403, "application/json", json.dumps({"message": reason}).encode())
            return
        connection = http.client.HTTPConnection("127.0.0.1", self.behind)
        connection.request(self.command, self.path, body or None, {"content-type": "application/json"})
        answer = connection.getresponse()
        self._answer(answer.status, answer.headers.get("content-type", ""), answer.read())
        connection.close()

    do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = handle_any

    def log_message(self, *arguments: Any) -> None:
        """Quiet."""

    def _answer(self, status: int, kind: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)
