"""The language model: whether one can be asked, where, within what limits. No request is sent."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from contextlib import closing
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

from aibasic_kernel.compiler.configuration.policy import FILE, load_policy
from aibasic_kernel.compiler.configuration.settings import Settings, host_of
from aibasic_kernel.compiler.providers.provider import factory
from aibasic_kernel.errors import AIBasicError
from aibasic_kernel.faces.doctor.finding import Finding, note, of_error, ok, problem

SECONDS = 5.0
_KEY = "export ANTHROPIC_API_KEY=...; or BASE_URL, for a model of your own"


def findings(settings: Settings, connect: bool) -> Iterator[Finding]:
    """Provider, policy and budget."""
    if settings.frozen or settings.phrases == "only":
        why = "FROZEN = true" if settings.frozen else "PHRASES = only"
        yield ok(f"no language model is asked: {why}")
    elif settings.missing:
        yield problem(settings.missing, settings.mend)
    elif not settings.has_provider:
        yield note("no language model: only the lock and phrases serve lines", _KEY)
    else:
        yield from _asked(settings, connect)
    yield from _limits(settings)


def _asked(settings: Settings, connect: bool) -> Iterator[Finding]:
    try:
        factory(settings.provider)
        load_policy().check_request(settings.provider, settings.address, settings.model)
    except AIBasicError as error:
        yield of_error(error, "choose another PROVIDER or MODEL")
        return
    key = "with a key" if settings.api_key is not None else "without a key"
    yield ok(f"{settings.model} of {settings.provider} at {host_of(settings.base_url)}, {key}")
    if not connect:
        return
    try:
        yield ok(f"{reached(settings.address)} can be reached; nothing was sent")
    except OSError as error:
        yield problem(
            f"{host_of(settings.base_url)} cannot be reached: {error.strerror or error}",
            "look at BASE_URL, the network, and HTTPS_PROXY",
        )


def reached(address: str) -> str:
    """Open a connection to an address (with TLS for https), or to the proxy on the way, and close it; what answered.

    Raises OSError.
    """
    parts = urlsplit(address)
    proxy = getproxies().get(parts.scheme, "")
    if proxy and not proxy_bypass(parts.hostname or ""):
        through = urlsplit(proxy)
        with closing(socket.create_connection((through.hostname, through.port or 3128), SECONDS)):
            return f"the proxy {through.hostname}"
    port = parts.port or (443 if parts.scheme == "https" else 80)
    with closing(socket.create_connection((parts.hostname, port), SECONDS)) as plain:
        if parts.scheme == "https":
            with closing(ssl.create_default_context().wrap_socket(plain, server_hostname=parts.hostname)):
                pass
    return f"{parts.hostname}:{port}"


def _limits(settings: Settings) -> Iterator[Finding]:
    limits = {"BUDGET_USD": settings.budget_usd, "BUDGET_USD_PER_DAY": settings.budget_usd_per_day}
    said = [f"{key} = {limit:g}" for key, limit in limits.items() if limit is not None]
    told = ", ".join(said) or "no BUDGET_USD: requests are not limited"
    yield ok(f"SHARE = {settings.share}, CONFIRM = {settings.confirm}, {told}")
    policy = load_policy()
    if policy.problem:
        yield problem(policy.problem, f"whoever looks after this machine can mend {FILE}")
    elif FILE.exists():
        yield ok(f"the machine's policy {FILE} counts")
