"""What goes wrong with MySQL beyond a statement's own error: what was tried, the cause and the next step."""

from __future__ import annotations

import re

_LOST = frozenset({1053, 1927, 2006, 2013, 2027, 2055, 4031})
"""Error numbers after which a connection stands no more (shutting down, killed, gone away, lost ...)."""
INTERRUPTED = frozenset({1317, 3024, 1969})
"""The server stopped a statement because it was told to, or because its time was over."""
_CAUSES = (
    (r"\(111\)|\(2\b|Connection refused", "nothing listens there: does it run? are HOST and PORT right?"),
    (r"Unknown MySQL server host|Unknown server host", "no machine has this name: is HOST right?"),
    (r"Access denied for user .* to database", "is DATABASE right, and may USER use it?"),
    ("Access denied", "is USER right, and PASSWORD?"),
    ("Unknown collation|COLLATION .* is not valid|[Cc]haracter set", "are CHARSET and COLLATION right?"),
    ("Unknown database", "is DATABASE right?"),
    ("certificate has expired", "the server's certificate has expired: it needs a new one"),
    (
        "certificate verify failed|verification failed",
        "the server's certificate has expired or is not signed by SSL_CA_CERT",
    ),
    ("identity|does not match", "the server's certificate is for another name than HOST"),
    ("SSL is required|SSL connection is required", "the server has no TLS: USE_SSL = false does without"),
    (r"\(110\)|error: 110|timed out", "nothing answered in time: TIMEOUT gives it longer"),
    ("Too many connections|max_user_connections", "the server has no place left: lower MAX_CONNECTIONS"),
)


def is_loss(error: Exception) -> bool:
    """Whether a driver's error says that its connection stands no more."""
    return getattr(error, "errno", None) in _LOST


def connect_reason(section: str, reason: str) -> str:
    """The driver's reason for a failed connection, with the next step where it is known."""
    step = next((step for pattern, step in _CAUSES if re.search(pattern, reason)), "")
    return f"{reason}\n  [{section}] {step}" if step else reason
