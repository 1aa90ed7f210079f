"""What goes wrong with RabbitMQ: what was tried, the cause and the next step, as built-in exceptions."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from typing import Any

_REPLIES: dict[int, tuple[type[Exception], str]] = {
    403: (PermissionError, "the user may not do this: an administrator can `rabbitmqctl set_permissions`"),
    404: (LookupError, "is the name right? declare_queue and declare_exchange create"),
    405: (RuntimeError, "an exclusive queue serves only the connection that declared it"),
    406: (ValueError, "use the properties that it was declared with, or delete it first"),
    530: (PermissionError, "the broker does not allow it"),
    540: (NotImplementedError, "this broker does not know it"),
}


class Lost(Exception):
    """The connection has ended with something under way on it, or before that was `sent`. Never leaves the module."""

    def __init__(self, reason: str, sent: bool = True) -> None:
        super().__init__(reason)
        self.sent = sent


def refused(what: str, code: int, text: str) -> Exception:
    """The broker closed the channel with a reply code and text, because of `what`."""
    kind, step = _REPLIES.get(code, (RuntimeError, "the broker refused it"))
    return kind(f"{what}: {text} ({code}): {step}")


def of_driver(what: str, error: Exception) -> Exception:
    """What pika would not send: a value that AMQP has no form for, or a channel that is closing."""
    name = type(error).__name__
    if not type(error).__module__.startswith("pika"):
        return error
    if "WrongState" in name:
        return ConnectionError(
            f"{what}: the channel was closing ({error}). Nothing was sent. The next call opens another"
        )
    return ValueError(f"{what}: {name}: {error}. Nothing was sent")


def lost(what: str, place: str, reason: object, wrote: bool) -> ConnectionError:
    """The connection broke while `what` was under way."""
    return ConnectionError(
        f"{what}: the connection to {place} was lost: {reason}. {_outcome(wrote)}. The next call reconnects"
    )


def silent(what: str, place: str, seconds: float, wrote: bool) -> TimeoutError:
    """The broker is connected and does not answer."""
    return TimeoutError(
        f"{what}: {place} did not answer within {seconds:g} s. {_outcome(wrote)}. TIMEOUT gives it longer; an alarm of "
        "the broker (memory, disk) holds publishers back. The next call connects anew"
    )


def _outcome(wrote: bool) -> str:
    if wrote:
        return "It may or may not have been carried out: look before you run it again"
    return "Nothing was sent that changes anything"


def failed_to_connect(section: str, error: BaseException, target: Any, again: bool) -> RuntimeError:
    """A connection could not be made, or not `again` after one was lost: told by the innermost cause in pika's chain of
    errors, with the next step.
    """
    reason, step = _cause(error, target)
    sent = "\n  The connection before was lost. Nothing was sent" if again else ""
    return RuntimeError(f"Failed to connect to RabbitMQ: {reason}\n  [{section}] {step}{sent}")


def _cause(error: BaseException, target: Any) -> tuple[str, str]:
    place = f"{target.host}:{target.port}"
    causes = list(_chain(error))
    for cause in causes:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return f"{place}: {cause.verify_message}", _certificate_step(cause.verify_message)
        if isinstance(cause, ssl.SSLError):
            return f"{place}: {cause.reason or cause}", _TLS_STEP
        if isinstance(cause, socket.gaierror):
            return f"{target.host}: {cause.strerror}", "no machine has this name: is HOST right?"
        if isinstance(cause, ConnectionRefusedError):
            return f"{place}: connection refused", "nothing listens there: does it run? are HOST and PORT right?"
    names = {type(cause).__name__ for cause in causes}
    texts = " ".join(str(cause) for cause in causes)
    if "ACCESS_REFUSED" in texts or names & {"ProbableAuthenticationError", "AuthenticationError"}:
        return f"{place} refused the login of {target.user}", "are USERNAME and PASSWORD right?"
    if "NOT_ALLOWED" in texts or "ProbableAccessDeniedError" in names:
        return f"{place}: no virtual host {target.vhost!r} for {target.user}", "is VHOST right, and may the user enter?"
    if names & {"TimeoutError", "AMQPConnectorSocketConnectTimeout", "AMQPConnectorStackTimeout"} or "imeout" in texts:
        return (
            f"{place} did not answer within {target.timeout:g} s",
            "is it RabbitMQ that listens there, with TLS as USE_SSL says? is a firewall in between? "
            "TIMEOUT gives it longer",
        )
    return (
        f"{place} ended the connection ({type(causes[-1]).__name__})",
        f"is it RabbitMQ that listens there? {_TLS_STEP}",
    )


_TLS_STEP = "does this port speak TLS as USE_SSL says? does the broker want a client certificate (SSL_CLIENT_CERT)?"


def _certificate_step(message: str) -> str:
    if "expired" in message:
        return "the server's certificate has expired: it needs a new one; SSL_VERIFY = false takes it all the same"
    if "ostname" in message or "IP address" in message:
        return "the server's certificate is for another name than HOST"
    return "the server's certificate is not signed by SSL_CA_CERT; SSL_VERIFY = false takes any"


def _chain(error: BaseException) -> Iterator[BaseException]:
    """An error, what it wraps (pika keeps these in `exceptions`, `exception` and `args`), and what caused those."""
    waiting, seen = [error], set()
    while waiting:
        one = waiting.pop(0)
        if id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        inner = [*getattr(one, "exceptions", ()), getattr(one, "exception", None), *one.args, one.__cause__]
        waiting += [cause for cause in inner if isinstance(cause, BaseException)]
