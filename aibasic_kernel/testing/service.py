"""What an author says of a service, so that the contract of the modules can be tested over it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Any, ClassVar

from aibasic.modules.base import Module
from aibasic.modules.effects import Kind
from aibasic.modules.phrases import Phrase

from aibasic_kernel.testing.fault_proxy import FaultProxy

Keys = dict[str, object]
"""KEYS of the section that are changed; None leaves one out."""
NO_NETWORK = "it has no network"


@dataclass(frozen=True)
class Operation:
    """One call of a public method: `call(module)`. `kind` is what it must be announced as, at least once."""

    call: Callable[[Any], object]
    kind: Kind


@dataclass(frozen=True)
class Refusal:
    """A configuration that does not connect: `says` is a regular expression for the cause and what to do."""

    keys: Keys
    says: str


@dataclass(frozen=True)
class Words:
    """Regular expressions for what errors say that the contract provokes by itself, for a service that says it better.

    `unknown_host`, `closed_port` and `silence` are what `from_config` raises for these, `closed` what any call raises
    after `close()`, behind the section's name.
    """

    unknown_host: str = "HOST|host"
    closed_port: str = "does it run"
    silence: str = "TIMEOUT"
    closed: str = "is closed"


@dataclass(frozen=True)
class Looking:
    """Sentences that look around, each understood without a model: see clause 8.

    The first, second and fourth give `Rows`, the third an int. Where `has` names sql, `filtered` is one that gives
    `Rows` too, by a condition with a variable of `names()` and with `contains`.
    """

    list_all: str
    describe: str
    count: str
    first_ten: str
    filtered: str = ""

    @property
    def tables(self) -> tuple[str, ...]:
        """The sentences that give rows."""
        return tuple(filter(None, (self.list_all, self.describe, self.first_ten, self.filtered)))


@dataclass(frozen=True)
class Bulk:
    """A large transfer: `send(module, marker)` writes `size` things under one marker, in more than one message."""

    send: Callable[[Any, str], object]
    size: int


class ServiceUnderTest(ABC):
    """A module, its real server, and the calls by which the contract tries it. One server may serve all tests.

    A *marker* is a short text, new for each write: `counts()` tells how often the server holds each.

    Attributes, of which `module` is needed, and `port` where there is a network:
        module      the class under test
        network     False for a service without one (a file, a library): no host, port and proxy then
        host, port  where the server listens, over plain TCP for `plain` KEYS
        plain       KEYS that switch TLS off, where `conf()` has it on
        secret      the password that `conf()` uses: nothing may show it
        required    a KEY without which the section is incomplete
        limit       KEYS for a low limit of connections, and how many the server may then see; None where there is none
        words       what its errors say where the contract asks for words
        heals       whether the client sends again what got no answer, under a number by which the server takes it once:
                    then a cut may go unnoticed
        not_sent    public methods that send nothing to the server, so that there is nothing to announce
    """

    module: ClassVar[type[Module]]
    network: ClassVar[bool] = True
    host = "127.0.0.1"
    port: int
    plain: ClassVar[Mapping[str, object]] = {}
    secret: str = "no-secret-is-in-the-section"
    required: ClassVar[str] = "HOST"
    limit: ClassVar[tuple[Mapping[str, object], int] | None] = None
    words: ClassVar[Words] = Words()
    heals: ClassVar[bool] = False
    not_sent: ClassVar[frozenset[str]] = frozenset()

    # The server

    @abstractmethod
    def start(self) -> None:
        """Start the server, on the same port as before, and wait until it answers."""

    @abstractmethod
    def kill(self) -> None:
        """End the server with SIGKILL and wait until it is gone."""

    @abstractmethod
    def prepare(self) -> None:
        """Lay out the content that operations, phrases and sentences of `looking` speak of, apart from the module.

        What earlier tests left is gone then, the markers too.
        """

    @abstractmethod
    def counts(self) -> Mapping[str, float]:
        """How often the server holds each marker's write, asked apart from the module; half a write is a fraction."""

    @abstractmethod
    def content(self) -> object:
        """All that a write could change, asked apart from the module: equal as long as nothing was written."""

    @abstractmethod
    def connections(self) -> int:
        """How many connections of modules the server has now."""

    # Configurations

    @abstractmethod
    def conf(self, **keys: object) -> str:
        """The section of this server as text, beginning with `[task]`; keywords change KEYS, None leaves one out."""

    def at(self, host: str, port: int) -> Keys:
        """The KEYS that point to another place. Only with a network."""
        return {"HOST": host, "PORT": port}

    @abstractmethod
    def ways(self) -> Mapping[str, Keys]:
        """Every way to authenticate and to secure the connection, by name, that must work."""

    @abstractmethod
    def refused(self) -> Mapping[str, Refusal]:
        """What must not connect, by name: `wrong password` where there is auth, `wrong CA` where there is TLS, more.

        Where `has` says so the suite wants those two; wrong host, wrong port and silence it tries by itself. Without a
        network one at least.
        """

    def expired(self) -> AbstractContextManager[Refusal]:
        """A server whose certificate has expired, for as long as the block runs. Only where there is TLS."""
        raise NotImplementedError(f"{type(self).__name__} says nothing of an expired certificate")

    # Calls

    @abstractmethod
    def read(self, module: Any) -> None:
        """One quick read; assert that its answer is right, whatever the server holds, also after it lost everything."""

    @abstractmethod
    def writes(self) -> Mapping[str, Callable[[Any, str], object]]:
        """The ways to write, by name: `write(module, marker)` counts one in `counts()`. The first is the quickest."""

    @abstractmethod
    def operations(self) -> Mapping[str, Operation]:
        """Every public method that sends something, by its name, or by `name: more` for further calls of one.

        Each goes through on the prepared content, whichever ran before. Among them calls through clients, cursors and
        the like that the module hands out.
        """

    @abstractmethod
    def idle_past_limit(self) -> None:
        """Let connections be idle for longer than the server puts up with, or let it end them as it then would.

        Does nothing where the service knows no such limit.
        """

    @abstractmethod
    def long_call(self, module: Any) -> object:
        """A call that takes 20 s and more, such as a query that sleeps or waiting for what does not come."""

    @abstractmethod
    def long_call_runs(self) -> bool:
        """Whether the server is at work on a long call now, or waits for somebody with it."""

    @abstractmethod
    def bulk(self) -> Bulk | None:
        """A large transfer that shows progress; None where the service has none. Without a network it takes seconds."""

    # Sentences

    @abstractmethod
    def looking(self) -> Looking:
        """Sentences that look around: list what there is, describe one, how many, the first ten."""

    def names(self) -> Mapping[str, object]:
        """The variables that the examples of phrases speak of."""
        return {}

    def before(self, phrase: Phrase, module: Any) -> None:  # noqa: B027
        """What a phrase's example needs beside the prepared content, such as a transaction that it ends."""

    # The network

    @contextmanager
    def proxied(self) -> Iterator[tuple[FaultProxy, Keys]]:
        """A proxy before the server, and the KEYS that lead through it over plain TCP. Only with a network."""
        with FaultProxy(self.port) as proxy:
            yield proxy, {**self.at("127.0.0.1", proxy.port), **self.plain}
