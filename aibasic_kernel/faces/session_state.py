"""What front ends show of a session beside its cells: model, cost, connections, program. Sent over a comm.

The comm's target is TARGET. Who opens one gets the state as its first message, and anew after each cell, be that well
or failed. Nothing connects for it, and no engine is loaded.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypedDict

from aibasic_kernel.errors import AIBasicError

if TYPE_CHECKING:
    from comm.base_comm import BaseComm

    from aibasic_kernel.compiler.scope import Service
    from aibasic_kernel.session.session import Session

TARGET = "aibasic.session"


class ConnectionState(TypedDict):
    """One configured service: `name` is its section, `state` one of `connected`, `not used yet` and `closed`.

    `where` is `user@host:port/database` once it is connected, "" before.
    """

    name: str
    variable: str
    state: str
    where: str
    production: bool
    readonly: bool


class LineState(TypedDict):
    """One line of the program, with the label of its cell."""

    cell: str
    number: int
    text: str


class SessionState(TypedDict):
    """All of it. `dollars` is None where nobody knows a price; a configuration that cannot be read has no model."""

    model: str
    frozen: bool
    cost: str
    dollars: float | None
    tokens: int
    connections: list[ConnectionState]
    program: list[LineState]
    trace: bool
    immediate: bool


def unknown_state() -> SessionState:
    """The state before there is a session."""
    return {
        "model": "",
        "frozen": False,
        "cost": "",
        "dollars": 0.0,
        "tokens": 0,
        "connections": [],
        "program": [],
        "trace": False,
        "immediate": True,
    }


def state_of(session: Session) -> SessionState:
    """The state now; a configuration that cannot be read leaves out what it would say."""
    state = unknown_state()
    state["trace"] = session.runner.is_traced
    state["immediate"] = session.immediate
    state["program"] = [
        {"cell": line.cell.label, "number": line.number or 0, "text": line.instruction.source.strip()}
        for line in session.program.lines()
    ]
    try:
        settings, spent = session.settings, session.compiler.spending.total
        state["connections"] = [_connection(session, service) for service in session.services.values()]
    except (AIBasicError, OSError, ValueError, LookupError):
        return state  # the next cell says what is wrong with it
    state["model"], state["frozen"] = settings.model, settings.frozen
    state["cost"], state["tokens"] = spent.price, spent.tokens_in + spent.output
    state["dollars"] = None if spent.unpriced else spent.dollars
    return state


def _connection(session: Session, service: Service) -> ConnectionState:
    module = session.names.get(service.variable)
    is_held = isinstance(module, service.module_class)
    is_open = is_held and not session.services.is_outdated(service.section)
    return {
        "name": service.section,
        "variable": service.variable,
        "state": "connected" if is_open else "closed" if is_held else "not used yet",
        "where": module.place if isinstance(module, service.module_class) and is_open else "",
        "production": session.settings.is_production(service.section),
        "readonly": session.settings.is_read_only(service.section),
    }


class Watchers:
    """The comms that front ends have opened. `session` gives the session, None before there is one."""

    def __init__(self, session: Callable[[], Session | None]) -> None:
        self._session = session
        self._open: dict[str, BaseComm] = {}

    def welcome(self, comm: BaseComm, opening: Any) -> None:
        """A front end has opened a comm of the target."""
        self._open[comm.comm_id] = comm
        comm.on_close(lambda message: self._forget(comm.comm_id))
        comm.send(self._state())

    def tell(self) -> None:
        """Send the state to all of them."""
        if self._open:
            state = self._state()
            for comm in list(self._open.values()):
                comm.send(state)

    def _forget(self, comm_id: str) -> None:
        self._open.pop(comm_id, None)

    def _state(self) -> dict[str, Any]:
        session = self._session()
        return {**(unknown_state() if session is None else state_of(session))}
