"""Messages as bytes: the one place through which everything passes that leaves the kernel for its front ends.

No message holds a secret, in whatever kind of output it stands; buffers beside a message are bytes of no text, and pass
as they are. And every message can be packed, whatever characters it holds.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from typing import Any

from aibasic_kernel.compiler.privacy.redaction import Redactor, cleaned

Packer = Callable[[Any], bytes]


def lossless(pack: Packer) -> Packer:
    """`pack`, but for messages with lone surrogates: UTF-8 cannot hold those, so such a message goes out escaped."""

    def packed(message: Any) -> bytes:
        try:
            found = pack(message)
            found.decode("utf-8")
        except UnicodeError:
            from jupyter_client.jsonutil import json_default

            return json.dumps(message, default=json_default, allow_nan=False).encode("ascii")
        return found

    return packed


def without_secrets(pack: Packer, redactor: Callable[[], Redactor]) -> Packer:
    """`pack`, for messages in which the redactor hides every secret first.

    The headers, by which messages find their way, are left as they are: no text of a program stands in them.
    """

    def packed(message: Any) -> bytes:
        found = pack(message)
        if "msg_id" in message and "msg_type" in message:
            return found
        now = redactor()
        return pack(cleaned(message, now.clean)) if now.may_hold(found) else found

    return packed


class CleanFormatter(logging.Formatter):
    """The format of another formatter, with every secret hidden in what it gives, tracebacks too."""

    def __init__(self, inner: logging.Formatter, redactor: Callable[[], Redactor]) -> None:
        super().__init__()
        self._inner = inner
        self._redactor = redactor

    def format(self, record: logging.LogRecord) -> str:
        return self._redactor().clean(self._inner.format(record))


def hide_in_log(log: logging.Logger, redactor: Callable[[], Redactor]) -> Callable[[], None]:
    """Let nothing that is logged there, or handed on to its parents, show a secret. What undoes that."""
    before: list[tuple[logging.Handler, logging.Formatter | None]] = []
    current: logging.Logger | None = log
    while current is not None:
        for handler in current.handlers:
            before.append((handler, handler.formatter))
            handler.setFormatter(CleanFormatter(handler.formatter or logging.Formatter(), redactor))
        current = current.parent if current.propagate else None

    def undo() -> None:
        for handler, formatter in before:
            handler.setFormatter(formatter)

    return undo
