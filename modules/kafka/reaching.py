"""Whether a broker can be reached, step by step, so that each failure has its own cause: TCP, TLS, Kafka, login.

kafka-python says of all of them only that it was unable to bootstrap.
"""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Callable, Iterator
from typing import Any

from aibasic.modules.kafka.failures import reason as reason_of
from aibasic.modules.kafka.target import Target, address

_PAUSE = 0.05
"""Seconds between two looks at whether the cluster has brokers."""
_ADVICE = {
    "gaierror": "no machine has this name: is BOOTSTRAP_SERVERS right?",
    "ConnectionRefusedError": "nothing listens there: does it run? is the port in BOOTSTRAP_SERVERS right?",
    "certificate has expired": "the broker's certificate has expired: it needs a new one",
    "Hostname mismatch": "the broker's certificate is for another name than BOOTSTRAP_SERVERS has",
    "IP address mismatch": "the broker's certificate is for another address than BOOTSTRAP_SERVERS has",
    "CERTIFICATE_VERIFY_FAILED": "the broker's certificate is not signed by SSL_CA_CERT; "
    "SSL_VERIFY = false accepts any",
    "WRONG_VERSION_NUMBER": "no TLS is spoken there: SECURITY_PROTOCOL, or the port, is another one",
    "SSL": "is SECURITY_PROTOCOL right for this port?",
    "timed out": "nothing answered in time: is a firewall in between? TIMEOUT gives it longer",
}


def knock(target: Target) -> None:
    """Open and close a TCP connection to the first server that takes one. ConnectionError: what each one lacked."""
    _first_of(target, lambda host, port, patience: _network_reason(target, host, port, patience, tls=False))


def reach(target: Target) -> None:
    """TCP, TLS, Kafka, login: to the first server where all go well. ConnectionError: what each one lacked."""

    def reason(host: str, port: int, patience: float) -> str:
        network = _network_reason(target, host, port, patience, tls=target.tls is not None)
        return network or _login_reason(target, host, port, patience)

    _first_of(target, reason)


def _first_of(target: Target, lack: Callable[[str, int, float], str]) -> None:
    until = time.monotonic() + target.timeout
    reasons = []
    for left, (host, port) in zip(range(len(target.servers), 0, -1), target.servers, strict=True):
        patience = max(0.1, (until - time.monotonic()) / left)
        reason = lack(host, port, patience)
        if not reason:
            return
        reasons.append(f"{host}:{port}: {reason}")
    raise ConnectionError("\n  ".join(reasons))


def _network_reason(target: Target, host: str, port: int, patience: float, tls: bool) -> str:
    try:
        with socket.create_connection((host, port), timeout=patience) as plain:
            if tls and target.tls is not None:
                with target.tls.wrap_socket(plain, server_hostname=host):
                    pass
    except ssl.SSLCertVerificationError as error:
        return f"{error.verify_message}\n  {_advice(error.verify_message, 'CERTIFICATE_VERIFY_FAILED')}"
    except ssl.SSLError as error:
        return f"TLS: {error.reason or error}\n  {_advice(str(error.reason), 'SSL')}"
    except TimeoutError:
        return f"no answer within {patience:.3g} s\n  {_ADVICE['timed out']}"
    except OSError as error:
        text = error.strerror or str(error)
        return f"{text}\n  {_advice(type(error).__name__, '')}".rstrip()
    return ""


def _advice(text: str, otherwise: str) -> str:
    return next((advice for word, advice in _ADVICE.items() if word in text), _ADVICE.get(otherwise, ""))


def _login_reason(target: Target, host: str, port: int, patience: float) -> str:
    """Talk with the driver's own connections: the driver's reason why that failed, "" where it did not."""
    from kafka.net.manager import KafkaConnectionManager
    from kafka.net.selector import NetworkSelector

    arguments = target.arguments() | {
        "bootstrap_servers": [address(host, port)],
        "socket_connection_setup_timeout_ms": round(patience * 1000),
        "request_timeout_ms": round(patience * 1000),
    }
    network = NetworkSelector(client_id="aibasic")
    manager = KafkaConnectionManager(network, **arguments)
    del arguments
    try:
        return "\n  ".join(_talk(target, manager, network, patience))
    finally:
        manager.close()
        network.close()


def _talk(target: Target, manager: Any, network: Any, patience: float) -> Iterator[str]:
    """Log in, ask which brokers there are, and log in to one of them. The lines of what went wrong."""
    (first,) = manager.cluster.bootstrap_brokers()
    until = time.monotonic() + patience
    try:
        network.run(manager.get_connection(first.node_id, refresh_metadata_on_err=False))
        network.run(manager.cluster.refresh_metadata, first.node_id)
        while not manager.cluster.brokers() and time.monotonic() < until:
            # A broker that has just come up answers before it takes part in its cluster.
            time.sleep(_PAUSE)
            network.run(manager.cluster.refresh_metadata, first.node_id)
    except Exception as error:
        yield from _driver_reason(target, error, patience)
        return
    reasons = []
    for broker in manager.cluster.brokers():
        try:
            network.run(manager.get_connection(broker.node_id, refresh_metadata_on_err=False))
            return
        except Exception as error:
            reasons.append(f"{address(broker.host, broker.port)}: {reason_of(error)}")
    yield "answers, but none of the brokers that it names can be reached: are their advertised.listeners right?"
    yield from reasons


def _driver_reason(target: Target, error: Exception, patience: float) -> Iterator[str]:
    name = type(error).__name__
    if name in ("KafkaTimeoutError", "RequestTimedOutError"):
        yield f"accepted the connection and did not answer within {patience:.3g} s"
        yield "does a Kafka broker listen there? is SECURITY_PROTOCOL right for this port? TIMEOUT gives it longer"
    elif name == "IllegalSaslStateError":
        yield "the broker knows no login here"
        yield "is SECURITY_PROTOCOL right for this port?"
    elif target.mechanism == "GSSAPI":
        yield f"authentication failed: {reason_of(error)}"
        yield "is there a ticket (`kinit`, or KRB5_CLIENT_KTNAME)? is SASL_KERBEROS_SERVICE_NAME right?"
    elif target.mechanism:
        yield f"authentication failed: {reason_of(error)}"
        yield f"are SASL_USERNAME and SASL_PASSWORD right, for SASL_MECHANISM = {target.mechanism}?"
    elif target.tls is not None:
        yield reason_of(error)
        yield "does the broker want a client's certificate (SSL_CLIENT_CERT) that it knows?"
    else:
        yield reason_of(error)
        yield "is SECURITY_PROTOCOL right for this port?"
