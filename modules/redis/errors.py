"""What goes wrong with Redis: what was tried, the cause and the next step."""

from __future__ import annotations

import re

_CAUSES = (
    ("Connection refused|Connect call failed", "nothing listens there: does it run? are HOST and PORT right?"),
    ("Name or service not known|nodename nor servname|No address|name resolution", "no machine is called so: is HOST "
     "right?"),
    ("WRONGPASS|invalid password|invalid username", "is USERNAME right, and PASSWORD?"),
    ("NOAUTH|Authentication required", "the server wants a password: set PASSWORD or PASSWORD_COMMAND"),
    ("without any password configured", "the server has no password: leave PASSWORD out"),
    ("NOPERM|no permissions", "this user may not do that: its ACL is the server's"),
    ("certificate has expired", "the server's certificate has expired; SSL_VERIFY = false would take it"),
    ("CERTIFICATE_VERIFY_FAILED|certificate verify failed", "the server's certificate is not signed by SSL_CA_CERT"),
    ("CERTIFICATE_REQUIRED|certificate required|UNKNOWN_CA|EOF occurred in violation", "the server ended TLS: it may "
     "want a client's certificate of an authority that it knows: SSL_CLIENT_CERT and SSL_CLIENT_KEY"),
    ("WRONG_VERSION_NUMBER|wrong version number|record layer failure", "the server speaks no TLS there: is PORT right, "
     "and USE_SSL?"),
    ("[Tt]imeout|timed out", "nothing answered in time: is a firewall in between? does the server speak TLS there "
     "(USE_SSL)? TIMEOUT gives it longer"),
    ("DB index is out of range", "is DB right?"),
    ("max number of clients", "the server has no place left: lower MAX_CONNECTIONS"),
    ("Connection closed by server|Connection reset", "the server hung up: is PORT right, and USE_SSL?"),
)  # fmt: skip


def connect_reason(section: str, reason: str) -> str:
    """The driver's reason for a failed connection, with the next step where it is known."""
    step = next((step for pattern, step in _CAUSES if re.search(pattern, reason)), "")
    return f"{reason}\n  [{section}] {step}" if step else reason


def lost(place: str, command: str, reason: str, wrote: bool) -> str:
    """A connection broke after a command had been sent, and before its answer came."""
    if not wrote:
        return f"{place} did not answer {command}: {reason}"
    return (
        f"the connection to {place} was lost while {command} was under way, which may or may not have been carried "
        f"out: look before you run it again. The next call uses a new connection\n  {reason}"
    )


def lack(most: int, waited: float) -> str:
    """All connections are in use."""
    return (
        f"all {most} connections are in use and none came back within {waited:g} s: end pipelines and subscriptions "
        "that are done, or raise MAX_CONNECTIONS"
    )
