"""What a compilation relies on, and whether that still holds: the condition under which its code may run again.

A trace holds names and tables by shape, never a value nor anything made from values. Checking one looks at nothing but
the names and tables in it, however many others there are.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from aibasic.modules.schema import Table

from aibasic_kernel.compiler.kinds import agree
from aibasic_kernel.compiler.scope import Scope, Service
from aibasic_kernel.compiler.shapes import Shape, shape_of
from aibasic_kernel.errors import text_of

Tables = Mapping[str, Mapping[str, Mapping[str, str]]]
"""Section -> table -> column -> kind, the columns that the code names."""


@dataclass(frozen=True)
class Call:
    """A call of a module's method: `positional` many arguments and `keywords`; it holds while the method takes them.

    A method of "" stands for a use of the module that is no call.
    """

    section: str
    variable: str
    method: str
    positional: int = 0
    keywords: tuple[str, ...] = ()

    def to_json(self) -> list[object]:
        return [self.section, self.variable, self.method, self.positional, *self.keywords]

    @classmethod
    def from_json(cls, data: Any) -> Call:
        """What `to_json` gave. Raises ValueError for anything else."""
        if not isinstance(data, list) or len(data) < 4 or not isinstance(data[3], int):
            raise ValueError("not a call")
        texts = [*data[:3], *data[4:]]
        if not all(isinstance(text, str) for text in texts):
            raise ValueError("a call's section, variable, method and keywords must be text")
        return cls(data[0], data[1], data[2], data[3], tuple(data[4:]))


@dataclass(frozen=True)
class Trace:
    """What the code for one sentence relies on.

    `names`: the shapes of the variables that it reads, with the columns that it names (all columns where it uses the
    whole value). `absent`: the sentence's words that were no variables then. `it`: the variable that the sentence left
    unnamed, meant by "it", "the results" or by nothing at all. `tables`: the columns that its SQL names, by section
    and table. `calls`: its calls of modules.
    """

    names: Mapping[str, Shape] = field(default_factory=dict)
    absent: tuple[str, ...] = ()
    it: str | None = None
    tables: Tables = field(default_factory=dict)
    calls: tuple[Call, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Plain data; what is empty is left out."""
        data = {
            "names": {name: shape.to_json() for name, shape in self.names.items()},
            "absent": list(self.absent),
            "it": self.it,
            "tables": {
                section: {table: dict(columns) for table, columns in tables.items()}
                for section, tables in self.tables.items()
            },
            "calls": [call.to_json() for call in self.calls],
        }
        return {key: value for key, value in data.items() if value}

    @classmethod
    def from_json(cls, data: Any) -> Trace:
        """What `to_json` gave. Raises ValueError for anything else."""
        if not isinstance(data, dict) or not data.keys() <= {"names", "absent", "it", "tables", "calls"}:
            raise ValueError("not a trace")
        names, absent, calls = data.get("names", {}), data.get("absent", []), data.get("calls", [])
        if not isinstance(names, dict) or not isinstance(absent, list) or not isinstance(calls, list):
            raise ValueError("names, absent words or calls of a trace have the wrong form")
        if not all(isinstance(word, str) for word in absent) or not isinstance(data.get("it"), (str, type(None))):
            raise ValueError("absent words and what it stands for must be text")
        shapes = {name: Shape.from_json(shape) for name, shape in names.items()}
        return cls(
            shapes,
            tuple(absent),
            data.get("it"),
            _tables_from_json(data.get("tables", {})),
            tuple(Call.from_json(call) for call in calls),
        )


def mismatch(trace: Trace, scope: Scope) -> str | None:
    """Why the trace does not hold in `scope`, as a sentence for people; None while it holds."""
    return next(differences(trace, scope), None)


def table_named(tables: Mapping[str, Table], name: str) -> Table | None:
    """The table that a statement calls `name`: exactly that one, else the only one that differs just in case."""
    if name in tables:
        return tables[name]
    folded = [table for known, table in tables.items() if known.casefold() == name.casefold()]
    return folded[0] if len(folded) == 1 else None


def known_tables(service: Service) -> Mapping[str, Table] | None:
    """The tables of a service, None where it does not answer: the line itself will say better what is wrong with it."""
    try:
        return service.tables()
    except Exception:  # whatever its driver raises
        return None


