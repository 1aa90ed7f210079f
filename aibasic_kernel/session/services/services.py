"""The configured services of a session, and the modules that stand for them in the namespace."""

from __future__ import annotations

import logging
import threading
from collections.abc import Collection, Iterator, Mapping, MutableMapping
from contextlib import suppress
from typing import Any

from aibasic.modules import config
from aibasic.modules.base import Module, load_first, made_before
from aibasic.modules.schema import Table

_log = logging.getLogger(__name__)
_FREE = object()


class ConfiguredService:
    """One section of aibasic.conf that a module class serves."""

    def __init__(self, section: str, module_class: type[Module], config_path: str, names: Mapping[str, Any]) -> None:
        self.section = section
        self.module_class = module_class
        self.instance = section.partition(":")[2]
        self._config_path = config_path
        self._names = names
        load_first(module_class)

    @property
    def default_variable(self) -> str:
        """The name that programs expect: `pg`, `pg_warehouse`."""
        return f"{self.module_class.variable}_{self.instance}" if self.instance else self.module_class.variable

    @property
    def variable(self) -> str:
        """The default name, or `NAME_aibasic` while the user's own value stands there: that is never overwritten."""
        name = self.default_variable
        held = self._names.get(name, _FREE)
        return name if held is _FREE or isinstance(held, self.module_class) else f"{name}_aibasic"

    @property
    def held(self) -> Module | None:
        """The instance in the namespace; its section may have been edited since."""
        held = self._names.get(self.variable)
        return held if isinstance(held, Module) else None

    def module(self) -> Module:
        return self.module_class.from_config(self._config_path, name=self.instance or None)

    def made(self) -> Module | None:
        """The instance that `module` would give, None where it would connect or cannot."""
        with suppress(KeyError, PermissionError):  # the line that uses it will say it
            return made_before(self.module_class, self._config_path, name=self.instance or None)
        return None

    @property
    def comes_along(self) -> bool:
        """Whether its server is the embedded one: the user's own, on this machine, started by whoever needs it."""
        with suppress(KeyError, PermissionError):  # the line that uses it will say it
            return config.load(self._config_path).section(self.section).get("HOST", "").lower() == "embedded"
        return False

    def tables(self) -> Mapping[str, Table]:
        return self.module().describe() if "sql" in self.module_class.has else {}


class Services(Mapping[str, ConfiguredService]):
    """The configured services by section, in the order of the configuration."""

    def __init__(self, services: Collection[ConfiguredService] = ()) -> None:
        self._services = {service.section: service for service in services}
        self._fresh: set[str] = set()
        self._learnt: set[str] = set()

    def __getitem__(self, section: str) -> ConfiguredService:
        return self._services[section]

    def __iter__(self) -> Iterator[str]:
        return iter(self._services)

    def __len__(self) -> int:
        return len(self._services)

    def moved(self) -> list[tuple[str, str, str]]:
        """Class, default and present variable of those whose default name holds something of the user's."""
        found = ((s.module_class.__name__, s.default_variable, s.variable) for s in self._services.values())
        return [(cls, default, variable) for cls, default, variable in found if default != variable]

    @property
    def variables(self) -> set[str]:
        """The variables of all services."""
        return {service.variable for service in self._services.values()}

    def learn_ahead(self, wanted: str | None) -> None:
        """Read in the background the tables of a server that comes along, once, before a line has used it.

        Of the section `wanted`, None for any. Other servers are left alone: to log in somewhere is up to a line.
        """
        for section, service in self._services.items():
            if section in self._learnt or wanted not in (None, section) or not service.comes_along:
                continue
            self._learnt.add(section)
            threading.Thread(target=_read_tables, args=(service,), name="aibasic-tables", daemon=True).start()

    def new_cell(self) -> None:
        """Ask for each instance anew when it is next needed: an edited section makes another one."""
        self._fresh.clear()

    def is_outdated(self, section: str) -> bool:
        """Whether the instance in the namespace is closed, or its section was edited: the next use makes a new one."""
        service = self._services[section]
        return service.held is not None and service.held is not service.made()

    def at_hand(self, section: str) -> Module:
        """The instance that a line works with which runs now: one for the section as it stood when this cell first used
        it, and a new one after `close()`. KeyError for an unknown section; raises what `from_config` raises.
        """
        service = self._services[section]
        held = service.held
        return held if section in self._fresh and held is not None and not held.closed else service.module()

    def bind(self, names: MutableMapping[str, Any], wanted: Collection[str]) -> list[str]:
        """Put the modules whose variables are `wanted` into the namespace. Returns those that got another name."""
        moved = []
        for section, service in self._services.items():
            name = service.variable
            if name not in wanted:
                continue
            module = self.at_hand(section)
            self._fresh.add(section)
            if names.get(name) is not module:
                names[name] = module
                if name != service.default_variable:
                    moved.append(name)
        return moved


def _read_tables(service: ConfiguredService) -> None:
    try:
        service.tables()
    except Exception as error:  # whatever the driver raises; the line that uses it will say it
        _log.debug("the tables of [%s] cannot be read: %s", service.section, error)
