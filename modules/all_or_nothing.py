"""Many statements as one: in a transaction of their own, or from a savepoint where one is open."""

from __future__ import annotations

import enum
from collections.abc import Callable
from typing import Protocol

_ATTEMPTS = 5
"""How often the undoing may be cancelled: each interrupt does it once, a short time limit for statements each time."""


class Stopped(Exception):
    """The rest is not wanted any more."""


Work = Callable[[], int]
"""Does something, and returns how much."""
InBlock = Callable[[Work], int]
"""Does it so that all of it is kept, or nothing."""


class End(enum.Enum):
    """What becomes of the statements when the connection, or the user's patience, ends now."""

    NOT_KEPT = "none of them is kept"
    UNKNOWN = "while they were being committed: look whether they are there"
    KEPT = "all of them are kept"


class Carrier(Protocol):
    """A connection that carries the statements."""

    @property
    def in_transaction(self) -> bool:
        """Whether a transaction is open on it."""

    @property
    def broken(self) -> bool:
        """Whether it stands no more: what was not committed is undone by the server."""

    def send(self, statement: str) -> None:
        """Carry out a statement that nobody announces."""

    def was_cancelled(self, error: Exception) -> bool:
        """Whether the server stopped a statement because it was told to, or because its time was over."""

    def end(self) -> object:
        """Close it: the server then undoes what was not committed."""


class AllOrNothing:
    """Runs work of several statements that is kept as a whole or not at all."""

    def __init__(self) -> None:
        self.end = End.NOT_KEPT

    def run(self, carrier: Carrier, work: Work) -> int:
        """What `work` returns. Where it raises, all that it did is undone and an open transaction goes on."""
        within = carrier.in_transaction
        begin, undo, keep = (
            ("SAVEPOINT aibasic", ("ROLLBACK TO SAVEPOINT aibasic", "RELEASE SAVEPOINT aibasic"),
             "RELEASE SAVEPOINT aibasic")
            if within
            else ("START TRANSACTION", ("ROLLBACK",), "COMMIT")
        )  # fmt: skip
        carrier.send(begin)
        try:
            result = work()
            if not within:
                self.end = End.UNKNOWN
            carrier.send(keep)
        except BaseException:
            # Only a server that has answered the undoing is known not to have carried out a commit before it.
            if not carrier.broken and all(_insist(carrier, statement) for statement in undo):
                self.end = End.NOT_KEPT
            raise
        self.end = End.KEPT
        return result


def _insist(carrier: Carrier, statement: str) -> bool:
    """Send what undoes the work, for as long as it is cancelled; where that has no end, give the connection up.

    Whether the server has carried it out.
    """
    for _ in range(_ATTEMPTS):
        try:
            carrier.send(statement)
            return True
        except Exception as error:
            # A cancellation on its way while the work ended hits what is sent next.
            if not carrier.was_cancelled(error):
                return False  # it is broken, or nothing is left to undo: what goes on is the error that came first
    carrier.end()
    return False