def problem_with(service: Service) -> str:
    """Why a service does not tell its tables, "" where it does."""
    try:
        service.tables()
    except Exception as error:  # whatever a driver raises
        text = str(error.args[0]) if isinstance(error, KeyError) and error.args else text_of(error)
        reason = (text.strip() or type(error).__name__).splitlines()[0]
        return f"[{service.section}] cannot be used: {reason}"
    return ""


def _tables_from_json(data: Any) -> Tables:
    if not isinstance(data, dict):
        raise ValueError("tables must be given by section")
    for tables in data.values():
        if not isinstance(tables, dict) or not all(isinstance(columns, dict) for columns in tables.values()):
            raise ValueError("columns must be given by table")
        if not all(isinstance(kind, str) for columns in tables.values() for kind in columns.values()):
            raise ValueError("a column's kind must be text")
    return data


def differences(trace: Trace, scope: Scope) -> Iterator[str]:
    """All that does not hold of the trace in `scope`, each as a sentence for people."""
    if trace.it is not None and trace.it != scope.last_output:
        yield f'"it" stands for {scope.last_output or "nothing"} now, was {trace.it}'
    for word in trace.absent:
        if word in scope.names:
            yield f"'{word}' is a variable now"
    for name, shape in trace.names.items():
        if name in scope.names:
            yield from shape_differences(name, shape, scope.names[name])
        else:
            yield f"there is no {name} now"
    for call in trace.calls:
        yield from _call_differences(call, scope)
    for section, tables in trace.tables.items():
        yield from _table_differences(tables, scope.services.get(section), section)


def shape_differences(name: str, then: Shape, value: object) -> Iterator[str]:
    """How the value of `name` differs from the shape that it had then."""
    now = shape_of(value, None if then.whole else tuple(then.columns))
    if not agree(then.kind, now.kind):
        yield f"{name} is {now.kind} now, was {then.kind}"
        return
    noun = "key" if then.kind in ("dict", "list of dict") else "column"
    for column, kind in then.columns.items():
        if column in now.columns:
            if not agree(kind, now.columns[column]):
                yield f"{name}.{column} is {now.columns[column]} now, was {kind}"
        elif then.kind != "list of dict" or now.kind != "list of unknown":
            yield f"{name} has no {noun} {column} now"
    if then.whole and list(then.columns) != list(now.columns):
        added = [column for column in now.columns if column not in then.columns]
        yield f"{name} has a new {noun} {added[0]} now" if added else f"{name} has its {noun}s in another order now"


def _call_differences(call: Call, scope: Scope) -> Iterator[str]:
    service = scope.services.get(call.section)
    if service is None:
        yield f"[{call.section}] is not configured now"
        return
    cls = service.module_class
    if service.variable != call.variable:
        yield f"{cls.__name__} is {service.variable} now, was {call.variable}"
    elif call.method and not accepts(cls, call):
        yield f"{cls.__name__}.{call.method} does not take these arguments now"


def accepts(cls: type, call: Call) -> bool:
    """Whether the class has the method and the method takes so many arguments and these keywords."""
    method = inspect.getattr_static(cls, call.method, None)
    if method is None:
        return False
    # an instance stands for self or cls, which a static method does not have
    receivers = 0 if isinstance(method, staticmethod) else 1
    function = getattr(method, "__func__", method)
    return callable(function) and _takes(function, call.positional + receivers, call.keywords)


@lru_cache(maxsize=512)
def _takes(function: Callable[..., object], positional: int, keywords: tuple[str, ...]) -> bool:
    try:
        inspect.signature(function).bind(*[None] * positional, **dict.fromkeys(keywords))
    except TypeError:
        return False
    except ValueError:  # a method written in C that does not tell its parameters
        return True
    return True


def _table_differences(then: Mapping[str, Mapping[str, str]], service: Service | None, section: str) -> Iterator[str]:
    if service is None:
        yield f"[{section}] is not configured now"
        return
    known = known_tables(service)
    if known is None:
        return
    for name, columns in then.items():
        table = table_named(known, name)
        if table is None:
            yield f"{section} has no table {name} now"
            continue
        for column, kind in columns.items():
            now = table.column(column)
            if now is None:
                yield f"{name} has no column {column} now"
            elif not agree(kind, now.kind):
                yield f"{name}.{column} is {now.kind} now, was {kind}"
