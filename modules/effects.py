"""What a module is about to do to its service, announced before it is sent, so that a listener may refuse it.

And what came of a statement: told afterwards, for whoever wants to say more of a result than it says itself.
"""

from __future__ import annotations

import enum
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass


class Kind(enum.Enum):
    """How an effect counts. What is not surely a read counts as one that may have written."""

    READ = "read"
    WRITE = "write"
    DESTRUCTIVE = "destructive"
    STATEMENT = "statement"
    """A statement in the service's language: whoever listens judges it."""


@dataclass(frozen=True)
class Effect:
    """One thing about to be sent. `service` is the section (`postgres:warehouse`), `instance` where it goes."""

    service: str
    instance: str
    kind: Kind
    statement: str


@dataclass(frozen=True)
class Answer:
    """What a statement gave: its rows (a list of tuples, a data frame), or how many rows it affected."""

    service: str
    statement: str
    result: object


Listener = Callable[[Effect], None]
Hearer = Callable[[Answer], None]
_listeners: tuple[Listener, ...] = ()
_hearers: tuple[Hearer, ...] = ()
_lock = threading.Lock()


def announce(effect: Effect) -> None:
    """Tell every listener. One that raises stops the effect: a BaseException, or an `except Exception` swallows it."""
    for listener in _listeners:
        listener(effect)


def answered(answer: Answer) -> None:
    """Tell every hearer, after a statement of the service's language was carried out."""
    for hearer in _hearers:
        hearer(answer)


@contextmanager
def listening(listener: Listener) -> Iterator[None]:
    """Hear every effect of every module, from any thread, until the block ends."""
    global _listeners
    with _lock:
        _listeners = (*_listeners, listener)
    try:
        yield
    finally:
        with _lock:
            _listeners = tuple(other for other in _listeners if other is not listener)


@contextmanager
def hearing(hearer: Hearer) -> Iterator[None]:
    """Hear what every statement of every module gave, from any thread, until the block ends."""
    global _hearers
    with _lock:
        _hearers = (*_hearers, hearer)
    try:
        yield
    finally:
        with _lock:
            _hearers = tuple(other for other in _hearers if other is not hearer)
