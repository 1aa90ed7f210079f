"""What is known of the services without asking them: the scope of a key press, which must not wait for a server."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING
from weakref import WeakSet

from aibasic.modules.base import Module
from aibasic.modules.schema import Table

from aibasic_kernel.compiler.scope import Scope
from aibasic_kernel.errors import AIBasicError

if TYPE_CHECKING:
    from aibasic_kernel.session.services.services import ConfiguredService
    from aibasic_kernel.session.session import Session

_log = logging.getLogger(__name__)
_NOTHING: Mapping[str, Table] = MappingProxyType({})


@dataclass(frozen=True)
class KnownService:
    """A configured service as far as it is known: its tables are those that were read last, none before it was used."""

    section: str
    variable: str
    module_class: type[Module]
    live: Module | None

    def module(self) -> Module:
        """The live instance; LookupError where there is none, for none is made here."""
        if self.live is None:
            raise LookupError(f"[{self.section}] was not used yet")
        return self.live

    def tables(self) -> Mapping[str, Table]:
        return self.live.known_tables() if self.live is not None else _NOTHING


def known_scope(session: Session) -> Scope:
    """The session's scope, in which no service connects or is asked; without services where aibasic.conf is broken."""
    try:
        scope = session.scope()
    except (AIBasicError, OSError, ValueError, LookupError):  # the next cell says what is wrong with it
        return Scope(session.user_names, session.last_output)
    known = {section: _known(service, session) for section, service in session.services.items()}
    return replace(scope, services=known)


class Learner:
    """Reads, after a cell, the tables that have changed or were never read, so that no key press has to.

    Only modules that are connected are asked, and none again that failed to answer once.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self._failed: WeakSet[Module] = WeakSet()

    def learn(self) -> None:
        """Let each module renew what it knows of its tables; free where nothing has changed."""
        for module in list(self._session.names.values()):
            # In a transaction that has failed, only another connection could read them.
            if not isinstance(module, Module) or module.closed or module in self._failed or module.state():
                continue
            try:
                module.describe()
            except Exception as error:  # whatever the driver raises; the next line that uses it will say it
                _log.debug("the tables of [%s] cannot be read: %s", module.section, error)
                self._failed.add(module)


def _known(service: ConfiguredService, session: Session) -> KnownService:
    held = session.names.get(service.variable)
    live = held if isinstance(held, service.module_class) else service.made()
    return KnownService(service.section, service.variable, service.module_class, live)
