"""A trace that held, checked again by identity: what a loop asks of each of its lines in each round."""

from __future__ import annotations

import weakref
from collections.abc import Mapping
from typing import Any

from aibasic.modules.base import Module
from aibasic.modules.schema import Table

from aibasic_kernel.compiler.kinds import dtypes_of, is_frame, is_rows, scalar_kind
from aibasic_kernel.compiler.scope import Scope
from aibasic_kernel.compiler.shapes import Shape
from aibasic_kernel.compiler.traces.trace import Trace, known_tables, mismatch, shape_differences

_MISSING = object()


class CheckedTrace:
    """A trace with what it was last found to hold for: classes of scalars, identities of objects, layouts of frames.

    Nothing big is kept alive: objects are held weakly. What cannot be held so (lists, dicts) is looked at each time.
    Not for use from several threads at once.
    """

    def __init__(self, trace: Trace) -> None:
        self.trace = trace
        self._holds = False
        self._classes: list[tuple[str, type]] = []
        self._objects: list[tuple[str, weakref.ref[object]]] = []
        self._layouts: list[tuple[str, object, list[object]]] = []
        self._others: list[tuple[str, Shape]] = []
        self._services: list[tuple[str, str, type[Module]]] = []
        self._tables: list[tuple[str, Mapping[str, Table] | None]] = []

    def mismatch(self, scope: Scope) -> str | None:
        """As `trace.mismatch`, in full only where something that the code reads has changed since the last time."""
        if self._holds and self._unchanged(scope):
            return None
        reason = mismatch(self.trace, scope)
        self._holds = reason is None
        if self._holds:
            self._remember(scope)
        return reason

    def _unchanged(self, scope: Scope) -> bool:
        # plain loops: generators would take half of the time that a round of a loop can spare
        names, trace = scope.names, self.trace
        if (trace.it is not None and trace.it != scope.last_output) or not names.keys().isdisjoint(trace.absent):
            return False
        for name, cls in self._classes:
            if type(names.get(name, _MISSING)) is not cls:
                return False
        for name, held in self._objects:
            value = held()
            if value is None or names.get(name) is not value:
                return False
        for name, columns, dtypes in self._layouts:
            if not _same_layout(names[name], columns, dtypes):
                return False
        for name, then in self._others:
            if name not in names or any(shape_differences(name, then, names[name])):
                return False
        return self._same_services(scope)

    def _same_services(self, scope: Scope) -> bool:
        for section, variable, cls in self._services:
            service = scope.services.get(section)
            if service is None or service.variable != variable or service.module_class is not cls:
                return False
        for section, tables in self._tables:
            service = scope.services.get(section)
            if service is None or known_tables(service) is not tables:
                return False
        return True

    def _remember(self, scope: Scope) -> None:
        self._classes, self._objects, self._layouts, self._others = [], [], [], []
        for name, shape in self.trace.names.items():
            value: Any = scope.names[name]
            held = _weakly(value)
            if scalar_kind(type(value)) is not None:
                self._classes.append((name, type(value)))
            elif held is None:
                self._others.append((name, shape))
            else:
                self._objects.append((name, held))
            if is_frame(value):
                self._layouts.append((name, value.columns, dtypes_of(value)))
        self._services = [
            (call.section, call.variable, scope.services[call.section].module_class) for call in self.trace.calls
        ]
        self._tables = [(section, known_tables(scope.services[section])) for section in self.trace.tables]


def _weakly(value: object) -> weakref.ref[object] | None:
    """A weak reference to an object that keeps its shape; None for what has none or is changed in place."""
    if issubclass(type(value), (list, dict)) and not is_rows(value):
        return None
    try:
        return weakref.ref(value)
    except TypeError:
        return None


def _same_layout(frame: Any, columns: object, dtypes: list[object]) -> bool:
    return frame.columns is columns and dtypes_of(frame) == dtypes
