"""What goes wrong with Kafka: the driver's errors, shortened, and what became of a write."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

UNKNOWN = "may or may not have been carried out: look before you do it again"
NOTHING_SENT = "Nothing was sent"
MAY_GO_ON = "what the broker was asked for may go on there"

_LOST = frozenset([
    "BrokerNotAvailableError", "Cancelled", "CoordinatorLoadInProgressError", "CoordinatorNotAvailableError",
    "DisconnectError", "KafkaConnectionError", "KafkaTimeoutError", "NetworkExceptionError", "NodeNotReadyError",
    "NotCoordinatorError", "RequestTimedOutError", "UnknownBrokerIdError", "StaleMetadata",
])  # fmt: skip

_BROKERS_WORDS = re.compile(r"""error_message=(?P<quote>['"])(?P<words>.+?)(?P=quote)[,)]""")


@contextmanager
def telling_of(what: str) -> Iterator[None]:
    """An interrupt in the block says what it interrupted, and that the broker cannot be told to stop."""
    try:
        yield
    except KeyboardInterrupt as error:
        raise KeyboardInterrupt(str(error) or f"{what}: {MAY_GO_ON}") from None


@contextmanager
def nothing_sent_yet(what: str) -> Iterator[None]:
    """An interrupt in the block, which comes before all sending, says so."""
    try:
        yield
    except KeyboardInterrupt:
        raise KeyboardInterrupt(f"{what}: stopped before it began. {NOTHING_SENT}") from None


def lost(error: Exception) -> bool:
    """Whether a request got no answer, or none from the broker that could have given it: asking again may help."""
    return type(error).__name__ in _LOST


def unsent(error: Exception) -> bool:
    """Whether there was no connection over which a request could have been sent."""
    return type(error).__name__ == "NodeNotReadyError"


def reason(error: BaseException) -> str:
    """The error in one short line: the driver's own texts carry the whole request and reply."""
    name = type(error).__name__.removesuffix("Error")
    text = str(error.args[0]) if error.args else ""
    if told := _BROKERS_WORDS.search(text):
        text = told["words"]
    elif not text or text.startswith("Request "):
        text = str(getattr(type(error), "description", None) or "")
    line = text.partition("\n")[0].strip()
    return f"{name}: {line[:200]}" if line else name


def explained(error: Exception, what: str) -> Exception:
    """A builtin exception for an error by which the broker or the driver refuses a request."""
    kinds: dict[str, type[Exception]] = {
        "UnknownTopicOrPartitionError": LookupError, "GroupIdNotFoundError": LookupError,
        "InvalidTopicError": ValueError,
        "MessageSizeTooLargeError": ValueError, "TopicAuthorizationFailedError": PermissionError,
        "GroupAuthorizationFailedError": PermissionError, "ClusterAuthorizationFailedError": PermissionError,
    }  # fmt: skip
    return kinds.get(type(error).__name__, RuntimeError)(f"{what}: {reason(error)}")


def of_code(code: int) -> Any:
    """The driver's exception class for a broker's error code."""
    from kafka import errors

    return errors.for_code(code)
