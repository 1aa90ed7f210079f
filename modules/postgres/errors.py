"""What goes wrong with PostgreSQL beyond a statement's own error: what was tried, the cause and the next step."""

from __future__ import annotations

import re

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


def aborted(in_block: bool) -> str:
    """A statement failed in a transaction."""
    end = "It is rolled back where its block ends" if in_block else "Roll back ends it"
    return f"The transaction is aborted: nothing in it will be kept. {end}"
