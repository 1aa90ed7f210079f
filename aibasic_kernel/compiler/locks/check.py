"""Whether the entries of a lock still fit the services and tables as they are now, without running anything."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from aibasic_kernel.compiler.compilation import Compilation
from aibasic_kernel.compiler.scope import Scope, Service
from aibasic_kernel.compiler.traces.trace import Trace, differences, problem_with


@dataclass(frozen=True)
class Checked:
    """What came of checking one entry.

    `reasons` say which name or table no longer matches, `unanswered` why a service could not be asked. `variables` are
    those that its code reads: only a run shows whether they fit.
    """

    entry: Compilation
    reasons: tuple[str, ...]
    unanswered: tuple[str, ...]
    variables: tuple[str, ...]


def check(entries: Iterable[Compilation], services: Mapping[str, Service]) -> Iterator[Checked]:
    """Check each entry against the tables of these services."""
    scope = Scope({}, services=services)
    problems = {section: problem_with(service) for section, service in _used(entries, services).items()}
    for entry in entries:
        trace = entry.trace
        reasons = tuple(differences(Trace(tables=trace.tables, calls=trace.calls), scope))
        told = tuple(problem for section in trace.tables if (problem := problems.get(section)))
        yield Checked(entry, reasons, told, tuple(trace.names))


def _used(entries: Iterable[Compilation], services: Mapping[str, Service]) -> dict[str, Service]:
    sections = {section for entry in entries for section in entry.trace.tables}
    return {section: services[section] for section in sorted(sections & services.keys())}
