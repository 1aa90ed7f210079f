"""Methods and arguments of the services' modules: read from the class, so that nothing connects to be completed."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from aibasic.modules.base import Module

from aibasic_kernel.compiler.prompts.stubs import members, signature_text
from aibasic_kernel.compiler.scope import Scope, Service
from aibasic_kernel.session.completion.offers import Offer

_ATTRIBUTE = re.compile(r"(?<![\w.])([^\W\d]\w*)\.(\w*)\Z")
_CALLED = re.compile(r"(?<![\w.])([^\W\d]\w*)\.(\w+)\s*\Z")
_MARK = re.compile(r"""("{3}|'{3}|["'])|[()\[\]{}]|\\.""")
_AT_ARGUMENT = re.compile(r"[(,]\s*(\w*)\Z")

_FURTHER = ("describe", "close")
"""What the session does for its user, who may do it too."""


def service_of(variable: str, scope: Scope) -> Service | None:
    """The service whose module stands, or will stand, under that name."""
    held = scope.names.get(variable)
    if held is not None and not isinstance(held, Module):
        return None
    return next((service for service in scope.services.values() if service.variable == variable), None)


def methods(before: str, scope: Scope) -> tuple[list[Offer], str] | None:
    """The public methods behind `pg.`, and what is written of the next; None where no service's variable stands."""
    match = _ATTRIBUTE.search(before)
    service = match and service_of(match[1], scope)
    if not match or service is None:
        return None
    return list(_offers(service.module_class)), match[2]


def _offers(module_class: type[Module]) -> Iterator[Offer]:
    further = ((name, getattr(module_class, name)) for name in _FURTHER)
    for name, member in (*members(module_class), *further):
        kind = "property" if isinstance(member, property) else "function"
        yield Offer(name, kind, "" if kind == "property" else signature_text(member))


def arguments(before: str, scope: Scope) -> tuple[list[Offer], str] | None:
    """The keyword arguments of the module's method whose call is open, and what is written of the next one."""
    call = open_call(before)
    written = _AT_ARGUMENT.search(before)
    service = service_of(call.variable, scope) if call is not None else None
    if call is None or written is None or service is None:
        return None
    parameters = _parameters(service.module_class, call.method)
    return [Offer(f"{name}=", "argument", about) for name, about in parameters], written[1]


@dataclass(frozen=True)
class OpenCall:
    """A call `variable.method(` that is not closed yet; `literal` is the text of the string that is open in it."""

    variable: str
    method: str
    literal: str | None


def open_call(before: str) -> OpenCall | None:
    """The innermost call that is open at the end of a text."""
    brackets, quote, opened = _open_marks(before)
    if not brackets:
        return None
    match = _CALLED.search(before[: brackets[-1]])
    return OpenCall(match[1], match[2], before[opened:] if quote else None) if match else None


def _open_marks(before: str) -> tuple[list[int], str, int]:
    """Where brackets are open, the quote that is open, and where its text begins."""
    brackets: list[int] = []
    quote, opened = "", 0
    for mark in _MARK.finditer(before):
        text = mark[0]
        if quote:
            quote = "" if text == quote else quote
        elif mark[1]:
            quote, opened = text, mark.end()
        elif text in "([{":
            brackets.append(mark.start())
        elif text in ")]}" and brackets:
            brackets.pop()
    return brackets, quote, opened


def _parameters(module_class: type[Module], method: str) -> Iterable[tuple[str, str]]:
    function = getattr(module_class, method, None)
    if method.startswith("_") or not callable(function):
        return
    for parameter in list(inspect.signature(function).parameters.values()):
        if parameter.name not in ("self", "cls") and parameter.kind in (
            parameter.POSITIONAL_OR_KEYWORD,
            parameter.KEYWORD_ONLY,
        ):
            yield parameter.name, "" if parameter.annotation is parameter.empty else str(parameter.annotation)
