"""What goes wrong on the way to OpenSearch: the cause, what became of the request, and the next step."""

from __future__ import annotations

import re

import opensearchpy
from aibasic.modules.opensearch.target import Target

_CAUSES = (
    ("Connection refused|No such file or directory", "nothing listens there: does it run? are HOST and PORT right?"),
    ("Failed to resolve|Name or service not known|NameResolution", "no machine has this name: is HOST right?"),
    ("certificate has expired", "the server's certificate has expired: it needs a new one"),
    ("Hostname mismatch|doesn't match|IP address mismatch", "the server's certificate is for another name than HOST"),
    ("CERTIFICATE_VERIFY_FAILED|certificate verify failed", "the server's certificate is not signed by CA_CERTS"),
    ("WRONG_VERSION_NUMBER|record layer failure", "the server speaks no TLS: USE_SSL = false does without"),
    ("(?i)alert", "the server does not accept the client's certificate: are CLIENT_CERT and CLIENT_KEY right?"),
    ("(?i)timed out|timeout", "nothing answered in time: is a firewall in between? TIMEOUT gives it longer"),
    ("without response|RemoteDisconnected|BadStatusLine", "does the server want TLS (USE_SSL = true)?"),
    ("reached max size", "all POOL_MAXSIZE connections are in use: raise it"),
)
_OBJECT = re.compile(r"<[\w.]+(?:\(host=[^)]*\))?(?: object)? at 0x[0-9a-f]+>:? ?")


class RequestLost(opensearchpy.ConnectionError):
    """A request without an answer."""

    def __str__(self) -> str:
        return str(self.args[1])


class RequestTimedOut(opensearchpy.ConnectionTimeout):
    """A request whose answer did not come in time."""

    def __str__(self) -> str:
        return str(self.args[1])


def lost(
    error: opensearchpy.ConnectionError, target: Target, nothing_sent: bool, read: bool, seconds: float | None
) -> RequestLost | RequestTimedOut:
    """What is raised for a request without an answer; a write may have been carried out, or surely was not."""
    reason = _OBJECT.sub("", str(error.info)) or type(error.info).__name__
    timed_out = isinstance(error, opensearchpy.ConnectionTimeout)
    if nothing_sent:
        head, effect = f"{target.place} cannot be reached", "Nothing was sent"
    else:
        late = f"{target.place} did not answer within {seconds:g} s" if seconds else f"{target.place} did not answer"
        head = late if timed_out else f"the connection to {target.place} was lost"
        effect = (
            "It was only to read: run it again"
            if read
            else "The request may or may not have been carried out: look before you run it again"
        )
    step = next((step for pattern, step in _CAUSES if re.search(pattern, reason)), "")
    text = f"{head}. {effect}\n  {reason}" + (f"\n  [{target.section}] {step}" if step else "")
    return (RequestTimedOut if timed_out else RequestLost)("N/A", text, None)


def connect_reason(section: str, error: opensearchpy.TransportError) -> str:
    """Why a first request failed, with the next step where it is known."""
    if isinstance(error, opensearchpy.AuthenticationException):
        return f"the server wants to know who asks (401)\n  [{section}] is USERNAME right, and PASSWORD?"
    if isinstance(error, opensearchpy.AuthorizationException):
        return f"the user may not do this (403): {error.error}"
    if isinstance(error, opensearchpy.ConnectionError):
        return str(error)
    return f"{error.status_code}: {error.error}"
