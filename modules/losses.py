"""What goes with a connection that is lost, and how it is said."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


class Loss:
    """State that was lost with a connection while nobody was there to be told: noticed by a look-up, say.

    Kept until it is told, or the user's next write would be committed alone.
    """

    def __init__(self, error: type[Exception]) -> None:
        """`error` is what `tell` raises, made from a text."""
        self._error = error
        self._place = ""
        self._what: Sequence[str] = ()

    def note(self, place: str, what: Sequence[str]) -> None:
        """Keep in mind `what` was lost with the connection to `place`, beside what was lost before."""
        self._place = place
        self._what = [*self._what, *(thing for thing in what if thing not in self._what)]

    def tell(self) -> None:
        """Raise an error for what was not told yet; once."""
        what, self._what = self._what, ()
        if what:
            raise self._error(lost_state(self._place, what))

    def __str__(self) -> str:
        return f"{', '.join(self._what)} lost with the connection" if self._what else ""


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
