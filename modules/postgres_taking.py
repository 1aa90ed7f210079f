"""Taking a connection from the pool where the one who waits for it may be interrupted."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aibasic.modules.postgres_driver import Connection
    from aibasic.modules.postgres_pool import Pool


class Taking:
    """A connection on its way out of the pool; one that comes when nobody waits any more goes back."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._stopped = threading.Event()

    def take(self) -> Connection:
        """The connection, when it has come."""
        connection = self._pool.take()
        if self._stopped.is_set():
            self._pool.give_back(connection, touched=False)
        return connection

    def stop(self) -> None:
        """Nobody waits for it any more."""
        self._stopped.set()
