"""What a closed slot holds, and the moment in which slots are closed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from aibasic.modules.schema import Table

from aibasic_kernel.compiler.phrasing.columns import kinds_of_columns
from aibasic_kernel.compiler.scope import Scope, Service
from aibasic_kernel.compiler.sql.text import Sql


@dataclass(frozen=True)
class Filled:
    """A closed slot: `python` and `sql` are its text in both; `of` is the table or live value that it names.

    `imports` are the statements that its Python needs.
    """

    python: str
    sql: Sql = ()
    of: object = None
    imports: frozenset[str] = frozenset()

    @cached_property
    def columns(self) -> Mapping[str, str]:
        """The kinds of the columns of what it names."""
        return kinds_of_columns(self.of)


@dataclass(frozen=True)
class Moment:
    """What closes the slots of one sentence. The service's tables are asked for once, when a slot first needs them."""

    scope: Scope
    service: Service | None = None

    @cached_property
    def tables(self) -> Mapping[str, Table]:
        return self.service.tables() if self.service is not None else {}

    @property
    def dialect(self) -> str:
        return self.service.module_class.dialect if self.service is not None else ""
