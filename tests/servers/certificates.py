"""Certificates for the servers of the tests, made with openssl: what is right, and what must be refused."""

from __future__ import annotations

import subprocess
from pathlib import Path

_EC_KEY = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")
_TWO_DAYS = ("-days", "2")


def make(folder: Path, client: str) -> None:
    """Certificates with their keys (`NAME.crt`, `NAME.key`) in a folder; `client` is the name in the client's.

    `ca` is the authority that signed `server` and `expired` (both for localhost, 127.0.0.1 and ::1) and `client`;
    `other_ca` is one that signed nothing but `stranger`, a client's certificate.
    """
    _authority(folder, "ca", "test authority")
    _authority(folder, "other_ca", "another authority")
    _signed(folder, "ca", "server", "localhost")
    _signed(folder, "ca", "client", client)
    _signed(folder, "other_ca", "stranger", client)
    _signed(folder, "ca", "expired", "localhost", long_ago=True)


def _authority(folder: Path, name: str, subject: str) -> None:
    _openssl(folder, "req", "-x509", *_EC_KEY, *_TWO_DAYS, "-subj", f"/CN={subject}",
             "-keyout", f"{name}.key", "-out", f"{name}.crt")  # fmt: skip


def _signed(folder: Path, authority: str, name: str, subject: str, long_ago: bool = False) -> None:
    extensions = folder / f"{name}.ext"
    extensions.write_text("subjectAltName=DNS:localhost,IP:127.0.0.1,IP:::1\n")
    _openssl(folder, "req", *_EC_KEY, "-subj", f"/CN={subject}", "-keyout", f"{name}.key", "-out", f"{name}.csr")
    if long_ago:
        _sign_dated(folder, authority, name, extensions)
    else:
        _openssl(folder, "x509", "-req", "-in", f"{name}.csr", "-CA", f"{authority}.crt", "-CAkey", f"{authority}.key",
                 "-CAcreateserial", *_TWO_DAYS, "-extfile", extensions, "-out", f"{name}.crt")  # fmt: skip
    (folder / f"{name}.key").chmod(0o600)


def _sign_dated(folder: Path, authority: str, name: str, extensions: Path) -> None:
    """Sign with dates in the past: `openssl x509` of OpenSSL 3.0 knows no dates, `openssl ca` does."""
    settings = folder / "authority.conf"
    settings.write_text(
        f"[ca]\ndefault_ca=own\n[own]\nnew_certs_dir={folder}\ndatabase={folder}/issued.txt\nrand_serial=yes\n"
        "default_md=sha256\npolicy=any\n[any]\ncommonName=supplied\n"
    )
    (folder / "issued.txt").touch()
    _openssl(folder, "ca", "-batch", "-config", settings, "-cert", f"{authority}.crt", "-keyfile", f"{authority}.key",
             "-in", f"{name}.csr", "-out", f"{name}.crt", "-notext", "-extfile", extensions,
             "-startdate", "200101000000Z", "-enddate", "200201000000Z")  # fmt: skip


def _openssl(folder: Path, *arguments: object) -> None:
    subprocess.run(["openssl", *map(str, arguments)], cwd=folder, check=True, capture_output=True)
