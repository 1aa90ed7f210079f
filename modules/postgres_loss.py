"""What went with a connection while nobody was there to be told: noticed by a look-up, said by the user's next call."""

from __future__ import annotations

from collections.abc import Sequence

import psycopg2
from aibasic.modules import postgres_errors


class Loss:
    """State that was lost with a connection; kept until it is told, or the next write would be committed alone."""

    def __init__(self) -> None:
        self._place = ""
        self._what: Sequence[str] = ()

    def note(self, place: str, what: Sequence[str]) -> None:
        """Keep in mind `what` was lost with the connection to `place`, beside what was lost before."""
        self._place = place
        self._what = [*self._what, *(thing for thing in what if thing not in self._what)]

    def tell(self) -> None:
        """Raise OperationalError for what was not told yet; once."""
        what, self._what = self._what, ()
        if what:
            raise psycopg2.OperationalError(postgres_errors.lost_state(self._place, what))

    def __str__(self) -> str:
        return f"{', '.join(self._what)} lost with the connection" if self._what else ""
