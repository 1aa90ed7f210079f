"""What every module is: a class over one service, configured by a section, one instance a process."""

from __future__ import annotations

import atexit
import importlib
import logging
import os
import threading
import warnings
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar, TypeVar

from aibasic.modules import config, effects
from aibasic.modules.effects import Effect, Kind
from aibasic.modules.phrases import Phrase
from aibasic.modules.schema import Table
from aibasic.modules.settings import MAX_ROWS, Setting, Settings, max_rows, read

log = logging.getLogger("aibasic.modules")

Self = TypeVar("Self", bound="Module")
_Place = tuple[type["Module"], "Path | None", str]


class Module(ABC):
    """A class over one service. Its attributes declare it: prompt, phrases, completion and docs come from them.

    Attributes of the class, `task`, `variable`, `service` and `driver` at least:
        task          task type and configuration section: `postgres`
        variable      the name that programs expect: `pg`
        service       the service's name as people write it: `PostgreSQL`
        driver        the driver's import name, imported only when a section is used: `psycopg2`
        extra         the extra of aibasic-kernel that installs the driver; "" for a module of a package of its own
        other_words   other names of the task type: `mariadb` for mysql
        has           what the service has, of: auth, tls, restart, cancel, sql
        dialect       where it has sql: the dialect as sqlglot names it
        settings      the KEYS of its section beside those that every service has (`settings.COMMON`)
        phrases       sentences that are understood without a language model
        destroys      methods that are always announced as destructive, with what they do
        loads_first   imports of its driver that must come before other libraries

    Attributes of an instance:
        section       the section that configures it: `postgres:warehouse`; there after `super().__init__`
        place         where it is connected: `user@host:port/database`; `__init__` sets it
        read_only     READONLY of the section
        closed        set by `close`
        max_rows      MAX_ROWS: a larger result is `results.TooManyRows`

    `_announce(kind, statement)` comes before whatever is sent.
    """

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
    extra: ClassVar[str] = ""
    """The extra of aibasic-kernel that installs the driver; "" where a package of its own brings module and driver."""
    loads_first: ClassVar[tuple[str, ...]] = ()
    """Imports of its driver that fail, or fall back on something slow, once other libraries are loaded."""
    borrows: ClassVar[tuple[str, ...]] = ()
    """Where its driver has a password from that no section names, for whatever server: `PGPASSWORD`, a file."""
    has: ClassVar[frozenset[str]] = frozenset()
    """What the service has, of: auth, tls, restart, cancel, sql."""
    dialect: ClassVar[str] = ""
    """The SQL dialect as sqlglot names it, where the service has SQL."""
    settings: ClassVar[tuple[Setting, ...]] = ()
    """The KEYS of its section beside those that every service has."""
    phrases: ClassVar[tuple[Phrase, ...]] = ()
    destroys: ClassVar[Mapping[str, str]] = {}
    """Its methods that are always announced as destructive, with what they do: `{queue}` is their argument."""

    section: str
    """The section that configures this instance: `postgres:warehouse`."""
    place: str = ""
    """Where it is connected, as effects name it: `user@host:port/database`. Set once connected."""
    read_only: bool = False
    """READONLY: what is announced as a write is refused. What a service has of its own for this, a module uses too."""
    closed: bool = False
    max_rows: int = MAX_ROWS.default
    """MAX_ROWS as of the last `from_config`."""

    def __init__(self, configured: Settings) -> None:
        """Connect as configured. Called by `from_config` alone."""
        self.section = configured.section
        self.read_only = configured["READONLY"]

    @classmethod
    def from_config(cls: type[Self], config_path: str = "aibasic.conf", name: str | None = None) -> Self:
        """The one instance for that file and section, connected; name "warehouse" means section `[postgres:warehouse]`.

        Made on the first call, and made anew after `close()` or when the section has been edited. KeyError where the
        section or a key is missing, ModuleNotFoundError where the driver is, RuntimeError where it cannot connect.
        """
        section = _section(cls, name)
        configuration = config.load(config_path)
        if configuration.path is None and section not in configuration:
            raise KeyError(f"Missing [{section}] section in {config_path}: no such file in {Path.cwd()} or above")
        instance = _instances.get(cls, configuration, section)
        instance.max_rows = max_rows(configuration)
        return instance

    @abstractmethod
    def get_connection_info(self) -> dict[str, Any]:
        """Where it is connected, without any secret."""

    @abstractmethod
    def close(self) -> None:
        """Close all connections. The next `from_config` makes a new instance."""

    @abstractmethod
    def after_fork(self) -> None:
        """In a forked child: let go of the parent's connections without a word to the service; new ones come with use.

        Sockets: `sockets.silence`. A handle of a library that may not be closed in a child, as SQLite's, is kept.
        """

    def describe(self) -> Mapping[str, Table]:
        """The tables by name, cached; renewed after a statement that changed them. {} for services without tables."""
        return {}

    def categories(self, tables: Iterable[Table], seconds: float = 1.0) -> Mapping[str, Mapping[str, tuple[str, ...]]]:
        """The distinct values of the text columns that have few: table -> column -> values, as many as time allows.

        They are values of data: they may be told to a provider only where SHARE allows it.
        """
        return {}

    def probe(self, query: str, seconds: float) -> Sequence[tuple[Any, ...]] | None:
        """The rows of a query that may only read, sent beside the user's own work and leaving no mark on it.

        None where that is not possible, where it fails, and where it takes longer than `seconds`.
        """
        return None

    def how_many(self, name: str, seconds: float) -> str:
        """How much a table or the like holds, for people (`1,204 rows`); "" where that is not known in time."""
        counted = self.probe(f"SELECT count(*) FROM {name}", seconds) if "sql" in self.has else None
        return f"{counted[0][0]:,} rows" if counted else ""

    def known_tables(self) -> Mapping[str, Table]:
        """The tables as `describe()` read them last, perhaps outdated; {} before that. The service is not asked."""
        return {}

    def state(self) -> str:
        """What the session should know of the connection now (`transaction open since 12:03`), "" for nothing."""
        return ""

    def end_transaction(self) -> str:
        """Undo what is open on the connection. What was undone, for people; "" where nothing was open."""
        return ""

    def _announce(self, kind: Kind, statement: str) -> None:
        """Tell the listeners what is about to be sent; one that refuses raises, and it must not be sent then.

        PermissionError for WRITE and DESTRUCTIVE where the section has READONLY. A STATEMENT is not judged here: have
        the service refuse it, by a session, transaction or file mode that only reads.
        """
        if self.read_only and kind in (Kind.WRITE, Kind.DESTRUCTIVE):
            raise PermissionError(f"[{self.section}] has READONLY = true, so this was not sent: {statement}")
        effects.announce(Effect(self.section, self.place, kind, statement))


