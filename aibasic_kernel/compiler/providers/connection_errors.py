"""Why a host could not be reached, or was lost, as two lines: what happened, and what to do.

Called only after the SDK was imported.
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator

from aibasic_kernel.compiler.providers.messages_api import LATER, Peer
from aibasic_kernel.errors import ProviderError

NETWORK = "Check the network, the proxy and BASE_URL. Lines that the lock or a phrase serves need no model."


def no_answer(peer: Peer, seconds: float) -> ProviderError:
    """The request is out, and nothing came of a reply."""
    return peer.failure(
        f"{{host}} did not answer: nothing came for {seconds:g} seconds.",
        "Run the line again, or raise TIMEOUT in [aibasic].",
    )


def stalled(peer: Peer, seconds: float) -> ProviderError:
    """A reply began, and then nothing came."""
    return peer.failure(
        f"{{host}} stopped in the midst of its answer: nothing came for {seconds:g} seconds.",
        "Run the line again, or raise TIMEOUT in [aibasic].",
    )


def broken_off(peer: Peer) -> ProviderError:
    """The reply ended before its end. Nothing of it is run."""
    return peer.failure("The connection to {host} broke off in the midst of the answer.", LATER)


def unusable_client(peer: Peer, error: Exception) -> ProviderError:
    """The client could not even be made."""
    return peer.failure(
        f"The connection to {{host}} cannot be set up: {error}",
        "Check the environment: HTTPS_PROXY, ALL_PROXY, SSL_CERT_FILE and SSL_CERT_DIR.",
    )


def unconnected(peer: Peer, error: Exception, seconds: float) -> ProviderError:
    """No connection came about, or it was lost before a reply began; `seconds` is the limit for connecting."""
    import httpx2

    causes = tuple(_causes(error))

    def caused_by(kind: type[BaseException]) -> BaseException | None:
        return next((cause for cause in causes if isinstance(cause, kind)), None)

    if caused_by(httpx2.ConnectTimeout):
        return peer.failure(f"No connection to {{host}} within {seconds:g} seconds.", NETWORK)
    if reason := caused_by(httpx2.ProxyError):
        return peer.failure(f"The proxy on the way to {{host}} refuses: {reason}", "Check HTTPS_PROXY and NO_PROXY.")
    if reason := caused_by(ssl.SSLCertVerificationError):
        return peer.failure(
            f"{{host}} does not prove who it is: {reason}",
            "If this is your own server or your company's proxy, set SSL_CERT_FILE to its authority's certificate.",
        )
    if reason := caused_by(ssl.SSLError):
        return peer.failure(
            f"{{host}} does not answer in TLS: {reason}", "Check BASE_URL: does the server want http:// for https://?"
        )
    if reason := caused_by(socket.gaierror):
        return _unknown_name(peer, reason)
    if caused_by(ConnectionRefusedError):
        return peer.failure("No server listens at {host}.", "Start it, or check BASE_URL and the proxy.", 0)
    if caused_by(httpx2.UnsupportedProtocol) or caused_by(httpx2.LocalProtocolError):
        return peer.failure(f"The request to {{host}} cannot be sent: {error}", "Check BASE_URL and API_KEY.")
    if caused_by(httpx2.ConnectError):
        return peer.failure(f"No connection to {{host}}: {causes[-1]}", NETWORK, 0)
    if "illegal" in str(causes[-1]):
        return peer.no_api()
    return peer.failure("The connection to {host} was lost before an answer began.", LATER, 0)


def _unknown_name(peer: Peer, reason: BaseException) -> ProviderError:
    # Without a network no name is found; where it is only for now, asking again may help.
    for_now = isinstance(reason, socket.gaierror) and reason.errno == socket.EAI_AGAIN
    return peer.failure(f"The name of {{host}} cannot be found: {reason.args[-1]}.", NETWORK, 0 if for_now else None)


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The error, what it came from, and what each of several attempts came from."""
    following: BaseException | None = error
    while following is not None:
        yield following
        for one_of_many in getattr(following, "exceptions", ()):
            yield from _causes(one_of_many)
        following = following.__cause__ or following.__context__
