"""What the driver would write into its log at DEBUG, and must not: what it sends to log in."""

from __future__ import annotations

import logging


def _tells_no_credentials(record: logging.LogRecord) -> bool:
    raw = any(isinstance(part, (bytes, bytearray)) for part in record.args or ())
    return not raw and "SaslAuthenticateRequest" not in record.getMessage()


def install() -> None:
    """Keep the driver's frames and login requests out of its log; once for the process."""
    for name in ("kafka.net.connection", "kafka.protocol.parser"):
        # A logger holds each filter once.
        logging.getLogger(name).addFilter(_tells_no_credentials)
