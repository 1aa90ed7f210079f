"""What a live value looks like, as far as code that uses it may rely on it: its kind and its columns or keys.

Never a value: what stands here may be written to the lock and, by the privacy dial, sent to a provider.
"""

from __future__ import annotations

import types
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from aibasic.modules.base import Module

from aibasic_kernel.compiler.kinds import (
    class_name,
    columns_of,
    is_frame,
    is_rows,
    is_series,
    kind_of_first,
    scalar_kind,
    series_kind,
)
from aibasic_kernel.compiler.prompts.data_labels import are_data, field_of, summed_up


@dataclass(frozen=True)
class Shape:
    """A value's kind, and the kinds of the columns (of a frame or rows) or keys (of a dict) that matter.

    `kind` is number, text, boolean, time, none, frame, rows, dict, `series of KIND`, `list of KIND`, `function(a, b=)`,
    `module NAME`, `class NAME`, or the name of the value's class. `whole` says that the columns are all there are, in
    their order; otherwise there may be others.
    """

    kind: str
    columns: Mapping[str, str] = field(default_factory=dict)
    whole: bool = False

    def __str__(self) -> str:
        if not self.columns:
            return self.kind
        columns = ", ".join(f"{name} {kind}" for name, kind in self.columns.items())
        return f"{self.kind}({columns}{'' if self.whole else ', ...'})"

    def to_json(self) -> object:
        """Plain data: the kind alone, or `{"kind": ..., "columns": ...}` with `"whole": true` where that holds."""
        if not self.columns and not self.whole:
            return self.kind
        data: dict[str, object] = {"kind": self.kind, "columns": dict(self.columns)}
        return {**data, "whole": True} if self.whole else data

    @classmethod
    def from_json(cls, data: Any) -> Shape:
        """What `to_json` gave. Raises ValueError for anything else."""
        if isinstance(data, str):
            return cls(data)
        if not isinstance(data, dict) or not isinstance(data.get("kind"), str):
            raise ValueError("not a shape")
        columns = data.get("columns", {})
        if not isinstance(columns, dict) or not all(isinstance(kind, str) for kind in columns.values()):
            raise ValueError("the columns of a shape must be kinds by name")
        return cls(data["kind"], columns, data.get("whole") is True)


def shape_of(value: object, columns: Collection[str] | None = ()) -> Shape:
    """The shape of `value`, with those of `columns` that it has; with all of its columns where `columns` is None.

    Keys of a dict are data as often as they are names: with None there are none.
    """
    try:
        return _shape(value, columns)
    except Exception:  # a class of the user's may raise anything when it is looked at
        return Shape(class_name(type(value)))


def known_columns(value: object) -> Mapping[str, str]:
    """The kinds of all columns or text keys of `value` by name; of a list of dicts, the keys of its first."""
    try:
        return columns_of(value)
    except Exception:  # as in shape_of
        return {}


def describe(
    value: object, limit: int = 1000, may_tell: Callable[[str], bool] | None = None, *, ask_for_all: bool = False
) -> str:
    """One line for people and prompts about `value`, at most `limit` characters: sizes, columns and kinds, no value.

    `DataFrame, 336,776 rows x 19 columns: year number, ...`, `rows, 120 x 3: ...`, `dict, 2 keys: ...`, `number`.
    Of keys and columns that may be data themselves only those are named that `may_tell` allows, where it is given; with
    `ask_for_all` it is asked for names of a schema too.
    """
    try:
        head, columns = _description(value)
        if may_tell is None or not columns or not (ask_for_all or are_data(value)):
            return _cut(head, _listed(columns), limit)
        told = {name: kind for name, kind in columns.items() if may_tell(name)}
        others = [kind for name, kind in columns.items() if name not in told]
        return _cut(head, [*_listed(told), *([summed_up(others, field_of(value))] if others else [])], limit)
    except Exception:  # as in shape_of
        return class_name(type(value))[:limit]


