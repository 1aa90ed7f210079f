"""What goes wrong on the way to OpenSearch: the cause, what became of the request, and the next step."""

from __future__ import annotations

import re

import opensearchpy

_CAUSES = (
    ("Connection refused|No such file or directory", "nothing listens there: does it run? are HOST and PORT right?"),
    ("Failed to resolve|Name or service not known|NameResolution", "no machine has this name: is HOST right?"),
    ("certificate has expired", "the server's certificate has expired: it needs a new one"),
    ("Hostname mismatch|doesn't match|IP address mismatch", "the server's certificate is for another name than HOST"),
    ("CERTIFICATE_VERIFY_FAILED|certificate verify failed", "the server's certificate is not signed by CA_CERTS"),
    ("WRONG_VERSION_NUMBER|record layer failure", "the server speaks no TLS: USE_SSL = false does without"),
    ("ALERT|alert", "the server does not accept the client's certificate: are CLIENT_CERT and CLIENT_KEY right?"),
    ("timed out|Timeout", "nothing answered in time: is a firewall in between? TIMEOUT gives it longer"),
    (
        "without response|RemoteDisconnected|BadStatusLine",
        "does the server want TLS (USE_SSL = true)?",
    ),
)
_NOT_SENT = re.compile("Connection refused|NewConnectionError|NameResolution|Failed to resolve|SSLError|CERTIFICATE_")
_WHERE = re.compile(r"<[\w.]+\(host=[^)]*\) at 0x[0-9a-f]+>|<[\w.]+ object at 0x[0-9a-f]+>:? ?")


class RequestLost(opensearchpy.ConnectionError):
    """A request without an answer."""

    def __str__(self) -> str:
        return str(self.args[1])


class RequestTimedOut(opensearchpy.ConnectionTimeout):
    """A request whose answer did not come in time."""

    def __str__(self) -> str:
        return str(self.args[1])


def lost(
    error: opensearchpy.ConnectionError, place: str, read: bool, seconds: float | None
) -> RequestLost | RequestTimedOut:
    """What is raised for a request without an answer; a write may have been carried out, or surely was not."""
    reason = _WHERE.sub("", str(error.info)) or type(error.info).__name__
    timed_out = isinstance(error, opensearchpy.ConnectionTimeout)
    if timed_out:
        head = f"{place} did not answer within {seconds:g} s" if seconds else f"{place} did not answer"
    else:
        head = f"the connection to {place} was lost"
    if _NOT_SENT.search(repr(error.info)):
        head = f"{place} cannot be reached"
        effect = "Nothing was sent"
    elif read:
        effect = "It was only to read: run it again"
    else:
        effect = "The request may or may not have been carried out: look before you run it again"
    step = next((step for pattern, step in _CAUSES if re.search(pattern, reason)), "")
    text = f"{head}. {effect}\n  {reason}" + (f"\n  {step}" if step else "")
    return (RequestTimedOut if timed_out else RequestLost)("N/A", text, error.info)


def connect_reason(section: str, error: opensearchpy.TransportError) -> str:
    """Why a first request failed, with the next step where it is known."""
    if isinstance(error, opensearchpy.AuthenticationException):
        return f"[{section}] USERNAME or PASSWORD is not accepted (401)"
    if isinstance(error, opensearchpy.AuthorizationException):
        return f"[{section}] the user may not do this (403): {error.error}"
    if isinstance(error, opensearchpy.ConnectionError):
        return str(error)
    return f"{error.status_code}: {error.error}"
