"""What the compiler may know of the moment in which a line is compiled. The session provides it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from aibasic.modules.base import Module
from aibasic.modules.schema import Table


class Service(Protocol):
    """A configured service: one section of aibasic.conf."""

    @property
    def section(self) -> str:
        """`postgres` or `postgres:warehouse`."""

    @property
    def variable(self) -> str:
        """The name of its module in the namespace, whether it stands there yet: `pg`, `pg_warehouse`, `pg_aibasic`."""

    @property
    def module_class(self) -> type[Module]:
        """The class that serves it."""

    def module(self) -> Module:
        """The live instance, made and connected on the first call. Raises what the module's `from_config` raises."""

    def tables(self) -> Mapping[str, Table]:
        """Its tables by name (`name`, or `schema.name` off the search path); cached by the module; {} without SQL."""


@dataclass(frozen=True)
class Ahead:
    """Which lines of a cell a line that is asked for ahead of its turn will find run, though they have not run yet.

    They are the sentences of `Scope.cell` from `first` to before `line`, itself in the cell. `makes` has the code of
    those, by position, of which it is known already; `sections` are the services whose tables tell what they make.
    """

    first: int
    line: int
    makes: Mapping[int, str] = field(default_factory=dict)
    sections: Collection[str] = frozenset()


@dataclass(frozen=True)
class Scope:
    """The names, services and sentences that a sentence may refer to."""

    names: Mapping[str, object]
    """The user's variables, live (not IPython's own, nothing with a leading underscore)."""
    last_output: str | None = None
    """The name of the newest result: what "it" and "the results" stand for."""
    services: Mapping[str, Service] = field(default_factory=dict)
    """The configured services by section, in the order of the configuration."""
    cell: tuple[str, ...] = ()
    """All sentences of the cell that is running, as written, in order."""
    code: Collection[str] = frozenset()
    """The texts and keywords that stand in the Python which has run."""
    ahead: Ahead | None = None
    """Set where the line's turn has not come."""

    @property
    def folder(self) -> Path:
        """The working folder."""
        return Path.cwd()