def signature(function: types.FunctionType) -> str:
    """Its parameters as `(a, b=, *rest, key=, **others)`: defaults are values and stay out."""
    code = function.__code__
    positional, keyword = code.co_argcount, code.co_kwonlyargcount
    names = code.co_varnames
    first_default = positional - len(function.__defaults__ or ())
    optional = function.__kwdefaults__ or {}
    parts = [f"{name}=" if at >= first_default else name for at, name in enumerate(names[:positional])]
    others = list(names[positional + keyword :])
    if code.co_flags & 0x04:  # CO_VARARGS
        parts.append(f"*{others.pop(0)}")
    elif keyword:
        parts.append("*")
    parts += [f"{name}=" if name in optional else name for name in names[positional : positional + keyword]]
    if code.co_flags & 0x08:  # CO_VARKEYWORDS
        parts.append(f"**{others.pop(0)}")
    return f"({', '.join(parts)})"


def _shape(value: Any, columns: Collection[str] | None) -> Shape:
    cls = type(value)
    kind = scalar_kind(cls)
    if kind is not None:
        return Shape(kind)
    if is_frame(value):
        return Shape("frame", columns_of(value, columns), columns is None)
    if is_series(value):
        return Shape(f"series of {series_kind(value)}")
    if issubclass(cls, list):
        if is_rows(value):
            return Shape("rows", columns_of(value, columns), columns is None)
        return Shape(f"list of {kind_of_first(list.__iter__(value))}", columns_of(value, columns or ()))
    if issubclass(cls, dict):
        return Shape("dict", columns_of(value, columns or ()))
    return Shape(_other_kind(value))


def _other_kind(value: Any) -> str:
    cls = type(value)
    function = value.__func__ if cls is types.MethodType else value
    if type(function) is types.FunctionType:
        return f"function{signature(function)}"
    if type(function) in (types.BuiltinFunctionType, types.MethodDescriptorType):
        return "function"
    if cls is types.ModuleType:
        return f"module {value.__name__}"
    if issubclass(cls, type):
        return f"class {class_name(value)}"
    if issubclass(cls, tuple):
        return f"tuple of {kind_of_first(tuple.__iter__(value))}"
    if issubclass(cls, (set, frozenset)):
        return f"set of {kind_of_first(value)}"
    return class_name(cls)


def _description(value: Any) -> tuple[str, Mapping[str, str]]:
    """The head of a description and the columns or keys that follow it."""
    cls = type(value)
    if is_frame(value):
        rows, width = value.shape
        return f"DataFrame, {_count(rows, 'row')} x {_count(width, 'column')}", columns_of(value)
    if is_rows(value):
        columns = columns_of(value)
        return f"rows, {list.__len__(value):,} x {len(columns)}", columns
    if is_series(value):
        return f"Series of {series_kind(value)}, {_count(value.shape[0], 'element')}", {}
    if issubclass(cls, dict):
        return f"dict, {_count(dict.__len__(value), 'key')}", columns_of(value)
    if issubclass(cls, list):
        head = f"list of {kind_of_first(list.__iter__(value))}, {_count(list.__len__(value), 'element')}"
        return head, columns_of(value)
    if issubclass(cls, Module):
        return _module_description(value), {}
    return str(_shape(value, ())), {}


def _module_description(module: Module) -> str:
    database = module.get_connection_info().get("database")
    return f"{class_name(type(module))} instance" + (f" connected to {database!r}" if database else "")


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _listed(columns: Mapping[str, str]) -> list[str]:
    return [f"{' '.join(name.split())} {kind}" for name, kind in columns.items()]


def _cut(head: str, parts: list[str], limit: int) -> str:
    """`head: part, part`, where it is too long as many parts as fit and how many more there are."""
    text = f"{head}: {', '.join(parts)}" if parts else head
    if len(text) <= limit:
        return text
    shown = len(parts)
    while shown and len(text) > limit:
        shown -= 1
        text = f"{head}: {', '.join(parts[:shown])} ... and {len(parts) - shown:,} more"
    return text if shown else head[:limit]
