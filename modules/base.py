"""What every module is: a class over one service, configured by a section, one instance a process."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar

from aibasic.modules.phrases import Phrase
from aibasic.modules.schema import Table


class Module(ABC):
    """A class over one service. The class attributes are its declaration: prompt, phrases, completion and docs come from it."""

    task: ClassVar[str]
    """Task type and configuration section: `postgres`."""
    other_words: ClassVar[tuple[str, ...]] = ()
    """Other names of the task type: `mariadb` for mysql."""
    variable: ClassVar[str]
    """The name that programs expect: `pg`."""
    service: ClassVar[str]
    """The service's name as people write it: `PostgreSQL`."""
    driver: ClassVar[str]
    """The driver's import name: `psycopg2`."""
    extra: ClassVar[str]
    """The extra of aibasic-kernel that installs the driver."""
    has: ClassVar[frozenset[str]] = frozenset()
    """What the service has, of: auth, tls, restart, cancel, sql."""
    dialect: ClassVar[str] = ""
    """The SQL dialect as sqlglot names it, where the service has SQL."""
    phrases: ClassVar[tuple[Phrase, ...]] = ()

    @classmethod
    @abstractmethod
    def from_config(cls, config_path: str = "aibasic.conf", name: str | None = None) -> Module:
        """The one instance for that file and section."""

    @abstractmethod
    def get_connection_info(self) -> dict[str, Any]:
        """Where it is connected, without any secret."""

    @abstractmethod
    def close(self) -> None:
        """Close all connections. The next `from_config` makes a new instance."""

    def describe(self) -> Mapping[str, Table]:
        """The tables by name, cached; renewed after a statement that changed them. {} for services without tables."""
        return {}

    def state(self) -> str:
        """What the session should know of the connection now (`transaction open since 12:03`), "" for nothing."""
        return ""
