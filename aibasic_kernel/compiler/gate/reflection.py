"""Gets at what code reaches by names that are texts: `getattr`, `__import__`, `vars`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from aibasic_kernel.compiler.gate.values import UNKNOWN, Made, Named, Partial

Attribute = Callable[[Any, str], Any]
"""Gives what an attribute of a value stands for."""
COMPUTED = Named("builtins.computed")
"""What is got from a library or a namespace under a name that is put together as the code runs."""
_HARMFUL = frozenset(
    {
        "builtins",
        "os",
        "posix",
        "shutil",
        "subprocess",
        "sys",
        "importlib",
        "ctypes",
        "pickle",
        "pathlib",
        "pty",
        "IPython",
    }
)
METHODCALLER = Named("operator.methodcaller()")


def computed(holder: Any) -> Any:
    """What is got under a name that only running tells: of most libraries nothing that could do harm."""
    harmful = isinstance(holder, Named) and holder.name.partition(".")[0].partition("()")[0] in _HARMFUL
    return COMPUTED if harmful else UNKNOWN


def _getattr(attribute: Attribute, arguments: tuple[Any, ...], keywords: Mapping[str, Any]) -> Any:
    if len(arguments) < 2 or not isinstance(arguments[1], str):
        return computed(arguments[0]) if arguments else UNKNOWN
    found = arguments[0]
    for name in arguments[1].split("."):
        found = attribute(found, name)
    return found


def _import(attribute: Attribute, arguments: tuple[Any, ...], keywords: Mapping[str, Any]) -> Any:
    name = arguments[0] if arguments else keywords.get("name")
    return Named(name) if isinstance(name, str) else Made("builtins.__import__", (UNKNOWN,))


def _vars(attribute: Attribute, arguments: tuple[Any, ...], keywords: Mapping[str, Any]) -> Any:
    if not arguments:
        return Named("builtins.vars()")
    return attribute(arguments[0], "__dict__") if isinstance(arguments[0], Named) else arguments[0]


def _partial(attribute: Attribute, arguments: tuple[Any, ...], keywords: Mapping[str, Any]) -> Any:
    return Partial(arguments[0], arguments[1:]) if arguments else UNKNOWN


def _attrgetter(attribute: Attribute, arguments: tuple[Any, ...], keywords: Mapping[str, Any]) -> Any:
    """What `operator.attrgetter(name)(thing)` gives: its arguments are the name and, when it is called, the thing."""
    return _getattr(attribute, arguments[::-1], keywords) if len(arguments) == 2 else UNKNOWN


SPECIAL: dict[str, Callable[[Attribute, tuple[Any, ...], Mapping[str, Any]], Any]] = {
    "builtins.getattr": _getattr,
    "inspect.getattr_static": _getattr,
    "builtins.__import__": _import,
    "importlib.import_module": _import,
    "importlib.__import__": _import,
    "builtins.vars": _vars,
    "functools.partial": _partial,
    "operator.attrgetter": lambda attribute, names, _: Partial(Named("operator.attrgetter()"), names),
    "operator.attrgetter()": _attrgetter,
    "operator.methodcaller": lambda attribute, names, _: Partial(METHODCALLER, names),
}
"""The functions that get at things by their names, or hand functions on; by their dotted names."""
