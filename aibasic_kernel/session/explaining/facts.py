"""What a line's code is about: services, names, tables, what it would change, and what its last run did."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from types import ModuleType
from typing import TYPE_CHECKING

from aibasic.modules import config
from aibasic.modules.base import Module

from aibasic_kernel.compiler.compilation import Compilation
from aibasic_kernel.compiler.scope import Service
from aibasic_kernel.compiler.shapes import describe
from aibasic_kernel.compiler.traces.reads import Reads
from aibasic_kernel.session.line import Line
from aibasic_kernel.session.messages import PRODUCTION

if TYPE_CHECKING:
    from aibasic_kernel.session.session import Session

_WHERE = ("HOST", "PORT", "BOOTSTRAP_SERVERS", "SOCKET", "SERVICE", "DATABASE", "DB", "VHOST", "USER", "USERNAME")
"""Keys that say where a service is and as whom, without a secret."""
_SHAPE = 200
"""Characters of a description of a value."""
_MOST_SENT = 5


def services_of(session: Session, line: Line) -> list[Service]:
    """The services whose modules the line's code names."""
    loads = line.code.loads if line.code is not None else frozenset()
    return [service for service in session.services.values() if service.variable in loads]


def service_words(session: Session, services: Iterable[Service]) -> Iterator[str]:
    """Which service on which server, as whom. None is connected for it."""
    for service in services:
        module = session.names.get(service.variable)
        settings = session.settings
        marks = [PRODUCTION] * settings.is_production(service.section)
        marks += ["READONLY"] * settings.is_read_only(service.section)
        if isinstance(module, service.module_class) and not module.closed:
            where = ", ".join(filter(None, (module.place, "connected", module.state())))
        else:
            where = f"not connected: the next line that uses it connects to {_configured(service)}"
        yield ", ".join([f"[{service.section}] as {service.variable}: {where}", *marks])


def name_words(session: Session, python: str, made: Compilation | None) -> tuple[list[str], list[str]]:
    """The names that the code reads, and those that it makes, each with what it holds now."""
    reads = Reads(ast.parse(python))
    names, services = session.user_names, session.service_variables
    wanted = {*(made.trace.names if made is not None else ()), *(name for name in reads.read if name in names)}
    read = [f"{name}: {_now(session, name)}" for name in sorted(wanted - set(services))]
    kept = {made.result} if made is not None and made.origin[0] == "phrase" else reads.assigned
    bound = [name for name in sorted(kept) if name and name not in services and not _is_module(session, name)]
    return read, [f"{name}: {_now(session, name)}" for name in bound]


def table_words(made: Compilation) -> list[str]:
    """The tables and columns that its SQL names."""
    return [
        f"{table} of [{section}]: {', '.join(columns)}" if columns else f"{table} of [{section}]"
        for section, tables in made.trace.tables.items()
        for table, columns in tables.items()
    ]


def change_words(session: Session, line: Line) -> list[str]:
    """What it would change, as the gate judges it before it runs; what is asked about is said."""
    judged = session.gate.judged(line)
    if not judged:
        return ["nothing that the gate would ask about"]
    found = []
    for each in judged:
        where = f" on [{each.section}]" if each.section else ""
        found.append(f"{each.words}{where}{' (it asks before)' if session.gate.is_asked(each) else ''}")
    return found


def done_words(line: Line) -> list[str]:
    """What its last run sent to services, and did to files, programs and hosts."""
    heard = line.heard
    if heard is None:
        return []
    sent = [f"[{effect.service}]: {' '.join(effect.statement.split())}" for effect in heard.effects]
    more = [f"... and {len(sent) - _MOST_SENT:,} more"] if len(sent) > _MOST_SENT else []
    return [*sent[:_MOST_SENT], *more, *heard.events]


def _now(session: Session, name: str) -> str:
    names = session.user_names
    return describe(names[name], _SHAPE) if name in names else "not there now"


def _is_module(session: Session, name: str) -> bool:
    value = session.names.get(name)
    return isinstance(value, Module | ModuleType)


def _configured(service: Service) -> str:
    """What the configuration says of where it is."""
    configuration, said = config.load(), []
    for key in _WHERE:
        try:
            value = configuration.value(service.section, key)
        except (
            KeyError,
            PermissionError,
        ):  # a variable that is not set, a file that is not trusted: the line will say it
            continue
        said += [f"{key} = {value}"] if value else []
    return ", ".join(said) or f"what [{service.section}] of the configuration says"