class _Instances:
    """The living instances of this process by class, file and section."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._making: dict[_Place, threading.Lock] = {}
        self._made: dict[_Place, tuple[int, Module]] = {}

    def get(self, cls: type[Self], configuration: config.Configuration, section: str) -> Self:
        written = configuration.section(section)
        place: _Place = (cls, configuration.path, section)
        content = _digest(written)
        with self._lock:
            making = self._making.setdefault(place, threading.Lock())
        with making:
            made = self._made.get(place)
            if made and made[0] == content and not made[1].closed:
                return made[1]  # type: ignore[return-value]
            if made and not made[1].closed:
                log.info("[%s] was edited: connecting anew", section)
                made[1].close()
            elif made:
                log.info("[%s] was closed: connecting anew", section)
            require_driver(cls)
            instance = cls(read(section, written, cls.settings, configuration.name))
            self._made[place] = (content, instance)
            return instance

    def made(self, cls: type[Module], configuration: config.Configuration, section: str) -> Module | None:
        content, instance = self._made.get((cls, configuration.path, section), (0, None))
        if instance is None or instance.closed or section not in configuration:
            return None
        return instance if content == _digest(configuration.section(section)) else None

    def living(self) -> list[Module]:
        return [instance for _, instance in self._made.values() if not instance.closed]

    def close_all(self) -> None:
        for instance in self.living():
            try:
                instance.close()
            except Exception as error:
                log.debug("closing %s: %s", instance.section, error)

    def after_fork(self) -> None:
        self._lock = threading.Lock()
        self._making = {}
        for instance in self.living():
            instance.after_fork()


def made_before(cls: type[Module], config_path: str = "aibasic.conf", name: str | None = None) -> Module | None:
    """The instance that `cls.from_config` would give, None where it would make one: nothing is connected here.

    KeyError and PermissionError where the section cannot be read.
    """
    return _instances.made(cls, config.load(config_path), _section(cls, name))


def _section(cls: type[Module], name: str | None) -> str:
    return f"{cls.task}:{name}" if name else cls.task


def _digest(written: Mapping[str, str]) -> int:
    # hash() of text is salted anew in each process, so this tells nobody anything about a password.
    return hash(frozenset(written.items()))


def load_first(module: type[Module]) -> None:
    """Import what must come before the libraries that a program may import, where it is installed."""
    for name in module.loads_first:
        try:
            importlib.import_module(name)
        except ImportError as error:
            log.debug("%s: %s", name, error)


def require_driver(module: type[Module]) -> None:
    """Import a module's driver, or say how to install it."""
    try:
        with warnings.catch_warnings():
            # What a driver has to change for a later Python is its authors' business.
            warnings.simplefilter("ignore", DeprecationWarning)
            importlib.import_module(module.driver)
    except ModuleNotFoundError as error:
        if error.name not in (module.driver, module.driver.partition(".")[0]):
            raise
        raise ModuleNotFoundError(
            f"No module named '{module.driver}'\n  pip install '{_brought_by(module)}'", name=error.name
        ) from None


def _brought_by(module: type[Module]) -> str:
    """What to install for a module's driver: the extra, the package whose entry point it is, else the driver itself."""
    if module.extra:
        return f"aibasic-kernel[{module.extra}]"
    from importlib import metadata  # takes long to import, and only this error needs it

    points = metadata.entry_points(group="aibasic.modules", name=module.task)
    package = next((point.dist.name for point in points if point.dist is not None), None)
    return package or module.driver.partition(".")[0]


_instances = _Instances()
atexit.register(_instances.close_all)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_instances.after_fork)
