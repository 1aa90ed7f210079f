"""Which hosts a line may connect to unasked: those that the configuration, the sentence or the environment names."""

from __future__ import annotations

import ipaddress
import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit

from aibasic.modules import config as configuration_file
from aibasic.modules.config import FILE_NAME
from aibasic.modules.effects import Kind

from aibasic_kernel.compiler.gate.consequence import Consequence

_HOST = re.compile(r"\[?(?:[0-9a-fA-F]*:){2,}[0-9a-fA-F.]*\]?|[\w-]+(?:\.[\w-]+)*")
_PROXIES = ("http_proxy", "https_proxy", "all_proxy", "ftp_proxy")
_HERE = "localhost"
_EMBEDDED = "embedded"
"""What a configuration says for a server on this machine."""
_READING = ("GET", "HEAD", "OPTIONS", "CONNECT")


def named_around(environ: Mapping[str, str] = os.environ) -> Iterator[str]:
    """What names hosts for every line: the values of the configuration, and the proxies of the environment."""
    found = configuration_file.load(FILE_NAME)
    for section in found.sections():
        for key in found.keys(section):
            with suppress(KeyError, PermissionError):  # what the environment lacks, or an untrusted file may not say
                yield found.value(section, key) or ""
    yield from (value for name, value in environ.items() if name.lower() in _PROXIES)


class Hosts:
    """The hosts that were named for a line, and the ports of those of them that it has looked up.

    `texts` gives, once it is needed, all that names hosts.
    """

    def __init__(self, texts: Callable[[], Iterable[str]]) -> None:
        self._texts = texts
        self._ports: set[str] = set()

    @cached_property
    def _named(self) -> frozenset[str]:
        found = {_plain(match) for text in self._texts() for match in _HOST.findall(text)}
        return frozenset(found | ({_HERE} if _EMBEDDED in found else set()))

    def looked_up(self, host: Any, port: Any = None) -> Consequence | None:
        """The addresses of a host are asked for, which tells its name to whoever answers."""
        name = _plain(host)
        if not name or name in ("0.0.0.0", "::"):
            return None
        if self._is_named(name):
            self._ports.add(str(port))
            return None
        return _connects(name)

    def connected(self, address: Any) -> Consequence | None:
        """A socket is connected to an address; that of a named host is known only by its port."""
        if not isinstance(address, tuple) or len(address) < 2:
            return None  # a file that is a socket, or no network that has hosts
        name = _plain(address[0])
        if self._is_named(name) or str(address[1]) in self._ports:
            return None
        return _connects(name)

    def sent(self, data: Any) -> Consequence | None:
        """Something is sent over HTTP: to which host, where a proxy passes it on, and whether it only reads."""
        if not isinstance(data, bytes):
            return Consequence(Kind.WRITE, "sends data over HTTP")
        method, _, target = data.partition(b"\r\n")[0].decode("latin-1").partition(" ")
        if method == "CONNECT" or "://" in target:
            name = _plain(urlsplit(target if "://" in target else f"//{target.split(' ')[0]}").hostname)
            if not self._is_named(name):
                return _connects(name)
        if method in _READING:
            return None
        return Consequence(Kind.WRITE, f"sends a {method} request" if method.isupper() else "sends data over HTTP")

    def _is_named(self, name: str) -> bool:
        return name in self._named or name.removeprefix("www.") in self._named or f"www.{name}" in self._named


def _connects(name: str) -> Consequence:
    return Consequence(Kind.STATEMENT, f"connects to {name}, which neither aibasic.conf nor the sentence names")


def _plain(host: Any) -> str:
    """A host in one spelling; all of this machine's addresses are `localhost`."""
    name = host.decode("ascii", "replace") if isinstance(host, bytes) else str(host or "")
    name = name.strip("[]").rstrip(".").partition("%")[0].lower()
    if name.endswith(".localhost"):
        return _HERE
    try:
        return _HERE if ipaddress.ip_address(name).is_loopback else name
    except ValueError:
        return name
