"""What goes wrong with PostgreSQL beyond a statement's own error: what was tried, the cause and the next step."""

from __future__ import annotations

import re
from collections.abc import Iterable

_CAUSES = (
    ("Connection refused|No such file or directory", "nothing listens there: does it run? are HOST and PORT right?"),
    ("could not translate host name|Name or service not known", "no machine has this name: is HOST right?"),
    ("password authentication failed", "is USER right, and PASSWORD?"),
    ("no password supplied", "the server wants a password: set PASSWORD, PASSWORD_COMMAND or ~/.pgpass"),
    ('database ".*" does not exist', "is DATABASE right?"),
    ("timeout expired|timed out", "nothing answered in time: is a firewall in between? TIMEOUT gives it longer"),
    ("certificate verify failed|root certificate file", "the server's certificate is not signed by SSL_CA_CERT"),
    ("does not match host name", "the server's certificate is for another name than HOST"),
    ("server does not support SSL", "the server has no TLS: SSLMODE = prefer does without"),
    ("too many clients|remaining connection slots", "the server has no place left: lower MAX_CONNECTIONS"),
)


def connect_reason(section: str, reason: str) -> str:
    """The driver's reason for a failed connection, with the next step where it is known."""
    step = next((step for pattern, step in _CAUSES if re.search(pattern, reason)), "")
    return f"{reason}\n  [{section}] {step}" if step else reason


def describe_lack(maximum: int, waited: float) -> str:
    """All connections are in use."""
    return (
        f"all {maximum} connections are in use and none came back within {waited:g} s: give back with "
        "release_connection(conn), or raise MAX_CONNECTIONS"
    )


def lost_state(place: str, lost: Iterable[str]) -> str:
    """A connection was gone before anything was sent, and state with it."""
    return (
        f"the connection to {place} was lost, and with it {', '.join(lost)}. Nothing was sent. "
        "The next statement uses a new connection"
    )


def lost_in_flight(place: str, reason: str) -> str:
    """A connection broke while a statement ran."""
    return (
        f"the connection to {place} was lost while the statement ran, which may or may not have been carried out: look "
        f"before you run it again. The next statement uses a new connection\n  {reason}"
    )


def lost_unkept(place: str, reason: str) -> str:
    """A connection broke before a transaction on it was committed."""
    return (
        f"the connection to {place} was lost before the transaction was committed: nothing of it was kept. "
        f"The next statement uses a new connection\n  {reason}"
    )


def aborted(in_block: bool) -> str:
    """A statement failed in a transaction."""
    end = "It is rolled back where its block ends" if in_block else "Roll back ends it"
    return f"The transaction is aborted: nothing in it will be kept. {end}"
