"""Requests through the admin client: reads are asked again over a new connection, writes are sent once."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, TypeVar

from aibasic.modules.kafka import reaching
from aibasic.modules.kafka.clients import Clients
from aibasic.modules.kafka.failures import NOTHING_SENT, UNKNOWN, explained, lost, reason, telling_of
from aibasic.modules.kafka.target import Target

Result = TypeVar("Result")
_PAUSE = 0.05
"""Seconds between two tries of a read."""


class Asking:
    """Asks one cluster. Its errors are builtin exceptions that say what was asked."""

    def __init__(self, target: Target, clients: Clients) -> None:
        self._target = target
        self._clients = clients

    def read(self, what: str, call: Callable[[Any], Result]) -> Result:
        """`call(admin)`, again while the connection is lost, up to TIMEOUT or until no server takes one any more.

        ConnectionError then.
        """
        until = time.monotonic() + self._target.timeout
        while True:
            result, error = self._once(what, call)
            if error is None:
                return result  # type: ignore[return-value]
            if not lost(error):
                raise explained(error, what)
            self._knock(what)
            if time.monotonic() > until:
                raise ConnectionError(f"{what}: {self._target.where} did not answer in time: {reason(error)}")
            time.sleep(_PAUSE)

    def write(self, what: str, call: Callable[[Any], Result]) -> Result:
        """`call(admin)`, once, after the cluster has shown that it is there."""
        self._ready(what)
        result, error = self._once(what, call)
        if error is None:
            return result  # type: ignore[return-value]
        if lost(error):
            raise ConnectionError(f"{what}: the connection to {self._target.where} was lost, and it {UNKNOWN}")
        raise explained(error, what)

    def _ready(self, what: str) -> None:
        problem = ""
        try:
            self.read(what, lambda admin: admin.describe_cluster())
        except ConnectionError as error:
            problem = str(error)
        if problem:
            raise ConnectionError(f"{problem}. {NOTHING_SENT}")

    def _knock(self, what: str) -> None:
        problem = ""
        try:
            reaching.knock(self._target)
        except ConnectionError as error:
            problem = str(error)
        if problem:
            raise ConnectionError(f"{what}: {problem}")

    def _once(self, what: str, call: Callable[[Any], Result]) -> tuple[Result | None, Exception | None]:
        from kafka.errors import KafkaError

        try:
            with telling_of(what):
                return call(self._clients.admin()), None
        except KafkaError as error:
            return None, error
