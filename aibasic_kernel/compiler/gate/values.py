"""What an expression of Python may stand for, as far as its text tells."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from aibasic.modules.base import Module

MOST = 16
"""Things that one expression may stand for; more are one that is not known."""


class Unknown:
    """What only running tells."""

    def __repr__(self) -> str:
        return "…"


UNKNOWN = Unknown()


@dataclass(frozen=True)
class Named:
    """What a dotted name stands for: `os.remove`, `builtins.eval`; behind `()` what belongs to a call's result."""

    name: str

    def attribute(self, name: str) -> Named:
        """What one of its attributes stands for."""
        return Named(f"{self.name}.{name}")


@dataclass(frozen=True)
class Reached:
    """A module, or what was reached from it by these attributes and calls."""

    module: type[Module]
    section: str
    path: tuple[str, ...] = ()

    def attribute(self, name: str) -> Reached:
        """What one of its attributes stands for."""
        return Reached(self.module, self.section, (*self.path, name))


@dataclass(frozen=True)
class Method:
    """A method of a value that is known."""

    of: Any
    name: str


@dataclass(frozen=True)
class Made:
    """What a call gave that was not carried out, with its arguments: an open file, a connection."""

    by: str
    arguments: tuple[Any, ...] = ()


@dataclass(frozen=True)
class Partial:
    """A function with arguments that it will be called with."""

    function: Any
    arguments: tuple[Any, ...] = ()


@dataclass(frozen=True)
class Holed:
    """A text with places that only running fills: between its pieces stand the expressions of `holes`."""

    pieces: tuple[str, ...]
    holes: tuple[str, ...]

    def __add__(self, other: Any) -> Holed:
        right = as_holed(other)
        joined = (*self.pieces[:-1], self.pieces[-1] + right.pieces[0], *right.pieces[1:])
        return Holed(joined, self.holes + right.holes)


def as_holed(value: Any) -> Holed:
    """A known text, or one with places, as the latter."""
    return value if isinstance(value, Holed) else Holed((str(value),), ())


def is_constant(value: Any) -> bool:
    """Whether a value is known as a whole."""
    if isinstance(value, tuple | list):
        return all(is_constant(part) for part in value)
    if isinstance(value, dict):
        return all(is_constant(part) for pair in value.items() for part in pair)
    return value is None or isinstance(value, str | bytes | int | float | PurePath)
